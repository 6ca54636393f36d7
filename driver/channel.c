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
#include "fault.h"
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

static DEFINE_MUTEX(channels_lock); /* protects channels, writes of closed */
static LIST_HEAD(channels);
static bool closed = true;
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
	/* whoever closes takes the lock after that, and ends what is watched */
	if (READ_ONCE(closed))
		return -ENODEV;
	list_for_each_entry(watch, &watches, list) {
		if (watch->dev->bus == dev->bus)
			return 0;
	}

	watch = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		kzalloc(sizeof(*watch), GFP_KERNEL);
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
	if (closed)
		return -ENODEV;

	err = dmx_registry_dev_add(&spec, owner);
	if (err)
		return err;

	err = dmx_fault(DMAEXER_FAULT_OP_SYSFS) ?:
	      device_add_groups(channel->node, dmx_sysfs_groups);
	if (err) {
		dmx_registry_dev_del(channel->node);
		return err;
	}
	list_add_tail(&channel->list, &channels);
	return 0;
}

/*
 * The channels of a controller that goes are freed, while dmaengine still hands
 * them out, and its clients find out too late. So controllers are looked up
 * first; what is requested is requested while one is locked, and has a driver
 * that it keeps.
 */
struct controller {
	struct list_head list;
	struct device *dev;
};

struct controllers {
	struct list_head list;
	bool incomplete;
};

/* Called with the lock of dmaengine held. Takes nothing. */
static bool note_controller(struct dma_chan *chan, void *data)
{
	struct controllers *controllers = data;
	struct controller *controller;

	/* what has lost its channels may have lost its device too */
	if (!chan->device->chancnt)
		return false;
	list_for_each_entry(controller, &controllers->list, list) {
		if (controller->dev == chan->device->dev)
			return false;
	}

	controller = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		     kzalloc(sizeof(*controller), GFP_KERNEL);
	if (!controller) {
		controllers->incomplete = true;
		return false;
	}
	controller->dev = get_device(chan->device->dev);
	list_add_tail(&controller->list, &controllers->list);
	return false;
}

struct wanted {
	struct device *dev;
	const char *name;
};

/* One that cannot would go on writing to memory that its buffers have freed. */
static bool can_be_stopped(const struct dma_chan *chan)
{
	return chan->device->device_terminate_all;
}

static bool is_wanted(struct dma_chan *chan, void *data)
{
	const struct wanted *wanted = data;

	if (chan->device->dev != wanted->dev || !chan->device->chancnt)
		return false;
	return strcmp(wanted->name, "any") ?
	       !strcmp(wanted->name, dma_chan_name(chan)) :
	       can_be_stopped(chan);
}

static struct dma_chan *request_memcpy_chan(dma_filter_fn filter, void *data)
{
	dma_cap_mask_t caps;

	dma_cap_zero(caps);
	dma_cap_set(DMA_MEMCPY, caps);
	return dma_request_channel(caps, filter, data);
}

static struct device *channel_take(struct device *dev, const char *name,
				   const struct dmx_owner_id *owner)
{
	struct wanted wanted = { .dev = dev, .name = name };
	struct channel *channel;
	struct device *node;
	int err;

	device_lock_assert(dev);
	if (!dev->driver)
		return ERR_PTR(-ENOENT);
	channel = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
		  kzalloc(sizeof(*channel), GFP_KERNEL);
	if (!channel)
		return ERR_PTR(-ENOMEM);

	err = -ENOENT;
	channel->chan = dmx_fault(DMAEXER_FAULT_OP_CHANNEL) ? NULL :
			request_memcpy_chan(is_wanted, &wanted);
	if (!channel->chan)
		goto free;
	err = -EOPNOTSUPP;
	if (!can_be_stopped(channel->chan))
		goto release_chan;

	/* one reference for the channel, one for the caller */
	node = get_device(&channel->chan->dev->device);
	channel->node = get_device(node);
	err = channel_add(channel, owner);
	if (err)
		goto release;
	return node;

release:
	put_device(node);
	put_device(node);
release_chan:
	dma_release_channel(channel->chan);
free:
	kfree(channel);
	return ERR_PTR(err);
}

static struct device *channel_take_of(struct device *dev, const char *name,
				      const struct dmx_owner_id *owner)
{
	struct device *node;
	int err;

	err = watch_bus_of(dev);
	if (err)
		return ERR_PTR(err);

	device_lock(dev);
	node = channel_take(dev, name, owner);
	device_unlock(dev);
	return node;
}

/**
 * dmx_channel_new() - take a channel that copies memory
 * @name: name of the channel, or "any"
 * @owner: the socket it is released with, which the caller holds open
 *
 * Context: sleeps.
 * Return: the device that is its node, with a reference; -ENOENT where no
 * such channel is free; -EOPNOTSUPP where its driver cannot stop it; -ENODEV
 * where the module comes or goes; -ENOMEM.
 */
struct device *dmx_channel_new(const char *name,
			       const struct dmx_owner_id *owner)
{
	struct device *node = ERR_PTR(-ENOENT);
	struct controller *controller;
	struct controller *next;
	struct controllers controllers = {
		.list = LIST_HEAD_INIT(controllers.list),
	};

	request_memcpy_chan(note_controller, &controllers);
	list_for_each_entry_safe(controller, next, &controllers.list, list) {
		if (PTR_ERR_OR_ZERO(node) == -ENOENT)
			node = channel_take_of(controller->dev, name, owner);
		put_device(controller->dev);
		kfree(controller);
	}
	if (controllers.incomplete && PTR_ERR_OR_ZERO(node) == -ENOENT)
		node = ERR_PTR(-ENOMEM);
	return node;
}

/**
 * dmx_channel_init() - channels may be taken
 */
void dmx_channel_init(void)
{
	guard(mutex)(&channels_lock);
	WRITE_ONCE(closed, false);
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
	WRITE_ONCE(closed, true);
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
