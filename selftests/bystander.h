/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a process that has nothing to do with the module sees of the machine.
 */
#ifndef DMAEXER_SELFTEST_BYSTANDER_H
#define DMAEXER_SELFTEST_BYSTANDER_H

#include <stdint.h>

/* A number in the environment. */
uint64_t setting(const char *name, uint64_t otherwise);

/* The number behind a word in a file, 0 where there is none. */
uint64_t number_in(const char *path, const char *word);
uint64_t available_kib(void);

/* Seconds, of a clock that nobody sets. */
double now(void);

/* Sorts. */
double median(double *values, int count);

/*
 * What it takes to get some memory and to touch it, in seconds: the mean, since
 * most times or few may wait for the process's turn, of as many as fit into @seconds.
 */
double bystander(double seconds);

#endif
