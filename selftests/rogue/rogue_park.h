/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DMAEXER_SELFTEST_ROGUE_PARK_H
#define DMAEXER_SELFTEST_ROGUE_PARK_H

void rogue_park_exit(void);

#endif
