/* SPDX-License-Identifier: GPL-2.0 */
/* What a scenario may need of the machine. */
#ifndef DMX_NEEDS_H
#define DMX_NEEDS_H

#include <stddef.h>

#include "cmd.h"

enum needs { NEEDS_MET, NEEDS_UNMET, NEEDS_UNKNOWN };

/*
 * Looks for a feature; @number is the word after it, or NULL. Unless it is met,
 * @reason says what is missing.
 */
enum needs needs_check(struct ctx *ctx, const char *feature,
		       const char *number, char *reason, size_t size);

#endif
