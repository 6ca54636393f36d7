// SPDX-License-Identifier: GPL-2.0
/* The request for a new buffer. */

#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "buffer.h"
#include "compat.h"
#include "device.h"
#include "dma/attrs.h"
#include "event.h"
#include "facts.h"
#include "netlink.h"
#include "netlink_buf.h"
#include "netlink_gen.h"
#include "owner.h"
#include "registry.h"
#include "slots.h"

static int get_label(struct genl_info *info, struct dmx_buf_spec *spec)
{
	struct nlattr *label = info->attrs[DMAEXER_A_BUF_LABEL];
	const char *c;

	if (!label)
		return 0;

	spec->label = nla_data(label);
	for (c = spec->label; *c; c++) {
		if (iscntrl(*c))
			return dmx_nl_refuse(info, DMAEXER_A_BUF_LABEL,
					     -EINVAL,
					     "label has control character %#x",
					     (u8)*c);
	}
	return 0;
}

static int get_attrs(struct genl_info *info, struct dmx_buf_spec *spec)
{
	struct nlattr *attrs = info->attrs[DMAEXER_A_BUF_ATTRS];

	if (!attrs)
		return 0;

	spec->mem.attrs = nla_get_u32(attrs);
	if (dmx_attrs_unknown(spec->mem.attrs))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS, -EINVAL,
				     "unknown attribute bits %#x",
				     dmx_attrs_unknown(spec->mem.attrs));
	if (spec->mem.attrs & DMA_ATTR_MMIO)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS, -EOPNOTSUPP,
				     "mmio is for mappings, not for allocations");
	if (spec->mem.attrs & DMA_ATTR_NO_KERNEL_MAPPING &&
	    spec->mem.kind != DMAEXER_KIND_HANDLE)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ATTRS, -EINVAL,
				     "no-kernel-mapping is for handles alone");
	return dmx_nl_check_attrs(info, &spec->mem);
}

static int get_size(struct genl_info *info, struct dmx_buf_spec *spec)
{
	struct nlattr *elem_size = info->attrs[DMAEXER_A_BUF_ELEM_SIZE];
	struct nlattr *count = info->attrs[DMAEXER_A_BUF_COUNT];
	struct nlattr *data = info->attrs[DMAEXER_A_BUF_DATA];
	size_t size;
	int err;

	spec->mem.elem_size = elem_size ? nla_get_u64(elem_size) : 1;
	if (!spec->mem.elem_size)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ELEM_SIZE, -EINVAL,
				     "elem-size is 0");

	/* Where nothing is said, data is as many elements as it makes. */
	if (!count && data) {
		spec->mem.count = div64_u64(nla_len(data), spec->mem.elem_size);
		return 0;
	}

	err = dmx_nl_require(info, DMAEXER_A_BUF_COUNT, "count");
	if (err)
		return err;
	spec->mem.count = nla_get_u64(count);
	if (!spec->mem.count)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, -EINVAL,
				     "count is 0");

	if (dmx_size_check(spec->mem.elem_size, spec->mem.count, &size))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, -ENOMEM,
				     "%llu times %llu bytes overflow",
				     spec->mem.count, spec->mem.elem_size);
	return 0;
}

static int get_keep(struct genl_info *info, struct dmx_buf_spec *spec)
{
	spec->keep = info->attrs[DMAEXER_A_BUF_KEEP];
	if (!spec->keep || spec->mem.kind != DMAEXER_KIND_HANDLE)
		return 0;
	return dmx_nl_refuse(info, DMAEXER_A_BUF_KEEP, -EOPNOTSUPP,
			     "a handle has no contents that a CPU could keep");
}

static int get_contents(struct genl_info *info, struct dmx_buf_spec *spec,
			struct dmx_pattern *pattern)
{
	struct nlattr *data = info->attrs[DMAEXER_A_BUF_DATA];
	bool has_arg;
	int err;

	err = dmx_nl_get_pattern(info, pattern, &has_arg);
	if (err < 0)
		return err;
	if (err) {
		spec->pattern = pattern;
		spec->pattern_at_dma =
			pattern->kind == DMAEXER_PATTERN_ADDRESS && !has_arg;
	}

	if (spec->mem.kind == DMAEXER_KIND_HANDLE && (spec->pattern || data))
		return dmx_nl_refuse(info, data ? DMAEXER_A_BUF_DATA :
				     DMAEXER_A_BUF_PATTERN, -EOPNOTSUPP,
				     "a handle takes no contents from the CPU");
	if (spec->mem.kind == DMAEXER_KIND_PAGES && spec->pattern_at_dma)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN, -EINVAL,
				     "pages have no address, give a pattern-arg");
	if (spec->mem.kind == DMAEXER_KIND_POOL && spec->pattern_at_dma)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN, -EINVAL,
				     "each object of a pool has an address, give a pattern-arg");
	if (spec->mem.direction == DMAEXER_DIRECTION_FROM_DEVICE &&
	    (spec->pattern || data))
		return dmx_nl_refuse(info, data ? DMAEXER_A_BUF_DATA :
				     DMAEXER_A_BUF_PATTERN, -EPERM,
				     "memory that is from-device the CPU only reads");
	if (!data)
		return 0;
	if (spec->pattern)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DATA, -EINVAL,
				     "data and pattern exclude each other");
	if (!nla_len(data) ||
	    spec->mem.elem_size * spec->mem.count != nla_len(data))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DATA, -EINVAL,
				     "data has %d bytes, not elem-size times count",
				     nla_len(data));
	spec->mem.data = nla_data(data);
	return 0;
}

static int get_spec(struct genl_info *info, struct dmx_buf_spec *spec,
		    struct dmx_pattern *pattern)
{
	struct nlattr *kind = info->attrs[DMAEXER_A_BUF_KIND];
	struct nlattr *gfp = info->attrs[DMAEXER_A_BUF_GFP];

	memset(spec, 0, sizeof(*spec));
	spec->mem.kind = kind ? nla_get_u32(kind) : DMAEXER_KIND_COHERENT;
	spec->gfp = gfp ? nla_get_u32(gfp) : DMAEXER_GFP_KERNEL;
	spec->warn = info->attrs[DMAEXER_A_BUF_WARN];

	return get_label(info, spec) ?:
	       get_attrs(info, spec) ?:
	       get_size(info, spec) ?:
	       dmx_nl_get_kind(info, &spec->mem) ?:
	       get_keep(info, spec) ?:
	       get_contents(info, spec, pattern);
}

static int explain_quota(struct genl_info *info, struct dmx_device *ddev,
			 enum dmx_refusal refusal)
{
	const char *name = dmx_device_name(ddev);
	struct dmx_usage usage;
	u64 left;

	dmx_device_usage(ddev, &usage);
	if (refusal == DMX_REFUSAL_QUOTA_BUFS)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DEV_ID, -ENOSPC,
				     "%s has %u buffers, its quota-bufs is %u",
				     name, usage.live_bufs, usage.quota_bufs);

	left = usage.quota_bytes > usage.live_bytes ?
		usage.quota_bytes - usage.live_bytes : 0;
	return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, -ENOSPC,
			     "quota-bytes of %s is %llu, %llu free", name,
			     usage.quota_bytes, left);
}

static int explain_platform(struct genl_info *info, struct dmx_device *ddev,
			    u32 kind, u64 size, int err)
{
	if (kind == DMAEXER_KIND_PAGES)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
				     "the platform has no %llu bytes of such pages",
				     size);
	if (dmx_pool(ddev->dev) == DMAEXER_POOL_COHERENT &&
	    !dmx_store_kind_has_turns(kind))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
				     "the pool of %s has no %llu bytes in a row",
				     dmx_device_name(ddev), size);
	return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
			     "the platform has no %llu bytes below %#llx",
			     size, ddev->dev->coherent_dma_mask);
}

static int explain_new(struct genl_info *info, struct dmx_device *ddev,
		       const struct dmx_buf_spec *spec,
		       enum dmx_refusal refusal, int err)
{
	u64 size = spec->mem.elem_size * spec->mem.count;

	switch (refusal) {
	case DMX_REFUSAL_DEVICE:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DEV_ID, err,
				     "%s is gone", dmx_device_name(ddev));
	case DMX_REFUSAL_CLAIMED:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DEV_ID, err,
				     "protection of %s is being tested",
				     dmx_device_name(ddev));
	case DMX_REFUSAL_QUOTA_BYTES:
	case DMX_REFUSAL_QUOTA_BUFS:
		return explain_quota(info, ddev, refusal);
	case DMX_REFUSAL_MAX_BUFS:
		return dmx_nl_refuse(info, 0, err,
				     "there are %u buffers with what is kept, which is max_bufs",
				     dmx_slots_max());
	case DMX_REFUSAL_MEMORY:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
				     "%llu bytes are more than memory in reach of %s can spare",
				     size, dmx_device_name(ddev));
	case DMX_REFUSAL_MASK:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DEV_ID, err,
				     "no address fits a coherent mask of 0 bits");
	case DMX_REFUSAL_SEGMENT:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
				     "one segment of %llu bytes is above max-seg-size %u",
				     PAGE_ALIGN(size),
				     dma_get_max_seg_size(ddev->dev));
	case DMX_REFUSAL_BLOCK:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
				     "%llu bytes: without CMA a block has at most %lu",
				     size, PAGE_SIZE << DMX_MAX_PAGE_ORDER);
	case DMX_REFUSAL_LINEAR:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_COUNT, err,
				     "%llu bytes: pages in a row have at most %lu",
				     size, PAGE_SIZE << DMX_MAX_PAGE_ORDER);
	case DMX_REFUSAL_PLATFORM:
		return explain_platform(info, ddev, spec->mem.kind, size,
					err);
	case DMX_REFUSAL_CONTENTS:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN, err,
				     "a box shows no address, give a pattern-arg");
	default:
		return dmx_nl_explain(info, err);
	}
}

int dmaexer_nl_buf_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_device *ddev __free(dmx_device_put) =
		dmx_nl_find_dev(info, DMAEXER_A_BUF_DEV_ID, "dev-id");
	struct dmx_buf *buf __free(dmx_buf_put) = NULL;
	struct dmx_pattern pattern;
	enum dmx_refusal refusal;
	struct dmx_owner_id owner;
	struct dmx_buf_spec spec;
	struct dmx_reply reply;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);

	err = get_spec(info, &spec, &pattern) ?:
	      dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	dmx_nl_owner(skb, info, DMAEXER_A_BUF_OWNED, &owner);
	buf = dmx_registry_buf_new(ddev, &spec, &owner, &refusal);
	if (IS_ERR(buf))
		err = explain_new(info, ddev, &spec, refusal, PTR_ERR(buf));
	else
		err = dmx_event_add_buf(reply.skb, buf);
	err = dmx_nl_reply_end(info, &reply, err);
	/* nobody would know of a buffer whose reply was not taken */
	if (err && !IS_ERR(buf))
		dmx_registry_buf_del(buf);
	return err;
}
