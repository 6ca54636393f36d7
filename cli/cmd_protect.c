// SPDX-License-Identifier: GPL-2.0
/* protect: has a channel write where it may not. */
#include <errno.h>
#include <linux/dmaexer.h>

#include "cmd.h"
#include "names.h"

/* The channel that is named, else the only one. */
static int channel_resolve(struct ctx *ctx, const struct args *args,
			   uint32_t *id)
{
	const struct arg *named = args_find(args, "CHANNEL");
	struct objects devs = { 0 };
	size_t count = 0;
	int err;

	if (named || ctx->dev)
		return dev_resolve(ctx, named ? named->word : NULL, id);
	err = client_dev_list(&ctx->client, &devs);
	for (size_t i = 0; i < devs.count; i++) {
		if (!dev_is_channel(&devs.object[i]))
			continue;
		*id = (uint32_t)object_num(&devs.object[i], DMAEXER_A_DEV_ID);
		count++;
	}
	objects_free(&devs);
	if (err || count == 1)
		return err;
	return error_set(&ctx->error, count ? EINVAL : ENODEV, count ?
			 "which channel? there are %zu" :
			 "there is no channel; take one with \"dmaexer dev bind dma/any\"",
			 count);
}

static int protect_run(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object request;
	struct object result;
	uint32_t id = 0;
	int err;

	if (!client || channel_resolve(ctx, args, &id))
		return STATUS_REFUSED;
	object_init(&result, &protect_set);
	object_init(&request, &protect_set);
	object_set_num(&request, DMAEXER_A_PROTECT_DEV_ID, id);
	err = args_request(args, &request);
	if (!err)
		err = client_protect_run(client, &request, &result);
	object_free(&request);
	return ctx_show(ctx, err, &result);
}

static const struct opt opts[] = {
	{ .name = "CASE", .kind = OPT_WORD, .flags = OPT_REQUIRED,
	  .words = &protect_case_words, .attr = DMAEXER_A_PROTECT_CASE,
	  .help = "within, a mapping for writing; past-end, behind its last page; freed, when it is gone; read-only, a mapping for reading" },
	{ .name = "CHANNEL", .kind = OPT_DEV, .attr = DMAEXER_A_PROTECT_DEV_ID,
	  .help = "name or number of a DMA engine channel; default is the only one there is" },
};

static const struct verb verbs[] = {
	{ .name = "protect", .run = protect_run, .set = &protect_set,
	  .opt = opts, .opts = ARRAY_SIZE(opts),
	  .help = "Have a DMA engine channel write where it may or may not, and show whether it landed or was stopped. All that it can hit is memory of the test. EBUSY while the address space has buffers, EOPNOTSUPP for a device that is no channel, ETIMEDOUT where it does not answer" },
};

const struct verb_table protect_verbs = { verbs, ARRAY_SIZE(verbs) };
