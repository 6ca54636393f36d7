// SPDX-License-Identifier: GPL-2.0
/* What only some kinds of a new buffer take. */

#include <linux/mm.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "netlink.h"
#include "netlink_buf.h"
#include "store.h"

static int refuse_other(struct genl_info *info, int attr, const char *what)
{
	if (!info->attrs[attr])
		return 0;
	return dmx_nl_refuse(info, attr, -EINVAL, "%s", what);
}

static bool has_page_offset(u32 shape)
{
	return shape == DMAEXER_SHAPE_OFFSET || shape == DMAEXER_SHAPE_SMALL;
}

static int get_page_offset(struct genl_info *info, struct dmx_store_spec *mem)
{
	struct nlattr *offset = info->attrs[DMAEXER_A_BUF_PAGE_OFFSET];
	u64 size = mem->elem_size * mem->count;

	if (!has_page_offset(mem->shape))
		return refuse_other(info, DMAEXER_A_BUF_PAGE_OFFSET,
				    "whole pages have no page-offset");

	mem->page_offset = offset ? nla_get_u32(offset) : 1;
	if (mem->page_offset < PAGE_SIZE &&
	    size <= PAGE_SIZE - mem->page_offset)
		return 0;
	return dmx_nl_refuse(info, offset ? DMAEXER_A_BUF_PAGE_OFFSET :
			     DMAEXER_A_BUF_COUNT, -EINVAL,
			     "%llu bytes at %u are past the page of %lu bytes",
			     size, mem->page_offset, PAGE_SIZE);
}

static int get_pages(struct genl_info *info, struct dmx_store_spec *mem)
{
	struct nlattr *shape = info->attrs[DMAEXER_A_BUF_SHAPE];

	if (mem->kind != DMAEXER_KIND_PAGES)
		return refuse_other(info, DMAEXER_A_BUF_SHAPE,
				    "shape is for pages alone") ?:
		       refuse_other(info, DMAEXER_A_BUF_PAGE_OFFSET,
				    "page-offset is for pages alone");

	mem->shape = shape ? nla_get_u32(shape) : DMAEXER_SHAPE_LINEAR;
	return get_page_offset(info, mem);
}

/**
 * dmx_nl_get_kind() - what a request has for the kind of its buffer
 * @info: the request
 * @mem: the memory asked for, kind and size known; filled in
 *
 * Return: 0, or -EINVAL for what is wrong, or of another kind.
 */
int dmx_nl_get_kind(struct genl_info *info, struct dmx_store_spec *mem)
{
	return get_pages(info, mem);
}
