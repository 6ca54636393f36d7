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

/* Sets and takes away a fault that the socket owns; return an errno. */
int fault_set(struct nl *nl, uint32_t op, uint32_t nth, uint32_t times);
int fault_clear(struct nl *nl, uint32_t op);

/* "", or what is wrong. */
const char *fault_each(struct dmx *d, const struct request *r);

/* The same, each failure @rounds times: "", or how much memory was lost. */
const char *fault_leaks(struct dmx *d, const struct request *r, int rounds);

#endif
