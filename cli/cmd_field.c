// SPDX-License-Identifier: GPL-2.0
/* buf read, write, fill, check and dump: the contents of a buffer. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <string.h>
#include <unistd.h>

#include "cmd_buf.h"
#include "data.h"

/* Width of a field of an element that is not as wide as an access. */
#define WIDTH_DEFAULT 4

static int request_make(struct ctx *ctx, const struct args *args,
			struct object *request)
{
	object_init(request, args->verb->set);
	if (!ctx_client(ctx))
		return -ENOENT;
	return args_request(args, request);
}

static uint64_t width_default(const struct object *buf)
{
	uint64_t size = object_num(buf, DMAEXER_A_BUF_ELEM_SIZE);

	return size == 1 || size == 2 || size == 4 || size == 8 ?
	       size : WIDTH_DEFAULT;
}

/* Sets the index and width of a field where they were left out. */
static int field_default(struct ctx *ctx, struct object *request)
{
	uint32_t id = (uint32_t)object_num(request, DMAEXER_A_BUF_ID);
	struct object buf;
	int err;

	if (!object_has(request, DMAEXER_A_BUF_INDEX))
		object_set_num(request, DMAEXER_A_BUF_INDEX, 0);
	if (object_has(request, DMAEXER_A_BUF_WIDTH))
		return 0;
	object_init(&buf, &buf_set);
	err = client_buf_get(&ctx->client, id, &buf);
	if (!err)
		object_set_num(request, DMAEXER_A_BUF_WIDTH,
			       width_default(&buf));
	object_free(&buf);
	return err;
}

int buf_read(struct ctx *ctx, const struct args *args)
{
	struct object request;
	struct object field;
	int err;

	object_init(&field, &buf_set);
	err = request_make(ctx, args, &request);
	if (!err)
		err = field_default(ctx, &request);
	if (!err)
		err = client_buf_read(&ctx->client, &request, &field);
	object_free(&request);
	return ctx_show(ctx, err, &field);
}

int buf_write(struct ctx *ctx, const struct args *args)
{
	const struct arg *value = args_find(args, "VALUE");
	const struct arg *data = args_find(args, "--data");
	struct object request;
	int err;

	if (!value == !data) {
		error_set(&ctx->error, 0,
			  "write what? give either VALUE or --data");
		return STATUS_USAGE;
	}
	err = request_make(ctx, args, &request);
	if (!err && value)
		err = field_default(ctx, &request);
	if (!err)
		err = client_buf_write(&ctx->client, &request);
	if (!err)
		err = out_nothing(&ctx->out);
	object_free(&request);
	return ctx_status(ctx, err);
}

int buf_fill(struct ctx *ctx, const struct args *args)
{
	struct object request;
	int err = request_make(ctx, args, &request);

	if (!err)
		err = client_buf_fill(&ctx->client, &request);
	if (!err)
		err = out_nothing(&ctx->out);
	object_free(&request);
	return ctx_status(ctx, err);
}

int buf_check(struct ctx *ctx, const struct args *args)
{
	struct object request;
	struct object result;
	uint64_t mismatches;
	int err;

	object_init(&result, &buf_set);
	err = request_make(ctx, args, &request);
	if (!err)
		err = client_buf_check(&ctx->client, &request, &result);
	if (!err)
		err = out_object(&ctx->out, &result);
	mismatches = object_num(&result, DMAEXER_A_BUF_MISMATCHES);
	if (!err && mismatches)
		error_set(&ctx->error, 0, "%" PRIu64 " bytes differ from %s, the first at %" PRIu64
			  ": expected 0x%02" PRIx64 ", is 0x%02" PRIx64,
			  mismatches, args_find(args, "PATTERN")->word,
			  object_num(&result, DMAEXER_A_BUF_FIRST_MISMATCH),
			  object_num(&result, DMAEXER_A_BUF_EXPECTED),
			  object_num(&result, DMAEXER_A_BUF_ACTUAL));
	object_free(&request);
	object_free(&result);
	if (!err && mismatches)
		return STATUS_DIFFERS;
	return ctx_status(ctx, err);
}

/* Copies @length bytes at @offset of the open file to @dump. */
static int data_copy(struct ctx *ctx, int fd, uint64_t offset,
		     uint64_t length, struct dump *dump)
{
	static unsigned char block[65536];
	int err = 0;

	while (length && !err && !signal_caught) {
		size_t size = length < sizeof(block) ? length : sizeof(block);
		ssize_t part = pread(fd, block, size, (off_t)offset);

		if (part > 0) {
			err = dump_bytes(dump, block, (size_t)part);
			offset += (uint64_t)part;
			length -= (uint64_t)part;
		} else if (part == 0 || errno != EINTR) {
			int number = part ? errno : EIO;

			err = error_set(&ctx->error, number,
					"reading stopped at %" PRIu64 ": %s",
					offset, strerror(number));
		}
	}
	return err;
}

/* The range of @buf to dump; all after the offset where no length is given. */
static int range_get(struct ctx *ctx, const struct args *args,
		     const struct object *buf, uint64_t *offset,
		     uint64_t *length)
{
	const struct arg *from = args_find(args, "--offset");
	const struct arg *count = args_find(args, "--length");
	uint64_t size = object_num(buf, DMAEXER_A_BUF_SIZE);

	*offset = from ? from->num : 0;
	if (*offset > size)
		return error_set(&ctx->error, EINVAL,
				 "--offset is past the end of the buffer, %" PRIu64
				 " bytes", size);
	*length = count ? count->num : size - *offset;
	if (*length > size - *offset)
		return error_set(&ctx->error, EINVAL,
				 "--length is past the end of the buffer, %" PRIu64
				 " bytes", size);
	if (ctx->out.mode == OUT_JSON && *length > DUMP_JSON_MAX)
		return error_set(&ctx->error, ERANGE,
				 "a JSON document holds no more than %u bytes; give --length",
				 DUMP_JSON_MAX);
	return 0;
}

int contents_dump(struct ctx *ctx, const struct args *args,
		  const struct object *buf)
{
	struct dump dump;
	uint64_t offset = 0;
	uint64_t length = 0;
	int err;
	int fd;

	err = range_get(ctx, args, buf, &offset, &length);
	if (err)
		return err;
	fd = data_open(buf, O_RDONLY, &ctx->error);
	if (fd < 0)
		return fd;
	err = dump_open(&dump, &ctx->out,
			(uint32_t)object_num(buf, DMAEXER_A_BUF_ID), offset,
			length, args_find(args, "--raw"));
	if (!err)
		err = data_copy(ctx, fd, offset, length, &dump);
	/* What was read goes out, and the document is closed, in any case. */
	if (dump_close(&dump) && !err)
		err = -ENOMEM;
	close(fd);
	return err;
}

int buf_dump(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object buf;
	int err;

	if (!client)
		return STATUS_REFUSED;
	object_init(&buf, &buf_set);
	err = client_buf_get(client, (uint32_t)args_find(args, "ID")->num,
			     &buf);
	if (!err)
		err = contents_dump(ctx, args, &buf);
	object_free(&buf);
	return ctx_status(ctx, err);
}
