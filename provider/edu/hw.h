/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _EDU_HW_H
#define _EDU_HW_H

#include <linux/types.h>

struct pci_dev;

/*
 * The device's own buffer has 4 KiB, but QEMU 7.2 aborts on a transfer that
 * reaches the last byte of it.
 */
#define EDU_STEP_MAX	2048

/**
 * struct edu_hw - the registers of an edu device
 * @pdev: the device
 * @regs: BAR 0
 * @masterless: bus mastering is off: a step under way moves nothing
 */
struct edu_hw {
	struct pci_dev *pdev;
	void __iomem *regs;
	bool masterless;
};

int edu_hw_init(struct edu_hw *hw, struct pci_dev *pdev, void __iomem *regs);
void edu_hw_fetch(struct edu_hw *hw, dma_addr_t src, size_t size);
void edu_hw_store(struct edu_hw *hw, dma_addr_t dst, size_t size);
bool edu_hw_busy(struct edu_hw *hw);
u32 edu_hw_ack(struct edu_hw *hw);
void edu_hw_set_master(struct edu_hw *hw);
void edu_hw_clear_master(struct edu_hw *hw);

#endif
