// SPDX-License-Identifier: GPL-2.0
/* dmaexer: from the words of the command line to a verb and an exit status. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static void die(int status, const char *where, const char *text)
{
	fprintf(stderr, "dmaexer: %s%s%s\n", where, *where ? ": " : "", text);
	exit(status);
}

/* The row of GLOBAL_JSON and so on that @word names, else GLOBAL_COUNT. */
static size_t global_find(const char *word)
{
	size_t i;

	for (i = 0; i < GLOBAL_COUNT; i++)
		if (!strcmp(word, global_opts[i].name) ||
		    !strcmp(word, global_opts[i].brief))
			break;
	return i;
}

static void global_set(struct ctx *ctx, const char *word, bool *help)
{
	switch (global_find(word)) {
	case GLOBAL_JSON:
		ctx->out.mode = OUT_JSON;
		break;
	case GLOBAL_VERBOSE:
		ctx->out.verbose = true;
		break;
	case GLOBAL_HELP:
		*help = true;
		break;
	default:
		die(STATUS_USAGE, word, "there is no such option");
	}
}

/*
 * Options before the verb, letters also together as in "-jv". Returns how many
 * words they are.
 */
static int globals_parse(struct ctx *ctx, int argc, char **argv, bool *help)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		const char *word = argv[i];

		if (word[1] == '-' || !word[1]) {
			global_set(ctx, word, help);
			continue;
		}
		for (const char *c = word + 1; *c; c++) {
			char letter[] = { '-', *c, '\0' };

			global_set(ctx, letter, help);
		}
	}
	return i;
}

/* A verb whose words ask for its help becomes "help OBJECT VERB". */
static bool wants_help(char **word, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (global_find(word[i]) == GLOBAL_HELP)
			return true;
	return false;
}

static int help_show(struct ctx *ctx, char **word, size_t count)
{
	char help_word[] = "help";
	char *help = help_word;
	struct args args = { 0 };
	size_t taken;
	const struct verb *verb = verb_find(&help, 1, &taken, &ctx->error);
	int status = STATUS_USAGE;

	if (!args_parse(&args, verb, word, count, 0, &ctx->error))
		status = verb_run(ctx, &args);
	args_free(&args);
	return status;
}

static int words_run(struct ctx *ctx, char **word, size_t count, char *title,
		     size_t title_size)
{
	struct args args = { 0 };
	const struct verb *verb;
	size_t taken;
	int status = STATUS_USAGE;

	verb = verb_find(word, count, &taken, &ctx->error);
	if (!verb) {
		/* "dmaexer buf --help" */
		if (count == 2 && wants_help(word + 1, 1))
			return help_show(ctx, word, 1);
		return STATUS_USAGE;
	}
	if (wants_help(word + taken, count - taken))
		return help_show(ctx, word, taken);
	verb_title(verb, title, title_size);
	if (!args_parse(&args, verb, word + taken, count - taken, 0,
			&ctx->error))
		status = verb_run(ctx, &args);
	args_free(&args);
	return status;
}

int main(int argc, char **argv)
{
	struct ctx ctx = { .out = { .file = stdout } };
	char title[64] = "";
	char text[640] = "";
	bool help = false;
	int status;
	int first;

	setlocale(LC_CTYPE, "");
	first = globals_parse(&ctx, argc, argv, &help);
	if (!help && first == argc)
		ctx.out.file = stderr;
	if (help || first == argc)
		status = help_show(&ctx, argv + first, 0);
	else
		status = words_run(&ctx, argv + first, (size_t)(argc - first),
				   title, sizeof(title));
	if (status)
		error_render(&ctx, text, sizeof(text));
	ctx_close(&ctx);
	if (out_flush(&ctx.out) && errno != EPIPE)
		die(STATUS_REFUSED, title, "the result could not be written");
	if (text[0])
		die(status, title, text);
	if (!help && first == argc)
		return STATUS_USAGE;
	return status;
}
