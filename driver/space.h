/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_SPACE_H
#define _DMX_SPACE_H

#include <linux/rbtree.h>
#include <linux/types.h>

struct device;
struct dmx_space;

/**
 * struct dmx_range - DMA addresses of a live buffer
 * @start: first address
 * @last: last address
 */
struct dmx_range {
	u64 start;
	u64 last;
	/* private: of the tree */
	struct rb_node rb;
	u64 subtree_last;
};

struct dmx_space *dmx_space_get(struct device *dev);
void dmx_space_put(struct dmx_space *space);
bool dmx_space_enter(struct dmx_space *space);
void dmx_space_leave(struct dmx_space *space);
bool dmx_space_claim(struct dmx_space *space);
void dmx_space_unclaim(struct dmx_space *space);
bool dmx_space_add(struct dmx_space *space, struct dmx_range *range);
void dmx_space_del(struct dmx_space *space, struct dmx_range *range);

#endif
