// SPDX-License-Identifier: GPL-2.0
/* Platform devices: virtual ones, those of a device tree, any that is given. */

#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>

#include "bus_platform.h"
#include "compat.h"
#include "owner.h"
#include "registry.h"
#include "sysfs.h"
#include "virtual.h"

static int del_virtual(struct dmx_device *ddev)
{
	return dmx_virtual_del(ddev->dev);
}

static void give_memory_region(void *dev)
{
	of_reserved_mem_device_release(dev);
}

/* The device tree may give a device memory of its own to allocate from. */
static int take_memory_region(struct device *dev)
{
	int err;

	if (!IS_ENABLED(CONFIG_OF_RESERVED_MEM) || !dev->of_node)
		return 0;
	err = of_reserved_mem_device_init(dev);
	if (err)
		return err == -ENODEV ? 0 : err;
	/* managed memory, of which some is from there, goes before it */
	return devm_add_action_or_reset(dev, give_memory_region, dev);
}

static int platform_probe(struct platform_device *pdev)
{
	bool virtual = dmx_virtual_has(&pdev->dev);
	const struct dmx_device_spec spec = {
		.dev = &pdev->dev,
		.node = &pdev->dev,
		.del = virtual ? del_virtual : NULL,
		.virtual = virtual,
	};
	struct dmx_owner_id owner;
	int err;

	err = take_memory_region(&pdev->dev);
	if (err)
		return dev_err_probe(&pdev->dev, err,
				     "memory-region cannot be used\n");

	dmx_virtual_owner(&pdev->dev, &owner);
	err = dmx_registry_dev_add(&spec, &owner);
	if (err)
		dmx_virtual_failed(&pdev->dev, err);
	return err;
}

static void platform_remove(struct platform_device *pdev)
{
	dmx_registry_dev_del(&pdev->dev);
}

#ifdef CONFIG_OF
static const struct of_device_id of_ids[] = {
	{ .compatible = "dmaexer,exerciser" },
	{ }
};
#endif

static struct platform_driver platform_driver = {
	.probe	= platform_probe,
	DMX_PLATFORM_REMOVE(platform_remove),
	.driver	= {
		.name		= "dmaexer",
		.of_match_table	= of_match_ptr(of_ids),
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
