// SPDX-License-Identifier: GPL-2.0
#include "nl.h"

#include <errno.h>
#include <linux/dmaexer.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Larger than any message of the kernel, so that none has to be peeked at. */
#define MESSAGE_ROOM 65536
/* For bursts of notifications. */
#define EVENT_ROOM (16 * 1024 * 1024)

static int module_missing(struct error *error)
{
	if (access("/sys/module/dmaexer", F_OK) == 0)
		return error_set(error, EPERM,
				 "the module answers only in the initial network namespace; run it there");
	return error_set(error, ENOENT,
			 "the module dmaexer is not loaded; as root, run \"modprobe dmaexer\"");
}

/* The attribute of the request that starts @offset bytes into it, or 0. */
static unsigned int attr_at(const struct nlmsghdr *request, uint32_t offset)
{
	struct nlattr attr;

	if (!request || offset < NLMSG_HDRLEN ||
	    offset > request->nlmsg_len - sizeof(attr))
		return 0;
	memcpy(&attr, (const char *)request + offset, sizeof(attr));
	return attr.nla_type & NLA_TYPE_MASK;
}

/* Reads the extended acknowledgment, @len bytes at @head. */
static void extack_read(struct nl *nl, struct nlattr *head, int len)
{
	struct nlattr *attr;
	int rest;

	nla_for_each_attr(attr, head, len, rest) {
		switch (nla_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			nla_strlcpy(nl->error->text, attr,
				    sizeof(nl->error->text));
			break;
		case NLMSGERR_ATTR_OFFS:
			if (nla_len(attr) >= (int)sizeof(uint32_t))
				nl->error->attr = attr_at(nl->request,
							  nla_get_u32(attr));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (nla_len(attr) < (int)sizeof(uint32_t))
				break;
			nl->error->attr = nla_get_u32(attr);
			nl->error->missing = 1;
			break;
		}
	}
}

static void text_add(struct error *error, const char *text)
{
	size_t len = strlen(error->text);

	snprintf(error->text + len, sizeof(error->text) - len, "%s", text);
}

/* A refusal with @number; the extended acknowledgment begins at @offset. */
static void refusal_read(struct nl *nl, struct nlmsghdr *hdr, int number,
			 size_t offset)
{
	nl->result = error_set(nl->error, number, "%s", "");
	nl->done = true;
	if (hdr->nlmsg_flags & NLM_F_ACK_TLVS && offset < hdr->nlmsg_len)
		extack_read(nl, (struct nlattr *)((char *)hdr + offset),
			    (int)(hdr->nlmsg_len - offset));
	if (!nl->error->text[0] && !nl->error->missing)
		text_add(nl->error, strerror(number));
	if (number == EPERM && geteuid() != 0)
		text_add(nl->error, "; run it as root");
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)((char *)err - NLMSG_HDRLEN);
	size_t offset = NLMSG_HDRLEN + sizeof(*err);

	(void)from;
	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		offset += NLMSG_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	refusal_read(arg, hdr, -err->error, offset);
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct nl *nl = arg;

	(void)msg;
	nl->done = true;
	return NL_STOP;
}

/* The end of a dump carries its result, which libnl does not look at. */
static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct nl *nl = arg;
	int number = 0;

	nl->done = true;
	if (nlmsg_datalen(hdr) >= (int)sizeof(number))
		memcpy(&number, nlmsg_data(hdr), sizeof(number));
	if (number < 0)
		refusal_read(nl, hdr, -number, NLMSG_HDRLEN + sizeof(number));
	return NL_STOP;
}

/* The kernel tells who listens which families come and go. */
static void control_read(struct nl *nl, struct nlmsghdr *hdr)
{
	struct genlmsghdr *genl = nlmsg_data(hdr);
	struct nlattr *id = nlmsg_find_attr(hdr, GENL_HDRLEN,
					    CTRL_ATTR_FAMILY_ID);

	if (genl->cmd == CTRL_CMD_DELFAMILY && id &&
	    nla_len(id) == sizeof(uint16_t) && nla_get_u16(id) == nl->family)
		nl->result = error_set(nl->error, ENODEV,
				       "the module was unloaded");
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct nl *nl = arg;
	int err;

	if (!nl->reply || nl->result || !genlmsg_valid_hdr(hdr, 0))
		return NL_OK;
	if (hdr->nlmsg_type == GENL_ID_CTRL) {
		control_read(nl, hdr);
		return NL_OK;
	}
	err = nl->reply(hdr, nl->arg);
	if (err)
		nl->result = error_set(nl->error, -err, "%s", strerror(-err));
	return NL_OK;
}

static int on_torn(struct nl_msg *msg, void *arg)
{
	struct nl *nl = arg;

	(void)msg;
	nl->torn = true;
	return NL_OK;
}

static int callbacks_set(struct nl *nl)
{
	nl->cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!nl->cb)
		return -ENOMEM;
	nl_cb_err(nl->cb, NL_CB_CUSTOM, on_error, nl);
	nl_cb_set(nl->cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, nl);
	nl_cb_set(nl->cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, nl);
	nl_cb_set(nl->cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, nl);
	nl_cb_set(nl->cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_torn, nl);
	return 0;
}

/* Options that old kernels lack are not needed to get a result. */
static void options_set(struct nl_sock *sock)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	int one = 1;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, options[i],
			   &one, sizeof(one));
	nl_socket_set_msg_buf_size(sock, MESSAGE_ROOM);
	nl_socket_disable_msg_peek(sock);
}

int nl_open(struct nl *nl, struct error *error)
{
	int err;

	memset(nl, 0, sizeof(*nl));
	nl->error = error;
	nl->sock = nl_socket_alloc();
	if (!nl->sock || callbacks_set(nl)) {
		err = error_set(error, ENOMEM, "no memory for a socket");
		goto shut;
	}
	err = genl_connect(nl->sock);
	if (err) {
		err = error_set(error, EPROTO, "no netlink socket: %s",
				nl_geterror(err));
		goto shut;
	}
	options_set(nl->sock);
	nl->family = genl_ctrl_resolve(nl->sock, DMAEXER_FAMILY_NAME);
	if (nl->family < 0) {
		err = module_missing(error);
		goto shut;
	}
	return 0;
shut:
	nl_shut(nl);
	return err;
}

void nl_shut(struct nl *nl)
{
	nl_cb_put(nl->cb);
	nl_socket_free(nl->sock);
	nl->cb = NULL;
	nl->sock = NULL;
}

struct nl_msg *nl_message(const struct nl *nl, uint8_t cmd, int flags,
			  size_t size)
{
	struct nl_msg *msg = nlmsg_alloc_size(NLMSG_HDRLEN + GENL_HDRLEN +
					      size);

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0,
				NLM_F_REQUEST | flags, cmd,
				DMAEXER_FAMILY_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

int nl_exchange(struct nl *nl, struct nl_msg *msg,
		int (*reply)(struct nlmsghdr *hdr, void *arg), void *arg)
{
	int err = nl_send_auto(nl->sock, msg);

	if (err < 0)
		return error_set(nl->error, EPROTO, "request not sent: %s",
				 nl_geterror(err));
	nl->request = nlmsg_hdr(msg);
	nl->reply = reply;
	nl->arg = arg;
	nl->result = 0;
	nl->done = false;
	nl->torn = false;
	while (!nl->done) {
		err = nl_recvmsgs(nl->sock, nl->cb);
		if (err < 0 && !nl->done) {
			nl->result = error_set(nl->error, EPROTO,
					       "no answer: %s",
					       nl_geterror(err));
			nl->done = true;
		}
	}
	nl->request = NULL;
	if (!nl->result && nl->torn)
		return -EAGAIN;
	return nl->result;
}

static int no_sequence(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

int nl_listen(struct nl *nl, const char *group)
{
	int number = genl_ctrl_resolve_grp(nl->sock, DMAEXER_FAMILY_NAME,
					   group);
	int control = genl_ctrl_resolve_grp(nl->sock, "nlctrl", "notify");
	int room = EVENT_ROOM;
	int err;

	if (number < 0 || control < 0)
		return module_missing(nl->error);
	/* Root may pass the limit of the system. */
	if (setsockopt(nl_socket_get_fd(nl->sock), SOL_SOCKET, SO_RCVBUFFORCE,
		       &room, sizeof(room)))
		nl_socket_set_buffer_size(nl->sock, room, 0);
	nl_cb_set(nl->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, no_sequence, nl);
	err = nl_socket_add_memberships(nl->sock, number, control, 0);
	if (!err)
		err = nl_socket_set_nonblocking(nl->sock);
	if (err == -NLE_PERM)
		return error_set(nl->error, EPERM,
				 "CAP_SYS_ADMIN in the initial user namespace is needed; run it as root");
	if (err)
		return error_set(nl->error, EPROTO, "no events: %s",
				 nl_geterror(err));
	return 0;
}

int nl_receive(struct nl *nl, int (*event)(struct nlmsghdr *hdr, void *arg),
	       void *arg)
{
	int err;

	nl->reply = event;
	nl->arg = arg;
	nl->result = 0;
	err = nl_recvmsgs(nl->sock, nl->cb);
	if (err == -NLE_NOMEM)
		return -ENOBUFS;
	if (err < 0 && err != -NLE_AGAIN)
		return error_set(nl->error, EPROTO, "no events: %s",
				 nl_geterror(err));
	return nl->result;
}
