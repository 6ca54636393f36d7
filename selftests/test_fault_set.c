// SPDX-License-Identifier: GPL-2.0
/* Faults themselves: whom they meet, how often, and when they end. */
#include <signal.h>
#include <sys/wait.h>

#include "become.h"
#include "fault.h"
#include "harness.h"

#define PATIENCE_MS	5000

FIXTURE(fault_set)
{
	struct dmx d;
};

FIXTURE_SETUP(fault_set)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(fault_set)
{
	dmx_teardown(&self->d);
}

/* Kinds and errors, as the spec has them. */
static int refusal(struct dmx *d, uint32_t op, int error)
{
	nl_begin(&d->peek, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->peek, FAULT(OP), op);
	nl_u32(&d->peek, FAULT(ERRNO), error);
	nl_flag(&d->peek, FAULT(OWNED));
	return nl_call(&d->peek);
}

TEST_F(fault_set, a_kind_of_point_fails_with_its_own_errors_alone)
{
	static const struct {
		uint32_t op;
		int errors[2];
	} known[] = {
		{ FOP(ANY) },
		{ FOP(MEMORY), { ENOMEM } }, { FOP(ALLOC), { ENOMEM } },
		{ FOP(INIT), { EIO } }, { FOP(NUMBER), { ENOMEM, EBUSY } },
		{ FOP(REGISTER), { ENOMEM } }, { FOP(MASK), { EIO } },
		{ FOP(DEBUGFS), { ENOMEM } }, { FOP(SYSFS), { ENOMEM } },
		{ FOP(CHANNEL), { ENOENT } }, { FOP(SUBMIT), { EIO } },
		{ FOP(MAP), { ENOMEM } }, { FOP(REPLY), { ENOMEM } },
		{ FOP(SEND), { EAGAIN, ECONNREFUSED } },
		{ FOP(DUMP), { EMSGSIZE } }, { FOP(EVENT), { ENOMEM } },
		{ FOP(KEEP), { ENOMEM } }, { FOP(VMAP), { ENOMEM } },
		{ FOP(POOL), { ENOMEM } },
	};
	struct dmx *d = &self->d;
	bool right;
	size_t i;
	int err;

	ASSERT_EQ(DMAEXER_FAULT_OP_MAX + 1, ARRAY_SIZE(known));
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		for (err = 0; err < 140; err++) {
			right = err && (err == known[i].errors[0] ||
					err == known[i].errors[1]);
			EXPECT_EQ(right ? 0 : EINVAL,
				  refusal(d, known[i].op, err));
			if (right) {
				EXPECT_EQ(0, fault_clear(&d->peek, known[i].op));
			} else {
				EXPECT_EQ(FAULT(ERRNO), nl_type_at(&d->peek,
							d->peek.offs));
			}
		}
	}
	ASSERT_EQ(0, refusal(d, FOP(NUMBER), EBUSY));
	dmx_begin_new(d, BOX, 1, 4096);
	EXPECT_EQ(EBUSY, nl_call(&d->nl));
	EXPECT_STREQ("no number is left", d->nl.msg);
}

TEST_F(fault_set, the_nth_fails_so_many_times_and_is_counted)
{
	static const struct {
		uint32_t nth;
		uint32_t times;
		const char *fails;
	} wanted[] = {
		{ 1, 1, "x....." }, { 3, 1, "..x..." }, { 2, 3, ".xxx.." },
		{ 3, 0, "..xxxx" }, { 7, 1, "......" },
		{ 0xffffffff, 0xffffffff, "......" },
		{ 1, 0xffffffff, "xxxxxx" },
	};
	struct dmx *d = &self->d;
	uint32_t fails;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		ASSERT_EQ(0, fault_set(&d->peek, FOP(ALLOC), wanted[i].nth,
				       wanted[i].times));
		EXPECT_EQ(0, nl_get_u64(&d->peek, FAULT(PASSED)));
		fails = 0;
		for (n = 0; n < 6; n++) {
			EXPECT_EQ(wanted[i].fails[n] == 'x',
				  !dmx_new(d, BOX, 1, 1));
			fails += wanted[i].fails[n] == 'x';
		}
		nl_begin(&d->peek, DMAEXER_CMD_FAULT_GET);
		nl_u32(&d->peek, FAULT(OP), FOP(ALLOC));
		nl_flag(&d->peek, FAULT(OWNED));
		ASSERT_EQ(0, nl_call(&d->peek));
		EXPECT_EQ(6, nl_get_u64(&d->peek, FAULT(PASSED)));
		EXPECT_EQ(fails, nl_get_u64(&d->peek, FAULT(FAILED)));
		EXPECT_EQ(!!fails, nl_has(&d->peek, FAULT(LAST)));
		EXPECT_EQ(wanted[i].nth, nl_get_u32(&d->peek, FAULT(NTH)));
		EXPECT_EQ(wanted[i].times, nl_get_u32(&d->peek, FAULT(TIMES)));
		EXPECT_EQ(d->peek.port, nl_get_u32(&d->peek, FAULT(OWNER)));
	}
}

TEST_F(fault_set, a_fault_that_is_not_set_is_enoent_and_nth_0_has_nothing_else)
{
	struct dmx *d = &self->d;
	struct nl *nl = &d->nl;

	nl_begin(nl, DMAEXER_CMD_FAULT_GET);
	nl_u32(nl, FAULT(OP), FOP(MAP));
	EXPECT_STREQ("", dmx_refused(d, ENOENT, FAULT(OP),
				     "no fault of map is set"));
	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, FAULT(OP), FOP(MAP));
	nl_u32(nl, FAULT(NTH), 0);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, FAULT(OP),
				     "no fault of map is set"));
	nl_u32(nl, FAULT(TIMES), 1);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, FAULT(TIMES), "has no times"));
	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, FAULT(OP), FOP(MAP));
	nl_u32(nl, FAULT(NTH), 0);
	nl_u32(nl, FAULT(ERRNO), ENOMEM);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, FAULT(ERRNO), "has no errno"));
	nl_begin(nl, DMAEXER_CMD_FAULT_GET);
	nl_u32(nl, FAULT(OP), FOP(MAP));
	EXPECT_STREQ("", dmx_dump_refused(d, EINVAL, "a dump takes no op"));
}

static uint32_t new_elsewhere(struct dmx *d)
{
	int status;
	pid_t pid = fork();
	struct nl nl;

	if (!pid) {
		if (nl_open(&nl))
			_exit(100);
		nl_begin(&nl, DMAEXER_CMD_BUF_NEW);
		nl_u32(&nl, DMAEXER_A_BUF_DEV_ID, d->dev);
		nl_u32(&nl, DMAEXER_A_BUF_KIND, BOX);
		nl_u64(&nl, DMAEXER_A_BUF_COUNT, 1);
		nl_flag(&nl, DMAEXER_A_BUF_OWNED);
		_exit(nl_call(&nl));
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

TEST_F(fault_set, an_owned_fault_meets_its_process_and_any_other_everybody)
{
	struct dmx *d = &self->d;

	ASSERT_EQ(0, fault_set(&d->peek, FOP(ALLOC), 1, 0));
	EXPECT_EQ(0, new_elsewhere(d));
	EXPECT_EQ(0, dmx_new(d, BOX, 1, 1));
	ASSERT_EQ(0, fault_clear(&d->peek, FOP(ALLOC)));
	EXPECT_EQ(1, nl_get_u64(&d->peek, FAULT(PASSED)));
	nl_begin(&d->peek, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->peek, FAULT(OP), FOP(ALLOC));
	nl_u32(&d->peek, FAULT(TIMES), 0);
	ASSERT_EQ(0, nl_call(&d->peek));
	EXPECT_FALSE(nl_has(&d->peek, FAULT(OWNED)));
	EXPECT_EQ(ENOMEM, new_elsewhere(d));
	EXPECT_EQ(0, dmx_new(d, BOX, 1, 1));
	nl_begin(&d->nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->nl, FAULT(OP), FOP(ALLOC));
	nl_u32(&d->nl, FAULT(NTH), 0);
	EXPECT_EQ(0, nl_call(&d->nl));
	EXPECT_EQ(2, nl_get_u64(&d->nl, FAULT(FAILED)));
	EXPECT_NE(0, dmx_new(d, BOX, 1, 1));
}

/* Nothing is left of a client that was killed, and others' faults stay. */
TEST_F(fault_set, owned_faults_die_with_their_socket)
{
	struct dmx *d = &self->d;
	unsigned int before;
	int pipe_fd[2], ms;
	struct nl nl;
	pid_t pid;
	char go;

	ASSERT_EQ(0, fault_set(&d->nl, FOP(MAP), 1, 0));
	before = dmx_count(d, DMAEXER_CMD_FAULT_GET);
	ASSERT_EQ(0, pipe(pipe_fd));
	pid = fork();
	if (!pid) {
		if (nl_open(&nl) || fault_set(&nl, FOP(ALLOC), 1, 0) ||
		    fault_set(&nl, FOP(ANY), 5, 1) ||
		    write(pipe_fd[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	ASSERT_EQ(1, read(pipe_fd[0], &go, 1));
	EXPECT_EQ(before + 2, dmx_count(d, DMAEXER_CMD_FAULT_GET));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	for (ms = 0; ms < PATIENCE_MS &&
	     dmx_count(d, DMAEXER_CMD_FAULT_GET) != before; ms++)
		usleep(1000);
	EXPECT_EQ(before, dmx_count(d, DMAEXER_CMD_FAULT_GET));
	EXPECT_EQ(0, fault_clear(&d->nl, FOP(MAP)));
}

/* Nor are they met by who has that port in another network namespace. */
TEST_F(fault_set, a_socket_of_another_network_namespace_takes_none)
{
	struct dmx *d = &self->d;
	int status = -1;
	struct nl nl;
	pid_t pid;

	ASSERT_EQ(0, fault_set(&d->nl, FOP(MAP), 1, 0));
	pid = fork();
	if (!pid)
		_exit(become_root_of_network() ||
		      nl_open_port(&nl, d->nl.port) || close(nl.fd));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	usleep(100 * 1000);
	EXPECT_EQ(0, fault_clear(&d->nl, FOP(MAP)));
}

TEST_F(fault_set, there_are_256_faults_and_no_more)
{
	struct dmx *d = &self->d;
	unsigned int count = dmx_count(d, DMAEXER_CMD_FAULT_GET);
	struct nl many[32];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(many); i++)
		ASSERT_EQ(0, nl_open(&many[i]));
	for (i = 0; count < 256; i++, count++)
		ASSERT_EQ(0, fault_set(&many[i / 15], FOP(MEMORY) + i % 15,
				       1000000, 1));
	EXPECT_EQ(256, dmx_count(d, DMAEXER_CMD_FAULT_GET));
	nl_begin(&d->nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->nl, FAULT(OP), FOP(ALLOC));
	nl_flag(&d->nl, FAULT(OWNED));
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, "256 faults already"));
	/* to replace one takes no room */
	EXPECT_EQ(0, fault_set(&many[0], FOP(ALLOC), 1000000, 1));
	for (i = 0; i < ARRAY_SIZE(many); i++)
		nl_close(&many[i]);
}

TEST_HARNESS_MAIN
