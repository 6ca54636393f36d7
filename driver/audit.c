// SPDX-License-Identifier: GPL-2.0
/* What the platform really gave, compared with what the DMA API promises. */

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include "audit.h"
#include "caching.h"
#include "facts.h"
#include "pattern.h"

/* the physical address of nothing */
#define NO_PHYS		(~(phys_addr_t)0)

static void set(struct dmx_audit *audit, enum dmaexer_check check,
		enum dmaexer_verdict verdict, const char *reason)
{
	audit->verdict[check] = verdict;
	audit->reason[check] = reason;
}

/* Where the device gets to from DMA address @dma, or NO_PHYS. */
static phys_addr_t dma_phys(struct device *dev, dma_addr_t dma)
{
	phys_addr_t phys;

	switch (dmx_backend(dev)) {
	case DMAEXER_BACKEND_DIRECT:
		return dma_to_phys(dev, dma);
	case DMAEXER_BACKEND_IOMMU:
		phys = iommu_iova_to_phys(iommu_get_domain_for_dev(dev), dma);
		return phys ? phys : NO_PHYS;
	default:
		return NO_PHYS;
	}
}

/* Where the CPU gets to from @addr of a mapped allocation, or NO_PHYS. */
static phys_addr_t cpu_phys(const void *addr)
{
	struct page *page;

	if (is_vmalloc_addr(addr)) {
		page = vmalloc_to_page(addr);
		return page ? page_to_phys(page) + offset_in_page(addr) :
			      NO_PHYS;
	}
	return virt_addr_valid(addr) ? virt_to_phys((void *)addr) : NO_PHYS;
}

/*
 * A handle's cookie is compared, never followed. Under dma-direct it is the
 * struct page of the memory, under dma-iommu the address of a mapping that
 * nobody asked for.
 */
static enum dmaexer_mapping mapping_of(const struct dmx_subject *s)
{
	phys_addr_t phys = dma_phys(s->dev, s->dma);

	if (s->is_handle && phys != NO_PHYS && pfn_valid(PHYS_PFN(phys)) &&
	    s->cpu == pfn_to_page(PHYS_PFN(phys)))
		return DMAEXER_MAPPING_NONE;
	if (is_vmalloc_addr(s->cpu))
		return DMAEXER_MAPPING_VMALLOC;
	/* A cookie may look like an address by chance. */
	if (virt_addr_valid(s->cpu) &&
	    (!s->is_handle || virt_to_phys((void *)s->cpu) == phys))
		return DMAEXER_MAPPING_LINEAR;
	return DMAEXER_MAPPING_UNKNOWN;
}

static bool is_mapped(const struct dmx_audit *audit)
{
	return audit->mapping == DMAEXER_MAPPING_LINEAR ||
	       audit->mapping == DMAEXER_MAPPING_VMALLOC;
}

static void check_mask(const struct dmx_subject *s, struct dmx_audit *audit)
{
	u64 limit = min_not_zero(s->dev->coherent_dma_mask,
				 s->dev->bus_dma_limit);
	u64 last = (u64)s->dma + s->size - 1;

	if (last >= s->dma && last <= limit)
		return;
	if (last >= s->dma && dmx_pool(s->dev) == DMAEXER_POOL_COHERENT)
		set(audit, DMAEXER_CHECK_MASK, DMAEXER_VERDICT_DEVIATION,
		    "a pool of the device's own is not asked whether it is within the mask, kernel/dma/coherent.c");
	else
		set(audit, DMAEXER_CHECK_MASK, DMAEXER_VERDICT_VIOLATED,
		    "an address is outside coherent mask or bus limit");
}

static void check_overlap(const struct dmx_subject *s, struct dmx_audit *audit)
{
	if (s->overlap)
		set(audit, DMAEXER_CHECK_OVERLAP, DMAEXER_VERDICT_VIOLATED,
		    "a live buffer has one of the addresses");
}

/* As promised in Documentation/core-api/dma-api-howto.rst. */
static void check_alignment(const struct dmx_subject *s,
			    struct dmx_audit *audit)
{
	u64 align = (u64)PAGE_SIZE << get_order(s->size);

	if (!(s->dma & (align - 1)))
		return;
	if (dmx_pool(s->dev) == DMAEXER_POOL_COHERENT &&
	    !(s->dma & ~PAGE_MASK)) {
		set(audit, DMAEXER_CHECK_ALIGNMENT, DMAEXER_VERDICT_DEVIATION,
		    "a pool of the device's own aligns within itself, kernel/dma/coherent.c");
		return;
	}
#ifdef CONFIG_DMA_CMA
	if (dmx_backend(s->dev) == DMAEXER_BACKEND_DIRECT &&
	    align > (u64)PAGE_SIZE << CONFIG_CMA_ALIGNMENT &&
	    !(s->dma & ((PAGE_SIZE << CONFIG_CMA_ALIGNMENT) - 1))) {
		set(audit, DMAEXER_CHECK_ALIGNMENT, DMAEXER_VERDICT_DEVIATION,
		    "CMA aligns to CONFIG_CMA_ALIGNMENT pages at most, kernel/dma/contiguous.c");
		return;
	}
#endif
	set(audit, DMAEXER_CHECK_ALIGNMENT, DMAEXER_VERDICT_VIOLATED,
	    "the address is not aligned to the page order of the size");
}

static u64 count_nonzero(const u8 *mem, size_t len)
{
	const u8 *end = mem + len;
	u64 count = 0;

	while ((mem = memchr_inv(mem, 0, end - mem))) {
		count++;
		mem++;
	}
	return count;
}

/* Bytes of a part of the memory that are not what they should be. */
static u64 count_wrong(const struct dmx_subject *s, size_t offset, size_t len)
{
	const u8 *mem = s->cpu + offset;
	struct dmx_diff diff = { };

	if (s->pattern) {
		dmx_pattern_compare(s->pattern, offset, mem, len, &diff);
		return diff.mismatches;
	}
	if (s->data)
		return !!memcmp(mem, s->data + offset, len);
	return count_nonzero(mem, len);
}

/*
 * Nobody has a mapping of a handle, so each page gets one for as long as it
 * is looked at. Only done where the caches agree with the device.
 */
static bool handle_stale_bytes(const struct dmx_subject *s, u64 *stale)
{
	struct page *page;
	size_t offset;
	size_t len;
	void *mem;

	if (!dev_is_dma_coherent(s->dev))
		return false;

	*stale = 0;
	for (offset = 0; offset < s->size; offset += len) {
		phys_addr_t phys = dma_phys(s->dev, s->dma + offset);

		len = min_t(size_t, s->size - offset, PAGE_SIZE);
		if (phys == NO_PHYS || !pfn_valid(PHYS_PFN(phys)))
			return false;
		page = pfn_to_page(PHYS_PFN(phys));
		/* may be absent from the linear map */
		if (PageReserved(page))
			return false;
		mem = kmap_local_page(page);
		*stale += count_nonzero(mem, len);
		kunmap_local(mem);
		cond_resched();
	}
	return true;
}

static void check_handle_contents(const struct dmx_subject *s,
				  struct dmx_audit *audit)
{
	audit->has_stale = handle_stale_bytes(s, &audit->stale_bytes);
	if (!audit->has_stale)
		set(audit, DMAEXER_CHECK_CONTENTS,
		    DMAEXER_VERDICT_NOT_APPLICABLE,
		    "the CPU does not look at the memory of a handle here");
	else if (!audit->stale_bytes)
		return;
	else if (audit->mapping == DMAEXER_MAPPING_NONE)
		set(audit, DMAEXER_CHECK_CONTENTS, DMAEXER_VERDICT_DEVIATION,
		    "dma-direct does not zero without a kernel mapping, kernel/dma/direct.c");
	else
		set(audit, DMAEXER_CHECK_CONTENTS, DMAEXER_VERDICT_VIOLATED,
		    "the memory is not zeroed");
}

static void check_contents(const struct dmx_subject *s,
			   struct dmx_audit *audit)
{
	bool written = s->pattern || s->data;
	u64 wrong = 0;
	size_t offset;
	size_t len;

	if (s->is_handle) {
		check_handle_contents(s, audit);
		return;
	}

	for (offset = 0; offset < s->size; offset += len) {
		len = min_t(size_t, s->size - offset, SZ_64K);
		wrong += count_wrong(s, offset, len);
		cond_resched();
	}

	audit->has_stale = !written;
	audit->stale_bytes = written ? 0 : wrong;
	if (wrong)
		set(audit, DMAEXER_CHECK_CONTENTS, DMAEXER_VERDICT_VIOLATED,
		    written ? "the memory does not hold what was written" :
			      "the memory is not zeroed");
}

/* Walk the pages: are both addresses the same memory, is it contiguous? */
static void check_backing(const struct dmx_subject *s, struct dmx_audit *audit)
{
	bool mapped = is_mapped(audit);
	phys_addr_t first = dma_phys(s->dev, s->dma);
	phys_addr_t phys;
	size_t offset;

	/* memory without struct page has no page to ask for */
	if (dmx_backend(s->dev) == DMAEXER_BACKEND_OPS ||
	    (first != NO_PHYS && !pfn_valid(PHYS_PFN(first)))) {
		set(audit, DMAEXER_CHECK_BACKING,
		    DMAEXER_VERDICT_NOT_APPLICABLE,
		    "it cannot be told where an address leads");
		return;
	}

	audit->has_contiguous = true;
	audit->contiguous = true;
	for (offset = 0; offset < s->size; offset += PAGE_SIZE) {
		phys = dma_phys(s->dev, s->dma + offset);
		if (phys != first + offset)
			audit->contiguous = false;
		if (phys == NO_PHYS ||
		    (mapped && cpu_phys(s->cpu + offset) != phys)) {
			set(audit, DMAEXER_CHECK_BACKING,
			    DMAEXER_VERDICT_VIOLATED, phys == NO_PHYS ?
			    "a DMA address leads nowhere" :
			    "CPU and device reach different memory");
			return;
		}
		cond_resched();
	}

	if (!mapped)
		set(audit, DMAEXER_CHECK_BACKING,
		    DMAEXER_VERDICT_NOT_APPLICABLE,
		    audit->mapping == DMAEXER_MAPPING_NONE ?
		    "there is no kernel mapping to compare" :
		    "the kernel mapping is of an unknown kind");
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
	bool several_pages = s->size > PAGE_SIZE;

	if (s->attrs & DMA_ATTR_NO_KERNEL_MAPPING &&
	    audit->mapping != DMAEXER_MAPPING_UNKNOWN)
		observe(audit, DMA_ATTR_NO_KERNEL_MAPPING,
			audit->mapping == DMAEXER_MAPPING_NONE);
	if (s->attrs & DMA_ATTR_FORCE_CONTIGUOUS && audit->has_contiguous)
		observe(audit, DMA_ATTR_FORCE_CONTIGUOUS, audit->contiguous);
	if (s->attrs & DMA_ATTR_ALLOC_SINGLE_PAGES && several_pages &&
	    audit->has_contiguous) {
		/* In a row they lie by chance, or always in direct. */
		if (!audit->contiguous)
			observe(audit, DMA_ATTR_ALLOC_SINGLE_PAGES, true);
		else if (dmx_backend(s->dev) == DMAEXER_BACKEND_DIRECT)
			observe(audit, DMA_ATTR_ALLOC_SINGLE_PAGES, false);
	}
	if (s->attrs & DMA_ATTR_WRITE_COMBINE && audit->has_caching)
		observe(audit, DMA_ATTR_WRITE_COMBINE,
			audit->caching == DMAEXER_CACHING_WRITE_COMBINING);

	/* All but force-contiguous are wishes, which a platform may ignore. */
	if (audit->ignored & DMA_ATTR_FORCE_CONTIGUOUS)
		set(audit, DMAEXER_CHECK_ATTRS, DMAEXER_VERDICT_VIOLATED,
		    "force-contiguous memory is not contiguous");
	else if (audit->ignored)
		set(audit, DMAEXER_CHECK_ATTRS, DMAEXER_VERDICT_DEVIATION,
		    "the platform ignores what attrs-ignored has, Documentation/core-api/dma-attributes.rst");
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
	/* every check holds until it finds otherwise */
	memset(audit, 0, sizeof(*audit));
	audit->mapping = mapping_of(s);
	audit->has_caching = is_mapped(audit) &&
			     !dmx_caching(s->cpu, &audit->caching);
	if (is_mapped(audit))
		audit->cpu_alignment = 1ULL << __ffs((unsigned long)s->cpu);
	check_mask(s, audit);
	check_overlap(s, audit);
	check_alignment(s, audit);
	check_contents(s, audit);
	check_backing(s, audit);
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
