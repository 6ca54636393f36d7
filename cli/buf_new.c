// SPDX-License-Identifier: GPL-2.0
/* buf new: contents that fit a request go with it, others through debugfs. */
#include <errno.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_buf.h"
#include "data.h"

/* Contents up to this size go with the request. */
#define REQUEST_DATA_MAX 32768

static int usage(struct ctx *ctx, const char *text)
{
	error_set(&ctx->error, 0, "%s", text);
	return STATUS_USAGE;
}

static int options_check(struct ctx *ctx, const struct args *args)
{
	bool size = args_find(args, "--size");
	bool elem_size = args_find(args, "--elem-size");
	bool count = args_find(args, "--count");
	bool data = args_find(args, "--data");
	bool from = args_find(args, "--from");

	if (size && (elem_size || count))
		return usage(ctx, "--size is --elem-size 1 and --count SIZE; give one or the other");
	if (data && from)
		return usage(ctx, "--data and --from both say what the buffer holds; give one");
	if (!size && !count && !data && !from)
		return usage(ctx, "how large? give --size, --count, --data or --from");
	return STATUS_DONE;
}

/*
 * Makes a box for contents that no request carries, writes them, and shares it
 * where @kind asks for that.
 */
static int large_new(struct ctx *ctx, struct object *request,
		     const struct bytes *bytes, struct object *buf)
{
	bool share = !object_has(request, DMAEXER_A_BUF_KIND) ||
		     object_num(request, DMAEXER_A_BUF_KIND) !=
		     DMAEXER_KIND_BOX;
	uint64_t elem_size = 1;
	uint32_t id;
	int err;

	object_clear(request, DMAEXER_A_BUF_DATA);
	if (object_has(request, DMAEXER_A_BUF_ELEM_SIZE))
		elem_size = object_num(request, DMAEXER_A_BUF_ELEM_SIZE);
	if (!elem_size || bytes->size % elem_size)
		return error_set(&ctx->error, EINVAL,
				 "%zu bytes are not whole elements of %" PRIu64
				 " bytes", bytes->size, elem_size);
	if (!object_has(request, DMAEXER_A_BUF_COUNT))
		object_set_num(request, DMAEXER_A_BUF_COUNT,
			       bytes->size / elem_size);
	if (object_num(request, DMAEXER_A_BUF_COUNT) !=
	    bytes->size / elem_size)
		return error_set(&ctx->error, EINVAL,
				 "%zu bytes are not exactly what the buffer holds",
				 bytes->size);
	object_set_num(request, DMAEXER_A_BUF_KIND, DMAEXER_KIND_BOX);
	err = client_buf_new(&ctx->client, request, buf);
	if (err)
		return err;
	id = (uint32_t)object_num(buf, DMAEXER_A_BUF_ID);
	err = data_write(buf, bytes, &ctx->error);
	if (!err && share) {
		object_free(buf);
		err = client_buf_share(&ctx->client, id, buf);
	}
	if (err) {
		struct error error = ctx->error;

		client_buf_del(&ctx->client, id);
		ctx->error = error;
	}
	return err;
}

static int new_contents(struct ctx *ctx, struct object *request,
			const struct bytes *bytes, struct object *buf)
{
	if (bytes->size > REQUEST_DATA_MAX &&
	    object_num(request, DMAEXER_A_BUF_KIND) == DMAEXER_KIND_HANDLE)
		return error_set(&ctx->error, EINVAL,
				 "a handle takes no contents from the CPU");
	if (bytes->size > REQUEST_DATA_MAX &&
	    object_num(request, DMAEXER_A_BUF_KIND) > DMAEXER_KIND_HANDLE)
		return error_set(&ctx->error, EOPNOTSUPP,
				 "%zu bytes of contents: more than %d only a box takes, or coherent memory",
				 bytes->size, REQUEST_DATA_MAX);
	if (bytes->size > REQUEST_DATA_MAX)
		return large_new(ctx, request, bytes, buf);
	if (bytes->size &&
	    object_set_bytes(request, DMAEXER_A_BUF_DATA, bytes->data,
			     bytes->size))
		return -ENOMEM;
	return client_buf_new(&ctx->client, request, buf);
}

int buf_new(struct ctx *ctx, const struct args *args)
{
	const struct arg *data = args_find(args, "--data");
	const struct arg *from = args_find(args, "--from");
	struct bytes file = { 0 };
	struct object request;
	struct object buf;
	uint32_t dev = 0;
	int err;

	if (options_check(ctx, args))
		return STATUS_USAGE;
	if (!ctx_client(ctx) || dev_argument(ctx, args, &dev))
		return STATUS_REFUSED;
	object_init(&buf, &buf_set);
	object_init(&request, &buf_set);
	object_set_num(&request, DMAEXER_A_BUF_DEV_ID, dev);
	if (ctx->step)
		object_set_num(&request, DMAEXER_A_BUF_OWNED, 1);
	err = args_request(args, &request);
	if (!err && from)
		err = file_read(from->word, &file, &ctx->error);
	if (!err)
		err = new_contents(ctx, &request, data ? &data->bytes : &file,
				   &buf);
	free(file.data);
	object_free(&request);
	return ctx_show(ctx, err, &buf);
}
