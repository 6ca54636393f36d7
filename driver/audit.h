/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_AUDIT_H
#define _DMX_AUDIT_H

#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

#include "store.h"

struct dmx_pattern;

#define DMX_CHECKS	(DMAEXER_CHECK_ATTRS + 1)

/**
 * struct dmx_audit - what the platform gave
 * @verdict: for each enum dmaexer_check its enum dmaexer_verdict
 * @reason: one clause for each verdict but "holds", of static storage
 * @mapping: how the CPU reaches the memory
 * @has_caching: whether @caching was observed
 * @caching: how that mapping uses the caches
 * @has_contiguous: whether @contiguous was observed
 * @contiguous: the memory is physically contiguous
 * @cpu_alignment: what divides the CPU address, 0 where there is no mapping
 * @has_stale: whether @stale_bytes was observed
 * @stale_bytes: bytes that were not zero though nothing was written
 * @honoured: attributes observed to take effect
 * @ignored: attributes observed to have no effect
 */
struct dmx_audit {
	u8 verdict[DMX_CHECKS];
	const char *reason[DMX_CHECKS];
	enum dmaexer_mapping mapping;
	bool has_caching;
	enum dmaexer_caching caching;
	bool has_contiguous;
	bool contiguous;
	u64 cpu_alignment;
	bool has_stale;
	u64 stale_bytes;
	u32 honoured;
	u32 ignored;
};

/**
 * struct dmx_subject - an allocation to be audited
 * @store: the allocation
 * @overlap: its addresses overlap those of a live buffer
 * @pattern: expected contents, or NULL
 * @data: expected contents where @pattern is NULL; may be NULL too
 */
struct dmx_subject {
	const struct dmx_store *store;
	bool overlap;
	const struct dmx_pattern *pattern;
	const void *data;
};

void dmx_audit(const struct dmx_subject *s, struct dmx_audit *audit);
u32 dmx_audit_violations(const struct dmx_audit *audit);

#endif
