/* SPDX-License-Identifier: GPL-2.0 */
/* What the verbs share. */
#ifndef DMX_CMD_H
#define DMX_CMD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "error.h"
#include "opts.h"
#include "out.h"

/**
 * struct ctx - what a verb runs in
 * @out: where its result goes
 * @error: why it was refused
 * @at: option or field at fault, or empty
 * @client: the connection, once it is needed
 * @connected: whether it is there
 * @step: the verb is a step of a scenario, what it makes is owned
 * @dev: number of the device to take where none is named, or 0
 * @lent: name or number of the device that a scenario is lent, or NULL
 */
struct ctx {
	struct out out;
	struct error error;
	char at[40];
	struct client client;
	bool connected;
	bool step;
	uint32_t dev;
	const char *lent;
};

/**
 * struct verb_table - the verbs of one file
 * @verb: the rows
 * @count: how many
 */
struct verb_table {
	const struct verb *verb;
	size_t count;
};

extern const struct verb_table dev_verbs;
extern const struct verb_table bind_verbs;
extern const struct verb_table buf_verbs;
extern const struct verb_table postmortem_verbs;
extern const struct verb_table xfer_verbs;
extern const struct verb_table probe_verbs;
extern const struct verb_table protect_verbs;
extern const struct verb_table fault_verbs;
extern const struct verb_table monitor_verbs;
extern const struct verb_table run_verbs;
extern const struct verb_table help_verbs;

/* The options before the verb. */
enum { GLOBAL_JSON, GLOBAL_VERBOSE, GLOBAL_HELP, GLOBAL_COUNT };
extern const struct opt global_opts[GLOBAL_COUNT];

/* All verbs by number, NULL past the last. */
const struct verb *verb_at(size_t index);

/*
 * Finds the verb that @count words, at least one, begin with. *taken is how
 * many of them name it. NULL with the reason in @error where there is none.
 */
const struct verb *verb_find(char **word, size_t count, size_t *taken,
			     struct error *error);

/* "buf new" */
const char *verb_title(const struct verb *verb, char *buf, size_t size);

/* Runs a verb and names the option at fault. Returns its exit status. */
int verb_run(struct ctx *ctx, const struct args *args);

/* "size 0 is not a buffer (EINVAL, --size)" */
void error_render(const struct ctx *ctx, char *buf, size_t size);

/* Forgets the last refusal; @at is what the next one is the fault of, or "". */
void ctx_clear(struct ctx *ctx, const char *at);

/* The connection, made when it is first needed; NULL with a reason. */
struct client *ctx_client(struct ctx *ctx);
void ctx_close(struct ctx *ctx);

/* STATUS_DONE, or for an error STATUS_REFUSED with a reason. */
int ctx_status(struct ctx *ctx, int err);
/*
 * The end of a verb whose result is an object: puts it out, unless @err says
 * that there is none, and frees it. Returns an exit status.
 */
int ctx_show(struct ctx *ctx, int err, struct object *object);

/*
 * The number of the device that @name names, by number or name, or of the only
 * one where it is NULL. Returns 0 or -errno.
 */
int dev_resolve(struct ctx *ctx, const char *name, uint32_t *id);
/* The same for the argument DEV of a verb, which may be left out. */
int dev_argument(struct ctx *ctx, const struct args *args, uint32_t *id);

/* Whether a device is a DMA engine channel. */
bool dev_is_channel(const struct object *dev);

/* Set once by SIGINT, SIGTERM and SIGHUP after signals_catch(). */
extern volatile sig_atomic_t signal_caught;
void signals_catch(void);

#endif
