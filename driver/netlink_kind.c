// SPDX-License-Identifier: GPL-2.0
/* What only some kinds of a new buffer take. */

#include <linux/align.h>
#include <linux/mm.h>
#include <linux/sizes.h>
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

/**
 * dmx_nl_check_attrs() - whether the kind of a new buffer takes its attributes
 * @info: the request
 * @mem: the memory asked for, kind and attributes known
 *
 * Return: 0 or -EINVAL.
 */
int dmx_nl_check_attrs(struct genl_info *info,
		       const struct dmx_store_spec *mem)
{
	switch (mem->kind) {
	case DMAEXER_KIND_PAGES:
		if (mem->attrs)
			return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS,
					     -EINVAL,
					     "pages have no attributes until they are mapped");
		return 0;
	case DMAEXER_KIND_NONCOHERENT:
	case DMAEXER_KIND_DMA_PAGES:
	case DMAEXER_KIND_POOL:
		if (mem->attrs)
			return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS,
					     -EINVAL,
					     "the call for this kind takes no attributes");
		return 0;
	case DMAEXER_KIND_NONCONTIGUOUS:
		if (mem->attrs & ~DMAEXER_ATTR_ALLOC_SINGLE_PAGES)
			return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS,
					     -EINVAL,
					     "noncontiguous memory takes alloc-single-pages alone");
		return 0;
	case DMAEXER_KIND_MANAGED:
		if (mem->attrs & DMAEXER_ATTR_FORCE_CONTIGUOUS)
			return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS,
					     -EINVAL,
					     "managed memory is freed without attributes, no force-contiguous");
		return 0;
	default:
		return 0;
	}
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

static int get_direction(struct genl_info *info, struct dmx_store_spec *mem)
{
	struct nlattr *direction = info->attrs[DMAEXER_A_BUF_DIRECTION];

	if (!dmx_store_kind_has_turns(mem->kind))
		return refuse_other(info, DMAEXER_A_BUF_DIRECTION,
				    "only memory that CPU and device have in turns has a direction");

	mem->direction = direction ? nla_get_u32(direction) :
				     DMAEXER_DIRECTION_BIDIRECTIONAL;
	if (mem->direction == DMAEXER_DIRECTION_NONE)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DIRECTION, -EINVAL,
				     "direction none is for no memory");
	return 0;
}

static int check_pool(struct genl_info *info, const struct dmx_store_spec *mem)
{
	u64 object = ALIGN(mem->elem_size, mem->align);

	if (mem->count > DMAEXER_POOL_COUNT_MAX)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, -ERANGE,
				     "a pool has at most %u objects",
				     DMAEXER_POOL_COUNT_MAX);
	if (mem->elem_size > DMAEXER_POOL_OBJECT_MAX ||
	    object > DMAEXER_POOL_OBJECT_MAX)
		return dmx_nl_refuse(info, mem->align > mem->elem_size ?
				     DMAEXER_A_BUF_ALIGN :
				     DMAEXER_A_BUF_ELEM_SIZE, -ERANGE,
				     "an object of a pool takes at most %u bytes",
				     DMAEXER_POOL_OBJECT_MAX);
	if (mem->boundary > SZ_2G)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_BOUNDARY, -ERANGE,
				     "boundary %llu is above 2 GiB",
				     mem->boundary);
	if (mem->boundary && mem->boundary < object)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_BOUNDARY, -EINVAL,
				     "boundary %llu is below the %llu bytes that an object takes",
				     mem->boundary, object);
	return 0;
}

static int get_pool(struct genl_info *info, struct dmx_store_spec *mem)
{
	struct nlattr *align = info->attrs[DMAEXER_A_BUF_ALIGN];
	struct nlattr *boundary = info->attrs[DMAEXER_A_BUF_BOUNDARY];

	if (mem->kind != DMAEXER_KIND_POOL)
		return refuse_other(info, DMAEXER_A_BUF_ALIGN,
				    "align is for a pool alone") ?:
		       refuse_other(info, DMAEXER_A_BUF_BOUNDARY,
				    "boundary is for a pool alone");

	mem->align = align ? nla_get_u64(align) : 1;
	if (!mem->align || mem->align & (mem->align - 1))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ALIGN, -EINVAL,
				     "align %llu is no power of two",
				     mem->align);
	mem->boundary = boundary ? nla_get_u64(boundary) : 0;
	if (mem->boundary & (mem->boundary - 1))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_BOUNDARY, -EINVAL,
				     "boundary %llu is no power of two",
				     mem->boundary);
	return check_pool(info, mem);
}

/**
 * dmx_nl_get_kind() - what a request has for the kind of its buffer
 * @info: the request
 * @mem: the memory asked for, kind and size known; filled in
 *
 * Return: 0; -EINVAL for what is wrong, or of another kind; -ERANGE for more
 * than a pool can be.
 */
int dmx_nl_get_kind(struct genl_info *info, struct dmx_store_spec *mem)
{
	return get_pages(info, mem) ?:
	       get_direction(info, mem) ?:
	       get_pool(info, mem);
}
