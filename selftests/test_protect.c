// SPDX-License-Identifier: GPL-2.0
/*
 * What is said of protection where the channel does not do as it is told, and
 * where it goes: that of the test module rogue/.
 */
#include <pthread.h>
#include <time.h>

#include "channel.h"
#include "harness.h"

#define PROTECT(name)	DMAEXER_A_PROTECT_##name

static void __attribute__((constructor)) require(void)
{
	channel_require("mask_bits=32");
}

FIXTURE(protect)
{
	struct dmx d;
	struct nl nl;
};

FIXTURE_SETUP(protect)
{
	ASSERT_STREQ("", channel_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->nl));
}

FIXTURE_TEARDOWN(protect)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_breaks("nothing");
	nl_close(&self->nl);
	dmx_teardown(&self->d);
}

static void begin(struct nl *nl, const struct dmx *d, uint32_t what)
{
	nl_begin(nl, DMAEXER_CMD_PROTECT_RUN);
	nl_u32(nl, PROTECT(DEV_ID), d->dev);
	nl_u32(nl, PROTECT(CASE), what);
}

/* "", or what is wrong: the outcome, and the reason if there is to be one. */
static const char *comes_to(struct dmx *d, uint32_t what, uint32_t outcome,
			    const char *reason)
{
	const char *said;

	begin(&d->nl, d, what);
	if (nl_call(&d->nl))
		return format("errno %d, %s", d->nl.err, d->nl.msg);
	if (nl_get_u32(&d->nl, PROTECT(OUTCOME)) != outcome)
		return format("outcome %u, not %u",
			      nl_get_u32(&d->nl, PROTECT(OUTCOME)), outcome);
	said = nl_has(&d->nl, PROTECT(REASON)) ?
	       nl_get_str(&d->nl, PROTECT(REASON)) : "";
	return strcmp(said, reason) ? format("because \"%s\"", said) : "";
}

TEST_F(protect, what_a_channel_writes_within_a_mapping_lands)
{
	EXPECT_STREQ("", comes_to(&self->d, DMAEXER_PROTECT_CASE_WITHIN,
				  DMAEXER_OUTCOME_LANDED, ""));
}

TEST_F(protect, a_channel_that_writes_nothing_is_no_evidence_of_what_is_freed)
{
	ASSERT_TRUE(channel_breaks("idle"));
	EXPECT_STREQ("", comes_to(&self->d, DMAEXER_PROTECT_CASE_WITHIN,
				  DMAEXER_OUTCOME_STOPPED, ""));
	EXPECT_STREQ("", comes_to(&self->d, DMAEXER_PROTECT_CASE_FREED,
				  DMAEXER_OUTCOME_NOT_RUN,
				  "a write to a mapping does not land"));
}

TEST_F(protect, a_channel_that_takes_nothing_is_eio)
{
	ASSERT_TRUE(channel_breaks("refuse"));
	begin(&self->d.nl, &self->d, DMAEXER_PROTECT_CASE_WITHIN);
	EXPECT_STREQ("", dmx_refused(&self->d, EIO, NONE, "does not take a copy"));
}

TEST_F_TIMEOUT(protect, a_channel_that_never_answers_is_etimedout, 60)
{
	ASSERT_TRUE(channel_breaks("silent"));
	begin(&self->d.nl, &self->d, DMAEXER_PROTECT_CASE_WITHIN);
	EXPECT_STREQ("", dmx_refused(&self->d, ETIMEDOUT, NONE,
				     "does not answer, and was stopped"));
	channel_breaks("nothing");
	EXPECT_STREQ("", comes_to(&self->d, DMAEXER_PROTECT_CASE_WITHIN,
				  DMAEXER_OUTCOME_LANDED, ""));
}

static void *call(void *nl)
{
	nl_call(nl);
	return NULL;
}

/* Whether the channel has something to copy. */
static bool is_busy(struct dmx *d)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		if (dmx_dev_u64(d, DMAEXER_A_DEV_XFER_LENGTH))
			return true;
		usleep(10000);
	}
	return false;
}

TEST_F_TIMEOUT(protect, a_channel_that_goes_in_the_middle_is_enodev_at_once, 60)
{
	struct timespec start;
	struct timespec end;
	pthread_t thread;

	ASSERT_TRUE(channel_breaks("silent"));
	clock_gettime(CLOCK_MONOTONIC, &start);
	begin(&self->nl, &self->d, DMAEXER_PROTECT_CASE_WITHIN);
	ASSERT_EQ(0, pthread_create(&thread, NULL, call, &self->nl));
	EXPECT_TRUE(is_busy(&self->d));
	EXPECT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	pthread_join(thread, NULL);
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT_EQ(ENODEV, self->nl.err);
	EXPECT_NE(NULL, strstr(self->nl.msg, "is gone"));
	EXPECT_EQ(PROTECT(DEV_ID), nl_type_at(&self->nl, self->nl.offs));
	/* not as long as it waits for a channel that is silent */
	EXPECT_GT(8, end.tv_sec - start.tv_sec);
}

TEST_HARNESS_MAIN
