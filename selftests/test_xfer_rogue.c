// SPDX-License-Identifier: GPL-2.0
/*
 * What is said of a channel that does not keep its promises: that of the test
 * module rogue/ copies too much, too little, wrongly, late or never.
 */
#include <pthread.h>
#include <time.h>

#include "channel.h"
#include "harness.h"

#define XFER(name)	DMAEXER_A_XFER_##name
#define ALL		DMAEXER_COMPARED_ALL
#define AROUND		DMAEXER_COMPARED_AROUND
#define BYTE		DMAEXER_PATTERN_BYTE
#define SIZE		(2 * 4096)
#define OLD		0x22
#define NEW		0x11

static void __attribute__((constructor)) require(void)
{
	channel_require("align=3 coarse=1");
}

FIXTURE(rogue)
{
	struct dmx d;
	struct xfer x;
};

FIXTURE_SETUP(rogue)
{
	struct dmx *d = &self->d;

	ASSERT_STREQ("", channel_setup(d));
	ASSERT_NE(NULL, strstr(channel_driver(d), "dmx_rogue_test"));
	self->x.src = dmx_new_filled(d, COHERENT, SIZE, BYTE, NEW);
	self->x.dst = dmx_new_filled(d, COHERENT, SIZE, BYTE, OLD);
	ASSERT_NE(0, self->x.src);
	ASSERT_NE(0, self->x.dst);
	self->x.src_offset = 8;
	self->x.dst_offset = 1024;
	self->x.len = 4000;
}

FIXTURE_TEARDOWN(rogue)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_breaks("nothing");
	channel_limit(0);
	channel_be_fast();
	dmx_teardown(&self->d);
}

/**
 * struct verdict - what is said of a transfer
 * @not_copied: bytes
 * @corrupted: bytes
 * @overrun: bytes
 * @first: offset in the destination
 * @expected: what should be there
 * @actual: what is there
 */
struct verdict {
	uint64_t not_copied;
	uint64_t corrupted;
	uint64_t overrun;
	uint64_t first;
	uint8_t expected;
	uint8_t actual;
};

static const char *differs(const char *name, uint64_t is, uint64_t should)
{
	return is == should ? "" :
	       format("%s is %llu, not %llu", name, (unsigned long long)is,
		      (unsigned long long)should);
}

/* The transfer is made, and judged so and not otherwise. */
static const char *judged(struct dmx *d, const struct xfer *x,
			  const struct verdict *v)
{
	struct nl *nl = &d->nl;
	const char *wrong;

	if (xfer_run(nl, d->dev, x))
		return format("errno %d, %s", nl->err, nl->msg);
	wrong = differs("compared", nl_get_u32(nl, XFER(COMPARED)), ALL);
	if (!*wrong)
		wrong = differs("not-copied", nl_get_u64(nl, XFER(NOT_COPIED)),
				v->not_copied);
	if (!*wrong)
		wrong = differs("corrupted", nl_get_u64(nl, XFER(CORRUPTED)),
				v->corrupted);
	if (!*wrong)
		wrong = differs("overrun", nl_get_u64(nl, XFER(OVERRUN)),
				v->overrun);
	if (!*wrong)
		wrong = differs("first-mismatch",
				nl_get_u64(nl, XFER(FIRST_MISMATCH)), v->first);
	if (!*wrong)
		wrong = differs("expected", nl_get_u64(nl, XFER(EXPECTED)),
				v->expected);
	if (!*wrong)
		wrong = differs("actual", nl_get_u64(nl, XFER(ACTUAL)),
				v->actual);
	return wrong;
}

static const char *is_right(struct dmx *d, const struct xfer *x)
{
	channel_breaks("nothing");
	xfer_run(&d->nl, d->dev, x);
	return xfer_right(&d->nl, ALL);
}

TEST_F(rogue, a_channel_that_does_as_it_is_told_is_not_accused)
{
	EXPECT_STREQ("", is_right(&self->d, &self->x));
	EXPECT_STREQ("", bytes_are(&self->d, self->x.dst, 0, 1024, BYTE, OLD,
				   0));
	EXPECT_STREQ("", bytes_are(&self->d, self->x.dst, 1024, 4000, BYTE, NEW,
				   0));
	EXPECT_STREQ("", bytes_are(&self->d, self->x.dst, 5024, SIZE - 5024,
				   BYTE, OLD, 0));
}

/* To the last byte that the bus reaches, for both ends. */
TEST_F(rogue, its_reach_ends_where_its_bus_does)
{
	struct dmx *d = &self->d;
	struct xfer *x = &self->x;
	uint64_t src, dst;

	dmx_begin_id(d, DMAEXER_CMD_BUF_GET, DMAEXER_A_BUF_ID, x->src);
	ASSERT_EQ(0, nl_call(&d->nl));
	src = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR) + x->src_offset;
	dmx_begin_id(d, DMAEXER_CMD_BUF_GET, DMAEXER_A_BUF_ID, x->dst);
	ASSERT_EQ(0, nl_call(&d->nl));
	dst = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR) + x->dst_offset;

	ASSERT_TRUE(channel_limit((src > dst ? src : dst) + x->len - 1));
	EXPECT_STREQ("", is_right(d, x));
	ASSERT_TRUE(channel_limit((src > dst ? src : dst) + x->len - 2));
	xfer_begin(&d->nl, d->dev, x);
	EXPECT_STREQ("", dmx_refused(d, ERANGE, src > dst ? XFER(SRC) :
				     XFER(DST), "the mask"));
	ASSERT_TRUE(channel_limit((src < dst ? src : dst) + x->len - 2));
	xfer_begin(&d->nl, d->dev, x);
	EXPECT_STREQ("", dmx_refused(d, ERANGE, XFER(SRC), "the mask"));
}

TEST_F(rogue, bytes_that_are_left_out_are_not_copied)
{
	struct verdict v = { 16, 0, 0, 1024 + 4000 - 16, NEW, OLD };

	ASSERT_TRUE(channel_breaks("short"));
	EXPECT_STREQ("", judged(&self->d, &self->x, &v));
	EXPECT_STREQ("", is_right(&self->d, &self->x));
}

TEST_F(rogue, a_copy_that_was_reported_and_never_made_is_not_copied)
{
	struct verdict v = { 4000, 0, 0, 1024, NEW, OLD };

	ASSERT_TRUE(channel_breaks("idle"));
	EXPECT_STREQ("", judged(&self->d, &self->x, &v));
	EXPECT_STREQ("", is_right(&self->d, &self->x));
}

TEST_F(rogue, a_byte_that_is_neither_old_nor_new_is_corrupted)
{
	struct verdict v = { 0, 1, 0, 1024 + 2000, NEW, (uint8_t)~NEW };

	ASSERT_TRUE(channel_breaks("wrong"));
	EXPECT_STREQ("", judged(&self->d, &self->x, &v));
	EXPECT_STREQ("", is_right(&self->d, &self->x));
}

TEST_F(rogue, bytes_behind_the_destination_are_overrun)
{
	struct verdict v = { 0, 0, 16, 1024 + 4000, OLD, (uint8_t)~OLD };

	ASSERT_TRUE(channel_breaks("long"));
	EXPECT_STREQ("", judged(&self->d, &self->x, &v));
}

TEST_F(rogue, a_byte_before_the_destination_is_overrun)
{
	struct verdict v = { 0, 0, 1, 1023, OLD, (uint8_t)~OLD };

	ASSERT_TRUE(channel_breaks("before"));
	EXPECT_STREQ("", judged(&self->d, &self->x, &v));
}

TEST_F(rogue, of_all_that_is_wrong_the_first_byte_is_told)
{
	struct verdict v = { 0, 1, 16, 1024 + 2000, NEW, (uint8_t)~NEW };

	ASSERT_TRUE(channel_breaks("messy"));
	EXPECT_STREQ("", judged(&self->d, &self->x, &v));
}

/* What cannot be compared is not judged, the bytes around it are. */
TEST_F(rogue, around_a_copy_from_a_handle_bytes_are_compared)
{
	struct nl *nl = &self->d.nl;
	struct xfer out = self->x;

	out.src = dmx_new(&self->d, HANDLE, 1, SIZE);
	ASSERT_NE(0, out.src);
	ASSERT_TRUE(channel_breaks("long"));
	ASSERT_EQ(0, xfer_run(nl, self->d.dev, &out)) TH_LOG("%s", nl->msg);
	EXPECT_EQ(AROUND, nl_get_u32(nl, XFER(COMPARED)));
	EXPECT_EQ(16, nl_get_u64(nl, XFER(OVERRUN)));
	EXPECT_EQ(1024 + 4000, nl_get_u64(nl, XFER(FIRST_MISMATCH)));
	EXPECT_FALSE(nl_has(nl, XFER(NOT_COPIED)));
	EXPECT_FALSE(nl_has(nl, XFER(CORRUPTED)));
	ASSERT_TRUE(channel_breaks("wrong"));
	ASSERT_EQ(0, dmx_fill(&self->d, out.dst, 0, SIZE, BYTE, OLD));
	xfer_run(nl, self->d.dev, &out);
	EXPECT_STREQ("", xfer_right(nl, AROUND));
}

TEST_F_TIMEOUT(rogue, a_channel_that_never_answers_costs_its_timeout, 30)
{
	struct timespec start, end;
	struct nl *nl = &self->d.nl;

	self->x.timeout_ms = 250;
	ASSERT_TRUE(channel_breaks("silent"));
	clock_gettime(CLOCK_MONOTONIC, &start);
	xfer_begin(nl, self->d.dev, &self->x);
	EXPECT_STREQ("", dmx_refused(&self->d, ETIMEDOUT, NONE,
				     "was not done after 250 ms, and stopped"));
	clock_gettime(CLOCK_MONOTONIC, &end);
	/* and not the default */
	EXPECT_GT(10, end.tv_sec - start.tv_sec);
	EXPECT_STREQ("", is_right(&self->d, &self->x));
}

TEST_F(rogue, a_channel_that_reports_an_error_is_eio)
{
	struct nl *nl = &self->d.nl;

	ASSERT_TRUE(channel_breaks("error"));
	EXPECT_EQ(EIO, xfer_run(nl, self->d.dev, &self->x));
	EXPECT_STREQ(format("%s reports that the transfer failed",
			    self->d.name), nl->msg);
	EXPECT_STREQ("", is_right(&self->d, &self->x));
}

TEST_F(rogue, a_channel_that_takes_nothing_is_eio)
{
	ASSERT_TRUE(channel_breaks("refuse"));
	xfer_begin(&self->d.nl, self->d.dev, &self->x);
	EXPECT_STREQ("", dmx_refused(&self->d, EIO, NONE,
				     "does not take the transfer"));
	EXPECT_STREQ("", is_right(&self->d, &self->x));
}

TEST_F(rogue, what_the_channel_cannot_align_is_refused)
{
	struct xfer bad[] = { self->x, self->x, self->x };
	size_t i;

	EXPECT_EQ(8, dmx_dev_u64(&self->d, DMAEXER_A_DEV_COPY_ALIGN));
	bad[0].src_offset += 4;
	bad[1].dst_offset += 1;
	bad[2].len -= 7;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		xfer_begin(&self->d.nl, self->d.dev, &bad[i]);
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, NONE,
			     "wants offsets and length aligned to 8"));
	}
}

static void *run(void *arg)
{
	const struct xfer *x = arg;
	struct nl nl;

	if (!nl_open(&nl))
		xfer_run(&nl, 0, x);
	nl_close(&nl);
	return NULL;
}

TEST_F_TIMEOUT(rogue, one_that_knows_whole_copies_only_tells_of_no_part, 30)
{
	struct nl *peek = &self->d.peek;
	unsigned int seen = 0;
	pthread_t thread;

	ASSERT_TRUE(channel_be_slow(&self->d));
	ASSERT_EQ(0, pthread_create(&thread, NULL, run, &self->x));
	do {
		dmx_dev_u64(&self->d, DMAEXER_A_DEV_XFER_DONE);
		seen += nl_has(peek, DMAEXER_A_DEV_XFER_LENGTH);
		EXPECT_FALSE(nl_has(peek, DMAEXER_A_DEV_XFER_DONE));
	} while (pthread_tryjoin_np(thread, NULL));
	EXPECT_LT(0, seen);
}

TEST_HARNESS_MAIN
