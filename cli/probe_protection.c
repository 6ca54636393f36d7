// SPDX-License-Identifier: GPL-2.0
/* Whether anything stops a device that writes where it may not. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "kernel.h"
#include "names.h"
#include "probe_channel.h"

/* An IOMMU's fault is logged by a thread. */
#define FAULT_MS 2000

/* The cases with many faults last: the kernel logs so many and no more. */
static const struct {
	uint64_t what;
	unsigned int field;
} cases[] = {
	{ DMAEXER_PROTECT_CASE_WITHIN, VERDICT_WITHIN },
	{ DMAEXER_PROTECT_CASE_PAST_END, VERDICT_PAST_END },
	{ DMAEXER_PROTECT_CASE_READ_ONLY, VERDICT_READ_ONLY },
	{ DMAEXER_PROTECT_CASE_FREED, VERDICT_FREED },
};

static void window_note(struct exam *exam, const struct object *result)
{
	static const struct {
		unsigned int from;
		unsigned int to;
		const char *what;
	} times[] = {
		{ DMAEXER_A_PROTECT_WINDOW_NS, VERDICT_WINDOW_NS, "landed" },
		{ DMAEXER_A_PROTECT_STOPPED_NS, VERDICT_STOPPED_NS, "stopped" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		uint64_t ns = object_num(result, times[i].from);

		if (!object_has(result, times[i].from))
			continue;
		object_set_num(exam->report, times[i].to, ns);
		exam_note(exam, "one %s %.1f ms after it was freed",
			  times[i].what, (double)ns / 1e6);
	}
}

/* What was stopped has to have said so, with its address. */
static void fault_note(struct exam *exam, const struct object *result,
		       struct kmsg *kmsg, const char *what)
{
	uint64_t addr = object_num(result, DMAEXER_A_PROTECT_ADDR);

	if (!kmsg_fault(kmsg, addr, (uint64_t)sysconf(_SC_PAGESIZE),
			FAULT_MS)) {
		exam_note(exam, "%s: stopped at 0x%" PRIx64 ", %s", what, addr,
			  kmsg_is_open(kmsg) ?
			  "no fault in the kernel's log" :
			  "and the kernel's log cannot be read");
		return;
	}
	if (object_has(exam->report, VERDICT_FAULT_ADDR)) {
		exam_note(exam, "%s: stopped at 0x%" PRIx64 ", fault logged",
			  what, addr);
		return;
	}
	object_set_num(exam->report, VERDICT_FAULT_ADDR, addr);
	exam_note(exam, "%s: stopped at 0x%" PRIx64 ", \"%.120s\"", what, addr,
		  kmsg->line);
}

static void outcome_note(struct exam *exam, const struct object *result,
			 struct kmsg *kmsg, const char *what)
{
	uint64_t outcome = object_num(result, DMAEXER_A_PROTECT_OUTCOME);

	if (outcome == DMAEXER_OUTCOME_NOT_RUN)
		exam_note(exam, "%s: not run, %s", what,
			  object_text(result, DMAEXER_A_PROTECT_REASON));
	else if (outcome == DMAEXER_OUTCOME_LANDED)
		exam_note(exam, "%s: landed at 0x%" PRIx64, what,
			  object_num(result, DMAEXER_A_PROTECT_ADDR));
	else
		fault_note(exam, result, kmsg, what);
	window_note(exam, result);
}

static int case_run(struct exam *exam, uint32_t chan, size_t i)
{
	const char *what = words_name(&protect_case_words, cases[i].what);
	struct object request;
	struct object result;
	struct kmsg kmsg;
	int err;

	object_init(&request, &protect_set);
	object_init(&result, &protect_set);
	object_set_num(&request, DMAEXER_A_PROTECT_DEV_ID, chan);
	object_set_num(&request, DMAEXER_A_PROTECT_CASE, cases[i].what);
	kmsg_open(&kmsg, false);
	ctx_clear(exam->ctx, "");
	err = client_protect_run(exam->client, &request, &result);
	if (!err) {
		object_set_num(exam->report, cases[i].field,
			       object_num(&result, DMAEXER_A_PROTECT_OUTCOME));
		outcome_note(exam, &result, &kmsg, what);
	}
	kmsg_close(&kmsg);
	object_free(&request);
	object_free(&result);
	return err;
}

static bool is_outcome(const struct exam *exam, unsigned int field,
		       uint64_t outcome)
{
	return object_has(exam->report, field) &&
	       object_num(exam->report, field) == outcome;
}

static bool has_landed(const struct exam *exam, unsigned int field)
{
	return is_outcome(exam, field, DMAEXER_OUTCOME_LANDED);
}

/* Nobody promises anything where nobody stands between. */
static void unprotected_judge(struct exam *exam, const struct object *chan)
{
	bool identity = object_num(chan, DMAEXER_A_DEV_DOMAIN) ==
			DMAEXER_DOMAIN_IDENTITY;

	exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
		   "unprotected: %s", identity ?
		   "the IOMMU passes everything through" :
		   "no IOMMU stands before the device");
	exam_hint(exam, identity ?
		  "boot without iommu=pt, or write DMA to the type of its IOMMU group" :
		  "a device, or its firmware, writes to any memory it can address");
}

static void protected_judge(struct exam *exam, const struct object *chan)
{
	bool lazy = object_num(chan, DMAEXER_A_DEV_DOMAIN) ==
		    DMAEXER_DOMAIN_DMA_FQ;

	if (has_landed(exam, VERDICT_PAST_END))
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "a write past the end is not stopped");
	if (has_landed(exam, VERDICT_READ_ONLY))
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "a write to memory mapped for reading is not stopped");
	if (has_landed(exam, VERDICT_FREED) && !lazy)
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "a write to freed memory is not stopped, in a strict domain");
	if (has_landed(exam, VERDICT_FREED) && lazy) {
		exam_judge(exam, DMAEXER_VERDICT_DEVIATION,
			   "a lazy domain leaves a window after memory is freed (drivers/iommu/dma-iommu.c, flush queue)");
		exam_hint(exam, "boot with iommu.strict=1 to close the window");
	}
	if (is_outcome(exam, VERDICT_PAST_END, DMAEXER_OUTCOME_STOPPED) &&
	    is_outcome(exam, VERDICT_READ_ONLY, DMAEXER_OUTCOME_STOPPED) &&
	    !is_outcome(exam, VERDICT_FREED, DMAEXER_OUTCOME_NOT_RUN))
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "the IOMMU stops what is outside of mappings");
	else
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "not all cases could be run");
}

static void outcomes_judge(struct exam *exam, const struct object *chan)
{
	if (is_outcome(exam, VERDICT_WITHIN, DMAEXER_OUTCOME_NOT_RUN))
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "nothing can be told of writes that are not run");
	else if (!has_landed(exam, VERDICT_WITHIN))
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "a write to a mapping for writing does not land");
	else if (object_num(chan, DMAEXER_A_DEV_BACKEND) !=
		 DMAEXER_BACKEND_IOMMU)
		unprotected_judge(exam, chan);
	else
		protected_judge(exam, chan);
}

int probe_protection(struct exam *exam)
{
	struct object chan;
	uint32_t id;
	int err = channel_take(exam, &chan);

	id = (uint32_t)object_num(&chan, DMAEXER_A_DEV_ID);
	for (size_t i = 0; i < ARRAY_SIZE(cases) && !err; i++) {
		err = exam_pause(exam);
		if (!err)
			err = case_run(exam, id, i);
	}
	if (!err) {
		outcomes_judge(exam, &chan);
	} else if (err == -EBUSY) {
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "%s, which the test must not hit",
			   exam->ctx->error.text);
		exam_hint(exam, "delete the buffers, and ask again");
		err = 0;
	} else if (err == -ENOENT && exam->judged) {
		err = 0;
	}
	object_free(&chan);
	return err;
}
