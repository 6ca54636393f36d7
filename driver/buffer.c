// SPDX-License-Identifier: GPL-2.0
/* A numbered buffer around an allocation. */

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "buffer.h"
#include "compat.h"
#include "device.h"
#include "facts.h"
#include "fault.h"
#include "memory.h"

/**
 * dmx_buf_kind() - what a buffer is now
 * @buf: a buffer
 *
 * Context: sleeps.
 * Return: enum dmaexer_kind.
 */
u32 dmx_buf_kind(struct dmx_buf *buf)
{
	u32 kind;

	down_read(&buf->lock);
	kind = buf->kind;
	up_read(&buf->lock);

	return kind;
}

static enum dmx_refusal refusal_of_platform(struct dmx_buf *buf,
					    const struct dmx_store_spec *spec)
{
	bool large = get_order(buf->size) > DMX_MAX_PAGE_ORDER;

	if (buf->kind == DMAEXER_KIND_PAGES)
		return large && spec->shape == DMAEXER_SHAPE_LINEAR ?
			DMX_REFUSAL_LINEAR : DMX_REFUSAL_PLATFORM;
	if (dmx_backend(buf->ddev->dev) == DMAEXER_BACKEND_DIRECT &&
	    !IS_ENABLED(CONFIG_DMA_CMA) && large)
		return DMX_REFUSAL_BLOCK;
	return DMX_REFUSAL_PLATFORM;
}

struct contents {
	struct dmx_pattern pattern;
	/* where the DMA address is the argument; of a box it is not known */
	const struct dmx_store *at_dma;
	bool hidden;
	size_t done;
};

static int init_begin(struct contents *contents)
{
	if (contents->hidden)
		return -EINVAL;
	if (contents->at_dma)
		contents->pattern.arg = dmx_store_first_addr(contents->at_dma);
	return dmx_fault(DMAEXER_FAULT_OP_INIT);
}

static int init_pattern(void *mem, size_t size, void *ctx)
{
	struct contents *contents = ctx;
	size_t offset;
	size_t len;
	int err;

	err = contents->done ? 0 : init_begin(contents);
	if (err)
		return err;

	for (offset = 0; offset < size; offset += len) {
		if (fatal_signal_pending(current))
			return -EINTR;
		len = min_t(size_t, size - offset, SZ_64K);
		dmx_pattern_fill(&contents->pattern, contents->done,
				 mem + offset, len);
		contents->done += len;
		cond_resched();
	}
	return 0;
}

static int alloc_memory(struct dmx_buf *buf, const struct dmx_buf_spec *spec,
			struct contents *contents, enum dmx_refusal *refusal)
{
	const struct dmx_init init = { .fn = init_pattern, .ctx = contents };
	gfp_t gfp = dmx_memory_gfp(spec->gfp, spec->warn,
				   dmx_store_block(&spec->mem, buf->size));
	bool for_device = spec->mem.kind != DMAEXER_KIND_PAGES;
	struct dmx_store_spec mem = spec->mem;
	struct device *dev = buf->ddev->dev;
	int err;

	mem.init = spec->pattern ? &init : NULL;

	/* The DMA API answers a mask of 0 with a warning in the log. */
	if (for_device && !dev->coherent_dma_mask) {
		*refusal = DMX_REFUSAL_MASK;
		return -ENOMEM;
	}

	if (spec->mem.kind == DMAEXER_KIND_NONCONTIGUOUS &&
	    buf->footprint > dma_get_max_seg_size(dev)) {
		*refusal = DMX_REFUSAL_SEGMENT;
		return -ERANGE;
	}

	if (!dmx_memory_begin(for_device ? dev : NULL, gfp, buf->footprint)) {
		*refusal = DMX_REFUSAL_MEMORY;
		return -ENOMEM;
	}
	err = dmx_store_alloc(&buf->store, dev, &mem, gfp);
	dmx_memory_end(buf->footprint);
	if (err == -ENOMEM)
		*refusal = refusal_of_platform(buf, &mem);
	else if (err == -EINVAL)
		*refusal = DMX_REFUSAL_CONTENTS;
	return err;
}

static int fill_in(struct dmx_buf *buf, const struct dmx_buf_spec *spec,
		   enum dmx_refusal *refusal)
{
	struct contents contents = { };
	struct dmx_subject s = { .store = &buf->store };
	int overlap;
	int err;

	if (spec->pattern) {
		contents.pattern = *spec->pattern;
		contents.at_dma = spec->pattern_at_dma ? &buf->store : NULL;
		contents.hidden = spec->pattern_at_dma &&
				  buf->kind == DMAEXER_KIND_BOX;
	}

	err = alloc_memory(buf, spec, &contents, refusal);
	if (err)
		return err;

	overlap = dmx_buf_addrs_add(buf);
	if (overlap < 0) {
		dmx_store_free(&buf->store);
		return overlap;
	}

	buf->attrs = buf->store.attrs;
	s.overlap = overlap;
	s.pattern = spec->pattern ? &contents.pattern : NULL;
	s.data = spec->mem.data;
	dmx_audit(&s, &buf->audit);
	/* The CPU had it first. */
	if (dmx_store_has_turns(&buf->store))
		dmx_store_sync(&buf->store, 0, buf->size, false);
	return 0;
}

static struct dmx_buf *buf_alloc(struct dmx_device *ddev,
				 const struct dmx_buf_spec *spec, size_t size,
				 u64 footprint)
{
	struct dmx_buf *buf = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
			      kzalloc(sizeof(*buf), GFP_KERNEL_ACCOUNT);

	if (!buf)
		return NULL;

	kref_init(&buf->ref);
	init_rwsem(&buf->lock);
	mutex_init(&buf->turn_lock);
	dmx_pins_init(&buf->jobs);
	dmx_maps_init(&buf->maps);
	INIT_LIST_HEAD(&buf->dev_node);
	INIT_LIST_HEAD(&buf->owner_node);
	dmx_device_get(ddev);
	buf->ddev = ddev;
	buf->kind = spec->mem.kind;
	buf->elem_size = spec->mem.elem_size;
	buf->count = spec->mem.count;
	buf->size = size;
	buf->footprint = footprint;
	buf->gfp = spec->gfp;
	buf->freed_by = DMX_NOT_FREED;
	if (spec->label)
		strscpy(buf->label, spec->label, sizeof(buf->label));
	return buf;
}

static int reserve(struct dmx_device *ddev, u64 footprint,
		   enum dmx_refusal *refusal)
{
	static const enum dmx_refusal refusals[] = {
		[DMX_QUOTA_NONE] = DMX_REFUSAL_NONE,
		[DMX_QUOTA_BYTES] = DMX_REFUSAL_QUOTA_BYTES,
		[DMX_QUOTA_BUFS] = DMX_REFUSAL_QUOTA_BUFS,
		[DMX_QUOTA_MAX_BUFS] = DMX_REFUSAL_MAX_BUFS,
	};

	*refusal = refusals[dmx_device_reserve(ddev, footprint)];
	return *refusal == DMX_REFUSAL_NONE ? 0 : -ENOSPC;
}

/**
 * dmx_buf_new() - allocate a buffer and audit it
 * @ddev: device to allocate for
 * @spec: what to allocate
 * @refusal: why it was refused
 *
 * Context: sleeps; dma_rwsem of the device is held for reading.
 * Return: a buffer without a number, with one reference; -EINVAL for a size of
 * 0, wrong attributes or contents; -ENODEV where the device is gone; -EBUSY
 * while its address space is claimed; -ENOSPC past a quota; -ERANGE for one
 * segment that is larger than those of the device; -ENOMEM where the size
 * overflows, memory is short or the platform refuses.
 */
struct dmx_buf *dmx_buf_new(struct dmx_device *ddev,
			    const struct dmx_buf_spec *spec,
			    enum dmx_refusal *refusal)
{
	struct dmx_buf *buf;
	u64 footprint;
	size_t size;
	int err;

	lockdep_assert_held_read(&ddev->dma_rwsem);

	*refusal = DMX_REFUSAL_DEVICE;
	if (ddev->gone)
		return ERR_PTR(-ENODEV);

	*refusal = DMX_REFUSAL_NONE;
	err = dmx_size_check(spec->mem.elem_size, spec->mem.count, &size);
	if (err)
		return ERR_PTR(err);
	footprint = dmx_store_footprint(&spec->mem, size);

	*refusal = DMX_REFUSAL_CLAIMED;
	if (!dmx_space_enter(ddev->space))
		return ERR_PTR(-EBUSY);

	err = reserve(ddev, footprint, refusal);
	if (err)
		goto leave;

	err = -ENOMEM;
	buf = buf_alloc(ddev, spec, size, footprint);
	if (!buf)
		goto release;

	err = fill_in(buf, spec, refusal);
	if (err)
		goto put;
	return buf;

put:
	dmx_buf_put(buf);
release:
	dmx_device_release(ddev, footprint);
leave:
	dmx_space_leave(ddev->space);
	return ERR_PTR(err);
}

/*
 * What is managed goes after the driver has let go of the device, unless that
 * is the driver of somebody else, as of the controller of a channel.
 */
static void free_memory(struct dmx_buf *buf)
{
	struct dmx_device *ddev = buf->ddev;
	u32 freed_by = DMAEXER_FREED_BY_DRIVER;

	lockdep_assert_held_read(&ddev->dma_rwsem);
	lockdep_assert_held_write(&buf->lock);

	dmx_buf_addrs_del(buf);
	if (buf->kind == DMAEXER_KIND_MANAGED && ddev->gone && !ddev->chan) {
		freed_by = DMAEXER_FREED_BY_KERNEL;
		dmx_store_leave(&buf->store);
	} else {
		dmx_store_free(&buf->store);
	}
	/* who tells of the buffer meanwhile holds no lock */
	WRITE_ONCE(buf->freed_by, freed_by);
}

/**
 * dmx_buf_revoke() - free the memory of a buffer, whoever holds the buffer
 * @buf: a buffer that nobody finds any more
 * @copy: where its contents go before that, or NULL
 *
 * Called once. Later accesses fail.
 *
 * Context: sleeps until no access is under way, no transfer, and no mmap(),
 * whose mmap_lock may be held while somebody waits for dma_rwsem.
 */
void dmx_buf_revoke(struct dmx_buf *buf, void *copy)
{
	struct dmx_device *ddev = buf->ddev;

	lockdep_assert_not_held(&ddev->dma_rwsem);
	dmx_pins_close(&buf->jobs);

	/* No access begins from here on, and no mapping. */
	down_write(&buf->lock);
	/* who reads a file looks before it takes the lock */
	WRITE_ONCE(buf->gone, true);
	up_write(&buf->lock);
	dmx_maps_close(&buf->maps);

	down_read(&ddev->dma_rwsem);
	down_write(&buf->lock);
	if (copy)
		dmx_buf_copy(buf, copy);
	free_memory(buf);
	dmx_space_leave(ddev->space);
	up_write(&buf->lock);
	up_read(&ddev->dma_rwsem);

	dmx_device_release(ddev, buf->footprint);
}

/**
 * dmx_buf_get() - take a reference
 * @buf: a buffer
 */
void dmx_buf_get(struct dmx_buf *buf)
{
	kref_get(&buf->ref);
}

static void buf_release(struct kref *ref)
{
	struct dmx_buf *buf = container_of(ref, struct dmx_buf, ref);

	dmx_device_put(buf->ddev);
	kfree(buf);
}

/**
 * dmx_buf_put() - drop a reference
 * @buf: a buffer; NULL and errors are passed over
 *
 * Context: sleeps.
 */
void dmx_buf_put(struct dmx_buf *buf)
{
	if (!IS_ERR_OR_NULL(buf))
		kref_put(&buf->ref, buf_release);
}
