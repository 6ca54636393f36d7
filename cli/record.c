// SPDX-License-Identifier: GPL-2.0
#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int room_make(struct record *record)
{
	size_t room = record->room ? 2 * record->room : 32;
	struct pair *pair;

	if (record->count < record->room)
		return 0;
	pair = reallocarray(record->pair, room, sizeof(*pair));
	if (!pair)
		return -ENOMEM;
	record->pair = pair;
	record->room = room;
	return 0;
}

int record_add(struct record *record, const char *name, const char *value)
{
	struct pair pair;

	if (room_make(record))
		return -ENOMEM;
	pair.name = strdup(name);
	pair.value = strdup(value);
	if (!pair.name || !pair.value) {
		free(pair.value);
		free(pair.name);
		return -ENOMEM;
	}
	record->pair[record->count++] = pair;
	return 0;
}

const char *record_get(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++)
		if (!strcmp(record->pair[i].name, name))
			return record->pair[i].value;
	return NULL;
}

void record_free(struct record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		free(record->pair[i].value);
		free(record->pair[i].name);
	}
	free(record->pair);
	memset(record, 0, sizeof(*record));
}
