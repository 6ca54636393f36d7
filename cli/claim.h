/* SPDX-License-Identifier: GPL-2.0 */
/* Block devices that somebody has for himself. */
#ifndef DMX_CLAIM_H
#define DMX_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Opens the block device with that directory in sysfs as mount, swapon and dm
 * do. Returns 0 or -errno: -EBUSY where it, or a partition, is claimed, -ENOENT
 * where it has no node.
 */
int claim_try(const char *dir);

/*
 * Who has claimed it, like "vda1 is mounted on /mnt", where that can be seen.
 */
bool claim_find(const char *dir, char *buf, size_t size);

#endif
