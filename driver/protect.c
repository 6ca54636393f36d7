// SPDX-License-Identifier: GPL-2.0
/*
 * A DMA engine channel is told to write where it may not. All that it can hit
 * is a block of four pages that belong to the test: the first three are mapped,
 * the last lies behind them. An IOMMU's addresses are handed out in powers of
 * two, so behind three pages is a fourth that nobody has, and nothing is mapped
 * there; no other buffer comes into the address space meanwhile, and where
 * other drivers are in it, nothing is written outside of a mapping.
 */

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/swiotlb.h>

#include "copy.h"
#include "device.h"
#include "facts.h"
#include "fault.h"
#include "protect.h"
#include "space.h"

#define LEN		64
#define CANARY		0xa5
#define TIMEOUT_MS	10000
#define BLOCK_ORDER	2
#define BLOCK		(PAGE_SIZE << BLOCK_ORDER)
#define MAPPED		(3 * PAGE_SIZE)

/**
 * struct probe - the test under way
 * @copy: the channel
 * @dev: its device
 * @translated: an IOMMU stands before @dev
 * @page: first of the block, the canaries
 * @mem: what @page holds
 * @src_page: page with what is written
 * @src: DMA address of that
 */
struct probe {
	struct dmx_copy copy;
	struct device *dev;
	bool translated;
	struct page *page;
	u8 *mem;
	struct page *src_page;
	dma_addr_t src;
};

static int not_run(struct dmx_protect *protect, const char *reason)
{
	protect->outcome = DMAEXER_OUTCOME_NOT_RUN;
	protect->reason = reason;
	return 0;
}

/* Memory that the device reaches without a bounce, if there is such. */
static gfp_t zone_of(struct device *dev)
{
	u64 mask = min_not_zero(dmx_device_mask(dev), dev->bus_dma_limit);

	if (mask < DMA_BIT_MASK(32))
		return GFP_KERNEL | GFP_DMA | __GFP_NOWARN | __GFP_NORETRY;
	if (mask < DMA_BIT_MASK(64))
		return GFP_KERNEL | GFP_DMA32 | __GFP_NOWARN | __GFP_NORETRY;
	return GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY;
}

static dma_addr_t map(struct probe *p, enum dma_data_direction direction)
{
	memset(p->mem, CANARY, BLOCK);
	if (dmx_fault(DMAEXER_FAULT_OP_MAP))
		return DMA_MAPPING_ERROR;
	return dma_map_page(p->dev, p->page, 0, MAPPED, direction);
}

static void unmap(struct probe *p, dma_addr_t addr,
		  enum dma_data_direction direction)
{
	dma_unmap_page(p->dev, addr, MAPPED, direction);
}

static bool is_bounced(struct probe *p, dma_addr_t addr)
{
	return !p->translated && dma_to_phys(p->dev, addr) !=
				 page_to_phys(p->page);
}

/* Whether any of the pages is not as it was. */
static bool is_hit(const struct probe *p)
{
	return memchr_inv(p->mem, CANARY, BLOCK);
}

/* A channel that reports an error was stopped like one that says nothing. */
static int wait(struct probe *p)
{
	int err = dmx_copy_wait(&p->copy);

	return err == -EIO ? 0 : err;
}

static int write_to(struct probe *p, dma_addr_t addr)
{
	return dmx_copy_start(&p->copy, addr, p->src, LEN) ?: wait(p);
}

static int write_mapped(struct probe *p, enum dma_data_direction direction,
			struct dmx_protect *protect)
{
	dma_addr_t addr = map(p, direction);
	int err;

	if (dma_mapping_error(p->dev, addr))
		return not_run(protect, "the memory cannot be mapped");
	/* a bounce slot is copied back only where the device may write */
	if (direction == DMA_TO_DEVICE && is_bounced(p, addr)) {
		unmap(p, addr, direction);
		return not_run(protect, "the mapping is bounced");
	}

	protect->addr = addr;
	err = write_to(p, addr);
	unmap(p, addr, direction);
	if (!err)
		protect->outcome = is_hit(p) ? DMAEXER_OUTCOME_LANDED :
					       DMAEXER_OUTCOME_STOPPED;
	return err;
}

static int write_behind(struct probe *p, struct dmx_protect *protect)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(p->dev);
	dma_addr_t addr = map(p, DMA_FROM_DEVICE);
	int err = 0;

	if (dma_mapping_error(p->dev, addr))
		return not_run(protect, "the memory cannot be mapped");

	protect->addr = addr + MAPPED;
	if (is_bounced(p, addr) ||
	    (p->translated && iommu_iova_to_phys(domain, protect->addr))) {
		not_run(protect, "what lies behind the mapping is others'");
	} else {
		err = write_to(p, protect->addr);
		protect->outcome = is_hit(p) ? DMAEXER_OUTCOME_LANDED :
					       DMAEXER_OUTCOME_STOPPED;
	}
	unmap(p, addr, DMA_FROM_DEVICE);
	return err;
}

/*
 * A bridge has a driver, and no addresses of its own. A driver may go meanwhile, so
 * that only its address is looked at.
 */
static int is_others(struct device *dev, void *ours)
{
	unsigned long drv = (unsigned long)READ_ONCE(dev->driver);

	if (dev == ours || !drv || within_module(drv, THIS_MODULE))
		return 0;
	return !dev_is_pci(dev) || !pci_is_bridge(to_pci_dev(dev));
}

/*
 * Whether other drivers have addresses of the IOMMU domain: what is not mapped
 * now may be theirs when the write comes. They are devices of its group, and
 * who has another channel of its controller.
 */
static bool has_company(struct probe *p)
{
	struct dma_chan *ours = p->copy.chan->chan;
	struct iommu_group *group;
	struct dma_chan *chan;
	int others;

	list_for_each_entry(chan, &ours->device->channels, device_node) {
		if (chan != ours && READ_ONCE(chan->client_count))
			return true;
	}

	group = iommu_group_get(p->dev);
	if (!group)
		return false;
	others = iommu_group_for_each_dev(group, p->dev, is_others);
	iommu_group_put(group);
	return others;
}

static void sleep_ns(s64 ns)
{
	if (ns > 0)
		usleep_range(div_s64(ns, 1000), div_s64(ns, 1000) + 100);
}

/*
 * Have the mapping end @lead_ns before the write is reported, as far as the
 * last one tells how long it takes. What is there when the mapping has ended
 * came in time and says nothing.
 */
static int end_mapping(struct probe *p, dma_addr_t addr, s64 lead_ns,
		       struct dmx_protect *protect)
{
	s64 usual_ns = p->copy.time_ns;
	bool early = lead_ns >= usual_ns;
	bool in_time;
	ktime_t end;
	u64 after;
	int err = 0;

	if (!early) {
		err = dmx_copy_start(&p->copy, addr, p->src, LEN);
		sleep_ns(err ? 0 : usual_ns - lead_ns);
	}
	unmap(p, addr, DMA_FROM_DEVICE);
	end = ktime_get();
	in_time = is_hit(p);
	if (err)
		return err;

	sleep_ns(lead_ns - usual_ns);
	err = early ? write_to(p, addr) : wait(p);
	if (err || in_time)
		return err;

	after = ktime_to_ns(ktime_sub(ktime_get(), end));
	if (is_hit(p)) {
		protect->outcome = DMAEXER_OUTCOME_LANDED;
		protect->window_ns = max(protect->window_ns, after);
	} else {
		protect->stopped_ns = min(protect->stopped_ns, after);
	}
	return 0;
}

/* A translation that was never used is not cached, so one write comes first. */
static int write_freed(struct probe *p, s64 lead_ns,
		       struct dmx_protect *protect)
{
	dma_addr_t addr = map(p, DMA_FROM_DEVICE);
	int err;

	if (dma_mapping_error(p->dev, addr))
		return not_run(protect, "the memory cannot be mapped");
	if (is_bounced(p, addr)) {
		unmap(p, addr, DMA_FROM_DEVICE);
		return not_run(protect, "what was a bounce slot is others'");
	}

	protect->addr = addr;
	err = write_to(p, addr);
	if (!err && is_hit(p)) {
		memset(p->mem, CANARY, BLOCK);
		return end_mapping(p, addr, lead_ns, protect);
	}

	unmap(p, addr, DMA_FROM_DEVICE);
	return err ?: not_run(protect, "a write to a mapping does not land");
}

/* From a mapping that is long gone to one that goes at the last moment. */
static int write_all_freed(struct probe *p, struct dmx_protect *protect)
{
	static const u32 leads_us[] = {
		100000, 30000, 20000, 15000, 10000, 7000, 5000, 3000, 1000,
	};
	size_t i;
	int err = 0;

	protect->outcome = DMAEXER_OUTCOME_STOPPED;
	for (i = 0; i < ARRAY_SIZE(leads_us) && !err; i++) {
		err = write_freed(p, leads_us[i] * 1000LL, protect);
		if (protect->outcome == DMAEXER_OUTCOME_NOT_RUN)
			break;
	}
	if (!err && protect->outcome == DMAEXER_OUTCOME_STOPPED &&
	    protect->stopped_ns == U64_MAX)
		not_run(protect, "every write was there in time");
	return err;
}

static int run_case(struct probe *p, enum dmaexer_protect_case what,
		    struct dmx_protect *protect)
{
	bool outside = what == DMAEXER_PROTECT_CASE_PAST_END ||
		       what == DMAEXER_PROTECT_CASE_FREED;

	if (outside && p->translated && has_company(p))
		return not_run(protect,
			       "other drivers have addresses of its IOMMU domain");

	switch (what) {
	case DMAEXER_PROTECT_CASE_WITHIN:
		return write_mapped(p, DMA_FROM_DEVICE, protect);
	case DMAEXER_PROTECT_CASE_PAST_END:
		return write_behind(p, protect);
	case DMAEXER_PROTECT_CASE_FREED:
		return write_all_freed(p, protect);
	default:
		return write_mapped(p, DMA_TO_DEVICE, protect);
	}
}

/* Memory, and what is to be written. */
static int with_memory(struct probe *p, enum dmaexer_protect_case what,
		       struct dmx_protect *protect)
{
	int err = -ENOMEM;

	p->page = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		  alloc_pages(zone_of(p->dev), BLOCK_ORDER);
	if (!p->page)
		return err;
	p->mem = page_address(p->page);

	p->src_page = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		      alloc_page(zone_of(p->dev));
	if (!p->src_page)
		goto free_page;
	get_random_bytes(page_address(p->src_page), LEN);

	p->src = dmx_fault(DMAEXER_FAULT_OP_MAP) ? DMA_MAPPING_ERROR :
		 dma_map_page(p->dev, p->src_page, 0, PAGE_SIZE,
			      DMA_TO_DEVICE);
	if (dma_mapping_error(p->dev, p->src))
		goto free_src;
	err = run_case(p, what, protect);
	dma_unmap_page(p->dev, p->src, PAGE_SIZE, DMA_TO_DEVICE);

free_src:
	__free_page(p->src_page);
free_page:
	__free_pages(p->page, BLOCK_ORDER);
	return err;
}

static int with_space(struct probe *p, struct dmx_space *space,
		      enum dmaexer_protect_case what,
		      struct dmx_protect *protect)
{
	int err;

	if (!p->translated)
		return with_memory(p, what, protect);
	if (!dmx_space_claim(space))
		return -EBUSY;
	err = with_memory(p, what, protect);
	dmx_space_unclaim(space);
	return err;
}

/**
 * dmx_protect_run() - have a channel write where it may not
 * @chan: a channel
 * @what: where
 * @protect: what came of it
 *
 * Context: sleeps, for seconds where the channel is slow.
 * Return: 0; -EBUSY where the address space has buffers; -ENOMEM; -ETIMEDOUT,
 * -EINTR, -EIO; -ENODEV where the channel goes.
 */
int dmx_protect_run(struct dmx_device *chan, enum dmaexer_protect_case what,
		    struct dmx_protect *protect)
{
	struct probe p = { .dev = chan->dev };
	enum dmaexer_backend backend;
	int err;

	memset(protect, 0, sizeof(*protect));
	protect->stopped_ns = U64_MAX;

	/* The device stays bound as long as there are copies. */
	if (dmx_copy_begin(&p.copy, chan, TIMEOUT_MS))
		return -ENODEV;

	backend = dmx_backend(p.dev);
	p.translated = backend == DMAEXER_BACKEND_IOMMU;
	if (backend == DMAEXER_BACKEND_OPS)
		err = not_run(protect, "what serves the device is not known");
	else if (!p.translated && is_swiotlb_force_bounce(p.dev))
		err = not_run(protect, "every mapping is bounced");
	else if (!dev_is_dma_coherent(p.dev))
		err = not_run(protect, "the caches hide what the device writes");
	else
		err = with_space(&p, chan->space, what, protect);

	dmx_copy_end(&p.copy);
	return err == -ECANCELED ? -ENODEV : err;
}
