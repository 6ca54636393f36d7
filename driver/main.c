// SPDX-License-Identifier: GPL-2.0
/*
 * Load and unload dmaexer. Nothing but this is in the module of that name, see
 * core.c.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mod_devicetable.h>
#include <linux/module.h>

#include "core.h"

#define DEVICES_MAX	64

static struct dmx_settings settings = {
	.devices = 1,
	.quota_bufs = 131072,
	.max_bufs = 262144,
};

module_param_named(devices, settings.devices, uint, 0444);
MODULE_PARM_DESC(devices, "virtual devices made at load, 0 to 64 (default 1)");

module_param_named(quota_bytes, settings.quota_bytes, ulong, 0444);
MODULE_PARM_DESC(quota_bytes,
		 "most live bytes of a device, and most that are kept of gone ones; 0 (default) is half of memory");

module_param_named(quota_bufs, settings.quota_bufs, uint, 0444);
MODULE_PARM_DESC(quota_bufs, "most live buffers of a device (default 131072)");

module_param_named(max_bufs, settings.max_bufs, uint, 0444);
MODULE_PARM_DESC(max_bufs,
		 "most buffers of all devices, live or kept of gone ones (default 262144)");

/* For whoever loads modules by what the device tree has. */
#ifdef CONFIG_OF
static const struct of_device_id of_ids[] __maybe_unused = {
	{ .compatible = "dmaexer,exerciser" },
	{ }
};
MODULE_DEVICE_TABLE(of, of_ids);
#endif

static int __init dmaexer_init(void)
{
	if (settings.devices > DEVICES_MAX) {
		pr_err("devices=%u is above %u\n", settings.devices,
		       DEVICES_MAX);
		return -EINVAL;
	}
	return dmx_start(&settings);
}
module_init(dmaexer_init);

static void __exit dmaexer_exit(void)
{
	dmx_stop();
}
module_exit(dmaexer_exit);

MODULE_AUTHOR("The dmaexer developers");
MODULE_DESCRIPTION("Exerciser of the DMA mapping API");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
