// SPDX-License-Identifier: GPL-2.0
/* The DMA addresses of a buffer, in those of its address space. */

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "buffer.h"
#include "device.h"
#include "fault.h"

/**
 * dmx_buf_shows_addr() - whether users are told the DMA address of a buffer
 * @buf: a buffer
 * @kind: what it is, enum dmaexer_kind
 *
 * Return: false for a box, and for memory that has none.
 */
bool dmx_buf_shows_addr(const struct dmx_buf *buf, u32 kind)
{
	return buf->store.has_addr && kind != DMAEXER_KIND_BOX;
}

/* Each object of a pool has a range of its own. */
static size_t count_ranges(const struct dmx_buf *buf)
{
	if (!buf->store.has_addr)
		return 0;
	return buf->store.kind == DMAEXER_KIND_POOL ? buf->count : 1;
}

static int ranges_alloc(struct dmx_buf *buf)
{
	size_t count = count_ranges(buf);

	buf->ranges = &buf->range;
	if (count > 1)
		buf->ranges = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
			      kvcalloc(count, sizeof(*buf->ranges),
				       GFP_KERNEL_ACCOUNT);
	if (!buf->ranges)
		return -ENOMEM;

	buf->range_count = count;
	return 0;
}

/**
 * dmx_buf_addrs_add() - enter the addresses of a new buffer
 * @buf: a buffer with memory
 *
 * Context: sleeps.
 * Return: 1 where another live buffer has one of the addresses, or another
 * object of the same; 0 where not; -ENOMEM.
 */
int dmx_buf_addrs_add(struct dmx_buf *buf)
{
	struct dmx_range *range;
	size_t offset = 0;
	int overlap = 0;
	size_t len;
	int err;

	err = ranges_alloc(buf);
	if (err)
		return err;

	for (range = buf->ranges; range < buf->ranges + buf->range_count;
	     range++, offset += len) {
		range->start = dmx_store_addr_at(&buf->store, offset, &len);
		range->last = range->start + len - 1;
		buf->last_addr = max(buf->last_addr, range->last);
		overlap |= dmx_space_add(buf->ddev->space, range);
		cond_resched();
	}
	return overlap;
}

/**
 * dmx_buf_addrs_del() - take the addresses of a buffer out
 * @buf: a buffer after dmx_buf_addrs_add()
 *
 * Context: sleeps.
 */
void dmx_buf_addrs_del(struct dmx_buf *buf)
{
	size_t i;

	for (i = 0; i < buf->range_count; i++) {
		dmx_space_del(buf->ddev->space, &buf->ranges[i]);
		cond_resched();
	}
	if (buf->ranges != &buf->range)
		kvfree(buf->ranges);
	buf->range_count = 0;
}
