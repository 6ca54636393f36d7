// SPDX-License-Identifier: GPL-2.0
/*
 * As many buffers of one size as there are. The quota of the device stays as
 * it is, so where it comes first, a virtual device takes what memory it leaves:
 * then the next buffer shows whether the platform has more.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "probe.h"

#define SIZE (1 << 20)
#define BESIDE_LEAST (64 << 10)
/* Memory that comes and goes by itself, also in a machine that does nothing. */
#define NOISE (1 << 20)
#define SETTLE_MS 5000
#define RETRY_MS 10

/**
 * struct stock - what there is, by the kernel's own account
 * @available: bytes of memory that can be had
 * @kept: bytes that processors keep free for themselves, of any memory
 * @cma: free bytes of contiguous areas
 * @bounced: bytes of bounce buffers in use
 * @live: bytes of the device's buffers
 */
struct stock {
	uint64_t available;
	uint64_t kept;
	uint64_t cma;
	uint64_t bounced;
	uint64_t live;
};

/**
 * struct tally - how it went
 * @size: bytes of a buffer
 * @count: how many the device had at most
 * @taken: bytes that the virtual device had
 * @number: the errno of the end
 * @ran_out: what there was no more of
 * @after: what there is when all is freed
 * @works: then a buffer can be had again
 * @back: and all is there again
 */
struct tally {
	uint64_t size;
	uint64_t count;
	uint64_t taken;
	int number;
	const char *ran_out;
	struct stock after;
	bool works;
	bool back;
};

static int stock_read(struct exam *exam, struct stock *stock)
{
	struct object dev;
	int err;

	memset(stock, 0, sizeof(*stock));
	object_init(&dev, &dev_set);
	err = client_dev_get(exam->client, exam->id, &dev);
	stock->live = object_num(&dev, DMAEXER_A_DEV_LIVE_BYTES);
	stock->available = meminfo_bytes("MemAvailable");
	stock->kept = percpu_free_bytes();
	stock->cma = meminfo_bytes("CmaFree");
	swiotlb_used(&stock->bounced);
	object_free(&dev);
	return err;
}

static int one_more(struct exam *exam, uint32_t dev, uint64_t size)
{
	const struct wanted wanted = {
		.size = size, .kind = DMAEXER_KIND_COHERENT, .dev = dev,
		.attrs = DMAEXER_ATTR_NO_WARN,
	};
	struct object buf;
	int err = exam_buf_new(exam, &wanted, &buf);

	object_free(&buf);
	return err;
}

/* Buffers of one size, until there are no more. Returns why: -errno. */
static int fill(struct exam *exam, uint32_t dev, uint64_t size)
{
	int err = 0;

	while (!err)
		err = one_more(exam, dev, size);
	return err;
}

/* The largest size up to 1 MiB that there is at all. */
static int size_find(struct exam *exam, struct tally *tally)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	int err = one_more(exam, 0, SIZE);

	for (tally->size = SIZE; exam_is_short(err) && tally->size > page;) {
		tally->size /= 2;
		err = one_more(exam, 0, tally->size);
	}
	return err;
}

/* A device of our own that reaches all memory. */
static int beside_new(struct exam *exam)
{
	struct object request;
	struct object dev;
	int err = exam_dev_new(exam, NULL);

	if (err)
		return err;
	object_init(&request, &dev_set);
	object_init(&dev, &dev_set);
	object_set_num(&request, DMAEXER_A_DEV_ID, exam->made);
	object_set_num(&request, DMAEXER_A_DEV_DMA_MASK_BITS, 64);
	object_set_num(&request, DMAEXER_A_DEV_COHERENT_MASK_BITS, 64);
	err = client_dev_set(exam->client, &request, &dev);
	object_free(&request);
	object_free(&dev);
	return err;
}

static int beside_fill(struct exam *exam, struct tally *tally)
{
	int err = -ENOMEM;

	for (uint64_t size = tally->size; size >= BESIDE_LEAST &&
	     err == -ENOMEM; size /= 2) {
		size_t before = exam->bufs;

		err = fill(exam, exam->made, size);
		tally->taken += (exam->bufs - before) * size;
	}
	return err;
}

/* The quota came first: memory is taken from beside, and it is tried again. */
static int past_quota(struct exam *exam, struct tally *tally)
{
	int err = exam_buf_del(exam);

	tally->count--;
	if (!err)
		err = beside_new(exam);
	if (!err)
		err = beside_fill(exam, tally);
	if (!exam_is_short(err))
		return err;
	err = one_more(exam, 0, tally->size);
	tally->count += !err;
	return err ? err : -ENOSPC;
}

/* What a device's memory comes from, and whether that is what is gone. */
static const char *gone_name(struct exam *exam, const struct tally *tally)
{
	uint64_t pool = exam_fact(exam, DMAEXER_A_DEV_POOL);
	uint64_t total = meminfo_bytes("MemTotal");
	uint64_t spared = total / 16 + meminfo_bytes("HighFree") +
			  tally->size + total / 128;
	struct stock stock;

	if (tally->number == ENOSPC)
		return "quota";
	if (pool == DMAEXER_POOL_COHERENT || pool == DMAEXER_POOL_SWIOTLB)
		return "pool";
	if (pool == DMAEXER_POOL_CMA)
		return "cma";
	if (stock_read(exam, &stock))
		return "unknown";
	if (stock.available < spared + stock.cma)
		return "memory";
	if (exam_behind_iommu(exam))
		return "iova";
	if (meminfo_bytes("CmaTotal") && stock.cma < tally->size)
		return "cma";
	if (exam_fact(exam, DMAEXER_A_DEV_COHERENT_MASK) <
	    exam_fact(exam, DMAEXER_A_DEV_REQUIRED_MASK))
		return "reach";
	return "blocks";
}

static const char *gone_text(const char *name)
{
	static const struct {
		const char *name;
		const char *text;
	} texts[] = {
		{ "quota", "the quota of dmaexer; the platform has more" },
		{ "pool", "the pool of the device" },
		{ "cma", "contiguous memory (CMA)" },
		{ "memory", "memory, but for the sixteenth that dmaexer leaves to others" },
		{ "iova", "addresses of the IOMMU domain under the mask" },
		{ "reach", "memory under the mask" },
		{ "blocks", "contiguous blocks: memory is left, in smaller ones" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(texts[i].name, name))
			return texts[i].text;
	return "something that cannot be told";
}

static bool is_back(const struct stock *before, const struct stock *after,
		    uint64_t taken)
{
	uint64_t slack = taken / 16 + NOISE + after->kept;

	return after->live == before->live &&
	       after->bounced <= before->bounced &&
	       after->cma + slack >= before->cma &&
	       after->available + slack >= before->available + before->kept;
}

/* A buffer can be had again. -ENOMEM and -ENOSPC are answers. */
static int again(struct exam *exam, uint64_t size, bool *works)
{
	int err = one_more(exam, 0, size);

	*works = !err;
	if (exam_is_short(err))
		return 0;
	return err ? err : exam_buf_del(exam);
}

/* All of it is freed; pages and addresses come back with some delay. */
static int give_back(struct exam *exam, struct tally *tally,
		     const struct stock *before)
{
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	uint64_t taken = tally->count * tally->size + tally->taken;
	struct stock *after = &tally->after;
	int err = exam_bufs_del(exam, 0);

	if (!err)
		err = exam_dev_del(exam);
	for (int ms = 0; !err && !tally->back && ms < SETTLE_MS;
	     ms += RETRY_MS) {
		if (ms)
			nanosleep(&pause, NULL);
		err = stock_read(exam, after);
		if (!err)
			err = again(exam, tally->size, &tally->works);
		tally->back = tally->works && is_back(before, after, taken);
	}
	return err;
}

/* Memory that others use meanwhile is not held against the platform. */
static void back_judge(struct exam *exam, const struct tally *tally,
		       const struct stock *before)
{
	if (tally->back)
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "everything was given back");
	else if (!tally->works || tally->after.live != before->live)
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "not everything came back");
	else
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "%" PRIu64 "M were available before, %" PRIu64
			   "M are now: whether others have the rest cannot be told",
			   before->available >> 20,
			   tally->after.available >> 20);
}

static void tally_judge(struct exam *exam, const struct tally *tally,
			const struct stock *before)
{
	char size[SIZE_TEXT];

	object_set_num(exam->report, VERDICT_SIZE, tally->size);
	object_set_num(exam->report, VERDICT_BUFS, tally->count);
	object_set_num(exam->report, VERDICT_BYTES,
		       tally->count * tally->size);
	exam_note(exam, "%" PRIu64 " buffers of %s", tally->count,
		  size_text(tally->size, size, sizeof(size)));
	if (tally->taken)
		exam_note(exam, "a virtual device had %s besides, since the quota ends it first",
			  size_text(tally->taken & ~(SIZE - 1ULL), size,
				    sizeof(size)));
	exam_note(exam, "what ran out is %s (%s)", gone_text(tally->ran_out),
		  error_name(tally->number));
	back_judge(exam, tally, before);
	if (tally->number == ENOSPC)
		exam_hint(exam, "raise quota_bytes of the device in sysfs to see what the platform has");
}

static int count_all(struct exam *exam, struct tally *tally)
{
	int err = size_find(exam, tally);

	if (err)
		return err;
	err = fill(exam, 0, tally->size);
	tally->count = exam->bufs;
	if (err == -ENOSPC)
		err = past_quota(exam, tally);
	return err;
}

int probe_exhaust(struct exam *exam)
{
	struct tally tally = { 0 };
	struct stock before;
	int err;

	err = stock_read(exam, &before);
	if (err)
		return err;
	err = count_all(exam, &tally);
	if (!exam_is_short(err))
		return err;
	if (!exam->bufs) {
		exam_judge_none(exam, err);
		return 0;
	}
	tally.number = -err;
	tally.ran_out = gone_name(exam, &tally);
	err = object_set_text(exam->report, VERDICT_RAN_OUT, tally.ran_out);
	if (!err)
		err = give_back(exam, &tally, &before);
	if (!err)
		tally_judge(exam, &tally, &before);
	return err;
}
