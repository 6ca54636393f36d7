/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_MASK_H
#define _DMX_MASK_H

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/types.h>

/* widest DMA mask, in bits */
#define DMX_MASK_BITS_MAX	64

/**
 * dmx_mask() - mask of the lowest @n bits, for a constant @n
 * @n: width in bits, 0 to 64; above, the build fails
 *
 * Return: the mask.
 */
static __always_inline u64 dmx_mask(const u32 n)
{
	BUILD_BUG_ON(n > DMX_MASK_BITS_MAX);
	return n ? ~0ULL >> (64 - n) : 0;
}

/* the same in the spelling of DMA_BIT_MASK() */
#define DMX_MASK(n)		dmx_mask(n)

/**
 * dmx_mask_try() - mask of the lowest @n bits
 * @n: width in bits, 0 to 64
 * @mask: where the mask goes; left alone on error
 *
 * Return: 0, or -EINVAL above 64.
 */
static inline int dmx_mask_try(u32 n, u64 *mask)
{
	if (n > DMX_MASK_BITS_MAX)
		return -EINVAL;

	*mask = n ? ~0ULL >> (64 - n) : 0;
	return 0;
}

#endif
