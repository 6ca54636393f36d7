/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs one scenario over one socket; when it returns, what it made is gone, and
 * a device that it was lent is as it was, or the scenario has failed.
 */
#ifndef DMX_RUNNER_H
#define DMX_RUNNER_H

#include "report.h"
#include "scenario.h"

/*
 * @device is the name or number of the device to take for "dev = dev add", or
 * NULL. Returns the result; after a signal what was found until then.
 */
enum result scenario_run(const struct scenario *scenario, const char *device,
			 struct report *report);

#endif
