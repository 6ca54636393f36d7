// SPDX-License-Identifier: GPL-2.0
#include "json.h"

#include <inttypes.h>
#include <stddef.h>

/*
 * Length of the UTF-8 sequence at @s, or 0 where it is none: overlong forms,
 * surrogates and code points above U+10FFFF are none.
 */
static size_t utf8_length(const unsigned char *s)
{
	unsigned int low = 0x80;
	unsigned int high = 0xbf;
	size_t rest;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	rest = s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i <= rest; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return rest + 1;
}

void json_string_part(struct json *json, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		size_t len = utf8_length(s);

		if (!len) {
			fputs("\\ufffd", json->file);
			len = 1;
		} else if (*s < 0x20 || *s == 0x7f) {
			fprintf(json->file, "\\u%04x", *s);
		} else {
			if (*s == '"' || *s == '\\')
				putc('\\', json->file);
			fwrite(s, 1, len, json->file);
		}
		s += len;
	}
}

static void line_start(struct json *json)
{
	putc('\n', json->file);
	for (unsigned int i = 0; i < json->depth; i++)
		fputs("   ", json->file);
}

static void member_start(struct json *json, const char *name)
{
	if (json->started)
		putc(',', json->file);
	if (json->pretty && json->depth && json->depth <= 2)
		line_start(json);
	else if (json->started)
		putc(' ', json->file);
	if (name) {
		putc('"', json->file);
		json_string_part(json, name);
		fputs("\": ", json->file);
	}
	json->started = true;
}

void json_open(struct json *json, const char *name, char bracket)
{
	member_start(json, name);
	putc(bracket, json->file);
	json->depth++;
	json->started = false;
}

void json_close(struct json *json, char bracket)
{
	bool line = json->pretty && json->started && json->depth <= 2;

	json->depth--;
	if (line)
		line_start(json);
	putc(bracket, json->file);
	json->started = true;
	if (!json->depth) {
		putc('\n', json->file);
		json->started = false;
	}
}

void json_string_open(struct json *json, const char *name)
{
	member_start(json, name);
	putc('"', json->file);
}

void json_string_close(struct json *json)
{
	putc('"', json->file);
}

void json_string(struct json *json, const char *name, const char *text)
{
	json_string_open(json, name);
	json_string_part(json, text);
	json_string_close(json);
}

void json_number(struct json *json, const char *name, uint64_t number)
{
	member_start(json, name);
	fprintf(json->file, "%" PRIu64, number);
}

void json_signed(struct json *json, const char *name, int64_t number)
{
	member_start(json, name);
	fprintf(json->file, "%" PRId64, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
	member_start(json, name);
	fputs(value ? "true" : "false", json->file);
}
