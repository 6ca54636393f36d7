// SPDX-License-Identifier: GPL-2.0
/*
 * Requests with random bytes in every attribute. Whatever is answered, the
 * kernel's log stays silent and the module does its work afterwards.
 * DMAEXER_FUZZ_SEED and DMAEXER_FUZZ_COUNT repeat and prolong a run.
 */
#include <time.h>

#include "bystander.h"
#include "dmx.h"
#include "kselftest_harness.h"

#define COUNT	20000
#define MAX_BYTES	300

FIXTURE(fuzz)
{
	struct dmx d;
	uint64_t state;
};

FIXTURE_SETUP(fuzz)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(fuzz)
{
	dmx_teardown(&self->d);
}

/* xorshift64* */
static uint64_t draw(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

static uint64_t below(uint64_t *state, uint64_t limit)
{
	return (draw(state) >> 16) % limit;
}

/* Values that lie where mistakes are made, and a few that do not. */
static uint64_t number(uint64_t *state)
{
	uint64_t one = 1ULL << below(state, 64);

	switch (below(state, 6)) {
	case 0:
		return below(state, 16);
	case 1:
		return one;
	case 2:
		return one - 1;
	case 3:
		return -one;
	case 4:
		return below(state, 70000);
	}
	return draw(state);
}

static size_t width(uint64_t *state)
{
	static const size_t likely[] = { 4, 8, 4, 8, 0, 1 };
	uint64_t choice = below(state, 7);

	return choice < 6 ? likely[choice] : below(state, MAX_BYTES);
}

static void put_random(struct nl *nl, uint64_t *state, uint16_t type)
{
	uint64_t bytes[MAX_BYTES / 8 + 1];
	size_t len = width(state);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bytes); i++)
		bytes[i] = i ? draw(state) : number(state);
	if (!below(state, 50))
		type |= below(state, 2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
	nl_put(nl, type, bytes, len);
}

/* A length that lies about the bytes that follow. */
static void spoil(struct nl *nl, uint64_t *state)
{
	size_t head = NLMSG_HDRLEN + GENL_HDRLEN;

	if (nl->tx_len > head && !below(state, 40))
		nl->tx[head + below(state, nl->tx_len - head)] ^= draw(state);
	if (!below(state, 100))
		nl_raw(nl, "\377\377\377", 1 + below(state, 3));
}

/* Some ids are right, or hardly a request would reach the driver. */
static void random_request(struct dmx *d, uint64_t *state, uint32_t last)
{
	uint8_t cmd = 1 + below(state, DMAEXER_CMD_MAX + 1);
	unsigned int count = below(state, 8);
	bool right = below(state, 4);

	nl_begin(&d->nl, cmd);
	if (cmd < DMAEXER_CMD_BUF_GET && right)
		nl_u32(&d->nl, DMAEXER_A_DEV_ID, d->dev);
	else if (cmd == DMAEXER_CMD_BUF_NEW && right)
		nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	else if (right)
		nl_u32(&d->nl, DMAEXER_A_BUF_ID, last);
	while (count--)
		put_random(&d->nl, state,
			   below(state, DMAEXER_A_BUF_MAX + 3));
	spoil(&d->nl, state);
}

/* Requests of the right form with wild values: they all reach the driver. */
static void wild_request(struct dmx *d, uint64_t *state, uint32_t last)
{
	static const uint8_t cmds[] = {
		DMAEXER_CMD_BUF_NEW, DMAEXER_CMD_BUF_NEW, DMAEXER_CMD_BUF_READ,
		DMAEXER_CMD_BUF_WRITE, DMAEXER_CMD_BUF_FILL,
		DMAEXER_CMD_BUF_CHECK, DMAEXER_CMD_BUF_SHARE,
		DMAEXER_CMD_BUF_DEL, DMAEXER_CMD_DEV_SET,
	};
	uint8_t cmd = cmds[below(state, ARRAY_SIZE(cmds))];
	struct nl *nl = &d->nl;

	nl_begin(nl, cmd);
	if (cmd == DMAEXER_CMD_DEV_SET) {
		nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
		nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, below(state, 70));
	} else if (cmd == DMAEXER_CMD_BUF_NEW) {
		nl_u32(nl, DMAEXER_A_BUF_DEV_ID, d->dev);
		nl_u32(nl, DMAEXER_A_BUF_KIND, below(state, 3));
		nl_u64(nl, DMAEXER_A_BUF_ELEM_SIZE, number(state));
		nl_u64(nl, DMAEXER_A_BUF_COUNT, number(state));
		nl_u32(nl, DMAEXER_A_BUF_ATTRS, below(state, 512) << 1);
		nl_u32(nl, DMAEXER_A_BUF_GFP, below(state, 3));
	} else {
		nl_u32(nl, DMAEXER_A_BUF_ID, last);
	}
	if (cmd == DMAEXER_CMD_BUF_READ || cmd == DMAEXER_CMD_BUF_WRITE) {
		nl_u64(nl, DMAEXER_A_BUF_INDEX, number(state));
		nl_u64(nl, DMAEXER_A_BUF_OFFSET, number(state));
		nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1U << below(state, 4));
	}
	if (cmd == DMAEXER_CMD_BUF_WRITE)
		nl_u64(nl, DMAEXER_A_BUF_VALUE, number(state));
	if (cmd == DMAEXER_CMD_BUF_FILL || cmd == DMAEXER_CMD_BUF_CHECK) {
		nl_u64(nl, DMAEXER_A_BUF_OFFSET, number(state));
		nl_u64(nl, DMAEXER_A_BUF_LENGTH, number(state));
		nl_u32(nl, DMAEXER_A_BUF_PATTERN, below(state, 6));
	}
}

static bool is_cmd(const struct nl *nl, uint8_t cmd)
{
	const struct nlmsghdr *answer = nl_next(nl, NULL);

	return answer && nl_cmd(answer) == cmd;
}

/* A fault that somebody meets is not what is tried here. */
static void clear_fault(struct dmx *d)
{
	bool owned = nl_has(&d->nl, DMAEXER_A_FAULT_OWNED);
	uint32_t op = nl_get_u32(&d->nl, DMAEXER_A_FAULT_OP);

	nl_begin(&d->nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->nl, DMAEXER_A_FAULT_OP, op);
	nl_u32(&d->nl, DMAEXER_A_FAULT_NTH, 0);
	if (owned)
		nl_flag(&d->nl, DMAEXER_A_FAULT_OWNED);
	nl_call(&d->nl);
}

static bool is_errno(int err)
{
	static const int known[] = { 0, EINVAL, ENOENT, EBUSY, ENODEV, ENOSPC,
				     ENOMEM, ERANGE, EOPNOTSUPP, EIO };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (err == known[i])
			return true;
	return false;
}

TEST_F_TIMEOUT(fuzz, random_requests_do_no_harm, 280)
{
	uint64_t seed = setting("DMAEXER_FUZZ_SEED", time(NULL));
	uint64_t count = setting("DMAEXER_FUZZ_COUNT", COUNT);
	uint64_t state = seed * 2 + 1;
	unsigned int accepted = 0;
	struct dmx *d = &self->d;
	uint32_t last = 0, id;
	const char *line;
	uint64_t i;

	printf("# DMAEXER_FUZZ_SEED=%llu DMAEXER_FUZZ_COUNT=%llu\n",
	       (unsigned long long)seed, (unsigned long long)count);
	fflush(stdout);
	for (i = 0; i < count; i++) {
		if (below(&state, 2))
			random_request(d, &state, last);
		else
			wild_request(d, &state, last);
		nl_call(&d->nl);
		ASSERT_TRUE(is_errno(d->nl.err))
			TH_LOG("request %llu: errno %d, %s",
			       (unsigned long long)i, d->nl.err, d->nl.msg);
		accepted += !d->nl.err;
		if (!d->nl.err && is_cmd(&d->nl, DMAEXER_CMD_FAULT_SET)) {
			clear_fault(d);
			continue;
		}
		id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
		if (!d->nl.err && nl_has(&d->nl, DMAEXER_A_BUF_SIZE))
			last = id;
		if (dmx_exists(d, DMAEXER_CMD_DEV_GET, d->dev))
			continue;
		/* A request hit dev-del; the next device takes over. */
		nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
		nl_flag(&d->nl, DMAEXER_A_DEV_OWNED);
		ASSERT_EQ(0, nl_call(&d->nl));
		d->dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
		snprintf(d->name, sizeof(d->name), "%s",
			 nl_get_str(&d->nl, DMAEXER_A_DEV_NAME));
	}
	printf("# %u of %llu requests were accepted\n", accepted,
	       (unsigned long long)count);
	EXPECT_LT(count / 100, accepted);
	line = dmx_complaint(d);
	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
}

TEST_F(fuzz, the_module_works_afterwards)
{
	struct dmx *d = &self->d;
	uint8_t bytes[5000];
	uint32_t id;
	int i, wrong = 0;

	id = dmx_new_filled(d, COHERENT, 5000, DMAEXER_PATTERN_RANDOM, 3);
	ASSERT_NE(0, id);
	ASSERT_EQ(5000, dmx_contents(d, id, bytes, sizeof(bytes)));
	for (i = 0; i < 5000; i++)
		wrong += bytes[i] != pattern_byte(DMAEXER_PATTERN_RANDOM, 3, i);
	EXPECT_EQ(0, wrong);
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_EQ(0, dmx_live_bytes(d));
}

TEST_HARNESS_MAIN
