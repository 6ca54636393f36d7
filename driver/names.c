// SPDX-License-Identifier: GPL-2.0
/* Words for the numbers of the netlink spec. */

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/log2.h>

#include <uapi/linux/dmaexer.h>

#include "names.h"

static const char *word(const char *const *words, size_t n, unsigned int i)
{
	return i < n && words[i] ? words[i] : "?";
}

/**
 * dmx_attr_name() - word for an attribute
 * @bit: the attribute is 1 << @bit
 *
 * Return: the word, "?" for none.
 */
const char *dmx_attr_name(unsigned int bit)
{
	static const char *const words[] = {
		[const_ilog2(DMAEXER_ATTR_WEAK_ORDERING)] = "weak-ordering",
		[const_ilog2(DMAEXER_ATTR_WRITE_COMBINE)] = "write-combine",
		[const_ilog2(DMAEXER_ATTR_NO_KERNEL_MAPPING)] =
			"no-kernel-mapping",
		[const_ilog2(DMAEXER_ATTR_SKIP_CPU_SYNC)] = "skip-cpu-sync",
		[const_ilog2(DMAEXER_ATTR_FORCE_CONTIGUOUS)] =
			"force-contiguous",
		[const_ilog2(DMAEXER_ATTR_ALLOC_SINGLE_PAGES)] =
			"alloc-single-pages",
		[const_ilog2(DMAEXER_ATTR_NO_WARN)] = "no-warn",
		[const_ilog2(DMAEXER_ATTR_PRIVILEGED)] = "privileged",
		[const_ilog2(DMAEXER_ATTR_MMIO)] = "mmio",
	};

	return word(words, ARRAY_SIZE(words), bit);
}

/**
 * dmx_backend_name() - word for a number
 * @backend: enum dmaexer_backend
 *
 * Return: the word, "?" for none.
 */
const char *dmx_backend_name(unsigned int backend)
{
	static const char *const words[] = {
		[DMAEXER_BACKEND_DIRECT] = "direct",
		[DMAEXER_BACKEND_IOMMU] = "iommu",
		[DMAEXER_BACKEND_OPS] = "ops",
	};

	return word(words, ARRAY_SIZE(words), backend);
}

/**
 * dmx_caching_name() - word for a number
 * @caching: enum dmaexer_caching
 *
 * Return: the word, "?" for none.
 */
const char *dmx_caching_name(unsigned int caching)
{
	static const char *const words[] = {
		[DMAEXER_CACHING_WRITE_BACK] = "write-back",
		[DMAEXER_CACHING_WRITE_THROUGH] = "write-through",
		[DMAEXER_CACHING_WRITE_COMBINING] = "write-combining",
		[DMAEXER_CACHING_UNCACHED] = "uncached",
	};

	return word(words, ARRAY_SIZE(words), caching);
}

/**
 * dmx_check_name() - word for a number
 * @check: enum dmaexer_check
 *
 * Return: the word, "?" for none.
 */
const char *dmx_check_name(unsigned int check)
{
	static const char *const words[] = {
		[DMAEXER_CHECK_MASK] = "mask",
		[DMAEXER_CHECK_OVERLAP] = "overlap",
		[DMAEXER_CHECK_ALIGNMENT] = "alignment",
		[DMAEXER_CHECK_CONTENTS] = "contents",
		[DMAEXER_CHECK_BACKING] = "backing",
		[DMAEXER_CHECK_ATTRS] = "attrs",
	};

	return word(words, ARRAY_SIZE(words), check);
}

/**
 * dmx_direction_name() - word for a number
 * @direction: enum dmaexer_direction
 *
 * Return: the word, "?" for none.
 */
const char *dmx_direction_name(unsigned int direction)
{
	static const char *const words[] = {
		[DMAEXER_DIRECTION_BIDIRECTIONAL] = "bidirectional",
		[DMAEXER_DIRECTION_TO_DEVICE] = "to-device",
		[DMAEXER_DIRECTION_FROM_DEVICE] = "from-device",
		[DMAEXER_DIRECTION_NONE] = "none",
	};

	return word(words, ARRAY_SIZE(words), direction);
}

/**
 * dmx_domain_name() - word for a number
 * @domain: enum dmaexer_domain
 *
 * Return: the word, "?" for none.
 */
const char *dmx_domain_name(unsigned int domain)
{
	static const char *const words[] = {
		[DMAEXER_DOMAIN_NONE] = "none",
		[DMAEXER_DOMAIN_IDENTITY] = "identity",
		[DMAEXER_DOMAIN_DMA] = "dma",
		[DMAEXER_DOMAIN_DMA_FQ] = "dma-fq",
		[DMAEXER_DOMAIN_OTHER] = "other",
	};

	return word(words, ARRAY_SIZE(words), domain);
}

/**
 * dmx_fault_op_name() - word for a number
 * @op: enum dmaexer_fault_op
 *
 * Return: the word, "?" for none.
 */
const char *dmx_fault_op_name(unsigned int op)
{
	static const char *const words[] = {
		[DMAEXER_FAULT_OP_ANY] = "any",
		[DMAEXER_FAULT_OP_MEMORY] = "memory",
		[DMAEXER_FAULT_OP_ALLOC] = "alloc",
		[DMAEXER_FAULT_OP_INIT] = "init",
		[DMAEXER_FAULT_OP_NUMBER] = "number",
		[DMAEXER_FAULT_OP_REGISTER] = "register",
		[DMAEXER_FAULT_OP_MASK] = "mask",
		[DMAEXER_FAULT_OP_DEBUGFS] = "debugfs",
		[DMAEXER_FAULT_OP_SYSFS] = "sysfs",
		[DMAEXER_FAULT_OP_CHANNEL] = "channel",
		[DMAEXER_FAULT_OP_SUBMIT] = "submit",
		[DMAEXER_FAULT_OP_MAP] = "map",
		[DMAEXER_FAULT_OP_REPLY] = "reply",
		[DMAEXER_FAULT_OP_SEND] = "send",
		[DMAEXER_FAULT_OP_DUMP] = "dump",
		[DMAEXER_FAULT_OP_EVENT] = "event",
		[DMAEXER_FAULT_OP_KEEP] = "keep",
		[DMAEXER_FAULT_OP_VMAP] = "vmap",
		[DMAEXER_FAULT_OP_POOL] = "pool",
	};

	return word(words, ARRAY_SIZE(words), op);
}

/**
 * dmx_gfp_name() - word for a number
 * @gfp: enum dmaexer_gfp
 *
 * Return: the word, "?" for none.
 */
const char *dmx_gfp_name(unsigned int gfp)
{
	static const char *const words[] = {
		[DMAEXER_GFP_KERNEL] = "kernel",
		[DMAEXER_GFP_NOWAIT] = "nowait",
		[DMAEXER_GFP_ATOMIC] = "atomic",
	};

	return word(words, ARRAY_SIZE(words), gfp);
}

/**
 * dmx_kind_name() - word for a number
 * @kind: enum dmaexer_kind
 *
 * Return: the word, "?" for none.
 */
const char *dmx_kind_name(unsigned int kind)
{
	static const char *const words[] = {
		[DMAEXER_KIND_BOX] = "box",
		[DMAEXER_KIND_COHERENT] = "coherent",
		[DMAEXER_KIND_HANDLE] = "handle",
		[DMAEXER_KIND_PAGES] = "pages",
		[DMAEXER_KIND_NONCOHERENT] = "noncoherent",
		[DMAEXER_KIND_NONCONTIGUOUS] = "noncontiguous",
		[DMAEXER_KIND_POOL] = "pool",
		[DMAEXER_KIND_MANAGED] = "managed",
		[DMAEXER_KIND_DMA_PAGES] = "dma-pages",
	};

	return word(words, ARRAY_SIZE(words), kind);
}

/**
 * dmx_mapping_name() - word for a number
 * @mapping: enum dmaexer_mapping
 *
 * Return: the word, "?" for none.
 */
const char *dmx_mapping_name(unsigned int mapping)
{
	static const char *const words[] = {
		[DMAEXER_MAPPING_NONE] = "none",
		[DMAEXER_MAPPING_LINEAR] = "linear",
		[DMAEXER_MAPPING_VMALLOC] = "vmalloc",
		[DMAEXER_MAPPING_UNKNOWN] = "unknown",
	};

	return word(words, ARRAY_SIZE(words), mapping);
}

/**
 * dmx_pool_name() - word for a number
 * @pool: enum dmaexer_pool
 *
 * Return: the word, "?" for none.
 */
const char *dmx_pool_name(unsigned int pool)
{
	static const char *const words[] = {
		[DMAEXER_POOL_NONE] = "none",
		[DMAEXER_POOL_COHERENT] = "coherent",
		[DMAEXER_POOL_CMA] = "cma",
		[DMAEXER_POOL_SWIOTLB] = "swiotlb",
	};

	return word(words, ARRAY_SIZE(words), pool);
}

/**
 * dmx_shape_name() - word for a number
 * @shape: enum dmaexer_shape
 *
 * Return: the word, "?" for none.
 */
const char *dmx_shape_name(unsigned int shape)
{
	static const char *const words[] = {
		[DMAEXER_SHAPE_LINEAR] = "linear",
		[DMAEXER_SHAPE_SCATTERED] = "scattered",
		[DMAEXER_SHAPE_OFFSET] = "offset",
		[DMAEXER_SHAPE_SMALL] = "small",
	};

	return word(words, ARRAY_SIZE(words), shape);
}

/**
 * dmx_swiotlb_name() - word for a number
 * @swiotlb: enum dmaexer_swiotlb
 *
 * Return: the word, "?" for none.
 */
const char *dmx_swiotlb_name(unsigned int swiotlb)
{
	static const char *const words[] = {
		[DMAEXER_SWIOTLB_NONE] = "none",
		[DMAEXER_SWIOTLB_AVAILABLE] = "available",
		[DMAEXER_SWIOTLB_FORCED] = "forced",
	};

	return word(words, ARRAY_SIZE(words), swiotlb);
}

/**
 * dmx_verdict_name() - word for a number
 * @verdict: enum dmaexer_verdict
 *
 * Return: the word, "?" for none.
 */
const char *dmx_verdict_name(unsigned int verdict)
{
	static const char *const words[] = {
		[DMAEXER_VERDICT_HOLDS] = "holds",
		[DMAEXER_VERDICT_VIOLATED] = "violated",
		[DMAEXER_VERDICT_DEVIATION] = "deviation",
		[DMAEXER_VERDICT_NOT_APPLICABLE] = "not-applicable",
	};

	return word(words, ARRAY_SIZE(words), verdict);
}
