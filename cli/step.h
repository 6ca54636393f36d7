/* SPDX-License-Identifier: GPL-2.0 */
/* The words of one line of a scenario. */
#ifndef DMX_STEP_H
#define DMX_STEP_H

#include "scenario.h"

/**
 * struct name - what the parser knows of a name
 * @name: without $
 * @repeat: how many objects it stands for, 0 for one that is not repeated
 */
struct name {
	const char *name;
	unsigned int repeat;
};

/**
 * struct parser - a file under way
 * @scenario: what it becomes
 * @error: where a refusal is explained
 * @line: number of the line
 * @name: the names so far, allocated
 * @names: how many
 * @has_verb: a line above ran a verb
 */
struct parser {
	struct scenario *scenario;
	struct error *error;
	unsigned int line;
	struct name *name;
	size_t names;
	bool has_verb;
};

/* "file:line: sentence"; each returns -errno. */
int parser_refuse(struct parser *parser, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int parser_no_memory(struct parser *parser);

/* Makes a step of the words in step->all. Returns 0 or -errno. */
int step_parse(struct parser *parser, struct step *step);

#endif
