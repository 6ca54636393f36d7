/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DIRECTION_H
#define _DMX_DIRECTION_H

#include <linux/build_bug.h>
#include <linux/dma-direction.h>
#include <linux/errno.h>
#include <linux/types.h>

/**
 * enum dmx_direction - direction of a transfer, equal to dma_data_direction
 * @DMX_BIDIRECTIONAL: the device reads and writes the memory
 * @DMX_TO_DEVICE: the device reads the memory
 * @DMX_FROM_DEVICE: the device writes the memory
 * @DMX_NONE: no transfer; refused for a mapping
 */
enum dmx_direction {
	DMX_BIDIRECTIONAL,
	DMX_TO_DEVICE,
	DMX_FROM_DEVICE,
	DMX_NONE,
};

static_assert((int)DMX_BIDIRECTIONAL == (int)DMA_BIDIRECTIONAL);
static_assert((int)DMX_TO_DEVICE == (int)DMA_TO_DEVICE);
static_assert((int)DMX_FROM_DEVICE == (int)DMA_FROM_DEVICE);
static_assert((int)DMX_NONE == (int)DMA_NONE);

/**
 * dmx_direction_check() - whether a mapping may have a direction
 * @dir: any number
 *
 * Return: 0, or -EINVAL for DMX_NONE and for what is no direction.
 */
static inline int dmx_direction_check(u32 dir)
{
	return dir < DMX_NONE ? 0 : -EINVAL;
}

#endif
