// SPDX-License-Identifier: GPL-2.0
/* Masks and segment size that go back to what they were with a socket. */
#include <signal.h>
#include <sys/wait.h>

#include "dmx.h"
#include "harness.h"

#define PATIENCE_MS	5000
#define SEGMENT		4096

FIXTURE(limits)
{
	struct dmx d;
};

FIXTURE_SETUP(limits)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(limits)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

static uint32_t new_owned(struct nl *nl, uint32_t dev)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, 5000);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_BUF_ID);
}

static uint32_t new_dev(struct nl *nl)
{
	dmx_begin_dev(nl, NULL);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_DEV_ID);
}

static void begin_limits(struct nl *nl, uint32_t dev, uint32_t bits, bool owned)
{
	nl_begin(nl, DMAEXER_CMD_DEV_SET);
	nl_u32(nl, DMAEXER_A_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_DEV_DMA_MASK_BITS, bits);
	nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, bits + 1);
	nl_u32(nl, DMAEXER_A_DEV_MAX_SEG_SIZE, SEGMENT + bits);
	if (owned)
		nl_flag(nl, DMAEXER_A_DEV_OWNED);
}

static int set_limits(struct nl *nl, uint32_t dev, uint32_t bits, bool owned)
{
	begin_limits(nl, dev, bits, owned);
	return nl_call(nl);
}

/* The width of the masks of begin_limits(), 0 where they are not of that kind. */
static uint32_t limits(struct dmx *d)
{
	uint64_t mask = dmx_dev_u64(d, DMAEXER_A_DEV_DMA_MASK);
	uint32_t bits = mask ? 64 - __builtin_clzll(mask) : 0;

	return nl_get_u64(&d->peek, DMAEXER_A_DEV_COHERENT_MASK) ==
	       2 * mask + 1 && nl_get_u32(&d->peek, DMAEXER_A_DEV_MAX_SEG_SIZE)
	       == SEGMENT + bits ? bits : 0;
}

static uint32_t limits_owner(struct dmx *d)
{
	dmx_dev_u64(d, DMAEXER_A_DEV_DMA_MASK);
	return nl_get_u32(&d->peek, DMAEXER_A_DEV_LIMITS_OWNER);
}

static bool limits_soon(struct dmx *d, uint32_t bits)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS && limits(d) != bits; ms++)
		usleep(1000);
	return limits(d) == bits && !limits_owner(d);
}

TEST_F(limits, close_puts_back_what_was_before_the_first_owned_limits)
{
	struct dmx *d = &self->d;
	struct nl nl;
	uint32_t id;

	ASSERT_EQ(0, set_limits(&d->nl, d->dev, 40, false));
	ASSERT_EQ(0, limits_owner(d));
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 44, true));
	EXPECT_EQ(nl.port, nl_get_u32(&nl, DMAEXER_A_DEV_LIMITS_OWNER));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 36, true));
	EXPECT_EQ(36, limits(d));
	/* Its own buffer goes before, that of another stays where it is. */
	id = dmx_new_filled(d, COHERENT, 5000, DMAEXER_PATTERN_RANDOM, 7);
	ASSERT_NE(0, id);
	ASSERT_NE(0, new_owned(&nl, d->dev));
	nl_close(&nl);
	EXPECT_TRUE(limits_soon(d, 40));
	EXPECT_EQ(1, dmx_live_bufs(d));
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, 5000,
			DMAEXER_PATTERN_RANDOM, 7);
	ASSERT_EQ(0, nl_call(&d->nl));
	EXPECT_EQ(0, nl_get_u64(&d->nl, DMAEXER_A_BUF_MISMATCHES));
}

TEST_F(limits, limits_are_put_back_narrower_than_a_buffer_that_others_have)
{
	struct dmx *d = &self->d;
	struct nl nl;

	ASSERT_EQ(0, set_limits(&d->nl, d->dev, 35, false));
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 60, true));
	ASSERT_NE(0, dmx_new(d, COHERENT, 1, 4096));
	nl_close(&nl);
	EXPECT_TRUE(limits_soon(d, 35));
	EXPECT_EQ(EBUSY, set_limits(&d->nl, d->dev, 36, false));
}

TEST_F(limits, owned_limits_are_nobody_elses)
{
	struct dmx *d = &self->d;
	struct nl nl;

	ASSERT_EQ(0, set_limits(&d->nl, d->dev, 40, false));
	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 36, true));
	begin_limits(&d->nl, d->dev, 38, false);
	EXPECT_STREQ("", dmx_refused(d, EBUSY, DMAEXER_A_DEV_ID,
				     "limits-owner"));
	begin_limits(&d->nl, d->dev, 38, true);
	nl_flag(&d->nl, DMAEXER_A_DEV_FORCE);
	EXPECT_STREQ("", dmx_refused(d, EBUSY, DMAEXER_A_DEV_ID,
				     "limits-owner"));
	EXPECT_EQ(nl.port, limits_owner(d));
	/* So it is while the owner has a buffer, as a probe in its sweep. */
	ASSERT_NE(0, new_owned(&nl, d->dev));
	begin_limits(&d->nl, d->dev, 38, false);
	EXPECT_STREQ("", dmx_refused(d, EBUSY, DMAEXER_A_DEV_ID,
				     "limits-owner"));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL,
				nl_get_u32(&nl, DMAEXER_A_BUF_ID)));
	/* What was refused owns nothing, and what was not is the owner's. */
	EXPECT_EQ(EINVAL, set_limits(&nl, d->dev, 64, true));
	EXPECT_EQ(36, limits(d));
	EXPECT_EQ(0, set_limits(&nl, d->dev, 34, true));
	nl_close(&nl);
	EXPECT_TRUE(limits_soon(d, 40));
	EXPECT_EQ(EINVAL, set_limits(&d->nl, d->dev, 64, true));
	EXPECT_EQ(0, limits_owner(d));
	EXPECT_EQ(0, set_limits(&d->nl, d->dev, 38, false));
}

TEST_F(limits, limits_that_the_owner_sets_for_good_stay)
{
	struct dmx *d = &self->d;
	struct nl nl;

	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 36, true));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 37, false));
	EXPECT_FALSE(nl_has(&nl, DMAEXER_A_DEV_LIMITS_OWNER));
	ASSERT_EQ(0, set_limits(&d->nl, d->dev, 38, false));
	nl_close(&nl);
	EXPECT_EQ(38, limits(d));
}

TEST_F(limits, limits_do_not_outlive_their_device)
{
	struct dmx *d = &self->d;
	uint32_t dev, other;
	struct nl nl;

	ASSERT_EQ(0, nl_open(&nl));
	dev = new_dev(&nl);
	other = new_dev(&d->nl);
	ASSERT_EQ(0, set_limits(&nl, dev, 36, true));
	ASSERT_EQ(0, set_limits(&nl, other, 36, true));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, other));
	EXPECT_EQ(ENOENT, set_limits(&nl, other, 37, true));
	ASSERT_EQ(0, set_limits(&d->nl, d->dev, 40, false));
	ASSERT_EQ(0, set_limits(&nl, d->dev, 36, true));
	nl_close(&nl);
	EXPECT_TRUE(limits_soon(d, 40));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_DEV_GET, dev));
}

/* As a probe does it. */
static void sweep(uint32_t dev)
{
	struct nl nl;
	uint32_t bits;
	uint32_t id;

	if (nl_open(&nl))
		_exit(1);
	for (bits = 33;; bits = bits < 60 ? bits + 1 : 33) {
		if (set_limits(&nl, dev, bits, true))
			_exit(1);
		id = new_owned(&nl, dev);
		nl_begin(&nl, DMAEXER_CMD_BUF_DEL);
		nl_u32(&nl, DMAEXER_A_BUF_ID, id);
		if (nl_call(&nl))
			_exit(1);
	}
}

TEST_F_TIMEOUT(limits, kill_9_in_a_sweep_of_masks_puts_them_back, 120)
{
	struct dmx *d = &self->d;
	int round, status;
	pid_t pid;

	ASSERT_EQ(0, set_limits(&d->nl, d->dev, 61, false));
	for (round = 0; round < 40; round++) {
		pid = fork();
		if (!pid)
			sweep(d->dev);
		while (!limits_owner(d))
			usleep(100);
		usleep(50 * round);
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status));
		ASSERT_TRUE(limits_soon(d, 61)) TH_LOG("%u bits", limits(d));
		ASSERT_EQ(0, dmx_live_bufs(d));
	}
}

TEST_HARNESS_MAIN
