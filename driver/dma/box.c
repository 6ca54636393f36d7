// SPDX-License-Identifier: GPL-2.0
/* Coherent DMA memory that the CPU owns until it is shared. */

#include <linux/errno.h>
#include <linux/string.h>

#include "box.h"

/**
 * dmx_box_zeroed() - allocate a zeroed box
 * @box: where the box goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*
 *
 * Return: as dmx_coherent_zeroed().
 * Context: as dmx_coherent_zeroed().
 */
int dmx_box_zeroed(struct dmx_box *box, struct device *dev, u64 elem_size,
		   u64 count, gfp_t gfp, u32 attrs)
{
	return dmx_coherent_zeroed(&box->inner, dev, elem_size, count, gfp,
				   attrs);
}

/**
 * dmx_box_init() - allocate a box and initialise it
 * @box: where the box goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*
 * @init: writes the contents; where it fails, the memory is freed
 *
 * Return: as dmx_coherent_init().
 * Context: as dmx_coherent_zeroed().
 */
int dmx_box_init(struct dmx_box *box, struct device *dev, u64 elem_size,
		 u64 count, gfp_t gfp, u32 attrs, const struct dmx_init *init)
{
	return dmx_coherent_init(&box->inner, dev, elem_size, count, gfp,
				 attrs, init);
}

/**
 * dmx_box_from_slice() - allocate a box that holds a copy of @data
 * @box: where the box goes
 * @dev: device to allocate for, bound
 * @data: @elem_size times @count bytes
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*
 *
 * Return: as dmx_coherent_from_slice().
 * Context: as dmx_coherent_zeroed().
 */
int dmx_box_from_slice(struct dmx_box *box, struct device *dev,
		       const void *data, u64 elem_size, u64 count, gfp_t gfp,
		       u32 attrs)
{
	return dmx_coherent_from_slice(&box->inner, dev, data, elem_size,
				       count, gfp, attrs);
}

/**
 * dmx_box_init_at() - initialise one element
 * @box: a box
 * @index: the element, from 0
 * @init: writes the element; where it fails, the element may be half written
 *
 * Return: 0, -EINVAL where @index is out of bounds, or the error of @init.
 */
int dmx_box_init_at(struct dmx_box *box, u64 index,
		    const struct dmx_init *init)
{
	const struct dmx_coherent *c = &box->inner;

	if (index >= c->count)
		return -EINVAL;

	return init->fn(c->cpu_addr + (size_t)index * c->elem_size,
			c->elem_size, init->ctx);
}

/**
 * dmx_box_share() - turn a box into memory shared with the device
 * @box: a box; empty afterwards
 * @c: where the allocation goes; may be a part of the same union as @box
 */
void dmx_box_share(struct dmx_box *box, struct dmx_coherent *c)
{
	struct dmx_coherent inner = box->inner;

	memset(box, 0, sizeof(*box));
	*c = inner;
}

/**
 * dmx_box_free() - free a box
 * @box: a box
 *
 * Context: process context, interrupts on; may sleep.
 */
void dmx_box_free(struct dmx_box *box)
{
	dmx_coherent_free(&box->inner);
}
