// SPDX-License-Identifier: GPL-2.0
/* Who frees an object stops the jobs that need it, and waits for them. */

#include <linux/sched.h>

#include "pins.h"

/**
 * dmx_pins_init() - no jobs yet
 * @pins: pins of a new object
 */
void dmx_pins_init(struct dmx_pins *pins)
{
	spin_lock_init(&pins->lock);
	INIT_LIST_HEAD(&pins->list);
	pins->closed = false;
	init_waitqueue_head(&pins->empty);
}

/**
 * dmx_pins_add() - keep an object for a job
 * @pins: pins of the object
 * @pin: the job
 *
 * Return: true, and then dmx_pins_del() follows; false where the object goes.
 */
bool dmx_pins_add(struct dmx_pins *pins, struct dmx_pin *pin)
{
	bool open;

	spin_lock(&pins->lock);
	open = !pins->closed;
	if (open)
		list_add_tail(&pin->node, &pins->list);
	spin_unlock(&pins->lock);

	return open;
}

/**
 * dmx_pins_del() - the job has ended
 * @pins: pins of the object, which may be freed from now on
 * @pin: the job
 */
void dmx_pins_del(struct dmx_pins *pins, struct dmx_pin *pin)
{
	spin_lock(&pins->lock);
	list_del(&pin->node);
	/* Under the lock, for who waits frees the queue that he waits in. */
	if (list_empty(&pins->list))
		wake_up(&pins->empty);
	spin_unlock(&pins->lock);
}

static bool is_empty(struct dmx_pins *pins)
{
	bool empty;

	spin_lock(&pins->lock);
	empty = list_empty(&pins->list);
	spin_unlock(&pins->lock);

	return empty;
}

/**
 * dmx_pins_close() - end all jobs, and begin no more
 * @pins: pins of an object that goes
 *
 * Context: sleeps until the last job has ended.
 */
void dmx_pins_close(struct dmx_pins *pins)
{
	struct dmx_pin *pin;

	spin_lock(&pins->lock);
	pins->closed = true;
	list_for_each_entry(pin, &pins->list, node)
		pin->cancel(pin->job);
	spin_unlock(&pins->lock);

	wait_event(pins->empty, is_empty(pins));
}
