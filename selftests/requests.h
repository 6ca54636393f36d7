/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the spec says of every request, told again on its own: what a right one
 * is, for those who spoil it.
 */
#ifndef DMAEXER_SELFTEST_REQUESTS_H
#define DMAEXER_SELFTEST_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/dmaexer.h>

/* The types of the attributes of a set. */
#define DEV(name)	DMAEXER_A_DEV_##name
#define BUF(name)	DMAEXER_A_BUF_##name
#define XFER(name)	DMAEXER_A_XFER_##name
#define FAULT(name)	DMAEXER_A_FAULT_##name
#define PROTECT(name)	DMAEXER_A_PROTECT_##name

/* The last three are a U32, the number of one that is there. */
enum form { U32 = 1, U64, FLAG, STRING, BINARY, DEVICE, BUFFER, POSTMORTEM };

/**
 * struct field - an attribute of a request
 * @type: its type
 * @form: its form; 0 ends the list
 * @max: largest value where the spec has one, else 0
 * @required: the request is nothing without it
 * @value: a value that is right, where any will do
 * @chooses: others in the request are only right with this value
 */
struct field {
	uint16_t type;
	enum form form;
	uint32_t max;
	bool required;
	uint64_t value;
	bool chooses;
};

/**
 * struct request - a request
 * @name: as the spec has it
 * @cmd: its command
 * @chan: only a channel will do, or it asks for one
 * @fields: attributes of a right one
 */
struct request {
	const char *name;
	uint8_t cmd;
	bool chan;
	struct field fields[13];
};

extern const struct request requests[];
extern const size_t request_count;

#define for_each_request(req) \
	for (req = requests; req < requests + request_count; req++)
#define for_each_field(req, f)	for (f = (req)->fields; f->form; f++)

/* Bytes of a number in this form, 0 for what is none. */
size_t form_width(enum form form);

#endif
