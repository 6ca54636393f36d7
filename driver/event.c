// SPDX-License-Identifier: GPL-2.0
/* Objects as netlink attributes, and notifications made of them. */

#include <linux/device.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include <uapi/linux/dmaexer.h>

#include "buffer.h"
#include "copy.h"
#include "device.h"
#include "event.h"
#include "facts.h"
#include "fault.h"
#include "postmortem.h"

/* set before the first object is made, and until the last one is gone */
static const struct genl_family *event_family;
static unsigned int event_group;

/**
 * dmx_event_init() - say which family sends the notifications
 * @family: the family, registered
 * @group: multicast group of the family
 */
void dmx_event_init(const struct genl_family *family, unsigned int group)
{
	event_family = family;
	event_group = group;
}

static int add_u64(struct sk_buff *skb, int attr, u64 value)
{
	/* the pad attribute of both sets has the same number */
	BUILD_BUG_ON((int)DMAEXER_A_DEV_PAD != (int)DMAEXER_A_BUF_PAD);
	return nla_put_u64_64bit(skb, attr, value, DMAEXER_A_BUF_PAD);
}

static int add_owner(struct sk_buff *skb, int owned, int owner, u32 portid)
{
	if (!portid)
		return 0;
	return nla_put_flag(skb, owned) ?: nla_put_u32(skb, owner, portid);
}

static int add_masks(struct sk_buff *skb, const struct dmx_facts *facts)
{
	return add_u64(skb, DMAEXER_A_DEV_DMA_MASK, facts->dma_mask) ?:
	       add_u64(skb, DMAEXER_A_DEV_COHERENT_MASK,
		       facts->coherent_mask) ?:
	       add_u64(skb, DMAEXER_A_DEV_BUS_LIMIT, facts->bus_limit) ?:
	       nla_put_s64(skb, DMAEXER_A_DEV_BUS_OFFSET, facts->bus_offset,
			   DMAEXER_A_DEV_PAD) ?:
	       add_u64(skb, DMAEXER_A_DEV_REQUIRED_MASK,
		       facts->required_mask) ?:
	       nla_put_u8(skb, DMAEXER_A_DEV_ADDRESSING_LIMITED,
			  facts->addressing_limited);
}

static int add_limits(struct sk_buff *skb, const struct dmx_facts *facts)
{
	return add_u64(skb, DMAEXER_A_DEV_MAX_MAPPING_SIZE,
		       facts->max_mapping_size) ?:
	       add_u64(skb, DMAEXER_A_DEV_OPT_MAPPING_SIZE,
		       facts->opt_mapping_size) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_MAX_SEG_SIZE,
			   facts->max_seg_size) ?:
	       add_u64(skb, DMAEXER_A_DEV_SEG_BOUNDARY,
		       facts->seg_boundary) ?:
	       add_u64(skb, DMAEXER_A_DEV_MERGE_BOUNDARY,
		       facts->merge_boundary) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_CACHE_ALIGNMENT,
			   facts->cache_alignment) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_ADDR_SIZE, sizeof(dma_addr_t)) ?:
	       nla_put_s32(skb, DMAEXER_A_DEV_NUMA_NODE, facts->numa_node) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_SWIOTLB, facts->swiotlb) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_POOL, facts->pool);
}

static int add_backend(struct sk_buff *skb, const struct dmx_facts *facts)
{
	int err;

	err = nla_put_u32(skb, DMAEXER_A_DEV_BACKEND, facts->backend) ?:
	      nla_put_u32(skb, DMAEXER_A_DEV_DOMAIN, facts->domain);
	if (!err && facts->has_iommu_group)
		err = nla_put_u32(skb, DMAEXER_A_DEV_IOMMU_GROUP,
				  facts->iommu_group);
	return err ?: nla_put_u8(skb, DMAEXER_A_DEV_CACHE_COHERENT,
				 facts->cache_coherent);
}

static int add_limits_owner(struct sk_buff *skb, struct dmx_device *ddev)
{
	u32 portid = READ_ONCE(ddev->limits_portid);

	return portid ? nla_put_u32(skb, DMAEXER_A_DEV_LIMITS_OWNER, portid) :
			0;
}

static int add_usage(struct sk_buff *skb, struct dmx_device *ddev)
{
	struct dmx_usage usage;

	dmx_device_usage(ddev, &usage);
	return add_u64(skb, DMAEXER_A_DEV_QUOTA_BYTES, usage.quota_bytes) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_QUOTA_BUFS, usage.quota_bufs) ?:
	       add_u64(skb, DMAEXER_A_DEV_LIVE_BYTES, usage.live_bytes) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_LIVE_BUFS, usage.live_bufs) ?:
	       add_u64(skb, DMAEXER_A_DEV_TOTAL_BUFS, usage.total_bufs) ?:
	       add_u64(skb, DMAEXER_A_DEV_VIOLATIONS, usage.violations);
}

static int add_channel(struct sk_buff *skb, struct dmx_device *ddev)
{
	struct dmx_progress progress;
	int err;

	if (!ddev->chan)
		return 0;
	err = nla_put_u32(skb, DMAEXER_A_DEV_COPY_ALIGN, ddev->copy_align);
	if (err || !dmx_copy_progress(ddev, &progress))
		return err;
	err = nla_put_u32(skb, DMAEXER_A_DEV_XFER_OWNER, progress.port) ?:
	      add_u64(skb, DMAEXER_A_DEV_XFER_LENGTH, progress.len);
	if (err || !progress.has_done)
		return err;
	return add_u64(skb, DMAEXER_A_DEV_XFER_DONE, progress.done);
}

/**
 * dmx_event_add_dev() - add the attributes of a device to a message
 * @skb: the message
 * @ddev: the device; of one that is gone only number and name are added
 *
 * Context: sleeps.
 * Return: 0, or -EMSGSIZE.
 */
int dmx_event_add_dev(struct sk_buff *skb, struct dmx_device *ddev)
{
	struct dmx_facts facts;
	int err;

	err = nla_put_u32(skb, DMAEXER_A_DEV_ID, ddev->id) ?:
	      nla_put_string(skb, DMAEXER_A_DEV_NAME, dmx_device_name(ddev)) ?:
	      nla_put_u8(skb, DMAEXER_A_DEV_VIRTUAL, ddev->virtual) ?:
	      add_owner(skb, DMAEXER_A_DEV_OWNED, DMAEXER_A_DEV_OWNER,
			ddev->owner_portid);
	if (err || dmx_facts_get(ddev, &facts))
		return err;

	return nla_put_string(skb, DMAEXER_A_DEV_BUS, dmx_device_bus(ddev)) ?:
	       add_backend(skb, &facts) ?:
	       add_masks(skb, &facts) ?:
	       add_limits(skb, &facts) ?:
	       add_usage(skb, ddev) ?:
	       add_channel(skb, ddev) ?:
	       add_limits_owner(skb, ddev);
}

static int add_check(struct sk_buff *skb, const struct dmx_audit *audit, int i)
{
	struct nlattr *nest = nla_nest_start(skb, DMAEXER_A_BUF_AUDIT);
	int err;

	if (!nest)
		return -EMSGSIZE;

	err = nla_put_u32(skb, DMAEXER_A_AUDIT_CHECK, i) ?:
	      nla_put_u32(skb, DMAEXER_A_AUDIT_VERDICT, audit->verdict[i]);
	if (!err && audit->reason[i])
		err = nla_put_string(skb, DMAEXER_A_AUDIT_REASON,
				     audit->reason[i]);
	if (err)
		return err;

	nla_nest_end(skb, nest);
	return 0;
}

static int add_audit(struct sk_buff *skb, const struct dmx_audit *audit)
{
	int err;
	int i;

	err = nla_put_u32(skb, DMAEXER_A_BUF_MAPPING, audit->mapping);
	if (!err && audit->has_caching)
		err = nla_put_u32(skb, DMAEXER_A_BUF_CACHING, audit->caching);
	if (!err && audit->has_contiguous)
		err = nla_put_u8(skb, DMAEXER_A_BUF_CONTIGUOUS,
				 audit->contiguous);
	if (!err && audit->cpu_alignment)
		err = add_u64(skb, DMAEXER_A_BUF_CPU_ALIGNMENT,
			      audit->cpu_alignment);
	if (!err && audit->has_stale)
		err = add_u64(skb, DMAEXER_A_BUF_STALE_BYTES,
			      audit->stale_bytes);
	err = err ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_ATTRS_HONOURED,
			  audit->honoured) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_ATTRS_IGNORED, audit->ignored);

	for (i = 0; i < DMX_CHECKS && !err; i++)
		err = add_check(skb, audit, i);
	return err;
}

static int add_traits(struct sk_buff *skb, u32 kind,
		      const struct dmx_traits *traits)
{
	int err = 0;

	if (kind == DMAEXER_KIND_PAGES)
		err = nla_put_u32(skb, DMAEXER_A_BUF_SHAPE, traits->shape) ?:
		      nla_put_u32(skb, DMAEXER_A_BUF_PAGE_OFFSET,
				  traits->page_offset);
	if (!err && dmx_store_kind_has_turns(kind))
		err = nla_put_u32(skb, DMAEXER_A_BUF_DIRECTION,
				  traits->direction);
	if (!err && kind == DMAEXER_KIND_POOL)
		err = add_u64(skb, DMAEXER_A_BUF_ALIGN, traits->align) ?:
		      add_u64(skb, DMAEXER_A_BUF_BOUNDARY, traits->boundary);
	if (!err && (kind == DMAEXER_KIND_PAGES ||
		     kind == DMAEXER_KIND_NONCONTIGUOUS))
		err = nla_put_u32(skb, DMAEXER_A_BUF_SEGMENTS,
				  traits->segments);
	return err;
}

static int add_freed_by(struct sk_buff *skb, u32 kind, u32 freed_by)
{
	if (kind != DMAEXER_KIND_MANAGED || freed_by == DMX_NOT_FREED)
		return 0;
	return nla_put_u32(skb, DMAEXER_A_BUF_FREED_BY, freed_by);
}

/**
 * dmx_event_add_buf() - add the attributes of a buffer to a message
 * @skb: the message
 * @buf: the buffer
 *
 * Context: sleeps.
 * Return: 0, or -EMSGSIZE.
 */
int dmx_event_add_buf(struct sk_buff *skb, struct dmx_buf *buf)
{
	u32 kind = dmx_buf_kind(buf);
	int err;

	err = nla_put_u32(skb, DMAEXER_A_BUF_ID, buf->id) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_DEV_ID, buf->ddev->id) ?:
	      nla_put_string(skb, DMAEXER_A_BUF_DEV_NAME,
			     dmx_device_name(buf->ddev)) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_KIND, kind);
	if (!err && buf->label[0])
		err = nla_put_string(skb, DMAEXER_A_BUF_LABEL, buf->label);
	err = err ?:
	      add_u64(skb, DMAEXER_A_BUF_ELEM_SIZE, buf->elem_size) ?:
	      add_u64(skb, DMAEXER_A_BUF_COUNT, buf->count) ?:
	      add_u64(skb, DMAEXER_A_BUF_SIZE, buf->size) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_ATTRS, buf->attrs) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_GFP, buf->gfp) ?:
	      add_owner(skb, DMAEXER_A_BUF_OWNED, DMAEXER_A_BUF_OWNER,
			buf->owner_portid) ?:
	      add_traits(skb, kind, &buf->store.traits);
	if (!err && dmx_buf_shows_addr(buf, kind))
		err = add_u64(skb, DMAEXER_A_BUF_DMA_ADDR, buf->store.addr);
	if (!err && buf->keep)
		err = nla_put_flag(skb, DMAEXER_A_BUF_KEEP);
	if (!err)
		err = add_freed_by(skb, kind, READ_ONCE(buf->freed_by));
	return err ?: add_audit(skb, &buf->audit);
}

/**
 * dmx_event_add_postmortem() - add what is kept of a buffer to a message
 * @skb: the message
 * @pm: what is kept
 *
 * Return: 0, or -EMSGSIZE.
 */
int dmx_event_add_postmortem(struct sk_buff *skb,
			     const struct dmx_postmortem *pm)
{
	int err;

	err = nla_put_u32(skb, DMAEXER_A_BUF_ID, pm->id) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_DEV_ID, pm->dev_id) ?:
	      nla_put_string(skb, DMAEXER_A_BUF_DEV_NAME, pm->dev_name) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_KIND, pm->kind);
	if (!err && pm->label[0])
		err = nla_put_string(skb, DMAEXER_A_BUF_LABEL, pm->label);
	err = err ?:
	      add_u64(skb, DMAEXER_A_BUF_ELEM_SIZE, pm->elem_size) ?:
	      add_u64(skb, DMAEXER_A_BUF_COUNT, pm->count) ?:
	      add_u64(skb, DMAEXER_A_BUF_SIZE, pm->size) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_ATTRS, pm->attrs) ?:
	      nla_put_u32(skb, DMAEXER_A_BUF_GFP, pm->gfp) ?:
	      add_owner(skb, DMAEXER_A_BUF_OWNED, DMAEXER_A_BUF_OWNER,
			pm->owner_portid) ?:
	      add_traits(skb, pm->kind, &pm->traits);
	if (!err && pm->shows_addr)
		err = add_u64(skb, DMAEXER_A_BUF_DMA_ADDR, pm->dma_addr);
	if (!err && pm->lost)
		err = nla_put_string(skb, DMAEXER_A_BUF_LOST, pm->lost);
	if (!err)
		err = add_freed_by(skb, pm->kind, pm->freed_by);
	return err ?: add_audit(skb, &pm->audit);
}

/* A message for the listeners, or NULL where there are none. */
static struct sk_buff *event_start(u8 cmd, void **hdr)
{
	struct sk_buff *skb;

	if (!genl_has_listeners(event_family, &init_net, event_group))
		return NULL;

	skb = dmx_fault(DMAEXER_FAULT_OP_EVENT) ? NULL :
	      genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb) {
		/* as where a listener has no room for it */
		genl_set_err(event_family, &init_net, 0, event_group,
			     -ENOBUFS);
		return NULL;
	}

	*hdr = genlmsg_put(skb, 0, 0, event_family, 0, cmd);
	return skb;
}

static void event_send(struct sk_buff *skb, void *hdr, int err)
{
	if (!hdr || err) {
		nlmsg_free(skb);
		return;
	}

	genlmsg_end(skb, hdr);
	genlmsg_multicast(event_family, skb, 0, event_group, GFP_KERNEL);
}

/**
 * dmx_event_dev() - tell the listeners about a device
 * @cmd: DMAEXER_CMD_DEV_*_NTF
 * @ddev: the device
 *
 * Context: sleeps.
 */
void dmx_event_dev(u8 cmd, struct dmx_device *ddev)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_start(cmd, &hdr);
	if (skb)
		event_send(skb, hdr, hdr ? dmx_event_add_dev(skb, ddev) : 0);
}

/**
 * dmx_event_buf() - tell the listeners about a buffer
 * @cmd: DMAEXER_CMD_BUF_*_NTF or DMAEXER_CMD_VIOLATION_NTF
 * @buf: the buffer
 *
 * Context: sleeps.
 */
void dmx_event_buf(u8 cmd, struct dmx_buf *buf)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_start(cmd, &hdr);
	if (skb)
		event_send(skb, hdr, hdr ? dmx_event_add_buf(skb, buf) : 0);
}

/**
 * dmx_event_postmortem() - tell the listeners what is kept of a buffer
 * @cmd: DMAEXER_CMD_POSTMORTEM_*_NTF
 * @pm: what is kept
 *
 * Context: sleeps.
 */
void dmx_event_postmortem(u8 cmd, const struct dmx_postmortem *pm)
{
	struct sk_buff *skb;
	void *hdr;

	skb = event_start(cmd, &hdr);
	if (skb)
		event_send(skb, hdr,
			   hdr ? dmx_event_add_postmortem(skb, pm) : 0);
}
