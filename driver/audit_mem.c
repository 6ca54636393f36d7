// SPDX-License-Identifier: GPL-2.0
/* The memory behind the addresses: what is in it, and which pages it is. */

#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/highmem.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "audit_mem.h"
#include "facts.h"
#include "pattern.h"

/* Where the device gets to from DMA address @dma, or DMX_NO_PHYS. */
static phys_addr_t dma_phys(struct device *dev, dma_addr_t dma)
{
	phys_addr_t phys;

	switch (dmx_backend(dev)) {
	case DMAEXER_BACKEND_DIRECT:
		return dma_to_phys(dev, dma);
	case DMAEXER_BACKEND_IOMMU:
		phys = iommu_iova_to_phys(iommu_get_domain_for_dev(dev), dma);
		return phys ? phys : DMX_NO_PHYS;
	default:
		return DMX_NO_PHYS;
	}
}

/* Where the CPU gets to from @addr of a mapped allocation, or DMX_NO_PHYS. */
static phys_addr_t cpu_phys(const void *addr)
{
	struct page *page;

	if (is_vmalloc_addr(addr)) {
		page = vmalloc_to_page(addr);
		return page ? page_to_phys(page) + offset_in_page(addr) :
			      DMX_NO_PHYS;
	}
	return virt_addr_valid(addr) ? virt_to_phys((void *)addr) :
				       DMX_NO_PHYS;
}

/**
 * dmx_audit_phys() - where the device gets to
 * @store: memory of which the device has an address
 * @offset: byte of it
 *
 * Return: the physical address, or DMX_NO_PHYS where it cannot be told or there
 * is none.
 */
phys_addr_t dmx_audit_phys(const struct dmx_store *store, size_t offset)
{
	size_t len;

	return dma_phys(store->dev, dmx_store_addr_at(store, offset, &len));
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

/* Bytes of a run of the memory that are not what they should be. */
static u64 count_wrong(const struct dmx_subject *s, const void *mem,
		       size_t offset, size_t len)
{
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
static bool handle_stale_bytes(const struct dmx_store *store, u64 *stale)
{
	struct page *page;
	size_t offset;
	size_t len;
	void *mem;

	if (!dev_is_dma_coherent(store->dev))
		return false;

	*stale = 0;
	for (offset = 0; offset < store->size; offset += len) {
		phys_addr_t phys = dmx_audit_phys(store, offset);

		len = min_t(size_t, store->size - offset, PAGE_SIZE);
		if (phys == DMX_NO_PHYS || !pfn_valid(PHYS_PFN(phys)))
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

static void handle_contents(const struct dmx_subject *s,
			    struct dmx_audit *audit)
{
	audit->has_stale = handle_stale_bytes(s->store, &audit->stale_bytes);
	if (!audit->has_stale)
		dmx_audit_set(audit, DMAEXER_CHECK_CONTENTS,
			      DMAEXER_VERDICT_NOT_APPLICABLE,
			      "the CPU does not look at the memory of a handle here");
	else if (!audit->stale_bytes)
		return;
	else if (audit->mapping == DMAEXER_MAPPING_NONE)
		dmx_audit_set(audit, DMAEXER_CHECK_CONTENTS,
			      DMAEXER_VERDICT_DEVIATION,
			      "dma-direct does not zero without a kernel mapping, kernel/dma/direct.c");
	else
		dmx_audit_set(audit, DMAEXER_CHECK_CONTENTS,
			      DMAEXER_VERDICT_VIOLATED,
			      "the memory is not zeroed");
}

/**
 * dmx_audit_contents() - is the memory zeroed, or what was asked for?
 * @s: the allocation, which no device uses yet
 * @audit: where the findings go
 *
 * Context: sleeps.
 */
void dmx_audit_contents(const struct dmx_subject *s, struct dmx_audit *audit)
{
	bool written = s->pattern || s->data;
	u64 wrong = 0;
	size_t offset;
	size_t len;
	void *mem;

	if (!dmx_store_has_view(s->store)) {
		handle_contents(s, audit);
		return;
	}

	for (offset = 0; offset < s->store->size; offset += len) {
		mem = dmx_view_at(&s->store->view, offset, &len);
		len = min_t(size_t, len, SZ_64K);
		wrong += count_wrong(s, mem, offset, len);
		cond_resched();
	}

	audit->has_stale = !written;
	audit->stale_bytes = written ? 0 : wrong;
	if (wrong)
		dmx_audit_set(audit, DMAEXER_CHECK_CONTENTS,
			      DMAEXER_VERDICT_VIOLATED,
			      written ? "the memory does not hold what was written" :
					"the memory is not zeroed");
}

/* Where memory is that no device has an address of. */
static void cpu_backing(const struct dmx_store *store, struct dmx_audit *audit)
{
	phys_addr_t first = cpu_phys(dmx_view_at(&store->view, 0, NULL));
	size_t offset;
	size_t len;

	audit->has_contiguous = true;
	audit->contiguous = true;
	for (offset = 0; offset < store->size; offset += len) {
		const void *mem = dmx_view_at(&store->view, offset, &len);

		if (cpu_phys(mem) != first + offset)
			audit->contiguous = false;
		cond_resched();
	}
	dmx_audit_set(audit, DMAEXER_CHECK_BACKING,
		      DMAEXER_VERDICT_NOT_APPLICABLE,
		      "the memory has no DMA address until it is mapped");
}

/* Bytes from @offset on that are in one page, for the CPU and the device. */
static size_t run_of(const struct dmx_store *store, size_t offset, bool mapped,
		     const void **mem, dma_addr_t *dma)
{
	size_t dma_len;
	size_t len;

	*dma = dmx_store_addr_at(store, offset, &dma_len);
	len = min_t(size_t, dma_len, PAGE_SIZE - offset_in_page(*dma));
	if (mapped && dmx_store_has_view(store)) {
		*mem = dmx_view_at(&store->view, offset, &dma_len);
		len = min(len, dma_len);
	} else {
		*mem = dmx_store_cookie(store) + offset;
	}
	return len;
}

/**
 * dmx_audit_backing() - are both addresses the same memory, is it contiguous?
 * @s: the allocation
 * @audit: where the findings go; @audit->mapping is known
 *
 * Context: sleeps.
 */
void dmx_audit_backing(const struct dmx_subject *s, struct dmx_audit *audit)
{
	const struct dmx_store *store = s->store;
	bool mapped = dmx_audit_is_mapped(audit);
	phys_addr_t first;
	phys_addr_t phys;
	const void *mem;
	dma_addr_t dma;
	size_t offset;
	size_t len;

	if (!store->has_addr) {
		cpu_backing(store, audit);
		return;
	}

	/* Documentation/core-api/dma-api.rst, dma_alloc_noncontiguous() */
	if (store->addr_len < store->size) {
		dmx_audit_set(audit, DMAEXER_CHECK_BACKING,
			      DMAEXER_VERDICT_VIOLATED,
			      "the memory has several segments for the device");
		return;
	}

	/* memory without struct page has no page to ask for */
	first = dmx_audit_phys(store, 0);
	if (dmx_backend(store->dev) == DMAEXER_BACKEND_OPS ||
	    (first != DMX_NO_PHYS && !pfn_valid(PHYS_PFN(first)))) {
		dmx_audit_set(audit, DMAEXER_CHECK_BACKING,
			      DMAEXER_VERDICT_NOT_APPLICABLE,
			      "it cannot be told where an address leads");
		return;
	}

	/* the objects of a pool are not meant to be in a row */
	audit->has_contiguous = store->kind != DMAEXER_KIND_POOL;
	audit->contiguous = true;
	for (offset = 0; offset < store->size; offset += len) {
		len = run_of(store, offset, mapped, &mem, &dma);
		phys = dma_phys(store->dev, dma);
		if (phys != first + offset)
			audit->contiguous = false;
		if (phys == DMX_NO_PHYS || (mapped && cpu_phys(mem) != phys)) {
			dmx_audit_set(audit, DMAEXER_CHECK_BACKING,
				      DMAEXER_VERDICT_VIOLATED,
				      phys == DMX_NO_PHYS ?
				      "a DMA address leads nowhere" :
				      "CPU and device reach different memory");
			return;
		}
		cond_resched();
	}

	if (!mapped)
		dmx_audit_set(audit, DMAEXER_CHECK_BACKING,
			      DMAEXER_VERDICT_NOT_APPLICABLE,
			      audit->mapping == DMAEXER_MAPPING_NONE ?
			      "there is no kernel mapping to compare" :
			      "the kernel mapping is of an unknown kind");
}
