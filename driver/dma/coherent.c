// SPDX-License-Identifier: GPL-2.0
/* Coherent DMA memory shared between CPU and device. */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "attrs.h"
#include "coherent.h"

/**
 * dmx_size_check() - size of @count elements of @elem_size bytes
 * @elem_size: bytes of an element
 * @count: number of elements
 * @size: where the product goes; left alone on error
 *
 * Return: 0, -EINVAL where either is 0, -ENOMEM where the product, rounded up
 * to pages, does not fit size_t.
 */
int dmx_size_check(u64 elem_size, u64 count, size_t *size)
{
	u64 product;

	if (!elem_size || !count)
		return -EINVAL;
	/* the DMA API rounds up to pages */
	if (check_mul_overflow(elem_size, count, &product) ||
	    product > SIZE_MAX - (PAGE_SIZE - 1))
		return -ENOMEM;

	*size = product;
	return 0;
}

/*
 * Zero what is left of the last page: a mapping shows whole pages. Not every
 * platform zeroes more than it is asked for: what follows in a pool of the
 * device's own is what was there before.
 */
static void zero_tail(const struct dmx_coherent *c)
{
	size_t size = dmx_coherent_size(c);

	if (dma_can_mmap(c->dev))
		memset(c->cpu_addr + size, 0, PAGE_ALIGN(size) - size);
}

/**
 * dmx_coherent_take() - complete what was just allocated
 * @c: an allocation with its two addresses
 * @dev: device that it was allocated for
 * @elem_size: bytes of an element
 * @count: number of elements
 * @attrs: DMA_ATTR_*
 */
void dmx_coherent_take(struct dmx_coherent *c, struct device *dev,
		       u64 elem_size, u64 count, u32 attrs)
{
	c->dev = get_device(dev);
	c->elem_size = elem_size;
	c->count = count;
	c->attrs = attrs;
	zero_tail(c);
}

static int coherent_alloc(struct dmx_coherent *c, struct device *dev,
			  u64 elem_size, u64 count, gfp_t gfp, u32 attrs)
{
	size_t size;
	int err;

	err = dmx_size_check(elem_size, count, &size);
	if (err)
		return err;

	/*
	 * Without a kernel mapping the return value of the DMA API is not an
	 * address, and everything here would use it as one.
	 */
	if (dmx_attrs_unknown(attrs) ||
	    dmx_attrs_contain(attrs, DMA_ATTR_NO_KERNEL_MAPPING))
		return -EINVAL;

	c->cpu_addr = dma_alloc_attrs(dev, size, &c->dma_addr, gfp, attrs);
	if (!c->cpu_addr)
		return -ENOMEM;

	dmx_coherent_take(c, dev, elem_size, count, attrs);
	return 0;
}

/**
 * dmx_coherent_zeroed() - allocate zeroed memory
 * @c: where the allocation goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*, without DMA_ATTR_NO_KERNEL_MAPPING
 *
 * Context: sleeps where @gfp allows it; the caller keeps masks of @dev from
 * changing.
 * Return: 0; -EINVAL for a size of 0 or wrong attributes; -ENOMEM where the
 * size overflows or the platform refuses.
 */
int dmx_coherent_zeroed(struct dmx_coherent *c, struct device *dev,
			u64 elem_size, u64 count, gfp_t gfp, u32 attrs)
{
	return coherent_alloc(c, dev, elem_size, count, gfp | __GFP_ZERO,
			      attrs);
}

/**
 * dmx_coherent_init() - allocate memory and initialise it
 * @c: where the allocation goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*, without DMA_ATTR_NO_KERNEL_MAPPING
 * @init: writes the contents; where it fails, the memory is freed
 *
 * Context: as dmx_coherent_zeroed().
 * Return: as dmx_coherent_zeroed(), or the error of @init.
 */
int dmx_coherent_init(struct dmx_coherent *c, struct device *dev,
		      u64 elem_size, u64 count, gfp_t gfp, u32 attrs,
		      const struct dmx_init *init)
{
	int err;

	err = coherent_alloc(c, dev, elem_size, count, gfp, attrs);
	if (err)
		return err;

	err = init->fn(c->cpu_addr, dmx_coherent_size(c), init->ctx);
	if (err)
		dmx_coherent_free(c);
	return err;
}

static int init_copy(void *mem, size_t size, void *ctx)
{
	memcpy(mem, ctx, size);
	return 0;
}

/**
 * dmx_coherent_from_slice() - allocate memory that holds a copy of @data
 * @c: where the allocation goes
 * @dev: device to allocate for, bound
 * @data: @elem_size times @count bytes
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*, without DMA_ATTR_NO_KERNEL_MAPPING
 *
 * Context: as dmx_coherent_zeroed().
 * Return: as dmx_coherent_zeroed().
 */
int dmx_coherent_from_slice(struct dmx_coherent *c, struct device *dev,
			    const void *data, u64 elem_size, u64 count,
			    gfp_t gfp, u32 attrs)
{
	const struct dmx_init init = { .fn = init_copy, .ctx = (void *)data };

	return dmx_coherent_init(c, dev, elem_size, count, gfp, attrs, &init);
}

/**
 * dmx_coherent_mmap() - map an allocation to user space, whole or in part
 * @c: an allocation, which must outlive the pages in @vma
 * @vma: where; its offset is that in the allocation, in pages
 *
 * Up to the end of the last page there are zeros, until somebody writes there.
 *
 * Context: sleeps; for ->mmap(), with its mmap_lock.
 * Return: 0; -EOPNOTSUPP where the platform maps no DMA memory; -ENXIO where
 * @vma reaches beyond the last page; or another error of the platform.
 */
int dmx_coherent_mmap(const struct dmx_coherent *c, struct vm_area_struct *vma)
{
	if (!dma_can_mmap(c->dev))
		return -EOPNOTSUPP;
	return dma_mmap_attrs(c->dev, vma, c->cpu_addr, c->dma_addr,
			      dmx_coherent_size(c), c->attrs);
}

/**
 * dmx_coherent_free() - free an allocation
 * @c: an allocation; the device no longer uses it
 *
 * Context: process context, interrupts on; may sleep.
 */
void dmx_coherent_free(struct dmx_coherent *c)
{
	dma_free_attrs(c->dev, dmx_coherent_size(c), c->cpu_addr, c->dma_addr,
		       c->attrs);
	put_device(c->dev);
	memset(c, 0, sizeof(*c));
}
