/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HARNESS_H
#define HARNESS_H

#include "kselftest_harness.h"

/*
 * Seconds that a test may take which does not say. An emulated kernel that watches
 * takes longer than half a minute for what another does in one second.
 */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 120

#endif
