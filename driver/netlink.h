/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_NETLINK_H
#define _DMX_NETLINK_H

#include <linux/types.h>

struct dmx_device;
struct dmx_owner_id;
struct genl_info;
struct netlink_callback;
struct sk_buff;

/**
 * struct dmx_reply - a message under way
 * @skb: the message
 * @hdr: where it began
 */
struct dmx_reply {
	struct sk_buff *skb;
	void *hdr;
};

int dmx_netlink_init(void);
void dmx_netlink_exit(void);

/* for the files that answer the requests */
__printf(4, 5)
int dmx_nl_refuse(struct genl_info *info, int attr, int err, const char *fmt,
		  ...);
int dmx_nl_explain(struct genl_info *info, int err);
int dmx_nl_require(struct genl_info *info, int attr, const char *name);
struct dmx_device *dmx_nl_find_dev(struct genl_info *info, int attr,
				   const char *name);
int dmx_nl_dump_allowed(struct netlink_callback *cb);
int dmx_nl_dump_no_id(struct netlink_callback *cb, int attr);
void dmx_nl_owner(struct sk_buff *skb, struct genl_info *info, int attr,
		  struct dmx_owner_id *owner);
int dmx_nl_reply_start(struct genl_info *info, struct dmx_reply *reply);
int dmx_nl_reply_end(struct genl_info *info, struct dmx_reply *reply, int err);
void *dmx_nl_dump_start(struct sk_buff *skb, struct netlink_callback *cb,
			u8 cmd);
int dmx_nl_dump_put(struct sk_buff *skb, void *hdr, int err);
int dmx_nl_dump_end(struct sk_buff *skb, struct netlink_callback *cb, int err);

#endif
