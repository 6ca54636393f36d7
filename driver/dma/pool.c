// SPDX-License-Identifier: GPL-2.0
/* Many small objects of coherent memory, each with an address of its own. */

#include <linux/device.h>
#include <linux/dmapool.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "coherent.h"
#include "pool.h"

/**
 * dmx_dma_pool_create() - make a pool for objects, without any yet
 * @p: where it goes
 * @dev: device to allocate for, bound
 * @elem_size: bytes of an object
 * @count: number of objects that there are to be
 * @align: what the address of each is a multiple of, a power of two
 * @boundary: no object crosses a multiple of it, a power of two; 0 for none
 *
 * Context: sleeps.
 * Return: 0, and then dmx_dma_pool_more() follows; -EINVAL for a size of 0, or
 * what is no power of two, or a boundary below the size; -ENOMEM where the size
 * overflows, memory is short, or the kernel makes no pool of such objects.
 */
int dmx_dma_pool_create(struct dmx_dma_pool *p, struct device *dev,
			u64 elem_size, u64 count, size_t align,
			size_t boundary)
{
	size_t size;
	int err;

	err = dmx_size_check(elem_size, count, &size);
	if (err)
		return err;
	if (!is_power_of_2(align))
		return -EINVAL;
	if (boundary && (!is_power_of_2(boundary) || boundary < elem_size))
		return -EINVAL;

	memset(p, 0, sizeof(*p));
	p->elem_size = elem_size;
	p->count = count;
	p->cpu_addrs = kvmalloc_array(count, sizeof(*p->cpu_addrs),
				      GFP_KERNEL_ACCOUNT);
	p->dma_addrs = kvmalloc_array(count, sizeof(*p->dma_addrs),
				      GFP_KERNEL_ACCOUNT);
	if (!p->cpu_addrs || !p->dma_addrs)
		goto free;

	p->pool = dma_pool_create("dmaexer", dev, elem_size, align, boundary);
	if (!p->pool)
		goto free;
	p->dev = get_device(dev);
	return 0;

free:
	kvfree(p->dma_addrs);
	kvfree(p->cpu_addrs);
	return -ENOMEM;
}

/**
 * dmx_dma_pool_more() - allocate the next object, zeroed
 * @p: a pool that lacks some
 * @gfp: how to allocate
 *
 * Context: sleeps where @gfp allows it; the caller keeps masks of the device
 * from changing.
 * Return: 0 where all are there; 1 where more are to come; -ENOMEM where the
 * platform refuses; -EINTR where a fatal signal came.
 */
int dmx_dma_pool_more(struct dmx_dma_pool *p, gfp_t gfp)
{
	void *object;

	if (fatal_signal_pending(current))
		return -EINTR;
	object = dma_pool_zalloc(p->pool, gfp, &p->dma_addrs[p->filled]);
	if (!object)
		return -ENOMEM;

	p->cpu_addrs[p->filled++] = object;
	if (gfpflags_allow_blocking(gfp))
		cond_resched();
	return p->filled < p->count;
}

/**
 * dmx_dma_pool_destroy() - free the objects, and the pool
 * @p: a pool, with all of its objects or not; the device no longer uses them
 *
 * Context: process context, interrupts on; sleeps.
 */
void dmx_dma_pool_destroy(struct dmx_dma_pool *p)
{
	while (p->filled--) {
		dma_pool_free(p->pool, p->cpu_addrs[p->filled],
			      p->dma_addrs[p->filled]);
		cond_resched();
	}
	dma_pool_destroy(p->pool);
	put_device(p->dev);
	kvfree(p->dma_addrs);
	kvfree(p->cpu_addrs);
	memset(p, 0, sizeof(*p));
}
