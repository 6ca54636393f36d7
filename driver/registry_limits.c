// SPDX-License-Identifier: GPL-2.0
/* Limits of a device that go back to what they were when a socket goes. */

#include <linux/mutex.h>
#include <linux/rwsem.h>

#include "device.h"
#include "owner.h"
#include "registry.h"
#include "registry_lock.h"

static void disown(struct dmx_device *ddev)
{
	struct dmx_owner *owner = ddev->limits_owner;

	lockdep_assert_held(&dmx_reg.lock);
	list_del_init(&ddev->limits_node);
	WRITE_ONCE(ddev->limits_portid, 0);
	ddev->limits_owner = NULL;
	dmx_owner_put(owner);
}

/**
 * dmx_registry_limits_disown() - the limits of a device stay as they are
 * @ddev: a device that is gone, or whose dma_rwsem is held for writing
 *
 * Context: sleeps.
 */
void dmx_registry_limits_disown(struct dmx_device *ddev)
{
	guard(mutex)(&dmx_reg.lock);
	disown(ddev);
}

static int not_anothers(const struct dmx_device *ddev,
			const struct dmx_owner_id *id, enum dmx_limit *refused)
{
	lockdep_assert_held(&dmx_reg.lock);
	if (!ddev->limits_owner || ddev->limits_owner->sk == id->sk)
		return 0;
	*refused = DMX_LIMIT_OWNED;
	return -EBUSY;
}

/* The owner's buffers come and go, so they are not the reason to be told. */
static int look_first(const struct dmx_device *ddev,
		      const struct dmx_owner_id *id, enum dmx_limit *refused)
{
	guard(mutex)(&dmx_reg.lock);
	return not_anothers(ddev, id, refused);
}

/* Whether @id may set the limits; it is their owner then, where it wants to. */
static int own(struct dmx_device *ddev, const struct dmx_owner_id *id,
	       bool owned, enum dmx_limit *refused)
{
	struct dmx_owner *owner;
	int err;

	guard(mutex)(&dmx_reg.lock);
	err = not_anothers(ddev, id, refused);
	if (err || ddev->limits_owner || !owned)
		return err;

	owner = dmx_owner_get(id);
	if (!owner)
		return -ENOMEM;
	dmx_device_keep(ddev);
	ddev->limits_owner = owner;
	WRITE_ONCE(ddev->limits_portid, id->portid);
	list_add_tail(&ddev->limits_node, &owner->limits);
	return 0;
}

/**
 * dmx_registry_dev_set() - set masks and segment size, all or nothing
 * @ddev: a device
 * @limits: what to set
 * @id: the socket that sets them, which the caller holds open
 * @refused: on error, what could not be set
 *
 * Context: sleeps until no DMA API call is under way.
 * Return: 0; -EBUSY where another socket owns the limits, or while a buffer is
 * live, unless forced; -ENODEV where the device is gone; -EIO where the
 * platform refuses a mask; -EOPNOTSUPP where the device has no segment size, or
 * is a channel; -ENOMEM; -EINTR where a fatal signal came.
 */
int dmx_registry_dev_set(struct dmx_device *ddev,
			 const struct dmx_limits *limits,
			 const struct dmx_owner_id *id,
			 enum dmx_limit *refused)
{
	bool was_owned;
	int err;

	*refused = DMX_LIMIT_NONE;
	err = look_first(ddev, id, refused) ?:
	      dmx_device_set_begin(ddev, limits->force);
	if (err)
		return err;

	was_owned = ddev->limits_owner;
	err = own(ddev, id, limits->owned, refused);
	if (err)
		goto end;

	err = dmx_device_set(ddev, limits, refused);
	if (err ? !was_owned : !limits->owned)
		dmx_registry_limits_disown(ddev);

end:
	dmx_device_set_end(ddev);
	return err;
}

static struct dmx_device *dead_limits(u32 portid)
{
	struct dmx_device *ddev;
	struct dmx_owner *owner;

	guard(mutex)(&dmx_reg.lock);
	owner = dmx_owner_dead(portid);
	if (!owner)
		return NULL;
	ddev = list_first_entry_or_null(&owner->limits, struct dmx_device,
					limits_node);
	if (ddev)
		dmx_device_get(ddev);
	return ddev;
}

/* Others may have been faster, and somebody new may own the limits. */
static bool disown_dead(struct dmx_device *ddev)
{
	guard(mutex)(&dmx_reg.lock);
	if (!ddev->limits_owner || !dmx_owner_is_dead(ddev->limits_owner))
		return false;
	disown(ddev);
	return true;
}

/**
 * dmx_registry_limits_gone() - put back the limits of a device
 * @portid: netlink port of a socket that was closed
 *
 * Also where others have buffers that the limits do not reach then, as after a
 * forced change: it was known that they are another's.
 *
 * Context: sleeps until no DMA API call for the device is under way.
 * Return: false where such a socket owns the limits of none.
 */
bool dmx_registry_limits_gone(u32 portid)
{
	struct dmx_device *ddev = dead_limits(portid);

	if (!ddev)
		return false;
	down_write(&ddev->dma_rwsem);
	if (disown_dead(ddev))
		dmx_device_put_back(ddev);
	up_write(&ddev->dma_rwsem);
	dmx_device_put(ddev);
	return true;
}
