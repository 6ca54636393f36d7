/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_PAGES_H
#define _DMX_PAGES_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include <asm/page.h>

#include "view.h"

struct vm_area_struct;

/**
 * enum dmx_shape - how memory of the CPU lies
 * @DMX_SHAPE_LINEAR: pages in a row
 * @DMX_SHAPE_SCATTERED: pages of which none follows the one before
 * @DMX_SHAPE_OFFSET: a part of one page
 * @DMX_SHAPE_SMALL: a part of what kmalloc() returns
 */
enum dmx_shape {
	DMX_SHAPE_LINEAR,
	DMX_SHAPE_SCATTERED,
	DMX_SHAPE_OFFSET,
	DMX_SHAPE_SMALL,
};

/**
 * struct dmx_pages - memory of the CPU, which no device knows an address of
 * @shape: how it lies
 * @elem_size: size of an element in bytes, never 0
 * @count: number of elements, never 0
 * @offset: first byte in the page, or in what kmalloc() returned
 * @mem: what the allocator returned, NULL for scattered pages
 * @pages: scattered pages
 * @filled: how many of them there are yet
 *
 * All of it is in the linear map of the kernel.
 */
struct dmx_pages {
	enum dmx_shape shape;
	size_t elem_size;
	size_t count;
	size_t offset;
	void *mem;
	void **pages;
	size_t filled;
};

int dmx_pages_alloc(struct dmx_pages *p, enum dmx_shape shape, u64 elem_size,
		    u64 count, size_t offset, gfp_t gfp);
int dmx_pages_more(struct dmx_pages *p, gfp_t gfp);
size_t dmx_pages_segments(const struct dmx_pages *p);
int dmx_pages_mmap(const struct dmx_pages *p, struct vm_area_struct *vma);
void dmx_pages_free(struct dmx_pages *p);

/**
 * dmx_pages_size() - size of an allocation
 * @p: an allocation
 *
 * Return: the size in bytes.
 */
static inline size_t dmx_pages_size(const struct dmx_pages *p)
{
	return p->elem_size * p->count;
}

/**
 * dmx_pages_view() - how the CPU sees an allocation
 * @p: an allocation
 *
 * Each run of the view is physically contiguous and in the linear map.
 *
 * Return: the view.
 */
static inline struct dmx_view dmx_pages_view(const struct dmx_pages *p)
{
	return (struct dmx_view){
		.base = p->mem ? p->mem + p->offset : NULL,
		.pieces = p->pages,
		.piece_size = PAGE_SIZE,
		.elem_size = p->elem_size,
		.count = p->count,
	};
}

#endif
