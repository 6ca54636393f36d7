/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_DEBUGFS_POSTMORTEM_H
#define _DMX_DEBUGFS_POSTMORTEM_H

struct dentry;
struct dmx_postmortem;

/* beside the directories of devices, so that no device has that name */
#define DMX_DEBUGFS_POSTMORTEM	"postmortem"

void dmx_debugfs_postmortem_init(struct dentry *root);
void dmx_debugfs_postmortem_add(struct dmx_postmortem *pm);
void dmx_debugfs_postmortem_del(struct dmx_postmortem *pm);

#endif
