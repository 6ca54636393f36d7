/* SPDX-License-Identifier: GPL-2.0 */
/* Files of one line, and links, in sysfs and the like. */
#ifndef DMX_SYSFS_H
#define DMX_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The first line of a file, without its end. Returns 0 or -errno, E2BIG where
 * it does not fit; @buf is then empty.
 */
int sysfs_read(const char *dir, const char *file, char *buf, size_t size);

/* Writes a line at once. Returns 0 or -errno. */
int sysfs_write(const char *dir, const char *file, const char *line);

/*
 * Where a link leads, without the directories before. Returns 0 or -errno;
 * @buf is then empty.
 */
int sysfs_link(const char *dir, const char *link, char *buf, size_t size);

bool sysfs_has(const char *dir, const char *file);

#endif
