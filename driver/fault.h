/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_FAULT_H
#define _DMX_FAULT_H

#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

struct dmx_owner_id;

/* faults that can be set at a time */
#define DMX_FAULTS_MAX	256

/**
 * struct dmx_fault - a fault as it is set
 * @op: kind of the points that fail
 * @nth: which one fails, from 1; 0 for a fault that was taken away
 * @times: how many fail in a row from there on, 0 for all
 * @error: what they fail with, a positive errno; 0 for the first error of each
 * @portid: netlink port of the socket it dies with, 0 for none
 * @passed: points that were come by
 * @failed: how many of them failed
 * @last: kind of the one that failed last
 */
struct dmx_fault {
	enum dmaexer_fault_op op;
	u32 nth;
	u32 times;
	u32 error;
	u32 portid;
	u64 passed;
	u64 failed;
	enum dmaexer_fault_op last;
};

int dmx_fault(enum dmaexer_fault_op op);

bool dmx_fault_can(enum dmaexer_fault_op op, u32 error);
int dmx_fault_set(struct dmx_fault *fault, const struct dmx_owner_id *owner);
int dmx_fault_clear(struct dmx_fault *fault, const struct dmx_owner_id *owner);
int dmx_fault_get(struct dmx_fault *fault, const struct dmx_owner_id *owner);
bool dmx_fault_next(unsigned long *cursor, struct dmx_fault *fault);
void dmx_fault_owner_gone(u32 portid);
void dmx_fault_exit(void);

#endif
