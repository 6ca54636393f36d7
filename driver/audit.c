// SPDX-License-Identifier: GPL-2.0
/* What the platform really gave, compared with what the DMA API promises. */

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "audit.h"
#include "audit_mem.h"
#include "caching.h"
#include "facts.h"

static const char no_addr[] = "the memory has no DMA address until it is mapped";

/*
 * A handle's cookie is compared, never followed. Under dma-direct it is the
 * struct page of the memory, under dma-iommu the address of a mapping that
 * nobody asked for.
 */
static enum dmaexer_mapping mapping_of_handle(const struct dmx_store *store)
{
	const void *cookie = dmx_store_cookie(store);
	phys_addr_t phys = dmx_audit_phys(store, 0);

	if (phys != DMX_NO_PHYS && pfn_valid(PHYS_PFN(phys)) &&
	    cookie == pfn_to_page(PHYS_PFN(phys)))
		return DMAEXER_MAPPING_NONE;
	if (is_vmalloc_addr(cookie))
		return DMAEXER_MAPPING_VMALLOC;
	/* A cookie may look like an address by chance. */
	if (virt_addr_valid(cookie) && virt_to_phys((void *)cookie) == phys)
		return DMAEXER_MAPPING_LINEAR;
	return DMAEXER_MAPPING_UNKNOWN;
}

static enum dmaexer_mapping mapping_of(const struct dmx_store *store)
{
	const void *mem;

	if (!dmx_store_has_view(store))
		return mapping_of_handle(store);
	mem = dmx_view_at(&store->view, 0, NULL);
	if (is_vmalloc_addr(mem))
		return DMAEXER_MAPPING_VMALLOC;
	return virt_addr_valid(mem) ? DMAEXER_MAPPING_LINEAR :
				      DMAEXER_MAPPING_UNKNOWN;
}

static const void *cpu_addr(const struct dmx_store *store)
{
	return dmx_store_has_view(store) ? dmx_view_at(&store->view, 0, NULL) :
					   dmx_store_cookie(store);
}

/* Only coherent memory comes from a pool of the device's own. */
static bool is_from_pool(const struct dmx_store *store)
{
	return dmx_pool(store->dev) == DMAEXER_POOL_COHERENT &&
	       !dmx_store_has_turns(store);
}

static void check_mask(const struct dmx_subject *s, struct dmx_audit *audit)
{
	const struct dmx_store *store = s->store;
	u64 limit = min_not_zero(store->dev->coherent_dma_mask,
				 store->dev->bus_dma_limit);
	bool inside = true;
	size_t offset;
	size_t len;

	for (offset = 0; offset < store->size && inside; offset += len) {
		u64 first = dmx_store_addr_at(store, offset, &len);
		u64 last = first + len - 1;

		inside = last >= first && last <= limit;
		cond_resched();
	}

	if (inside)
		return;
	if (is_from_pool(store))
		dmx_audit_set(audit, DMAEXER_CHECK_MASK,
			      DMAEXER_VERDICT_DEVIATION,
			      "a pool of the device's own is not asked whether it is within the mask, kernel/dma/coherent.c");
	else
		dmx_audit_set(audit, DMAEXER_CHECK_MASK,
			      DMAEXER_VERDICT_VIOLATED,
			      "an address is outside coherent mask or bus limit");
}

static void check_overlap(const struct dmx_subject *s, struct dmx_audit *audit)
{
	if (s->overlap)
		dmx_audit_set(audit, DMAEXER_CHECK_OVERLAP,
			      DMAEXER_VERDICT_VIOLATED,
			      "a live buffer, or another object, has one of the addresses");
}

/* What kmalloc() promises, Documentation/core-api/memory-allocation.rst. */
static u64 kmalloc_alignment(size_t size)
{
	u64 align = ARCH_KMALLOC_MINALIGN;

	return is_power_of_2(size) ? max_t(u64, align, size) : align;
}

/* Of pages the CPU's address is asked: a device has none. */
static void check_pages_alignment(const struct dmx_store *store,
				  struct dmx_audit *audit)
{
	u32 offset = store->traits.page_offset;
	unsigned long addr = (unsigned long)cpu_addr(store) - offset;
	u64 align = PAGE_SIZE;

	if (store->traits.shape == DMAEXER_SHAPE_LINEAR)
		align <<= get_order(store->size);
	else if (store->traits.shape == DMAEXER_SHAPE_SMALL)
		align = kmalloc_alignment(store->size + offset);
	if (addr & (align - 1))
		dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT,
			      DMAEXER_VERDICT_VIOLATED,
			      "the memory is not aligned as its allocator promises");
}

/* Of a pool, each object is aligned, and none crosses a boundary. */
static void check_pool_alignment(const struct dmx_store *store,
				 struct dmx_audit *audit)
{
	u64 align = store->traits.align;
	u64 boundary = store->traits.boundary;
	size_t offset;
	size_t len;

	for (offset = 0; offset < store->size; offset += len) {
		u64 first = dmx_store_addr_at(store, offset, &len);
		u64 last = first + len - 1;

		if (first & (align - 1))
			dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT,
				      DMAEXER_VERDICT_VIOLATED,
				      "an object of the pool is not aligned");
		if (boundary && (first ^ last) & ~(boundary - 1))
			dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT,
				      DMAEXER_VERDICT_VIOLATED,
				      "an object of the pool crosses a boundary");
		cond_resched();
	}
}

/* Whole pages is all that is said of what CPU and device have in turns. */
static void check_turns_alignment(const struct dmx_store *store,
				  struct dmx_audit *audit)
{
	if (store->addr & ~PAGE_MASK)
		dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT,
			      DMAEXER_VERDICT_VIOLATED,
			      "the address is not that of a page");
}

/* As promised in Documentation/core-api/dma-api-howto.rst. */
static void check_alignment(const struct dmx_subject *s,
			    struct dmx_audit *audit)
{
	const struct dmx_store *store = s->store;
	u64 align = (u64)PAGE_SIZE << get_order(store->size);

	if (!(store->addr & (align - 1)))
		return;
	if (is_from_pool(store) && !(store->addr & ~PAGE_MASK)) {
		dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT,
			      DMAEXER_VERDICT_DEVIATION,
			      "a pool of the device's own aligns within itself, kernel/dma/coherent.c");
		return;
	}
#ifdef CONFIG_DMA_CMA
	if (dmx_backend(store->dev) == DMAEXER_BACKEND_DIRECT &&
	    align > (u64)PAGE_SIZE << CONFIG_CMA_ALIGNMENT &&
	    !(store->addr & ((PAGE_SIZE << CONFIG_CMA_ALIGNMENT) - 1))) {
		dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT,
			      DMAEXER_VERDICT_DEVIATION,
			      "CMA aligns to CONFIG_CMA_ALIGNMENT pages at most, kernel/dma/contiguous.c");
		return;
	}
#endif
	dmx_audit_set(audit, DMAEXER_CHECK_ALIGNMENT, DMAEXER_VERDICT_VIOLATED,
		      "the address is not aligned to the page order of the size");
}

static void observe(struct dmx_audit *audit, u32 attr, bool honoured)
{
	if (honoured)
		audit->honoured |= attr;
	else
		audit->ignored |= attr;
}

/* Attributes that leave no trace at an allocation are in neither set. */
static void check_attrs(const struct dmx_subject *s, struct dmx_audit *audit)
{
	const struct dmx_store *store = s->store;
	bool several_pages = store->size > PAGE_SIZE;

	if (store->attrs & DMA_ATTR_NO_KERNEL_MAPPING &&
	    audit->mapping != DMAEXER_MAPPING_UNKNOWN)
		observe(audit, DMA_ATTR_NO_KERNEL_MAPPING,
			audit->mapping == DMAEXER_MAPPING_NONE);
	if (store->attrs & DMA_ATTR_FORCE_CONTIGUOUS && audit->has_contiguous)
		observe(audit, DMA_ATTR_FORCE_CONTIGUOUS, audit->contiguous);
	if (store->attrs & DMA_ATTR_ALLOC_SINGLE_PAGES && several_pages &&
	    audit->has_contiguous) {
		/* In a row they lie by chance, or always in direct. */
		if (!audit->contiguous)
			observe(audit, DMA_ATTR_ALLOC_SINGLE_PAGES, true);
		else if (dmx_backend(store->dev) == DMAEXER_BACKEND_DIRECT)
			observe(audit, DMA_ATTR_ALLOC_SINGLE_PAGES, false);
	}
	if (store->attrs & DMA_ATTR_WRITE_COMBINE && audit->has_caching)
		observe(audit, DMA_ATTR_WRITE_COMBINE,
			audit->caching == DMAEXER_CACHING_WRITE_COMBINING);

	/* All but force-contiguous are wishes, which a platform may ignore. */
	if (audit->ignored & DMA_ATTR_FORCE_CONTIGUOUS)
		dmx_audit_set(audit, DMAEXER_CHECK_ATTRS,
			      DMAEXER_VERDICT_VIOLATED,
			      "force-contiguous memory is not contiguous");
	else if (audit->ignored)
		dmx_audit_set(audit, DMAEXER_CHECK_ATTRS,
			      DMAEXER_VERDICT_DEVIATION,
			      "the platform ignores what attrs-ignored has, Documentation/core-api/dma-attributes.rst");
}

static void check_addrs(const struct dmx_subject *s, struct dmx_audit *audit)
{
	if (s->store->has_addr) {
		check_mask(s, audit);
		check_overlap(s, audit);
		if (dmx_store_has_turns(s->store))
			check_turns_alignment(s->store, audit);
		else if (s->store->kind == DMAEXER_KIND_POOL)
			check_pool_alignment(s->store, audit);
		else
			check_alignment(s, audit);
		return;
	}

	dmx_audit_set(audit, DMAEXER_CHECK_MASK,
		      DMAEXER_VERDICT_NOT_APPLICABLE, no_addr);
	dmx_audit_set(audit, DMAEXER_CHECK_OVERLAP,
		      DMAEXER_VERDICT_NOT_APPLICABLE, no_addr);
	check_pages_alignment(s->store, audit);
}

/**
 * dmx_audit() - audit an allocation
 * @s: the allocation, just made
 * @audit: where the findings go
 *
 * Context: sleeps; the caller keeps masks and domain of the device from
 * changing.
 */
void dmx_audit(const struct dmx_subject *s, struct dmx_audit *audit)
{
	const void *addr = cpu_addr(s->store);

	/* every check holds until it finds otherwise */
	memset(audit, 0, sizeof(*audit));
	audit->mapping = mapping_of(s->store);
	audit->has_caching = dmx_audit_is_mapped(audit) &&
			     !dmx_caching(addr, &audit->caching);
	if (dmx_audit_is_mapped(audit))
		audit->cpu_alignment = 1ULL << __ffs((unsigned long)addr);
	check_addrs(s, audit);
	dmx_audit_contents(s, audit);
	dmx_audit_backing(s, audit);
	check_attrs(s, audit);
}

/**
 * dmx_audit_violations() - how many checks are violated
 * @audit: findings
 *
 * Return: their number.
 */
u32 dmx_audit_violations(const struct dmx_audit *audit)
{
	u32 violations = 0;
	int i;

	for (i = 0; i < DMX_CHECKS; i++)
		violations += audit->verdict[i] == DMAEXER_VERDICT_VIOLATED;
	return violations;
}
