/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_MAPS_H
#define _DMX_MAPS_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct inode;
struct vm_area_struct;

/**
 * struct dmx_maps - user mappings of an object
 * @inode: of the file that is mapped, with a reference, or NULL
 * @size: bytes that a mapping counts for
 * @lock: protects @middle
 * @middle: address spaces that may be in the middle of mmap()
 * @settle: waits until they are not
 * @writable: number of mappings that are writable, or may become so
 */
struct dmx_maps {
	struct inode *inode;
	u64 size;
	spinlock_t lock; /* protects middle */
	struct list_head middle;
	struct work_struct settle;
	atomic_t writable;
};

void dmx_maps_init(struct dmx_maps *maps);
void dmx_maps_open(struct dmx_maps *maps, struct inode *inode, u64 size);
int dmx_maps_begin(struct dmx_maps *maps, struct vm_area_struct *vma);
void dmx_maps_add(struct dmx_maps *maps, const struct vm_area_struct *vma);
void dmx_maps_del(struct dmx_maps *maps, const struct vm_area_struct *vma);
bool dmx_maps_writable(const struct dmx_maps *maps);
void dmx_maps_close(struct dmx_maps *maps);

#endif
