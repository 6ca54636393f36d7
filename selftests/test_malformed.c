// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that are no requests. The table says what the spec says of every
 * request; each of its attributes is spoiled in every way, one at a time, in an
 * otherwise right request, which must then be refused and change nothing.
 */
#include "dmx.h"
#include "harness.h"
#include "postmortem.h"
#include "requests.h"

/* what is kept of a buffer of the test's */
static uint32_t postmortem;

FIXTURE(malformed)
{
	struct dmx d;
	uint32_t id;
};

FIXTURE_SETUP(malformed)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	postmortem = postmortem_new(&self->d);
	ASSERT_NE(0, postmortem);
	self->id = dmx_new(&self->d, BOX, 8, 8);
	ASSERT_NE(0, self->id);
	ASSERT_EQ(0, dmx_fill(&self->d, self->id, 0, 64, DMAEXER_PATTERN_RANDOM,
			      1));
}

FIXTURE_TEARDOWN(malformed)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

/* The test's own device, buffer or postmortem, where one is wanted. */
static uint64_t right_value(const struct dmx *d, uint32_t id,
			    const struct field *f)
{
	if (f->form == DEVICE)
		return d->dev;
	if (f->form == POSTMORTEM)
		return postmortem;
	return f->form == BUFFER ? id : f->value;
}

/* An attribute that is right but for the bytes it is longer, and its flags. */
static void put(struct dmx *d, uint32_t id, const struct field *f, int more,
		uint16_t flags)
{
	uint64_t wide[4] = { right_value(d, id, f) };
	uint32_t word[4] = { wide[0] };
	uint8_t data[64] = "label";

	switch (f->form) {
	case U32:
	case DEVICE:
	case BUFFER:
	case POSTMORTEM:
		nl_put(&d->nl, f->type | flags, word, sizeof(word[0]) + more);
		break;
	case U64:
		nl_put(&d->nl, f->type | flags, wide, sizeof(wide[0]) + more);
		break;
	case FLAG:
		nl_put(&d->nl, f->type | flags, wide, more);
		break;
	case STRING:
		nl_put(&d->nl, f->type | flags, data, 6 + more);
		break;
	case BINARY:
		nl_put(&d->nl, f->type | flags, data, 8 + more);
		break;
	}
}

/* All but the attribute number SKIP. */
static void begin(struct dmx *d, uint32_t id, const struct request *req,
		  int skip)
{
	int i;

	nl_begin(&d->nl, req->cmd);
	for (i = 0; req->fields[i].form; i++)
		if (i != skip)
			put(d, id, &req->fields[i], 0, 0);
}

/* As dmx_refused(), for EINVAL and ERANGE, which the policy decides between. */
static const char *refused(struct dmx *d, const struct request *req, int attr)
{
	const char *wrong = dmx_refused(d, EINVAL, attr, NULL);

	if (*wrong && d->nl.err == ERANGE)
		wrong = dmx_refused(d, ERANGE, attr, NULL);
	return *wrong ? format("%s, attribute %d: %s", req->name, attr, wrong) :
			"";
}

TEST_F(malformed, the_requests_of_the_table_are_right)
{
	const struct request *req;

	for_each_request(req) {
		/* What deletes, shares or needs an idle device has its turn. */
		if (req->cmd == DMAEXER_CMD_DEV_DEL ||
		    req->cmd == DMAEXER_CMD_DEV_SET ||
		    req->cmd == DMAEXER_CMD_BUF_DEL ||
		    req->cmd == DMAEXER_CMD_BUF_SHARE ||
		    req->chan)
			continue;
		begin(&self->d, self->id, req, -1);
		EXPECT_EQ(0, nl_call(&self->d.nl))
			TH_LOG("%s: %s", req->name, self->d.nl.msg);
	}
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_SHARE, self->id));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, self->id));
}

TEST_F(malformed, of_the_requests_for_a_channel_only_that_is_wrong)
{
	const struct request *req;

	for_each_request(req) {
		if (!req->chan)
			continue;
		begin(&self->d, self->id, req, -1);
		if (req->cmd == DMAEXER_CMD_DEV_NEW) {
			EXPECT_STREQ("", dmx_refused(&self->d, ENOENT,
				     DEV(CHANNEL), "no channel label that is free"));
		} else {
			EXPECT_STREQ("", dmx_refused(&self->d, EOPNOTSUPP,
				     XFER(DEV_ID), "is no DMA engine channel"));
		}
	}
}

TEST_F(malformed, a_missing_attribute_is_einval_and_named)
{
	const struct request *req;
	const struct field *f;

	for_each_request(req) {
		for_each_field(req, f) {
			if (!f->required)
				continue;
			begin(&self->d, self->id, req, f - req->fields);
			EXPECT_STREQ("", refused(&self->d, req,
						 MISSING(f->type)));
		}
	}
}

TEST_F(malformed, an_attribute_that_is_too_short_is_refused)
{
	const struct request *req;
	const struct field *f;
	int less, width;

	for_each_request(req) {
		for_each_field(req, f) {
			width = form_width(f->form);
			for (less = 1; less <= width; less++) {
				begin(&self->d, self->id, req, f - req->fields);
				put(&self->d, self->id, f, -less, 0);
				EXPECT_STREQ("", refused(&self->d, req,
							 f->type));
			}
		}
	}
}

TEST_F(malformed, an_attribute_that_is_too_long_is_refused)
{
	static const int longer[] = { 1, 4, 8 };
	const struct request *req;
	const struct field *f;
	size_t i;

	for_each_request(req) {
		for_each_field(req, f) {
			if (f->form == STRING || f->form == BINARY)
				continue;
			for (i = 0; i < ARRAY_SIZE(longer); i++) {
				begin(&self->d, self->id, req, f - req->fields);
				put(&self->d, self->id, f, longer[i], 0);
				EXPECT_STREQ("", refused(&self->d, req,
							 f->type));
			}
		}
	}
}

TEST_F(malformed, the_flag_for_nesting_where_nothing_nests_is_refused)
{
	const struct request *req;
	const struct field *f;

	for_each_request(req) {
		for_each_field(req, f) {
			begin(&self->d, self->id, req, f - req->fields);
			put(&self->d, self->id, f, 0, NLA_F_NESTED);
			EXPECT_STREQ("", refused(&self->d, req, f->type));
		}
	}
}

TEST_F(malformed, a_value_beyond_its_enum_is_refused)
{
	static const uint32_t beyond[] = { 1, 100, 0x10000, 0x80000000 };
	const struct request *req;
	const struct field *f;
	size_t i;

	for_each_request(req) {
		for_each_field(req, f) {
			if (!f->max || f->form != U32)
				continue;
			for (i = 0; i < ARRAY_SIZE(beyond); i++) {
				begin(&self->d, self->id, req, f - req->fields);
				nl_u32(&self->d.nl, f->type, f->max + beyond[i]);
				EXPECT_STREQ("", refused(&self->d, req,
							 f->type));
			}
		}
	}
}

static bool has_field(uint8_t cmd, int type)
{
	const struct request *req;
	const struct field *f;

	for_each_request(req)
		for_each_field(req, f)
			if (req->cmd == cmd && f->type == type)
				return true;
	return false;
}

TEST_F(malformed, an_attribute_that_the_request_does_not_have_is_refused)
{
	const struct request *req;
	int type;

	for_each_request(req) {
		for (type = 0; type < 70; type++) {
			if (has_field(req->cmd, type))
				continue;
			begin(&self->d, self->id, req, -1);
			nl_u32(&self->d.nl, type, 1);
			EXPECT_STREQ("", refused(&self->d, req, NONE));
			EXPECT_EQ(type, nl_type_at(&self->d.nl,
						   self->d.nl.offs));
		}
	}
}

TEST_F(malformed, bytes_after_the_last_attribute_are_refused)
{
	const struct request *req;
	int more;

	for_each_request(req) {
		for (more = 1; more < 4; more++) {
			begin(&self->d, self->id, req, -1);
			nl_raw(&self->d.nl, "\1\2\3\4", more);
			EXPECT_STREQ("", refused(&self->d, req, NONE));
		}
	}
}

TEST_F(malformed, an_attribute_longer_than_the_request_is_refused)
{
	struct nlattr attr = { .nla_len = 4000 };
	const struct request *req;

	for_each_request(req) {
		begin(&self->d, self->id, req, -1);
		attr.nla_type = req->fields[0].type;
		nl_raw(&self->d.nl, &attr, sizeof(attr));
		EXPECT_STREQ("", refused(&self->d, req, NONE));
	}
}

TEST_HARNESS_MAIN
