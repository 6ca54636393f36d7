// SPDX-License-Identifier: GPL-2.0
/*
 * Contents and facts of buffers as files in debugfs.
 *
 * The files are "unsafe" in the sense of debugfs: they guard themselves with a
 * reference on their object. The ones that debugfs guards make the removal of
 * a file wait for its readers, and a reader may wait for user space.
 */

#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>

#include "buffer.h"
#include "debugfs.h"
#include "device.h"
#include "facts.h"
#include "names.h"

/* bytes that are copied before the lock is dropped and signals are seen */
#define CHUNK		SZ_64K

static struct dentry *root;

static int data_open(struct inode *inode, struct file *file)
{
	struct dmx_buf *buf = inode->i_private;

	/* root passes the mode of the file by */
	if (file->f_mode & FMODE_WRITE &&
	    READ_ONCE(buf->kind) != DMAEXER_KIND_BOX)
		return -EPERM;

	dmx_buf_get(buf);
	file->private_data = buf;
	return 0;
}

static int data_release(struct inode *inode, struct file *file)
{
	dmx_buf_put(file->private_data);
	return 0;
}

static loff_t data_llseek(struct file *file, loff_t offset, int whence)
{
	struct dmx_buf *buf = file->private_data;

	return fixed_size_llseek(file, offset, whence, buf->size);
}

/* Copy with page faults off, so that the lock waits for nobody. */
static int copy_out(struct dmx_buf *buf, size_t pos, char __user *to,
		    size_t len, size_t *left)
{
	struct dmx_coherent *c = dmx_buf_begin(buf);

	if (IS_ERR(c))
		return -EIO;

	pagefault_disable();
	*left = __copy_to_user_inatomic(to, c->cpu_addr + pos, len);
	pagefault_enable();
	dmx_buf_end(buf);
	return 0;
}

static int copy_in(struct dmx_buf *buf, size_t pos, const char __user *from,
		   size_t len, size_t *left)
{
	struct dmx_coherent *c = dmx_buf_begin(buf);

	if (IS_ERR(c))
		return -EIO;
	if (buf->kind != DMAEXER_KIND_BOX) {
		dmx_buf_end(buf);
		return -EPERM;
	}

	pagefault_disable();
	*left = __copy_from_user_inatomic(c->cpu_addr + pos, from, len);
	pagefault_enable();
	dmx_buf_end(buf);
	return 0;
}

static ssize_t data_read(struct file *file, char __user *to, size_t len,
			 loff_t *ppos)
{
	struct dmx_buf *buf = file->private_data;
	size_t done = 0;
	size_t left;
	size_t n;
	int err;

	if (*ppos < 0)
		return -EINVAL;
	if (READ_ONCE(buf->gone))
		return -EIO;
	if (*ppos >= buf->size)
		return 0;

	len = min_t(u64, len, buf->size - *ppos);
	if (!access_ok(to, len))
		return -EFAULT;

	while (done < len) {
		n = min_t(size_t, len - done, CHUNK);
		err = copy_out(buf, *ppos + done, to + done, n, &left);
		if (err)
			return err;
		done += n - left;
		/* All or nothing: on a fault the offset stays where it is. */
		if (left && fault_in_writeable(to + done, left) == left)
			return -EFAULT;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}

	*ppos += done;
	return done;
}

static ssize_t data_write(struct file *file, const char __user *from,
			  size_t len, loff_t *ppos)
{
	struct dmx_buf *buf = file->private_data;
	size_t done = 0;
	size_t left;
	int err = 0;
	size_t n;

	if (*ppos < 0)
		return -EINVAL;
	if (!len)
		return 0;
	if (READ_ONCE(buf->gone))
		return -EIO;
	if (*ppos >= buf->size)
		return -ENOSPC;

	len = min_t(u64, len, buf->size - *ppos);
	if (!access_ok(from, len))
		return -EFAULT;

	while (done < len && !err) {
		n = min_t(size_t, len - done, CHUNK);
		err = copy_in(buf, *ppos + done, from + done, n, &left);
		if (err)
			break;
		done += n - left;
		if (left && fault_in_readable(from + done, left) == left)
			err = -EFAULT;
		else if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}

	*ppos += done;
	return done ? done : err;
}

static const struct file_operations data_fops = {
	.owner		= THIS_MODULE,
	.open		= data_open,
	.release	= data_release,
	.llseek		= data_llseek,
	.read		= data_read,
	.write		= data_write,
};

static void show_attrs(struct seq_file *m, const char *key, u32 attrs)
{
	const char *sep = "";
	int i;

	seq_printf(m, "%s:", key);
	for (i = 0; i < 32; i++) {
		if (!(attrs & BIT(i)))
			continue;
		seq_printf(m, "%s%s", *sep ? sep : " ", dmx_attr_name(i));
		sep = ",";
	}
	seq_putc(m, '\n');
}

static void show_audit(struct seq_file *m, const struct dmx_audit *audit)
{
	int i;

	seq_printf(m, "mapping: %s\n", dmx_mapping_name(audit->mapping));
	if (audit->has_contiguous)
		seq_printf(m, "contiguous: %d\n", audit->contiguous);
	show_attrs(m, "attrs-honoured", audit->honoured);
	show_attrs(m, "attrs-ignored", audit->ignored);
	if (audit->has_stale)
		seq_printf(m, "stale-bytes: %llu\n", audit->stale_bytes);

	for (i = 0; i < DMX_CHECKS; i++) {
		seq_printf(m, "audit.%s: %s", dmx_check_name(i),
			   dmx_verdict_name(audit->verdict[i]));
		if (audit->reason[i])
			seq_printf(m, " (%s)", audit->reason[i]);
		seq_putc(m, '\n');
	}
}

static int buf_info_show(struct seq_file *m, void *unused)
{
	struct dmx_buf *buf = m->private;
	u32 kind = dmx_buf_kind(buf);

	seq_printf(m, "id: %u\n", buf->id);
	seq_printf(m, "dev-id: %u\n", buf->ddev->id);
	seq_printf(m, "dev-name: %s\n", dev_name(buf->ddev->dev));
	seq_printf(m, "kind: %s\n", dmx_kind_name(kind));
	seq_puts(m, "label: ");
	seq_puts(m, buf->label);
	seq_putc(m, '\n');
	seq_printf(m, "elem-size: %zu\n", buf->elem_size);
	seq_printf(m, "count: %zu\n", buf->count);
	seq_printf(m, "size: %zu\n", buf->size);
	show_attrs(m, "attrs", buf->attrs);
	seq_printf(m, "gfp: %s\n", dmx_gfp_name(buf->gfp));
	if (kind != DMAEXER_KIND_BOX)
		seq_printf(m, "dma-addr: %#llx\n", buf->range.start);
	show_audit(m, &buf->audit);
	return 0;
}

static int buf_info_open(struct inode *inode, struct file *file)
{
	struct dmx_buf *buf = inode->i_private;
	int err;

	err = single_open(file, buf_info_show, buf);
	if (!err)
		dmx_buf_get(buf);
	return err;
}

static int buf_info_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct dmx_buf *buf = m->private;

	single_release(inode, file);
	dmx_buf_put(buf);
	return 0;
}

static const struct file_operations buf_info_fops = {
	.owner		= THIS_MODULE,
	.open		= buf_info_open,
	.release	= buf_info_release,
	.llseek		= seq_lseek,
	.read		= seq_read,
};

static void show_usage(struct seq_file *m, struct dmx_device *ddev)
{
	struct dmx_usage usage;

	dmx_device_usage(ddev, &usage);
	seq_printf(m, "quota-bytes: %llu\n", usage.quota_bytes);
	seq_printf(m, "quota-bufs: %u\n", usage.quota_bufs);
	seq_printf(m, "live-bytes: %llu\n", usage.live_bytes);
	seq_printf(m, "live-bufs: %u\n", usage.live_bufs);
	seq_printf(m, "total-bufs: %llu\n", usage.total_bufs);
	seq_printf(m, "violations: %llu\n", usage.violations);
}

static void show_facts(struct seq_file *m, const struct dmx_facts *facts)
{
	seq_printf(m, "backend: %s\n", dmx_backend_name(facts->backend));
	seq_printf(m, "domain: %s\n", dmx_domain_name(facts->domain));
	if (facts->has_iommu_group)
		seq_printf(m, "iommu-group: %u\n", facts->iommu_group);
	seq_printf(m, "cache-coherent: %d\n", facts->cache_coherent);
	seq_printf(m, "dma-mask: %#llx\n", facts->dma_mask);
	seq_printf(m, "coherent-mask: %#llx\n", facts->coherent_mask);
	seq_printf(m, "bus-limit: %#llx\n", facts->bus_limit);
	seq_printf(m, "bus-offset: %lld\n", facts->bus_offset);
	seq_printf(m, "required-mask: %#llx\n", facts->required_mask);
	seq_printf(m, "addressing-limited: %d\n", facts->addressing_limited);
	seq_printf(m, "max-mapping-size: %llu\n", facts->max_mapping_size);
	seq_printf(m, "opt-mapping-size: %llu\n", facts->opt_mapping_size);
	seq_printf(m, "max-seg-size: %u\n", facts->max_seg_size);
	seq_printf(m, "seg-boundary: %#llx\n", facts->seg_boundary);
	seq_printf(m, "merge-boundary: %#llx\n", facts->merge_boundary);
	seq_printf(m, "cache-alignment: %u\n", facts->cache_alignment);
	seq_printf(m, "addr-size: %zu\n", sizeof(dma_addr_t));
	seq_printf(m, "numa-node: %d\n", facts->numa_node);
	seq_printf(m, "swiotlb: %s\n", dmx_swiotlb_name(facts->swiotlb));
}

static int dev_info_show(struct seq_file *m, void *unused)
{
	struct dmx_device *ddev = m->private;
	struct dmx_facts facts;

	if (dmx_facts_get(ddev, &facts))
		return -EIO;

	seq_printf(m, "id: %u\n", ddev->id);
	seq_printf(m, "name: %s\n", dev_name(ddev->dev));
	seq_printf(m, "bus: %s\n", ddev->dev->bus->name);
	seq_printf(m, "virtual: %d\n", ddev->virtual);
	show_facts(m, &facts);
	show_usage(m, ddev);
	return 0;
}

static int dev_info_open(struct inode *inode, struct file *file)
{
	struct dmx_device *ddev = inode->i_private;
	int err;

	err = single_open(file, dev_info_show, ddev);
	if (!err)
		dmx_device_get(ddev);
	return err;
}

static int dev_info_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct dmx_device *ddev = m->private;

	single_release(inode, file);
	dmx_device_put(ddev);
	return 0;
}

static const struct file_operations dev_info_fops = {
	.owner		= THIS_MODULE,
	.open		= dev_info_open,
	.release	= dev_info_release,
	.llseek		= seq_lseek,
	.read		= seq_read,
};

/**
 * dmx_debugfs_init() - make the directory of the module
 */
void dmx_debugfs_init(void)
{
	root = debugfs_create_dir("dmaexer", NULL);
}

/**
 * dmx_debugfs_exit() - remove the directory of the module
 */
void dmx_debugfs_exit(void)
{
	debugfs_remove(root);
}

/**
 * dmx_debugfs_dev_add() - show a device
 * @ddev: a device with a number
 *
 * As everywhere in debugfs, what cannot be shown is not an error.
 */
void dmx_debugfs_dev_add(struct dmx_device *ddev)
{
	ddev->dir = debugfs_create_dir(dev_name(ddev->dev), root);
	ddev->bufs_dir = debugfs_create_dir("buffers", ddev->dir);
	debugfs_create_file_unsafe("info", 0400, ddev->dir, ddev,
				   &dev_info_fops);
}

/**
 * dmx_debugfs_dev_del() - no longer show a device
 * @ddev: a device
 *
 * Context: waits for opens under way, not for readers.
 */
void dmx_debugfs_dev_del(struct dmx_device *ddev)
{
	debugfs_remove(ddev->dir);
}

static struct dentry *create_data(struct dmx_buf *buf)
{
	umode_t mode = buf->kind == DMAEXER_KIND_BOX ? 0600 : 0400;
	struct dentry *data;

	data = debugfs_create_file_unsafe("data", mode, buf->dir, buf,
					  &data_fops);
	if (!IS_ERR(data))
		i_size_write(d_inode(data), buf->size);
	return data;
}

/**
 * dmx_debugfs_buf_add() - show a buffer
 * @buf: a buffer with a number
 */
void dmx_debugfs_buf_add(struct dmx_buf *buf)
{
	char name[12];

	snprintf(name, sizeof(name), "%u", buf->id);
	buf->dir = debugfs_create_dir(name, buf->ddev->bufs_dir);
	debugfs_create_file_unsafe("info", 0400, buf->dir, buf,
				   &buf_info_fops);
	if (buf->kind != DMAEXER_KIND_HANDLE)
		buf->data = create_data(buf);
}

/**
 * dmx_debugfs_buf_share() - show that a box can no longer be written
 * @buf: a buffer that was a box
 */
void dmx_debugfs_buf_share(struct dmx_buf *buf)
{
	struct inode *inode;

	if (IS_ERR_OR_NULL(buf->data))
		return;
	inode = d_inode(buf->data);
	inode_lock(inode);
	inode->i_mode &= ~0222;
	inode_unlock(inode);
}

/**
 * dmx_debugfs_buf_del() - no longer show a buffer
 * @buf: a buffer
 *
 * Context: waits for opens under way, not for readers.
 */
void dmx_debugfs_buf_del(struct dmx_buf *buf)
{
	debugfs_remove(buf->dir);
}
