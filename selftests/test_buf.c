// SPDX-License-Identifier: GPL-2.0
/* Buffers: what may be asked for, what is shown, how they go. */
#include "dmx.h"
#include "harness.h"

#define ATTRS_ALLOWED	(DMAEXER_ATTR_WEAK_ORDERING | \
			 DMAEXER_ATTR_WRITE_COMBINE | \
			 DMAEXER_ATTR_SKIP_CPU_SYNC | \
			 DMAEXER_ATTR_FORCE_CONTIGUOUS | \
			 DMAEXER_ATTR_ALLOC_SINGLE_PAGES | \
			 DMAEXER_ATTR_NO_WARN | DMAEXER_ATTR_PRIVILEGED)

static const uint32_t kinds[] = { BOX, COHERENT, HANDLE };

FIXTURE(buf)
{
	struct dmx d;
};

FIXTURE_SETUP(buf)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(buf)
{
	dmx_teardown(&self->d);
}

TEST_F(buf, new_answers_with_the_whole_buffer)
{
	static const uint16_t always[] = {
		DMAEXER_A_BUF_ID, DMAEXER_A_BUF_DEV_ID, DMAEXER_A_BUF_DEV_NAME,
		DMAEXER_A_BUF_KIND, DMAEXER_A_BUF_ELEM_SIZE, DMAEXER_A_BUF_COUNT,
		DMAEXER_A_BUF_SIZE, DMAEXER_A_BUF_ATTRS, DMAEXER_A_BUF_GFP,
		DMAEXER_A_BUF_DMA_ADDR, DMAEXER_A_BUF_MAPPING,
		DMAEXER_A_BUF_CONTIGUOUS, DMAEXER_A_BUF_ATTRS_HONOURED,
		DMAEXER_A_BUF_ATTRS_IGNORED, DMAEXER_A_BUF_AUDIT,
	};
	struct nl *nl = &self->d.nl;
	size_t i;

	dmx_begin_new(&self->d, COHERENT, 24, 10);
	nl_str(nl, DMAEXER_A_BUF_LABEL, "descriptor ring");
	ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
	for (i = 0; i < ARRAY_SIZE(always); i++) {
		EXPECT_TRUE(nl_has(nl, always[i]))
			TH_LOG("attribute %u", always[i]);
	}
	EXPECT_LE(1, nl_get_u32(nl, DMAEXER_A_BUF_ID));
	EXPECT_EQ(self->d.dev, nl_get_u32(nl, DMAEXER_A_BUF_DEV_ID));
	EXPECT_STREQ(self->d.name, nl_get_str(nl, DMAEXER_A_BUF_DEV_NAME));
	EXPECT_EQ(COHERENT, nl_get_u32(nl, DMAEXER_A_BUF_KIND));
	EXPECT_STREQ("descriptor ring", nl_get_str(nl, DMAEXER_A_BUF_LABEL));
	EXPECT_EQ(24, nl_get_u64(nl, DMAEXER_A_BUF_ELEM_SIZE));
	EXPECT_EQ(10, nl_get_u64(nl, DMAEXER_A_BUF_COUNT));
	EXPECT_EQ(240, nl_get_u64(nl, DMAEXER_A_BUF_SIZE));
	EXPECT_EQ(0, nl_get_u32(nl, DMAEXER_A_BUF_ATTRS));
	EXPECT_FALSE(nl_has(nl, DMAEXER_A_BUF_OWNED));
	EXPECT_FALSE(nl_has(nl, DMAEXER_A_BUF_OWNER));
}

TEST_F(buf, kind_and_elem_size_and_gfp_have_the_defaults_of_the_spec)
{
	struct nl *nl = &self->d.nl;

	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, self->d.dev);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, 77);
	ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
	EXPECT_EQ(COHERENT, nl_get_u32(nl, DMAEXER_A_BUF_KIND));
	EXPECT_EQ(1, nl_get_u64(nl, DMAEXER_A_BUF_ELEM_SIZE));
	EXPECT_EQ(77, nl_get_u64(nl, DMAEXER_A_BUF_SIZE));
	EXPECT_EQ(DMAEXER_GFP_KERNEL, nl_get_u32(nl, DMAEXER_A_BUF_GFP));
}

TEST_F(buf, get_and_dump_tell_the_same)
{
	const struct nlmsghdr *one, *msg = NULL;
	struct dmx *d = &self->d;
	unsigned int seen = 0;
	uint32_t id;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		ASSERT_NE(0, dmx_new(d, kinds[i], 8, 8));
	}
	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
	ASSERT_EQ(0, nl_dump(&d->peek)) TH_LOG("%s", d->peek.msg);
	while ((msg = nl_next(&d->peek, msg))) {
		memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)), 4);
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_GET, id));
		one = nl_next(&d->nl, NULL);
		ASSERT_EQ(NLMSG_PAYLOAD(one, 0), NLMSG_PAYLOAD(msg, 0));
		EXPECT_EQ(0, memcmp(NLMSG_DATA(one), NLMSG_DATA(msg),
				    NLMSG_PAYLOAD(msg, 0)));
		EXPECT_EQ(d->dev, nl_get_u32(&d->nl, DMAEXER_A_BUF_DEV_ID));
		seen++;
	}
	EXPECT_EQ(3, seen);
}

TEST_F(buf, attributes_that_are_known_are_kept_and_shown)
{
	struct nl *nl = &self->d.nl;
	uint32_t attrs, shown, unseen;
	unsigned int i, bit;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (bit = 1; bit <= 9; bit++) {
			attrs = 1U << bit;
			if (!(attrs & ATTRS_ALLOWED))
				continue;
			dmx_begin_new(&self->d, kinds[i], 1, 4096);
			nl_u32(nl, DMAEXER_A_BUF_ATTRS, attrs);
			ASSERT_EQ(0, nl_call(nl))
				TH_LOG("%#x: %s", attrs, nl->msg);
			if (kinds[i] == HANDLE)
				attrs |= DMAEXER_ATTR_NO_KERNEL_MAPPING;
			shown = nl_get_u32(nl, DMAEXER_A_BUF_ATTRS);
			EXPECT_EQ(attrs, shown);
			unseen = nl_get_u32(nl, DMAEXER_A_BUF_ATTRS_HONOURED) &
				 nl_get_u32(nl, DMAEXER_A_BUF_ATTRS_IGNORED);
			EXPECT_EQ(0, unseen);
		}
	}
	dmx_begin_new(&self->d, COHERENT, 1, 4096);
	nl_u32(nl, DMAEXER_A_BUF_ATTRS, ATTRS_ALLOWED);
	EXPECT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
}

TEST_F(buf, attributes_that_are_unknown_are_einval_and_named)
{
	struct nl *nl = &self->d.nl;
	unsigned int bit, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (bit = 0; bit < 32; bit++) {
			if (bit != 0 && bit != 3 && bit < 11)
				continue;
			dmx_begin_new(&self->d, kinds[i], 1, 64);
			nl_u32(nl, DMAEXER_A_BUF_ATTRS,
			       1U << bit | DMAEXER_ATTR_NO_WARN);
			EXPECT_STREQ("", dmx_refused(&self->d, EINVAL,
					     DMAEXER_A_BUF_ATTRS,
					     format("%x", 1U << bit)));
		}
	}
}

TEST_F(buf, mmio_is_eopnotsupp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		dmx_begin_new(&self->d, kinds[i], 1, 64);
		nl_u32(&self->d.nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_MMIO);
		EXPECT_STREQ("", dmx_refused(&self->d, EOPNOTSUPP,
					     DMAEXER_A_BUF_ATTRS, NULL));
	}
}

TEST_F(buf, no_kernel_mapping_is_for_handles_alone)
{
	struct nl *nl = &self->d.nl;

	dmx_begin_new(&self->d, BOX, 1, 64);
	nl_u32(nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_NO_KERNEL_MAPPING);
	EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, DMAEXER_A_BUF_ATTRS,
				     NULL));
	dmx_begin_new(&self->d, COHERENT, 1, 64);
	nl_u32(nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_NO_KERNEL_MAPPING);
	EXPECT_STREQ("", dmx_refused(&self->d, EINVAL, DMAEXER_A_BUF_ATTRS,
				     NULL));
	dmx_begin_new(&self->d, HANDLE, 1, 64);
	nl_u32(nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_NO_KERNEL_MAPPING);
	EXPECT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
}

TEST_F(buf, a_size_of_zero_is_einval)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		dmx_begin_new(&self->d, kinds[i], 0, 5);
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL,
					     DMAEXER_A_BUF_ELEM_SIZE, NULL));
		dmx_begin_new(&self->d, kinds[i], 5, 0);
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL,
					     DMAEXER_A_BUF_COUNT, NULL));
	}
}

TEST_F(buf, a_product_that_overflows_is_enomem)
{
	static const struct { uint64_t elem, count; } big[] = {
		{ 1ULL << 33, 1ULL << 33 }, { 1ULL << 63, 2 },
		{ 2, 1ULL << 63 }, { UINT64_MAX, UINT64_MAX },
		{ UINT64_MAX, 2 }, { 3, 0x5555555555555556 },
		{ 0x100000001, 0xffffffff00000001 },
	};
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (i = 0; i < ARRAY_SIZE(big); i++) {
			dmx_begin_new(&self->d, kinds[k], big[i].elem,
				      big[i].count);
			EXPECT_STREQ("", dmx_refused(&self->d, ENOMEM, NONE,
						     NULL));
		}
	}
	EXPECT_EQ(NULL, dmx_complaint(&self->d));
}

TEST_F(buf, a_size_beyond_memory_is_enomem_and_the_log_is_silent)
{
	static const uint64_t big[] = { UINT64_MAX, UINT64_MAX - 4095,
					UINT64_MAX - 4096, 1ULL << 63,
					1ULL << 40 };
	const char *line;
	size_t i, k;

	ASSERT_EQ(0, file_write(dmx_sysfs(&self->d, "quota_bytes"),
				"0xffffffffffffffff"));
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (i = 0; i < ARRAY_SIZE(big); i++) {
			dmx_begin_new(&self->d, kinds[k], 1, big[i]);
			EXPECT_STREQ("", dmx_refused(&self->d, ENOMEM, NONE,
						     NULL))
				TH_LOG("%#llx bytes",
				       (unsigned long long)big[i]);
		}
	}
	line = dmx_complaint(&self->d);
	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
}

TEST_F(buf, a_box_shows_no_dma_address_until_it_is_shared)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, BOX, 1, 64);
	char info[4096] = "";

	ASSERT_NE(0, id);
	EXPECT_FALSE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_GET, id));
	EXPECT_FALSE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_LT(0, file_read(dmx_debugfs(d, id, "info"), info,
			       sizeof(info) - 1));
	EXPECT_EQ(NULL, strstr(info, "0x00")) TH_LOG("%s", info);
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, id));
	EXPECT_EQ(COHERENT, nl_get_u32(&d->nl, DMAEXER_A_BUF_KIND));
	EXPECT_EQ(id, nl_get_u32(&d->nl, DMAEXER_A_BUF_ID));
	EXPECT_TRUE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_GET, id));
	EXPECT_EQ(COHERENT, nl_get_u32(&d->nl, DMAEXER_A_BUF_KIND));
	EXPECT_TRUE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
}

TEST_F(buf, only_a_box_can_be_shared_and_only_once)
{
	struct dmx *d = &self->d;
	uint32_t box = dmx_new(d, BOX, 1, 64);
	uint32_t coherent = dmx_new(d, COHERENT, 1, 64);
	uint32_t handle = dmx_new(d, HANDLE, 1, 64);
	uint32_t ids[] = { box, coherent, handle };
	size_t i;

	ASSERT_NE(0, handle);
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, box));
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		dmx_begin_id(d, DMAEXER_CMD_BUF_SHARE, DMAEXER_A_BUF_ID, ids[i]);
		EXPECT_STREQ("", dmx_refused(d, EINVAL, DMAEXER_A_BUF_ID, NULL));
	}
}

TEST_F(buf, share_keeps_the_contents)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new_filled(d, BOX, 5000, DMAEXER_PATTERN_RANDOM, 42);
	uint8_t bytes[5001];
	int i, wrong = 0;

	ASSERT_NE(0, id);
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, id));
	ASSERT_EQ(5000, dmx_contents(d, id, bytes, sizeof(bytes)));
	for (i = 0; i < 5000; i++)
		wrong += bytes[i] != pattern_byte(DMAEXER_PATTERN_RANDOM, 42, i);
	EXPECT_EQ(0, wrong);
}

TEST_F(buf, a_handle_always_has_no_kernel_mapping_among_its_attributes)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, HANDLE, 1, 64);

	ASSERT_NE(0, id);
	EXPECT_EQ(DMAEXER_ATTR_NO_KERNEL_MAPPING,
		  nl_get_u32(&d->nl, DMAEXER_A_BUF_ATTRS));
	EXPECT_TRUE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_GET, id));
	EXPECT_EQ(DMAEXER_ATTR_NO_KERNEL_MAPPING,
		  nl_get_u32(&d->nl, DMAEXER_A_BUF_ATTRS));
}

TEST_F(buf, every_way_to_the_contents_of_a_handle_is_eopnotsupp)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, HANDLE, 8, 8);

	ASSERT_NE(0, id);
	dmx_begin_field(d, DMAEXER_CMD_BUF_READ, id, 0, 0, 8);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, id, 0, 0, 8);
	nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, 1);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_id(d, DMAEXER_CMD_BUF_WRITE, DMAEXER_A_BUF_ID, id);
	nl_u64(&d->nl, DMAEXER_A_BUF_INDEX, 0);
	nl_put(&d->nl, DMAEXER_A_BUF_DATA, "12345678", 8);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_range(d, DMAEXER_CMD_BUF_FILL, id, 0, 64,
			DMAEXER_PATTERN_BYTE, 1);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 0, 64,
			DMAEXER_PATTERN_BYTE, 1);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_ID, NULL));
	EXPECT_FALSE(file_exists(dmx_debugfs(d, id, "data")));
	EXPECT_TRUE(file_exists(dmx_debugfs(d, id, "info")));
}

TEST_F(buf, a_label_is_text_of_up_to_63_bytes)
{
	struct nl *nl = &self->d.nl;
	char label[65];
	unsigned int c;

	memset(label, 'x', sizeof(label));
	label[63] = '\0';
	dmx_begin_new(&self->d, BOX, 1, 64);
	nl_str(nl, DMAEXER_A_BUF_LABEL, label);
	ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
	EXPECT_STREQ(label, nl_get_str(nl, DMAEXER_A_BUF_LABEL));
	for (c = 1; c < 128; c++) {
		if (c >= ' ' && c < 127)
			continue;
		dmx_begin_new(&self->d, BOX, 1, 64);
		nl_str(nl, DMAEXER_A_BUF_LABEL, format("a%cb", c));
		EXPECT_STREQ("", dmx_refused(&self->d, EINVAL,
					     DMAEXER_A_BUF_LABEL, NULL))
			TH_LOG("character %#x", c);
	}
	dmx_begin_new(&self->d, BOX, 1, 64);
	nl_str(nl, DMAEXER_A_BUF_LABEL, "Größe ✓ \"quoted\" <&>");
	ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
	EXPECT_STREQ("Größe ✓ \"quoted\" <&>",
		     nl_get_str(nl, DMAEXER_A_BUF_LABEL));
}

TEST_F(buf, every_gfp_is_served_and_kept)
{
	struct nl *nl = &self->d.nl;
	uint32_t gfp;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (gfp = 0; gfp <= DMAEXER_GFP_MAX; gfp++) {
			dmx_begin_new(&self->d, kinds[i], 1, 4096);
			nl_u32(nl, DMAEXER_A_BUF_GFP, gfp);
			ASSERT_EQ(0, nl_call(nl)) TH_LOG("%s", nl->msg);
			EXPECT_EQ(gfp, nl_get_u32(nl, DMAEXER_A_BUF_GFP));
		}
	}
}

TEST_F(buf, an_id_that_never_was_or_is_gone_is_enoent)
{
	static const uint8_t ops[] = { DMAEXER_CMD_BUF_GET, DMAEXER_CMD_BUF_DEL,
				       DMAEXER_CMD_BUF_SHARE };
	struct dmx *d = &self->d;
	uint32_t ids[] = { 0, 0x7fffffff, 0x80000000, UINT32_MAX,
			   dmx_new(d, BOX, 1, 64) };
	size_t i, j;

	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, ids[4]));
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (j = 0; j < ARRAY_SIZE(ids); j++) {
			dmx_begin_id(d, ops[i], DMAEXER_A_BUF_ID, ids[j]);
			EXPECT_STREQ("", dmx_refused(d, ENOENT,
						     DMAEXER_A_BUF_ID, NULL));
		}
	}
	nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, 0x7fffffff);
	nl_u64(&d->nl, DMAEXER_A_BUF_COUNT, 1);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_DEV_ID, NULL));
}

TEST_F(buf, a_dump_that_names_a_buffer_is_einval)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, BOX, 1, 64);

	dmx_begin_id(d, DMAEXER_CMD_BUF_GET, DMAEXER_A_BUF_ID, id);
	EXPECT_STREQ("", dmx_dump_refused(d, EINVAL, NULL));
	dmx_begin_id(d, DMAEXER_CMD_BUF_GET, DMAEXER_A_BUF_DEV_ID, 0x7fffffff);
	EXPECT_STREQ("", dmx_dump_refused(d, ENOENT, NULL));
}

TEST_F(buf, a_buffer_of_another_device_is_enoent)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, BOX, 1, 64);

	dmx_begin_id(d, DMAEXER_CMD_BUF_GET, DMAEXER_A_BUF_ID, id);
	nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, d->dev + 1);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_DEV_ID,
				     "is not of device"));
}

TEST_F(buf, counters_follow_every_buffer)
{
	static const uint64_t sizes[] = { 1, 4095, 4096, 4097, 100000 };
	struct dmx *d = &self->d;
	uint64_t bytes = 0;
	uint32_t ids[5];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ids[i] = dmx_new(d, kinds[i % 3], 1, sizes[i]);
		ASSERT_NE(0, ids[i]);
		bytes += (sizes[i] + 4095) / 4096 * 4096;
		EXPECT_EQ(i + 1, dmx_live_bufs(d));
		EXPECT_EQ(bytes, dmx_live_bytes(d));
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, ids[i]));
	}
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(0, dmx_live_bytes(d));
	EXPECT_EQ(5, dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS));
}

TEST_HARNESS_MAIN
