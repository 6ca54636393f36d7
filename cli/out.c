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

#define TEXT_SIZE 256

struct json out_json(const struct out *out, bool pretty)
{
	struct json json = { .file = out->file, .pretty = pretty };

	return json;
}

static void json_flags(struct json *json, const char *name,
		       const struct words *words, uint64_t bits)
{
	json_open(json, name, '[');
	for (size_t i = 0; i < words->count; i++) {
		if (!(bits & words->word[i].value))
			continue;
		json_string(json, NULL, words->word[i].name);
		bits &= ~words->word[i].value;
	}
	if (bits) {
		char rest[24];

		snprintf(rest, sizeof(rest), "0x%" PRIx64, bits);
		json_string(json, NULL, rest);
	}
	json_close(json, ']');
}

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

static void json_audits(struct json *json, const char *name,
			const struct object *object)
{
	char buf[24];

	json_open(json, name, '[');
	for (unsigned int i = 0; i < object->audits; i++) {
		const struct audit *audit = &object->audit[i];

		json_open(json, NULL, '{');
		json_string(json, "check",
			    check_name(audit->check, buf, sizeof(buf)));
		json_string(json, "verdict", verdict_name(audit->verdict));
		if (audit->reason)
			json_string(json, "reason", audit->reason);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* Numbers in decimal are JSON numbers, those in hexadecimal strings. */
static void json_attr(struct json *json, const struct object *object,
		      unsigned int n)
{
	const struct attr *attr = &object->set->attr[n];
	uint64_t num = object_num(object, n);
	char buf[TEXT_SIZE];
	bool string = attr->type == ATTR_STRING || attr->type == ATTR_BYTES ||
		      attr->form == FORM_HEX || attr->form == FORM_WORD;

	if (attr->type == ATTR_AUDIT)
		json_audits(json, attr->name, object);
	else if (string)
		json_string(json, attr->name,
			    object_render(object, n, buf, sizeof(buf)));
	else if (attr->form == FORM_BOOL)
		json_bool(json, attr->name, num);
	else if (attr->form == FORM_FLAGS)
		json_flags(json, attr->name, attr->words, num);
	else if (attr->type == ATTR_S32 || attr->type == ATTR_S64)
		json_signed(json, attr->name, (int64_t)num);
	else
		json_number(json, attr->name, num);
}

static void json_attrs(struct json *json, const struct object *object)
{
	for (unsigned int n = 1; n < object->set->count; n++)
		if (object_has(object, n))
			json_attr(json, object, n);
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
	struct json json = out_json(out, true);

	switch (out->mode) {
	case OUT_TEXT:
		text_object(out, object);
		return 0;
	case OUT_JSON:
		json_open(&json, NULL, '{');
		json_attrs(&json, object);
		json_close(&json, '}');
		return 0;
	default:
		return record_object(out, "", object);
	}
}

int out_nothing(struct out *out)
{
	struct json json = out_json(out, true);

	if (out->mode == OUT_JSON) {
		json_open(&json, NULL, '{');
		json_close(&json, '}');
	}
	return 0;
}

static int column_add(struct libscols_table *table, const struct attr *attr)
{
	bool number = attr->type != ATTR_STRING && attr->form == FORM_DEC;
	char name[64];
	size_t i;

	for (i = 0; i < sizeof(name) - 1 && attr->name[i]; i++)
		name[i] = (char)toupper((unsigned char)attr->name[i]);
	name[i] = '\0';
	return scols_table_new_column(table, name, 0,
				      number ? SCOLS_FL_RIGHT : 0) ?
	       0 : -ENOMEM;
}

static bool is_column(const struct out *out, const struct attr *attr)
{
	return attr->name && (attr->column || out->verbose);
}

/* A table has the columns of its kind, a verbose one all that are not empty. */
static uint64_t columns_get(const struct out *out, const struct attr_set *set,
			    const struct objects *list)
{
	uint64_t columns = 0;
	uint64_t seen = 0;

	for (size_t i = 0; i < list->count; i++)
		seen |= list->object[i].seen;
	for (unsigned int n = 1; n < set->count; n++)
		if (set->attr[n].column || (out->verbose && seen >> n & 1))
			columns |= 1ULL << n;
	return columns;
}

static int line_add(struct libscols_table *table, uint64_t columns,
		    const struct object *object)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char buf[TEXT_SIZE];
	size_t column = 0;

	if (!line)
		return -ENOMEM;
	for (unsigned int n = 1; n < object->set->count; n++) {
		const char *text;

		if (!(columns >> n & 1))
			continue;
		text = object_render(object, n, buf, sizeof(buf));
		if (scols_line_set_data(line, column++, *text ? text : "-"))
			return -ENOMEM;
	}
	return 0;
}

static int text_list(struct out *out, const struct attr_set *set,
		     const struct objects *list)
{
	uint64_t columns = columns_get(out, set, list);
	struct libscols_table *table = scols_new_table();
	int err = 0;

	if (!table)
		return -ENOMEM;
	scols_table_set_stream(table, out->file);
	for (unsigned int n = 1; n < set->count && !err; n++)
		if (columns >> n & 1)
			err = column_add(table, &set->attr[n]);
	for (size_t i = 0; i < list->count && !err; i++)
		err = line_add(table, columns, &list->object[i]);
	if (!err)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
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
	struct json json = out_json(out, true);

	switch (out->mode) {
	case OUT_TEXT:
		return text_list(out, set, list);
	case OUT_JSON:
		json_open(&json, NULL, '{');
		json_open(&json, set->plural, '[');
		for (size_t i = 0; i < list->count; i++) {
			json_open(&json, NULL, '{');
			json_attrs(&json, &list->object[i]);
			json_close(&json, '}');
		}
		json_close(&json, ']');
		json_close(&json, '}');
		return 0;
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
		const char *quote = attr->type == ATTR_STRING ? "\"" : "";

		if (!object_has(object, n) || !is_column(out, attr))
			continue;
		if (n == 1 || strstr(attr->name, "name"))
			quote = "";
		fprintf(out->file, " %s=%s%s%s", attr->name, quote,
			object_render(object, n, buf, sizeof(buf)), quote);
	}
	for (unsigned int i = 0; i < object->audits; i++) {
		const struct audit *audit = &object->audit[i];

		if (audit->verdict != DMAEXER_VERDICT_VIOLATED)
			continue;
		fprintf(out->file, " %s=\"%s\"",
			check_name(audit->check, buf, sizeof(buf)),
			audit->reason ? audit->reason : "violated");
	}
	putc('\n', out->file);
}

int out_event(struct out *out, const char *name, const struct object *object)
{
	struct json json = out_json(out, false);

	if (out->mode == OUT_JSON) {
		json_open(&json, NULL, '{');
		json_string(&json, "event", name);
		json_attrs(&json, object);
		json_close(&json, '}');
	} else {
		text_event(out, name, object);
	}
	return out_flush(out);
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
