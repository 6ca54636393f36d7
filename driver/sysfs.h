/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_SYSFS_H
#define _DMX_SYSFS_H

#include <linux/sysfs.h>

/* attributes of a bound device, for the dev_groups of its driver */
extern const struct attribute_group *dmx_sysfs_groups[];

#endif
