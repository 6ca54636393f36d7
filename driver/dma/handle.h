/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_HANDLE_H
#define _DMX_HANDLE_H

#include <linux/gfp_types.h>
#include <linux/types.h>

struct device;

/**
 * struct dmx_handle - DMA memory without a kernel mapping
 * @dev: device it was allocated for; a reference is held
 * @cookie: opaque; only dma_free_attrs() takes it, nobody dereferences it
 * @dma_addr: first byte as the device sees it
 * @size: size in bytes, as allocated
 * @attrs: DMA_ATTR_* of the allocation, always with
 *	DMA_ATTR_NO_KERNEL_MAPPING
 */
struct dmx_handle {
	struct device *dev;
	void *cookie;
	dma_addr_t dma_addr;
	size_t size;
	u32 attrs;
};

int dmx_handle_alloc(struct dmx_handle *h, struct device *dev, size_t size,
		     gfp_t gfp, u32 attrs);
void dmx_handle_free(struct dmx_handle *h);

#endif
