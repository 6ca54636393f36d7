// SPDX-License-Identifier: GPL-2.0
/* Masks, limits, quota and live counters of a device, one value a file. */

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "device.h"
#include "perm.h"
#include "sysfs.h"

static ssize_t dma_mask_show(struct device *dev, struct device_attribute *attr,
			     char *page)
{
	struct dmx_device *ddev = dev_get_drvdata(dev);

	return sysfs_emit(page, "%#llx\n", dmx_device_mask(ddev->dev));
}
static DEVICE_ATTR_RO(dma_mask);

static ssize_t coherent_dma_mask_show(struct device *dev,
				      struct device_attribute *attr,
				      char *page)
{
	struct dmx_device *ddev = dev_get_drvdata(dev);

	return sysfs_emit(page, "%#llx\n", ddev->dev->coherent_dma_mask);
}
static DEVICE_ATTR_RO(coherent_dma_mask);

static ssize_t max_seg_size_show(struct device *dev,
				 struct device_attribute *attr, char *page)
{
	struct dmx_device *ddev = dev_get_drvdata(dev);

	return sysfs_emit(page, "%u\n", dma_get_max_seg_size(ddev->dev));
}
static DEVICE_ATTR_RO(max_seg_size);

static ssize_t quota_bytes_show(struct device *dev,
				struct device_attribute *attr, char *page)
{
	struct dmx_usage usage;

	dmx_device_usage(dev_get_drvdata(dev), &usage);
	return sysfs_emit(page, "%llu\n", usage.quota_bytes);
}

static ssize_t quota_bytes_store(struct device *dev,
				 struct device_attribute *attr,
				 const char *text, size_t len)
{
	u64 bytes;
	int err;

	err = dmx_perm_check() ?: kstrtou64(text, 0, &bytes);
	if (err)
		return err;

	dmx_device_set_quota_bytes(dev_get_drvdata(dev), bytes);
	return len;
}
static DEVICE_ATTR_RW(quota_bytes);

static ssize_t quota_bufs_show(struct device *dev,
			       struct device_attribute *attr, char *page)
{
	struct dmx_usage usage;

	dmx_device_usage(dev_get_drvdata(dev), &usage);
	return sysfs_emit(page, "%u\n", usage.quota_bufs);
}

static ssize_t quota_bufs_store(struct device *dev,
				struct device_attribute *attr,
				const char *text, size_t len)
{
	u32 bufs;
	int err;

	err = dmx_perm_check() ?: kstrtou32(text, 0, &bufs);
	if (err)
		return err;

	dmx_device_set_quota_bufs(dev_get_drvdata(dev), bufs);
	return len;
}
static DEVICE_ATTR_RW(quota_bufs);

static ssize_t live_bytes_show(struct device *dev,
			       struct device_attribute *attr, char *page)
{
	struct dmx_usage usage;

	dmx_device_usage(dev_get_drvdata(dev), &usage);
	return sysfs_emit(page, "%llu\n", usage.live_bytes);
}
static DEVICE_ATTR_RO(live_bytes);

static ssize_t live_bufs_show(struct device *dev,
			      struct device_attribute *attr, char *page)
{
	struct dmx_usage usage;

	dmx_device_usage(dev_get_drvdata(dev), &usage);
	return sysfs_emit(page, "%u\n", usage.live_bufs);
}
static DEVICE_ATTR_RO(live_bufs);

static ssize_t total_bufs_show(struct device *dev,
			       struct device_attribute *attr, char *page)
{
	struct dmx_usage usage;

	dmx_device_usage(dev_get_drvdata(dev), &usage);
	return sysfs_emit(page, "%llu\n", usage.total_bufs);
}
static DEVICE_ATTR_RO(total_bufs);

static ssize_t violations_show(struct device *dev,
			       struct device_attribute *attr, char *page)
{
	struct dmx_usage usage;

	dmx_device_usage(dev_get_drvdata(dev), &usage);
	return sysfs_emit(page, "%llu\n", usage.violations);
}
static DEVICE_ATTR_RO(violations);

static struct attribute *sysfs_attrs[] = {
	&dev_attr_dma_mask.attr,
	&dev_attr_coherent_dma_mask.attr,
	&dev_attr_max_seg_size.attr,
	&dev_attr_quota_bytes.attr,
	&dev_attr_quota_bufs.attr,
	&dev_attr_live_bytes.attr,
	&dev_attr_live_bufs.attr,
	&dev_attr_total_bufs.attr,
	&dev_attr_violations.attr,
	NULL
};

static const struct attribute_group sysfs_group = {
	.name = "dmaexer",
	.attrs = sysfs_attrs,
};

const struct attribute_group *dmx_sysfs_groups[] = {
	&sysfs_group,
	NULL
};
