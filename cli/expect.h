/* SPDX-License-Identifier: GPL-2.0 */
/* Comparisons of a scenario. */
#ifndef DMX_EXPECT_H
#define DMX_EXPECT_H

#include <stdbool.h>

enum expect_op {
	EXPECT_NONE, EXPECT_EQ, EXPECT_NE, EXPECT_LT, EXPECT_LE, EXPECT_GT,
	EXPECT_GE, EXPECT_CONTAINS, EXPECT_WITHIN, EXPECT_ABSENT,
	EXPECT_PRESENT,
};

/* The comparison that a word stands for, EXPECT_NONE for any other word. */
enum expect_op expect_op(const char *word);

/* Whether a value follows the comparison. */
bool expect_has_value(enum expect_op op);

/*
 * Compares; numbers as numbers where both are. @actual is NULL where there is
 * no such field. NULL where it holds, else why not, or "" where that is plain.
 */
const char *expect_compare(const char *actual, enum expect_op op,
			   const char *value);

#endif
