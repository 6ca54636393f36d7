// SPDX-License-Identifier: GPL-2.0
/*
 * PCI devices. The driver knows no ids: it gets a device by driver_override
 * alone. The device is not enabled and moves nothing by itself; DMA is
 * allocated for it as for its own driver.
 */

#include <linux/pci.h>

#include "bus_pci.h"
#include "owner.h"
#include "registry.h"
#include "sysfs.h"

static int pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct dmx_device_spec spec = {
		.dev = &pdev->dev,
		.node = &pdev->dev,
	};
	const struct dmx_owner_id nobody = { };

	return dmx_registry_dev_add(&spec, &nobody);
}

static void pci_remove(struct pci_dev *pdev)
{
	dmx_registry_dev_del(&pdev->dev);
}

static struct pci_driver pci_driver = {
	.name		= "dmaexer",
	.probe		= pci_probe,
	.remove		= pci_remove,
	.dev_groups	= dmx_sysfs_groups,
};

/**
 * dmx_pci_init() - begin to bind PCI devices
 *
 * Return: 0 or an error.
 */
int dmx_pci_init(void)
{
	return pci_register_driver(&pci_driver);
}

/**
 * dmx_pci_exit() - unbind every PCI device
 */
void dmx_pci_exit(void)
{
	pci_unregister_driver(&pci_driver);
}
