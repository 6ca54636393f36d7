/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_CORE_H
#define _DMX_CORE_H

#include <linux/types.h>

/**
 * struct dmx_settings - parameters of the module
 * @devices: virtual devices to make
 * @quota_bytes: most live bytes of a device, and most that are kept of those
 *	that are gone, 0 for half of memory
 * @quota_bufs: most live buffers of a device
 * @max_bufs: most buffers of all devices, live or kept
 */
struct dmx_settings {
	uint devices;
	ulong quota_bytes;
	uint quota_bufs;
	uint max_bufs;
};

int dmx_start(const struct dmx_settings *settings);
void dmx_stop(void);

#endif
