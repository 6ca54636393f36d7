// SPDX-License-Identifier: GPL-2.0
/*
 * Step after step, until nothing is left to do.
 *
 * A step takes 100 ms, whatever its size: a copy of 64 KiB takes 6.4 s. The
 * device can neither stop a step nor tell that one failed, so memory that a
 * step may access is safe only when the step has ended, or when the device is
 * kept from all memory. Every wait for that is bounded by the watchdog.
 */

#include <linux/jiffies.h>
#include <linux/module.h>

#include "chan.h"
#include "desc.h"

static uint step_timeout_ms = 2000;
module_param(step_timeout_ms, uint, 0644);
MODULE_PARM_DESC(step_timeout_ms,
		 "time after which a step has failed, in ms (default 2000)");

static void watch(struct edu_chan *echan)
{
	unsigned long timeout = msecs_to_jiffies(step_timeout_ms) + 1;

	echan->deadline = jiffies + timeout;
	mod_delayed_work(echan->wq, &echan->watchdog, timeout);
}

static struct edu_desc *first_issued(struct edu_chan *echan)
{
	return list_first_entry_or_null(&echan->issued, struct edu_desc, node);
}

/**
 * edu_chan_start_next() - start the next step
 * @echan: the controller
 *
 * Does nothing if there is no step to do, or one is under way.
 *
 * Context: @echan->lock is held.
 */
void edu_chan_start_next(struct edu_chan *echan)
{
	lockdep_assert_held(&echan->lock);
	if (echan->running || echan->gone)
		return;
	if (!echan->active) {
		echan->active = first_issued(echan);
		if (!echan->active)
			return;
		list_del(&echan->active->node);
	}
	edu_desc_start(echan->active, &echan->hw);
	echan->running = true;
	watch(echan);
}

static void settle(struct edu_chan *echan, struct edu_desc *desc,
		   enum dmaengine_tx_result result)
{
	lockdep_assert_held(&echan->lock);
	edu_desc_complete(desc, result);
	list_add_tail(&desc->node, &echan->completed);
	tasklet_schedule(&echan->reporter);
}

/* Only the last series of failures is remembered, for device_tx_status(). */
static void fail(struct edu_chan *echan, struct edu_desc *desc)
{
	if (!echan->failed_last || desc->tx.cookie != echan->failed_last + 1)
		echan->failed_first = desc->tx.cookie;
	echan->failed_last = desc->tx.cookie;
	settle(echan, desc, DMA_TRANS_ABORTED);
}

static void fail_list(struct edu_chan *echan, struct list_head *descs)
{
	struct edu_desc *next;
	struct edu_desc *desc;

	list_for_each_entry_safe(desc, next, descs, node) {
		list_del(&desc->node);
		fail(echan, desc);
	}
}

static void fail_active(struct edu_chan *echan)
{
	if (!echan->active)
		return;
	fail(echan, echan->active);
	echan->active = NULL;
}

/* The memory of the step under way is safe, also if its client is gone. */
static void release_orphan(struct edu_chan *echan)
{
	echan->orphaned = false;
	wake_up_all(&echan->idle);
}

static void end_step(struct edu_chan *echan)
{
	struct edu_desc *desc = echan->active;

	lockdep_assert_held(&echan->lock);
	echan->running = false;
	release_orphan(echan);
	if (echan->hw.masterless && !echan->gone)
		edu_hw_set_master(&echan->hw);
	if (desc && edu_desc_advance(desc)) {
		echan->active = NULL;
		settle(echan, desc, DMA_TRANS_NOERROR);
	}
	edu_chan_start_next(echan);
}

/*
 * A step does not end. Once the device is kept from memory, its client may have
 * its memory back. As long as nothing ends, what is next fails in its turn.
 */
static void expire(struct edu_chan *echan)
{
	struct edu_desc *next = first_issued(echan);

	if (!echan->hw.masterless) {
		edu_hw_clear_master(&echan->hw);
		echan->timeouts++;
		dev_err_ratelimited(echan->dma.dev, "a step does not end\n");
		fail_active(echan);
		release_orphan(echan);
	} else if (next) {
		list_del(&next->node);
		fail(echan, next);
	}
	watch(echan);
}

/* Nobody told, but it has ended. */
static void end_missed_step(struct edu_chan *echan)
{
	/* Without bus mastering, there are no message-signalled interrupts. */
	if (!echan->hw.masterless) {
		echan->missed++;
		dev_warn_ratelimited(echan->dma.dev, "an interrupt is missing\n");
	}
	end_step(echan);
}

/**
 * edu_chan_watchdog() - see to a step that should have ended by now
 * @work: the watchdog of a &struct edu_chan
 */
void edu_chan_watchdog(struct work_struct *work)
{
	struct edu_chan *echan =
		container_of(to_delayed_work(work), struct edu_chan, watchdog);

	spin_lock_irq(&echan->lock);
	if (echan->running && time_after_eq(jiffies, echan->deadline)) {
		if (edu_hw_busy(&echan->hw))
			expire(echan);
		else
			end_missed_step(echan);
	}
	spin_unlock_irq(&echan->lock);
}

/**
 * edu_chan_irq() - handle an interrupt
 * @irq: its number
 * @data: the &struct edu_chan
 *
 * Return: IRQ_NONE if the device has nothing to say.
 */
irqreturn_t edu_chan_irq(int irq, void *data)
{
	struct edu_chan *echan = data;
	unsigned long flags;

	if (!edu_hw_ack(&echan->hw))
		return IRQ_NONE;
	spin_lock_irqsave(&echan->lock, flags);
	/* It may be about a step whose end was noticed already. */
	if (echan->running && !edu_hw_busy(&echan->hw))
		end_step(echan);
	spin_unlock_irqrestore(&echan->lock, flags);
	return IRQ_HANDLED;
}

/**
 * edu_chan_abort() - fail all that is incomplete
 * @echan: the controller, whose device does no harm any more
 */
void edu_chan_abort(struct edu_chan *echan)
{
	spin_lock_irq(&echan->lock);
	fail_active(echan);
	fail_list(echan, &echan->issued);
	fail_list(echan, &echan->submitted);
	release_orphan(echan);
	spin_unlock_irq(&echan->lock);
}
