// SPDX-License-Identifier: GPL-2.0
/* postmortem: what is kept of buffers whose device is gone. */
#include <errno.h>
#include <linux/dmaexer.h>

#include "cmd_buf.h"

static int postmortem_list(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct objects list = { 0 };
	int err;

	(void)args;
	if (!client)
		return STATUS_REFUSED;
	err = client_postmortem_list(client, &list);
	if (!err)
		err = out_list(&ctx->out, &postmortem_set, &list);
	objects_free(&list);
	return ctx_status(ctx, err);
}

static int get(struct ctx *ctx, const struct args *args, struct object *object)
{
	object_init(object, &postmortem_set);
	return client_postmortem_get(&ctx->client,
				     (uint32_t)args_find(args, "ID")->num,
				     object);
}

static int postmortem_show(struct ctx *ctx, const struct args *args)
{
	struct object object;

	if (!ctx_client(ctx))
		return STATUS_REFUSED;
	return ctx_show(ctx, get(ctx, args, &object), &object);
}

static int postmortem_dump(struct ctx *ctx, const struct args *args)
{
	struct object object;
	int err;

	if (!ctx_client(ctx))
		return STATUS_REFUSED;
	err = get(ctx, args, &object);
	if (!err)
		err = contents_dump(ctx, args, &object);
	object_free(&object);
	return ctx_status(ctx, err);
}

/* What others drop meanwhile is dropped as well. */
static int del_all(struct client *client)
{
	struct objects list = { 0 };
	int err = client_postmortem_list(client, &list);

	for (size_t i = 0; i < list.count && !err; i++) {
		err = client_postmortem_del(client, (uint32_t)
			object_num(&list.object[i], DMAEXER_A_BUF_ID));
		if (err == -ENOENT)
			err = 0;
	}
	objects_free(&list);
	return err;
}

static int postmortem_del(struct ctx *ctx, const struct args *args)
{
	bool all = args_find(args, "--all");
	struct client *client;
	int err = 0;

	if (all == !!args_find(args, "ID")) {
		error_set(&ctx->error, 0, "which? give ID or --all");
		return STATUS_USAGE;
	}
	client = ctx_client(ctx);
	if (!client)
		return STATUS_REFUSED;
	if (all)
		err = del_all(client);
	for (size_t i = 0; i < args->count && !all && !err; i++)
		err = client_postmortem_del(client,
					    (uint32_t)args->arg[i].num);
	if (!err)
		err = out_nothing(&ctx->out);
	return ctx_status(ctx, err);
}

#define POSTMORTEM_ID { .name = "ID", .kind = OPT_POSTMORTEM, \
			.flags = OPT_REQUIRED, .max = UINT32_MAX, \
			.attr = DMAEXER_A_BUF_ID, \
			.help = "number of the buffer that was" }

static const struct opt show_opts[] = { POSTMORTEM_ID };

static const struct opt dump_opts[] = {
	POSTMORTEM_ID, DUMP_RAW, RANGE_OFFSET, RANGE_LENGTH,
};

static const struct opt del_opts[] = {
	{ .name = "ID", .kind = OPT_POSTMORTEM, .flags = OPT_MANY,
	  .max = UINT32_MAX, .attr = DMAEXER_A_BUF_ID,
	  .help = "number of a buffer that was; at the first that is refused it ends" },
	{ .name = "--all", .kind = OPT_FLAG, .help = "all there are" },
};

#define POSTMORTEM_VERB(verb) .object = "postmortem", .name = #verb, \
	.run = postmortem_##verb, .set = &postmortem_set

static const struct verb verbs[] = {
	{ POSTMORTEM_VERB(list),
	  .help = "List what is kept of buffers that were made with --keep, and whose device is gone" },
	{ POSTMORTEM_VERB(show), .opt = show_opts,
	  .opts = ARRAY_SIZE(show_opts),
	  .help = "Show what a buffer was when its device went, and why its contents were lost, where they were" },
	{ POSTMORTEM_VERB(dump), .opt = dump_opts,
	  .opts = ARRAY_SIZE(dump_opts),
	  .help = "Print contents that are kept, as buf dump does. ENOENT where they were lost" },
	{ POSTMORTEM_VERB(del), .opt = del_opts, .opts = ARRAY_SIZE(del_opts),
	  .help = "Drop what is kept of buffers" },
};

const struct verb_table postmortem_verbs = { verbs, ARRAY_SIZE(verbs) };
