// SPDX-License-Identifier: GPL-2.0
/* Requests to move data by a device. */

#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "buffer.h"
#include "device.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "registry.h"
#include "xfer.h"

#define TIMEOUT_MS	10000

static struct dmx_buf *find_end(struct genl_info *info, int attr,
				const char *name)
{
	struct dmx_buf *buf;
	u32 id;
	int err;

	err = dmx_nl_require(info, attr, name);
	if (err)
		return ERR_PTR(err);

	id = nla_get_u32(info->attrs[attr]);
	buf = dmx_registry_buf_find(id);
	if (buf)
		return buf;
	return ERR_PTR(dmx_nl_refuse(info, attr, -ENOENT, "no buffer %u", id));
}

static struct dmx_device *any_chan(struct genl_info *info,
				   const struct dmx_xfer *xfer)
{
	struct dmx_device *ddev;
	unsigned long id;

	for (id = 0; (ddev = dmx_registry_dev_next(&id)); id++) {
		if (ddev->chan && dmx_xfer_reaches(ddev, xfer->src) &&
		    dmx_xfer_reaches(ddev, xfer->dst))
			return ddev;
		dmx_device_put(ddev);
	}
	return ERR_PTR(dmx_nl_refuse(info, 0, -EOPNOTSUPP,
				     "no channel here reaches both buffers"));
}

static struct dmx_device *find_chan(struct genl_info *info,
				    const struct dmx_xfer *xfer)
{
	struct dmx_device *ddev;
	int err;

	if (!info->attrs[DMAEXER_A_XFER_DEV_ID])
		return any_chan(info, xfer);

	ddev = dmx_nl_find_dev(info, DMAEXER_A_XFER_DEV_ID, "dev-id");
	if (IS_ERR(ddev) || ddev->chan)
		return ddev;

	err = dmx_nl_refuse(info, DMAEXER_A_XFER_DEV_ID, -EOPNOTSUPP,
			    "%s is no DMA engine channel",
			    dmx_device_name(ddev));
	dmx_device_put(ddev);
	return ERR_PTR(err);
}

static int get_offset(struct genl_info *info, int attr,
		      const struct dmx_buf *buf, u64 *offset)
{
	*offset = info->attrs[attr] ? nla_get_u64(info->attrs[attr]) : 0;
	if (*offset >= buf->size)
		return dmx_nl_refuse(info, attr, -EINVAL,
				     "offset %llu is past size %zu of buffer %u",
				     *offset, buf->size, buf->id);
	return 0;
}

static int get_range(struct genl_info *info, struct dmx_xfer *xfer)
{
	struct nlattr *len = info->attrs[DMAEXER_A_XFER_LENGTH];
	u64 most;
	int err;

	err = get_offset(info, DMAEXER_A_XFER_SRC_OFFSET, xfer->src,
			 &xfer->src_offset) ?:
	      get_offset(info, DMAEXER_A_XFER_DST_OFFSET, xfer->dst,
			 &xfer->dst_offset);
	if (err)
		return err;

	most = min_t(u64, xfer->src->size - xfer->src_offset,
		     xfer->dst->size - xfer->dst_offset);
	xfer->len = len ? nla_get_u64(len) : most;
	if (!xfer->len)
		return dmx_nl_refuse(info, DMAEXER_A_XFER_LENGTH, -EINVAL,
				     "length is 0");
	if (xfer->len > most)
		return dmx_nl_refuse(info, DMAEXER_A_XFER_LENGTH, -EINVAL,
				     "length %llu is past the end, %llu are left",
				     xfer->len, most);
	return 0;
}

static int explain_end(struct genl_info *info, const struct dmx_xfer *xfer,
		       int attr, const struct dmx_buf *buf, int err)
{
	const char *chan = dmx_device_name(xfer->chan);

	switch (err) {
	case -EINVAL:
		if (buf->kind == DMAEXER_KIND_POOL)
			return dmx_nl_refuse(info, attr, err,
					     "the range is in several objects of buffer %u",
					     buf->id);
		return dmx_nl_refuse(info, attr, err,
				     buf->store.has_addr ?
				     "buffer %u is a box, share it first" :
				     "buffer %u has no DMA address, map it first",
				     buf->id);
	case -EPERM:
		return dmx_nl_refuse(info, attr, err,
				     attr == DMAEXER_A_XFER_DST ?
				     "buffer %u is to-device, no device writes it" :
				     "buffer %u is from-device, no device reads it",
				     buf->id);
	case -EOPNOTSUPP:
		return dmx_nl_refuse(info, attr, err,
				     "buffer %u is not in the address space of %s",
				     buf->id, chan);
	case -ERANGE:
		return dmx_nl_refuse(info, attr, err,
				     "buffer %u is outside the mask of %s",
				     buf->id, chan);
	default:
		return dmx_nl_refuse(info, attr, err, "buffer %u is gone",
				     buf->id);
	}
}

static int explain_chan(struct genl_info *info, const struct dmx_xfer *xfer,
			int err)
{
	const char *chan = dmx_device_name(xfer->chan);

	switch (err) {
	case -ETIMEDOUT:
		return dmx_nl_refuse(info, 0, err,
				     "%s was not done after %u ms, and stopped",
				     chan, xfer->timeout_ms);
	case -EIO:
		return dmx_nl_refuse(info, 0, err,
				     "%s reports that the transfer failed",
				     chan);
	case -EINTR:
		return dmx_nl_refuse(info, 0, err, "interrupted");
	default:
		return dmx_nl_refuse(info, DMAEXER_A_XFER_DEV_ID, err,
				     "%s is gone", chan);
	}
}

static int explain(struct genl_info *info, const struct dmx_xfer *xfer,
		   enum dmx_xfer_refusal refusal, int err)
{
	switch (refusal) {
	case DMX_XFER_SRC:
		return explain_end(info, xfer, DMAEXER_A_XFER_SRC, xfer->src,
				   err);
	case DMX_XFER_DST:
		return explain_end(info, xfer, DMAEXER_A_XFER_DST, xfer->dst,
				   err);
	case DMX_XFER_OVERLAP:
		return dmx_nl_refuse(info, DMAEXER_A_XFER_DST, err,
				     "the ranges overlap");
	case DMX_XFER_ALIGN:
		return dmx_nl_refuse(info, 0, err,
				     "%s wants offsets and length aligned to %u",
				     dmx_device_name(xfer->chan),
				     xfer->chan->copy_align);
	case DMX_XFER_REFUSED:
		return dmx_nl_refuse(info, 0, err,
				     "%s does not take the transfer",
				     dmx_device_name(xfer->chan));
	case DMX_XFER_MEMORY:
		return dmx_nl_refuse(info, 0, err,
				     "no memory to keep what the destination was");
	default:
		return explain_chan(info, xfer, err);
	}
}

static int add_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, DMAEXER_A_XFER_PAD);
}

static int add_compared(struct sk_buff *skb,
			const struct dmx_xfer_result *result)
{
	bool same = !result->not_copied && !result->corrupted &&
		    !result->overrun;
	int err;

	err = nla_put_u32(skb, DMAEXER_A_XFER_COMPARED, result->compared);
	if (err || result->compared == DMAEXER_COMPARED_NOTHING)
		return err;
	if (result->compared == DMAEXER_COMPARED_ALL)
		err = add_u64(skb, DMAEXER_A_XFER_NOT_COPIED,
			      result->not_copied) ?:
		      add_u64(skb, DMAEXER_A_XFER_CORRUPTED,
			      result->corrupted);
	err = err ?: add_u64(skb, DMAEXER_A_XFER_OVERRUN, result->overrun);
	if (err || same)
		return err;
	return add_u64(skb, DMAEXER_A_XFER_FIRST_MISMATCH, result->first) ?:
	       nla_put_u8(skb, DMAEXER_A_XFER_EXPECTED, result->expected) ?:
	       nla_put_u8(skb, DMAEXER_A_XFER_ACTUAL, result->actual);
}

static int add_xfer(struct sk_buff *skb, const struct dmx_xfer *xfer,
		    const struct dmx_xfer_result *result)
{
	return nla_put_u32(skb, DMAEXER_A_XFER_DEV_ID, xfer->chan->id) ?:
	       nla_put_string(skb, DMAEXER_A_XFER_DEV_NAME,
			      dmx_device_name(xfer->chan)) ?:
	       nla_put_u32(skb, DMAEXER_A_XFER_SRC, xfer->src->id) ?:
	       add_u64(skb, DMAEXER_A_XFER_SRC_OFFSET, xfer->src_offset) ?:
	       nla_put_u32(skb, DMAEXER_A_XFER_DST, xfer->dst->id) ?:
	       add_u64(skb, DMAEXER_A_XFER_DST_OFFSET, xfer->dst_offset) ?:
	       add_u64(skb, DMAEXER_A_XFER_LENGTH, xfer->len) ?:
	       add_u64(skb, DMAEXER_A_XFER_TIME_NS, result->time_ns) ?:
	       add_compared(skb, result);
}

static int run(struct genl_info *info, const struct dmx_xfer *xfer)
{
	enum dmx_xfer_refusal refusal;
	struct dmx_xfer_result result;
	struct dmx_reply reply;
	int err;

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	err = dmx_xfer_run(xfer, &result, &refusal);
	if (err)
		err = explain(info, xfer, refusal, err);
	else
		err = add_xfer(reply.skb, xfer, &result);
	return dmx_nl_reply_end(info, &reply, err);
}

int dmaexer_nl_xfer_run_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *timeout = info->attrs[DMAEXER_A_XFER_TIMEOUT_MS];
	struct dmx_device *chan __free(dmx_device_put) = NULL;
	struct dmx_buf *src __free(dmx_buf_put) = NULL;
	struct dmx_buf *dst __free(dmx_buf_put) = NULL;
	struct dmx_xfer xfer = {
		.timeout_ms = timeout ? nla_get_u32(timeout) : TIMEOUT_MS,
		.port = info->snd_portid,
	};
	int err;

	src = find_end(info, DMAEXER_A_XFER_SRC, "src");
	if (IS_ERR(src))
		return PTR_ERR(src);
	dst = find_end(info, DMAEXER_A_XFER_DST, "dst");
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	xfer.src = src;
	xfer.dst = dst;

	err = get_range(info, &xfer);
	if (err)
		return err;

	chan = find_chan(info, &xfer);
	if (IS_ERR(chan))
		return PTR_ERR(chan);
	xfer.chan = chan;
	return run(info, &xfer);
}
