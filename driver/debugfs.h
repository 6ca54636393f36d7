/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEBUGFS_H
#define _DMX_DEBUGFS_H

#include <linux/types.h>

struct dentry;
struct dmx_audit;
struct dmx_traits;
struct dmx_buf;
struct dmx_device;
struct seq_file;

void dmx_debugfs_init(void);
void dmx_debugfs_exit(void);
void dmx_debugfs_dev_add(struct dmx_device *ddev);
void dmx_debugfs_dev_del(struct dmx_device *ddev);
void dmx_debugfs_buf_add(struct dmx_buf *buf);
void dmx_debugfs_buf_del(struct dmx_buf *buf);

/* for the files of debugfs */
struct dentry *dmx_debugfs_make_dir(const char *name, struct dentry *parent);
void dmx_debugfs_show_attrs(struct seq_file *m, const char *key, u32 attrs);
void dmx_debugfs_show_traits(struct seq_file *m, u32 kind,
			     const struct dmx_traits *traits);
void dmx_debugfs_show_audit(struct seq_file *m, const struct dmx_audit *audit);

#endif
