/* SPDX-License-Identifier: GPL-2.0 */
/* The names of a scenario, and words in which they are used. */
#ifndef DMX_VARS_H
#define DMX_VARS_H

#include <stddef.h>

#include "error.h"
#include "record.h"

/**
 * struct var - a name and what it stands for
 * @name: without $
 * @record: what made the object put out, in the last round of a repeated line
 * @id: the "id" of each round, allocated
 * @ids: how many, 0 for a name that was not made by a repeated line
 * @refused: why the object was not made, where that was allowed, or NULL
 */
struct var {
	char *name;
	struct record record;
	char **id;
	size_t ids;
	char *refused;
};

/**
 * struct vars - the names of a scenario
 * @var: allocated
 * @count: how many
 */
struct vars {
	struct var *var;
	size_t count;
};

/**
 * struct reference - a $ in a word
 * @name: what follows it
 * @name_len: bytes of it
 * @field: after a dot, or NULL
 * @field_len: bytes of it
 * @end: the rest of the word
 */
struct reference {
	const char *name;
	size_t name_len;
	const char *field;
	size_t field_len;
	const char *end;
};

/* Reads what follows a $. -EINVAL where it is no name. */
int reference_parse(const char *text, struct reference *reference);

/* The name, made where it is new; a name that was there loses its values. */
struct var *vars_set(struct vars *vars, const char *name);
struct var *vars_find(const struct vars *vars, const char *name, size_t len);
/* Adds the "id" of a round. Returns 0 or -ENOMEM. */
int var_add_id(struct var *var, const char *id);
void vars_free(struct vars *vars);

/*
 * The word with all names replaced, allocated; NULL with the reason in @error,
 * ECANCELED where a name stands for what was refused. @round counts the rounds
 * of a repeated line from 0.
 */
char *vars_expand(const struct vars *vars, const char *word,
		  unsigned int round, struct error *error);

#endif
