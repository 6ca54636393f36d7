// SPDX-License-Identifier: GPL-2.0
/* Requests about what is kept of buffers whose device is gone. */

#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "event.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "postmortem.h"
#include "registry.h"

static struct dmx_postmortem *find(struct genl_info *info)
{
	struct dmx_postmortem *pm;
	u32 id;
	int err;

	err = dmx_nl_require(info, DMAEXER_A_BUF_ID, "id");
	if (err)
		return ERR_PTR(err);

	id = nla_get_u32(info->attrs[DMAEXER_A_BUF_ID]);
	pm = dmx_registry_postmortem_find(id);
	if (pm)
		return pm;
	return ERR_PTR(dmx_nl_refuse(info, DMAEXER_A_BUF_ID, -ENOENT,
				     "nothing is kept of a buffer %u", id));
}

int dmaexer_nl_postmortem_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_postmortem *pm __free(dmx_postmortem_put) = find(info);
	struct dmx_reply reply;
	int err;

	if (IS_ERR(pm))
		return PTR_ERR(pm);

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;
	return dmx_nl_reply_end(info, &reply,
				dmx_event_add_postmortem(reply.skb, pm));
}

static int dump_postmortem(struct sk_buff *skb, struct netlink_callback *cb,
			   const struct dmx_postmortem *pm)
{
	void *hdr = dmx_nl_dump_start(skb, cb, DMAEXER_CMD_POSTMORTEM_GET);

	if (!hdr)
		return -EMSGSIZE;
	return dmx_nl_dump_put(skb, hdr, dmx_event_add_postmortem(skb, pm));
}

int dmaexer_nl_postmortem_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	unsigned long id = cb->args[0];
	struct dmx_postmortem *pm;
	int err;

	err = dmx_nl_dump_allowed(cb) ?:
	      dmx_nl_dump_no_id(cb, DMAEXER_A_BUF_ID);
	if (err)
		return err;

	for (; (pm = dmx_registry_postmortem_next(&id)); id++) {
		err = dump_postmortem(skb, cb, pm);
		dmx_postmortem_put(pm);
		if (err)
			break;
	}

	cb->args[0] = id;
	return dmx_nl_dump_end(skb, cb, err);
}

int dmaexer_nl_postmortem_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_postmortem *pm __free(dmx_postmortem_put) = find(info);
	int err;

	if (IS_ERR(pm))
		return PTR_ERR(pm);

	err = dmx_registry_postmortem_del(pm);
	if (err)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				     "what was kept of buffer %u is gone",
				     pm->id);
	return 0;
}
