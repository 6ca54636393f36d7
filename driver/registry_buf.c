// SPDX-License-Identifier: GPL-2.0
/* The only place where a buffer becomes visible or vanishes. */

#include <linux/err.h>

#include <uapi/linux/dmaexer.h>

#include "buffer.h"
#include "debugfs.h"
#include "debugfs_data.h"
#include "debugfs_mem.h"
#include "device.h"
#include "event.h"
#include "owner.h"
#include "postmortem.h"
#include "registry.h"
#include "registry_lock.h"

static int buf_publish(struct dmx_buf *buf, const struct dmx_owner_id *id)
{
	u32 violations = dmx_audit_violations(&buf->audit);
	struct dmx_owner *owner = NULL;

	guard(mutex)(&dmx_reg.lock);
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
	dmx_device_commit(buf->ddev, violations);
	xa_store(&dmx_reg.bufs, buf->id, buf, GFP_KERNEL);

	/* still under the lock, so that no news of its end comes before */
	dmx_event_buf(DMAEXER_CMD_BUF_NEW_NTF, buf);
	if (violations)
		dmx_event_buf(DMAEXER_CMD_VIOLATION_NTF, buf);
	return 0;
}

static int buf_add(struct dmx_buf *buf, const struct dmx_owner_id *owner,
		   bool keep)
{
	int err;

	lockdep_assert_held_read(&buf->ddev->dma_rwsem);
	mutex_lock(&dmx_reg.lock);
	err = dmx_registry_reserve(&dmx_reg.bufs, &buf->id, &dmx_reg.next_buf);
	mutex_unlock(&dmx_reg.lock);
	if (err)
		return err;

	if (keep)
		err = dmx_registry_keep(buf);
	if (err)
		goto release;

	dmx_debugfs_buf_add(buf);
	err = buf_publish(buf, owner);
	if (!err)
		return 0;

	dmx_debugfs_buf_del(buf);
release:
	mutex_lock(&dmx_reg.lock);
	dmx_registry_keep_end(buf, false);
	xa_release(&dmx_reg.bufs, buf->id);
	mutex_unlock(&dmx_reg.lock);
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
		err = buf_add(buf, owner, spec->keep);
	up_read(&ddev->dma_rwsem);

	if (IS_ERR(buf))
		return buf;
	if (err) {
		dmx_buf_revoke(buf, NULL);
		dmx_buf_put(buf);
		return ERR_PTR(err);
	}

	return buf;
}

/*
 * Whoever takes the number out goes on to free the buffer. What is to be kept
 * of it has its number from then on.
 */
static bool buf_withdraw(struct dmx_buf *buf, bool gone,
			 struct dmx_postmortem **pm)
{
	guard(mutex)(&dmx_reg.lock);
	if (xa_load(&dmx_reg.bufs, buf->id) != buf)
		return false;

	*pm = dmx_registry_keep_end(buf, gone);
	if (*pm)
		xa_store(&dmx_reg.bufs, buf->id, NULL, GFP_KERNEL);
	else
		xa_erase(&dmx_reg.bufs, buf->id);
	dmx_device_ending(buf->ddev);
	list_del_init(&buf->dev_node);
	list_del_init(&buf->owner_node);
	dmx_owner_put(buf->owner);
	buf->owner = NULL;
	return true;
}

static int buf_end(struct dmx_buf *buf, bool gone)
{
	struct dmx_postmortem *pm;

	if (!buf_withdraw(buf, gone, &pm))
		return -ENOENT;

	dmx_debugfs_buf_del(buf);
	if (pm)
		dmx_postmortem_room(pm);
	dmx_buf_revoke(buf, pm ? pm->contents : NULL);
	dmx_event_buf(DMAEXER_CMD_BUF_DEL_NTF, buf);
	if (pm) {
		dmx_postmortem_note(pm, buf);
		dmx_registry_postmortem_add(pm);
	}
	dmx_device_ended(buf->ddev);
	dmx_buf_put(buf);
	return 0;
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
	return buf_end(buf, false);
}

/**
 * dmx_registry_buf_gone() - the same, for its device goes
 * @buf: a buffer of a device after dmx_device_kill()
 *
 * What is in it is kept where that was asked for.
 *
 * Context: sleeps until no access is under way.
 * Return: as dmx_registry_buf_del().
 */
int dmx_registry_buf_gone(struct dmx_buf *buf)
{
	return buf_end(buf, true);
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
	mutex_lock(&dmx_reg.lock);
	if (xa_load(&dmx_reg.bufs, buf->id) == buf) {
		dmx_debugfs_data_share(buf);
		dmx_debugfs_mem_share(buf);
		dmx_event_buf(DMAEXER_CMD_BUF_SHARE_NTF, buf);
	}
	mutex_unlock(&dmx_reg.lock);
	return 0;
}

/**
 * dmx_registry_buf_hold() - have what was found stay
 * @buf: a buffer that is visible, or NULL
 *
 * Context: the lock of the registry is held.
 * Return: the same, with a reference.
 */
struct dmx_buf *dmx_registry_buf_hold(struct dmx_buf *buf)
{
	lockdep_assert_held(&dmx_reg.lock);
	if (buf)
		dmx_buf_get(buf);
	return buf;
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
	guard(mutex)(&dmx_reg.lock);
	return dmx_registry_buf_hold(xa_load(&dmx_reg.bufs, id));
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

	guard(mutex)(&dmx_reg.lock);
	for (buf = xa_find(&dmx_reg.bufs, id, ULONG_MAX, XA_PRESENT); buf;
	     buf = xa_find_after(&dmx_reg.bufs, id, ULONG_MAX, XA_PRESENT)) {
		if (!ddev || buf->ddev == ddev)
			break;
	}
	return dmx_registry_buf_hold(buf);
}

/**
 * dmx_registry_bufs_outside() - count buffers that a mask does not reach
 * @ddev: a device
 * @mask: a mask
 *
 * Context: sleeps.
 * Return: the number of live buffers of @ddev with an address above @mask.
 */
u32 dmx_registry_bufs_outside(struct dmx_device *ddev, u64 mask)
{
	struct dmx_buf *buf;
	u32 count = 0;

	guard(mutex)(&dmx_reg.lock);
	list_for_each_entry(buf, &ddev->bufs, dev_node)
		count += buf->last_addr > mask;
	return count;
}
