// SPDX-License-Identifier: GPL-2.0
#include "parse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <linux/dmaexer.h>

#include "names.h"
#include "tap.h"

static void number_tests(void)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0", 0 }, { "7", 7 }, { "007", 7 }, { "0x0", 0 },
		{ "0xfF", 255 }, { "0X10", 16 },
		{ "18446744073709551615", UINT64_MAX },
		{ "0xffffffffffffffff", UINT64_MAX },
		{ "000000000000000000000000000001", 1 },
	};
	static const char *const bad[] = {
		"", " ", "-1", "+1", " 1", "1 ", "0x", "x", "1x", "0xg", "4k",
		"18446744073709551616", "0x10000000000000000", "1e3", "1.5",
		"99999999999999999999999999999999", "0b1", "1\n", "\xff",
	};
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(!parse_number(good[i].text, &value) &&
		   value == good[i].value, "number \"%s\" is %" PRIu64,
		   good[i].text, good[i].value);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_number(bad[i], &value), "number %zu of the bad is refused",
		   i);
}

static void size_tests(void)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{ "0", 0 }, { "1", 1 }, { "4k", 4096 }, { "4K", 4096 },
		{ "1M", 1 << 20 }, { "2G", 2ULL << 30 }, { "0x10k", 16384 },
		{ "0G", 0 }, { "17179869183G", 17179869183ULL << 30 },
		{ "18446744073709551615", UINT64_MAX },
	};
	static const char *const bad[] = {
		"", "k", "4kk", "4kx", "4 k", "-4k", "4m", "4g", "4T", "4kB",
		"17179869184G", "18014398509481984k", "0x", "4.5k", "G",
		"18446744073709551616", "18446744073709551615k",
	};
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(!parse_size(good[i].text, &value) &&
		   value == good[i].value, "size \"%s\" is %" PRIu64,
		   good[i].text, good[i].value);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_size(bad[i], &value), "size \"%s\" is refused",
		   bad[i]);
}

static void word_tests(void)
{
	uint64_t value;

	ok(!parse_word("handle", &kind_words, &value) && value == 2,
	   "handle is kind 2");
	ok(parse_word("handl", &kind_words, &value), "a prefix is no word");
	ok(parse_word("handles", &kind_words, &value), "a longer one is none");
	ok(parse_word("", &kind_words, &value), "nothing is no word");
	ok(!strcmp(words_name(&kind_words, 0), "box"), "kind 0 is box");
	ok(!words_name(&kind_words, DMAEXER_KIND_MAX + 1),
	   "a kind above the last one has no name");
}

static void path_tests(void)
{
	static const char *const bad[] = {
		"", "/", "pci", "pci/", "/x", "pc/x", "pcie/x", "Pci/x",
		"pci/a/b", "pci//", "pci/.", "pci/..", "pci/../x", "usb/1-1",
	};
	const char *name = NULL;
	uint64_t bus;

	ok(!parse_path("dma/any", &bus_words, &bus, &name) && bus == BUS_DMA &&
	   !strcmp(name, "any"), "dma/any is any of bus dma");
	ok(!parse_path("pci/0000:01:00.0", &bus_words, &bus, &name) &&
	   bus == BUS_PCI && !strcmp(name, "0000:01:00.0"),
	   "a PCI address follows pci/");
	ok(!parse_path("platform/...", &bus_words, &bus, &name) &&
	   bus == BUS_PLATFORM && !strcmp(name, "..."),
	   "three dots are a name");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_path(bad[i], &bus_words, &bus, &name),
		   "path \"%s\" is refused", bad[i]);
}

static void flags_tests(void)
{
	static const char *const bad[] = {
		"", ",", "no-warn,", ",no-warn", "no-warn,,mmio", "nowarn",
		"no-warn mmio", "0x", "0xg", "-1", "none,no-warn",
		"no-warn,18446744073709551616", "non-consistent",
		"0x000000000000000000000000000000000000000000000001",
	};
	uint64_t value;

	ok(!parse_flags("none", &attr_words, &value) && value == 0,
	   "none is no attribute");
	ok(!parse_flags("no-warn", &attr_words, &value) && value == 256,
	   "no-warn is 256");
	ok(!parse_flags("no-warn,no-kernel-mapping,no-warn", &attr_words,
			&value) && value == 272, "names are joined");
	ok(!parse_flags("0x800,no-warn,1", &attr_words, &value) &&
	   value == 0x901, "numbers stand among names");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_flags(bad[i], &attr_words, &value),
		   "attributes \"%s\" are refused", bad[i]);
}

static void pattern_tests(void)
{
	static const char *const bad[] = {
		"", ":", "byt", "byte:", "byte:x", "byte:-1", ":1", "byte:1:2",
		"byte :1", "random:18446744073709551616",
	};
	uint64_t value;
	uint64_t arg;
	int has;

	ok(!parse_pattern("random:0x10", &pattern_words, &value, &arg, &has) &&
	   value == 5 && arg == 16 && has, "random:0x10 has argument 16");
	ok(!parse_pattern("zero", &pattern_words, &value, &arg, &has) &&
	   value == 0 && !has, "zero has none");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_pattern(bad[i], &pattern_words, &value, &arg, &has),
		   "pattern \"%s\" is refused", bad[i]);
}

static void place_tests(void)
{
	static const struct {
		const char *text;
		uint64_t id;
		uint64_t offset;
		int has;
	} good[] = {
		{ "7", 7, 0, 0 }, { "7+0", 7, 0, 1 }, { "0x10+4k", 16, 4096, 1 },
		{ "0+0x10", 0, 16, 1 }, { "1+1G", 1, 1 << 30, 1 },
		{ "1+18446744073709551615", 1, UINT64_MAX, 1 },
	};
	static const char *const bad[] = {
		"", "+", "+1", "1+", "1++1", "1+1+1", "1-1", "1 +1", "1+ 1",
		"1+4kx", "1+k", "1+-1", "4k+1", "0x+1", "x+1", "1:1",
		"18446744073709551616+1", "1+18446744073709551616",
	};
	uint64_t id;
	uint64_t offset;
	int has;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(!parse_place(good[i].text, &id, &offset, &has) &&
		   id == good[i].id && offset == good[i].offset &&
		   has == good[i].has, "place \"%s\" is taken", good[i].text);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_place(bad[i], &id, &offset, &has),
		   "place \"%s\" is refused", bad[i]);
}

static void hex_tests(void)
{
	static const char *const bad[] = {
		"", "0", "000", "0x00", "gg", "0 ", "00 11", "a", "+1", "é",
	};
	struct bytes bytes = { 0 };

	ok(!parse_hex("00fFa5", &bytes) && bytes.size == 3 &&
	   !memcmp(bytes.data, "\x00\xff\xa5", 3), "00fFa5 is three bytes");
	free(bytes.data);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(parse_hex(bad[i], &bytes), "digits \"%s\" are refused",
		   bad[i]);
}

/* Whatever the bytes, parsers end and leave nothing behind. */
static void mutation_tests(void)
{
	static const char seed[] = "0x12fGkM,no-warn,random:77,0011aabb";
	char text[sizeof(seed)];
	struct bytes bytes;
	uint64_t value;
	uint64_t arg;
	int has;

	srandom(1);
	for (int i = 0; i < 20000; i++) {
		size_t start = (size_t)random() % (sizeof(text) - 1);

		memcpy(text, seed, sizeof(text));
		for (int k = 0; k < 3; k++)
			text[(size_t)random() % (sizeof(text) - 1)] =
				(char)random();
		bytes.data = NULL;
		parse_number(text + start, &value);
		parse_size(text + start, &value);
		parse_flags(text + start, &attr_words, &value);
		parse_pattern(text + start, &pattern_words, &value, &arg,
			      &has);
		parse_place(text + start, &value, &arg, &has);
		parse_hex(text + start, &bytes);
		free(bytes.data);
	}
	ok(true, "20000 mutated words are parsed or refused");
}

int main(void)
{
	number_tests();
	size_tests();
	word_tests();
	path_tests();
	flags_tests();
	pattern_tests();
	place_tests();
	hex_tests();
	mutation_tests();
	return tap_end();
}
