// SPDX-License-Identifier: GPL-2.0
#include "transport.h"

#include <assert.h>
#include <linux/dmaexer.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

/* Callbacks of libnl that get no argument of ours. */
static struct transport *current;

int genl_connect(struct nl_sock *sock)
{
	(void)sock;
	return 0;
}

int genl_ctrl_resolve(struct nl_sock *sock, const char *name)
{
	(void)sock;
	assert(!strcmp(name, DMAEXER_FAMILY_NAME));
	return TRANSPORT_FAMILY;
}

static int on_send(struct nl_sock *sock, struct nl_msg *msg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);

	(void)sock;
	free(current->sent);
	current->sent = malloc(hdr->nlmsg_len);
	assert(current->sent);
	memcpy(current->sent, hdr, hdr->nlmsg_len);
	return (int)hdr->nlmsg_len;
}

/* libnl takes the bytes, and frees them. */
static int on_receive(struct nl_sock *sock, struct sockaddr_nl *from,
		      unsigned char **bytes, struct ucred **creds)
{
	int size = (int)current->size;

	(void)sock;
	(void)creds;
	memset(from, 0, sizeof(*from));
	if (!size)
		return -NLE_AGAIN;
	*bytes = malloc(current->size);
	assert(*bytes);
	memcpy(*bytes, current->answer, current->size);
	current->size = 0;
	return size;
}

/* Numbers of messages are the kernel's to get right. */
static int on_sequence(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

void transport_open(struct transport *transport, const uint8_t *answer,
		    size_t size)
{
	struct nl_cb *cb;
	int err;

	memset(transport, 0, sizeof(*transport));
	transport->answer = answer;
	transport->size = size;
	err = client_open(&transport->client, &transport->error);
	assert(!err);
	current = transport;
	cb = nl_socket_get_cb(transport->client.nl.sock);
	nl_cb_overwrite_send(cb, on_send);
	nl_cb_put(cb);
	cb = transport->client.nl.cb;
	nl_cb_overwrite_recv(cb, on_receive);
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, NULL);
}

void transport_close(struct transport *transport)
{
	client_close(&transport->client);
	free(transport->sent);
	current = NULL;
}
