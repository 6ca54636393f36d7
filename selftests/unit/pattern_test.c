// SPDX-License-Identifier: GPL-2.0
/*
 * Patterns, at every offset and length around a word, in memory that is
 * allocated to the byte, so that the sanitizer sees one byte too many.
 */
#include <errno.h>
#include <string.h>
#include <linux/dmaexer.h>

#include "pattern.h"

#include "unit.h"

#define MOST	41

/* Read off the words of the spec, a byte at a time. */
static u8 byte_at(u32 kind, u64 arg, u64 offset)
{
	u64 i = offset / 8, word = 0, z;

	switch (kind) {
	case DMAEXER_PATTERN_BYTE:
		return arg;
	case DMAEXER_PATTERN_COUNTER:
		word = arg + i;
		break;
	case DMAEXER_PATTERN_ADDRESS:
		word = arg + 8 * i;
		break;
	case DMAEXER_PATTERN_WALKING_ONES:
		word = 1ULL << ((arg + i) % 64);
		break;
	case DMAEXER_PATTERN_RANDOM:
		z = arg + (i + 1) * 0x9e3779b97f4a7c15;
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
		z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
		word = z ^ (z >> 31);
		break;
	}
	return word >> (8 * (offset % 8));
}

static const u64 args[] = { 0, 1, 0x5a, 63, 255, 1ULL << 63, UINT64_MAX };
static const u64 bases[] = { 0, 8, 4090, (1ULL << 32) - 3, UINT64_MAX - 100 };

/* Calls a function for every pattern, argument, offset and length. */
static void for_each_case(void (*fn)(const struct dmx_pattern *p, u64 offset,
				     size_t len))
{
	struct dmx_pattern p;
	size_t a, b, len;
	u64 shift;

	for (p.kind = 0; p.kind <= DMAEXER_PATTERN_MAX; p.kind++) {
		for (a = 0; a < sizeof(args) / sizeof(args[0]); a++) {
			p.arg = args[a];
			if (dmx_pattern_check(&p))
				continue;
			for (b = 0; b < sizeof(bases) / sizeof(bases[0]); b++)
				for (shift = 0; shift < 9; shift++)
					for (len = 0; len < MOST; len++)
						fn(&p, bases[b] + shift, len);
		}
	}
}

static void fill_case(const struct dmx_pattern *p, u64 offset, size_t len)
{
	u8 *mem = calloc(1, len ?: 1);
	size_t i;

	dmx_pattern_fill(p, offset, mem, len);
	for (i = 0; i < len; i++)
		check(mem[i] == byte_at(p->kind, p->arg, offset + i));
	free(mem);
}

static void fill_writes_every_byte_and_none_more(void)
{
	for_each_case(fill_case);
}

static void compare_case(const struct dmx_pattern *p, u64 offset, size_t len)
{
	struct dmx_diff diff = {};
	u8 *mem = calloc(1, len ?: 1);
	size_t i, at = len / 2;

	for (i = 0; i < len; i++)
		mem[i] = byte_at(p->kind, p->arg, offset + i);
	dmx_pattern_compare(p, offset, mem, len, &diff);
	check(diff.mismatches == 0);
	if (len) {
		mem[at] ^= 0x80;
		mem[len - 1] ^= 1;
		memset(&diff, 0, sizeof(diff));
		dmx_pattern_compare(p, offset, mem, len, &diff);
		check(diff.mismatches == (at == len - 1 ? 1 : 2));
		check(diff.first == offset + at);
		check(diff.actual == mem[at]);
		check(diff.expected == byte_at(p->kind, p->arg, offset + at));
	}
	free(mem);
}

static void compare_finds_each_wrong_byte(void)
{
	for_each_case(compare_case);
}

static void compare_adds_up_over_pieces(void)
{
	struct dmx_pattern p = { DMAEXER_PATTERN_RANDOM, 3 };
	struct dmx_diff diff = {};
	u8 mem[64];

	dmx_pattern_fill(&p, 0, mem, sizeof(mem));
	mem[13] ^= 1;
	mem[50] ^= 1;
	dmx_pattern_compare(&p, 0, mem, 31, &diff);
	dmx_pattern_compare(&p, 31, mem + 31, 33, &diff);
	check(diff.mismatches == 2);
	check(diff.first == 13);
}

static void a_byte_above_255_and_an_unknown_pattern_are_refused(void)
{
	struct dmx_pattern p = { DMAEXER_PATTERN_BYTE, 255 };

	check(!dmx_pattern_check(&p));
	p.arg = 256;
	check(dmx_pattern_check(&p) == -EINVAL);
	p.arg = UINT64_MAX;
	check(dmx_pattern_check(&p) == -EINVAL);
	p.kind = DMAEXER_PATTERN_COUNTER;
	check(!dmx_pattern_check(&p));
	p.kind = DMAEXER_PATTERN_MAX + 1;
	check(dmx_pattern_check(&p) == -EINVAL);
}

int main(void)
{
	run(fill_writes_every_byte_and_none_more);
	run(compare_finds_each_wrong_byte);
	run(compare_adds_up_over_pieces);
	run(a_byte_above_255_and_an_unknown_pattern_are_refused);
	return 0;
}
