// SPDX-License-Identifier: GPL-2.0
/* Load and unload the module. */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>

#include "bus_pci.h"
#include "bus_platform.h"
#include "channel.h"
#include "debugfs.h"
#include "netlink.h"
#include "owner.h"
#include "virtual.h"

#define DEVICES_MAX	64

static uint devices = 1;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "virtual devices made at load, 0 to 64 (default 1)");

static int make_devices(void)
{
	const struct dmx_owner_id nobody = { };
	struct device *dev;
	uint i;

	for (i = 0; i < devices; i++) {
		dev = dmx_virtual_new(&nobody);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		put_device(dev);
	}
	return 0;
}

static int __init dmaexer_init(void)
{
	int err;

	if (devices > DEVICES_MAX) {
		pr_err("devices=%u is above %u\n", devices, DEVICES_MAX);
		return -EINVAL;
	}

	dmx_debugfs_init();

	err = dmx_netlink_init();
	if (err)
		goto debugfs_exit;

	err = dmx_platform_init();
	if (err)
		goto netlink_exit;

	err = dmx_pci_init();
	if (err)
		goto platform_exit;

	err = make_devices();
	if (err)
		goto channel_exit;

	return 0;

channel_exit:
	/* requests are answered already, so there may be channels */
	dmx_channel_exit();
	dmx_virtual_exit();
	dmx_pci_exit();
platform_exit:
	dmx_platform_exit();
netlink_exit:
	dmx_netlink_exit();
debugfs_exit:
	dmx_debugfs_exit();
	return err;
}
module_init(dmaexer_init);

static void __exit dmaexer_exit(void)
{
	dmx_channel_exit();
	dmx_virtual_exit();
	dmx_pci_exit();
	dmx_platform_exit();
	dmx_netlink_exit();
	dmx_debugfs_exit();
}
module_exit(dmaexer_exit);

MODULE_AUTHOR("The dmaexer developers");
MODULE_DESCRIPTION("Exerciser of the DMA mapping API");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
