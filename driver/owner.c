// SPDX-License-Identifier: GPL-2.0
/* Sockets that objects die with. The registry calls with its lock held. */

#include <linux/hashtable.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "fault.h"
#include "owner.h"

/* by port: whenever any socket of generic netlink closes, we are asked */
static DEFINE_HASHTABLE(owners, 8);

/**
 * dmx_owner_get() - the owner that a socket is
 * @id: the socket, which the caller holds open
 *
 * The caller gives it an object, or calls dmx_owner_put().
 *
 * Context: sleeps.
 * Return: the owner, or NULL where memory is short.
 */
struct dmx_owner *dmx_owner_get(const struct dmx_owner_id *id)
{
	struct dmx_owner *owner;

	hash_for_each_possible(owners, owner, node, id->portid) {
		if (owner->sk == id->sk)
			return owner;
	}

	owner = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		kzalloc(sizeof(*owner), GFP_KERNEL_ACCOUNT);
	if (!owner)
		return NULL;
	sock_hold(id->sk);
	owner->sk = id->sk;
	owner->portid = id->portid;
	INIT_LIST_HEAD(&owner->bufs);
	INIT_LIST_HEAD(&owner->devs);
	INIT_LIST_HEAD(&owner->limits);
	INIT_LIST_HEAD(&owner->postmortems);
	hash_add(owners, &owner->node, owner->portid);
	return owner;
}

/**
 * dmx_owner_put() - an owner has lost an object
 * @owner: the owner, or NULL; freed with its last object
 */
void dmx_owner_put(struct dmx_owner *owner)
{
	if (!owner || !list_empty(&owner->bufs) || !list_empty(&owner->devs) ||
	    !list_empty(&owner->limits) || !list_empty(&owner->postmortems))
		return;
	hash_del(&owner->node);
	sock_put(owner->sk);
	kfree(owner);
}

/**
 * dmx_owner_is_dead() - whether the socket was closed
 * @owner: an owner
 *
 * Its port may be taken again before we hear of its death: this tells the two
 * apart.
 *
 * Return: true where it was.
 */
bool dmx_owner_is_dead(const struct dmx_owner *owner)
{
	return sock_flag(owner->sk, SOCK_DEAD);
}

/**
 * dmx_owner_dead() - find an owner that was closed
 * @portid: its netlink port
 *
 * Return: the owner, or NULL.
 */
struct dmx_owner *dmx_owner_dead(u32 portid)
{
	struct dmx_owner *owner;

	hash_for_each_possible(owners, owner, node, portid) {
		if (owner->portid == portid && dmx_owner_is_dead(owner))
			return owner;
	}
	return NULL;
}
