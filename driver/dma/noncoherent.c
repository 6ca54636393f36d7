// SPDX-License-Identifier: GPL-2.0
/*
 * Memory in a row that CPU and device have in turns. It is the CPU's when it is
 * allocated.
 */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "coherent.h"
#include "noncoherent.h"

static int check(struct dmx_noncoherent *n, struct device *dev, u64 elem_size,
		 u64 count, enum dmx_direction dir)
{
	size_t size;
	int err;

	err = dmx_size_check(elem_size, count, &size) ?:
	      dmx_direction_check(dir);
	if (err)
		return err;

	memset(n, 0, sizeof(*n));
	n->dev = dev;
	n->elem_size = elem_size;
	n->count = count;
	n->dir = dir;
	return 0;
}

/*
 * Up to 6.12 at least, the DMA API's own detector takes what these calls return
 * for a mapping, of which somebody has to ask whether it failed.
 */
static int take(struct dmx_noncoherent *n)
{
	if (!n->cpu_addr || dma_mapping_error(n->dev, n->dma_addr))
		return -ENOMEM;

	get_device(n->dev);
	return 0;
}

/**
 * dmx_noncoherent_alloc() - allocate zeroed memory by dma_alloc_noncoherent()
 * @n: where the allocation goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @dir: who writes it
 * @gfp: how to allocate, without a zone
 *
 * Context: sleeps where @gfp allows it; the caller keeps masks of @dev from
 * changing.
 * Return: 0; -EINVAL for a size of 0 or no direction; -ENOMEM where the size
 * overflows or the platform refuses.
 */
int dmx_noncoherent_alloc(struct dmx_noncoherent *n, struct device *dev,
			  u64 elem_size, u64 count, enum dmx_direction dir,
			  gfp_t gfp)
{
	int err;

	err = check(n, dev, elem_size, count, dir);
	if (err)
		return err;

	n->cpu_addr = dma_alloc_noncoherent(dev, dmx_noncoherent_size(n),
					    &n->dma_addr,
					    (enum dma_data_direction)dir,
					    gfp | __GFP_ZERO);
	return take(n);
}

/**
 * dmx_noncoherent_alloc_pages() - the same by dma_alloc_pages()
 * @n: where the allocation goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @dir: who writes it
 * @gfp: how to allocate, without a zone
 *
 * Context: as dmx_noncoherent_alloc().
 * Return: as dmx_noncoherent_alloc().
 */
int dmx_noncoherent_alloc_pages(struct dmx_noncoherent *n, struct device *dev,
				u64 elem_size, u64 count,
				enum dmx_direction dir, gfp_t gfp)
{
	int err;

	err = check(n, dev, elem_size, count, dir);
	if (err)
		return err;

	n->page = dma_alloc_pages(dev, dmx_noncoherent_size(n), &n->dma_addr,
				  (enum dma_data_direction)dir,
				  gfp | __GFP_ZERO);
	n->cpu_addr = n->page ? page_address(n->page) : NULL;
	return take(n);
}

/**
 * dmx_noncoherent_for_cpu() - the CPU gets a range from the device
 * @n: an allocation
 * @offset: first byte
 * @len: bytes; the range is within the allocation
 */
void dmx_noncoherent_for_cpu(const struct dmx_noncoherent *n, size_t offset,
			     size_t len)
{
	dma_sync_single_range_for_cpu(n->dev, n->dma_addr, offset, len,
				      (enum dma_data_direction)n->dir);
}

/**
 * dmx_noncoherent_for_device() - the device gets a range from the CPU
 * @n: an allocation
 * @offset: first byte
 * @len: bytes; the range is within the allocation
 */
void dmx_noncoherent_for_device(const struct dmx_noncoherent *n,
				size_t offset, size_t len)
{
	dma_sync_single_range_for_device(n->dev, n->dma_addr, offset, len,
					 (enum dma_data_direction)n->dir);
}

/**
 * dmx_noncoherent_mmap() - map an allocation to user space, whole or in part
 * @n: an allocation, which must outlive the pages in @vma
 * @vma: where; its offset is that in the allocation, in pages
 *
 * Nobody syncs for who reads it there.
 *
 * Context: sleeps; for ->mmap(), with its mmap_lock.
 * Return: 0; -ENXIO where @vma reaches beyond the last page; or another error
 * of mm.
 */
int dmx_noncoherent_mmap(const struct dmx_noncoherent *n,
			 struct vm_area_struct *vma)
{
	return dma_mmap_pages(n->dev, vma, dmx_noncoherent_size(n),
			      virt_to_page(n->cpu_addr));
}

/**
 * dmx_noncoherent_free() - free an allocation
 * @n: an allocation; the device no longer uses it
 *
 * Context: process context, interrupts on; may sleep.
 */
void dmx_noncoherent_free(struct dmx_noncoherent *n)
{
	size_t size = dmx_noncoherent_size(n);

	if (n->page)
		dma_free_pages(n->dev, size, n->page, n->dma_addr,
			       (enum dma_data_direction)n->dir);
	else
		dma_free_noncoherent(n->dev, size, n->cpu_addr, n->dma_addr,
				     (enum dma_data_direction)n->dir);
	put_device(n->dev);
	memset(n, 0, sizeof(*n));
}
