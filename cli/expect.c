// SPDX-License-Identifier: GPL-2.0
#include "expect.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "parse.h"

/* The comparison itself says it all. */
static const char differs[] = "";

enum expect_op expect_op(const char *word)
{
	static const struct {
		const char *name;
		enum expect_op op;
	} ops[] = {
		{ "==", EXPECT_EQ }, { "!=", EXPECT_NE }, { "<", EXPECT_LT },
		{ "<=", EXPECT_LE }, { ">", EXPECT_GT }, { ">=", EXPECT_GE },
		{ "~", EXPECT_CONTAINS }, { "within", EXPECT_WITHIN },
		{ "absent", EXPECT_ABSENT }, { "present", EXPECT_PRESENT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (!strcmp(ops[i].name, word))
			return ops[i].op;
	return EXPECT_NONE;
}

bool expect_has_value(enum expect_op op)
{
	return op != EXPECT_ABSENT && op != EXPECT_PRESENT;
}

/* A size with an optional sign. */
struct number {
	bool negative;
	uint64_t size;
};

static bool number_parse(const char *text, struct number *number)
{
	number->negative = text[0] == '-';
	if (parse_size(text + number->negative, &number->size))
		return false;
	if (!number->size)
		number->negative = false;
	return true;
}

/* Less than, equal to or greater than 0, as memcmp(). */
static int number_compare(const struct number *a, const struct number *b)
{
	int order = (a->size > b->size) - (a->size < b->size);

	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? -order : order;
}

static bool order_holds(int order, enum expect_op op)
{
	switch (op) {
	case EXPECT_EQ:
		return order == 0;
	case EXPECT_NE:
		return order != 0;
	case EXPECT_LT:
		return order < 0;
	case EXPECT_LE:
		return order <= 0;
	case EXPECT_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

const char *expect_compare(const char *actual, enum expect_op op,
			   const char *value)
{
	struct number a;
	struct number b;

	if (op == EXPECT_ABSENT)
		return actual ? differs : NULL;
	if (!actual)
		return differs;
	if (op == EXPECT_PRESENT)
		return NULL;
	if (op == EXPECT_CONTAINS)
		return strstr(actual, value) ? NULL : differs;
	if (number_parse(actual, &a) && number_parse(value, &b)) {
		if (op != EXPECT_WITHIN)
			return order_holds(number_compare(&a, &b), op) ?
			       NULL : differs;
		return !a.negative && !b.negative && !(a.size & ~b.size) ?
		       NULL : differs;
	}
	if (op == EXPECT_EQ || op == EXPECT_NE)
		return order_holds(strcmp(actual, value), op) ? NULL : differs;
	return "one of them is not a number";
}
