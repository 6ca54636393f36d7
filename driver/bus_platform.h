/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_BUS_PLATFORM_H
#define _DMX_BUS_PLATFORM_H

int dmx_platform_init(void);
void dmx_platform_exit(void);

#endif
