// SPDX-License-Identifier: GPL-2.0
#include "client.h"

#include <errno.h>
#include <linux/dmaexer.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <string.h>

/* A dump that changes while it is read is asked for again, this often. */
#define DUMP_TRIES 16

/* An attribute's length, with its header, is a number of 16 bits. */
#define ATTR_BYTES_MAX (UINT16_MAX - NLA_HDRLEN)

/* One attribute takes its value, a header and padding. */
#define ATTR_ROOM 24

int client_open(struct client *client, struct error *error)
{
	client->error = error;
	return nl_open(&client->nl, error);
}

void client_close(struct client *client)
{
	nl_shut(&client->nl);
}

static int no_request_memory(struct client *client)
{
	return error_set(client->error, ENOMEM, "no memory for the request");
}

static int attr_put(struct nl_msg *msg, const struct object *object, int n)
{
	const struct value *value = &object->value[n];

	switch (object->set->attr[n].type) {
	case ATTR_U8:
		return nla_put_u8(msg, n, (uint8_t)value->num);
	case ATTR_U32:
	case ATTR_S32:
		return nla_put_u32(msg, n, (uint32_t)value->num);
	case ATTR_U64:
	case ATTR_S64:
		return nla_put_u64(msg, n, value->num);
	case ATTR_STRING:
		return nla_put(msg, n, (int)value->size + 1, value->text);
	case ATTR_BYTES:
		return nla_put(msg, n, (int)value->size, value->text);
	case ATTR_FLAG:
		return value->num ? nla_put_flag(msg, n) : 0;
	default:
		return 0;
	}
}

static int object_put(struct client *client, struct nl_msg *msg,
		      const struct object *object)
{
	for (unsigned int n = 1; n < object->set->count; n++) {
		size_t size = object->value[n].size;

		if (!object_has(object, n))
			continue;
		/* A text has a NUL at its end. */
		if (size >= ATTR_BYTES_MAX) {
			error_set(client->error, ERANGE,
				  "%zu bytes are more than a request carries",
				  size);
			client->error->attr = n;
			return -ERANGE;
		}
		if (attr_put(msg, object, (int)n))
			return no_request_memory(client);
	}
	return 0;
}

static size_t object_room(const struct object *object)
{
	size_t room = 0;

	for (unsigned int n = 1; n < object->set->count; n++)
		if (object_has(object, n))
			room += ATTR_ROOM + object->value[n].size;
	return room;
}

/* An integer of whatever width the kernel sent, signed where @type is. */
static uint64_t attr_number(const struct nlattr *attr, enum attr_type type)
{
	uint64_t wide = 0;
	uint32_t narrow = 0;

	switch (nla_len(attr)) {
	case 8:
		memcpy(&wide, nla_data(attr), sizeof(wide));
		return wide;
	case 4:
		memcpy(&narrow, nla_data(attr), sizeof(narrow));
		return type == ATTR_S32 ? (uint64_t)(int32_t)narrow : narrow;
	case 1:
		return nla_get_u8(attr);
	default:
		return 0;
	}
}

static int audit_read(struct object *object, unsigned int n,
		      struct nlattr *nest)
{
	uint64_t check = 0;
	uint64_t verdict = 0;
	char reason[256];
	bool has_reason = false;
	struct nlattr *attr;
	int rest;

	nla_for_each_nested(attr, nest, rest) {
		switch (nla_type(attr)) {
		case DMAEXER_A_AUDIT_CHECK:
			check = attr_number(attr, ATTR_U32);
			break;
		case DMAEXER_A_AUDIT_VERDICT:
			verdict = attr_number(attr, ATTR_U32);
			break;
		case DMAEXER_A_AUDIT_REASON:
			nla_strlcpy(reason, attr, sizeof(reason));
			has_reason = true;
			break;
		}
	}
	return object_add_audit(object, n, check, verdict,
				has_reason ? reason : NULL);
}

static int attr_read(struct object *object, struct nlattr *attr)
{
	unsigned int n = (unsigned int)nla_type(attr);
	const char *text = nla_data(attr);
	size_t len = (size_t)nla_len(attr);

	/* What a newer module sends besides is not for this command. */
	if (n >= object->set->count)
		return 0;
	switch (object->set->attr[n].type) {
	case ATTR_NONE:
		return 0;
	case ATTR_STRING:
		return object_set_bytes(object, n, text, strnlen(text, len));
	case ATTR_BYTES:
		return object_set_bytes(object, n, text, len);
	case ATTR_FLAG:
		object_set_num(object, n, 1);
		return 0;
	case ATTR_AUDIT:
		return audit_read(object, n, attr);
	default:
		object_set_num(object, n,
			       attr_number(attr, object->set->attr[n].type));
		return 0;
	}
}

static int object_read(struct nlmsghdr *hdr, void *arg)
{
	struct genlmsghdr *genl = nlmsg_data(hdr);
	struct object *object = arg;
	struct nlattr *attr;
	int rest;

	nla_for_each_attr(attr, genlmsg_attrdata(genl, 0),
			  genlmsg_attrlen(genl, 0), rest) {
		int err = attr_read(object, attr);

		if (err)
			return err;
	}
	return 0;
}

/* Sends @request, and reads the answer into @reply where there is to be one. */
static int exchange(struct client *client, uint8_t cmd,
		    const struct object *request, struct object *reply)
{
	struct nl_msg *msg = nl_message(&client->nl, cmd, NLM_F_ACK,
					object_room(request));
	int err;

	if (!msg)
		return no_request_memory(client);
	err = object_put(client, msg, request);
	if (!err)
		err = nl_exchange(&client->nl, msg,
				  reply ? object_read : NULL, reply);
	if (!err && reply && !reply->seen)
		err = error_set(client->error, EPROTO,
				"the module answered without a result");
	nlmsg_free(msg);
	return err;
}

struct dump {
	struct objects *list;
	const struct attr_set *set;
};

static int dump_read(struct nlmsghdr *hdr, void *arg)
{
	struct dump *dump = arg;
	struct object *object = objects_add(dump->list, dump->set);

	return object ? object_read(hdr, object) : -ENOMEM;
}

static int dump_once(struct client *client, uint8_t cmd,
		     const struct object *request, struct objects *list)
{
	struct dump dump = { list, request->set };
	struct nl_msg *msg = nl_message(&client->nl, cmd, NLM_F_DUMP,
					object_room(request));
	int err;

	if (!msg)
		return no_request_memory(client);
	err = object_put(client, msg, request);
	if (!err)
		err = nl_exchange(&client->nl, msg, dump_read, &dump);
	nlmsg_free(msg);
	return err;
}

static int dump_all(struct client *client, uint8_t cmd,
		    const struct object *request, struct objects *list)
{
	int err = -EAGAIN;

	for (int try = 0; try < DUMP_TRIES && err == -EAGAIN; try++) {
		objects_free(list);
		err = dump_once(client, cmd, request, list);
	}
	if (err == -EAGAIN)
		return error_set(client->error, EAGAIN,
				 "the list changed each time it was read; try again");
	return err;
}

static int exchange_id(struct client *client, uint8_t cmd,
		       const struct attr_set *set, uint32_t id,
		       struct object *reply)
{
	struct object request;

	object_init(&request, set);
	/* The number of a device and of a buffer is the same attribute. */
	object_set_num(&request, DMAEXER_A_BUF_ID, id);
	return exchange(client, cmd, &request, reply);
}

_Static_assert((int)DMAEXER_A_DEV_ID == (int)DMAEXER_A_BUF_ID,
	       "one attribute numbers devices and buffers");

int client_dev_get(struct client *client, uint32_t id, struct object *dev)
{
	return exchange_id(client, DMAEXER_CMD_DEV_GET, &dev_set, id, dev);
}

int client_dev_list(struct client *client, struct objects *devs)
{
	struct object request;

	object_init(&request, &dev_set);
	return dump_all(client, DMAEXER_CMD_DEV_GET, &request, devs);
}

int client_dev_new(struct client *client, const struct object *request,
		   struct object *dev)
{
	return exchange(client, DMAEXER_CMD_DEV_NEW, request, dev);
}

int client_dev_set(struct client *client, const struct object *request,
		   struct object *dev)
{
	return exchange(client, DMAEXER_CMD_DEV_SET, request, dev);
}

int client_dev_del(struct client *client, uint32_t id)
{
	return exchange_id(client, DMAEXER_CMD_DEV_DEL, &dev_set, id, NULL);
}

int client_buf_get(struct client *client, uint32_t id, struct object *buf)
{
	return exchange_id(client, DMAEXER_CMD_BUF_GET, &buf_set, id, buf);
}

int client_buf_list(struct client *client, uint32_t dev, struct objects *bufs)
{
	struct object request;

	object_init(&request, &buf_set);
	if (dev)
		object_set_num(&request, DMAEXER_A_BUF_DEV_ID, dev);
	return dump_all(client, DMAEXER_CMD_BUF_GET, &request, bufs);
}

int client_buf_new(struct client *client, const struct object *request,
		   struct object *buf)
{
	return exchange(client, DMAEXER_CMD_BUF_NEW, request, buf);
}

int client_buf_share(struct client *client, uint32_t id, struct object *buf)
{
	return exchange_id(client, DMAEXER_CMD_BUF_SHARE, &buf_set, id, buf);
}

int client_buf_del(struct client *client, uint32_t id)
{
	return exchange_id(client, DMAEXER_CMD_BUF_DEL, &buf_set, id, NULL);
}

int client_buf_read(struct client *client, const struct object *request,
		    struct object *field)
{
	return exchange(client, DMAEXER_CMD_BUF_READ, request, field);
}

int client_buf_write(struct client *client, const struct object *request)
{
	return exchange(client, DMAEXER_CMD_BUF_WRITE, request, NULL);
}

int client_buf_fill(struct client *client, const struct object *request)
{
	return exchange(client, DMAEXER_CMD_BUF_FILL, request, NULL);
}

int client_buf_check(struct client *client, const struct object *request,
		     struct object *result)
{
	return exchange(client, DMAEXER_CMD_BUF_CHECK, request, result);
}

int client_postmortem_get(struct client *client, uint32_t id,
			  struct object *postmortem)
{
	return exchange_id(client, DMAEXER_CMD_POSTMORTEM_GET, &postmortem_set,
			   id, postmortem);
}

int client_postmortem_list(struct client *client, struct objects *postmortems)
{
	struct object request;

	object_init(&request, &postmortem_set);
	return dump_all(client, DMAEXER_CMD_POSTMORTEM_GET, &request,
			postmortems);
}

int client_postmortem_del(struct client *client, uint32_t id)
{
	return exchange_id(client, DMAEXER_CMD_POSTMORTEM_DEL, &postmortem_set,
			   id, NULL);
}

int client_xfer_run(struct client *client, const struct object *request,
		    struct object *result)
{
	return exchange(client, DMAEXER_CMD_XFER_RUN, request, result);
}

uint32_t client_port(const struct client *client)
{
	return nl_socket_get_local_port(client->nl.sock);
}

int client_protect_run(struct client *client, const struct object *request,
		       struct object *result)
{
	return exchange(client, DMAEXER_CMD_PROTECT_RUN, request, result);
}

int client_fault_set(struct client *client, const struct object *request,
		     struct object *fault)
{
	return exchange(client, DMAEXER_CMD_FAULT_SET, request, fault);
}

int client_fault_list(struct client *client, struct objects *faults)
{
	struct object request;

	object_init(&request, &fault_set);
	return dump_all(client, DMAEXER_CMD_FAULT_GET, &request, faults);
}

int client_listen(struct client *client)
{
	return nl_listen(&client->nl, DMAEXER_MCGRP_EVENTS);
}

int client_fd(const struct client *client)
{
	return nl_socket_get_fd(client->nl.sock);
}

static const struct {
	uint8_t cmd;
	const char *name;
	const struct attr_set *set;
} events[] = {
	{ DMAEXER_CMD_DEV_ADD_NTF, "dev-add", &dev_set },
	{ DMAEXER_CMD_DEV_DEL_NTF, "dev-del", &dev_set },
	{ DMAEXER_CMD_BUF_NEW_NTF, "buf-new", &buf_set },
	{ DMAEXER_CMD_BUF_SHARE_NTF, "buf-share", &buf_set },
	{ DMAEXER_CMD_BUF_DEL_NTF, "buf-del", &buf_set },
	{ DMAEXER_CMD_VIOLATION_NTF, "violation", &buf_set },
	{ DMAEXER_CMD_POSTMORTEM_NEW_NTF, "postmortem-new", &postmortem_set },
	{ DMAEXER_CMD_POSTMORTEM_DEL_NTF, "postmortem-del", &postmortem_set },
};

static int event_read(struct nlmsghdr *hdr, void *arg)
{
	struct genlmsghdr *genl = nlmsg_data(hdr);
	struct event_sink *sink = arg;
	struct object object;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		if (events[i].cmd != genl->cmd)
			continue;
		object_init(&object, events[i].set);
		err = object_read(hdr, &object);
		if (!err)
			err = sink->event(sink->arg, events[i].name, &object);
		object_free(&object);
	}
	return err;
}

int client_event(struct client *client, struct event_sink *sink)
{
	return nl_receive(&client->nl, event_read, sink);
}
