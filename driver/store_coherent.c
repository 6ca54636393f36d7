// SPDX-License-Identifier: GPL-2.0
/* Memory of buffers that CPU and device have at the same time. */

#include "fault.h"
#include "store_ops.h"

static int box_alloc(struct dmx_store *s, const struct dmx_store_spec *spec,
		     gfp_t gfp)
{
	struct dmx_box *box = &s->box;
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC);
	if (err)
		return err;

	if (spec->init)
		err = dmx_box_init(box, s->dev, spec->elem_size, spec->count,
				   gfp, spec->attrs, spec->init);
	else if (spec->data)
		err = dmx_box_from_slice(box, s->dev, spec->data,
					 spec->elem_size, spec->count, gfp,
					 spec->attrs);
	else
		err = dmx_box_zeroed(box, s->dev, spec->elem_size, spec->count,
				     gfp, spec->attrs);
	if (err)
		return err;

	s->view = dmx_coherent_view(&box->inner);
	s->attrs = box->inner.attrs;
	dmx_store_set_addr(s, box->inner.dma_addr);
	return 0;
}

static void box_free(struct dmx_store *s)
{
	dmx_box_free(&s->box);
}

static int box_mmap(const struct dmx_store *s, struct vm_area_struct *vma)
{
	return dmx_coherent_mmap(&s->box.inner, vma);
}

static int coherent_alloc(struct dmx_store *s,
			  const struct dmx_store_spec *spec, gfp_t gfp)
{
	struct dmx_coherent *c = &s->coherent;
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC);
	if (err)
		return err;

	if (spec->init)
		err = dmx_coherent_init(c, s->dev, spec->elem_size,
					spec->count, gfp, spec->attrs,
					spec->init);
	else if (spec->data)
		err = dmx_coherent_from_slice(c, s->dev, spec->data,
					      spec->elem_size, spec->count,
					      gfp, spec->attrs);
	else
		err = dmx_coherent_zeroed(c, s->dev, spec->elem_size,
					  spec->count, gfp, spec->attrs);
	if (err)
		return err;

	s->view = dmx_coherent_view(c);
	s->attrs = c->attrs;
	dmx_store_set_addr(s, c->dma_addr);
	return 0;
}

static void coherent_free(struct dmx_store *s)
{
	dmx_coherent_free(&s->coherent);
}

static int coherent_mmap(const struct dmx_store *s, struct vm_area_struct *vma)
{
	return dmx_coherent_mmap(&s->coherent, vma);
}

static int handle_alloc(struct dmx_store *s, const struct dmx_store_spec *spec,
			gfp_t gfp)
{
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
	      dmx_handle_alloc(&s->handle, s->dev, s->size, gfp, spec->attrs);
	if (err)
		return err;

	s->attrs = s->handle.attrs;
	dmx_store_set_addr(s, s->handle.dma_addr);
	return 0;
}

static void handle_free(struct dmx_store *s)
{
	dmx_handle_free(&s->handle);
}

const struct dmx_store_ops dmx_store_box = {
	.alloc	= box_alloc,
	.free	= box_free,
	.mmap	= box_mmap,
};

const struct dmx_store_ops dmx_store_coherent = {
	.alloc	= coherent_alloc,
	.free	= coherent_free,
	.mmap	= coherent_mmap,
};

const struct dmx_store_ops dmx_store_handle = {
	.alloc	= handle_alloc,
	.free	= handle_free,
};

static int managed_alloc(struct dmx_store *s,
			 const struct dmx_store_spec *spec, gfp_t gfp)
{
	struct dmx_managed *m = &s->managed;
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
	      dmx_managed_zeroed(m, s->dev, spec->elem_size, spec->count, gfp,
				 spec->attrs);
	if (err)
		return err;

	s->view = dmx_coherent_view(&m->inner);
	s->attrs = m->inner.attrs;
	dmx_store_set_addr(s, m->inner.dma_addr);
	err = dmx_store_init(s, spec);
	if (err)
		dmx_managed_free(m);
	return err;
}

static void managed_free(struct dmx_store *s)
{
	dmx_managed_free(&s->managed);
}

static int managed_mmap(const struct dmx_store *s, struct vm_area_struct *vma)
{
	return dmx_coherent_mmap(&s->managed.inner, vma);
}

const struct dmx_store_ops dmx_store_managed = {
	.alloc	= managed_alloc,
	.free	= managed_free,
	.mmap	= managed_mmap,
};

static int pool_fill(struct dmx_dma_pool *p, gfp_t gfp)
{
	int left;

	do {
		left = dmx_fault(DMAEXER_FAULT_OP_ALLOC) ?:
		       dmx_dma_pool_more(p, gfp);
	} while (left > 0);
	return left;
}

static int pool_alloc(struct dmx_store *s, const struct dmx_store_spec *spec,
		      gfp_t gfp)
{
	struct dmx_dma_pool *p = &s->pool;
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_POOL) ?:
	      dmx_dma_pool_create(p, s->dev, spec->elem_size, spec->count,
				  spec->align, spec->boundary);
	if (err)
		return err;

	err = pool_fill(p, gfp);
	if (err)
		goto destroy;

	s->view = dmx_dma_pool_view(p);
	s->traits.align = spec->align;
	s->traits.boundary = spec->boundary;
	dmx_store_set_addr(s, p->dma_addrs[0]);
	err = dmx_store_init(s, spec);
	if (err)
		goto destroy;
	return 0;

destroy:
	dmx_dma_pool_destroy(p);
	return err;
}

static void pool_free(struct dmx_store *s)
{
	dmx_dma_pool_destroy(&s->pool);
}

const struct dmx_store_ops dmx_store_pool = {
	.alloc	= pool_alloc,
	.free	= pool_free,
};
