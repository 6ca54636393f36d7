// SPDX-License-Identifier: GPL-2.0
#include "cmd.h"

#include <stdio.h>
#include <string.h>

static const struct verb_table *const tables[] = {
	&dev_verbs, &bind_verbs, &buf_verbs, &postmortem_verbs, &xfer_verbs,
	&probe_verbs, &protect_verbs, &fault_verbs, &monitor_verbs, &run_verbs,
	&help_verbs,
};

volatile sig_atomic_t signal_caught;

const struct verb *verb_at(size_t index)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (index < tables[i]->count)
			return &tables[i]->verb[index];
		index -= tables[i]->count;
	}
	return NULL;
}

const char *verb_title(const struct verb *verb, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", verb->object ? verb->object : "",
		 verb->object ? " " : "", verb->name);
	return buf;
}

/* The verbs of an object, or the words that can come first. */
static void verbs_list(const char *object, char *buf, size_t size)
{
	const char *last = "";
	const struct verb *verb;
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; (verb = verb_at(i)) && len < size; i++) {
		const char *first = verb->object ? verb->object : verb->name;

		if (object ? strcmp(first, object) != 0 : !strcmp(first, last))
			continue;
		last = first;
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
					len ? ", " : "",
					object ? verb->name : first);
	}
}

const struct verb *verb_find(char **word, size_t count, size_t *taken,
			     struct error *error)
{
	const struct verb *verb;
	bool object = false;
	char names[160];

	for (size_t i = 0; (verb = verb_at(i)); i++) {
		if (!verb->object && !strcmp(verb->name, word[0])) {
			*taken = 1;
			return verb;
		}
		if (!verb->object || strcmp(verb->object, word[0]) != 0)
			continue;
		object = true;
		if (count > 1 && !strcmp(verb->name, word[1])) {
			*taken = 2;
			return verb;
		}
	}
	verbs_list(object ? word[0] : NULL, names, sizeof(names));
	if (object && count < 2)
		error_set(error, 0, "%s needs a verb, one of %s", word[0],
			  names);
	else
		error_set(error, 0, "\"%s\" is not one of %s",
			  word[object ? 1 : 0], names);
	return NULL;
}

/* Names the option, or where none was given the attribute, at fault. */
static void fault_name(struct ctx *ctx, const struct args *args)
{
	const struct attr_set *set = args->verb->set;
	unsigned int attr = ctx->error.attr;
	const struct arg *arg;
	const char *name = NULL;

	arg = args_find_attr(args, attr);
	if (arg)
		name = arg->opt->name;
	else if (set && attr < set->count)
		name = set->attr[attr].name;
	snprintf(ctx->at, sizeof(ctx->at), "%s", name ? name : "");
}

void ctx_clear(struct ctx *ctx, const char *at)
{
	snprintf(ctx->at, sizeof(ctx->at), "%s", at);
	error_set(&ctx->error, 0, "%s", "");
}

int verb_run(struct ctx *ctx, const struct args *args)
{
	int status;

	ctx_clear(ctx, "");
	status = args->verb->run(ctx, args);
	if (status == STATUS_REFUSED && ctx->error.attr)
		fault_name(ctx, args);
	return status;
}

void error_render(const struct ctx *ctx, char *buf, size_t size)
{
	const struct error *error = &ctx->error;
	const char *text = error->text;
	const char *at = ctx->at;

	if (!error->number)
		snprintf(buf, size, "%s", text);
	else if (error->missing && !text[0])
		snprintf(buf, size, "%s is missing (%s)", at,
			 error_name(error->number));
	else
		snprintf(buf, size, "%s (%s%s%s)", text,
			 error_name(error->number), at[0] ? ", " : "", at);
}

struct client *ctx_client(struct ctx *ctx)
{
	if (!ctx->connected) {
		if (client_open(&ctx->client, &ctx->error))
			return NULL;
		ctx->connected = true;
	}
	return &ctx->client;
}

void ctx_close(struct ctx *ctx)
{
	if (ctx->connected)
		client_close(&ctx->client);
	ctx->connected = false;
}

int ctx_status(struct ctx *ctx, int err)
{
	if (!err)
		return STATUS_DONE;
	if (!ctx->error.text[0] && !ctx->error.number)
		error_set(&ctx->error, -err, "%s", strerror(-err));
	return STATUS_REFUSED;
}

int ctx_show(struct ctx *ctx, int err, struct object *object)
{
	if (!err)
		err = out_object(&ctx->out, object);
	object_free(object);
	return ctx_status(ctx, err);
}

static void on_signal(int number)
{
	signal_caught = number;
}

/* A terminal that goes ends a verb like a key does, unless nohup is to say. */
void signals_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction before;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
}
