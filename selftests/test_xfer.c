// SPDX-License-Identifier: GPL-2.0
/* A DMA engine channel copies from one buffer to another. */
#include <fcntl.h>
#include <pthread.h>
#include <time.h>

#include "bystander.h"
#include "channel.h"
#include "harness.h"

#define XFER(name)	DMAEXER_A_XFER_##name
#define ALL		DMAEXER_COMPARED_ALL
#define AROUND		DMAEXER_COMPARED_AROUND
#define NOTHING		DMAEXER_COMPARED_NOTHING
#define RANDOM		DMAEXER_PATTERN_RANDOM
#define SIZE		(3 * 4096)
#define LONG		(16 * 4096)

static void __attribute__((constructor)) require(void)
{
	channel_require(NULL);
}

FIXTURE(xfer)
{
	struct dmx d;
	uint32_t src;
	uint32_t dst;
};

FIXTURE_SETUP(xfer)
{
	ASSERT_STREQ("", channel_setup_bufs(&self->d, SIZE, &self->src,
					    &self->dst));
}

FIXTURE_TEARDOWN(xfer)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_be_fast();
	dmx_teardown(&self->d);
}

/* What is in the destination but for the copy is what was there. */
static const char *is_exact(struct dmx *d, const struct xfer *x)
{
	uint64_t end = x->dst_offset + x->len;
	const char *wrong;

	wrong = bytes_are(d, x->dst, 0, x->dst_offset, RANDOM, 2, 0);
	if (!*wrong)
		wrong = bytes_are(d, x->dst, x->dst_offset, x->len, RANDOM, 1,
				  x->src_offset);
	if (!*wrong)
		wrong = bytes_are(d, x->dst, end, SIZE - end, RANDOM, 2, end);
	return wrong;
}

TEST_F_TIMEOUT(xfer, copies_are_exact_at_any_offset_and_of_any_length, 120)
{
	static const struct xfer copies[] = {
		{ .src_offset = 0, .dst_offset = 0, .len = 1 },
		{ .src_offset = 3, .dst_offset = 5, .len = 7 },
		{ .src_offset = SIZE - 1, .dst_offset = 0, .len = 1 },
		{ .src_offset = 0, .dst_offset = SIZE - 1, .len = 1 },
		{ .src_offset = 1, .dst_offset = 4095, .len = 2047 },
		{ .src_offset = 4093, .dst_offset = 4090, .len = 2049 },
		{ .src_offset = 4095, .dst_offset = 1, .len = 4098 },
		{ .src_offset = 0, .dst_offset = 0, .len = SIZE },
	};
	struct nl *nl = &self->d.nl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(copies); i++) {
		struct xfer x = copies[i];

		x.src = self->src;
		x.dst = self->dst;
		ASSERT_EQ(0, dmx_fill(&self->d, x.dst, 0, SIZE, RANDOM, 2));
		xfer_run(nl, self->d.dev, &x);
		EXPECT_STREQ("", xfer_right(nl, ALL)) TH_LOG("copy %zu", i);
		EXPECT_STREQ("", is_exact(&self->d, &x)) TH_LOG("copy %zu", i);
		EXPECT_EQ(self->d.dev, nl_get_u32(nl, XFER(DEV_ID)));
		EXPECT_STREQ(self->d.name, nl_get_str(nl, XFER(DEV_NAME)));
		EXPECT_EQ(x.src, nl_get_u32(nl, XFER(SRC)));
		EXPECT_EQ(x.src_offset, nl_get_u64(nl, XFER(SRC_OFFSET)));
		EXPECT_EQ(x.dst, nl_get_u32(nl, XFER(DST)));
		EXPECT_EQ(x.dst_offset, nl_get_u64(nl, XFER(DST_OFFSET)));
		EXPECT_EQ(x.len, nl_get_u64(nl, XFER(LENGTH)));
	}
	EXPECT_STREQ("", bytes_are(&self->d, self->src, 0, SIZE, RANDOM, 1, 0));
}

TEST_F(xfer, what_is_left_out_is_the_start_and_the_rest_of_the_shorter)
{
	struct nl *nl = &self->d.nl;
	uint32_t dst = dmx_new(&self->d, COHERENT, 1, 3000);

	nl_begin(nl, DMAEXER_CMD_XFER_RUN);
	nl_u32(nl, XFER(SRC), self->src);
	nl_u32(nl, XFER(DST), dst);
	nl_u64(nl, XFER(DST_OFFSET), 2900);
	nl_call(nl);
	ASSERT_STREQ("", xfer_right(nl, ALL));
	EXPECT_EQ(0, nl_get_u64(nl, XFER(SRC_OFFSET)));
	EXPECT_EQ(100, nl_get_u64(nl, XFER(LENGTH)));
	EXPECT_EQ(self->d.dev, nl_get_u32(nl, XFER(DEV_ID)));
	EXPECT_STREQ("", bytes_are(&self->d, dst, 0, 2900, 0, 0, 0));
	EXPECT_STREQ("", bytes_are(&self->d, dst, 2900, 100, RANDOM, 1, 0));
}

TEST_F(xfer, within_a_buffer_ranges_that_touch_are_copied)
{
	struct xfer x = { self->src, 100, self->src, 200, 100 };

	xfer_run(&self->d.nl, self->d.dev, &x);
	ASSERT_STREQ("", xfer_right(&self->d.nl, ALL));
	EXPECT_STREQ("", bytes_are(&self->d, self->src, 0, 200, RANDOM, 1, 0));
	EXPECT_STREQ("", bytes_are(&self->d, self->src, 200, 100, RANDOM, 1,
				   100));
	EXPECT_STREQ("", bytes_are(&self->d, self->src, 300, SIZE - 300, RANDOM,
				   1, 300));
}

TEST_F(xfer, a_handle_is_moved_through_and_what_can_be_is_compared)
{
	uint32_t handle = dmx_new(&self->d, HANDLE, 1, SIZE);
	struct xfer in = { self->src, 5, handle, 4090, 99 };
	struct xfer through = { handle, 4091, handle, 11, 98 };
	struct xfer out = { handle, 11, self->dst, 17, 98 };
	struct nl *nl = &self->d.nl;

	ASSERT_NE(0, handle);
	xfer_run(nl, self->d.dev, &in);
	EXPECT_STREQ("", xfer_right(nl, NOTHING));
	xfer_run(nl, self->d.dev, &through);
	EXPECT_STREQ("", xfer_right(nl, NOTHING));
	xfer_run(nl, self->d.dev, &out);
	EXPECT_STREQ("", xfer_right(nl, AROUND));
	EXPECT_STREQ("", bytes_are(&self->d, self->dst, 0, 17, RANDOM, 2, 0));
	EXPECT_STREQ("", bytes_are(&self->d, self->dst, 17, 98, RANDOM, 1, 6));
	EXPECT_STREQ("", bytes_are(&self->d, self->dst, 115, SIZE - 115, RANDOM,
				   2, 115));
}

/* The device reports that all is done, and nobody has seen a byte of it. */
TEST_F_TIMEOUT(xfer, a_device_that_is_kept_from_memory_has_copied_nothing, 60)
{
	struct xfer x = { self->src, 0, self->dst, 16, 256 };
	const char *config = format("/sys/class/dma/%s/device/config",
				    self->d.name);
	int fd = open(config, O_RDWR | O_CLOEXEC);
	struct nl *nl = &self->d.nl;
	const char *line;
	uint16_t command, none;

	if (fd < 0)
		SKIP(return, "the controller is no PCI device");
	/* the byte at 4 has the bit for bus mastering, 0x4 */
	ASSERT_EQ(2, pread(fd, &command, 2, 4));
	none = command & ~4;
	ASSERT_EQ(0, dmx_fill(&self->d, x.src, 0, SIZE, DMAEXER_PATTERN_BYTE,
			      0x11));
	ASSERT_EQ(0, dmx_fill(&self->d, x.dst, 0, SIZE, DMAEXER_PATTERN_BYTE,
			      0x22));
	ASSERT_EQ(2, pwrite(fd, &none, 2, 4));
	xfer_run(nl, self->d.dev, &x);
	EXPECT_EQ(2, pwrite(fd, &command, 2, 4));
	close(fd);
	ASSERT_EQ(0, nl->err) TH_LOG("%s", nl->msg);
	EXPECT_EQ(ALL, nl_get_u32(nl, XFER(COMPARED)));
	EXPECT_EQ(256, nl_get_u64(nl, XFER(NOT_COPIED)));
	EXPECT_EQ(0, nl_get_u64(nl, XFER(CORRUPTED)));
	EXPECT_EQ(0, nl_get_u64(nl, XFER(OVERRUN)));
	EXPECT_EQ(16, nl_get_u64(nl, XFER(FIRST_MISMATCH)));
	EXPECT_EQ(0x11, nl_get_u32(nl, XFER(EXPECTED)));
	EXPECT_EQ(0x22, nl_get_u32(nl, XFER(ACTUAL)));
	/* nor has its interrupt, if that is a message */
	while ((line = dmx_complaint(&self->d))) {
		EXPECT_NE(NULL, strstr(line, "an interrupt is missing"));
	}
	xfer_run(nl, self->d.dev, &x);
	EXPECT_STREQ("", xfer_right(nl, ALL));
}

/**
 * struct job - a transfer in a thread of its own
 * @nl: its socket
 * @x: the transfer
 * @chan: the channel
 * @end: when it was over, in seconds
 */
struct job {
	struct nl nl;
	struct xfer x;
	uint32_t chan;
	double end;
};

static void *run(void *arg)
{
	struct job *job = arg;

	xfer_run(&job->nl, job->chan, &job->x);
	job->end = now();
	return NULL;
}

/* What is told of the transfer meanwhile, each time more of it. */
TEST_F_TIMEOUT(xfer, a_device_tells_how_far_its_transfer_is, 60)
{
	struct job job = { .x = { self->src, 0, self->dst, 0, SIZE },
			   .chan = self->d.dev };
	struct nl *peek = &self->d.peek;
	uint64_t done, last = 0;
	unsigned int seen = 0;
	pthread_t thread;

	if (!channel_be_slow(&self->d))
		SKIP(return, "the channel is too fast to be looked at");
	ASSERT_EQ(0, nl_open(&job.nl));
	dmx_dev_u64(&self->d, DMAEXER_A_DEV_XFER_OWNER);
	EXPECT_FALSE(nl_has(peek, DMAEXER_A_DEV_XFER_OWNER));
	ASSERT_EQ(0, pthread_create(&thread, NULL, run, &job));
	do {
		done = dmx_dev_u64(&self->d, DMAEXER_A_DEV_XFER_DONE);
		if (!nl_has(peek, DMAEXER_A_DEV_XFER_OWNER))
			continue;
		EXPECT_EQ(job.nl.port, nl_get_u32(peek,
						  DMAEXER_A_DEV_XFER_OWNER));
		EXPECT_EQ(SIZE, nl_get_u64(peek, DMAEXER_A_DEV_XFER_LENGTH));
		EXPECT_EQ(0, done % CHANNEL_STEP);
		EXPECT_LE(last, done);
		seen += done > last;
		last = done;
	} while (pthread_tryjoin_np(thread, NULL));
	EXPECT_STREQ("", xfer_right(&job.nl, ALL));
	/* the last step may be over before anybody looks */
	EXPECT_LE(SIZE / CHANNEL_STEP - 2, seen);
	dmx_dev_u64(&self->d, DMAEXER_A_DEV_XFER_OWNER);
	EXPECT_FALSE(nl_has(peek, DMAEXER_A_DEV_XFER_OWNER));
	EXPECT_FALSE(nl_has(peek, DMAEXER_A_DEV_XFER_LENGTH));
	EXPECT_FALSE(nl_has(peek, DMAEXER_A_DEV_XFER_DONE));
	nl_close(&job.nl);
}

/* What it asks about is there until it has its answer. */
TEST_F_TIMEOUT(xfer, a_transfer_does_not_end_while_somebody_looks_at_it, 60)
{
	uint32_t src = dmx_new_filled(&self->d, COHERENT, LONG, RANDOM, 1);
	uint32_t dst = dmx_new_filled(&self->d, COHERENT, LONG, RANDOM, 2);
	struct job job = { .x = { src, 0, dst, 0, LONG, 250 },
			   .chan = self->d.dev };
	bool seen = false;
	pthread_t thread;
	double asked;
	int tries;

	if (!channel_be_slow(&self->d) || !channel_tell_slowly(500))
		SKIP(return, "the channel is not that of the test module");
	ASSERT_EQ(0, nl_open(&job.nl));
	for (tries = 0; tries < 20 && !seen; tries++) {
		ASSERT_EQ(0, pthread_create(&thread, NULL, run, &job));
		usleep(100 * 1000);
		asked = now();
		dmx_dev_u64(&self->d, DMAEXER_A_DEV_XFER_LENGTH);
		/* before the copy has begun, or after it, nobody is asked */
		seen = nl_has(&self->d.peek, DMAEXER_A_DEV_XFER_LENGTH) &&
		       now() >= asked + 0.5;
		pthread_join(thread, NULL);
		EXPECT_EQ(ETIMEDOUT, job.nl.err);
		/* its time was up long before that */
		EXPECT_TRUE(!seen || job.end >= asked + 0.5);
	}
	EXPECT_TRUE(seen);
	nl_close(&job.nl);
}

/* Side by side in one buffer, so that each is around the other. */
/* dma-iommu maps memory that is one block, whether it is asked to or not. */
TEST_F(xfer, a_handle_of_one_block_tells_how_the_kernel_maps_it)
{
	struct dmx *d = &self->d;
	bool translated = dmx_dev_u64(d, DMAEXER_A_DEV_BACKEND) ==
			  DMAEXER_BACKEND_IOMMU;

	dmx_begin_new(d, HANDLE, 1, 3 * 4096);
	nl_u32(&d->nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_FORCE_CONTIGUOUS);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(translated ? DMAEXER_MAPPING_LINEAR : DMAEXER_MAPPING_NONE,
		  nl_get_u32(&d->nl, DMAEXER_A_BUF_MAPPING));
}

TEST_F_TIMEOUT(xfer, several_at_once_on_one_channel_are_all_right, 120)
{
	struct job jobs[4] = {};
	pthread_t threads[4];
	size_t i;

	channel_be_slow(&self->d);
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		jobs[i].chan = self->d.dev;
		jobs[i].x = (struct xfer){ self->src, 3000 * i, self->dst,
					   3000 * i, 3000 };
		ASSERT_EQ(0, nl_open(&jobs[i].nl));
	}
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, run, &jobs[i]));
	}
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		pthread_join(threads[i], NULL);
		EXPECT_STREQ("", xfer_right(&jobs[i].nl, ALL));
		nl_close(&jobs[i].nl);
	}
	EXPECT_STREQ("", bytes_are(&self->d, self->dst, 0, 12000, RANDOM, 1,
				   0));
	EXPECT_STREQ("", bytes_are(&self->d, self->dst, 12000, SIZE - 12000,
				   RANDOM, 2, 12000));
}

TEST_F_TIMEOUT(xfer, a_transfer_that_takes_too_long_costs_its_timeout, 60)
{
	uint32_t src = dmx_new_filled(&self->d, COHERENT, LONG, RANDOM, 1);
	uint32_t dst = dmx_new_filled(&self->d, COHERENT, LONG, RANDOM, 2);
	struct xfer slow = { src, 0, dst, 0, LONG, 300 };
	struct xfer x = { self->src, 7, self->dst, 1000, 100 };
	struct nl *nl = &self->d.nl;
	struct timespec start, end;

	if (!channel_be_slow(&self->d))
		SKIP(return, "the channel is in time");
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_EQ(ETIMEDOUT, xfer_run(nl, self->d.dev, &slow));
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT_STREQ(format("%s was not done after 300 ms, and stopped",
			    self->d.name), nl->msg);
	/* half of the 200 ms for each step that it would have taken */
	EXPECT_GT(LONG / CHANNEL_STEP / 10, end.tv_sec - start.tv_sec);
	EXPECT_STREQ("", bytes_are(&self->d, dst, LONG / 2, LONG / 2, RANDOM, 2,
				   LONG / 2));
	xfer_run(nl, self->d.dev, &x);
	EXPECT_STREQ("", xfer_right(nl, ALL));
	EXPECT_STREQ("", is_exact(&self->d, &x));
}

TEST_HARNESS_MAIN
