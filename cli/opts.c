// SPDX-License-Identifier: GPL-2.0
#include "opts.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int word_refuse(const struct opt *opt, const char *word,
		       const char *why, struct error *error)
{
	char names[WORDS_SIZE];

	if (!opt->words || !strstr(why, "one of"))
		return error_set(error, 0, "%s: \"%s\" %s", opt->name, word,
				 why);
	return error_set(error, 0, "%s: \"%s\" %s %s", opt->name, word, why,
			 words_join(opt->words, ", ", names, sizeof(names)));
}

static const char *value_parse(const struct opt *opt, const char *word,
			       struct arg *arg)
{
	switch (opt->kind) {
	case OPT_NUMBER:
		return parse_number(word, &arg->num);
	case OPT_SIZE:
		return parse_size(word, &arg->num);
	case OPT_WORD:
		return parse_word(word, opt->words, &arg->num);
	case OPT_FLAGS:
		return parse_flags(word, opt->words, &arg->num);
	case OPT_PATTERN:
		return parse_pattern(word, opt->words, &arg->num, &arg->extra,
				     &arg->has_extra);
	case OPT_PLACE:
		return parse_place(word, &arg->num, &arg->extra,
				   &arg->has_extra);
	case OPT_HEX:
		return parse_hex(word, &arg->bytes);
	case OPT_PATH:
		return parse_path(word, opt->words, &arg->num, &arg->name);
	case OPT_BUF:
	case OPT_POSTMORTEM:
		return parse_number(word, &arg->num) ?
		       "is not the number of a buffer" : NULL;
	default:
		return *word ? NULL : "is empty";
	}
}

static int arg_set(struct args *args, const struct opt *opt, const char *word,
		   unsigned int flags, struct error *error)
{
	struct arg *arg = &args->arg[args->count];
	const char *why;

	memset(arg, 0, sizeof(*arg));
	arg->opt = opt;
	arg->word = word;
	args->count++;
	if (opt->kind == OPT_FLAG) {
		arg->num = 1;
		return 0;
	}
	if (flags & ARGS_DEFERRED && strchr(word, '$'))
		return 0;
	why = value_parse(opt, word, arg);
	if (why)
		return word_refuse(opt, word, why, error);
	if (opt->max && arg->num > opt->max)
		return error_set(error, 0, "%s: %s is above %" PRIu64,
				 opt->name, word, opt->max);
	return 0;
}

static bool word_is(const char *word, const char *text, size_t len)
{
	return strlen(word) == len && !memcmp(word, text, len);
}

/* The row of an option; @len bytes of @name are the option. */
static const struct opt *opt_find(const struct verb *verb, const char *name,
				  size_t len)
{
	for (size_t i = 0; i < verb->opts; i++) {
		const struct opt *opt = &verb->opt[i];

		if (word_is(opt->name, name, len) ||
		    (opt->brief && word_is(opt->brief, name, len)))
			return opt;
	}
	return NULL;
}

/* The row for the next word that is no option, or NULL. */
static const struct opt *argument_next(const struct args *args)
{
	for (size_t i = 0; i < args->verb->opts; i++) {
		const struct opt *opt = &args->verb->opt[i];

		if (!opt_is_argument(opt))
			continue;
		if (opt->flags & OPT_MANY || !args_find(args, opt->name))
			return opt;
	}
	return NULL;
}

static int argument_parse(struct args *args, const char *word,
			  unsigned int flags, struct error *error)
{
	const struct opt *opt = argument_next(args);

	if (!opt)
		return error_set(error, 0, "\"%s\" is one word too many", word);
	return arg_set(args, opt, word, flags, error);
}

/* Parses an option at word @i. Returns how many words it took, or -errno. */
static int option_parse(struct args *args, char **word, size_t rest,
			unsigned int flags, struct error *error)
{
	size_t len = strcspn(word[0], "=");
	const struct opt *opt = opt_find(args->verb, word[0], len);
	const char *value = word[0][len] ? word[0] + len + 1 : NULL;
	int taken = 1;
	int err;

	if (!opt)
		return error_set(error, 0, "there is no option %.*s", (int)len,
				 word[0]);
	if (args_find(args, opt->name))
		return error_set(error, 0, "%s is given twice", opt->name);
	if (opt->flags & OPT_OWNED && !(flags & ARGS_STEP))
		return error_set(error, 0,
				 "%s: what a command owns dies with it; use it in a scenario",
				 opt->name);
	if (opt->kind == OPT_FLAG && value)
		return error_set(error, 0, "%s takes no value", opt->name);
	if (opt->kind != OPT_FLAG && !value) {
		if (rest < 2)
			return error_set(error, 0, "%s needs a value, %s",
					 opt->name, opt->arg);
		value = word[1];
		taken = 2;
	}
	err = arg_set(args, opt, value, flags, error);
	return err ? err : taken;
}

static int required_check(const struct args *args, struct error *error)
{
	for (size_t i = 0; i < args->verb->opts; i++) {
		const struct opt *opt = &args->verb->opt[i];

		if (opt->flags & OPT_REQUIRED && !args_find(args, opt->name))
			return error_set(error, 0, "%s is missing", opt->name);
	}
	return 0;
}

int args_parse(struct args *args, const struct verb *verb, char **word,
	       size_t count, unsigned int flags, struct error *error)
{
	bool options = true;
	size_t i = 0;

	args->verb = verb;
	args->count = 0;
	args->arg = calloc(count + 1, sizeof(*args->arg));
	if (!args->arg)
		return error_set(error, ENOMEM, "no memory for the words");
	while (i < count) {
		int taken = 1;

		if (options && !strcmp(word[i], "--"))
			options = false;
		else if (options && word[i][0] == '-' && word[i][1])
			taken = option_parse(args, word + i, count - i, flags,
					     error);
		else if (argument_parse(args, word[i], flags, error))
			return -EINVAL;
		if (taken < 0)
			return taken;
		i += (size_t)taken;
	}
	return required_check(args, error);
}

void args_free(struct args *args)
{
	for (size_t i = 0; i < args->count; i++)
		free(args->arg[i].bytes.data);
	free(args->arg);
	args->arg = NULL;
	args->count = 0;
}

const struct arg *args_find(const struct args *args, const char *name)
{
	assert(opt_find(args->verb, name, strlen(name)));
	for (size_t i = 0; i < args->count; i++)
		if (!strcmp(args->arg[i].opt->name, name))
			return &args->arg[i];
	return NULL;
}

const struct arg *args_find_attr(const struct args *args, unsigned int attr)
{
	for (size_t i = 0; i < args->count; i++)
		if (args->arg[i].opt->attr == attr ||
		    args->arg[i].opt->also == attr ||
		    args->arg[i].opt->extra == attr)
			return &args->arg[i];
	return NULL;
}

int args_request(const struct args *args, struct object *request)
{
	int err = 0;

	for (size_t i = 0; i < args->count && !err; i++) {
		const struct arg *arg = &args->arg[i];
		unsigned int attr = arg->opt->attr;

		/* Names of devices and files are looked up by the verb. */
		if (!attr || arg->opt->kind == OPT_DEV ||
		    arg->opt->kind == OPT_FILE || arg->opt->kind == OPT_PATH)
			continue;
		if (arg->bytes.data)
			err = object_set_bytes(request, attr, arg->bytes.data,
					       arg->bytes.size);
		else if (arg->opt->kind == OPT_TEXT)
			err = object_set_text(request, attr, arg->word);
		else
			object_set_num(request, attr, arg->num);
		if (arg->opt->also)
			object_set_num(request, arg->opt->also, arg->num);
		if (arg->has_extra)
			object_set_num(request, arg->opt->extra, arg->extra);
	}
	return err;
}
