/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which code of the kernel this thread has run, as far as it was built to tell.
 */
#ifndef DMAEXER_SELFTEST_KCOV_H
#define DMAEXER_SELFTEST_KCOV_H

#include <stdbool.h>
#include <stddef.h>

/* Starts it; false where the kernel has no KCOV. */
bool kcov_start(void);

/*
 * Takes what was run since the last time: how much of it was never run before,
 * as steps from one place to the next.
 */
size_t kcov_take(void);

/* Different places that were run so far, and steps from one to the next. */
size_t kcov_places(void);
size_t kcov_edges(void);

#endif
