// SPDX-License-Identifier: GPL-2.0
/*
 * Coherent memory that the kernel frees when the driver has let go of the
 * device, unless it was freed before.
 */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "attrs.h"
#include "managed.h"

/* The only early free there is, dmam_free_coherent(), takes no attributes. */
#define NEEDED_TO_FREE	(DMA_ATTR_NO_KERNEL_MAPPING | \
			 DMA_ATTR_FORCE_CONTIGUOUS)

/**
 * dmx_managed_zeroed() - allocate zeroed memory
 * @m: where the allocation goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an element
 * @count: number of elements
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*, without DMA_ATTR_NO_KERNEL_MAPPING and
 *	DMA_ATTR_FORCE_CONTIGUOUS, which a platform wants to know when it
 *	frees
 *
 * Context: sleeps where @gfp allows it; the caller keeps masks of @dev from
 * changing.
 * Return: as dmx_coherent_zeroed().
 */
int dmx_managed_zeroed(struct dmx_managed *m, struct device *dev,
		       u64 elem_size, u64 count, gfp_t gfp, u32 attrs)
{
	struct dmx_coherent *c = &m->inner;
	size_t size;
	int err;

	err = dmx_size_check(elem_size, count, &size);
	if (err)
		return err;
	if (dmx_attrs_unknown(attrs) || attrs & NEEDED_TO_FREE)
		return -EINVAL;

	c->cpu_addr = dmam_alloc_attrs(dev, size, &c->dma_addr,
				       gfp | __GFP_ZERO, attrs);
	if (!c->cpu_addr)
		return -ENOMEM;

	dmx_coherent_take(c, dev, elem_size, count, attrs);
	return 0;
}

/**
 * dmx_managed_free() - free an allocation before its device goes
 * @m: an allocation; the device no longer uses it
 *
 * Context: process context, interrupts on; may sleep.
 */
void dmx_managed_free(struct dmx_managed *m)
{
	struct dmx_coherent *c = &m->inner;

	dmam_free_coherent(c->dev, dmx_coherent_size(c), c->cpu_addr,
			   c->dma_addr);
	put_device(c->dev);
	memset(m, 0, sizeof(*m));
}

/**
 * dmx_managed_leave() - leave an allocation to the kernel
 * @m: an allocation; nobody uses it any more
 *
 * For a driver that is letting go of the device, and will not come back to it.
 */
void dmx_managed_leave(struct dmx_managed *m)
{
	put_device(m->inner.dev);
	memset(m, 0, sizeof(*m));
}
