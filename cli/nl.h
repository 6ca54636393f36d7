/* SPDX-License-Identifier: GPL-2.0 */
/* The netlink socket: requests out, messages and reasons back. */
#ifndef DMX_NL_H
#define DMX_NL_H

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/**
 * struct nl - a socket bound to the family
 * @sock: the socket; objects with the flag "owned" die with it
 * @cb: callbacks of libnl
 * @family: number of the family
 * @request: the message that is being answered
 * @reply: called for each message of the answer; returns 0 or -errno
 * @arg: for @reply
 * @error: where a refusal is explained
 * @result: 0 or -errno
 * @done: the answer is complete
 * @torn: the dump changed while it was read
 */
struct nl {
	struct nl_sock *sock;
	struct nl_cb *cb;
	int family;
	const struct nlmsghdr *request;
	int (*reply)(struct nlmsghdr *hdr, void *arg);
	void *arg;
	struct error *error;
	int result;
	bool done;
	bool torn;
};

/* Each returns 0 or -errno, with the reason in the error. */
int nl_open(struct nl *nl, struct error *error);
void nl_shut(struct nl *nl);

/* A new message of the family with room for @size bytes, or NULL. */
struct nl_msg *nl_message(const struct nl *nl, uint8_t cmd, int flags,
			  size_t size);

/*
 * Sends @msg and takes in the answer; @reply may be NULL. -EAGAIN without a
 * reason where a dump changed while it was read and has to be asked for again.
 */
int nl_exchange(struct nl *nl, struct nl_msg *msg,
		int (*reply)(struct nlmsghdr *hdr, void *arg), void *arg);

/*
 * Joins a multicast group, and that of the kernel which tells the end of it;
 * afterwards the socket does not block.
 */
int nl_listen(struct nl *nl, const char *group);

/*
 * Takes in the notifications that are there. -ENOBUFS without a reason where
 * the kernel had to drop some; -ENODEV where the module was unloaded.
 */
int nl_receive(struct nl *nl, int (*event)(struct nlmsghdr *hdr, void *arg),
	       void *arg);

#endif
