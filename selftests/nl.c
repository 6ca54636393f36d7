// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/dmaexer.h>

#include "nl.h"

#define TX_ROOM		(256 * 1024)
#define RECV_SIZE	(128 * 1024)
#define FIRST_RECV_SIZE	4096
#define ANSWER_SECONDS	60

static int set_flag(int fd, int option)
{
	int one = 1;

	return setsockopt(fd, SOL_NETLINK, option, &one, sizeof(one));
}

int nl_open_port(struct nl *nl, uint32_t port)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_pid = port };
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	socklen_t len = sizeof(addr);

	memset(nl, 0, sizeof(*nl));
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl->fd < 0)
		return errno;
	if (bind(nl->fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(nl->fd, (struct sockaddr *)&addr, &len) ||
	    set_flag(nl->fd, NETLINK_EXT_ACK) ||
	    set_flag(nl->fd, NETLINK_CAP_ACK) ||
	    setsockopt(nl->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		return errno;
	nl->port = addr.nl_pid;
	nl->tx = calloc(1, TX_ROOM);
	if (!nl->tx)
		return ENOMEM;
	/* The kernel fits dumps into the largest room a socket ever offered. */
	nl->recv_size = FIRST_RECV_SIZE;
	nl_resolve(nl);
	nl->recv_size = RECV_SIZE;
	return nl->err;
}

int nl_open(struct nl *nl)
{
	return nl_open_port(nl, 0);
}

void nl_close(struct nl *nl)
{
	close(nl->fd);
	free(nl->tx);
	free(nl->rx);
	memset(nl, 0, sizeof(*nl));
	nl->fd = -1;
}

void nl_raw(struct nl *nl, const void *data, size_t len)
{
	if (nl->tx_len + len > TX_ROOM)
		abort();
	memcpy(nl->tx + nl->tx_len, data, len);
	nl->tx_len += len;
}

void nl_begin(struct nl *nl, uint8_t cmd)
{
	struct nlmsghdr head = {
		.nlmsg_type = nl->family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_pid = nl->port,
	};
	struct genlmsghdr genl = {
		.cmd = cmd,
		.version = DMAEXER_FAMILY_VERSION,
	};

	nl->tx_len = 0;
	nl_raw(nl, &head, sizeof(head));
	nl_raw(nl, &genl, sizeof(genl));
}

void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len)
{
	static const uint8_t zeros[NLA_ALIGNTO];
	struct nlattr attr = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	nl_raw(nl, &attr, sizeof(attr));
	nl_raw(nl, data, len);
	nl_raw(nl, zeros, NLA_ALIGN(len) - len);
}

void nl_u32(struct nl *nl, uint16_t type, uint32_t value)
{
	nl_put(nl, type, &value, sizeof(value));
}

void nl_u64(struct nl *nl, uint16_t type, uint64_t value)
{
	nl_put(nl, type, &value, sizeof(value));
}

void nl_str(struct nl *nl, uint16_t type, const char *value)
{
	nl_put(nl, type, value, strlen(value) + 1);
}

void nl_flag(struct nl *nl, uint16_t type)
{
	nl_put(nl, type, "", 0);
}

/* Attributes of an acknowledgment, which follow LEN bytes of payload. */
static void read_extack(struct nl *nl, const struct nlmsghdr *msg, size_t len)
{
	const char *from = (const char *)NLMSG_DATA(msg) + NLMSG_ALIGN(len);
	const char *end = (const char *)msg + msg->nlmsg_len;
	const struct nlattr *attr;

	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	attr = nl_find(from, end, NLMSGERR_ATTR_MSG, NULL);
	if (attr)
		strncpy(nl->msg, nl_data(attr), sizeof(nl->msg) - 1);
	attr = nl_find(from, end, NLMSGERR_ATTR_OFFS, NULL);
	if (attr)
		memcpy(&nl->offs, nl_data(attr), sizeof(nl->offs));
	attr = nl_find(from, end, NLMSGERR_ATTR_MISS_TYPE, NULL);
	if (attr)
		memcpy(&nl->miss, nl_data(attr), sizeof(nl->miss));
}

static void keep(struct nl *nl, const struct nlmsghdr *msg)
{
	size_t len = NLMSG_ALIGN(msg->nlmsg_len);

	if (nl->rx_len + len > nl->rx_cap) {
		nl->rx_cap = 2 * (nl->rx_len + len);
		nl->rx = realloc(nl->rx, nl->rx_cap);
		if (!nl->rx)
			abort();
	}
	memcpy(nl->rx + nl->rx_len, msg, msg->nlmsg_len);
	nl->rx_len += len;
}

/* Returns true with the message that ends the answer. */
static bool take(struct nl *nl, const struct nlmsghdr *msg)
{
	int err;

	if (msg->nlmsg_seq != nl->seq)
		return false;
	nl->interrupted |= !!(msg->nlmsg_flags & NLM_F_DUMP_INTR);
	if (msg->nlmsg_type != NLMSG_ERROR && msg->nlmsg_type != NLMSG_DONE) {
		keep(nl, msg);
		return false;
	}
	memcpy(&err, NLMSG_DATA(msg), sizeof(err));
	nl->err = -err;
	read_extack(nl, msg, msg->nlmsg_type == NLMSG_ERROR ?
		    sizeof(struct nlmsgerr) : sizeof(err));
	return true;
}

static int transact(struct nl *nl, uint16_t flags)
{
	struct nlmsghdr *head = (void *)nl->tx;
	uint8_t *buf = malloc(nl->recv_size);
	bool done = false;

	head->nlmsg_len = nl->tx_len;
	head->nlmsg_flags |= flags;
	head->nlmsg_seq = ++nl->seq;
	nl->rx_len = 0;
	nl->err = 0;
	nl->msg[0] = '\0';
	nl->offs = -1;
	nl->miss = -1;
	nl->interrupted = false;
	if (send(nl->fd, nl->tx, nl->tx_len, 0) < 0)
		nl->err = errno;
	while (!nl->err && !done) {
		int len = recv(nl->fd, buf, nl->recv_size, MSG_TRUNC);
		const struct nlmsghdr *msg = (void *)buf;

		if (len < 0 || len > (int)nl->recv_size)
			nl->err = len < 0 ? errno : EMSGSIZE;
		if (nl->err)
			break;
		for (; !done && NLMSG_OK(msg, len); msg = NLMSG_NEXT(msg, len))
			done = take(nl, msg);
	}
	free(buf);
	return nl->err;
}

int nl_call(struct nl *nl)
{
	return transact(nl, 0);
}

int nl_dump(struct nl *nl)
{
	return transact(nl, NLM_F_DUMP);
}

int nl_dump_half(struct nl *nl, void *to, size_t room)
{
	struct nlmsghdr head;

	memcpy(&head, nl->tx, sizeof(head));
	head.nlmsg_len = nl->tx_len;
	head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	head.nlmsg_seq = ++nl->seq;
	memcpy(nl->tx, &head, sizeof(head));
	if (write(nl->fd, nl->tx, nl->tx_len) < 0 ||
	    read(nl->fd, to, room) < 0)
		return errno;
	return 0;
}

int nl_resolve(struct nl *nl)
{
	const struct nlattr *groups, *group;

	nl->family = GENL_ID_CTRL;
	nl_begin(nl, CTRL_CMD_GETFAMILY);
	nl_str(nl, CTRL_ATTR_FAMILY_NAME, DMAEXER_FAMILY_NAME);
	if (nl_call(nl))
		return nl->err;
	memcpy(&nl->family, nl_data(nl_attr(nl_next(nl, NULL),
					    CTRL_ATTR_FAMILY_ID)), 2);
	groups = nl_attr(nl_next(nl, NULL), CTRL_ATTR_MCAST_GROUPS);
	group = groups ? nl_nested(groups, 1) : NULL;
	if (group)
		memcpy(&nl->group,
		       nl_data(nl_nested(group, CTRL_ATTR_MCAST_GRP_ID)), 4);
	return 0;
}

int nl_join(struct nl *nl)
{
	if (setsockopt(nl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nl->group,
		       sizeof(nl->group)))
		return errno;
	return 0;
}

int nl_event(struct nl *nl, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = nl->fd, .events = POLLIN };
	uint8_t buf[16384];
	int len;

	nl->rx_len = 0;
	if (poll(&poll_fd, 1, timeout_ms) != 1)
		return 0;
	len = recv(nl->fd, buf, sizeof(buf), 0);
	if (len < (int)(NLMSG_HDRLEN + GENL_HDRLEN))
		return 0;
	keep(nl, (void *)buf);
	return nl_cmd((void *)buf);
}
