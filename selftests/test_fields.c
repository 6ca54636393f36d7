// SPDX-License-Identifier: GPL-2.0
/* Fields: one access of the exact width, or none. */
#include "dmx.h"
#include "harness.h"

#define ELEM	24
#define COUNT	341

FIXTURE(field)
{
	struct dmx d;
	uint32_t id;
};

FIXTURE_VARIANT(field)
{
	uint32_t kind;
};

FIXTURE_VARIANT_ADD(field, box)
{
	.kind = BOX,
};

FIXTURE_VARIANT_ADD(field, coherent)
{
	.kind = COHERENT,
};

FIXTURE_SETUP(field)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	dmx_begin_new(&self->d, variant->kind, ELEM, COUNT);
	nl_u32(&self->d.nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
	nl_u64(&self->d.nl, DMAEXER_A_BUF_PATTERN_ARG, 5);
	ASSERT_EQ(0, nl_call(&self->d.nl));
	self->id = nl_get_u32(&self->d.nl, DMAEXER_A_BUF_ID);
}

FIXTURE_TEARDOWN(field)
{
	dmx_teardown(&self->d);
}

static uint64_t expected(uint64_t at, uint32_t width)
{
	uint8_t bytes[8] = {};
	uint64_t wide = 0;
	uint32_t word;
	uint16_t half;
	uint32_t i;

	for (i = 0; i < width; i++)
		bytes[i] = pattern_byte(DMAEXER_PATTERN_RANDOM, 5, at + i);
	switch (width) {
	case 1:
		return bytes[0];
	case 2:
		memcpy(&half, bytes, 2);
		return half;
	case 4:
		memcpy(&word, bytes, 4);
		return word;
	}
	memcpy(&wide, bytes, 8);
	return wide;
}

TEST_F(field, every_aligned_field_of_first_middle_and_last_element_reads)
{
	static const uint64_t indexes[] = { 0, 1, 170, COUNT - 1 };
	struct nl *nl = &self->d.nl;
	uint64_t offset, value;
	uint32_t width;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(indexes); i++) {
		for (width = 1; width <= 8; width *= 2) {
			for (offset = 0; offset < ELEM; offset += width) {
				ASSERT_EQ(0, dmx_read(&self->d, self->id,
						      indexes[i], offset, width,
						      &value))
					TH_LOG("%s", nl->msg);
				EXPECT_EQ(expected(indexes[i] * ELEM + offset,
						   width), value);
				EXPECT_EQ(self->id,
					  nl_get_u32(nl, DMAEXER_A_BUF_ID));
				EXPECT_EQ(indexes[i],
					  nl_get_u64(nl, DMAEXER_A_BUF_INDEX));
				EXPECT_EQ(offset,
					  nl_get_u64(nl, DMAEXER_A_BUF_OFFSET));
				EXPECT_EQ(width,
					  nl_get_u32(nl, DMAEXER_A_BUF_WIDTH));
			}
		}
	}
}

TEST_F(field, a_write_changes_its_bytes_and_no_other)
{
	static uint8_t before[ELEM * COUNT], after[ELEM * COUNT];
	uint64_t offset, value, seen, at;
	uint32_t width, i;

	for (width = 1; width <= 8; width *= 2) {
		for (offset = 0; offset < ELEM; offset += width) {
			at = 7 * ELEM + offset;
			value = ~expected(at, width) << (64 - 8 * width) >>
				(64 - 8 * width);
			ASSERT_EQ(0, dmx_fill(&self->d, self->id, 0,
					      sizeof(before),
					      DMAEXER_PATTERN_RANDOM, 5));
			dmx_contents(&self->d, self->id, before, sizeof(before));
			ASSERT_EQ(0, dmx_write(&self->d, self->id, 7, offset,
					       width, value))
				TH_LOG("%s", self->d.nl.msg);
			ASSERT_EQ(sizeof(after),
				  dmx_contents(&self->d, self->id, after,
					       sizeof(after)));
			EXPECT_EQ(0, memcmp(before, after, at));
			EXPECT_EQ(0, memcmp(before + at + width,
					    after + at + width,
					    sizeof(after) - at - width));
			ASSERT_EQ(0, dmx_read(&self->d, self->id, 7, offset,
					      width, &seen));
			EXPECT_EQ(value, seen);
			for (i = 0; i < width; i++) {
				EXPECT_EQ(before[at + i] ^ 0xff, after[at + i]);
			}
		}
	}
}

TEST_F(field, the_offset_is_0_by_default)
{
	struct nl *nl = &self->d.nl;

	dmx_begin_id(&self->d, DMAEXER_CMD_BUF_READ, DMAEXER_A_BUF_ID, self->id);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, 3);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 4);
	ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
	EXPECT_EQ(expected(3 * ELEM, 4), nl_get_u64(nl, DMAEXER_A_BUF_VALUE));
}

static const char *refused(struct dmx *d, uint32_t id, uint64_t index,
			   uint64_t offset, uint32_t width, uint16_t attr)
{
	const char *wrong;

	dmx_begin_field(d, DMAEXER_CMD_BUF_READ, id, index, offset, width);
	wrong = dmx_refused(d, EINVAL, attr, NULL);
	if (*wrong)
		return format("read: %s", wrong);
	dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, id, index, offset, width);
	nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, 1);
	wrong = dmx_refused(d, EINVAL, attr, NULL);
	return *wrong ? format("write: %s", wrong) : wrong;
}

TEST_F(field, an_index_out_of_bounds_is_einval_also_where_it_would_wrap)
{
	/* The products wrap to an offset in the buffer. */
	static const uint64_t bad[] = {
		COUNT, COUNT + 1, 1ULL << 32, 1ULL << 61, 1ULL << 63,
		UINT64_MAX, UINT64_MAX / ELEM, UINT64_MAX / ELEM + 1,
		UINT64_MAX - COUNT, 0x0aaaaaaaaaaaaaab,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_STREQ("", refused(&self->d, self->id, bad[i], 0, 8,
					 DMAEXER_A_BUF_INDEX));
	}
}

TEST_F(field, an_offset_out_of_the_element_is_einval)
{
	static const struct { uint64_t offset; uint32_t width; } bad[] = {
		{ ELEM, 1 }, { ELEM, 8 }, { ELEM + 8, 8 }, { 1ULL << 32, 4 },
		{ UINT64_MAX, 1 }, { UINT64_MAX - 7, 8 }, { UINT64_MAX - 3, 4 },
		{ UINT64_MAX - 1, 2 }, { 1ULL << 63, 8 }, { -(uint64_t)ELEM, 8 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_STREQ("", refused(&self->d, self->id, 1, bad[i].offset,
					 bad[i].width, DMAEXER_A_BUF_OFFSET));
		EXPECT_STREQ("", refused(&self->d, self->id, COUNT - 1,
					 bad[i].offset, bad[i].width,
					 DMAEXER_A_BUF_OFFSET));
	}
}

TEST_F(field, a_field_across_the_end_of_its_element_is_einval)
{
	uint32_t small;

	dmx_begin_new(&self->d, COHERENT, 6, 10);
	ASSERT_EQ(0, nl_call(&self->d.nl));
	small = nl_get_u32(&self->d.nl, DMAEXER_A_BUF_ID);
	EXPECT_STREQ("", refused(&self->d, small, 0, 0, 8, NONE));
	EXPECT_STREQ("", refused(&self->d, small, 0, 4, 4, NONE));
	EXPECT_STREQ("", refused(&self->d, small, 9, 4, 4, NONE));
}

TEST_F(field, an_unaligned_field_is_einval)
{
	uint64_t offset, value;
	uint32_t width, packed;

	for (width = 2; width <= 8; width *= 2) {
		for (offset = 1; offset + width <= ELEM; offset++) {
			if (offset % width == 0)
				continue;
			EXPECT_STREQ("", refused(&self->d, self->id, 2, offset,
						 width, NONE));
		}
	}
	/* It is the address that has to be aligned, not the offset. */
	ASSERT_NE(0, packed = dmx_new(&self->d, COHERENT, 6, 10));
	EXPECT_STREQ("", refused(&self->d, packed, 1, 0, 4, NONE));
	EXPECT_EQ(0, dmx_read(&self->d, packed, 1, 2, 4, &value));
	EXPECT_EQ(0, dmx_read(&self->d, packed, 2, 0, 4, &value));
}

TEST_F(field, a_width_other_than_1_2_4_8_is_einval)
{
	static const uint32_t bad[] = { 0, 3, 5, 6, 7, 9, 12, 16, 24, 32,
					1U << 31, UINT32_MAX, 0x10001 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_STREQ("", refused(&self->d, self->id, 0, 0, bad[i],
					 DMAEXER_A_BUF_WIDTH));
	}
}

TEST_F(field, a_value_that_does_not_fit_the_width_is_einval)
{
	struct dmx *d = &self->d;
	uint32_t width;

	for (width = 1; width <= 4; width *= 2) {
		dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, self->id, 0, 0, width);
		nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, 1ULL << (8 * width));
		EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_VALUE,
					     NULL));
		dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, self->id, 0, 0, width);
		nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, UINT64_MAX);
		EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_VALUE,
					     NULL));
		EXPECT_EQ(0, dmx_write(d, self->id, 0, 0, width,
				       (1ULL << (8 * width)) - 1));
	}
	EXPECT_EQ(0, dmx_write(d, self->id, 0, 0, 8, UINT64_MAX));
}

static void begin_element(struct dmx *d, uint32_t id, uint64_t index,
			  size_t len)
{
	static const uint8_t data[64] = "an element of 24 bytes, a bit more";

	dmx_begin_id(d, DMAEXER_CMD_BUF_WRITE, DMAEXER_A_BUF_ID, id);
	nl_u64(&d->nl, DMAEXER_A_BUF_INDEX, index);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, data, len);
}

TEST_F(field, data_writes_a_whole_element_of_a_box_alone)
{
	static uint8_t before[ELEM * COUNT], after[ELEM * COUNT];
	struct dmx *d = &self->d;

	if (variant->kind != BOX) {
		begin_element(d, self->id, 0, ELEM);
		EXPECT_STREQ("", dmx_refused(d, EPERM, NONE, NULL));
		return;
	}
	dmx_contents(d, self->id, before, sizeof(before));
	begin_element(d, self->id, COUNT - 1, ELEM);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	dmx_contents(d, self->id, after, sizeof(after));
	EXPECT_EQ(0, memcmp(before, after, ELEM * (COUNT - 1)));
	EXPECT_EQ(0, memcmp("an element of 24 bytes, ",
			    after + ELEM * (COUNT - 1), ELEM));
	begin_element(d, self->id, 0, ELEM - 1);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_DATA, NULL));
	begin_element(d, self->id, 0, ELEM + 1);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_DATA, NULL));
	begin_element(d, self->id, COUNT, ELEM);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_INDEX, NULL));
	begin_element(d, self->id, UINT64_MAX / ELEM + 1, ELEM);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_INDEX, NULL));
}

TEST_F(field, value_and_data_exclude_each_other)
{
	struct dmx *d = &self->d;

	dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, self->id, 0, 0, 8);
	nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, 1);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "an element of 24 bytes, ", ELEM);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
}

TEST_HARNESS_MAIN
