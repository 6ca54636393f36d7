// SPDX-License-Identifier: GPL-2.0
/* Each point of the allocation of each kind fails once, and leaves nothing. */
#include "begin.h"
#include "fault.h"
#include "harness.h"
#include "kinds.h"

#define NEW		(OP(MEMORY) | OP(ALLOC) | OP(NUMBER) | OP(DEBUGFS) | \
			 OP(EVENT) | OP(REPLY) | OP(SEND) | OP(INIT))

/* What "fault_each" asks for: the number of a row. */
static const struct wish wishes[] = {
	{ .kind = PAGES, .elem = 1, .count = 20000 },
	{ .kind = PAGES, .elem = 1, .count = 20000, .has = OF(SHAPE),
	  .shape = DMAEXER_SHAPE_SCATTERED },
	{ .kind = PAGES, .elem = 1, .count = 200, .has = OF(SHAPE),
	  .shape = DMAEXER_SHAPE_OFFSET },
	{ .kind = PAGES, .elem = 1, .count = 200, .has = OF(SHAPE),
	  .shape = DMAEXER_SHAPE_SMALL },
	{ .kind = NONCOHERENT, .elem = 1, .count = 20000 },
	{ .kind = DMA_PAGES, .elem = 1, .count = 20000 },
	{ .kind = NONCONTIGUOUS, .elem = 1, .count = 20000 },
	{ .kind = POOL, .elem = 64, .count = 9 },
	{ .kind = MANAGED, .elem = 1, .count = 20000 },
};

FIXTURE(fault)
{
	struct dmx d;
	struct nl ears;
};

FIXTURE_SETUP(fault)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_EQ(0, nl_join(&self->ears));
}

FIXTURE_TEARDOWN(fault)
{
	nl_close(&self->ears);
	dmx_teardown(&self->d);
}

static void begin_wish(struct nl *nl, const struct dmx *d, uint32_t row)
{
	struct dmx copy = *d;

	copy.nl = *nl;
	kinds_begin(&copy, &wishes[row]);
	nl_u32(&copy.nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
	*nl = copy.nl;
}

static struct request request_of(size_t row)
{
	struct request request = { "buf-new", begin_wish, .arg = row,
				   .del = DMAEXER_CMD_BUF_DEL, .ops = NEW };

	if (wishes[row].kind == NONCONTIGUOUS)
		request.ops |= OP(VMAP);
	if (wishes[row].kind == POOL)
		request.ops |= OP(POOL);
	return request;
}

TEST_F_TIMEOUT(fault, each_point_of_each_kind_fails_alone, 200)
{
	struct request request;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		request = request_of(i);
		EXPECT_STREQ("", fault_each(&self->d, &request))
			TH_LOG("row %zu", i);
	}
}

/* Of those that are made of several allocations. */
TEST_F_TIMEOUT(fault, many_failures_cost_no_memory, 200)
{
	struct request request;
	size_t i;

	nl_close(&self->ears);
	for (i = 0; i < ARRAY_SIZE(wishes); i++) {
		if (wishes[i].kind != POOL && wishes[i].kind != NONCONTIGUOUS &&
		    wishes[i].shape != DMAEXER_SHAPE_SCATTERED)
			continue;
		request = request_of(i);
		EXPECT_STREQ("", fault_leaks(&self->d, &request, 40))
			TH_LOG("row %zu", i);
	}
}

TEST_HARNESS_MAIN
