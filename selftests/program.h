/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test program needs before its first test: the module, which each loads
 * where it is not there, and what else the environment names.
 */
#ifndef DMAEXER_SELFTEST_PROGRAM_H
#define DMAEXER_SELFTEST_PROGRAM_H

#include <stdbool.h>

/*
 * Ends a program before its tests: what was @named and cannot be used is a
 * failure, what nobody named a skip.
 */
void give_up(bool named, const char *why) __attribute__((noreturn));

/*
 * Each returns "", or why the module is not loaded; the first loads dmaexer, the
 * second after it was unloaded, with parameters.
 */
const char *dmaexer_load(void);
const char *dmaexer_reload(const char *parameters);
const char *module_load(const char *ko, const char *parameters);

#endif
