// SPDX-License-Identifier: GPL-2.0
#include "kinds.h"

static const struct {
	uint16_t attr;
	size_t at;
	bool wide;
} optional[] = {
	{ DMAEXER_A_BUF_SHAPE, offsetof(struct wish, shape) },
	{ DMAEXER_A_BUF_PAGE_OFFSET, offsetof(struct wish, page_offset) },
	{ DMAEXER_A_BUF_DIRECTION, offsetof(struct wish, direction) },
	{ DMAEXER_A_BUF_ALIGN, offsetof(struct wish, align), true },
	{ DMAEXER_A_BUF_BOUNDARY, offsetof(struct wish, boundary), true },
};

void kinds_begin(struct dmx *d, const struct wish *wish)
{
	const char *value;
	size_t i;

	dmx_begin_new(d, wish->kind, wish->elem, wish->count);
	for (i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (!(wish->has & 1ULL << optional[i].attr))
			continue;
		value = (const char *)wish + optional[i].at;
		nl_put(&d->nl, optional[i].attr, value,
		       optional[i].wide ? 8 : 4);
	}
}

uint32_t kinds_new(struct dmx *d, const struct wish *wish, uint32_t pattern,
		   uint64_t arg)
{
	kinds_begin(d, wish);
	if (pattern) {
		nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, pattern);
		nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, arg);
	}
	return nl_call(&d->nl) ? 0 : nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
}

uint32_t kinds_verdict(struct dmx *d, uint32_t check)
{
	const struct nlmsghdr *msg = nl_next(&d->nl, NULL);
	const struct nlattr *nest = NULL;
	uint32_t value;

	while (msg && (nest = nl_attr_next(msg, DMAEXER_A_BUF_AUDIT, nest))) {
		memcpy(&value, nl_data(nl_nested(nest, DMAEXER_A_AUDIT_CHECK)),
		       4);
		if (value != check)
			continue;
		memcpy(&value,
		       nl_data(nl_nested(nest, DMAEXER_A_AUDIT_VERDICT)), 4);
		return value;
	}
	return UINT32_MAX;
}
