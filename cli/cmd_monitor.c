// SPDX-License-Identifier: GPL-2.0
/* monitor: events of the module, a line each. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "cmd.h"

/* Longest --timeout in seconds, a year. */
#define TIMEOUT_MAX 31622400

struct monitor {
	struct ctx *ctx;
	uint64_t left;
	struct timespec end;
	bool timed;
};

static int on_event(void *arg, const char *name, const struct object *object)
{
	struct monitor *monitor = arg;

	if (!monitor->left)
		return 0;
	monitor->left--;
	return out_event(&monitor->ctx->out, name, object);
}

/* Time until the end; false where it is past. */
static bool time_left(const struct monitor *monitor, struct timespec *left)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left->tv_sec = monitor->end.tv_sec - now.tv_sec;
	left->tv_nsec = monitor->end.tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_nsec += 1000000000;
		left->tv_sec--;
	}
	return left->tv_sec >= 0;
}

/*
 * Signals are let in only while poll waits, so that none comes between the look
 * at the flag and the wait.
 */
static int events_wait(struct monitor *monitor, const sigset_t *open)
{
	struct pollfd fd = {
		.fd = client_fd(&monitor->ctx->client), .events = POLLIN,
	};
	struct timespec left;
	int ready;

	if (monitor->timed && !time_left(monitor, &left))
		return 0;
	ready = ppoll(&fd, 1, monitor->timed ? &left : NULL, open);
	if (ready < 0 && errno != EINTR)
		return error_set(&monitor->ctx->error, errno,
				 "waiting for events failed");
	return ready < 0 ? 0 : ready;
}

static int monitor_loop(struct monitor *monitor)
{
	struct event_sink sink = { on_event, monitor };
	sigset_t blocked;
	sigset_t open;
	int err = 0;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &open);
	signals_catch();
	while (monitor->left && !err) {
		int ready = events_wait(monitor, &open);

		if (ready <= 0) {
			err = ready;
			break;
		}
		err = client_event(&monitor->ctx->client, &sink);
		if (err == -ENOBUFS) {
			fprintf(stderr, "dmaexer: monitor: events were lost, they came too fast\n");
			err = 0;
		}
	}
	sigprocmask(SIG_SETMASK, &open, NULL);
	return err;
}

static int monitor_run(struct ctx *ctx, const struct args *args)
{
	const struct arg *count = args_find(args, "--count");
	const struct arg *timeout = args_find(args, "--timeout");
	struct monitor monitor = {
		.ctx = ctx, .left = count ? count->num : UINT64_MAX,
	};

	if (!ctx_client(ctx) || client_listen(&ctx->client))
		return STATUS_REFUSED;
	if (timeout) {
		clock_gettime(CLOCK_MONOTONIC, &monitor.end);
		monitor.end.tv_sec += (time_t)timeout->num;
		monitor.timed = true;
	}
	if (ctx->out.verbose)
		fprintf(stderr, "dmaexer: monitor: listening\n");
	return ctx_status(ctx, monitor_loop(&monitor));
}

static const struct opt opts[] = {
	{ .name = "--count", .kind = OPT_NUMBER, .arg = "N",
	  .help = "end after so many events" },
	{ .name = "--timeout", .kind = OPT_NUMBER, .arg = "SECONDS",
	  .max = TIMEOUT_MAX, .help = "end after so many seconds" },
};

static const struct verb verbs[] = {
	{ .name = "monitor", .run = monitor_run, .opt = opts,
	  .opts = ARRAY_SIZE(opts), .flags = VERB_NO_STEP,
	  .help = "Print events as they come, one a line: dev-add, dev-del, buf-new, buf-share, buf-del, violation, postmortem-new and postmortem-del. SIGINT, SIGTERM and SIGHUP end it; where the module is unloaded, it ends with status 1. With -v it says on standard error when it listens" },
};

const struct verb_table monitor_verbs = { verbs, ARRAY_SIZE(verbs) };
