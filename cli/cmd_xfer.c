// SPDX-License-Identifier: GPL-2.0
/* xfer: a DMA engine channel copies from one buffer to another. */
#include <errno.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "progress.h"

static int request_make(struct ctx *ctx, const struct args *args,
			struct object *request)
{
	const struct arg *channel = args_find(args, "--channel");
	uint32_t id = 0;
	int err;

	object_init(request, &xfer_set);
	if (!ctx_client(ctx))
		return -ENOENT;
	err = args_request(args, request);
	if (err || !channel)
		return err;
	err = dev_resolve(ctx, channel->word, &id);
	object_set_num(request, DMAEXER_A_XFER_DEV_ID, id);
	return err;
}

static int watched_run(struct ctx *ctx, const struct object *request,
		       struct object *result)
{
	struct progress progress;
	int err;

	progress_start(&progress, ctx);
	err = client_xfer_run(&ctx->client, request, result);
	progress_stop(&progress);
	return err;
}

static const struct {
	unsigned int attr;
	const char *what;
} counters[] = {
	{ DMAEXER_A_XFER_NOT_COPIED, "not copied" },
	{ DMAEXER_A_XFER_CORRUPTED, "corrupted" },
	{ DMAEXER_A_XFER_OVERRUN, "overrun" },
};

/* "16 bytes not copied, 0 corrupted, 0 overrun", of those that were counted */
static void counters_render(const struct object *result, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		if (!object_has(result, counters[i].attr))
			continue;
		snprintf(buf + len, size - len, "%s%" PRIu64 "%s %s",
			 len ? ", " : "", object_num(result, counters[i].attr),
			 len ? "" : " bytes", counters[i].what);
		len = strlen(buf);
	}
}

/* What differs was seen at a byte. */
static bool difference_explain(struct ctx *ctx, const struct object *result)
{
	char counted[128];

	if (!object_has(result, DMAEXER_A_XFER_FIRST_MISMATCH))
		return false;
	counters_render(result, counted, sizeof(counted));
	error_set(&ctx->error, 0, "buffer %" PRIu64 " is not what it should be: %s, the first at %" PRIu64
		  ": expected 0x%02" PRIx64 ", is 0x%02" PRIx64,
		  object_num(result, DMAEXER_A_XFER_DST), counted,
		  object_num(result, DMAEXER_A_XFER_FIRST_MISMATCH),
		  object_num(result, DMAEXER_A_XFER_EXPECTED),
		  object_num(result, DMAEXER_A_XFER_ACTUAL));
	return true;
}

static int xfer_run(struct ctx *ctx, const struct args *args)
{
	struct object request;
	struct object result;
	bool differs = false;
	int err;

	object_init(&result, &xfer_set);
	err = request_make(ctx, args, &request);
	if (!err)
		err = watched_run(ctx, &request, &result);
	if (!err)
		err = out_object(&ctx->out, &result);
	if (!err)
		differs = difference_explain(ctx, &result);
	object_free(&request);
	object_free(&result);
	return differs ? STATUS_DIFFERS : ctx_status(ctx, err);
}

static const struct opt opts[] = {
	{ .name = "SRC", .kind = OPT_PLACE, .flags = OPT_REQUIRED,
	  .max = UINT32_MAX, .attr = DMAEXER_A_XFER_SRC,
	  .extra = DMAEXER_A_XFER_SRC_OFFSET,
	  .help = "ID[+OFFSET], number of the buffer to copy from, and its first byte, default 0" },
	{ .name = "DST", .kind = OPT_PLACE, .flags = OPT_REQUIRED,
	  .max = UINT32_MAX, .attr = DMAEXER_A_XFER_DST,
	  .extra = DMAEXER_A_XFER_DST_OFFSET,
	  .help = "ID[+OFFSET], number of the buffer to copy to, and its first byte" },
	{ .name = "LENGTH", .kind = OPT_SIZE,
	  .attr = DMAEXER_A_XFER_LENGTH,
	  .help = "number of bytes, default the rest of the shorter one" },
	{ .name = "--channel", .kind = OPT_DEV, .arg = "DEV",
	  .attr = DMAEXER_A_XFER_DEV_ID,
	  .help = "name or number of the channel; default is one that reaches both buffers" },
	{ .name = "--timeout", .kind = OPT_NUMBER, .arg = "MS",
	  .max = UINT32_MAX, .attr = DMAEXER_A_XFER_TIMEOUT_MS,
	  .help = "stop it after so many milliseconds, default 10000" },
};

static const struct verb verbs[] = {
	{ .name = "xfer", .run = xfer_run, .opt = opts,
	  .opts = ARRAY_SIZE(opts), .set = &xfer_set,
	  .help = "Have a DMA engine channel copy from one buffer to another, and compare. What was copied is compared with the source, the page before it and the page behind it with what they were; exit status 3 where a byte differs. Of a handle nothing can be compared. EINVAL for a box, for pages and for several objects of a pool, EPERM from what is from-device and to what is to-device, EINVAL for ranges that are out of bounds or overlap, and where the channel wants another alignment; EOPNOTSUPP for buffers of another address space, ERANGE for those beyond the mask of the channel; ETIMEDOUT, EIO where the channel reports an error, ENOENT or ENODEV where a buffer or the channel goes meanwhile" },
};

const struct verb_table xfer_verbs = { verbs, ARRAY_SIZE(verbs) };
