/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of the command line to values. A word is parsed to its end or refused:
 * each parser returns NULL, or a clause that says what is wrong with the word
 * and reads after it ("is not a number").
 */
#ifndef DMX_PARSE_H
#define DMX_PARSE_H

#include <stddef.h>
#include <stdint.h>

/* Room for the names of any list, joined. */
#define WORDS_SIZE 256

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * struct word - a name and the value it stands for
 * @name: what people type and read
 * @value: what goes over the wire
 */
struct word {
	const char *name;
	uint64_t value;
};

/**
 * struct words - a list of names for one kind of value
 * @word: the names, in the order in which they are shown
 * @count: how many
 */
struct words {
	const struct word *word;
	size_t count;
};

/**
 * struct bytes - allocated binary data
 * @data: the bytes, to be freed with free()
 * @size: how many
 */
struct bytes {
	unsigned char *data;
	size_t size;
};

/* "box, coherent", with @separator ", "; returns @buf. */
const char *words_join(const struct words *words, const char *separator,
		       char *buf, size_t size);

/* Name of @value, or NULL where the list has none. */
const char *words_name(const struct words *words, uint64_t value);

/* Unsigned, decimal or, after 0x, hexadecimal, up to 64 bits. */
const char *parse_number(const char *text, uint64_t *value);

/* A number of bytes: a number, with k, M or G for powers of 1024. */
const char *parse_size(const char *text, uint64_t *value);

/* One name of a list. */
const char *parse_word(const char *text, const struct words *words,
		       uint64_t *value);

/* Names of bits joined with commas, numbers among them; "none" is 0. */
const char *parse_flags(const char *text, const struct words *words,
			uint64_t *value);

/*
 * A name and, after a colon, a number. *has_arg says whether there is one.
 * Afterwards *arg is the number, or 0.
 */
const char *parse_pattern(const char *text, const struct words *words,
			  uint64_t *value, uint64_t *arg, int *has_arg);

/* "dma/dma0chan0": one name of a list, and after a slash the name of a file. */
const char *parse_path(const char *text, const struct words *words,
		       uint64_t *value, const char **name);

/*
 * The number of a buffer and, after a plus, a number of bytes. *has_offset says
 * whether there is one. Afterwards *offset is that, or 0.
 */
const char *parse_place(const char *text, uint64_t *id, uint64_t *offset,
			int *has_offset);

/* Pairs of hexadecimal digits, at least one pair. */
const char *parse_hex(const char *text, struct bytes *bytes);

#endif
