/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attributes of the netlink family as data. A set is a table with a row for
 * each attribute, from which requests are encoded, replies decoded, and values
 * printed, all under the one name the specification gives them.
 */
#ifndef DMX_OBJECT_H
#define DMX_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parse.h"

#define OBJECT_ATTRS_MAX 64
#define OBJECT_AUDITS_MAX 16

enum attr_type {
	ATTR_NONE, ATTR_U8, ATTR_U32, ATTR_U64, ATTR_S32, ATTR_S64,
	ATTR_STRING, ATTR_FLAG, ATTR_BYTES, ATTR_AUDIT,
};

/* How a value is written; @FORM_LIMIT is a number, all ones for no limit. */
enum attr_form {
	FORM_DEC, FORM_HEX, FORM_BOOL, FORM_LIMIT, FORM_WORD, FORM_FLAGS,
};

/*
 * Whether tables of many objects have it. A row fits a terminal of 80 columns,
 * where those that may be cut are, and those that may be wrapped.
 */
enum attr_column { COLUMN_NONE, COLUMN_WHOLE, COLUMN_CUT, COLUMN_WRAP };

/**
 * struct attr - one attribute
 * @name: as in the specification
 * @type: on the wire
 * @form: on paper
 * @column: in tables
 * @words: names of the values, for FORM_WORD and FORM_FLAGS
 */
struct attr {
	const char *name;
	enum attr_type type;
	enum attr_form form;
	enum attr_column column;
	const struct words *words;
};

/**
 * struct attr_set - the attributes of one kind of object
 * @plural: name of the list of such objects in JSON
 * @attr: by number, those without a name do not exist
 * @count: highest number and one
 */
struct attr_set {
	const char *plural;
	const struct attr *attr;
	unsigned int count;
};

struct value {
	uint64_t num;
	char *text;
	size_t size;
};

struct audit {
	uint64_t check;
	uint64_t verdict;
	char *reason;
};

/**
 * struct object - values of some attributes of a set
 * @set: which set
 * @seen: bit n is set where attribute n has a value
 * @value: by number
 * @audit: the checks, for ATTR_AUDIT
 * @audits: how many
 */
struct object {
	const struct attr_set *set;
	uint64_t seen;
	struct value value[OBJECT_ATTRS_MAX];
	struct audit audit[OBJECT_AUDITS_MAX];
	unsigned int audits;
};

/**
 * struct objects - a list of objects
 * @object: the objects, allocated
 * @count: how many
 * @room: how many fit
 */
struct objects {
	struct object *object;
	size_t count;
	size_t room;
};

extern const struct attr_set dev_set;
extern const struct attr_set buf_set;
extern const struct attr_set postmortem_set;
extern const struct attr_set xfer_set;
extern const struct attr_set protect_set;
extern const struct attr_set fault_set;

/* What the command itself knows, numbered like attributes. */
enum { VERSION_COMMAND = 1, VERSION_MODULE };
enum { SCENARIO_NAME = 1, SCENARIO_TITLE, SCENARIO_FILE };
/* What a probe found. What follows the hint is there where it was looked at. */
enum {
	VERDICT_DEV_NAME = 1, VERDICT_NAME, VERDICT_VERDICT, VERDICT_EVIDENCE,
	VERDICT_HINT, VERDICT_BACKEND, VERDICT_DOMAIN, VERDICT_SWIOTLB,
	VERDICT_POOL, VERDICT_CACHE_COHERENT, VERDICT_ADDRESSING_LIMITED,
	VERDICT_ATTRS_HONOURED, VERDICT_ATTRS_IGNORED, VERDICT_ATTRS_REFUSED,
	VERDICT_SIZE, VERDICT_STALE_BYTES, VERDICT_INIT_ON_ALLOC,
	VERDICT_SMALLEST_MASK, VERDICT_SMALLEST_USABLE, VERDICT_POISONED,
	VERDICT_DMA_MISALIGNED, VERDICT_CPU_MISALIGNED, VERDICT_LARGEST,
	VERDICT_BUFS, VERDICT_BYTES, VERDICT_RAN_OUT, VERDICT_CHANNEL,
	VERDICT_WITHIN, VERDICT_PAST_END, VERDICT_FREED, VERDICT_READ_ONLY,
	VERDICT_FAULT_ADDR, VERDICT_WINDOW_NS, VERDICT_STOPPED_NS,
	VERDICT_CORRUPTED,
};
extern const struct attr_set version_set;
extern const struct attr_set scenario_set;
extern const struct attr_set verdict_set;

void object_init(struct object *object, const struct attr_set *set);
void object_free(struct object *object);

/* Returns 0 or -ENOMEM; a value that was there is replaced. */
int object_set_bytes(struct object *object, unsigned int attr,
		     const void *data, size_t size);
int object_set_text(struct object *object, unsigned int attr,
		    const char *text);
void object_set_num(struct object *object, unsigned int attr, uint64_t num);
void object_clear(struct object *object, unsigned int attr);
/* @reason may be NULL. Returns 0 or -ENOMEM; the 17th and on are dropped. */
int object_add_audit(struct object *object, unsigned int attr, uint64_t check,
		     uint64_t verdict, const char *reason);

/* What a check of a buffer found: not-applicable, "" where it is not there. */
uint64_t audit_verdict(const struct object *buf, uint64_t check);
const char *audit_reason(const struct object *buf, uint64_t check);

bool object_has(const struct object *object, unsigned int attr);
/* The number, 0 where there is none; the text, "" where there is none. */
uint64_t object_num(const struct object *object, unsigned int attr);
const char *object_text(const struct object *object, unsigned int attr);

/*
 * Writes a value for people, and returns @buf or the value's own text. "" where
 * there is none; an audit is its worst verdict. @size of 256 fits everything.
 */
const char *object_render(const struct object *object, unsigned int attr,
			  char *buf, size_t size);

/* Room for a number in hexadecimal. */
#define FLAG_SIZE 24
/*
 * The name of the first of *bits, which is cleared; those that have none come
 * last, as one number in @buf, of FLAG_SIZE.
 */
const char *flag_take(const struct words *words, uint64_t *bits, char *buf);

/* A new, empty object at the end of the list, or NULL. */
struct object *objects_add(struct objects *list, const struct attr_set *set);
void objects_free(struct objects *list);

#endif
