/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_PROTECT_H
#define _DMX_PROTECT_H

#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

struct dmx_device;

/**
 * struct dmx_protect - whether something stops a device
 * @outcome: what came of its write
 * @reason: why nothing was run, of static storage
 * @addr: DMA address of the write
 * @window_ns: longest time after the end of a mapping that a write landed
 * @stopped_ns: shortest time after it that one was stopped, U64_MAX for none
 */
struct dmx_protect {
	enum dmaexer_outcome outcome;
	const char *reason;
	dma_addr_t addr;
	u64 window_ns;
	u64 stopped_ns;
};

int dmx_protect_run(struct dmx_device *chan, enum dmaexer_protect_case what,
		    struct dmx_protect *protect);

#endif
