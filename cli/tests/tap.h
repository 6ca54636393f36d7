/* SPDX-License-Identifier: GPL-2.0 */
/* Test results of a unit test. A test name is a claim. */
#ifndef DMX_TAP_H
#define DMX_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned int tap_count;
static unsigned int tap_failed;

__attribute__((format(printf, 2, 3)))
static inline void ok(bool holds, const char *format, ...)
{
	va_list args;

	tap_count++;
	tap_failed += holds ? 0 : 1;
	printf("%s %u - ", holds ? "ok" : "not ok", tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static inline int tap_end(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
