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
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "buffer.h"
#include "debugfs.h"
#include "debugfs_data.h"
#include "debugfs_mem.h"
#include "debugfs_postmortem.h"
#include "device.h"
#include "facts.h"
#include "fault.h"
#include "names.h"
#include "perm.h"

static struct dentry *root;

/**
 * dmx_debugfs_show_attrs() - a line with the names of attributes
 * @m: the file
 * @key: what the line begins with
 * @attrs: DMA_ATTR_*
 */
void dmx_debugfs_show_attrs(struct seq_file *m, const char *key, u32 attrs)
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

/**
 * dmx_debugfs_show_traits() - lines with what only some kinds have
 * @m: the file
 * @kind: enum dmaexer_kind
 * @traits: what it has
 */
void dmx_debugfs_show_traits(struct seq_file *m, u32 kind,
			     const struct dmx_traits *traits)
{
	if (kind == DMAEXER_KIND_PAGES) {
		seq_printf(m, "shape: %s\n", dmx_shape_name(traits->shape));
		seq_printf(m, "page-offset: %u\n", traits->page_offset);
	}
	if (dmx_store_kind_has_turns(kind))
		seq_printf(m, "direction: %s\n",
			   dmx_direction_name(traits->direction));
	if (kind == DMAEXER_KIND_POOL) {
		seq_printf(m, "align: %llu\n", traits->align);
		seq_printf(m, "boundary: %llu\n", traits->boundary);
	}
	if (kind == DMAEXER_KIND_PAGES || kind == DMAEXER_KIND_NONCONTIGUOUS)
		seq_printf(m, "segments: %u\n", traits->segments);
}

/**
 * dmx_debugfs_show_audit() - lines with what an audit found
 * @m: the file
 * @audit: what it found
 */
void dmx_debugfs_show_audit(struct seq_file *m, const struct dmx_audit *audit)
{
	int i;

	seq_printf(m, "mapping: %s\n", dmx_mapping_name(audit->mapping));
	if (audit->has_caching)
		seq_printf(m, "caching: %s\n",
			   dmx_caching_name(audit->caching));
	if (audit->has_contiguous)
		seq_printf(m, "contiguous: %d\n", audit->contiguous);
	if (audit->cpu_alignment)
		seq_printf(m, "cpu-alignment: %llu\n", audit->cpu_alignment);
	dmx_debugfs_show_attrs(m, "attrs-honoured", audit->honoured);
	dmx_debugfs_show_attrs(m, "attrs-ignored", audit->ignored);
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

	if (READ_ONCE(buf->gone))
		return -EIO;

	seq_printf(m, "id: %u\n", buf->id);
	seq_printf(m, "dev-id: %u\n", buf->ddev->id);
	seq_printf(m, "dev-name: %s\n", dmx_device_name(buf->ddev));
	seq_printf(m, "kind: %s\n", dmx_kind_name(kind));
	seq_puts(m, "label: ");
	seq_puts(m, buf->label);
	seq_putc(m, '\n');
	seq_printf(m, "elem-size: %zu\n", buf->elem_size);
	seq_printf(m, "count: %zu\n", buf->count);
	seq_printf(m, "size: %zu\n", buf->size);
	dmx_debugfs_show_attrs(m, "attrs", buf->attrs);
	seq_printf(m, "gfp: %s\n", dmx_gfp_name(buf->gfp));
	seq_printf(m, "keep: %d\n", buf->keep);
	dmx_debugfs_show_traits(m, kind, &buf->store.traits);
	if (dmx_buf_shows_addr(buf, kind))
		seq_printf(m, "dma-addr: %#llx\n", (u64)buf->store.addr);
	dmx_debugfs_show_audit(m, &buf->audit);
	return 0;
}

static int buf_info_open(struct inode *inode, struct file *file)
{
	struct dmx_buf *buf = inode->i_private;
	int err;

	err = dmx_perm_check() ?: single_open(file, buf_info_show, buf);
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
	seq_printf(m, "pool: %s\n", dmx_pool_name(facts->pool));
}

static int dev_info_show(struct seq_file *m, void *unused)
{
	struct dmx_device *ddev = m->private;
	struct dmx_facts facts;

	if (dmx_facts_get(ddev, &facts))
		return -EIO;

	seq_printf(m, "id: %u\n", ddev->id);
	seq_printf(m, "name: %s\n", dmx_device_name(ddev));
	seq_printf(m, "bus: %s\n", dmx_device_bus(ddev));
	seq_printf(m, "virtual: %d\n", ddev->virtual);
	show_facts(m, &facts);
	show_usage(m, ddev);
	return 0;
}

static int dev_info_open(struct inode *inode, struct file *file)
{
	struct dmx_device *ddev = inode->i_private;
	int err;

	err = dmx_perm_check() ?: single_open(file, dev_info_show, ddev);
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
	dmx_debugfs_postmortem_init(root);
}

/**
 * dmx_debugfs_exit() - remove the directory of the module
 */
void dmx_debugfs_exit(void)
{
	debugfs_remove(root);
}

/**
 * dmx_debugfs_make_dir() - make a directory
 * @name: its name
 * @parent: where
 *
 * Return: the directory, or an error.
 */
struct dentry *dmx_debugfs_make_dir(const char *name, struct dentry *parent)
{
	int err = dmx_fault(DMAEXER_FAULT_OP_DEBUGFS);

	return err ? ERR_PTR(err) : debugfs_create_dir(name, parent);
}

/**
 * dmx_debugfs_dev_add() - show a device
 * @ddev: a device with a number
 *
 * As everywhere in debugfs, what cannot be shown is not an error.
 */
void dmx_debugfs_dev_add(struct dmx_device *ddev)
{
	ddev->dir = dmx_debugfs_make_dir(dmx_device_name(ddev), root);
	ddev->bufs_dir = dmx_debugfs_make_dir("buffers", ddev->dir);
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

/**
 * dmx_debugfs_buf_add() - show a buffer
 * @buf: a buffer with a number
 */
void dmx_debugfs_buf_add(struct dmx_buf *buf)
{
	char name[12];

	snprintf(name, sizeof(name), "%u", buf->id);
	buf->dir = dmx_debugfs_make_dir(name, buf->ddev->bufs_dir);
	debugfs_create_file_unsafe("info", 0400, buf->dir, buf,
				   &buf_info_fops);
	if (dmx_store_has_view(&buf->store))
		dmx_debugfs_data_add(buf);
	if (dmx_store_can_mmap(&buf->store))
		dmx_debugfs_mem_add(buf);
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
