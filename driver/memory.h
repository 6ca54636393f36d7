/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_MEMORY_H
#define _DMX_MEMORY_H

#include <linux/gfp_types.h>
#include <linux/types.h>

struct device;

gfp_t dmx_memory_gfp(u32 gfp, bool warn, size_t size);
bool dmx_memory_begin(struct device *dev, gfp_t gfp, size_t size);
void dmx_memory_end(size_t size);

#endif
