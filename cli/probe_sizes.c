// SPDX-License-Identifier: GPL-2.0
/* How a device's memory is aligned, and how much of it there is. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "probe.h"

/* The ladder of the alignment probe goes up to this. */
#define LADDER_SIZE (8 << 20)

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The smallest page order that holds @size, in bytes. */
static uint64_t order_size(uint64_t size)
{
	uint64_t order = page_size();

	while (order < size)
		order *= 2;
	return order;
}

/**
 * struct aligned - how the ladder came out
 * @sizes: how many were allocated
 * @mapped: of how many the CPU's address is known
 * @dma: misaligned DMA addresses
 * @cpu: misaligned CPU addresses
 * @excused: such of a mapping in the vmalloc range, or of memory that CMA gave
 * @first: first size with a misaligned DMA address
 * @addr: that address
 * @known: of how many the audit knows the deviation
 * @why: what it says of the last of them
 */
struct aligned {
	unsigned int sizes;
	unsigned int mapped;
	unsigned int dma;
	unsigned int cpu;
	unsigned int excused;
	uint64_t first;
	uint64_t addr;
	unsigned int known;
	char why[128];
};

static void aligned_look(const struct object *buf, struct aligned *found)
{
	uint64_t size = object_num(buf, DMAEXER_A_BUF_SIZE);
	uint64_t addr = object_num(buf, DMAEXER_A_BUF_DMA_ADDR);
	uint64_t cpu = object_num(buf, DMAEXER_A_BUF_CPU_ALIGNMENT);
	uint64_t order = order_size(size);
	bool known = audit_verdict(buf, DMAEXER_CHECK_ALIGNMENT) ==
		     DMAEXER_VERDICT_DEVIATION;

	found->sizes++;
	if (addr & (order - 1)) {
		if (!found->dma++) {
			found->first = size;
			found->addr = addr;
		}
		found->known += known;
		if (known)
			snprintf(found->why, sizeof(found->why), "%s",
				 audit_reason(buf, DMAEXER_CHECK_ALIGNMENT));
	}
	found->mapped += cpu != 0;
	if (!cpu || cpu >= order)
		return;
	found->cpu++;
	found->excused += known || object_num(buf, DMAEXER_A_BUF_MAPPING) ==
				   DMAEXER_MAPPING_VMALLOC;
}

static void dma_judge(struct exam *exam, const struct aligned *found)
{
	bool known = found->known == found->dma;

	object_set_num(exam->report, VERDICT_DMA_MISALIGNED, found->dma);
	if (!found->dma)
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "%u sizes, each DMA address is aligned to the page order of its size",
			   found->sizes);
	else
		exam_judge(exam, known ? DMAEXER_VERDICT_DEVIATION :
			   DMAEXER_VERDICT_VIOLATED,
			   "%u of %u DMA addresses are not aligned to the page order of their size, first 0x%"
			   PRIx64 " of %" PRIu64 " bytes%s%s", found->dma,
			   found->sizes, found->addr, found->first,
			   known ? ": " : "", known ? found->why : "");
}

/* The same paragraph of the document promises it of the CPU's address. */
static void cpu_judge(struct exam *exam, const struct aligned *found)
{
	if (!found->mapped) {
		exam_note(exam, "how CPU addresses are aligned cannot be told here");
		return;
	}
	object_set_num(exam->report, VERDICT_CPU_MISALIGNED, found->cpu);
	if (!found->cpu) {
		exam_note(exam, "so is each CPU address");
	} else if (found->cpu == found->excused) {
		exam_judge(exam, DMAEXER_VERDICT_DEVIATION,
			   "%u of %u CPU addresses are not: the vmalloc range aligns to pages, and the linear map follows the memory",
			   found->cpu, found->mapped);
		exam_hint(exam, "Documentation/core-api/dma-api-howto.rst promises it of both addresses; rely on that of the device alone");
	} else {
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "%u of %u CPU addresses are not, of the linear map",
			   found->cpu, found->mapped);
	}
}

static int size_look(struct exam *exam, uint64_t size, struct aligned *found)
{
	const struct wanted wanted = {
		.size = size, .kind = DMAEXER_KIND_COHERENT,
		.attrs = DMAEXER_ATTR_NO_WARN,
	};
	struct object buf;
	int err = exam_buf_new(exam, &wanted, &buf);

	if (!err)
		aligned_look(&buf, found);
	object_free(&buf);
	return err;
}

/*
 * Two buffers of each order, the larger of them not all of it. They are kept
 * until the end: of memory that is freed at once the best block comes back.
 */
int probe_alignment(struct exam *exam)
{
	struct aligned found = { 0 };
	int err = 0;

	for (uint64_t order = page_size(); order <= LADDER_SIZE && !err;
	     order *= 2) {
		err = size_look(exam, order, &found);
		if (!err && order > page_size())
			err = size_look(exam, order / 2 + page_size(), &found);
	}
	if (exam_is_short(err) && found.sizes)
		err = 0;
	if (err && !exam_is_short(err))
		return err;
	if (err) {
		exam_judge_none(exam, err);
		return 0;
	}
	dma_judge(exam, &found);
	cpu_judge(exam, &found);
	return 0;
}

/* Whether so much can be allocated. -ENOMEM and -ENOSPC are results. */
static int size_try(struct exam *exam, uint64_t size)
{
	const struct wanted wanted = {
		.size = size, .kind = DMAEXER_KIND_COHERENT,
		.attrs = DMAEXER_ATTR_NO_WARN,
	};
	struct object buf;
	int err = exam_buf_new(exam, &wanted, &buf);

	object_free(&buf);
	return err ? err : exam_buf_del(exam);
}

/**
 * struct bounds - the largest allocation, from both sides
 * @works: this works
 * @fails: this does not
 * @number: why not, an errno
 * @why: a sentence
 */
struct bounds {
	uint64_t works;
	uint64_t fails;
	int number;
	char why[192];
};

static int bound_try(struct exam *exam, uint64_t size, struct bounds *bounds)
{
	int err = size_try(exam, size);

	if (!err) {
		bounds->works = size;
	} else if (exam_is_short(err)) {
		bounds->fails = size;
		bounds->number = -err;
		snprintf(bounds->why, sizeof(bounds->why), "%.190s",
			 exam->ctx->error.text);
		err = 0;
	}
	return err;
}

/* Doubling, then halving what is between, down to a page or 1/16. */
static int bounds_find(struct exam *exam, struct bounds *bounds)
{
	uint64_t page = page_size();
	int err = 0;

	for (uint64_t size = page; !bounds->fails && !err; size *= 2)
		err = bound_try(exam, size, bounds);
	while (!err && bounds->works) {
		uint64_t half = (bounds->fails - bounds->works) / 2;

		half -= half % page;
		if (!half || half < bounds->works / 16)
			break;
		err = bound_try(exam, bounds->works + half, bounds);
	}
	return err;
}

/* A failed allocation that asks for silence gets it, and breaks nothing. */
static int silence_judge(struct exam *exam, struct kmsg *kmsg)
{
	int err;

	if (!kmsg_is_open(kmsg))
		exam_note(exam, "the kernel's log cannot be read");
	while (kmsg_next(kmsg))
		if (kmsg_is_complaint(kmsg))
			exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
				   "the kernel complains: %.100s",
				   kmsg->line);
	err = size_try(exam, page_size());
	if (!exam_is_short(err))
		return err;
	exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
		   "after the failure not a page can be allocated");
	return 0;
}

int probe_largest(struct exam *exam)
{
	struct bounds bounds = { 0 };
	char works[SIZE_TEXT];
	char fails[SIZE_TEXT];
	struct kmsg kmsg;
	int err;

	kmsg_open(&kmsg, false);
	err = bounds_find(exam, &bounds);
	if (!err && !bounds.works)
		exam_judge_none(exam, -bounds.number);
	else if (!err)
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "%s; %s is refused, %s (%s)",
			   size_text(bounds.works, works, sizeof(works)),
			   size_text(bounds.fails, fails, sizeof(fails)),
			   bounds.why, error_name(bounds.number));
	if (!err && bounds.works) {
		object_set_num(exam->report, VERDICT_LARGEST, bounds.works);
		err = silence_judge(exam, &kmsg);
	}
	if (bounds.number == ENOSPC)
		exam_hint(exam, "the quota of dmaexer is what ends it: quota_bytes of the device in sysfs");
	kmsg_close(&kmsg);
	return err;
}
