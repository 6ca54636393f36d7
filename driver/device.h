/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEVICE_H
#define _DMX_DEVICE_H

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "pins.h"

struct dentry;
struct device;
struct dma_chan;
struct dmx_copy;
struct dmx_device;
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
 * struct dmx_limits - what dmx_device_set() sets
 * @has_dma_mask: set the streaming mask to @dma_mask
 * @has_coherent_mask: set the coherent mask to @coherent_mask
 * @force: although buffers are live
 * @owned: to be put back when the socket goes that sets them
 * @max_seg_size: largest segment in bytes, 0 to leave it
 * @dma_mask: streaming mask
 * @coherent_mask: coherent mask
 */
struct dmx_limits {
	bool has_dma_mask;
	bool has_coherent_mask;
	bool force;
	bool owned;
	u32 max_seg_size;
	u64 dma_mask;
	u64 coherent_mask;
};

/**
 * struct dmx_device_spec - a device as it is taken
 * @dev: device that the DMA API is called for
 * @node: device that is named and shown; its driver data is dmaexer's
 * @chan: DMA channel, or NULL
 * @del: deletes the device on request, or NULL
 * @virtual: dmaexer made the device
 */
struct dmx_device_spec {
	struct device *dev;
	struct device *node;
	struct dma_chan *chan;
	int (*del)(struct dmx_device *ddev);
	bool virtual;
};

/**
 * struct dmx_device - a device that dmaexer exercises
 * @ref: holders of the structure
 * @id: number on the wire, from 1
 * @dev: device that the DMA API is called for; a reference is held
 * @node: device that is named and shown, @dev but for a channel; a reference
 *	is held
 * @chan: DMA channel, or NULL
 * @copy_align: alignment in bytes of what @chan copies
 * @del: deletes the device where a request may, or NULL
 * @virtual: dmaexer made the device
 * @found: limits of @dev as they were found, to be put back
 * @jobs: transfers of @chan under way
 * @chan_free: woken when a transfer leaves @chan
 * @chan_busy: bit 0 is set while a transfer has @chan
 * @copy_lock: protects @copy
 * @copy: the copy that @chan was given, or NULL
 * @space: address space of its buffers
 * @dma_rwsem: held for reading around every call of the DMA API and until a
 *	new buffer is published, for writing around mask changes and unbind
 * @gone: no more DMA API calls; protected by @dma_rwsem
 * @usage_lock: protects @usage
 * @usage: counters and quota
 * @ending: buffers that are withdrawn, and whose end is not told yet
 * @drained: woken when the last of these, or of the live ones, goes
 * @bufs: live buffers; protected by the lock of the registry
 * @name_node: in the list of the registry of all that have a name; same lock
 * @owner: socket that the device dies with, or NULL; same lock
 * @owner_portid: netlink port of @owner, 0 for none
 * @owner_node: in the list of @owner; same lock
 * @kept: limits of @dev to be put back when @limits_owner goes; protected by
 *	@dma_rwsem
 * @limits_owner: socket that the limits go back with, or NULL; same lock as
 *	@owner, and as long as the device is not gone @dma_rwsem too
 * @limits_portid: netlink port of @limits_owner, 0 for none
 * @limits_node: in the list of @limits_owner; same lock
 * @dir: debugfs directory of the device
 * @bufs_dir: debugfs directory of its buffers
 */
struct dmx_device {
	struct kref ref;
	u32 id;
	struct device *dev;
	struct device *node;
	struct dma_chan *chan;
	u32 copy_align;
	int (*del)(struct dmx_device *ddev);
	bool virtual;
	struct dmx_limits found;
	struct dmx_pins jobs;
	wait_queue_head_t chan_free;
	unsigned long chan_busy;
	spinlock_t copy_lock; /* protects copy */
	struct dmx_copy *copy;
	struct dmx_space *space;
	struct rw_semaphore dma_rwsem;
	bool gone;
	spinlock_t usage_lock; /* protects usage */
	struct dmx_usage usage;
	atomic_t ending;
	wait_queue_head_t drained;
	struct list_head bufs;
	struct list_head name_node;
	struct dmx_owner *owner;
	u32 owner_portid;
	struct list_head owner_node;
	struct dmx_limits kept;
	struct dmx_owner *limits_owner;
	u32 limits_portid;
	struct list_head limits_node;
	struct dentry *dir;
	struct dentry *bufs_dir;
};

/* what could not be set, or that another socket owns the limits */
enum dmx_limit {
	DMX_LIMIT_NONE,
	DMX_LIMIT_DMA_MASK,
	DMX_LIMIT_COHERENT_MASK,
	DMX_LIMIT_MAX_SEG_SIZE,
	DMX_LIMIT_OWNED,
};

/* which quota a reservation would pass, the last one that of all devices */
enum dmx_quota {
	DMX_QUOTA_NONE,
	DMX_QUOTA_BYTES,
	DMX_QUOTA_BUFS,
	DMX_QUOTA_MAX_BUFS,
};

void dmx_device_set_quotas(ulong bytes, uint bufs, uint all_bufs);
u64 dmx_device_quota_bytes(void);
struct dmx_device *dmx_device_new(const struct dmx_device_spec *spec);
void dmx_device_get(struct dmx_device *ddev);
void dmx_device_put(struct dmx_device *ddev);
DEFINE_FREE(dmx_device_put, struct dmx_device *, dmx_device_put(_T))

const char *dmx_device_name(const struct dmx_device *ddev);
const char *dmx_device_bus(const struct dmx_device *ddev);
u64 dmx_device_mask(struct device *dev);
int dmx_device_set_begin(struct dmx_device *ddev, bool force);
int dmx_device_set(struct dmx_device *ddev, const struct dmx_limits *limits,
		   enum dmx_limit *refused);
void dmx_device_set_end(struct dmx_device *ddev);
void dmx_device_keep(struct dmx_device *ddev);
void dmx_device_put_back(struct dmx_device *ddev);
void dmx_device_kill(struct dmx_device *ddev);
void dmx_device_drain(struct dmx_device *ddev);
void dmx_device_restore(struct dmx_device *ddev);

enum dmx_quota dmx_device_reserve(struct dmx_device *ddev, u64 bytes);
void dmx_device_release(struct dmx_device *ddev, u64 bytes);
void dmx_device_commit(struct dmx_device *ddev, u32 violations);
void dmx_device_usage(struct dmx_device *ddev, struct dmx_usage *usage);
void dmx_device_set_quota_bytes(struct dmx_device *ddev, u64 bytes);
void dmx_device_set_quota_bufs(struct dmx_device *ddev, u32 bufs);

/**
 * dmx_device_ending() - have the device wait for the end of a buffer
 * @ddev: a device
 */
static inline void dmx_device_ending(struct dmx_device *ddev)
{
	atomic_inc(&ddev->ending);
}

/**
 * dmx_device_ended() - the end of a buffer is told
 * @ddev: a device after dmx_device_ending(), once for each
 */
static inline void dmx_device_ended(struct dmx_device *ddev)
{
	atomic_dec(&ddev->ending);
	wake_up(&ddev->drained);
}

#endif
