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
 * @json: the open document, with -j
 * @scenarios: reported so far
 * @steps: reported so far of the scenario
 * @count: scenarios by result
 */
struct report {
	struct out *out;
	struct json json;
	unsigned int scenarios;
	unsigned int steps;
	unsigned int count[3];
};

void report_open(struct report *report, struct out *out, size_t scenarios);
void report_scenario(struct report *report, const struct scenario *scenario);
/* Lines that explain the result that follows. */
void report_note(struct report *report, const char *text);
/* @reason is for a skip and, in JSON, for a failure; or NULL. */
void report_step(struct report *report, const struct step *step,
		 enum result result, const char *reason);
void report_scenario_end(struct report *report,
			 const struct scenario *scenario, enum result result,
			 const char *reason);
/* @interrupted where a signal ended it early. */
void report_close(struct report *report, bool interrupted);

#endif
