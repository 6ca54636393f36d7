/* SPDX-License-Identifier: GPL-2.0 */
/*
 * New inputs, from the table of requests and from other inputs. All is drawn from
 * a state of 64 bits, so the same state makes the same.
 */
#ifndef DMAEXER_SELFTEST_FUZZ_MUTATE_H
#define DMAEXER_SELFTEST_FUZZ_MUTATE_H

#include "fuzz_input.h"

uint64_t fuzz_draw(uint64_t *state);
uint64_t fuzz_below(uint64_t *state, uint64_t limit);

/* An input from the table alone: mostly right requests. */
void fuzz_generate(struct fuzz_input *input, uint64_t *state);

/* Changes an input a little; @other is one to take steps from. */
void fuzz_mutate(struct fuzz_input *input, const struct fuzz_input *other,
		 uint64_t *state);

#endif
