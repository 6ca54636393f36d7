/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEBUGFS_DATA_H
#define _DMX_DEBUGFS_DATA_H

struct dmx_buf;

void dmx_debugfs_data_add(struct dmx_buf *buf);
void dmx_debugfs_data_share(struct dmx_buf *buf);

#endif
