// SPDX-License-Identifier: GPL-2.0
/* Have a DMA engine channel copy, and stop it. */

#include <linux/dmaengine.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "copy.h"
#include "device.h"
#include "fault.h"

/**
 * dmx_copy_cancel() - make a copy end soon
 * @data: a struct dmx_copy after dmx_copy_begin()
 */
void dmx_copy_cancel(void *data)
{
	struct dmx_copy *copy = data;

	WRITE_ONCE(copy->cancelled, true);
	/* as in dmx_copy_start(), the other way round */
	smp_mb();
	complete(&copy->over);
	wake_up_all(&copy->chan->chan_free);
}

/**
 * dmx_copy_begin() - keep a channel for copies
 * @copy: the copies
 * @chan: the channel
 * @timeout_ms: how long one may take
 *
 * Return: 0, and then dmx_copy_end() follows; -ENODEV where the channel goes.
 */
int dmx_copy_begin(struct dmx_copy *copy, struct dmx_device *chan,
		   u32 timeout_ms)
{
	memset(copy, 0, sizeof(*copy));
	copy->chan = chan;
	copy->timeout_ms = timeout_ms;
	copy->pin.cancel = dmx_copy_cancel;
	copy->pin.job = copy;
	init_completion(&copy->over);
	return dmx_pins_add(&chan->jobs, &copy->pin) ? 0 : -ENODEV;
}

/* Whether the wait is over: the channel is taken, or nobody wants it. */
static bool take_chan(struct dmx_copy *copy)
{
	if (!test_and_set_bit(0, &copy->chan->chan_busy))
		copy->has_chan = true;
	return copy->has_chan || dmx_copy_is_cancelled(copy);
}

/**
 * dmx_copy_take() - have the channel alone
 * @copy: copies that were begun
 *
 * One at a time has a channel, to the dmx_copy_end(): to stop one is to stop
 * all, and what another writes next to a copy would be blamed on that.
 *
 * Context: sleeps until others have left the channel.
 * Return: 0; -ECANCELED; -EINTR where a fatal signal came.
 */
int dmx_copy_take(struct dmx_copy *copy)
{
	if (!copy->has_chan &&
	    wait_event_killable(copy->chan->chan_free, take_chan(copy)))
		return -EINTR;
	return dmx_copy_is_cancelled(copy) ? -ECANCELED : 0;
}

/**
 * dmx_copy_end() - no more copies
 * @copy: copies that were begun, none of them under way
 */
void dmx_copy_end(struct dmx_copy *copy)
{
	struct dmx_device *chan = copy->chan;

	if (copy->has_chan) {
		clear_bit_unlock(0, &chan->chan_busy);
		wake_up_all(&chan->chan_free);
	}
	dmx_pins_del(&chan->jobs, &copy->pin);
}

static void copied(void *data, const struct dmaengine_result *result)
{
	struct dmx_copy *copy = data;

	copy->result = result ? result->result : DMA_TRANS_NOERROR;
	WRITE_ONCE(copy->done, true);
	complete(&copy->over);
}

/* Others may ask for the progress of what was submitted. */
static void show(struct dmx_copy *copy)
{
	spin_lock(&copy->chan->copy_lock);
	copy->chan->copy = copy;
	spin_unlock(&copy->chan->copy_lock);
}

static void hide(struct dmx_copy *copy)
{
	spin_lock(&copy->chan->copy_lock);
	copy->chan->copy = NULL;
	spin_unlock(&copy->chan->copy_lock);
}

static int submit(struct dmx_copy *copy, dma_addr_t dst, dma_addr_t src,
		  size_t len)
{
	struct dma_chan *chan = copy->chan->chan;
	struct dma_async_tx_descriptor *tx;

	tx = dmx_fault(DMAEXER_FAULT_OP_SUBMIT) ? NULL :
	     dmaengine_prep_dma_memcpy(chan, dst, src, len,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!tx)
		return -EIO;

	tx->callback_result = copied;
	tx->callback_param = copy;
	copy->len = len;
	copy->cookie = dmaengine_submit(tx);
	if (dma_submit_error(copy->cookie))
		return -EIO;
	show(copy);
	dma_async_issue_pending(chan);
	return 0;
}

/*
 * Afterwards the channel neither writes nor calls back. A driver that cannot
 * wait for a call that is being made calls from a tasklet.
 */
static void stop(struct dma_chan *chan)
{
	dmaengine_terminate_sync(chan);
	if (!chan->device->device_synchronize)
		synchronize_rcu();
}

/**
 * dmx_copy_start() - submit a copy, as soon as the channel is taken
 * @copy: copies that were begun
 * @dst: DMA address to copy to
 * @src: DMA address to copy from
 * @len: bytes
 *
 * Context: sleeps until others have left the channel.
 * Return: 0, and then dmx_copy_wait() follows; -ECANCELED; -EINTR where a
 * fatal signal came; -EIO where the channel refuses.
 */
int dmx_copy_start(struct dmx_copy *copy, dma_addr_t dst, dma_addr_t src,
		   size_t len)
{
	int err;

	/* One that was stopped may have been done as well. */
	reinit_completion(&copy->over);
	/* who cancels is seen from here on, or else completes what comes next */
	smp_mb();
	err = dmx_copy_take(copy);
	if (err)
		return err;

	copy->done = false;
	copy->start = ktime_get();
	err = submit(copy, dst, src, len);
	if (err)
		stop(copy->chan->chan);
	return err;
}

static int outcome(const struct dmx_copy *copy, long left)
{
	if (READ_ONCE(copy->done))
		return copy->result == DMA_TRANS_NOERROR ? 0 : -EIO;
	if (dmx_copy_is_cancelled(copy))
		return -ECANCELED;
	return left < 0 ? -EINTR : -ETIMEDOUT;
}

/**
 * dmx_copy_wait() - wait for the end of a copy
 * @copy: a copy that was started
 *
 * Whatever it returns, the channel touches neither memory nor @copy any more.
 *
 * Context: sleeps.
 * Return: 0; -EIO where the channel reports an error; -ETIMEDOUT; -ECANCELED;
 * -EINTR where a fatal signal came.
 */
int dmx_copy_wait(struct dmx_copy *copy)
{
	struct dma_chan *chan = copy->chan->chan;
	unsigned long timeout = msecs_to_jiffies(copy->timeout_ms);
	long left;
	int err;

	left = wait_for_completion_killable_timeout(&copy->over, timeout);
	copy->time_ns = ktime_to_ns(ktime_sub(ktime_get(), copy->start));
	hide(copy);
	err = outcome(copy, left);
	if (err)
		stop(chan);
	else
		dmaengine_synchronize(chan);
	return err;
}

/* A channel that knows of whole copies only has nothing to tell of a part. */
static void ask(const struct dmx_copy *copy, struct dmx_progress *progress)
{
	struct dma_chan *chan = copy->chan->chan;
	struct dma_tx_state state = { };
	enum dma_status status;

	progress->port = copy->port;
	progress->len = copy->len;
	progress->has_done = false;
	if (chan->device->residue_granularity ==
	    DMA_RESIDUE_GRANULARITY_DESCRIPTOR)
		return;

	status = dmaengine_tx_status(chan, copy->cookie, &state);
	if (status == DMA_COMPLETE)
		state.residue = 0;
	/* Some say that nothing is left where they do not know. */
	else if (status != DMA_IN_PROGRESS || !state.residue)
		return;
	if (state.residue > copy->len)
		return;
	progress->has_done = true;
	progress->done = copy->len - state.residue;
}

/**
 * dmx_copy_progress() - how far the copy is that has a channel
 * @chan: the channel, which may be gone
 * @progress: filled in
 *
 * Return: false where there is no copy.
 */
bool dmx_copy_progress(struct dmx_device *chan, struct dmx_progress *progress)
{
	bool found;

	spin_lock(&chan->copy_lock);
	found = chan->copy;
	if (found)
		ask(chan->copy, progress);
	spin_unlock(&chan->copy_lock);
	return found;
}
