// SPDX-License-Identifier: GPL-2.0
/* Points where something can be told to fail, to see what becomes of it. */

#include <linux/errno.h>
#include <linux/error-injection.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/sock.h>

#include "fault.h"
#include "owner.h"

#define ERRORS_MAX	2

/* A fault that is set. */
struct knob {
	struct list_head node;
	unsigned long serial;
	struct dmx_fault fault;
	/* where it dies with a socket: that, and whose requests meet it */
	struct sock *sk;
	struct pid *process;
};

/* A leaf: points are passed with any lock held, but not in interrupts. */
static DEFINE_SPINLOCK(knobs_lock); /* protects all below */
static LIST_HEAD(knobs);
static unsigned int knobs_count;
static unsigned long last_serial;

/* What each kind of point can meet in earnest, the most likely one first. */
static const u32 errors[][ERRORS_MAX] = {
	[DMAEXER_FAULT_OP_ANY] = { },
	[DMAEXER_FAULT_OP_MEMORY] = { ENOMEM },
	[DMAEXER_FAULT_OP_ALLOC] = { ENOMEM },
	[DMAEXER_FAULT_OP_INIT] = { EIO },
	[DMAEXER_FAULT_OP_NUMBER] = { ENOMEM, EBUSY },
	[DMAEXER_FAULT_OP_REGISTER] = { ENOMEM },
	[DMAEXER_FAULT_OP_MASK] = { EIO },
	[DMAEXER_FAULT_OP_DEBUGFS] = { ENOMEM },
	[DMAEXER_FAULT_OP_SYSFS] = { ENOMEM },
	[DMAEXER_FAULT_OP_CHANNEL] = { ENOENT },
	[DMAEXER_FAULT_OP_SUBMIT] = { EIO },
	[DMAEXER_FAULT_OP_MAP] = { ENOMEM },
	[DMAEXER_FAULT_OP_REPLY] = { ENOMEM },
	[DMAEXER_FAULT_OP_SEND] = { EAGAIN, ECONNREFUSED },
	[DMAEXER_FAULT_OP_DUMP] = { EMSGSIZE },
	[DMAEXER_FAULT_OP_EVENT] = { ENOMEM },
	[DMAEXER_FAULT_OP_KEEP] = { ENOMEM },
	[DMAEXER_FAULT_OP_VMAP] = { ENOMEM },
	[DMAEXER_FAULT_OP_POOL] = { ENOMEM },
};

/* Count a point, and tell whether it is one of those that fail. */
static bool is_due(struct knob *knob, enum dmaexer_fault_op op)
{
	struct dmx_fault *fault = &knob->fault;

	lockdep_assert_held(&knobs_lock);
	if (fault->op != op && fault->op != DMAEXER_FAULT_OP_ANY)
		return false;
	if (knob->process && knob->process != task_tgid(current))
		return false;

	fault->passed++;
	return fault->passed >= fault->nth &&
	       (!fault->times || fault->passed - fault->nth < fault->times);
}

static int pass(enum dmaexer_fault_op op)
{
	struct knob *knob;
	u32 error = 0;

	spin_lock(&knobs_lock);
	list_for_each_entry(knob, &knobs, node) {
		if (!is_due(knob, op) || error)
			continue;
		error = knob->fault.error ?: errors[op][0];
		knob->fault.failed++;
		knob->fault.last = op;
	}
	spin_unlock(&knobs_lock);

	return -(int)error;
}

/**
 * dmx_fault() - a point where something can fail
 * @op: its kind
 *
 * To be asked before the call that may fail, which is then left out. The
 * kernel's own fault injection, fail_function, can make it fail as well.
 *
 * Context: does not sleep; not for interrupts.
 * Return: 0, or what to fail with.
 */
noinline int dmx_fault(enum dmaexer_fault_op op)
{
	return READ_ONCE(knobs_count) ? pass(op) : 0;
}
ALLOW_ERROR_INJECTION(dmx_fault, ERRNO);

/**
 * dmx_fault_can() - whether a kind of point can fail so
 * @op: the kind
 * @error: a positive errno
 *
 * Return: true where it can.
 */
bool dmx_fault_can(enum dmaexer_fault_op op, u32 error)
{
	int i;

	for (i = 0; i < ERRORS_MAX; i++) {
		if (error && errors[op][i] == error)
			return true;
	}
	return false;
}

static struct knob *knob_find(enum dmaexer_fault_op op, const struct sock *sk)
{
	struct knob *knob;

	lockdep_assert_held(&knobs_lock);
	list_for_each_entry(knob, &knobs, node) {
		if (knob->fault.op == op && knob->sk == sk)
			return knob;
	}
	return NULL;
}

static void knob_free(struct knob *knob)
{
	if (knob->sk)
		sock_put(knob->sk);
	put_pid(knob->process);
	kfree(knob);
}

static struct knob *knob_new(const struct dmx_fault *fault,
			     const struct dmx_owner_id *owner)
{
	struct knob *knob = kzalloc(sizeof(*knob), GFP_KERNEL_ACCOUNT);

	if (!knob)
		return NULL;

	knob->fault = *fault;
	if (owner->sk) {
		sock_hold(owner->sk);
		knob->sk = owner->sk;
		knob->process = get_pid(task_tgid(current));
	}
	return knob;
}

static void knob_take(struct knob *knob)
{
	lockdep_assert_held(&knobs_lock);
	list_del(&knob->node);
	WRITE_ONCE(knobs_count, knobs_count - 1);
}

/**
 * dmx_fault_set() - have something fail
 * @fault: what, which one, how often and how; counters and owner are filled in
 * @owner: the socket it dies with, which the caller holds open
 *
 * One that the owner has set for the same kind of point is replaced.
 *
 * Context: sleeps.
 * Return: 0; -ENOSPC where there are DMX_FAULTS_MAX; -ENOMEM.
 */
int dmx_fault_set(struct dmx_fault *fault, const struct dmx_owner_id *owner)
{
	struct knob *knob;
	struct knob *old;
	bool full;

	fault->portid = owner->portid;
	knob = knob_new(fault, owner);
	if (!knob)
		return -ENOMEM;

	spin_lock(&knobs_lock);
	old = knob_find(fault->op, owner->sk);
	if (old)
		knob_take(old);
	full = knobs_count == DMX_FAULTS_MAX;
	if (!full) {
		knob->serial = ++last_serial;
		list_add_tail(&knob->node, &knobs);
		WRITE_ONCE(knobs_count, knobs_count + 1);
	}
	spin_unlock(&knobs_lock);

	if (old)
		knob_free(old);
	if (full)
		knob_free(knob);
	return full ? -ENOSPC : 0;
}

/**
 * dmx_fault_clear() - have nothing fail any more
 * @fault: the kind of point; filled in with the fault as it was
 * @owner: the socket it would have died with
 *
 * Context: sleeps.
 * Return: 0, or -ENOENT where it was not set.
 */
int dmx_fault_clear(struct dmx_fault *fault, const struct dmx_owner_id *owner)
{
	struct knob *knob;

	spin_lock(&knobs_lock);
	knob = knob_find(fault->op, owner->sk);
	if (knob)
		knob_take(knob);
	spin_unlock(&knobs_lock);
	if (!knob)
		return -ENOENT;

	*fault = knob->fault;
	fault->nth = 0;
	knob_free(knob);
	return 0;
}

/**
 * dmx_fault_get() - look at a fault
 * @fault: the kind of point; filled in
 * @owner: the socket it dies with
 *
 * Return: 0, or -ENOENT where it is not set.
 */
int dmx_fault_get(struct dmx_fault *fault, const struct dmx_owner_id *owner)
{
	struct knob *knob;

	spin_lock(&knobs_lock);
	knob = knob_find(fault->op, owner->sk);
	if (knob)
		*fault = knob->fault;
	spin_unlock(&knobs_lock);
	return knob ? 0 : -ENOENT;
}

/**
 * dmx_fault_next() - walk the faults in the order in which they were set
 * @cursor: 0 at first; afterwards behind the fault
 * @fault: filled in
 *
 * Return: false at the end.
 */
bool dmx_fault_next(unsigned long *cursor, struct dmx_fault *fault)
{
	struct knob *knob;
	bool found = false;

	spin_lock(&knobs_lock);
	list_for_each_entry(knob, &knobs, node) {
		found = knob->serial > *cursor;
		if (found) {
			*cursor = knob->serial;
			*fault = knob->fault;
			break;
		}
	}
	spin_unlock(&knobs_lock);
	return found;
}

/*
 * Take out what died with the sockets of a port, or all. The port may be taken
 * again already: the dead flag tells.
 */
static void knobs_drop(bool all, u32 portid)
{
	struct knob *knob;
	struct knob *next;
	LIST_HEAD(dead);

	spin_lock(&knobs_lock);
	list_for_each_entry_safe(knob, next, &knobs, node) {
		if (!all && (!knob->sk || knob->fault.portid != portid ||
			     !sock_flag(knob->sk, SOCK_DEAD)))
			continue;
		knob_take(knob);
		list_add(&knob->node, &dead);
	}
	spin_unlock(&knobs_lock);

	list_for_each_entry_safe(knob, next, &dead, node)
		knob_free(knob);
}

/**
 * dmx_fault_owner_gone() - take away what dies with a socket
 * @portid: netlink port of a socket that was closed
 *
 * Context: sleeps.
 */
void dmx_fault_owner_gone(u32 portid)
{
	knobs_drop(false, portid);
}

/**
 * dmx_fault_exit() - take all faults away
 *
 * Context: sleeps.
 */
void dmx_fault_exit(void)
{
	knobs_drop(true, 0);
}
