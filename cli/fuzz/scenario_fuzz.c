// SPDX-License-Identifier: GPL-2.0
/*
 * Files of scenarios. Whatever the bytes, the parser ends, leaves nothing
 * behind, and says which line it is; words survive being written and read
 * again.
 */
#include "scenario.h"

#include "fuzz.h"
#include "vars.h"

static void reason_check(const struct error *error)
{
	claim(!strncmp(error->text, "dir/f.dmx:", 10),
	      "\"%s\" begins with the file", error->text);
	claim(!error->number, "the bytes are at fault, not %d", error->number);
}

/* In quotes where it has to be: each kind of quote in quotes of the other. */
static void word_write(FILE *file, const char *word)
{
	if (!*word)
		fputs("''", file);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("\"'\"", file);
		else
			fprintf(file, "'%c'", *word);
	}
	putc(' ', file);
}

static void same_words(const struct scenario *a, const struct scenario *b)
{
	claim(a->steps == b->steps, "%zu steps are %zu", a->steps, b->steps);
	for (size_t i = 0; i < a->steps; i++) {
		const struct step *one = &a->step[i];
		const struct step *two = &b->step[i];

		claim(one->kind == two->kind && one->verb == two->verb &&
		      one->repeat == two->repeat && one->end == two->end &&
		      one->number == two->number && one->op == two->op &&
		      one->args == two->args && one->words == two->words &&
		      !one->name == !two->name,
		      "line %u has one meaning", one->line);
		for (size_t k = 0; k < one->words; k++)
			claim(!strcmp(one->word[k], two->word[k]),
			      "\"%s\" is \"%s\"", one->word[k], two->word[k]);
	}
}

static void again(const struct scenario *scenario)
{
	struct scenario copy;
	struct error error;
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	claim(file, "there is memory");
	for (size_t i = 0; i < scenario->steps; i++) {
		const struct step *step = &scenario->step[i];

		for (size_t k = 0; k < step->all_count; k++)
			word_write(file, step->all[k]);
		putc('\n', file);
	}
	fclose(file);
	claim(!scenario_parse(&copy, "dir/f.dmx", text, size, &error),
	      "%s: what was parsed is parsed again", error.text);
	same_words(scenario, &copy);
	scenario_free(&copy);
	free(text);
}

/* Words with names, where nothing has a value but one. */
static void expand(const struct scenario *scenario)
{
	struct vars vars = { 0 };
	struct var *dev = vars_set(&vars, "dev");

	claim(dev && !record_add(&dev->record, "id", "7"), "there is memory");
	for (size_t i = 0; i < scenario->steps; i++) {
		const struct step *step = &scenario->step[i];

		for (size_t k = 0; k < step->words; k++) {
			struct error error;
			char *text = vars_expand(&vars, step->word[k], 3,
						 &error);

			claim(text || error.text[0], "\"%s\" has a value or no value for a reason",
			      step->word[k]);
			claim(!text || !strchr(text, '$'), "\"%s\" has no name in it",
			      text);
			free(text);
		}
	}
	vars_free(&vars);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario scenario;
	struct error error;

	if (scenario_parse(&scenario, "dir/f.dmx", (const char *)data, size,
			   &error)) {
		reason_check(&error);
	} else {
		again(&scenario);
		expand(&scenario);
	}
	scenario_free(&scenario);
	return 0;
}
