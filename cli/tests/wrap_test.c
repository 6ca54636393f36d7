// SPDX-License-Identifier: GPL-2.0
/* Cells of a table that are wrapped between words, and how wide they are. */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "wrap.h"

static void wraps(const char *text, size_t width, const char *wanted)
{
	char *wrapped = wrap_text(text, width);

	ok(wrapped && !strcmp(wrapped, wanted), "\"%s\" in %zu bytes", text,
	   width);
	free(wrapped);
}

static void text_tests(void)
{
	wraps("", 10, "");
	wraps("short", 10, "short");
	wraps("ten bytes.", 10, "ten bytes.");
	wraps("one two three", 7, "one two\nthree");
	wraps("one two three", 8, "one two\nthree");
	wraps("one  two", 4, "one \ntwo");
	wraps("no-warn,mmio,privileged", 13, "no-warn,mmio,\nprivileged");
	wraps("no-warn,mmio,privileged", 12, "no-warn,\nmmio,\nprivileged");
	wraps("0123456789abcdef", 10, "0123456789\nabcdef");
	wraps("a 0123456789abcdef", 10, "a\n0123456789\nabcdef");
	wraps("trailing   ", 8, "trailing");
	wraps(" leading", 4, " lea\nding");
	wraps("ab", 0, "a\nb");
}

enum { CELL_ID = 1, CELL_LEFT, CELL_RIGHT, CELL_HIDDEN };

static const struct attr attrs[] = {
	[CELL_ID] = { "id", ATTR_U32, FORM_DEC, COLUMN_WHOLE, NULL },
	[CELL_LEFT] = { "left", ATTR_STRING, FORM_DEC, COLUMN_WRAP, NULL },
	[CELL_RIGHT] = { "right", ATTR_STRING, FORM_DEC, COLUMN_WRAP, NULL },
	[CELL_HIDDEN] = { "hidden", ATTR_STRING, FORM_DEC, COLUMN_NONE, NULL },
};

static const struct attr_set set = { "cells", attrs, ARRAY_SIZE(attrs) };

/* A row whose texts are so long. The file is no terminal. */
static void plan(struct wrap *wrap, FILE *file, size_t left, size_t right)
{
	struct objects list = { 0 };
	struct object *row = objects_add(&list, &set);
	char text[256];

	memset(text, 'x', sizeof(text));
	if (row) {
		object_set_num(row, CELL_ID, 1);
		object_set_bytes(row, CELL_LEFT, text, left);
		object_set_bytes(row, CELL_RIGHT, text, right);
		object_set_bytes(row, CELL_HIDDEN, text, sizeof(text));
	}
	wrap_plan(wrap, file, &set, &list);
	objects_free(&list);
}

static void plans(FILE *file, size_t left, size_t right, size_t left_width,
		  size_t right_width)
{
	struct wrap wrap;

	plan(&wrap, file, left, right);
	ok(wrap.width[CELL_LEFT] == left_width &&
	   wrap.width[CELL_RIGHT] == right_width,
	   "texts of %zu and %zu bytes get %zu and %zu columns", left, right,
	   left_width, right_width);
	ok(!wrap.width[CELL_ID] && !wrap.width[CELL_HIDDEN],
	   "other columns are not wrapped");
}

static void plan_tests(FILE *file)
{
	/* "id" and a blank leave 77 of 80 columns. */
	setenv("COLUMNS", "80", 1);
	plans(file, 10, 20, 11, 21);
	plans(file, 0, 0, 5, 6);
	plans(file, 100, 100, 38, 39);
	plans(file, 200, 10, 56, 21);
	setenv("COLUMNS", "40", 1);
	plans(file, 100, 100, 21, 21);
	/* What is no width is none. */
	setenv("COLUMNS", "wide", 1);
	plans(file, 100, 100, 38, 39);
	setenv("COLUMNS", "0", 1);
	plans(file, 100, 100, 38, 39);
	setenv("COLUMNS", "65536", 1);
	plans(file, 100, 100, 38, 39);
	unsetenv("COLUMNS");
	plans(file, 100, 100, 38, 39);
}

int main(void)
{
	FILE *file = fopen("/dev/null", "we");

	ok(file, "there is a file that is no terminal");
	text_tests();
	if (file) {
		plan_tests(file);
		fclose(file);
	}
	return tap_end();
}
