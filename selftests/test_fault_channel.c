// SPDX-License-Identifier: GPL-2.0
/* Every error path of the requests that need a DMA engine channel. */
#include "bystander.h"
#include "channel.h"
#include "fault.h"
#include "begin.h"
#include "harness.h"

#define SIZE	8192
#define ROUNDS	2000

static void __attribute__((constructor)) require(void)
{
	channel_require(NULL);
}

FIXTURE(fault_channel)
{
	struct dmx d;
	struct nl ears;
};

FIXTURE_SETUP(fault_channel)
{
	ASSERT_STREQ("", channel_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_EQ(0, nl_join(&self->ears));
}

FIXTURE_TEARDOWN(fault_channel)
{
	nl_close(&self->ears);
	dmx_teardown(&self->d);
}

#define REPLY	(OP(REPLY) | OP(SEND))

TEST_F_TIMEOUT(fault_channel, a_transfer_that_fails_copies_nothing, 60)
{
	struct dmx *d = &self->d;
	struct request xfer = { "xfer-run", begin_xfer, .remains = true,
				.ops = REPLY | OP(MEMORY) | OP(SUBMIT) };

	xfer.arg = dmx_new_filled(d, COHERENT, SIZE, DMAEXER_PATTERN_COUNTER, 7);
	ASSERT_NE(0, xfer.arg);
	EXPECT_STREQ("", fault_each(d, &xfer));
	EXPECT_STREQ("", bytes_are(d, xfer.arg, 4096, 2048,
				   DMAEXER_PATTERN_COUNTER, 7, 0));
}

TEST_F_TIMEOUT(fault_channel, a_test_of_protection_that_fails_leaves_nothing, 240)
{
	static const struct request requests[] = {
		{ "within", begin_protect, .arg = DMAEXER_PROTECT_CASE_WITHIN },
		{ "past-end", begin_protect,
		  .arg = DMAEXER_PROTECT_CASE_PAST_END },
		{ "freed", begin_protect, .arg = DMAEXER_PROTECT_CASE_FREED },
		{ "read-only", begin_protect,
		  .arg = DMAEXER_PROTECT_CASE_READ_ONLY },
	};
	struct request r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		r = requests[i];
		r.ops = REPLY | OP(MEMORY) | OP(MAP) | OP(SUBMIT);
		EXPECT_STREQ("", fault_each(&self->d, &r));
	}
	/* the address space is nobody's again */
	EXPECT_NE(0, dmx_new(&self->d, COHERENT, 1, 64));
}

/* A page a time would be twice as much. */
TEST_F_TIMEOUT(fault_channel, a_test_of_protection_costs_no_memory, 240)
{
	static const uint32_t ops[] = { 0, FOP(MAP), FOP(SUBMIT) };
	struct dmx *d = &self->d;
	long before, lost;
	size_t i;
	int round;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		if (ops[i])
			ASSERT_EQ(0, fault_set(&d->peek, ops[i], 1, 0));
		before = (long)available_kib();
		for (round = 0; round < ROUNDS; round++) {
			begin_protect(&d->nl, d, DMAEXER_PROTECT_CASE_WITHIN);
			nl_call(&d->nl);
		}
		lost = before - (long)available_kib();
		EXPECT_GT(ROUNDS * 2, lost);
		printf("# %u: %ld kB\n", ops[i], lost);
		if (ops[i])
			ASSERT_EQ(0, fault_clear(&d->peek, ops[i]));
	}
}

TEST_F_TIMEOUT(fault_channel, a_channel_that_cannot_be_taken_stays_free, 60)
{
	struct request take = { "dev-new", begin_channel,
				.del = DMAEXER_CMD_DEV_DEL,
				.ops = REPLY | OP(MEMORY) | OP(CHANNEL) |
				OP(NUMBER) | OP(DEBUGFS) | OP(SYSFS) |
				OP(EVENT) };

	/* the only one there is may be ours */
	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	EXPECT_STREQ("", fault_each(&self->d, &take));
}

TEST_HARNESS_MAIN
