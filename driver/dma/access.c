// SPDX-License-Identifier: GPL-2.0
/* Bounds-checked access to memory that a device may use meanwhile. */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "access.h"

static void *field_addr(const struct dmx_view *v, u64 index, u64 offset)
{
	return dmx_view_at(v, (size_t)index * v->elem_size + (size_t)offset,
			   NULL);
}

/**
 * dmx_field_check() - whether a field may be accessed
 * @v: a view of an allocation
 * @index: the element, from 0
 * @offset: first byte of the field in the element
 * @width: bytes of the field
 *
 * Return: 0; -EINVAL where the width is not 1, 2, 4 or 8, where the field is
 * out of bounds or its address is not aligned to its width; -EOPNOTSUPP where
 * the CPU has no single access of that width.
 */
int dmx_field_check(const struct dmx_view *v, u64 index, u64 offset,
		    u32 width)
{
	if (width != 1 && width != 2 && width != 4 && width != 8)
		return -EINVAL;
	if (width > sizeof(long))
		return -EOPNOTSUPP;
	if (index >= v->count)
		return -EINVAL;
	if (offset >= v->elem_size || width > v->elem_size - offset)
		return -EINVAL;
	if ((unsigned long)field_addr(v, index, offset) & (width - 1))
		return -EINVAL;

	return 0;
}

/**
 * dmx_read_field() - read a field with one volatile access of its width
 * @v: a view of an allocation
 * @index: the element, from 0
 * @offset: first byte of the field in the element
 * @width: bytes of the field: 1, 2, 4 or 8
 * @value: where the value goes; left alone on error
 *
 * Return: 0, or the error of dmx_field_check().
 */
int dmx_read_field(const struct dmx_view *v, u64 index, u64 offset,
		   u32 width, u64 *value)
{
	const void *addr;
	int err;

	err = dmx_field_check(v, index, offset, width);
	if (err)
		return err;

	addr = field_addr(v, index, offset);
	switch (width) {
	case 1:
		*value = READ_ONCE(*(u8 *)addr);
		break;
	case 2:
		*value = READ_ONCE(*(u16 *)addr);
		break;
	case 4:
		*value = READ_ONCE(*(u32 *)addr);
		break;
	default:
		*value = READ_ONCE(*(unsigned long *)addr);
		break;
	}
	return 0;
}

/**
 * dmx_write_field() - write a field with one volatile access of its width
 * @v: a view of an allocation
 * @index: the element, from 0
 * @offset: first byte of the field in the element
 * @width: bytes of the field: 1, 2, 4 or 8
 * @value: the value; its bits above @width must be 0
 *
 * Return: 0, -EINVAL where @value does not fit, or the error of
 * dmx_field_check().
 */
int dmx_write_field(const struct dmx_view *v, u64 index, u64 offset,
		    u32 width, u64 value)
{
	void *addr;
	int err;

	err = dmx_field_check(v, index, offset, width);
	if (err)
		return err;
	if (width < 8 && value >> (8 * width))
		return -EINVAL;

	addr = field_addr(v, index, offset);
	switch (width) {
	case 1:
		WRITE_ONCE(*(u8 *)addr, value);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)addr, value);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)addr, value);
		break;
	default:
		WRITE_ONCE(*(unsigned long *)addr, value);
		break;
	}
	return 0;
}

/* Bytes up to the next machine word, or all that is left. */
static size_t head_len(const void *addr, size_t len)
{
	return min_t(size_t, len, -(unsigned long)addr & (sizeof(long) - 1));
}

static void read_run(const u8 *from, u8 *out, size_t len)
{
	size_t head = head_len(from, len);
	unsigned long word;

	for (len -= head; head; head--)
		*out++ = READ_ONCE(*from++);
	for (; len >= sizeof(word); len -= sizeof(word)) {
		word = READ_ONCE(*(const unsigned long *)from);
		memcpy(out, &word, sizeof(word));
		from += sizeof(word);
		out += sizeof(word);
	}
	for (; len; len--)
		*out++ = READ_ONCE(*from++);
}

/**
 * dmx_copy_from() - copy out of an allocation with volatile accesses
 * @v: a view of an allocation
 * @offset: first byte
 * @to: where the bytes go
 * @len: number of bytes; the range is within the allocation
 *
 * Each aligned machine word of the range is read by one access.
 */
void dmx_copy_from(const struct dmx_view *v, size_t offset, void *to,
		   size_t len)
{
	const u8 *from;
	size_t n;

	for (; len; len -= n, offset += n, to += n) {
		from = dmx_view_at(v, offset, &n);
		n = min(n, len);
		read_run(from, to, n);
	}
}

static void write_run(u8 *to, const u8 *in, size_t len)
{
	size_t head = head_len(to, len);
	unsigned long word;

	for (len -= head; head; head--)
		WRITE_ONCE(*to++, *in++);
	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, in, sizeof(word));
		WRITE_ONCE(*(unsigned long *)to, word);
		to += sizeof(word);
		in += sizeof(word);
	}
	for (; len; len--)
		WRITE_ONCE(*to++, *in++);
}

/**
 * dmx_copy_to() - copy into an allocation with volatile accesses
 * @v: a view of an allocation
 * @offset: first byte
 * @from: the bytes
 * @len: number of bytes; the range is within the allocation
 *
 * Each aligned machine word of the range is written by one access.
 */
void dmx_copy_to(const struct dmx_view *v, size_t offset, const void *from,
		 size_t len)
{
	size_t n;
	u8 *to;

	for (; len; len -= n, offset += n, from += n) {
		to = dmx_view_at(v, offset, &n);
		n = min(n, len);
		write_run(to, from, n);
	}
}
