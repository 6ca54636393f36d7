// SPDX-License-Identifier: GPL-2.0
/* What every kind of buffer that the CPU sees has in common. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "harness.h"
#include "kinds.h"
#include "mem.h"
#include "postmortem.h"

#define SEED	0x1234567890abcdefULL

static uint8_t bytes[256 * 1024];

FIXTURE(kinds)
{
	struct dmx d;
	size_t size;
};

/* @maps is where the contents begin in a mapping, -1 where there is none. */
FIXTURE_VARIANT(kinds)
{
	struct wish wish;
	int maps;
	bool has_addr;
};

FIXTURE_VARIANT_ADD(kinds, pages_linear)
{
	.wish = { .kind = PAGES, .elem = 24, .count = 1000 },
};

FIXTURE_VARIANT_ADD(kinds, pages_scattered)
{
	.wish = { .kind = PAGES, .elem = 24, .count = 1000,
		  .has = OF(SHAPE), .shape = DMAEXER_SHAPE_SCATTERED },
};

FIXTURE_VARIANT_ADD(kinds, pages_offset)
{
	.wish = { .kind = PAGES, .elem = 24, .count = 100,
		  .has = OF(SHAPE) | OF(PAGE_OFFSET),
		  .shape = DMAEXER_SHAPE_OFFSET, .page_offset = 40 },
	.maps = 40,
};

FIXTURE_VARIANT_ADD(kinds, pages_small)
{
	.wish = { .kind = PAGES, .elem = 24, .count = 4,
		  .has = OF(SHAPE) | OF(PAGE_OFFSET),
		  .shape = DMAEXER_SHAPE_SMALL, .page_offset = 8 },
	.maps = -1,
};

FIXTURE_VARIANT_ADD(kinds, noncoherent)
{
	.wish = { .kind = NONCOHERENT, .elem = 24, .count = 1000 },
	.has_addr = true,
};

FIXTURE_VARIANT_ADD(kinds, noncoherent_to_device)
{
	.wish = { .kind = NONCOHERENT, .elem = 24, .count = 1000,
		  .has = OF(DIRECTION),
		  .direction = DMAEXER_DIRECTION_TO_DEVICE },
	.has_addr = true,
};

FIXTURE_VARIANT_ADD(kinds, dma_pages)
{
	.wish = { .kind = DMA_PAGES, .elem = 24, .count = 1000 },
	.has_addr = true,
};

FIXTURE_VARIANT_ADD(kinds, noncontiguous)
{
	.wish = { .kind = NONCONTIGUOUS, .elem = 24, .count = 2700 },
	.has_addr = true,
};

FIXTURE_VARIANT_ADD(kinds, pool)
{
	.wish = { .kind = POOL, .elem = 24, .count = 1000,
		  .has = OF(ALIGN) | OF(BOUNDARY), .align = 32,
		  .boundary = 1024 },
	.maps = -1,
	.has_addr = true,
};

FIXTURE_VARIANT_ADD(kinds, managed)
{
	.wish = { .kind = MANAGED, .elem = 24, .count = 1000 },
	.has_addr = true,
};

FIXTURE_SETUP(kinds)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->size = variant->wish.elem * variant->wish.count;
}

FIXTURE_TEARDOWN(kinds)
{
	dmx_teardown(&self->d);
}

/* Bytes that are not the pattern's from @from to @to, by the file "data". */
static int wrong(struct dmx *d, uint32_t id, uint64_t from, uint64_t to,
		 uint32_t pattern, uint64_t arg)
{
	int len = dmx_contents(d, id, bytes, sizeof(bytes));
	int count = 0;
	uint64_t i;

	if (len < (int)to)
		return len < 0 ? len : -1000000;
	for (i = from; i < to; i++)
		count += bytes[i] != pattern_byte(pattern, arg, i);
	return count;
}

TEST_F(kinds, a_new_one_tells_what_it_is_and_no_check_is_violated)
{
	struct dmx *d = &self->d;
	struct nl *nl = &d->nl;
	uint32_t check;

	ASSERT_NE(0, kinds_new(d, &variant->wish, 0, 0)) TH_LOG("%s", nl->msg);
	EXPECT_EQ(variant->wish.kind, nl_get_u32(nl, DMAEXER_A_BUF_KIND));
	EXPECT_EQ(self->size, nl_get_u64(nl, DMAEXER_A_BUF_SIZE));
	EXPECT_EQ(variant->has_addr, nl_has(nl, DMAEXER_A_BUF_DMA_ADDR));
	for (check = 0; check <= DMAEXER_CHECK_ATTRS; check++) {
		EXPECT_GE(DMAEXER_VERDICT_NOT_APPLICABLE,
			  kinds_verdict(d, check));
		EXPECT_NE(DMAEXER_VERDICT_VIOLATED, kinds_verdict(d, check))
			TH_LOG("check %u", check);
	}
	EXPECT_EQ(DMAEXER_VERDICT_HOLDS,
		  kinds_verdict(d, DMAEXER_CHECK_CONTENTS));
	EXPECT_EQ(DMAEXER_VERDICT_HOLDS,
		  kinds_verdict(d, DMAEXER_CHECK_ALIGNMENT));
	EXPECT_EQ(variant->has_addr ? DMAEXER_VERDICT_HOLDS :
		  DMAEXER_VERDICT_NOT_APPLICABLE,
		  kinds_verdict(d, DMAEXER_CHECK_BACKING));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(kinds, memory_is_zeroed_after_dirty_memory_was_freed)
{
	struct dmx *d = &self->d;
	uint32_t ids[8];
	int round, i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 8; i++) {
			ids[i] = kinds_new(d, &variant->wish, 0, 0);
			ASSERT_NE(0, ids[i]) TH_LOG("%s", d->nl.msg);
			EXPECT_EQ(0, nl_get_u64(&d->nl,
						DMAEXER_A_BUF_STALE_BYTES));
			EXPECT_EQ(0, wrong(d, ids[i], 0, self->size,
					   DMAEXER_PATTERN_ZERO, 0));
			ASSERT_EQ(0, dmx_fill(d, ids[i], 0, self->size,
					      DMAEXER_PATTERN_BYTE, 0xa5));
		}
		for (i = 0; i < 8; i++)
			ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, ids[i]));
	}
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(0, dmx_live_bytes(d));
}

TEST_F(kinds, contents_are_those_asked_for)
{
	struct dmx *d = &self->d;
	uint8_t data[3072];
	uint32_t pattern, id;
	size_t i;

	for (pattern = 0; pattern <= DMAEXER_PATTERN_MAX; pattern++) {
		id = kinds_new(d, &variant->wish, pattern, 0x5a);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		EXPECT_EQ(0, wrong(d, id, 0, self->size, pattern, 0x5a));
	}
	if (self->size > sizeof(data))
		return;
	for (i = 0; i < self->size; i++)
		data[i] = i * 7;
	kinds_begin(d, &variant->wish);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, data, self->size);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
	ASSERT_EQ(self->size, dmx_contents(d, id, bytes, sizeof(bytes)));
	EXPECT_EQ(0, memcmp(data, bytes, self->size));
}

TEST_F(kinds, fill_writes_its_range_and_no_byte_more)
{
	static const uint64_t lengths[] = { 1, 7, 8, 9, 23, 41 };
	struct dmx *d = &self->d;
	uint64_t offset;
	uint32_t id;
	size_t i;

	id = kinds_new(d, &variant->wish, DMAEXER_PATTERN_RANDOM, SEED);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	/* from each place in an element over the end of the next */
	for (offset = 0; offset < 24; offset++) {
		ASSERT_EQ(0, dmx_fill(d, id, offset, 48, DMAEXER_PATTERN_BYTE,
				      0x77));
		ASSERT_EQ(0, dmx_fill(d, id, offset, 30,
				      DMAEXER_PATTERN_COUNTER, offset));
		EXPECT_EQ(0, wrong(d, id, offset, offset + 30,
				   DMAEXER_PATTERN_COUNTER, offset));
		EXPECT_EQ(0, wrong(d, id, offset + 30, offset + 48,
				   DMAEXER_PATTERN_BYTE, 0x77));
	}
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		/* around the end of an element, and of a page where there is one */
		offset = self->size > PAGE + 50 ? PAGE - 20 + i : 20 + i;
		ASSERT_EQ(0, dmx_fill(d, id, 0, self->size,
				      DMAEXER_PATTERN_RANDOM, SEED));
		ASSERT_EQ(0, dmx_fill(d, id, offset, lengths[i],
				      DMAEXER_PATTERN_BYTE, 0x77));
		EXPECT_EQ(0, wrong(d, id, 0, offset, DMAEXER_PATTERN_RANDOM,
				   SEED));
		EXPECT_EQ(0, wrong(d, id, offset, offset + lengths[i],
				   DMAEXER_PATTERN_BYTE, 0x77));
		EXPECT_EQ(0, wrong(d, id, offset + lengths[i], self->size,
				   DMAEXER_PATTERN_RANDOM, SEED));
	}
}

TEST_F(kinds, check_finds_the_one_byte_that_differs)
{
	struct dmx *d = &self->d;
	uint64_t at = self->size - 2;
	uint32_t id;

	id = kinds_new(d, &variant->wish, DMAEXER_PATTERN_COUNTER, 9);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, self->size,
			DMAEXER_PATTERN_COUNTER, 9);
	ASSERT_EQ(0, nl_call(&d->nl));
	EXPECT_EQ(0, nl_get_u64(&d->nl, DMAEXER_A_BUF_MISMATCHES));
	ASSERT_EQ(0, dmx_fill(d, id, at, 1, DMAEXER_PATTERN_BYTE, 0xee));
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, self->size,
			DMAEXER_PATTERN_COUNTER, 9);
	ASSERT_EQ(0, nl_call(&d->nl));
	EXPECT_EQ(1, nl_get_u64(&d->nl, DMAEXER_A_BUF_MISMATCHES));
	EXPECT_EQ(at, nl_get_u64(&d->nl, DMAEXER_A_BUF_FIRST_MISMATCH));
}

TEST_F(kinds, fields_are_read_and_written_where_data_has_them)
{
	struct dmx *d = &self->d;
	uint64_t index, value;
	uint32_t width, id;

	id = kinds_new(d, &variant->wish, DMAEXER_PATTERN_RANDOM, SEED);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	for (index = 0; index < variant->wish.count;
	     index += 1 + variant->wish.count / 7) {
		for (width = 1; width <= sizeof(long); width *= 2) {
			ASSERT_EQ(0, dmx_read(d, id, index, 8, width, &value))
				TH_LOG("%s", d->nl.msg);
			ASSERT_LT(0, dmx_contents(d, id, bytes, sizeof(bytes)));
			EXPECT_EQ(0, memcmp(bytes + 24 * index + 8, &value,
					    width));
			ASSERT_EQ(0, dmx_write(d, id, index, 16, width,
					       value));
			ASSERT_LT(0, dmx_contents(d, id, bytes, sizeof(bytes)));
			EXPECT_EQ(0, memcmp(bytes + 24 * index + 16, &value,
					    width));
		}
	}
	EXPECT_EQ(EINVAL, dmx_read(d, id, 0, 1, 2, &value));
	EXPECT_EQ(EINVAL, dmx_read(d, id, 0, 23, 2, &value));
	EXPECT_EQ(EINVAL, dmx_read(d, id, variant->wish.count, 0, 1, &value));
}

TEST_F(kinds, its_files_are_there_and_only_for_reading)
{
	struct dmx *d = &self->d;
	struct stat st;
	uint32_t id;

	id = kinds_new(d, &variant->wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	ASSERT_EQ(0, stat(dmx_debugfs(d, id, "data"), &st));
	EXPECT_EQ(0400, st.st_mode & 07777);
	EXPECT_EQ(self->size, st.st_size);
	EXPECT_TRUE(file_exists(dmx_debugfs(d, id, "info")));
	EXPECT_EQ(variant->maps >= 0, file_exists(dmx_debugfs(d, id, "mem")));
	EXPECT_EQ(-EPERM, file_write(dmx_debugfs(d, id, "data"), "x"));
	dmx_begin_id(d, DMAEXER_CMD_BUF_WRITE, DMAEXER_A_BUF_ID, id);
	nl_u64(&d->nl, DMAEXER_A_BUF_INDEX, 0);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, bytes, variant->wish.elem);
	EXPECT_EQ(EPERM, nl_call(&d->nl));
	EXPECT_EQ(EINVAL, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, id));
}

TEST_F(kinds, a_mapping_shows_the_contents_and_dies_with_the_buffer)
{
	size_t len = (self->size + variant->maps + PAGE - 1) & ~(PAGE - 1);
	struct dmx *d = &self->d;
	uint8_t *map;
	uint32_t id;
	size_t i;
	int fd;

	if (variant->maps < 0)
		return;
	id = kinds_new(d, &variant->wish, DMAEXER_PATTERN_RANDOM, SEED);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	fd = mem_open(d, id, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(NULL, mem_map(fd, PROT_READ | PROT_WRITE, len, 0));
	EXPECT_EQ(NULL, mem_map(fd, PROT_READ, len + PAGE, 0));
	map = mem_map(fd, PROT_READ, len, 0);
	ASSERT_NE(NULL, map) TH_LOG("errno %d", errno);
	for (i = 0; i < self->size; i++)
		ASSERT_EQ(pattern_byte(DMAEXER_PATTERN_RANDOM, SEED, i),
			  map[variant->maps + i]) TH_LOG("byte %zu", i);
	for (i += variant->maps; i < len; i++)
		ASSERT_EQ(0, map[i]) TH_LOG("byte %zu", i);
	ASSERT_EQ(0, dmx_fill(d, id, self->size - 1, 1, DMAEXER_PATTERN_BYTE,
			      0x99));
	EXPECT_EQ(0x99, map[variant->maps + self->size - 1]);
	munmap(map, len);
	if (len > PAGE) {
		map = mem_map(fd, PROT_READ, len - PAGE, PAGE);
		ASSERT_NE(NULL, map) TH_LOG("errno %d", errno);
		EXPECT_EQ(pattern_byte(DMAEXER_PATTERN_RANDOM, SEED, PAGE),
			  map[0]);
		len -= PAGE;
	} else {
		map = mem_map(fd, PROT_READ, len, 0);
		ASSERT_NE(NULL, map);
	}
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_STREQ("", mem_dead(map, len));
	close(fd);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(kinds, what_is_kept_of_it_outlives_the_device)
{
	struct dmx *d = &self->d;
	uint32_t id;
	int len;
	size_t i;

	kinds_begin(d, &variant->wish);
	nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, SEED);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	len = file_read(postmortem_path(id, "data"), bytes, sizeof(bytes));
	ASSERT_EQ(self->size, len);
	for (i = 0; i < self->size; i++)
		ASSERT_EQ(pattern_byte(DMAEXER_PATTERN_RANDOM, SEED, i),
			  bytes[i]) TH_LOG("byte %zu", i);
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_POSTMORTEM_GET, id));
	EXPECT_EQ(variant->wish.kind, nl_get_u32(&d->nl, DMAEXER_A_BUF_KIND));
	EXPECT_EQ(variant->has_addr, nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	EXPECT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_POSTMORTEM_DEL, id));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

/* No page follows the one before, else a mapping would have them as one. */
TEST_F(kinds, pages_that_are_scattered_are_so_each)
{
	struct wish wish = { .kind = PAGES, .elem = 1, .count = 300 * PAGE,
			     .has = OF(SHAPE),
			     .shape = DMAEXER_SHAPE_SCATTERED };
	struct dmx *d = &self->d;

	if (variant->wish.kind != PAGES)
		return;
	ASSERT_NE(0, kinds_new(d, &wish, 0, 0)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(300 * PAGE / sysconf(_SC_PAGESIZE),
		  nl_get_u32(&d->nl, DMAEXER_A_BUF_SEGMENTS));
	wish.shape = DMAEXER_SHAPE_LINEAR;
	ASSERT_NE(0, kinds_new(d, &wish, 0, 0)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(1, nl_get_u32(&d->nl, DMAEXER_A_BUF_SEGMENTS));
}

TEST_HARNESS_MAIN
