/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	docs/netlink/specs/dmaexer.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_DMAEXER_H
#define _UAPI_LINUX_DMAEXER_H

#define DMAEXER_FAMILY_NAME	"dmaexer"
#define DMAEXER_FAMILY_VERSION	1

#define DMAEXER_LABEL_MAX	63

/**
 * enum dmaexer_backend - what serves the DMA API calls of a device
 * @DMAEXER_BACKEND_DIRECT: dma-direct, addresses are bus addresses of memory
 * @DMAEXER_BACKEND_IOMMU: dma-iommu, addresses are IOVAs that an IOMMU
 *   translates
 * @DMAEXER_BACKEND_OPS: DMA operations of the architecture or of the bus
 */
enum dmaexer_backend {
	DMAEXER_BACKEND_DIRECT,
	DMAEXER_BACKEND_IOMMU,
	DMAEXER_BACKEND_OPS,
};

/**
 * enum dmaexer_domain - IOMMU domain of a device
 * @DMAEXER_DOMAIN_NONE: the device is behind no IOMMU known to the kernel
 * @DMAEXER_DOMAIN_IDENTITY: translation is off, addresses are physical
 * @DMAEXER_DOMAIN_DMA: translated, invalidated at each unmap (strict)
 * @DMAEXER_DOMAIN_DMA_FQ: translated, invalidated in batches by a flush queue
 *   (lazy)
 * @DMAEXER_DOMAIN_OTHER: any other kind of domain
 */
enum dmaexer_domain {
	DMAEXER_DOMAIN_NONE,
	DMAEXER_DOMAIN_IDENTITY,
	DMAEXER_DOMAIN_DMA,
	DMAEXER_DOMAIN_DMA_FQ,
	DMAEXER_DOMAIN_OTHER,
};

/**
 * enum dmaexer_pool - memory that only this device's allocations come from
 * @DMAEXER_POOL_NONE: no pool of its own
 * @DMAEXER_POOL_COHERENT: a reserved region (shared-dma-pool, no-map); masks
 *   and attributes are not looked at, and there is nothing to fall back on
 * @DMAEXER_POOL_CMA: a contiguous memory area (shared-dma-pool, reusable)
 * @DMAEXER_POOL_SWIOTLB: a restricted pool of bounce buffers
 *   (restricted-dma-pool)
 */
enum dmaexer_pool {
	DMAEXER_POOL_NONE,
	DMAEXER_POOL_COHERENT,
	DMAEXER_POOL_CMA,
	DMAEXER_POOL_SWIOTLB,
};

/**
 * enum dmaexer_swiotlb - bounce buffers of a device
 * @DMAEXER_SWIOTLB_NONE: no bounce buffer pool
 * @DMAEXER_SWIOTLB_AVAILABLE: a pool exists and is used where an address does
 *   not fit
 * @DMAEXER_SWIOTLB_FORCED: every streaming mapping is bounced
 */
enum dmaexer_swiotlb {
	DMAEXER_SWIOTLB_NONE,
	DMAEXER_SWIOTLB_AVAILABLE,
	DMAEXER_SWIOTLB_FORCED,
};

/**
 * enum dmaexer_kind - what a buffer is
 * @DMAEXER_KIND_BOX: coherent memory that the CPU owns; its DMA address is
 *   shown to nobody until it is shared
 * @DMAEXER_KIND_COHERENT: coherent memory shared with the device
 * @DMAEXER_KIND_HANDLE: memory without kernel mapping, for the device alone
 * @DMAEXER_KIND_PAGES: memory of the CPU as a driver has it before it maps it:
 *   it has no DMA address, and the device is not asked about it
 * @DMAEXER_KIND_NONCOHERENT: memory of dma_alloc_noncoherent(), which CPU and
 *   device have in turns: the device has it, and each access by the CPU takes
 *   the range, by dma_sync_*_for_cpu(), and gives it back
 * @DMAEXER_KIND_NONCONTIGUOUS: memory of dma_alloc_noncontiguous(), the same
 *   of pages that are anywhere and that only an IOMMU puts in a row, mapped
 *   for the CPU by dma_vmap_noncontiguous(); one segment, up to max-seg-size
 * @DMAEXER_KIND_POOL: objects of a DMA pool of their own, dma_pool_create();
 *   an element is an object, with a DMA address that buf-read shows
 * @DMAEXER_KIND_MANAGED: coherent memory of dmam_alloc_attrs(), which the
 *   kernel frees when the driver has let go of the device, unless it was
 *   deleted before
 * @DMAEXER_KIND_DMA_PAGES: memory of dma_alloc_pages(), else as noncoherent
 */
enum dmaexer_kind {
	DMAEXER_KIND_BOX,
	DMAEXER_KIND_COHERENT,
	DMAEXER_KIND_HANDLE,
	DMAEXER_KIND_PAGES,
	DMAEXER_KIND_NONCOHERENT,
	DMAEXER_KIND_NONCONTIGUOUS,
	DMAEXER_KIND_POOL,
	DMAEXER_KIND_MANAGED,
	DMAEXER_KIND_DMA_PAGES,

	/* private: */
	__DMAEXER_KIND_MAX,
	DMAEXER_KIND_MAX = (__DMAEXER_KIND_MAX - 1)
};

#define DMAEXER_POOL_COUNT_MAX	16384
#define DMAEXER_POOL_OBJECT_MAX	1048576

/**
 * enum dmaexer_freed_by - who frees managed memory
 * @DMAEXER_FREED_BY_DRIVER: dmaexer did, by dmam_free_coherent()
 * @DMAEXER_FREED_BY_KERNEL: it is left to the kernel, which frees it as soon
 *   as dmaexer has let go of the device
 */
enum dmaexer_freed_by {
	DMAEXER_FREED_BY_DRIVER,
	DMAEXER_FREED_BY_KERNEL,
};

/**
 * enum dmaexer_direction - who writes memory that CPU and device have in
 *   turns; the values are those of the kernel's enum dma_data_direction
 * @DMAEXER_DIRECTION_BIDIRECTIONAL: both write and read it
 * @DMAEXER_DIRECTION_TO_DEVICE: the CPU writes, the device reads
 * @DMAEXER_DIRECTION_FROM_DEVICE: the device writes, the CPU reads
 * @DMAEXER_DIRECTION_NONE: refused with EINVAL
 */
enum dmaexer_direction {
	DMAEXER_DIRECTION_BIDIRECTIONAL,
	DMAEXER_DIRECTION_TO_DEVICE,
	DMAEXER_DIRECTION_FROM_DEVICE,
	DMAEXER_DIRECTION_NONE,

	/* private: */
	__DMAEXER_DIRECTION_MAX,
	DMAEXER_DIRECTION_MAX = (__DMAEXER_DIRECTION_MAX - 1)
};

/**
 * enum dmaexer_shape - how memory of kind pages lies; all of it is in the
 *   linear map
 * @DMAEXER_SHAPE_LINEAR: pages in a row
 * @DMAEXER_SHAPE_SCATTERED: pages of which none follows the one before
 * @DMAEXER_SHAPE_OFFSET: a part of one page, from page-offset on
 * @DMAEXER_SHAPE_SMALL: a part of what kmalloc() returns, from page-offset on;
 *   the same page has memory of others, so it is not mapped to users
 */
enum dmaexer_shape {
	DMAEXER_SHAPE_LINEAR,
	DMAEXER_SHAPE_SCATTERED,
	DMAEXER_SHAPE_OFFSET,
	DMAEXER_SHAPE_SMALL,

	/* private: */
	__DMAEXER_SHAPE_MAX,
	DMAEXER_SHAPE_MAX = (__DMAEXER_SHAPE_MAX - 1)
};

/**
 * enum dmaexer_gfp - how an allocation may wait
 * @DMAEXER_GFP_KERNEL: may sleep and reclaim (GFP_KERNEL)
 * @DMAEXER_GFP_NOWAIT: does not sleep (GFP_NOWAIT)
 * @DMAEXER_GFP_ATOMIC: does not sleep, may use reserves and atomic pools
 *   (GFP_ATOMIC)
 */
enum dmaexer_gfp {
	DMAEXER_GFP_KERNEL,
	DMAEXER_GFP_NOWAIT,
	DMAEXER_GFP_ATOMIC,

	/* private: */
	__DMAEXER_GFP_MAX,
	DMAEXER_GFP_MAX = (__DMAEXER_GFP_MAX - 1)
};

/**
 * enum dmaexer_attr - DMA attributes, with the values of the kernel's
 *   DMA_ATTR_* in include/linux/dma-mapping.h
 * @DMAEXER_ATTR_WEAK_ORDERING: reads and writes may pass each other
 * @DMAEXER_ATTR_WRITE_COMBINE: writes may be buffered
 * @DMAEXER_ATTR_NON_CONSISTENT: gone from the kernel since 5.10, an unknown
 *   bit
 * @DMAEXER_ATTR_NO_KERNEL_MAPPING: no kernel mapping is made; only for
 *   handles, which always have it
 * @DMAEXER_ATTR_SKIP_CPU_SYNC: no cache maintenance at map and unmap; without
 *   effect here
 * @DMAEXER_ATTR_FORCE_CONTIGUOUS: physically contiguous memory
 * @DMAEXER_ATTR_ALLOC_SINGLE_PAGES: no effort for large pages
 * @DMAEXER_ATTR_NO_WARN: no report of a failed allocation
 * @DMAEXER_ATTR_PRIVILEGED: accessible at an elevated privilege level of the
 *   device only
 * @DMAEXER_ATTR_MMIO: device memory; belongs to mappings, an allocation that
 *   asks for it is answered with EOPNOTSUPP
 */
enum dmaexer_attr {
	DMAEXER_ATTR_WEAK_ORDERING = 2,
	DMAEXER_ATTR_WRITE_COMBINE = 4,
	DMAEXER_ATTR_NON_CONSISTENT = 8,
	DMAEXER_ATTR_NO_KERNEL_MAPPING = 16,
	DMAEXER_ATTR_SKIP_CPU_SYNC = 32,
	DMAEXER_ATTR_FORCE_CONTIGUOUS = 64,
	DMAEXER_ATTR_ALLOC_SINGLE_PAGES = 128,
	DMAEXER_ATTR_NO_WARN = 256,
	DMAEXER_ATTR_PRIVILEGED = 512,
	DMAEXER_ATTR_MMIO = 1024,
};

/**
 * enum dmaexer_pattern - contents as a function of the byte offset in the
 *   buffer. All but "byte" and "zero" are made of little-endian 64-bit words;
 *   word i is at byte 8i.
 * @DMAEXER_PATTERN_ZERO: zero bytes
 * @DMAEXER_PATTERN_BYTE: each byte is pattern-arg, 0 to 255
 * @DMAEXER_PATTERN_COUNTER: word i is pattern-arg + i
 * @DMAEXER_PATTERN_ADDRESS: word i is its own address, pattern-arg + 8i;
 *   pattern-arg is the DMA address of the buffer where it is left out, which a
 *   box does not show
 * @DMAEXER_PATTERN_WALKING_ONES: word i is 1 << ((pattern-arg + i) mod 64)
 * @DMAEXER_PATTERN_RANDOM: word i is splitmix64 of the seed pattern-arg and i
 */
enum dmaexer_pattern {
	DMAEXER_PATTERN_ZERO,
	DMAEXER_PATTERN_BYTE,
	DMAEXER_PATTERN_COUNTER,
	DMAEXER_PATTERN_ADDRESS,
	DMAEXER_PATTERN_WALKING_ONES,
	DMAEXER_PATTERN_RANDOM,

	/* private: */
	__DMAEXER_PATTERN_MAX,
	DMAEXER_PATTERN_MAX = (__DMAEXER_PATTERN_MAX - 1)
};

/**
 * enum dmaexer_mapping - how the CPU reaches the memory of a buffer, as
 *   observed
 * @DMAEXER_MAPPING_NONE: no kernel mapping was made for the buffer
 * @DMAEXER_MAPPING_LINEAR: the kernel's linear map
 * @DMAEXER_MAPPING_VMALLOC: a mapping of its own in the vmalloc range
 * @DMAEXER_MAPPING_UNKNOWN: cannot be told on this architecture
 */
enum dmaexer_mapping {
	DMAEXER_MAPPING_NONE,
	DMAEXER_MAPPING_LINEAR,
	DMAEXER_MAPPING_VMALLOC,
	DMAEXER_MAPPING_UNKNOWN,
};

/**
 * enum dmaexer_caching - how the CPU's mapping of a buffer uses the caches, as
 *   observed
 * @DMAEXER_CACHING_WRITE_BACK: cached
 * @DMAEXER_CACHING_WRITE_THROUGH: cached for reading
 * @DMAEXER_CACHING_WRITE_COMBINING: not cached, writes may be buffered and
 *   merged
 * @DMAEXER_CACHING_UNCACHED: neither cached nor buffered
 */
enum dmaexer_caching {
	DMAEXER_CACHING_WRITE_BACK,
	DMAEXER_CACHING_WRITE_THROUGH,
	DMAEXER_CACHING_WRITE_COMBINING,
	DMAEXER_CACHING_UNCACHED,
};

/**
 * enum dmaexer_check - what the audit looks at after an allocation
 * @DMAEXER_CHECK_MASK: all addresses are within the coherent mask and the bus
 *   limit
 * @DMAEXER_CHECK_OVERLAP: no other live buffer of the same address space has
 *   the addresses
 * @DMAEXER_CHECK_ALIGNMENT: the address is aligned to the page order of the
 *   size
 * @DMAEXER_CHECK_CONTENTS: the memory is zeroed, or holds what the request
 *   asked for
 * @DMAEXER_CHECK_BACKING: CPU address and DMA address lead to the same pages
 * @DMAEXER_CHECK_ATTRS: no attribute was observed to be ignored
 */
enum dmaexer_check {
	DMAEXER_CHECK_MASK,
	DMAEXER_CHECK_OVERLAP,
	DMAEXER_CHECK_ALIGNMENT,
	DMAEXER_CHECK_CONTENTS,
	DMAEXER_CHECK_BACKING,
	DMAEXER_CHECK_ATTRS,
};

/**
 * enum dmaexer_verdict - what a check found
 * @DMAEXER_VERDICT_HOLDS: observed, and as the DMA API promises
 * @DMAEXER_VERDICT_VIOLATED: observed, and against what the DMA API promises
 * @DMAEXER_VERDICT_DEVIATION: against the promise, and known of this platform;
 *   see reason
 * @DMAEXER_VERDICT_NOT_APPLICABLE: cannot be asked here; see reason
 */
enum dmaexer_verdict {
	DMAEXER_VERDICT_HOLDS,
	DMAEXER_VERDICT_VIOLATED,
	DMAEXER_VERDICT_DEVIATION,
	DMAEXER_VERDICT_NOT_APPLICABLE,
};

/**
 * enum dmaexer_compared - what of a transfer was compared afterwards
 * @DMAEXER_COMPARED_NOTHING: neither source nor destination can be looked at
 *   by the CPU
 * @DMAEXER_COMPARED_AROUND: the bytes around the destination, which nothing
 *   may have changed
 * @DMAEXER_COMPARED_ALL: the destination with the source, and the bytes around
 *   it
 */
enum dmaexer_compared {
	DMAEXER_COMPARED_NOTHING,
	DMAEXER_COMPARED_AROUND,
	DMAEXER_COMPARED_ALL,
};

/**
 * enum dmaexer_protect_case - where a device is told to write
 * @DMAEXER_PROTECT_CASE_WITHIN: to memory mapped for it to write, which has to
 *   work
 * @DMAEXER_PROTECT_CASE_PAST_END: behind the last page of a mapping
 * @DMAEXER_PROTECT_CASE_FREED: to a mapping that is gone
 * @DMAEXER_PROTECT_CASE_READ_ONLY: to memory mapped for it to read
 */
enum dmaexer_protect_case {
	DMAEXER_PROTECT_CASE_WITHIN,
	DMAEXER_PROTECT_CASE_PAST_END,
	DMAEXER_PROTECT_CASE_FREED,
	DMAEXER_PROTECT_CASE_READ_ONLY,

	/* private: */
	__DMAEXER_PROTECT_CASE_MAX,
	DMAEXER_PROTECT_CASE_MAX = (__DMAEXER_PROTECT_CASE_MAX - 1)
};

/**
 * enum dmaexer_outcome - what came of a write
 * @DMAEXER_OUTCOME_STOPPED: it did not change the memory
 * @DMAEXER_OUTCOME_LANDED: it changed the memory
 * @DMAEXER_OUTCOME_NOT_RUN: it was not tried, or said nothing; see reason
 */
enum dmaexer_outcome {
	DMAEXER_OUTCOME_STOPPED,
	DMAEXER_OUTCOME_LANDED,
	DMAEXER_OUTCOME_NOT_RUN,
};

/**
 * enum dmaexer_fault_op - a kind of point inside the driver where something
 *   can fail, and the errors it fails with, the first where none is asked for
 * @DMAEXER_FAULT_OP_ANY: every point of every kind; each fails with its own
 *   first error
 * @DMAEXER_FAULT_OP_MEMORY: memory of the driver's own; ENOMEM
 * @DMAEXER_FAULT_OP_ALLOC: memory of a buffer, each page of one that is
 *   scattered and each object of a pool; ENOMEM
 * @DMAEXER_FAULT_OP_INIT: the pattern that a new buffer is filled with; EIO
 * @DMAEXER_FAULT_OP_NUMBER: number of a device or a buffer; ENOMEM, EBUSY
 * @DMAEXER_FAULT_OP_REGISTER: registration of a virtual device; ENOMEM
 * @DMAEXER_FAULT_OP_MASK: a DMA mask; EIO
 * @DMAEXER_FAULT_OP_DEBUGFS: a directory in debugfs, without which an object
 *   is made all the same; ENOMEM
 * @DMAEXER_FAULT_OP_SYSFS: files of a channel in sysfs; ENOMEM
 * @DMAEXER_FAULT_OP_CHANNEL: request of a DMA engine channel; ENOENT
 * @DMAEXER_FAULT_OP_SUBMIT: a copy that is given to a channel; EIO
 * @DMAEXER_FAULT_OP_MAP: a streaming mapping; ENOMEM
 * @DMAEXER_FAULT_OP_REPLY: memory for a reply; ENOMEM
 * @DMAEXER_FAULT_OP_SEND: a reply that its socket does not take; EAGAIN,
 *   ECONNREFUSED
 * @DMAEXER_FAULT_OP_DUMP: a message of a dump, which does not fit; the dump
 *   ends where it is the first of a datagram, else it is the first of the
 *   next; EMSGSIZE
 * @DMAEXER_FAULT_OP_EVENT: memory for a notification, which is lost; who
 *   listens gets ENOBUFS; ENOMEM
 * @DMAEXER_FAULT_OP_KEEP: memory for contents that are kept when their device
 *   goes, and are then lost; ENOMEM
 * @DMAEXER_FAULT_OP_VMAP: the CPU's mapping of noncontiguous memory; ENOMEM
 * @DMAEXER_FAULT_OP_POOL: a DMA pool, without its objects; ENOMEM
 */
enum dmaexer_fault_op {
	DMAEXER_FAULT_OP_ANY,
	DMAEXER_FAULT_OP_MEMORY,
	DMAEXER_FAULT_OP_ALLOC,
	DMAEXER_FAULT_OP_INIT,
	DMAEXER_FAULT_OP_NUMBER,
	DMAEXER_FAULT_OP_REGISTER,
	DMAEXER_FAULT_OP_MASK,
	DMAEXER_FAULT_OP_DEBUGFS,
	DMAEXER_FAULT_OP_SYSFS,
	DMAEXER_FAULT_OP_CHANNEL,
	DMAEXER_FAULT_OP_SUBMIT,
	DMAEXER_FAULT_OP_MAP,
	DMAEXER_FAULT_OP_REPLY,
	DMAEXER_FAULT_OP_SEND,
	DMAEXER_FAULT_OP_DUMP,
	DMAEXER_FAULT_OP_EVENT,
	DMAEXER_FAULT_OP_KEEP,
	DMAEXER_FAULT_OP_VMAP,
	DMAEXER_FAULT_OP_POOL,

	/* private: */
	__DMAEXER_FAULT_OP_MAX,
	DMAEXER_FAULT_OP_MAX = (__DMAEXER_FAULT_OP_MAX - 1)
};

enum {
	DMAEXER_A_DEV_PAD = 1,
	DMAEXER_A_DEV_ID,
	DMAEXER_A_DEV_NAME,
	DMAEXER_A_DEV_BUS,
	DMAEXER_A_DEV_VIRTUAL,
	DMAEXER_A_DEV_CHANNEL,
	DMAEXER_A_DEV_OWNED,
	DMAEXER_A_DEV_OWNER,
	DMAEXER_A_DEV_BACKEND,
	DMAEXER_A_DEV_DOMAIN,
	DMAEXER_A_DEV_IOMMU_GROUP,
	DMAEXER_A_DEV_CACHE_COHERENT,
	DMAEXER_A_DEV_DMA_MASK_BITS,
	DMAEXER_A_DEV_COHERENT_MASK_BITS,
	DMAEXER_A_DEV_FORCE,
	DMAEXER_A_DEV_BUFS_OUTSIDE,
	DMAEXER_A_DEV_DMA_MASK,
	DMAEXER_A_DEV_COHERENT_MASK,
	DMAEXER_A_DEV_BUS_LIMIT,
	DMAEXER_A_DEV_BUS_OFFSET,
	DMAEXER_A_DEV_REQUIRED_MASK,
	DMAEXER_A_DEV_ADDRESSING_LIMITED,
	DMAEXER_A_DEV_MAX_MAPPING_SIZE,
	DMAEXER_A_DEV_OPT_MAPPING_SIZE,
	DMAEXER_A_DEV_MAX_SEG_SIZE,
	DMAEXER_A_DEV_SEG_BOUNDARY,
	DMAEXER_A_DEV_MERGE_BOUNDARY,
	DMAEXER_A_DEV_CACHE_ALIGNMENT,
	DMAEXER_A_DEV_ADDR_SIZE,
	DMAEXER_A_DEV_NUMA_NODE,
	DMAEXER_A_DEV_SWIOTLB,
	DMAEXER_A_DEV_POOL,
	DMAEXER_A_DEV_QUOTA_BYTES,
	DMAEXER_A_DEV_QUOTA_BUFS,
	DMAEXER_A_DEV_LIVE_BYTES,
	DMAEXER_A_DEV_LIVE_BUFS,
	DMAEXER_A_DEV_TOTAL_BUFS,
	DMAEXER_A_DEV_VIOLATIONS,
	DMAEXER_A_DEV_XFER_OWNER,
	DMAEXER_A_DEV_XFER_LENGTH,
	DMAEXER_A_DEV_XFER_DONE,
	DMAEXER_A_DEV_COPY_ALIGN,
	DMAEXER_A_DEV_LIMITS_OWNER,

	__DMAEXER_A_DEV_MAX,
	DMAEXER_A_DEV_MAX = (__DMAEXER_A_DEV_MAX - 1)
};

enum {
	DMAEXER_A_BUF_PAD = 1,
	DMAEXER_A_BUF_ID,
	DMAEXER_A_BUF_DEV_ID,
	DMAEXER_A_BUF_DEV_NAME,
	DMAEXER_A_BUF_KIND,
	DMAEXER_A_BUF_LABEL,
	DMAEXER_A_BUF_ELEM_SIZE,
	DMAEXER_A_BUF_COUNT,
	DMAEXER_A_BUF_SIZE,
	DMAEXER_A_BUF_ATTRS,
	DMAEXER_A_BUF_GFP,
	DMAEXER_A_BUF_OWNED,
	DMAEXER_A_BUF_OWNER,
	DMAEXER_A_BUF_WARN,
	DMAEXER_A_BUF_PATTERN,
	DMAEXER_A_BUF_PATTERN_ARG,
	DMAEXER_A_BUF_DATA,
	DMAEXER_A_BUF_DMA_ADDR,
	DMAEXER_A_BUF_MAPPING,
	DMAEXER_A_BUF_CACHING,
	DMAEXER_A_BUF_CONTIGUOUS,
	DMAEXER_A_BUF_ATTRS_HONOURED,
	DMAEXER_A_BUF_ATTRS_IGNORED,
	DMAEXER_A_BUF_STALE_BYTES,
	DMAEXER_A_BUF_AUDIT,
	DMAEXER_A_BUF_INDEX,
	DMAEXER_A_BUF_OFFSET,
	DMAEXER_A_BUF_LENGTH,
	DMAEXER_A_BUF_WIDTH,
	DMAEXER_A_BUF_VALUE,
	DMAEXER_A_BUF_MISMATCHES,
	DMAEXER_A_BUF_FIRST_MISMATCH,
	DMAEXER_A_BUF_EXPECTED,
	DMAEXER_A_BUF_ACTUAL,
	DMAEXER_A_BUF_CPU_ALIGNMENT,
	DMAEXER_A_BUF_KEEP,
	DMAEXER_A_BUF_LOST,
	DMAEXER_A_BUF_SHAPE,
	DMAEXER_A_BUF_PAGE_OFFSET,
	DMAEXER_A_BUF_DIRECTION,
	DMAEXER_A_BUF_SEGMENTS,
	DMAEXER_A_BUF_ALIGN,
	DMAEXER_A_BUF_BOUNDARY,
	DMAEXER_A_BUF_FREED_BY,

	__DMAEXER_A_BUF_MAX,
	DMAEXER_A_BUF_MAX = (__DMAEXER_A_BUF_MAX - 1)
};

enum {
	DMAEXER_A_AUDIT_CHECK = 1,
	DMAEXER_A_AUDIT_VERDICT,
	DMAEXER_A_AUDIT_REASON,

	__DMAEXER_A_AUDIT_MAX,
	DMAEXER_A_AUDIT_MAX = (__DMAEXER_A_AUDIT_MAX - 1)
};

enum {
	DMAEXER_A_XFER_PAD = 1,
	DMAEXER_A_XFER_DEV_ID,
	DMAEXER_A_XFER_DEV_NAME,
	DMAEXER_A_XFER_SRC,
	DMAEXER_A_XFER_SRC_OFFSET,
	DMAEXER_A_XFER_DST,
	DMAEXER_A_XFER_DST_OFFSET,
	DMAEXER_A_XFER_LENGTH,
	DMAEXER_A_XFER_TIMEOUT_MS,
	DMAEXER_A_XFER_TIME_NS,
	DMAEXER_A_XFER_COMPARED,
	DMAEXER_A_XFER_NOT_COPIED,
	DMAEXER_A_XFER_CORRUPTED,
	DMAEXER_A_XFER_OVERRUN,
	DMAEXER_A_XFER_FIRST_MISMATCH,
	DMAEXER_A_XFER_EXPECTED,
	DMAEXER_A_XFER_ACTUAL,

	__DMAEXER_A_XFER_MAX,
	DMAEXER_A_XFER_MAX = (__DMAEXER_A_XFER_MAX - 1)
};

enum {
	DMAEXER_A_PROTECT_PAD = 1,
	DMAEXER_A_PROTECT_DEV_ID,
	DMAEXER_A_PROTECT_DEV_NAME,
	DMAEXER_A_PROTECT_CASE,
	DMAEXER_A_PROTECT_OUTCOME,
	DMAEXER_A_PROTECT_REASON,
	DMAEXER_A_PROTECT_ADDR,
	DMAEXER_A_PROTECT_WINDOW_NS,
	DMAEXER_A_PROTECT_STOPPED_NS,

	__DMAEXER_A_PROTECT_MAX,
	DMAEXER_A_PROTECT_MAX = (__DMAEXER_A_PROTECT_MAX - 1)
};

enum {
	DMAEXER_A_FAULT_PAD = 1,
	DMAEXER_A_FAULT_OP,
	DMAEXER_A_FAULT_NTH,
	DMAEXER_A_FAULT_TIMES,
	DMAEXER_A_FAULT_ERRNO,
	DMAEXER_A_FAULT_OWNED,
	DMAEXER_A_FAULT_OWNER,
	DMAEXER_A_FAULT_PASSED,
	DMAEXER_A_FAULT_FAILED,
	DMAEXER_A_FAULT_LAST,

	__DMAEXER_A_FAULT_MAX,
	DMAEXER_A_FAULT_MAX = (__DMAEXER_A_FAULT_MAX - 1)
};

enum {
	DMAEXER_CMD_DEV_GET = 1,
	DMAEXER_CMD_DEV_NEW,
	DMAEXER_CMD_DEV_DEL,
	DMAEXER_CMD_DEV_SET,
	DMAEXER_CMD_DEV_ADD_NTF,
	DMAEXER_CMD_DEV_DEL_NTF,
	DMAEXER_CMD_BUF_GET,
	DMAEXER_CMD_BUF_NEW,
	DMAEXER_CMD_BUF_DEL,
	DMAEXER_CMD_BUF_SHARE,
	DMAEXER_CMD_BUF_READ,
	DMAEXER_CMD_BUF_WRITE,
	DMAEXER_CMD_BUF_FILL,
	DMAEXER_CMD_BUF_CHECK,
	DMAEXER_CMD_XFER_RUN,
	DMAEXER_CMD_PROTECT_RUN,
	DMAEXER_CMD_BUF_NEW_NTF,
	DMAEXER_CMD_BUF_SHARE_NTF,
	DMAEXER_CMD_BUF_DEL_NTF,
	DMAEXER_CMD_VIOLATION_NTF,
	DMAEXER_CMD_FAULT_SET,
	DMAEXER_CMD_FAULT_GET,
	DMAEXER_CMD_POSTMORTEM_GET,
	DMAEXER_CMD_POSTMORTEM_DEL,
	DMAEXER_CMD_POSTMORTEM_NEW_NTF,
	DMAEXER_CMD_POSTMORTEM_DEL_NTF,

	__DMAEXER_CMD_MAX,
	DMAEXER_CMD_MAX = (__DMAEXER_CMD_MAX - 1)
};

#define DMAEXER_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_DMAEXER_H */
