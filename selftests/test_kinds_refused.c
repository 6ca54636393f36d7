// SPDX-License-Identifier: GPL-2.0
/* What a kind does not take: the attribute at fault, and that nothing changes. */
#include "harness.h"
#include "kinds.h"

#define PAGE	((uint64_t)sysconf(_SC_PAGESIZE))

FIXTURE(refused)
{
	struct dmx d;
};

FIXTURE_SETUP(refused)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(refused)
{
	dmx_teardown(&self->d);
}

static const char *refuses(struct dmx *d, const struct wish *wish, int attr,
			   const char *words)
{
	kinds_begin(d, wish);
	return dmx_refused(d, EINVAL, attr, words);
}

static int set_segments(struct dmx *d, uint32_t size)
{
	dmx_begin_id(d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID, d->dev);
	nl_u32(&d->nl, DMAEXER_A_DEV_MAX_SEG_SIZE, size);
	return nl_call(&d->nl);
}

TEST_F(refused, shape_and_page_offset_of_what_is_no_pages)
{
	static const uint32_t kinds[] = { BOX, COHERENT, HANDLE };
	struct wish wish = { .elem = 1, .count = 64 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		wish.kind = kinds[i];
		wish.has = OF(SHAPE);
		EXPECT_STREQ("", refuses(&self->d, &wish, DMAEXER_A_BUF_SHAPE,
					 "pages alone"));
		wish.has = OF(PAGE_OFFSET);
		EXPECT_STREQ("", refuses(&self->d, &wish,
					 DMAEXER_A_BUF_PAGE_OFFSET,
					 "pages alone"));
	}
}

TEST_F(refused, a_direction_that_is_none_or_of_what_has_none)
{
	static const uint32_t without[] = { BOX, COHERENT, HANDLE, PAGES };
	static const uint32_t turns[] = { NONCOHERENT, NONCONTIGUOUS, DMA_PAGES };
	struct wish wish = { .elem = 1, .count = 64, .has = OF(DIRECTION) };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(without); i++) {
		wish.kind = without[i];
		EXPECT_STREQ("", refuses(&self->d, &wish,
					 DMAEXER_A_BUF_DIRECTION, "in turns"));
	}
	wish.direction = DMAEXER_DIRECTION_NONE;
	for (i = 0; i < ARRAY_SIZE(turns); i++) {
		wish.kind = turns[i];
		EXPECT_STREQ("", refuses(&self->d, &wish,
					 DMAEXER_A_BUF_DIRECTION, "none"));
	}
}

/* Documentation/core-api/dma-api.rst has the CPU only read such memory. */
TEST_F(refused, writing_what_only_the_device_writes)
{
	static const uint32_t turns[] = { NONCOHERENT, NONCONTIGUOUS, DMA_PAGES };
	struct wish wish = { .elem = 1, .count = 5000, .has = OF(DIRECTION),
			     .direction = DMAEXER_DIRECTION_FROM_DEVICE };
	struct dmx *d = &self->d;
	uint64_t value;
	uint32_t id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(turns); i++) {
		wish.kind = turns[i];
		kinds_begin(d, &wish);
		nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ZERO);
		EXPECT_STREQ("", dmx_refused(d, EPERM, DMAEXER_A_BUF_PATTERN,
					     "only reads"));
		kinds_begin(d, &wish);
		nl_put(&d->nl, DMAEXER_A_BUF_DATA, &wish, 8);
		nl_u64(&d->nl, DMAEXER_A_BUF_COUNT, 8);
		EXPECT_STREQ("", dmx_refused(d, EPERM, DMAEXER_A_BUF_DATA,
					     "only reads"));
		id = kinds_new(d, &wish, 0, 0);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		EXPECT_EQ(DMAEXER_DIRECTION_FROM_DEVICE,
			  nl_get_u32(&d->nl, DMAEXER_A_BUF_DIRECTION));
		dmx_begin_range(d, DMAEXER_CMD_BUF_FILL, id, 0, 8,
				DMAEXER_PATTERN_BYTE, 1);
		EXPECT_STREQ("", dmx_refused(d, EPERM, DMAEXER_A_BUF_ID,
					     "from-device"));
		dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, id, 0, 0, 1);
		nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, 1);
		EXPECT_STREQ("", dmx_refused(d, EPERM, DMAEXER_A_BUF_ID,
					     "from-device"));
		ASSERT_EQ(0, dmx_read(d, id, 4999, 0, 1, &value));
		EXPECT_EQ(0, value);
	}
}

TEST_F(refused, attributes_that_the_call_for_a_kind_does_not_take)
{
	static const uint32_t kinds[] = { NONCOHERENT, DMA_PAGES, NONCONTIGUOUS };
	struct wish wish = { .elem = 1, .count = 64 };
	struct dmx *d = &self->d;
	uint32_t attr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		wish.kind = kinds[i];
		for (attr = 2; attr <= DMAEXER_ATTR_PRIVILEGED; attr *= 2) {
			if (attr == 8 || attr == DMAEXER_ATTR_NO_KERNEL_MAPPING)
				continue;
			kinds_begin(d, &wish);
			nl_u32(&d->nl, DMAEXER_A_BUF_ATTRS, attr);
			if (wish.kind == NONCONTIGUOUS &&
			    attr == DMAEXER_ATTR_ALLOC_SINGLE_PAGES) {
				EXPECT_EQ(0, nl_call(&d->nl));
				continue;
			}
			EXPECT_STREQ("", dmx_refused(d, EINVAL,
						     DMAEXER_A_BUF_ATTRS,
						     "takes"));
		}
	}
}

TEST_F(refused, an_offset_of_whole_pages)
{
	struct wish wish = { .kind = PAGES, .elem = 1, .count = 64,
			     .has = OF(SHAPE) | OF(PAGE_OFFSET) };

	wish.shape = DMAEXER_SHAPE_LINEAR;
	EXPECT_STREQ("", refuses(&self->d, &wish, DMAEXER_A_BUF_PAGE_OFFSET,
				 "no page-offset"));
	wish.shape = DMAEXER_SHAPE_SCATTERED;
	EXPECT_STREQ("", refuses(&self->d, &wish, DMAEXER_A_BUF_PAGE_OFFSET,
				 "no page-offset"));
	wish.has = OF(PAGE_OFFSET);
	EXPECT_STREQ("", refuses(&self->d, &wish, DMAEXER_A_BUF_PAGE_OFFSET,
				 "no page-offset"));
}

TEST_F(refused, an_offset_or_a_size_past_the_page)
{
	struct wish wish = { .kind = PAGES, .elem = 1, .count = 1,
			     .has = OF(SHAPE) | OF(PAGE_OFFSET) };
	uint32_t shape;

	for (shape = DMAEXER_SHAPE_OFFSET; shape <= DMAEXER_SHAPE_SMALL;
	     shape++) {
		wish.shape = shape;
		wish.has = OF(SHAPE) | OF(PAGE_OFFSET);
		wish.count = 1;
		wish.page_offset = PAGE;
		EXPECT_STREQ("", refuses(&self->d, &wish,
					 DMAEXER_A_BUF_PAGE_OFFSET, "past"));
		wish.page_offset = UINT32_MAX;
		EXPECT_STREQ("", refuses(&self->d, &wish,
					 DMAEXER_A_BUF_PAGE_OFFSET, "past"));
		wish.count = PAGE;
		wish.page_offset = 1;
		EXPECT_STREQ("", refuses(&self->d, &wish,
					 DMAEXER_A_BUF_PAGE_OFFSET, "past"));
		wish.has = OF(SHAPE);
		EXPECT_STREQ("", refuses(&self->d, &wish, DMAEXER_A_BUF_COUNT,
					 "past"));
		wish.count = PAGE - 1;
		ASSERT_NE(0, kinds_new(&self->d, &wish, 0, 0))
			TH_LOG("%s", self->d.nl.msg);
		EXPECT_EQ(1, nl_get_u32(&self->d.nl,
					DMAEXER_A_BUF_PAGE_OFFSET));
	}
}

TEST_F(refused, attributes_and_the_address_pattern_of_pages)
{
	struct wish wish = { .kind = PAGES, .elem = 1, .count = 64 };
	struct dmx *d = &self->d;
	uint32_t id;

	kinds_begin(d, &wish);
	nl_u32(&d->nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_WRITE_COMBINE);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_ATTRS,
				     "until they are mapped"));
	kinds_begin(d, &wish);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN,
				     "have no address"));
	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id);
	dmx_begin_id(d, DMAEXER_CMD_BUF_FILL, DMAEXER_A_BUF_ID, id);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN,
				     "shows no address"));
}

/* It would be freed without it. */
TEST_F(refused, force_contiguous_of_managed_memory)
{
	struct wish wish = { .kind = MANAGED, .elem = 1, .count = 64 };

	kinds_begin(&self->d, &wish);
	nl_u32(&self->d.nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_FORCE_CONTIGUOUS);
	EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, DMAEXER_A_BUF_ATTRS,
				     "freed without attributes"));
}

/* Debian's kernels do not notice, one with CONFIG_DMA_API_DEBUG_SG does. */
TEST_F(refused, noncontiguous_memory_above_the_segments_of_the_device)
{
	struct wish wish = { .kind = NONCONTIGUOUS, .elem = 1 };
	struct dmx *d = &self->d;
	uint32_t pages, id;
	char words[80];

	for (pages = 3; pages < 6; pages++) {
		ASSERT_EQ(0, set_segments(d, pages * PAGE));
		wish.count = pages * PAGE;
		id = kinds_new(d, &wish, 0, 0);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		wish.count++;
		kinds_begin(d, &wish);
		EXPECT_STREQ("", dmx_refused(d, ERANGE, DMAEXER_A_BUF_COUNT,
					     "above max-seg-size"));
		EXPECT_EQ(pages * PAGE, dmx_live_bytes(d));
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	}
	/* whole pages count, in the sentence as well */
	ASSERT_EQ(0, set_segments(d, 5 * PAGE - 1));
	wish.count = 4 * PAGE + 1;
	kinds_begin(d, &wish);
	snprintf(words, sizeof(words), "%llu bytes is above max-seg-size %llu",
		 5ULL * PAGE, 5ULL * PAGE - 1);
	EXPECT_STREQ("", dmx_refused(d, ERANGE, DMAEXER_A_BUF_COUNT, words));
	wish.count--;
	EXPECT_NE(0, kinds_new(d, &wish, 0, 0)) TH_LOG("%s", d->nl.msg);
	wish.kind = NONCOHERENT;
	wish.count = 5 * PAGE;
	EXPECT_NE(0, kinds_new(d, &wish, 0, 0)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

/* This device has no IOMMU, and the stock kernels for x86 have no CMA. */
TEST_F(refused, more_than_the_platform_has_in_a_row)
{
	static const uint32_t kinds[] = {
		NONCOHERENT, DMA_PAGES, NONCONTIGUOUS, MANAGED
	};
	struct wish wish = { .elem = 1, .count = 8192 * PAGE };
	struct dmx *d = &self->d;
	size_t i;

#ifndef __x86_64__
	SKIP(return, "another kernel may have that much");
#endif
	if (!system("grep -q '^CmaTotal: *[1-9]' /proc/meminfo"))
		SKIP(return, "CMA may have that much");
	ASSERT_EQ(0, set_segments(d, UINT32_MAX));
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		wish.kind = kinds[i];
		kinds_begin(d, &wish);
		EXPECT_STREQ("", dmx_refused(d, ENOMEM, DMAEXER_A_BUF_COUNT,
					     "without CMA"));
	}
	EXPECT_EQ(0, dmx_live_bytes(d));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

/* More than any kernel has in a row; the quota does not come first. */
TEST_F(refused, more_pages_in_a_row_than_there_can_be)
{
	struct wish wish = { .kind = PAGES, .elem = 1,
			     .count = 8192 * PAGE };
	struct dmx *d = &self->d;

	kinds_begin(d, &wish);
	EXPECT_STREQ("", dmx_refused(d, ENOMEM, DMAEXER_A_BUF_COUNT,
				     "pages in a row have at most"));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
