/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEBUGFS_DATA_H
#define _DMX_DEBUGFS_DATA_H

#include <linux/types.h>

struct dmx_buf;
struct file;
struct inode;

void dmx_debugfs_data_add(struct dmx_buf *buf);
void dmx_debugfs_data_share(struct dmx_buf *buf);
int dmx_debugfs_data_open(struct inode *inode, struct file *file);
int dmx_debugfs_data_release(struct inode *inode, struct file *file);
void dmx_debugfs_read_only(struct inode *inode);

/**
 * struct dmx_contents - what a file has to read
 * @size: bytes
 * @gone: they are no longer there
 * @copy_out: copies bytes to user space with page faults off, and says how many
 *	are @left; -EIO where they are no longer there
 * @object: for @copy_out
 */
struct dmx_contents {
	size_t size;
	bool gone;
	int (*copy_out)(void *object, size_t pos, char __user *to, size_t len,
			size_t *left);
	void *object;
};

ssize_t dmx_debugfs_read(const struct dmx_contents *contents, char __user *to,
			 size_t len, loff_t *ppos);
void dmx_debugfs_set_size(struct inode *inode, size_t size);

#endif
