// SPDX-License-Identifier: GPL-2.0
/* The request to write where a device may not. */

#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "device.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "protect.h"

static int explain(struct genl_info *info, const struct dmx_device *chan,
		   int err)
{
	const char *name = dmx_device_name(chan);

	switch (err) {
	case -EBUSY:
		return dmx_nl_refuse(info, DMAEXER_A_PROTECT_DEV_ID, err,
				     "the address space of %s has buffers",
				     name);
	case -ENOMEM:
		return dmx_nl_refuse(info, 0, err,
				     "no memory in reach of %s", name);
	case -ETIMEDOUT:
		return dmx_nl_refuse(info, 0, err,
				     "%s does not answer, and was stopped",
				     name);
	case -EIO:
		return dmx_nl_refuse(info, 0, err,
				     "%s does not take a copy", name);
	case -EINTR:
		return dmx_nl_refuse(info, 0, err, "interrupted");
	default:
		return dmx_nl_refuse(info, DMAEXER_A_PROTECT_DEV_ID, err,
				     "%s is gone", name);
	}
}

static int add_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, DMAEXER_A_PROTECT_PAD);
}

static int add_protect(struct sk_buff *skb, const struct dmx_device *chan,
		       u32 what, const struct dmx_protect *protect)
{
	int err;

	err = nla_put_u32(skb, DMAEXER_A_PROTECT_DEV_ID, chan->id) ?:
	      nla_put_string(skb, DMAEXER_A_PROTECT_DEV_NAME,
			     dmx_device_name(chan)) ?:
	      nla_put_u32(skb, DMAEXER_A_PROTECT_CASE, what) ?:
	      nla_put_u32(skb, DMAEXER_A_PROTECT_OUTCOME, protect->outcome);
	if (!err && protect->reason)
		err = nla_put_string(skb, DMAEXER_A_PROTECT_REASON,
				     protect->reason);
	if (err || protect->outcome == DMAEXER_OUTCOME_NOT_RUN)
		return err;

	err = add_u64(skb, DMAEXER_A_PROTECT_ADDR, protect->addr);
	if (!err && protect->window_ns)
		err = add_u64(skb, DMAEXER_A_PROTECT_WINDOW_NS,
			      protect->window_ns);
	if (!err && protect->stopped_ns != U64_MAX)
		err = add_u64(skb, DMAEXER_A_PROTECT_STOPPED_NS,
			      protect->stopped_ns);
	return err;
}

int dmaexer_nl_protect_run_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_device *chan __free(dmx_device_put) =
		dmx_nl_find_dev(info, DMAEXER_A_PROTECT_DEV_ID, "dev-id");
	struct dmx_protect protect;
	struct dmx_reply reply;
	u32 what;
	int err;

	if (IS_ERR(chan))
		return PTR_ERR(chan);
	err = dmx_nl_require(info, DMAEXER_A_PROTECT_CASE, "case");
	if (err)
		return err;
	if (!chan->chan)
		return dmx_nl_refuse(info, DMAEXER_A_PROTECT_DEV_ID,
				     -EOPNOTSUPP,
				     "%s is no DMA engine channel",
				     dmx_device_name(chan));
	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	what = nla_get_u32(info->attrs[DMAEXER_A_PROTECT_CASE]);
	err = dmx_protect_run(chan, what, &protect);
	if (err)
		err = explain(info, chan, err);
	else
		err = add_protect(reply.skb, chan, what, &protect);
	return dmx_nl_reply_end(info, &reply, err);
}
