// SPDX-License-Identifier: GPL-2.0
/* How much is kept of buffers whose device is gone. */
#include "bystander.h"
#include "harness.h"
#include "postmortem.h"
#include "program.h"

#define GET		DMAEXER_CMD_POSTMORTEM_GET
#define DEL		DMAEXER_CMD_POSTMORTEM_DEL
/* of which there are some in a row, however memory lies */
#define LARGE		(1024 * 1024)

/* With quotas that a test reaches. */
FIXTURE(quota)
{
	struct dmx d;
};

FIXTURE_SETUP(quota)
{
	ASSERT_STREQ("", dmaexer_reload("devices=0 max_bufs=4 quota_bytes=65536"));
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(quota)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
	EXPECT_STREQ("", dmaexer_reload(""));
}

/* What is kept of a new buffer, and whether that has contents. */
static uint32_t kept_of(struct dmx *d, uint64_t size, bool *contents)
{
	uint32_t id = kept_new(d, COHERENT, size, true);

	if (!id || device_again(d) || dmx_buf_op(d, GET, id))
		return 0;
	*contents = !nl_has(&d->nl, DMAEXER_A_BUF_LOST);
	return id;
}

TEST_F(quota, what_is_kept_counts_as_a_buffer_until_it_is_dropped)
{
	struct dmx *d = &self->d;
	uint32_t ids[4];
	int round, i;

	for (round = 0; round < 10; round++) {
		for (i = 0; i < 4; i++) {
			ids[i] = kept_new(d, i % 2, 64, true);
			ASSERT_NE(0, ids[i]) TH_LOG("%s", d->nl.msg);
		}
		ASSERT_EQ(0, device_again(d));
		EXPECT_EQ(4, dmx_count(d, GET));
		dmx_begin_new(d, COHERENT, 1, 64);
		EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, "max_bufs"));
		ASSERT_EQ(0, dmx_buf_op(d, DEL, ids[round % 4]));
		EXPECT_NE(0, dmx_new(d, COHERENT, 1, 64));
		dmx_begin_new(d, COHERENT, 1, 64);
		EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, "max_bufs"));
		for (i = 0; i < 4; i++)
			dmx_buf_op(d, DEL, ids[i]);
		EXPECT_EQ(0, dmx_count(d, GET));
		ASSERT_EQ(0, device_again(d));
	}
}

TEST_F(quota, contents_past_quota_bytes_are_lost_and_whole_pages_count)
{
	struct dmx *d = &self->d;
	uint32_t large, small, more;
	bool contents;
	int i;

	large = kept_of(d, 49152 - 1, &contents);
	EXPECT_TRUE(contents);
	small = kept_of(d, 16384, &contents);
	EXPECT_TRUE(contents);
	more = kept_of(d, 1, &contents);
	ASSERT_NE(0, more);
	EXPECT_FALSE(contents);
	EXPECT_STREQ("past quota_bytes of the module",
		     nl_get_str(&d->nl, DMAEXER_A_BUF_LOST));
	EXPECT_FALSE(file_exists(postmortem_path(more, "data")));
	EXPECT_STREQ("", postmortem_wrong(large, 49152 - 1));
	ASSERT_EQ(0, dmx_buf_op(d, DEL, more));
	ASSERT_EQ(0, dmx_buf_op(d, DEL, small));
	small = kept_of(d, 16384, &contents);
	EXPECT_TRUE(contents);
	ASSERT_EQ(0, dmx_buf_op(d, DEL, small));
	ASSERT_EQ(0, dmx_buf_op(d, DEL, large));
	for (i = 0; i < 10; i++) {
		large = kept_of(d, 65536, &contents);
		ASSERT_NE(0, large);
		EXPECT_TRUE(contents);
		EXPECT_STREQ("", postmortem_wrong(large, 65536));
		ASSERT_EQ(0, dmx_buf_op(d, DEL, large));
	}
}

TEST_F(quota, where_memory_was_short_no_bytes_are_counted)
{
	struct dmx *d = &self->d;
	bool contents;
	uint32_t id;

	nl_begin(&d->peek, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->peek, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_KEEP);
	nl_flag(&d->peek, DMAEXER_A_FAULT_OWNED);
	ASSERT_EQ(0, nl_call(&d->peek));
	id = kept_of(d, 65536, &contents);
	ASSERT_NE(0, id);
	EXPECT_FALSE(contents);
	EXPECT_NE(0, kept_of(d, 65536, &contents));
	EXPECT_TRUE(contents);
}

/* As many copies as memory has room for in all: one at a time was to be had. */
TEST_F(quota, what_could_not_be_kept_leaves_memory_for_others)
{
	long left = (long)number_in("/proc/meminfo", "MemTotal:") * 1024 / LARGE;
	struct dmx *d = &self->d;
	uint32_t ids[32];
	size_t i;

	dmx_teardown(d);
	ASSERT_STREQ("", dmaexer_reload("devices=0"));
	ASSERT_STREQ("", dmx_setup(d));
	nl_begin(&d->peek, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->peek, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_KEEP);
	nl_u32(&d->peek, DMAEXER_A_FAULT_TIMES, 0);
	nl_flag(&d->peek, DMAEXER_A_FAULT_OWNED);
	ASSERT_EQ(0, nl_call(&d->peek));
	for (; left > 0; left -= (long)ARRAY_SIZE(ids)) {
		for (i = 0; i < ARRAY_SIZE(ids); i++) {
			dmx_begin_new(d, COHERENT, 1, LARGE);
			nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
			ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
			ids[i] = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
		}
		ASSERT_EQ(0, device_again(d));
		for (i = 0; i < ARRAY_SIZE(ids); i++)
			ASSERT_EQ(0, dmx_buf_op(d, DEL, ids[i]));
	}
	EXPECT_NE(0, dmx_new(d, COHERENT, 1, 64)) TH_LOG("%s", d->nl.msg);
}

TEST_HARNESS_MAIN
