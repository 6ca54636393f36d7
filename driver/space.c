// SPDX-License-Identifier: GPL-2.0
/* The live DMA addresses of an address space, which devices may share. */

#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/interval_tree_generic.h>
#include <linux/iommu.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "fault.h"
#include "space.h"

struct dmx_space {
	struct kref ref;
	struct list_head node;
	const void *key;
	spinlock_t lock; /* protects all below */
	struct rb_root_cached ranges;
	u32 bufs;
	bool claimed;
};

static DEFINE_MUTEX(spaces_lock); /* protects spaces */
static LIST_HEAD(spaces);

static u64 range_start(const struct dmx_range *range)
{
	return range->start;
}

static u64 range_last(const struct dmx_range *range)
{
	return range->last;
}

/* Not lib/interval_tree.c: its keys are unsigned long, narrower on 32 bit. */
INTERVAL_TREE_DEFINE(struct dmx_range, rb, u64, subtree_last, range_start,
		     range_last, static __maybe_unused, range_tree)

/*
 * Devices of one IOMMU domain share its IOVAs. Without one, addresses are
 * those of memory, shared by all, but for a bus that translates them in a way
 * of its own, or operations that may.
 */
static const void *space_key(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (domain && domain->type & __IOMMU_DOMAIN_PAGING)
		return domain;
	return get_dma_ops(dev) || dev->dma_range_map ? dev : NULL;
}

/**
 * dmx_space_get() - address space of a device
 * @dev: a device that is bound
 *
 * Context: sleeps.
 * Return: the space, with a reference, or NULL where memory is short.
 */
struct dmx_space *dmx_space_get(struct device *dev)
{
	const void *key = space_key(dev);
	struct dmx_space *space;

	guard(mutex)(&spaces_lock);

	list_for_each_entry(space, &spaces, node) {
		if (space->key == key) {
			kref_get(&space->ref);
			return space;
		}
	}

	space = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		kzalloc(sizeof(*space), GFP_KERNEL);
	if (!space)
		return NULL;
	kref_init(&space->ref);
	spin_lock_init(&space->lock);
	space->key = key;
	space->ranges = RB_ROOT_CACHED;
	list_add(&space->node, &spaces);
	return space;
}

static void space_release(struct kref *ref)
{
	struct dmx_space *space = container_of(ref, struct dmx_space, ref);

	lockdep_assert_held(&spaces_lock);
	list_del(&space->node);
	mutex_unlock(&spaces_lock);
	kfree(space);
}

/**
 * dmx_space_put() - drop a reference
 * @space: a space
 *
 * Context: sleeps.
 */
void dmx_space_put(struct dmx_space *space)
{
	kref_put_mutex(&space->ref, space_release, &spaces_lock);
}

/**
 * dmx_space_enter() - announce a buffer
 * @space: a space
 *
 * Return: true, and then dmx_space_leave() follows; false where the space is
 * claimed.
 */
bool dmx_space_enter(struct dmx_space *space)
{
	bool entered;

	spin_lock(&space->lock);
	entered = !space->claimed;
	space->bufs += entered;
	spin_unlock(&space->lock);

	return entered;
}

/**
 * dmx_space_leave() - a buffer is freed, or did not come
 * @space: a space
 */
void dmx_space_leave(struct dmx_space *space)
{
	spin_lock(&space->lock);
	space->bufs--;
	spin_unlock(&space->lock);
}

/**
 * dmx_space_claim() - keep an address space free of buffers
 * @space: a space
 *
 * Return: true, and then dmx_space_unclaim() follows; false where it has
 * buffers or is claimed.
 */
bool dmx_space_claim(struct dmx_space *space)
{
	bool claimed;

	spin_lock(&space->lock);
	claimed = !space->bufs && !space->claimed;
	space->claimed |= claimed;
	spin_unlock(&space->lock);

	return claimed;
}

/**
 * dmx_space_unclaim() - let buffers in again
 * @space: a space that is claimed
 */
void dmx_space_unclaim(struct dmx_space *space)
{
	spin_lock(&space->lock);
	space->claimed = false;
	spin_unlock(&space->lock);
}

/**
 * dmx_space_add() - enter the addresses of a new buffer
 * @space: a space
 * @range: the addresses
 *
 * Return: true where another live buffer has one of the addresses; they are
 * entered all the same.
 */
bool dmx_space_add(struct dmx_space *space, struct dmx_range *range)
{
	bool overlap;

	spin_lock(&space->lock);
	overlap = range_tree_iter_first(&space->ranges, range->start,
					range->last);
	range_tree_insert(range, &space->ranges);
	spin_unlock(&space->lock);

	return overlap;
}

/**
 * dmx_space_del() - take the addresses of a buffer out
 * @space: a space
 * @range: addresses that were entered
 */
void dmx_space_del(struct dmx_space *space, struct dmx_range *range)
{
	spin_lock(&space->lock);
	range_tree_remove(range, &space->ranges);
	spin_unlock(&space->lock);
}
