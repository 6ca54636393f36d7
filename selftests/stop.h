/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads that are stopped at known points, so that it is known who comes first:
 * in the platform's part of a request, by the test module broken/; in the kernel,
 * where one waits for another; or in a copy, by memory that is not there.
 */
#ifndef DMAEXER_SELFTEST_STOP_H
#define DMAEXER_SELFTEST_STOP_H

#include <pthread.h>
#include <sys/types.h>

#include "dmx.h"

/**
 * struct call - what a thread of its own asks of the kernel
 * @nl: a socket; with a request where @run is NULL
 * @run: what else is asked; returns 0 or an errno
 * @arg: for @run
 * @thread: who asks
 * @tid: the same for the kernel; 0 before it has begun
 * @done: it was answered
 * @err: the answer
 */
struct call {
	struct nl nl;
	int (*run)(void *arg);
	void *arg;
	pthread_t thread;
	pid_t tid;
	bool done;
	int err;
};

/* To be called before main(): ends the program where the module cannot be had. */
void stop_require(void);

/*
 * The test module serves the device, until stop_end(), when that is gone. Returns
 * "", or why not.
 */
const char *stop_begin(struct dmx *d);
void stop_end(void);

/*
 * Stops all who come to "alloc", "free" or "mask"; lets go who was stopped first,
 * or all.
 */
bool stop_at(const char *where);
bool stop_next(void);
bool stop_nobody(void);

/* Whether so many are stopped, after a while. */
bool stop_has(unsigned int threads);

/* Begins it, and waits for the answer. */
bool call_start(struct call *c);
int call_end(struct call *c);

/* Whether it sleeps in a function of the kernel, after a while; not once done. */
bool sleeps_in(pid_t pid, const char *function);
bool call_sleeps_in(struct call *c, const char *function);

/**
 * struct lazy - memory that is not there
 * @at: where it is not
 * @size: bytes
 * @fd: userfaultfd
 */
struct lazy {
	char *at;
	size_t size;
	int fd;
};

/*
 * Whoever touches it stops until lazy_give(), which fills all of it with a byte;
 * lazy_is_wanted() waits for that. False where the kernel has nothing of the kind.
 */
bool lazy_open(struct lazy *lazy, size_t size);
bool lazy_is_wanted(struct lazy *lazy);
bool lazy_give(struct lazy *lazy, char byte);
void lazy_close(struct lazy *lazy);

#endif
