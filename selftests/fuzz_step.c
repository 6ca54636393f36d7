// SPDX-License-Identifier: GPL-2.0
/* Messages, and what is wrong with their answers. */
#include <sys/socket.h>

#include "fuzz_run.h"
#include "kcov.h"
#include "requests.h"

#define RX_ROOM		(64 * 1024)
/* more datagrams than any answer has */
#define MOST_READS	5000

void fuzz_blame(struct fuzz *fuzz, const char *why)
{
	if (!fuzz->wrong[0])
		snprintf(fuzz->wrong, sizeof(fuzz->wrong), "%s", why);
}

int fuzz_socket(struct fuzz *fuzz)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_GENERIC);
	int one = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)))
		fuzz_blame(fuzz, format("no socket: errno %d", errno));
	return fd;
}

void fuzz_remember(uint32_t *ids, unsigned int *made, uint32_t id)
{
	ids[(*made)++ % FUZZ_OBJECTS] = id;
}

/* Until there is one, a number that nothing has. */
static uint32_t recall(const uint32_t *ids, unsigned int made, uint8_t which)
{
	return made ? ids[which % (made < FUZZ_OBJECTS ? made : FUZZ_OBJECTS)] :
	       0x7fffffff;
}

static void append(struct fuzz *fuzz, const void *data, size_t len)
{
	if (fuzz->tx_len + len > FUZZ_TX_ROOM)
		len = FUZZ_TX_ROOM - fuzz->tx_len;
	memcpy(fuzz->tx + fuzz->tx_len, data, len);
	fuzz->tx_len += len;
}

/*
 * A warning of the page allocator that was asked for looks like any other in the
 * kernel's log.
 */
static bool asks_for_warning(const struct fuzz_step *step,
			     const struct fuzz_attr *attr)
{
	return step->cmd == DMAEXER_CMD_BUF_NEW &&
	       (attr->type & NLA_TYPE_MASK) == DMAEXER_A_BUF_WARN;
}

static void put_payload(struct fuzz *fuzz, const struct fuzz_attr *attr)
{
	uint32_t id;
	size_t i;

	if (attr->what) {
		id = attr->what == 'd' ?
		     recall(fuzz->devs, fuzz->devs_made, attr->which) :
		     recall(fuzz->bufs, fuzz->bufs_made, attr->which);
		append(fuzz, &id, attr->len < sizeof(id) ? attr->len :
							   sizeof(id));
		return;
	}
	for (i = 0; i < attr->len; i += FUZZ_DATA)
		append(fuzz, attr->data, attr->len - i < FUZZ_DATA ?
					 attr->len - i : FUZZ_DATA);
}

static void put_attr(struct fuzz *fuzz, const struct fuzz_attr *attr)
{
	size_t outer = fuzz->tx_len;
	struct nlattr head = { .nla_type = attr->type };
	size_t len = attr->what && attr->len > 4 ? 4 : attr->len;
	int level;

	for (level = attr->nest; level >= 0; level--) {
		head.nla_len = NLA_HDRLEN * (level + 1) + len;
		if (level == attr->nest)
			head.nla_len += attr->lie;
		append(fuzz, &head, sizeof(head));
	}
	put_payload(fuzz, attr);
	append(fuzz, "\0\0\0", NLA_ALIGN(fuzz->tx_len - outer) -
			       (fuzz->tx_len - outer));
}

static void put_message(struct fuzz *fuzz, const struct fuzz_step *step)
{
	size_t start = fuzz->tx_len;
	struct nlmsghdr head = {
		.nlmsg_type = fuzz->d.nl.family,
		.nlmsg_flags = step->flags,
		.nlmsg_seq = ++fuzz->seq,
	};
	struct genlmsghdr genl = {
		.cmd = step->cmd,
		.version = step->version,
	};
	int i;

	append(fuzz, &head, sizeof(head));
	append(fuzz, &genl, sizeof(genl));
	for (i = 0; i < step->attr_count; i++)
		if (!asks_for_warning(step, &step->attrs[i]))
			put_attr(fuzz, &step->attrs[i]);
	head.nlmsg_len = fuzz->tx_len - start + step->lie;
	if (start + sizeof(head) <= fuzz->tx_len)
		memcpy(fuzz->tx + start, &head, sizeof(head));
	fuzz->sent++;
}

static bool is_errno(int err)
{
	static const int known[] = { 0, EPERM, EINVAL, ENOENT, EBUSY, ENODEV, ENOSPC,
				     ENOMEM, ERANGE, EOPNOTSUPP, EIO, ETIMEDOUT,
				     EAGAIN, ECONNREFUSED, EMSGSIZE, ENOBUFS };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (err == known[i])
			return true;
	return false;
}

/* Attributes end where the message does; those of the audit do, too. */
static bool is_whole(const uint8_t *at, const uint8_t *end, bool nested)
{
	struct nlattr attr;

	while (at < end) {
		if (end - at < NLA_HDRLEN)
			return false;
		memcpy(&attr, at, sizeof(attr));
		if (attr.nla_len < NLA_HDRLEN || attr.nla_len > end - at)
			return false;
		if (attr.nla_type & NLA_F_NESTED &&
		    (nested || !is_whole(at + NLA_HDRLEN, at + attr.nla_len,
					 true)))
			return false;
		at += NLA_ALIGN(attr.nla_len);
	}
	return true;
}

static void take_object(struct fuzz *fuzz, const struct nlmsghdr *msg)
{
	const uint8_t *from = NLMSG_DATA(msg);
	const struct nlattr *attr;
	uint32_t id;

	if (msg->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN ||
	    !is_whole(from + GENL_HDRLEN,
		      (const uint8_t *)msg + msg->nlmsg_len, false)) {
		fuzz_blame(fuzz, format("an answer to command %u is cut off",
				   msg->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN ?
				   0 : nl_cmd(msg)));
		return;
	}
	attr = nl_attr(msg, DMAEXER_A_BUF_ID);
	if (!attr || nl_len(attr) != sizeof(id))
		return;
	memcpy(&id, nl_data(attr), sizeof(id));
	if (nl_cmd(msg) == DMAEXER_CMD_BUF_NEW)
		fuzz_remember(fuzz->bufs, &fuzz->bufs_made, id);
	else if (nl_cmd(msg) == DMAEXER_CMD_DEV_NEW)
		fuzz_remember(fuzz->devs, &fuzz->devs_made, id);
}

/* The sentence of a refusal, which follows a copy of the request. */
static const char *sentence(const struct nlmsghdr *msg)
{
	const struct nlmsgerr *err = NLMSG_DATA(msg);
	const char *from = (const char *)&err->msg +
			   NLMSG_ALIGN(err->msg.nlmsg_len);
	const char *end = (const char *)msg + msg->nlmsg_len;
	const struct nlattr *attr = NULL;

	if (msg->nlmsg_flags & NLM_F_ACK_TLVS && from < end)
		attr = nl_find(from, end, NLMSGERR_ATTR_MSG, NULL);
	return attr ? nl_data(attr) : "";
}

static bool is_request(uint8_t cmd, bool dump)
{
	const struct request *req;

	for_each_request(req)
		if (req->cmd == cmd)
			return !dump || cmd == DMAEXER_CMD_DEV_GET ||
			       cmd == DMAEXER_CMD_BUF_GET ||
			       cmd == DMAEXER_CMD_FAULT_GET ||
			       cmd == DMAEXER_CMD_POSTMORTEM_GET;
	return false;
}

/*
 * What netlink itself refuses before it asks the family comes without a sentence: a
 * message without a command, or with one that the family does not have, a dump while
 * another has not ended, or one for which the socket has no room. It has sentences
 * for attributes.
 */
static bool is_netlinks(const struct nlmsgerr *err)
{
	bool dump = (err->msg.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	switch (-err->error) {
	case EINVAL:
		return err->msg.nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN;
	case EOPNOTSUPP:
		return !is_request(nl_cmd(&err->msg), dump);
	case EBUSY:
	case ENOBUFS:
		return dump;
	default:
		return false;
	}
}

static void take_message(struct fuzz *fuzz, const struct nlmsghdr *msg)
{
	const struct nlmsgerr *err = NLMSG_DATA(msg);

	if (msg->nlmsg_type == fuzz->d.nl.family)
		take_object(fuzz, msg);
	if (msg->nlmsg_type != NLMSG_ERROR)
		return;
	fuzz->accepted += !err->error;
	if (!is_errno(-err->error) ||
	    (err->error && !is_netlinks(err) && !*sentence(msg)))
		fuzz_blame(fuzz, format("message %u of %u is answered with errno %d, \"%s\"",
				   msg->nlmsg_seq, fuzz->seq, -err->error,
				   sentence(msg)));
}

/* One datagram; false where there is none. */
static bool read_one(struct fuzz *fuzz, int fd, size_t room)
{
	static uint8_t rx[RX_ROOM] __attribute__((aligned(4)));
	const struct nlmsghdr *msg = (void *)rx;
	int len = recv(fd, rx, room, MSG_DONTWAIT);

	if (len < 0)
		return errno == ENOBUFS;
	/* what did not fit is cut off by the kernel */
	for (; len < (int)room && NLMSG_OK(msg, len); msg = NLMSG_NEXT(msg, len))
		take_message(fuzz, msg);
	return true;
}

static void read_all(struct fuzz *fuzz, int fd, size_t room)
{
	int i;

	for (i = 0; i < MOST_READS; i++) {
		if (!read_one(fuzz, fd, room))
			return;
		if (i % 64 == 63)
			fuzz->edges += kcov_take();
	}
	fuzz_blame(fuzz, "an answer does not end");
}

/* Whether a message goes out is the kernel's business. */
static void send_out(struct fuzz *fuzz, int fd)
{
	send(fd, fuzz->tx, fuzz->tx_len, MSG_DONTWAIT);
	fuzz->tx_len = 0;
}

void fuzz_step(struct fuzz *fuzz, const struct fuzz_step *step)
{
	int *sock = &fuzz->socks[step->sock];

	switch (step->way) {
	case FUZZ_CALL:
		put_message(fuzz, step);
		send_out(fuzz, *sock);
		read_all(fuzz, *sock, step->room);
		break;
	case FUZZ_HELD:
		put_message(fuzz, step);
		break;
	case FUZZ_BEGIN:
		put_message(fuzz, step);
		send_out(fuzz, *sock);
		read_one(fuzz, *sock, step->room);
		break;
	case FUZZ_READ:
		read_one(fuzz, *sock, step->room);
		break;
	case FUZZ_CLOSE:
		close(*sock);
		*sock = fuzz_socket(fuzz);
		break;
	case FUZZ_LISTEN:
		setsockopt(*sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			   &fuzz->d.nl.group, sizeof(fuzz->d.nl.group));
		break;
	case FUZZ_WAYS:
		break;
	}
	fuzz->edges += kcov_take();
	++*fuzz->beat;
}
