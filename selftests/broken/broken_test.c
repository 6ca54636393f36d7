// SPDX-License-Identifier: GPL-2.0
/*
 * A platform that breaks the promises of the DMA API, so that a test can tell
 * whether anybody notices. It serves one virtual device of dmaexer, from load
 * to unload, with DMA operations of its own; or it tells lies about those that
 * the device has. It is also told to take its time, so that a test has others come
 * in between.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>

#ifdef CONFIG_X86
#include <asm/set_memory.h>
#endif

/* where the second of two allocations lies, if they are to overlap */
#define SAME_PLACE	0x40000000

static char device[32];
module_param_string(device, device, sizeof(device), 0444);
MODULE_PARM_DESC(device, "name of the virtual device to serve");

static char breaks[32] = "nothing";
module_param_string(breaks, breaks, sizeof(breaks), 0644);
MODULE_PARM_DESC(breaks,
		 "nothing, mask, overlap, alignment or contents; or the caching is write-combining or uncached; or no-address: a mask of no bits is taken; or, from load on, backing, part or segments");

static char stops[16] = "nothing";
static DECLARE_COMPLETION(leave);

static int stops_set(const char *value, const struct kernel_param *kp)
{
	bool nothing = sysfs_streq(value, "nothing");
	int err;

	if (!nothing)
		reinit_completion(&leave);
	err = param_set_copystring(value, kp);
	if (nothing)
		complete_all(&leave);
	return err;
}

static const struct kernel_param_ops stops_ops = {
	.set	= stops_set,
	.get	= param_get_string,
};

static struct kparam_string stops_string = {
	.maxlen = sizeof(stops),
	.string = stops,
};

module_param_cb(stops, &stops_ops, &stops_string, 0644);
MODULE_PARM_DESC(stops,
		 "nothing; or all who come to alloc, free or mask, until it is nothing again, for a minute at most");

static int next_set(const char *value, const struct kernel_param *kp)
{
	complete(&leave);
	return 0;
}

static const struct kernel_param_ops next_ops = {
	.set	= next_set,
};

module_param_cb(next, &next_ops, NULL, 0200);
MODULE_PARM_DESC(next, "lets go who was stopped first");

static atomic_t stopped;
module_param_named(stopped, stopped.counter, int, 0444);
MODULE_PARM_DESC(stopped, "who is stopped");

static struct device *dev;

static bool does_break(const char *what)
{
	return sysfs_streq(breaks, what);
}

static void pass(const char *where)
{
	if (!sysfs_streq(stops, where))
		return;
	atomic_inc(&stopped);
	wait_for_completion_timeout(&leave, 60 * HZ);
	atomic_dec(&stopped);
}

static int set_caching(void *cpu, size_t size)
{
#ifdef CONFIG_X86
	if (does_break("write-combining"))
		return set_memory_wc((unsigned long)cpu, PFN_UP(size));
	if (does_break("uncached"))
		return set_memory_uc((unsigned long)cpu, PFN_UP(size));
#endif
	return 0;
}

static void *broken_alloc(struct device *dev, size_t size, dma_addr_t *handle,
			  gfp_t gfp, unsigned long attrs)
{
	void *cpu;

	pass("alloc");
	cpu = (void *)__get_free_pages(gfp | __GFP_ZERO, get_order(size));
	if (!cpu)
		return NULL;
	if (set_caching(cpu, size)) {
		free_pages((unsigned long)cpu, get_order(size));
		return NULL;
	}

	*handle = virt_to_phys(cpu);
	if (does_break("mask"))
		*handle |= BIT_ULL(40);
	else if (does_break("overlap"))
		*handle = SAME_PLACE;
	else if (does_break("alignment"))
		*handle += PAGE_SIZE;
	else if (does_break("contents"))
		memset(cpu + size - 2, 0xff, 2);
	return cpu;
}

static void broken_free(struct device *dev, size_t size, void *cpu,
			dma_addr_t handle, unsigned long attrs)
{
	pass("free");
#ifdef CONFIG_X86
	set_memory_wb((unsigned long)cpu, PFN_UP(size));
#endif
	free_pages((unsigned long)cpu, get_order(size));
}

/* There is no memory above 32 bits, and below them it is anywhere. */
static int broken_supported(struct device *dev, u64 mask)
{
	pass("mask");
	return mask >= DMA_BIT_MASK(32) || does_break("no-address");
}

/* Of no other platform, so that none of them is taken for another. */
static u64 broken_required_mask(struct device *dev)
{
	return DMA_BIT_MASK(31);
}

static size_t broken_max_mapping_size(struct device *dev)
{
	return SZ_1M;
}

static size_t broken_opt_mapping_size(void)
{
	return SZ_64K;
}

static unsigned long broken_merge_boundary(struct device *dev)
{
	return SZ_16K - 1;
}

static const struct dma_map_ops broken_ops = {
	.alloc			= broken_alloc,
	.free			= broken_free,
	.dma_supported		= broken_supported,
	.get_required_mask	= broken_required_mask,
	.max_mapping_size	= broken_max_mapping_size,
	.opt_mapping_size	= broken_opt_mapping_size,
	.get_merge_boundary	= broken_merge_boundary,
};

#ifdef CONFIG_X86

/* The device is told of the memory behind that of the CPU, or amidst it. */
struct lie {
	dma_addr_t *handle;
	size_t size;
};

static size_t distance(size_t size)
{
	return does_break("part") ? SZ_64 : PAGE_SIZE << get_order(size);
}

static int alloc_entered(struct kretprobe_instance *instance,
			 struct pt_regs *regs)
{
	struct lie *lie = (struct lie *)instance->data;

	lie->size = regs_get_kernel_argument(regs, 1);
	lie->handle = (dma_addr_t *)regs_get_kernel_argument(regs, 2);
	return (void *)regs_get_kernel_argument(regs, 0) != dev;
}

static int alloc_left(struct kretprobe_instance *instance,
		      struct pt_regs *regs)
{
	struct lie *lie = (struct lie *)instance->data;

	if (regs_return_value(regs))
		*lie->handle += distance(lie->size);
	return 0;
}

static int free_entered(struct kprobe *probe, struct pt_regs *regs)
{
	/* the arguments are device, size, CPU address and DMA address */
	if ((void *)regs_get_kernel_argument(regs, 0) == dev)
		regs->cx -= distance(regs_get_kernel_argument(regs, 1));
	return 0;
}

static int table_entered(struct kretprobe_instance *instance,
			 struct pt_regs *regs)
{
	return (void *)regs_get_kernel_argument(regs, 0) != dev;
}

/* The device is told of no more than the first page. */
static int table_left(struct kretprobe_instance *instance,
		      struct pt_regs *regs)
{
	struct sg_table *sgt = (struct sg_table *)regs_return_value(regs);

	if (sgt)
		sg_dma_len(sgt->sgl) = PAGE_SIZE;
	return 0;
}

/* The arguments are device, size and table. */
static int table_freed(struct kprobe *probe, struct pt_regs *regs)
{
	struct sg_table *sgt;

	sgt = (struct sg_table *)regs_get_kernel_argument(regs, 2);
	if ((void *)regs_get_kernel_argument(regs, 0) == dev)
		sg_dma_len(sgt->sgl) = sgt->sgl->length;
	return 0;
}

/* dma_alloc_pages() and dma_free_pages() have their arguments as the others. */
static struct kretprobe alloc_probes[] = {
	{
		.kp.symbol_name	= "dma_alloc_attrs",
		.entry_handler	= alloc_entered,
		.handler	= alloc_left,
		.data_size	= sizeof(struct lie),
	},
	{
		.kp.symbol_name	= "dma_alloc_pages",
		.entry_handler	= alloc_entered,
		.handler	= alloc_left,
		.data_size	= sizeof(struct lie),
	},
	{
		.kp.symbol_name	= "dma_alloc_noncontiguous",
		.entry_handler	= table_entered,
		.handler	= table_left,
	},
};

static struct kprobe free_probes[] = {
	{ .symbol_name = "dma_free_attrs", .pre_handler = free_entered },
	{ .symbol_name = "dma_free_pages", .pre_handler = free_entered },
	{
		.symbol_name	= "dma_free_noncontiguous",
		.pre_handler	= table_freed,
	},
};

static int first_probe;
static int end_probe;

static void end_lies(void)
{
	while (end_probe-- > first_probe) {
		unregister_kretprobe(&alloc_probes[end_probe]);
		unregister_kprobe(&free_probes[end_probe]);
	}
}

/* Addresses by the first two pairs, pieces by the last. */
static int begin_to_lie(void)
{
	int last = does_break("segments") ? 2 : 1;
	int err;

	first_probe = does_break("segments") ? 2 : 0;
	for (end_probe = first_probe; end_probe <= last; end_probe++) {
		err = register_kprobe(&free_probes[end_probe]);
		if (err)
			break;
		err = register_kretprobe(&alloc_probes[end_probe]);
		if (err) {
			unregister_kprobe(&free_probes[end_probe]);
			break;
		}
	}
	if (err)
		end_lies();
	return err;
}

#else

static int begin_to_lie(void)
{
	return -EOPNOTSUPP;
}

static void end_lies(void)
{
}

#endif

static bool lies;

static int __init broken_init(void)
{
	int err;

	dev = bus_find_device_by_name(&platform_bus_type, NULL, device);
	if (!dev) {
		pr_err("no device %s\n", device);
		return -ENODEV;
	}
	lies = does_break("backing") || does_break("part") ||
	       does_break("segments");
	if (!lies) {
		set_dma_ops(dev, &broken_ops);
		return 0;
	}
	err = begin_to_lie();
	if (err)
		put_device(dev);
	return err;
}
module_init(broken_init);

static void __exit broken_exit(void)
{
	if (lies)
		end_lies();
	else
		set_dma_ops(dev, NULL);
	put_device(dev);
}
module_exit(broken_exit);

MODULE_DESCRIPTION("A platform that breaks the promises of the DMA API");
MODULE_LICENSE("GPL");
