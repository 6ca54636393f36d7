/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where results leave the command: as text, as JSON, or into a record that a
 * scenario looks at. All three have the same fields under the same names in the
 * same order.
 */
#ifndef DMX_OUT_H
#define DMX_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "json.h"
#include "object.h"
#include "record.h"

enum out_mode { OUT_TEXT, OUT_JSON, OUT_RECORD };

/**
 * struct out - a way out
 * @mode: text, JSON or record
 * @verbose: lists and events with all fields
 * @file: for text and JSON
 * @record: for OUT_RECORD
 */
struct out {
	enum out_mode mode;
	bool verbose;
	FILE *file;
	struct record *record;
};

/**
 * struct dump - contents of a buffer on their way out
 * @out: where they go
 * @raw: bytes as they are
 * @id: number of the buffer
 * @offset: of the first byte, in lines of text of the next
 * @line: bytes of a line that is not full
 * @fill: how many
 * @hex: what a document or a record gets, as digits, allocated
 * @digits: how many
 * @room: how many fit
 */
struct dump {
	struct out *out;
	bool raw;
	uint32_t id;
	uint64_t offset;
	unsigned char line[16];
	unsigned int fill;
	char *hex;
	size_t digits;
	size_t room;
};

/* A dump of more bytes does not fit a JSON document. */
#define DUMP_JSON_MAX (256U << 20)

/* Each returns 0 or -ENOMEM. */
int out_object(struct out *out, const struct object *object);
int out_list(struct out *out, const struct attr_set *set,
	     const struct objects *list);
/* The result of a verb that has none: no text, an empty JSON object. */
int out_nothing(struct out *out);
/* One line, at once. */
int out_event(struct out *out, const char *name, const struct object *object);
/* A whole document, which is freed; -ENOMEM where it is NULL. */
int out_json(struct out *out, struct json_object *document, bool pretty);
/* Lines of help, on the text side alone. */
void out_text(struct out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * @length bytes from @offset of buffer @id; @raw has a meaning for text alone.
 * dump_close() also where one fails.
 */
int dump_open(struct dump *dump, struct out *out, uint32_t id,
	      uint64_t offset, uint64_t length, bool raw);
int dump_bytes(struct dump *dump, const unsigned char *data, size_t size);
int dump_close(struct dump *dump);

/* 0, or -errno where not all could be written. */
int out_flush(struct out *out);

#endif
