/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs an input, and looks at what came of it.
 */
#ifndef DMAEXER_SELFTEST_FUZZ_RUN_H
#define DMAEXER_SELFTEST_FUZZ_RUN_H

#include "dmx.h"
#include "fuzz_input.h"

#define FUZZ_OBJECTS	16
#define FUZZ_TX_ROOM	(512 * 1024)

/**
 * struct fuzz_base - a device that inputs begin with
 * @id: its number, 0 where it is not there
 * @dma_mask: limits that it had when it was made
 * @coherent_mask: the same
 * @max_seg_size: the same
 */
struct fuzz_base {
	uint32_t id;
	uint64_t dma_mask;
	uint64_t coherent_mask;
	uint32_t max_seg_size;
};

/**
 * struct fuzz - what inputs are run with
 * @d: sockets of our own, and the kernel's log; has no device
 * @virtual: a virtual device
 * @chan: a channel
 * @has_chan: there is one
 * @socks: sockets of the input
 * @tx: message, and what was held back of those before
 * @tx_len: their bytes
 * @devs: numbers of the devices of the input, the latest last
 * @devs_made: how many there were
 * @bufs: numbers of the buffers of the input
 * @bufs_made: how many there were
 * @seq: sequence number of the last message
 * @sent: messages so far
 * @accepted: of these, those that were answered with success
 * @edges: code that no input before has run, of this one
 * @beat: counts steps, for who watches
 * @wrong: the first thing that is wrong, "" for nothing
 */
struct fuzz {
	struct dmx d;
	struct fuzz_base virtual;
	struct fuzz_base chan;
	bool has_chan;
	int socks[FUZZ_SOCKS];
	uint8_t *tx;
	size_t tx_len;
	uint32_t devs[FUZZ_OBJECTS];
	unsigned int devs_made;
	uint32_t bufs[FUZZ_OBJECTS];
	unsigned int bufs_made;
	uint32_t seq;
	uint64_t sent;
	uint64_t accepted;
	size_t edges;
	volatile uint32_t *beat;
	char wrong[512];
};

/*
 * "", or why it cannot start. No other devices are there meanwhile: they would be
 * deleted.
 */
const char *fuzz_start(struct fuzz *fuzz, volatile uint32_t *beat);

/*
 * Runs @input on a device or two with two buffers each, deletes all that is left,
 * and says what is wrong: with an answer, with what cannot be deleted, with the
 * kernel's log; "" for nothing.
 */
const char *fuzz_run(struct fuzz *fuzz, const struct fuzz_input *input);

/* Runs a step, once. */
void fuzz_step(struct fuzz *fuzz, const struct fuzz_step *step);

/* A socket; where there is none to be had, that is wrong. */
int fuzz_socket(struct fuzz *fuzz);

/* Notes the number of an object for later steps to use. */
void fuzz_remember(uint32_t *ids, unsigned int *made, uint32_t id);

/* Notes what is wrong, if nothing was before. */
void fuzz_blame(struct fuzz *fuzz, const char *why);

#endif
