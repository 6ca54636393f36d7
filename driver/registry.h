/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_REGISTRY_H
#define _DMX_REGISTRY_H

#include <linux/types.h>

#include "buffer.h"
#include "device.h"

struct dmx_owner_id;
struct dmx_postmortem;

int dmx_registry_dev_add(const struct dmx_device_spec *spec,
			 const struct dmx_owner_id *owner);
void dmx_registry_dev_del(struct device *node);
struct dmx_device *dmx_registry_dev_find(u32 id);
struct dmx_device *dmx_registry_dev_of(struct device *node);
struct dmx_device *dmx_registry_dev_next(unsigned long *id);

struct dmx_buf *dmx_registry_buf_new(struct dmx_device *ddev,
				     const struct dmx_buf_spec *spec,
				     const struct dmx_owner_id *owner,
				     enum dmx_refusal *refusal);
int dmx_registry_buf_del(struct dmx_buf *buf);
int dmx_registry_buf_share(struct dmx_buf *buf);
struct dmx_buf *dmx_registry_buf_find(u32 id);
u32 dmx_registry_bufs_outside(struct dmx_device *ddev, u64 mask);
struct dmx_buf *dmx_registry_buf_next(unsigned long *id,
				      const struct dmx_device *ddev);

void dmx_registry_postmortem_init(void);
void dmx_registry_postmortem_exit(void);
int dmx_registry_postmortem_del(struct dmx_postmortem *pm);
struct dmx_postmortem *dmx_registry_postmortem_find(u32 id);
struct dmx_postmortem *dmx_registry_postmortem_next(unsigned long *id);

int dmx_registry_dev_set(struct dmx_device *ddev,
			 const struct dmx_limits *limits,
			 const struct dmx_owner_id *id,
			 enum dmx_limit *refused);

void dmx_registry_owner_gone(u32 portid);

#endif
