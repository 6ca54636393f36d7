// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: who may call, how a refusal and a reply look. */

#include <linux/capability.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "compat.h"
#include "event.h"
#include "fault.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "owner.h"
#include "registry.h"

/* Messages show addresses, as replies do. The generator has no such flag. */
static const struct genl_multicast_group mcgrps[] = {
	[DMAEXER_NLGRP_EVENTS] = {
		.name = DMAEXER_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_SYS_ADMIN,
	},
};

/*
 * Not GENL_ADMIN_PERM, which asks for CAP_NET_ADMIN: nothing here has to do
 * with the network.
 */
static int allowed(struct sk_buff *skb, const struct net *net,
		   struct netlink_ext_ack *extack)
{
	if (!net_eq(net, &init_net)) {
		NL_SET_ERR_MSG(extack,
			       "only the initial network namespace is served");
		return -EPERM;
	}
	if (!netlink_capable(skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(extack,
			       "CAP_SYS_ADMIN in the initial user namespace is needed");
		return -EPERM;
	}
	return 0;
}

static int pre_doit(const struct dmx_genl_op *op, struct sk_buff *skb,
		    struct genl_info *info)
{
	return allowed(skb, genl_info_net(info), info->extack);
}

/* Half a dump may be asked for its rest when the family is gone. */
static bool serving;

static struct genl_family family = {
	.name		= DMAEXER_FAMILY_NAME,
	.version	= DMAEXER_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.pre_doit	= pre_doit,
	.ops		= dmaexer_nl_ops,
	.n_ops		= ARRAY_SIZE(dmaexer_nl_ops),
	.mcgrps		= mcgrps,
	.n_mcgrps	= ARRAY_SIZE(mcgrps),
};

static int netlink_notify(struct notifier_block *nb, unsigned long event,
			  void *data)
{
	struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC) {
		dmx_fault_owner_gone(notify->portid);
		dmx_registry_owner_gone(notify->portid);
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = netlink_notify,
};

/**
 * dmx_netlink_init() - begin to answer requests
 *
 * Return: 0 or an error.
 */
int dmx_netlink_init(void)
{
	int err;

	err = netlink_register_notifier(&notifier);
	if (err)
		return err;

	WRITE_ONCE(serving, true);
	err = genl_register_family(&family);
	if (err) {
		netlink_unregister_notifier(&notifier);
		return err;
	}

	dmx_event_init(&family, DMAEXER_NLGRP_EVENTS);
	return 0;
}

/**
 * dmx_netlink_exit() - answer no more requests
 *
 * Context: sleeps until no request is under way.
 */
void dmx_netlink_exit(void)
{
	WRITE_ONCE(serving, false);
	genl_unregister_family(&family);
	netlink_unregister_notifier(&notifier);
}

/**
 * dmx_nl_refuse() - explain an error
 * @info: the request
 * @attr: the attribute at fault, 0 for none
 * @err: negative errno
 * @fmt: a sentence of up to 79 bytes, without a full stop
 *
 * Return: @err.
 */
int dmx_nl_refuse(struct genl_info *info, int attr, int err, const char *fmt,
		  ...)
{
	struct netlink_ext_ack *extack = info->extack;
	char *slot;
	va_list args;

	if (!extack)
		return err;

	slot = dmx_extack_slot(extack);
	va_start(args, fmt);
	vsnprintf(slot, DMX_EXTACK_LEN, fmt, args);
	va_end(args);

	extack->_msg = slot;
	if (attr)
		NL_SET_BAD_ATTR(extack, info->attrs[attr]);
	return err;
}

/**
 * dmx_nl_explain() - explain an error that is nobody's fault
 * @info: the request
 * @err: negative errno, of making an object
 *
 * Return: @err.
 */
int dmx_nl_explain(struct genl_info *info, int err)
{
	switch (err) {
	case -EINTR:
		return dmx_nl_refuse(info, 0, err, "interrupted");
	case -EBUSY:
		return dmx_nl_refuse(info, 0, err, "no number is left");
	case -EIO:
		return dmx_nl_refuse(info, 0, err,
				     "the contents cannot be written");
	case -ENOMEM:
		return dmx_nl_refuse(info, 0, err,
				     "the kernel is short of memory");
	default:
		return dmx_nl_refuse(info, 0, err, "the kernel refuses it");
	}
}

/**
 * dmx_nl_require() - see to it that an attribute is there
 * @info: the request
 * @attr: the attribute
 * @name: its name in the spec
 *
 * Return: 0, or -EINVAL.
 */
int dmx_nl_require(struct genl_info *info, int attr, const char *name)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return 0;
	return dmx_nl_refuse(info, 0, -EINVAL, "attribute %s is missing",
			     name);
}

/**
 * dmx_nl_find_dev() - find the device that a request is about
 * @info: the request
 * @attr: the attribute with its number
 * @name: name of the attribute in the spec
 *
 * Return: the device, with a reference; -EINVAL without the attribute, -ENOENT
 * without the device.
 */
struct dmx_device *dmx_nl_find_dev(struct genl_info *info, int attr,
				   const char *name)
{
	struct dmx_device *ddev;
	u32 id;
	int err;

	err = dmx_nl_require(info, attr, name);
	if (err)
		return ERR_PTR(err);

	id = nla_get_u32(info->attrs[attr]);
	ddev = dmx_registry_dev_find(id);
	if (ddev)
		return ddev;
	return ERR_PTR(dmx_nl_refuse(info, attr, -ENOENT, "no device %u", id));
}

/**
 * dmx_nl_dump_allowed() - whether a dump may go on
 * @cb: the dump
 *
 * Return: 0; -EPERM; -ENODEV where the module was unloaded.
 */
int dmx_nl_dump_allowed(struct netlink_callback *cb)
{
	if (!READ_ONCE(serving)) {
		NL_SET_ERR_MSG(cb->extack, "the module was unloaded");
		return -ENODEV;
	}
	return allowed(cb->skb, sock_net(cb->skb->sk), cb->extack);
}

/**
 * dmx_nl_dump_no_id() - see to it that a dump is not asked for one object
 * @cb: the dump
 * @attr: attribute with a number
 *
 * Return: 0, or -EINVAL.
 */
int dmx_nl_dump_no_id(struct netlink_callback *cb, int attr)
{
	struct nlattr *id = dmx_dump_attrs(cb)[attr];

	if (!id)
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, id, "a dump takes no id");
	return -EINVAL;
}

/**
 * dmx_nl_owner() - the owner of an object to be made
 * @skb: the request
 * @info: the request
 * @attr: flag that asks for an owner
 * @owner: where the owner goes; none where the flag is not set
 */
void dmx_nl_owner(struct sk_buff *skb, struct genl_info *info, int attr,
		  struct dmx_owner_id *owner)
{
	bool owned = info->attrs[attr];

	owner->sk = owned ? NETLINK_CB(skb).sk : NULL;
	owner->portid = owned ? info->snd_portid : 0;
}

/* Else nobody could take a fault away. */
static int fault_but_for_faults(u8 cmd, enum dmaexer_fault_op op)
{
	if (cmd == DMAEXER_CMD_FAULT_SET || cmd == DMAEXER_CMD_FAULT_GET)
		return 0;
	return dmx_fault(op);
}

/**
 * dmx_nl_reply_start() - begin a reply
 * @info: the request
 * @reply: the reply
 *
 * Done before anything is changed, so that only memory for the reply can be
 * missing and then nothing has happened.
 *
 * Return: 0 or -ENOMEM.
 */
int dmx_nl_reply_start(struct genl_info *info, struct dmx_reply *reply)
{
	u8 cmd = info->genlhdr->cmd;

	reply->skb = fault_but_for_faults(cmd, DMAEXER_FAULT_OP_REPLY) ? NULL :
		     genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!reply->skb)
		return dmx_nl_refuse(info, 0, -ENOMEM,
				     "no memory for the reply");

	reply->hdr = genlmsg_put_reply(reply->skb, info, &family, 0, cmd);
	if (reply->hdr)
		return 0;

	nlmsg_free(reply->skb);
	return -EMSGSIZE;
}

/**
 * dmx_nl_reply_end() - send a reply, or forget it
 * @info: the request
 * @reply: the reply
 * @err: 0 to send it
 *
 * Return: @err, or the error of sending.
 */
int dmx_nl_reply_end(struct genl_info *info, struct dmx_reply *reply, int err)
{
	if (err) {
		nlmsg_free(reply->skb);
		return err;
	}

	genlmsg_end(reply->skb, reply->hdr);
	err = fault_but_for_faults(info->genlhdr->cmd, DMAEXER_FAULT_OP_SEND);
	if (err)
		nlmsg_free(reply->skb);
	else
		err = genlmsg_reply(reply->skb, info);
	if (err)
		return dmx_nl_refuse(info, 0, err,
				     "the socket does not take the reply");
	return 0;
}

/**
 * dmx_nl_dump_start() - begin a message of a dump
 * @skb: the part of the dump
 * @cb: the dump
 * @cmd: command of the message
 *
 * Return: its header, or NULL where it does not fit.
 */
void *dmx_nl_dump_start(struct sk_buff *skb, struct netlink_callback *cb,
			u8 cmd)
{
	if (fault_but_for_faults(cmd, DMAEXER_FAULT_OP_DUMP))
		return NULL;
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &family, NLM_F_MULTI, cmd);
}

/**
 * dmx_nl_dump_put() - end a message of a dump, or take it back
 * @skb: the part of the dump
 * @hdr: header of the message
 * @err: 0, or -EMSGSIZE where its object did not fit
 *
 * Return: @err.
 */
int dmx_nl_dump_put(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

/**
 * dmx_nl_dump_end() - end a part of a dump
 * @skb: the part
 * @cb: the dump
 * @err: 0, or -EMSGSIZE where more does not fit
 *
 * Return: length of the part; 0 at the end of the dump; @err where not even
 * one message fits.
 */
int dmx_nl_dump_end(struct sk_buff *skb, struct netlink_callback *cb, int err)
{
	if (skb->len)
		return skb->len;
	if (err)
		NL_SET_ERR_MSG(cb->extack,
			       "a message of the dump does not fit");
	return err;
}
