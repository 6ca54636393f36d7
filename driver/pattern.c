// SPDX-License-Identifier: GPL-2.0
/* Fill and compare memory with patterns. Pure: also built for user space. */

#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

#include "pattern.h"

/*
 * Output @index of the generator that Steele, Lea and Flood named SplitMix64
 * ("Fast Splittable Pseudorandom Number Generators", 2014): any word of the
 * sequence is known without those before it.
 */
static u64 splitmix64(u64 seed, u64 index)
{
	u64 z = seed + (index + 1) * 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static u64 pattern_word(const struct dmx_pattern *p, u64 index)
{
	switch (p->kind) {
	case DMAEXER_PATTERN_BYTE:
		return p->arg * 0x0101010101010101ULL;
	case DMAEXER_PATTERN_COUNTER:
		return p->arg + index;
	case DMAEXER_PATTERN_ADDRESS:
		return p->arg + 8 * index;
	case DMAEXER_PATTERN_WALKING_ONES:
		return 1ULL << ((p->arg + index) & 63);
	case DMAEXER_PATTERN_RANDOM:
		return splitmix64(p->arg, index);
	default:
		return 0;
	}
}

/* The pattern from @offset to the end of the word, at most @len bytes. */
static size_t pattern_bytes(const struct dmx_pattern *p, u64 offset,
			    size_t len, u8 *bytes)
{
	__le64 word = __cpu_to_le64(pattern_word(p, offset / 8));
	size_t skip = offset % 8;
	size_t n = 8 - skip;

	if (n > len)
		n = len;
	memcpy(bytes, (u8 *)&word + skip, n);
	return n;
}

/**
 * dmx_pattern_check() - whether a pattern is one
 * @p: a pattern
 *
 * Return: 0, or -EINVAL for an unknown kind or a byte above 255.
 */
int dmx_pattern_check(const struct dmx_pattern *p)
{
	if (p->kind > DMAEXER_PATTERN_MAX)
		return -EINVAL;
	if (p->kind == DMAEXER_PATTERN_BYTE && p->arg > 0xff)
		return -EINVAL;
	return 0;
}

/**
 * dmx_pattern_fill() - write a part of a pattern
 * @p: a valid pattern
 * @offset: offset of the part in the buffer, in bytes
 * @mem: where the part goes
 * @len: bytes of the part
 */
void dmx_pattern_fill(const struct dmx_pattern *p, u64 offset, void *mem,
		      size_t len)
{
	u8 bytes[8];
	u8 *to = mem;
	size_t n;

	while (len) {
		n = pattern_bytes(p, offset, len, bytes);
		memcpy(to, bytes, n);
		to += n;
		offset += n;
		len -= n;
	}
}

static void count_mismatches(u64 offset, const u8 *expected, const u8 *actual,
			     size_t n, struct dmx_diff *diff)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (expected[i] == actual[i])
			continue;
		if (!diff->mismatches++) {
			diff->first = offset + i;
			diff->expected = expected[i];
			diff->actual = actual[i];
		}
	}
}

/**
 * dmx_pattern_compare() - compare memory with a part of a pattern
 * @p: a valid pattern
 * @offset: offset of the part in the buffer, in bytes
 * @mem: the memory
 * @len: bytes of the part
 * @diff: what was found before, and here in addition
 */
void dmx_pattern_compare(const struct dmx_pattern *p, u64 offset,
			 const void *mem, size_t len, struct dmx_diff *diff)
{
	const u8 *actual = mem;
	u8 bytes[8];
	size_t n;

	while (len) {
		n = pattern_bytes(p, offset, len, bytes);
		if (memcmp(bytes, actual, n))
			count_mismatches(offset, bytes, actual, n, diff);
		actual += n;
		offset += n;
		len -= n;
	}
}
