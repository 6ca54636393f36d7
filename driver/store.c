// SPDX-License-Identifier: GPL-2.0
/* The memory of a buffer: which allocator makes it, by kind. */

#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "compat.h"
#include "fault.h"
#include "store.h"

static_assert((int)DMX_SHAPE_LINEAR == (int)DMAEXER_SHAPE_LINEAR);
static_assert((int)DMX_SHAPE_SCATTERED == (int)DMAEXER_SHAPE_SCATTERED);
static_assert((int)DMX_SHAPE_OFFSET == (int)DMAEXER_SHAPE_OFFSET);
static_assert((int)DMX_SHAPE_SMALL == (int)DMAEXER_SHAPE_SMALL);

/* What a kind does; without @mmap it cannot be mapped. */
struct ops {
	int (*alloc)(struct dmx_store *s, const struct dmx_store_spec *spec,
		     gfp_t gfp);
	void (*free)(struct dmx_store *s);
	int (*mmap)(const struct dmx_store *s, struct vm_area_struct *vma);
};

/* Those without an initialiser of their own are written where they lie. */
static int init_all(struct dmx_store *s, const struct dmx_store_spec *spec)
{
	size_t offset;
	size_t len;
	int err = 0;
	void *mem;

	for (offset = 0; offset < s->size && !err; offset += len) {
		mem = dmx_view_at(&s->view, offset, &len);
		if (spec->init)
			err = spec->init->fn(mem, len, spec->init->ctx);
		else if (spec->data)
			memcpy(mem, spec->data + offset, len);
	}
	return err;
}

static int box_alloc(struct dmx_store *s, const struct dmx_store_spec *spec,
		     gfp_t gfp)
{
	struct dmx_box *box = &s->box;
	int err;

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
	s->addr = box->inner.dma_addr;
	s->has_addr = true;
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
	s->addr = c->dma_addr;
	s->has_addr = true;
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

	err = dmx_handle_alloc(&s->handle, s->dev, s->size, gfp, spec->attrs);
	if (err)
		return err;

	s->attrs = s->handle.attrs;
	s->addr = s->handle.dma_addr;
	s->has_addr = true;
	return 0;
}

static void handle_free(struct dmx_store *s)
{
	dmx_handle_free(&s->handle);
}

static int pages_alloc(struct dmx_store *s, const struct dmx_store_spec *spec,
		       gfp_t gfp)
{
	int err;

	err = dmx_pages_alloc(&s->pages, spec->shape, spec->elem_size,
			      spec->count, spec->page_offset, gfp);
	if (err)
		return err;

	s->view = dmx_pages_view(&s->pages);
	s->traits.shape = spec->shape;
	s->traits.page_offset = spec->page_offset;
	err = init_all(s, spec);
	if (err)
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

static const struct ops ops[] = {
	[DMAEXER_KIND_BOX] = { box_alloc, box_free, box_mmap },
	[DMAEXER_KIND_COHERENT] = {
		coherent_alloc, coherent_free, coherent_mmap
	},
	[DMAEXER_KIND_HANDLE] = { handle_alloc, handle_free, NULL },
	[DMAEXER_KIND_PAGES] = { pages_alloc, pages_free, pages_mmap },
};

static_assert(ARRAY_SIZE(ops) == DMAEXER_KIND_MAX + 1);

/**
 * dmx_store_block() - the largest block of pages that an allocation needs
 * @spec: what is asked for
 * @size: bytes of it
 *
 * Return: bytes.
 */
size_t dmx_store_block(const struct dmx_store_spec *spec, size_t size)
{
	if (spec->kind == DMAEXER_KIND_PAGES &&
	    spec->shape == DMAEXER_SHAPE_SCATTERED)
		return PAGE_SIZE;
	return size;
}

/**
 * dmx_store_footprint() - memory that an allocation takes
 * @spec: what is asked for
 * @size: bytes of it
 *
 * Return: bytes, whole pages.
 */
u64 dmx_store_footprint(const struct dmx_store_spec *spec, size_t size)
{
	return PAGE_ALIGN((u64)size);
}

/**
 * dmx_store_alloc() - allocate the memory of a buffer
 * @s: where it goes
 * @dev: device to allocate for, bound
 * @spec: what to allocate
 * @gfp: how
 *
 * Context: sleeps; the caller keeps masks of @dev from changing.
 * Return: 0; -EINVAL for a size of 0 or what the kind cannot have; -ENOMEM where
 * the size overflows or the platform refuses; -EINTR where a fatal signal came;
 * or the error of the initialiser.
 */
int dmx_store_alloc(struct dmx_store *s, struct device *dev,
		    const struct dmx_store_spec *spec, gfp_t gfp)
{
	int err;

	memset(s, 0, sizeof(*s));
	err = dmx_size_check(spec->elem_size, spec->count, &s->size) ?:
	      dmx_fault(DMAEXER_FAULT_OP_ALLOC);
	if (err)
		return err;

	s->kind = spec->kind;
	s->dev = dev;
	return ops[spec->kind].alloc(s, spec, gfp);
}

/**
 * dmx_store_free() - free the memory of a buffer
 * @s: memory; the device no longer uses it
 *
 * Context: process context; may sleep.
 */
void dmx_store_free(struct dmx_store *s)
{
	ops[s->kind].free(s);
}

/**
 * dmx_store_init_at() - write an element, while the CPU has it to itself
 * @s: memory
 * @index: the element, from 0
 * @init: writes it
 *
 * Return: 0; -EPERM where the memory is no box; -EINVAL where @index is out of
 * bounds; or the error of @init.
 */
int dmx_store_init_at(struct dmx_store *s, u64 index,
		      const struct dmx_init *init)
{
	if (s->kind != DMAEXER_KIND_BOX)
		return -EPERM;
	return dmx_box_init_at(&s->box, index, init);
}

/**
 * dmx_store_share() - turn a box into coherent memory
 * @s: a box
 */
void dmx_store_share(struct dmx_store *s)
{
	dmx_box_share(&s->box, &s->coherent);
	s->kind = DMAEXER_KIND_COHERENT;
}

/**
 * dmx_store_cookie() - what the DMA API calls a handle by
 * @s: a handle
 *
 * Return: the cookie, which is no address.
 */
const void *dmx_store_cookie(const struct dmx_store *s)
{
	return s->handle.cookie;
}

/**
 * dmx_store_addr_at() - where the device finds a byte
 * @s: memory of which the device has an address
 * @offset: the byte, below the size
 * @len: how many bytes follow each other there, from 1
 *
 * Return: its DMA address.
 */
dma_addr_t dmx_store_addr_at(const struct dmx_store *s, size_t offset,
			     size_t *len)
{
	*len = s->size - offset;
	return s->addr + offset;
}

/**
 * dmx_store_can_mmap() - whether users may see the memory in pages
 * @s: memory
 *
 * Return: false where it shares pages with memory of others, and for a handle.
 */
bool dmx_store_can_mmap(const struct dmx_store *s)
{
	if (s->kind == DMAEXER_KIND_PAGES && s->pages.shape == DMX_SHAPE_SMALL)
		return false;
	return ops[s->kind].mmap;
}

/**
 * dmx_store_mmap() - map the memory to user space, whole or in part
 * @s: memory that can be mapped, and outlives the pages in @vma
 * @vma: where; its offset is that in the memory, in pages
 *
 * Context: sleeps; for ->mmap(), with its mmap_lock.
 * Return: as dmx_coherent_mmap().
 */
int dmx_store_mmap(const struct dmx_store *s, struct vm_area_struct *vma)
{
	return ops[s->kind].mmap(s, vma);
}
