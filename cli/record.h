/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a step of a scenario put out: names and values as they print, for the
 * expectations that follow and for later words like $name.field.
 */
#ifndef DMX_RECORD_H
#define DMX_RECORD_H

#include <stddef.h>

struct pair {
	char *name;
	char *value;
};

/**
 * struct record - an ordered list of fields
 * @pair: names and values, allocated
 * @count: how many
 * @room: how many fit
 */
struct record {
	struct pair *pair;
	size_t count;
	size_t room;
};

/* Returns 0 or -ENOMEM. */
int record_add(struct record *record, const char *name, const char *value);
/* NULL where there is no such field. */
const char *record_get(const struct record *record, const char *name);
void record_free(struct record *record);

#endif
