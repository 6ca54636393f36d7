// SPDX-License-Identifier: GPL-2.0
/* What is kept of buffers, as files; "unsafe" ones, as in debugfs.c. */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "debugfs_data.h"
#include "debugfs_postmortem.h"
#include "names.h"
#include "perm.h"
#include "postmortem.h"

static struct dentry *postmortems;

static int info_show(struct seq_file *m, void *unused)
{
	const struct dmx_postmortem *pm = m->private;

	if (READ_ONCE(pm->gone))
		return -EIO;

	seq_printf(m, "id: %u\n", pm->id);
	seq_printf(m, "dev-id: %u\n", pm->dev_id);
	seq_printf(m, "dev-name: %s\n", pm->dev_name);
	seq_printf(m, "kind: %s\n", dmx_kind_name(pm->kind));
	seq_puts(m, "label: ");
	seq_puts(m, pm->label);
	seq_putc(m, '\n');
	seq_printf(m, "elem-size: %zu\n", pm->elem_size);
	seq_printf(m, "count: %zu\n", pm->count);
	seq_printf(m, "size: %zu\n", pm->size);
	dmx_debugfs_show_attrs(m, "attrs", pm->attrs);
	seq_printf(m, "gfp: %s\n", dmx_gfp_name(pm->gfp));
	dmx_debugfs_show_traits(m, pm->kind, &pm->traits);
	if (pm->shows_addr)
		seq_printf(m, "dma-addr: %#llx\n", pm->dma_addr);
	if (pm->lost)
		seq_printf(m, "lost: %s\n", pm->lost);
	dmx_debugfs_show_audit(m, &pm->audit);
	return 0;
}

static int info_open(struct inode *inode, struct file *file)
{
	struct dmx_postmortem *pm = inode->i_private;
	int err;

	err = dmx_perm_check() ?: single_open(file, info_show, pm);
	if (!err)
		dmx_postmortem_get(pm);
	return err;
}

static int info_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct dmx_postmortem *pm = m->private;

	single_release(inode, file);
	dmx_postmortem_put(pm);
	return 0;
}

static const struct file_operations info_fops = {
	.owner		= THIS_MODULE,
	.open		= info_open,
	.release	= info_release,
	.llseek		= seq_lseek,
	.read		= seq_read,
};

static int data_open(struct inode *inode, struct file *file)
{
	struct dmx_postmortem *pm = inode->i_private;

	/* root passes the mode of the file by */
	if (file->f_mode & FMODE_WRITE || dmx_perm_check())
		return -EPERM;

	dmx_postmortem_get(pm);
	file->private_data = pm;
	dmx_debugfs_set_size(file_inode(file), pm->size);
	return 0;
}

static int data_release(struct inode *inode, struct file *file)
{
	struct dmx_postmortem *pm = file->private_data;

	dmx_debugfs_set_size(file_inode(file), pm->size);
	dmx_postmortem_put(pm);
	return 0;
}

static loff_t data_llseek(struct file *file, loff_t offset, int whence)
{
	struct dmx_postmortem *pm = file->private_data;

	return fixed_size_llseek(file, offset, whence, pm->size);
}

/* Copy with page faults off, so that the lock waits for nobody. */
static size_t to_user(struct dmx_postmortem *pm, size_t pos, char __user *to,
		      size_t len)
{
	size_t left;

	lockdep_assert_held_read(&pm->lock);
	pagefault_disable();
	left = __copy_to_user_inatomic(to, pm->contents + pos, len);
	pagefault_enable();
	return left;
}

static int copy_out(void *object, size_t pos, char __user *to, size_t len,
		    size_t *left)
{
	struct dmx_postmortem *pm = object;
	int err = -EIO;

	down_read(&pm->lock);
	if (!pm->gone) {
		*left = to_user(pm, pos, to, len);
		err = 0;
	}
	up_read(&pm->lock);
	return err;
}

static ssize_t data_read(struct file *file, char __user *to, size_t len,
			 loff_t *ppos)
{
	struct dmx_postmortem *pm = file->private_data;
	const struct dmx_contents contents = {
		.size = pm->size,
		.gone = READ_ONCE(pm->gone),
		.copy_out = copy_out,
		.object = pm,
	};

	return dmx_debugfs_read(&contents, to, len, ppos);
}

static const struct file_operations data_fops = {
	.owner		= THIS_MODULE,
	.open		= data_open,
	.release	= data_release,
	.llseek		= data_llseek,
	.read		= data_read,
};

/**
 * dmx_debugfs_postmortem_init() - make the directory
 * @root: directory of the module, with which it is removed
 */
void dmx_debugfs_postmortem_init(struct dentry *root)
{
	postmortems = debugfs_create_dir(DMX_DEBUGFS_POSTMORTEM, root);
}

static void add_data(struct dmx_postmortem *pm)
{
	struct dentry *data;

	data = debugfs_create_file_unsafe("data", 0400, pm->dir, pm,
					  &data_fops);
	if (!IS_ERR(data))
		dmx_debugfs_set_size(d_inode(data), pm->size);
}

/**
 * dmx_debugfs_postmortem_add() - show what is kept of a buffer
 * @pm: what is kept
 */
void dmx_debugfs_postmortem_add(struct dmx_postmortem *pm)
{
	char name[12];

	snprintf(name, sizeof(name), "%u", pm->id);
	pm->dir = dmx_debugfs_make_dir(name, postmortems);
	debugfs_create_file_unsafe("info", 0400, pm->dir, pm, &info_fops);
	if (pm->contents)
		add_data(pm);
}

/**
 * dmx_debugfs_postmortem_del() - no longer show what is kept of a buffer
 * @pm: what was kept
 *
 * Context: waits for opens under way, not for readers.
 */
void dmx_debugfs_postmortem_del(struct dmx_postmortem *pm)
{
	debugfs_remove(pm->dir);
}
