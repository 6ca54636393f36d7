/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_CHANNEL_H
#define _DMX_CHANNEL_H

struct device;
struct dmx_owner_id;

struct device *dmx_channel_new(const char *name,
			       const struct dmx_owner_id *owner);
void dmx_channel_init(void);
void dmx_channel_exit(void);

#endif
