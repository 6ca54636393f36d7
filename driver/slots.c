// SPDX-License-Identifier: GPL-2.0
/* How many buffers there may be, of all devices and of those that are gone. */

#include <linux/atomic.h>

#include "slots.h"

static atomic_t taken;
static u32 slots;

/**
 * dmx_slots_set_max() - set how many there are
 * @max: most buffers of all devices together, with what is kept of others
 *
 * Context: there is no device.
 */
void dmx_slots_set_max(u32 max)
{
	slots = max;
}

/**
 * dmx_slots_max() - how many there are
 *
 * Return: most buffers of all devices together, with what is kept of others.
 */
u32 dmx_slots_max(void)
{
	return slots;
}

/**
 * dmx_slot_take() - take one for a buffer to come
 *
 * Return: true, and then dmx_slot_give() follows; false where none is left.
 */
bool dmx_slot_take(void)
{
	int now = atomic_read(&taken);

	do {
		/* above it for the moment in which a slot is shared */
		if ((u32)now >= slots)
			return false;
	} while (!atomic_try_cmpxchg(&taken, &now, now + 1));
	return true;
}

/**
 * dmx_slot_share() - take a second one, for what takes the place of a buffer
 *
 * The buffer gives its own back at once, so this is never refused. It is
 * followed by another dmx_slot_give().
 */
void dmx_slot_share(void)
{
	atomic_inc(&taken);
}

/**
 * dmx_slot_give() - give one back
 */
void dmx_slot_give(void)
{
	atomic_dec(&taken);
}
