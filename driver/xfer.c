// SPDX-License-Identifier: GPL-2.0
/*
 * A DMA engine channel copies from one buffer to another, and the CPU looks at
 * what came of it. Only compared bytes count: a device reports completion even
 * where an IOMMU threw its writes away.
 */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "buffer.h"
#include "copy.h"
#include "device.h"
#include "dma/access.h"
#include "fault.h"
#include "memory.h"
#include "xfer.h"

/* bytes before and behind the destination that are looked at */
#define AROUND		PAGE_SIZE
/* bytes that are compared at a time */
#define CHUNK		256

/* A transfer under way. */
struct job {
	const struct dmx_xfer *xfer;
	struct dmx_copy copy;
	struct dmx_pin src_pin;
	struct dmx_pin dst_pin;
};

/* What the destination and its surroundings were. */
struct before {
	u64 start;
	u64 end;
	u8 *bytes;
};

/**
 * dmx_xfer_reaches() - whether a channel can be given the address of a buffer
 * @chan: a channel
 * @buf: a buffer
 *
 * Return: true where both are of one address space.
 */
bool dmx_xfer_reaches(const struct dmx_device *chan, const struct dmx_buf *buf)
{
	return chan->space == buf->ddev->space;
}

static int gone_error(const struct dmx_xfer *xfer,
		      enum dmx_xfer_refusal *refusal)
{
	if (READ_ONCE(xfer->chan->gone)) {
		*refusal = DMX_XFER_CHAN;
		return -ENODEV;
	}

	*refusal = READ_ONCE(xfer->src->jobs.closed) ? DMX_XFER_SRC :
						       DMX_XFER_DST;
	return -ENOENT;
}

static void pin_init(struct dmx_pin *pin, struct job *job)
{
	pin->cancel = dmx_copy_cancel;
	pin->job = &job->copy;
}

/* Channel and buffers stay, or tell the job to end. */
static int pin_all(struct job *job, enum dmx_xfer_refusal *refusal)
{
	const struct dmx_xfer *xfer = job->xfer;

	pin_init(&job->src_pin, job);
	pin_init(&job->dst_pin, job);

	if (dmx_copy_begin(&job->copy, xfer->chan, xfer->timeout_ms))
		goto gone;
	job->copy.port = xfer->port;
	if (!dmx_pins_add(&xfer->src->jobs, &job->src_pin))
		goto end_copy;
	if (!dmx_pins_add(&xfer->dst->jobs, &job->dst_pin))
		goto unpin_src;
	return 0;

unpin_src:
	dmx_pins_del(&xfer->src->jobs, &job->src_pin);
end_copy:
	dmx_copy_end(&job->copy);
gone:
	return gone_error(xfer, refusal);
}

static void unpin_all(struct job *job)
{
	const struct dmx_xfer *xfer = job->xfer;

	dmx_pins_del(&xfer->dst->jobs, &job->dst_pin);
	dmx_pins_del(&xfer->src->jobs, &job->src_pin);
	dmx_copy_end(&job->copy);
}

static bool in_mask(const struct dmx_device *chan, u64 last)
{
	struct device *dev = chan->dev;

	return last <= min_not_zero(dmx_device_mask(dev), dev->bus_dma_limit);
}

/* What is wrong with a buffer as an end of the transfer. */
static int check_end(const struct dmx_device *chan, struct dmx_buf *buf,
		     u64 offset, u64 len, bool is_dst)
{
	size_t run;
	u64 addr;

	if (!dmx_buf_shows_addr(buf, dmx_buf_kind(buf)))
		return -EINVAL;
	if (is_dst ? dmx_store_is_cpus(&buf->store) :
		     dmx_store_is_devices(&buf->store))
		return -EPERM;
	if (!dmx_xfer_reaches(chan, buf))
		return -EOPNOTSUPP;
	addr = dmx_store_addr_at(&buf->store, offset, &run);
	if (run < len)
		return -EINVAL;
	if (!in_mask(chan, addr + len - 1))
		return -ERANGE;
	return 0;
}

/* The channel stays meanwhile: what it belongs to is freed with its driver. */
static int check(const struct dmx_xfer *xfer, enum dmx_xfer_refusal *refusal)
{
	struct dma_device *engine = xfer->chan->chan->device;
	int err;

	*refusal = DMX_XFER_SRC;
	err = check_end(xfer->chan, xfer->src, xfer->src_offset, xfer->len,
			false);
	if (err)
		return err;

	*refusal = DMX_XFER_DST;
	err = check_end(xfer->chan, xfer->dst, xfer->dst_offset, xfer->len,
			true);
	if (err)
		return err;

	*refusal = DMX_XFER_OVERLAP;
	if (xfer->src == xfer->dst &&
	    xfer->src_offset < xfer->dst_offset + xfer->len &&
	    xfer->dst_offset < xfer->src_offset + xfer->len)
		return -EINVAL;

	*refusal = DMX_XFER_ALIGN;
	if (!is_dma_copy_aligned(engine, xfer->src_offset, xfer->dst_offset,
				 xfer->len))
		return -EINVAL;

	*refusal = DMX_XFER_NONE;
	return 0;
}

static void peek_begun(struct dmx_buf *buf, const struct dmx_view *v,
		       u64 offset, u8 *bytes, size_t len)
{
	lockdep_assert_held_read(&buf->lock);
	dmx_copy_from(v, offset, bytes, len);
}

/* Copy bytes of a buffer, which may go at any time. */
static int peek(struct dmx_buf *buf, u64 offset, u8 *bytes, size_t len)
{
	const struct dmx_view *v = dmx_buf_begin(buf, offset, len);

	if (IS_ERR(v))
		return PTR_ERR(v);
	peek_begun(buf, v, offset, bytes, len);
	dmx_buf_end(buf);
	return 0;
}

/* Whether something has to go, or nobody waits for the outcome any more. */
static int has_to_end(const struct job *job)
{
	if (dmx_copy_is_cancelled(&job->copy))
		return -ECANCELED;
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* It is as large as what is copied, and no quota counts it. */
static void *keep_alloc(size_t size)
{
	gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_NORETRY | __GFP_NOWARN;
	void *bytes;

	if (!dmx_memory_begin(NULL, gfp, size))
		return NULL;
	bytes = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL : kvmalloc(size, gfp);
	dmx_memory_end(size);
	return bytes;
}

/* Keep what was there, as far as the CPU can see it. */
static int remember(const struct job *job, struct before *before)
{
	const struct dmx_xfer *xfer = job->xfer;
	u64 end = xfer->dst_offset + xfer->len;
	u64 offset;
	size_t len;
	int err;

	if (!dmx_store_has_view(&xfer->dst->store))
		return 0;

	before->start = xfer->dst_offset - min_t(u64, xfer->dst_offset,
						 AROUND);
	before->end = min_t(u64, end + AROUND, xfer->dst->size);
	before->bytes = keep_alloc(before->end - before->start);
	if (!before->bytes)
		return -ENOMEM;

	for (offset = before->start; offset < before->end; offset += len) {
		len = min_t(u64, before->end - offset, SZ_4K);
		err = has_to_end(job) ?:
		      peek(xfer->dst, offset,
			   before->bytes + (offset - before->start), len);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static void wrong(struct dmx_xfer_result *result, u64 *counter, u64 offset,
		  u8 expected, u8 actual)
{
	bool first = !result->not_copied && !result->corrupted &&
		     !result->overrun;

	if (first || offset < result->first) {
		result->first = offset;
		result->expected = expected;
		result->actual = actual;
	}
	(*counter)++;
}

/* Judge @len bytes at @offset of which @src, if any, should be there now. */
static void judge(struct dmx_xfer_result *result, u64 offset, const u8 *old,
		  const u8 *src, const u8 *now, size_t len)
{
	u64 *counter;
	size_t i;

	for (i = 0; i < len; i++) {
		if (now[i] == (src ? src[i] : old[i]))
			continue;
		if (!src)
			counter = &result->overrun;
		else if (now[i] == old[i])
			counter = &result->not_copied;
		else
			counter = &result->corrupted;
		wrong(result, counter, offset + i, src ? src[i] : old[i],
		      now[i]);
	}
}

/* Compare from @start to @end, with the source or with what was there. */
static int compare(const struct job *job, const struct before *before,
		   u64 start, u64 end, bool copied,
		   struct dmx_xfer_result *result)
{
	const struct dmx_xfer *xfer = job->xfer;
	u8 now[CHUNK];
	u8 src[CHUNK];
	size_t len;
	int err;

	for (; start < end; start += len) {
		len = min_t(u64, end - start, CHUNK);
		err = has_to_end(job) ?: peek(xfer->dst, start, now, len);
		if (!err && copied)
			err = peek(xfer->src, xfer->src_offset + start -
				   xfer->dst_offset, src, len);
		if (err)
			return err;
		judge(result, start, before->bytes + (start - before->start),
		      copied ? src : NULL, now, len);
		cond_resched();
	}
	return 0;
}

static int compare_all(const struct job *job, const struct before *before,
		       struct dmx_xfer_result *result)
{
	const struct dmx_xfer *xfer = job->xfer;
	u64 end = xfer->dst_offset + xfer->len;
	int err;

	if (!before->bytes)
		return 0;

	result->compared = DMAEXER_COMPARED_AROUND;
	err = compare(job, before, before->start, xfer->dst_offset, false,
		      result) ?:
	      compare(job, before, end, before->end, false, result);
	if (err || !dmx_store_has_view(&xfer->src->store))
		return err;

	result->compared = DMAEXER_COMPARED_ALL;
	return compare(job, before, xfer->dst_offset, end, true, result);
}

static dma_addr_t addr_of(const struct dmx_buf *buf, u64 offset)
{
	size_t run;

	return dmx_store_addr_at(&buf->store, offset, &run);
}

static int copy(struct job *job, enum dmx_xfer_refusal *refusal)
{
	const struct dmx_xfer *xfer = job->xfer;
	int err;

	err = dmx_copy_start(&job->copy,
			     addr_of(xfer->dst, xfer->dst_offset),
			     addr_of(xfer->src, xfer->src_offset), xfer->len);
	if (err == -EIO)
		*refusal = DMX_XFER_REFUSED;
	return err ?: dmx_copy_wait(&job->copy);
}

static int copy_and_compare(struct job *job, struct before *before,
			    struct dmx_xfer_result *result,
			    enum dmx_xfer_refusal *refusal)
{
	int err;

	err = dmx_copy_take(&job->copy) ?: remember(job, before);
	if (err == -ENOMEM)
		*refusal = DMX_XFER_MEMORY;
	if (err)
		return err;

	err = copy(job, refusal);
	if (err)
		return err;
	result->time_ns = job->copy.time_ns;
	return compare_all(job, before, result);
}

/**
 * dmx_xfer_run() - copy by a channel, and compare
 * @xfer: the transfer, its ranges within the buffers
 * @result: what came of it
 * @refusal: what is at fault on error
 *
 * Context: sleeps until the transfer is over, @xfer says it takes too long, a
 * fatal signal comes, or channel or buffer go.
 * Return: 0, whether it differs or not; -EINVAL for a box, for memory without
 * an address, for several objects of a pool, and for ranges that overlap or
 * cannot be aligned; -EPERM for memory that the device is not to read, or not
 * to write; -EOPNOTSUPP for a buffer of another address space; -ERANGE for one
 * that the channel cannot address; -ENOMEM; -EIO where the channel refuses or
 * fails; -ETIMEDOUT; -EINTR; -ENODEV or -ENOENT where the channel or a buffer
 * go.
 */
int dmx_xfer_run(const struct dmx_xfer *xfer, struct dmx_xfer_result *result,
		 enum dmx_xfer_refusal *refusal)
{
	struct job job = { .xfer = xfer };
	struct before before = { };
	int err;

	memset(result, 0, sizeof(*result));
	err = pin_all(&job, refusal);
	if (err)
		return err;

	err = check(xfer, refusal) ?:
	      copy_and_compare(&job, &before, result, refusal);
	if (err == -ECANCELED)
		err = gone_error(xfer, refusal);
	unpin_all(&job);
	kvfree(before.bytes);
	return err;
}
