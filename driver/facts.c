// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of the DMA of a device. */

#include <linux/device.h>
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/swiotlb.h>

#include "device.h"
#include "facts.h"

static enum dmaexer_domain domain_type(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (!domain)
		return DMAEXER_DOMAIN_NONE;

	switch (domain->type) {
	case IOMMU_DOMAIN_IDENTITY:
		return DMAEXER_DOMAIN_IDENTITY;
	case IOMMU_DOMAIN_DMA:
		return DMAEXER_DOMAIN_DMA;
	case IOMMU_DOMAIN_DMA_FQ:
		return DMAEXER_DOMAIN_DMA_FQ;
	default:
		return DMAEXER_DOMAIN_OTHER;
	}
}

/**
 * dmx_backend() - what serves the DMA API calls of a device
 * @dev: a device that is bound
 *
 * Return: the backend.
 */
enum dmaexer_backend dmx_backend(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (domain && domain->type & __IOMMU_DOMAIN_DMA_API)
		return DMAEXER_BACKEND_IOMMU;
	return get_dma_ops(dev) ? DMAEXER_BACKEND_OPS : DMAEXER_BACKEND_DIRECT;
}

static enum dmaexer_swiotlb swiotlb_state(struct device *dev)
{
#ifdef CONFIG_SWIOTLB
	if (is_swiotlb_force_bounce(dev))
		return DMAEXER_SWIOTLB_FORCED;
	if (dev->dma_io_tlb_mem && dev->dma_io_tlb_mem->nslabs)
		return DMAEXER_SWIOTLB_AVAILABLE;
#endif
	return DMAEXER_SWIOTLB_NONE;
}

/**
 * dmx_pool() - what memory of its own a device allocates from
 * @dev: a device that is bound
 *
 * Return: the pool.
 */
enum dmaexer_pool dmx_pool(struct device *dev)
{
#ifdef CONFIG_DMA_DECLARE_COHERENT
	if (dev->dma_mem)
		return DMAEXER_POOL_COHERENT;
#endif
#ifdef CONFIG_DMA_RESTRICTED_POOL
	if (dev->dma_io_tlb_mem && dev->dma_io_tlb_mem->for_alloc)
		return DMAEXER_POOL_SWIOTLB;
#endif
#ifdef CONFIG_DMA_CMA
	if (dev->cma_area)
		return DMAEXER_POOL_CMA;
#endif
	return DMAEXER_POOL_NONE;
}

static void group_facts(struct device *dev, struct dmx_facts *facts)
{
	struct iommu_group *group = iommu_group_get(dev);

	if (!group)
		return;
	facts->has_iommu_group = true;
	facts->iommu_group = iommu_group_id(group);
	iommu_group_put(group);
}

/* The DMA API says SIZE_MAX, whatever size_t is. */
static u64 no_limit(size_t size)
{
	return size == SIZE_MAX ? U64_MAX : size;
}

static s64 bus_offset(struct device *dev)
{
	const struct bus_dma_region *map = dev->dma_range_map;

	return map ? (s64)((u64)map->cpu_start - (u64)map->dma_start) : 0;
}

/* What the kernel says of a device that stays meanwhile. */
static void ask(struct dmx_device *ddev, struct dmx_facts *facts)
{
	struct device *dev = ddev->dev;

	lockdep_assert_held_read(&ddev->dma_rwsem);
	facts->backend = dmx_backend(dev);
	facts->domain = domain_type(dev);
	facts->swiotlb = swiotlb_state(dev);
	facts->pool = dmx_pool(dev);
	group_facts(dev, facts);
	facts->cache_coherent = dev_is_dma_coherent(dev);
	facts->addressing_limited = dma_addressing_limited(dev);
	facts->dma_mask = dmx_device_mask(dev);
	facts->coherent_mask = dev->coherent_dma_mask;
	facts->bus_limit = dev->bus_dma_limit;
	facts->bus_offset = bus_offset(dev);
	facts->required_mask = dma_get_required_mask(dev);
	facts->max_mapping_size = no_limit(dma_max_mapping_size(dev));
	facts->opt_mapping_size = no_limit(dma_opt_mapping_size(dev));
	facts->max_seg_size = dma_get_max_seg_size(dev);
	facts->seg_boundary = dma_get_seg_boundary(dev);
	facts->merge_boundary = dma_get_merge_boundary(dev);
	facts->cache_alignment = dma_get_cache_alignment();
	facts->numa_node = dev_to_node(dev);
}

/**
 * dmx_facts_get() - ask the kernel
 * @ddev: a device
 * @facts: where the answers go
 *
 * Context: sleeps.
 * Return: 0, or -ENODEV where the device is gone.
 */
int dmx_facts_get(struct dmx_device *ddev, struct dmx_facts *facts)
{
	int err = -ENODEV;

	memset(facts, 0, sizeof(*facts));
	down_read(&ddev->dma_rwsem);
	if (!ddev->gone) {
		ask(ddev, facts);
		err = 0;
	}
	up_read(&ddev->dma_rwsem);
	return err;
}
