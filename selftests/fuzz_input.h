/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzer feeds to the module: a few steps, each of which is a message or
 * something that happens to a socket. Numbers of devices and buffers are told by
 * which one it is, so that an input means the same whenever it is run.
 */
#ifndef DMAEXER_SELFTEST_FUZZ_INPUT_H
#define DMAEXER_SELFTEST_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FUZZ_SOCKS	3
#define FUZZ_STEPS	12
#define FUZZ_ATTRS	12
#define FUZZ_DATA	72
#define FUZZ_NESTS	4
#define FUZZ_TIMES	40

/**
 * enum fuzz_way - what a step does
 * @FUZZ_CALL: sends a message, and reads all that comes
 * @FUZZ_HELD: keeps a message back, to be sent in one piece with the next
 * @FUZZ_BEGIN: sends a message, and reads one datagram
 * @FUZZ_READ: reads one datagram
 * @FUZZ_CLOSE: closes the socket, and opens another
 * @FUZZ_LISTEN: joins the group of the events
 */
enum fuzz_way {
	FUZZ_CALL,
	FUZZ_HELD,
	FUZZ_BEGIN,
	FUZZ_READ,
	FUZZ_CLOSE,
	FUZZ_LISTEN,
	FUZZ_WAYS
};

/**
 * struct fuzz_attr - an attribute
 * @type: its type, with flags
 * @len: bytes of its payload; what is more than @data has begins anew
 * @lie: what its header adds to its length
 * @nest: attributes it is inside of, of the same type
 * @what: 'd' or 'b' where it is the number of a device or a buffer, else 0
 * @which: the first, the second...
 * @data: the payload
 */
struct fuzz_attr {
	uint16_t type;
	uint16_t len;
	int16_t lie;
	uint8_t nest;
	char what;
	uint8_t which;
	uint8_t data[FUZZ_DATA];
};

/**
 * struct fuzz_step - a step
 * @way: what it does
 * @sock: the socket
 * @times: how often
 * @cmd: command of the message
 * @version: version of the family
 * @flags: flags of the message
 * @lie: what the message's header adds to its length
 * @room: bytes offered for a datagram
 * @attr_count: attributes at @attrs
 * @attrs: they
 */
struct fuzz_step {
	enum fuzz_way way;
	uint8_t sock;
	uint8_t times;
	uint8_t cmd;
	uint8_t version;
	uint16_t flags;
	int16_t lie;
	uint16_t room;
	uint8_t attr_count;
	struct fuzz_attr attrs[FUZZ_ATTRS];
};

/**
 * struct fuzz_input - an input
 * @chan: it begins with a channel, besides a virtual device
 * @step_count: steps at @steps
 * @steps: they
 */
struct fuzz_input {
	bool chan;
	uint8_t step_count;
	struct fuzz_step steps[FUZZ_STEPS];
};

/* All that goes into messages is the same. */
bool fuzz_is_same(const struct fuzz_input *a, const struct fuzz_input *b);

/* As text, a line for each step. */
void fuzz_print(FILE *to, const struct fuzz_input *input);

/* The next input of a file: 1, or 0 at its end, or -1 where there is none. */
int fuzz_parse(FILE *from, struct fuzz_input *input);

#endif
