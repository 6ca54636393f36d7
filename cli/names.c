// SPDX-License-Identifier: GPL-2.0
#include "names.h"

#include <errno.h>
#include <linux/dmaexer.h>

static const struct word buses[] = {
	{ "dma", BUS_DMA },
	{ "pci", BUS_PCI },
	{ "platform", BUS_PLATFORM },
};

const struct words bus_words = { buses, ARRAY_SIZE(buses) };

static const struct word backends[] = {
	{ "direct", DMAEXER_BACKEND_DIRECT },
	{ "iommu", DMAEXER_BACKEND_IOMMU },
	{ "ops", DMAEXER_BACKEND_OPS },
};

const struct words backend_words = { backends, ARRAY_SIZE(backends) };

static const struct word domains[] = {
	{ "none", DMAEXER_DOMAIN_NONE },
	{ "identity", DMAEXER_DOMAIN_IDENTITY },
	{ "dma", DMAEXER_DOMAIN_DMA },
	{ "dma-fq", DMAEXER_DOMAIN_DMA_FQ },
	{ "other", DMAEXER_DOMAIN_OTHER },
};

const struct words domain_words = { domains, ARRAY_SIZE(domains) };

static const struct word swiotlbs[] = {
	{ "none", DMAEXER_SWIOTLB_NONE },
	{ "available", DMAEXER_SWIOTLB_AVAILABLE },
	{ "forced", DMAEXER_SWIOTLB_FORCED },
};

const struct words swiotlb_words = { swiotlbs, ARRAY_SIZE(swiotlbs) };

static const struct word kinds[] = {
	{ "box", DMAEXER_KIND_BOX },
	{ "coherent", DMAEXER_KIND_COHERENT },
	{ "handle", DMAEXER_KIND_HANDLE },
	{ "pages", DMAEXER_KIND_PAGES },
	{ "noncoherent", DMAEXER_KIND_NONCOHERENT },
	{ "noncontiguous", DMAEXER_KIND_NONCONTIGUOUS },
	{ "pool", DMAEXER_KIND_POOL },
	{ "managed", DMAEXER_KIND_MANAGED },
	{ "dma-pages", DMAEXER_KIND_DMA_PAGES },
};

const struct words kind_words = { kinds, ARRAY_SIZE(kinds) };

static const struct word shapes[] = {
	{ "linear", DMAEXER_SHAPE_LINEAR },
	{ "scattered", DMAEXER_SHAPE_SCATTERED },
	{ "offset", DMAEXER_SHAPE_OFFSET },
	{ "small", DMAEXER_SHAPE_SMALL },
};

const struct words shape_words = { shapes, ARRAY_SIZE(shapes) };

static const struct word directions[] = {
	{ "bidirectional", DMAEXER_DIRECTION_BIDIRECTIONAL },
	{ "to-device", DMAEXER_DIRECTION_TO_DEVICE },
	{ "from-device", DMAEXER_DIRECTION_FROM_DEVICE },
	{ "none", DMAEXER_DIRECTION_NONE },
};

const struct words direction_words = { directions, ARRAY_SIZE(directions) };

static const struct word freers[] = {
	{ "driver", DMAEXER_FREED_BY_DRIVER },
	{ "kernel", DMAEXER_FREED_BY_KERNEL },
};

const struct words freed_by_words = { freers, ARRAY_SIZE(freers) };

static const struct word gfps[] = {
	{ "kernel", DMAEXER_GFP_KERNEL },
	{ "nowait", DMAEXER_GFP_NOWAIT },
	{ "atomic", DMAEXER_GFP_ATOMIC },
};

const struct words gfp_words = { gfps, ARRAY_SIZE(gfps) };

/* "non-consistent", bit 3, is gone from the kernel: nobody is offered it. */
static const struct word attrs[] = {
	{ "weak-ordering", DMAEXER_ATTR_WEAK_ORDERING },
	{ "write-combine", DMAEXER_ATTR_WRITE_COMBINE },
	{ "no-kernel-mapping", DMAEXER_ATTR_NO_KERNEL_MAPPING },
	{ "skip-cpu-sync", DMAEXER_ATTR_SKIP_CPU_SYNC },
	{ "force-contiguous", DMAEXER_ATTR_FORCE_CONTIGUOUS },
	{ "alloc-single-pages", DMAEXER_ATTR_ALLOC_SINGLE_PAGES },
	{ "no-warn", DMAEXER_ATTR_NO_WARN },
	{ "privileged", DMAEXER_ATTR_PRIVILEGED },
	{ "mmio", DMAEXER_ATTR_MMIO },
};

const struct words attr_words = { attrs, ARRAY_SIZE(attrs) };

static const struct word patterns[] = {
	{ "zero", DMAEXER_PATTERN_ZERO },
	{ "byte", DMAEXER_PATTERN_BYTE },
	{ "counter", DMAEXER_PATTERN_COUNTER },
	{ "address", DMAEXER_PATTERN_ADDRESS },
	{ "walking-ones", DMAEXER_PATTERN_WALKING_ONES },
	{ "random", DMAEXER_PATTERN_RANDOM },
};

const struct words pattern_words = { patterns, ARRAY_SIZE(patterns) };

static const struct word pools[] = {
	{ "none", DMAEXER_POOL_NONE },
	{ "coherent", DMAEXER_POOL_COHERENT },
	{ "cma", DMAEXER_POOL_CMA },
	{ "swiotlb", DMAEXER_POOL_SWIOTLB },
};

const struct words pool_words = { pools, ARRAY_SIZE(pools) };

static const struct word mappings[] = {
	{ "none", DMAEXER_MAPPING_NONE },
	{ "linear", DMAEXER_MAPPING_LINEAR },
	{ "vmalloc", DMAEXER_MAPPING_VMALLOC },
	{ "unknown", DMAEXER_MAPPING_UNKNOWN },
};

const struct words mapping_words = { mappings, ARRAY_SIZE(mappings) };

static const struct word cachings[] = {
	{ "write-back", DMAEXER_CACHING_WRITE_BACK },
	{ "write-through", DMAEXER_CACHING_WRITE_THROUGH },
	{ "write-combining", DMAEXER_CACHING_WRITE_COMBINING },
	{ "uncached", DMAEXER_CACHING_UNCACHED },
};

const struct words caching_words = { cachings, ARRAY_SIZE(cachings) };

static const struct word checks[] = {
	{ "mask", DMAEXER_CHECK_MASK },
	{ "overlap", DMAEXER_CHECK_OVERLAP },
	{ "alignment", DMAEXER_CHECK_ALIGNMENT },
	{ "contents", DMAEXER_CHECK_CONTENTS },
	{ "backing", DMAEXER_CHECK_BACKING },
	{ "attrs", DMAEXER_CHECK_ATTRS },
};

const struct words check_words = { checks, ARRAY_SIZE(checks) };

static const struct word verdicts[] = {
	{ "holds", DMAEXER_VERDICT_HOLDS },
	{ "violated", DMAEXER_VERDICT_VIOLATED },
	{ "deviation", DMAEXER_VERDICT_DEVIATION },
	{ "not-applicable", DMAEXER_VERDICT_NOT_APPLICABLE },
};

const struct words verdict_words = { verdicts, ARRAY_SIZE(verdicts) };

static const struct word compareds[] = {
	{ "nothing", DMAEXER_COMPARED_NOTHING },
	{ "around", DMAEXER_COMPARED_AROUND },
	{ "all", DMAEXER_COMPARED_ALL },
};

const struct words compared_words = { compareds, ARRAY_SIZE(compareds) };

static const struct word protect_cases[] = {
	{ "within", DMAEXER_PROTECT_CASE_WITHIN },
	{ "past-end", DMAEXER_PROTECT_CASE_PAST_END },
	{ "freed", DMAEXER_PROTECT_CASE_FREED },
	{ "read-only", DMAEXER_PROTECT_CASE_READ_ONLY },
};

const struct words protect_case_words = {
	protect_cases, ARRAY_SIZE(protect_cases)
};

static const struct word outcomes[] = {
	{ "stopped", DMAEXER_OUTCOME_STOPPED },
	{ "landed", DMAEXER_OUTCOME_LANDED },
	{ "not-run", DMAEXER_OUTCOME_NOT_RUN },
};

const struct words outcome_words = { outcomes, ARRAY_SIZE(outcomes) };

static const struct word fault_ops[] = {
	{ "any", DMAEXER_FAULT_OP_ANY },
	{ "memory", DMAEXER_FAULT_OP_MEMORY },
	{ "alloc", DMAEXER_FAULT_OP_ALLOC },
	{ "init", DMAEXER_FAULT_OP_INIT },
	{ "number", DMAEXER_FAULT_OP_NUMBER },
	{ "register", DMAEXER_FAULT_OP_REGISTER },
	{ "mask", DMAEXER_FAULT_OP_MASK },
	{ "debugfs", DMAEXER_FAULT_OP_DEBUGFS },
	{ "sysfs", DMAEXER_FAULT_OP_SYSFS },
	{ "channel", DMAEXER_FAULT_OP_CHANNEL },
	{ "submit", DMAEXER_FAULT_OP_SUBMIT },
	{ "map", DMAEXER_FAULT_OP_MAP },
	{ "reply", DMAEXER_FAULT_OP_REPLY },
	{ "send", DMAEXER_FAULT_OP_SEND },
	{ "dump", DMAEXER_FAULT_OP_DUMP },
	{ "event", DMAEXER_FAULT_OP_EVENT },
	{ "keep", DMAEXER_FAULT_OP_KEEP },
	{ "vmap", DMAEXER_FAULT_OP_VMAP },
	{ "pool", DMAEXER_FAULT_OP_POOL },
};

const struct words fault_op_words = { fault_ops, ARRAY_SIZE(fault_ops) };

static const struct word errnos[] = {
	{ "ENOENT", ENOENT },
	{ "EIO", EIO },
	{ "EAGAIN", EAGAIN },
	{ "ENOMEM", ENOMEM },
	{ "EBUSY", EBUSY },
	{ "EMSGSIZE", EMSGSIZE },
	{ "ECONNREFUSED", ECONNREFUSED },
};

const struct words errno_words = { errnos, ARRAY_SIZE(errnos) };
