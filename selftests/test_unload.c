// SPDX-License-Identifier: GPL-2.0
/* rmmod while user space holds files and dumps: it is done at once. */
#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

#include "dmx.h"
#include "harness.h"
#include "postmortem.h"
#include "program.h"
#include "stop.h"

#define SIZE	(64 * 1024)

/* what a recv() of half a dump offers, which is less than the dump has */
#define HALF	4096
#define MANY	200

/* far less than anybody waits for a user, far more than a slow machine needs */
#define SECONDS	20

static const char core_refs[] = "/sys/module/dmaexer_core/refcnt";

FIXTURE(unload)
{
	struct dmx d;
	uint32_t id;
};

FIXTURE_SETUP(unload)
{
	if (!file_exists("/sys/module/dmaexer"))
		ASSERT_STREQ("", dmaexer_load());
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->id = dmx_new_filled(&self->d, BOX, SIZE, DMAEXER_PATTERN_BYTE,
				  0x5a);
	ASSERT_NE(0, self->id);
}

/* What comes after finds the module as it is by default. */
FIXTURE_TEARDOWN(unload)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
	if (!file_exists("/sys/module/dmaexer"))
		EXPECT_STREQ("", dmaexer_load());
}

static const char *removed(const char *module)
{
	time_t start = time(NULL);

	if (system(format("rmmod %s", module)))
		return format("rmmod %s is refused", module);
	if (file_exists(format("/sys/module/%s", module)))
		return format("%s is still there", module);
	if (time(NULL) - start > SECONDS)
		return format("rmmod %s has waited", module);
	return "";
}

/* What was held is closed: the rest of the code goes, too. */
static const char *all_gone(void)
{
	if (file_number(core_refs))
		return "somebody holds dmaexer_core";
	return removed("dmaexer_core");
}

static int open_file(struct dmx *d, uint32_t id, const char *name, int flags)
{
	return open(dmx_debugfs(d, id, name), flags);
}

TEST_F(unload, a_file_in_the_middle_of_a_read_is_eio)
{
	int fd = open_file(&self->d, self->id, "data", O_RDWR);
	uint8_t bytes[100];

	ASSERT_LE(0, fd);
	ASSERT_EQ(100, read(fd, bytes, sizeof(bytes)));
	ASSERT_STREQ("", removed("dmaexer"));
	EXPECT_FALSE(file_exists("/sys/kernel/debug/dmaexer"));
	EXPECT_EQ(-1, read(fd, bytes, sizeof(bytes)));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(-1, pwrite(fd, bytes, sizeof(bytes), 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(100, lseek(fd, 0, SEEK_CUR));
	EXPECT_EQ(1, file_number(core_refs));
	close(fd);
	EXPECT_STREQ("", all_gone());
}

TEST_F(unload, what_is_kept_goes_too_and_nothing_is_kept_of_what_goes_with_it)
{
	uint32_t id = postmortem_new(&self->d);
	uint8_t bytes[10];
	int files[2];

	ASSERT_NE(0, id);
	ASSERT_TRUE(postmortem_open(id, files));
	ASSERT_EQ(10, read(files[0], bytes, 10));
	ASSERT_NE(0, kept_new(&self->d, BOX, SIZE, false));
	ASSERT_STREQ("", removed("dmaexer"));
	EXPECT_STREQ("", postmortem_eio(files));
	EXPECT_EQ(2, file_number(core_refs));
	EXPECT_STREQ("", dmaexer_load());
	EXPECT_EQ(0, dmx_count(&self->d, DMAEXER_CMD_POSTMORTEM_GET));
	EXPECT_FALSE(file_exists(postmortem_path(id, "")));
	EXPECT_STREQ("", postmortem_eio(files));
	close(files[0]);
	close(files[1]);
	ASSERT_STREQ("", removed("dmaexer"));
	EXPECT_STREQ("", all_gone());
}

TEST_F(unload, facts_are_eio_or_what_was_read_before)
{
	int of_buf = open_file(&self->d, self->id, "info", O_RDONLY);
	int of_dev = open(format("/sys/kernel/debug/dmaexer/%s/info",
				 self->d.name), O_RDONLY);
	int unread = open_file(&self->d, self->id, "info", O_RDONLY);
	char text[4096];

	ASSERT_LE(0, of_buf);
	ASSERT_LE(0, of_dev);
	ASSERT_LE(0, unread);
	ASSERT_EQ(10, read(of_buf, text, 10));
	ASSERT_EQ(10, read(of_dev, text, 10));
	ASSERT_STREQ("", removed("dmaexer"));
	EXPECT_LE(0, read(of_buf, text, sizeof(text)));
	EXPECT_LE(0, read(of_dev, text, sizeof(text)));
	EXPECT_EQ(-1, read(unread, text, sizeof(text)));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(-1, pread(of_dev, text, sizeof(text), 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(3, file_number(core_refs));
	close(of_buf);
	close(of_dev);
	close(unread);
	EXPECT_STREQ("", all_gone());
}

TEST_F(unload, the_rest_of_a_dump_is_enodev)
{
	struct nlmsghdr head;
	char text[HALF];
	struct nl held;
	int i, err = 0;
	int len;

	for (i = 0; i < MANY; i++)
		ASSERT_NE(0, dmx_new(&self->d, COHERENT, 16, 1));
	ASSERT_EQ(0, nl_open(&held));
	nl_begin(&held, DMAEXER_CMD_BUF_GET);
	ASSERT_EQ(0, nl_dump_half(&held, text, sizeof(text)));
	nl_begin(&self->d.peek, DMAEXER_CMD_BUF_GET);
	ASSERT_EQ(0, nl_dump_half(&self->d.peek, text, sizeof(text)));

	ASSERT_STREQ("", removed("dmaexer"));
	/* what the kernel had prepared, and then the end */
	for (i = 0; i < MANY && !err; i++) {
		len = read(self->d.peek.fd, text, sizeof(text));
		ASSERT_LT(0, len);
		memcpy(&head, text, sizeof(head));
		if (head.nlmsg_type == NLMSG_DONE)
			memcpy(&err, text + NLMSG_HDRLEN, sizeof(err));
	}
	EXPECT_EQ(-ENODEV, err);
	/* one that never asks for the rest */
	EXPECT_EQ(1, file_number(core_refs));
	nl_close(&held);
	EXPECT_STREQ("", all_gone());
}

struct reader {
	int fd;
	struct lazy to;
};

static int read_all(void *arg)
{
	struct reader *reader = arg;

	return pread(reader->fd, reader->to.at, SIZE, 0) < 0 ? errno : 0;
}

TEST_F(unload, a_reader_that_waits_for_its_own_memory_keeps_nobody)
{
	struct reader reader = { };
	struct call call = { .run = read_all, .arg = &reader };

	if (!lazy_open(&reader.to, SIZE))
		SKIP(return, "this kernel has no userfaultfd");
	reader.fd = open_file(&self->d, self->id, "data", O_RDONLY);
	ASSERT_LE(0, reader.fd);
	ASSERT_TRUE(call_start(&call));
	ASSERT_TRUE(lazy_is_wanted(&reader.to));

	EXPECT_STREQ("", removed("dmaexer"));
	ASSERT_TRUE(lazy_give(&reader.to, 0));
	EXPECT_EQ(EIO, call_end(&call));
	close(reader.fd);
	lazy_close(&reader.to);
	EXPECT_STREQ("", all_gone());
}

/* Begins it, for who looks at it in the middle; the process, or -1. */
static pid_t rmmod_start(void)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("rmmod", "rmmod", "dmaexer", NULL);
		_exit(127);
	}
	return pid;
}

static bool rmmod_passed(pid_t pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid && status == 0;
}

TEST_F(unload, an_allocation_is_waited_for_and_nothing_else_begins)
{
	struct dmx *d = &self->d;
	struct call call = { };
	pid_t pid;

	if (!getenv("DMAEXER_BROKEN_KO"))
		SKIP(return, "DMAEXER_BROKEN_KO does not name the test module");
	ASSERT_STREQ("", stop_begin(d));
	ASSERT_EQ(0, nl_open(&call.nl));
	nl_begin(&call.nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&call.nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u64(&call.nl, DMAEXER_A_BUF_COUNT, SIZE);
	ASSERT_TRUE(stop_at("alloc"));
	ASSERT_TRUE(call_start(&call));
	ASSERT_TRUE(stop_has(1));
	pid = rmmod_start();
	ASSERT_LE(0, pid);
	EXPECT_TRUE(sleeps_in(pid, "dmx_device_kill"));
	dmx_begin_dev(&d->nl, NULL);
	EXPECT_EQ(ENODEV, nl_call(&d->nl));
	EXPECT_EQ(0, dmx_new(d, BOX, 1, SIZE));
	EXPECT_EQ(ENOENT, d->nl.err);

	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&call));
	EXPECT_TRUE(rmmod_passed(pid));
	EXPECT_STREQ("", all_gone());
	nl_close(&call.nl);
	stop_end();
}

TEST_F(unload, a_channel_that_is_wanted_too_late_leaves_nothing)
{
	const char *rogue = getenv("DMAEXER_ROGUE_KO");
	struct dmx *d = &self->d;
	pid_t pid;

	if (!getenv("DMAEXER_BROKEN_KO") || !rogue)
		SKIP(return, "DMAEXER_BROKEN_KO and DMAEXER_ROGUE_KO do not name test modules");
	ASSERT_STREQ("", module_load(rogue, ""));
	ASSERT_STREQ("", stop_begin(d));
	ASSERT_TRUE(stop_at("free"));
	pid = rmmod_start();
	ASSERT_LE(0, pid);
	/* virtual devices go after channels, and before requests end */
	EXPECT_TRUE(stop_has(1));
	dmx_begin_dev(&d->nl, "any");
	EXPECT_EQ(ENODEV, nl_call(&d->nl));
	EXPECT_STREQ("the module is being loaded or unloaded", d->nl.msg);

	ASSERT_TRUE(stop_nobody());
	EXPECT_TRUE(rmmod_passed(pid));
	EXPECT_STREQ("", all_gone());
	stop_end();
	/* who still watched the bus of the controller would be told now */
	EXPECT_EQ(0, system("rmmod dmx_rogue_test"));
}

/* rmmod comes between the copy and the moment in which it is to be found. */
TEST_F(unload, what_is_being_kept_goes_too)
{
	struct dmx *d = &self->d;
	struct call call = { };
	int fd, ms;
	uint32_t id;
	pid_t pid;

	if (!getenv("DMAEXER_BROKEN_KO"))
		SKIP(return, "DMAEXER_BROKEN_KO does not name the test module");
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, self->id));
	ASSERT_STREQ("", stop_begin(d));
	id = kept_new(d, COHERENT, SIZE, false);
	ASSERT_NE(0, id);
	/* so that the same code is there afterwards */
	fd = open_file(d, id, "data", O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, nl_open(&call.nl));
	nl_begin(&call.nl, DMAEXER_CMD_DEV_DEL);
	nl_u32(&call.nl, DMAEXER_A_DEV_ID, d->dev);
	ASSERT_TRUE(stop_at("free"));
	ASSERT_TRUE(call_start(&call));
	ASSERT_TRUE(stop_has(1));
	pid = rmmod_start();
	ASSERT_LE(0, pid);
	for (ms = 0; ms < SECONDS * 1000 &&
	     file_exists("/sys/bus/pci/drivers/dmaexer"); ms++)
		usleep(1000);
	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&call));
	EXPECT_TRUE(rmmod_passed(pid));
	EXPECT_STREQ("", dmaexer_load());
	EXPECT_EQ(0, dmx_count(d, DMAEXER_CMD_POSTMORTEM_GET));
	close(fd);
	nl_close(&call.nl);
	stop_end();
	ASSERT_STREQ("", removed("dmaexer"));
	EXPECT_STREQ("", all_gone());
}

TEST_F(unload, who_holds_a_file_does_not_keep_it_from_being_loaded_again)
{
	int fd = open_file(&self->d, self->id, "data", O_RDONLY);
	char byte = 0;
	struct dmx d;
	uint32_t id;

	ASSERT_LE(0, fd);
	ASSERT_STREQ("", removed("dmaexer"));
	ASSERT_STREQ("", dmaexer_load());
	ASSERT_STREQ("", dmx_setup(&d));
	id = dmx_new_filled(&d, BOX, SIZE, DMAEXER_PATTERN_BYTE, 0x77);
	ASSERT_NE(0, id);
	EXPECT_EQ(1, dmx_contents(&d, id, &byte, 1));
	EXPECT_EQ(0x77, byte);
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	EXPECT_EQ(EIO, errno);
	ASSERT_STREQ("", removed("dmaexer"));
	dmx_teardown(&d);
	close(fd);
	EXPECT_STREQ("", all_gone());
}

TEST_HARNESS_MAIN
