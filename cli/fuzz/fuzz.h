/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is thrown at the parsers. A target takes bytes, and aborts where a claim
 * does not hold; libFuzzer looks for such bytes, or random.c does.
 */
#ifndef DMX_FUZZ_H
#define DMX_FUZZ_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

__attribute__((format(printf, 2, 3)))
static inline void claim(bool holds, const char *format, ...)
{
	va_list args;

	if (holds)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs(": does not hold\n", stderr);
	abort();
}

#endif
