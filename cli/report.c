// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const result_names[] = { "pass", "fail", "skip" };

/* The character # ends a name in KTAP. */
static void name_print(FILE *file, const char *name)
{
	for (; *name; name++)
		putc(*name == '#' ? '_' : *name, file);
}

static void result_print(FILE *file, enum result result, unsigned int number)
{
	fprintf(file, "%s %u ", result == RESULT_FAIL ? "not ok" : "ok",
		number);
}

static void skip_print(FILE *file, enum result result, const char *reason)
{
	if (result == RESULT_SKIP)
		fprintf(file, " # SKIP %s", reason ? reason : "");
	putc('\n', file);
}

static bool is_json(const struct report *report)
{
	return report->out->mode == OUT_JSON;
}

/* Adds to the document, as long as nothing is missing in it. */
static void member_add(struct report *report, struct json_object *to,
		       const char *name, struct json_object *value)
{
	if (report->err)
		json_object_put(value);
	else
		report->err = json_add(to, name, value);
}

static void text_add(struct report *report, struct json_object *to,
		     const char *name, const char *text)
{
	member_add(report, to, name, json_text(text));
}

/* The end of a step and of a scenario. */
static void result_add(struct report *report, struct json_object *to,
		       enum result result, const char *reason)
{
	text_add(report, to, "result", result_names[result]);
	if (reason)
		text_add(report, to, "reason", reason);
}

void report_open(struct report *report, struct out *out, bool quiet,
		 size_t scenarios)
{
	memset(report, 0, sizeof(*report));
	report->out = out;
	report->quiet = quiet;
	report->file = out->file;
	if (is_json(report)) {
		report->document = json_object_new_object();
		report->list = json_object_new_array();
		member_add(report, report->document, "scenarios",
			   report->list);
		return;
	}
	fprintf(out->file, "KTAP version 1\n1..%zu\n", scenarios);
}

static void scenario_json(struct report *report,
			  const struct scenario *scenario)
{
	report->scenario = json_object_new_object();
	report->step = json_object_new_array();
	member_add(report, report->list, NULL, report->scenario);
	text_add(report, report->scenario, "name", scenario->name);
	text_add(report, report->scenario, "title", scenario->title);
	text_add(report, report->scenario, "file", scenario->file);
	member_add(report, report->scenario, "steps", report->step);
}

void report_scenario(struct report *report, const struct scenario *scenario,
		     size_t steps)
{
	report->steps = 0;
	report->scenarios++;
	if (is_json(report)) {
		scenario_json(report, scenario);
		return;
	}
	if (report->quiet)
		report->file = open_memstream(&report->text, &report->size);
	/* Rather too much than nothing. */
	if (!report->file)
		report->file = report->out->file;
	fprintf(report->file, "  KTAP version 1\n  1..%zu\n  # %s: %s\n",
		steps, scenario->name, scenario->title);
	out_flush(report->out);
}

void report_note(struct report *report, const char *text)
{
	if (is_json(report))
		return;
	while (*text) {
		size_t len = strcspn(text, "\n");

		fprintf(report->file, "  # %.*s\n", (int)len, text);
		text += len;
		text += *text ? 1 : 0;
	}
}

static void step_json(struct report *report, unsigned int line,
		      const char *text, enum result result, const char *reason)
{
	struct json_object *step = json_object_new_object();

	member_add(report, report->step, NULL, step);
	if (line)
		member_add(report, step, "line", json_object_new_uint64(line));
	text_add(report, step, "text", text);
	result_add(report, step, result, reason);
}

void report_step(struct report *report, unsigned int line, const char *text,
		 enum result result, const char *reason)
{
	report->steps++;
	if (is_json(report)) {
		step_json(report, line, text, result, reason);
		return;
	}
	fputs("  ", report->file);
	result_print(report->file, result, report->steps);
	if (line)
		fprintf(report->file, "line %u: ", line);
	name_print(report->file, text);
	skip_print(report->file, result, reason);
	out_flush(report->out);
}

/* Prints the steps that were held back, where the scenario failed. */
static void steps_release(struct report *report, enum result result)
{
	if (report->file == report->out->file)
		return;
	fclose(report->file);
	report->file = report->out->file;
	if (result == RESULT_FAIL)
		fwrite(report->text, 1, report->size, report->file);
	free(report->text);
}

void report_scenario_end(struct report *report,
			 const struct scenario *scenario, enum result result,
			 const char *reason)
{
	report->count[result]++;
	if (is_json(report)) {
		if (report->quiet && result != RESULT_FAIL && !report->err)
			json_object_object_del(report->scenario, "steps");
		result_add(report, report->scenario, result, reason);
		return;
	}
	steps_release(report, result);
	result_print(report->file, result, report->scenarios);
	name_print(report->file, scenario->name);
	skip_print(report->file, result, reason);
	out_flush(report->out);
}

static int close_json(struct report *report, bool interrupted)
{
	struct json_object *totals = json_object_new_object();
	int err;

	member_add(report, report->document, "totals", totals);
	for (int i = RESULT_PASS; i <= RESULT_SKIP; i++)
		member_add(report, totals, result_names[i],
			   json_object_new_uint64(report->count[i]));
	member_add(report, report->document, "interrupted",
		   json_object_new_boolean(interrupted));
	err = report->err;
	return out_json(report->out, json_unless(err, report->document), true);
}

int report_close(struct report *report, bool interrupted)
{
	if (is_json(report))
		return close_json(report, interrupted);
	if (interrupted)
		fprintf(report->file, "Bail out! stopped by a signal\n");
	fprintf(report->file,
		"# Totals: pass:%u fail:%u xfail:0 xpass:0 skip:%u error:0\n",
		report->count[RESULT_PASS], report->count[RESULT_FAIL],
		report->count[RESULT_SKIP]);
	return 0;
}
