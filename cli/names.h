/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words for the enumerations of the netlink family, spelled as in its
 * specification, and for the buses of devices that are bound.
 */
#ifndef DMX_NAMES_H
#define DMX_NAMES_H

#include "parse.h"

enum bus { BUS_DMA, BUS_PCI, BUS_PLATFORM };

extern const struct words bus_words;
extern const struct words backend_words;
extern const struct words domain_words;
extern const struct words swiotlb_words;
extern const struct words kind_words;
extern const struct words shape_words;
extern const struct words direction_words;
extern const struct words freed_by_words;
extern const struct words gfp_words;
extern const struct words attr_words;
extern const struct words pattern_words;
extern const struct words pool_words;
extern const struct words mapping_words;
extern const struct words caching_words;
extern const struct words check_words;
extern const struct words verdict_words;
extern const struct words compared_words;
extern const struct words protect_case_words;
extern const struct words outcome_words;
extern const struct words fault_op_words;
/* What the kinds of fault can fail with. */
extern const struct words errno_words;

#endif
