// SPDX-License-Identifier: GPL-2.0
/* The only place where what is kept of a buffer becomes visible or vanishes. */

#include <linux/mutex.h>

#include <uapi/linux/dmaexer.h>

#include "buffer.h"
#include "debugfs_postmortem.h"
#include "event.h"
#include "fault.h"
#include "owner.h"
#include "postmortem.h"
#include "registry.h"
#include "registry_lock.h"

/* the module goes, and nothing is kept any more; protected by the lock */
static bool closed;

static void set_closed(bool yes)
{
	guard(mutex)(&dmx_reg.lock);
	closed = yes;
}

/**
 * dmx_registry_postmortem_init() - begin to keep what is asked for
 *
 * Context: sleeps.
 */
void dmx_registry_postmortem_init(void)
{
	set_closed(false);
}

/**
 * dmx_registry_postmortem_exit() - keep nothing any more, and drop all
 *
 * Context: sleeps until no access is under way.
 */
void dmx_registry_postmortem_exit(void)
{
	struct dmx_postmortem *pm;
	unsigned long id = 0;

	set_closed(true);
	while ((pm = dmx_registry_postmortem_next(&id))) {
		dmx_registry_postmortem_del(pm);
		dmx_postmortem_put(pm);
	}
}

/* So that it is stored without memory. */
static int reserve(u32 id)
{
	guard(mutex)(&dmx_reg.lock);
	return dmx_fault(DMAEXER_FAULT_OP_MEMORY) ?:
	       xa_reserve(&dmx_reg.postmortems, id, GFP_KERNEL);
}

/**
 * dmx_registry_keep() - see to it that a buffer can be kept
 * @buf: a buffer with a number that is not visible yet
 *
 * Followed by dmx_registry_keep_end().
 *
 * Context: sleeps.
 * Return: 0, or -ENOMEM.
 */
int dmx_registry_keep(struct dmx_buf *buf)
{
	int err;

	buf->postmortem = dmx_postmortem_new(buf);
	if (!buf->postmortem)
		return -ENOMEM;
	buf->keep = true;

	err = reserve(buf->id);
	if (err) {
		dmx_postmortem_put(buf->postmortem);
		buf->postmortem = NULL;
	}
	return err;
}

/**
 * dmx_registry_keep_end() - a buffer goes
 * @buf: the buffer, also one that is not to be kept
 * @gone: so does its device
 *
 * Context: sleeps; the lock of the registry is held.
 * Return: what is to be kept, which takes over the owner and is followed by
 * dmx_registry_postmortem_add(), or NULL for nothing.
 */
struct dmx_postmortem *dmx_registry_keep_end(struct dmx_buf *buf, bool gone)
{
	struct dmx_postmortem *pm = buf->postmortem;

	lockdep_assert_held(&dmx_reg.lock);
	buf->postmortem = NULL;
	if (!pm)
		return NULL;

	if (!gone || closed) {
		xa_release(&dmx_reg.postmortems, buf->id);
		dmx_postmortem_put(pm);
		return NULL;
	}

	if (buf->owner) {
		pm->owner = buf->owner;
		pm->owner_portid = buf->owner_portid;
		list_add_tail(&pm->owner_node, &pm->owner->postmortems);
	}
	return pm;
}

static void disown(struct dmx_postmortem *pm)
{
	lockdep_assert_held(&dmx_reg.lock);
	list_del_init(&pm->owner_node);
	dmx_owner_put(pm->owner);
	pm->owner = NULL;
}

/* Nobody finds it any more; the number is free for a buffer again. */
static void forget(struct dmx_postmortem *pm)
{
	lockdep_assert_held(&dmx_reg.lock);
	xa_erase(&dmx_reg.postmortems, pm->id);
	xa_erase(&dmx_reg.bufs, pm->id);
	disown(pm);
}

static bool publish(struct dmx_postmortem *pm)
{
	guard(mutex)(&dmx_reg.lock);
	if (closed || pm->orphan) {
		forget(pm);
		return false;
	}
	xa_store(&dmx_reg.postmortems, pm->id, pm, GFP_KERNEL);
	dmx_event_postmortem(DMAEXER_CMD_POSTMORTEM_NEW_NTF, pm);
	return true;
}

static void bury(struct dmx_postmortem *pm)
{
	dmx_debugfs_postmortem_del(pm);
	dmx_postmortem_revoke(pm);
}

/**
 * dmx_registry_postmortem_add() - make visible what is kept
 * @pm: what dmx_registry_keep_end() returned, complete
 *
 * Its owner, or the module, may have gone meanwhile: then it goes too.
 *
 * Context: sleeps.
 */
void dmx_registry_postmortem_add(struct dmx_postmortem *pm)
{
	dmx_debugfs_postmortem_add(pm);
	if (publish(pm))
		return;
	bury(pm);
	dmx_postmortem_put(pm);
}

/* Whoever takes the number out goes on to free the contents. */
static bool withdraw(struct dmx_postmortem *pm)
{
	guard(mutex)(&dmx_reg.lock);
	if (xa_load(&dmx_reg.postmortems, pm->id) != pm)
		return false;
	forget(pm);
	return true;
}

/**
 * dmx_registry_postmortem_del() - drop what is kept
 * @pm: a postmortem
 *
 * Context: sleeps until no access is under way.
 * Return: 0, or -ENOENT where somebody else drops it.
 */
int dmx_registry_postmortem_del(struct dmx_postmortem *pm)
{
	if (!withdraw(pm))
		return -ENOENT;

	bury(pm);
	dmx_event_postmortem(DMAEXER_CMD_POSTMORTEM_DEL_NTF, pm);
	dmx_postmortem_put(pm);
	return 0;
}

/* What was found stays as long as the lock is held, and then by a reference. */
static struct dmx_postmortem *hold(struct dmx_postmortem *pm)
{
	lockdep_assert_held(&dmx_reg.lock);
	if (pm)
		dmx_postmortem_get(pm);
	return pm;
}

/**
 * dmx_registry_postmortem_find() - find what is kept of a buffer
 * @id: number of the buffer
 *
 * Context: sleeps.
 * Return: it, with a reference, or NULL.
 */
struct dmx_postmortem *dmx_registry_postmortem_find(u32 id)
{
	guard(mutex)(&dmx_reg.lock);
	return hold(xa_load(&dmx_reg.postmortems, id));
}

/**
 * dmx_registry_postmortem_next() - walk all that is kept
 * @id: lowest number to look at; afterwards that of what was found
 *
 * Context: sleeps.
 * Return: it, with a reference, or NULL at the end.
 */
struct dmx_postmortem *dmx_registry_postmortem_next(unsigned long *id)
{
	guard(mutex)(&dmx_reg.lock);
	return hold(xa_find(&dmx_reg.postmortems, id, ULONG_MAX, XA_PRESENT));
}

/* It is taken from its owner: it may be not visible yet. */
static struct dmx_postmortem *take_dead(u32 portid)
{
	struct dmx_postmortem *pm;
	struct dmx_owner *owner;

	guard(mutex)(&dmx_reg.lock);
	owner = dmx_owner_dead(portid);
	if (!owner)
		return NULL;
	pm = list_first_entry_or_null(&owner->postmortems,
				      struct dmx_postmortem, owner_node);
	if (pm) {
		dmx_postmortem_get(pm);
		pm->orphan = true;
		disown(pm);
	}
	return pm;
}

/**
 * dmx_registry_postmortem_gone() - drop what dies with a socket
 * @portid: netlink port of a socket that was closed
 *
 * Context: sleeps until no access is under way.
 * Return: false where such a socket owns none.
 */
bool dmx_registry_postmortem_gone(u32 portid)
{
	struct dmx_postmortem *pm = take_dead(portid);

	if (!pm)
		return false;
	dmx_registry_postmortem_del(pm);
	dmx_postmortem_put(pm);
	return true;
}
