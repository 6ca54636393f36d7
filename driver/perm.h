/* SPDX-License-Identifier: GPL-2.0 */
/* Who may use files: their mode is for root, whatever capabilities that has. */
#ifndef _DMX_PERM_H
#define _DMX_PERM_H

#include <linux/capability.h>
#include <linux/errno.h>

/**
 * dmx_perm_check() - whether who asks may see addresses, and change anything
 *
 * Return: 0, or -EPERM without CAP_SYS_ADMIN in the initial user namespace.
 */
static inline int dmx_perm_check(void)
{
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

#endif
