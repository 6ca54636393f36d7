// SPDX-License-Identifier: GPL-2.0
/* Masks, attributes and directions: the values of the kernel, and no others. */
#include <errno.h>

#include "dma/attrs.h"
#include "dma/direction.h"
#include "dma/mask.h"

#include "unit.h"

static void masks_have_the_lowest_n_bits(void)
{
	u64 mask, expected = 0;
	u32 n;

	for (n = 0; n <= 64; n++) {
		check(!dmx_mask_try(n, &mask));
		check(mask == expected);
		expected = expected * 2 + 1;
	}
	check(DMX_MASK(0) == 0);
	check(DMX_MASK(1) == 1);
	check(DMX_MASK(32) == 0xffffffff);
	check(DMX_MASK(64) == UINT64_MAX);
}

static void masks_above_64_bits_are_einval_and_write_nothing(void)
{
	static const u32 bad[] = { 65, 66, 96, 100, 128, 1U << 31, UINT32_MAX };
	u64 mask = 0x1234;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		check(dmx_mask_try(bad[i], &mask) == -EINVAL);
		check(mask == 0x1234);
	}
}

static void attributes_contain_their_subsets(void)
{
	u32 attrs, flags;

	for (attrs = 0; attrs < 2048; attrs += 2)
		for (flags = 0; flags < 64; flags++)
			check(dmx_attrs_contain(attrs, flags) ==
			      !(flags & ~attrs));
	check(dmx_attrs_contain(0, 0));
	check(!dmx_attrs_contain(0, DMA_ATTR_NO_WARN));
}

static void attributes_that_are_no_dma_attr_are_unknown(void)
{
	u32 bit;

	for (bit = 0; bit < 32; bit++)
		check(!!dmx_attrs_unknown(1U << bit) ==
		      (bit == 0 || bit == 3 || bit > 10));
	check(dmx_attrs_unknown(UINT32_MAX) == 0xfffff809);
	check(dmx_attrs_unknown(0) == 0);
}

static void none_is_no_direction_for_a_mapping(void)
{
	check(!dmx_direction_check(DMX_BIDIRECTIONAL));
	check(!dmx_direction_check(DMX_TO_DEVICE));
	check(!dmx_direction_check(DMX_FROM_DEVICE));
	check(dmx_direction_check(DMX_NONE) == -EINVAL);
	check(dmx_direction_check(4) == -EINVAL);
	check(dmx_direction_check(UINT32_MAX) == -EINVAL);
}

int main(void)
{
	run(masks_have_the_lowest_n_bits);
	run(masks_above_64_bits_are_einval_and_write_nothing);
	run(attributes_contain_their_subsets);
	run(attributes_that_are_no_dma_attr_are_unknown);
	run(none_is_no_direction_for_a_mapping);
	return 0;
}
