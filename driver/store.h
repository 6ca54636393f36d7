/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_STORE_H
#define _DMX_STORE_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

#include "dma/box.h"
#include "dma/coherent.h"
#include "dma/handle.h"
#include "dma/managed.h"
#include "dma/noncoherent.h"
#include "dma/noncontiguous.h"
#include "dma/pages.h"
#include "dma/pool.h"
#include "dma/view.h"

struct device;
struct vm_area_struct;

/**
 * struct dmx_store_spec - memory as it is asked for
 * @kind: enum dmaexer_kind
 * @elem_size: bytes of an element
 * @count: number of elements
 * @attrs: DMA_ATTR_*, where the kind has some
 * @shape: enum dmaexer_shape, of pages
 * @page_offset: first byte in the page or in what kmalloc() returns, of pages
 * @direction: enum dmaexer_direction, where CPU and device have it in turns
 * @align: what the address of each object is a multiple of, of a pool
 * @boundary: no object crosses a multiple of it, of a pool; 0 for none
 * @init: writes the contents, or NULL for zeroed memory. It is called for each
 *	run of bytes, in their order
 * @data: contents where @init is NULL, @elem_size times @count bytes; or NULL
 */
struct dmx_store_spec {
	u32 kind;
	u64 elem_size;
	u64 count;
	u32 attrs;
	u32 shape;
	u32 page_offset;
	u32 direction;
	u64 align;
	u64 boundary;
	const struct dmx_init *init;
	const void *data;
};

/**
 * struct dmx_traits - what else there is to tell of memory of a kind
 * @shape: enum dmaexer_shape, of pages
 * @page_offset: first byte in the page, or in what kmalloc() returned, of pages
 * @direction: enum dmaexer_direction, where CPU and device have it in turns
 * @segments: in how many pieces pages or noncontiguous memory lie
 * @align: what the address of each object is a multiple of, of a pool
 * @boundary: no object crosses a multiple of it, of a pool; 0 for none
 */
struct dmx_traits {
	u32 shape;
	u32 page_offset;
	u32 direction;
	u32 segments;
	u64 align;
	u64 boundary;
};

/**
 * struct dmx_store - the memory of a buffer, of whatever kind
 * @kind: enum dmaexer_kind
 * @dev: device it was allocated for
 * @size: bytes
 * @attrs: DMA_ATTR_*, with those that the kind implies
 * @view: how the CPU sees it; of a handle it has no elements
 * @traits: what else there is to tell
 * @has_addr: the device has an address of it
 * @addr: that of the first byte
 * @addr_len: how many bytes follow each other there
 */
struct dmx_store {
	u32 kind;
	struct device *dev;
	size_t size;
	u32 attrs;
	struct dmx_view view;
	struct dmx_traits traits;
	bool has_addr;
	dma_addr_t addr;
	size_t addr_len;
	/* private: by kind */
	union {
		struct dmx_box box;
		struct dmx_coherent coherent;
		struct dmx_handle handle;
		struct dmx_pages pages;
		struct dmx_managed managed;
		struct dmx_dma_pool pool;
		struct dmx_noncoherent noncoherent;
		struct dmx_noncontiguous noncontiguous;
	};
};

size_t dmx_store_block(const struct dmx_store_spec *spec, size_t size);
u64 dmx_store_footprint(const struct dmx_store_spec *spec, size_t size);
int dmx_store_alloc(struct dmx_store *s, struct device *dev,
		    const struct dmx_store_spec *spec, gfp_t gfp);
void dmx_store_free(struct dmx_store *s);
void dmx_store_leave(struct dmx_store *s);
int dmx_store_init_at(struct dmx_store *s, u64 index,
		      const struct dmx_init *init);
void dmx_store_share(struct dmx_store *s);
const void *dmx_store_cookie(const struct dmx_store *s);
dma_addr_t dmx_store_addr_at(const struct dmx_store *s, size_t offset,
			     size_t *len);
void dmx_store_sync(const struct dmx_store *s, size_t offset, size_t len,
		    bool for_cpu);
bool dmx_store_can_mmap(const struct dmx_store *s);
int dmx_store_mmap(const struct dmx_store *s, struct vm_area_struct *vma);

/**
 * dmx_store_kind_has_turns() - whether CPU and device have a kind in turns
 * @kind: enum dmaexer_kind
 *
 * Return: true where it has a direction.
 */
static inline bool dmx_store_kind_has_turns(u32 kind)
{
	return kind == DMAEXER_KIND_NONCOHERENT ||
	       kind == DMAEXER_KIND_NONCONTIGUOUS ||
	       kind == DMAEXER_KIND_DMA_PAGES;
}

/**
 * dmx_store_has_turns() - whether CPU and device have the memory in turns
 * @s: memory
 *
 * Return: true where dmx_store_sync() is to be called.
 */
static inline bool dmx_store_has_turns(const struct dmx_store *s)
{
	return dmx_store_kind_has_turns(s->kind);
}

/**
 * dmx_store_is_devices() - whether only the device writes the memory
 * @s: memory
 *
 * Return: true with the direction from-device.
 */
static inline bool dmx_store_is_devices(const struct dmx_store *s)
{
	return dmx_store_has_turns(s) &&
	       s->traits.direction == DMAEXER_DIRECTION_FROM_DEVICE;
}

/**
 * dmx_store_is_cpus() - whether only the CPU writes the memory
 * @s: memory
 *
 * Return: true with the direction to-device.
 */
static inline bool dmx_store_is_cpus(const struct dmx_store *s)
{
	return dmx_store_has_turns(s) &&
	       s->traits.direction == DMAEXER_DIRECTION_TO_DEVICE;
}

/**
 * dmx_store_first_addr() - where the device finds the first byte
 * @s: memory, or what is being initialised of it
 *
 * Return: its DMA address.
 */
static inline dma_addr_t dmx_store_first_addr(const struct dmx_store *s)
{
	return s->kind == DMAEXER_KIND_COHERENT ? s->coherent.dma_addr :
						  s->addr;
}

/**
 * dmx_store_has_view() - whether the CPU sees the memory
 * @s: memory
 *
 * Return: false for a handle.
 */
static inline bool dmx_store_has_view(const struct dmx_store *s)
{
	return s->view.count;
}

#endif
