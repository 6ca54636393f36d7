// SPDX-License-Identifier: GPL-2.0
/* Whether CPU and device see what the other one wrote. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "names.h"
#include "probe_channel.h"

/* Some thousand cache lines; slow devices take a second for it. */
#define SIZE 8192
#define ROUNDS 3

/**
 * struct ends - two buffers that a channel reaches
 * @chan: number of the channel
 * @src: number of the one that the CPU writes
 * @dst: number of the one that the device writes
 * @caching: how the CPU's mapping of it uses the caches
 */
struct ends {
	uint32_t chan;
	uint32_t src;
	uint32_t dst;
	const char *caching;
};

static int ends_new(struct exam *exam, struct ends *ends)
{
	const struct wanted wanted = {
		.size = SIZE, .kind = DMAEXER_KIND_COHERENT, .dev = ends->chan,
	};
	uint32_t *const id[] = { &ends->src, &ends->dst };
	struct object buf;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(id) && !err; i++) {
		err = exam_buf_new(exam, &wanted, &buf);
		*id[i] = (uint32_t)object_num(&buf, DMAEXER_A_BUF_ID);
		if (object_has(&buf, DMAEXER_A_BUF_CACHING))
			ends->caching = words_name(&caching_words,
				object_num(&buf, DMAEXER_A_BUF_CACHING));
		object_free(&buf);
	}
	return err;
}

static void pattern_set(struct object *request, uint32_t id, uint64_t pattern,
			uint64_t arg)
{
	object_init(request, &buf_set);
	object_set_num(request, DMAEXER_A_BUF_ID, id);
	object_set_num(request, DMAEXER_A_BUF_PATTERN, pattern);
	object_set_num(request, DMAEXER_A_BUF_PATTERN_ARG, arg);
}

static int fill(struct exam *exam, uint32_t id, uint64_t seed)
{
	struct object request;
	int err;

	pattern_set(&request, id, DMAEXER_PATTERN_RANDOM, seed);
	err = client_buf_fill(exam->client, &request);
	object_free(&request);
	return err;
}

/* Adds the bytes that differ; to look also brings them into the caches. */
static int look(struct exam *exam, uint32_t id, uint64_t seed, uint64_t *wrong)
{
	struct object request;
	struct object result;
	int err;

	object_init(&result, &buf_set);
	pattern_set(&request, id, DMAEXER_PATTERN_RANDOM, seed);
	err = client_buf_check(exam->client, &request, &result);
	*wrong += object_num(&result, DMAEXER_A_BUF_MISMATCHES);
	object_free(&request);
	object_free(&result);
	return err;
}

static int copy(struct exam *exam, const struct ends *ends)
{
	struct object request;
	struct object result;
	int err;

	object_init(&result, &xfer_set);
	object_init(&request, &xfer_set);
	object_set_num(&request, DMAEXER_A_XFER_DEV_ID, ends->chan);
	object_set_num(&request, DMAEXER_A_XFER_SRC, ends->src);
	object_set_num(&request, DMAEXER_A_XFER_DST, ends->dst);
	ctx_clear(exam->ctx, "");
	err = client_xfer_run(exam->client, &request, &result);
	object_free(&request);
	object_free(&result);
	return err;
}

/*
 * The CPU writes the source just before, and has read the destination: what is
 * left in a cache, on the way out or in, shows as bytes that differ.
 */
static int round_run(struct exam *exam, const struct ends *ends,
		     uint64_t round, uint64_t *wrong)
{
	uint64_t ours = 0;
	int err = fill(exam, ends->dst, 2 * round);

	if (!err)
		err = look(exam, ends->dst, 2 * round, &ours);
	if (!err)
		err = fill(exam, ends->src, 2 * round + 1);
	if (!err)
		err = copy(exam, ends);
	if (!err)
		err = look(exam, ends->dst, 2 * round + 1, wrong);
	*wrong += ours;
	return err;
}

static void wrong_judge(struct exam *exam, const struct object *chan,
			const struct ends *ends, uint64_t wrong)
{
	bool coherent = object_num(chan, DMAEXER_A_DEV_CACHE_COHERENT);

	object_set_num(exam->report, VERDICT_CORRUPTED, wrong);
	object_set_num(exam->report, VERDICT_CACHE_COHERENT, coherent);
	exam_note(exam, "%s is %scache-coherent, coherent memory is %s",
		  object_text(chan, DMAEXER_A_DEV_NAME), coherent ? "" : "not ",
		  ends->caching ? ends->caching : "cached in a way that is not known");
	if (!wrong) {
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "%d times %d bytes went from CPU to device to CPU, each as it was written",
			   ROUNDS, SIZE);
		return;
	}
	exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
		   "%" PRIu64 " of %d bytes are not what was written", wrong,
		   ROUNDS * SIZE);
	exam_hint(exam, coherent ?
		  "is the device really coherent? see dma-coherent in its device tree, or _CCA in ACPI" :
		  "CPU and device do not see the same memory");
}

int probe_visibility(struct exam *exam)
{
	struct ends ends = { 0 };
	struct object chan;
	uint64_t wrong = 0;
	int err = channel_take(exam, &chan);

	ends.chan = (uint32_t)object_num(&chan, DMAEXER_A_DEV_ID);
	if (!err)
		err = ends_new(exam, &ends);
	for (uint64_t i = 0; i < ROUNDS && !err; i++) {
		err = exam_pause(exam);
		if (!err)
			err = round_run(exam, &ends, i, &wrong);
	}
	if (!err)
		wrong_judge(exam, &chan, &ends, wrong);
	else if (err == -ENOENT && exam->judged)
		err = 0;
	object_free(&chan);
	return err;
}
