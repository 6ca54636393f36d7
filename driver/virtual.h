/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_VIRTUAL_H
#define _DMX_VIRTUAL_H

#include <linux/types.h>

/* most virtual devices at a time */
#define DMX_VIRTUAL_MAX		1024

struct device;
struct dmx_owner_id;

struct device *dmx_virtual_new(const struct dmx_owner_id *owner);
int dmx_virtual_del(struct device *dev);
bool dmx_virtual_has(struct device *dev);
void dmx_virtual_failed(struct device *dev, int err);
void dmx_virtual_owner(struct device *dev, struct dmx_owner_id *owner);
void dmx_virtual_init(void);
void dmx_virtual_exit(void);

#endif
