/* SPDX-License-Identifier: GPL-2.0 */
/* The debugfs file with the contents of a buffer, and files of the user. */
#ifndef DMX_DATA_H
#define DMX_DATA_H

#include "error.h"
#include "object.h"
#include "parse.h"

/*
 * Opens the file "data" of @buf, or of what is kept of it, with the flags of
 * open(). Returns a descriptor, or -errno with the reason in @error.
 */
int data_open(const struct object *buf, int flags, struct error *error);

/* Writes all of @bytes at the start of the file "data" of @buf. */
int data_write(const struct object *buf, const struct bytes *bytes,
	       struct error *error);

/* Reads a whole file, "-" being standard input. Returns 0 or -errno. */
int file_read(const char *path, struct bytes *bytes, struct error *error);

#endif
