// SPDX-License-Identifier: GPL-2.0
/* The memory of a buffer: which allocator makes it, by kind. */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "space.h"
#include "store_ops.h"

/**
 * dmx_store_init() - write the contents of new memory where it lies
 * @s: memory that was just allocated, for kinds without an initialiser
 * @spec: what it is to hold
 *
 * Return: 0, or the error of the initialiser.
 */
int dmx_store_init(struct dmx_store *s, const struct dmx_store_spec *spec)
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

static const struct dmx_store_ops *const ops[] = {
	[DMAEXER_KIND_BOX] = &dmx_store_box,
	[DMAEXER_KIND_COHERENT] = &dmx_store_coherent,
	[DMAEXER_KIND_HANDLE] = &dmx_store_handle,
	[DMAEXER_KIND_PAGES] = &dmx_store_pages,
	[DMAEXER_KIND_NONCOHERENT] = &dmx_store_noncoherent,
	[DMAEXER_KIND_NONCONTIGUOUS] = &dmx_store_noncontiguous,
	[DMAEXER_KIND_POOL] = &dmx_store_pool,
	[DMAEXER_KIND_MANAGED] = &dmx_store_managed,
	[DMAEXER_KIND_DMA_PAGES] = &dmx_store_dma_pages,
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
	if (spec->kind == DMAEXER_KIND_POOL)
		return max_t(size_t, spec->elem_size, PAGE_SIZE);
	return size;
}

/*
 * As many as a kernel takes that puts the fewest objects in a block: since 6.4
 * each has room for two words, and up to 6.3 none ends at a boundary.
 */
static u64 pool_footprint(const struct dmx_store_spec *spec)
{
	u64 stride = ALIGN(max_t(u64, spec->elem_size, 16), spec->align);
	u64 block = max_t(u64, stride, PAGE_SIZE);
	u64 boundary = spec->boundary ? min(spec->boundary, block) : block;
	u64 in_block = div64_u64(block, boundary) *
		       max_t(u64, div64_u64(boundary - 1, stride), 1);
	u64 blocks = DIV64_U64_ROUND_UP(spec->count, in_block);
	u64 noted = sizeof(void *) + sizeof(dma_addr_t) +
		    sizeof(struct dmx_range);

	return blocks * PAGE_ALIGN(block) + PAGE_ALIGN(spec->count * noted);
}

/**
 * dmx_store_footprint() - memory that an allocation takes
 * @spec: what is asked for; of a pool no more than may be
 * @size: bytes of it
 *
 * Return: bytes, whole pages; of a pool the most that it may be.
 */
u64 dmx_store_footprint(const struct dmx_store_spec *spec, size_t size)
{
	if (spec->kind == DMAEXER_KIND_POOL)
		return pool_footprint(spec);
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
 * Return: 0; -EINVAL for a size of 0 or what the kind cannot have; -ENOMEM
 * where the size overflows or the platform refuses; -EINTR where a fatal signal
 * came; or the error of the initialiser.
 */
int dmx_store_alloc(struct dmx_store *s, struct device *dev,
		    const struct dmx_store_spec *spec, gfp_t gfp)
{
	int err;

	memset(s, 0, sizeof(*s));
	err = dmx_size_check(spec->elem_size, spec->count, &s->size);
	if (err)
		return err;

	s->kind = spec->kind;
	s->dev = dev;
	return ops[spec->kind]->alloc(s, spec, gfp);
}

/**
 * dmx_store_free() - free the memory of a buffer
 * @s: memory; the device no longer uses it
 *
 * Context: process context; may sleep.
 */
void dmx_store_free(struct dmx_store *s)
{
	ops[s->kind]->free(s);
}

/**
 * dmx_store_leave() - leave the memory of a buffer to who frees it
 * @s: managed memory, of a device that its driver lets go of
 */
void dmx_store_leave(struct dmx_store *s)
{
	dmx_managed_leave(&s->managed);
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
	size_t index;
	size_t rest;

	if (s->kind == DMAEXER_KIND_POOL) {
		index = offset / s->view.elem_size;
		rest = offset % s->view.elem_size;
		*len = s->view.elem_size - rest;
		return s->pool.dma_addrs[index] + rest;
	}

	*len = s->size - offset;
	return s->addr + offset;
}

/**
 * dmx_store_sync() - hand a range to the CPU, or back to the device
 * @s: memory that CPU and device have in turns
 * @offset: first byte
 * @len: bytes; the range is within the memory
 * @for_cpu: to the CPU
 *
 * Context: the caller keeps others from handing it over at the same time.
 */
void dmx_store_sync(const struct dmx_store *s, size_t offset, size_t len,
		    bool for_cpu)
{
	ops[s->kind]->sync(s, offset, len, for_cpu);
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
	return ops[s->kind]->mmap;
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
	return ops[s->kind]->mmap(s, vma);
}
