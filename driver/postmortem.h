/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_POSTMORTEM_H
#define _DMX_POSTMORTEM_H

#include <linux/cleanup.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

#include "audit.h"

struct dentry;
struct dmx_buf;
struct dmx_owner;

/**
 * struct dmx_postmortem - what is kept of a buffer whose device is gone
 * @ref: holders of the structure
 * @id: number of the buffer
 * @dev_id: number of its device
 * @kind: enum dmaexer_kind
 * @label: text, may be empty
 * @elem_size: bytes of an element
 * @count: number of elements
 * @size: bytes
 * @attrs: DMA_ATTR_*
 * @gfp: enum dmaexer_gfp
 * @traits: what else there was to tell
 * @shows_addr: users were told its DMA address
 * @freed_by: enum dmaexer_freed_by
 * @dma_addr: the DMA address it had
 * @audit: what the platform gave
 * @lock: held for reading around every access to @contents, for writing where
 *	they go
 * @contents: a copy of @size bytes, or NULL
 * @lost: why there is no copy, or NULL
 * @gone: it was dropped; protected by @lock
 * @owner: socket that it dies with, or NULL; protected by the lock of the
 *	registry
 * @owner_portid: netlink port of @owner, 0 for none
 * @owner_node: in the list of @owner; same lock
 * @orphan: the owner went before it became visible; same lock
 * @dir: debugfs directory
 * @dev_name: name of its device
 *
 * It holds nothing of the buffer or the device. Numbers, name and size are
 * known when the buffer is made, all else that it was when it is freed.
 */
struct dmx_postmortem {
	struct kref ref;
	u32 id;
	u32 dev_id;
	u32 kind;
	char label[DMAEXER_LABEL_MAX + 1];
	size_t elem_size;
	size_t count;
	size_t size;
	u32 attrs;
	u32 gfp;
	struct dmx_traits traits;
	bool shows_addr;
	u32 freed_by;
	u64 dma_addr;
	struct dmx_audit audit;
	struct rw_semaphore lock;
	void *contents;
	const char *lost;
	bool gone;
	struct dmx_owner *owner;
	u32 owner_portid;
	struct list_head owner_node;
	bool orphan;
	struct dentry *dir;
	char dev_name[];
};

struct dmx_postmortem *dmx_postmortem_new(const struct dmx_buf *buf);
void dmx_postmortem_room(struct dmx_postmortem *pm);
void dmx_postmortem_note(struct dmx_postmortem *pm, const struct dmx_buf *buf);
void dmx_postmortem_revoke(struct dmx_postmortem *pm);
void dmx_postmortem_get(struct dmx_postmortem *pm);
void dmx_postmortem_put(struct dmx_postmortem *pm);
DEFINE_FREE(dmx_postmortem_put, struct dmx_postmortem *,
	    dmx_postmortem_put(_T))

#endif
