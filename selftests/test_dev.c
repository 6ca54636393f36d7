// SPDX-License-Identifier: GPL-2.0
/* Devices: masks, limits, facts, and who may change them when. */
#include <glob.h>
#include <sys/stat.h>

#include "dmx.h"
#include "harness.h"

FIXTURE(dev)
{
	struct dmx d;
};

FIXTURE_SETUP(dev)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(dev)
{
	dmx_teardown(&self->d);
}

static uint64_t mask(unsigned int bits)
{
	return bits ? ~0ULL >> (64 - bits) : 0;
}

static int set_mask(struct dmx *d, uint16_t attr, uint32_t bits)
{
	dmx_begin_id(d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID, d->dev);
	nl_u32(&d->nl, attr, bits);
	return nl_call(&d->nl);
}

static void begin_set_all(struct dmx *d, uint32_t dma, uint32_t coherent,
			  uint32_t segment)
{
	dmx_begin_id(d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID, d->dev);
	nl_u32(&d->nl, DMAEXER_A_DEV_DMA_MASK_BITS, dma);
	nl_u32(&d->nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, coherent);
	nl_u32(&d->nl, DMAEXER_A_DEV_MAX_SEG_SIZE, segment);
}

static bool is_direct(struct dmx *d)
{
	return dmx_dev_u64(d, DMAEXER_A_DEV_BACKEND) == DMAEXER_BACKEND_DIRECT;
}

TEST_F(dev, new_answers_with_the_whole_device)
{
	static const uint16_t always[] = {
		DMAEXER_A_DEV_ID, DMAEXER_A_DEV_NAME, DMAEXER_A_DEV_BUS,
		DMAEXER_A_DEV_VIRTUAL, DMAEXER_A_DEV_OWNED, DMAEXER_A_DEV_OWNER,
		DMAEXER_A_DEV_BACKEND, DMAEXER_A_DEV_DOMAIN,
		DMAEXER_A_DEV_CACHE_COHERENT, DMAEXER_A_DEV_DMA_MASK,
		DMAEXER_A_DEV_COHERENT_MASK, DMAEXER_A_DEV_BUS_LIMIT,
		DMAEXER_A_DEV_BUS_OFFSET, DMAEXER_A_DEV_REQUIRED_MASK,
		DMAEXER_A_DEV_ADDRESSING_LIMITED,
		DMAEXER_A_DEV_MAX_MAPPING_SIZE, DMAEXER_A_DEV_OPT_MAPPING_SIZE,
		DMAEXER_A_DEV_MAX_SEG_SIZE, DMAEXER_A_DEV_SEG_BOUNDARY,
		DMAEXER_A_DEV_MERGE_BOUNDARY, DMAEXER_A_DEV_CACHE_ALIGNMENT,
		DMAEXER_A_DEV_ADDR_SIZE, DMAEXER_A_DEV_NUMA_NODE,
		DMAEXER_A_DEV_SWIOTLB, DMAEXER_A_DEV_QUOTA_BYTES,
		DMAEXER_A_DEV_QUOTA_BUFS, DMAEXER_A_DEV_LIVE_BYTES,
		DMAEXER_A_DEV_LIVE_BUFS, DMAEXER_A_DEV_TOTAL_BUFS,
		DMAEXER_A_DEV_VIOLATIONS,
	};
	struct nl *nl = &self->d.nl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(always); i++) {
		EXPECT_TRUE(nl_has(nl, always[i]))
			TH_LOG("attribute %u", always[i]);
	}
	EXPECT_LE(1, self->d.dev);
	EXPECT_EQ(1, nl_get_u32(nl, DMAEXER_A_DEV_VIRTUAL));
	EXPECT_EQ(nl->port, nl_get_u32(nl, DMAEXER_A_DEV_OWNER));
	EXPECT_STREQ("platform", nl_get_str(nl, DMAEXER_A_DEV_BUS));
	EXPECT_LE(sizeof(long), nl_get_u32(nl, DMAEXER_A_DEV_ADDR_SIZE));
	EXPECT_EQ(0, nl_get_u32(nl, DMAEXER_A_DEV_LIVE_BUFS));
	EXPECT_EQ(0, nl_get_u64(nl, DMAEXER_A_DEV_LIVE_BYTES));
	EXPECT_EQ(0, nl_get_u64(nl, DMAEXER_A_DEV_TOTAL_BUFS));
	EXPECT_EQ(0, strncmp(self->d.name, "dmaexer.", 8));
}

static size_t platform_devices(void)
{
	size_t count;
	glob_t found;

	glob("/sys/bus/platform/devices/dmaexer.*", 0, NULL, &found);
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

TEST_F(dev, new_is_enodev_where_nothing_binds_the_device_and_leaves_none)
{
	const char *autoprobe = "/sys/bus/platform/drivers_autoprobe";
	size_t before = platform_devices();
	struct dmx *d = &self->d;

	ASSERT_EQ(0, file_write(autoprobe, "0"));
	nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
	EXPECT_STREQ("", dmx_refused(d, ENODEV, NONE, "did not bind"));
	EXPECT_EQ(0, file_write(autoprobe, "1"));
	EXPECT_EQ(before, platform_devices());
}

TEST_F(dev, is_a_platform_device_bound_to_dmaexer)
{
	char link[256] = "";

	ASSERT_LT(0, readlink(format("/sys/bus/platform/devices/%s/driver",
				     self->d.name), link, sizeof(link) - 1));
	EXPECT_STREQ("dmaexer", strrchr(link, '/') + 1);
}

TEST_F(dev, get_and_dump_tell_the_same)
{
	const struct nlmsghdr *one, *msg = NULL;
	struct nl *nl = &self->d.nl;
	unsigned int seen = 0;
	uint32_t id;

	nl_begin(&self->d.peek, DMAEXER_CMD_DEV_GET);
	ASSERT_EQ(0, nl_dump(&self->d.peek));
	while ((msg = nl_next(&self->d.peek, msg))) {
		memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_DEV_ID)), 4);
		ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_GET, id));
		one = nl_next(nl, NULL);
		ASSERT_EQ(NLMSG_PAYLOAD(one, 0), NLMSG_PAYLOAD(msg, 0));
		EXPECT_EQ(0, memcmp(NLMSG_DATA(one), NLMSG_DATA(msg),
				    NLMSG_PAYLOAD(msg, 0)));
		seen += id == self->d.dev;
	}
	EXPECT_EQ(1, seen);
}

TEST_F(dev, a_dump_that_names_a_device_is_einval)
{
	struct dmx *d = &self->d;

	dmx_begin_id(d, DMAEXER_CMD_DEV_GET, DMAEXER_A_DEV_ID, d->dev);
	EXPECT_STREQ("", dmx_dump_refused(d, EINVAL, "takes no id"));
}

TEST_F(dev, every_mask_of_0_to_64_bits_is_exact_or_refused_and_kept)
{
	static const struct { uint16_t bits, mask; } which[] = {
		{ DMAEXER_A_DEV_DMA_MASK_BITS, DMAEXER_A_DEV_DMA_MASK },
		{ DMAEXER_A_DEV_COHERENT_MASK_BITS, DMAEXER_A_DEV_COHERENT_MASK },
	};
	uint64_t former;
	unsigned int n;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(which); i++) {
		for (n = 0; n <= 64; n++) {
			former = dmx_dev_u64(&self->d, which[i].mask);
			err = set_mask(&self->d, which[i].bits, n);
			if (err != EIO)
				former = mask(n);
			EXPECT_TRUE(err == 0 || (err == EIO && n < 32))
				TH_LOG("%u bits: errno %d", n, err);
			EXPECT_EQ(former, dmx_dev_u64(&self->d, which[i].mask))
				TH_LOG("%u bits", n);
			if (!err) {
				EXPECT_EQ(former, nl_get_u64(&self->d.nl,
							     which[i].mask));
			}
		}
	}
}

TEST_F(dev, a_mask_above_64_bits_is_einval)
{
	static const uint32_t bad[] = { 65, 100, 255, 1U << 31, UINT32_MAX };
	struct nl *nl = &self->d.nl;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		dmx_begin_id(&self->d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID,
			     self->d.dev);
		nl_u32(nl, DMAEXER_A_DEV_DMA_MASK_BITS, bad[i]);
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL,
				     DMAEXER_A_DEV_DMA_MASK_BITS, NULL));
		dmx_begin_id(&self->d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID,
			     self->d.dev);
		nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, bad[i]);
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL,
				     DMAEXER_A_DEV_COHERENT_MASK_BITS, NULL));
	}
}

TEST_F(dev, a_forced_mask_counts_the_buffers_that_it_leaves_outside)
{
	struct dmx *d = &self->d;
	uint64_t last = 0;
	uint32_t ids[3];
	unsigned int n;
	size_t i;

	for (i = 0; i < 3; i++) {
		ids[i] = dmx_new(d, i ? HANDLE : COHERENT, 1, 65536);
		ASSERT_NE(0, ids[i]);
		if (last < nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR) + 65535)
			last = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR) + 65535;
	}
	for (n = 64; n >= 24; n--) {
		dmx_begin_id(d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID, d->dev);
		nl_u32(&d->nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, n);
		EXPECT_STREQ("", dmx_refused(d, EBUSY, DMAEXER_A_DEV_ID, NULL));
		dmx_begin_id(d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID, d->dev);
		nl_u32(&d->nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, n);
		nl_flag(&d->nl, DMAEXER_A_DEV_FORCE);
		ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%u: %s", n, d->nl.msg);
		EXPECT_EQ(mask(n), nl_get_u64(&d->nl, DMAEXER_A_DEV_COHERENT_MASK));
		EXPECT_EQ(last > mask(n),
			  !!nl_get_u32(&d->nl, DMAEXER_A_DEV_BUFS_OUTSIDE));
	}
	EXPECT_EQ(last > mask(24) ? 3 : 0,
		  nl_get_u32(&d->nl, DMAEXER_A_DEV_BUFS_OUTSIDE));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, ids[i]));
}

TEST_F(dev, a_mask_that_the_platform_refuses_is_eio_and_nothing_is_set)
{
	struct dmx *d = &self->d;

	if (!is_direct(d))
		SKIP(return, "only dma-direct refuses a narrow mask");
	begin_set_all(d, 40, 44, 8192);
	ASSERT_EQ(0, nl_call(&d->nl));
	begin_set_all(d, 20, 48, 4096);
	EXPECT_STREQ("", dmx_refused(d, EIO, DMAEXER_A_DEV_DMA_MASK_BITS, NULL));
	begin_set_all(d, 48, 20, 4096);
	EXPECT_STREQ("", dmx_refused(d, EIO, DMAEXER_A_DEV_COHERENT_MASK_BITS,
				     NULL));
	EXPECT_EQ(mask(40), dmx_dev_u64(d, DMAEXER_A_DEV_DMA_MASK));
	EXPECT_EQ(mask(44), dmx_dev_u64(d, DMAEXER_A_DEV_COHERENT_MASK));
	EXPECT_EQ(8192, dmx_dev_u64(d, DMAEXER_A_DEV_MAX_SEG_SIZE));
}

TEST_F(dev, set_is_all_or_nothing_when_one_part_is_invalid)
{
	struct dmx *d = &self->d;

	begin_set_all(d, 48, 65, 4096);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_DEV_COHERENT_MASK_BITS,
				     NULL));
	begin_set_all(d, 65, 48, 4096);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_DEV_DMA_MASK_BITS,
				     NULL));
	begin_set_all(d, 48, 48, 0);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_DEV_MAX_SEG_SIZE,
				     NULL));
	dmx_begin_id(d, DMAEXER_CMD_DEV_SET, DMAEXER_A_DEV_ID, d->dev);
	nl_flag(&d->nl, DMAEXER_A_DEV_FORCE);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, "nothing to set"));
}

TEST_F(dev, set_sets_both_masks_and_the_segment_size)
{
	struct dmx *d = &self->d;

	begin_set_all(d, 36, 34, 12345);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(mask(36), nl_get_u64(&d->nl, DMAEXER_A_DEV_DMA_MASK));
	EXPECT_EQ(mask(34), nl_get_u64(&d->nl, DMAEXER_A_DEV_COHERENT_MASK));
	EXPECT_EQ(12345, nl_get_u32(&d->nl, DMAEXER_A_DEV_MAX_SEG_SIZE));
	EXPECT_EQ(mask(36), file_number(dmx_sysfs(d, "dma_mask")));
	EXPECT_EQ(mask(34), file_number(dmx_sysfs(d, "coherent_dma_mask")));
	EXPECT_EQ(12345, file_number(dmx_sysfs(d, "max_seg_size")));
}

TEST_F(dev, a_buffer_lies_within_the_coherent_mask)
{
	struct dmx *d = &self->d;
	unsigned int bits;
	uint64_t addr;
	uint32_t id;

	for (bits = 24; bits <= 64; bits += 4) {
		if (set_mask(d, DMAEXER_A_DEV_COHERENT_MASK_BITS, bits))
			continue;
		id = dmx_new(d, COHERENT, 1, 8192);
		if (!id)
			continue;
		addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
		EXPECT_GE(mask(bits), addr + 8191);
		EXPECT_EQ(0, addr % 8192);
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	}
}

TEST_F(dev, set_is_ebusy_while_a_buffer_lives)
{
	static const uint32_t kinds[] = { BOX, COHERENT, HANDLE };
	struct dmx *d = &self->d;
	uint32_t id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		id = dmx_new(d, kinds[i], 1, 4096);
		ASSERT_NE(0, id);
		begin_set_all(d, 40, 40, 4096);
		EXPECT_STREQ("", dmx_refused(d, EBUSY, NONE, NULL));
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		begin_set_all(d, 40 + i, 41 + i, 4096);
		EXPECT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	}
}

TEST_F(dev, sysfs_tells_what_netlink_tells)
{
	static const struct { const char *file; uint16_t attr; } facts[] = {
		{ "dma_mask", DMAEXER_A_DEV_DMA_MASK },
		{ "coherent_dma_mask", DMAEXER_A_DEV_COHERENT_MASK },
		{ "max_seg_size", DMAEXER_A_DEV_MAX_SEG_SIZE },
		{ "quota_bytes", DMAEXER_A_DEV_QUOTA_BYTES },
		{ "quota_bufs", DMAEXER_A_DEV_QUOTA_BUFS },
		{ "live_bytes", DMAEXER_A_DEV_LIVE_BYTES },
		{ "live_bufs", DMAEXER_A_DEV_LIVE_BUFS },
		{ "total_bufs", DMAEXER_A_DEV_TOTAL_BUFS },
		{ "violations", DMAEXER_A_DEV_VIOLATIONS },
	};
	struct dmx *d = &self->d;
	struct stat st;
	size_t i;

	ASSERT_NE(0, dmx_new(d, COHERENT, 1, 5000));
	for (i = 0; i < ARRAY_SIZE(facts); i++) {
		EXPECT_EQ(dmx_dev_u64(d, facts[i].attr),
			  file_number(dmx_sysfs(d, facts[i].file)))
			TH_LOG("%s", facts[i].file);
		ASSERT_EQ(0, stat(dmx_sysfs(d, facts[i].file), &st));
		EXPECT_EQ(strstr(facts[i].file, "quota") ? 0644 : 0444,
			  st.st_mode & 07777) TH_LOG("%s", facts[i].file);
	}
	EXPECT_EQ(1, file_number(dmx_sysfs(d, "live_bufs")));
	EXPECT_EQ(8192, file_number(dmx_sysfs(d, "live_bytes")));
}

TEST_F(dev, a_quota_takes_a_number_and_refuses_anything_else)
{
	static const char * const bad[] = { "", " ", "x", "-1", "12x", "1 2",
					    "0x", "99999999999999999999999" };
	struct dmx *d = &self->d;
	size_t i;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bytes"), "1048576\n"));
	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "7\n"));
	EXPECT_EQ(1048576, dmx_dev_u64(d, DMAEXER_A_DEV_QUOTA_BYTES));
	EXPECT_EQ(7, dmx_dev_u64(d, DMAEXER_A_DEV_QUOTA_BUFS));
	/* An empty write does not reach the driver. */
	for (i = 1; i < ARRAY_SIZE(bad); i++) {
		EXPECT_GT(0, file_write(dmx_sysfs(d, "quota_bytes"), bad[i]))
			TH_LOG("quota_bytes takes \"%s\"", bad[i]);
		EXPECT_GT(0, file_write(dmx_sysfs(d, "quota_bufs"), bad[i]))
			TH_LOG("quota_bufs takes \"%s\"", bad[i]);
	}
	EXPECT_GT(0, file_write(dmx_sysfs(d, "quota_bufs"), "4294967296"));
	EXPECT_EQ(1048576, dmx_dev_u64(d, DMAEXER_A_DEV_QUOTA_BYTES));
	EXPECT_EQ(7, dmx_dev_u64(d, DMAEXER_A_DEV_QUOTA_BUFS));
}

TEST_F(dev, del_takes_device_and_buffers_and_nothing_else)
{
	struct dmx *d = &self->d;
	const char *path = strdup(format("/sys/kernel/debug/dmaexer/%s", d->name));
	uint32_t other, mine, theirs, first = d->dev;

	mine = dmx_new(d, COHERENT, 1, 100);
	ASSERT_NE(0, mine);
	nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
	nl_flag(&d->nl, DMAEXER_A_DEV_OWNED);
	ASSERT_EQ(0, nl_call(&d->nl));
	other = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	EXPECT_NE(first, other);
	d->dev = other;
	theirs = dmx_new(d, BOX, 1, 100);
	ASSERT_NE(0, theirs);
	ASSERT_TRUE(file_exists(path));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, first));
	EXPECT_FALSE(file_exists(path));
	EXPECT_FALSE(file_exists(format("/sys/devices/platform/%s", d->name)));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_DEV_GET, first));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_BUF_GET, mine));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_DEV_GET, other));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, theirs));
}

TEST_F(dev, an_id_that_never_was_or_is_gone_is_enoent)
{
	static const uint8_t ops[] = { DMAEXER_CMD_DEV_GET, DMAEXER_CMD_DEV_DEL,
				       DMAEXER_CMD_DEV_SET };
	uint32_t ids[] = { 0, 0x7fffffff, 0x80000000, UINT32_MAX, self->d.dev };
	struct dmx *d = &self->d;
	size_t i, j;

	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (j = 0; j < ARRAY_SIZE(ids); j++) {
			dmx_begin_id(d, ops[i], DMAEXER_A_DEV_ID, ids[j]);
			EXPECT_STREQ("", dmx_refused(d, ENOENT,
						     DMAEXER_A_DEV_ID, NULL));
		}
	}
}

TEST_F(dev, an_id_is_not_reused_soon)
{
	struct dmx *d = &self->d;
	uint32_t last = d->dev;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
		nl_flag(&d->nl, DMAEXER_A_DEV_OWNED);
		ASSERT_EQ(0, nl_call(&d->nl));
		EXPECT_LT(last, nl_get_u32(&d->nl, DMAEXER_A_DEV_ID));
		last = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
		ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, last));
	}
}

TEST_HARNESS_MAIN
