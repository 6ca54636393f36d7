// SPDX-License-Identifier: GPL-2.0
#include "runner.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "borrow.h"
#include "cmd.h"
#include "needs.h"
#include "vars.h"

#define WHY_SIZE 1200

/**
 * struct runner - a scenario under way
 * @ctx: what its verbs run in
 * @vars: its names
 * @last: what the last verb put out
 * @borrow: the device that stands for one it would make
 * @report: where results go
 * @result: of the scenario
 * @refused: how the last verb was refused, where that was allowed, or empty
 * @stopped: why the steps that follow are not run, or empty
 * @lacking: what a line with "needs" lacks, or empty
 */
struct runner {
	struct ctx ctx;
	struct vars vars;
	struct record last;
	struct borrow borrow;
	struct report *report;
	enum result result;
	char refused[WHY_SIZE + 64];
	char stopped[64];
	char lacking[256];
};

static void words_free(char **words, size_t count)
{
	for (size_t i = 0; words && i < count; i++)
		free(words[i]);
	free(words);
}

static char **words_expand(struct runner *runner, const struct step *step,
			   unsigned int round)
{
	size_t count = step->words - step->args;
	char **words = calloc(count + 1, sizeof(*words));

	if (!words) {
		error_set(&runner->ctx.error, ENOMEM, "no memory for words");
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		words[i] = vars_expand(&runner->vars,
				       step->word[step->args + i], round,
				       &runner->ctx.error);
		if (!words[i]) {
			words_free(words, count);
			return NULL;
		}
	}
	return words;
}

/* Runs the verb once. Returns its exit status, with the reason in @why. */
static int verb_once(struct runner *runner, const struct step *step,
		     unsigned int round, char *why)
{
	size_t count = step->words - step->args;
	struct args args = { 0 };
	char **words = NULL;
	int status = STATUS_USAGE;

	record_free(&runner->last);
	why[0] = '\0';
	if (borrow_stands(&runner->borrow, step))
		status = borrow_take(&runner->borrow, step, &runner->ctx);
	else
		words = words_expand(runner, step, round);
	if (words && !args_parse(&args, step->verb, words, count, ARGS_STEP,
				 &runner->ctx.error))
		status = verb_run(&runner->ctx, &args);
	if (status)
		error_render(&runner->ctx, why, WHY_SIZE);
	args_free(&args);
	words_free(words, count);
	return status;
}

/* What a verb that had to fail put out: why it did. */
static int failure_record(struct runner *runner)
{
	struct record *record = &runner->last;
	int err;

	record_free(record);
	err = record_add(record, "errno",
			 error_name(runner->ctx.error.number));
	if (!err)
		err = record_add(record, "message", runner->ctx.error.text);
	if (!err && runner->ctx.at[0])
		err = record_add(record, "at", runner->ctx.at);
	return err;
}

/* Compares how the verb ended with how it had to end. */
static bool end_matches(struct runner *runner, const struct step *step,
			int status, char *why)
{
	const char *wanted = step->end == END_FAILS ?
			     error_name(step->number) :
			     step->end == END_DIFFERS ? "a difference" :
			     "success";
	const char *or = step->end == END_EITHER ? " or " : "";
	char actual[WHY_SIZE - 100];

	if (step->end == END_DONE && status == STATUS_DONE)
		return true;
	if (step->end == END_DIFFERS && status == STATUS_DIFFERS)
		return true;
	if (step->end == END_EITHER && status == STATUS_DONE)
		return true;
	if ((step->end == END_FAILS || step->end == END_EITHER) &&
	    status == STATUS_REFUSED &&
	    runner->ctx.error.number == step->number)
		return !failure_record(runner);
	snprintf(actual, sizeof(actual), "%s", status ? why : "success");
	snprintf(why, WHY_SIZE, "expected: %s%s%s\nactual: %s", wanted, or,
		 *or ? error_name(step->number) : "", actual);
	return false;
}

static int name_keep(struct runner *runner, const struct step *step,
		     unsigned int round)
{
	const char *id = record_get(&runner->last, "id");
	uint64_t number;
	struct var *var;

	if (!step->name)
		return 0;
	var = round ? vars_find(&runner->vars, step->name, strlen(step->name)) :
	      vars_set(&runner->vars, step->name);
	if (!var || (step->repeat && id && var_add_id(var, id)))
		return -ENOMEM;
	if (!strcmp(step->name, "dev") && id && !parse_number(id, &number))
		runner->ctx.dev = (uint32_t)number;
	if (step->repeat > round + 1)
		return 0;
	for (size_t i = 0; i < runner->last.count; i++)
		if (record_add(&var->record, runner->last.pair[i].name,
			       runner->last.pair[i].value))
			return -ENOMEM;
	return 0;
}

/* Adds the round in which it came up to the reason. */
static void round_note(const struct step *step, unsigned int round, char *why)
{
	size_t len = strlen(why);

	if (step->repeat && len < WHY_SIZE - 32)
		snprintf(why + len, WHY_SIZE - len, "\nround: %u", round);
}

/* A verb that was refused, and may have been: says so, and so does its name. */
static int refusal_keep(struct runner *runner, const struct step *step,
			const char *why)
{
	struct var *var;

	snprintf(runner->refused, sizeof(runner->refused),
		 "line %u was refused: %s", step->line, why);
	if (!step->name)
		return 0;
	var = vars_set(&runner->vars, step->name);
	if (!var)
		return -ENOMEM;
	var->refused = strdup(runner->refused);
	return var->refused ? 0 : -ENOMEM;
}

/* One round of a verb, from its words to the name of what it made. */
static enum result round_run(struct runner *runner, const struct step *step,
			     unsigned int round, char *why)
{
	int status = verb_once(runner, step, round, why);
	int err;

	runner->refused[0] = '\0';
	if (status == STATUS_USAGE && runner->ctx.error.number == ECANCELED) {
		snprintf(why, WHY_SIZE, "%s", runner->ctx.error.text);
		return RESULT_SKIP;
	}
	if (!end_matches(runner, step, status, why)) {
		round_note(step, round, why);
		return RESULT_FAIL;
	}
	err = status == STATUS_REFUSED && step->end == END_EITHER ?
	      refusal_keep(runner, step, why) :
	      name_keep(runner, step, round);
	if (err) {
		snprintf(why, WHY_SIZE, "no memory");
		return RESULT_FAIL;
	}
	return RESULT_PASS;
}

static enum result verb_step(struct runner *runner, const struct step *step,
			     char *why)
{
	unsigned int rounds = step->repeat ? step->repeat : 1;
	unsigned int refusals = 0;
	enum result result = RESULT_PASS;

	/* Without the module nothing fails in the way that is meant. */
	if (!ctx_client(&runner->ctx)) {
		error_render(&runner->ctx, why, WHY_SIZE);
		return RESULT_FAIL;
	}
	for (unsigned int i = 0; i < rounds && result == RESULT_PASS; i++) {
		result = round_run(runner, step, i, why);
		refusals += runner->refused[0] ? 1 : 0;
		if (signal_caught && i + 1 < rounds) {
			snprintf(why, WHY_SIZE, "stopped by a signal");
			round_note(step, i, why);
			result = RESULT_FAIL;
		}
	}
	if (result == RESULT_PASS && refusals) {
		report_note(runner->report, runner->refused);
		snprintf(why, WHY_SIZE, "%u of %u rounds were refused, %s",
			 refusals, rounds, error_name(step->number));
		if (step->repeat)
			report_note(runner->report, why);
	}
	return result;
}

/* Compares, and explains what does not hold. */
static enum result expect_value(struct runner *runner, const struct step *step,
				const char *value, char *why)
{
	const char *field = step->word[0];
	const char *actual = record_get(&runner->last, field);
	const char *reason = expect_compare(actual, step->op, value);

	if (reason) {
		snprintf(why, WHY_SIZE,
			 "expected: %s %s%s%s\nactual: %s%s%s%s%s", field,
			 step->word[1], value ? " " : "", value ? value : "",
			 field, actual ? " is " : " is absent",
			 actual ? actual : "", *reason ? ", " : "", reason);
		return RESULT_FAIL;
	}
	/* That it is there says little, what it is may say more. */
	if (step->op == EXPECT_PRESENT) {
		snprintf(why, WHY_SIZE, "%s: %s", field, actual);
		report_note(runner->report, why);
	}
	return RESULT_PASS;
}

static enum result expect_step(struct runner *runner, const struct step *step,
			       char *why)
{
	enum result result;
	char *value = NULL;

	if (runner->refused[0]) {
		snprintf(why, WHY_SIZE, "%.*s", WHY_SIZE - 1, runner->refused);
		return RESULT_SKIP;
	}
	if (expect_has_value(step->op)) {
		value = vars_expand(&runner->vars, step->word[2], 0,
				    &runner->ctx.error);
		if (!value) {
			snprintf(why, WHY_SIZE, "%s", runner->ctx.error.text);
			return runner->ctx.error.number == ECANCELED ?
			       RESULT_SKIP : RESULT_FAIL;
		}
	}
	result = expect_value(runner, step, value, why);
	free(value);
	return result;
}

static enum result needs_step(struct runner *runner, const struct step *step,
			      char *why)
{
	switch (needs_check(&runner->ctx, step->word[0],
			    step->words > 1 ? step->word[1] : NULL, why,
			    WHY_SIZE)) {
	case NEEDS_MET:
		return RESULT_PASS;
	case NEEDS_UNMET:
		return RESULT_SKIP;
	default:
		return RESULT_FAIL;
	}
}

static void fields_note(struct runner *runner)
{
	char line[512];

	for (size_t i = 0; i < runner->last.count; i++) {
		snprintf(line, sizeof(line), "%s: %s",
			 runner->last.pair[i].name, runner->last.pair[i].value);
		report_note(runner->report, line);
	}
}

static void failure_note(struct runner *runner, const struct step *step,
			 const char *why)
{
	char line[WHY_SIZE];

	runner->result = RESULT_FAIL;
	snprintf(line, sizeof(line), "line %u: %s", step->line, step->text);
	report_note(runner->report, line);
	report_note(runner->report, why);
	/* What follows would only tell of this failure once more. */
	if (step->kind != STEP_EXPECT)
		snprintf(runner->stopped, sizeof(runner->stopped),
			 "after the failure in line %u", step->line);
}

static enum result step_result(struct runner *runner, const struct step *step,
			       char *why)
{
	switch (step->kind) {
	case STEP_NEEDS:
		return needs_step(runner, step, why);
	case STEP_EXPECT:
		return expect_step(runner, step, why);
	default:
		return verb_step(runner, step, why);
	}
}

/* What a step that needs something lacks ends the scenario. */
static void needs_stop(struct runner *runner, const struct step *step,
		       const char *why)
{
	if (runner->result == RESULT_PASS)
		runner->result = RESULT_SKIP;
	snprintf(runner->lacking, sizeof(runner->lacking), "%.200s", why);
	snprintf(runner->stopped, sizeof(runner->stopped),
		 "line %u is not met", step->line);
}

static void step_run(struct runner *runner, const struct step *step)
{
	char why[WHY_SIZE] = "";
	enum result result;

	if (runner->stopped[0]) {
		report_step(runner->report, step->line, step->text,
			    RESULT_SKIP, runner->stopped);
		return;
	}
	result = step_result(runner, step, why);
	if (runner->ctx.out.verbose && step->kind == STEP_VERB)
		fields_note(runner);
	if (result == RESULT_FAIL)
		failure_note(runner, step, why);
	if (result == RESULT_SKIP && step->kind == STEP_NEEDS)
		needs_stop(runner, step, why);
	report_step(runner->report, step->line, step->text, result,
		    result == RESULT_PASS ? NULL : why);
}

/* The last step of a scenario that is lent a device: it is as it was found. */
static void restore_run(struct runner *runner)
{
	enum result result = RESULT_PASS;
	char why[WHY_SIZE] = "the scenario did not take it";
	char text[128];

	snprintf(text, sizeof(text), "%s is as it was", runner->borrow.name);
	if (!runner->borrow.taken) {
		result = RESULT_SKIP;
	} else if (borrow_restore(&runner->borrow, 0, &runner->ctx)) {
		error_render(&runner->ctx, why, sizeof(why));
		report_note(runner->report, why);
		result = RESULT_FAIL;
		runner->result = RESULT_FAIL;
	}
	report_step(runner->report, 0, text, result,
		    result == RESULT_PASS ? NULL : why);
}

static void steps_run(struct runner *runner, const struct scenario *scenario)
{
	bool lent = false;

	for (size_t i = 0; i < scenario->steps; i++)
		lent = lent || (scenario->step[i].kind == STEP_VERB &&
				borrow_stands(&runner->borrow,
					      &scenario->step[i]));
	report_scenario(runner->report, scenario, scenario->steps + lent);
	for (size_t i = 0; i < scenario->steps && !signal_caught; i++)
		step_run(runner, &scenario->step[i]);
	/* What the scenario made goes with the connection. */
	ctx_close(&runner->ctx);
	if (lent)
		restore_run(runner);
	ctx_close(&runner->ctx);
}

enum result scenario_run(const struct scenario *scenario, const char *device,
			 struct report *report)
{
	struct runner runner = {
		.ctx.step = true, .ctx.lent = device, .borrow.name = device,
		.report = report,
	};

	runner.ctx.out.mode = OUT_RECORD;
	runner.ctx.out.verbose = report->out->verbose;
	runner.ctx.out.record = &runner.last;
	steps_run(&runner, scenario);
	if (signal_caught && runner.result == RESULT_PASS)
		runner.result = RESULT_FAIL;
	report_scenario_end(report, scenario, runner.result,
			    runner.result == RESULT_SKIP ? runner.lacking :
			    NULL);
	borrow_free(&runner.borrow);
	record_free(&runner.last);
	vars_free(&runner.vars);
	return runner.result;
}
