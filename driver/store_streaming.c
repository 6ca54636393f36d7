// SPDX-License-Identifier: GPL-2.0
/* Memory of buffers that the CPU has, or CPU and device in turns. */

#include <linux/build_bug.h>
#include <linux/mm.h>

#include "compat.h"
#include "fault.h"
#include "store_ops.h"

static_assert((int)DMX_SHAPE_LINEAR == (int)DMAEXER_SHAPE_LINEAR);
static_assert((int)DMX_SHAPE_SCATTERED == (int)DMAEXER_SHAPE_SCATTERED);
static_assert((int)DMX_SHAPE_OFFSET == (int)DMAEXER_SHAPE_OFFSET);
static_assert((int)DMX_SHAPE_SMALL == (int)DMAEXER_SHAPE_SMALL);

static_assert((int)DMX_BIDIRECTIONAL == (int)DMAEXER_DIRECTION_BIDIRECTIONAL);
static_assert((int)DMX_TO_DEVICE == (int)DMAEXER_DIRECTION_TO_DEVICE);
static_assert((int)DMX_FROM_DEVICE == (int)DMAEXER_DIRECTION_FROM_DEVICE);
static_assert((int)DMX_NONE == (int)DMAEXER_DIRECTION_NONE);

static int pages_fill(struct dmx_pages *p, gfp_t gfp)
{
	int left;

	do {
		left = dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
		       dmx_pages_more(p, gfp);
	} while (left > 0);
	return left;
}

static int pages_alloc(struct dmx_store *s, const struct dmx_store_spec *spec,
		       gfp_t gfp)
{
	int err;

	/* The page allocator answers that with a warning in the log. */
	if (spec->shape == DMAEXER_SHAPE_LINEAR &&
	    get_order(s->size) > DMX_MAX_PAGE_ORDER)
		return -ENOMEM;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
	      dmx_pages_alloc(&s->pages, spec->shape, spec->elem_size,
			      spec->count, spec->page_offset, gfp);
	if (err)
		return err;
	err = pages_fill(&s->pages, gfp);
	if (err)
		goto free;

	s->view = dmx_pages_view(&s->pages);
	s->traits.shape = spec->shape;
	s->traits.page_offset = spec->page_offset;
	s->traits.segments = dmx_pages_segments(&s->pages);
	err = dmx_store_init(s, spec);
	if (err)
		goto free;
	return 0;

free:
	dmx_pages_free(&s->pages);
	return err;
}

static void pages_free(struct dmx_store *s)
{
	dmx_pages_free(&s->pages);
}

static int pages_mmap(const struct dmx_store *s, struct vm_area_struct *vma)
{
	return dmx_pages_mmap(&s->pages, vma);
}

const struct dmx_store_ops dmx_store_pages = {
	.alloc	= pages_alloc,
	.free	= pages_free,
	.mmap	= pages_mmap,
};

/* What allocation and initialisation of both kinds have in common. */
static int noncoherent_done(struct dmx_store *s,
			    const struct dmx_store_spec *spec)
{
	int err;

	s->view = dmx_noncoherent_view(&s->noncoherent);
	s->traits.direction = spec->direction;
	dmx_store_set_addr(s, s->noncoherent.dma_addr);
	err = dmx_store_init(s, spec);
	if (err)
		dmx_noncoherent_free(&s->noncoherent);
	return err;
}

static int noncoherent_alloc(struct dmx_store *s,
			     const struct dmx_store_spec *spec, gfp_t gfp)
{
	return dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
	       dmx_noncoherent_alloc(&s->noncoherent, s->dev, spec->elem_size,
				     spec->count, spec->direction, gfp) ?:
	       noncoherent_done(s, spec);
}

static int dma_pages_alloc(struct dmx_store *s,
			   const struct dmx_store_spec *spec, gfp_t gfp)
{
	return dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
	       dmx_noncoherent_alloc_pages(&s->noncoherent, s->dev,
					   spec->elem_size, spec->count,
					   spec->direction, gfp) ?:
	       noncoherent_done(s, spec);
}

static void noncoherent_free(struct dmx_store *s)
{
	dmx_noncoherent_free(&s->noncoherent);
}

static int noncoherent_mmap(const struct dmx_store *s,
			    struct vm_area_struct *vma)
{
	return dmx_noncoherent_mmap(&s->noncoherent, vma);
}

static void noncoherent_sync(const struct dmx_store *s, size_t offset,
			     size_t len, bool for_cpu)
{
	if (for_cpu)
		dmx_noncoherent_for_cpu(&s->noncoherent, offset, len);
	else
		dmx_noncoherent_for_device(&s->noncoherent, offset, len);
}

const struct dmx_store_ops dmx_store_noncoherent = {
	.alloc	= noncoherent_alloc,
	.free	= noncoherent_free,
	.mmap	= noncoherent_mmap,
	.sync	= noncoherent_sync,
};

const struct dmx_store_ops dmx_store_dma_pages = {
	.alloc	= dma_pages_alloc,
	.free	= noncoherent_free,
	.mmap	= noncoherent_mmap,
	.sync	= noncoherent_sync,
};

static int noncontiguous_init(struct dmx_store *s,
			      const struct dmx_store_spec *spec)
{
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_VMAP) ?:
	      dmx_noncontiguous_vmap(&s->noncontiguous);
	if (err)
		return err;

	s->view = dmx_noncontiguous_view(&s->noncontiguous);
	return dmx_store_init(s, spec);
}

static int noncontiguous_alloc(struct dmx_store *s,
			       const struct dmx_store_spec *spec, gfp_t gfp)
{
	struct dmx_noncontiguous *n = &s->noncontiguous;
	size_t len;
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
	      dmx_noncontiguous_alloc(n, s->dev, spec->elem_size, spec->count,
				      spec->direction, gfp, spec->attrs);
	if (err)
		return err;

	s->attrs = n->attrs;
	s->traits.direction = spec->direction;
	s->traits.segments = dmx_noncontiguous_segments(n);
	dmx_store_set_addr(s, dmx_noncontiguous_addr(n, &len));
	s->addr_len = len;
	err = noncontiguous_init(s, spec);
	if (err)
		dmx_noncontiguous_free(n);
	return err;
}

static void noncontiguous_free(struct dmx_store *s)
{
	dmx_noncontiguous_free(&s->noncontiguous);
}

static int noncontiguous_mmap(const struct dmx_store *s,
			      struct vm_area_struct *vma)
{
	return dmx_noncontiguous_mmap(&s->noncontiguous, vma);
}

static void noncontiguous_sync(const struct dmx_store *s, size_t offset,
			       size_t len, bool for_cpu)
{
	if (for_cpu)
		dmx_noncontiguous_for_cpu(&s->noncontiguous);
	else
		dmx_noncontiguous_for_device(&s->noncontiguous);
}

const struct dmx_store_ops dmx_store_noncontiguous = {
	.alloc	= noncontiguous_alloc,
	.free	= noncontiguous_free,
	.mmap	= noncontiguous_mmap,
	.sync	= noncontiguous_sync,
};
