// SPDX-License-Identifier: GPL-2.0
/*
 * All of dmaexer comes and goes here. It is a module of its own because what
 * user space holds, an open file or half a dump, keeps the code that serves it
 * in memory. The module that users load and unload holds none, so it goes at
 * once, and with it go devices, buffers and requests.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>

#include "bus_pci.h"
#include "bus_platform.h"
#include "channel.h"
#include "core.h"
#include "debugfs.h"
#include "device.h"
#include "fault.h"
#include "netlink.h"
#include "owner.h"
#include "registry.h"
#include "virtual.h"

static int make_devices(uint devices)
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

/**
 * dmx_start() - begin: files, requests, buses, virtual devices
 * @settings: what whoever loads the module has chosen
 *
 * Return: 0 or an error, and then nothing is left.
 */
int dmx_start(const struct dmx_settings *settings)
{
	int err;

	dmx_device_set_quotas(settings->quota_bytes, settings->quota_bufs,
			      settings->max_bufs);
	dmx_debugfs_init();
	dmx_registry_postmortem_init();

	err = dmx_netlink_init();
	if (err)
		goto debugfs_exit;

	err = dmx_platform_init();
	if (err)
		goto netlink_exit;

	err = dmx_pci_init();
	if (err)
		goto platform_exit;

	/* requests are answered already, and may make devices from here on */
	dmx_virtual_init();
	dmx_channel_init();
	err = make_devices(settings->devices);
	if (err)
		goto end_made;

	return 0;

end_made:
	dmx_channel_exit();
	dmx_virtual_exit();
	dmx_pci_exit();
platform_exit:
	dmx_platform_exit();
netlink_exit:
	dmx_netlink_exit();
	dmx_fault_exit();
debugfs_exit:
	dmx_registry_postmortem_exit();
	dmx_debugfs_exit();
	return err;
}
EXPORT_SYMBOL_GPL(dmx_start);

/**
 * dmx_stop() - end all that dmx_start() began
 *
 * Who holds an open file or is in the middle of a dump gets an error from then
 * on.
 *
 * Context: sleeps until no request is under way and no device is bound.
 */
void dmx_stop(void)
{
	/* first, so that nothing is copied only to be dropped */
	dmx_registry_postmortem_exit();
	dmx_channel_exit();
	dmx_virtual_exit();
	dmx_pci_exit();
	dmx_platform_exit();
	dmx_netlink_exit();
	dmx_fault_exit();
	dmx_debugfs_exit();
}
EXPORT_SYMBOL_GPL(dmx_stop);

MODULE_AUTHOR("The dmaexer developers");
MODULE_DESCRIPTION("Exerciser of the DMA mapping API, the part that files hold");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
