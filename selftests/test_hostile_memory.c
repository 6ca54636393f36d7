// SPDX-License-Identifier: GPL-2.0
/*
 * Clients that want all memory there is, or all that some devices reach: a part of
 * it is left to others, who neither wait for it nor are killed.
 */
#include "bystander.h"
#include "harness.h"
#include "hostile.h"

/* what a device of the ISA bus reaches; where that is a zone it is 16 MiB */
#define LOW_BITS	24

FIXTURE(hostile)
{
	struct hostile h;
};

FIXTURE_SETUP(hostile)
{
	ASSERT_STREQ("", hostile_begin(&self->h));
}

FIXTURE_TEARDOWN(hostile)
{
	EXPECT_STREQ("", hostile_end(&self->h));
}

/* As low as it gets, once it is below @kib. */
static uint64_t lowest_kib(uint64_t kib)
{
	uint64_t lowest = UINT64_MAX, found;
	double end = now() + PATIENCE_S;

	while (now() < end) {
		found = available_kib();
		if (lowest > kib && found <= kib)
			end = now() + setting("DMAEXER_HOSTILE_MS", 400) / 1e3;
		if (found < lowest)
			lowest = found;
	}
	return lowest;
}

/* From 1 << @most on, of each size what there is below a mask of @mask bits. */
static void all_below(struct told *told, uint32_t mask, unsigned int most)
{
	unsigned int bits;
	struct nl nl;
	uint32_t dev;

	if (nl_open(&nl))
		_exit(1);
	dev = hostile_dev(&nl, 0, mask);
	for (bits = most;; bits = bits > 12 ? bits - 1 : most) {
		do {
			hostile_ask_new(&nl, dev, (bits + 1) % 3, 1ULL << bits);
			hostile_tell(told, &nl);
		} while (!nl.err);
	}
}

static void large_buffers(struct told *told)
{
	/* the largest that a number can say */
	all_below(told, 64, 63);
}

TEST_F_TIMEOUT(hostile, large_buffers_leave_a_sixteenth_of_memory, 3600)
{
	uint64_t least = number_in("/proc/meminfo", "MemTotal:") / 16;
	uint64_t lowest;
	int i;

	hostile_start(self->h.clients, self->h.told, large_buffers, CLIENTS);
	lowest = lowest_kib(least + SLACK_KIB / 2);
	printf("# %llu KiB were available at least\n",
	       (unsigned long long)lowest);
	EXPECT_LE(least, lowest + SLACK_KIB);
	EXPECT_GT(2 * least, lowest);
	EXPECT_STREQ("", hostile_slow(self->h.clients, self->h.told));
	for (i = 0; i < CLIENTS; i++) {
		EXPECT_EQ(0, self->h.told[i].strange);
		EXPECT_NE(0, self->h.told[i].refused);
	}
}

static void low_buffers(struct told *told)
{
	all_below(told, LOW_BITS, 16);
}

/* What /proc/zoneinfo says of the zone that begins at page 1. */
static uint64_t low_zone(const char *word)
{
	static char text[65536];
	char *zone, *end;

	memset(text, 0, sizeof(text));
	file_read("/proc/zoneinfo", text, sizeof(text) - 1);
	zone = strstr(text, "Node 0, zone      DMA\n");
	if (!zone)
		return 0;
	end = strstr(zone + 1, "Node ");
	if (end)
		*end = '\0';
	zone = strstr(zone, word);
	return zone ? strtoull(zone + strlen(word), NULL, 10) : 0;
}

/* Until a page there is refused as more than can be spared, for a while. */
static bool is_spent(struct nl *nl, uint32_t dev)
{
	double end = now() + PATIENCE_S;

	while (now() < end) {
		hostile_begin_new(nl, dev, COHERENT, 4096);
		if (nl_call(nl))
			return nl->err == ENOMEM && strstr(nl->msg, "can spare");
		nl_begin(nl, DMAEXER_CMD_BUF_DEL);
		nl_u32(nl, DMAEXER_A_BUF_ID, nl_get_u32(nl, DMAEXER_A_BUF_ID));
		nl_call(nl);
	}
	return false;
}

/* Others need memory there, too, and nobody waits for it in vain. */
TEST_F_TIMEOUT(hostile, low_buffers_leave_a_sixteenth_of_low_memory, 3600)
{
	uint64_t least = low_zone(" managed ") / 16, stalls;
	struct nl *nl = &self->h.d.nl;
	uint32_t dev;

	if (!least)
		SKIP(return, "there is no low memory of its own");
	dev = hostile_dev(nl, 0, LOW_BITS);
	ASSERT_NE(0, dev);
	stalls = number_in("/proc/vmstat", "allocstall_dma ");
	hostile_start(self->h.clients, self->h.told, low_buffers, CLIENTS);
	EXPECT_TRUE(is_spent(nl, dev)) TH_LOG("%s", nl->msg);
	EXPECT_LE(least, low_zone("pages free "));
	EXPECT_STREQ("", hostile_slow(self->h.clients, self->h.told));
	EXPECT_EQ(stalls, number_in("/proc/vmstat", "allocstall_dma "));
	EXPECT_EQ(0, dmx_dev_op(&self->h.d, DMAEXER_CMD_DEV_DEL, dev));
}

TEST_HARNESS_MAIN
