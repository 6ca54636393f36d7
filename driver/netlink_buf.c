// SPDX-License-Identifier: GPL-2.0
/* Requests about whole buffers, and what those of their parts share. */

#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "buffer.h"
#include "compat.h"
#include "device.h"
#include "event.h"
#include "netlink.h"
#include "netlink_buf.h"
#include "netlink_gen.h"
#include "registry.h"

/**
 * dmx_nl_find_buf() - find the buffer that a request is about
 * @info: the request
 *
 * Return: the buffer, with a reference; -EINVAL without its number, -ENOENT
 * without the buffer.
 */
struct dmx_buf *dmx_nl_find_buf(struct genl_info *info)
{
	struct dmx_buf *buf;
	u32 id;
	int err;

	err = dmx_nl_require(info, DMAEXER_A_BUF_ID, "id");
	if (err)
		return ERR_PTR(err);

	id = nla_get_u32(info->attrs[DMAEXER_A_BUF_ID]);
	buf = dmx_registry_buf_find(id);
	if (buf)
		return buf;
	return ERR_PTR(dmx_nl_refuse(info, DMAEXER_A_BUF_ID, -ENOENT,
				     "no buffer %u", id));
}

int dmaexer_nl_buf_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);
	struct nlattr *dev_id = info->attrs[DMAEXER_A_BUF_DEV_ID];
	struct dmx_reply reply;
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	if (dev_id && nla_get_u32(dev_id) != buf->ddev->id)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DEV_ID, -ENOENT,
				     "buffer %u is not of device %u", buf->id,
				     nla_get_u32(dev_id));

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;
	return dmx_nl_reply_end(info, &reply,
				dmx_event_add_buf(reply.skb, buf));
}

static int dump_buf(struct sk_buff *skb, struct netlink_callback *cb,
		    struct dmx_buf *buf)
{
	void *hdr = dmx_nl_dump_start(skb, cb, DMAEXER_CMD_BUF_GET);

	if (!hdr)
		return -EMSGSIZE;
	return dmx_nl_dump_put(skb, hdr, dmx_event_add_buf(skb, buf));
}

/* The device that a dump asks for, NULL for all. */
static struct dmx_device *dump_filter(struct netlink_callback *cb)
{
	struct nlattr *dev_id = dmx_dump_attrs(cb)[DMAEXER_A_BUF_DEV_ID];
	struct dmx_device *ddev;

	if (!dev_id)
		return NULL;

	ddev = dmx_registry_dev_find(nla_get_u32(dev_id));
	if (ddev)
		return ddev;
	/* a device that goes in the middle just ends the dump */
	if (!cb->args[0])
		NL_SET_ERR_MSG_ATTR(cb->extack, dev_id, "no such device");
	return ERR_PTR(-ENOENT);
}

/*
 * Numbers only grow, so what lives throughout a dump is in it exactly once,
 * whatever comes and goes meanwhile.
 */
int dmaexer_nl_buf_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dmx_device *ddev __free(dmx_device_put) = NULL;
	unsigned long id = cb->args[0];
	struct dmx_buf *buf;
	int err;

	err = dmx_nl_dump_allowed(cb) ?:
	      dmx_nl_dump_no_id(cb, DMAEXER_A_BUF_ID);
	if (err)
		return err;

	ddev = dump_filter(cb);
	if (IS_ERR(ddev))
		return id ? 0 : PTR_ERR(ddev);

	for (; (buf = dmx_registry_buf_next(&id, ddev)); id++) {
		err = dump_buf(skb, cb, buf);
		dmx_buf_put(buf);
		if (err)
			break;
	}

	cb->args[0] = id;
	return dmx_nl_dump_end(skb, cb, err);
}

/**
 * dmx_nl_get_pattern() - pattern of a request
 * @info: the request
 * @pattern: where it goes
 * @has_arg: whether the request has an argument
 *
 * Return: 1 with a pattern, 0 without, or -EINVAL.
 */
int dmx_nl_get_pattern(struct genl_info *info, struct dmx_pattern *pattern,
		       bool *has_arg)
{
	struct nlattr *kind = info->attrs[DMAEXER_A_BUF_PATTERN];
	struct nlattr *arg = info->attrs[DMAEXER_A_BUF_PATTERN_ARG];

	*has_arg = arg;
	if (!kind && arg)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN_ARG, -EINVAL,
				     "pattern-arg without pattern");
	if (!kind)
		return 0;

	pattern->kind = nla_get_u32(kind);
	pattern->arg = arg ? nla_get_u64(arg) : 0;
	if (dmx_pattern_check(pattern))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN_ARG, -EINVAL,
				     "byte %#llx is above 0xff", pattern->arg);
	return 1;
}

static int explain_gone(struct genl_info *info, const struct dmx_buf *buf,
			int err)
{
	if (err == -ENODEV)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				     "device of buffer %u is gone", buf->id);
	return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
			     "buffer %u is gone", buf->id);
}

int dmaexer_nl_buf_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);

	err = dmx_registry_buf_del(buf);
	return err ? explain_gone(info, buf, err) : 0;
}

int dmaexer_nl_buf_share_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);
	struct dmx_reply reply;
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;

	err = dmx_registry_buf_share(buf);
	if (err == -EINVAL || err == -EBUSY)
		err = dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				    "buffer %u is %s", buf->id, err == -EBUSY ?
				    "mapped for writing" : "no box");
	else if (err)
		err = explain_gone(info, buf, err);
	else
		err = dmx_event_add_buf(reply.skb, buf);
	return dmx_nl_reply_end(info, &reply, err);
}
