// SPDX-License-Identifier: GPL-2.0
/* Requests about the contents of buffers. */

#include <linux/err.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "buffer.h"
#include "dma/access.h"
#include "netlink.h"
#include "netlink_buf.h"
#include "netlink_gen.h"

/* A field of a buffer. */
struct field {
	u64 index;
	u64 offset;
	u32 width;
};

static int get_field(struct genl_info *info, struct field *field)
{
	struct nlattr *offset = info->attrs[DMAEXER_A_BUF_OFFSET];
	int err;

	err = dmx_nl_require(info, DMAEXER_A_BUF_INDEX, "index") ?:
	      dmx_nl_require(info, DMAEXER_A_BUF_WIDTH, "width");
	if (err)
		return err;

	field->index = nla_get_u64(info->attrs[DMAEXER_A_BUF_INDEX]);
	field->offset = offset ? nla_get_u64(offset) : 0;
	field->width = nla_get_u32(info->attrs[DMAEXER_A_BUF_WIDTH]);
	return 0;
}

/* Where the field begins, and its bytes, none where it is out of bounds. */
static size_t field_len(const struct dmx_buf *buf, const struct field *field,
			size_t *start)
{
	*start = 0;
	if (field->index >= buf->count || field->offset >= buf->elem_size ||
	    field->width > buf->elem_size - field->offset)
		return 0;
	*start = (size_t)field->index * buf->elem_size + (size_t)field->offset;
	return field->width;
}

static int explain_access(struct genl_info *info, const struct dmx_buf *buf,
			  int err)
{
	if (err == -EPERM && dmx_store_is_devices(&buf->store))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				     "buffer %u is from-device, the CPU only reads it",
				     buf->id);

	switch (err) {
	case -EOPNOTSUPP:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				     "buffer %u is a handle, without CPU access",
				     buf->id);
	case -EPERM:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DATA, err,
				     "buffer %u is shared, write its fields",
				     buf->id);
	case -ENOENT:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				     "buffer %u is gone", buf->id);
	case -ENODEV:
		return dmx_nl_refuse(info, DMAEXER_A_BUF_ID, err,
				     "device of buffer %u is gone", buf->id);
	default:
		return err;
	}
}

/*
 * Which of the rules of dmx_field_check() the field breaks, or the value that is
 * to be written there: NULL for a request to read, which cannot have one.
 */
static int explain_field(struct genl_info *info, const struct dmx_buf *buf,
			 const struct field *field, const struct nlattr *value,
			 int err)
{
	u32 width = field->width;

	if (err == -EOPNOTSUPP)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_WIDTH, err,
				     "this CPU has no single access of %u bytes",
				     width);
	if (width != 1 && width != 2 && width != 4 && width != 8)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_WIDTH, err,
				     "width %u is not 1, 2, 4 or 8", width);
	if (field->index >= buf->count)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_INDEX, err,
				     "index %llu is out of bounds, count is %zu",
				     field->index, buf->count);
	if (field->offset >= buf->elem_size ||
	    width > buf->elem_size - field->offset)
		return dmx_nl_refuse(info,
				     info->attrs[DMAEXER_A_BUF_OFFSET] ?
				     DMAEXER_A_BUF_OFFSET : DMAEXER_A_BUF_WIDTH,
				     err,
				     "%u bytes at %llu are past elem-size %zu",
				     width, field->offset, buf->elem_size);
	if (value && width < 8 && nla_get_u64(value) >> (8 * width))
		return dmx_nl_refuse(info, DMAEXER_A_BUF_VALUE, err,
				     "value does not fit %u bytes", width);
	return dmx_nl_refuse(info, DMAEXER_A_BUF_WIDTH, err,
			     "byte %llu is not aligned to %u bytes",
			     field->index * buf->elem_size + field->offset,
			     width);
}

/* Of a pool, each object has an address that nothing else shows. */
static int add_object(struct sk_buff *skb, const struct dmx_buf *buf,
		      u64 addr)
{
	if (buf->kind != DMAEXER_KIND_POOL)
		return 0;
	return nla_put_u64_64bit(skb, DMAEXER_A_BUF_DMA_ADDR, addr,
				 DMAEXER_A_BUF_PAD);
}

static int add_value(struct sk_buff *skb, const struct dmx_buf *buf,
		     const struct field *field, u64 value)
{
	return nla_put_u32(skb, DMAEXER_A_BUF_ID, buf->id) ?:
	       nla_put_u64_64bit(skb, DMAEXER_A_BUF_INDEX, field->index,
				 DMAEXER_A_BUF_PAD) ?:
	       nla_put_u64_64bit(skb, DMAEXER_A_BUF_OFFSET, field->offset,
				 DMAEXER_A_BUF_PAD) ?:
	       nla_put_u32(skb, DMAEXER_A_BUF_WIDTH, field->width) ?:
	       nla_put_u64_64bit(skb, DMAEXER_A_BUF_VALUE, value,
				 DMAEXER_A_BUF_PAD);
}

static int read_begun(struct dmx_buf *buf, const struct dmx_view *v,
		      const struct field *field, u64 *value)
{
	lockdep_assert_held_read(&buf->lock);
	return dmx_read_field(v, field->index, field->offset, field->width,
			      value);
}

int dmaexer_nl_buf_read_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);
	const struct dmx_view *v;
	struct dmx_reply reply;
	struct field field;
	size_t start;
	size_t len;
	u64 value;
	u64 addr;
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	err = get_field(info, &field);
	if (err)
		return err;

	len = field_len(buf, &field, &start);
	v = dmx_buf_begin(buf, start, len);
	if (IS_ERR(v))
		return explain_access(info, buf, PTR_ERR(v));
	err = read_begun(buf, v, &field, &value);
	addr = dmx_store_addr_at(&buf->store, start, &len);
	dmx_buf_end(buf);
	if (err)
		return explain_field(info, buf, &field, NULL, err);

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;
	return dmx_nl_reply_end(info, &reply,
				add_value(reply.skb, buf, &field, value) ?:
				add_object(reply.skb, buf, addr));
}

static int write_elem(struct genl_info *info, struct dmx_buf *buf)
{
	struct nlattr *data = info->attrs[DMAEXER_A_BUF_DATA];
	u64 index;
	int err;

	if (info->attrs[DMAEXER_A_BUF_OFFSET] ||
	    info->attrs[DMAEXER_A_BUF_WIDTH] ||
	    info->attrs[DMAEXER_A_BUF_VALUE])
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DATA, -EINVAL,
				     "data excludes offset, width and value");
	err = dmx_nl_require(info, DMAEXER_A_BUF_INDEX, "index");
	if (err)
		return err;
	if (nla_len(data) != buf->elem_size)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_DATA, -EINVAL,
				     "data has %d bytes, an element %zu",
				     nla_len(data), buf->elem_size);

	index = nla_get_u64(info->attrs[DMAEXER_A_BUF_INDEX]);
	err = dmx_buf_init_at(buf, index, nla_data(data));
	if (err == -EINVAL)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_INDEX, err,
				     "index %llu is out of bounds, count is %zu",
				     index, buf->count);
	return explain_access(info, buf, err);
}

static int write_begun(struct dmx_buf *buf, const struct dmx_view *v,
		       const struct field *field, u64 value)
{
	lockdep_assert_held_read(&buf->lock);
	return dmx_write_field(v, field->index, field->offset, field->width,
			       value);
}

static int write_field(struct genl_info *info, struct dmx_buf *buf)
{
	struct nlattr *value = info->attrs[DMAEXER_A_BUF_VALUE];
	const struct dmx_view *v;
	struct field field;
	size_t start;
	size_t len;
	int err;

	err = get_field(info, &field) ?:
	      dmx_nl_require(info, DMAEXER_A_BUF_VALUE, "value");
	if (err)
		return err;

	len = field_len(buf, &field, &start);
	v = dmx_buf_begin_write(buf, start, len);
	if (IS_ERR(v))
		return explain_access(info, buf, PTR_ERR(v));
	err = write_begun(buf, v, &field, nla_get_u64(value));
	dmx_buf_end(buf);
	return err ? explain_field(info, buf, &field, value, err) : 0;
}

int dmaexer_nl_buf_write_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	return info->attrs[DMAEXER_A_BUF_DATA] ? write_elem(info, buf) :
						 write_field(info, buf);
}

/* A range of a buffer and the pattern that belongs there. */
struct span {
	u64 offset;
	u64 length;
	struct dmx_pattern pattern;
};

static int get_bounds(struct genl_info *info, const struct dmx_buf *buf,
		      struct span *span)
{
	struct nlattr *offset = info->attrs[DMAEXER_A_BUF_OFFSET];
	struct nlattr *length = info->attrs[DMAEXER_A_BUF_LENGTH];

	span->offset = offset ? nla_get_u64(offset) : 0;
	if (span->offset >= buf->size)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_OFFSET, -EINVAL,
				     "offset %llu is past size %zu",
				     span->offset, buf->size);

	span->length = length ? nla_get_u64(length) :
				 buf->size - span->offset;
	if (!span->length)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_LENGTH, -EINVAL,
				     "length is 0");
	if (span->length > buf->size - span->offset)
		return dmx_nl_refuse(info, DMAEXER_A_BUF_LENGTH, -EINVAL,
				     "length %llu at %llu is past size %zu",
				     span->length, span->offset, buf->size);
	return 0;
}

static int get_range(struct genl_info *info, struct dmx_buf *buf,
		     struct span *span)
{
	bool has_arg;
	int err;

	err = dmx_nl_require(info, DMAEXER_A_BUF_PATTERN, "pattern") ?:
	      get_bounds(info, buf, span);
	if (err)
		return err;
	err = dmx_nl_get_pattern(info, &span->pattern, &has_arg);
	if (err < 0)
		return err;

	if (span->pattern.kind == DMAEXER_PATTERN_ADDRESS && !has_arg) {
		if (buf->kind == DMAEXER_KIND_POOL)
			return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN,
					     -EINVAL,
					     "each object of buffer %u has an address, give a pattern-arg",
					     buf->id);
		if (!dmx_buf_shows_addr(buf, dmx_buf_kind(buf)))
			return dmx_nl_refuse(info, DMAEXER_A_BUF_PATTERN,
					     -EINVAL,
					     "buffer %u shows no address, give a pattern-arg",
					     buf->id);
		span->pattern.arg = buf->store.addr;
	}
	return 0;
}

int dmaexer_nl_buf_fill_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);
	struct span span;
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	err = get_range(info, buf, &span);
	if (err)
		return err;

	return explain_access(info, buf,
			      dmx_buf_fill(buf, &span.pattern, span.offset,
					   span.length));
}

static int add_diff(struct sk_buff *skb, const struct dmx_buf *buf,
		    const struct span *span, const struct dmx_diff *diff)
{
	int err;

	err = nla_put_u32(skb, DMAEXER_A_BUF_ID, buf->id) ?:
	      nla_put_u64_64bit(skb, DMAEXER_A_BUF_OFFSET, span->offset,
				DMAEXER_A_BUF_PAD) ?:
	      nla_put_u64_64bit(skb, DMAEXER_A_BUF_LENGTH, span->length,
				DMAEXER_A_BUF_PAD) ?:
	      nla_put_u64_64bit(skb, DMAEXER_A_BUF_MISMATCHES,
				diff->mismatches, DMAEXER_A_BUF_PAD);
	if (err || !diff->mismatches)
		return err;
	return nla_put_u64_64bit(skb, DMAEXER_A_BUF_FIRST_MISMATCH,
				 diff->first, DMAEXER_A_BUF_PAD) ?:
	       nla_put_u8(skb, DMAEXER_A_BUF_EXPECTED, diff->expected) ?:
	       nla_put_u8(skb, DMAEXER_A_BUF_ACTUAL, diff->actual);
}

int dmaexer_nl_buf_check_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmx_buf *buf __free(dmx_buf_put) = dmx_nl_find_buf(info);
	struct dmx_reply reply;
	struct dmx_diff diff;
	struct span span;
	int err;

	if (IS_ERR(buf))
		return PTR_ERR(buf);
	err = get_range(info, buf, &span);
	if (err)
		return err;

	err = dmx_buf_check(buf, &span.pattern, span.offset, span.length,
			    &diff);
	if (err)
		return explain_access(info, buf, err);

	err = dmx_nl_reply_start(info, &reply);
	if (err)
		return err;
	return dmx_nl_reply_end(info, &reply,
				add_diff(reply.skb, buf, &span, &diff));
}
