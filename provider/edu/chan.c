// SPDX-License-Identifier: GPL-2.0
/* An edu device as a dmaengine controller with one channel, for memcpy. */

#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "chan.h"
#include "desc.h"

static struct edu_chan *to_edu_chan(struct dma_chan *chan)
{
	return container_of(chan, struct edu_chan, chan);
}

static struct device *to_dev(struct edu_chan *echan)
{
	return echan->dma.dev;
}

static void put_acked(struct edu_chan *echan)
{
	struct edu_desc *next;
	struct edu_desc *desc;
	LIST_HEAD(acked);

	lockdep_assert_held(&echan->lock);
	list_for_each_entry_safe(desc, next, &echan->unacked, node) {
		if (async_tx_test_ack(&desc->tx))
			list_move_tail(&desc->node, &acked);
	}
	edu_desc_put_list(&acked);
}

static void report(struct tasklet_struct *tasklet)
{
	struct edu_chan *echan = from_tasklet(echan, tasklet, reporter);
	struct edu_desc *desc;
	LIST_HEAD(completed);

	spin_lock_irq(&echan->lock);
	list_splice_init(&echan->completed, &completed);
	spin_unlock_irq(&echan->lock);

	list_for_each_entry(desc, &completed, node)
		edu_desc_report(desc);

	spin_lock_irq(&echan->lock);
	list_splice_tail(&completed, &echan->unacked);
	put_acked(echan);
	spin_unlock_irq(&echan->lock);
}

static dma_cookie_t tx_submit(struct dma_async_tx_descriptor *tx)
{
	struct edu_chan *echan = to_edu_chan(tx->chan);
	struct edu_desc *desc = to_edu_desc(tx);
	dma_cookie_t cookie = -ENODEV;
	unsigned long flags;

	spin_lock_irqsave(&echan->lock, flags);
	if (!echan->gone) {
		list_move_tail(&desc->node, &echan->submitted);
		cookie = edu_desc_submit(desc);
	}
	spin_unlock_irqrestore(&echan->lock, flags);
	return cookie;
}

/* The device would cut an address without a word. */
static bool in_reach(struct device *dev, dma_addr_t addr, size_t size)
{
	u64 mask = dma_get_mask(dev);

	return size - 1 <= mask && addr <= mask - (size - 1);
}

static bool can_copy(struct device *dev, dma_addr_t dst, dma_addr_t src,
		     size_t size)
{
	if (!size || size > U32_MAX)
		return false;
	if (in_reach(dev, dst, size) && in_reach(dev, src, size))
		return true;
	dev_err_ratelimited(dev, "%pad or %pad is out of reach\n", &dst, &src);
	return false;
}

static struct dma_async_tx_descriptor *
prep_dma_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src,
		size_t size, unsigned long tx_flags)
{
	struct edu_chan *echan = to_edu_chan(chan);
	struct edu_desc *desc = NULL;
	unsigned long flags;

	if (!can_copy(to_dev(echan), dst, src, size))
		return NULL;
	spin_lock_irqsave(&echan->lock, flags);
	put_acked(echan);
	if (!echan->gone)
		desc = edu_desc_new(chan, dst, src, size, tx_flags);
	if (desc) {
		desc->tx.tx_submit = tx_submit;
		list_add_tail(&desc->node, &echan->prepared);
	}
	spin_unlock_irqrestore(&echan->lock, flags);
	return desc ? &desc->tx : NULL;
}

static void issue_pending(struct dma_chan *chan)
{
	struct edu_chan *echan = to_edu_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&echan->lock, flags);
	list_splice_tail_init(&echan->submitted, &echan->issued);
	edu_chan_start_next(echan);
	spin_unlock_irqrestore(&echan->lock, flags);
}

static struct edu_desc *find(struct list_head *descs, dma_cookie_t cookie)
{
	struct edu_desc *desc;

	list_for_each_entry(desc, descs, node) {
		if (desc->tx.cookie == cookie)
			return desc;
	}
	return NULL;
}

static struct edu_desc *find_incomplete(struct edu_chan *echan,
					dma_cookie_t cookie)
{
	struct edu_desc *desc = echan->active;

	if (desc && desc->tx.cookie == cookie)
		return desc;
	desc = find(&echan->issued, cookie);
	return desc ?: find(&echan->submitted, cookie);
}

static bool has_failed(struct edu_chan *echan, dma_cookie_t cookie)
{
	return echan->failed_last && cookie >= echan->failed_first &&
	       cookie <= echan->failed_last;
}

static enum dma_status tx_status(struct dma_chan *chan, dma_cookie_t cookie,
				 struct dma_tx_state *state)
{
	struct edu_chan *echan = to_edu_chan(chan);
	enum dma_status status;
	struct edu_desc *desc;
	unsigned long flags;

	spin_lock_irqsave(&echan->lock, flags);
	status = dma_async_is_complete(cookie, chan->completed_cookie,
				       chan->cookie);
	if (status == DMA_COMPLETE && has_failed(echan, cookie))
		status = DMA_ERROR;
	desc = find_incomplete(echan, cookie);
	dma_set_tx_state(state, chan->completed_cookie, chan->cookie,
			 desc ? edu_desc_residue(desc) : 0);
	if (state)
		state->in_flight_bytes = desc ? desc->fetched : 0;
	spin_unlock_irqrestore(&echan->lock, flags);
	return status;
}

static int terminate_all(struct dma_chan *chan)
{
	struct edu_chan *echan = to_edu_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&echan->lock, flags);
	list_splice_tail_init(&echan->submitted, &echan->terminated);
	list_splice_tail_init(&echan->issued, &echan->terminated);
	list_splice_tail_init(&echan->completed, &echan->terminated);
	if (echan->active) {
		list_add_tail(&echan->active->node, &echan->terminated);
		echan->active = NULL;
		echan->orphaned = true;
	}
	spin_unlock_irqrestore(&echan->lock, flags);
	return 0;
}

static void synchronize(struct dma_chan *chan)
{
	struct edu_chan *echan = to_edu_chan(chan);
	LIST_HEAD(terminated);

	spin_lock_irq(&echan->lock);
	wait_event_lock_irq(echan->idle, !echan->orphaned, echan->lock);
	list_splice_init(&echan->terminated, &terminated);
	spin_unlock_irq(&echan->lock);

	tasklet_kill(&echan->reporter);
	edu_desc_put_list(&terminated);
}

/* Not -ENODEV: the core takes that as removed, and then removes it again. */
static int alloc_chan_resources(struct dma_chan *chan)
{
	struct edu_chan *echan = to_edu_chan(chan);
	bool gone;

	spin_lock_irq(&echan->lock);
	chan->cookie = DMA_MIN_COOKIE;
	chan->completed_cookie = DMA_MIN_COOKIE;
	echan->failed_first = 0;
	echan->failed_last = 0;
	gone = echan->gone;
	spin_unlock_irq(&echan->lock);
	return gone ? -ESHUTDOWN : 0;
}

static void free_chan_resources(struct dma_chan *chan)
{
	struct edu_chan *echan = to_edu_chan(chan);

	terminate_all(chan);
	synchronize(chan);
	spin_lock_irq(&echan->lock);
	edu_desc_put_list(&echan->prepared);
	edu_desc_put_list(&echan->unacked);
	spin_unlock_irq(&echan->lock);
}

static void summary_show(struct seq_file *file, struct dma_device *dma)
{
	struct edu_chan *echan = container_of(dma, struct edu_chan, dma);

	seq_printf(file, " %-13s| %s, %u timeouts, %u missed interrupts\n",
		   dma_chan_name(&echan->chan),
		   echan->chan.client_count ? "in-use" : "free",
		   READ_ONCE(echan->timeouts), READ_ONCE(echan->missed));
}

static bool refuse(struct dma_chan *chan, void *param)
{
	return false;
}

/*
 * The last client's release goes on to use the channel after device_release(),
 * under the lock of the core. To have asked for a channel is to have been
 * through that lock.
 */
static void free_after_release(struct work_struct *work)
{
	struct edu_chan *echan = container_of(work, struct edu_chan, free);
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	dma_request_channel(mask, refuse, NULL);
	put_device(&echan->chan.dev->device);
	edu_chan_put(echan);
}

static void device_release(struct dma_device *dma)
{
	struct edu_chan *echan = container_of(dma, struct edu_chan, dma);

	queue_work(echan->wq, &echan->free);
}

static void init_dma(struct dma_device *dma)
{
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	dma->copy_align = DMAENGINE_ALIGN_1_BYTE;
	dma->residue_granularity = DMA_RESIDUE_GRANULARITY_BURST;
	dma->device_alloc_chan_resources = alloc_chan_resources;
	dma->device_free_chan_resources = free_chan_resources;
	dma->device_prep_dma_memcpy = prep_dma_memcpy;
	dma->device_issue_pending = issue_pending;
	dma->device_tx_status = tx_status;
	dma->device_terminate_all = terminate_all;
	dma->device_synchronize = synchronize;
	dma->device_release = device_release;
	dma->dbg_summary_show = summary_show;
	INIT_LIST_HEAD(&dma->channels);
}

/**
 * edu_chan_new() - make a controller, not yet registered
 * @hw: its device, idle
 * @wq: to free it on, after the last client; outlives it
 *
 * Return: the controller, to be given back with edu_chan_put(), or NULL.
 */
struct edu_chan *edu_chan_new(const struct edu_hw *hw,
			      struct workqueue_struct *wq)
{
	struct edu_chan *echan = kzalloc(sizeof(*echan), GFP_KERNEL);

	if (!echan)
		return NULL;
	echan->hw = *hw;
	echan->wq = wq;
	spin_lock_init(&echan->lock);
	init_waitqueue_head(&echan->idle);
	tasklet_setup(&echan->reporter, report);
	INIT_DELAYED_WORK(&echan->watchdog, edu_chan_watchdog);
	INIT_WORK(&echan->free, free_after_release);
	INIT_LIST_HEAD(&echan->prepared);
	INIT_LIST_HEAD(&echan->submitted);
	INIT_LIST_HEAD(&echan->issued);
	INIT_LIST_HEAD(&echan->completed);
	INIT_LIST_HEAD(&echan->unacked);
	INIT_LIST_HEAD(&echan->terminated);

	init_dma(&echan->dma);
	echan->dma.dev = get_device(&hw->pdev->dev);
	echan->chan.device = &echan->dma;
	list_add_tail(&echan->chan.device_node, &echan->dma.channels);
	return echan;
}

/**
 * edu_chan_put() - free a controller that is not registered
 * @echan: the controller
 */
void edu_chan_put(struct edu_chan *echan)
{
	put_device(echan->dma.dev);
	kfree(echan);
}

/**
 * edu_chan_register() - let the device access memory, and clients come
 * @echan: the controller; its interrupt is requested
 *
 * Return: 0 or an error.
 */
int edu_chan_register(struct edu_chan *echan)
{
	int err;

	edu_hw_set_master(&echan->hw);
	err = dma_async_device_register(&echan->dma);
	if (err)
		edu_hw_clear_master(&echan->hw);
	return err;
}

/* Nothing accesses memory any more. */
static bool is_harmless(struct edu_chan *echan)
{
	return !echan->running || echan->hw.masterless;
}

/**
 * edu_chan_stop() - refuse clients from now on, and wait for the device
 * @echan: the controller
 *
 * Context: sleeps until the step under way has ended or is cut off from memory.
 */
void edu_chan_stop(struct edu_chan *echan)
{
	spin_lock_irq(&echan->lock);
	echan->gone = true;
	wait_event_lock_irq(echan->idle, is_harmless(echan), echan->lock);
	edu_hw_clear_master(&echan->hw);
	spin_unlock_irq(&echan->lock);
	cancel_delayed_work_sync(&echan->watchdog);
}

/**
 * edu_chan_unregister() - abort what clients wait for, and leave the core
 * @echan: the controller, stopped, its interrupt freed; the memory goes with
 *	   the last client, but nothing touches the device any more
 *
 * Context: sleeps while callbacks run.
 */
void edu_chan_unregister(struct edu_chan *echan)
{
	edu_chan_abort(echan);
	tasklet_kill(&echan->reporter);

	/* Clients may ask for its name as long as they have the channel. */
	get_device(&echan->chan.dev->device);
	dma_async_device_unregister(&echan->dma);
}
