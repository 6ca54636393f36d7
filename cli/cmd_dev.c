// SPDX-License-Identifier: GPL-2.0
/* dev: the devices that the module exercises. */
#include <errno.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <string.h>

#include "cmd.h"

/* "dmaexer.0, dmaexer.1" */
static void names_join(const struct objects *devs, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < devs->count && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
					i ? ", " : "",
					object_text(&devs->object[i],
						    DMAEXER_A_DEV_NAME));
}

static int dev_only(struct ctx *ctx, const struct objects *devs, uint32_t *id)
{
	char names[256];

	if (devs->count == 1) {
		*id = (uint32_t)object_num(devs->object, DMAEXER_A_DEV_ID);
		return 0;
	}
	if (!devs->count)
		return error_set(&ctx->error, ENODEV,
				 "there is no device; make one with \"dmaexer dev add\"");
	names_join(devs, names, sizeof(names));
	return error_set(&ctx->error, EINVAL, "which device? DEV is one of %s",
			 names);
}

static int dev_named(struct ctx *ctx, const struct objects *devs,
		     const char *name, uint32_t *id)
{
	char names[256];

	for (size_t i = 0; i < devs->count; i++) {
		const struct object *dev = &devs->object[i];

		if (strcmp(object_text(dev, DMAEXER_A_DEV_NAME), name) != 0)
			continue;
		*id = (uint32_t)object_num(dev, DMAEXER_A_DEV_ID);
		return 0;
	}
	names_join(devs, names, sizeof(names));
	return error_set(&ctx->error, ENOENT,
			 "there is no device %s; there %s %s", name,
			 devs->count == 1 ? "is" : "are",
			 devs->count ? names : "none");
}

int dev_resolve(struct ctx *ctx, const char *name, uint32_t *id)
{
	struct objects devs = { 0 };
	struct client *client;
	uint64_t number;
	int err;

	if (name && !parse_number(name, &number)) {
		*id = (uint32_t)number;
		if (number <= UINT32_MAX)
			return 0;
		return error_set(&ctx->error, ENOENT, "there is no device %s",
				 name);
	}
	if (!name && ctx->dev) {
		*id = ctx->dev;
		return 0;
	}
	client = ctx_client(ctx);
	if (!client)
		return -ENOENT;
	err = client_dev_list(client, &devs);
	if (!err && name)
		err = dev_named(ctx, &devs, name, id);
	else if (!err)
		err = dev_only(ctx, &devs, id);
	objects_free(&devs);
	return err;
}

int dev_argument(struct ctx *ctx, const struct args *args, uint32_t *id)
{
	const struct arg *arg = args_find(args, "DEV");

	return dev_resolve(ctx, arg ? arg->word : NULL, id);
}

static int dev_list(struct ctx *ctx, const struct args *args)
{
	struct objects devs = { 0 };
	struct client *client = ctx_client(ctx);
	int err;

	(void)args;
	if (!client)
		return STATUS_REFUSED;
	err = client_dev_list(client, &devs);
	if (!err)
		err = out_list(&ctx->out, &dev_set, &devs);
	objects_free(&devs);
	return ctx_status(ctx, err);
}

static int dev_show(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object dev;
	uint32_t id = 0;
	int err;

	if (!client || dev_argument(ctx, args, &id))
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	err = client_dev_get(client, id, &dev);
	return ctx_show(ctx, err, &dev);
}

static int dev_set_run(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object request;
	struct object dev;
	uint32_t id = 0;
	int err;

	if (!client || dev_argument(ctx, args, &id))
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	object_init(&request, &dev_set);
	object_set_num(&request, DMAEXER_A_DEV_ID, id);
	if (ctx->step)
		object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	err = args_request(args, &request);
	if (!err)
		err = client_dev_set(client, &request, &dev);
	object_free(&request);
	return ctx_show(ctx, err, &dev);
}

static int dev_set_checked(struct ctx *ctx, const struct args *args)
{
	bool dma = args_find(args, "--dma-mask");
	bool coherent = args_find(args, "--coherent-mask");

	if (args_find(args, "--mask") && (dma || coherent)) {
		error_set(&ctx->error, 0, "--mask sets both masks; give it alone, or %s",
			  "--dma-mask and --coherent-mask");
		return STATUS_USAGE;
	}
	if (!args_find(args, "--mask") && !dma && !coherent &&
	    !args_find(args, "--seg-size")) {
		error_set(&ctx->error, 0, "nothing to set; give --mask, %s",
			  "--dma-mask, --coherent-mask or --seg-size");
		return STATUS_USAGE;
	}
	return dev_set_run(ctx, args);
}

static int dev_add(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object request;
	struct object dev;
	int err;

	(void)args;
	if (!client)
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	object_init(&request, &dev_set);
	if (ctx->step)
		object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	err = client_dev_new(client, &request, &dev);
	object_free(&request);
	return ctx_show(ctx, err, &dev);
}

static int dev_del(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	uint32_t id = 0;
	int err;

	if (!client || dev_argument(ctx, args, &id))
		return STATUS_REFUSED;
	err = client_dev_del(client, id);
	if (!err)
		err = out_nothing(&ctx->out);
	return ctx_status(ctx, err);
}

#define DEV_NEEDED { .name = "DEV", .kind = OPT_DEV, .flags = OPT_REQUIRED, \
		     .attr = DMAEXER_A_DEV_ID, \
		     .help = "name or number of the device" }

static const struct opt one_dev[] = { DEV_NEEDED };

static const struct opt set_opts[] = {
	DEV_NEEDED,
	{ .name = "--mask", .kind = OPT_NUMBER, .arg = "BITS",
	  .max = UINT32_MAX, .attr = DMAEXER_A_DEV_DMA_MASK_BITS,
	  .also = DMAEXER_A_DEV_COHERENT_MASK_BITS,
	  .help = "width of both masks, 0 to 64" },
	{ .name = "--dma-mask", .kind = OPT_NUMBER, .arg = "BITS",
	  .max = UINT32_MAX, .attr = DMAEXER_A_DEV_DMA_MASK_BITS,
	  .help = "width of the streaming mask, 0 to 64" },
	{ .name = "--coherent-mask", .kind = OPT_NUMBER, .arg = "BITS",
	  .max = UINT32_MAX, .attr = DMAEXER_A_DEV_COHERENT_MASK_BITS,
	  .help = "width of the coherent mask, 0 to 64" },
	{ .name = "--seg-size", .kind = OPT_SIZE, .arg = "SIZE",
	  .max = UINT32_MAX, .attr = DMAEXER_A_DEV_MAX_SEG_SIZE,
	  .help = "largest DMA segment, from 1 byte to 4G less 1" },
	{ .name = "--force", .kind = OPT_FLAG, .attr = DMAEXER_A_DEV_FORCE,
	  .help = "although buffers are live; bufs-outside counts those that the mask no longer reaches" },
	{ .name = "--owned", .kind = OPT_FLAG, .flags = OPT_OWNED,
	  .help = "they are put back when the scenario ends; in a scenario all are" },
};

static const struct opt add_opts[] = {
	{ .name = "--owned", .kind = OPT_FLAG, .flags = OPT_OWNED,
	  .help = "the device goes when the scenario ends; in a scenario each does" },
};

static const struct verb verbs[] = {
	{ .object = "dev", .name = "list", .run = dev_list, .set = &dev_set,
	  .help = "List the devices that the module exercises" },
	{ .object = "dev", .name = "show", .run = dev_show, .set = &dev_set,
	  .opt = one_dev, .opts = ARRAY_SIZE(one_dev),
	  .help = "Show all that is known of a device" },
	{ .object = "dev", .name = "set", .run = dev_set_checked,
	  .set = &dev_set, .opt = set_opts, .opts = ARRAY_SIZE(set_opts),
	  .help = "Set masks and segment size, all or nothing, and show the device. EBUSY while it has a buffer, or a scenario or a probe has its limits, EIO where the platform refuses a mask" },
	{ .object = "dev", .name = "add", .run = dev_add, .set = &dev_set,
	  .opt = add_opts, .opts = ARRAY_SIZE(add_opts),
	  .help = "Make a virtual platform device and show it" },
	{ .object = "dev", .name = "del", .run = dev_del, .set = &dev_set,
	  .opt = one_dev, .opts = ARRAY_SIZE(one_dev),
	  .help = "Delete a virtual device and its buffers. EOPNOTSUPP for a device that dmaexer did not make" },
};

const struct verb_table dev_verbs = { verbs, ARRAY_SIZE(verbs) };
