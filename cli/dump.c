// SPDX-License-Identifier: GPL-2.0
/* Contents of a buffer as hexadecimal lines, JSON, digits or bytes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

/* A record keeps this many bytes, as digits; a longer dump is cut there. */
#define RECORD_BYTES 65536

static void hex_put(char *to, const unsigned char *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*to++ = digits[data[i] >> 4];
		*to++ = digits[data[i] & 15];
	}
	*to = '\0';
}

int dump_open(struct dump *dump, struct out *out, uint32_t id,
	      uint64_t offset, uint64_t length, bool raw)
{
	memset(dump, 0, sizeof(*dump));
	dump->out = out;
	dump->id = id;
	dump->offset = offset;
	dump->raw = raw;
	if (out->mode == OUT_TEXT)
		return 0;
	if (out->mode == OUT_RECORD && length > RECORD_BYTES)
		length = RECORD_BYTES;
	dump->room = 2 * (size_t)length;
	dump->hex = malloc(dump->room + 1);
	if (!dump->hex)
		return -ENOMEM;
	dump->hex[0] = '\0';
	return 0;
}

/* One line as of "hexdump -C"; a short one is the last. */
static void line_print(struct dump *dump)
{
	FILE *file = dump->out->file;

	fprintf(file, "%08" PRIx64 " ", dump->offset);
	for (unsigned int i = 0; i < sizeof(dump->line); i++) {
		if (i % 8 == 0)
			putc(' ', file);
		if (i < dump->fill)
			fprintf(file, "%02x ", dump->line[i]);
		else
			fputs("   ", file);
	}
	fputs(" |", file);
	for (unsigned int i = 0; i < dump->fill; i++) {
		unsigned char c = dump->line[i];

		putc(c >= ' ' && c < 0x7f ? c : '.', file);
	}
	fputs("|\n", file);
	dump->offset += dump->fill;
	dump->fill = 0;
}

static void text_bytes(struct dump *dump, const unsigned char *data,
		       size_t size)
{
	while (size) {
		size_t part = sizeof(dump->line) - dump->fill;

		if (part > size)
			part = size;
		memcpy(dump->line + dump->fill, data, part);
		dump->fill += (unsigned int)part;
		data += part;
		size -= part;
		if (dump->fill == sizeof(dump->line))
			line_print(dump);
	}
}

static void hex_bytes(struct dump *dump, const unsigned char *data,
		      size_t size)
{
	size_t room = (dump->room - dump->digits) / 2;

	if (size > room)
		size = room;
	hex_put(dump->hex + dump->digits, data, size);
	dump->digits += 2 * size;
}

int dump_bytes(struct dump *dump, const unsigned char *data, size_t size)
{
	if (dump->out->mode != OUT_TEXT) {
		hex_bytes(dump, data, size);
		return 0;
	}
	if (dump->raw)
		fwrite(data, 1, size, dump->out->file);
	else
		text_bytes(dump, data, size);
	return ferror(dump->out->file) ? -EIO : 0;
}

static int json_close(struct dump *dump)
{
	struct json_object *document = json_object_new_object();
	int err;

	err = json_add(document, "id", json_object_new_uint64(dump->id));
	if (!err)
		err = json_add(document, "offset",
			       json_object_new_uint64(dump->offset));
	if (!err)
		err = json_add(document, "data",
			       json_object_new_string(dump->hex));
	return out_json(dump->out, json_unless(err, document), true);
}

static int record_close(struct dump *dump)
{
	struct record *record = dump->out->record;
	char text[24];
	int err;

	snprintf(text, sizeof(text), "%" PRIu64, dump->offset);
	err = record_add(record, "offset", text);
	return err ? err : record_add(record, "data", dump->hex);
}

int dump_close(struct dump *dump)
{
	int err = 0;

	if (dump->out->mode == OUT_TEXT && dump->fill)
		line_print(dump);
	if (dump->hex)
		err = dump->out->mode == OUT_JSON ? json_close(dump) :
		      record_close(dump);
	free(dump->hex);
	dump->hex = NULL;
	return err;
}
