// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of a module. The input is instructions for what is in them, so that
 * most of them have a form; lengths may lie. Whatever it is, it is refused, or
 * shown the same in text, in JSON and to a scenario.
 */
#include <errno.h>
#include <json-c/json_tokener.h>
#include <json-c/linkhash.h>
#include <linux/dmaexer.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "fuzz.h"
#include "out.h"
#include "transport.h"

#define ANSWER_MAX 16384

/* What is still to be said, and what has been said. */
struct script {
	const uint8_t *data;
	size_t size;
	uint8_t answer[ANSWER_MAX] __attribute__((aligned(8)));
	size_t len;
};

static uint8_t byte_take(struct script *script)
{
	if (!script->size)
		return 0;
	script->size--;
	return *script->data++;
}

/* Up to @len bytes of the input, then zeroes, and padding. */
static void bytes_put(struct script *script, size_t len)
{
	size_t room = ANSWER_MAX - NLMSG_ALIGN(len) < script->len ?
		      0 : NLMSG_ALIGN(len);
	size_t part = len < script->size ? len : script->size;

	if (!room)
		return;
	memset(script->answer + script->len, 0, room);
	memcpy(script->answer + script->len, script->data, part);
	script->len += room;
	script->data += part;
	script->size -= part;
}

static void *room_take(struct script *script, size_t len)
{
	void *at = script->answer + script->len;

	if (script->len + NLMSG_ALIGN(len) > ANSWER_MAX)
		return NULL;
	memset(at, 0, NLMSG_ALIGN(len));
	script->len += NLMSG_ALIGN(len);
	return at;
}

/* Now and then one that is not the length. */
static size_t lie(struct script *script, size_t len)
{
	uint8_t choice = byte_take(script);

	return choice < 240 ? len : len + choice - 248;
}

static void attr_put(struct script *script, bool nested)
{
	static const uint8_t sizes[] = { 4, 8, 1, 0, 2, 3, 16 };
	size_t start = script->len;
	struct nlattr *attr = room_take(script, sizeof(*attr));
	uint8_t form;

	if (!attr)
		return;
	attr->nla_type = byte_take(script) % OBJECT_ATTRS_MAX;
	form = byte_take(script);
	if (form < 160) {
		bytes_put(script, sizes[form % sizeof(sizes)]);
	} else if (form < 200 || nested) {
		bytes_put(script, byte_take(script));
	} else {
		attr->nla_type |= NLA_F_NESTED;
		for (form %= 8; form; form--)
			attr_put(script, true);
	}
	attr->nla_len = (uint16_t)lie(script, script->len - start);
}

static void object_put(struct script *script)
{
	static const uint8_t cmds[] = {
		DMAEXER_CMD_DEV_GET, DMAEXER_CMD_DEV_ADD_NTF,
		DMAEXER_CMD_BUF_NEW_NTF, DMAEXER_CMD_VIOLATION_NTF,
	};
	struct genlmsghdr *genl = room_take(script, sizeof(*genl));
	uint8_t count = byte_take(script) % 64;

	if (!genl)
		return;
	genl->cmd = cmds[count % sizeof(cmds)];
	genl->version = 1;
	while (count--)
		attr_put(script, false);
}

/* A refusal, or the end: a number, and what an extended one has. */
static void end_put(struct script *script, uint16_t type)
{
	int number = -(int)byte_take(script);
	uint8_t count = byte_take(script) % 4;

	memcpy(script->answer + script->len, &number, sizeof(number));
	if (!room_take(script, type == NLMSG_ERROR ?
		       sizeof(struct nlmsgerr) : sizeof(number)))
		return;
	while (count--)
		attr_put(script, false);
}

static void message_put(struct script *script)
{
	static const uint16_t types[] = {
		0x20, 0x20, 0x20, NLMSG_ERROR, NLMSG_DONE, NLMSG_OVERRUN,
		NLMSG_NOOP, GENL_ID_CTRL,
	};
	size_t start = script->len;
	struct nlmsghdr *hdr = room_take(script, sizeof(*hdr));

	if (!hdr)
		return;
	hdr->nlmsg_type = types[byte_take(script) % 8];
	hdr->nlmsg_flags = (uint16_t)(byte_take(script) |
				      byte_take(script) << 8);
	if (hdr->nlmsg_type == NLMSG_ERROR || hdr->nlmsg_type == NLMSG_DONE)
		end_put(script, hdr->nlmsg_type);
	else
		object_put(script);
	hdr->nlmsg_len = (uint32_t)lie(script, script->len - start);
}

static char *shown(enum out_mode mode, bool verbose, struct record *record,
		   const struct attr_set *set, const struct objects *list)
{
	char *text = NULL;
	size_t size = 0;
	struct out out = {
		.mode = mode, .verbose = verbose, .record = record,
		.file = open_memstream(&text, &size),
	};

	claim(out.file, "there is memory");
	if (list->count == 1)
		claim(!out_object(&out, &list->object[0]), "it is shown");
	else
		claim(!out_list(&out, set, list), "%zu are shown in mode %d", list->count, mode);
	fclose(out.file);
	return text;
}

/* A record has the numbers of JSON, and "yes" where it has true. */
static void field_check(const struct record *record, const char *name,
			struct json_object *value)
{
	const char *text = record_get(record, name);

	if (!strcmp(name, "audit"))
		return;
	claim(text, "%s is in the record", name);
	if (json_object_is_type(value, json_type_string)) {
		struct json_object *valid = json_text(text);

		claim(json_object_equal(valid, value), "%s is \"%s\"", name,
		      text);
		json_object_put(valid);
	}
	if (json_object_is_type(value, json_type_boolean))
		claim(!strcmp(text, json_object_get_boolean(value) ?
			      "yes" : "no"), "%s is %s", name, text);
	if (json_object_is_type(value, json_type_int) &&
	    strcmp(text, "unlimited") != 0)
		claim(!strcmp(text, json_object_to_json_string(value)),
		      "%s is %s", name, text);
}

static void document_check(const char *text, const struct record *record,
			   const struct object *object)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *document;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
			       JSON_TOKENER_VALIDATE_UTF8);
	document = json_tokener_parse_ex(tokener, text, (int)strlen(text));
	claim(json_tokener_get_error(tokener) == json_tokener_success,
	      "%s is JSON", text);
	json_tokener_free(tokener);
	if (object) {
		unsigned int fields = 0;

		json_object_object_foreach(document, name, value) {
			field_check(record, name, value);
			fields++;
		}
		claim(fields == (unsigned int)
		      __builtin_popcountll(object->seen),
		      "%u fields are all there are", fields);
	}
	json_object_put(document);
}

static void list_check(const struct attr_set *set, const struct objects *list)
{
	const struct object *object = list->count == 1 ? list->object : NULL;
	struct record record = { 0 };
	char *text;

	free(shown(OUT_TEXT, false, NULL, set, list));
	free(shown(OUT_TEXT, true, NULL, set, list));
	free(shown(OUT_RECORD, false, &record, set, list));
	text = shown(OUT_JSON, false, NULL, set, list);
	document_check(text, &record, object);
	free(text);
	record_free(&record);
}

static int on_event(void *arg, const char *name, const struct object *object)
{
	struct objects list = { (struct object *)object, 1, 1 };

	(void)arg;
	claim(name[0], "an event has a name");
	list_check(object->set, &list);
	return 0;
}

static void exchange(struct transport *transport, uint8_t choice)
{
	static const struct attr_set *const sets[] = {
		&dev_set, &buf_set, &xfer_set, &protect_set, &fault_set,
	};
	const struct attr_set *set = sets[choice / 3 % 5];
	struct objects list = { 0 };
	struct event_sink sink = { on_event, NULL };
	struct object request;
	int err;

	object_init(&request, set);
	if (choice % 3 == 0) {
		struct object *reply = objects_add(&list, set);

		claim(reply, "there is memory");
		err = client_buf_new(&transport->client, &request, reply);
	} else if (choice % 3 == 1) {
		err = client_fault_list(&transport->client, &list);
		set = &fault_set;
	} else {
		err = client_event(&transport->client, &sink);
	}
	if (!err && list.count)
		list_check(set, &list);
	else if (err && err != -ENOBUFS && err != -EAGAIN)
		claim(transport->error.text[0] || transport->error.missing ||
		      transport->error.number, "%d has a reason", err);
	objects_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct script script;
	struct transport transport;
	uint8_t choice;

	script.data = data;
	script.size = size;
	script.len = 0;
	choice = byte_take(&script);
	while (script.size && script.len < ANSWER_MAX / 2)
		message_put(&script);
	transport_open(&transport, script.answer, script.len);
	exchange(&transport, choice);
	transport_close(&transport);
	return 0;
}
