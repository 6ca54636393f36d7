/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEBUGFS_H
#define _DMX_DEBUGFS_H

struct dmx_buf;
struct dmx_device;

void dmx_debugfs_init(void);
void dmx_debugfs_exit(void);
void dmx_debugfs_dev_add(struct dmx_device *ddev);
void dmx_debugfs_dev_del(struct dmx_device *ddev);
void dmx_debugfs_buf_add(struct dmx_buf *buf);
void dmx_debugfs_buf_del(struct dmx_buf *buf);

#endif
