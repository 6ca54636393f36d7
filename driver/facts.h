/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_FACTS_H
#define _DMX_FACTS_H

#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

struct device;
struct dmx_device;

/**
 * struct dmx_facts - what the kernel says of the DMA of a device
 *
 * The fields are the attributes of the same names in the netlink spec.
 */
struct dmx_facts {
	enum dmaexer_backend backend;
	enum dmaexer_domain domain;
	enum dmaexer_swiotlb swiotlb;
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
int dmx_facts_get(struct dmx_device *ddev, struct dmx_facts *facts);

#endif
