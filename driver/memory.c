// SPDX-License-Identifier: GPL-2.0
/* How much may be asked of memory, and how. */

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmstat.h>

#include "facts.h"
#include "memory.h"

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

/*
 * Free memory that an allocation cannot be made of: high memory, and that of
 * CMA, but for what dma-direct takes from there.
 */
static long useless_pages(struct device *dev, gfp_t gfp, size_t size)
{
	bool from_cma = dev && dmx_backend(dev) == DMAEXER_BACKEND_DIRECT &&
			gfpflags_allow_blocking(gfp) && size > PAGE_SIZE;
	struct sysinfo info;
	long pages;

	si_meminfo(&info);
	pages = info.freehigh;
	if (!from_cma)
		pages += global_zone_page_state(NR_FREE_CMA_PAGES);
	return pages;
}

/**
 * dmx_memory_begin() - ask whether memory suffices for an allocation
 * @dev: device to allocate for, NULL for the kernel itself
 * @gfp: flags of the allocation
 * @size: bytes
 *
 * A sixteenth of memory is left to the others: they too can call the OOM
 * killer. What is being allocated at the same time is as good as gone.
 *
 * Return: true, and then dmx_memory_end() follows the allocation; or false.
 */
bool dmx_memory_begin(struct device *dev, gfp_t gfp, size_t size)
{
	long pages = si_mem_available() - (long)(totalram_pages() / 16) -
		     useless_pages(dev, gfp, size);
	u64 wanted = atomic64_add_return(PAGE_ALIGN((u64)size), &under_way);

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
