// SPDX-License-Identifier: GPL-2.0
/* Contents: zeroed, given, patterns, fill and check. */
#include "dmx.h"
#include "harness.h"

#define ODD_SIZE	12347

static const uint64_t args[] = { 0, 1, 63, 0xff, 0xfffffffffffffff0,
				 UINT64_MAX };
static uint8_t bytes[256 * 1024];

FIXTURE(content)
{
	struct dmx d;
};

FIXTURE_SETUP(content)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(content)
{
	dmx_teardown(&self->d);
}

/* Bytes of a buffer that are not as the pattern has them. */
static int wrong_bytes(struct dmx *d, uint32_t id, uint64_t from, uint64_t to,
		       uint32_t pattern, uint64_t arg)
{
	int len = dmx_contents(d, id, bytes, sizeof(bytes));
	int wrong = 0;
	uint64_t i;

	if (len < (int)to)
		return len < 0 ? len : -1000000;
	for (i = from; i < to; i++)
		wrong += bytes[i] != pattern_byte(pattern, arg, i);
	return wrong;
}

TEST_F(content, memory_is_zeroed_after_dirty_memory_was_freed)
{
	struct dmx *d = &self->d;
	uint32_t ids[16];
	int round, i;

	for (round = 0; round < 4; round++) {
		for (i = 0; i < 16; i++) {
			ids[i] = dmx_new(d, i % 2 ? BOX : COHERENT, 1, 100000);
			ASSERT_NE(0, ids[i]);
			EXPECT_EQ(0, wrong_bytes(d, ids[i], 0, 100000,
						 DMAEXER_PATTERN_ZERO, 0));
			ASSERT_EQ(0, dmx_fill(d, ids[i], 0, 100000,
					      DMAEXER_PATTERN_BYTE, 0xa5));
		}
		for (i = 0; i < 16; i++) {
			ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, ids[i]));
		}
	}
}

TEST_F(content, every_pattern_is_as_the_spec_says_at_creation)
{
	struct dmx *d = &self->d;
	uint32_t pattern, id;
	uint64_t arg;
	size_t i;

	for (pattern = 0; pattern <= DMAEXER_PATTERN_MAX; pattern++) {
		for (i = 0; i < ARRAY_SIZE(args); i++) {
			arg = args[i];
			if (pattern == DMAEXER_PATTERN_BYTE)
				arg &= 0xff;
			id = dmx_new_filled(d, i % 2 ? BOX : COHERENT, ODD_SIZE,
					    pattern, arg);
			ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
			EXPECT_EQ(0, wrong_bytes(d, id, 0, ODD_SIZE, pattern,
						 arg))
				TH_LOG("pattern %u arg %#llx", pattern,
				       (unsigned long long)arg);
			ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		}
	}
}

TEST_F(content, fill_writes_its_range_and_no_byte_more)
{
	static const struct { uint64_t offset, length; } ranges[] = {
		{ 0, 1 }, { 1, 1 }, { 7, 2 }, { 3, 5 }, { 8, 8 }, { 4095, 2 },
		{ 4090, 17 }, { ODD_SIZE - 1, 1 }, { 0, ODD_SIZE },
		{ 1, ODD_SIZE - 2 }, { 4096, 4096 }, { 13, 8191 },
	};
	struct dmx *d = &self->d;
	uint64_t from, to;
	uint32_t id, pattern;
	size_t i;

	id = dmx_new(d, COHERENT, 1, ODD_SIZE);
	for (pattern = 1; pattern <= DMAEXER_PATTERN_MAX; pattern++) {
		for (i = 0; i < ARRAY_SIZE(ranges); i++) {
			from = ranges[i].offset;
			to = from + ranges[i].length;
			ASSERT_EQ(0, dmx_fill(d, id, 0, ODD_SIZE,
					      DMAEXER_PATTERN_BYTE, 0x99));
			ASSERT_EQ(0, dmx_fill(d, id, from, to - from, pattern,
					      77)) TH_LOG("%s", d->nl.msg);
			EXPECT_EQ(0, wrong_bytes(d, id, from, to, pattern, 77));
			EXPECT_EQ(0, wrong_bytes(d, id, 0, from,
						 DMAEXER_PATTERN_BYTE, 0x99));
			EXPECT_EQ(0, wrong_bytes(d, id, to, ODD_SIZE,
						 DMAEXER_PATTERN_BYTE, 0x99));
		}
	}
}

TEST_F(content, fill_without_offset_and_length_takes_all)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, BOX, 1, ODD_SIZE);

	dmx_begin_id(d, DMAEXER_CMD_BUF_FILL, DMAEXER_A_BUF_ID, id);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(0, wrong_bytes(d, id, 0, ODD_SIZE, DMAEXER_PATTERN_COUNTER, 0));
	dmx_begin_id(d, DMAEXER_CMD_BUF_FILL, DMAEXER_A_BUF_ID, id);
	nl_u64(&d->nl, DMAEXER_A_BUF_OFFSET, 100);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(0, wrong_bytes(d, id, 0, 100, DMAEXER_PATTERN_COUNTER, 0));
	EXPECT_EQ(0, wrong_bytes(d, id, 100, ODD_SIZE, DMAEXER_PATTERN_RANDOM,
				 0));
}

TEST_F(content, check_counts_the_bytes_that_differ_and_finds_the_first)
{
	static const uint64_t spoiled[] = { 5000, 77, ODD_SIZE - 1, 4096 };
	struct dmx *d = &self->d;
	struct nl *nl = &d->nl;
	uint8_t was;
	uint32_t id;
	size_t i;

	id = dmx_new_filled(d, COHERENT, ODD_SIZE, DMAEXER_PATTERN_RANDOM, 9);
	ASSERT_NE(0, id);
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, ODD_SIZE,
			DMAEXER_PATTERN_RANDOM, 9);
	ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
	EXPECT_TRUE(nl_has(nl, DMAEXER_A_BUF_MISMATCHES));
	EXPECT_EQ(0, nl_get_u64(nl, DMAEXER_A_BUF_MISMATCHES));
	EXPECT_FALSE(nl_has(nl, DMAEXER_A_BUF_FIRST_MISMATCH));
	for (i = 0; i < ARRAY_SIZE(spoiled); i++) {
		was = pattern_byte(DMAEXER_PATTERN_RANDOM, 9, spoiled[i]);
		ASSERT_EQ(0, dmx_write(d, id, spoiled[i], 0, 1, was ^ 0x10));
	}
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, ODD_SIZE,
			DMAEXER_PATTERN_RANDOM, 9);
	ASSERT_EQ(0, nl_call(nl));
	was = pattern_byte(DMAEXER_PATTERN_RANDOM, 9, 77);
	EXPECT_EQ(4, nl_get_u64(nl, DMAEXER_A_BUF_MISMATCHES));
	EXPECT_EQ(77, nl_get_u64(nl, DMAEXER_A_BUF_FIRST_MISMATCH));
	EXPECT_EQ(was, nl_get_u32(nl, DMAEXER_A_BUF_EXPECTED));
	EXPECT_EQ(was ^ 0x10, nl_get_u32(nl, DMAEXER_A_BUF_ACTUAL));
	for (i = 0; i < 2; i++) {
		dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 78, 4922 + i,
				DMAEXER_PATTERN_RANDOM, 9);
		ASSERT_EQ(0, nl_call(nl));
		EXPECT_EQ(1 + i, nl_get_u64(nl, DMAEXER_A_BUF_MISMATCHES));
		EXPECT_EQ(4096, nl_get_u64(nl, DMAEXER_A_BUF_FIRST_MISMATCH));
	}
}

TEST_F(content, a_range_out_of_bounds_is_einval)
{
	static const struct {
		uint64_t offset, length;
		uint16_t attr;
	} bad[] = {
		{ ODD_SIZE, 1, DMAEXER_A_BUF_OFFSET },
		{ ODD_SIZE + 1, 1, DMAEXER_A_BUF_OFFSET },
		{ UINT64_MAX, 1, DMAEXER_A_BUF_OFFSET },
		{ UINT64_MAX, 2, DMAEXER_A_BUF_OFFSET },
		{ UINT64_MAX - 99, 100, DMAEXER_A_BUF_OFFSET },
		{ 1ULL << 32, 1, DMAEXER_A_BUF_OFFSET },
		{ 1ULL << 63, 1ULL << 63, DMAEXER_A_BUF_OFFSET },
		{ 0, ODD_SIZE + 1, DMAEXER_A_BUF_LENGTH },
		{ 1, ODD_SIZE, DMAEXER_A_BUF_LENGTH },
		{ ODD_SIZE - 1, 2, DMAEXER_A_BUF_LENGTH },
		{ 1, UINT64_MAX, DMAEXER_A_BUF_LENGTH },
		{ 100, UINT64_MAX - 99, DMAEXER_A_BUF_LENGTH },
		{ 100, UINT64_MAX - 98, DMAEXER_A_BUF_LENGTH },
		{ 0, 1ULL << 32, DMAEXER_A_BUF_LENGTH },
		{ 0, 0, DMAEXER_A_BUF_LENGTH },
	};
	static const uint8_t ops[] = { DMAEXER_CMD_BUF_FILL,
				       DMAEXER_CMD_BUF_CHECK };
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, COHERENT, 1, ODD_SIZE);
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(ops); k++) {
		for (i = 0; i < ARRAY_SIZE(bad); i++) {
			dmx_begin_range(d, ops[k], id, bad[i].offset,
					bad[i].length, DMAEXER_PATTERN_BYTE, 1);
			EXPECT_STREQ("", dmx_refused(d, EINVAL, bad[i].attr,
						     NULL))
				TH_LOG("offset %#llx length %#llx",
				       (unsigned long long)bad[i].offset,
				       (unsigned long long)bad[i].length);
		}
	}
}

TEST_F(content, pattern_address_is_the_dma_address_by_default)
{
	struct dmx *d = &self->d;
	uint64_t addr;
	uint32_t id;

	dmx_begin_new(d, COHERENT, 1, ODD_SIZE);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
	addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
	EXPECT_EQ(0, wrong_bytes(d, id, 0, ODD_SIZE, DMAEXER_PATTERN_ADDRESS,
				 addr));
	dmx_begin_id(d, DMAEXER_CMD_BUF_CHECK, DMAEXER_A_BUF_ID, id);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(0, nl_get_u64(&d->nl, DMAEXER_A_BUF_MISMATCHES));
}

TEST_F(content, pattern_address_does_not_give_the_address_of_a_box_away)
{
	static const uint8_t ops[] = { DMAEXER_CMD_BUF_FILL,
				       DMAEXER_CMD_BUF_CHECK };
	struct dmx *d = &self->d;
	uint32_t id;
	size_t i;

	dmx_begin_new(d, BOX, 1, 64);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
	id = dmx_new(d, BOX, 1, 64);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		dmx_begin_id(d, ops[i], DMAEXER_A_BUF_ID, id);
		nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
		EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
	}
	dmx_begin_new(d, BOX, 1, 64);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, 0x1000);
	EXPECT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
}

TEST_F(content, data_gives_the_contents_of_a_new_buffer)
{
	static const struct { uint64_t elem; size_t len; } sizes[] = {
		{ 1, 1 }, { 1, 4097 }, { 8, 64 }, { 7, 7 * 9 }, { 1, 65531 },
	};
	struct dmx *d = &self->d;
	static uint8_t data[65531];
	uint32_t id, kind;
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i * 7 + i / 256;
	for (i = 0; i < 2 * ARRAY_SIZE(sizes); i++) {
		kind = i % 2 ? BOX : COHERENT;
		nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
		nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, d->dev);
		nl_u32(&d->nl, DMAEXER_A_BUF_KIND, kind);
		nl_u64(&d->nl, DMAEXER_A_BUF_ELEM_SIZE, sizes[i / 2].elem);
		nl_put(&d->nl, DMAEXER_A_BUF_DATA, data, sizes[i / 2].len);
		ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
		id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
		EXPECT_EQ(sizes[i / 2].len / sizes[i / 2].elem,
			  nl_get_u64(&d->nl, DMAEXER_A_BUF_COUNT));
		ASSERT_EQ(sizes[i / 2].len,
			  dmx_contents(d, id, bytes, sizeof(bytes)));
		EXPECT_EQ(0, memcmp(bytes, data, sizes[i / 2].len));
	}
}

TEST_F(content, data_of_another_length_than_the_buffer_is_einval)
{
	struct dmx *d = &self->d;

	dmx_begin_new(d, BOX, 8, 2);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "0123456789abcde", 15);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_DATA, NULL));
	dmx_begin_new(d, COHERENT, 8, 2);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "0123456789abcdefg", 17);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_DATA, NULL));
	dmx_begin_new(d, COHERENT, 8, 2);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "", 0);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_DATA, NULL));
	nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u64(&d->nl, DMAEXER_A_BUF_ELEM_SIZE, 8);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "0123456789abcde", 15);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_DATA, NULL));
}

TEST_F(content, pattern_and_data_exclude_each_other)
{
	struct dmx *d = &self->d;

	dmx_begin_new(d, BOX, 8, 1);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_BYTE);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "01234567", 8);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
	dmx_begin_new(d, BOX, 8, 1);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, 3);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
}

TEST_F(content, a_byte_pattern_above_255_is_einval)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, BOX, 1, 64);

	dmx_begin_range(d, DMAEXER_CMD_BUF_FILL, id, 0, 64,
			DMAEXER_PATTERN_BYTE, 256);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN_ARG, NULL));
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, 64,
			DMAEXER_PATTERN_BYTE, UINT64_MAX);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN_ARG, NULL));
	dmx_begin_new(d, BOX, 1, 64);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_BYTE);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, 256);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN_ARG, NULL));
}

TEST_F(content, contents_for_a_handle_are_eopnotsupp)
{
	struct dmx *d = &self->d;

	dmx_begin_new(d, HANDLE, 8, 1);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ZERO);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_PATTERN, NULL));
	dmx_begin_new(d, HANDLE, 8, 1);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "01234567", 8);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_DATA, NULL));
}

TEST_HARNESS_MAIN
