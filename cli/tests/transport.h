/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection to no kernel: requests are kept, answers are what the test says.
 * Only the two functions of libnl that would look for the family are replaced.
 */
#ifndef DMX_TRANSPORT_H
#define DMX_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "client.h"

/* The number of the family. */
#define TRANSPORT_FAMILY 0x20

/**
 * struct transport - both directions
 * @client: the connection
 * @error: where refusals are explained
 * @sent: the last request, allocated, or NULL
 * @answer: messages that are still to be received, all at once
 * @size: how many bytes
 */
struct transport {
	struct client client;
	struct error error;
	struct nlmsghdr *sent;
	const uint8_t *answer;
	size_t size;
};

void transport_open(struct transport *transport, const uint8_t *answer,
		    size_t size);
void transport_close(struct transport *transport);

#endif
