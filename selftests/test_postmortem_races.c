// SPDX-License-Identifier: GPL-2.0
/* What is kept of buffers is read and dropped while devices and sockets go. */
#include <fcntl.h>
#include <pthread.h>

#include "harness.h"
#include "postmortem.h"

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

static bool stop;

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
	while (!wrong && !__atomic_load_n(&stop, __ATOMIC_RELAXED))
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

	stop = false;
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
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
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

TEST_HARNESS_MAIN
