/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_REGISTRY_LOCK_H
#define _DMX_REGISTRY_LOCK_H

/* What the files of the registry share; for nobody else. */

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct dmx_buf;
struct dmx_device;
struct dmx_postmortem;

/**
 * struct dmx_registry - what is visible
 * @lock: protects all below, and the lists of objects
 * @devs: devices by number
 * @bufs: buffers by number
 * @postmortems: what is kept of buffers, by their number
 * @named: devices, from before their files are made until these are gone
 * @next_dev: where the search for a number of a device begins
 * @next_buf: where the search for a number of a buffer begins
 */
struct dmx_registry {
	struct mutex lock; /* protects all below, and the lists of objects */
	struct xarray devs;
	struct xarray bufs;
	struct xarray postmortems;
	struct list_head named;
	u32 next_dev;
	u32 next_buf;
};

extern struct dmx_registry dmx_reg;

int dmx_registry_reserve(struct xarray *xa, u32 *id, u32 *next);
void dmx_registry_limits_disown(struct dmx_device *ddev);
bool dmx_registry_limits_gone(u32 portid);
struct dmx_buf *dmx_registry_buf_hold(struct dmx_buf *buf);
int dmx_registry_buf_gone(struct dmx_buf *buf);
int dmx_registry_keep(struct dmx_buf *buf);
struct dmx_postmortem *dmx_registry_keep_end(struct dmx_buf *buf, bool gone);
void dmx_registry_postmortem_add(struct dmx_postmortem *pm);
bool dmx_registry_postmortem_gone(u32 portid);

#endif
