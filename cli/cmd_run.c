// SPDX-License-Identifier: GPL-2.0
/* run: finds scenarios, parses them all, then runs them. */
#include <errno.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "data.h"
#include "runner.h"

/**
 * struct batch - the scenarios of one run
 * @scenario: parsed, allocated
 * @count: how many
 */
struct batch {
	struct scenario *scenario;
	size_t count;
};

static void batch_free(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		scenario_free(&batch->scenario[i]);
	free(batch->scenario);
}

/*
 * Where the shipped scenarios are: what the environment says, else beside the
 * command in the source tree, else where they are installed.
 */
static const char *scenario_dir(char *buf, size_t size)
{
	const char *set = getenv("DMAEXER_SCENARIOS");
	char exe[PATH_MAX];
	ssize_t len;

	if (set && *set)
		return set;
	len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (len > 0) {
		exe[len] = '\0';
		snprintf(buf, size, "%s/scenarios", dirname(exe));
		if (!access(buf, X_OK))
			return buf;
	}
	return DMX_DATADIR "/scenarios";
}

static int batch_add(struct ctx *ctx, struct batch *batch, const char *path)
{
	struct scenario *grown;
	struct bytes text = { 0 };
	int err;

	err = file_read(path, &text, &ctx->error);
	if (err) {
		free(text.data);
		return err;
	}
	grown = reallocarray(batch->scenario, batch->count + 1,
			     sizeof(*grown));
	if (grown) {
		batch->scenario = grown;
		err = scenario_parse(&grown[batch->count++], path,
				     (const char *)text.data, text.size,
				     &ctx->error);
	} else {
		err = error_set(&ctx->error, ENOMEM, "no memory");
	}
	free(text.data);
	return err;
}

static int batch_add_all(struct ctx *ctx, struct batch *batch)
{
	char buf[PATH_MAX + 16];
	char pattern[PATH_MAX + 32];
	const char *dir = scenario_dir(buf, sizeof(buf));
	glob_t found = { 0 };
	int err = 0;

	snprintf(pattern, sizeof(pattern), "%s/*.dmx", dir);
	if (glob(pattern, 0, NULL, &found))
		err = error_set(&ctx->error, ENOENT,
				"there is no scenario in %s", dir);
	for (size_t i = 0; i < found.gl_pathc && !err; i++)
		err = batch_add(ctx, batch, found.gl_pathv[i]);
	globfree(&found);
	return err;
}

/* A word with a slash or an ending is a path, another a shipped scenario. */
static int batch_add_word(struct ctx *ctx, struct batch *batch,
			  const char *word)
{
	size_t len = strlen(word);
	char buf[PATH_MAX + 16];
	char path[PATH_MAX + 64];
	const char *dir;

	if (strchr(word, '/') ||
	    (len > 4 && !strcmp(word + len - 4, ".dmx")))
		return batch_add(ctx, batch, word);
	dir = scenario_dir(buf, sizeof(buf));
	snprintf(path, sizeof(path), "%s/%s.dmx", dir, word);
	if (access(path, F_OK))
		return error_set(&ctx->error, ENOENT,
				 "there is no scenario %s in %s", word, dir);
	return batch_add(ctx, batch, path);
}

static int batch_read(struct ctx *ctx, const struct args *args,
		      struct batch *batch)
{
	int err = 0;

	if (!args_find(args, "SCENARIO"))
		return batch_add_all(ctx, batch);
	for (size_t i = 0; i < args->count && !err; i++)
		if (args->arg[i].opt->kind == OPT_SCENARIO)
			err = batch_add_word(ctx, batch, args->arg[i].word);
	return err;
}

static int batch_list(struct ctx *ctx, const struct batch *batch)
{
	struct objects list = { 0 };
	int err = 0;

	for (size_t i = 0; i < batch->count && !err; i++) {
		const struct scenario *scenario = &batch->scenario[i];
		struct object *row = objects_add(&list, &scenario_set);

		if (!row ||
		    object_set_text(row, SCENARIO_NAME, scenario->name) ||
		    object_set_text(row, SCENARIO_TITLE, scenario->title) ||
		    object_set_text(row, SCENARIO_FILE, scenario->file))
			err = -ENOMEM;
	}
	if (!err)
		err = out_list(&ctx->out, &scenario_set, &list);
	objects_free(&list);
	return ctx_status(ctx, err);
}

static int batch_run(struct ctx *ctx, const struct batch *batch,
		     const struct args *args)
{
	const struct arg *device = args_find(args, "--device");
	struct report report;
	int err;

	signals_catch();
	report_open(&report, &ctx->out, args_find(args, "--quiet"),
		    batch->count);
	for (size_t i = 0; i < batch->count && !signal_caught; i++)
		scenario_run(&batch->scenario[i], device ? device->word : NULL,
			     &report);
	err = report_close(&report, signal_caught);
	if (err)
		return ctx_status(ctx, err);
	if (report.count[RESULT_FAIL] || signal_caught)
		return STATUS_REFUSED;
	return report.count[RESULT_PASS] ? STATUS_DONE : STATUS_SKIPPED;
}

static int run_run(struct ctx *ctx, const struct args *args)
{
	struct batch batch = { 0 };
	int status;

	if (batch_read(ctx, args, &batch))
		/* A reason with an errno is about files, else about lines. */
		status = ctx->error.number ? STATUS_REFUSED : STATUS_USAGE;
	else if (args_find(args, "--list"))
		status = batch_list(ctx, &batch);
	else
		status = batch_run(ctx, &batch, args);
	batch_free(&batch);
	return status;
}

static const struct opt opts[] = {
	{ .name = "SCENARIO", .kind = OPT_SCENARIO, .flags = OPT_MANY,
	  .help = "name of a shipped scenario, or path of a file; default is all shipped ones" },
	{ .name = "--list", .kind = OPT_FLAG,
	  .help = "name them and what they show, run nothing" },
	{ .name = "--device", .kind = OPT_DEV, .arg = "DEV",
	  .help = "this device in the place of the virtual one that a scenario makes with \"dev = dev add\", and of the channel that it takes with \"chan = dev bind dma/any\"; each scenario leaves its masks and segment size as they were" },
	{ .name = "--quiet", .brief = "-q", .kind = OPT_FLAG,
	  .help = "one line a scenario, and the steps of those that fail" },
};

static const struct verb verbs[] = {
	{ .name = "run", .run = run_run, .opt = opts,
	  .opts = ARRAY_SIZE(opts), .flags = VERB_NO_STEP,
	  .help = "Run scenarios and print their results as KTAP. Nothing is run when one of them does not parse. What they make is gone at their end. Exit status 1 where one failed, 2 where one does not parse, 4 where all were skipped" },
};

const struct verb_table run_verbs = { verbs, ARRAY_SIZE(verbs) };
