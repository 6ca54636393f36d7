// SPDX-License-Identifier: GPL-2.0
/* Requests as they are sent, and answers that no kernel has given so far. */
#include "client.h"

#include <errno.h>
#include <linux/dmaexer.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "transport.h"

/* A label or contents of @size bytes; the answer is none. */
static void size_test(unsigned int attr, size_t size, bool fits)
{
	char *bytes = calloc(1, size);
	struct transport transport;
	struct object request;
	struct object reply;
	int err = -ENOMEM;

	transport_open(&transport, NULL, 0);
	object_init(&request, &buf_set);
	object_init(&reply, &buf_set);
	if (bytes && !object_set_bytes(&request, attr, bytes, size))
		err = client_buf_new(&transport.client, &request, &reply);
	if (fits) {
		const struct nlattr *sent = nlmsg_find_attr(transport.sent,
							    GENL_HDRLEN,
							    (int)attr);

		ok(sent && (size_t)nla_len(sent) >= size,
		   "attribute %u takes %zu bytes", attr, size);
	} else {
		ok(err == -ERANGE && !transport.sent &&
		   transport.error.attr == attr &&
		   strstr(transport.error.text, "more than a request carries"),
		   "attribute %u of %zu bytes is refused and not sent", attr,
		   size);
	}
	object_free(&request);
	object_free(&reply);
	transport_close(&transport);
	free(bytes);
}

/* What the kernel tells of a family that goes, with @len bytes of its number. */
static int gone(uint16_t len)
{
	struct {
		struct nlmsghdr hdr;
		struct genlmsghdr genl;
		struct nlattr attr;
		uint16_t id[2];
	} message = {
		.hdr = { .nlmsg_len = sizeof(message),
			 .nlmsg_type = GENL_ID_CTRL },
		.genl = { .cmd = CTRL_CMD_DELFAMILY },
		.attr = { .nla_len = NLA_HDRLEN + len,
			  .nla_type = CTRL_ATTR_FAMILY_ID },
		.id = { TRANSPORT_FAMILY },
	};
	struct event_sink sink = { 0 };
	struct transport transport;
	int err;

	transport_open(&transport, (const uint8_t *)&message, sizeof(message));
	err = client_event(&transport.client, &sink);
	transport_close(&transport);
	return err;
}

int main(void)
{
	size_test(DMAEXER_A_BUF_LABEL, 65530, true);
	size_test(DMAEXER_A_BUF_LABEL, 65531, false);
	size_test(DMAEXER_A_BUF_LABEL, 65544, false);
	size_test(DMAEXER_A_BUF_DATA, 65530, true);
	size_test(DMAEXER_A_BUF_DATA, 65544, false);
	size_test(DMAEXER_A_BUF_DATA, 1 << 20, false);
	ok(gone(2) == -ENODEV, "a family that goes is noticed");
	ok(!gone(1), "half a number is not that of the family");
	ok(!gone(0), "nor is none");
	return tap_end();
}
