/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	docs/netlink/specs/dmaexer.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_DMAEXER_GEN_H
#define _LINUX_DMAEXER_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/dmaexer.h>

extern const struct nla_policy dmaexer_dev_get_nl_policy[DMAEXER_A_DEV_ID + 1];

extern const struct nla_policy dmaexer_dev_new_nl_policy[DMAEXER_A_DEV_OWNED + 1];

extern const struct nla_policy dmaexer_dev_del_nl_policy[DMAEXER_A_DEV_ID + 1];

extern const struct nla_policy dmaexer_dev_set_nl_policy[DMAEXER_A_DEV_MAX_SEG_SIZE + 1];

extern const struct nla_policy dmaexer_buf_get_nl_policy[DMAEXER_A_BUF_DEV_ID + 1];

extern const struct nla_policy dmaexer_buf_new_nl_policy[DMAEXER_A_BUF_BOUNDARY + 1];

extern const struct nla_policy dmaexer_buf_del_nl_policy[DMAEXER_A_BUF_ID + 1];

extern const struct nla_policy dmaexer_buf_share_nl_policy[DMAEXER_A_BUF_ID + 1];

extern const struct nla_policy dmaexer_buf_read_nl_policy[DMAEXER_A_BUF_WIDTH + 1];

extern const struct nla_policy dmaexer_buf_write_nl_policy[DMAEXER_A_BUF_VALUE + 1];

extern const struct nla_policy dmaexer_buf_fill_nl_policy[DMAEXER_A_BUF_LENGTH + 1];

extern const struct nla_policy dmaexer_buf_check_nl_policy[DMAEXER_A_BUF_LENGTH + 1];

extern const struct nla_policy dmaexer_xfer_run_nl_policy[DMAEXER_A_XFER_TIMEOUT_MS + 1];

extern const struct nla_policy dmaexer_protect_run_nl_policy[DMAEXER_A_PROTECT_CASE + 1];

extern const struct nla_policy dmaexer_fault_set_nl_policy[DMAEXER_A_FAULT_OWNED + 1];

extern const struct nla_policy dmaexer_fault_get_nl_policy[DMAEXER_A_FAULT_OWNED + 1];

extern const struct nla_policy dmaexer_postmortem_get_nl_policy[DMAEXER_A_BUF_ID + 1];

extern const struct nla_policy dmaexer_postmortem_del_nl_policy[DMAEXER_A_BUF_ID + 1];

/* Ops table for dmaexer */
extern const struct genl_ops dmaexer_nl_ops[18];

int dmaexer_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int dmaexer_nl_dev_new_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_dev_del_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_dev_set_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int dmaexer_nl_buf_new_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_del_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_share_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_read_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_write_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_fill_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_buf_check_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_xfer_run_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_protect_run_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_fault_set_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_fault_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_fault_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int dmaexer_nl_postmortem_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmaexer_nl_postmortem_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);
int dmaexer_nl_postmortem_del_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	DMAEXER_NLGRP_EVENTS,
};

#endif /* _LINUX_DMAEXER_GEN_H */
