// SPDX-License-Identifier: GPL-2.0
#include "scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "step.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * Takes a word from *text into @word, which has room for all of it. Quotes hold
 * blanks together. Returns 1, 0 at the end of the line, or -EINVAL.
 */
static int word_take(const char **text, char *word)
{
	const char *s = *text;
	char quote = 0;

	while (is_blank(*s))
		s++;
	if (!*s || *s == '#')
		return 0;
	for (; *s && (quote || !is_blank(*s)); s++) {
		if (quote && *s == quote)
			quote = 0;
		else if (!quote && (*s == '"' || *s == '\''))
			quote = *s;
		else
			*word++ = *s;
	}
	*word = '\0';
	*text = s;
	return quote ? -EINVAL : 1;
}

static int word_add(struct step *step, const char *word)
{
	char **grown = reallocarray(step->all, step->all_count + 1,
				    sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	step->all = grown;
	grown[step->all_count] = strdup(word);
	if (!grown[step->all_count])
		return -ENOMEM;
	step->all_count++;
	return 0;
}

static int words_split(struct parser *parser, struct step *step,
		       const char *text)
{
	char *word = malloc(strlen(text) + 1);
	int more = 1;
	int err = 0;

	if (!word)
		return parser_no_memory(parser);
	while (!err && more > 0) {
		more = word_take(&text, word);
		if (more < 0)
			err = parser_refuse(parser, "a quote is not closed");
		else if (more && word_add(step, word))
			err = parser_no_memory(parser);
	}
	free(word);
	return err;
}

/* The line without blanks at both ends. */
static char *text_trim(const char *line)
{
	size_t len;

	while (is_blank(*line))
		line++;
	len = strlen(line);
	while (len && is_blank(line[len - 1]))
		len--;
	return strndup(line, len);
}

static int title_take(struct parser *parser, const char *line)
{
	struct scenario *scenario = parser->scenario;

	line += strspn(line, "# \t");
	if (scenario->title || !*line || !strncmp(line, "SPDX-", 5))
		return 0;
	scenario->title = text_trim(line);
	return scenario->title ? 0 : parser_no_memory(parser);
}

static int line_parse(struct parser *parser, const char *line)
{
	struct scenario *scenario = parser->scenario;
	struct step *step;
	int err;

	while (is_blank(*line))
		line++;
	if (*line == '#')
		return title_take(parser, line);
	if (!*line)
		return 0;
	step = reallocarray(scenario->step, scenario->steps + 1,
			    sizeof(*step));
	if (!step)
		return parser_no_memory(parser);
	scenario->step = step;
	step += scenario->steps++;
	memset(step, 0, sizeof(*step));
	step->line = parser->line;
	step->text = text_trim(line);
	if (!step->text)
		return parser_no_memory(parser);
	err = words_split(parser, step, line);
	return err ? err : step_parse(parser, step);
}

static int lines_parse(struct parser *parser, const char *text, size_t size)
{
	int err = 0;

	while (size && !err) {
		const char *end = memchr(text, '\n', size);
		size_t len = end ? (size_t)(end - text) : size;
		char *line;

		parser->line++;
		if (memchr(text, '\0', len))
			return parser_refuse(parser, "there is a NUL byte in the line");
		line = strndup(text, len);
		err = line ? line_parse(parser, line) :
		      parser_no_memory(parser);
		free(line);
		len += end ? 1 : 0;
		text += len;
		size -= len;
	}
	if (!err && !parser->scenario->steps)
		err = parser_refuse(parser, "there is no step");
	return err;
}

int scenario_parse(struct scenario *scenario, const char *file,
		   const char *text, size_t size, struct error *error)
{
	struct parser parser = { .scenario = scenario, .error = error };
	const char *base = strrchr(file, '/');
	const char *dot;
	int err;

	memset(scenario, 0, sizeof(*scenario));
	base = base ? base + 1 : file;
	dot = strrchr(base, '.');
	scenario->file = strdup(file);
	scenario->name = strndup(base, dot && dot != base ?
				 (size_t)(dot - base) : strlen(base));
	if (!scenario->file || !scenario->name)
		return error_set(error, ENOMEM, "%s: no memory", file);
	err = lines_parse(&parser, text, size);
	if (!err && !scenario->title) {
		scenario->title = strdup(scenario->name);
		err = scenario->title ? 0 : parser_no_memory(&parser);
	}
	free(parser.name);
	return err;
}

void scenario_free(struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->steps; i++) {
		struct step *step = &scenario->step[i];

		for (size_t k = 0; k < step->all_count; k++)
			free(step->all[k]);
		free(step->all);
		free(step->text);
	}
	free(scenario->step);
	free(scenario->title);
	free(scenario->name);
	free(scenario->file);
	memset(scenario, 0, sizeof(*scenario));
}
