// SPDX-License-Identifier: GPL-2.0
/* A device that dmaexer exercises: masks, limits, quota, end of life. */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "device.h"
#include "fault.h"
#include "slots.h"
#include "space.h"

/* of a device to come */
static ulong quota_bytes;
static uint quota_bufs;

/**
 * dmx_device_set_quotas() - set what each new device begins with
 * @bytes: most live bytes, and most of all that is kept, 0 for half of memory
 * @bufs: most live buffers
 * @all_bufs: most buffers of all devices, live or kept
 *
 * Context: there is no device.
 */
void dmx_device_set_quotas(ulong bytes, uint bufs, uint all_bufs)
{
	quota_bytes = bytes;
	quota_bufs = bufs;
	dmx_slots_set_max(all_bufs);
}

/* high memory does not count: the kernel has no mapping of it */
static u64 half_of_memory(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return ((u64)(info.totalram - info.totalhigh) << PAGE_SHIFT) / 2;
}

/**
 * dmx_device_quota_bytes() - what each new device begins with
 *
 * What is kept of buffers whose device is gone has the same bound, all
 * together.
 *
 * Return: most live bytes.
 */
u64 dmx_device_quota_bytes(void)
{
	return quota_bytes ?: half_of_memory();
}

static void save_limits(struct device *dev, struct dmx_limits *found)
{
	found->has_dma_mask = dev->dma_mask;
	found->dma_mask = dmx_device_mask(dev);
	found->coherent_mask = dev->coherent_dma_mask;
	found->max_seg_size = dev->dma_parms ?
			      dev->dma_parms->max_segment_size : 0;
}

/**
 * dmx_device_new() - take a device
 * @spec: the device
 *
 * Context: sleeps.
 * Return: the device, with one reference, or NULL where memory is short.
 */
struct dmx_device *dmx_device_new(const struct dmx_device_spec *spec)
{
	struct dmx_device *ddev;

	ddev = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
	       kzalloc(sizeof(*ddev), GFP_KERNEL_ACCOUNT);
	if (!ddev)
		return NULL;

	ddev->space = dmx_space_get(spec->dev);
	if (!ddev->space) {
		kfree(ddev);
		return NULL;
	}

	kref_init(&ddev->ref);
	ddev->dev = get_device(spec->dev);
	ddev->node = get_device(spec->node);
	ddev->chan = spec->chan;
	if (spec->chan)
		ddev->copy_align = 1U << spec->chan->device->copy_align;
	ddev->del = spec->del;
	ddev->virtual = spec->virtual;
	save_limits(spec->dev, &ddev->found);
	dmx_pins_init(&ddev->jobs);
	init_waitqueue_head(&ddev->chan_free);
	spin_lock_init(&ddev->copy_lock);
	init_rwsem(&ddev->dma_rwsem);
	spin_lock_init(&ddev->usage_lock);
	init_waitqueue_head(&ddev->drained);
	INIT_LIST_HEAD(&ddev->bufs);
	INIT_LIST_HEAD(&ddev->owner_node);
	INIT_LIST_HEAD(&ddev->limits_node);
	ddev->usage.quota_bytes = dmx_device_quota_bytes();
	ddev->usage.quota_bufs = quota_bufs;
	return ddev;
}

static void device_release(struct kref *ref)
{
	struct dmx_device *ddev = container_of(ref, struct dmx_device, ref);

	dmx_space_put(ddev->space);
	put_device(ddev->node);
	put_device(ddev->dev);
	kfree(ddev);
}

/**
 * dmx_device_get() - take a reference
 * @ddev: a device
 */
void dmx_device_get(struct dmx_device *ddev)
{
	kref_get(&ddev->ref);
}

/**
 * dmx_device_put() - drop a reference
 * @ddev: a device; NULL and errors are passed over
 *
 * Context: sleeps.
 */
void dmx_device_put(struct dmx_device *ddev)
{
	if (!IS_ERR_OR_NULL(ddev))
		kref_put(&ddev->ref, device_release);
}

/**
 * dmx_device_name() - name of a device
 * @ddev: a device
 *
 * Return: what the kernel calls it.
 */
const char *dmx_device_name(const struct dmx_device *ddev)
{
	return dev_name(ddev->node);
}

/**
 * dmx_device_bus() - where a device was found
 * @ddev: a device
 *
 * Return: name of the bus, or "dma" for a channel.
 */
const char *dmx_device_bus(const struct dmx_device *ddev)
{
	return ddev->chan ? "dma" : ddev->dev->bus->name;
}

static int set_masks(struct device *dev, const struct dmx_limits *limits,
		     enum dmx_limit *refused)
{
	u64 old_coherent_mask = dev->coherent_dma_mask;
	int err;

	if (limits->has_coherent_mask) {
		*refused = DMX_LIMIT_COHERENT_MASK;
		err = dmx_fault(DMAEXER_FAULT_OP_MASK) ?:
		      dma_set_coherent_mask(dev, limits->coherent_mask);
		if (err)
			return err;
	}

	if (limits->has_dma_mask) {
		*refused = DMX_LIMIT_DMA_MASK;
		err = dmx_fault(DMAEXER_FAULT_OP_MASK) ?:
		      dma_set_mask(dev, limits->dma_mask);
		if (err) {
			/* not set, which may refuse what was there before */
			dev->coherent_dma_mask = old_coherent_mask;
			return err;
		}
	}

	return 0;
}

/**
 * dmx_device_set_begin() - have the limits of a device alone
 * @ddev: a device
 * @force: although buffers are live
 *
 * Context: sleeps until no DMA API call is under way.
 * Return: 0, and then dmx_device_set_end() follows; -EBUSY while a buffer is
 * live, unless forced; -ENODEV where the device is gone; -EOPNOTSUPP where it
 * is a channel, whose limits are its driver's; -EINTR where a fatal signal
 * came.
 */
int dmx_device_set_begin(struct dmx_device *ddev, bool force)
{
	int err = 0;

	if (ddev->chan)
		return -EOPNOTSUPP;
	/* Who would wait for an allocation would find its buffer live. */
	if (!force && READ_ONCE(ddev->usage.live_bufs))
		return READ_ONCE(ddev->gone) ? -ENODEV : -EBUSY;
	if (down_write_killable(&ddev->dma_rwsem))
		return -EINTR;

	/* Under the write lock nothing is allocated, so 0 stays 0. */
	if (ddev->gone)
		err = -ENODEV;
	else if (!force && READ_ONCE(ddev->usage.live_bufs))
		err = -EBUSY;
	if (err)
		up_write(&ddev->dma_rwsem);
	return err;
}

/**
 * dmx_device_set_end() - let others have the limits of a device
 * @ddev: a device after dmx_device_set_begin()
 */
void dmx_device_set_end(struct dmx_device *ddev)
{
	up_write(&ddev->dma_rwsem);
}

/**
 * dmx_device_set() - set masks and segment size, all or nothing
 * @ddev: a device after dmx_device_set_begin()
 * @limits: what to set
 * @refused: on error, what the platform refused
 *
 * Return: 0; -EIO where the platform refuses a mask; -EOPNOTSUPP where the
 * device has no segment size.
 */
int dmx_device_set(struct dmx_device *ddev, const struct dmx_limits *limits,
		   enum dmx_limit *refused)
{
	struct device *dev = ddev->dev;
	int err;

	lockdep_assert_held_write(&ddev->dma_rwsem);
	if (limits->max_seg_size && !dev->dma_parms) {
		*refused = DMX_LIMIT_MAX_SEG_SIZE;
		return -EOPNOTSUPP;
	}

	err = set_masks(dev, limits, refused);
	if (err)
		return err;

	if (limits->max_seg_size)
		dma_set_max_seg_size(dev, limits->max_seg_size);
	return 0;
}

static void restore_limits(struct device *dev, const struct dmx_limits *found)
{
	if (found->has_dma_mask)
		*dev->dma_mask = found->dma_mask;
	dev->coherent_dma_mask = found->coherent_mask;
	if (dev->dma_parms)
		dev->dma_parms->max_segment_size = found->max_seg_size;
}

/**
 * dmx_device_keep() - note the limits for dmx_device_put_back()
 * @ddev: a device after dmx_device_set_begin()
 */
void dmx_device_keep(struct dmx_device *ddev)
{
	lockdep_assert_held_write(&ddev->dma_rwsem);
	save_limits(ddev->dev, &ddev->kept);
}

/**
 * dmx_device_put_back() - put back the limits that were kept
 * @ddev: a device; its dma_rwsem is held for writing
 *
 * Of one that is gone the limits are restored otherwise, or not its own.
 */
void dmx_device_put_back(struct dmx_device *ddev)
{
	lockdep_assert_held_write(&ddev->dma_rwsem);
	if (!ddev->gone)
		restore_limits(ddev->dev, &ddev->kept);
}

/**
 * dmx_device_mask() - streaming mask as it is
 * @dev: a device
 *
 * Not dma_get_mask(), which says 32 bits for none.
 *
 * Return: the mask, 0 for none.
 */
u64 dmx_device_mask(struct device *dev)
{
	return dev->dma_mask ? *dev->dma_mask : 0;
}

/**
 * dmx_device_kill() - let no more DMA API calls begin
 * @ddev: a device that is being unbound
 *
 * Context: sleeps until no DMA API call is under way.
 */
void dmx_device_kill(struct dmx_device *ddev)
{
	down_write(&ddev->dma_rwsem);
	WRITE_ONCE(ddev->gone, true);
	up_write(&ddev->dma_rwsem);
}

/**
 * dmx_device_drain() - wait until every buffer is freed, and its end told
 * @ddev: a device after dmx_device_kill()
 *
 * Context: sleeps.
 */
void dmx_device_drain(struct dmx_device *ddev)
{
	wait_event(ddev->drained,
		   !READ_ONCE(ddev->usage.live_bufs) &&
		   !atomic_read(&ddev->ending));
}

/**
 * dmx_device_restore() - put back the limits that were found
 * @ddev: a device after dmx_device_drain()
 */
void dmx_device_restore(struct dmx_device *ddev)
{
	if (!ddev->chan)
		restore_limits(ddev->dev, &ddev->found);
}

static struct dmx_usage *usage_of(struct dmx_device *ddev)
{
	lockdep_assert_held(&ddev->usage_lock);
	return &ddev->usage;
}

/**
 * dmx_device_reserve() - count a buffer in, before it is allocated
 * @ddev: a device
 * @bytes: its bytes, whole pages
 *
 * Return: DMX_QUOTA_NONE, or the quota that it would pass.
 */
enum dmx_quota dmx_device_reserve(struct dmx_device *ddev, u64 bytes)
{
	enum dmx_quota quota = DMX_QUOTA_NONE;
	struct dmx_usage *usage;

	spin_lock(&ddev->usage_lock);
	usage = usage_of(ddev);
	if (usage->live_bufs >= usage->quota_bufs) {
		quota = DMX_QUOTA_BUFS;
	} else if (usage->live_bytes > usage->quota_bytes ||
		   bytes > usage->quota_bytes - usage->live_bytes) {
		quota = DMX_QUOTA_BYTES;
	} else if (!dmx_slot_take()) {
		quota = DMX_QUOTA_MAX_BUFS;
	} else {
		usage->live_bytes += bytes;
		WRITE_ONCE(usage->live_bufs, usage->live_bufs + 1);
	}
	spin_unlock(&ddev->usage_lock);

	return quota;
}

/**
 * dmx_device_release() - count a buffer out, after it is freed
 * @ddev: a device
 * @bytes: what was reserved for it
 */
void dmx_device_release(struct dmx_device *ddev, u64 bytes)
{
	struct dmx_usage *usage;

	spin_lock(&ddev->usage_lock);
	usage = usage_of(ddev);
	usage->live_bytes -= bytes;
	WRITE_ONCE(usage->live_bufs, usage->live_bufs - 1);
	spin_unlock(&ddev->usage_lock);
	dmx_slot_give();

	wake_up(&ddev->drained);
}

/**
 * dmx_device_commit() - count a buffer that becomes visible
 * @ddev: a device
 * @violations: number of checks that its audit found violated
 */
void dmx_device_commit(struct dmx_device *ddev, u32 violations)
{
	spin_lock(&ddev->usage_lock);
	usage_of(ddev)->total_bufs++;
	usage_of(ddev)->violations += violations;
	spin_unlock(&ddev->usage_lock);
}

/**
 * dmx_device_usage() - counters and quota, at one instant
 * @ddev: a device
 * @usage: where they go
 */
void dmx_device_usage(struct dmx_device *ddev, struct dmx_usage *usage)
{
	spin_lock(&ddev->usage_lock);
	*usage = *usage_of(ddev);
	spin_unlock(&ddev->usage_lock);
}

/**
 * dmx_device_set_quota_bytes() - set the most live bytes
 * @ddev: a device
 * @bytes: the quota; below what is live it only refuses new buffers
 */
void dmx_device_set_quota_bytes(struct dmx_device *ddev, u64 bytes)
{
	spin_lock(&ddev->usage_lock);
	ddev->usage.quota_bytes = bytes;
	spin_unlock(&ddev->usage_lock);
}

/**
 * dmx_device_set_quota_bufs() - set the most live buffers
 * @ddev: a device
 * @bufs: the quota; below what is live it only refuses new buffers
 */
void dmx_device_set_quota_bufs(struct dmx_device *ddev, u32 bufs)
{
	spin_lock(&ddev->usage_lock);
	ddev->usage.quota_bufs = bufs;
	spin_unlock(&ddev->usage_lock);
}
