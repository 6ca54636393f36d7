/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clients that mean no good, and what they may do to others. The module is loaded
 * anew before main(), with few buffers, so that it takes no time to have them all.
 *
 *   DMAEXER_HOSTILE_BUFS      how many buffers there may be; default is 2000
 *   DMAEXER_HOSTILE_MS        how long others are looked at; default is 400
 *   DMAEXER_HOSTILE_S         how long clients may take; default is 60
 */
#ifndef DMAEXER_SELFTEST_HOSTILE_H
#define DMAEXER_SELFTEST_HOSTILE_H

#include <sys/types.h>

#include "dmx.h"

#define CLIENTS		4
#define PATIENCE_S	setting("DMAEXER_HOSTILE_S", 60)
/* what the kernel keeps for itself of what it was given back */
#define SLACK_KIB	(24 * 1024)

/**
 * struct told - what a client tells the test
 * @made: what it got
 * @refused: what it did not
 * @strange: refused otherwise than by who is told to wait, or asks for too much
 * @err: the first refusal
 * @msg: and its sentence
 * @ready: what is to be looked at is done
 */
struct told {
	unsigned int made;
	unsigned int refused;
	unsigned int strange;
	int err;
	char msg[256];
	bool ready;
};

/**
 * struct hostile - all that is there before and after clients
 * @d: the sockets, and a device
 * @told: what each client tells
 * @clients: who they are
 * @available: KiB of memory before
 * @kills: how often the OOM killer came
 * @devices: how many there were
 * @start: when
 */
struct hostile {
	struct dmx d;
	struct told *told;
	pid_t clients[CLIENTS];
	uint64_t available;
	uint64_t kills;
	unsigned int devices;
	double start;
};

unsigned int hostile_bufs(void);

/* "", or what went wrong; at the end also what the clients left, or did. */
const char *hostile_begin(struct hostile *h);
const char *hostile_end(struct hostile *h);

void hostile_start(pid_t *pids, struct told *told,
		   void (*client)(struct told *told), int count);
void hostile_kill(pid_t *pids, int count);

/* Until each client has done what is to be looked at. */
bool hostile_ready(const struct told *told, int count);

/* For clients: what was answered, a socket and a device, requests. */
void hostile_tell(struct told *told, const struct nl *nl);
uint32_t hostile_open(struct nl *nl);
void hostile_begin_new(struct nl *nl, uint32_t dev, uint32_t kind,
		       uint64_t size);
void hostile_ask_new(struct nl *nl, uint32_t dev, uint32_t kind, uint64_t size);

/* A device that reaches so many bits of memory, or else @other. */
uint32_t hostile_dev(struct nl *nl, uint32_t other, uint32_t bits);

/* "" where everything is as it was before the clients came. */
const char *hostile_gone(struct hostile *h);

/* "" where others are no worse off than with as many who only compute. */
const char *hostile_slow(pid_t *clients, struct told *told);

#endif
