/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DMA_POOL_H
#define _DMX_DMA_POOL_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include "view.h"

struct device;
struct dma_pool;

/**
 * struct dmx_dma_pool - objects of a DMA pool of their own
 * @dev: device it was made for; a reference is held
 * @pool: the pool
 * @cpu_addrs: first byte of each object as the CPU sees it
 * @dma_addrs: the same as the device sees it
 * @elem_size: size of an object in bytes, never 0
 * @count: number of objects, never 0
 * @filled: how many of them there are yet
 */
struct dmx_dma_pool {
	struct device *dev;
	struct dma_pool *pool;
	void **cpu_addrs;
	dma_addr_t *dma_addrs;
	size_t elem_size;
	size_t count;
	size_t filled;
};

int dmx_dma_pool_create(struct dmx_dma_pool *p, struct device *dev,
			u64 elem_size, u64 count, size_t align,
			size_t boundary);
int dmx_dma_pool_more(struct dmx_dma_pool *p, gfp_t gfp);
void dmx_dma_pool_destroy(struct dmx_dma_pool *p);

/**
 * dmx_dma_pool_view() - how the CPU sees the objects, one after another
 * @p: a pool with all of its objects
 *
 * Return: the view; an object is a piece.
 */
static inline struct dmx_view dmx_dma_pool_view(const struct dmx_dma_pool *p)
{
	return (struct dmx_view){
		.pieces = p->cpu_addrs,
		.piece_size = p->elem_size,
		.elem_size = p->elem_size,
		.count = p->count,
	};
}

#endif
