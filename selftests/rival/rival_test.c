// SPDX-License-Identifier: GPL-2.0
/*
 * Takes a name that dmaexer registers, from load to unload, so that a test can
 * see what is left where dmaexer comes too late.
 */

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <net/genetlink.h>

static char takes[16];
module_param_string(takes, takes, sizeof(takes), 0444);
MODULE_PARM_DESC(takes, "family, platform or pci: where the name is taken");

static struct genl_family family = {
	.name		= "dmaexer",
	.version	= 1,
	.module		= THIS_MODULE,
};

static struct platform_driver platform_driver = {
	.driver.name	= "dmaexer",
};

static struct pci_driver pci_driver = {
	.name		= "dmaexer",
};

static int __init rival_init(void)
{
	if (sysfs_streq(takes, "family"))
		return genl_register_family(&family);
	if (sysfs_streq(takes, "platform"))
		return platform_driver_register(&platform_driver);
	if (sysfs_streq(takes, "pci"))
		return pci_register_driver(&pci_driver);
	return -EINVAL;
}
module_init(rival_init);

static void __exit rival_exit(void)
{
	if (sysfs_streq(takes, "family"))
		genl_unregister_family(&family);
	else if (sysfs_streq(takes, "platform"))
		platform_driver_unregister(&platform_driver);
	else
		pci_unregister_driver(&pci_driver);
}
module_exit(rival_exit);

MODULE_DESCRIPTION("Takes a name that dmaexer registers");
MODULE_LICENSE("GPL");
