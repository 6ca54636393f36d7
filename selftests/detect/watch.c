// SPDX-License-Identifier: GPL-2.0
/*
 * What the DMA API's detector does not look at by itself, and what its filter
 * does not let through.
 */
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/kprobes.h>
#include <linux/moduleparam.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "watch.h"

/*
 * Only the PCI bus asks for this check by itself, and no module can ask for it
 * on behalf of another bus but in this way. It cannot be undone; it is the
 * kernel's own code that stays.
 */
static int watch_platform_bus(void)
{
	struct kprobe probe = { .symbol_name = "dma_debug_add_bus" };
	void (*add_bus)(const struct bus_type *bus);
	int ret;

	ret = register_kprobe(&probe);
	if (ret)
		return ret;
	add_bus = (void *)probe.addr;
	unregister_kprobe(&probe);
	add_bus(&platform_bus_type);
	return 0;
}

/* A client of a controller may leave more on its device than the driver does. */
static bool left_behind = true;
module_param(left_behind, bool, 0600);
MODULE_PARM_DESC(left_behind,
		 "report what is left on a device that its driver leaves");

static bool has_our_name(const char *name)
{
	return str_has_prefix(name, "dmaexer") || str_has_prefix(name, "dmx_");
}

/* What a driver leaves behind is found when the device has none any more. */
static bool is_ours(struct device *dev)
{
	struct device_driver *driver = dev ? READ_ONCE(dev->driver) : NULL;

	return dev && (driver ? has_our_name(driver->name) :
				READ_ONCE(left_behind));
}

static int filter_enter(struct kretprobe_instance *instance,
			struct pt_regs *regs)
{
	struct device **dev = (void *)instance->data;

	*dev = (struct device *)regs_get_kernel_argument(regs, 0);
	return 0;
}

static int filter_leave(struct kretprobe_instance *instance,
			struct pt_regs *regs)
{
	struct device **dev = (void *)instance->data;

	if (is_ours(*dev))
		regs_set_return_value(regs, true);
	return 0;
}

/*
 * The filter knows one driver, as long as that is loaded: not a second one, nor
 * the same one loaded again, nor what it left behind.
 */
static struct kretprobe filter_probe = {
	.kp.symbol_name	= "driver_filter",
	.entry_handler	= filter_enter,
	.handler	= filter_leave,
	.data_size	= sizeof(struct device *),
};

int dmx_watch_start(void)
{
	int ret = watch_platform_bus();

	return ret ?: register_kretprobe(&filter_probe);
}

void dmx_watch_stop(void)
{
	unregister_kretprobe(&filter_probe);
}
