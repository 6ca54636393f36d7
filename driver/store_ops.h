/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_STORE_OPS_H
#define _DMX_STORE_OPS_H

#include "store.h"

/**
 * struct dmx_store_ops - what a kind of memory does
 * @alloc: allocates it, and fills in @view, @traits and the addresses
 * @free: frees it
 * @mmap: maps it to user space, NULL where it cannot
 * @sync: hands a range to the CPU or back to the device, NULL where both have
 *	it
 */
struct dmx_store_ops {
	int (*alloc)(struct dmx_store *s, const struct dmx_store_spec *spec,
		     gfp_t gfp);
	void (*free)(struct dmx_store *s);
	int (*mmap)(const struct dmx_store *s, struct vm_area_struct *vma);
	void (*sync)(const struct dmx_store *s, size_t offset, size_t len,
		     bool for_cpu);
};

extern const struct dmx_store_ops dmx_store_box;
extern const struct dmx_store_ops dmx_store_coherent;
extern const struct dmx_store_ops dmx_store_handle;
extern const struct dmx_store_ops dmx_store_managed;
extern const struct dmx_store_ops dmx_store_pool;
extern const struct dmx_store_ops dmx_store_pages;
extern const struct dmx_store_ops dmx_store_noncoherent;
extern const struct dmx_store_ops dmx_store_noncontiguous;
extern const struct dmx_store_ops dmx_store_dma_pages;

int dmx_store_init(struct dmx_store *s, const struct dmx_store_spec *spec);

/**
 * dmx_store_set_addr() - note where the device finds new memory, in a row
 * @s: the memory
 * @addr: DMA address of the first byte
 */
static inline void dmx_store_set_addr(struct dmx_store *s, dma_addr_t addr)
{
	s->has_addr = true;
	s->addr = addr;
	s->addr_len = s->size;
}

#endif
