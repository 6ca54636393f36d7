// SPDX-License-Identifier: GPL-2.0
/* Memory of the CPU, as drivers have it before they map it for a device. */

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "coherent.h"
#include "pages.h"

static size_t pages_count(const struct dmx_pages *p)
{
	return PAGE_ALIGN(dmx_pages_size(p)) >> PAGE_SHIFT;
}

static void scattered_free(struct dmx_pages *p)
{
	while (p->filled--) {
		free_page((unsigned long)p->pages[p->filled]);
		cond_resched();
	}
	kvfree(p->pages);
}

static int by_address_down(const void *a, const void *b)
{
	const void *first = *(const void **)a;
	const void *second = *(const void **)b;

	return first < second ? 1 : -1;
}

/* From the top down, so that no page follows the one before. */
static int scattered_more(struct dmx_pages *p, gfp_t gfp)
{
	size_t count = pages_count(p);
	void *page;

	if (fatal_signal_pending(current))
		return -EINTR;
	page = (void *)get_zeroed_page(gfp);
	if (!page)
		return -ENOMEM;

	p->pages[p->filled++] = page;
	if (gfpflags_allow_blocking(gfp))
		cond_resched();
	if (p->filled < count)
		return 1;
	sort(p->pages, count, sizeof(*p->pages), by_address_down, NULL);
	return 0;
}

/**
 * dmx_pages_alloc() - begin to allocate zeroed memory of the CPU
 * @p: where the allocation goes
 * @shape: how it is to lie
 * @elem_size: bytes of an element
 * @count: number of elements
 * @offset: first byte in the page, or in what kmalloc() returns; 0 for
 *	DMX_SHAPE_LINEAR and DMX_SHAPE_SCATTERED
 * @gfp: how to allocate, without a zone
 *
 * Context: sleeps where @gfp allows it.
 * Return: 0, and then dmx_pages_more() follows; -EINVAL for a size of 0, or an
 * offset that the shape does not have or that leads out of the page; -ENOMEM.
 */
int dmx_pages_alloc(struct dmx_pages *p, enum dmx_shape shape, u64 elem_size,
		    u64 count, size_t offset, gfp_t gfp)
{
	bool in_page = shape == DMX_SHAPE_OFFSET || shape == DMX_SHAPE_SMALL;
	size_t size;
	int err;

	err = dmx_size_check(elem_size, count, &size);
	if (err)
		return err;
	if (in_page ? offset >= PAGE_SIZE || size > PAGE_SIZE - offset : offset)
		return -EINVAL;

	memset(p, 0, sizeof(*p));
	p->shape = shape;
	p->elem_size = elem_size;
	p->count = count;
	p->offset = offset;
	if (shape != DMX_SHAPE_SCATTERED)
		return 0;
	p->pages = kvmalloc_array(pages_count(p), sizeof(*p->pages), gfp);
	return p->pages ? 0 : -ENOMEM;
}

/**
 * dmx_pages_more() - allocate what there is to allocate, or a page of it
 * @p: memory
 * @gfp: how to allocate, without a zone
 *
 * Context: sleeps where @gfp allows it.
 * Return: 0 where all is there; 1 where more is to come; -ENOMEM; -EINTR where
 * a fatal signal came. It is to be freed in any case.
 */
int dmx_pages_more(struct dmx_pages *p, gfp_t gfp)
{
	size_t size = dmx_pages_size(p);

	switch (p->shape) {
	case DMX_SHAPE_LINEAR:
		p->mem = alloc_pages_exact(size, gfp | __GFP_ZERO);
		break;
	case DMX_SHAPE_SCATTERED:
		return scattered_more(p, gfp);
	case DMX_SHAPE_OFFSET:
		p->mem = (void *)get_zeroed_page(gfp);
		break;
	default:
		p->mem = kzalloc(p->offset + size, gfp);
		break;
	}
	return p->mem ? 0 : -ENOMEM;
}

/**
 * dmx_pages_segments() - in how many pieces an allocation lies
 * @p: a whole allocation
 *
 * Return: the number of physically contiguous runs.
 */
size_t dmx_pages_segments(const struct dmx_pages *p)
{
	size_t count = 1;
	size_t i;

	for (i = 1; i < p->filled; i++)
		count += p->pages[i] != p->pages[i - 1] + PAGE_SIZE;
	return count;
}

/**
 * dmx_pages_mmap() - map an allocation to user space, whole or in part
 * @p: an allocation, which must outlive the pages in @vma
 * @vma: where; its offset is that in the allocation, in pages
 *
 * Whole pages are mapped: with DMX_SHAPE_OFFSET from the first byte of the
 * page.
 *
 * Context: sleeps; for ->mmap(), with its mmap_lock.
 * Return: 0; -EOPNOTSUPP for DMX_SHAPE_SMALL, around which is memory of others;
 * -ENXIO where @vma reaches beyond the last page; or another error of mm.
 */
int dmx_pages_mmap(const struct dmx_pages *p, struct vm_area_struct *vma)
{
	size_t count = pages_count(p);
	unsigned long addr;
	size_t i;
	void *at;
	int err;

	if (p->shape == DMX_SHAPE_SMALL)
		return -EOPNOTSUPP;
	if (vma->vm_pgoff >= count || vma_pages(vma) > count - vma->vm_pgoff)
		return -ENXIO;

	for (addr = vma->vm_start, i = vma->vm_pgoff; addr < vma->vm_end;
	     addr += PAGE_SIZE, i++) {
		at = p->pages ? p->pages[i] : p->mem + i * PAGE_SIZE;
		err = remap_pfn_range(vma, addr, page_to_pfn(virt_to_page(at)),
				      PAGE_SIZE, vma->vm_page_prot);
		if (err)
			return err;
	}
	return 0;
}

/**
 * dmx_pages_free() - free an allocation
 * @p: an allocation, whole or not; no device uses it
 *
 * Context: process context; may sleep.
 */
void dmx_pages_free(struct dmx_pages *p)
{
	switch (p->shape) {
	case DMX_SHAPE_LINEAR:
		if (p->mem)
			free_pages_exact(p->mem, dmx_pages_size(p));
		break;
	case DMX_SHAPE_SCATTERED:
		scattered_free(p);
		break;
	case DMX_SHAPE_OFFSET:
		free_page((unsigned long)p->mem);
		break;
	default:
		kfree(p->mem);
		break;
	}
	memset(p, 0, sizeof(*p));
}
