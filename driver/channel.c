// SPDX-License-Identifier: GPL-2.0
/*
 * DMA engine channels as devices. DMA is allocated for the controller, which
 * stays with its driver; its name and its files are those of the channel.
 *
 * Nobody tells a client that its controller goes, but the bus does: a notifier
 * deletes the channels before the controller's driver is asked to let go.
 */

#include <linux/device.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "channel.h"
#include "owner.h"
#include "registry.h"
#include "sysfs.h"

struct channel {
	struct list_head list;
	struct dma_chan *chan;
	struct device *node;
};

/* The bus of @dev, watched from its first controller on. */
struct watch {
	struct list_head list;
	struct device *dev;
	struct notifier_block notifier;
};

static DEFINE_MUTEX(channels_lock); /* protects channels and closed */
static LIST_HEAD(channels);
static bool closed;
static DEFINE_MUTEX(watches_lock); /* protects watches */
static LIST_HEAD(watches);

static void channel_del(struct channel *channel)
{
	lockdep_assert_held(&channels_lock);
	list_del(&channel->list);
	device_remove_groups(channel->node, dmx_sysfs_groups);
	dmx_registry_dev_del(channel->node);
	put_device(channel->node);
	dma_release_channel(channel->chan);
	kfree(channel);
}

static int bus_event(struct notifier_block *nb, unsigned long event,
		     void *data)
{
	struct channel *channel;
	struct channel *next;

	if (event != BUS_NOTIFY_UNBIND_DRIVER)
		return NOTIFY_DONE;

	mutex_lock(&channels_lock);
	list_for_each_entry_safe(channel, next, &channels, list) {
		if (channel->chan->device->dev == data)
			channel_del(channel);
	}
	mutex_unlock(&channels_lock);
	return NOTIFY_DONE;
}

static int watch_bus_of(struct device *dev)
{
	struct watch *watch;
	int err;

	guard(mutex)(&watches_lock);
	list_for_each_entry(watch, &watches, list) {
		if (watch->dev->bus == dev->bus)
			return 0;
	}

	watch = kzalloc(sizeof(*watch), GFP_KERNEL);
	if (!watch)
		return -ENOMEM;
	watch->dev = dev;
	watch->notifier.notifier_call = bus_event;
	err = bus_register_notifier(dev->bus, &watch->notifier);
	if (err) {
		kfree(watch);
		return err;
	}
	get_device(dev);
	list_add(&watch->list, &watches);
	return 0;
}

static bool has_name(struct dma_chan *chan, void *name)
{
	return !strcmp(name, "any") || !strcmp(name, dma_chan_name(chan));
}

static int del_channel(struct dmx_device *ddev)
{
	struct channel *channel;

	guard(mutex)(&channels_lock);
	list_for_each_entry(channel, &channels, list) {
		if (channel->node == ddev->node) {
			channel_del(channel);
			return 0;
		}
	}
	return -ENODEV;
}

static int channel_add(struct channel *channel,
		       const struct dmx_owner_id *owner)
{
	const struct dmx_device_spec spec = {
		.dev = channel->chan->device->dev,
		.node = channel->node,
		.chan = channel->chan,
		.del = del_channel,
	};
	int err;

	guard(mutex)(&channels_lock);
	if (closed || !spec.dev->driver)
		return -ENODEV;

	err = dmx_registry_dev_add(&spec, owner);
	if (err)
		return err;

	err = device_add_groups(channel->node, dmx_sysfs_groups);
	if (err) {
		dmx_registry_dev_del(channel->node);
		return err;
	}
	list_add_tail(&channel->list, &channels);
	return 0;
}

/* While its lock is held, the controller keeps its driver. */
static int channel_add_bound(struct channel *channel,
			     const struct dmx_owner_id *owner)
{
	struct device *dev = channel->chan->device->dev;
	int err;

	err = watch_bus_of(dev);
	if (err)
		return err;

	device_lock(dev);
	err = channel_add(channel, owner);
	device_unlock(dev);
	return err;
}

static struct dma_chan *request_memcpy_chan(const char *name)
{
	dma_cap_mask_t caps;

	dma_cap_zero(caps);
	dma_cap_set(DMA_MEMCPY, caps);
	return dma_request_channel(caps, has_name, (void *)name);
}

/**
 * dmx_channel_new() - take a channel that copies memory
 * @name: name of the channel, or "any"
 * @owner: the socket it is released with, which the caller holds open
 *
 * Context: sleeps.
 * Return: the device that is its node, with a reference; -ENOENT where no
 * such channel is free; -ENODEV where the controller or the module goes;
 * -ENOMEM.
 */
struct device *dmx_channel_new(const char *name,
			       const struct dmx_owner_id *owner)
{
	struct channel *channel;
	struct device *node;
	int err;

	channel = kzalloc(sizeof(*channel), GFP_KERNEL);
	if (!channel)
		return ERR_PTR(-ENOMEM);

	err = -ENOENT;
	channel->chan = request_memcpy_chan(name);
	if (!channel->chan)
		goto free;

	/* one reference for the channel, one for the caller */
	node = get_device(&channel->chan->dev->device);
	channel->node = get_device(node);
	err = channel_add_bound(channel, owner);
	if (err)
		goto release;
	return node;

release:
	put_device(node);
	put_device(node);
	dma_release_channel(channel->chan);
free:
	kfree(channel);
	return ERR_PTR(err);
}

/**
 * dmx_channel_exit() - release all channels, and take no more
 */
void dmx_channel_exit(void)
{
	struct channel *channel;
	struct channel *next_channel;
	struct watch *watch;
	struct watch *next_watch;

	mutex_lock(&channels_lock);
	closed = true;
	list_for_each_entry_safe(channel, next_channel, &channels, list)
		channel_del(channel);
	mutex_unlock(&channels_lock);

	mutex_lock(&watches_lock);
	list_for_each_entry_safe(watch, next_watch, &watches, list) {
		bus_unregister_notifier(watch->dev->bus, &watch->notifier);
		put_device(watch->dev);
		list_del(&watch->list);
		kfree(watch);
	}
	mutex_unlock(&watches_lock);
}
