// SPDX-License-Identifier: GPL-2.0
/* The objects of a pool, by the addresses that buf-read shows. */
#include "harness.h"
#include "kinds.h"

#define MOST	600
#define ROUND_UP(n, to)	(((n) + (to) - 1) / (to) * (to))

FIXTURE(pool)
{
	struct dmx d;
};

FIXTURE_SETUP(pool)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(pool)
{
	dmx_teardown(&self->d);
}

static int by_address(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

/* Asks for the address of each object, and sorts them: "", or what is wrong. */
static const char *addresses(struct dmx *d, uint32_t id, uint64_t count,
			     uint64_t *addrs)
{
	uint64_t i;

	for (i = 0; i < count; i++) {
		dmx_begin_field(d, DMAEXER_CMD_BUF_READ, id, i, 0, 1);
		if (nl_call(&d->nl))
			return format("buf-read: %s", d->nl.msg);
		if (!nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR))
			return "no address";
		addrs[i] = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
	}
	qsort(addrs, count, sizeof(*addrs), by_address);
	return "";
}

static const char *wrong(const uint64_t *addrs, uint64_t count, uint64_t size,
			 uint64_t align, uint64_t boundary)
{
	uint64_t i;

	for (i = 0; i < count; i++) {
		if (addrs[i] % align)
			return format("%#llx is not aligned",
				      (unsigned long long)addrs[i]);
		if (boundary && addrs[i] / boundary !=
		    (addrs[i] + size - 1) / boundary)
			return format("%#llx crosses a boundary",
				      (unsigned long long)addrs[i]);
		if (i && addrs[i] < addrs[i - 1] + size)
			return format("%#llx overlaps",
				      (unsigned long long)addrs[i]);
	}
	return "";
}

TEST_F(pool, objects_are_aligned_and_cross_no_boundary_and_do_not_overlap)
{
	static const struct { uint64_t size, count, align, boundary; } pools[] = {
		{ 1, 500, 1, 0 }, { 24, 500, 8, 0 }, { 40, 500, 64, 512 },
		{ 100, 300, 4, 128 }, { 64, 500, 64, 64 }, { 1000, 60, 16, 1024 },
		{ 2048, 20, 1, 4096 }, { 4096, 9, 4096, 4096 },
		{ 5000, 9, 256, 8192 }, { 8, 300, 1024, 0 },
	};
	struct wish wish = { .kind = POOL, .has = OF(ALIGN) | OF(BOUNDARY) };
	struct dmx *d = &self->d;
	uint64_t addrs[MOST];
	uint32_t id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pools); i++) {
		wish.elem = pools[i].size;
		wish.count = pools[i].count;
		wish.align = pools[i].align;
		wish.boundary = pools[i].boundary;
		id = kinds_new(d, &wish, 0, 0);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		EXPECT_EQ(DMAEXER_VERDICT_HOLDS,
			  kinds_verdict(d, DMAEXER_CHECK_ALIGNMENT));
		EXPECT_EQ(DMAEXER_VERDICT_HOLDS,
			  kinds_verdict(d, DMAEXER_CHECK_OVERLAP));
		/* what lies between the objects is no other's */
		EXPECT_LE(ROUND_UP(wish.elem, wish.align) * wish.count,
			  dmx_live_bytes(d));
		ASSERT_STREQ("", addresses(d, id, wish.count, addrs));
		EXPECT_STREQ("", wrong(addrs, wish.count, wish.elem,
				       wish.align, wish.boundary))
			TH_LOG("pool %zu", i);
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		EXPECT_EQ(0, dmx_live_bytes(d));
	}
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(pool, what_it_cannot_be_is_refused_with_a_sentence)
{
	static const struct {
		struct wish wish;
		int err, attr;
		const char *words;
	} refused[] = {
		{ { POOL, 40, 1, OF(ALIGN), .align = 0 }, EINVAL,
		  DMAEXER_A_BUF_ALIGN, "no power of two" },
		{ { POOL, 40, 1, OF(ALIGN), .align = 48 }, EINVAL,
		  DMAEXER_A_BUF_ALIGN, "no power of two" },
		{ { POOL, 40, 1, OF(ALIGN), .align = 1ULL << 63 }, ERANGE,
		  DMAEXER_A_BUF_ALIGN, "at most" },
		{ { POOL, 40, 1, OF(BOUNDARY), .boundary = 96 }, EINVAL,
		  DMAEXER_A_BUF_BOUNDARY, "no power of two" },
		{ { POOL, 40, 1, OF(BOUNDARY), .boundary = 32 }, EINVAL,
		  DMAEXER_A_BUF_BOUNDARY, "below the 40 bytes" },
		{ { POOL, 40, 1, OF(BOUNDARY) | OF(ALIGN), .boundary = 64,
		    .align = 128 }, EINVAL, DMAEXER_A_BUF_BOUNDARY,
		  "below the 128 bytes" },
		{ { POOL, 40, 1, OF(BOUNDARY), .boundary = 1ULL << 32 },
		  ERANGE, DMAEXER_A_BUF_BOUNDARY, "2 GiB" },
		{ { POOL, DMAEXER_POOL_OBJECT_MAX + 1, 1 }, ERANGE,
		  DMAEXER_A_BUF_ELEM_SIZE, "at most" },
		{ { POOL, 1, DMAEXER_POOL_COUNT_MAX + 1 }, ERANGE,
		  DMAEXER_A_BUF_COUNT, "at most" },
		{ { COHERENT, 40, 1, OF(ALIGN), .align = 64 }, EINVAL,
		  DMAEXER_A_BUF_ALIGN, "pool alone" },
		{ { PAGES, 40, 1, OF(BOUNDARY), .boundary = 64 }, EINVAL,
		  DMAEXER_A_BUF_BOUNDARY, "pool alone" },
	};
	struct wish wish = { POOL, 8, 10 };
	struct dmx *d = &self->d;
	uint32_t id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		kinds_begin(d, &refused[i].wish);
		EXPECT_STREQ("", dmx_refused(d, refused[i].err,
					     refused[i].attr,
					     refused[i].words))
			TH_LOG("row %zu", i);
	}
	kinds_begin(d, &wish);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN,
				     "each object"));
	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	dmx_begin_id(d, DMAEXER_CMD_BUF_FILL, DMAEXER_A_BUF_ID, id);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_PATTERN,
				     "each object"));
}

/* The bytes of one object are those of no other. */
TEST_F(pool, an_object_is_written_alone)
{
	struct wish wish = { POOL, 24, 300, OF(ALIGN), .align = 8 };
	struct dmx *d = &self->d;
	uint8_t bytes[24 * 300];
	uint64_t i;
	uint32_t id;

	id = kinds_new(d, &wish, DMAEXER_PATTERN_BYTE, 0x11);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	ASSERT_EQ(0, dmx_fill(d, id, 24 * 7, 24, DMAEXER_PATTERN_BYTE, 0xee));
	ASSERT_EQ(sizeof(bytes), dmx_contents(d, id, bytes, sizeof(bytes)));
	for (i = 0; i < sizeof(bytes); i++)
		ASSERT_EQ(i / 24 == 7 ? 0xee : 0x11, bytes[i])
			TH_LOG("byte %llu", (unsigned long long)i);
}

TEST_HARNESS_MAIN
