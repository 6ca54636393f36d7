// SPDX-License-Identifier: GPL-2.0
/* Reading of messages. */
#include <string.h>
#include <linux/dmaexer.h>

#include "nl.h"

const struct nlattr *nl_find(const void *from, const void *end, uint16_t type,
			     const struct nlattr *last)
{
	const struct nlattr *attr = from;

	while ((const char *)end - (const char *)attr >= NLA_HDRLEN) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type && attr > last)
			return attr;
		attr = (const void *)((const char *)attr +
				      NLA_ALIGN(attr->nla_len));
	}
	return NULL;
}

const struct nlattr *nl_attr_next(const struct nlmsghdr *msg, uint16_t type,
				  const struct nlattr *last)
{
	const char *end = (const char *)msg + msg->nlmsg_len;

	return nl_find((const char *)NLMSG_DATA(msg) + GENL_HDRLEN, end, type, last);
}

const struct nlattr *nl_attr(const struct nlmsghdr *msg, uint16_t type)
{
	return msg ? nl_attr_next(msg, type, NULL) : NULL;
}

const struct nlattr *nl_nested(const struct nlattr *nest, uint16_t type)
{
	return nl_find(nl_data(nest), (const char *)nest + nest->nla_len, type, NULL);
}

const void *nl_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

size_t nl_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

int nl_type_at(const struct nl *nl, int offs)
{
	size_t at = NLMSG_HDRLEN + GENL_HDRLEN;

	while (offs >= 0 && at + NLA_HDRLEN <= nl->tx_len) {
		const struct nlattr *attr = (const void *)(nl->tx + at);

		if (at == (size_t)offs)
			return attr->nla_type & NLA_TYPE_MASK;
		at += NLA_ALIGN(attr->nla_len);
	}
	return -1;
}

const struct nlmsghdr *nl_next(const struct nl *nl, const struct nlmsghdr *msg)
{
	const uint8_t *at = nl->rx;

	if (msg)
		at = (const uint8_t *)msg + NLMSG_ALIGN(msg->nlmsg_len);
	return nl->rx_len && at < nl->rx + nl->rx_len ? (const void *)at : NULL;
}

uint8_t nl_cmd(const struct nlmsghdr *msg)
{
	return ((const struct genlmsghdr *)NLMSG_DATA(msg))->cmd;
}

static uint64_t get(const struct nl *nl, uint16_t type)
{
	const struct nlattr *attr = nl_attr(nl_next(nl, NULL), type);
	uint64_t wide = 0;
	uint32_t word = 0;

	if (attr && nl_len(attr) == sizeof(wide))
		memcpy(&wide, nl_data(attr), sizeof(wide));
	else if (attr && nl_len(attr) == sizeof(word))
		memcpy(&word, nl_data(attr), sizeof(word));
	else if (attr && nl_len(attr) == 1)
		word = *(const uint8_t *)nl_data(attr);
	return wide + word;
}

uint32_t nl_dev_named(struct nl *nl, const char *name)
{
	const struct nlmsghdr *msg = NULL;
	const struct nlattr *attr;
	uint32_t id = 0;

	nl_begin(nl, DMAEXER_CMD_DEV_GET);
	if (nl_dump(nl))
		return 0;
	while (!id && (msg = nl_next(nl, msg))) {
		attr = nl_attr(msg, DMAEXER_A_DEV_NAME);
		if (attr && !strcmp(nl_data(attr), name))
			memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_DEV_ID)), 4);
	}
	return id;
}

bool nl_has(const struct nl *nl, uint16_t type)
{
	return nl_attr(nl_next(nl, NULL), type);
}

uint32_t nl_get_u32(const struct nl *nl, uint16_t type)
{
	return get(nl, type);
}

uint64_t nl_get_u64(const struct nl *nl, uint16_t type)
{
	return get(nl, type);
}

const char *nl_get_str(const struct nl *nl, uint16_t type)
{
	const struct nlattr *attr = nl_attr(nl_next(nl, NULL), type);

	return attr ? nl_data(attr) : NULL;
}
