// SPDX-License-Identifier: GPL-2.0
/* The contents of a buffer: who may touch them, elements and patterns. */

#include <linux/err.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "buffer.h"
#include "device.h"
#include "dma/access.h"

/* memory that is handled before the lock is dropped and signals are seen */
#define CHUNK		SZ_64K
/* shared memory goes through a copy of this size */
#define BOUNCE		256

static int gone_error(struct dmx_buf *buf)
{
	return READ_ONCE(buf->ddev->gone) ? -ENODEV : -ENOENT;
}

static void share(struct dmx_buf *buf)
{
	lockdep_assert_held_write(&buf->lock);
	dmx_store_share(&buf->store);
	buf->kind = DMAEXER_KIND_COHERENT;
}

/**
 * dmx_buf_share() - turn a box into a coherent buffer
 * @buf: a buffer
 *
 * Context: sleeps until no access is under way.
 * Return: 0; -EINVAL where it is no box; -EBUSY where it is mapped for writing;
 * -ENOENT or -ENODEV where buffer or device are gone.
 */
int dmx_buf_share(struct dmx_buf *buf)
{
	int err = 0;

	down_write(&buf->lock);
	if (buf->gone)
		err = gone_error(buf);
	else if (buf->kind != DMAEXER_KIND_BOX)
		err = -EINVAL;
	else if (dmx_maps_writable(&buf->maps))
		err = -EBUSY;
	else
		share(buf);
	up_write(&buf->lock);

	return err;
}

/*
 * What the CPU has of such memory it has alone: to hand it over anew would lose
 * what somebody else has just written.
 */
static void turn_begin(struct dmx_buf *buf, size_t offset, size_t len)
{
	mutex_lock(&buf->turn_lock);
	buf->turn_offset = offset;
	buf->turn_len = len;
	if (len)
		dmx_store_sync(&buf->store, offset, len, true);
}

static void turn_end(struct dmx_buf *buf)
{
	if (buf->turn_len)
		dmx_store_sync(&buf->store, buf->turn_offset, buf->turn_len,
			       false);
	mutex_unlock(&buf->turn_lock);
}

static const struct dmx_view *access_begin(struct dmx_buf *buf, size_t offset,
					   size_t len, bool write)
{
	const struct dmx_store *store = &buf->store;
	int err = 0;

	down_read(&buf->lock);
	if (buf->gone)
		err = gone_error(buf);
	else if (!dmx_store_has_view(store))
		err = -EOPNOTSUPP;
	else if (write && dmx_store_is_devices(store))
		err = -EPERM;

	if (err) {
		up_read(&buf->lock);
		return ERR_PTR(err);
	}
	if (dmx_store_has_turns(store))
		turn_begin(buf, offset, len);
	return &store->view;
}

/**
 * dmx_buf_begin() - begin to read the memory
 * @buf: a buffer
 * @offset: first byte that is read
 * @len: how many are, maybe none; the range is within the buffer
 *
 * Between this and dmx_buf_end() nothing waits for user space. Where CPU and
 * device have the memory in turns, the CPU has the range meanwhile.
 *
 * Context: sleeps; holds the lock of the buffer for reading on success.
 * Return: how the CPU sees it; -EOPNOTSUPP for a handle; -ENOENT or -ENODEV
 * where buffer or device are gone.
 */
const struct dmx_view *dmx_buf_begin(struct dmx_buf *buf, size_t offset,
				     size_t len)
{
	return access_begin(buf, offset, len, false);
}

/**
 * dmx_buf_begin_write() - the same, to write the memory
 * @buf: a buffer
 * @offset: first byte that is written
 * @len: how many are; the range is within the buffer
 *
 * Context: as dmx_buf_begin().
 * Return: as dmx_buf_begin(); -EPERM where only the device writes it.
 */
const struct dmx_view *dmx_buf_begin_write(struct dmx_buf *buf, size_t offset,
					   size_t len)
{
	return access_begin(buf, offset, len, true);
}

/**
 * dmx_buf_end() - end an access to the memory
 * @buf: a buffer after a successful dmx_buf_begin() or dmx_buf_begin_write()
 */
void dmx_buf_end(struct dmx_buf *buf)
{
	if (dmx_store_has_turns(&buf->store))
		turn_end(buf);
	up_read(&buf->lock);
}

/**
 * struct elem - what an element is to be
 * @buf: the buffer
 * @data: as many bytes as an element has
 */
struct elem {
	struct dmx_buf *buf;
	const void *data;
};

static int init_elem(void *mem, size_t size, void *ctx)
{
	const struct elem *elem = ctx;

	lockdep_assert_held_read(&elem->buf->lock);
	memcpy(mem, elem->data, size);
	return 0;
}

/**
 * dmx_buf_init_at() - write an element of a box
 * @buf: a buffer
 * @index: the element, from 0
 * @data: as many bytes as an element has
 *
 * Context: sleeps.
 * Return: 0; -EPERM for what is no box; -EINVAL where @index is out of
 * bounds; or the error of dmx_buf_begin().
 */
int dmx_buf_init_at(struct dmx_buf *buf, u64 index, const void *data)
{
	struct elem elem = { .buf = buf, .data = data };
	const struct dmx_init init = { .fn = init_elem, .ctx = &elem };
	const struct dmx_view *v = dmx_buf_begin_write(buf, 0, 0);
	int err;

	if (IS_ERR(v))
		return PTR_ERR(v);

	err = dmx_store_init_at(&buf->store, index, &init);
	dmx_buf_end(buf);
	return err;
}

static void fill_shared(const struct dmx_view *v, const struct dmx_pattern *p,
			u64 offset, size_t len)
{
	u8 bounce[BOUNCE];
	size_t n;

	for (; len; len -= n, offset += n) {
		n = min_t(size_t, len, sizeof(bounce));
		dmx_pattern_fill(p, offset, bounce, n);
		dmx_copy_to(v, offset, bounce, n);
	}
}

static void compare_shared(const struct dmx_view *v,
			   const struct dmx_pattern *p, u64 offset, size_t len,
			   struct dmx_diff *diff)
{
	u8 bounce[BOUNCE];
	size_t n;

	for (; len; len -= n, offset += n) {
		n = min_t(size_t, len, sizeof(bounce));
		dmx_copy_from(v, offset, bounce, n);
		dmx_pattern_compare(p, offset, bounce, n, diff);
	}
}

/**
 * dmx_buf_copy() - copy all that is in a buffer
 * @buf: a buffer whose lock is held for writing, no handle
 * @to: where to, memory of its size
 *
 * Context: sleeps.
 */
void dmx_buf_copy(struct dmx_buf *buf, void *to)
{
	const struct dmx_view *v = &buf->store.view;
	size_t offset;
	size_t n;

	lockdep_assert_held_write(&buf->lock);
	if (dmx_store_has_turns(&buf->store))
		dmx_store_sync(&buf->store, 0, buf->size, true);
	for (offset = 0; offset < buf->size; offset += n) {
		n = min_t(size_t, buf->size - offset, CHUNK);
		dmx_copy_from(v, offset, to + offset, n);
		cond_resched();
	}
}

/* Fill, or with @diff compare, during an access. */
static void touch(struct dmx_buf *buf, const struct dmx_view *v,
		  const struct dmx_pattern *p, u64 offset, size_t len,
		  struct dmx_diff *diff)
{
	lockdep_assert_held_read(&buf->lock);
	if (diff)
		compare_shared(v, p, offset, len, diff);
	else if (buf->kind == DMAEXER_KIND_BOX)
		dmx_pattern_fill(p, offset, dmx_view_at(v, offset, NULL), len);
	else
		fill_shared(v, p, offset, len);
}

/* Fill, or with @diff compare, one chunk. */
static int do_chunk(struct dmx_buf *buf, const struct dmx_pattern *p,
		    u64 offset, size_t len, struct dmx_diff *diff)
{
	const struct dmx_view *v = diff ?
				   dmx_buf_begin(buf, offset, len) :
				   dmx_buf_begin_write(buf, offset, len);

	if (IS_ERR(v))
		return PTR_ERR(v);

	touch(buf, v, p, offset, len, diff);
	dmx_buf_end(buf);
	return 0;
}

static int do_range(struct dmx_buf *buf, const struct dmx_pattern *p,
		    u64 offset, u64 len, struct dmx_diff *diff)
{
	size_t n;
	int err;

	if (!len || offset >= buf->size || len > buf->size - offset)
		return -EINVAL;

	for (; len; len -= n, offset += n) {
		n = min_t(u64, len, CHUNK);
		err = do_chunk(buf, p, offset, n, diff);
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * dmx_buf_fill() - fill a range with a pattern
 * @buf: a buffer
 * @pattern: a valid pattern
 * @offset: first byte
 * @len: bytes, from 1
 *
 * Shared memory is written one machine word at a time.
 *
 * Context: sleeps.
 * Return: 0; -EINVAL out of bounds; -EINTR where a fatal signal came half way;
 * or the error of dmx_buf_begin_write().
 */
int dmx_buf_fill(struct dmx_buf *buf, const struct dmx_pattern *pattern,
		 u64 offset, u64 len)
{
	return do_range(buf, pattern, offset, len, NULL);
}

/**
 * dmx_buf_check() - compare a range with a pattern
 * @buf: a buffer
 * @pattern: a valid pattern
 * @offset: first byte
 * @len: bytes, from 1
 * @diff: what was found
 *
 * Context: sleeps.
 * Return: 0, whether it differs or not; or the error of dmx_buf_fill().
 */
int dmx_buf_check(struct dmx_buf *buf, const struct dmx_pattern *pattern,
		  u64 offset, u64 len, struct dmx_diff *diff)
{
	memset(diff, 0, sizeof(*diff));
	return do_range(buf, pattern, offset, len, diff);
}
