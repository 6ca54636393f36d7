/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes: each puts one question to the platform by way of one device, over the
 * requests that everybody has, and gives a verdict with what it rests on.
 */
#ifndef DMX_PROBE_H
#define DMX_PROBE_H

#include <linux/dmaexer.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd.h"

/* In the order in which the doctor asks. */
enum probe_name {
	PROBE_BACKEND, PROBE_ATTRIBUTES, PROBE_STALE, PROBE_MASKS,
	PROBE_ALIGNMENT, PROBE_LARGEST, PROBE_EXHAUST, PROBE_PROTECTION,
	PROBE_VISIBILITY, PROBES,
};

extern const struct words probe_words;

/**
 * struct exam - a probe under way
 * @ctx: what its verb runs in
 * @client: the connection
 * @id: number of the device
 * @dev: the device as it was found
 * @report: what it will say
 * @judged: it has a verdict
 * @evidence: clauses of it so far
 * @hint: clauses of that so far
 * @buf: numbers of the buffers that are live, allocated
 * @bufs: how many
 * @room: how many fit
 * @masked: masks may not be what they were
 * @made: number of a device that was made for the probe, 0 for none
 */
struct exam {
	struct ctx *ctx;
	struct client *client;
	uint32_t id;
	struct object dev;
	struct object *report;
	bool judged;
	char evidence[1536];
	char hint[768];
	uint32_t *buf;
	size_t bufs;
	size_t room;
	bool masked;
	uint32_t made;
};

/**
 * struct wanted - a buffer that a probe asks for
 * @size: bytes
 * @kind: enum dmaexer_kind
 * @attrs: DMA_ATTR_*
 * @dev: number of the device, 0 for that of the probe
 * @dirty: it is filled with bytes that are not zero
 */
struct wanted {
	uint64_t size;
	uint32_t kind;
	uint32_t attrs;
	uint32_t dev;
	bool dirty;
};

/*
 * Puts one question. @report is of verdict_set, and filled in. Returns 0 or
 * -errno with the reason in the context; what was made for it is gone, and
 * masks are what they were, in any case.
 */
int probe_run(struct ctx *ctx, enum probe_name name, uint32_t dev,
	      struct object *report);

/* Whether the report says that the platform broke a promise. */
bool probe_is_violated(const struct object *report);

/*
 * Adds a clause to the evidence. The verdict becomes @verdict where that says
 * more than what it was: violated, else deviation, holds, not-applicable.
 */
void exam_judge(struct exam *exam, enum dmaexer_verdict verdict,
		const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Adds a clause to the evidence, or to the hint, and no verdict. */
void exam_note(struct exam *exam, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void exam_hint(struct exam *exam, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Judges that there is not a page, which @err said, with the reason in the
 * context. The quota is ours, and no promise of the platform.
 */
void exam_judge_none(struct exam *exam, int err);

/* An attribute of the device as it was found. */
uint64_t exam_fact(const struct exam *exam, unsigned int attr);
bool exam_behind_iommu(const struct exam *exam);

/*
 * Makes a buffer, fills in @buf, which is to be freed in any case, and keeps
 * its number. Returns 0 or -errno.
 */
int exam_buf_new(struct exam *exam, const struct wanted *wanted,
		 struct object *buf);
/* Frees the buffer that was made last. */
int exam_buf_del(struct exam *exam);
/* Frees those beyond the first @keep. */
int exam_bufs_del(struct exam *exam, size_t keep);
/* Whether -@err says that there is no more, of memory or of the quota. */
bool exam_is_short(int err);

/* Makes a virtual device, or takes the channel of that name, for the probe. */
int exam_dev_new(struct exam *exam, const char *channel);
int exam_dev_del(struct exam *exam);

/* Sets both masks, also under the probe's own buffers, for the connection. */
int exam_mask(struct exam *exam, unsigned int bits, struct object *dev);

/* 0, or -EINTR with a reason where a signal came. */
int exam_pause(struct exam *exam);

/* "4M", "4198400" */
const char *size_text(uint64_t size, char *buf, size_t room);
#define SIZE_TEXT 24

/* The probes. Each judges, and returns 0 or -errno. */
int probe_backend(struct exam *exam);
int probe_attributes(struct exam *exam);
int probe_stale(struct exam *exam);
int probe_masks(struct exam *exam);
int probe_alignment(struct exam *exam);
int probe_largest(struct exam *exam);
int probe_exhaust(struct exam *exam);
int probe_protection(struct exam *exam);
int probe_visibility(struct exam *exam);

#endif
