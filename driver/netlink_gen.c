// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	docs/netlink/specs/dmaexer.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/dmaexer.h>

/* DMAEXER_CMD_DEV_GET - do */
const struct nla_policy dmaexer_dev_get_nl_policy[DMAEXER_A_DEV_ID + 1] = {
	[DMAEXER_A_DEV_ID] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_DEV_NEW - do */
const struct nla_policy dmaexer_dev_new_nl_policy[DMAEXER_A_DEV_OWNED + 1] = {
	[DMAEXER_A_DEV_OWNED] = { .type = NLA_FLAG, },
	[DMAEXER_A_DEV_CHANNEL] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* DMAEXER_CMD_DEV_DEL - do */
const struct nla_policy dmaexer_dev_del_nl_policy[DMAEXER_A_DEV_ID + 1] = {
	[DMAEXER_A_DEV_ID] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_DEV_SET - do */
const struct nla_policy dmaexer_dev_set_nl_policy[DMAEXER_A_DEV_MAX_SEG_SIZE + 1] = {
	[DMAEXER_A_DEV_ID] = { .type = NLA_U32, },
	[DMAEXER_A_DEV_DMA_MASK_BITS] = { .type = NLA_U32, },
	[DMAEXER_A_DEV_COHERENT_MASK_BITS] = { .type = NLA_U32, },
	[DMAEXER_A_DEV_MAX_SEG_SIZE] = { .type = NLA_U32, },
	[DMAEXER_A_DEV_FORCE] = { .type = NLA_FLAG, },
	[DMAEXER_A_DEV_OWNED] = { .type = NLA_FLAG, },
};

/* DMAEXER_CMD_BUF_GET - do */
const struct nla_policy dmaexer_buf_get_nl_policy[DMAEXER_A_BUF_DEV_ID + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_DEV_ID] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_BUF_NEW - do */
const struct nla_policy dmaexer_buf_new_nl_policy[DMAEXER_A_BUF_BOUNDARY + 1] = {
	[DMAEXER_A_BUF_DEV_ID] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_KIND] = NLA_POLICY_MAX(NLA_U32, 8),
	[DMAEXER_A_BUF_LABEL] = { .type = NLA_NUL_STRING, .len = DMAEXER_LABEL_MAX, },
	[DMAEXER_A_BUF_ELEM_SIZE] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_COUNT] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_ATTRS] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_GFP] = NLA_POLICY_MAX(NLA_U32, 2),
	[DMAEXER_A_BUF_OWNED] = { .type = NLA_FLAG, },
	[DMAEXER_A_BUF_WARN] = { .type = NLA_FLAG, },
	[DMAEXER_A_BUF_PATTERN] = NLA_POLICY_MAX(NLA_U32, 5),
	[DMAEXER_A_BUF_PATTERN_ARG] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_DATA] = { .type = NLA_BINARY, },
	[DMAEXER_A_BUF_KEEP] = { .type = NLA_FLAG, },
	[DMAEXER_A_BUF_SHAPE] = NLA_POLICY_MAX(NLA_U32, 3),
	[DMAEXER_A_BUF_PAGE_OFFSET] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 3),
	[DMAEXER_A_BUF_ALIGN] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_BOUNDARY] = { .type = NLA_U64, },
};

/* DMAEXER_CMD_BUF_DEL - do */
const struct nla_policy dmaexer_buf_del_nl_policy[DMAEXER_A_BUF_ID + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_BUF_SHARE - do */
const struct nla_policy dmaexer_buf_share_nl_policy[DMAEXER_A_BUF_ID + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_BUF_READ - do */
const struct nla_policy dmaexer_buf_read_nl_policy[DMAEXER_A_BUF_WIDTH + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_INDEX] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_OFFSET] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_WIDTH] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_BUF_WRITE - do */
const struct nla_policy dmaexer_buf_write_nl_policy[DMAEXER_A_BUF_VALUE + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_INDEX] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_OFFSET] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_WIDTH] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_VALUE] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_DATA] = { .type = NLA_BINARY, },
};

/* DMAEXER_CMD_BUF_FILL - do */
const struct nla_policy dmaexer_buf_fill_nl_policy[DMAEXER_A_BUF_LENGTH + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_OFFSET] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_LENGTH] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_PATTERN] = NLA_POLICY_MAX(NLA_U32, 5),
	[DMAEXER_A_BUF_PATTERN_ARG] = { .type = NLA_U64, },
};

/* DMAEXER_CMD_BUF_CHECK - do */
const struct nla_policy dmaexer_buf_check_nl_policy[DMAEXER_A_BUF_LENGTH + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
	[DMAEXER_A_BUF_OFFSET] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_LENGTH] = { .type = NLA_U64, },
	[DMAEXER_A_BUF_PATTERN] = NLA_POLICY_MAX(NLA_U32, 5),
	[DMAEXER_A_BUF_PATTERN_ARG] = { .type = NLA_U64, },
};

/* DMAEXER_CMD_XFER_RUN - do */
const struct nla_policy dmaexer_xfer_run_nl_policy[DMAEXER_A_XFER_TIMEOUT_MS + 1] = {
	[DMAEXER_A_XFER_DEV_ID] = { .type = NLA_U32, },
	[DMAEXER_A_XFER_SRC] = { .type = NLA_U32, },
	[DMAEXER_A_XFER_SRC_OFFSET] = { .type = NLA_U64, },
	[DMAEXER_A_XFER_DST] = { .type = NLA_U32, },
	[DMAEXER_A_XFER_DST_OFFSET] = { .type = NLA_U64, },
	[DMAEXER_A_XFER_LENGTH] = { .type = NLA_U64, },
	[DMAEXER_A_XFER_TIMEOUT_MS] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* DMAEXER_CMD_PROTECT_RUN - do */
const struct nla_policy dmaexer_protect_run_nl_policy[DMAEXER_A_PROTECT_CASE + 1] = {
	[DMAEXER_A_PROTECT_DEV_ID] = { .type = NLA_U32, },
	[DMAEXER_A_PROTECT_CASE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* DMAEXER_CMD_FAULT_SET - do */
const struct nla_policy dmaexer_fault_set_nl_policy[DMAEXER_A_FAULT_OWNED + 1] = {
	[DMAEXER_A_FAULT_OP] = NLA_POLICY_MAX(NLA_U32, 18),
	[DMAEXER_A_FAULT_NTH] = { .type = NLA_U32, },
	[DMAEXER_A_FAULT_TIMES] = { .type = NLA_U32, },
	[DMAEXER_A_FAULT_ERRNO] = { .type = NLA_U32, },
	[DMAEXER_A_FAULT_OWNED] = { .type = NLA_FLAG, },
};

/* DMAEXER_CMD_FAULT_GET - do */
const struct nla_policy dmaexer_fault_get_nl_policy[DMAEXER_A_FAULT_OWNED + 1] = {
	[DMAEXER_A_FAULT_OP] = NLA_POLICY_MAX(NLA_U32, 18),
	[DMAEXER_A_FAULT_OWNED] = { .type = NLA_FLAG, },
};

/* DMAEXER_CMD_POSTMORTEM_GET - do */
const struct nla_policy dmaexer_postmortem_get_nl_policy[DMAEXER_A_BUF_ID + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
};

/* DMAEXER_CMD_POSTMORTEM_DEL - do */
const struct nla_policy dmaexer_postmortem_del_nl_policy[DMAEXER_A_BUF_ID + 1] = {
	[DMAEXER_A_BUF_ID] = { .type = NLA_U32, },
};

/* Ops table for dmaexer */
const struct genl_ops dmaexer_nl_ops[18] = {
	{
		.cmd		= DMAEXER_CMD_DEV_GET,
		.doit		= dmaexer_nl_dev_get_doit,
		.dumpit		= dmaexer_nl_dev_get_dumpit,
		.policy		= dmaexer_dev_get_nl_policy,
		.maxattr	= DMAEXER_A_DEV_ID,
	},
	{
		.cmd		= DMAEXER_CMD_DEV_NEW,
		.doit		= dmaexer_nl_dev_new_doit,
		.policy		= dmaexer_dev_new_nl_policy,
		.maxattr	= DMAEXER_A_DEV_OWNED,
	},
	{
		.cmd		= DMAEXER_CMD_DEV_DEL,
		.doit		= dmaexer_nl_dev_del_doit,
		.policy		= dmaexer_dev_del_nl_policy,
		.maxattr	= DMAEXER_A_DEV_ID,
	},
	{
		.cmd		= DMAEXER_CMD_DEV_SET,
		.doit		= dmaexer_nl_dev_set_doit,
		.policy		= dmaexer_dev_set_nl_policy,
		.maxattr	= DMAEXER_A_DEV_MAX_SEG_SIZE,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_GET,
		.doit		= dmaexer_nl_buf_get_doit,
		.dumpit		= dmaexer_nl_buf_get_dumpit,
		.policy		= dmaexer_buf_get_nl_policy,
		.maxattr	= DMAEXER_A_BUF_DEV_ID,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_NEW,
		.doit		= dmaexer_nl_buf_new_doit,
		.policy		= dmaexer_buf_new_nl_policy,
		.maxattr	= DMAEXER_A_BUF_BOUNDARY,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_DEL,
		.doit		= dmaexer_nl_buf_del_doit,
		.policy		= dmaexer_buf_del_nl_policy,
		.maxattr	= DMAEXER_A_BUF_ID,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_SHARE,
		.doit		= dmaexer_nl_buf_share_doit,
		.policy		= dmaexer_buf_share_nl_policy,
		.maxattr	= DMAEXER_A_BUF_ID,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_READ,
		.doit		= dmaexer_nl_buf_read_doit,
		.policy		= dmaexer_buf_read_nl_policy,
		.maxattr	= DMAEXER_A_BUF_WIDTH,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_WRITE,
		.doit		= dmaexer_nl_buf_write_doit,
		.policy		= dmaexer_buf_write_nl_policy,
		.maxattr	= DMAEXER_A_BUF_VALUE,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_FILL,
		.doit		= dmaexer_nl_buf_fill_doit,
		.policy		= dmaexer_buf_fill_nl_policy,
		.maxattr	= DMAEXER_A_BUF_LENGTH,
	},
	{
		.cmd		= DMAEXER_CMD_BUF_CHECK,
		.doit		= dmaexer_nl_buf_check_doit,
		.policy		= dmaexer_buf_check_nl_policy,
		.maxattr	= DMAEXER_A_BUF_LENGTH,
	},
	{
		.cmd		= DMAEXER_CMD_XFER_RUN,
		.doit		= dmaexer_nl_xfer_run_doit,
		.policy		= dmaexer_xfer_run_nl_policy,
		.maxattr	= DMAEXER_A_XFER_TIMEOUT_MS,
	},
	{
		.cmd		= DMAEXER_CMD_PROTECT_RUN,
		.doit		= dmaexer_nl_protect_run_doit,
		.policy		= dmaexer_protect_run_nl_policy,
		.maxattr	= DMAEXER_A_PROTECT_CASE,
	},
	{
		.cmd		= DMAEXER_CMD_FAULT_SET,
		.doit		= dmaexer_nl_fault_set_doit,
		.policy		= dmaexer_fault_set_nl_policy,
		.maxattr	= DMAEXER_A_FAULT_OWNED,
	},
	{
		.cmd		= DMAEXER_CMD_FAULT_GET,
		.doit		= dmaexer_nl_fault_get_doit,
		.dumpit		= dmaexer_nl_fault_get_dumpit,
		.policy		= dmaexer_fault_get_nl_policy,
		.maxattr	= DMAEXER_A_FAULT_OWNED,
	},
	{
		.cmd		= DMAEXER_CMD_POSTMORTEM_GET,
		.doit		= dmaexer_nl_postmortem_get_doit,
		.dumpit		= dmaexer_nl_postmortem_get_dumpit,
		.policy		= dmaexer_postmortem_get_nl_policy,
		.maxattr	= DMAEXER_A_BUF_ID,
	},
	{
		.cmd		= DMAEXER_CMD_POSTMORTEM_DEL,
		.doit		= dmaexer_nl_postmortem_del_doit,
		.policy		= dmaexer_postmortem_del_nl_policy,
		.maxattr	= DMAEXER_A_BUF_ID,
	},
};

static const struct genl_multicast_group dmaexer_nl_mcgrps[] = {
	[DMAEXER_NLGRP_EVENTS] = { "events", },
};
