/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far a transfer is, on a terminal. The request for it does not return
 * before its end, so another thread asks, by a connection of its own.
 */
#ifndef DMX_PROGRESS_H
#define DMX_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "cmd.h"

/**
 * struct progress - what is shown of a transfer
 * @shown: somebody looks on
 * @thread: who asks and prints
 * @end: a pipe whose writing end is closed when the transfer has ended
 * @owner: netlink port that asked for the transfer
 * @start: when
 */
struct progress {
	bool shown;
	pthread_t thread;
	int end[2];
	uint32_t owner;
	struct timespec start;
};

/*
 * Shows something from here to progress_stop() where results go to a terminal
 * as text. Without the means to do so nothing is shown.
 */
void progress_start(struct progress *progress, const struct ctx *ctx);
void progress_stop(struct progress *progress);

#endif
