// SPDX-License-Identifier: GPL-2.0
/* probe and doctor: questions to the platform, and their verdicts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

static int probe_verb(struct ctx *ctx, const struct args *args)
{
	const struct arg *name = args_find(args, "NAME");
	struct object report;
	uint32_t dev = 0;
	int status;
	int err;

	if (!ctx_client(ctx) || dev_argument(ctx, args, &dev))
		return STATUS_REFUSED;
	signals_catch();
	object_init(&report, &verdict_set);
	err = probe_run(ctx, (enum probe_name)name->num, dev, &report);
	if (!err)
		err = out_object(&ctx->out, &report);
	status = ctx_status(ctx, err);
	if (!status && probe_is_violated(&report)) {
		error_set(&ctx->error, 0, "%s is violated: %.400s", name->word,
			  object_text(&report, VERDICT_EVIDENCE));
		status = STATUS_DIFFERS;
	}
	object_free(&report);
	return status;
}

/* What the doctor is at, on a terminal alone. */
static void progress_show(const char *dev, const char *name)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (name)
		fprintf(stderr, "\r\033[K%s: %s ...", dev, name);
	else
		fputs("\r\033[K", stderr);
	fflush(stderr);
}

/**
 * struct failure - probes that came to no verdict
 * @count: how many
 * @error: why the first did not
 * @name: which that was
 */
struct failure {
	size_t count;
	struct error error;
	const char *name;
};

static void failure_keep(struct failure *failure, const struct ctx *ctx,
			 const char *name)
{
	if (failure->count++)
		return;
	failure->error = ctx->error;
	failure->name = name;
}

/*
 * All probes of one device. One that comes to no verdict has no row, and does
 * not keep the others from theirs; a signal does.
 */
static int dev_examine(struct ctx *ctx, const struct object *dev,
		       struct objects *reports, struct failure *failure)
{
	uint32_t id = (uint32_t)object_num(dev, DMAEXER_A_DEV_ID);

	for (size_t i = 0; i < PROBES; i++) {
		struct object *report = objects_add(reports, &verdict_set);
		const char *name = probe_words.word[i].name;
		int err = report ? 0 : -ENOMEM;

		if (err)
			return err;
		progress_show(object_text(dev, DMAEXER_A_DEV_NAME), name);
		ctx_clear(ctx, "");
		err = probe_run(ctx, (enum probe_name)i, id, report);
		progress_show(NULL, NULL);
		if (!err)
			continue;
		object_free(&reports->object[--reports->count]);
		if (signal_caught)
			return err;
		failure_keep(failure, ctx, name);
	}
	return 0;
}

/* The device that is named, else all there are, else one of our own. */
static int patients_find(struct ctx *ctx, const struct args *args,
			 struct objects *devs)
{
	struct client *client = ctx_client(ctx);
	struct object request;
	struct object *dev;
	uint32_t id;
	int err;

	if (!client)
		return -ENOENT;
	if (!args_find(args, "DEV") && !ctx->dev) {
		err = client_dev_list(client, devs);
		if (err || devs->count)
			return err;
		dev = objects_add(devs, &dev_set);
		object_init(&request, &dev_set);
		object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
		err = dev ? client_dev_new(client, &request, dev) : -ENOMEM;
		object_free(&request);
		return err;
	}
	err = dev_argument(ctx, args, &id);
	if (err)
		return err;
	dev = objects_add(devs, &dev_set);
	return dev ? client_dev_get(client, id, dev) : -ENOMEM;
}

/* As a list, or in text a table for each device. */
static int reports_print(struct ctx *ctx, const struct objects *devs,
			 const struct objects *reports)
{
	struct objects rows = { .object = reports->object };
	int err = 0;

	if (ctx->out.mode != OUT_TEXT)
		return out_list(&ctx->out, &verdict_set, reports);
	for (size_t i = 0; i < devs->count && !err; i++) {
		const char *name = object_text(&devs->object[i],
					       DMAEXER_A_DEV_NAME);
		const struct object *end = reports->object + reports->count;

		rows.object += rows.count;
		rows.count = 0;
		while (rows.object + rows.count < end &&
		       !strcmp(object_text(rows.object + rows.count,
					   VERDICT_DEV_NAME), name))
			rows.count++;
		out_text(&ctx->out, "%s%s\n", i ? "\n" : "", name);
		err = out_list(&ctx->out, &verdict_set, &rows);
	}
	return err;
}

static int reports_status(struct ctx *ctx, const struct objects *reports)
{
	char names[256] = "";
	size_t len = 0;
	size_t count = 0;

	for (size_t i = 0; i < reports->count; i++) {
		const struct object *report = &reports->object[i];

		if (!probe_is_violated(report))
			continue;
		if (len < sizeof(names))
			len += (size_t)snprintf(names + len,
						sizeof(names) - len, "%s%s",
						count ? ", " : "",
						object_text(report,
							    VERDICT_NAME));
		count++;
	}
	if (!count)
		return STATUS_DONE;
	error_set(&ctx->error, 0, "%zu of %zu are violated: %s", count,
		  reports->count, names);
	return STATUS_DIFFERS;
}

/* Returns -errno of the first. */
static int failure_explain(struct ctx *ctx, const struct failure *failure)
{
	int number = failure->error.number;

	return error_set(&ctx->error, number ? number : EIO,
			 "%zu without a verdict, %s%s: %.400s", failure->count,
			 failure->count > 1 ? "first " : "", failure->name,
			 failure->error.text);
}

static int doctor_run(struct ctx *ctx, const struct args *args)
{
	struct objects devs = { 0 };
	struct objects reports = { 0 };
	struct failure failure = { 0 };
	int status;
	int err;

	signals_catch();
	err = patients_find(ctx, args, &devs);
	for (size_t i = 0; i < devs.count && !err; i++)
		err = dev_examine(ctx, &devs.object[i], &reports, &failure);
	if (!err && failure.count)
		err = failure_explain(ctx, &failure);
	status = ctx_status(ctx, err);
	if (reports.count && reports_print(ctx, &devs, &reports))
		status = ctx_status(ctx, -ENOMEM);
	if (!status)
		status = reports_status(ctx, &reports);
	objects_free(&reports);
	objects_free(&devs);
	return status;
}

static const struct opt probe_opts[] = {
	{ .name = "NAME", .kind = OPT_WORD, .flags = OPT_REQUIRED,
	  .words = &probe_words,
	  .help = "backend, attributes, stale, masks, alignment, largest, exhaust, protection or visibility" },
	{ .name = "DEV", .kind = OPT_DEV,
	  .help = "name or number of the device; default is the only one" },
};

static const struct opt doctor_opts[] = {
	{ .name = "DEV", .kind = OPT_DEV,
	  .help = "name or number of the device; default is all, or where there is none a virtual one" },
};

static const struct verb verbs[] = {
	{ .name = "probe", .run = probe_verb, .set = &verdict_set,
	  .opt = probe_opts, .opts = ARRAY_SIZE(probe_opts),
	  .help = "Put one question to the platform and show the verdict, what it rests on, and a hint. Nothing is left behind. Exit status 3 where the platform breaks a promise" },
	{ .name = "doctor", .run = doctor_run, .set = &verdict_set,
	  .opt = doctor_opts, .opts = ARRAY_SIZE(doctor_opts),
	  .help = "Put all questions of \"probe\" and show a table of the verdicts. A question that comes to no verdict has no row, and does not keep the others from theirs. Exit status 3 where one says violated, 1 where there is no verdict" },
};

const struct verb_table probe_verbs = { verbs, ARRAY_SIZE(verbs) };
