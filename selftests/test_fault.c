// SPDX-License-Identifier: GPL-2.0
/*
 * Every error path of every request: its points fail one after the other, and
 * nothing has changed. What a fault itself is, test_fault_set asks.
 */
#include <sys/socket.h>

#include "begin.h"
#include "bystander.h"
#include "fault.h"
#include "harness.h"
#include "postmortem.h"

#define ROUNDS		1000
#define PATIENCE_MS	5000

FIXTURE(fault)
{
	struct dmx d;
	struct nl ears;
	uint32_t id;
};

FIXTURE_SETUP(fault)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_EQ(0, nl_join(&self->ears));
	self->id = dmx_new_filled(&self->d, COHERENT, 4096,
				  DMAEXER_PATTERN_RANDOM, 1);
	ASSERT_NE(0, self->id);
}

FIXTURE_TEARDOWN(fault)
{
	nl_close(&self->ears);
	dmx_teardown(&self->d);
}

#define REPLY	(OP(REPLY) | OP(SEND))
#define NEW	(REPLY | OP(MEMORY) | OP(ALLOC) | OP(NUMBER) | OP(DEBUGFS) | \
		 OP(EVENT))
#define DEL_BUF	.del = DMAEXER_CMD_BUF_DEL
#define DEL_DEV	.del = DMAEXER_CMD_DEV_DEL

TEST_F_TIMEOUT(fault, buf_new_leaves_nothing_at_whatever_point_it_fails, 120)
{
	static const struct request requests[] = {
		{ "box", begin_new, .arg = BOX, DEL_BUF, .ops = NEW },
		{ "coherent", begin_new, .arg = COHERENT, DEL_BUF, .ops = NEW },
		{ "handle", begin_new, .arg = HANDLE, DEL_BUF, .ops = NEW },
		{ "box with a pattern", begin_new_pattern, .arg = BOX, DEL_BUF,
		  .ops = NEW | OP(INIT) },
		{ "coherent with a pattern", begin_new_pattern, .arg = COHERENT,
		  DEL_BUF, .ops = NEW | OP(INIT) },
		{ "box with data", begin_new_data, .arg = BOX, DEL_BUF,
		  .ops = NEW },
		{ "coherent with data", begin_new_data, .arg = COHERENT,
		  DEL_BUF, .ops = NEW },
		{ "owned", begin_new_owned, .arg = COHERENT, DEL_BUF,
		  .ops = NEW },
		{ "the first that a socket owns", begin_new_owned, .arg = BOX,
		  DEL_BUF, .is_first = true, .ops = NEW },
		{ "kept", begin_new_kept, .arg = COHERENT, DEL_BUF,
		  .is_first = true,
		  .ops = NEW },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_each(&self->d, &requests[i]));
	EXPECT_EQ(1, dmx_live_bufs(&self->d));
	EXPECT_EQ(4096, dmx_live_bytes(&self->d));
}

TEST_F_TIMEOUT(fault, dev_new_leaves_nothing_at_whatever_point_it_fails, 120)
{
	static const struct request requests[] = {
		{ "dev-new", begin_dev_new, .arg = false, DEL_DEV,
		  .binds = true, .ops = REPLY | OP(MEMORY) | OP(NUMBER) |
		  OP(REGISTER) | OP(DEBUGFS) | OP(EVENT) },
		{ "the first that a socket owns", begin_dev_new, .arg = true,
		  DEL_DEV, .binds = true, .is_first = true,
		  .ops = REPLY | OP(MEMORY) | OP(NUMBER) | OP(REGISTER) |
		  OP(DEBUGFS) | OP(EVENT) },
	};
	unsigned int count = dmx_count(&self->d, DMAEXER_CMD_DEV_GET);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_each(&self->d, &requests[i]));
	EXPECT_EQ(count, dmx_count(&self->d, DMAEXER_CMD_DEV_GET));
}

TEST_F_TIMEOUT(fault, requests_about_what_is_there_change_nothing, 60)
{
	struct request requests[] = {
		{ "dev-get", begin_dev_get, .ops = REPLY },
		{ "buf-get", begin_get, .ops = REPLY },
		{ "buf-read", begin_read, .ops = REPLY },
		{ "buf-check", begin_check, .ops = REPLY },
		{ "buf-write", begin_write, .ops = 0 },
		{ "buf-fill", begin_fill, .ops = 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		requests[i].arg = self->id;
		EXPECT_STREQ("", fault_each(&self->d, &requests[i]));
	}
}

TEST_F(fault, postmortem_get_changes_nothing)
{
	struct request get = { "postmortem-get", begin_postmortem_get,
			       .ops = REPLY };

	get.arg = new_postmortem(&self->d);
	EXPECT_STREQ("", fault_each(&self->d, &get));
}

TEST_F_TIMEOUT(fault, what_cannot_be_undone_is_done_where_its_reply_is_lost, 60)
{
	struct request share = { "buf-share", begin_share, .prepare = new_box,
				 .remains = true, .ops = REPLY | OP(EVENT) };
	struct request del = { "buf-del", begin_del, .prepare = new_box,
			       .remains = true, .ops = OP(EVENT) };
	struct request set = { "dev-set", begin_dev_set, .arg = 41,
			       .remains = true, .ops = REPLY | OP(MASK) };
	struct request own = { "owned dev-set", begin_dev_set_owned, .arg = 43,
			       .is_first = true, .remains = true,
			       .ops = REPLY | OP(MASK) | OP(MEMORY) };
	struct request gone = { "dev-del", begin_dev_del, .prepare = new_kept,
				.undo = DMAEXER_CMD_POSTMORTEM_DEL,
				.remains = true,
				.ops = OP(KEEP) | OP(DEBUGFS) | OP(EVENT) };
	struct request drop = { "postmortem-del", begin_postmortem_del,
				.prepare = new_postmortem,
				.undo = DMAEXER_CMD_POSTMORTEM_DEL,
				.remains = true, .ops = OP(EVENT) };

	EXPECT_STREQ("", fault_each(&self->d, &share));
	EXPECT_STREQ("", fault_each(&self->d, &del));
	EXPECT_STREQ("", fault_each(&self->d, &set));
	EXPECT_STREQ("", fault_each(&self->d, &own));
	EXPECT_STREQ("", fault_each(&self->d, &gone));
	EXPECT_STREQ("", fault_each(&self->d, &drop));
	EXPECT_EQ((1ULL << 41) - 1, dmx_dev_u64(&self->d,
						DMAEXER_A_DEV_DMA_MASK));
}

TEST_F_TIMEOUT(fault, a_dump_has_all_or_says_that_it_has_not, 60)
{
	static const struct request requests[] = {
		{ "devices", begin_dump, .arg = DMAEXER_CMD_DEV_GET,
		  .is_dump = true, .ops = OP(DUMP) },
		{ "buffers", begin_dump, .arg = DMAEXER_CMD_BUF_GET,
		  .is_dump = true, .ops = OP(DUMP) },
		{ "postmortems", begin_dump, .arg = DMAEXER_CMD_POSTMORTEM_GET,
		  .is_dump = true, .ops = OP(DUMP) },
	};
	struct dmx *d = &self->d;
	const struct nlmsghdr *msg = NULL;
	unsigned int count = 0;
	int i;

	for (i = 0; i < 20; i++)
		ASSERT_NE(0, dmx_new(d, BOX, 1, 1));
	ASSERT_NE(0, new_postmortem(d));
	ASSERT_NE(0, new_postmortem(d));
	for (i = 0; i < 3; i++)
		EXPECT_STREQ("", fault_each(d, &requests[i]));
	/* one that does not fit is the first of the next datagram */
	ASSERT_EQ(0, fault_set(&d->peek, FOP(DUMP), 2, 1));
	nl_begin(&d->nl, DMAEXER_CMD_BUF_GET);
	ASSERT_EQ(0, nl_dump(&d->nl));
	while ((msg = nl_next(&d->nl, msg)))
		count++;
	ASSERT_EQ(0, fault_clear(&d->peek, FOP(DUMP)));
	EXPECT_EQ(1, nl_get_u64(&d->peek, FAULT(FAILED)));
	EXPECT_EQ(count, dmx_count(d, DMAEXER_CMD_BUF_GET));
}

TEST_F_TIMEOUT(fault, many_failures_cost_no_memory, 280)
{
	struct request requests[] = {
		{ "buf-new", begin_new_pattern, .arg = COHERENT, DEL_BUF },
		{ "handle", begin_new, .arg = HANDLE, DEL_BUF },
		{ "buf-get", begin_get },
	};
	struct request dev = { "dev-new", begin_dev_new, DEL_DEV };
	size_t i;

	nl_close(&self->ears);
	requests[2].arg = self->id;
	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_leaks(&self->d, &requests[i], ROUNDS));
	EXPECT_STREQ("", fault_leaks(&self->d, &dev, ROUNDS / 5));
}

/* What is being allocated is as good as gone, until it has failed. */
TEST_F(fault, what_could_not_be_allocated_is_there_for_others)
{
	uint64_t quarter = number_in("/proc/meminfo", "MemTotal:") * 256;
	struct dmx *d = &self->d;
	int i;

	ASSERT_EQ(0, fault_set(&d->peek, FOP(ALLOC), 1, 0));
	for (i = 0; i < 6; i++) {
		EXPECT_EQ(0, dmx_new(d, COHERENT, 1, quarter));
		EXPECT_EQ(ENOMEM, d->nl.err);
	}
	ASSERT_EQ(0, fault_clear(&d->peek, FOP(ALLOC)));
	EXPECT_EQ(6, nl_get_u64(&d->peek, FAULT(FAILED)));
	EXPECT_NE(0, dmx_new(d, COHERENT, 1, 64)) TH_LOG("%s", d->nl.msg);
}

TEST_F(fault, who_listens_learns_that_an_event_was_lost)
{
	struct dmx *d = &self->d;
	char bytes[4096];

	while (nl_event(&self->ears, 0))
		;
	ASSERT_EQ(0, fault_set(&d->peek, FOP(EVENT), 1, 1));
	ASSERT_NE(0, dmx_new(d, BOX, 1, 1));
	EXPECT_EQ(-1, recv(self->ears.fd, bytes, sizeof(bytes), 0));
	EXPECT_EQ(ENOBUFS, errno);
	ASSERT_NE(0, dmx_new(d, BOX, 1, 1));
	EXPECT_EQ(DMAEXER_CMD_BUF_NEW_NTF, nl_event(&self->ears, PATIENCE_MS));
}

TEST_HARNESS_MAIN
