/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_ATTRS_H
#define _DMX_ATTRS_H

#include <linux/bits.h>
#include <linux/dma-mapping.h>
#include <linux/types.h>

/* Younger than the oldest kernel served; its value is fixed. */
#ifndef DMA_ATTR_MMIO
#define DMA_ATTR_MMIO		BIT(10)
#endif

/* every DMA_ATTR_* of the DMA API */
#define DMX_ATTRS_ALL							\
	(DMA_ATTR_WEAK_ORDERING | DMA_ATTR_WRITE_COMBINE |		\
	 DMA_ATTR_NO_KERNEL_MAPPING | DMA_ATTR_SKIP_CPU_SYNC |		\
	 DMA_ATTR_FORCE_CONTIGUOUS | DMA_ATTR_ALLOC_SINGLE_PAGES |	\
	 DMA_ATTR_NO_WARN | DMA_ATTR_PRIVILEGED | DMA_ATTR_MMIO)

/**
 * dmx_attrs_contain() - whether all of @flags are in @attrs
 * @attrs: set of DMA_ATTR_*
 * @flags: set of DMA_ATTR_*
 *
 * Return: true where @flags is a subset of @attrs.
 */
static inline bool dmx_attrs_contain(u32 attrs, u32 flags)
{
	return (attrs & flags) == flags;
}

/**
 * dmx_attrs_unknown() - bits of @attrs that are no DMA attribute
 * @attrs: any set of bits
 *
 * Return: the unknown bits, 0 where all are known.
 */
static inline u32 dmx_attrs_unknown(u32 attrs)
{
	return attrs & ~(u32)DMX_ATTRS_ALL;
}

#endif
