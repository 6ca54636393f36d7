/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _EDU_CHAN_H
#define _EDU_CHAN_H

#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "hw.h"

struct edu_desc;

/**
 * struct edu_chan - a DMA controller with its only channel
 * @dma: the controller
 * @chan: the channel
 * @wq: where the memory is freed
 * @free: frees the memory, after the last client
 * @reporter: calls the clients' callbacks
 * @watchdog: looks after a step that does not end
 * @idle: woken when a step has ended, or cannot do harm any more
 * @lock: protects what follows
 * @hw: the device, until @gone
 * @prepared: not submitted
 * @submitted: have a cookie
 * @issued: may be started
 * @completed: their clients are to be told
 * @unacked: reported, but a client may still refer to them
 * @terminated: nobody is told; freed once the device is done with them
 * @active: the one whose step is under way
 * @running: a step is under way, of @active or of one that was terminated
 * @orphaned: the step under way is of one that was terminated
 * @gone: the device is unbound
 * @deadline: in jiffies, for the step under way
 * @failed_first: cookie of the first in the last series of failures
 * @failed_last: cookie of the last in that series
 * @timeouts: steps that did not end in time
 * @missed: steps that ended without an interrupt
 */
struct edu_chan {
	struct dma_device dma;
	struct dma_chan chan;
	struct workqueue_struct *wq;
	struct work_struct free;
	struct tasklet_struct reporter;
	struct delayed_work watchdog;
	wait_queue_head_t idle;
	spinlock_t lock; /* protects what follows, and the order of cookies */
	struct edu_hw hw;
	struct list_head prepared;
	struct list_head submitted;
	struct list_head issued;
	struct list_head completed;
	struct list_head unacked;
	struct list_head terminated;
	struct edu_desc *active;
	bool running;
	bool orphaned;
	bool gone;
	unsigned long deadline;
	dma_cookie_t failed_first;
	dma_cookie_t failed_last;
	u32 timeouts;
	u32 missed;
};

struct edu_chan *edu_chan_new(const struct edu_hw *hw,
			      struct workqueue_struct *wq);
void edu_chan_put(struct edu_chan *echan);
int edu_chan_register(struct edu_chan *echan);
void edu_chan_stop(struct edu_chan *echan);
void edu_chan_unregister(struct edu_chan *echan);

void edu_chan_start_next(struct edu_chan *echan);
void edu_chan_watchdog(struct work_struct *work);
void edu_chan_abort(struct edu_chan *echan);
irqreturn_t edu_chan_irq(int irq, void *data);

#endif
