/* SPDX-License-Identifier: GPL-2.0 */
/* The DMA engine channel that a probe writes with. */
#ifndef DMX_PROBE_CHANNEL_H
#define DMX_PROBE_CHANNEL_H

#include "probe.h"

/*
 * A channel that shares the address space of the device: that itself, one
 * that the module has, or else a free one, taken for the probe. @chan is filled
 * in, and to be freed in any case. Returns 0, -ENOENT where there is none,
 * which is then judged, or -errno.
 */
int channel_take(struct exam *exam, struct object *chan);

#endif
