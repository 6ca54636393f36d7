/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_NETLINK_BUF_H
#define _DMX_NETLINK_BUF_H

#include <linux/types.h>

struct dmx_buf;
struct dmx_pattern;
struct dmx_store_spec;
struct genl_info;

int dmx_nl_check_attrs(struct genl_info *info,
		       const struct dmx_store_spec *mem);
int dmx_nl_get_kind(struct genl_info *info, struct dmx_store_spec *mem);
struct dmx_buf *dmx_nl_find_buf(struct genl_info *info);
int dmx_nl_get_pattern(struct genl_info *info, struct dmx_pattern *pattern,
		       bool *has_arg);

#endif
