/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_MASK_H
#define _DMX_MASK_H

#include <linux/errno.h>
#include <linux/types.h>

/* widest DMA mask, in bits */
#define DMX_MASK_BITS_MAX	64

/**
 * DMX_MASK() - mask of the lowest @n bits, for a constant @n
 * @n: width in bits, 0 to 64; above, the build fails
 *
 * Return: the mask, a u64.
 */
#define DMX_MASK(n)							\
	((n) ? ~0ULL >> (64 - (n) +					\
	 0 * sizeof(char[(n) > DMX_MASK_BITS_MAX ? -1 : 1])) : 0ULL)

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
