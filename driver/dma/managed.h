/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_MANAGED_H
#define _DMX_MANAGED_H

#include "coherent.h"

/**
 * struct dmx_managed - coherent memory that goes with the driver of its device
 * @inner: the allocation; dmx_coherent_free() is not for it
 */
struct dmx_managed {
	struct dmx_coherent inner;
};

int dmx_managed_zeroed(struct dmx_managed *m, struct device *dev,
		       u64 elem_size, u64 count, gfp_t gfp, u32 attrs);
void dmx_managed_free(struct dmx_managed *m);
void dmx_managed_leave(struct dmx_managed *m);

#endif
