// SPDX-License-Identifier: GPL-2.0
/* DMA memory without a kernel mapping. */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "attrs.h"
#include "handle.h"

/**
 * dmx_handle_alloc() - allocate memory without a kernel mapping
 * @h: where the allocation goes
 * @dev: device to allocate for, bound
 * @size: bytes
 * @gfp: how to allocate
 * @attrs: DMA_ATTR_*; DMA_ATTR_NO_KERNEL_MAPPING is added
 *
 * The memory need not be zeroed.
 *
 * Context: sleeps where @gfp allows it; the caller keeps masks of @dev from
 * changing.
 * Return: 0, -EINVAL for a size of 0 or unknown attributes, -ENOMEM where the
 * platform refuses.
 */
int dmx_handle_alloc(struct dmx_handle *h, struct device *dev, size_t size,
		     gfp_t gfp, u32 attrs)
{
	if (!size || dmx_attrs_unknown(attrs))
		return -EINVAL;

	attrs |= DMA_ATTR_NO_KERNEL_MAPPING;
	h->cookie = dma_alloc_attrs(dev, size, &h->dma_addr, gfp, attrs);
	if (!h->cookie)
		return -ENOMEM;

	h->dev = get_device(dev);
	h->size = size;
	h->attrs = attrs;
	return 0;
}

/**
 * dmx_handle_free() - free an allocation
 * @h: an allocation; the device no longer uses it
 *
 * Context: process context, interrupts on; may sleep.
 */
void dmx_handle_free(struct dmx_handle *h)
{
	dma_free_attrs(h->dev, h->size, h->cookie, h->dma_addr, h->attrs);
	put_device(h->dev);
	memset(h, 0, sizeof(*h));
}
