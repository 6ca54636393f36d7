/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device of a bus, which is taken from its driver by driver_override and
 * given back. Functions return 0 or -errno with the reason in @error. Whatever
 * ends a command in the middle leaves a state from which the next one goes on.
 */
#ifndef DMX_BINDING_H
#define DMX_BINDING_H

#include <limits.h>
#include <stdbool.h>

#include "error.h"

/**
 * struct binding - a device in sysfs
 * @bus: name of its bus
 * @name: its own
 * @dir: its directory, without links in the path
 */
struct binding {
	const char *bus;
	const char *name;
	char dir[PATH_MAX];
};

/* Finds the device; ENOENT where there is none. The names must outlive it. */
int binding_open(struct binding *binding, const char *bus, const char *name,
		 struct error *error);

/*
 * Binds it to dmaexer. Where a step is refused, those before are undone. EBUSY
 * where it is bound already, and unless @force is set, where it is in use.
 */
int binding_take(const struct binding *binding, bool force,
		 struct error *error);

/*
 * Unbinds it, and puts back what it was before binding_take(): where it is not
 * bound any more, what is left of that. ENOENT where there is nothing to do.
 */
int binding_release(const struct binding *binding, struct error *error);

#endif
