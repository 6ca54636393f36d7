// SPDX-License-Identifier: GPL-2.0
/* What no DMA engine channel is made to copy, and who says so. */
#include "channel.h"
#include "harness.h"

#define XFER(name)	DMAEXER_A_XFER_##name
#define ALL		DMAEXER_COMPARED_ALL
#define RANDOM		DMAEXER_PATTERN_RANDOM
#define SIZE		(3 * 4096)
/* the largest that a platform without CMA has */
#define LARGE		(4 << 20)

static void __attribute__((constructor)) require(void)
{
	channel_require(NULL);
}

FIXTURE(refused)
{
	struct dmx d;
	uint32_t src;
	uint32_t dst;
};

FIXTURE_SETUP(refused)
{
	ASSERT_STREQ("", channel_setup_bufs(&self->d, SIZE, &self->src,
					    &self->dst));
}

FIXTURE_TEARDOWN(refused)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

TEST_F(refused, a_box_is_refused_until_it_is_shared)
{
	uint32_t box = dmx_new_filled(&self->d, BOX, 4096, RANDOM, 3);
	struct xfer from = { box, 0, self->dst, 0, 64 };
	struct xfer to = { self->src, 0, box, 0, 64 };

	ASSERT_NE(0, box);
	xfer_begin(&self->d.nl, self->d.dev, &from);
	EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, XFER(SRC),
				     format("buffer %u is a box", box)));
	xfer_begin(&self->d.nl, self->d.dev, &to);
	EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, XFER(DST),
				     format("buffer %u is a box", box)));
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_SHARE, box));
	xfer_run(&self->d.nl, self->d.dev, &from);
	EXPECT_STREQ("", xfer_right(&self->d.nl, ALL));
	EXPECT_STREQ("", bytes_are(&self->d, self->dst, 0, 64, RANDOM, 3, 0));
}

/* A buffer of another kind, by its attributes. */
static uint32_t new_kind(struct dmx *d, uint32_t kind, uint32_t direction,
			 uint64_t elem, uint64_t count)
{
	dmx_begin_new(d, kind, elem, count);
	if (direction)
		nl_u32(&d->nl, DMAEXER_A_BUF_DIRECTION, direction);
	return nl_call(&d->nl) ? 0 : nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
}

TEST_F(refused, what_the_device_is_not_to_read_or_not_to_write)
{
	static const uint32_t kinds[] = { DMAEXER_KIND_NONCOHERENT,
					  DMAEXER_KIND_DMA_PAGES,
					  DMAEXER_KIND_NONCONTIGUOUS };
	struct dmx *d = &self->d;
	uint32_t up, down;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		up = new_kind(d, kinds[i], DMAEXER_DIRECTION_FROM_DEVICE, 1, SIZE);
		down = new_kind(d, kinds[i], DMAEXER_DIRECTION_TO_DEVICE, 1, SIZE);
		ASSERT_NE(0, up) TH_LOG("%s", d->nl.msg);
		ASSERT_NE(0, down);
		xfer_begin(&d->nl, d->dev,
			   &(struct xfer){ up, 0, self->dst, 0, 64 });
		EXPECT_STREQ("", dmx_refused(d, EPERM, XFER(SRC),
					     "from-device"));
		xfer_begin(&d->nl, d->dev,
			   &(struct xfer){ self->src, 0, down, 0, 64 });
		EXPECT_STREQ("", dmx_refused(d, EPERM, XFER(DST),
					     "to-device"));
		xfer_run(&d->nl, d->dev, &(struct xfer){ down, 0, up, 0, 64 });
		EXPECT_STREQ("", xfer_right(&d->nl, ALL));
	}
}

TEST_F(refused, memory_without_an_address_and_several_objects_of_a_pool)
{
	struct dmx *d = &self->d;
	uint32_t pages = new_kind(d, DMAEXER_KIND_PAGES, 0, 1, SIZE);
	uint32_t pool = new_kind(d, DMAEXER_KIND_POOL, 0, 256, 20);

	ASSERT_NE(0, pages);
	ASSERT_NE(0, pool);
	xfer_begin(&d->nl, d->dev,
		   &(struct xfer){ pages, 0, self->dst, 0, 64 });
	EXPECT_STREQ("", dmx_refused(d, EINVAL, XFER(SRC), "no DMA address"));
	xfer_begin(&d->nl, d->dev,
		   &(struct xfer){ self->src, 0, pages, 0, 64 });
	EXPECT_STREQ("", dmx_refused(d, EINVAL, XFER(DST), "no DMA address"));
	xfer_begin(&d->nl, d->dev,
		   &(struct xfer){ self->src, 0, pool, 192, 128 });
	EXPECT_STREQ("", dmx_refused(d, EINVAL, XFER(DST), "several objects"));
	xfer_begin(&d->nl, d->dev,
		   &(struct xfer){ pool, 0, self->dst, 0, 257 });
	EXPECT_STREQ("", dmx_refused(d, EINVAL, XFER(SRC), "several objects"));
	xfer_run(&d->nl, d->dev,
		 &(struct xfer){ self->src, 0, pool, 512, 256 });
	EXPECT_STREQ("", xfer_right(&d->nl, ALL));
}

TEST_F(refused, ranges_out_of_bounds_are_refused_with_what_there_is)
{
	struct dmx *d = &self->d;
	uint64_t huge = UINT64_MAX;
	const struct {
		struct xfer x;
		int attr;
		const char *words;
	} bad[] = {
		{ { self->src, SIZE, self->dst, 0, 1 }, XFER(SRC_OFFSET),
		  "is past size 12288" },
		{ { self->src, huge, self->dst, 0, 1 }, XFER(SRC_OFFSET),
		  "is past size 12288" },
		{ { self->src, 0, self->dst, SIZE, 1 }, XFER(DST_OFFSET),
		  "is past size 12288" },
		{ { self->src, 0, self->dst, huge, 1 }, XFER(DST_OFFSET),
		  "is past size 12288" },
		{ { self->src, 0, self->dst, 0, 0 }, XFER(LENGTH),
		  "length is 0" },
		{ { self->src, 0, self->dst, 0, SIZE + 1 }, XFER(LENGTH),
		  "12288 are left" },
		{ { self->src, 1, self->dst, 0, SIZE }, XFER(LENGTH),
		  "12287 are left" },
		{ { self->src, 0, self->dst, SIZE - 1, 2 }, XFER(LENGTH),
		  "1 are left" },
		{ { self->src, 0, self->dst, 0, huge }, XFER(LENGTH),
		  "12288 are left" },
		{ { self->src, 1, self->dst, 1, huge - 1 }, XFER(LENGTH),
		  "12287 are left" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		xfer_begin(&d->nl, d->dev, &bad[i].x);
		EXPECT_STREQ("", dmx_refused(d, EINVAL, bad[i].attr,
					     bad[i].words))
			TH_LOG("number %zu", i);
	}
}

TEST_F(refused, ranges_that_overlap_are_refused)
{
	const struct xfer bad[] = {
		{ self->src, 0, self->src, 0, SIZE },
		{ self->src, 100, self->src, 199, 100 },
		{ self->src, 199, self->src, 100, 100 },
		{ self->src, 100, self->src, 100, 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		xfer_begin(&self->d.nl, self->d.dev, &bad[i]);
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, XFER(DST),
					     "the ranges overlap"));
	}
}

TEST_F(refused, objects_that_are_not_there_are_refused_by_their_number)
{
	struct dmx *d = &self->d;
	struct xfer x = { 0x7fffffff, 0, self->dst, 0, 1 };

	xfer_begin(&d->nl, d->dev, &x);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, XFER(SRC),
				     "no buffer 2147483647"));
	x.src = self->src;
	x.dst = 0;
	xfer_begin(&d->nl, d->dev, &x);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, XFER(DST), "no buffer 0"));
	x.dst = self->dst;
	xfer_begin(&d->nl, 0x7ffffffe, &x);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, XFER(DEV_ID),
				     "no device 2147483646"));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, self->src));
	xfer_begin(&d->nl, d->dev, &x);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, XFER(SRC),
				     format("no buffer %u", self->src)));
}

/* A device of another kind, and a buffer of it. */
static uint32_t other_device(struct dmx *d, uint32_t *buf)
{
	uint32_t dev = 0;

	dmx_begin_dev(&d->nl, NULL);
	if (!nl_call(&d->nl))
		dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u64(&d->nl, DMAEXER_A_BUF_COUNT, 4096);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, RANDOM);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, 3);
	*buf = nl_call(&d->nl) ? 0 : nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
	return dev;
}

TEST_F(refused, a_device_that_is_no_channel_copies_nothing)
{
	struct xfer x = { self->src, 0, self->dst, 0, 1 };
	uint32_t buf;
	uint32_t dev = other_device(&self->d, &buf);

	ASSERT_NE(0, dev);
	xfer_begin(&self->d.nl, dev, &x);
	EXPECT_STREQ("", dmx_refused(&self->d, EOPNOTSUPP, XFER(DEV_ID),
				     "is no DMA engine channel"));
}

/* Where an IOMMU translates, addresses mean another thing to each device. */
TEST_F(refused, a_buffer_of_another_device_is_copied_where_its_address_reaches)
{
	struct dmx *d = &self->d;
	uint64_t mask = dmx_dev_u64(d, DMAEXER_A_DEV_DMA_MASK);
	bool translated = dmx_dev_u64(d, DMAEXER_A_DEV_BACKEND) ==
			  DMAEXER_BACKEND_IOMMU;
	struct xfer from = { 0, 1, self->dst, 3, 99 };
	struct xfer to = { self->src, 3, 0, 1, 99 };
	uint64_t last;

	ASSERT_NE(0, other_device(d, &from.src));
	to.dst = from.src;
	ASSERT_NE(0, to.dst);
	last = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR) + 100;
	if (translated || last > mask) {
		const char *words = translated ? "address space" : "the mask";
		int err = translated ? EOPNOTSUPP : ERANGE;

		xfer_begin(&d->nl, d->dev, &from);
		EXPECT_STREQ("", dmx_refused(d, err, XFER(SRC), words));
		xfer_begin(&d->nl, d->dev, &to);
		EXPECT_STREQ("", dmx_refused(d, err, XFER(DST), words));
	} else {
		xfer_run(&d->nl, d->dev, &from);
		EXPECT_STREQ("", xfer_right(&d->nl, ALL));
		EXPECT_STREQ("", bytes_are(d, self->dst, 3, 99, RANDOM, 3, 1));
		xfer_run(&d->nl, d->dev, &to);
		EXPECT_STREQ("", xfer_right(&d->nl, ALL));
	}
	if (translated) {
		xfer_begin(&d->nl, 0, &from);
		EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, NONE,
					     "no channel here reaches both"));
	}
}

TEST_F(refused, a_channel_is_taken_once_and_keeps_its_name)
{
	struct dmx *d = &self->d;
	const char *words = format("no channel %s that is free", d->name);

	dmx_dev_u64(d, DMAEXER_A_DEV_ID);
	EXPECT_STREQ("dma", nl_get_str(&d->peek, DMAEXER_A_DEV_BUS));
	EXPECT_EQ(2, dmx_live_bufs(d));
	dmx_begin_dev(&d->nl, d->name);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_DEV_CHANNEL, words));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_BUF_GET, self->src));
	dmx_begin_dev(&d->nl, d->name);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_STREQ(d->name, nl_get_str(&d->nl, DMAEXER_A_DEV_NAME));
	EXPECT_NE(d->dev, nl_get_u32(&d->nl, DMAEXER_A_DEV_ID));
}

TEST_F(refused, the_limits_of_a_channel_are_its_drivers)
{
	struct nl *nl = &self->d.nl;

	nl_begin(nl, DMAEXER_CMD_DEV_SET);
	nl_u32(nl, DMAEXER_A_DEV_ID, self->d.dev);
	nl_u32(nl, DMAEXER_A_DEV_DMA_MASK_BITS, 24);
	nl_flag(nl, DMAEXER_A_DEV_FORCE);
	EXPECT_STREQ("", dmx_refused(&self->d, EOPNOTSUPP, DMAEXER_A_DEV_ID,
				     "are its driver's"));
}

/* Has another device take what memory can spare; the socket gives it back. */
static const char *take_memory(struct nl *nl)
{
	uint64_t size = LARGE;
	uint32_t dev;

	if (nl_open(nl))
		return "no socket";
	dmx_begin_dev(nl, NULL);
	if (nl_call(nl))
		return nl->msg;
	dev = nl_get_u32(nl, DMAEXER_A_DEV_ID);
	if (file_write(format("/sys/devices/platform/%s/dmaexer/quota_bytes",
			      nl_get_str(nl, DMAEXER_A_DEV_NAME)),
		       "0xffffffffffffffff"))
		return "no quota";
	/* in pieces that get smaller where there are no larger ones */
	while (size) {
		nl_begin(nl, DMAEXER_CMD_BUF_NEW);
		nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
		nl_u32(nl, DMAEXER_A_BUF_KIND, HANDLE);
		nl_u64(nl, DMAEXER_A_BUF_COUNT, size);
		nl_flag(nl, DMAEXER_A_BUF_OWNED);
		if (nl_call(nl)) {
			if (!strstr(nl->msg, "the platform has no"))
				break;
			size /= 2;
		}
	}
	return strstr(nl->msg, "can spare") ? "" : nl->msg;
}

/* What was at the destination is kept meanwhile, and that is memory, too. */
TEST_F(refused, a_copy_of_more_than_memory_can_spare_is_enomem)
{
	uint32_t src = dmx_new(&self->d, COHERENT, 1, LARGE);
	uint32_t dst = dmx_new(&self->d, COHERENT, 1, LARGE);
	struct xfer x = { .src = src, .dst = dst, .len = LARGE };
	struct nl other;

	ASSERT_NE(0, src);
	ASSERT_NE(0, dst);
	ASSERT_STREQ("", take_memory(&other));
	xfer_begin(&self->d.nl, self->d.dev, &x);
	EXPECT_STREQ("", dmx_refused(&self->d, ENOMEM, NONE,
				     "no memory to keep"));
	nl_close(&other);
	x.len = SIZE;
	xfer_run(&self->d.nl, self->d.dev, &x);
	EXPECT_STREQ("", xfer_right(&self->d.nl, ALL));
}

TEST_HARNESS_MAIN
