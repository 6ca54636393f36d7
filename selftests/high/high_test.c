// SPDX-License-Identifier: GPL-2.0
/*
 * A bus whose addresses begin at 4 GiB, as some SoCs have one, for one virtual
 * device of dmaexer, from load to unload: on a kernel for 32 bits with PAE, this
 * is how a coherent allocation gets a DMA address that does not fit a word.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

static char device[32];
module_param_string(device, device, sizeof(device), 0444);
MODULE_PARM_DESC(device, "name of the virtual device that is on the bus");

static struct device *dev;

static const struct bus_dma_region ranges[] = {
	{
		.cpu_start	= 0,
		.dma_start	= SZ_4G,
		.size		= SZ_4G,
#ifdef RANGE_HAS_OFFSET
		.offset		= 0ULL - SZ_4G,
#endif
	},
	{ },
};

static int __init high_init(void)
{
	const struct bus_dma_region *map;

	dev = bus_find_device_by_name(&platform_bus_type, NULL, device);
	if (!dev) {
		pr_err("no device %s\n", device);
		return -ENODEV;
	}
	map = kmemdup(ranges, sizeof(ranges), GFP_KERNEL);
	if (!map) {
		put_device(dev);
		return -ENOMEM;
	}
	dev->dma_range_map = map;
	return 0;
}
module_init(high_init);

/* A device that was unbound meanwhile has freed its ranges. */
static void __exit high_exit(void)
{
	kfree(dev->dma_range_map);
	dev->dma_range_map = NULL;
	put_device(dev);
}
module_exit(high_exit);

MODULE_DESCRIPTION("A bus whose addresses begin at 4 GiB");
MODULE_LICENSE("GPL");
