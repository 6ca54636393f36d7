/* SPDX-License-Identifier: GPL-2.0 */
/* The results of scenarios, as KTAP version 1 or as one JSON document. */
#ifndef DMX_REPORT_H
#define DMX_REPORT_H

#include <stddef.h>

#include "out.h"
#include "scenario.h"

enum result { RESULT_PASS, RESULT_FAIL, RESULT_SKIP };

/**
 * struct report - results on their way out
 * @out: where they go
 * @quiet: the steps of a scenario only where it fails
 * @file: where the steps go as text
 * @text: what the file holds back, with @quiet, allocated
 * @size: bytes of it
 * @document: all of it, with -j
 * @list: the scenarios in the document
 * @scenario: the one that runs
 * @step: its steps
 * @err: 0, or -ENOMEM where the document lacks something
 * @scenarios: reported so far
 * @steps: reported so far of the scenario
 * @count: scenarios by result
 */
struct report {
	struct out *out;
	bool quiet;
	FILE *file;
	char *text;
	size_t size;
	struct json_object *document;
	struct json_object *list;
	struct json_object *scenario;
	struct json_object *step;
	int err;
	unsigned int scenarios;
	unsigned int steps;
	unsigned int count[3];
};

void report_open(struct report *report, struct out *out, bool quiet,
		 size_t scenarios);
/* @steps is how many report_step() will be told of. */
void report_scenario(struct report *report, const struct scenario *scenario,
		     size_t steps);
/* Lines that explain the result that follows. */
void report_note(struct report *report, const char *text);
/*
 * @line is 0 for a step that is not in the file. @reason is for a skip and, in
 * JSON, for a failure; or NULL.
 */
void report_step(struct report *report, unsigned int line, const char *text,
		 enum result result, const char *reason);
void report_scenario_end(struct report *report,
			 const struct scenario *scenario, enum result result,
			 const char *reason);
/* @interrupted where a signal ended it early. Returns 0 or -ENOMEM. */
int report_close(struct report *report, bool interrupted);

#endif
