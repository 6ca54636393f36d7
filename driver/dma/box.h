/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_BOX_H
#define _DMX_BOX_H

#include "coherent.h"

/**
 * struct dmx_box - coherent memory that the CPU owns
 * @inner: the allocation; its DMA address is for nobody until dmx_box_share()
 */
struct dmx_box {
	struct dmx_coherent inner;
};

int dmx_box_zeroed(struct dmx_box *box, struct device *dev, u64 elem_size,
		   u64 count, gfp_t gfp, u32 attrs);
int dmx_box_init(struct dmx_box *box, struct device *dev, u64 elem_size,
		 u64 count, gfp_t gfp, u32 attrs, const struct dmx_init *init);
int dmx_box_from_slice(struct dmx_box *box, struct device *dev,
		       const void *data, u64 elem_size, u64 count, gfp_t gfp,
		       u32 attrs);
int dmx_box_init_at(struct dmx_box *box, u64 index,
		    const struct dmx_init *init);
void dmx_box_share(struct dmx_box *box, struct dmx_coherent *c);
void dmx_box_free(struct dmx_box *box);

/**
 * dmx_box_mem() - the memory of a box, for plain CPU access
 * @box: a box
 *
 * Return: the first byte.
 */
static inline void *dmx_box_mem(struct dmx_box *box)
{
	return box->inner.cpu_addr;
}

/**
 * dmx_box_size() - size of a box
 * @box: a box
 *
 * Return: the size in bytes.
 */
static inline size_t dmx_box_size(const struct dmx_box *box)
{
	return dmx_coherent_size(&box->inner);
}

#endif
