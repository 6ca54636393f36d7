/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_EVENT_H
#define _DMX_EVENT_H

#include <linux/types.h>

struct dmx_buf;
struct dmx_device;
struct dmx_postmortem;
struct genl_family;
struct sk_buff;

void dmx_event_init(const struct genl_family *family, unsigned int group);
int dmx_event_add_dev(struct sk_buff *skb, struct dmx_device *ddev);
int dmx_event_add_buf(struct sk_buff *skb, struct dmx_buf *buf);
int dmx_event_add_postmortem(struct sk_buff *skb,
			     const struct dmx_postmortem *pm);
void dmx_event_dev(u8 cmd, struct dmx_device *ddev);
void dmx_event_buf(u8 cmd, struct dmx_buf *buf);
void dmx_event_postmortem(u8 cmd, const struct dmx_postmortem *pm);

#endif
