// SPDX-License-Identifier: GPL-2.0
/* What the probes share, and what each leaves behind: nothing. */
#include "probe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "borrow.h"

static const struct word names[] = {
	{ "backend", PROBE_BACKEND },
	{ "attributes", PROBE_ATTRIBUTES },
	{ "stale", PROBE_STALE },
	{ "masks", PROBE_MASKS },
	{ "alignment", PROBE_ALIGNMENT },
	{ "largest", PROBE_LARGEST },
	{ "exhaust", PROBE_EXHAUST },
	{ "protection", PROBE_PROTECTION },
	{ "visibility", PROBE_VISIBILITY },
};

const struct words probe_words = { names, ARRAY_SIZE(names) };

static int (*const probes[])(struct exam *exam) = {
	[PROBE_BACKEND] = probe_backend,
	[PROBE_ATTRIBUTES] = probe_attributes,
	[PROBE_STALE] = probe_stale,
	[PROBE_MASKS] = probe_masks,
	[PROBE_ALIGNMENT] = probe_alignment,
	[PROBE_LARGEST] = probe_largest,
	[PROBE_EXHAUST] = probe_exhaust,
	[PROBE_PROTECTION] = probe_protection,
	[PROBE_VISIBILITY] = probe_visibility,
};

_Static_assert(ARRAY_SIZE(names) == PROBES, "each probe has a name");
_Static_assert(ARRAY_SIZE(probes) == PROBES, "each probe has a function");

static void clause_add(char *text, size_t size, const char *format,
		       va_list args)
{
	size_t len = strlen(text);

	if (len && len < size - 2) {
		memcpy(text + len, "; ", 3);
		len += 2;
	}
	vsnprintf(text + len, size - len, format, args);
}

void exam_judge(struct exam *exam, enum dmaexer_verdict verdict,
		const char *format, ...)
{
	static const unsigned char rank[] = {
		[DMAEXER_VERDICT_NOT_APPLICABLE] = 0,
		[DMAEXER_VERDICT_HOLDS] = 1,
		[DMAEXER_VERDICT_DEVIATION] = 2,
		[DMAEXER_VERDICT_VIOLATED] = 3,
	};
	uint64_t before = object_num(exam->report, VERDICT_VERDICT);
	va_list args;

	va_start(args, format);
	clause_add(exam->evidence, sizeof(exam->evidence), format, args);
	va_end(args);
	if (!exam->judged || rank[verdict] > rank[before])
		object_set_num(exam->report, VERDICT_VERDICT, verdict);
	exam->judged = true;
}

void exam_note(struct exam *exam, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	clause_add(exam->evidence, sizeof(exam->evidence), format, args);
	va_end(args);
}

void exam_hint(struct exam *exam, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	clause_add(exam->hint, sizeof(exam->hint), format, args);
	va_end(args);
}

void exam_judge_none(struct exam *exam, int err)
{
	exam_judge(exam, err == -ENOSPC ? DMAEXER_VERDICT_NOT_APPLICABLE :
					  DMAEXER_VERDICT_VIOLATED,
		   "not a page can be allocated: %s", exam->ctx->error.text);
	if (err == -ENOMEM && exam_behind_iommu(exam) &&
	    exam_fact(exam, DMAEXER_A_DEV_COHERENT_MASK) <= UINT32_MAX)
		exam_hint(exam, "an IOMMU domain refuses all at or below 32 bits once such an allocation failed: see \"probe masks\"");
}

uint64_t exam_fact(const struct exam *exam, unsigned int attr)
{
	return object_num(&exam->dev, attr);
}

bool exam_behind_iommu(const struct exam *exam)
{
	return exam_fact(exam, DMAEXER_A_DEV_BACKEND) ==
	       DMAEXER_BACKEND_IOMMU;
}

bool exam_is_short(int err)
{
	return err == -ENOMEM || err == -ENOSPC;
}

int exam_pause(struct exam *exam)
{
	if (!signal_caught)
		return 0;
	return error_set(&exam->ctx->error, EINTR, "stopped by a signal");
}

const char *size_text(uint64_t size, char *buf, size_t room)
{
	static const char units[] = "kMG";
	const char *unit = NULL;

	for (const char *u = units; *u && size && !(size & 1023); u++) {
		size >>= 10;
		unit = u;
	}
	snprintf(buf, room, "%" PRIu64 "%.1s", size, unit ? unit : "");
	return buf;
}

static int buf_keep(struct exam *exam, uint32_t id)
{
	if (exam->bufs == exam->room) {
		size_t room = exam->room ? 2 * exam->room : 64;
		uint32_t *grown = reallocarray(exam->buf, room,
					       sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		exam->buf = grown;
		exam->room = room;
	}
	exam->buf[exam->bufs++] = id;
	return 0;
}

int exam_buf_new(struct exam *exam, const struct wanted *wanted,
		 struct object *buf)
{
	struct object request;
	int err;

	object_init(buf, &buf_set);
	err = exam_pause(exam);
	if (err)
		return err;
	object_init(&request, &buf_set);
	object_set_num(&request, DMAEXER_A_BUF_DEV_ID,
		       wanted->dev ? wanted->dev : exam->id);
	object_set_num(&request, DMAEXER_A_BUF_KIND, wanted->kind);
	object_set_num(&request, DMAEXER_A_BUF_COUNT, wanted->size);
	object_set_num(&request, DMAEXER_A_BUF_ATTRS, wanted->attrs);
	object_set_num(&request, DMAEXER_A_BUF_OWNED, 1);
	if (wanted->dirty) {
		object_set_num(&request, DMAEXER_A_BUF_PATTERN,
			       DMAEXER_PATTERN_BYTE);
		object_set_num(&request, DMAEXER_A_BUF_PATTERN_ARG, 0x5a);
	}
	ctx_clear(exam->ctx, "");
	err = client_buf_new(exam->client, &request, buf);
	object_free(&request);
	if (!err)
		err = buf_keep(exam, (uint32_t)object_num(buf,
							  DMAEXER_A_BUF_ID));
	return err;
}

int exam_buf_del(struct exam *exam)
{
	return client_buf_del(exam->client, exam->buf[--exam->bufs]);
}

int exam_bufs_del(struct exam *exam, size_t keep)
{
	int first = 0;

	while (exam->bufs > keep) {
		int err = exam_buf_del(exam);

		first = first ? first : err;
	}
	return first;
}

int exam_dev_new(struct exam *exam, const char *channel)
{
	struct object request;
	struct object dev;
	int err = 0;

	object_init(&request, &dev_set);
	object_init(&dev, &dev_set);
	object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	if (channel)
		err = object_set_text(&request, DMAEXER_A_DEV_CHANNEL,
				      channel);
	ctx_clear(exam->ctx, "");
	if (!err)
		err = client_dev_new(exam->client, &request, &dev);
	if (!err)
		exam->made = (uint32_t)object_num(&dev, DMAEXER_A_DEV_ID);
	object_free(&request);
	object_free(&dev);
	return err;
}

int exam_dev_del(struct exam *exam)
{
	uint32_t id = exam->made;

	exam->made = 0;
	return id ? client_dev_del(exam->client, id) : 0;
}

int exam_mask(struct exam *exam, unsigned int bits, struct object *dev)
{
	struct object request;
	int err;

	object_init(&request, &dev_set);
	object_set_num(&request, DMAEXER_A_DEV_ID, exam->id);
	object_set_num(&request, DMAEXER_A_DEV_DMA_MASK_BITS, bits);
	object_set_num(&request, DMAEXER_A_DEV_COHERENT_MASK_BITS, bits);
	object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	if (exam->bufs)
		object_set_num(&request, DMAEXER_A_DEV_FORCE, 1);
	ctx_clear(exam->ctx, "");
	err = client_dev_set(exam->client, &request, dev);
	/* Who else has the limits is not to be set right. */
	exam->masked = exam->masked || err != -EBUSY;
	object_free(&request);
	return err;
}

/* What is not there any more is undone. */
static bool is_gone(int err)
{
	return err == -ENOENT || err == -ENODEV;
}

/* By force, and where a scenario has set them, they stay its own. */
static int masks_undo(const struct exam *exam)
{
	struct borrow borrow = { .taken = true, .before = exam->dev };
	bool owned = exam_fact(exam, DMAEXER_A_DEV_LIMITS_OWNER) ==
		     client_port(exam->client);

	return borrow_restore(&borrow, BORROW_FORCE |
			      (owned ? BORROW_OWNED : 0), exam->ctx);
}

/*
 * Each step also where one before it failed. Masks come last, and by force: a
 * buffer that somebody else made meanwhile is no reason to leave them narrow.
 * Who is killed before leaves it to the module.
 * Returns 0, or -errno with what is not undone.
 */
static int exam_undo(struct exam *exam)
{
	const char *name = object_text(&exam->dev, DMAEXER_A_DEV_NAME);
	int left = exam_bufs_del(exam, 0);
	int err = exam_dev_del(exam);
	struct error reason = exam->ctx->error;

	left = left && !is_gone(left) ? left : err;
	err = exam->masked ? masks_undo(exam) : 0;
	if (err)
		reason = exam->ctx->error;
	ctx_clear(exam->ctx, "");
	if (is_gone(err) || (!err && (!left || is_gone(left))))
		return 0;
	return error_set(&exam->ctx->error, err ? -err : -left,
			 "%s %s: %.300s", name, err ?
			 "has not its masks back" :
			 "still has what was made for the probe", reason.text);
}

/* Asks, and undoes what was done for it, which is said where it fails. */
static int exam_hold(struct exam *exam, enum probe_name name)
{
	int err = probes[name](exam);
	struct error *error = &exam->ctx->error;
	struct error asked = *error;
	struct error undone;

	/* It is an attribute of another request than the user's. */
	asked.attr = 0;
	asked.missing = 0;
	ctx_clear(exam->ctx, "");
	if (!exam_undo(exam)) {
		if (err)
			*error = asked;
		return err;
	}
	undone = *error;
	if (!err)
		return -undone.number;
	return error_set(error, asked.number, "%.240s; and %.240s", asked.text,
			 undone.text);
}

static int report_fill(struct exam *exam, enum probe_name name)
{
	struct object *report = exam->report;
	int err;

	if (!exam->judged)
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "nobody looked");
	err = object_set_text(report, VERDICT_DEV_NAME,
			      object_text(&exam->dev, DMAEXER_A_DEV_NAME));
	if (!err)
		err = object_set_text(report, VERDICT_NAME, names[name].name);
	if (!err)
		err = object_set_text(report, VERDICT_EVIDENCE,
				      exam->evidence);
	if (!err && exam->hint[0])
		err = object_set_text(report, VERDICT_HINT, exam->hint);
	return err;
}

int probe_run(struct ctx *ctx, enum probe_name name, uint32_t dev,
	      struct object *report)
{
	struct exam exam = { .ctx = ctx, .id = dev, .report = report };
	int err;

	exam.client = ctx_client(ctx);
	if (!exam.client)
		return -ENOENT;
	object_init(&exam.dev, &dev_set);
	err = client_dev_get(exam.client, dev, &exam.dev);
	if (!err)
		err = exam_hold(&exam, name);
	if (!err)
		err = report_fill(&exam, name);
	object_free(&exam.dev);
	free(exam.buf);
	return err;
}

bool probe_is_violated(const struct object *report)
{
	return object_num(report, VERDICT_VERDICT) ==
	       DMAEXER_VERDICT_VIOLATED;
}
