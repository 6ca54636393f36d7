// SPDX-License-Identifier: GPL-2.0
/* What is kept of buffers is read and dropped while devices and sockets go. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "fault.h"
#include "harness.h"
#include "postmortem.h"
#include "stop.h"

#define GET		DMAEXER_CMD_POSTMORTEM_GET
#define DEL		DMAEXER_CMD_POSTMORTEM_DEL
#define SIZE		(64 * 1024)
/* in small pieces, so that any machine has it */
#define LARGE		(4 * 1024 * 1024)

FIXTURE(postmortem)
{
	struct dmx d;
};

FIXTURE_SETUP(postmortem)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(postmortem)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

/* To each its own memory: to fault a page in, the kernel writes zeros to it. */
static void *reads(void *arg)
{
	static __thread uint8_t bytes[SIZE];
	uint32_t id = *(uint32_t *)arg;
	int fd = open(postmortem_path(id, "data"), O_RDONLY);
	ssize_t len;
	ssize_t i;

	if (fd < 0)
		return errno == ENOENT ? NULL : "no ENOENT";
	while ((len = pread(fd, bytes, sizeof(bytes), 0)) > 0)
		for (i = 0; i < len; i++)
			if (bytes[i] != pattern_byte(DMAEXER_PATTERN_RANDOM,
						     SIZE, i))
				return "a foreign byte";
	if (!len || errno != EIO)
		return "no EIO";
	close(fd);
	return NULL;
}

TEST_F_TIMEOUT(postmortem, readers_see_what_was_kept_or_eio_and_nothing_else, 120)
{
	struct dmx *d = &self->d;
	pthread_t threads[3];
	const char *wrong;
	int round, i;
	uint32_t id;

	for (round = 0; round < 15; round++) {
		id = kept_new(d, COHERENT, SIZE, true);
		ASSERT_NE(0, id);
		ASSERT_EQ(0, device_again(d));
		for (i = 0; i < 3; i++) {
			ASSERT_EQ(0, pthread_create(&threads[i], NULL, reads,
						    &id));
		}
		usleep(2000 + 500 * round);
		ASSERT_EQ(0, dmx_buf_op(d, DEL, id));
		for (i = 0; i < 3; i++) {
			pthread_join(threads[i], (void **)&wrong);
			EXPECT_EQ(NULL, wrong) TH_LOG("%s", wrong);
		}
	}
	EXPECT_EQ(0, dmx_count(d, GET));
}

static bool stopped;

static const char *drop_all(struct nl *nl, struct nl *del)
{
	const struct nlmsghdr *msg = NULL;
	uint32_t id;

	nl_begin(nl, GET);
	if (nl_dump(nl))
		return "no dump";
	while ((msg = nl_next(nl, msg))) {
		memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)), 4);
		nl_begin(del, DEL);
		nl_u32(del, DMAEXER_A_BUF_ID, id);
		if (nl_call(del) && del->err != ENOENT)
			return "no drop";
	}
	return NULL;
}

/* Drops whatever it finds, while devices go. */
static void *drops(void *arg)
{
	const char *wrong = NULL;
	struct nl nl, del;

	if (nl_open(&nl) || nl_open(&del))
		return "no socket";
	while (!wrong && !__atomic_load_n(&stopped, __ATOMIC_RELAXED))
		wrong = drop_all(&nl, &del);
	nl_close(&nl);
	nl_close(&del);
	return (void *)wrong;
}

static void *closes(void *nl)
{
	nl_close(nl);
	return NULL;
}

TEST_F_TIMEOUT(postmortem, who_drops_while_devices_go_and_sockets_close, 120)
{
	struct dmx *d = &self->d;
	struct nl owner, mine = d->nl;
	pthread_t threads[2], closer;
	const char *wrong;
	int round, i;

	stopped = false;
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, drops, NULL));
	for (round = 0; round < 30; round++) {
		ASSERT_EQ(0, nl_open(&d->nl));
		for (i = 0; i < 8; i++)
			ASSERT_NE(0, kept_new(d, i % 2, 5000, i % 3));
		/* what is owned goes meanwhile, maybe before it is visible */
		owner = d->nl;
		d->nl = mine;
		ASSERT_EQ(0, pthread_create(&closer, NULL, closes, &owner));
		ASSERT_EQ(0, device_again(d));
		pthread_join(closer, NULL);
		mine = d->nl;
	}
	__atomic_store_n(&stopped, true, __ATOMIC_RELAXED);
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], (void **)&wrong);
		EXPECT_EQ(NULL, wrong) TH_LOG("%s", wrong);
	}
	EXPECT_EQ(NULL, drop_all(&d->peek, &d->nl));
	EXPECT_EQ(0, dmx_count(d, GET));
}

static void *unbinds(void *arg)
{
	struct dmx *d = arg;

	return dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev) ? "no dev-del" : NULL;
}

/* What is being copied then has no owner any more when it is to be shown. */
TEST_F_TIMEOUT(postmortem, an_owner_that_goes_while_it_is_copied_has_none, 60)
{
	struct dmx *d = &self->d;
	struct nl owner, mine = d->nl;
	uint32_t ids[8];
	pthread_t thread;
	const char *wrong;
	int i;

	ASSERT_EQ(0, nl_open(&d->nl));
	for (i = 0; i < 8; i++) {
		ids[i] = kept_new(d, COHERENT, LARGE, true);
		ASSERT_NE(0, ids[i]);
	}
	owner = d->nl;
	d->nl = mine;
	ASSERT_EQ(0, pthread_create(&thread, NULL, unbinds, d));
	while (dmx_exists(d, DMAEXER_CMD_BUF_GET, ids[3]))
		;
	nl_close(&owner);
	pthread_join(thread, (void **)&wrong);
	EXPECT_EQ(NULL, wrong) TH_LOG("%s", wrong);
	EXPECT_EQ(0, dmx_count(d, GET));
	for (i = 0; i < 8; i++) {
		EXPECT_FALSE(file_exists(postmortem_path(ids[i], "")));
	}
}

/* Ends the device, and is short of memory for what is kept second. */
static int ends_device(uint32_t dev)
{
	struct nl nl;

	if (nl_open(&nl) || fault_set(&nl, DMAEXER_FAULT_OP_KEEP, 2, 1))
		return 1;
	nl_begin(&nl, DMAEXER_CMD_DEV_DEL);
	nl_u32(&nl, DMAEXER_A_DEV_ID, dev);
	return nl_call(&nl);
}

/* The kernel gives memory to who is killed, but does not look for it as long. */
TEST_F_TIMEOUT(postmortem, who_is_killed_in_the_middle_is_the_reason_given, 60)
{
	struct dmx *d = &self->d;
	char text[4096] = "";
	uint32_t ids[3];
	int status, i;
	pid_t pid;

	if (!getenv("DMAEXER_BROKEN_KO"))
		SKIP(return, "DMAEXER_BROKEN_KO does not name the test module");
	ASSERT_STREQ("", stop_begin(d));
	for (i = 0; i < 3; i++) {
		ids[i] = kept_new(d, COHERENT, SIZE, true);
		ASSERT_NE(0, ids[i]);
	}
	ASSERT_TRUE(stop_at("free"));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(ends_device(d->dev));
	EXPECT_TRUE(stop_has(1));
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_TRUE(stop_nobody());
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	stop_end();

	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_DEV_GET, d->dev));
	EXPECT_STREQ("", postmortem_wrong(ids[0], SIZE));
	EXPECT_STREQ("", postmortem_wrong(ids[2], SIZE));
	ASSERT_EQ(0, dmx_buf_op(d, GET, ids[1]));
	EXPECT_STREQ("who ended the device was killed",
		     nl_get_str(&d->nl, DMAEXER_A_BUF_LOST));
	EXPECT_FALSE(file_exists(postmortem_path(ids[1], "data")));
	ASSERT_LT(0, file_read(postmortem_path(ids[1], "info"), text,
			       sizeof(text) - 1));
	EXPECT_NE(NULL, strstr(text, "lost: who ended the device was killed\n"));
}

TEST_HARNESS_MAIN
