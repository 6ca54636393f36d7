// SPDX-License-Identifier: GPL-2.0
#include "progress.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

/* Time between two looks; what ends sooner is not shown. */
#define LOOK_MS 250

#define ERASE_LINE "\r\033[K"

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) +
	       (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* The channel that copies for it, or NULL. */
static const struct object *channel_find(const struct objects *devs,
					 uint32_t owner)
{
	for (size_t i = 0; i < devs->count; i++) {
		const struct object *dev = &devs->object[i];

		if (object_has(dev, DMAEXER_A_DEV_XFER_OWNER) &&
		    object_num(dev, DMAEXER_A_DEV_XFER_OWNER) == owner)
			return dev;
	}
	return NULL;
}

static void line_print(const struct progress *progress,
		       const struct object *dev)
{
	fprintf(stderr, ERASE_LINE);
	/* The module tells who has a channel only while it copies. */
	if (!dev)
		fprintf(stderr, "waiting for the channel, or looking at memory");
	else if (object_has(dev, DMAEXER_A_DEV_XFER_DONE))
		fprintf(stderr, "%s: %" PRIu64 " of %" PRIu64 " bytes",
			object_text(dev, DMAEXER_A_DEV_NAME),
			object_num(dev, DMAEXER_A_DEV_XFER_DONE),
			object_num(dev, DMAEXER_A_DEV_XFER_LENGTH));
	else
		fprintf(stderr, "%s", object_text(dev, DMAEXER_A_DEV_NAME));
	fprintf(stderr, ", %.1f s", seconds_since(&progress->start));
	fflush(stderr);
}

static void look(const struct progress *progress, struct client *client)
{
	struct objects devs = { 0 };

	if (!client_dev_list(client, &devs))
		line_print(progress, channel_find(&devs, progress->owner));
	objects_free(&devs);
}

static void *looks(void *arg)
{
	const struct progress *progress = arg;
	struct pollfd end = { .fd = progress->end[0], .events = POLLIN };
	struct client client;
	struct error error;

	/* Why nothing can be shown is no matter: the transfer will tell. */
	if (client_open(&client, &error))
		return NULL;
	while (!poll(&end, 1, LOOK_MS))
		look(progress, &client);
	fprintf(stderr, ERASE_LINE);
	client_close(&client);
	return NULL;
}

static bool is_watched(const struct ctx *ctx)
{
	return ctx->out.mode == OUT_TEXT && isatty(STDOUT_FILENO) &&
	       isatty(STDERR_FILENO);
}

void progress_start(struct progress *progress, const struct ctx *ctx)
{
	progress->shown = is_watched(ctx) && !pipe2(progress->end, O_CLOEXEC);
	if (!progress->shown)
		return;
	progress->owner = client_port(&ctx->client);
	clock_gettime(CLOCK_MONOTONIC, &progress->start);
	if (pthread_create(&progress->thread, NULL, looks, progress)) {
		close(progress->end[0]);
		close(progress->end[1]);
		progress->shown = false;
	}
}

void progress_stop(struct progress *progress)
{
	if (!progress->shown)
		return;
	close(progress->end[1]);
	pthread_join(progress->thread, NULL);
	close(progress->end[0]);
}
