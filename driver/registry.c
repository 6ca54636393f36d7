// SPDX-License-Identifier: GPL-2.0
/* The only place where a device or a buffer becomes visible or vanishes. */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include <uapi/linux/dmaexer.h>

#include "buffer.h"
#include "debugfs.h"
#include "debugfs_data.h"
#include "device.h"
#include "event.h"
#include "owner.h"
#include "registry.h"
#include "virtual.h"

static struct {
	struct mutex lock; /* protects all below, and the lists of objects */
	struct xarray devs;
	struct xarray bufs;
	u32 next_dev;
	u32 next_buf;
} reg = {
	.lock = __MUTEX_INITIALIZER(reg.lock),
	.devs = XARRAY_INIT(reg.devs, XA_FLAGS_ALLOC1),
	.bufs = XARRAY_INIT(reg.bufs, XA_FLAGS_ALLOC1),
	.next_dev = 1,
	.next_buf = 1,
};

/* below ULONG_MAX everywhere, so that a walk can go on after the last one */
static const struct xa_limit id_limit = XA_LIMIT(1, INT_MAX);

/* A number that is taken, but not found before it is stored. */
static int reserve_id(struct xarray *xa, u32 *id, u32 *next)
{
	int err;

	err = xa_alloc_cyclic(xa, id, NULL, id_limit, next, GFP_KERNEL);
	return err < 0 ? err : 0;
}

static void dev_disown(struct dmx_device *ddev)
{
	lockdep_assert_held(&reg.lock);
	list_del_init(&ddev->owner_node);
	dmx_owner_put(ddev->owner);
	ddev->owner = NULL;
}

static int dev_reserve(struct dmx_device *ddev)
{
	struct dmx_owner_id id;
	int err;

	dmx_virtual_owner(ddev->dev, &id);

	guard(mutex)(&reg.lock);
	err = reserve_id(&reg.devs, &ddev->id, &reg.next_dev);
	if (err || !id.sk)
		return err;

	ddev->owner = dmx_owner_get(&id);
	if (!ddev->owner) {
		xa_release(&reg.devs, ddev->id);
		return -ENOMEM;
	}
	ddev->owner_portid = id.portid;
	list_add_tail(&ddev->owner_node, &ddev->owner->devs);
	return 0;
}

/**
 * dmx_registry_dev_add() - take a device and make it visible
 * @dev: a device that is being bound
 *
 * Context: sleeps.
 * Return: 0, -ENOMEM, or -EBUSY where no number is left.
 */
int dmx_registry_dev_add(struct device *dev)
{
	struct dmx_device *ddev;
	int err;

	ddev = dmx_device_new(dev, dmx_virtual_has(dev));
	if (!ddev)
		return -ENOMEM;

	err = dev_reserve(ddev);
	if (err) {
		dmx_device_put(ddev);
		return err;
	}

	dev_set_drvdata(dev, ddev);
	dmx_debugfs_dev_add(ddev);
	mutex_lock(&reg.lock);
	xa_store(&reg.devs, ddev->id, ddev, GFP_KERNEL);
	mutex_unlock(&reg.lock);
	dmx_event_dev(DMAEXER_CMD_DEV_ADD_NTF, ddev);
	return 0;
}

static struct dmx_buf *first_buf(struct dmx_device *ddev)
{
	struct dmx_buf *buf;

	guard(mutex)(&reg.lock);
	buf = list_first_entry_or_null(&ddev->bufs, struct dmx_buf, dev_node);
	if (buf)
		dmx_buf_get(buf);
	return buf;
}

/**
 * dmx_registry_dev_del() - withdraw a device and free every buffer of it
 * @dev: a device that is being unbound
 *
 * Context: sleeps until no DMA API call is under way; not for user space.
 */
void dmx_registry_dev_del(struct device *dev)
{
	struct dmx_device *ddev = dev_get_drvdata(dev);
	struct dmx_buf *buf;

	mutex_lock(&reg.lock);
	xa_erase(&reg.devs, ddev->id);
	dev_disown(ddev);
	mutex_unlock(&reg.lock);

	dmx_device_kill(ddev);
	while ((buf = first_buf(ddev))) {
		dmx_registry_buf_del(buf);
		dmx_buf_put(buf);
	}
	/* others may be in the middle of deleting a buffer */
	dmx_device_drain(ddev);

	dmx_debugfs_dev_del(ddev);
	dmx_event_dev(DMAEXER_CMD_DEV_DEL_NTF, ddev);
	dev_set_drvdata(dev, NULL);
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
	struct dmx_device *ddev;

	guard(mutex)(&reg.lock);
	ddev = xa_load(&reg.devs, id);
	if (ddev)
		dmx_device_get(ddev);
	return ddev;
}

/**
 * dmx_registry_dev_of() - find what a device of the kernel is here
 * @dev: any device
 *
 * Context: sleeps.
 * Return: the device, with a reference, or NULL where it is not bound.
 */
struct dmx_device *dmx_registry_dev_of(struct device *dev)
{
	struct dmx_device *ddev;
	unsigned long id;

	guard(mutex)(&reg.lock);
	xa_for_each(&reg.devs, id, ddev) {
		if (ddev->dev == dev) {
			dmx_device_get(ddev);
			return ddev;
		}
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
	struct dmx_device *ddev;

	guard(mutex)(&reg.lock);
	ddev = xa_find(&reg.devs, id, ULONG_MAX, XA_PRESENT);
	if (ddev)
		dmx_device_get(ddev);
	return ddev;
}

static int buf_publish(struct dmx_buf *buf, const struct dmx_owner_id *id)
{
	struct dmx_owner *owner = NULL;

	guard(mutex)(&reg.lock);
	if (id->sk) {
		owner = dmx_owner_get(id);
		if (!owner)
			return -ENOMEM;
		buf->owner = owner;
		buf->owner_portid = id->portid;
		list_add_tail(&buf->owner_node, &owner->bufs);
	}
	list_add_tail(&buf->dev_node, &buf->ddev->bufs);
	dmx_buf_get(buf);
	xa_store(&reg.bufs, buf->id, buf, GFP_KERNEL);

	/* still under the lock, so that no news of its end comes before */
	dmx_event_buf(DMAEXER_CMD_BUF_NEW_NTF, buf);
	if (dmx_audit_violations(&buf->audit))
		dmx_event_buf(DMAEXER_CMD_VIOLATION_NTF, buf);
	return 0;
}

static int buf_add(struct dmx_buf *buf, const struct dmx_owner_id *owner)
{
	int err;

	mutex_lock(&reg.lock);
	err = reserve_id(&reg.bufs, &buf->id, &reg.next_buf);
	mutex_unlock(&reg.lock);
	if (err)
		return err;

	dmx_debugfs_buf_add(buf);
	err = buf_publish(buf, owner);
	if (err) {
		dmx_debugfs_buf_del(buf);
		mutex_lock(&reg.lock);
		xa_release(&reg.bufs, buf->id);
		mutex_unlock(&reg.lock);
	}
	return err;
}

/**
 * dmx_registry_buf_new() - allocate a buffer and make it visible
 * @ddev: device to allocate for
 * @spec: what to allocate
 * @owner: the socket it dies with
 * @refusal: why it was refused
 *
 * Context: sleeps.
 * Return: the buffer, with a reference; -EINTR where a fatal signal came; or
 * the error of dmx_buf_new().
 */
struct dmx_buf *dmx_registry_buf_new(struct dmx_device *ddev,
				     const struct dmx_buf_spec *spec,
				     const struct dmx_owner_id *owner,
				     enum dmx_refusal *refusal)
{
	struct dmx_buf *buf;
	int err;

	*refusal = DMX_REFUSAL_NONE;
	if (down_read_killable(&ddev->dma_rwsem))
		return ERR_PTR(-EINTR);

	buf = dmx_buf_new(ddev, spec, refusal);
	err = PTR_ERR_OR_ZERO(buf);
	if (!err)
		err = buf_add(buf, owner);
	up_read(&ddev->dma_rwsem);

	if (IS_ERR(buf))
		return buf;
	if (err) {
		dmx_buf_revoke(buf);
		dmx_buf_put(buf);
		return ERR_PTR(err);
	}

	return buf;
}

/* Whoever takes the number out goes on to free the buffer. */
static bool buf_withdraw(struct dmx_buf *buf)
{
	guard(mutex)(&reg.lock);
	if (xa_load(&reg.bufs, buf->id) != buf)
		return false;

	xa_erase(&reg.bufs, buf->id);
	list_del_init(&buf->dev_node);
	list_del_init(&buf->owner_node);
	dmx_owner_put(buf->owner);
	buf->owner = NULL;
	return true;
}

/**
 * dmx_registry_buf_del() - withdraw a buffer and free its memory
 * @buf: a buffer
 *
 * Context: sleeps until no access is under way.
 * Return: 0, or -ENOENT where somebody else deletes it.
 */
int dmx_registry_buf_del(struct dmx_buf *buf)
{
	if (!buf_withdraw(buf))
		return -ENOENT;

	dmx_debugfs_buf_del(buf);
	dmx_buf_revoke(buf);
	dmx_event_buf(DMAEXER_CMD_BUF_DEL_NTF, buf);
	dmx_buf_put(buf);
	return 0;
}

/**
 * dmx_registry_buf_share() - turn a box into a coherent buffer, visibly
 * @buf: a buffer
 *
 * Context: sleeps.
 * Return: 0, or the error of dmx_buf_share().
 */
int dmx_registry_buf_share(struct dmx_buf *buf)
{
	int err;

	err = dmx_buf_share(buf);
	if (err)
		return err;

	/* its files are there, and its end is no news, until it is withdrawn */
	mutex_lock(&reg.lock);
	if (xa_load(&reg.bufs, buf->id) == buf) {
		dmx_debugfs_data_share(buf);
		dmx_event_buf(DMAEXER_CMD_BUF_SHARE_NTF, buf);
	}
	mutex_unlock(&reg.lock);
	return 0;
}

/**
 * dmx_registry_buf_find() - find a buffer by number
 * @id: a number
 *
 * Context: sleeps.
 * Return: the buffer, with a reference, or NULL.
 */
struct dmx_buf *dmx_registry_buf_find(u32 id)
{
	struct dmx_buf *buf;

	guard(mutex)(&reg.lock);
	buf = xa_load(&reg.bufs, id);
	if (buf)
		dmx_buf_get(buf);
	return buf;
}

/**
 * dmx_registry_buf_next() - walk the buffers
 * @id: lowest number to look at; afterwards that of the buffer
 * @ddev: only buffers of this device, or NULL for all
 *
 * Context: sleeps.
 * Return: the buffer, with a reference, or NULL at the end.
 */
struct dmx_buf *dmx_registry_buf_next(unsigned long *id,
				      const struct dmx_device *ddev)
{
	struct dmx_buf *buf;

	guard(mutex)(&reg.lock);
	for (buf = xa_find(&reg.bufs, id, ULONG_MAX, XA_PRESENT); buf;
	     buf = xa_find_after(&reg.bufs, id, ULONG_MAX, XA_PRESENT)) {
		if (!ddev || buf->ddev == ddev) {
			dmx_buf_get(buf);
			break;
		}
	}
	return buf;
}

static struct dmx_buf *dead_buf(u32 portid)
{
	struct dmx_owner *owner;
	struct dmx_buf *buf;

	guard(mutex)(&reg.lock);
	owner = dmx_owner_dead(portid);
	if (!owner)
		return NULL;
	buf = list_first_entry_or_null(&owner->bufs, struct dmx_buf,
				       owner_node);
	if (buf)
		dmx_buf_get(buf);
	return buf;
}

/* The device is taken from its owner: others may be about to delete it. */
static struct dmx_device *take_dead_dev(u32 portid)
{
	struct dmx_device *ddev;
	struct dmx_owner *owner;

	guard(mutex)(&reg.lock);
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

/**
 * dmx_registry_owner_gone() - delete what dies with a socket
 * @portid: netlink port of a socket that was closed
 *
 * Context: sleeps.
 */
void dmx_registry_owner_gone(u32 portid)
{
	struct dmx_device *ddev;
	struct dmx_buf *buf;

	while ((buf = dead_buf(portid))) {
		dmx_registry_buf_del(buf);
		dmx_buf_put(buf);
	}
	while ((ddev = take_dead_dev(portid))) {
		dmx_virtual_del(ddev->dev);
		dmx_device_put(ddev);
	}
}
