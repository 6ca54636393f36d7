/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A verb as data: what it is called, what it takes, what it does. Parsing,
 * help, the manual page and the completion all come from these rows.
 */
#ifndef DMX_OPTS_H
#define DMX_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "object.h"
#include "parse.h"

struct ctx;
struct args;

enum opt_kind {
	OPT_FLAG, OPT_NUMBER, OPT_SIZE, OPT_WORD, OPT_FLAGS, OPT_PATTERN,
	OPT_HEX, OPT_TEXT, OPT_FILE, OPT_DEV, OPT_BUF, OPT_PLACE, OPT_SCENARIO,
	OPT_PATH, OPT_POSTMORTEM,
};

enum {
	/* A positional argument that has to be there. */
	OPT_REQUIRED = 1 << 0,
	/* A positional argument that may be there many times, the last one. */
	OPT_MANY = 1 << 1,
	/* Means something in a scenario only. */
	OPT_OWNED = 1 << 2,
	/* For the build, not for people. */
	OPT_HIDDEN = 1 << 3,
};

/**
 * struct opt - an option, or a positional argument
 * @name: with dashes, "--size"; that of an argument in capitals, "DEV"
 * @brief: the option with one dash, "-q", or NULL
 * @kind: how its word is parsed
 * @arg: name of the option's word, NULL for a flag and for an argument
 * @help: sentences for people, without the last full stop
 * @words: the names it takes, for OPT_WORD, OPT_FLAGS, OPT_PATTERN and OPT_PATH
 * @attr: number of the attribute that the value becomes, or 0
 * @also: another one that a number becomes, or 0
 * @extra: one that becomes what follows a colon or a plus in the word, or 0
 * @max: largest number, 0 for 64 bits
 * @flags: OPT_REQUIRED and so on
 */
struct opt {
	const char *name;
	const char *brief;
	enum opt_kind kind;
	const char *arg;
	const char *help;
	const struct words *words;
	unsigned int attr;
	unsigned int also;
	unsigned int extra;
	uint64_t max;
	unsigned int flags;
};

enum {
	/* Not a step of a scenario. */
	VERB_NO_STEP = 1 << 0,
};

/**
 * struct verb - what can be done
 * @object: "dev" or "buf", NULL where the verb stands alone
 * @name: "new"
 * @help: sentences for people, without the last full stop
 * @opt: arguments in their order, and options
 * @opts: how many
 * @set: attributes of the request, NULL where there is none
 * @flags: VERB_NO_STEP
 * @run: does it; returns an exit status, with the reason in the context
 */
struct verb {
	const char *object;
	const char *name;
	const char *help;
	const struct opt *opt;
	size_t opts;
	const struct attr_set *set;
	unsigned int flags;
	int (*run)(struct ctx *ctx, const struct args *args);
};

/**
 * struct arg - a row with the value it was given
 * @opt: the row
 * @word: the word as it was typed, NULL for a flag
 * @num: its number
 * @name: what follows the slash of a path
 * @extra: the number after a colon or a plus
 * @has_extra: whether there is one
 * @bytes: what hexadecimal digits stand for
 */
struct arg {
	const struct opt *opt;
	const char *word;
	uint64_t num;
	const char *name;
	uint64_t extra;
	int has_extra;
	struct bytes bytes;
};

/**
 * struct args - a verb and all it was given
 * @verb: the verb
 * @arg: values in the order in which they were typed, allocated
 * @count: how many
 */
struct args {
	const struct verb *verb;
	struct arg *arg;
	size_t count;
};

enum {
	/* Words with a $ stand for something not yet known. */
	ARGS_DEFERRED = 1 << 0,
	/* A step of a scenario. */
	ARGS_STEP = 1 << 1,
};

/*
 * Parses @count words that follow the verb. Returns 0 or -errno with the reason
 * in @error; args_free() either way. The words have to outlive @args.
 */
int args_parse(struct args *args, const struct verb *verb, char **word,
	       size_t count, unsigned int flags, struct error *error);
void args_free(struct args *args);

/* The value of a row of the verb, or NULL where it was not given. */
const struct arg *args_find(const struct args *args, const char *name);

/* The given row that became an attribute of the request, or NULL. */
const struct arg *args_find_attr(const struct args *args, unsigned int attr);

/* Sets the attributes of a request from the rows. Returns 0 or -ENOMEM. */
int args_request(const struct args *args, struct object *request);

static inline bool opt_is_argument(const struct opt *opt)
{
	return opt->name[0] != '-';
}

#endif
