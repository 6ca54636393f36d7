// SPDX-License-Identifier: GPL-2.0
#include "step.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "vars.h"

int parser_refuse(struct parser *parser, const char *format, ...)
{
	char text[384];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error_set(parser->error, 0, "%s:%u: %s", parser->scenario->file,
		  parser->line, text);
	return -EINVAL;
}

int parser_no_memory(struct parser *parser)
{
	error_set(parser->error, ENOMEM, "%s: no memory",
		  parser->scenario->file);
	return -ENOMEM;
}

static const struct name *name_find(const struct parser *parser,
				    const char *name, size_t len)
{
	/* The last one counts: a name may be given to something new. */
	for (size_t i = parser->names; i > 0; i--) {
		const struct name *known = &parser->name[i - 1];

		if (strlen(known->name) == len &&
		    !memcmp(known->name, name, len))
			return known;
	}
	return NULL;
}

static int reference_check(struct parser *parser, const struct step *step,
			   const struct reference *reference)
{
	const struct name *name = name_find(parser, reference->name,
					    reference->name_len);
	int len = (int)reference->name_len;

	if (!name) {
		if (step->repeat && len == 5 && !reference->field &&
		    !memcmp(reference->name, "round", 5))
			return 0;
		return parser_refuse(parser, "$%.*s is not the name of anything above",
			      len, reference->name);
	}
	if (!name->repeat || reference->field)
		return 0;
	if (!step->repeat)
		return parser_refuse(parser, "$%.*s stands for %u objects, use it in a line with repeat",
			      len, reference->name, name->repeat);
	if (step->repeat > name->repeat)
		return parser_refuse(parser, "$%.*s stands for %u objects, fewer than the rounds of this line",
			      len, reference->name, name->repeat);
	return 0;
}

static int references_check(struct parser *parser, const struct step *step)
{
	for (size_t i = 0; i < step->words; i++) {
		const char *at = strchr(step->word[i], '$');

		while (at) {
			struct reference reference;

			if (reference_parse(at + 1, &reference))
				return parser_refuse(parser, "a name follows $, in \"%s\"",
					      step->word[i]);
			if (reference_check(parser, step, &reference))
				return -EINVAL;
			at = strchr(reference.end, '$');
		}
	}
	return 0;
}

static int verb_parse(struct parser *parser, struct step *step)
{
	struct error why;
	struct args args = { 0 };
	char title[64];
	size_t taken;
	int err;

	step->kind = STEP_VERB;
	if (!step->words)
		return parser_refuse(parser, "there is no verb");
	step->verb = verb_find(step->word, step->words, &taken, &why);
	if (!step->verb)
		return parser_refuse(parser, "%s", why.text);
	verb_title(step->verb, title, sizeof(title));
	if (step->verb->flags & VERB_NO_STEP)
		return parser_refuse(parser, "%s is no step of a scenario", title);
	step->args = taken;
	if (references_check(parser, step))
		return -EINVAL;
	err = args_parse(&args, step->verb, step->word + taken,
			 step->words - taken, ARGS_DEFERRED | ARGS_STEP, &why);
	args_free(&args);
	if (err)
		return parser_refuse(parser, "%s: %s", title, why.text);
	parser->has_verb = true;
	return 0;
}

static void words_skip(struct step *step, size_t count)
{
	step->word += count;
	step->words -= count;
}

/* "name =" */
static int name_parse(struct parser *parser, struct step *step)
{
	struct reference reference;

	if (step->words < 2 || strcmp(step->word[1], "=") != 0)
		return 0;
	if (reference_parse(step->word[0], &reference) || *reference.end ||
	    reference.field || (step->word[0][0] >= '0' &&
				step->word[0][0] <= '9'))
		return parser_refuse(parser, "\"%s\" is not a name; a name has letters, digits and _",
			      step->word[0]);
	if (!strcmp(step->word[0], "round"))
		return parser_refuse(parser, "round is the number of the round in a repeated line, not a name");
	step->name = step->word[0];
	words_skip(step, 2);
	return 0;
}

/* "repeat N" */
static int repeat_parse(struct parser *parser, struct step *step)
{
	uint64_t rounds;

	if (!step->words || strcmp(step->word[0], "repeat") != 0)
		return 0;
	if (step->words < 2 || parse_number(step->word[1], &rounds) ||
	    !rounds || rounds > REPEAT_MAX)
		return parser_refuse(parser, "a number of rounds, 1 to %d, follows repeat",
			      REPEAT_MAX);
	step->repeat = (unsigned int)rounds;
	words_skip(step, 2);
	return 0;
}

/* "fails ERRNO", "allows ERRNO" and "differs" */
static int end_parse(struct parser *parser, struct step *step)
{
	const char *word = step->words ? step->word[0] : "";

	if (!strcmp(word, "differs")) {
		step->end = END_DIFFERS;
		words_skip(step, 1);
		return 0;
	}
	if (!strcmp(word, "fails"))
		step->end = END_FAILS;
	else if (!strcmp(word, "allows"))
		step->end = END_EITHER;
	else
		return 0;
	step->number = step->words > 1 ? error_number(step->word[1]) : 0;
	if (!step->number)
		return parser_refuse(parser, "the name of an errno follows %s, like ENOSPC",
				     word);
	words_skip(step, 2);
	return 0;
}

static int name_add(struct parser *parser, const struct step *step)
{
	struct name *grown = reallocarray(parser->name, parser->names + 1,
					  sizeof(*grown));

	if (!grown)
		return parser_no_memory(parser);
	parser->name = grown;
	grown[parser->names].name = step->name;
	grown[parser->names].repeat = step->repeat;
	parser->names++;
	return 0;
}

static int action_parse(struct parser *parser, struct step *step)
{
	int err = name_parse(parser, step);

	if (!err)
		err = repeat_parse(parser, step);
	if (!err)
		err = end_parse(parser, step);
	if (!err && step->name && step->repeat && step->end == END_EITHER)
		err = parser_refuse(parser, "%s would stand for an unknown number of objects",
				    step->name);
	if (!err && step->name && step->end == END_FAILS)
		err = parser_refuse(parser, "what fails makes nothing that %s could stand for",
			     step->name);
	if (!err)
		err = verb_parse(parser, step);
	if (!err && step->name)
		err = name_add(parser, step);
	return err;
}

/* "expect FIELD OP VALUE"; afterwards the words are field and value. */
static int expect_parse(struct parser *parser, struct step *step)
{
	step->kind = STEP_EXPECT;
	words_skip(step, 1);
	if (!parser->has_verb)
		return parser_refuse(parser, "expect looks at what a line above put out, and there is none");
	if (step->words > 1)
		step->op = expect_op(step->word[1]);
	if (step->op == EXPECT_NONE)
		return parser_refuse(parser, "expect needs a field and one of == != < <= > >= ~ within absent present");
	if (step->words != (expect_has_value(step->op) ? 3 : 2))
		return parser_refuse(parser, "%s has %s after it", step->word[1],
			      expect_has_value(step->op) ? "one value" :
			      "nothing");
	return references_check(parser, step);
}

static int needs_parse(struct parser *parser, struct step *step)
{
	step->kind = STEP_NEEDS;
	words_skip(step, 1);
	if (!step->words || step->words > 2)
		return parser_refuse(parser, "needs a feature, and for some a number");
	return 0;
}

int step_parse(struct parser *parser, struct step *step)
{
	step->word = step->all;
	step->words = step->all_count;
	if (!strcmp(step->word[0], "expect"))
		return expect_parse(parser, step);
	if (!strcmp(step->word[0], "needs"))
		return needs_parse(parser, step);
	return action_parse(parser, step);
}
