// SPDX-License-Identifier: GPL-2.0
/*
 * A DMA engine controller that does not keep its promises, so that a test can
 * tell whether anybody notices. It has one channel, for memcpy; what it is
 * asked to copy, a worker of the kernel copies, and then does what "breaks" says.
 * What it writes besides is never out of the page of the destination.
 */

#include <linux/delay.h>
#include <linux/dma-direct.h>
#include <linux/dmaengine.h>
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "rogue_park.h"

#define STEP	2048
/* bytes that are not copied, or copied too much */
#define SOME	16

static char breaks[16] = "nothing";
module_param_string(breaks, breaks, sizeof(breaks), 0644);
MODULE_PARM_DESC(breaks,
		 "nothing; short, long, before, wrong, messy (wrong and long) or idle, where the copy is not right; or silent, error or refuse");

static uint step_ms;
module_param(step_ms, uint, 0644);
MODULE_PARM_DESC(step_ms, "time for each 2048 bytes, in ms (default 0)");

static uint status_ms;
module_param(status_ms, uint, 0644);
MODULE_PARM_DESC(status_ms, "time to tell how far a copy is, in ms (default 0)");

static uint align;
module_param(align, uint, 0444);
MODULE_PARM_DESC(align, "copies are aligned to 1 << align (default 0)");

static uint mask_bits = 64;
module_param(mask_bits, uint, 0444);
MODULE_PARM_DESC(mask_bits, "width of its addresses (default 64)");

static struct platform_device *pdev;
static unsigned long long limit;

static int limit_set(const char *value, const struct kernel_param *kp)
{
	int err = param_set_ullong(value, kp);

	if (!err && pdev)
		pdev->dev.bus_dma_limit = limit;
	return err;
}

static const struct kernel_param_ops limit_ops = {
	.set	= limit_set,
	.get	= param_get_ullong,
};

module_param_cb(limit, &limit_ops, &limit, 0644);
MODULE_PARM_DESC(limit,
		 "the last address that its bus reaches, 0 for all (default 0)");

static bool endless;
module_param(endless, bool, 0444);
MODULE_PARM_DESC(endless, "nobody can stop it (default no)");

static bool coarse;
module_param(coarse, bool, 0444);
MODULE_PARM_DESC(coarse, "it knows of whole copies only (default no)");

static char *twin;
module_param(twin, charp, 0444);
MODULE_PARM_DESC(twin, "name of one more device, which has no driver");

/**
 * struct copy - one memcpy
 * @tx: what the client has of it
 * @node: in one of the lists of the channel
 * @dst: DMA address
 * @src: DMA address
 * @size: bytes
 * @done: bytes that are at @dst
 * @terminated: nobody is told
 */
struct copy {
	struct dma_async_tx_descriptor tx;
	struct list_head node;
	dma_addr_t dst;
	dma_addr_t src;
	size_t size;
	size_t done;
	bool terminated;
};

/**
 * struct rogue - the controller
 * @dma: for the core
 * @chan: its only channel
 * @work: copies, a step each time
 * @lock: protects the lists, and the cookies of @chan
 * @prepared: not submitted
 * @submitted: not issued
 * @issued: the first is under way
 * @terminated: to be freed
 */
struct rogue {
	struct dma_device dma;
	struct dma_chan chan;
	struct delayed_work work;
	spinlock_t lock; /* protects all below */
	struct list_head prepared;
	struct list_head submitted;
	struct list_head issued;
	struct list_head terminated;
};

/* Stays with the module, which stays as long as a client has the channel. */
static struct rogue rogue;
static struct platform_device *twin_dev;

static bool does_break(const char *what)
{
	return sysfs_streq(breaks, what);
}

static u8 *map(dma_addr_t addr)
{
	phys_addr_t phys = dma_to_phys(rogue.dma.dev, addr);

	return (u8 *)kmap_local_page(pfn_to_page(PHYS_PFN(phys))) +
	       offset_in_page(phys);
}

static void move(dma_addr_t dst, dma_addr_t src, size_t size)
{
	size_t len;
	u8 *from;
	u8 *to;

	for (; size; size -= len, dst += len, src += len) {
		len = min3(size, PAGE_SIZE - offset_in_page(src),
			   PAGE_SIZE - offset_in_page(dst));
		from = map(src);
		to = map(dst);
		memcpy(to, from, len);
		kunmap_local(to);
		kunmap_local(from);
	}
}

static void invert(dma_addr_t addr, size_t size)
{
	u8 *at = map(addr);
	size_t i;

	for (i = 0; i < size; i++)
		at[i] = ~at[i];
	kunmap_local(at);
}

/* What is done to the memory once all is where it should be. */
static void spoil(const struct copy *copy)
{
	dma_addr_t end = copy->dst + copy->size;
	size_t room = offset_in_page(end) ? PAGE_SIZE - offset_in_page(end) : 0;

	if ((does_break("long") || does_break("messy")) && room)
		invert(end, min_t(size_t, room, SOME));
	if (does_break("before") && offset_in_page(copy->dst))
		invert(copy->dst - 1, 1);
	if (does_break("wrong") || does_break("messy"))
		invert(copy->dst + copy->size / 2, 1);
}

static void step(struct copy *copy)
{
	size_t size = min_t(size_t, copy->size - copy->done, STEP);
	bool last = copy->done + size == copy->size;
	size_t skipped = 0;

	if (does_break("idle"))
		skipped = size;
	else if (does_break("short") && last)
		skipped = min_t(size_t, size, SOME);
	move(copy->dst + copy->done, copy->src + copy->done, size - skipped);
	if (last)
		spoil(copy);
	copy->done += size;
}

static void queue_step(void)
{
	queue_delayed_work(system_wq, &rogue.work, msecs_to_jiffies(step_ms));
}

static void tell(struct copy *copy)
{
	const struct dmaengine_result result = {
		.result = does_break("error") ? DMA_TRANS_WRITE_FAILED :
						DMA_TRANS_NOERROR,
	};

	if (copy->tx.callback_result)
		copy->tx.callback_result(copy->tx.callback_param, &result);
	else if (copy->tx.callback)
		copy->tx.callback(copy->tx.callback_param);
	kfree(copy);
}

static void work(struct work_struct *unused)
{
	struct copy *copy;
	bool over = false;

	spin_lock_irq(&rogue.lock);
	copy = list_first_entry_or_null(&rogue.issued, struct copy, node);
	spin_unlock_irq(&rogue.lock);
	if (!copy || does_break("silent"))
		return;

	/* One that is terminated now is freed after this work. */
	step(copy);
	spin_lock_irq(&rogue.lock);
	if (!copy->terminated && copy->done == copy->size) {
		list_del(&copy->node);
		rogue.chan.completed_cookie = copy->tx.cookie;
		over = true;
	}
	if (!list_empty(&rogue.issued))
		queue_step();
	spin_unlock_irq(&rogue.lock);
	if (over)
		tell(copy);
}

static dma_cookie_t submit(struct dma_async_tx_descriptor *tx)
{
	struct copy *copy = container_of(tx, struct copy, tx);
	unsigned long flags;

	spin_lock_irqsave(&rogue.lock, flags);
	tx->cookie = ++rogue.chan.cookie;
	list_move_tail(&copy->node, &rogue.submitted);
	spin_unlock_irqrestore(&rogue.lock, flags);
	return tx->cookie;
}

static struct dma_async_tx_descriptor *
prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src,
	    size_t size, unsigned long tx_flags)
{
	struct copy *copy;
	unsigned long flags;

	if (!size || does_break("refuse"))
		return NULL;
	copy = kzalloc(sizeof(*copy), GFP_NOWAIT);
	if (!copy)
		return NULL;
	dma_async_tx_descriptor_init(&copy->tx, chan);
	copy->tx.flags = tx_flags;
	copy->tx.tx_submit = submit;
	copy->dst = dst;
	copy->src = src;
	copy->size = size;
	spin_lock_irqsave(&rogue.lock, flags);
	list_add_tail(&copy->node, &rogue.prepared);
	spin_unlock_irqrestore(&rogue.lock, flags);
	return &copy->tx;
}

static void issue_pending(struct dma_chan *chan)
{
	unsigned long flags;

	spin_lock_irqsave(&rogue.lock, flags);
	list_splice_tail_init(&rogue.submitted, &rogue.issued);
	if (!list_empty(&rogue.issued))
		queue_step();
	spin_unlock_irqrestore(&rogue.lock, flags);
}

static enum dma_status tx_status(struct dma_chan *chan, dma_cookie_t cookie,
				 struct dma_tx_state *state)
{
	enum dma_status status;
	struct copy *copy;
	unsigned long flags;
	u32 residue = 0;

	/* busy, since who asks may hold a spinlock */
	mdelay(status_ms);
	spin_lock_irqsave(&rogue.lock, flags);
	status = dma_async_is_complete(cookie, chan->completed_cookie,
				       chan->cookie);
	list_for_each_entry(copy, &rogue.issued, node) {
		if (copy->tx.cookie == cookie)
			residue = copy->size - copy->done;
	}
	dma_set_tx_state(state, chan->completed_cookie, chan->cookie, residue);
	spin_unlock_irqrestore(&rogue.lock, flags);
	return status;
}

static int terminate_all(struct dma_chan *chan)
{
	struct copy *copy;
	unsigned long flags;

	spin_lock_irqsave(&rogue.lock, flags);
	list_splice_tail_init(&rogue.prepared, &rogue.terminated);
	list_splice_tail_init(&rogue.submitted, &rogue.terminated);
	list_splice_tail_init(&rogue.issued, &rogue.terminated);
	list_for_each_entry(copy, &rogue.terminated, node)
		copy->terminated = true;
	spin_unlock_irqrestore(&rogue.lock, flags);
	return 0;
}

static void synchronize(struct dma_chan *chan)
{
	struct copy *copy;
	struct copy *next;

	cancel_delayed_work_sync(&rogue.work);
	list_for_each_entry_safe(copy, next, &rogue.terminated, node) {
		list_del(&copy->node);
		kfree(copy);
	}
}

static int alloc_chan_resources(struct dma_chan *chan)
{
	chan->cookie = DMA_MIN_COOKIE;
	chan->completed_cookie = DMA_MIN_COOKIE;
	return 0;
}

static void free_chan_resources(struct dma_chan *chan)
{
	terminate_all(chan);
	synchronize(chan);
}

static void init_dma(struct dma_device *dma, struct device *dev)
{
	dma->dev = dev;
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	dma->copy_align = align;
	dma->residue_granularity = coarse ? DMA_RESIDUE_GRANULARITY_DESCRIPTOR :
					    DMA_RESIDUE_GRANULARITY_BURST;
	dma->device_alloc_chan_resources = alloc_chan_resources;
	dma->device_free_chan_resources = free_chan_resources;
	dma->device_prep_dma_memcpy = prep_memcpy;
	dma->device_issue_pending = issue_pending;
	dma->device_tx_status = tx_status;
	if (!endless)
		dma->device_terminate_all = terminate_all;
	dma->device_synchronize = synchronize;
	INIT_LIST_HEAD(&dma->channels);
}

static void unregister(void *unused)
{
	dma_async_device_unregister(&rogue.dma);
}

static int rogue_probe(struct platform_device *dev)
{
	int err;

	err = dma_set_mask_and_coherent(&dev->dev, DMA_BIT_MASK(mask_bits));
	if (err)
		return err;
	memset(&rogue, 0, sizeof(rogue));
	INIT_DELAYED_WORK(&rogue.work, work);
	spin_lock_init(&rogue.lock);
	INIT_LIST_HEAD(&rogue.prepared);
	INIT_LIST_HEAD(&rogue.submitted);
	INIT_LIST_HEAD(&rogue.issued);
	INIT_LIST_HEAD(&rogue.terminated);
	init_dma(&rogue.dma, &dev->dev);
	rogue.chan.device = &rogue.dma;
	list_add_tail(&rogue.chan.device_node, &rogue.dma.channels);
	err = dma_async_device_register(&rogue.dma);
	return err ?: devm_add_action_or_reset(&dev->dev, unregister, NULL);
}

static struct platform_driver rogue_driver = {
	.driver.name	= KBUILD_MODNAME,
	.probe		= rogue_probe,
};

static struct platform_device *device_new(const char *name)
{
	return platform_device_register_simple(name, PLATFORM_DEVID_NONE, NULL,
					       0);
}

static int __init rogue_init(void)
{
	int err;

	err = platform_driver_register(&rogue_driver);
	if (err)
		return err;

	pdev = device_new(KBUILD_MODNAME);
	err = PTR_ERR_OR_ZERO(pdev);
	if (err)
		goto unregister_driver;

	twin_dev = twin ? device_new(twin) : NULL;
	err = PTR_ERR_OR_ZERO(twin_dev);
	if (err)
		goto unregister_device;
	return 0;

unregister_device:
	platform_device_unregister(pdev);
unregister_driver:
	platform_driver_unregister(&rogue_driver);
	return err;
}
module_init(rogue_init);

static void __exit rogue_exit(void)
{
	rogue_park_exit();
	platform_device_unregister(twin_dev);
	platform_device_unregister(pdev);
	platform_driver_unregister(&rogue_driver);
}
module_exit(rogue_exit);

MODULE_DESCRIPTION("A DMA controller that does not keep its promises");
MODULE_LICENSE("GPL");
