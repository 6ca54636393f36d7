// SPDX-License-Identifier: GPL-2.0
/* QEMU's edu device (1234:11e8) as a DMA controller: binding, unbinding. */

#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "chan.h"
#include "hw.h"

#define EDU_VENDOR	0x1234
#define EDU_DEVICE	0x11e8

static uint dma_bits = 28;
module_param(dma_bits, uint, 0444);
MODULE_PARM_DESC(dma_bits,
		 "width of DMA addresses; the device cuts what is beyond its own, which is 28 (default) or that of QEMU's -device edu,dma_mask=");

/* Frees a controller when its last client has left, which may be long after. */
static struct workqueue_struct *edu_wq;

static int set_mask(struct device *dev)
{
	int err;

	if (!dma_bits || dma_bits > BITS_PER_LONG)
		return dev_err_probe(dev, -EINVAL, "dma_bits=%u\n", dma_bits);
	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(dma_bits));
	if (err)
		return dev_err_probe(dev, err, "no mask of %u bits\n",
				     dma_bits);
	return 0;
}

static int init_hw(struct edu_hw *hw, struct pci_dev *pdev)
{
	struct device *dev = &pdev->dev;
	int err;

	err = pcim_enable_device(pdev);
	if (err)
		return dev_err_probe(dev, err, "cannot enable the device\n");
	err = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (err)
		return dev_err_probe(dev, err, "cannot map BAR 0\n");
	err = set_mask(dev);
	if (err)
		return err;
	err = edu_hw_init(hw, pdev, pcim_iomap_table(pdev)[0]);
	if (err)
		return dev_err_probe(dev, err, "no idle edu device\n");
	return 0;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct device *dev = &pdev->dev;
	struct edu_chan *echan;
	struct edu_hw hw;
	int err;

	err = init_hw(&hw, pdev);
	if (err)
		return err;
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (err < 0)
		return dev_err_probe(dev, err, "no interrupt\n");

	echan = edu_chan_new(&hw, edu_wq);
	if (!echan) {
		err = -ENOMEM;
		goto free_vectors;
	}

	/* Without message-signalled interrupts, the line may be shared. */
	err = request_irq(pci_irq_vector(pdev, 0), edu_chan_irq, IRQF_SHARED,
			  KBUILD_MODNAME, echan);
	if (err) {
		dev_err_probe(dev, err, "cannot request the interrupt\n");
		goto put_chan;
	}

	err = edu_chan_register(echan);
	if (err) {
		dev_err_probe(dev, err, "cannot register the controller\n");
		goto free_irq;
	}
	pci_set_drvdata(pdev, echan);
	return 0;

free_irq:
	free_irq(pci_irq_vector(pdev, 0), echan);
put_chan:
	edu_chan_put(echan);
free_vectors:
	pci_free_irq_vectors(pdev);
	return err;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu_chan *echan = pci_get_drvdata(pdev);

	edu_chan_stop(echan);
	free_irq(pci_irq_vector(pdev, 0), echan);
	edu_chan_unregister(echan);
	pci_free_irq_vectors(pdev);
}

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(EDU_VENDOR, EDU_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name		= KBUILD_MODNAME,
	.id_table	= edu_ids,
	.probe		= edu_probe,
	.remove		= edu_remove,
};

static int __init edu_init(void)
{
	int err;

	edu_wq = alloc_workqueue(KBUILD_MODNAME, 0, 0);
	if (!edu_wq)
		return -ENOMEM;
	err = pci_register_driver(&edu_driver);
	if (err)
		destroy_workqueue(edu_wq);
	return err;
}
module_init(edu_init);

static void __exit edu_exit(void)
{
	pci_unregister_driver(&edu_driver);
	destroy_workqueue(edu_wq);
}
module_exit(edu_exit);

MODULE_AUTHOR("The dmaexer developers");
MODULE_DESCRIPTION("QEMU's edu device as a DMA controller");
MODULE_LICENSE("GPL");
