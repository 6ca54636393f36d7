/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes a JSON document as it becomes known. libsmartcols prints tables as
 * JSON, but neither objects in objects nor an object on one line.
 */
#ifndef DMX_JSON_H
#define DMX_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct json - a document under way
 * @file: where it goes
 * @pretty: a line for each member of the two outermost levels
 * @depth: open objects and arrays
 * @started: whether the innermost open one has a member
 */
struct json {
	FILE *file;
	bool pretty;
	unsigned int depth;
	bool started;
};

/* @name is NULL in an array and for the document itself. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, uint64_t number);
void json_signed(struct json *json, const char *name, int64_t number);
void json_bool(struct json *json, const char *name, bool value);

/* A string in parts, for one that is too long to be held: open, parts, end. */
void json_string_open(struct json *json, const char *name);
void json_string_part(struct json *json, const char *text);
void json_string_close(struct json *json);

#endif
