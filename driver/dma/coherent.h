/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_COHERENT_H
#define _DMX_COHERENT_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include "view.h"

struct device;
struct vm_area_struct;

/**
 * struct dmx_coherent - coherent memory shared between CPU and device
 * @dev: device it was allocated for; a reference is held
 * @cpu_addr: first byte as the CPU sees it
 * @dma_addr: first byte as the device sees it
 * @elem_size: size of an element in bytes, never 0
 * @count: number of elements, never 0
 * @attrs: DMA_ATTR_* of the allocation, given back at free
 *
 * The fields are set by the allocation and do not change.
 */
struct dmx_coherent {
	struct device *dev;
	void *cpu_addr;
	dma_addr_t dma_addr;
	size_t elem_size;
	size_t count;
	u32 attrs;
};

/**
 * struct dmx_init - an initialiser
 * @fn: writes size bytes at mem; returns 0, or an error, upon which an
 *	allocation that it was to initialise is freed
 * @ctx: passed on to @fn
 */
struct dmx_init {
	int (*fn)(void *mem, size_t size, void *ctx);
	void *ctx;
};

int dmx_size_check(u64 elem_size, u64 count, size_t *size);

int dmx_coherent_zeroed(struct dmx_coherent *c, struct device *dev,
			u64 elem_size, u64 count, gfp_t gfp, u32 attrs);
int dmx_coherent_init(struct dmx_coherent *c, struct device *dev,
		      u64 elem_size, u64 count, gfp_t gfp, u32 attrs,
		      const struct dmx_init *init);
int dmx_coherent_from_slice(struct dmx_coherent *c, struct device *dev,
			    const void *data, u64 elem_size, u64 count,
			    gfp_t gfp, u32 attrs);
void dmx_coherent_take(struct dmx_coherent *c, struct device *dev,
		       u64 elem_size, u64 count, u32 attrs);
int dmx_coherent_mmap(const struct dmx_coherent *c, struct vm_area_struct *vma);
void dmx_coherent_free(struct dmx_coherent *c);

/**
 * dmx_coherent_size() - size of an allocation
 * @c: an allocation
 *
 * Return: the size in bytes.
 */
static inline size_t dmx_coherent_size(const struct dmx_coherent *c)
{
	return c->elem_size * c->count;
}

/**
 * dmx_coherent_len() - number of elements of an allocation
 * @c: an allocation
 *
 * Return: the number of elements.
 */
static inline size_t dmx_coherent_len(const struct dmx_coherent *c)
{
	return c->count;
}

/**
 * dmx_coherent_dma_addr() - address to give to the device
 * @c: an allocation
 *
 * Return: the DMA address of the first byte.
 */
static inline dma_addr_t dmx_coherent_dma_addr(const struct dmx_coherent *c)
{
	return c->dma_addr;
}

/**
 * dmx_coherent_view() - how the CPU sees an allocation
 * @c: an allocation
 *
 * Return: the view.
 */
static inline struct dmx_view dmx_coherent_view(const struct dmx_coherent *c)
{
	return (struct dmx_view){
		.base = c->cpu_addr,
		.elem_size = c->elem_size,
		.count = c->count,
	};
}

#endif
