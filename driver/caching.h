/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_CACHING_H
#define _DMX_CACHING_H

#include <uapi/linux/dmaexer.h>

int dmx_caching(const void *addr, enum dmaexer_caching *caching);

#endif
