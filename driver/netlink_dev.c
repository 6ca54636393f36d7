// SPDX-License-Identifier: GPL-2.0
/* Requests about devices. */

#include <linux/device.h>
#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "channel.h"
#include "device.h"
#include "dma/mask.h"
#include "event.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "owner.h"
#include "registry.h"
#include "virtual.h"

int dmaexer_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_device *ddev __free(dmx_device_put) =
		dmx_nl_find_dev(info, DMAEXER_A_DEV_ID, "id");
	struct dmx_reply reply;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;
	return dmx_nl_reply_end(info, &reply,
				dmx_event_add_dev(reply.skb, ddev));
}

static int dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
		    struct dmx_device *ddev)
{
	void *hdr = dmx_nl_dump_start(skb, cb, DMAEXER_CMD_DEV_GET);

	if (!hdr)
		return -EMSGSIZE;
	return dmx_nl_dump_put(skb, hdr, dmx_event_add_dev(skb, ddev));
}

int dmaexer_nl_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long id = cb->args[0];
	struct dmx_device *ddev;
	int err;

	err = dmx_nl_dump_allowed(cb) ?:
	      dmx_nl_dump_no_id(cb, DMAEXER_A_DEV_ID);
	if (err)
		return err;

	for (; (ddev = dmx_registry_dev_next(&id)); id++) {
		err = dump_dev(skb, cb, ddev);
		dmx_device_put(ddev);
		if (err)
			break;
	}

	cb->args[0] = id;
	return dmx_nl_dump_end(skb, cb, err);
}

static int explain_channel(struct genl_info *info, const char *name, int err)
{
	bool any = !strcmp(name, "any");

	if (err == -ENOENT && any)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_CHANNEL, err,
				     "no channel that copies memory is free");
	if (err == -ENOENT)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_CHANNEL, err,
				     "there is no channel %s that is free and copies memory",
				     name);
	if (err == -EEXIST)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_CHANNEL, err,
				     "another device is named %s",
				     any ? "as the channel is" : name);
	return dmx_nl_refuse(info, DMAEXER_A_DEV_CHANNEL, err,
			     "the driver of channel %s has no way to stop it",
			     name);
}

static int explain_new(struct genl_info *info, int err)
{
	struct nlattr *channel = info->attrs[DMAEXER_A_DEV_CHANNEL];

	if (channel &&
	    (err == -ENOENT || err == -EEXIST || err == -EOPNOTSUPP))
		return explain_channel(info, nla_data(channel), err);
	if (err == -ENOSPC)
		return dmx_nl_refuse(info, 0, err,
				     "there are %u virtual devices already",
				     DMX_VIRTUAL_MAX);
	if (err == -ENODEV)
		return dmx_nl_refuse(info, 0, err,
				     "the module is being loaded or unloaded");
	if (err == -EEXIST)
		return dmx_nl_refuse(info, 0, err,
				     "another device is named as this one would be");
	return dmx_nl_explain(info, err);
}

int dmaexer_nl_dev_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_device *ddev __free(dmx_device_put) = NULL;
	struct nlattr *channel = info->attrs[DMAEXER_A_DEV_CHANNEL];
	struct dmx_owner_id owner;
	struct dmx_reply reply;
	struct device *dev;
	int err;

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	dmx_nl_owner(skb, info, DMAEXER_A_DEV_OWNED, &owner);
	dev = channel ? dmx_channel_new(nla_data(channel), &owner) :
			dmx_virtual_new(&owner);
	if (IS_ERR(dev)) {
		err = explain_new(info, PTR_ERR(dev));
		return dmx_nl_reply_end(info, &reply, err);
	}

	ddev = dmx_registry_dev_of(dev);
	if (ddev)
		err = dmx_event_add_dev(reply.skb, ddev);
	else if (channel) /* it went again with its controller */
		err = explain_new(info, -ENOENT);
	else
		err = dmx_nl_refuse(info, 0, -ENODEV, "%s did not bind",
				    dev_name(dev));
	err = dmx_nl_reply_end(info, &reply, err);
	/* nobody would know of a device whose reply was not taken */
	if (err && ddev)
		ddev->del(ddev);
	else if (err)
		dmx_virtual_del(dev);

	put_device(dev);
	return err;
}

int dmaexer_nl_dev_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_device *ddev __free(dmx_device_put) =
		dmx_nl_find_dev(info, DMAEXER_A_DEV_ID, "id");

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	if (!ddev->del)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_ID, -EOPNOTSUPP,
				     "%s has a driver, unbind it instead",
				     dmx_device_name(ddev));
	if (ddev->del(ddev))
		return dmx_nl_refuse(info, DMAEXER_A_DEV_ID, -ENODEV,
				     "%s is being deleted",
				     dmx_device_name(ddev));
	return 0;
}

static int get_mask(struct genl_info *info, int attr, const char *name,
		    bool *has, u64 *mask)
{
	u32 bits;

	if (!info->attrs[attr])
		return 0;

	bits = nla_get_u32(info->attrs[attr]);
	if (dmx_mask_try(bits, mask))
		return dmx_nl_refuse(info, attr, -EINVAL,
				     "%s %u is above %u bits", name, bits,
				     DMX_MASK_BITS_MAX);
	*has = true;
	return 0;
}

static int get_limits(struct genl_info *info, struct dmx_limits *limits)
{
	struct nlattr *seg = info->attrs[DMAEXER_A_DEV_MAX_SEG_SIZE];
	int err;

	err = get_mask(info, DMAEXER_A_DEV_DMA_MASK_BITS, "dma-mask-bits",
		       &limits->has_dma_mask, &limits->dma_mask) ?:
	      get_mask(info, DMAEXER_A_DEV_COHERENT_MASK_BITS,
		       "coherent-mask-bits", &limits->has_coherent_mask,
		       &limits->coherent_mask);
	if (err)
		return err;

	if (seg) {
		limits->max_seg_size = nla_get_u32(seg);
		if (!limits->max_seg_size)
			return dmx_nl_refuse(info, DMAEXER_A_DEV_MAX_SEG_SIZE,
					     -EINVAL, "max-seg-size is 0");
	}

	limits->force = info->attrs[DMAEXER_A_DEV_FORCE];
	limits->owned = info->attrs[DMAEXER_A_DEV_OWNED];
	if (!limits->has_dma_mask && !limits->has_coherent_mask && !seg)
		return dmx_nl_refuse(info, 0, -EINVAL, "nothing to set");
	return 0;
}

static int explain_mask(struct genl_info *info, int attr, int err)
{
	return dmx_nl_refuse(info, attr, err,
			     "the platform refuses the mask of %u bits",
			     nla_get_u32(info->attrs[attr]));
}

static int explain_set(struct genl_info *info, const struct dmx_device *ddev,
		       enum dmx_limit refused, int err)
{
	const char *name = dmx_device_name(ddev);

	if (ddev->chan)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_ID, err,
				     "the limits of %s are its driver's", name);
	if (refused == DMX_LIMIT_OWNED)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_ID, err,
				     "the limits of %s are another socket's, its limits-owner, until that is closed",
				     name);
	if (err == -EBUSY)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_ID, err,
				     "%s has live buffers", name);
	if (err == -ENODEV)
		return dmx_nl_refuse(info, DMAEXER_A_DEV_ID, err,
				     "%s is gone", name);

	switch (refused) {
	case DMX_LIMIT_DMA_MASK:
		return explain_mask(info, DMAEXER_A_DEV_DMA_MASK_BITS, err);
	case DMX_LIMIT_COHERENT_MASK:
		return explain_mask(info, DMAEXER_A_DEV_COHERENT_MASK_BITS,
				    err);
	case DMX_LIMIT_MAX_SEG_SIZE:
		return dmx_nl_refuse(info, DMAEXER_A_DEV_MAX_SEG_SIZE, err,
				     "%s has no segment size", name);
	default:
		return dmx_nl_explain(info, err);
	}
}

static int add_set(struct sk_buff *skb, struct dmx_device *ddev)
{
	u64 mask = ddev->dev->coherent_dma_mask;

	return dmx_event_add_dev(skb, ddev) ?:
	       nla_put_u32(skb, DMAEXER_A_DEV_BUFS_OUTSIDE,
			   dmx_registry_bufs_outside(ddev, mask));
}

int dmaexer_nl_dev_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_device *ddev __free(dmx_device_put) =
		dmx_nl_find_dev(info, DMAEXER_A_DEV_ID, "id");
	/* not dmx_nl_owner(): whether it may always depends on who asks */
	const struct dmx_owner_id id = {
		.sk = NETLINK_CB(skb).sk,
		.portid = info->snd_portid,
	};
	struct dmx_limits limits = { };
	enum dmx_limit refused;
	struct dmx_reply reply;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);

	err = get_limits(info, &limits) ?: dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	err = dmx_registry_dev_set(ddev, &limits, &id, &refused);
	if (err)
		err = explain_set(info, ddev, refused, err);
	else
		err = add_set(reply.skb, ddev);
	return dmx_nl_reply_end(info, &reply, err);
}
