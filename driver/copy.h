/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_COPY_H
#define _DMX_COPY_H

#include <linux/completion.h>
#include <linux/dmaengine.h>
#include <linux/types.h>

#include "pins.h"

struct dmx_device;

/**
 * struct dmx_copy - copies by a DMA engine channel, one after the other
 * @chan: the channel
 * @port: netlink port of who asked, 0 for nobody; may be set after the begin
 * @timeout_ms: how long the channel may take for one
 * @time_ns: how long the last one took, from submission to the report
 * @pin: keeps @chan
 * @over: one was done, or is to be given up
 * @has_chan: @chan is in use by this one
 * @cancelled: no more
 * @done: the channel reported the end of the last one
 * @result: what it reported
 * @start: when the last one was submitted
 * @len: its bytes
 * @cookie: its number at the channel
 */
struct dmx_copy {
	struct dmx_device *chan;
	u32 port;
	u32 timeout_ms;
	u64 time_ns;
	struct dmx_pin pin;
	struct completion over;
	bool has_chan;
	bool cancelled;
	bool done;
	enum dmaengine_tx_result result;
	ktime_t start;
	size_t len;
	dma_cookie_t cookie;
};

/**
 * struct dmx_progress - how far a copy is
 * @port: netlink port of who asked
 * @len: its bytes
 * @has_done: the channel tells how many of them are done
 * @done: so many
 */
struct dmx_progress {
	u32 port;
	u64 len;
	bool has_done;
	u64 done;
};

int dmx_copy_begin(struct dmx_copy *copy, struct dmx_device *chan,
		   u32 timeout_ms);
void dmx_copy_end(struct dmx_copy *copy);
void dmx_copy_cancel(void *copy);
int dmx_copy_take(struct dmx_copy *copy);
int dmx_copy_start(struct dmx_copy *copy, dma_addr_t dst, dma_addr_t src,
		   size_t len);
int dmx_copy_wait(struct dmx_copy *copy);
bool dmx_copy_progress(struct dmx_device *chan,
		       struct dmx_progress *progress);

/**
 * dmx_copy_is_cancelled() - whether there are to be no more copies
 * @copy: copies that were begun
 *
 * Return: true after dmx_copy_cancel().
 */
static inline bool dmx_copy_is_cancelled(const struct dmx_copy *copy)
{
	return READ_ONCE(copy->cancelled);
}

#endif
