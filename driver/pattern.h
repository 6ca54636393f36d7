/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_PATTERN_H
#define _DMX_PATTERN_H

#include <linux/types.h>

/**
 * struct dmx_pattern - contents as a function of the byte offset
 * @kind: enum dmaexer_pattern
 * @arg: argument, see there
 */
struct dmx_pattern {
	u32 kind;
	u64 arg;
};

/**
 * struct dmx_diff - what a comparison found
 * @mismatches: number of bytes that differ
 * @first: offset in the buffer of the first of them
 * @expected: what the pattern has there
 * @actual: what the memory has there
 */
struct dmx_diff {
	u64 mismatches;
	u64 first;
	u8 expected;
	u8 actual;
};

int dmx_pattern_check(const struct dmx_pattern *p);
void dmx_pattern_fill(const struct dmx_pattern *p, u64 offset, void *mem,
		      size_t len);
void dmx_pattern_compare(const struct dmx_pattern *p, u64 offset,
			 const void *mem, size_t len, struct dmx_diff *diff);

#endif
