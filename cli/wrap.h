/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells of a table that are wrapped between words, where libsmartcols would cut
 * them anywhere, and on a terminal alone.
 */
#ifndef DMX_WRAP_H
#define DMX_WRAP_H

#include <stdio.h>

#include "object.h"

/* No wrapped column is narrower, whatever the terminal. */
#define WRAP_LEAST 20

/**
 * struct wrap - how wide each wrapped column of a table is
 * @width: by number of the attribute, 0 for those that are not wrapped
 */
struct wrap {
	size_t width[OBJECT_ATTRS_MAX];
};

/*
 * Shares what the other columns leave of the terminal, of $COLUMNS, or of 80
 * columns, by the longest text of each.
 */
void wrap_plan(struct wrap *wrap, FILE *file, const struct attr_set *set,
	       const struct objects *list);

/* @text in lines of at most @width bytes, allocated; NULL without memory. */
char *wrap_text(const char *text, size_t width);

#endif
