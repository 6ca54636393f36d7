// SPDX-License-Identifier: GPL-2.0
/* What becomes of DMA attributes, and of memory that nobody zeroes. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel.h"
#include "names.h"
#include "probe.h"

/* Several pages: one page is contiguous whatever was asked. */
#define ATTR_SIZE (64 << 10)

/* A block that the facts of other platforms are known of, and how many. */
#define STALE_SIZE (256 << 10)
#define STALE_BUFS 64

/**
 * struct honours - what came of the attributes
 * @honoured: observed to take effect
 * @ignored: observed to have none
 * @refused: not allocated at all
 * @traceless: nothing to be seen of them
 * @broken: promised, and not kept
 */
struct honours {
	uint64_t honoured;
	uint64_t ignored;
	uint64_t refused;
	uint64_t traceless;
	uint64_t broken;
};

static void attr_look(const struct object *buf, uint64_t attr,
		      struct honours *found)
{
	if (audit_verdict(buf, DMAEXER_CHECK_ATTRS) ==
	    DMAEXER_VERDICT_VIOLATED)
		found->broken |= attr;
	if (object_num(buf, DMAEXER_A_BUF_ATTRS_HONOURED) & attr)
		found->honoured |= attr;
	else if (object_num(buf, DMAEXER_A_BUF_ATTRS_IGNORED) & attr)
		found->ignored |= attr;
	else
		found->traceless |= attr;
}

/* Asks for one attribute alone. */
static int attr_ask(struct exam *exam, const struct word *attr,
		    struct honours *found)
{
	const struct wanted wanted = {
		.size = ATTR_SIZE, .attrs = (uint32_t)attr->value,
		.kind = attr->value == DMAEXER_ATTR_NO_KERNEL_MAPPING ?
			DMAEXER_KIND_HANDLE : DMAEXER_KIND_COHERENT,
	};
	struct object buf;
	int err = exam_buf_new(exam, &wanted, &buf);

	if (!err) {
		attr_look(&buf, attr->value, found);
		err = exam_buf_del(exam);
	} else if (exam_is_short(err) || err == -EOPNOTSUPP) {
		found->refused |= attr->value;
		exam_note(exam, "%s refused, %s", attr->name,
			  error_name(-err));
		err = 0;
	}
	object_free(&buf);
	return err;
}

static void attrs_note(struct exam *exam, unsigned int field, const char *what,
		       uint64_t attrs)
{
	struct object flags;
	char text[256];

	if (field)
		object_set_num(exam->report, field, attrs);
	if (!attrs)
		return;
	object_init(&flags, &buf_set);
	object_set_num(&flags, DMAEXER_A_BUF_ATTRS, attrs);
	exam_note(exam, "%s %s",
		  object_render(&flags, DMAEXER_A_BUF_ATTRS, text,
				sizeof(text)), what);
	object_free(&flags);
}

/* What is refused without an attribute too, no attribute is refused for. */
static int plain_ask(struct exam *exam)
{
	const struct wanted wanted = {
		.size = ATTR_SIZE, .kind = DMAEXER_KIND_COHERENT,
		.attrs = DMAEXER_ATTR_NO_WARN,
	};
	struct object buf;
	int err = exam_buf_new(exam, &wanted, &buf);

	object_free(&buf);
	if (exam_is_short(err))
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "%d bytes are refused without an attribute too: %s",
			   ATTR_SIZE, exam->ctx->error.text);
	return err ? err : exam_buf_del(exam);
}

int probe_attributes(struct exam *exam)
{
	struct honours found = { 0 };
	int err = plain_ask(exam);

	if (exam_is_short(err))
		return 0;
	for (size_t i = 0; i < attr_words.count && !err; i++)
		err = attr_ask(exam, &attr_words.word[i], &found);
	if (err)
		return err;
	attrs_note(exam, VERDICT_ATTRS_HONOURED, "honoured", found.honoured);
	attrs_note(exam, VERDICT_ATTRS_IGNORED, "ignored without a word",
		   found.ignored);
	object_set_num(exam->report, VERDICT_ATTRS_REFUSED, found.refused);
	attrs_note(exam, 0, "without a trace", found.traceless);
	if (found.broken)
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "force-contiguous memory is not contiguous");
	else
		exam_judge(exam, found.ignored ? DMAEXER_VERDICT_DEVIATION :
			   found.honoured ? DMAEXER_VERDICT_HOLDS :
			   DMAEXER_VERDICT_NOT_APPLICABLE,
			   "each was asked for alone");
	if (found.ignored)
		exam_hint(exam, "attributes are wishes (Documentation/core-api/dma-attributes.rst): do not rely on those that are ignored");
	if (found.honoured & DMAEXER_ATTR_NO_KERNEL_MAPPING)
		exam_hint(exam, "the linear map stays: no-kernel-mapping protects nothing from the CPU");
	return 0;
}

static const char *init_text(enum auto_init init)
{
	static const char *const texts[] = {
		[AUTO_INIT_UNKNOWN] = "unknown", [AUTO_INIT_OFF] = "0",
		[AUTO_INIT_ON] = "1",
	};

	return texts[init];
}

/**
 * struct stale - memory that came back dirty
 * @looked: bytes that somebody looked at
 * @most: most stale bytes of one buffer
 * @unmapped: without a kernel mapping
 * @reason: why nobody looked, or why there was no buffer, or empty
 */
struct stale {
	uint64_t looked;
	uint64_t most;
	bool unmapped;
	char reason[128];
};

static void stale_look(const struct object *buf, struct stale *stale)
{
	uint64_t bytes = object_num(buf, DMAEXER_A_BUF_STALE_BYTES);

	stale->unmapped = object_num(buf, DMAEXER_A_BUF_MAPPING) ==
			  DMAEXER_MAPPING_NONE;
	if (!object_has(buf, DMAEXER_A_BUF_STALE_BYTES)) {
		snprintf(stale->reason, sizeof(stale->reason), "%s",
			 audit_reason(buf, DMAEXER_CHECK_CONTENTS));
		return;
	}
	stale->looked += STALE_SIZE;
	stale->most = bytes > stale->most ? bytes : stale->most;
}

/* As many buffers at once as there are, or none, and what they were made of. */
static int bufs_look(struct exam *exam, uint32_t kind, bool dirty,
		     struct stale *stale)
{
	const struct wanted wanted = {
		.size = STALE_SIZE, .kind = kind, .dirty = dirty,
	};
	struct object buf;
	int err = 0;

	for (int i = 0; i < STALE_BUFS && !err; i++) {
		err = exam_buf_new(exam, &wanted, &buf);
		if (!err && stale)
			stale_look(&buf, stale);
		object_free(&buf);
	}
	if (exam_is_short(err)) {
		if (!exam->bufs && stale)
			snprintf(stale->reason, sizeof(stale->reason),
				 "%.120s", exam->ctx->error.text);
		err = 0;
	}
	return err ? err : exam_bufs_del(exam, 0);
}

static void mapped_judge(struct exam *exam, const struct stale *stale)
{
	if (!stale->looked)
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "of coherent buffers nobody can tell: %s",
			   stale->reason);
	else if (stale->most)
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "%" PRIu64 " of %d bytes of a coherent buffer are stale",
			   stale->most, STALE_SIZE);
	else
		exam_note(exam, "coherent buffers are zeroed");
}

static void handle_judge(struct exam *exam, const struct stale *stale,
			 enum auto_init on_alloc, enum auto_init on_free)
{
	bool zeroed = on_alloc == AUTO_INIT_ON || on_free == AUTO_INIT_ON;

	if (!stale->looked) {
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "of a handle nobody can tell: %s", stale->reason);
	} else if (stale->most && stale->unmapped) {
		exam_judge(exam, DMAEXER_VERDICT_DEVIATION,
			   "%" PRIu64 " of %d bytes of a handle are stale: dma-direct returns before it zeroes what it does not map (kernel/dma/direct.c)",
			   stale->most, STALE_SIZE);
		exam_hint(exam, "boot with init_on_alloc=1, or have the device write a handle before anybody reads it");
	} else if (stale->most) {
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "%" PRIu64 " of %d bytes of a handle are stale",
			   stale->most, STALE_SIZE);
	} else if (!stale->unmapped || zeroed) {
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "0 of %d bytes of a handle are stale, %s",
			   STALE_SIZE, stale->unmapped ?
			   "by virtue of the page allocator" :
			   "which has a kernel mapping");
	} else {
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "no dirty page came back in a handle");
	}
	if (stale->unmapped && !stale->most && zeroed)
		exam_hint(exam, "with init_on_alloc=0 handles have what was there before");
}

int probe_stale(struct exam *exam)
{
	enum auto_init on_alloc = auto_init("init_on_alloc");
	enum auto_init on_free = auto_init("init_on_free");
	struct stale mapped = { 0 };
	struct stale handle = { 0 };
	int err;

	err = bufs_look(exam, DMAEXER_KIND_COHERENT, true, NULL);
	if (!err)
		err = bufs_look(exam, DMAEXER_KIND_COHERENT, false, &mapped);
	if (!err)
		err = bufs_look(exam, DMAEXER_KIND_COHERENT, true, NULL);
	if (!err)
		err = bufs_look(exam, DMAEXER_KIND_HANDLE, false, &handle);
	if (err)
		return err;
	exam_note(exam, "init_on_alloc=%s, init_on_free=%s",
		  init_text(on_alloc), init_text(on_free));
	if (on_alloc != AUTO_INIT_UNKNOWN)
		object_set_num(exam->report, VERDICT_INIT_ON_ALLOC,
			       on_alloc == AUTO_INIT_ON);
	object_set_num(exam->report, VERDICT_SIZE, STALE_SIZE);
	if (handle.looked)
		object_set_num(exam->report, VERDICT_STALE_BYTES, handle.most);
	mapped_judge(exam, &mapped);
	handle_judge(exam, &handle, on_alloc, on_free);
	return 0;
}
