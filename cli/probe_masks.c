// SPDX-License-Identifier: GPL-2.0
/*
 * Every width of a mask, from 64 bits down, and an allocation under each.
 *
 * An IOMMU domain remembers the smallest allocation at or below 32 bits that
 * failed, and refuses all that are not smaller, until a range there is freed
 * that is too large for its caches (drivers/iommu/iova.c). So such a range is
 * held while a mask is tried, and freed where the allocation failed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

#define WIDEST 64
#define SHARED 32
#define ANTIDOTE_SIZE (1 << 20)
/* A flush queue is emptied by a timer, in 10 ms or in a second. */
#define RECOVERY_MS 5000
#define RETRY_MS 10

/**
 * struct sweep - masks so far
 * @page: bytes of the allocations
 * @taken: smallest mask that was set, 0 for none
 * @usable: smallest mask under which there was memory
 * @failed: widest mask without memory, 0 for none
 * @poisoned: the domain refused before anything was done
 * @stuck: it refuses now, and did not before
 * @wrong: mask whose allocation was outside, or that was not what was set
 * @addr: that address, or that mask
 * @why: what is wrong, or NULL
 * @known: the audit knows the deviation, and says why, else empty
 * @narrow: masks above 32 bits are cut to that
 */
struct sweep {
	uint64_t page;
	unsigned int taken;
	unsigned int usable;
	unsigned int failed;
	bool poisoned;
	bool stuck;
	unsigned int wrong;
	uint64_t addr;
	const char *why;
	char known[128];
	bool narrow;
};

static uint64_t mask_of(unsigned int bits)
{
	return bits == WIDEST ? UINT64_MAX : (1ULL << bits) - 1;
}

/* The first that is wrong, but for a known deviation one that is not known. */
static void wrong_keep(struct sweep *sweep, unsigned int bits, uint64_t addr,
		       const char *why, const char *known)
{
	if (sweep->why && (!sweep->known[0] || known[0]))
		return;
	sweep->wrong = bits;
	sweep->addr = addr;
	sweep->why = why;
	snprintf(sweep->known, sizeof(sweep->known), "%s", known);
}

/* A pool of the device's own does not look at masks, which the audit knows. */
static void outside_keep(struct sweep *sweep, unsigned int bits, uint64_t last,
			 const struct object *buf)
{
	bool known = audit_verdict(buf, DMAEXER_CHECK_MASK) ==
		     DMAEXER_VERDICT_DEVIATION;

	wrong_keep(sweep, bits, last, "has an address up to", known ?
		   audit_reason(buf, DMAEXER_CHECK_MASK) : "");
}

/* What a mask was set as. A dma_addr_t of 32 bits holds no wider one. */
static void mask_look(struct sweep *sweep, unsigned int bits, uint64_t mask)
{
	if (mask == mask_of(bits))
		return;
	if (bits > SHARED && mask == mask_of(SHARED))
		sweep->narrow = true;
	else
		wrong_keep(sweep, bits, mask, "was set as", "");
}

static int mask_set(struct exam *exam, struct sweep *sweep, unsigned int bits)
{
	struct object dev;
	int err;

	object_init(&dev, &dev_set);
	err = exam_mask(exam, bits, &dev);
	if (!err && object_num(&dev, DMAEXER_A_DEV_LIVE_BUFS) != exam->bufs)
		err = error_set(&exam->ctx->error, EBUSY,
				"somebody else allocates for the device meanwhile");
	else if (!err && sweep)
		mask_look(sweep, bits,
			  object_num(&dev, DMAEXER_A_DEV_COHERENT_MASK));
	object_free(&dev);
	return err;
}

/* Holds a range at or below 32 bits. */
static int antidote_take(struct exam *exam)
{
	const struct wanted wanted = {
		.size = ANTIDOTE_SIZE, .kind = DMAEXER_KIND_COHERENT,
		.attrs = DMAEXER_ATTR_NO_WARN,
	};
	struct object buf;
	int err = mask_set(exam, NULL, SHARED);

	if (err)
		return err;
	err = exam_buf_new(exam, &wanted, &buf);
	object_free(&buf);
	return err;
}

/* Frees the range, and waits until the domain gives another one. */
static int antidote_give(struct exam *exam, struct sweep *sweep)
{
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	int err = exam_bufs_del(exam, 0);

	for (int ms = 0; !err && ms < RECOVERY_MS; ms += RETRY_MS) {
		err = antidote_take(exam);
		if (err != -ENOMEM)
			return err;
		nanosleep(&pause, NULL);
		err = 0;
	}
	sweep->stuck = !err;
	return err;
}

/* An allocation under a mask that was taken. -ENOMEM is a result. */
static int mask_use(struct exam *exam, struct sweep *sweep, unsigned int bits)
{
	const struct wanted wanted = {
		.size = sweep->page, .kind = DMAEXER_KIND_COHERENT,
		.attrs = DMAEXER_ATTR_NO_WARN,
	};
	struct object buf;
	int err = exam_buf_new(exam, &wanted, &buf);

	if (!err) {
		uint64_t last = object_num(&buf, DMAEXER_A_BUF_DMA_ADDR) +
				sweep->page - 1;

		if (last & ~mask_of(bits))
			outside_keep(sweep, bits, last, &buf);
		sweep->usable = bits;
		err = exam_buf_del(exam);
	} else if (err == -ENOMEM && !sweep->failed) {
		sweep->failed = bits;
	}
	object_free(&buf);
	return err;
}

/* One width. 1 where narrower ones need not be tried. */
static int mask_try(struct exam *exam, struct sweep *sweep, unsigned int bits)
{
	int err = mask_set(exam, sweep, bits);

	if (err == -EIO)
		return 0;
	if (err)
		return err;
	sweep->taken = bits;
	err = mask_use(exam, sweep, bits);
	if (err != -ENOMEM)
		return err;
	if (!exam_behind_iommu(exam) || bits > SHARED)
		return 0;
	err = antidote_give(exam, sweep);
	return err ? err : sweep->stuck;
}

static int masks_try(struct exam *exam, struct sweep *sweep)
{
	unsigned int last = sweep->poisoned ? SHARED + 1 : 1;
	int err = 0;

	for (unsigned int bits = WIDEST; bits >= last && !err; bits--) {
		if (bits == SHARED && exam_behind_iommu(exam))
			err = antidote_take(exam);
		if (!err)
			err = mask_try(exam, sweep, bits);
	}
	return err < 0 ? err : 0;
}

/* Whether the domain refuses at 32 bits what it gives at 64. */
static int poison_look(struct exam *exam, struct sweep *sweep)
{
	int err = antidote_take(exam);
	struct sweep wide = { .page = ANTIDOTE_SIZE };

	if (!err)
		return exam_bufs_del(exam, 0);
	if (err != -ENOMEM)
		return err;
	err = mask_set(exam, NULL, WIDEST);
	if (!err)
		err = mask_use(exam, &wide, WIDEST);
	if (!err)
		sweep->poisoned = true;
	return err;
}

static void poison_judge(struct exam *exam, const struct sweep *sweep)
{
	object_set_num(exam->report, VERDICT_POISONED,
		       sweep->poisoned || sweep->stuck);
	if (sweep->poisoned) {
		exam_judge(exam, DMAEXER_VERDICT_DEVIATION,
			   "met at the start: 1M is refused at or below 32 bits and given at 64, as an IOMMU domain does once such an allocation failed; narrower masks were not tried");
		exam_hint(exam, "it lasts until a DMA buffer of the domain below 4 GiB is freed, or the type of its IOMMU group is written anew; drivers with narrow masks fail meanwhile");
	} else if (sweep->stuck) {
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "after a failure under %u bits the IOMMU domain refuses every allocation at or below 32 bits, also once a range there was freed",
			   sweep->taken);
	} else if (sweep->failed) {
		exam_note(exam, "the failure makes later allocations at or below 32 bits fail until a range there is freed, which was done: they work");
	}
}

/* Which masks were taken, and under which of them there was memory. */
static void reach_judge(struct exam *exam, const struct sweep *sweep)
{
	if (!sweep->taken) {
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "no mask at all is taken");
		return;
	}
	object_set_num(exam->report, VERDICT_SMALLEST_MASK, sweep->taken);
	if (!sweep->usable) {
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "masks of 64 to %u bits are taken, and under none of them is there a page",
			   sweep->taken);
		return;
	}
	object_set_num(exam->report, VERDICT_SMALLEST_USABLE, sweep->usable);
	exam_judge(exam, DMAEXER_VERDICT_HOLDS,
		   "masks of 64 to %u bits are taken, allocations work down to %u",
		   sweep->taken, sweep->usable);
	if (sweep->narrow)
		exam_note(exam, "those above 32 bits are cut to that: dma_addr_t has no more (kernel/dma/mapping.c)");
}

static void sweep_judge(struct exam *exam, const struct sweep *sweep)
{
	reach_judge(exam, sweep);
	if (sweep->why)
		exam_judge(exam, sweep->known[0] ? DMAEXER_VERDICT_DEVIATION :
			   DMAEXER_VERDICT_VIOLATED,
			   "the mask of %u bits %s 0x%" PRIx64 "%s%s",
			   sweep->wrong, sweep->why, sweep->addr,
			   sweep->known[0] ? ": " : "", sweep->known);
	else if (sweep->usable)
		exam_note(exam, "every address is inside its mask");
	if (!exam_behind_iommu(exam)) {
		if (sweep->failed)
			exam_hint(exam, "memory below %u bits is short",
				  sweep->failed);
		return;
	}
	if (sweep->failed)
		exam_judge(exam, DMAEXER_VERDICT_DEVIATION,
			   "a mask of %u bits is accepted, and no address fits it: behind an IOMMU dma_supported() never says no",
			   sweep->failed);
	poison_judge(exam, sweep);
}

/* Whether masks may be changed: not what could not be put back. */
static bool may_sweep(struct exam *exam)
{
	static const unsigned int masks[] = {
		DMAEXER_A_DEV_DMA_MASK, DMAEXER_A_DEV_COHERENT_MASK,
	};
	uint64_t live = exam_fact(exam, DMAEXER_A_DEV_LIVE_BUFS);

	if (live) {
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "the device has %" PRIu64 " buffers, under which no mask is changed",
			   live);
		exam_hint(exam, "delete them, and ask again");
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		uint64_t mask = exam_fact(exam, masks[i]);

		if (mask && !(mask & (mask + 1)))
			continue;
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "the mask 0x%" PRIx64 " is not one that can be put back",
			   mask);
		return false;
	}
	return true;
}

int probe_masks(struct exam *exam)
{
	struct sweep sweep = { .page = (uint64_t)sysconf(_SC_PAGESIZE) };
	int err = 0;

	if (!may_sweep(exam))
		return 0;
	if (exam_behind_iommu(exam))
		err = poison_look(exam, &sweep);
	if (!err)
		err = masks_try(exam, &sweep);
	if (err == -EOPNOTSUPP) {
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "the masks of %s are its driver's",
			   object_text(&exam->dev, DMAEXER_A_DEV_NAME));
		return 0;
	}
	if (err)
		return err;
	sweep_judge(exam, &sweep);
	return 0;
}
