// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <string.h>

static const char *const result_names[] = { "pass", "fail", "skip" };

/* The character # ends a name in KTAP. */
static void name_print(FILE *file, const char *name)
{
	for (; *name; name++)
		putc(*name == '#' ? '_' : *name, file);
}

static void result_print(struct report *report, enum result result,
			 unsigned int number)
{
	fprintf(report->out->file, "%s %u ",
		result == RESULT_FAIL ? "not ok" : "ok", number);
}

static void skip_print(struct report *report, enum result result,
		       const char *reason)
{
	if (result == RESULT_SKIP)
		fprintf(report->out->file, " # SKIP %s", reason ? reason : "");
	putc('\n', report->out->file);
}

static bool is_json(const struct report *report)
{
	return report->out->mode == OUT_JSON;
}

void report_open(struct report *report, struct out *out, size_t scenarios)
{
	memset(report, 0, sizeof(*report));
	report->out = out;
	if (is_json(report)) {
		report->json = out_json(out, true);
		json_open(&report->json, NULL, '{');
		json_open(&report->json, "scenarios", '[');
		return;
	}
	fprintf(out->file, "KTAP version 1\n1..%zu\n", scenarios);
}

void report_scenario(struct report *report, const struct scenario *scenario)
{
	report->steps = 0;
	report->scenarios++;
	if (is_json(report)) {
		json_open(&report->json, NULL, '{');
		json_string(&report->json, "name", scenario->name);
		json_string(&report->json, "title", scenario->title);
		json_string(&report->json, "file", scenario->file);
		json_open(&report->json, "steps", '[');
		return;
	}
	fprintf(report->out->file, "  KTAP version 1\n  1..%zu\n  # %s: %s\n",
		scenario->steps, scenario->name, scenario->title);
	out_flush(report->out);
}

void report_note(struct report *report, const char *text)
{
	if (is_json(report))
		return;
	while (*text) {
		size_t len = strcspn(text, "\n");

		fprintf(report->out->file, "  # %.*s\n", (int)len, text);
		text += len;
		text += *text ? 1 : 0;
	}
}

void report_step(struct report *report, const struct step *step,
		 enum result result, const char *reason)
{
	report->steps++;
	if (is_json(report)) {
		json_open(&report->json, NULL, '{');
		json_number(&report->json, "line", step->line);
		json_string(&report->json, "text", step->text);
		json_string(&report->json, "result", result_names[result]);
		if (reason)
			json_string(&report->json, "reason", reason);
		json_close(&report->json, '}');
		return;
	}
	fputs("  ", report->out->file);
	result_print(report, result, report->steps);
	fprintf(report->out->file, "line %u: ", step->line);
	name_print(report->out->file, step->text);
	skip_print(report, result, reason);
	out_flush(report->out);
}

void report_scenario_end(struct report *report,
			 const struct scenario *scenario, enum result result,
			 const char *reason)
{
	report->count[result]++;
	if (is_json(report)) {
		json_close(&report->json, ']');
		json_string(&report->json, "result", result_names[result]);
		if (reason)
			json_string(&report->json, "reason", reason);
		json_close(&report->json, '}');
		return;
	}
	result_print(report, result, report->scenarios);
	name_print(report->out->file, scenario->name);
	skip_print(report, result, reason);
	out_flush(report->out);
}

static void totals_json(struct report *report, bool interrupted)
{
	json_close(&report->json, ']');
	json_open(&report->json, "totals", '{');
	for (int i = RESULT_PASS; i <= RESULT_SKIP; i++)
		json_number(&report->json, result_names[i], report->count[i]);
	json_close(&report->json, '}');
	json_bool(&report->json, "interrupted", interrupted);
	json_close(&report->json, '}');
}

void report_close(struct report *report, bool interrupted)
{
	if (is_json(report)) {
		totals_json(report, interrupted);
		return;
	}
	if (interrupted)
		fprintf(report->out->file, "Bail out! stopped by a signal\n");
	fprintf(report->out->file,
		"# Totals: pass:%u fail:%u xfail:0 xpass:0 skip:%u error:0\n",
		report->count[RESULT_PASS], report->count[RESULT_FAIL],
		report->count[RESULT_SKIP]);
}
