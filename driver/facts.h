/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_FACTS_H
#define _DMX_FACTS_H

#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

struct device;
struct dmx_device;

/**
 * struct dmx_facts - what the kernel says of the DMA of a device
 * @backend: what serves the DMA API
 * @domain: IOMMU domain
 * @swiotlb: bounce buffers
 * @pool: memory of its own
 * @has_iommu_group: whether @iommu_group is one
 * @iommu_group: IOMMU group
 * @cache_coherent: the device sees the caches of the CPU
 * @addressing_limited: masks or bus reach less than all memory
 * @dma_mask: streaming mask
 * @coherent_mask: coherent mask
 * @bus_limit: highest address the bus carries, 0 for no limit
 * @bus_offset: CPU address less DMA address of the first range, in bytes
 * @required_mask: mask that reaches all memory; nothing behind an IOMMU
 * @max_mapping_size: largest streaming mapping, in bytes
 * @opt_mapping_size: largest efficient streaming mapping, in bytes
 * @max_seg_size: largest segment, in bytes
 * @seg_boundary: mask that no segment crosses
 * @merge_boundary: mask at which segments merge, 0 for none
 * @cache_alignment: alignment that keeps DMA apart from other data, in bytes
 * @numa_node: NUMA node, -1 for none
 */
struct dmx_facts {
	enum dmaexer_backend backend;
	enum dmaexer_domain domain;
	enum dmaexer_swiotlb swiotlb;
	enum dmaexer_pool pool;
	bool has_iommu_group;
	u32 iommu_group;
	bool cache_coherent;
	bool addressing_limited;
	u64 dma_mask;
	u64 coherent_mask;
	u64 bus_limit;
	s64 bus_offset;
	u64 required_mask;
	u64 max_mapping_size;
	u64 opt_mapping_size;
	u32 max_seg_size;
	u64 seg_boundary;
	u64 merge_boundary;
	u32 cache_alignment;
	s32 numa_node;
};

enum dmaexer_backend dmx_backend(struct device *dev);
enum dmaexer_pool dmx_pool(struct device *dev);
int dmx_facts_get(struct dmx_device *ddev, struct dmx_facts *facts);

#endif
