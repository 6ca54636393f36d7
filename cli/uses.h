/* SPDX-License-Identifier: GPL-2.0 */
/* What would miss a device that its driver loses. */
#ifndef DMX_USES_H
#define DMX_USES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the device with that directory in sysfs, or any below it, is in use;
 * @buf then says by what. What cannot be looked at counts as in use.
 */
bool uses_find(const char *dir, char *buf, size_t size);

#endif
