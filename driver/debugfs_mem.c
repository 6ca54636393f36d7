// SPDX-License-Identifier: GPL-2.0
/* The file "mem": the memory of a buffer, to be mapped. */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "buffer.h"
#include "compat.h"
#include "debugfs_data.h"
#include "debugfs_mem.h"

static void mem_vm_open(struct vm_area_struct *vma)
{
	struct dmx_buf *buf = vma->vm_private_data;

	dmx_maps_add(&buf->maps, vma);
}

static void mem_vm_close(struct vm_area_struct *vma)
{
	struct dmx_buf *buf = vma->vm_private_data;

	dmx_maps_del(&buf->maps, vma);
}

/* All pages were there from the start, so this one was taken away. */
static vm_fault_t mem_vm_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct mem_vm_ops = {
	.open	= mem_vm_open,
	.close	= mem_vm_close,
	.fault	= mem_vm_fault,
};

/*
 * x86 looks for the memory type of a mapping where that is copied or ends, and
 * complains if it has no pages any more. The type of RAM is not reserved, so
 * nothing is lost with the flag that has it do so. That of other memory, as a
 * pool of the device's own may be, is reserved, and is given back only while
 * the pages are there.
 */
static bool is_ram(const struct dmx_view *v)
{
	const void *first = dmx_view_at(v, 0, NULL);

	if (!is_vmalloc_addr(first))
		return true;
	return page_is_ram(vmalloc_to_pfn(first));
}

/*
 * dma_rwsem is not taken: who waits for it here keeps the mmap_lock, which who
 * holds it may wait for. The memory and the device stay as long as the buffer
 * is locked, and what a mask says is nothing to a mapping.
 */
static int map_buf(struct dmx_buf *buf, const struct dmx_view *v,
		   struct vm_area_struct *vma)
{
	bool writable = buf->kind == DMAEXER_KIND_BOX;
	int err;

	lockdep_assert_held_read(&buf->lock);
	if (vma->vm_flags & VM_WRITE && !writable)
		return -EPERM;

	err = dmx_maps_begin(&buf->maps, vma);
	if (err)
		return err;

	dmx_vm_flags_mod(vma, VM_IO | VM_DONTEXPAND | VM_DONTDUMP,
			 VM_MAYEXEC | (writable ? 0 : VM_MAYWRITE));
	err = dmx_store_mmap(&buf->store, vma);
	if (err)
		return err;

	if (vma->vm_flags & DMX_VM_PAT && !is_ram(v))
		return -EOPNOTSUPP;
	dmx_vm_flags_mod(vma, 0, DMX_VM_PAT);
	vma->vm_private_data = buf;
	vma->vm_ops = &mem_vm_ops;
	dmx_maps_add(&buf->maps, vma);
	return 0;
}

static int mem_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dmx_buf *buf = file->private_data;
	const struct dmx_view *v;
	int err;

	/* A mapping that was opened for reading has no VM_SHARED. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;

	v = dmx_buf_begin(buf, 0, 0);
	if (IS_ERR(v))
		return -EIO;
	err = map_buf(buf, v, vma);
	dmx_buf_end(buf);
	return err;
}

static const struct file_operations mem_fops = {
	.owner		= THIS_MODULE,
	.open		= dmx_debugfs_data_open,
	.release	= dmx_debugfs_data_release,
	.mmap		= mem_mmap,
};

/**
 * dmx_debugfs_mem_add() - let the memory of a buffer be mapped
 * @buf: a buffer with a directory, which can be mapped
 */
void dmx_debugfs_mem_add(struct dmx_buf *buf)
{
	umode_t mode = buf->kind == DMAEXER_KIND_BOX ? 0600 : 0400;
	struct dentry *mem;

	mem = debugfs_create_file_unsafe("mem", mode, buf->dir, buf, &mem_fops);
	if (IS_ERR(mem))
		return;
	dmx_debugfs_set_size(d_inode(mem), buf->size);
	dmx_maps_open(&buf->maps, d_inode(mem), buf->size);
}

/**
 * dmx_debugfs_mem_share() - show that a box can no longer be mapped for writing
 * @buf: a buffer that was a box, and is not withdrawn
 */
void dmx_debugfs_mem_share(struct dmx_buf *buf)
{
	if (buf->maps.inode)
		dmx_debugfs_read_only(buf->maps.inode);
}
