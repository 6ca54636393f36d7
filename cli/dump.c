// SPDX-License-Identifier: GPL-2.0
/* Contents of a buffer as hexadecimal lines, JSON, digits or bytes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

/* A record keeps this many bytes, as digits; a longer dump is cut there. */
#define RECORD_BYTES 65536

static char *hex_put(char *to, const unsigned char *data, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*to++ = digits[data[i] >> 4];
		*to++ = digits[data[i] & 15];
	}
	*to = '\0';
	return to;
}

int dump_open(struct dump *dump, struct out *out, uint32_t id,
	      uint64_t offset, bool raw)
{
	char text[24];

	memset(dump, 0, sizeof(*dump));
	dump->out = out;
	dump->offset = offset;
	dump->raw = raw;
	if (out->mode == OUT_JSON) {
		dump->json = out_json(out, true);
		json_open(&dump->json, NULL, '{');
		json_number(&dump->json, "id", id);
		json_number(&dump->json, "offset", offset);
		json_string_open(&dump->json, "data");
	}
	if (out->mode != OUT_RECORD)
		return 0;
	dump->hex = calloc(1, 1);
	if (!dump->hex)
		return -ENOMEM;
	snprintf(text, sizeof(text), "%" PRIu64, offset);
	return record_add(out->record, "offset", text);
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

static void json_bytes(struct dump *dump, const unsigned char *data,
		       size_t size)
{
	char hex[2 * 256 + 1];

	while (size) {
		size_t part = size < 256 ? size : 256;

		hex_put(hex, data, part);
		json_string_part(&dump->json, hex);
		data += part;
		size -= part;
	}
}

static int record_bytes(struct dump *dump, const unsigned char *data,
			size_t size)
{
	size_t room = 2 * (size_t)RECORD_BYTES - dump->hex_size;
	char *hex;

	if (size > room / 2)
		size = room / 2;
	hex = realloc(dump->hex, dump->hex_size + 2 * size + 1);
	if (!hex)
		return -ENOMEM;
	dump->hex = hex;
	hex_put(hex + dump->hex_size, data, size);
	dump->hex_size += 2 * size;
	return 0;
}

int dump_bytes(struct dump *dump, const unsigned char *data, size_t size)
{
	switch (dump->out->mode) {
	case OUT_TEXT:
		if (dump->raw)
			fwrite(data, 1, size, dump->out->file);
		else
			text_bytes(dump, data, size);
		return ferror(dump->out->file) ? -EIO : 0;
	case OUT_JSON:
		json_bytes(dump, data, size);
		return ferror(dump->out->file) ? -EIO : 0;
	default:
		return record_bytes(dump, data, size);
	}
}

int dump_close(struct dump *dump)
{
	int err = 0;

	switch (dump->out->mode) {
	case OUT_TEXT:
		if (dump->fill)
			line_print(dump);
		break;
	case OUT_JSON:
		json_string_close(&dump->json);
		json_close(&dump->json, '}');
		break;
	default:
		if (dump->hex)
			err = record_add(dump->out->record, "data", dump->hex);
		free(dump->hex);
		dump->hex = NULL;
	}
	return err;
}
