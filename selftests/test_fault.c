// SPDX-License-Identifier: GPL-2.0
/*
 * Every error path of every request: its points fail one after the other, and
 * nothing has changed. Then the faults themselves: whom they meet, how often,
 * and when they end.
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "fault.h"
#include "kselftest_harness.h"

#define FAULT(name)	DMAEXER_A_FAULT_##name
#define FOP(name)	DMAEXER_FAULT_OP_##name
#define SIZE		65536
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

static void begin_new(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, SIZE);
}

static void begin_new_owned(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	begin_new(nl, d, kind);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
}

static void begin_new_pattern(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	begin_new(nl, d, kind);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
}

static void begin_new_data(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_put(nl, DMAEXER_A_BUF_DATA, "sixteen bytes...", 16);
}

static void begin_dev_new(struct nl *nl, const struct dmx *d, uint32_t owned)
{
	(void)d;
	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	if (owned)
		nl_flag(nl, DMAEXER_A_DEV_OWNED);
}

static void begin_dev_get(struct nl *nl, const struct dmx *d, uint32_t arg)
{
	(void)arg;
	nl_begin(nl, DMAEXER_CMD_DEV_GET);
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
}

static void begin_dev_set(struct nl *nl, const struct dmx *d, uint32_t bits)
{
	nl_begin(nl, DMAEXER_CMD_DEV_SET);
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_DEV_DMA_MASK_BITS, bits);
	nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, bits);
	nl_u32(nl, DMAEXER_A_DEV_MAX_SEG_SIZE, bits << 12);
	nl_flag(nl, DMAEXER_A_DEV_FORCE);
}

static void begin_buf(struct nl *nl, uint8_t cmd, uint32_t id)
{
	nl_begin(nl, cmd);
	nl_u32(nl, DMAEXER_A_BUF_ID, id);
}

static void begin_get(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_GET, id);
}

static void begin_share(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_SHARE, id);
}

static void begin_del(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_DEL, id);
}

static void begin_read(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_READ, id);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, 1);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
}

static void begin_write(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_WRITE, id);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, 1);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
	nl_u64(nl, DMAEXER_A_BUF_VALUE, 1);
}

static void begin_fill(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_FILL, id);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
}

static void begin_check(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_CHECK, id);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
}

static void begin_dump(struct nl *nl, const struct dmx *d, uint32_t cmd)
{
	(void)d;
	nl_begin(nl, cmd);
}

static uint32_t new_box(struct dmx *d)
{
	begin_new(&d->peek, d, BOX);
	return nl_call(&d->peek) ? 0 : nl_get_u32(&d->peek, DMAEXER_A_BUF_ID);
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

TEST_F_TIMEOUT(fault, what_cannot_be_undone_is_done_where_its_reply_is_lost, 60)
{
	struct request share = { "buf-share", begin_share, .prepare = new_box,
				 .remains = true, .ops = REPLY | OP(EVENT) };
	struct request del = { "buf-del", begin_del, .prepare = new_box,
			       .remains = true, .ops = OP(EVENT) };
	struct request set = { "dev-set", begin_dev_set, .arg = 41,
			       .remains = true, .ops = REPLY | OP(MASK) };

	EXPECT_STREQ("", fault_each(&self->d, &share));
	EXPECT_STREQ("", fault_each(&self->d, &del));
	EXPECT_STREQ("", fault_each(&self->d, &set));
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
	};
	struct dmx *d = &self->d;
	const struct nlmsghdr *msg = NULL;
	unsigned int count = 0;
	int i;

	for (i = 0; i < 20; i++)
		ASSERT_NE(0, dmx_new(d, BOX, 1, 1));
	for (i = 0; i < 2; i++)
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

/* Kinds and errors, as the spec has them. */
static int refusal(struct dmx *d, uint32_t op, int error)
{
	nl_begin(&d->peek, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->peek, FAULT(OP), op);
	nl_u32(&d->peek, FAULT(ERRNO), error);
	nl_flag(&d->peek, FAULT(OWNED));
	return nl_call(&d->peek);
}

TEST_F(fault, a_kind_of_point_fails_with_its_own_errors_alone)
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
	begin_new(&d->nl, d, BOX);
	EXPECT_EQ(EBUSY, nl_call(&d->nl));
	EXPECT_STREQ("no number is left", d->nl.msg);
}

TEST_F(fault, the_nth_fails_so_many_times_and_is_counted)
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

TEST_F(fault, a_fault_that_is_not_set_is_enoent_and_nth_0_has_nothing_else)
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
		begin_new_owned(&nl, d, BOX);
		_exit(nl_call(&nl));
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

TEST_F(fault, an_owned_fault_meets_its_process_and_any_other_everybody)
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
TEST_F(fault, owned_faults_die_with_their_socket)
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

TEST_F(fault, there_are_256_faults_and_no_more)
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
