// SPDX-License-Identifier: GPL-2.0
/*
 * The only place where a device becomes visible or vanishes, with whatever dies
 * with it or with a socket.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include <uapi/linux/dmaexer.h>

#include "buffer.h"
#include "debugfs.h"
#include "debugfs_postmortem.h"
#include "device.h"
#include "event.h"
#include "fault.h"
#include "owner.h"
#include "registry.h"
#include "registry_lock.h"

struct dmx_registry dmx_reg = {
	.lock = __MUTEX_INITIALIZER(dmx_reg.lock),
	.devs = XARRAY_INIT(dmx_reg.devs, XA_FLAGS_ALLOC1),
	.bufs = XARRAY_INIT(dmx_reg.bufs, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT),
	.postmortems = XARRAY_INIT(dmx_reg.postmortems, XA_FLAGS_ACCOUNT),
	.named = LIST_HEAD_INIT(dmx_reg.named),
	.next_dev = 1,
	.next_buf = 1,
};

/* below ULONG_MAX everywhere, so that a walk can go on after the last one */
static const struct xa_limit id_limit = XA_LIMIT(1, INT_MAX);

/**
 * dmx_registry_reserve() - take a number that is not found before it is stored
 * @xa: where the number is to be found
 * @id: the number
 * @next: where to look for it
 *
 * Context: sleeps; the lock of the registry is held.
 * Return: 0, -ENOMEM, or -EBUSY where no number is left.
 */
int dmx_registry_reserve(struct xarray *xa, u32 *id, u32 *next)
{
	int err;

	lockdep_assert_held(&dmx_reg.lock);
	err = dmx_fault(DMAEXER_FAULT_OP_NUMBER) ?:
	      xa_alloc_cyclic(xa, id, NULL, id_limit, next, GFP_KERNEL);
	return err < 0 ? err : 0;
}

static void dev_disown(struct dmx_device *ddev)
{
	lockdep_assert_held(&dmx_reg.lock);
	list_del_init(&ddev->owner_node);
	dmx_owner_put(ddev->owner);
	ddev->owner = NULL;
}

/* Two buses may have a device of that name, and debugfs has one of its own. */
static bool has_name(const char *name)
{
	struct dmx_device *ddev;

	lockdep_assert_held(&dmx_reg.lock);
	if (!strcmp(name, DMX_DEBUGFS_POSTMORTEM))
		return true;
	list_for_each_entry(ddev, &dmx_reg.named, name_node) {
		if (!strcmp(dmx_device_name(ddev), name))
			return true;
	}
	return false;
}

static int dev_own(struct dmx_device *ddev, const struct dmx_owner_id *id)
{
	lockdep_assert_held(&dmx_reg.lock);
	if (!id->sk)
		return 0;
	ddev->owner = dmx_owner_get(id);
	if (!ddev->owner)
		return -ENOMEM;
	ddev->owner_portid = id->portid;
	list_add_tail(&ddev->owner_node, &ddev->owner->devs);
	return 0;
}

static int dev_reserve(struct dmx_device *ddev,
		       const struct dmx_owner_id *id)
{
	int err;

	guard(mutex)(&dmx_reg.lock);
	if (has_name(dmx_device_name(ddev)))
		return -EEXIST;
	err = dmx_registry_reserve(&dmx_reg.devs, &ddev->id, &dmx_reg.next_dev);
	if (err)
		return err;
	err = dev_own(ddev, id);
	if (err)
		xa_release(&dmx_reg.devs, ddev->id);
	else
		list_add_tail(&ddev->name_node, &dmx_reg.named);
	return err;
}

/**
 * dmx_registry_dev_add() - take a device and make it visible
 * @spec: the device
 * @owner: the socket it dies with
 *
 * Context: sleeps.
 * Return: 0; -EEXIST where debugfs has something else of its name, by which it
 * would be found there; -ENOMEM; -EBUSY where no number is left.
 */
int dmx_registry_dev_add(const struct dmx_device_spec *spec,
			 const struct dmx_owner_id *owner)
{
	struct dmx_device *ddev;
	int err;

	ddev = dmx_device_new(spec);
	if (!ddev)
		return -ENOMEM;

	err = dev_reserve(ddev, owner);
	if (err) {
		dmx_device_put(ddev);
		return err;
	}

	dev_set_drvdata(ddev->node, ddev);
	dmx_debugfs_dev_add(ddev);
	mutex_lock(&dmx_reg.lock);
	xa_store(&dmx_reg.devs, ddev->id, ddev, GFP_KERNEL);
	mutex_unlock(&dmx_reg.lock);
	dmx_event_dev(DMAEXER_CMD_DEV_ADD_NTF, ddev);
	return 0;
}

/* What was found stays as long as the lock is held, and then by a reference. */
static struct dmx_device *hold_dev(struct dmx_device *ddev)
{
	lockdep_assert_held(&dmx_reg.lock);
	if (ddev)
		dmx_device_get(ddev);
	return ddev;
}

static struct dmx_buf *first_buf(struct dmx_device *ddev)
{
	guard(mutex)(&dmx_reg.lock);
	return dmx_registry_buf_hold(list_first_entry_or_null(&ddev->bufs,
							      struct dmx_buf,
							      dev_node));
}

/**
 * dmx_registry_dev_del() - withdraw a device and free every buffer of it
 * @node: a device that is being unbound, or the node of a channel
 *
 * Context: sleeps until no DMA API call is under way; not for user space.
 */
void dmx_registry_dev_del(struct device *node)
{
	struct dmx_device *ddev = dev_get_drvdata(node);
	struct dmx_buf *buf;

	mutex_lock(&dmx_reg.lock);
	xa_erase(&dmx_reg.devs, ddev->id);
	dev_disown(ddev);
	mutex_unlock(&dmx_reg.lock);

	dmx_device_kill(ddev);
	/* nobody becomes the owner of what is gone */
	dmx_registry_limits_disown(ddev);
	dmx_pins_close(&ddev->jobs);
	while ((buf = first_buf(ddev))) {
		dmx_registry_buf_gone(buf);
		dmx_buf_put(buf);
	}
	/* others may be in the middle of deleting a buffer */
	dmx_device_drain(ddev);
	dmx_device_restore(ddev);

	dmx_debugfs_dev_del(ddev);
	mutex_lock(&dmx_reg.lock);
	list_del(&ddev->name_node);
	mutex_unlock(&dmx_reg.lock);
	dmx_event_dev(DMAEXER_CMD_DEV_DEL_NTF, ddev);
	dev_set_drvdata(node, NULL);
	dmx_device_put(ddev);
}

/**
 * dmx_registry_dev_find() - find a device by number
 * @id: a number
 *
 * Context: sleeps.
 * Return: the device, with a reference, or NULL.
 */
struct dmx_device *dmx_registry_dev_find(u32 id)
{
	guard(mutex)(&dmx_reg.lock);
	return hold_dev(xa_load(&dmx_reg.devs, id));
}

/**
 * dmx_registry_dev_of() - find what a device of the kernel is here
 * @node: any device, or the node of a channel
 *
 * Context: sleeps.
 * Return: the device, with a reference, or NULL where it is not bound.
 */
struct dmx_device *dmx_registry_dev_of(struct device *node)
{
	struct dmx_device *ddev;
	unsigned long id;

	guard(mutex)(&dmx_reg.lock);
	xa_for_each(&dmx_reg.devs, id, ddev) {
		if (ddev->node == node)
			return hold_dev(ddev);
	}
	return NULL;
}

/**
 * dmx_registry_dev_next() - walk the devices
 * @id: lowest number to look at; afterwards that of the device
 *
 * Context: sleeps.
 * Return: the device, with a reference, or NULL at the end.
 */
struct dmx_device *dmx_registry_dev_next(unsigned long *id)
{
	guard(mutex)(&dmx_reg.lock);
	return hold_dev(xa_find(&dmx_reg.devs, id, ULONG_MAX, XA_PRESENT));
}

static struct dmx_buf *dead_buf(u32 portid)
{
	struct dmx_owner *owner;

	guard(mutex)(&dmx_reg.lock);
	owner = dmx_owner_dead(portid);
	if (!owner)
		return NULL;
	return dmx_registry_buf_hold(list_first_entry_or_null(&owner->bufs,
							      struct dmx_buf,
							      owner_node));
}

/* The device is taken from its owner: others may be about to delete it. */
static struct dmx_device *take_dead_dev(u32 portid)
{
	struct dmx_device *ddev;
	struct dmx_owner *owner;

	guard(mutex)(&dmx_reg.lock);
	owner = dmx_owner_dead(portid);
	if (!owner)
		return NULL;
	ddev = list_first_entry_or_null(&owner->devs, struct dmx_device,
					owner_node);
	if (ddev) {
		dmx_device_get(ddev);
		dev_disown(ddev);
	}
	return ddev;
}

static bool dead_buf_del(u32 portid)
{
	struct dmx_buf *buf = dead_buf(portid);

	if (!buf)
		return false;
	dmx_registry_buf_del(buf);
	dmx_buf_put(buf);
	return true;
}

static bool dead_dev_del(u32 portid)
{
	struct dmx_device *ddev = take_dead_dev(portid);

	if (!ddev)
		return false;
	ddev->del(ddev);
	dmx_device_put(ddev);
	return true;
}

/**
 * dmx_registry_owner_gone() - undo what goes with a socket
 * @portid: netlink port of a socket that was closed
 *
 * Limits are put back after its own buffers are freed. Every step looks at all
 * again, since there may be two dead sockets of that port.
 *
 * Context: sleeps.
 */
void dmx_registry_owner_gone(u32 portid)
{
	while (dead_buf_del(portid) || dmx_registry_limits_gone(portid) ||
	       dead_dev_del(portid) || dmx_registry_postmortem_gone(portid))
		;
}
