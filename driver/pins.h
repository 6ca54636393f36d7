/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_PINS_H
#define _DMX_PINS_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

/**
 * struct dmx_pins - jobs that need an object to stay
 * @lock: protects all below
 * @list: the jobs
 * @closed: no more jobs
 * @empty: woken when the last job goes
 */
struct dmx_pins {
	spinlock_t lock; /* protects list and closed */
	struct list_head list;
	bool closed;
	wait_queue_head_t empty;
};

/**
 * struct dmx_pin - a job that needs an object to stay
 * @node: in the list of the object
 * @cancel: makes the job end soon; does not sleep
 * @job: for @cancel
 */
struct dmx_pin {
	struct list_head node;
	void (*cancel)(void *job);
	void *job;
};

void dmx_pins_init(struct dmx_pins *pins);
bool dmx_pins_add(struct dmx_pins *pins, struct dmx_pin *pin);
void dmx_pins_del(struct dmx_pins *pins, struct dmx_pin *pin);
void dmx_pins_close(struct dmx_pins *pins);

#endif
