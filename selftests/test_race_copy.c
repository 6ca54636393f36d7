// SPDX-License-Identifier: GPL-2.0
/*
 * Somebody reads or writes contents, and in the middle waits for memory of its own.
 * Nobody waits for it meanwhile, and when it goes on, what it reads or writes is
 * no longer there.
 */
#include <fcntl.h>

#include "dmx.h"
#include "harness.h"
#include "postmortem.h"
#include "stop.h"

#define SIZE	(64 * 1024)
#define OURS	0x5a
#define THEIRS	0x77
#define NEXT	0xa5
#define MANY	16

/**
 * struct copy - between a file and memory
 * @fd: the file, "data"
 * @memory: where it goes to or comes from
 * @writes: it comes from there
 */
struct copy {
	int fd;
	struct lazy memory;
	bool writes;
};

FIXTURE(copy)
{
	struct dmx d;
	uint32_t id;
	struct copy copy;
	struct call call;
};

static int run(void *arg)
{
	struct copy *copy = arg;
	ssize_t done = copy->writes ?
		       pwrite(copy->fd, copy->memory.at, SIZE, 0) :
		       pread(copy->fd, copy->memory.at, SIZE, 0);

	return done < 0 ? errno : 0;
}

FIXTURE_SETUP(copy)
{
	struct copy *copy = &self->copy;

	ASSERT_STREQ("", dmx_setup(&self->d));
	if (!lazy_open(&copy->memory, SIZE))
		SKIP(return, "this kernel has no userfaultfd");
	self->id = dmx_new_filled(&self->d, BOX, SIZE, DMAEXER_PATTERN_BYTE,
				  OURS);
	ASSERT_NE(0, self->id);
	copy->fd = open(dmx_debugfs(&self->d, self->id, "data"), O_RDWR);
	ASSERT_LE(0, copy->fd);
	memset(&self->call, 0, sizeof(self->call));
	self->call.run = run;
	self->call.arg = copy;
}

FIXTURE_TEARDOWN(copy)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	lazy_close(&self->copy.memory);
	close(self->copy.fd);
	dmx_teardown(&self->d);
}

static bool starts(struct call *call, struct copy *copy, bool writes)
{
	copy->writes = writes;
	return call_start(call) && lazy_is_wanted(&copy->memory);
}

/* Who comes next has the memory, as far as one can know. */
static bool fill_memory(struct dmx *d, uint32_t ids[MANY])
{
	int i;

	for (i = 0; i < MANY; i++) {
		ids[i] = dmx_new_filled(d, BOX, SIZE, DMAEXER_PATTERN_BYTE,
					NEXT);
		if (!ids[i])
			return false;
	}
	return true;
}

static bool is_all(const char *bytes, char byte)
{
	return bytes[0] == byte && !memcmp(bytes, bytes + 1, SIZE - 1);
}

/* "" where all of them hold what they were filled with. */
static const char *untouched(struct dmx *d, const uint32_t ids[MANY])
{
	static char bytes[SIZE];
	int i;

	for (i = 0; i < MANY; i++)
		if (dmx_contents(d, ids[i], bytes, SIZE) != SIZE ||
		    !is_all(bytes, (char)NEXT))
			return format("buffer %u is not as it was", ids[i]);
	return "";
}

TEST_F(copy, a_buffer_is_deleted_during_a_read)
{
	struct copy *copy = &self->copy;
	uint32_t ids[MANY];

	ASSERT_TRUE(starts(&self->call, copy, false));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, self->id));
	EXPECT_EQ(0, dmx_live_bufs(&self->d));
	EXPECT_TRUE(fill_memory(&self->d, ids));
	EXPECT_FALSE(self->call.done);
	/* zeros, of which the kernel writes more to see whether it can */
	ASSERT_TRUE(lazy_give(&copy->memory, 0));
	EXPECT_EQ(EIO, call_end(&self->call));
	EXPECT_TRUE(is_all(copy->memory.at, 0));
}

TEST_F(copy, a_buffer_is_deleted_during_a_write)
{
	struct copy *copy = &self->copy;
	uint32_t ids[MANY];

	ASSERT_TRUE(starts(&self->call, copy, true));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, self->id));
	EXPECT_TRUE(fill_memory(&self->d, ids));
	EXPECT_FALSE(self->call.done);
	ASSERT_TRUE(lazy_give(&copy->memory, THEIRS));
	EXPECT_EQ(EIO, call_end(&self->call));
	EXPECT_STREQ("", untouched(&self->d, ids));
}

TEST_F(copy, a_device_goes_during_a_read)
{
	struct copy *copy = &self->copy;

	ASSERT_TRUE(starts(&self->call, copy, false));
	EXPECT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	EXPECT_FALSE(file_exists(format("/sys/kernel/debug/dmaexer/%s",
					self->d.name)));
	EXPECT_FALSE(self->call.done);
	/* zeros, of which the kernel writes more to see whether it can */
	ASSERT_TRUE(lazy_give(&copy->memory, 0));
	EXPECT_EQ(EIO, call_end(&self->call));
	EXPECT_TRUE(is_all(copy->memory.at, 0));
}

TEST_F(copy, what_was_kept_is_dropped_during_a_read)
{
	struct copy *copy = &self->copy;
	uint32_t id = kept_new(&self->d, BOX, SIZE, false);

	ASSERT_NE(0, id);
	ASSERT_EQ(0, device_again(&self->d));
	close(copy->fd);
	copy->fd = open(postmortem_path(id, "data"), O_RDONLY);
	ASSERT_LE(0, copy->fd);
	ASSERT_TRUE(starts(&self->call, copy, false));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_POSTMORTEM_DEL, id));
	EXPECT_FALSE(self->call.done);
	ASSERT_TRUE(lazy_give(&copy->memory, 0));
	EXPECT_EQ(EIO, call_end(&self->call));
	EXPECT_TRUE(is_all(copy->memory.at, 0));
}

TEST_F(copy, a_box_is_shared_during_a_write)
{
	struct copy *copy = &self->copy;
	char bytes[SIZE];

	ASSERT_TRUE(starts(&self->call, copy, true));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_SHARE, self->id));
	EXPECT_FALSE(self->call.done);
	ASSERT_TRUE(lazy_give(&copy->memory, THEIRS));
	EXPECT_EQ(EPERM, call_end(&self->call));
	ASSERT_EQ(SIZE, dmx_contents(&self->d, self->id, bytes, SIZE));
	EXPECT_TRUE(is_all(bytes, OURS));
}

/* The contents are there as before, whoever waits for what. */
TEST_F(copy, a_read_and_a_write_meet)
{
	struct copy *copy = &self->copy;
	char bytes[SIZE];

	ASSERT_TRUE(starts(&self->call, copy, true));
	ASSERT_EQ(SIZE, dmx_contents(&self->d, self->id, bytes, SIZE));
	EXPECT_TRUE(is_all(bytes, OURS));
	EXPECT_EQ(0, dmx_fill(&self->d, self->id, 0, SIZE,
			      DMAEXER_PATTERN_BYTE, NEXT));
	EXPECT_FALSE(self->call.done);
	ASSERT_TRUE(lazy_give(&copy->memory, THEIRS));
	EXPECT_EQ(0, call_end(&self->call));
	ASSERT_EQ(SIZE, dmx_contents(&self->d, self->id, bytes, SIZE));
	EXPECT_TRUE(is_all(bytes, THEIRS));
}

TEST_HARNESS_MAIN
