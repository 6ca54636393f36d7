// SPDX-License-Identifier: GPL-2.0
/* Requests to have something inside the driver fail. */

#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "compat.h"
#include "fault.h"
#include "names.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "owner.h"

static int add_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, DMAEXER_A_FAULT_PAD);
}

static int add_fault(struct sk_buff *skb, const struct dmx_fault *fault)
{
	int err;

	err = nla_put_u32(skb, DMAEXER_A_FAULT_OP, fault->op) ?:
	      nla_put_u32(skb, DMAEXER_A_FAULT_NTH, fault->nth) ?:
	      nla_put_u32(skb, DMAEXER_A_FAULT_TIMES, fault->times);
	if (!err && fault->error)
		err = nla_put_u32(skb, DMAEXER_A_FAULT_ERRNO, fault->error);
	if (!err && fault->portid)
		err = nla_put_flag(skb, DMAEXER_A_FAULT_OWNED) ?:
		      nla_put_u32(skb, DMAEXER_A_FAULT_OWNER, fault->portid);
	err = err ?: add_u64(skb, DMAEXER_A_FAULT_PASSED, fault->passed) ?:
	      add_u64(skb, DMAEXER_A_FAULT_FAILED, fault->failed);
	if (err || !fault->failed)
		return err;
	return nla_put_u32(skb, DMAEXER_A_FAULT_LAST, fault->last);
}

static int get_op(struct genl_info *info, struct dmx_fault *fault)
{
	int err = dmx_nl_require(info, DMAEXER_A_FAULT_OP, "op");

	if (err)
		return err;
	memset(fault, 0, sizeof(*fault));
	fault->op = nla_get_u32(info->attrs[DMAEXER_A_FAULT_OP]);
	return 0;
}

static int get_fault(struct genl_info *info, struct dmx_fault *fault)
{
	struct nlattr *nth = info->attrs[DMAEXER_A_FAULT_NTH];
	struct nlattr *times = info->attrs[DMAEXER_A_FAULT_TIMES];
	struct nlattr *error = info->attrs[DMAEXER_A_FAULT_ERRNO];
	int err;

	err = get_op(info, fault);
	if (err)
		return err;

	fault->nth = nth ? nla_get_u32(nth) : 1;
	fault->times = times ? nla_get_u32(times) : 1;
	fault->error = error ? nla_get_u32(error) : 0;
	if (!fault->nth && (times || error))
		return dmx_nl_refuse(info, times ? DMAEXER_A_FAULT_TIMES :
				     DMAEXER_A_FAULT_ERRNO, -EINVAL,
				     "nth 0 takes the fault away, and has no %s",
				     times ? "times" : "errno");
	if (error && !dmx_fault_can(fault->op, fault->error))
		return dmx_nl_refuse(info, DMAEXER_A_FAULT_ERRNO, -EINVAL,
				     "%s does not fail with errno %u",
				     dmx_fault_op_name(fault->op),
				     fault->error);
	return 0;
}

static int explain(struct genl_info *info, const struct dmx_fault *fault,
		   int err)
{
	switch (err) {
	case -ENOENT:
		return dmx_nl_refuse(info, DMAEXER_A_FAULT_OP, err,
				     "no fault of %s is set",
				     dmx_fault_op_name(fault->op));
	case -ENOSPC:
		return dmx_nl_refuse(info, 0, err,
				     "there are %u faults already",
				     DMX_FAULTS_MAX);
	default:
		return dmx_nl_refuse(info, 0, err,
				     "the kernel is short of memory");
	}
}

int dmaexer_nl_fault_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_owner_id owner;
	struct dmx_fault fault;
	struct dmx_reply reply;
	int err;

	err = get_fault(info, &fault) ?: dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	dmx_nl_owner(skb, info, DMAEXER_A_FAULT_OWNED, &owner);
	err = fault.nth ? dmx_fault_set(&fault, &owner) :
			  dmx_fault_clear(&fault, &owner);
	if (err)
		err = explain(info, &fault, err);
	else
		err = add_fault(reply.skb, &fault);
	return dmx_nl_reply_end(info, &reply, err);
}

int dmaexer_nl_fault_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_owner_id owner;
	struct dmx_fault fault;
	struct dmx_reply reply;
	int err;

	err = get_op(info, &fault);
	if (err)
		return err;
	dmx_nl_owner(skb, info, DMAEXER_A_FAULT_OWNED, &owner);
	err = dmx_fault_get(&fault, &owner);
	if (err)
		return explain(info, &fault, err);

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;
	return dmx_nl_reply_end(info, &reply, add_fault(reply.skb, &fault));
}

static int dump_fault(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct dmx_fault *fault)
{
	void *hdr = dmx_nl_dump_start(skb, cb, DMAEXER_CMD_FAULT_GET);

	if (!hdr)
		return -EMSGSIZE;
	return dmx_nl_dump_put(skb, hdr, add_fault(skb, fault));
}

int dmaexer_nl_fault_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct nlattr *op_attr = dmx_dump_attrs(cb)[DMAEXER_A_FAULT_OP];
	unsigned long cursor = cb->args[0];
	struct dmx_fault fault;
	int err;

	err = dmx_nl_dump_allowed(cb);
	if (err)
		return err;
	if (op_attr) {
		NL_SET_ERR_MSG_ATTR(cb->extack, op_attr, "a dump takes no op");
		return -EINVAL;
	}

	while (dmx_fault_next(&cursor, &fault)) {
		err = dump_fault(skb, cb, &fault);
		if (err)
			break;
		cb->args[0] = cursor;
	}
	return dmx_nl_dump_end(skb, cb, err);
}
