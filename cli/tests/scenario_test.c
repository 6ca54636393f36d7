// SPDX-License-Identifier: GPL-2.0
#include "scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "vars.h"

static struct error error;

static bool parses(const char *text, size_t size)
{
	struct scenario scenario;
	int err = scenario_parse(&scenario, "dir/a.dmx", text, size, &error);

	scenario_free(&scenario);
	return !err;
}

static void good_lines(void)
{
	static const char *const good[] = {
		"dev list",
		"dev list # a comment",
		"  dev\tlist  \r",
		"dev = dev add",
		"dev = dev add\nbuf new $dev --size 4k",
		"b = dev add\nbuf new --count 1 --pattern byte:$b.id",
		"b = repeat 3 buf new --size 1\nrepeat 3 buf del $b",
		"b = repeat 3 buf new --size 1\nrepeat 2 buf del $b",
		"repeat 65 dev set 1 --mask $round",
		"fails ENOSPC buf new --size 1G\nexpect message ~ quota",
		"allows EIO dev set 1 --mask 3",
		"x = allows EIO dev set 1 --mask 3\nexpect id == $x.id",
		"differs buf check 1 zero",
		"repeat 2 fails ENOENT buf show 77",
		"buf new --size 1 --label 'a b # c'",
		"buf new --size 1 --label \"a 'b'\"",
		"dev list\nexpect rows >= 1\nexpect 0.id present",
		"dev list\nexpect rows within 0xff\nexpect x absent",
		"needs root\nneeds devices 2\nneeds nothing-known",
		"buf new --owned --size 1",
		"dev add --owned",
		"chan = dev bind dma/any\nbuf new $chan --size 1",
		"dev bind dma/any --owned\ndev unbind dma/any",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ok(parses(good[i], strlen(good[i])), "good %zu is parsed: %s",
		   i, error.text);
}

static void bad_lines(void)
{
	static const struct {
		const char *text;
		const char *why;
	} bad[] = {
		{ "", "a.dmx:0: there is no step" },
		{ "# only a title", "no step" },
		{ "frobnicate", ":1: \"frobnicate\" is not one of" },
		{ "dev frobnicate", "is not one of list" },
		{ "dev", "needs a verb" },
		{ "dev bind usb/1-1", "one of dma, pci, platform" },
		{ "\n\nbuf new --size 4kx", "a.dmx:3: buf new: --size" },
		{ "buf new --bogus 1", "no option --bogus" },
		{ "buf show", "ID is missing" },
		{ "buf show 1 2", "one word too many" },
		{ "buf new --size 1 --size 2", "given twice" },
		{ "run masks", "no step of a scenario" },
		{ "monitor", "no step of a scenario" },
		{ "buf del $x", "$x is not the name" },
		{ "buf del $", "a name follows $" },
		{ "buf del $round", "$round is not the name" },
		{ "1x = dev add", "not a name" },
		{ "a-b = dev add", "not a name" },
		{ "round = dev add", "round is the number" },
		{ "x = fails EIO dev add", "makes nothing" },
		{ "x =", "there is no verb" },
		{ "x = repeat 3 allows EIO dev add", "unknown number" },
		{ "fails EBOGUS dev add", "name of an errno" },
		{ "fails", "name of an errno" },
		{ "allows 5 dev add", "name of an errno" },
		{ "differs", "there is no verb" },
		{ "fails EIO", "there is no verb" },
		{ "repeat 0 dev add", "number of rounds" },
		{ "repeat 1000001 dev add", "number of rounds" },
		{ "repeat -1 dev add", "number of rounds" },
		{ "repeat dev add", "number of rounds" },
		{ "repeat 2 repeat 2 dev add", "is not one of" },
		{ "repeat 2", "there is no verb" },
		{ "b = repeat 3 buf new --size 1\nbuf del $b",
		  "use it in a line with repeat" },
		{ "b = repeat 3 buf new --size 1\nrepeat 4 buf del $b",
		  "fewer than the rounds" },
		{ "expect id == 1", "there is none" },
		{ "dev list\nexpect id", "expect needs a field" },
		{ "dev list\nexpect id = 1", "expect needs a field" },
		{ "dev list\nexpect id ==", "one value" },
		{ "dev list\nexpect id == 1 2", "one value" },
		{ "dev list\nexpect id absent 1", "nothing after it" },
		{ "dev list\nexpect id == $x", "$x is not the name" },
		{ "needs", "needs a feature" },
		{ "needs a b c", "needs a feature" },
		{ "buf new --label \"x", "quote is not closed" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(!parses(bad[i].text, strlen(bad[i].text)) &&
		   strstr(error.text, bad[i].why) && !error.number,
		   "bad %zu is refused: %s", i, error.text);
}

static void contents_tests(void)
{
	static const char text[] =
		"# SPDX-License-Identifier: GPL-2.0\n"
		"#   The title  \n"
		"# not the title\n"
		"b = repeat 5 buf new --size 1 # five\n"
		"fails ENOENT buf show 7";
	struct scenario scenario;
	int err = scenario_parse(&scenario, "dir/name.dmx", text,
				 strlen(text), &error);

	ok(!err && scenario.steps == 2, "there are two steps");
	ok(!strcmp(scenario.name, "name"), "the name is that of the file");
	ok(!strcmp(scenario.title, "The title"),
	   "the title is the first comment but a licence");
	ok(scenario.step[0].line == 4 && scenario.step[0].repeat == 5 &&
	   !strcmp(scenario.step[0].name, "b"), "name and rounds are kept");
	ok(scenario.step[1].end == END_FAILS &&
	   scenario.step[1].number == ENOENT, "the errno is kept");
	scenario_free(&scenario);
	ok(!parses("dev list\ndev \0list\n", 19) &&
	   strstr(error.text, ":2: there is a NUL"), "a NUL byte is refused");
}

static void long_lines(void)
{
	size_t size = 1 << 20;
	char *text = malloc(size + 1);

	if (!text)
		return;
	memset(text, 'a', size);
	text[size] = '\0';
	ok(!parses(text, size), "a line of a MiB is refused");
	memcpy(text, "buf new --size 1 --label ", 25);
	ok(parses(text, size), "a label of a MiB is left to the module");
	memset(text, '#', size);
	ok(!parses(text, size), "a comment of a MiB is no step");
	memset(text, ' ', size);
	memcpy(text + size - 8, "dev list", 8);
	ok(parses(text, size), "a MiB of blanks is passed over");
	free(text);
}

int main(void)
{
	good_lines();
	bad_lines();
	contents_tests();
	long_lines();
	return tap_end();
}
