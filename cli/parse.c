// SPDX-License-Identifier: GPL-2.0
#include "parse.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char not_a_number[] = "is not a number";

const char *words_name(const struct words *words, uint64_t value)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->word[i].value == value)
			return words->word[i].name;
	return NULL;
}

const char *words_join(const struct words *words, const char *separator,
		       char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < words->count && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
					i ? separator : "",
					words->word[i].name);
	return buf;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* Parses digits and leaves *end at the first character that is none. */
static const char *digits_parse(const char *text, uint64_t *value,
				const char **end)
{
	unsigned int base = 10;
	uint64_t sum = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if ((unsigned int)digit_value(*text) >= base)
		return not_a_number;
	for (; (unsigned int)digit_value(*text) < base; text++)
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit_value(*text), &sum))
			return "does not fit in 64 bits";
	*value = sum;
	*end = text;
	return NULL;
}

const char *parse_number(const char *text, uint64_t *value)
{
	const char *end;
	const char *why = digits_parse(text, value, &end);

	if (!why && *end)
		why = not_a_number;
	return why;
}

static unsigned int unit_shift(char unit)
{
	switch (unit) {
	case 'k':
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	default:
		return 0;
	}
}

const char *parse_size(const char *text, uint64_t *value)
{
	static const char not_a_size[] =
		"is not a size; a size is a number and k, M, G or nothing";
	unsigned int shift;
	uint64_t number;
	const char *end;
	const char *why = digits_parse(text, &number, &end);

	if (why)
		return why == not_a_number ? not_a_size : why;
	shift = unit_shift(*end);
	if (shift)
		end++;
	if (*end)
		return not_a_size;
	if (number > UINT64_MAX >> shift)
		return "does not fit in 64 bits";
	*value = number << shift;
	return NULL;
}

static bool word_find(const char *text, size_t len, const struct words *words,
		      uint64_t *value)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *name = words->word[i].name;

		if (strlen(name) == len && !memcmp(name, text, len)) {
			*value = words->word[i].value;
			return true;
		}
	}
	return false;
}

const char *parse_word(const char *text, const struct words *words,
		       uint64_t *value)
{
	if (!word_find(text, strlen(text), words, value))
		return "is not one of";
	return NULL;
}

/* One name or number of a list, @len bytes of it. */
static const char *flag_parse(const char *text, size_t len,
			      const struct words *words, uint64_t *bits)
{
	char number[32];

	if (word_find(text, len, words, bits))
		return NULL;
	if (!len || len >= sizeof(number) || digit_value(*text) > 9)
		return "has a word that is not one of";
	memcpy(number, text, len);
	number[len] = '\0';
	return parse_number(number, bits);
}

const char *parse_flags(const char *text, const struct words *words,
			uint64_t *value)
{
	uint64_t sum = 0;

	if (!strcmp(text, "none")) {
		*value = 0;
		return NULL;
	}
	for (;;) {
		size_t len = strcspn(text, ",");
		uint64_t bits;
		const char *why = flag_parse(text, len, words, &bits);

		if (why)
			return why;
		sum |= bits;
		if (!text[len])
			break;
		text += len + 1;
	}
	*value = sum;
	return NULL;
}

const char *parse_pattern(const char *text, const struct words *words,
			  uint64_t *value, uint64_t *arg, int *has_arg)
{
	size_t len = strcspn(text, ":");

	*arg = 0;
	*has_arg = text[len] == ':';
	if (!word_find(text, len, words, value))
		return "is not one of";
	if (*has_arg && parse_number(text + len + 1, arg))
		return "has no number after its colon";
	return NULL;
}

const char *parse_path(const char *text, const struct words *words,
		       uint64_t *value, const char **name)
{
	size_t len = strcspn(text, "/");

	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->word[i];

		if (strlen(word->name) != len ||
		    memcmp(word->name, text, len) != 0)
			continue;
		*value = word->value;
		*name = text + len + 1;
		/* The name becomes one of a file, which must not lead away. */
		if (!text[len] || !text[len + 1] || strchr(*name, '/') ||
		    !strcmp(*name, ".") || !strcmp(*name, ".."))
			return "names no device after the slash";
		return NULL;
	}
	return "does not begin with one of";
}

const char *parse_place(const char *text, uint64_t *id, uint64_t *offset,
			int *has_offset)
{
	const char *end;

	*offset = 0;
	*has_offset = 0;
	if (digits_parse(text, id, &end) || (*end && *end != '+'))
		return "is not the number of a buffer";
	if (!*end)
		return NULL;
	*has_offset = 1;
	if (parse_size(end + 1, offset))
		return "has no size after its plus";
	return NULL;
}

const char *parse_hex(const char *text, struct bytes *bytes)
{
	size_t len = strlen(text);
	unsigned char *data;

	if (!len || len % 2)
		return "is not pairs of hexadecimal digits";
	data = malloc(len / 2);
	if (!data)
		return "does not fit in memory";
	for (size_t i = 0; i < len / 2; i++) {
		int high = digit_value(text[2 * i]);
		int low = digit_value(text[2 * i + 1]);

		if (high > 15 || low > 15) {
			free(data);
			return "is not pairs of hexadecimal digits";
		}
		data[i] = (unsigned char)(high << 4 | low);
	}
	bytes->data = data;
	bytes->size = len / 2;
	return NULL;
}
