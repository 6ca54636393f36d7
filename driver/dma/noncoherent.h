/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_NONCOHERENT_H
#define _DMX_NONCOHERENT_H

#include <linux/gfp_types.h>
#include <linux/types.h>

#include "direction.h"
#include "view.h"

struct device;
struct page;
struct vm_area_struct;

/**
 * struct dmx_noncoherent - memory that CPU and device have in turns
 * @dev: device it was allocated for; a reference is held
 * @cpu_addr: first byte as the CPU sees it
 * @page: its first page where dma_alloc_pages() gave it, or NULL
 * @dma_addr: first byte as the device sees it
 * @elem_size: size of an element in bytes, never 0
 * @count: number of elements, never 0
 * @dir: who writes it, given back at free
 *
 * The fields are set by the allocation and do not change.
 */
struct dmx_noncoherent {
	struct device *dev;
	void *cpu_addr;
	struct page *page;
	dma_addr_t dma_addr;
	size_t elem_size;
	size_t count;
	enum dmx_direction dir;
};

int dmx_noncoherent_alloc(struct dmx_noncoherent *n, struct device *dev,
			  u64 elem_size, u64 count, enum dmx_direction dir,
			  gfp_t gfp);
int dmx_noncoherent_alloc_pages(struct dmx_noncoherent *n, struct device *dev,
				u64 elem_size, u64 count,
				enum dmx_direction dir, gfp_t gfp);
void dmx_noncoherent_for_cpu(const struct dmx_noncoherent *n, size_t offset,
			     size_t len);
void dmx_noncoherent_for_device(const struct dmx_noncoherent *n,
				size_t offset, size_t len);
int dmx_noncoherent_mmap(const struct dmx_noncoherent *n,
			 struct vm_area_struct *vma);
void dmx_noncoherent_free(struct dmx_noncoherent *n);

/**
 * dmx_noncoherent_size() - size of an allocation
 * @n: an allocation
 *
 * Return: the size in bytes.
 */
static inline size_t dmx_noncoherent_size(const struct dmx_noncoherent *n)
{
	return n->elem_size * n->count;
}

/**
 * dmx_noncoherent_view() - how the CPU sees an allocation
 * @n: an allocation
 *
 * Return: the view, for use between dmx_noncoherent_for_cpu() and
 * dmx_noncoherent_for_device().
 */
static inline struct dmx_view
dmx_noncoherent_view(const struct dmx_noncoherent *n)
{
	return (struct dmx_view){
		.base = n->cpu_addr,
		.elem_size = n->elem_size,
		.count = n->count,
	};
}

#endif
