// SPDX-License-Identifier: GPL-2.0
#include "error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ERRNO_MAX 4095

int error_set(struct error *error, int number, const char *format, ...)
{
	va_list args;

	error->number = number;
	error->attr = 0;
	error->missing = 0;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return number ? -number : -EINVAL;
}

const char *error_name(int number)
{
	static char unnamed[24];
	const char *name = strerrorname_np(number);

	if (name)
		return name;
	/* The kernel answers some refusals with a number that libc lacks. */
	if (number == 524)
		return "ENOTSUPP";
	snprintf(unnamed, sizeof(unnamed), "errno %d", number);
	return unnamed;
}

int error_number(const char *name)
{
	for (int number = 1; number <= ERRNO_MAX; number++) {
		const char *known = strerrorname_np(number);

		if (known && !strcmp(known, name))
			return number;
	}
	return 0;
}
