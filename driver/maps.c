// SPDX-License-Identifier: GPL-2.0
/*
 * User mappings of an object, and how they end.
 *
 * unmap_mapping_range() finds the mappings of a file by its inode. A new one is
 * entered there after ->mmap() has returned, with its pages in the page table
 * already, and before mmap() lets go of the mmap_lock. So who was in ->mmap()
 * is noted until his mmap_lock was free once, and an object that goes waits for
 * that before it has its mappings undone. What fork(), mremap() and munmap() of
 * a part make of a mapping is entered before it has pages.
 */

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fault.h"
#include "maps.h"

/*
 * A mapping has its page tables filled at once, which nobody else bounds. With so
 * many times the memory of the machine in all mappings, they take a thirty-second
 * of it, with pages of 4 KiB.
 */
#define TIMES_MEMORY	16

/* bytes of all mappings, each of them taken for whole */
static atomic64_t mapped;

/* An address space that may be in the middle of mmap(). */
struct mapper {
	struct list_head node;
	struct mm_struct *mm;
};

static struct mapper *take_mapper(struct dmx_maps *maps)
{
	struct mapper *mapper;

	spin_lock(&maps->lock);
	mapper = list_first_entry_or_null(&maps->middle, struct mapper, node);
	if (mapper)
		list_del(&mapper->node);
	spin_unlock(&maps->lock);

	return mapper;
}

static void settle(struct work_struct *work)
{
	struct dmx_maps *maps = container_of(work, struct dmx_maps, settle);
	struct mapper *mapper;

	while ((mapper = take_mapper(maps))) {
		mmap_read_lock(mapper->mm);
		mmap_read_unlock(mapper->mm);
		mmdrop(mapper->mm);
		kfree(mapper);
	}
}

/**
 * dmx_maps_init() - no mappings yet
 * @maps: maps of a new object
 */
void dmx_maps_init(struct dmx_maps *maps)
{
	spin_lock_init(&maps->lock);
	INIT_LIST_HEAD(&maps->middle);
	INIT_WORK(&maps->settle, settle);
	atomic_set(&maps->writable, 0);
}

/**
 * dmx_maps_open() - note the file that is mapped
 * @maps: maps of an object
 * @inode: its file, which nobody else gets mapped by
 * @size: bytes of the object
 */
void dmx_maps_open(struct dmx_maps *maps, struct inode *inode, u64 size)
{
	ihold(inode);
	maps->inode = inode;
	maps->size = PAGE_ALIGN(size);
}

static bool is_too_much(const struct dmx_maps *maps)
{
	u64 most = (u64)totalram_pages() * TIMES_MEMORY << PAGE_SHIFT;

	return (u64)atomic64_read(&mapped) + maps->size > most;
}

/**
 * dmx_maps_begin() - note who is about to map, before there are pages
 * @maps: maps of an object that stays as long as the caller holds its lock
 * @vma: where it is to be mapped
 *
 * Context: sleeps; the mmap_lock is held for writing.
 * Return: 0; -ENOMEM also where there are as many mappings as there may be.
 */
int dmx_maps_begin(struct dmx_maps *maps, struct vm_area_struct *vma)
{
	struct mapper *mapper;

	mmap_assert_write_locked(vma->vm_mm);
	if (is_too_much(maps))
		return -ENOMEM;
	mapper = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		 kmalloc(sizeof(*mapper), GFP_KERNEL_ACCOUNT);
	if (!mapper)
		return -ENOMEM;

	mmgrab(vma->vm_mm);
	mapper->mm = vma->vm_mm;
	spin_lock(&maps->lock);
	list_add_tail(&mapper->node, &maps->middle);
	spin_unlock(&maps->lock);
	queue_work(system_unbound_wq, &maps->settle);
	return 0;
}

/**
 * dmx_maps_add() - count a mapping
 * @maps: maps of an object
 * @vma: the mapping, a new one or a copy
 */
void dmx_maps_add(struct dmx_maps *maps, const struct vm_area_struct *vma)
{
	atomic64_add(maps->size, &mapped);
	if (vma->vm_flags & VM_MAYWRITE)
		atomic_inc(&maps->writable);
}

/**
 * dmx_maps_del() - a mapping has gone
 * @maps: maps of an object
 * @vma: the mapping
 */
void dmx_maps_del(struct dmx_maps *maps, const struct vm_area_struct *vma)
{
	atomic64_sub(maps->size, &mapped);
	if (vma->vm_flags & VM_MAYWRITE)
		atomic_dec(&maps->writable);
}

/**
 * dmx_maps_writable() - whether somebody can write by a mapping
 * @maps: maps of an object to which no mapping is added meanwhile
 *
 * Return: true where there is a mapping that is writable or may become so.
 */
bool dmx_maps_writable(const struct dmx_maps *maps)
{
	return atomic_read(&maps->writable);
}

/**
 * dmx_maps_close() - undo all mappings
 * @maps: maps of an object that goes; nobody begins to map it any more
 *
 * Context: sleeps until whoever is in the middle of mmap() has left it.
 */
void dmx_maps_close(struct dmx_maps *maps)
{
	flush_work(&maps->settle);
	if (!maps->inode)
		return;

	unmap_mapping_range(maps->inode->i_mapping, 0, 0, 1);
	iput(maps->inode);
	maps->inode = NULL;
}
