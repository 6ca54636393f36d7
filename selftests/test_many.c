// SPDX-License-Identifier: GPL-2.0
/* Ten thousand buffers: no operation gets dearer with their number. */
#include "bystander.h"
#include "dmx.h"
#include "harness.h"

#define MANY		10000
#define SAMPLE		1000
#define DEARER		3

FIXTURE(many)
{
	struct dmx d;
	uint32_t ids[MANY];
};

FIXTURE_SETUP(many)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, file_write(dmx_sysfs(&self->d, "quota_bufs"), "20000"));
	ASSERT_EQ(0, file_write(dmx_sysfs(&self->d, "quota_bytes"),
				"1073741824"));
}

FIXTURE_TEARDOWN(many)
{
	dmx_teardown(&self->d);
}

/*
 * Of fifty parts of a sample the cheapest: a busy machine adds, it never takes,
 * and leaves some parts alone that take less than its turns.
 */
static double cost(const double *at, int from)
{
	double least = 1e9;
	int i, step = SAMPLE / 50;

	for (i = from; i < from + SAMPLE; i += step)
		if (at[i + step] - at[i] < least)
			least = at[i + step] - at[i];
	return least / step;
}

static const char *too_dear(const double *at, const char *what)
{
	double first = cost(at, 0), last = cost(at, MANY - SAMPLE);

	printf("# %s: %.0f us of the first, %.0f us of the last %d\n", what,
	       first * 1e6, last * 1e6, SAMPLE);
	return last <= DEARER * first || dmx_is_watched() ? "" :
	       format("%s: %.1f times dearer", what, last / first);
}

TEST_F_TIMEOUT(many, buffers_cost_the_same_each, 280)
{
	static double at[MANY + 1];
	struct dmx *d = &self->d;
	static const char nr[] = "/proc/sys/fs/inode-nr";
	uint64_t before, inodes, value;
	int i, wrong = 0;

	before = available_kib();
	inodes = file_number(nr);
	for (i = 0; i < MANY; i++) {
		at[i] = now();
		self->ids[i] = dmx_new_filled(d, i % 2 ? BOX : COHERENT, 64,
					      DMAEXER_PATTERN_RANDOM, i);
		ASSERT_NE(0, self->ids[i]) TH_LOG("%d: %s", i, d->nl.msg);
	}
	at[MANY] = now();
	EXPECT_STREQ("", too_dear(at, "buf-new"));
	EXPECT_EQ(MANY, dmx_live_bufs(d));
	EXPECT_EQ(MANY * 4096ULL, dmx_live_bytes(d));

	EXPECT_LE(MANY, dmx_count(d, DMAEXER_CMD_BUF_GET));

	for (i = 0; i < MANY; i++) {
		at[i] = now();
		ASSERT_EQ(0, dmx_read(d, self->ids[i], 63, 0, 1, &value));
		wrong += value != pattern_byte(DMAEXER_PATTERN_RANDOM, i, 63);
	}
	at[MANY] = now();
	EXPECT_EQ(0, wrong);
	EXPECT_STREQ("", too_dear(at, "buf-read"));

	for (i = 0; i < MANY; i++) {
		at[i] = now();
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, self->ids[i]));
	}
	at[MANY] = now();
	EXPECT_STREQ("", too_dear(at, "buf-del"));
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(0, dmx_live_bytes(d));
	EXPECT_EQ(MANY, dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS));
	/* 40 MB of buffers went; what stays is slack of slabs and dentries. */
	EXPECT_LT(before, available_kib() + 20 * 1024);
	EXPECT_GT(inodes + MANY / 2, file_number(nr));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F_TIMEOUT(many, a_device_goes_with_ten_thousand_at_once, 280)
{
	struct dmx *d = &self->d;
	double start;
	int i;

	for (i = 0; i < MANY; i++) {
		self->ids[i] = dmx_new(d, i % 3, 1, 64);
		ASSERT_NE(0, self->ids[i]) TH_LOG("%d: %s", i, d->nl.msg);
	}
	start = now();
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	printf("# dev-del with %d buffers: %.1f s\n", MANY, now() - start);
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_BUF_GET, self->ids[MANY - 1]));
	EXPECT_FALSE(file_exists(format("/sys/kernel/debug/dmaexer/%s",
					d->name)));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

static unsigned int virtual_devices(struct dmx *d)
{
	const struct nlmsghdr *msg = NULL;
	unsigned int count = 0;

	nl_begin(&d->peek, DMAEXER_CMD_DEV_GET);
	nl_dump(&d->peek);
	while ((msg = nl_next(&d->peek, msg)))
		count += *(const uint8_t *)nl_data(nl_attr(msg,
						DMAEXER_A_DEV_VIRTUAL));
	return count;
}

/* Also after some have gone: their numbers are free again. */
TEST_F_TIMEOUT(many, there_are_1024_virtual_devices_and_no_more, 280)
{
	struct dmx *d = &self->d;
	unsigned int before = virtual_devices(d);
	double start = now();
	struct nl nl;

	ASSERT_EQ(0, nl_open(&nl));
	do
		dmx_begin_dev(&nl, NULL);
	while (!nl_call(&nl));
	EXPECT_EQ(ENOSPC, nl.err);
	EXPECT_NE(NULL, strstr(nl.msg, "1024 virtual devices already"));
	EXPECT_EQ(1024, virtual_devices(d));
	nl_close(&nl);
	while (virtual_devices(d) != before && now() - start < 200)
		usleep(100 * 1000);
	EXPECT_EQ(before, virtual_devices(d));
	printf("# that many come and go: %.1f s\n", now() - start);
	dmx_begin_dev(&d->nl, NULL);
	EXPECT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
