// SPDX-License-Identifier: GPL-2.0
/* How much may be asked of memory, and how. */

#include <linux/atomic.h>
#include <linux/dma-direct.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/vmstat.h>

#include "facts.h"
#include "memory.h"

/* one part in so many */
#define LEFT_TO_OTHERS	16

/* bytes that are being allocated, this moment and in all requests */
static atomic64_t under_way;

/**
 * dmx_memory_gfp() - flags of an allocation
 * @gfp: enum dmaexer_gfp
 * @warn: a failure may write to the log
 * @size: bytes
 *
 * However much is asked for, the OOM killer stays asleep: small orders are
 * tried hard but in vain, large ones are given up early.
 *
 * Return: the flags.
 */
gfp_t dmx_memory_gfp(u32 gfp, bool warn, size_t size)
{
	gfp_t flags;

	switch (gfp) {
	case DMAEXER_GFP_NOWAIT:
		flags = GFP_NOWAIT;
		break;
	case DMAEXER_GFP_ATOMIC:
		flags = GFP_ATOMIC;
		break;
	default:
		flags = GFP_KERNEL | __GFP_RETRY_MAYFAIL;
		if (get_order(size) > PAGE_ALLOC_COSTLY_ORDER)
			flags = GFP_KERNEL | __GFP_NORETRY;
		break;
	}

	/* GFP_NOWAIT brings __GFP_NOWARN along on some kernels. */
	return warn ? flags & ~__GFP_NOWARN : flags | __GFP_NOWARN;
}

static bool is_direct(struct device *dev)
{
	return dev && dmx_backend(dev) == DMAEXER_BACKEND_DIRECT;
}

/*
 * Free memory that an allocation cannot be made of: high memory, and that of
 * CMA, but for what dma-direct takes from there.
 */
static long useless_pages(bool from_cma)
{
	struct sysinfo info;
	long pages;

	si_meminfo(&info);
	pages = info.freehigh;
	if (!from_cma)
		pages += global_zone_page_state(NR_FREE_CMA_PAGES);
	return pages;
}

/* What a zone can spare: others have to find some of it, too. */
static long zone_pages(struct zone *zone, bool from_cma)
{
	long pages = zone_page_state(zone, NR_FREE_PAGES) -
		     low_wmark_pages(zone) -
		     zone_managed_pages(zone) / LEFT_TO_OTHERS;

	if (!from_cma)
		pages -= zone_page_state(zone, NR_FREE_CMA_PAGES);
	/* of what files have in memory not all can go */
	return pages + (zone_page_state(zone, NR_ZONE_ACTIVE_FILE) +
			zone_page_state(zone, NR_ZONE_INACTIVE_FILE)) / 2;
}

/*
 * What the zones can spare that dma-direct gives a device memory from: those that
 * begin below its mask. It would wait for one that is full, as would all others
 * who need memory there, however much there is elsewhere.
 */
static long reachable_pages(struct device *dev, bool from_cma)
{
	u64 last = min_not_zero(dev->coherent_dma_mask, dev->bus_dma_limit);
	unsigned long pfn = PHYS_PFN(dma_to_phys(dev, last));
	struct zone *zone;
	long pages = 0;
	int node;
	int i;

	if (last == U64_MAX)
		return LONG_MAX;
	for_each_online_node(node) {
		for (i = 0; i <= ZONE_NORMAL; i++) {
			zone = &NODE_DATA(node)->node_zones[i];
			if (populated_zone(zone) && zone->zone_start_pfn <= pfn)
				pages += max(zone_pages(zone, from_cma), 0L);
		}
	}
	return pages;
}

/**
 * dmx_memory_begin() - ask whether memory suffices for an allocation
 * @dev: device to allocate for, NULL for the kernel itself
 * @gfp: flags of the allocation
 * @size: bytes
 *
 * A sixteenth of memory is left to the others, and of what the device reaches
 * of it: they too can call the OOM killer. What is being allocated at the same
 * time is as good as gone.
 *
 * Return: true, and then dmx_memory_end() follows the allocation; or false.
 */
bool dmx_memory_begin(struct device *dev, gfp_t gfp, size_t size)
{
	bool from_cma = is_direct(dev) && gfpflags_allow_blocking(gfp) &&
			size > PAGE_SIZE;
	long pages = si_mem_available() - useless_pages(from_cma) -
		     (long)(totalram_pages() / LEFT_TO_OTHERS);
	u64 wanted = atomic64_add_return(PAGE_ALIGN((u64)size), &under_way);

	if (is_direct(dev))
		pages = min(pages, reachable_pages(dev, from_cma));
	if (pages > 0 && wanted <= (u64)pages << PAGE_SHIFT)
		return true;
	dmx_memory_end(size);
	return false;
}

/**
 * dmx_memory_end() - an allocation was made, or failed
 * @size: bytes, as in dmx_memory_begin()
 */
void dmx_memory_end(size_t size)
{
	atomic64_sub(PAGE_ALIGN((u64)size), &under_way);
}
