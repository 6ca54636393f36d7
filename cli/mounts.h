/* SPDX-License-Identifier: GPL-2.0 */
/* What is mounted, in any namespace. */
#ifndef DMX_MOUNTS_H
#define DMX_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Where a block device is mounted; false where nobody can see it mounted. */
bool mounts_find(dev_t dev, char *where, size_t size);

/*
 * Mounts a 9p file system that a virtio device serves as others would. Returns
 * 0 or -errno: -EBUSY where it is mounted, -ETIMEDOUT where nobody answers.
 */
int mounts_try_tag(const char *tag);

#endif
