// SPDX-License-Identifier: GPL-2.0
#include "object.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

void object_init(struct object *object, const struct attr_set *set)
{
	memset(object, 0, sizeof(*object));
	object->set = set;
}

void object_free(struct object *object)
{
	for (unsigned int i = 0; i < object->audits; i++)
		free(object->audit[i].reason);
	for (unsigned int i = 0; i < OBJECT_ATTRS_MAX; i++)
		free(object->value[i].text);
	object_init(object, object->set);
}

static void attr_mark(struct object *object, unsigned int attr)
{
	object->seen |= 1ULL << attr;
}

int object_set_bytes(struct object *object, unsigned int attr,
		     const void *data, size_t size)
{
	struct value *value = &object->value[attr];
	char *copy = malloc(size + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, data, size);
	copy[size] = '\0';
	free(value->text);
	value->text = copy;
	value->size = size;
	attr_mark(object, attr);
	return 0;
}

int object_set_text(struct object *object, unsigned int attr, const char *text)
{
	return object_set_bytes(object, attr, text, strlen(text));
}

void object_set_num(struct object *object, unsigned int attr, uint64_t num)
{
	object->value[attr].num = num;
	attr_mark(object, attr);
}

void object_clear(struct object *object, unsigned int attr)
{
	struct value *value = &object->value[attr];

	free(value->text);
	memset(value, 0, sizeof(*value));
	object->seen &= ~(1ULL << attr);
}

int object_add_audit(struct object *object, unsigned int attr, uint64_t check,
		     uint64_t verdict, const char *reason)
{
	struct audit *audit = &object->audit[object->audits];

	if (object->audits == OBJECT_AUDITS_MAX)
		return 0;
	audit->check = check;
	audit->verdict = verdict;
	audit->reason = reason ? strdup(reason) : NULL;
	if (reason && !audit->reason)
		return -ENOMEM;
	object->audits++;
	attr_mark(object, attr);
	return 0;
}

static const struct audit *audit_find(const struct object *buf, uint64_t check)
{
	for (unsigned int i = 0; i < buf->audits; i++)
		if (buf->audit[i].check == check)
			return &buf->audit[i];
	return NULL;
}

uint64_t audit_verdict(const struct object *buf, uint64_t check)
{
	const struct audit *audit = audit_find(buf, check);

	return audit ? audit->verdict : DMAEXER_VERDICT_NOT_APPLICABLE;
}

const char *audit_reason(const struct object *buf, uint64_t check)
{
	const struct audit *audit = audit_find(buf, check);

	return audit && audit->reason ? audit->reason : "";
}

bool object_has(const struct object *object, unsigned int attr)
{
	return object->seen >> attr & 1;
}

uint64_t object_num(const struct object *object, unsigned int attr)
{
	return object->value[attr].num;
}

const char *object_text(const struct object *object, unsigned int attr)
{
	const char *text = object->value[attr].text;

	return text ? text : "";
}

const char *flag_take(const struct words *words, uint64_t *bits, char *buf)
{
	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->word[i];

		if (!(*bits & word->value))
			continue;
		*bits &= ~word->value;
		return word->name;
	}
	snprintf(buf, FLAG_SIZE, "0x%" PRIx64, *bits);
	*bits = 0;
	return buf;
}

static const char *flags_render(const struct words *words, uint64_t bits,
				char *buf, size_t size)
{
	char rest[FLAG_SIZE];
	size_t len = 0;

	if (!bits)
		return "none";
	while (bits && len < size)
		len += (size_t)snprintf(buf + len, size - len, "%s%s",
					len ? "," : "",
					flag_take(words, &bits, rest));
	return buf;
}

/* A number as the attribute has it. */
static const char *attr_render(const struct attr *attr, uint64_t num,
			       char *buf, size_t size)
{
	const char *name = NULL;

	if (attr->form == FORM_BOOL)
		return num ? "yes" : "no";
	if (attr->form == FORM_LIMIT && num == UINT64_MAX)
		return "unlimited";
	if (attr->form == FORM_FLAGS)
		return flags_render(attr->words, num, buf, size);
	if (attr->form == FORM_WORD)
		name = words_name(attr->words, num);
	if (name)
		return name;
	if (attr->form == FORM_HEX)
		snprintf(buf, size, "0x%" PRIx64, num);
	else if (attr->type == ATTR_S32 || attr->type == ATTR_S64)
		snprintf(buf, size, "%" PRId64, (int64_t)num);
	else
		snprintf(buf, size, "%" PRIu64, num);
	return buf;
}

/* The verdict that says most: violated, else deviation, else holds. */
static uint64_t worst_verdict(const struct object *object)
{
	static const char rank[] = { 1, 3, 2, 0 };
	uint64_t worst = object->audit[0].verdict;

	for (unsigned int i = 1; i < object->audits; i++) {
		uint64_t verdict = object->audit[i].verdict;

		if (verdict >= sizeof(rank) || worst >= sizeof(rank))
			worst = verdict > worst ? verdict : worst;
		else if (rank[verdict] > rank[worst])
			worst = verdict;
	}
	return worst;
}

const char *object_render(const struct object *object, unsigned int attr,
			  char *buf, size_t size)
{
	const struct attr *row = &object->set->attr[attr];

	if (!object_has(object, attr))
		return "";
	switch (row->type) {
	case ATTR_STRING:
		return object_text(object, attr);
	case ATTR_BYTES:
		snprintf(buf, size, "%zu bytes", object->value[attr].size);
		return buf;
	case ATTR_AUDIT:
		return attr_render(row, worst_verdict(object), buf, size);
	default:
		return attr_render(row, object_num(object, attr), buf, size);
	}
}

struct object *objects_add(struct objects *list, const struct attr_set *set)
{
	struct object *object;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 16;

		object = reallocarray(list->object, room, sizeof(*object));
		if (!object)
			return NULL;
		list->object = object;
		list->room = room;
	}
	object = &list->object[list->count++];
	object_init(object, set);
	return object;
}

void objects_free(struct objects *list)
{
	for (size_t i = 0; i < list->count; i++)
		object_free(&list->object[i]);
	free(list->object);
	memset(list, 0, sizeof(*list));
}
