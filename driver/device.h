/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEVICE_H
#define _DMX_DEVICE_H

#include <linux/cleanup.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

struct dentry;
struct device;
struct dmx_owner;
struct dmx_space;

/**
 * struct dmx_usage - what a device has allocated, and may
 * @live_bytes: bytes of the live buffers, whole pages
 * @live_bufs: number of live buffers
 * @total_bufs: number of buffers ever allocated
 * @violations: number of audit checks that were violated
 * @quota_bytes: most live bytes
 * @quota_bufs: most live buffers
 */
struct dmx_usage {
	u64 live_bytes;
	u32 live_bufs;
	u64 total_bufs;
	u64 violations;
	u64 quota_bytes;
	u32 quota_bufs;
};

/**
 * struct dmx_device - a device that dmaexer exercises
 * @ref: holders of the structure
 * @id: number on the wire, from 1
 * @dev: the device; a reference is held
 * @virtual: dmaexer made the device
 * @space: address space of its buffers
 * @dma_rwsem: held for reading around every call of the DMA API and until a
 *	new buffer is published, for writing around mask changes and unbind
 * @gone: no more DMA API calls; protected by @dma_rwsem
 * @usage_lock: protects @usage
 * @usage: counters and quota
 * @drained: woken when the last live buffer goes
 * @bufs: live buffers; protected by the lock of the registry
 * @owner: socket that the device dies with, or NULL; same lock
 * @owner_portid: netlink port of @owner, 0 for none
 * @owner_node: in the list of @owner; same lock
 * @dir: debugfs directory of the device
 * @bufs_dir: debugfs directory of its buffers
 */
struct dmx_device {
	struct kref ref;
	u32 id;
	struct device *dev;
	bool virtual;
	struct dmx_space *space;
	struct rw_semaphore dma_rwsem;
	bool gone;
	spinlock_t usage_lock; /* protects usage */
	struct dmx_usage usage;
	wait_queue_head_t drained;
	struct list_head bufs;
	struct dmx_owner *owner;
	u32 owner_portid;
	struct list_head owner_node;
	struct dentry *dir;
	struct dentry *bufs_dir;
};

/**
 * struct dmx_limits - what dmx_device_set() sets
 * @has_dma_mask: set the streaming mask to @dma_mask
 * @has_coherent_mask: set the coherent mask to @coherent_mask
 * @max_seg_size: largest segment in bytes, 0 to leave it
 * @dma_mask: streaming mask
 * @coherent_mask: coherent mask
 */
struct dmx_limits {
	bool has_dma_mask;
	bool has_coherent_mask;
	u32 max_seg_size;
	u64 dma_mask;
	u64 coherent_mask;
};

/* what dmx_device_set() could not set */
enum dmx_limit {
	DMX_LIMIT_NONE,
	DMX_LIMIT_DMA_MASK,
	DMX_LIMIT_COHERENT_MASK,
	DMX_LIMIT_MAX_SEG_SIZE,
};

/* which quota a reservation would pass */
enum dmx_quota {
	DMX_QUOTA_NONE,
	DMX_QUOTA_BYTES,
	DMX_QUOTA_BUFS,
};

struct dmx_device *dmx_device_new(struct device *dev, bool virtual);
void dmx_device_get(struct dmx_device *ddev);
void dmx_device_put(struct dmx_device *ddev);
DEFINE_FREE(dmx_device_put, struct dmx_device *, dmx_device_put(_T))

u64 dmx_device_mask(struct device *dev);
int dmx_device_set(struct dmx_device *ddev, const struct dmx_limits *limits,
		   enum dmx_limit *refused);
void dmx_device_kill(struct dmx_device *ddev);
void dmx_device_drain(struct dmx_device *ddev);

enum dmx_quota dmx_device_reserve(struct dmx_device *ddev, u64 bytes);
void dmx_device_release(struct dmx_device *ddev, u64 bytes);
void dmx_device_commit(struct dmx_device *ddev, u32 violations);
void dmx_device_usage(struct dmx_device *ddev, struct dmx_usage *usage);
void dmx_device_set_quota_bytes(struct dmx_device *ddev, u64 bytes);
void dmx_device_set_quota_bufs(struct dmx_device *ddev, u32 bufs);

#endif
