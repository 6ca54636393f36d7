/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_AUDIT_MEM_H
#define _DMX_AUDIT_MEM_H

#include <linux/types.h>

#include "audit.h"

/* the physical address of nothing */
#define DMX_NO_PHYS	(~(phys_addr_t)0)

phys_addr_t dmx_audit_phys(const struct dmx_store *store, size_t offset);
void dmx_audit_contents(const struct dmx_subject *s, struct dmx_audit *audit);
void dmx_audit_backing(const struct dmx_subject *s, struct dmx_audit *audit);

/**
 * dmx_audit_set() - say what a check found
 * @audit: findings
 * @check: the check
 * @verdict: what it found
 * @reason: why, one clause of static storage
 */
static inline void dmx_audit_set(struct dmx_audit *audit,
				 enum dmaexer_check check,
				 enum dmaexer_verdict verdict,
				 const char *reason)
{
	audit->verdict[check] = verdict;
	audit->reason[check] = reason;
}

/**
 * dmx_audit_is_mapped() - whether the kernel has a mapping of the memory
 * @audit: findings
 *
 * Return: true where one is known.
 */
static inline bool dmx_audit_is_mapped(const struct dmx_audit *audit)
{
	return audit->mapping == DMAEXER_MAPPING_LINEAR ||
	       audit->mapping == DMAEXER_MAPPING_VMALLOC;
}

#endif
