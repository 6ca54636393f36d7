// SPDX-License-Identifier: GPL-2.0
/* Platform devices, virtual ones among them. */

#include <linux/module.h>
#include <linux/platform_device.h>

#include "bus_platform.h"
#include "compat.h"
#include "registry.h"
#include "sysfs.h"

static int platform_probe(struct platform_device *pdev)
{
	return dmx_registry_dev_add(&pdev->dev);
}

static void platform_remove(struct platform_device *pdev)
{
	dmx_registry_dev_del(&pdev->dev);
}

static struct platform_driver platform_driver = {
	.probe	= platform_probe,
	DMX_PLATFORM_REMOVE(platform_remove),
	.driver	= {
		.name		= "dmaexer",
		.dev_groups	= dmx_sysfs_groups,
		/* who makes a virtual device waits for it to be bound */
		.probe_type	= PROBE_FORCE_SYNCHRONOUS,
	},
};

/**
 * dmx_platform_init() - begin to bind platform devices
 *
 * Return: 0 or an error.
 */
int dmx_platform_init(void)
{
	return platform_driver_register(&platform_driver);
}

/**
 * dmx_platform_exit() - unbind every platform device
 */
void dmx_platform_exit(void)
{
	platform_driver_unregister(&platform_driver);
}
