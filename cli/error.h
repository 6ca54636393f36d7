/* SPDX-License-Identifier: GPL-2.0 */
/* Why something was not done. */
#ifndef DMX_ERROR_H
#define DMX_ERROR_H

#include <stdarg.h>

/* Exit status of the command. */
enum {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,
	STATUS_USAGE = 2,
	STATUS_DIFFERS = 3,
	STATUS_SKIPPED = 4,
};

/**
 * struct error - the reason of the last refusal
 * @number: errno, 0 where there is none, as for a mistyped word
 * @attr: number of the netlink attribute at fault, 0 where there is none
 * @missing: the attribute is not there and has to be
 * @text: a sentence without full stop, for people
 */
struct error {
	int number;
	unsigned int attr;
	int missing;
	char text[512];
};

/* Fills in @error. Returns -@number, or -EINVAL where that is 0. */
int error_set(struct error *error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "ENOSPC", or "errno 600" for a number without a name. */
const char *error_name(int number);
/* The number of a name like "ENOSPC", or 0 where there is none. */
int error_number(const char *name);

#endif
