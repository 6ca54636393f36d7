// SPDX-License-Identifier: GPL-2.0
/*
 * Pages anywhere that CPU and device have in turns, and that an IOMMU puts in a
 * row for the device. They are the CPU's when they are allocated.
 */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/string.h>

#include "attrs.h"
#include "coherent.h"
#include "noncontiguous.h"

/**
 * dmx_noncontiguous_alloc() - allocate zeroed memory
 * @n: where the allocation goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @dir: who writes it
 * @gfp: how to allocate, without a zone
 * @attrs: DMA_ATTR_ALLOC_SINGLE_PAGES or 0
 *
 * Context: sleeps where @gfp allows it; the caller keeps masks of @dev from
 * changing.
 * Return: 0; -EINVAL for a size of 0, no direction or another attribute;
 * -ENOMEM where the size overflows or the platform refuses.
 */
int dmx_noncontiguous_alloc(struct dmx_noncontiguous *n, struct device *dev,
			    u64 elem_size, u64 count, enum dmx_direction dir,
			    gfp_t gfp, u32 attrs)
{
	size_t size;
	int err;

	err = dmx_size_check(elem_size, count, &size) ?:
	      dmx_direction_check(dir);
	if (err)
		return err;
	if (attrs & ~(u32)DMA_ATTR_ALLOC_SINGLE_PAGES)
		return -EINVAL;

	memset(n, 0, sizeof(*n));
	n->sgt = dma_alloc_noncontiguous(dev, size,
					 (enum dma_data_direction)dir,
					 gfp | __GFP_ZERO, attrs);
	if (!n->sgt)
		return -ENOMEM;

	n->dev = get_device(dev);
	n->elem_size = elem_size;
	n->count = count;
	n->dir = dir;
	n->attrs = attrs;
	return 0;
}

/**
 * dmx_noncontiguous_vmap() - let the CPU see an allocation in a row
 * @n: an allocation
 *
 * Context: sleeps.
 * Return: 0, or -ENOMEM, and then it is still to be freed.
 */
int dmx_noncontiguous_vmap(struct dmx_noncontiguous *n)
{
	n->cpu_addr = dma_vmap_noncontiguous(n->dev, dmx_noncontiguous_size(n),
					     n->sgt);
	return n->cpu_addr ? 0 : -ENOMEM;
}

/**
 * dmx_noncontiguous_addr() - where the device finds an allocation
 * @n: an allocation
 * @len: how many bytes are there in a row
 *
 * Return: the DMA address of the first byte.
 */
dma_addr_t dmx_noncontiguous_addr(const struct dmx_noncontiguous *n,
				  size_t *len)
{
	size_t size = dmx_noncontiguous_size(n);

	*len = min_t(size_t, sg_dma_len(n->sgt->sgl), size);
	return sg_dma_address(n->sgt->sgl);
}

/**
 * dmx_noncontiguous_segments() - in how many pieces an allocation lies
 * @n: an allocation
 *
 * Return: the number of entries for the CPU.
 */
unsigned int dmx_noncontiguous_segments(const struct dmx_noncontiguous *n)
{
	return n->sgt->orig_nents;
}

/**
 * dmx_noncontiguous_for_cpu() - the CPU gets an allocation from the device
 * @n: an allocation after dmx_noncontiguous_vmap()
 *
 * There is no call for a part of it.
 */
void dmx_noncontiguous_for_cpu(const struct dmx_noncontiguous *n)
{
	dma_sync_sgtable_for_cpu(n->dev, n->sgt,
				 (enum dma_data_direction)n->dir);
	invalidate_kernel_vmap_range(n->cpu_addr, dmx_noncontiguous_size(n));
}

/**
 * dmx_noncontiguous_for_device() - the device gets an allocation from the CPU
 * @n: an allocation after dmx_noncontiguous_vmap()
 *
 * There is no call for a part of it.
 */
void dmx_noncontiguous_for_device(const struct dmx_noncontiguous *n)
{
	flush_kernel_vmap_range(n->cpu_addr, dmx_noncontiguous_size(n));
	dma_sync_sgtable_for_device(n->dev, n->sgt,
				    (enum dma_data_direction)n->dir);
}

/**
 * dmx_noncontiguous_mmap() - map an allocation to user space, whole or in part
 * @n: an allocation, which must outlive the pages in @vma
 * @vma: where; its offset is that in the allocation, in pages
 *
 * Nobody syncs for who reads it there.
 *
 * Context: sleeps; for ->mmap(), with its mmap_lock.
 * Return: 0; -ENXIO where @vma reaches beyond the last page; or another error
 * of mm.
 */
int dmx_noncontiguous_mmap(const struct dmx_noncontiguous *n,
			   struct vm_area_struct *vma)
{
	return dma_mmap_noncontiguous(n->dev, vma, dmx_noncontiguous_size(n),
				      n->sgt);
}

/**
 * dmx_noncontiguous_free() - free an allocation
 * @n: an allocation, whether dmx_noncontiguous_vmap() failed or not; the device
 *	no longer uses it
 *
 * Context: process context, interrupts on; may sleep.
 */
void dmx_noncontiguous_free(struct dmx_noncontiguous *n)
{
	if (n->cpu_addr)
		dma_vunmap_noncontiguous(n->dev, n->cpu_addr);
	dma_free_noncontiguous(n->dev, dmx_noncontiguous_size(n), n->sgt,
			       (enum dma_data_direction)n->dir);
	put_device(n->dev);
	memset(n, 0, sizeof(*n));
}
