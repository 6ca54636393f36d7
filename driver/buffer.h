/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_BUFFER_H
#define _DMX_BUFFER_H

#include <linux/cleanup.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

#include "audit.h"
#include "maps.h"
#include "pattern.h"
#include "pins.h"
#include "space.h"
#include "store.h"

struct dentry;
struct dmx_device;
struct dmx_owner;
struct dmx_postmortem;

/**
 * struct dmx_buf_spec - a buffer as it is asked for
 * @mem: its memory, without an initialiser
 * @label: text, or NULL
 * @gfp: enum dmaexer_gfp
 * @warn: a failure may write to the log
 * @pattern: contents, or NULL; excludes data in @mem
 * @pattern_at_dma: argument of @pattern is the DMA address, whatever it says
 * @keep: keep the contents when the device goes
 */
struct dmx_buf_spec {
	struct dmx_store_spec mem;
	const char *label;
	u32 gfp;
	bool warn;
	const struct dmx_pattern *pattern;
	bool pattern_at_dma;
	bool keep;
};

/* nobody freed the memory of a buffer, yet */
#define DMX_NOT_FREED	U32_MAX

/* why a buffer was refused */
enum dmx_refusal {
	DMX_REFUSAL_NONE,
	DMX_REFUSAL_DEVICE,
	DMX_REFUSAL_CLAIMED,
	DMX_REFUSAL_QUOTA_BYTES,
	DMX_REFUSAL_QUOTA_BUFS,
	DMX_REFUSAL_MAX_BUFS,
	DMX_REFUSAL_MEMORY,
	DMX_REFUSAL_MASK,
	DMX_REFUSAL_SEGMENT,
	DMX_REFUSAL_BLOCK,
	DMX_REFUSAL_LINEAR,
	DMX_REFUSAL_PLATFORM,
	DMX_REFUSAL_CONTENTS,
};

/**
 * struct dmx_buf - a numbered buffer
 * @ref: holders of the structure
 * @id: number on the wire, from 1
 * @ddev: device it was allocated for; a reference is held
 * @label: text, may be empty
 * @elem_size: bytes of an element
 * @count: number of elements
 * @size: bytes
 * @attrs: DMA_ATTR_*, with those that the kind implies
 * @gfp: enum dmaexer_gfp
 * @lock: held for reading around every access to the memory, for writing
 *	where @kind or @gone change
 * @kind: enum dmaexer_kind
 * @gone: the memory is freed, or about to be
 * @turn_lock: held by who has the memory, where CPU and device have it in
 *	turns; protects @turn_offset and @turn_len
 * @turn_offset: first byte that the CPU has
 * @turn_len: how many bytes it has
 * @store: the memory
 * @freed_by: who freed the memory, enum dmaexer_freed_by, or DMX_NOT_FREED
 * @footprint: what it takes, whole pages
 * @ranges: its DMA addresses, one for each object of a pool
 * @range_count: how many @ranges there are
 * @range: the only one, of other kinds
 * @last_addr: highest DMA address, 0 where there is none
 * @audit: what the platform gave
 * @jobs: transfers from or to the memory under way
 * @maps: mappings of the memory by users
 * @dev_node: in the list of @ddev; protected by the lock of the registry
 * @owner: socket that the buffer dies with, or NULL; same lock
 * @owner_portid: netlink port of @owner, 0 for none
 * @owner_node: in the list of @owner; same lock
 * @keep: the contents are kept when the device goes
 * @postmortem: what is to become of it then, or NULL; same lock
 * @dir: debugfs directory
 * @data: debugfs file of the contents, or NULL
 */
struct dmx_buf {
	struct kref ref;
	u32 id;
	struct dmx_device *ddev;
	char label[DMAEXER_LABEL_MAX + 1];
	size_t elem_size;
	size_t count;
	size_t size;
	u32 attrs;
	u32 gfp;
	struct rw_semaphore lock;
	u32 kind;
	bool gone;
	struct mutex turn_lock; /* protects turn_offset, turn_len */
	size_t turn_offset;
	size_t turn_len;
	struct dmx_store store;
	u32 freed_by;
	u64 footprint;
	struct dmx_range *ranges;
	size_t range_count;
	struct dmx_range range;
	u64 last_addr;
	struct dmx_audit audit;
	struct dmx_pins jobs;
	struct dmx_maps maps;
	struct list_head dev_node;
	struct dmx_owner *owner;
	u32 owner_portid;
	struct list_head owner_node;
	bool keep;
	struct dmx_postmortem *postmortem;
	struct dentry *dir;
	struct dentry *data;
};

struct dmx_buf *dmx_buf_new(struct dmx_device *ddev,
			    const struct dmx_buf_spec *spec,
			    enum dmx_refusal *refusal);
void dmx_buf_revoke(struct dmx_buf *buf, void *copy);
void dmx_buf_get(struct dmx_buf *buf);
void dmx_buf_put(struct dmx_buf *buf);
DEFINE_FREE(dmx_buf_put, struct dmx_buf *, dmx_buf_put(_T))

u32 dmx_buf_kind(struct dmx_buf *buf);
int dmx_buf_share(struct dmx_buf *buf);
int dmx_buf_addrs_add(struct dmx_buf *buf);
void dmx_buf_addrs_del(struct dmx_buf *buf);
bool dmx_buf_shows_addr(const struct dmx_buf *buf, u32 kind);
const struct dmx_view *dmx_buf_begin(struct dmx_buf *buf, size_t offset,
				     size_t len);
const struct dmx_view *dmx_buf_begin_write(struct dmx_buf *buf, size_t offset,
					   size_t len);
void dmx_buf_end(struct dmx_buf *buf);
int dmx_buf_init_at(struct dmx_buf *buf, u64 index, const void *data);
void dmx_buf_copy(struct dmx_buf *buf, void *to);
int dmx_buf_fill(struct dmx_buf *buf, const struct dmx_pattern *pattern,
		 u64 offset, u64 len);
int dmx_buf_check(struct dmx_buf *buf, const struct dmx_pattern *pattern,
		  u64 offset, u64 len, struct dmx_diff *diff);

#endif
