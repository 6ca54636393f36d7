// SPDX-License-Identifier: GPL-2.0
/* Comparisons, names in words, values in text and in JSON. */
#include <errno.h>
#include <linux/dmaexer.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "expect.h"
#include "out.h"
#include "report.h"
#include "tap.h"
#include "vars.h"

static void expect_tests(void)
{
	static const struct {
		const char *actual;
		const char *op;
		const char *value;
		bool holds;
	} rows[] = {
		{ "4096", "==", "4k", true }, { "0x1000", "==", "4k", true },
		{ "0x1000", "!=", "4096", false },
		{ "box", "==", "box", true }, { "box", "!=", "boxes", true },
		{ "10", "<", "9", false }, { "9", "<", "10", true },
		{ "9", "<=", "9", true }, { "9", ">", "9", false },
		{ "9", ">=", "9", true }, { "-1", "<", "0", true },
		{ "-1", "==", "-1", true }, { "-2", "<", "-1", true },
		{ "-0", "==", "0", true },
		{ "0xffffffffffffffff", ">", "0xfffffffffffffffe", true },
		{ "0xfff000", "within", "0xffffff", true },
		{ "0x1000000", "within", "0xffffff", false },
		{ "0", "within", "0", true },
		{ "box", "<", "1", false }, { "box", "within", "1", false },
		{ "no-warn,mmio", "~", "mmio", true },
		{ "no-warn", "~", "mmio", false }, { "", "~", "", true },
		{ "x", "present", NULL, true }, { NULL, "present", NULL, false },
		{ NULL, "absent", NULL, true }, { "", "absent", NULL, false },
		{ NULL, "==", "1", false }, { NULL, "!=", "1", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ok(!expect_compare(rows[i].actual, expect_op(rows[i].op),
				   rows[i].value) == rows[i].holds,
		   "%s %s %s %s", rows[i].actual ? rows[i].actual : "nothing",
		   rows[i].op, rows[i].value ? rows[i].value : "",
		   rows[i].holds ? "holds" : "does not hold");
	ok(expect_op("=") == EXPECT_NONE, "= is no comparison");
}

static void expands(const struct vars *vars, const char *word,
		    const char *wanted)
{
	struct error error;
	char *text = vars_expand(vars, word, 1, &error);

	ok(wanted ? text && !strcmp(text, wanted) : !text, "%s is %s", word,
	   wanted ? wanted : "refused");
	free(text);
}

static void vars_tests(void)
{
	struct vars vars = { 0 };
	struct var *var = vars_set(&vars, "buf");
	struct error error;

	record_add(&var->record, "id", "7");
	record_add(&var->record, "dma-addr", "0x1000");
	record_add(&var->record, "audit.mask", "holds");
	var = vars_set(&vars, "many");
	for (int i = 0; i < 5; i++)
		var_add_id(var, i == 1 ? "11" : "10");
	var = vars_set(&vars, "none");
	var->refused = strdup("it was refused");
	expands(&vars, "$buf", "7");
	expands(&vars, "address:$buf.dma-addr", "address:0x1000");
	expands(&vars, "$buf.audit.mask", "holds");
	expands(&vars, "$buf$buf", "77");
	expands(&vars, "$many", "11");
	expands(&vars, "$round", "1");
	expands(&vars, "plain", "plain");
	expands(&vars, "", "");
	expands(&vars, "$buf.none", NULL);
	expands(&vars, "$bu", NULL);
	expands(&vars, "$none", NULL);
	expands(&vars, "$", NULL);
	ok(!vars_expand(&vars, "$none", 0, &error) &&
	   error.number == ECANCELED, "what was refused is told apart");
	vars_free(&vars);
}

static void buffer_make(struct object *buf)
{
	object_init(buf, &buf_set);
	object_set_num(buf, DMAEXER_A_BUF_ID, 5);
	object_set_num(buf, DMAEXER_A_BUF_KIND, DMAEXER_KIND_HANDLE);
	object_set_text(buf, DMAEXER_A_BUF_LABEL, "a\"\\\n\xff\xc3\xa9");
	object_set_num(buf, DMAEXER_A_BUF_SIZE, UINT64_MAX);
	object_set_num(buf, DMAEXER_A_BUF_ATTRS,
		       DMAEXER_ATTR_NO_WARN | 1U << 20);
	object_set_num(buf, DMAEXER_A_BUF_DMA_ADDR, 0xfffffffffffff000);
	object_set_num(buf, DMAEXER_A_BUF_CONTIGUOUS, 0);
	object_add_audit(buf, DMAEXER_A_BUF_AUDIT, DMAEXER_CHECK_MASK,
			 DMAEXER_VERDICT_HOLDS, NULL);
	object_add_audit(buf, DMAEXER_A_BUF_AUDIT, DMAEXER_CHECK_ATTRS,
			 DMAEXER_VERDICT_DEVIATION, "because");
	object_add_audit(buf, DMAEXER_A_BUF_AUDIT, 77,
			 DMAEXER_VERDICT_NOT_APPLICABLE, NULL);
}

static char *printed(enum out_mode mode, const struct object *object,
		     bool event)
{
	struct out out = { .mode = mode };
	char *text = NULL;
	size_t size;

	out.file = open_memstream(&text, &size);
	if (!out.file)
		return NULL;
	if (event)
		out_event(&out, "buf-new", object);
	else
		out_object(&out, object);
	fclose(out.file);
	return text;
}

static void object_tests(void)
{
	static const char wanted_text[] =
		"id: 5\nkind: handle\nlabel: a\"\\\n\xff\xc3\xa9\n"
		"size: 18446744073709551615\nattrs: no-warn,0x100000\n"
		"dma-addr: 0xfffffffffffff000\ncontiguous: no\n"
		"audit.mask: holds\naudit.attrs: deviation (because)\n"
		"audit.77: not-applicable\n";
	static const char wanted_json[] =
		"{\"event\":\"buf-new\",\"id\":5,\"kind\":\"handle\","
		"\"label\":\"a\\\"\\\\\\n\xef\xbf\xbd\xc3\xa9\","
		"\"size\":18446744073709551615,"
		"\"attrs\":[\"no-warn\",\"0x100000\"],"
		"\"dma-addr\":\"0xfffffffffffff000\","
		"\"contiguous\":false,\"audit\":"
		"[{\"check\":\"mask\",\"verdict\":\"holds\"},"
		"{\"check\":\"attrs\",\"verdict\":\"deviation\","
		"\"reason\":\"because\"},"
		"{\"check\":\"77\",\"verdict\":\"not-applicable\"}]}\n";
	struct object buf;
	char small[256];
	char *text;

	buffer_make(&buf);
	text = printed(OUT_TEXT, &buf, false);
	ok(!strcmp(text, wanted_text), "a buffer prints as text");
	free(text);
	text = printed(OUT_JSON, &buf, true);
	ok(!strcmp(text, wanted_json), "an event is one line of JSON");
	free(text);
	ok(!strcmp(object_render(&buf, DMAEXER_A_BUF_AUDIT, small,
				 sizeof(small)), "deviation"),
	   "the column of the audit has the worst verdict");
	object_free(&buf);
}

/* What is not UTF-8 does not reach a document. */
static void utf8_tests(void)
{
#define NONE "\xef\xbf\xbd"
	static const struct {
		const char *text;
		const char *wanted;
	} rows[] = {
		{ "", "" }, { "plain", "plain" }, { "\x7f", "\x7f" },
		{ "\xc3\xa9", "\xc3\xa9" }, { "\xdf\xbf", "\xdf\xbf" },
		{ "\xe0\xa0\x80", "\xe0\xa0\x80" },
		{ "\xef\xbf\xbf", "\xef\xbf\xbf" },
		{ "\xf0\x90\x80\x80", "\xf0\x90\x80\x80" },
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
		{ "a\xff" "b", "a" NONE "b" }, { "\x80", NONE },
		{ "\xc3", NONE }, { "\xc3(", NONE "(" },
		{ "\xc0\xaf", NONE NONE }, { "\xc1\xbf", NONE NONE },
		{ "\xe0\x9f\xbf", NONE NONE NONE },
		{ "\xe2\x82", NONE NONE },
		{ "\xed\xa0\x80", NONE NONE NONE },
		{ "\xf0\x8f\xbf\xbf", NONE NONE NONE NONE },
		{ "\xf4\x90\x80\x80", NONE NONE NONE NONE },
		{ "\xf5\x80\x80\x80", NONE NONE NONE NONE },
		{ "\xf0\x9f\x98", NONE NONE NONE },
	};
#undef NONE

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *text = json_text(rows[i].text);

		ok(!strcmp(json_object_get_string(text), rows[i].wanted),
		   "text %zu is valid UTF-8", i);
		json_object_put(text);
	}
}

static void scenario_report(struct report *report, const char *name,
			    enum result result)
{
	struct scenario scenario = {
		.name = (char *)name, .title = (char *)name,
		.file = (char *)name,
	};

	report_scenario(report, &scenario, 1);
	report_note(report, "why");
	report_step(report, 7, "dev list # now", result, "because");
	report_scenario_end(report, &scenario, result,
			    result == RESULT_SKIP ? "lacking" : NULL);
}

static char *reported(enum out_mode mode, bool quiet)
{
	struct out out = { .mode = mode };
	struct report report;
	char *text = NULL;
	size_t size;

	out.file = open_memstream(&text, &size);
	if (!out.file)
		return NULL;
	report_open(&report, &out, quiet, 3);
	scenario_report(&report, "a", RESULT_PASS);
	scenario_report(&report, "b", RESULT_FAIL);
	scenario_report(&report, "c", RESULT_SKIP);
	report_close(&report, false);
	fclose(out.file);
	return text;
}

static void report_tests(void)
{
	static const char wanted[] =
		"KTAP version 1\n1..3\nok 1 a\n"
		"  KTAP version 1\n  1..1\n  # b: b\n  # why\n"
		"  not ok 1 line 7: dev list _ now\nnot ok 2 b\n"
		"ok 3 c # SKIP lacking\n"
		"# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:1 error:0\n";
	char *text = reported(OUT_TEXT, true);

	ok(!strcmp(text, wanted), "quiet, the steps of failures are there");
	free(text);
	text = reported(OUT_TEXT, false);
	ok(strstr(text, "  ok 1 line 7: dev list _ now\nok 1 a\n") &&
	   strstr(text, "now # SKIP because\nok 3 c # SKIP lacking\n"),
	   "else all steps are");
	free(text);
	text = reported(OUT_JSON, true);
	ok(strstr(strstr(text, "\"steps\""), "\"reason\": \"because\"") &&
	   !strstr(strstr(text, "\"steps\"") + 1, "\"steps\"") &&
	   strstr(text, "\"interrupted\": false"),
	   "and as JSON only those of the failure");
	free(text);
}

static void dump_tests(void)
{
	static const char wanted[] =
		"0000000e  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50"
		"  |ABCDEFGHIJKLMNOP|\n"
		"0000001e  51 00                                           "
		"  |Q.|\n";
	struct record record = { 0 };
	struct out out = { .mode = OUT_TEXT };
	struct dump dump;
	char *text = NULL;
	size_t size;

	out.file = open_memstream(&text, &size);
	dump_open(&dump, &out, 1, 14, 18, false);
	dump_bytes(&dump, (const unsigned char *)"ABCDE", 5);
	dump_bytes(&dump, (const unsigned char *)"FGHIJKLMNOPQ", 13);
	dump_close(&dump);
	fclose(out.file);
	ok(!strcmp(text, wanted), "a dump has lines of 16 bytes");
	free(text);
	out = (struct out){ .mode = OUT_RECORD, .record = &record };
	dump_open(&dump, &out, 1, 0, 2, false);
	dump_bytes(&dump, (const unsigned char *)"\x01\xfe", 2);
	dump_close(&dump);
	ok(!strcmp(record_get(&record, "data"), "01fe"),
	   "a scenario sees the digits");
	record_free(&record);
	text = NULL;
	out = (struct out){ .mode = OUT_JSON };
	out.file = open_memstream(&text, &size);
	dump_open(&dump, &out, 3, 14, 2, false);
	dump_bytes(&dump, (const unsigned char *)"\x01\xfe", 2);
	dump_close(&dump);
	fclose(out.file);
	ok(!strcmp(text, "{\n  \"id\": 3,\n  \"offset\": 14,\n"
		   "  \"data\": \"01fe\"\n}\n"), "JSON has them too");
	free(text);
}

/* Each verb takes the words that its rows name, and refuses others. */
static void table_tests(void)
{
	char bogus[] = "--bogus";
	char *word = bogus;
	const struct verb *verb;
	struct error error;
	struct args args;
	char title[64];

	for (size_t i = 0; (verb = verb_at(i)); i++) {
		bool rows = verb->help && verb->run;

		for (size_t k = 0; k < verb->opts; k++) {
			const struct opt *opt = &verb->opt[k];

			rows = rows && opt->help &&
			       (opt_is_argument(opt) ||
				!opt->arg == (opt->kind == OPT_FLAG));
		}
		verb_title(verb, title, sizeof(title));
		ok(rows, "each row of %s is complete", title);
		ok(args_parse(&args, verb, &word, 1, 0, &error) &&
		   strstr(error.text, bogus), "%s names what it refuses",
		   title);
		args_free(&args);
	}
}

int main(void)
{
	expect_tests();
	vars_tests();
	object_tests();
	utf8_tests();
	report_tests();
	dump_tests();
	table_tests();
	return tap_end();
}
