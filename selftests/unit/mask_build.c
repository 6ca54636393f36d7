// SPDX-License-Identifier: GPL-2.0
#include "dma/mask.h"

u64 mask_of_the_build(void);

u64 mask_of_the_build(void)
{
	return DMX_MASK(BITS);
}
