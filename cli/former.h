/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a device was before it was bound, kept in /run/dmaexer from one command
 * to the next. A file there counts only for the boot and for the very device
 * that it was written for.
 */
#ifndef DMX_FORMER_H
#define DMX_FORMER_H

#include <limits.h>

#define FORMER_DIR "/run/dmaexer"

/**
 * struct former - what has to be put back
 * @driver: the driver that had the device, "" for none
 * @override: its driver_override, "" for none
 */
struct former {
	char driver[NAME_MAX + 1];
	char override[4096];
};

/*
 * One command at a time binds or unbinds: waits for the others. Returns a
 * descriptor to be closed, or -errno.
 */
int former_lock(void);

/*
 * @dir is the device in sysfs, @bus and @name say which. Each returns 0 or
 * -errno; -ENOENT where nothing is known of this device.
 */
int former_load(const char *dir, const char *bus, const char *name,
		struct former *former);
int former_save(const char *dir, const char *bus, const char *name,
		const struct former *former);
void former_forget(const char *bus, const char *name);

#endif
