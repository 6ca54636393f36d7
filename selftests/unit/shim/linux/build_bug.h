/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UNIT_LINUX_BUILD_BUG_H
#define UNIT_LINUX_BUILD_BUG_H

#include <assert.h>

void build_bug(void) __attribute__((error("BUILD_BUG_ON")));

#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif

/* Without optimisation a constant is not seen to be one. */
#ifdef __OPTIMIZE__
#define BUILD_BUG_ON(x)	do { if (x) build_bug(); } while (0)
#else
#define BUILD_BUG_ON(x)	do { } while (0)
#endif

#endif
