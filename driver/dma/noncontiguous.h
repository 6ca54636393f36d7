/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_NONCONTIGUOUS_H
#define _DMX_NONCONTIGUOUS_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include "direction.h"
#include "view.h"

struct device;
struct sg_table;
struct vm_area_struct;

/**
 * struct dmx_noncontiguous - pages anywhere, in a row for the device
 * @dev: device it was allocated for; a reference is held
 * @sgt: what the DMA API returned
 * @cpu_addr: first byte as the CPU sees it, NULL before
 *	dmx_noncontiguous_vmap()
 * @elem_size: size of an element in bytes, never 0
 * @count: number of elements, never 0
 * @dir: who writes it, given back at free
 * @attrs: DMA_ATTR_* of the allocation
 */
struct dmx_noncontiguous {
	struct device *dev;
	struct sg_table *sgt;
	void *cpu_addr;
	size_t elem_size;
	size_t count;
	enum dmx_direction dir;
	u32 attrs;
};

int dmx_noncontiguous_alloc(struct dmx_noncontiguous *n, struct device *dev,
			    u64 elem_size, u64 count, enum dmx_direction dir,
			    gfp_t gfp, u32 attrs);
int dmx_noncontiguous_vmap(struct dmx_noncontiguous *n);
dma_addr_t dmx_noncontiguous_addr(const struct dmx_noncontiguous *n,
				  size_t *len);
unsigned int dmx_noncontiguous_segments(const struct dmx_noncontiguous *n);
void dmx_noncontiguous_for_cpu(const struct dmx_noncontiguous *n);
void dmx_noncontiguous_for_device(const struct dmx_noncontiguous *n);
int dmx_noncontiguous_mmap(const struct dmx_noncontiguous *n,
			   struct vm_area_struct *vma);
void dmx_noncontiguous_free(struct dmx_noncontiguous *n);

/**
 * dmx_noncontiguous_size() - size of an allocation
 * @n: an allocation
 *
 * Return: the size in bytes.
 */
static inline size_t dmx_noncontiguous_size(const struct dmx_noncontiguous *n)
{
	return n->elem_size * n->count;
}

/**
 * dmx_noncontiguous_view() - how the CPU sees an allocation
 * @n: an allocation after dmx_noncontiguous_vmap()
 *
 * Return: the view, for use between dmx_noncontiguous_for_cpu() and
 * dmx_noncontiguous_for_device().
 */
static inline struct dmx_view
dmx_noncontiguous_view(const struct dmx_noncontiguous *n)
{
	return (struct dmx_view){
		.base = n->cpu_addr,
		.elem_size = n->elem_size,
		.count = n->count,
	};
}

#endif
