// SPDX-License-Identifier: GPL-2.0
/* dev bind and dev unbind: devices that are there anyway. */
#include <errno.h>
#include <linux/dmaexer.h>
#include <string.h>

#include "binding.h"
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
	object_free(&request);
	return ctx_show(ctx, err, &dev);
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

/* A scenario that is killed could not give the device back. */
static int step_refuse(struct ctx *ctx)
{
	return error_set(&ctx->error, EOPNOTSUPP,
			 "no step of a scenario takes a device from its driver; bind it before, and lend it with \"dmaexer run --device\"");
}

/* Who may bind is who may ask. */
static int allowed_check(struct ctx *ctx, struct client *client)
{
	struct objects devs = { 0 };
	int err = client_dev_list(client, &devs);

	objects_free(&devs);
	if (err)
		ctx->error.attr = 0;
	return err;
}

static int device_bind(struct ctx *ctx, const struct arg *what, bool force)
{
	const char *bus = words_name(&bus_words, what->num);
	struct client *client = ctx_client(ctx);
	struct binding binding;
	struct object dev;
	uint32_t id;
	int err;

	if (!client)
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	err = ctx->step ? step_refuse(ctx) : allowed_check(ctx, client);
	if (!err)
		err = binding_open(&binding, bus, what->name, &ctx->error);
	if (!err)
		err = binding_take(&binding, force, &ctx->error);
	if (!err)
		err = path_resolve(ctx, client, what->num, what->name, &id);
	if (!err)
		err = client_dev_get(client, id, &dev);
	return ctx_show(ctx, err, &dev);
}

static int dev_bind(struct ctx *ctx, const struct args *args)
{
	const struct arg *what = args_find(args, "WHAT");

	ctx_clear(ctx, "WHAT");
	if (what->num == BUS_DMA)
		return channel_bind(ctx, what->name);
	return device_bind(ctx, what, args_find(args, "--force"));
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

/* Puts back what the device was, without the module's help. */
static int device_unbind(struct ctx *ctx, const char *bus, const char *name)
{
	struct binding binding;
	int err;

	if (ctx->step)
		return step_refuse(ctx);
	err = binding_open(&binding, bus, name, &ctx->error);
	return err ? err : binding_release(&binding, &ctx->error);
}

static int bound_unbind(struct ctx *ctx, struct client *client,
			const struct object *dev)
{
	uint32_t id = (uint32_t)object_num(dev, DMAEXER_A_DEV_ID);
	const char *name = object_text(dev, DMAEXER_A_DEV_NAME);

	if (object_num(dev, DMAEXER_A_DEV_VIRTUAL))
		return error_set(&ctx->error, EOPNOTSUPP,
				 "%s was not bound but made; take it away with \"dmaexer dev del %s\"",
				 name, name);
	if (dev_is_channel(dev))
		return client_dev_del(client, id);
	return device_unbind(ctx, object_text(dev, DMAEXER_A_DEV_BUS), name);
}

/*
 * What is not bound may have to be put back all the same: the module may have
 * gone, or a command have been killed. Its path says which device it is.
 */
static int path_unbind(struct ctx *ctx, const char *word)
{
	const char *name;
	uint64_t bus;

	if (parse_path(word, &bus_words, &bus, &name) || bus == BUS_DMA)
		return -ENOENT;
	return device_unbind(ctx, words_name(&bus_words, bus), name);
}

static int dev_unbind(struct ctx *ctx, const struct args *args)
{
	const char *word = args_find(args, "DEV")->word;
	struct client *client;
	struct object dev;
	int err;

	ctx_clear(ctx, "DEV");
	object_init(&dev, &dev_set);
	client = ctx_client(ctx);
	if (client)
		err = bound_find(ctx, client, word, &dev);
	else
		err = -ctx->error.number;
	if (!err)
		err = bound_unbind(ctx, client, &dev);
	else if (err == -ENOENT)
		err = path_unbind(ctx, word);
	object_free(&dev);
	if (!err)
		err = out_nothing(&ctx->out);
	return ctx_status(ctx, err);
}

static const struct opt bind_opts[] = {
	{ .name = "WHAT", .kind = OPT_PATH, .flags = OPT_REQUIRED,
	  .words = &bus_words, .attr = DMAEXER_A_DEV_CHANNEL,
	  .help = "pci/NAME or platform/NAME, a device as in /sys/bus, which is taken from its driver; dma/NAME, a DMA engine channel as in /sys/class/dma that copies memory; or dma/any for one that is free" },
	{ .name = "--force", .kind = OPT_FLAG,
	  .help = "although the device is in use; who uses it loses it" },
	{ .name = "--owned", .kind = OPT_FLAG, .flags = OPT_OWNED,
	  .help = "the device is released when the scenario ends; in a scenario each is" },
};

static const struct opt unbind_opts[] = {
	{ .name = "DEV", .kind = OPT_DEV, .flags = OPT_REQUIRED,
	  .attr = DMAEXER_A_DEV_ID,
	  .help = "name or number of the device, or pci/NAME, platform/NAME or dma/NAME" },
};

static const struct verb verbs[] = {
	{ .object = "dev", .name = "bind", .run = dev_bind, .set = &dev_set,
	  .opt = bind_opts, .opts = ARRAY_SIZE(bind_opts),
	  .help = "Take a device that is there, and show it. ENOENT where there is no such device, or no such channel that is free; EBUSY where the device is in use or bound already; EOPNOTSUPP for a PCI bridge, where its driver never lets go of a device, and where the module takes none of that bus. Where a step is refused, those before are undone" },
	{ .object = "dev", .name = "unbind", .run = dev_unbind,
	  .set = &dev_set, .opt = unbind_opts, .opts = ARRAY_SIZE(unbind_opts),
	  .help = "Give a device back to the driver that had it, and free its buffers. EOPNOTSUPP for a virtual device, EBUSY where another driver has taken it meanwhile" },
};

const struct verb_table bind_verbs = { verbs, ARRAY_SIZE(verbs) };
