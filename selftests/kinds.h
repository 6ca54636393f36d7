/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buffers of every kind, by what a request for one has. What is not said is left
 * out of the request.
 */
#ifndef DMAEXER_SELFTEST_KINDS_H
#define DMAEXER_SELFTEST_KINDS_H

#include "dmx.h"

#define PAGES		DMAEXER_KIND_PAGES
#define NONCOHERENT	DMAEXER_KIND_NONCOHERENT
#define NONCONTIGUOUS	DMAEXER_KIND_NONCONTIGUOUS
#define DMA_PAGES	DMAEXER_KIND_DMA_PAGES
#define POOL		DMAEXER_KIND_POOL
#define MANAGED		DMAEXER_KIND_MANAGED
#define OF(attr)	(1ULL << DMAEXER_A_BUF_##attr)

/**
 * struct wish - a buffer as a test asks for it
 * @kind: enum dmaexer_kind
 * @elem: bytes of an element
 * @count: number of elements
 * @has: OF() of those below that are asked for
 * @shape: enum dmaexer_shape
 * @page_offset: first byte in the page
 * @direction: enum dmaexer_direction
 * @align: of a pool
 * @boundary: of a pool
 */
struct wish {
	uint32_t kind;
	uint64_t elem;
	uint64_t count;
	uint64_t has;
	uint32_t shape;
	uint32_t page_offset;
	uint32_t direction;
	uint64_t align;
	uint64_t boundary;
};

/* Puts a request for the buffer into @d->nl. */
void kinds_begin(struct dmx *d, const struct wish *wish);

/* Makes it; with a pattern other than zero filled. The id, or 0. */
uint32_t kinds_new(struct dmx *d, const struct wish *wish, uint32_t pattern,
		   uint64_t arg);

/* What the audit says of a check of the buffer that was answered with. */
uint32_t kinds_verdict(struct dmx *d, uint32_t check);

#endif
