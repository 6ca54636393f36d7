// SPDX-License-Identifier: GPL-2.0
/*
 * Ten thousand buffers: no operation gets dearer with their number. DMAEXER_MANY is
 * another number of them, of 1000 and more.
 */
#include "bystander.h"
#include "dmx.h"
#include "harness.h"

#define MANY		10000
#define DEARER		3

FIXTURE(many)
{
	struct dmx d;
	int many;
	uint32_t ids[MANY];
	double at[MANY + 1];
};

FIXTURE_SETUP(many)
{
	self->many = setting("DMAEXER_MANY", MANY);
	ASSERT_TRUE(self->many >= 1000 && self->many <= MANY)
		TH_LOG("DMAEXER_MANY is %d", self->many);
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
 * Of fifty parts of @count the cheapest: a busy machine adds, it never takes, and
 * leaves some parts alone that take less than its turns.
 */
static double cost(const double *at, int count)
{
	double least = 1e9;
	int i, step = count / 50;

	for (i = 0; i < count; i += step)
		if (at[i + step] - at[i] < least)
			least = at[i + step] - at[i];
	return least / step;
}

/* The first and the last tenth. */
static const char *too_dear(const double *at, int many, const char *what)
{
	int sample = many / 10;
	double first = cost(at, sample);
	double last = cost(at + many - sample, sample);

	printf("# %s: %.0f us of the first, %.0f us of the last %d\n", what,
	       first * 1e6, last * 1e6, sample);
	return last <= DEARER * first || dmx_is_watched() ? "" :
	       format("%s: %.1f times dearer", what, last / first);
}

TEST_F_TIMEOUT(many, buffers_cost_the_same_each, 280)
{
	struct dmx *d = &self->d;
	const int many = self->many;
	double *at = self->at;
	static const char nr[] = "/proc/sys/fs/inode-nr";
	uint64_t before, inodes, value;
	int i, wrong = 0;

	before = available_kib();
	inodes = file_number(nr);
	for (i = 0; i < many; i++) {
		at[i] = now();
		self->ids[i] = dmx_new_filled(d, i % 2 ? BOX : COHERENT, 64,
					      DMAEXER_PATTERN_RANDOM, i);
		ASSERT_NE(0, self->ids[i]) TH_LOG("%d: %s", i, d->nl.msg);
	}
	at[many] = now();
	EXPECT_STREQ("", too_dear(at, many, "buf-new"));
	EXPECT_EQ(many, dmx_live_bufs(d));
	EXPECT_EQ(many * 4096ULL, dmx_live_bytes(d));

	EXPECT_LE(many, dmx_count(d, DMAEXER_CMD_BUF_GET));

	for (i = 0; i < many; i++) {
		at[i] = now();
		ASSERT_EQ(0, dmx_read(d, self->ids[i], 63, 0, 1, &value));
		wrong += value != pattern_byte(DMAEXER_PATTERN_RANDOM, i, 63);
	}
	at[many] = now();
	EXPECT_EQ(0, wrong);
	EXPECT_STREQ("", too_dear(at, many, "buf-read"));

	for (i = 0; i < many; i++) {
		at[i] = now();
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, self->ids[i]));
	}
	at[many] = now();
	EXPECT_STREQ("", too_dear(at, many, "buf-del"));
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(0, dmx_live_bytes(d));
	EXPECT_EQ(many, dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS));
	/*
	 * A page a buffer went, and more of slabs, of which some is slack. Where
	 * KASAN keeps what is freed, kmemleak looks for the rest.
	 */
	if (!dmx_is_watched())
		EXPECT_LT(before, available_kib() + many * 2);
	EXPECT_GT(inodes + many / 2, file_number(nr));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F_TIMEOUT(many, a_device_goes_with_all_of_them_at_once, 280)
{
	struct dmx *d = &self->d;
	const int many = self->many;
	double start;
	int i;

	for (i = 0; i < many; i++) {
		self->ids[i] = dmx_new(d, i % 3, 1, 64);
		ASSERT_NE(0, self->ids[i]) TH_LOG("%d: %s", i, d->nl.msg);
	}
	start = now();
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	printf("# dev-del with %d buffers: %.1f s\n", many, now() - start);
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_BUF_GET, self->ids[many - 1]));
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
