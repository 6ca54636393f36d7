// SPDX-License-Identifier: GPL-2.0
/* The file "data": contents of a buffer, as bytes. */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>

#include "buffer.h"
#include "debugfs.h"
#include "debugfs_data.h"
#include "perm.h"

/* bytes that are copied before the lock is dropped and signals are seen */
#define CHUNK		SZ_64K

/**
 * dmx_debugfs_set_size() - set the size of a file right
 * @inode: of the file
 * @size: bytes
 *
 * debugfs lets root truncate a file, as a shell does that writes with ">".
 *
 * Context: sleeps.
 */
void dmx_debugfs_set_size(struct inode *inode, size_t size)
{
	inode_lock(inode);
	i_size_write(inode, size);
	inode_unlock(inode);
}

/**
 * dmx_debugfs_data_open() - open a file of the contents of a buffer
 * @inode: of a file made for a buffer
 * @file: the open file, which has the buffer from then on
 *
 * Return: 0, or -EPERM for writing what is no box, and for who may not see it.
 */
int dmx_debugfs_data_open(struct inode *inode, struct file *file)
{
	struct dmx_buf *buf = inode->i_private;

	/* root passes the mode of the file by */
	if (file->f_mode & FMODE_WRITE &&
	    READ_ONCE(buf->kind) != DMAEXER_KIND_BOX)
		return -EPERM;
	if (dmx_perm_check())
		return -EPERM;

	dmx_buf_get(buf);
	file->private_data = buf;
	dmx_debugfs_set_size(file_inode(file), buf->size);
	return 0;
}

/**
 * dmx_debugfs_data_release() - close a file of the contents of a buffer
 * @inode: of a file made for a buffer
 * @file: the open file
 *
 * Return: 0.
 */
int dmx_debugfs_data_release(struct inode *inode, struct file *file)
{
	struct dmx_buf *buf = file->private_data;

	dmx_debugfs_set_size(file_inode(file), buf->size);
	dmx_buf_put(buf);
	return 0;
}

static loff_t data_llseek(struct file *file, loff_t offset, int whence)
{
	struct dmx_buf *buf = file->private_data;

	return fixed_size_llseek(file, offset, whence, buf->size);
}

/*
 * Both copy with page faults off, so that the lock waits for nobody. What is
 * left begins at the byte that user space has no page for.
 */
static size_t to_user(struct dmx_buf *buf, const struct dmx_view *v,
		      size_t pos, char __user *to, size_t len)
{
	size_t missed = 0;
	const void *from;
	size_t n;

	lockdep_assert_held_read(&buf->lock);
	pagefault_disable();
	for (; len && !missed; len -= n, pos += n, to += n) {
		from = dmx_view_at(v, pos, &n);
		n = min(n, len);
		missed = __copy_to_user_inatomic(to, from, n);
	}
	pagefault_enable();
	return len + missed;
}

/* Only a box is written, whose memory lies in a row. */
static size_t from_user(struct dmx_buf *buf, void *to, const char __user *from,
			size_t len)
{
	size_t left;

	lockdep_assert_held_read(&buf->lock);
	pagefault_disable();
	left = __copy_from_user_inatomic(to, from, len);
	pagefault_enable();
	return left;
}

static int copy_out(void *object, size_t pos, char __user *to, size_t len,
		    size_t *left)
{
	struct dmx_buf *buf = object;
	const struct dmx_view *v = dmx_buf_begin(buf, pos, len);

	if (IS_ERR(v))
		return -EIO;

	*left = to_user(buf, v, pos, to, len);
	dmx_buf_end(buf);
	return 0;
}

/* Only a box is written, whose memory lies in a row. */
static int copy_in(struct dmx_buf *buf, size_t pos, const char __user *from,
		   size_t len, size_t *left)
{
	const struct dmx_view *v = dmx_buf_begin_write(buf, pos, len);

	if (IS_ERR(v))
		return PTR_ERR(v) == -EPERM ? -EPERM : -EIO;
	if (buf->kind != DMAEXER_KIND_BOX) {
		dmx_buf_end(buf);
		return -EPERM;
	}

	*left = from_user(buf, dmx_view_at(v, pos, NULL), from, len);
	dmx_buf_end(buf);
	return 0;
}

/**
 * dmx_debugfs_read() - read contents
 * @contents: the contents
 * @to: where they go
 * @len: bytes asked for
 * @ppos: offset, advanced by what is read
 *
 * Context: sleeps; waits for user space with no lock held.
 * Return: bytes that were read, 0 at and past the end; -EINVAL for a negative
 * offset; -EIO where the contents are gone; -EFAULT, and then the offset stays;
 * -EINTR where a fatal signal came.
 */
ssize_t dmx_debugfs_read(const struct dmx_contents *contents, char __user *to,
			 size_t len, loff_t *ppos)
{
	size_t done = 0;
	size_t left;
	size_t n;
	int err;

	if (*ppos < 0)
		return -EINVAL;
	if (contents->gone)
		return -EIO;
	if (*ppos >= contents->size)
		return 0;

	len = min_t(u64, len, contents->size - *ppos);
	if (!access_ok(to, len))
		return -EFAULT;

	while (done < len) {
		n = min_t(size_t, len - done, CHUNK);
		err = contents->copy_out(contents->object, *ppos + done,
					 to + done, n, &left);
		if (err)
			return err;
		done += n - left;
		/* All or nothing: on a fault the offset stays where it is. */
		if (left && fault_in_subpage_writeable(to + done, left) == left)
			return -EFAULT;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}

	*ppos += done;
	return done;
}

static ssize_t data_read(struct file *file, char __user *to, size_t len,
			 loff_t *ppos)
{
	struct dmx_buf *buf = file->private_data;
	const struct dmx_contents contents = {
		.size = buf->size,
		.gone = READ_ONCE(buf->gone),
		.copy_out = copy_out,
		.object = buf,
	};

	return dmx_debugfs_read(&contents, to, len, ppos);
}

static ssize_t data_write(struct file *file, const char __user *from,
			  size_t len, loff_t *ppos)
{
	struct dmx_buf *buf = file->private_data;
	size_t done = 0;
	size_t left;
	int err = 0;
	size_t n;

	if (*ppos < 0)
		return -EINVAL;
	if (!len)
		return 0;
	if (READ_ONCE(buf->gone))
		return -EIO;
	dmx_debugfs_set_size(file_inode(file), buf->size);
	if (*ppos >= buf->size)
		return -ENOSPC;

	len = min_t(u64, len, buf->size - *ppos);
	if (!access_ok(from, len))
		return -EFAULT;

	while (done < len && !err) {
		n = min_t(size_t, len - done, CHUNK);
		err = copy_in(buf, *ppos + done, from + done, n, &left);
		if (err)
			break;
		done += n - left;
		if (left && fault_in_readable(from + done, left) == left)
			err = -EFAULT;
		else if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}

	*ppos += done;
	return done ? done : err;
}

static const struct file_operations data_fops = {
	.owner		= THIS_MODULE,
	.open		= dmx_debugfs_data_open,
	.release	= dmx_debugfs_data_release,
	.llseek		= data_llseek,
	.read		= data_read,
	.write		= data_write,
};

/**
 * dmx_debugfs_data_add() - show the contents of a buffer
 * @buf: a buffer with a directory, no handle
 */
void dmx_debugfs_data_add(struct dmx_buf *buf)
{
	umode_t mode = buf->kind == DMAEXER_KIND_BOX ? 0600 : 0400;

	buf->data = debugfs_create_file_unsafe("data", mode, buf->dir, buf,
					       &data_fops);
	if (!IS_ERR(buf->data))
		dmx_debugfs_set_size(d_inode(buf->data), buf->size);
}

/**
 * dmx_debugfs_read_only() - show that a file can no longer be written
 * @inode: of a file
 */
void dmx_debugfs_read_only(struct inode *inode)
{
	inode_lock(inode);
	inode->i_mode &= ~0222;
	inode_unlock(inode);
}

/**
 * dmx_debugfs_data_share() - show that a box can no longer be written
 * @buf: a buffer that was a box
 */
void dmx_debugfs_data_share(struct dmx_buf *buf)
{
	if (!IS_ERR_OR_NULL(buf->data))
		dmx_debugfs_read_only(d_inode(buf->data));
}
