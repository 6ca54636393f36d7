// SPDX-License-Identifier: GPL-2.0
/* buf: DMA memory, and the rows of all verbs on it. */
#include "cmd_buf.h"

#include <linux/dmaexer.h>

#include "names.h"

static int buf_list(struct ctx *ctx, const struct args *args)
{
	const struct arg *arg = args_find(args, "DEV");
	struct client *client = ctx_client(ctx);
	struct objects bufs = { 0 };
	uint32_t dev = 0;
	int err;

	if (!client || (arg && dev_resolve(ctx, arg->word, &dev)))
		return STATUS_REFUSED;
	err = client_buf_list(client, dev, &bufs);
	if (!err)
		err = out_list(&ctx->out, &buf_set, &bufs);
	objects_free(&bufs);
	return ctx_status(ctx, err);
}

static int show_with(struct ctx *ctx, const struct args *args,
		     int (*get)(struct client *client, uint32_t id,
				struct object *buf))
{
	struct client *client = ctx_client(ctx);
	struct object buf;
	int err;

	if (!client)
		return STATUS_REFUSED;
	object_init(&buf, &buf_set);
	err = get(client, (uint32_t)args_find(args, "ID")->num, &buf);
	return ctx_show(ctx, err, &buf);
}

static int buf_show(struct ctx *ctx, const struct args *args)
{
	return show_with(ctx, args, client_buf_get);
}

static int buf_share(struct ctx *ctx, const struct args *args)
{
	return show_with(ctx, args, client_buf_share);
}

static int buf_del(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	int err = 0;

	if (!client)
		return STATUS_REFUSED;
	for (size_t i = 0; i < args->count && !err; i++)
		err = client_buf_del(client, (uint32_t)args->arg[i].num);
	if (!err)
		err = out_nothing(&ctx->out);
	return ctx_status(ctx, err);
}

#define BUF_ID { .name = "ID", .kind = OPT_BUF, .flags = OPT_REQUIRED, \
		 .max = UINT32_MAX, .attr = DMAEXER_A_BUF_ID, \
		 .help = "number of the buffer" }
#define DEV_OPTIONAL(text) { .name = "DEV", .kind = OPT_DEV, \
			     .attr = DMAEXER_A_BUF_DEV_ID, .help = (text) }
#define PATTERN_TEXT "zero, byte, counter, address, walking-ones or random. " \
	"ARG is the byte, the first word, the first address, the first bit " \
	"or the seed; default 0, for address the DMA address"

static const struct opt list_opts[] = {
	DEV_OPTIONAL("name or number of the device whose buffers are listed; default is all"),
};

static const struct opt new_opts[] = {
	DEV_OPTIONAL("name or number of the device; default is the only one"),
	{ .name = "--kind", .kind = OPT_WORD, .arg = "KIND",
	  .words = &kind_words, .attr = DMAEXER_A_BUF_KIND,
	  .help = "box, memory of the CPU whose address nobody is shown; coherent, shared with the device, the default; handle, without kernel mapping; pages, memory of the CPU that no device knows yet; noncoherent, noncontiguous and dma-pages, which CPU and device have in turns; pool, objects with an address each; or managed, which the kernel frees with the device" },
	{ .name = "--align", .kind = OPT_SIZE, .arg = "N",
	  .attr = DMAEXER_A_BUF_ALIGN,
	  .help = "of a pool: what the address of each object is a multiple of, a power of two, default 1" },
	{ .name = "--boundary", .kind = OPT_SIZE, .arg = "N",
	  .attr = DMAEXER_A_BUF_BOUNDARY,
	  .help = "of a pool: no object crosses a multiple of it, a power of two; default 0 is none" },
	{ .name = "--shape", .kind = OPT_WORD, .arg = "SHAPE",
	  .words = &shape_words, .attr = DMAEXER_A_BUF_SHAPE,
	  .help = "of pages: linear, pages in a row, the default; scattered, of which none follows the one before; offset, a part of one page; or small, of what kmalloc() returns" },
	{ .name = "--page-offset", .kind = OPT_SIZE, .arg = "N",
	  .max = UINT32_MAX, .attr = DMAEXER_A_BUF_PAGE_OFFSET,
	  .help = "of pages of the shapes offset and small: first byte in the page, or in what kmalloc() returns, default 1" },
	{ .name = "--direction", .kind = OPT_WORD, .arg = "DIRECTION",
	  .words = &direction_words, .attr = DMAEXER_A_BUF_DIRECTION,
	  .help = "of memory that CPU and device have in turns, who writes it: bidirectional, the default, to-device or from-device; none is refused" },
	{ .name = "--size", .kind = OPT_SIZE, .arg = "SIZE",
	  .attr = DMAEXER_A_BUF_COUNT,
	  .help = "so many bytes, in elements of one byte" },
	{ .name = "--elem-size", .kind = OPT_SIZE, .arg = "SIZE",
	  .attr = DMAEXER_A_BUF_ELEM_SIZE,
	  .help = "size of an element, default 1" },
	{ .name = "--count", .kind = OPT_NUMBER, .arg = "N",
	  .attr = DMAEXER_A_BUF_COUNT,
	  .help = "number of elements; may be left out where contents are given" },
	{ .name = "--attrs", .kind = OPT_FLAGS, .arg = "ATTR,...",
	  .words = &attr_words, .max = UINT32_MAX,
	  .attr = DMAEXER_A_BUF_ATTRS,
	  .help = "DMA attributes, names or bits joined with commas; default none" },
	{ .name = "--gfp", .kind = OPT_WORD, .arg = "GFP",
	  .words = &gfp_words, .attr = DMAEXER_A_BUF_GFP,
	  .help = "how the allocation may wait: kernel, the default, nowait or atomic" },
	{ .name = "--label", .kind = OPT_TEXT, .arg = "TEXT",
	  .attr = DMAEXER_A_BUF_LABEL,
	  .help = "text that comes with the buffer, up to 63 bytes" },
	{ .name = "--pattern", .kind = OPT_PATTERN, .arg = "NAME[:ARG]",
	  .words = &pattern_words, .attr = DMAEXER_A_BUF_PATTERN,
	  .extra = DMAEXER_A_BUF_PATTERN_ARG,
	  .help = "contents: " PATTERN_TEXT },
	{ .name = "--data", .kind = OPT_HEX, .arg = "HEX",
	  .attr = DMAEXER_A_BUF_DATA,
	  .help = "contents: pairs of hexadecimal digits" },
	{ .name = "--from", .kind = OPT_FILE, .arg = "FILE",
	  .attr = DMAEXER_A_BUF_DATA,
	  .help = "contents: those of a file, - is standard input" },
	{ .name = "--warn", .kind = OPT_FLAG, .attr = DMAEXER_A_BUF_WARN,
	  .help = "a failed allocation may write to the kernel log" },
	{ .name = "--keep", .kind = OPT_FLAG, .attr = DMAEXER_A_BUF_KEEP,
	  .help = "when the device goes, what is in the buffer is kept, see postmortem list" },
	{ .name = "--owned", .kind = OPT_FLAG, .flags = OPT_OWNED,
	  .help = "the buffer goes when the scenario ends; in a scenario each does" },
};

static const struct opt show_opts[] = { BUF_ID };

static const struct opt del_opts[] = {
	{ .name = "ID", .kind = OPT_BUF, .flags = OPT_REQUIRED | OPT_MANY,
	  .max = UINT32_MAX, .attr = DMAEXER_A_BUF_ID,
	  .help = "number of a buffer; at the first that is refused it ends" },
};

#define FIELD_OFFSET { .name = "--offset", .kind = OPT_SIZE, .arg = "N", \
		       .attr = DMAEXER_A_BUF_OFFSET, \
		       .help = "byte in the element, default 0" }
#define FIELD_WIDTH { .name = "--width", .kind = OPT_NUMBER, .arg = "N", \
		      .max = UINT32_MAX, .attr = DMAEXER_A_BUF_WIDTH, \
		      .help = "bytes of the access, 1, 2, 4 or 8; default is the element where it is one of these, else 4" }

static const struct opt read_opts[] = {
	BUF_ID,
	{ .name = "INDEX", .kind = OPT_NUMBER, .attr = DMAEXER_A_BUF_INDEX,
	  .help = "number of the element, from 0, the default" },
	FIELD_OFFSET,
	FIELD_WIDTH,
};

static const struct opt write_opts[] = {
	BUF_ID,
	{ .name = "INDEX", .kind = OPT_NUMBER, .flags = OPT_REQUIRED,
	  .attr = DMAEXER_A_BUF_INDEX,
	  .help = "number of the element, from 0" },
	{ .name = "VALUE", .kind = OPT_NUMBER, .attr = DMAEXER_A_BUF_VALUE,
	  .help = "what to write, in the byte order of the CPU" },
	FIELD_OFFSET,
	FIELD_WIDTH,
	{ .name = "--data", .kind = OPT_HEX, .arg = "HEX",
	  .attr = DMAEXER_A_BUF_DATA,
	  .help = "instead of VALUE a whole element of a box, as pairs of hexadecimal digits" },
};

#define PATTERN_NEEDED { .name = "PATTERN", .kind = OPT_PATTERN, \
			 .flags = OPT_REQUIRED, .words = &pattern_words, \
			 .attr = DMAEXER_A_BUF_PATTERN, \
			 .extra = DMAEXER_A_BUF_PATTERN_ARG, \
			 .help = "NAME[:ARG], " PATTERN_TEXT }

static const struct opt range_opts[] = {
	BUF_ID, PATTERN_NEEDED, RANGE_OFFSET, RANGE_LENGTH,
};

static const struct opt dump_opts[] = {
	BUF_ID,
	DUMP_RAW,
	RANGE_OFFSET,
	RANGE_LENGTH,
};

#define BUF_VERB(verb, options) .object = "buf", .name = #verb, \
	.run = buf_##verb, .set = &buf_set, .opt = (options), \
	.opts = ARRAY_SIZE(options)

static const struct verb verbs[] = {
	{ BUF_VERB(new, new_opts),
	  .help = "Allocate a buffer and show it with what the audit found. EINVAL for size or count 0 and for an unknown attribute, ENOSPC past the quota of the device, ENOMEM where the platform refuses or memory is short, ERANGE for more than a pool can be and for noncontiguous memory above max-seg-size of the device, EOPNOTSUPP for what the device or the kind cannot, such as to keep a handle, EPERM for contents of what only the device writes" },
	{ BUF_VERB(list, list_opts), .help = "List buffers" },
	{ BUF_VERB(show, show_opts),
	  .help = "Show all that is known of a buffer" },
	{ BUF_VERB(del, del_opts), .help = "Free buffers" },
	{ BUF_VERB(share, show_opts),
	  .help = "Turn a box into a coherent buffer, in place and for good, and show it. EINVAL for any other kind, EBUSY while it is mapped for writing" },
	{ BUF_VERB(read, read_opts),
	  .help = "Read a field with one access of its width. EINVAL out of bounds or not aligned, EOPNOTSUPP for a handle" },
	{ BUF_VERB(write, write_opts),
	  .help = "Write a field with one access of its width, or a whole element of a box. EPERM for a whole element of any other kind, and for what only the device writes" },
	{ BUF_VERB(fill, range_opts), .help = "Fill a range with a pattern" },
	{ BUF_VERB(check, range_opts),
	  .help = "Compare a range with a pattern; exit status 3 where it differs, with the number of bytes and the first of them" },
	{ BUF_VERB(dump, dump_opts),
	  .help = "Print contents, by way of debugfs, in hexadecimal and as text. ERANGE for more than 256M with -j" },
};

const struct verb_table buf_verbs = { verbs, ARRAY_SIZE(verbs) };
