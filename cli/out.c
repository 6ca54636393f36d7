// SPDX-License-Identifier: GPL-2.0
#include "out.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libsmartcols/libsmartcols.h>
#include <linux/dmaexer.h>
#include <stdarg.h>
#include <string.h>

#include "names.h"
#include "wrap.h"

#define TEXT_SIZE 256

static const char *check_name(uint64_t check, char *buf, size_t size)
{
	const char *name = words_name(&check_words, check);

	if (name)
		return name;
	snprintf(buf, size, "%" PRIu64, check);
	return buf;
}

static const char *verdict_name(uint64_t verdict)
{
	const char *name = words_name(&verdict_words, verdict);

	return name ? name : "unknown";
}

static struct json_object *flags_json(const struct words *words, uint64_t bits)
{
	struct json_object *list = json_object_new_array();
	char buf[FLAG_SIZE];
	int err = 0;

	while (bits && !err)
		err = json_add(list, NULL,
			       json_text(flag_take(words, &bits, buf)));
	return json_unless(err, list);
}

static struct json_object *audit_json(const struct audit *audit)
{
	struct json_object *object = json_object_new_object();
	char buf[24];
	int err;

	err = json_add(object, "check",
		       json_text(check_name(audit->check, buf, sizeof(buf))));
	if (!err)
		err = json_add(object, "verdict",
			       json_text(verdict_name(audit->verdict)));
	if (!err && audit->reason)
		err = json_add(object, "reason", json_text(audit->reason));
	return json_unless(err, object);
}

static struct json_object *audits_json(const struct object *object)
{
	struct json_object *list = json_object_new_array();
	int err = 0;

	for (unsigned int i = 0; i < object->audits && !err; i++)
		err = json_add(list, NULL, audit_json(&object->audit[i]));
	return json_unless(err, list);
}

/* Numbers in decimal are JSON numbers, those in hexadecimal strings. */
static struct json_object *attr_json(const struct object *object,
				     unsigned int n)
{
	const struct attr *attr = &object->set->attr[n];
	uint64_t num = object_num(object, n);

	if (attr->type == ATTR_AUDIT)
		return audits_json(object);
	if (attr->type == ATTR_STRING || attr->type == ATTR_BYTES ||
	    attr->form == FORM_HEX || attr->form == FORM_WORD) {
		char buf[TEXT_SIZE];

		return json_text(object_render(object, n, buf, sizeof(buf)));
	}
	if (attr->form == FORM_BOOL)
		return json_object_new_boolean(num != 0);
	if (attr->form == FORM_FLAGS)
		return flags_json(attr->words, num);
	if (attr->type == ATTR_S32 || attr->type == ATTR_S64)
		return json_object_new_int64((int64_t)num);
	return json_object_new_uint64(num);
}

/* The fields of @object, after @event where it is one. */
static struct json_object *object_json(const struct object *object,
				       const char *event)
{
	struct json_object *json = json_object_new_object();
	int err = 0;

	if (event)
		err = json_add(json, "event", json_text(event));
	for (unsigned int n = 1; n < object->set->count && !err; n++)
		if (object_has(object, n))
			err = json_add(json, object->set->attr[n].name,
				       attr_json(object, n));
	return json_unless(err, json);
}

int out_json(struct out *out, struct json_object *document, bool pretty)
{
	int err = json_print(out->file, document, pretty);

	json_object_put(document);
	return err;
}

static void text_object(struct out *out, const struct object *object)
{
	char buf[TEXT_SIZE];

	for (unsigned int n = 1; n < object->set->count; n++) {
		if (!object_has(object, n) ||
		    object->set->attr[n].type == ATTR_AUDIT)
			continue;
		fprintf(out->file, "%s: %s\n", object->set->attr[n].name,
			object_render(object, n, buf, sizeof(buf)));
	}
	for (unsigned int i = 0; i < object->audits; i++) {
		const struct audit *audit = &object->audit[i];

		fprintf(out->file, "audit.%s: %s%s%s%s\n",
			check_name(audit->check, buf, sizeof(buf)),
			verdict_name(audit->verdict),
			audit->reason ? " (" : "",
			audit->reason ? audit->reason : "",
			audit->reason ? ")" : "");
	}
}

/* Adds PREFIX + NAME + SUFFIX to the record. */
static int record_field(struct out *out, const char *prefix, const char *name,
			const char *suffix, const char *value)
{
	char full[TEXT_SIZE];

	snprintf(full, sizeof(full), "%s%s%s", prefix, name, suffix);
	return record_add(out->record, full, value);
}

static int record_audits(struct out *out, const char *prefix,
			 const struct object *object)
{
	char buf[24];
	char name[48];
	int err = 0;

	for (unsigned int i = 0; i < object->audits && !err; i++) {
		const struct audit *audit = &object->audit[i];

		snprintf(name, sizeof(name), "audit.%s",
			 check_name(audit->check, buf, sizeof(buf)));
		err = record_field(out, prefix, name, "",
				   verdict_name(audit->verdict));
		if (!err && audit->reason)
			err = record_field(out, prefix, name, ".reason",
					   audit->reason);
	}
	return err;
}

static int record_object(struct out *out, const char *prefix,
			 const struct object *object)
{
	char buf[TEXT_SIZE];
	int err = 0;

	for (unsigned int n = 1; n < object->set->count && !err; n++)
		if (object_has(object, n))
			err = record_field(out, prefix,
					   object->set->attr[n].name, "",
					   object_render(object, n, buf,
							 sizeof(buf)));
	return err ? err : record_audits(out, prefix, object);
}

int out_object(struct out *out, const struct object *object)
{
	switch (out->mode) {
	case OUT_TEXT:
		text_object(out, object);
		return 0;
	case OUT_JSON:
		return out_json(out, object_json(object, NULL), true);
	default:
		return record_object(out, "", object);
	}
}

int out_nothing(struct out *out)
{
	if (out->mode != OUT_JSON)
		return 0;
	return out_json(out, json_object_new_object(), true);
}

static int column_add(struct libscols_table *table, const struct attr *attr)
{
	struct libscols_column *column;
	int flags = 0;
	char name[64];
	size_t i;

	if (attr->column == COLUMN_CUT)
		flags = SCOLS_FL_TRUNC;
	else if (attr->column == COLUMN_WRAP)
		flags = SCOLS_FL_WRAP;
	else if (attr->type != ATTR_STRING && attr->form == FORM_DEC)
		flags = SCOLS_FL_RIGHT;
	for (i = 0; i < sizeof(name) - 1 && attr->name[i]; i++)
		name[i] = (char)toupper((unsigned char)attr->name[i]);
	name[i] = '\0';
	column = scols_table_new_column(table, name, 0, flags);
	if (!column)
		return -ENOMEM;
	if (attr->column != COLUMN_WRAP)
		return 0;
	scols_column_set_safechars(column, "\n");
	return scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
					 scols_wrapnl_nextchunk, NULL);
}

static int cell_set(struct libscols_line *line, size_t column,
		    const char *text, size_t width)
{
	char *wrapped;

	if (!*text)
		text = "-";
	if (!width)
		return scols_line_set_data(line, column, text);
	wrapped = wrap_text(text, width - 1);
	return wrapped ? scols_line_refer_data(line, column, wrapped) :
			 -ENOMEM;
}

static int line_add(struct libscols_table *table, const struct object *object,
		    const struct wrap *wrap)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char buf[TEXT_SIZE];
	size_t column = 0;

	if (!line)
		return -ENOMEM;
	for (unsigned int n = 1; n < object->set->count; n++) {
		const char *text;

		if (!object->set->attr[n].column)
			continue;
		text = object_render(object, n, buf, sizeof(buf));
		if (cell_set(line, column++, text, wrap->width[n]))
			return -ENOMEM;
	}
	return 0;
}

static int text_table(struct out *out, const struct attr_set *set,
		      const struct objects *list)
{
	struct libscols_table *table = scols_new_table();
	struct wrap wrap;
	int err = 0;

	if (!table)
		return -ENOMEM;
	scols_table_set_stream(table, out->file);
	wrap_plan(&wrap, out->file, set, list);
	for (unsigned int n = 1; n < set->count && !err; n++)
		if (set->attr[n].column)
			err = column_add(table, &set->attr[n]);
	for (size_t i = 0; i < list->count && !err; i++)
		err = line_add(table, &list->object[i], &wrap);
	if (!err)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}

/* All fields are more than a line holds, so each object is a paragraph. */
static int text_list(struct out *out, const struct attr_set *set,
		     const struct objects *list)
{
	if (!out->verbose)
		return text_table(out, set, list);
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			putc('\n', out->file);
		text_object(out, &list->object[i]);
	}
	return 0;
}

/*
 * libsmartcols prints JSON too, but neither leaves out what an object does not
 * have nor puts the audits into a row; with json-c a row is what "show" prints.
 */
static int json_list(struct out *out, const struct attr_set *set,
		     const struct objects *list)
{
	struct json_object *document = json_object_new_object();
	struct json_object *rows = json_object_new_array();
	int err = json_add(document, set->plural, rows);

	for (size_t i = 0; i < list->count && !err; i++)
		err = json_add(rows, NULL,
			       object_json(&list->object[i], NULL));
	return out_json(out, json_unless(err, document), true);
}

static int record_list(struct out *out, const struct objects *list)
{
	char text[32];
	int err;

	snprintf(text, sizeof(text), "%zu", list->count);
	err = record_add(out->record, "rows", text);
	for (size_t i = 0; i < list->count && !err; i++) {
		snprintf(text, sizeof(text), "%zu.", i);
		err = record_object(out, text, &list->object[i]);
	}
	return err;
}

int out_list(struct out *out, const struct attr_set *set,
	     const struct objects *list)
{
	switch (out->mode) {
	case OUT_TEXT:
		return text_list(out, set, list);
	case OUT_JSON:
		return json_list(out, set, list);
	default:
		return record_list(out, list);
	}
}

static void text_event(struct out *out, const char *name,
		       const struct object *object)
{
	char buf[TEXT_SIZE];

	fputs(name, out->file);
	for (unsigned int n = 1; n < object->set->count; n++) {
		const struct attr *attr = &object->set->attr[n];
		bool quoted = attr->type == ATTR_STRING &&
			      !strstr(attr->name, "name");
		const char *quote = quoted ? "\"" : "";

		if (!object_has(object, n) || (!attr->column && !out->verbose))
			continue;
		fprintf(out->file, " %s=%s%s%s", attr->name, quote,
			object_render(object, n, buf, sizeof(buf)), quote);
	}
	for (unsigned int i = 0; i < object->audits; i++) {
		const struct audit *audit = &object->audit[i];

		if (audit->verdict != DMAEXER_VERDICT_VIOLATED)
			continue;
		fprintf(out->file, " audit.%s=\"%s\"",
			check_name(audit->check, buf, sizeof(buf)),
			audit->reason ? audit->reason : "violated");
	}
	putc('\n', out->file);
}

int out_event(struct out *out, const char *name, const struct object *object)
{
	int err = 0;

	if (out->mode == OUT_JSON)
		err = out_json(out, object_json(object, name), false);
	else
		text_event(out, name, object);
	return err ? err : out_flush(out);
}

void out_text(struct out *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (out->mode == OUT_TEXT)
		vfprintf(out->file, format, args);
	va_end(args);
}

int out_flush(struct out *out)
{
	if (!out->file)
		return 0;
	if (fflush(out->file) || ferror(out->file))
		return errno ? -errno : -EIO;
	return 0;
}
