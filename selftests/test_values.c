// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of the right form whose value is none, and requests that are none:
 * each is refused and changes nothing.
 */
#include "dmx.h"
#include "harness.h"

#define DEV(name)	DMAEXER_A_DEV_##name
#define BUF(name)	DMAEXER_A_BUF_##name
#define XFER(name)	DMAEXER_A_XFER_##name

FIXTURE(values)
{
	struct dmx d;
	uint32_t id;
};

FIXTURE_SETUP(values)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->id = dmx_new(&self->d, BOX, 8, 8);
	ASSERT_NE(0, self->id);
	ASSERT_EQ(0, dmx_fill(&self->d, self->id, 0, 64, DMAEXER_PATTERN_RANDOM,
			      1));
}

FIXTURE_TEARDOWN(values)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

/* As dmx_refused(), for EINVAL and ERANGE, which the policy decides between. */
static const char *refused(struct dmx *d, int attr)
{
	const char *wrong = dmx_refused(d, EINVAL, attr, NULL);

	return *wrong && d->nl.err == ERANGE ?
	       dmx_refused(d, ERANGE, attr, NULL) : wrong;
}

TEST_F(values, a_label_without_end_or_without_text_is_refused)
{
	static const char label[80] = "an endless label";
	struct nl *nl = &self->d.nl;
	size_t len;

	for (len = 0; len <= 16; len++) {
		dmx_begin_new(&self->d, BOX, 1, 64);
		nl_put(nl, BUF(LABEL), label, len);
		EXPECT_STREQ("", refused(&self->d, BUF(LABEL)));
	}
}

TEST_F(values, a_label_of_64_bytes_and_more_is_refused)
{
	static const size_t lens[] = { 64, 65, 100, 255, 4096, 65530 };
	static char label[65531];
	struct nl *nl = &self->d.nl;
	size_t i;

	memset(label, 'x', sizeof(label));
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		label[lens[i]] = '\0';
		dmx_begin_new(&self->d, BOX, 1, 64);
		nl_put(nl, BUF(LABEL), label, lens[i] + 1);
		EXPECT_STREQ("", refused(&self->d, BUF(LABEL)));
	}
}

TEST_F(values, a_channel_without_end_or_too_long_is_refused)
{
	static char name[65531];
	struct nl *nl = &self->d.nl;
	size_t len;

	memset(name, 'x', sizeof(name));
	for (len = 0; len <= 70; len++) {
		nl_begin(nl, DMAEXER_CMD_DEV_NEW);
		nl_put(nl, DEV(CHANNEL), name, len);
		EXPECT_STREQ("", refused(&self->d, DEV(CHANNEL)));
	}
	for (len = 64; len < sizeof(name); len *= 4) {
		name[len] = '\0';
		nl_begin(nl, DMAEXER_CMD_DEV_NEW);
		nl_put(nl, DEV(CHANNEL), name, len + 1);
		EXPECT_STREQ("", refused(&self->d, DEV(CHANNEL)));
	}
}

TEST_F(values, a_name_that_no_channel_has_is_enoent)
{
	static const char * const names[] = {
		"", "any ", "ANY", "dma0chan", "dma0chan99", "../dma0chan0",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		nl_begin(&self->d.nl, DMAEXER_CMD_DEV_NEW);
		nl_str(&self->d.nl, DEV(CHANNEL), names[i]);
		EXPECT_STREQ("", dmx_refused(&self->d, ENOENT, DEV(CHANNEL),
					     "no channel"));
	}
}

TEST_F(values, a_timeout_of_0_is_refused)
{
	nl_begin(&self->d.nl, DMAEXER_CMD_XFER_RUN);
	nl_u32(&self->d.nl, XFER(SRC), self->id);
	nl_u32(&self->d.nl, XFER(DST), self->id);
	nl_u32(&self->d.nl, XFER(TIMEOUT_MS), 0);
	EXPECT_STREQ("", dmx_refused(&self->d, ERANGE, XFER(TIMEOUT_MS), NULL));
}

TEST_F(values, of_an_attribute_that_comes_twice_the_last_counts)
{
	struct dmx *d = &self->d;
	uint64_t value;

	nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&d->nl, BUF(DEV_ID), 0x7fffffff);
	nl_u64(&d->nl, BUF(COUNT), UINT64_MAX);
	nl_str(&d->nl, BUF(LABEL), "first");
	nl_u32(&d->nl, BUF(DEV_ID), d->dev);
	nl_u64(&d->nl, BUF(COUNT), 32);
	nl_str(&d->nl, BUF(LABEL), "last");
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	EXPECT_EQ(32, nl_get_u64(&d->nl, BUF(COUNT)));
	EXPECT_STREQ("last", nl_get_str(&d->nl, BUF(LABEL)));
	dmx_begin_field(d, DMAEXER_CMD_BUF_READ, self->id, 0, 0, 1);
	nl_u64(&d->nl, BUF(INDEX), 7);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	value = pattern_byte(DMAEXER_PATTERN_RANDOM, 1, 56);
	EXPECT_EQ(value, nl_get_u64(&d->nl, BUF(VALUE)));
	dmx_begin_field(d, DMAEXER_CMD_BUF_READ, self->id, 0, 0, 1);
	nl_u64(&d->nl, BUF(INDEX), 8);
	EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
}

TEST_F(values, a_command_that_is_none_is_refused)
{
	static const uint8_t cmds[] = {
		0, DMAEXER_CMD_DEV_ADD_NTF, DMAEXER_CMD_DEV_DEL_NTF,
		DMAEXER_CMD_BUF_NEW_NTF, DMAEXER_CMD_BUF_SHARE_NTF,
		DMAEXER_CMD_BUF_DEL_NTF, DMAEXER_CMD_VIOLATION_NTF,
		DMAEXER_CMD_MAX + 1, 255,
	};
	struct snap before = snap_take(&self->d);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		nl_begin(&self->d.nl, cmds[i]);
		nl_u32(&self->d.nl, DEV(ID), self->d.dev);
		EXPECT_EQ(EOPNOTSUPP, nl_call(&self->d.nl));
	}
	EXPECT_STREQ("", snap_changed(&self->d, &before));
}

TEST_F(values, a_dump_that_is_malformed_is_refused)
{
	struct nl *nl = &self->d.nl;

	nl_begin(nl, DMAEXER_CMD_BUF_GET);
	nl_put(nl, BUF(DEV_ID), "abc", 3);
	EXPECT_STREQ("", dmx_dump_refused(&self->d, EINVAL, NULL));
	nl_begin(nl, DMAEXER_CMD_DEV_GET);
	nl_u32(nl, 60, 1);
	EXPECT_STREQ("", dmx_dump_refused(&self->d, EINVAL, NULL));
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	EXPECT_EQ(EOPNOTSUPP, nl_dump(nl));
}

TEST_HARNESS_MAIN
