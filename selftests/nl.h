/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw generic netlink, without a library between the test and the wire: a test
 * decides on every byte of a request and sees every byte of the answer.
 */
#ifndef DMAEXER_SELFTEST_NL_H
#define DMAEXER_SELFTEST_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

/**
 * struct nl - a socket, the request in the making and the last answer
 * @fd: the socket
 * @port: its netlink port
 * @family: number of the family
 * @group: number of the family's multicast group "events"
 * @seq: sequence number of the last request
 * @recv_size: bytes offered to each recv(); the kernel fits dumps into it
 * @tx: the request
 * @tx_len: its bytes
 * @rx: the family's messages of the last answer, one after the other
 * @rx_len: their bytes
 * @rx_cap: room at @rx
 * @err: errno of the last answer, 0 for success
 * @msg: its sentence, empty where there is none
 * @offs: offset of the attribute at fault in the request, -1 for none
 * @miss: type of the attribute that is missing, -1 for none
 * @interrupted: the last dump says that objects came or went meanwhile
 */
struct nl {
	int fd;
	uint32_t port;
	uint16_t family;
	uint32_t group;
	uint32_t seq;
	size_t recv_size;
	uint8_t *tx;
	size_t tx_len;
	uint8_t *rx;
	size_t rx_len;
	size_t rx_cap;
	int err;
	char msg[256];
	int offs;
	int miss;
	bool interrupted;
};

/* All of them return 0 or an errno. */
int nl_open(struct nl *nl);
int nl_open_port(struct nl *nl, uint32_t port);
int nl_resolve(struct nl *nl);
int nl_call(struct nl *nl);
int nl_dump(struct nl *nl);
int nl_join(struct nl *nl);

/* Sends the request as a dump, and takes one message into @to, of @room bytes. */
int nl_dump_half(struct nl *nl, void *to, size_t room);
void nl_close(struct nl *nl);

/* A request: nl_begin(), then attributes, then nl_call() or nl_dump(). */
void nl_begin(struct nl *nl, uint8_t cmd);
void nl_raw(struct nl *nl, const void *data, size_t len);
void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len);
void nl_u32(struct nl *nl, uint16_t type, uint32_t value);
void nl_u64(struct nl *nl, uint16_t type, uint64_t value);
void nl_str(struct nl *nl, uint16_t type, const char *value);
void nl_flag(struct nl *nl, uint16_t type);

/* Type of the attribute at an offset in the request, -1 where there is none. */
int nl_type_at(const struct nl *nl, int offs);

/* The next message of the answer, or NULL; starts over with NULL. */
const struct nlmsghdr *nl_next(const struct nl *nl, const struct nlmsghdr *msg);
uint8_t nl_cmd(const struct nlmsghdr *msg);

/* An attribute of a message, or NULL; the second form goes on after one. */
const struct nlattr *nl_attr(const struct nlmsghdr *msg, uint16_t type);
const struct nlattr *nl_attr_next(const struct nlmsghdr *msg, uint16_t type,
				  const struct nlattr *last);
const struct nlattr *nl_find(const void *from, const void *end, uint16_t type,
			     const struct nlattr *last);
const void *nl_data(const struct nlattr *attr);
size_t nl_len(const struct nlattr *attr);
const struct nlattr *nl_nested(const struct nlattr *nest, uint16_t type);

/* Number of the device that has the name now; 0 where there is none. */
uint32_t nl_dev_named(struct nl *nl, const char *name);

/* Of the first message of the answer; 0 or NULL where it is not there. */
bool nl_has(const struct nl *nl, uint16_t type);
uint32_t nl_get_u32(const struct nl *nl, uint16_t type);
uint64_t nl_get_u64(const struct nl *nl, uint16_t type);
const char *nl_get_str(const struct nl *nl, uint16_t type);

/* Waits for a notification; returns its command, 0 when the time is up. */
int nl_event(struct nl *nl, int timeout_ms);

#endif
