/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_SLOTS_H
#define _DMX_SLOTS_H

#include <linux/types.h>

void dmx_slots_set_max(u32 max);
u32 dmx_slots_max(void);
bool dmx_slot_take(void);
void dmx_slot_share(void);
void dmx_slot_give(void);

#endif
