/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request, over and over: its first point fails, its second, its third, until
 * it passes, and after each it is looked at what has changed.
 */
#ifndef DMAEXER_SELFTEST_FAULT_H
#define DMAEXER_SELFTEST_FAULT_H

#include "dmx.h"

#define FAULT(name)	DMAEXER_A_FAULT_##name
#define FOP(name)	DMAEXER_FAULT_OP_##name

#define OP(name)	(1u << DMAEXER_FAULT_OP_##name)

/**
 * struct request - a request, and how it is to end
 * @name: for complaints
 * @begin: puts it into a socket
 * @prepare: makes what it is about, and returns its number; may be NULL
 * @arg: for @begin where there is no @prepare
 * @del: command that deletes what it makes, 0 for nothing
 * @undo: command that deletes what @prepare made, 0 for buf-del
 * @is_dump: it is a dump
 * @is_first: its socket owns nothing yet
 * @binds: it makes a device, of which the log says that it was not bound
 * @remains: what it did stays where its reply is lost
 * @ops: kinds of points that it has, as bits
 */
struct request {
	const char *name;
	void (*begin)(struct nl *nl, const struct dmx *d, uint32_t arg);
	uint32_t (*prepare)(struct dmx *d);
	uint32_t arg;
	uint8_t del;
	uint8_t undo;
	bool is_dump;
	bool is_first;
	bool binds;
	bool remains;
	uint32_t ops;
};

/**
 * struct outcome - what came of an attempt
 * @nl: the socket with the answer
 * @failed: the point was there, and failed
 * @last: kind of the point
 * @made: number of what was made, 0 for nothing
 * @refused: how many attempts were refused up to now
 */
struct outcome {
	struct nl *nl;
	bool failed;
	uint32_t last;
	uint32_t made;
	unsigned int refused;
};

/**
 * struct injector - who has a point fail
 * @arm: has the @nth from here on fail: "", or why it cannot
 * @disarm: ends that, and says whether a point failed, and which: the same
 * @wrong: what is wrong with how the request ended, "" for nothing
 * @is_noise: a line of the log is what the kernel says where a point fails
 * @has_kinds: it knows of which kind a point is
 * @most: more points than any request has
 */
struct injector {
	const char *(*arm)(struct dmx *d, unsigned int nth);
	const char *(*disarm)(struct dmx *d, struct outcome *o);
	const char *(*wrong)(const struct outcome *o, unsigned int nth);
	bool (*is_noise)(const char *line, const struct request *r);
	bool has_kinds;
	unsigned int most;
};

/* Sets and takes away a fault that the socket owns; return an errno. */
int fault_set(struct nl *nl, uint32_t op, uint32_t nth, uint32_t times);
int fault_clear(struct nl *nl, uint32_t op);

/* "", or what is wrong. */
const char *fault_each(struct dmx *d, const struct request *r);
const char *fault_each_by(struct dmx *d, const struct request *r,
			  const struct injector *by);

/* The same, each failure @rounds times: "", or how much memory was lost. */
const char *fault_leaks(struct dmx *d, const struct request *r, int rounds);

#endif
