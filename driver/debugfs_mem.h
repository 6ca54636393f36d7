/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEBUGFS_MEM_H
#define _DMX_DEBUGFS_MEM_H

struct dmx_buf;

void dmx_debugfs_mem_add(struct dmx_buf *buf);
void dmx_debugfs_mem_share(struct dmx_buf *buf);

#endif
