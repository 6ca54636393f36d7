// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that are no requests. The table says what the spec says of every
 * request; each of its attributes is spoiled in every way, one at a time, in an
 * otherwise right request, which must then be refused and change nothing.
 */
#include "dmx.h"
#include "kselftest_harness.h"

enum form { U32 = 1, U64, FLAG, STRING, BINARY };

/**
 * struct field - an attribute of a request
 * @type: its type
 * @form: its form; 0 ends the list
 * @max: largest value where the spec has one, else 0
 * @required: the request is nothing without it
 * @value: a value that is right; for id and dev-id it is filled in
 */
struct field {
	uint16_t type;
	enum form form;
	uint32_t max;
	bool required;
	uint64_t value;
};

/**
 * struct request - a request
 * @name: as the spec has it
 * @cmd: its command
 * @fields: attributes of a right one
 */
struct request {
	const char *name;
	uint8_t cmd;
	struct field fields[12];
};

#define DEV(name)	DMAEXER_A_DEV_##name
#define BUF(name)	DMAEXER_A_BUF_##name
#define XFER(name)	DMAEXER_A_XFER_##name
#define FAULT(name)	DMAEXER_A_FAULT_##name
#define PROTECT(name)	DMAEXER_A_PROTECT_##name

static const struct request requests[] = {
	{ "dev-get", DMAEXER_CMD_DEV_GET, {
		{ DEV(ID), U32, 0, true } } },
	{ "dev-new", DMAEXER_CMD_DEV_NEW, {
		{ DEV(OWNED), FLAG } } },
	{ "dev-new channel", DMAEXER_CMD_DEV_NEW, {
		{ DEV(OWNED), FLAG },
		{ DEV(CHANNEL), STRING } } },
	{ "dev-del", DMAEXER_CMD_DEV_DEL, {
		{ DEV(ID), U32, 0, true } } },
	{ "dev-set", DMAEXER_CMD_DEV_SET, {
		{ DEV(ID), U32, 0, true },
		{ DEV(DMA_MASK_BITS), U32, 0, false, 41 },
		{ DEV(COHERENT_MASK_BITS), U32, 0, false, 42 },
		{ DEV(MAX_SEG_SIZE), U32, 0, false, 4321 },
		{ DEV(FORCE), FLAG },
		{ DEV(OWNED), FLAG } } },
	{ "buf-get", DMAEXER_CMD_BUF_GET, {
		{ BUF(ID), U32, 0, true } } },
	{ "buf-new", DMAEXER_CMD_BUF_NEW, {
		{ BUF(DEV_ID), U32, 0, true },
		{ BUF(KIND), U32, DMAEXER_KIND_MAX, false, COHERENT },
		{ BUF(LABEL), STRING, DMAEXER_LABEL_MAX },
		{ BUF(ELEM_SIZE), U64, 0, false, 8 },
		{ BUF(COUNT), U64, 0, true, 8 },
		{ BUF(ATTRS), U32, 0, false, DMAEXER_ATTR_NO_WARN },
		{ BUF(GFP), U32, DMAEXER_GFP_MAX, false, 0 },
		{ BUF(OWNED), FLAG },
		{ BUF(WARN), FLAG },
		{ BUF(PATTERN), U32, DMAEXER_PATTERN_MAX, false, 2 },
		{ BUF(PATTERN_ARG), U64, 0, false, 9 } } },
	{ "buf-del", DMAEXER_CMD_BUF_DEL, {
		{ BUF(ID), U32, 0, true } } },
	{ "buf-share", DMAEXER_CMD_BUF_SHARE, {
		{ BUF(ID), U32, 0, true } } },
	{ "buf-read", DMAEXER_CMD_BUF_READ, {
		{ BUF(ID), U32, 0, true },
		{ BUF(INDEX), U64, 0, true, 1 },
		{ BUF(OFFSET), U64, 0, false, 0 },
		{ BUF(WIDTH), U32, 0, true, 8 } } },
	{ "buf-write", DMAEXER_CMD_BUF_WRITE, {
		{ BUF(ID), U32, 0, true },
		{ BUF(INDEX), U64, 0, true, 1 },
		{ BUF(OFFSET), U64, 0, false, 0 },
		{ BUF(WIDTH), U32, 0, true, 8 },
		{ BUF(VALUE), U64, 0, true, 3 } } },
	{ "buf-write data", DMAEXER_CMD_BUF_WRITE, {
		{ BUF(ID), U32, 0, true },
		{ BUF(INDEX), U64, 0, true, 1 },
		{ BUF(DATA), BINARY } } },
	{ "buf-fill", DMAEXER_CMD_BUF_FILL, {
		{ BUF(ID), U32, 0, true },
		{ BUF(OFFSET), U64, 0, false, 8 },
		{ BUF(LENGTH), U64, 0, false, 16 },
		{ BUF(PATTERN), U32, DMAEXER_PATTERN_MAX, true, 2 },
		{ BUF(PATTERN_ARG), U64, 0, false, 9 } } },
	{ "buf-check", DMAEXER_CMD_BUF_CHECK, {
		{ BUF(ID), U32, 0, true },
		{ BUF(OFFSET), U64, 0, false, 8 },
		{ BUF(LENGTH), U64, 0, false, 16 },
		{ BUF(PATTERN), U32, DMAEXER_PATTERN_MAX, true, 2 },
		{ BUF(PATTERN_ARG), U64, 0, false, 9 } } },
	{ "xfer-run", DMAEXER_CMD_XFER_RUN, {
		{ XFER(DEV_ID), U32 },
		{ XFER(SRC), U32, 0, true },
		{ XFER(SRC_OFFSET), U64, 0, false, 0 },
		{ XFER(DST), U32, 0, true },
		{ XFER(DST_OFFSET), U64, 0, false, 32 },
		{ XFER(LENGTH), U64, 0, false, 8 },
		{ XFER(TIMEOUT_MS), U32, 0, false, 1000 } } },
	{ "protect-run", DMAEXER_CMD_PROTECT_RUN, {
		{ PROTECT(DEV_ID), U32, 0, true },
		{ PROTECT(CASE), U32, DMAEXER_PROTECT_CASE_MAX, true, 0 } } },
	{ "fault-set", DMAEXER_CMD_FAULT_SET, {
		{ FAULT(OP), U32, DMAEXER_FAULT_OP_MAX, true,
		  DMAEXER_FAULT_OP_SEND },
		{ FAULT(NTH), U32, 0, false, 1000000 },
		{ FAULT(TIMES), U32, 0, false, 1 },
		{ FAULT(ERRNO), U32, 0, false, EAGAIN },
		{ FAULT(OWNED), FLAG } } },
	{ "fault-get", DMAEXER_CMD_FAULT_GET, {
		{ FAULT(OP), U32, DMAEXER_FAULT_OP_MAX, true,
		  DMAEXER_FAULT_OP_SEND },
		{ FAULT(OWNED), FLAG } } },
};

FIXTURE(malformed)
{
	struct dmx d;
	uint32_t id;
};

FIXTURE_SETUP(malformed)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
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

static bool is_dev_request(const struct request *req)
{
	return req->cmd < DMAEXER_CMD_BUF_GET;
}

/* It wants a channel, and says so where all of it is right. */
static bool is_chan_request(const struct request *req)
{
	return req->cmd == DMAEXER_CMD_XFER_RUN ||
	       req->cmd == DMAEXER_CMD_PROTECT_RUN ||
	       (req->cmd == DMAEXER_CMD_DEV_NEW &&
		req->fields[1].type == DEV(CHANNEL));
}

/* A request for one device or buffer: the test's own. */
static uint64_t right_value(const struct dmx *d, uint32_t id,
			    const struct request *req, const struct field *f)
{
	if (is_dev_request(req))
		return f->type == DEV(ID) ? d->dev : f->value;
	_Static_assert((int)XFER(DEV_ID) == (int)PROTECT(DEV_ID), "dev-id");
	if (is_chan_request(req) && f->type == XFER(DEV_ID))
		return d->dev;
	if (req->cmd == DMAEXER_CMD_XFER_RUN)
		return f->type == XFER(SRC) || f->type == XFER(DST) ?
		       id : f->value;
	if (req->cmd == DMAEXER_CMD_PROTECT_RUN ||
	    req->cmd >= DMAEXER_CMD_FAULT_SET)
		return f->value;
	if (f->type == BUF(DEV_ID))
		return d->dev;
	return f->type == BUF(ID) ? id : f->value;
}

/* An attribute that is right but for the bytes it is longer, and its flags. */
static void put(struct dmx *d, uint32_t id, const struct request *req,
		const struct field *f, int more, uint16_t flags)
{
	uint64_t wide[4] = { right_value(d, id, req, f) };
	uint32_t word[4] = { wide[0] };
	uint8_t data[64] = "label";

	switch (f->form) {
	case U32:
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
			put(d, id, req, &req->fields[i], 0, 0);
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

#define for_each_request(req) \
	for (req = requests; req < requests + ARRAY_SIZE(requests); req++)
#define for_each_field(req, f)	for (f = (req)->fields; f->form; f++)

TEST_F(malformed, the_requests_of_the_table_are_right)
{
	const struct request *req;

	for_each_request(req) {
		/* What deletes, shares or needs an idle device has its turn. */
		if (req->cmd == DMAEXER_CMD_DEV_DEL ||
		    req->cmd == DMAEXER_CMD_DEV_SET ||
		    req->cmd == DMAEXER_CMD_BUF_DEL ||
		    req->cmd == DMAEXER_CMD_BUF_SHARE ||
		    is_chan_request(req))
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
		if (!is_chan_request(req))
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
	int less;

	for_each_request(req) {
		for_each_field(req, f) {
			if (f->form != U32 && f->form != U64)
				continue;
			for (less = 1; less <= (f->form == U32 ? 4 : 8); less++) {
				begin(&self->d, self->id, req, f - req->fields);
				put(&self->d, self->id, req, f, -less, 0);
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
				put(&self->d, self->id, req, f, longer[i], 0);
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
			put(&self->d, self->id, req, f, 0, NLA_F_NESTED);
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

TEST_F(malformed, an_attribute_that_the_request_does_not_have_is_refused)
{
	const struct request *req;
	const struct field *f;
	bool known, data;
	int type;

	for_each_request(req) {
		data = req->cmd == DMAEXER_CMD_BUF_NEW ||
		       req->cmd == DMAEXER_CMD_BUF_WRITE;
		for (type = 0; type < 70; type++) {
			known = data && type == BUF(DATA);
			known |= req->cmd == DMAEXER_CMD_BUF_GET &&
				 type == BUF(DEV_ID);
			/* right only where there is a channel */
			known |= req->cmd == DMAEXER_CMD_DEV_NEW &&
				 type == DEV(CHANNEL);
			for_each_field(req, f)
				known |= f->type == type;
			if (known || (req->cmd == DMAEXER_CMD_BUF_WRITE &&
				      (type == BUF(OFFSET) || type == BUF(WIDTH) ||
				       type == BUF(VALUE))))
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
