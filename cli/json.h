/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What json-c leaves to its users: strings have to be valid UTF-8, and a lack
 * of memory must not end as a null in the document.
 */
#ifndef DMX_JSON_H
#define DMX_JSON_H

#include <json-c/json_object.h>
#include <stdbool.h>
#include <stdio.h>

/* A string; bytes that are not UTF-8 become U+FFFD. NULL without memory. */
struct json_object *json_text(const char *text);

/*
 * Adds @value to the object @to under @name, or to the array @to where @name
 * is NULL. @value belongs to @to afterwards, and is freed where it was not
 * added. Returns 0, or -ENOMEM where there is no room or either is NULL.
 */
int json_add(struct json_object *to, const char *name,
	     struct json_object *value);

/* @object, or where @err is not 0 nothing, and @object is freed. */
struct json_object *json_unless(int err, struct json_object *object);

/* Prints a document and a newline. Returns 0 or -ENOMEM. */
int json_print(FILE *file, struct json_object *document, bool pretty);

#endif
