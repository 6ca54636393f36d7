/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_VIEW_H
#define _DMX_VIEW_H

#include <linux/minmax.h>
#include <linux/types.h>

/**
 * struct dmx_view - how the CPU sees an allocation
 * @base: first byte, where @pieces is NULL
 * @pieces: first bytes of pieces that are anywhere, or NULL for memory in a row
 * @piece_size: bytes of a piece; the last one may have fewer that count
 * @elem_size: bytes of an element, never 0. It may go on in the next piece, but
 *	no field does that is aligned to its width
 * @count: number of elements, never 0
 *
 * The bytes of an allocation are counted as if its pieces followed each other.
 * The pieces belong to the allocation.
 */
struct dmx_view {
	void *base;
	void *const *pieces;
	size_t piece_size;
	size_t elem_size;
	size_t count;
};

/**
 * dmx_view_size() - size of what is seen
 * @v: a view
 *
 * Return: the size in bytes.
 */
static inline size_t dmx_view_size(const struct dmx_view *v)
{
	return v->elem_size * v->count;
}

/**
 * dmx_view_at() - where a byte is
 * @v: a view
 * @offset: the byte, below dmx_view_size()
 * @len: how many bytes follow each other there, from 1; or NULL
 *
 * Return: its address.
 */
static inline void *dmx_view_at(const struct dmx_view *v, size_t offset,
				size_t *len)
{
	size_t rest = dmx_view_size(v) - offset;
	size_t in_piece;

	if (!v->pieces) {
		if (len)
			*len = rest;
		return v->base + offset;
	}

	in_piece = offset % v->piece_size;
	if (len)
		*len = min(rest, v->piece_size - in_piece);
	return v->pieces[offset / v->piece_size] + in_piece;
}

#endif
