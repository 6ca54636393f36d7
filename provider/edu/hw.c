// SPDX-License-Identifier: GPL-2.0
/* The registers of an edu device, as QEMU's docs/specs/edu.rst has them. */

#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>
#include <linux/pci.h>

#include "hw.h"

#define EDU_ID			0x00
#define EDU_ID_MASK		0xff
#define EDU_ID_VALUE		0xed
#define EDU_IRQ_STATUS		0x24
#define EDU_IRQ_ACK		0x64

/*
 * 64 bits wide each; a write of 32 bits sets all of a register, and one to its
 * upper half nothing.
 */
#define EDU_DMA_SRC		0x80
#define EDU_DMA_DST		0x88
#define EDU_DMA_COUNT		0x90
#define EDU_DMA_CMD		0x98
#define EDU_DMA_CMD_START	BIT(0)
#define EDU_DMA_CMD_TO_RAM	BIT(1)
#define EDU_DMA_CMD_IRQ		BIT(2)

/* where the DMA controller sees the device's own buffer */
#define EDU_BUFFER		0x40000

#define EDU_IDLE_US		(1 * USEC_PER_SEC)

/**
 * edu_hw_init() - check that this is an edu device, and wait until it is idle
 * @hw: filled in
 * @pdev: enabled, not yet a bus master
 * @regs: its BAR 0
 *
 * Context: may sleep, for a second at most.
 * Return: 0, -ENODEV where there is something else, or -ETIMEDOUT where a
 * transfer of a former driver does not end.
 */
int edu_hw_init(struct edu_hw *hw, struct pci_dev *pdev, void __iomem *regs)
{
	u32 cmd;
	int err;

	hw->pdev = pdev;
	hw->regs = regs;
	hw->masterless = true;
	if ((readl(regs + EDU_ID) & EDU_ID_MASK) != EDU_ID_VALUE)
		return -ENODEV;

	err = readl_poll_timeout(regs + EDU_DMA_CMD, cmd,
				 !(cmd & EDU_DMA_CMD_START), 1000,
				 EDU_IDLE_US);
	if (err)
		return err;

	edu_hw_ack(hw);
	return 0;
}

static void start(struct edu_hw *hw, u64 src, u64 dst, size_t size, u32 dir)
{
	writeq(src, hw->regs + EDU_DMA_SRC);
	writeq(dst, hw->regs + EDU_DMA_DST);
	writel(size, hw->regs + EDU_DMA_COUNT);
	writel(EDU_DMA_CMD_START | EDU_DMA_CMD_IRQ | dir,
	       hw->regs + EDU_DMA_CMD);
}

/**
 * edu_hw_fetch() - start to copy from RAM to the device's own buffer
 * @hw: the device, idle
 * @src: DMA address, within the device's mask, which cuts what is beyond
 * @size: bytes, up to EDU_STEP_MAX
 */
void edu_hw_fetch(struct edu_hw *hw, dma_addr_t src, size_t size)
{
	start(hw, src, EDU_BUFFER, size, 0);
}

/**
 * edu_hw_store() - start to copy from the device's own buffer to RAM
 * @hw: the device, idle
 * @dst: DMA address, within the device's mask, which cuts what is beyond
 * @size: bytes, up to EDU_STEP_MAX
 */
void edu_hw_store(struct edu_hw *hw, dma_addr_t dst, size_t size)
{
	start(hw, EDU_BUFFER, dst, size, EDU_DMA_CMD_TO_RAM);
}

/**
 * edu_hw_busy() - ask whether a transfer is under way
 * @hw: the device
 *
 * Return: true while the memory of a transfer may be accessed.
 */
bool edu_hw_busy(struct edu_hw *hw)
{
	return readl(hw->regs + EDU_DMA_CMD) & EDU_DMA_CMD_START;
}

/**
 * edu_hw_ack() - acknowledge all interrupts
 * @hw: the device
 *
 * Return: what was pending; 0 if the interrupt was somebody else's.
 */
u32 edu_hw_ack(struct edu_hw *hw)
{
	u32 status = readl(hw->regs + EDU_IRQ_STATUS);

	if (PCI_POSSIBLE_ERROR(status))
		return 0;
	if (status)
		writel(status, hw->regs + EDU_IRQ_ACK);
	return status;
}

/**
 * edu_hw_set_master() - let the device access memory
 * @hw: the device
 */
void edu_hw_set_master(struct edu_hw *hw)
{
	pci_set_master(hw->pdev);
	hw->masterless = false;
}

/**
 * edu_hw_clear_master() - keep the device from memory
 * @hw: the device
 *
 * There is no way to stop a transfer. One that is under way goes on until its
 * time is up, but moves nothing, and signals nothing if by MSI.
 */
void edu_hw_clear_master(struct edu_hw *hw)
{
	pci_clear_master(hw->pdev);
	hw->masterless = true;
}
