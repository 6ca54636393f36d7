// SPDX-License-Identifier: GPL-2.0
/*
 * Faults, one for each detector of an instrumented kernel, so that a test can
 * tell whether it would be heard: the one whose name is written to the parameter
 * "fault" is made at once. As long as the module is there, watch.c has the DMA
 * API's detector look at all that is ours.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "watch.h"

#define BUF_SIZE	8192
/* enough that a stale pointer on a stack cannot hide all of them */
#define LOST_OBJECTS	8

struct fault {
	const char *name;
	void (*make)(struct device *dev);
	const char *driver;	/* who makes it, if not one of ours */
};

static const struct fault *fault;

/* The compiler must not know a value with which it would see the fault. */
static int number(int value)
{
	OPTIMIZER_HIDE_VAR(value);
	return value;
}

static void make_dma_leak(struct device *dev)
{
	dma_addr_t handle;

	dma_alloc_coherent(dev, BUF_SIZE, &handle, GFP_KERNEL);
}

static void make_dma_size(struct device *dev)
{
	dma_addr_t handle;
	void *cpu = dma_alloc_coherent(dev, BUF_SIZE, &handle, GFP_KERNEL);

	if (cpu)
		dma_free_coherent(dev, BUF_SIZE / 2, cpu, handle);
}

static void make_dma_unchecked(struct device *dev)
{
	void *cpu = kmalloc(BUF_SIZE, GFP_KERNEL);
	dma_addr_t handle;

	if (!cpu)
		return;
	handle = dma_map_single(dev, cpu, BUF_SIZE, DMA_TO_DEVICE);
	dma_unmap_single(dev, handle, BUF_SIZE, DMA_TO_DEVICE);
	kfree(cpu);
}

static void make_use_after_free(struct device *dev)
{
	char *p = kmalloc(100, GFP_KERNEL);

	if (!p)
		return;
	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	READ_ONCE(*p);
}

static void make_out_of_bounds(struct device *dev)
{
	char *p = kmalloc(100, GFP_KERNEL);

	if (!p)
		return;
	READ_ONCE(p[number(100)]);
	kfree(p);
}

static void make_atomic_sleep(struct device *dev)
{
	DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
}

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static void make_lock_inversion(struct device *dev)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void make_lost_objects(struct device *dev)
{
	int *object;
	int i;

	for (i = 0; i < LOST_OBJECTS; i++) {
		object = kzalloc(64, GFP_KERNEL);
		if (object)
			WRITE_ONCE(*object, i);
	}
}

static void make_shift(struct device *dev)
{
	pr_info("%d\n", 1 << number(40));
}

static void make_index(struct device *dev)
{
	static int numbers[4];

	pr_info("%d\n", numbers[number(4)]);
}

static void make_refcount(struct device *dev)
{
	refcount_t count;

	refcount_set(&count, 0);
	refcount_inc(&count);
}

static void make_list(struct device *dev)
{
	struct list_head entry;
	LIST_HEAD(head);

	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
}

static void timer_nothing(struct timer_list *timer)
{
}

/* The detector stops the timer, so what is freed is not used. */
static void make_live_timer(struct device *dev)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, timer_nothing, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static const struct fault faults[] = {
	{ "dma-leak",		make_dma_leak },
	{ "dma-size",		make_dma_size },
	{ "dma-size-elsewhere",	make_dma_size, "another_test" },
	{ "dma-unchecked",	make_dma_unchecked },
	{ "use-after-free",	make_use_after_free },
	{ "out-of-bounds",	make_out_of_bounds },
	{ "atomic-sleep",	make_atomic_sleep },
	{ "lock-inversion",	make_lock_inversion },
	{ "lost-objects",	make_lost_objects },
	{ "shift",		make_shift },
	{ "index",		make_index },
	{ "refcount",		make_refcount },
	{ "list",		make_list },
	{ "live-timer",		make_live_timer },
};

static int detect_probe(struct platform_device *pdev)
{
	int ret = dma_coerce_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));

	if (!ret)
		fault->make(&pdev->dev);
	return ret;
}

static struct platform_driver detect_driver = {
	.probe		= detect_probe,
};

/* A leak is found when the driver leaves the device. */
static int make_fault(void)
{
	const char *name = fault->driver ?: KBUILD_MODNAME;
	struct platform_device *pdev;
	int ret;

	detect_driver.driver.name = name;
	ret = platform_driver_register(&detect_driver);
	if (ret)
		return ret;

	pdev = platform_device_register_simple(name, -1, NULL, 0);
	if (IS_ERR(pdev))
		ret = PTR_ERR(pdev);
	else
		platform_device_unregister(pdev);
	platform_driver_unregister(&detect_driver);
	return ret;
}

static int fault_set(const char *name, const struct kernel_param *param)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!sysfs_streq(name, faults[i].name))
			continue;
		fault = &faults[i];
		return make_fault();
	}
	return -EINVAL;
}

static const struct kernel_param_ops fault_ops = {
	.set	= fault_set,
};
module_param_cb(fault, &fault_ops, NULL, 0200);
MODULE_PARM_DESC(fault, "the fault to make");

static int __init detect_init(void)
{
	return dmx_watch_start();
}
module_init(detect_init);

static void __exit detect_exit(void)
{
	dmx_watch_stop();
}
module_exit(detect_exit);

MODULE_DESCRIPTION("Faults for the detectors of an instrumented kernel");
MODULE_LICENSE("GPL");
