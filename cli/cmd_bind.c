// SPDX-License-Identifier: GPL-2.0
/* dev bind and dev unbind: devices that are there anyway. */
#include <errno.h>
#include <linux/dmaexer.h>
#include <string.h>

#include "cmd.h"
#include "names.h"

bool dev_is_channel(const struct object *dev)
{
	return !strcmp(object_text(dev, DMAEXER_A_DEV_BUS), "dma");
}

static int channel_bind(struct ctx *ctx, const char *name)
{
	struct client *client = ctx_client(ctx);
	struct object request;
	struct object dev;
	int err;

	if (!client)
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	object_init(&request, &dev_set);
	if (ctx->step)
		object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	err = object_set_text(&request, DMAEXER_A_DEV_CHANNEL, name);
	if (!err)
		err = client_dev_new(client, &request, &dev);
	if (!err)
		err = out_object(&ctx->out, &dev);
	object_free(&request);
	object_free(&dev);
	return ctx_status(ctx, err);
}

static int dev_bind(struct ctx *ctx, const struct args *args)
{
	const struct arg *what = args_find(args, "WHAT");

	if (what->num == BUS_DMA)
		return channel_bind(ctx, what->name);
	error_set(&ctx->error, EOPNOTSUPP, "%s is no DMA engine channel",
		  what->word);
	return STATUS_REFUSED;
}

/* The number of the device of a bus, which has a name that others may have. */
static int path_resolve(struct ctx *ctx, struct client *client, uint64_t bus,
			const char *name, uint32_t *id)
{
	const char *bus_name = words_name(&bus_words, bus);
	struct objects devs = { 0 };
	int err = client_dev_list(client, &devs);

	*id = 0;
	for (size_t i = 0; i < devs.count && !err; i++) {
		const struct object *dev = &devs.object[i];

		if (!strcmp(object_text(dev, DMAEXER_A_DEV_BUS), bus_name) &&
		    !strcmp(object_text(dev, DMAEXER_A_DEV_NAME), name))
			*id = (uint32_t)object_num(dev, DMAEXER_A_DEV_ID);
	}
	objects_free(&devs);
	if (!err && !*id)
		err = error_set(&ctx->error, ENOENT,
				"%s/%s is not bound to dmaexer", bus_name, name);
	return err;
}

/* The device that DEV names: its number, its name, or what it was bound by. */
static int bound_find(struct ctx *ctx, struct client *client,
		      const char *word, struct object *dev)
{
	const char *name;
	uint64_t bus;
	uint32_t id;
	int err;

	if (parse_path(word, &bus_words, &bus, &name))
		err = dev_resolve(ctx, word, &id);
	else
		err = path_resolve(ctx, client, bus, name, &id);
	return err ? err : client_dev_get(client, id, dev);
}

static int dev_unbind_one(struct ctx *ctx, struct client *client,
			  const struct object *dev)
{
	uint32_t id = (uint32_t)object_num(dev, DMAEXER_A_DEV_ID);
	const char *name = object_text(dev, DMAEXER_A_DEV_NAME);
	int err;

	if (object_num(dev, DMAEXER_A_DEV_VIRTUAL))
		return error_set(&ctx->error, EOPNOTSUPP,
				 "%s was not bound but made; take it away with \"dmaexer dev del %s\"",
				 name, name);
	err = client_dev_del(client, id);
	return err ? err : out_nothing(&ctx->out);
}

static int dev_unbind(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object dev;
	int err;

	if (!client)
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	err = bound_find(ctx, client, args_find(args, "DEV")->word, &dev);
	if (!err)
		err = dev_unbind_one(ctx, client, &dev);
	object_free(&dev);
	return ctx_status(ctx, err);
}

static const struct opt bind_opts[] = {
	{ .name = "WHAT", .kind = OPT_PATH, .flags = OPT_REQUIRED,
	  .words = &bus_words, .attr = DMAEXER_A_DEV_CHANNEL,
	  .help = "dma/NAME, a DMA engine channel as in /sys/class/dma that copies memory, or dma/any for one that is free" },
	{ .name = "--owned", .kind = OPT_FLAG, .flags = OPT_OWNED,
	  .help = "the device is released when the scenario ends; in a scenario each is" },
};

static const struct opt unbind_opts[] = {
	{ .name = "DEV", .kind = OPT_DEV, .flags = OPT_REQUIRED,
	  .attr = DMAEXER_A_DEV_ID,
	  .help = "name or number of the device, or what it was bound by" },
};

static const struct verb verbs[] = {
	{ .object = "dev", .name = "bind", .run = dev_bind, .set = &dev_set,
	  .opt = bind_opts, .opts = ARRAY_SIZE(bind_opts),
	  .help = "Take a device that is there, and show it. ENOENT where there is no such channel that is free" },
	{ .object = "dev", .name = "unbind", .run = dev_unbind,
	  .set = &dev_set, .opt = unbind_opts, .opts = ARRAY_SIZE(unbind_opts),
	  .help = "Give a device back, and free its buffers. EOPNOTSUPP for a virtual device" },
};

const struct verb_table bind_verbs = { verbs, ARRAY_SIZE(verbs) };
