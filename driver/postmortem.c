// SPDX-License-Identifier: GPL-2.0
/* What is kept of a buffer when its device goes. */

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "buffer.h"
#include "device.h"
#include "fault.h"
#include "memory.h"
#include "postmortem.h"
#include "slots.h"

/* bytes of all copies, whole pages */
static u64 kept_bytes;
static DEFINE_SPINLOCK(kept_lock); /* protects kept_bytes */

/**
 * dmx_postmortem_new() - make ready to keep a buffer
 * @buf: a buffer with a number
 *
 * Done with the buffer, so that nothing but its contents can be lost later.
 *
 * Context: sleeps.
 * Return: nothing yet, with one reference, or NULL where memory is short.
 */
struct dmx_postmortem *dmx_postmortem_new(const struct dmx_buf *buf)
{
	const char *name = dmx_device_name(buf->ddev);
	size_t len = strlen(name) + 1;
	struct dmx_postmortem *pm;

	pm = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
	     kzalloc(struct_size(pm, dev_name, len), GFP_KERNEL_ACCOUNT);
	if (!pm)
		return NULL;

	kref_init(&pm->ref);
	init_rwsem(&pm->lock);
	INIT_LIST_HEAD(&pm->owner_node);
	pm->id = buf->id;
	pm->dev_id = buf->ddev->id;
	pm->size = buf->size;
	memcpy(pm->dev_name, name, len);
	return pm;
}

static bool reserve(u64 bytes)
{
	u64 quota = dmx_device_quota_bytes();
	bool fits;

	spin_lock(&kept_lock);
	fits = kept_bytes <= quota && bytes <= quota - kept_bytes;
	if (fits)
		kept_bytes += bytes;
	spin_unlock(&kept_lock);
	return fits;
}

static void release(u64 bytes)
{
	spin_lock(&kept_lock);
	kept_bytes -= bytes;
	spin_unlock(&kept_lock);
}

/* Who unbinds a device did not ask for it, so no control group is charged. */
static void *contents_alloc(size_t size, const char **lost)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	void *contents;

	*lost = "memory was short";
	if (!dmx_memory_begin(NULL, gfp, size))
		return NULL;
	contents = dmx_fault(DMAEXER_FAULT_OP_KEEP) ? NULL :
		   __vmalloc(size, gfp);
	dmx_memory_end(size);

	if (contents)
		*lost = NULL;
	else if (fatal_signal_pending(current))
		/* the kernel may have pages, but looks for them no longer */
		*lost = "who ended the device was killed";
	return contents;
}

/**
 * dmx_postmortem_room() - find memory for the contents
 * @pm: a new postmortem, whose buffer still has its slot
 *
 * Where there is none the contents are lost, and nothing else is. It takes a
 * slot in any case.
 *
 * Context: sleeps.
 */
void dmx_postmortem_room(struct dmx_postmortem *pm)
{
	u64 bytes = PAGE_ALIGN((u64)pm->size);

	dmx_slot_share();
	if (!reserve(bytes)) {
		pm->lost = "past quota_bytes of the module";
		return;
	}
	pm->contents = contents_alloc(pm->size, &pm->lost);
	if (!pm->contents)
		release(bytes);
}

/**
 * dmx_postmortem_note() - note what a buffer was
 * @pm: a new postmortem
 * @buf: its buffer, freed
 */
void dmx_postmortem_note(struct dmx_postmortem *pm, const struct dmx_buf *buf)
{
	pm->kind = buf->kind;
	strscpy(pm->label, buf->label, sizeof(pm->label));
	pm->elem_size = buf->elem_size;
	pm->count = buf->count;
	pm->attrs = buf->attrs;
	pm->gfp = buf->gfp;
	pm->freed_by = buf->freed_by;
	pm->traits = buf->store.traits;
	pm->shows_addr = dmx_buf_shows_addr(buf, buf->kind);
	pm->dma_addr = buf->store.addr;
	pm->audit = buf->audit;
}

/**
 * dmx_postmortem_revoke() - free the contents, whoever holds the postmortem
 * @pm: a postmortem after dmx_postmortem_room() that nobody finds any more
 *
 * Called once. Later accesses fail.
 *
 * Context: sleeps until no access is under way.
 */
void dmx_postmortem_revoke(struct dmx_postmortem *pm)
{
	void *contents;

	down_write(&pm->lock);
	contents = pm->contents;
	pm->contents = NULL;
	/* who reads a file looks before it takes the lock */
	WRITE_ONCE(pm->gone, true);
	up_write(&pm->lock);

	if (contents) {
		vfree(contents);
		release(PAGE_ALIGN((u64)pm->size));
	}
	dmx_slot_give();
}

/**
 * dmx_postmortem_get() - take a reference
 * @pm: a postmortem
 */
void dmx_postmortem_get(struct dmx_postmortem *pm)
{
	kref_get(&pm->ref);
}

static void postmortem_release(struct kref *ref)
{
	kfree(container_of(ref, struct dmx_postmortem, ref));
}

/**
 * dmx_postmortem_put() - drop a reference
 * @pm: a postmortem; NULL and errors are passed over
 */
void dmx_postmortem_put(struct dmx_postmortem *pm)
{
	if (!IS_ERR_OR_NULL(pm))
		kref_put(&pm->ref, postmortem_release);
}
