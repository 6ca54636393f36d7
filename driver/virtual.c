// SPDX-License-Identifier: GPL-2.0
/* Platform devices that exist only to be exercised. */

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "fault.h"
#include "owner.h"
#include "virtual.h"

struct vdev {
	struct list_head node;
	struct platform_device *pdev;
	int id;
};

/* What a device carries until it is bound, and brings back. */
struct vdev_data {
	struct dmx_owner_id owner;
	int err;
};

static DEFINE_MUTEX(vdevs_lock); /* protects vdevs and closed */
static LIST_HEAD(vdevs);
static bool closed = true;
static DEFINE_IDA(vdev_ids);

/*
 * The kernel makes nothing of it that there is no memory for a name, and then
 * finds that a device without one is invalid. Nothing else of these can be.
 */
static int register_error(int err)
{
	return err == -EINVAL ? -ENOMEM : err;
}

/* The driver binds the device, and asks for its owner, before this returns. */
static int vdev_register(struct vdev *vdev, const struct dmx_owner_id *owner)
{
	const struct vdev_data data = { .owner = *owner };
	struct platform_device_info info = {
		.name = "dmaexer",
		.id = vdev->id,
		.data = &data,
		.size_data = sizeof(data),
		.dma_mask = DMA_BIT_MASK(32),
	};
	struct vdev_data *copy;
	int err;

	err = dmx_fault(DMAEXER_FAULT_OP_REGISTER);
	vdev->pdev = err ? ERR_PTR(err) : platform_device_register_full(&info);
	if (IS_ERR(vdev->pdev))
		return register_error(PTR_ERR(vdev->pdev));

	/* whoever binds it again later does so without the socket */
	copy = dev_get_platdata(&vdev->pdev->dev);
	WRITE_ONCE(copy->owner.sk, NULL);
	err = copy->err;
	if (err)
		platform_device_unregister(vdev->pdev);
	return err;
}

/**
 * dmx_virtual_new() - make a device and let a driver bind it
 * @owner: the socket it dies with, which the caller holds open
 *
 * Context: sleeps.
 * Return: the device, with a reference; -ENOSPC where there are
 * DMX_VIRTUAL_MAX; -ENODEV where the module comes or goes; -ENOMEM; or the
 * error of the driver that was to bind it.
 */
struct device *dmx_virtual_new(const struct dmx_owner_id *owner)
{
	struct vdev *vdev;
	int err;

	vdev = dmx_fault(DMAEXER_FAULT_OP_MEMORY) ? NULL :
	       kzalloc(sizeof(*vdev), GFP_KERNEL_ACCOUNT);
	if (!vdev)
		return ERR_PTR(-ENOMEM);

	mutex_lock(&vdevs_lock);
	err = closed ? -ENODEV : dmx_fault(DMAEXER_FAULT_OP_NUMBER);
	if (!err)
		err = ida_alloc_max(&vdev_ids, DMX_VIRTUAL_MAX - 1,
				    GFP_KERNEL);
	if (err < 0)
		goto unlock;
	vdev->id = err;

	err = vdev_register(vdev, owner);
	if (err)
		goto free_id;
	list_add_tail(&vdev->node, &vdevs);
	get_device(&vdev->pdev->dev);
	mutex_unlock(&vdevs_lock);
	return &vdev->pdev->dev;

free_id:
	ida_free(&vdev_ids, vdev->id);
unlock:
	mutex_unlock(&vdevs_lock);
	kfree(vdev);
	return ERR_PTR(err);
}

static struct vdev *vdev_find(struct device *dev)
{
	struct vdev *vdev;

	lockdep_assert_held(&vdevs_lock);
	list_for_each_entry(vdev, &vdevs, node) {
		if (&vdev->pdev->dev == dev)
			return vdev;
	}
	return NULL;
}

static void vdev_unregister(struct vdev *vdev)
{
	platform_device_unregister(vdev->pdev);
	ida_free(&vdev_ids, vdev->id);
	kfree(vdev);
}

/**
 * dmx_virtual_del() - delete a device
 * @dev: a device
 *
 * Context: sleeps until it is unbound.
 * Return: 0, or -ENODEV where somebody else deletes it.
 */
int dmx_virtual_del(struct device *dev)
{
	struct vdev *vdev;

	mutex_lock(&vdevs_lock);
	vdev = vdev_find(dev);
	if (vdev)
		list_del(&vdev->node);
	mutex_unlock(&vdevs_lock);

	if (!vdev)
		return -ENODEV;
	vdev_unregister(vdev);
	return 0;
}

/**
 * dmx_virtual_has() - whether a device is virtual
 * @dev: a device
 *
 * Return: true where it was made here.
 */
bool dmx_virtual_has(struct device *dev)
{
	/* Not the list: a device is bound before it is entered there. */
	return dev->bus == &platform_bus_type && !dev->of_node &&
	       dev_get_platdata(dev) &&
	       !strcmp(to_platform_device(dev)->name, "dmaexer");
}

/**
 * dmx_virtual_owner() - the socket that a device is to die with
 * @dev: any device that is being bound
 * @owner: where it goes; none for a device that is not virtual
 */
void dmx_virtual_owner(struct device *dev, struct dmx_owner_id *owner)
{
	const struct vdev_data *data = dev_get_platdata(dev);

	owner->sk = dmx_virtual_has(dev) ? READ_ONCE(data->owner.sk) : NULL;
	owner->portid = owner->sk ? data->owner.portid : 0;
}

/**
 * dmx_virtual_failed() - tell who makes a device that it cannot be bound
 * @dev: any device that is being bound
 * @err: why
 */
void dmx_virtual_failed(struct device *dev, int err)
{
	struct vdev_data *data = dev_get_platdata(dev);

	if (dmx_virtual_has(dev))
		data->err = err;
}

/**
 * dmx_virtual_init() - devices may be made
 */
void dmx_virtual_init(void)
{
	guard(mutex)(&vdevs_lock);
	closed = false;
}

/**
 * dmx_virtual_exit() - delete all devices, and make no more
 */
void dmx_virtual_exit(void)
{
	struct vdev *vdev;

	mutex_lock(&vdevs_lock);
	closed = true;
	while (!list_empty(&vdevs)) {
		vdev = list_first_entry(&vdevs, struct vdev, node);
		list_del(&vdev->node);
		mutex_unlock(&vdevs_lock);
		vdev_unregister(vdev);
		mutex_lock(&vdevs_lock);
	}
	mutex_unlock(&vdevs_lock);
}
