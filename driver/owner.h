/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_OWNER_H
#define _DMX_OWNER_H

#include <linux/list.h>
#include <linux/types.h>

struct sock;

/**
 * struct dmx_owner_id - the socket that an object dies with
 * @sk: the socket, or NULL for an object without owner
 * @portid: its netlink port
 */
struct dmx_owner_id {
	struct sock *sk;
	u32 portid;
};

/**
 * struct dmx_owner - a socket that has objects
 * @node: in the table of owners
 * @sk: the socket; a reference is held
 * @portid: its netlink port
 * @bufs: its buffers
 * @devs: its devices
 * @limits: devices whose limits go back with it
 * @postmortems: what is kept of its buffers
 *
 * Lives while it has any of these. All of it is protected by the lock of the
 * registry.
 */
struct dmx_owner {
	struct hlist_node node;
	struct sock *sk;
	u32 portid;
	struct list_head bufs;
	struct list_head devs;
	struct list_head limits;
	struct list_head postmortems;
};

struct dmx_owner *dmx_owner_get(const struct dmx_owner_id *id);
void dmx_owner_put(struct dmx_owner *owner);
bool dmx_owner_is_dead(const struct dmx_owner *owner);
struct dmx_owner *dmx_owner_dead(u32 portid);

#endif
