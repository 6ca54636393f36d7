// SPDX-License-Identifier: GPL-2.0
/* Notifications: one for each event, with the object as it is. */
#include "dmx.h"
#include "harness.h"

#define SOON_MS		2000
#define QUIET_MS	200

FIXTURE(event)
{
	struct dmx d;
	struct nl ears;
};

FIXTURE_SETUP(event)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_NE(0, self->ears.group);
	ASSERT_EQ(0, nl_join(&self->ears));
}

FIXTURE_TEARDOWN(event)
{
	nl_close(&self->ears);
	dmx_teardown(&self->d);
}

/* The notification has the very bytes that a request is answered with. */
static const char *differs(const struct nl *event, const struct nl *answer)
{
	const struct nlmsghdr *a = nl_next(event, NULL);
	const struct nlmsghdr *b = nl_next(answer, NULL);
	size_t len = NLMSG_PAYLOAD(a, GENL_HDRLEN);

	if (len != NLMSG_PAYLOAD(b, GENL_HDRLEN))
		return format("%zu bytes, not %zu", len,
			      (size_t)NLMSG_PAYLOAD(b, GENL_HDRLEN));
	return memcmp((char *)NLMSG_DATA(a) + GENL_HDRLEN,
		      (char *)NLMSG_DATA(b) + GENL_HDRLEN, len) ?
	       "other bytes" : "";
}

static int next(struct nl *ears)
{
	return nl_event(ears, SOON_MS);
}

TEST_F(event, a_buffer_is_announced_shared_and_gone)
{
	struct dmx *d = &self->d;
	struct nl *ears = &self->ears;
	uint32_t id = dmx_new(d, BOX, 8, 8);

	ASSERT_NE(0, id);
	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(ears));
	EXPECT_STREQ("", differs(ears, &d->nl));
	EXPECT_FALSE(nl_has(ears, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, id));
	ASSERT_EQ(DMAEXER_CMD_BUF_SHARE_NTF, next(ears));
	EXPECT_EQ(id, nl_get_u32(ears, DMAEXER_A_BUF_ID));
	EXPECT_EQ(COHERENT, nl_get_u32(ears, DMAEXER_A_BUF_KIND));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_EQ(DMAEXER_CMD_BUF_DEL_NTF, next(ears));
	EXPECT_EQ(id, nl_get_u32(ears, DMAEXER_A_BUF_ID));
	EXPECT_EQ(d->dev, nl_get_u32(ears, DMAEXER_A_BUF_DEV_ID));
	EXPECT_EQ(0, nl_event(ears, QUIET_MS));
}

TEST_F(event, the_notification_of_a_box_never_has_its_address)
{
	struct dmx *d = &self->d;
	struct nl *ears = &self->ears;
	uint32_t id = dmx_new(d, BOX, 8, 8);

	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(ears));
	EXPECT_FALSE(nl_has(ears, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_EQ(DMAEXER_CMD_BUF_DEL_NTF, next(ears));
	EXPECT_FALSE(nl_has(ears, DMAEXER_A_BUF_DMA_ADDR));
}

TEST_F(event, a_device_is_announced_and_gone_after_its_buffers)
{
	struct dmx *d = &self->d;
	struct nl *ears = &self->ears;
	uint32_t dev, buf;

	nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
	ASSERT_EQ(0, nl_call(&d->nl));
	dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	ASSERT_EQ(DMAEXER_CMD_DEV_ADD_NTF, next(ears));
	EXPECT_STREQ("", differs(ears, &d->nl));
	d->dev = dev;
	buf = dmx_new(d, HANDLE, 1, 64);
	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(ears));
	EXPECT_EQ(buf, nl_get_u32(ears, DMAEXER_A_BUF_ID));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, dev));
	ASSERT_EQ(DMAEXER_CMD_BUF_DEL_NTF, next(ears));
	EXPECT_EQ(buf, nl_get_u32(ears, DMAEXER_A_BUF_ID));
	ASSERT_EQ(DMAEXER_CMD_DEV_DEL_NTF, next(ears));
	EXPECT_EQ(dev, nl_get_u32(ears, DMAEXER_A_DEV_ID));
	EXPECT_TRUE(nl_has(ears, DMAEXER_A_DEV_NAME));
	EXPECT_EQ(0, nl_event(ears, QUIET_MS));
}

TEST_F(event, an_announced_object_can_be_asked_for)
{
	struct dmx *d = &self->d;
	struct nl *ears = &self->ears;
	uint32_t id = dmx_new(d, COHERENT, 8, 8);

	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(ears));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET,
			       nl_get_u32(ears, DMAEXER_A_BUF_ID)));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_EQ(DMAEXER_CMD_BUF_DEL_NTF, next(ears));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_BUF_GET, id));
}

TEST_F(event, a_closing_owner_is_announced_too)
{
	struct nl *ears = &self->ears;
	uint32_t dev, buf;
	struct nl nl;

	ASSERT_EQ(0, nl_open(&nl));
	nl_begin(&nl, DMAEXER_CMD_DEV_NEW);
	nl_flag(&nl, DMAEXER_A_DEV_OWNED);
	ASSERT_EQ(0, nl_call(&nl));
	dev = nl_get_u32(&nl, DMAEXER_A_DEV_ID);
	ASSERT_EQ(DMAEXER_CMD_DEV_ADD_NTF, next(ears));
	EXPECT_EQ(nl.port, nl_get_u32(ears, DMAEXER_A_DEV_OWNER));
	nl_begin(&nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u64(&nl, DMAEXER_A_BUF_COUNT, 64);
	nl_flag(&nl, DMAEXER_A_BUF_OWNED);
	ASSERT_EQ(0, nl_call(&nl));
	buf = nl_get_u32(&nl, DMAEXER_A_BUF_ID);
	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(ears));
	nl_close(&nl);
	ASSERT_EQ(DMAEXER_CMD_BUF_DEL_NTF, next(ears));
	EXPECT_EQ(buf, nl_get_u32(ears, DMAEXER_A_BUF_ID));
	ASSERT_EQ(DMAEXER_CMD_DEV_DEL_NTF, next(ears));
	EXPECT_EQ(dev, nl_get_u32(ears, DMAEXER_A_DEV_ID));
}

TEST_F(event, a_refused_request_is_not_announced)
{
	struct dmx *d = &self->d;

	dmx_begin_new(d, COHERENT, 0, 1);
	ASSERT_EQ(EINVAL, nl_call(&d->nl));
	dmx_begin_new(d, BOX, 1, 64);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	ASSERT_EQ(EINVAL, nl_call(&d->nl));
	ASSERT_EQ(ENOENT, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, 0x7fffffff));
	ASSERT_EQ(ENOENT, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, 0x7fffffff));
	EXPECT_EQ(0, nl_event(&self->ears, QUIET_MS));
}

TEST_F(event, what_reads_is_not_announced)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, COHERENT, 8, 8);
	uint64_t value;

	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(&self->ears));
	ASSERT_EQ(0, dmx_read(d, id, 0, 0, 8, &value));
	ASSERT_EQ(0, dmx_write(d, id, 0, 0, 8, 7));
	ASSERT_EQ(0, dmx_fill(d, id, 0, 64, DMAEXER_PATTERN_BYTE, 7));
	ASSERT_EQ(1, dmx_count(d, DMAEXER_CMD_BUF_GET) > 0);
	EXPECT_EQ(0, nl_event(&self->ears, QUIET_MS));
}

TEST_F(event, who_is_no_member_hears_nothing)
{
	struct nl deaf;

	ASSERT_EQ(0, nl_open(&deaf));
	ASSERT_NE(0, dmx_new(&self->d, COHERENT, 8, 8));
	ASSERT_EQ(DMAEXER_CMD_BUF_NEW_NTF, next(&self->ears));
	EXPECT_EQ(0, nl_event(&deaf, QUIET_MS));
	nl_close(&deaf);
}

TEST_F(event, a_member_that_does_not_read_stops_nobody)
{
	struct dmx *d = &self->d;
	uint32_t id;
	int i;

	for (i = 0; i < 500; i++) {
		id = dmx_new(d, COHERENT, 8, 8);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	}
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
