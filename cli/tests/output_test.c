// SPDX-License-Identifier: GPL-2.0
/* Comparisons, names in words, values in text and in JSON. */
#include <errno.h>
#include <linux/dmaexer.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "expect.h"
#include "out.h"
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
		"{\"event\": \"buf-new\", \"id\": 5, \"kind\": \"handle\", "
		"\"label\": \"a\\\"\\\\\\u000a\\ufffd\xc3\xa9\", "
		"\"size\": 18446744073709551615, "
		"\"attrs\": [\"no-warn\", \"0x100000\"], "
		"\"dma-addr\": \"0xfffffffffffff000\", "
		"\"contiguous\": false, \"audit\": "
		"[{\"check\": \"mask\", \"verdict\": \"holds\"}, "
		"{\"check\": \"attrs\", \"verdict\": \"deviation\", "
		"\"reason\": \"because\"}, "
		"{\"check\": \"77\", \"verdict\": \"not-applicable\"}]}\n";
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
	dump_open(&dump, &out, 1, 14, false);
	dump_bytes(&dump, (const unsigned char *)"ABCDE", 5);
	dump_bytes(&dump, (const unsigned char *)"FGHIJKLMNOPQ", 13);
	dump_close(&dump);
	fclose(out.file);
	ok(!strcmp(text, wanted), "a dump has lines of 16 bytes");
	free(text);
	out = (struct out){ .mode = OUT_RECORD, .record = &record };
	dump_open(&dump, &out, 1, 0, false);
	dump_bytes(&dump, (const unsigned char *)"\x01\xfe", 2);
	dump_close(&dump);
	ok(!strcmp(record_get(&record, "data"), "01fe"),
	   "a scenario sees the digits");
	record_free(&record);
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
	dump_tests();
	table_tests();
	return tap_end();
}
