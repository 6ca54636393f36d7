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

static u64 footprint(size_t size)
{
	return PAGE_ALIGN((u64)size);
}

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

static enum dmx_refusal refusal_of_platform(struct dmx_device *ddev,
					    size_t size)
{
	if (dmx_backend(ddev->dev) == DMAEXER_BACKEND_DIRECT &&
	    !IS_ENABLED(CONFIG_DMA_CMA) &&
	    get_order(size) > DMX_MAX_PAGE_ORDER)
		return DMX_REFUSAL_BLOCK;
	return DMX_REFUSAL_PLATFORM;
}

struct contents {
	struct dmx_pattern pattern;
	/* where the DMA address is the argument; of a box it is not known */
	const struct dmx_coherent *at_dma;
	bool hidden;
};

static int init_pattern(void *mem, size_t size, void *ctx)
{
	struct contents *contents = ctx;
	size_t offset;
	size_t len;
	int err;

	if (contents->hidden)
		return -EINVAL;
	err = dmx_fault(DMAEXER_FAULT_OP_INIT);
	if (err)
		return err;
	if (contents->at_dma)
		contents->pattern.arg = contents->at_dma->dma_addr;
	for (offset = 0; offset < size; offset += len) {
		if (fatal_signal_pending(current))
			return -EINTR;
		len = min_t(size_t, size - offset, SZ_64K);
		dmx_pattern_fill(&contents->pattern, offset, mem + offset,
				 len);
		cond_resched();
	}
	return 0;
}

static int alloc_coherent(struct dmx_buf *buf, const struct dmx_buf_spec *spec,
			  gfp_t gfp, struct contents *contents)
{
	const struct dmx_init init = { .fn = init_pattern, .ctx = contents };
	struct dmx_coherent *c = &buf->coherent;
	struct device *dev = buf->ddev->dev;

	if (spec->pattern)
		return dmx_coherent_init(c, dev, spec->elem_size, spec->count,
					 gfp, spec->attrs, &init);
	if (spec->data)
		return dmx_coherent_from_slice(c, dev, spec->data,
					       spec->elem_size, spec->count,
					       gfp, spec->attrs);
	return dmx_coherent_zeroed(c, dev, spec->elem_size, spec->count, gfp,
				   spec->attrs);
}

static int alloc_box(struct dmx_buf *buf, const struct dmx_buf_spec *spec,
		     gfp_t gfp, struct contents *contents)
{
	const struct dmx_init init = { .fn = init_pattern, .ctx = contents };
	struct device *dev = buf->ddev->dev;
	struct dmx_box *box = &buf->box;

	if (spec->pattern)
		return dmx_box_init(box, dev, spec->elem_size, spec->count,
				    gfp, spec->attrs, &init);
	if (spec->data)
		return dmx_box_from_slice(box, dev, spec->data,
					  spec->elem_size, spec->count, gfp,
					  spec->attrs);
	return dmx_box_zeroed(box, dev, spec->elem_size, spec->count, gfp,
			      spec->attrs);
}

/* Allocate by kind, and tell the auditor what there is. */
static int alloc_memory(struct dmx_buf *buf, const struct dmx_buf_spec *spec,
			gfp_t gfp, struct contents *contents,
			struct dmx_subject *s)
{
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC);
	if (err)
		return err;

	switch (buf->kind) {
	case DMAEXER_KIND_BOX:
		err = alloc_box(buf, spec, gfp, contents);
		s->cpu = buf->box.inner.cpu_addr;
		s->dma = buf->box.inner.dma_addr;
		s->attrs = buf->box.inner.attrs;
		break;
	case DMAEXER_KIND_COHERENT:
		err = alloc_coherent(buf, spec, gfp, contents);
		s->cpu = buf->coherent.cpu_addr;
		s->dma = buf->coherent.dma_addr;
		s->attrs = buf->coherent.attrs;
		break;
	default:
		err = dmx_handle_alloc(&buf->handle, buf->ddev->dev, buf->size,
				       gfp, spec->attrs);
		s->cpu = buf->handle.cookie;
		s->dma = buf->handle.dma_addr;
		s->attrs = buf->handle.attrs;
		s->is_handle = true;
		break;
	}
	return err;
}

static void free_memory(struct dmx_buf *buf)
{
	lockdep_assert_held_read(&buf->ddev->dma_rwsem);
	lockdep_assert_held_write(&buf->lock);

	switch (buf->kind) {
	case DMAEXER_KIND_BOX:
		dmx_box_free(&buf->box);
		break;
	case DMAEXER_KIND_COHERENT:
		dmx_coherent_free(&buf->coherent);
		break;
	default:
		dmx_handle_free(&buf->handle);
		break;
	}
}

static int fill_in(struct dmx_buf *buf, const struct dmx_buf_spec *spec,
		   enum dmx_refusal *refusal)
{
	gfp_t gfp = dmx_memory_gfp(spec->gfp, spec->warn, buf->size);
	struct contents contents = { };
	struct dmx_subject s = { .dev = buf->ddev->dev, .size = buf->size };
	int err;

	if (spec->pattern) {
		contents.pattern = *spec->pattern;
		contents.at_dma = spec->pattern_at_dma ? &buf->coherent : NULL;
		contents.hidden = spec->pattern_at_dma &&
				  buf->kind == DMAEXER_KIND_BOX;
	}

	/* The DMA API answers a mask of 0 with a warning in the log. */
	if (!buf->ddev->dev->coherent_dma_mask) {
		*refusal = DMX_REFUSAL_MASK;
		return -ENOMEM;
	}

	if (!dmx_memory_begin(buf->ddev->dev, gfp, buf->size)) {
		*refusal = DMX_REFUSAL_MEMORY;
		return -ENOMEM;
	}
	err = alloc_memory(buf, spec, gfp, &contents, &s);
	dmx_memory_end(buf->size);
	if (err) {
		if (err == -ENOMEM)
			*refusal = refusal_of_platform(buf->ddev, buf->size);
		else if (err == -EINVAL)
			*refusal = DMX_REFUSAL_CONTENTS;
		return err;
	}

	buf->attrs = s.attrs;
	buf->range.start = s.dma;
	buf->range.last = (u64)s.dma + buf->size - 1;
	s.overlap = dmx_space_add(buf->ddev->space, &buf->range);
	s.pattern = spec->pattern ? &contents.pattern : NULL;
	s.data = spec->data;
	dmx_audit(&s, &buf->audit);
	return 0;
}

static struct dmx_buf *buf_alloc(struct dmx_device *ddev,
				 const struct dmx_buf_spec *spec, size_t size)
{
	struct dmx_buf *buf = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
			      kzalloc(sizeof(*buf), GFP_KERNEL_ACCOUNT);

	if (!buf)
		return NULL;

	kref_init(&buf->ref);
	init_rwsem(&buf->lock);
	dmx_pins_init(&buf->jobs);
	dmx_maps_init(&buf->maps);
	INIT_LIST_HEAD(&buf->dev_node);
	INIT_LIST_HEAD(&buf->owner_node);
	dmx_device_get(ddev);
	buf->ddev = ddev;
	buf->kind = spec->kind;
	buf->elem_size = spec->elem_size;
	buf->count = spec->count;
	buf->size = size;
	buf->gfp = spec->gfp;
	if (spec->label)
		strscpy(buf->label, spec->label, sizeof(buf->label));
	return buf;
}

static int reserve(struct dmx_device *ddev, size_t size,
		   enum dmx_refusal *refusal)
{
	static const enum dmx_refusal refusals[] = {
		[DMX_QUOTA_NONE] = DMX_REFUSAL_NONE,
		[DMX_QUOTA_BYTES] = DMX_REFUSAL_QUOTA_BYTES,
		[DMX_QUOTA_BUFS] = DMX_REFUSAL_QUOTA_BUFS,
		[DMX_QUOTA_MAX_BUFS] = DMX_REFUSAL_MAX_BUFS,
	};

	*refusal = refusals[dmx_device_reserve(ddev, footprint(size))];
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
 * while its address space is claimed; -ENOSPC past a quota; -ENOMEM where the
 * size overflows, memory is short or the platform refuses.
 */
struct dmx_buf *dmx_buf_new(struct dmx_device *ddev,
			    const struct dmx_buf_spec *spec,
			    enum dmx_refusal *refusal)
{
	struct dmx_buf *buf;
	size_t size;
	int err;

	lockdep_assert_held_read(&ddev->dma_rwsem);

	*refusal = DMX_REFUSAL_DEVICE;
	if (ddev->gone)
		return ERR_PTR(-ENODEV);

	*refusal = DMX_REFUSAL_NONE;
	err = dmx_size_check(spec->elem_size, spec->count, &size);
	if (err)
		return ERR_PTR(err);

	*refusal = DMX_REFUSAL_CLAIMED;
	if (!dmx_space_enter(ddev->space))
		return ERR_PTR(-EBUSY);

	err = reserve(ddev, size, refusal);
	if (err)
		goto leave;

	err = -ENOMEM;
	buf = buf_alloc(ddev, spec, size);
	if (!buf)
		goto release;

	err = fill_in(buf, spec, refusal);
	if (err)
		goto put;
	return buf;

put:
	dmx_buf_put(buf);
release:
	dmx_device_release(ddev, footprint(size));
leave:
	dmx_space_leave(ddev->space);
	return ERR_PTR(err);
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
	dmx_space_del(ddev->space, &buf->range);
	free_memory(buf);
	dmx_space_leave(ddev->space);
	up_write(&buf->lock);
	up_read(&ddev->dma_rwsem);

	dmx_device_release(ddev, footprint(buf->size));
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
