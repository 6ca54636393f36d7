/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scenarios: what one would type, a line each, and a few words more. A file is
 * parsed completely before anything runs.
 */
#ifndef DMX_SCENARIO_H
#define DMX_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "expect.h"
#include "opts.h"

/* Most rounds of a line with "repeat". */
#define REPEAT_MAX 1000000

enum step_kind { STEP_VERB, STEP_EXPECT, STEP_NEEDS };

/* How a verb has to end. */
enum step_end { END_DONE, END_FAILS, END_EITHER, END_DIFFERS };

/**
 * struct step - a line that does something
 * @kind: run a verb, look at what it put out, or ask for a feature
 * @line: number of the line, from 1
 * @text: the line
 * @word: its words, allocated; those after "name =", "repeat N" and so on
 * @words: how many
 * @name: what the object is called from now on, or NULL
 * @repeat: rounds, 0 without "repeat"
 * @end: how the verb has to end
 * @number: the errno, for END_FAILS and END_EITHER
 * @verb: the verb, for STEP_VERB
 * @args: index of the first word after the verb
 * @op: the comparison, for STEP_EXPECT; words are field and value
 */
struct step {
	enum step_kind kind;
	unsigned int line;
	char *text;
	char **word;
	size_t words;
	const char *name;
	unsigned int repeat;
	enum step_end end;
	int number;
	const struct verb *verb;
	size_t args;
	enum expect_op op;
	/* All words of the line, which the ones above point to. */
	char **all;
	size_t all_count;
};

/**
 * struct scenario - a parsed file
 * @name: name of the file without directory and ending
 * @file: path of the file
 * @title: the first comment, or the name
 * @step: its steps, allocated
 * @steps: how many
 */
struct scenario {
	char *name;
	char *file;
	char *title;
	struct step *step;
	size_t steps;
};

/*
 * Parses @size bytes of @text. Returns 0 or -errno, with "file:line: sentence"
 * in @error; scenario_free() either way.
 */
int scenario_parse(struct scenario *scenario, const char *file,
		   const char *text, size_t size, struct error *error);
void scenario_free(struct scenario *scenario);

#endif
