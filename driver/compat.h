/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_COMPAT_H
#define _DMX_COMPAT_H

/* What differs between kernels; the only file that asks for the version. */

#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/netlink.h>
#include <linux/platform_device.h>
#include <linux/version.h>
#include <net/genetlink.h>

/* platform_driver.remove returns nothing since 6.11, remove_new is older. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define DMX_PLATFORM_REMOVE(fn)		.remove_new = (fn)
#else
#define DMX_PLATFORM_REMOVE(fn)		.remove = (fn)
#endif

/* room for a message in an extack, with the final NUL */
#ifdef NETLINK_MAX_FMTMSG_LEN
#define DMX_EXTACK_LEN			NETLINK_MAX_FMTMSG_LEN
#else
#define DMX_EXTACK_LEN			80
#endif

/* genl_family.pre_doit takes the split operation since 6.2. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define dmx_genl_op			genl_ops
#else
#define dmx_genl_op			genl_split_ops
#endif

/* Largest order of the page allocator, inclusive; redefined in 6.4, 6.8. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define DMX_MAX_PAGE_ORDER		(MAX_ORDER - 1)
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define DMX_MAX_PAGE_ORDER		MAX_ORDER
#else
#define DMX_MAX_PAGE_ORDER		MAX_PAGE_ORDER
#endif

/* x86 marks a mapping whose memory type it has looked up, up to 6.15. */
#ifdef VM_PAT
#define DMX_VM_PAT			VM_PAT
#else
#define DMX_VM_PAT			VM_NONE
#endif

/* Flags of a new mapping; vm_flags_mod() came in 6.3. */
static inline void dmx_vm_flags_mod(struct vm_area_struct *vma,
				    unsigned long set, unsigned long clear)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#else
	vm_flags_mod(vma, set, clear);
#endif
}

/*
 * Where a formatted message of an extack goes. Since 6.2 the extack has room
 * for it. Before, it points to a message that must outlive the handler, up to
 * the acknowledgment that the same task sends next: so many slots that 255
 * other refusals would have to come in between. To be called in one file.
 */
static inline char *dmx_extack_slot(struct netlink_ext_ack *extack)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	static char slots[256][DMX_EXTACK_LEN];
	static atomic_t next;

	return slots[(u8)atomic_inc_return(&next)];
#else
	return extack->_msg_buf;
#endif
}

/* The attributes of a dump request; genl_info_dump() came in 6.6. */
static inline struct nlattr **dmx_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

#endif
