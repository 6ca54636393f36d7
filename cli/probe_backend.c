// SPDX-License-Identifier: GPL-2.0
/* What serves a device, and why it does not reach everything. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "names.h"
#include "probe.h"

static const struct {
	unsigned int from;
	unsigned int to;
} copied[] = {
	{ DMAEXER_A_DEV_BACKEND, VERDICT_BACKEND },
	{ DMAEXER_A_DEV_DOMAIN, VERDICT_DOMAIN },
	{ DMAEXER_A_DEV_SWIOTLB, VERDICT_SWIOTLB },
	{ DMAEXER_A_DEV_POOL, VERDICT_POOL },
	{ DMAEXER_A_DEV_CACHE_COHERENT, VERDICT_CACHE_COHERENT },
	{ DMAEXER_A_DEV_ADDRESSING_LIMITED, VERDICT_ADDRESSING_LIMITED },
};

static const char *served_by(const struct exam *exam)
{
	uint64_t domain = exam_fact(exam, DMAEXER_A_DEV_DOMAIN);

	if (exam_behind_iommu(exam))
		return domain == DMAEXER_DOMAIN_DMA_FQ ?
		       "IOMMU, lazy (invalidated in batches)" :
		       domain == DMAEXER_DOMAIN_DMA ?
		       "IOMMU, strict (invalidated at each unmap)" : "IOMMU";
	if (exam_fact(exam, DMAEXER_A_DEV_BACKEND) == DMAEXER_BACKEND_OPS)
		return "DMA operations of the architecture or the bus";
	if (domain == DMAEXER_DOMAIN_IDENTITY)
		return "direct, an IOMMU passes everything through (identity)";
	if (domain == DMAEXER_DOMAIN_OTHER)
		return "direct, in an IOMMU domain that is none of the DMA API";
	return "direct, no IOMMU";
}

/* Behind an IOMMU forced or not: drivers/iommu/dma-iommu.c does not ask. */
static const char *bounced_text(const struct exam *exam)
{
	uint64_t swiotlb = exam_fact(exam, DMAEXER_A_DEV_SWIOTLB);

	if (swiotlb == DMAEXER_SWIOTLB_NONE)
		return "no swiotlb";
	if (exam_behind_iommu(exam))
		return "swiotlb bounces parts of pages alone, of devices that are not trusted or not coherent";
	return swiotlb == DMAEXER_SWIOTLB_FORCED ?
	       "swiotlb bounces every streaming mapping" :
	       "swiotlb bounces what is out of reach";
}

static void memory_note(struct exam *exam)
{
	uint64_t pool = exam_fact(exam, DMAEXER_A_DEV_POOL);
	uint64_t offset = exam_fact(exam, DMAEXER_A_DEV_BUS_OFFSET);

	if (pool != DMAEXER_POOL_NONE)
		exam_note(exam, "its allocations come from a %s pool of its own",
			  words_name(&pool_words, pool));
	exam_note(exam, "%s", bounced_text(exam));
	if (offset)
		exam_note(exam, "the bus moves addresses by %" PRId64,
			  (int64_t)offset);
	exam_note(exam, exam_fact(exam, DMAEXER_A_DEV_CACHE_COHERENT) ?
		  "sees the caches of the CPU" :
		  "does not see the caches of the CPU");
}

/* The narrower of streaming mask and bus limit, against what memory needs. */
static void reach_note(struct exam *exam)
{
	uint64_t mask = exam_fact(exam, DMAEXER_A_DEV_DMA_MASK);
	uint64_t limit = exam_fact(exam, DMAEXER_A_DEV_BUS_LIMIT);
	uint64_t required = exam_fact(exam, DMAEXER_A_DEV_REQUIRED_MASK);
	bool by_bus = limit && limit < mask;

	exam_note(exam, "streaming mask 0x%" PRIx64 ", coherent mask 0x%"
		  PRIx64, mask, exam_fact(exam, DMAEXER_A_DEV_COHERENT_MASK));
	if (limit)
		exam_note(exam, "bus limit 0x%" PRIx64, limit);
	if (exam_behind_iommu(exam)) {
		exam_note(exam, "the IOMMU brings all memory below them");
		return;
	}
	if (!exam_fact(exam, DMAEXER_A_DEV_ADDRESSING_LIMITED))
		return;
	exam_note(exam, "addressing is limited by the %s: memory needs 0x%"
		  PRIx64, by_bus ? "bus" : "mask", required);
	if (exam_fact(exam, DMAEXER_A_DEV_SWIOTLB) == DMAEXER_SWIOTLB_NONE)
		exam_hint(exam, "what is out of reach cannot be mapped: there is neither IOMMU nor swiotlb");
	else
		exam_hint(exam, "mappings of what is out of reach are copied; %s",
			  by_bus ? "the bus (dma-ranges) is what limits it" :
			  "a wider mask, if the device can, avoids that");
}

/* What sysfs says of the IOMMU group, which is not our module's word. */
static void group_check(struct exam *exam)
{
	static const char *const types[] = {
		[DMAEXER_DOMAIN_IDENTITY] = "identity",
		[DMAEXER_DOMAIN_DMA] = "DMA",
		[DMAEXER_DOMAIN_DMA_FQ] = "DMA-FQ",
		[DMAEXER_DOMAIN_OTHER] = NULL,
	};
	uint64_t domain = exam_fact(exam, DMAEXER_A_DEV_DOMAIN);
	uint64_t group = exam_fact(exam, DMAEXER_A_DEV_IOMMU_GROUP);
	char type[32];

	if (!object_has(&exam->dev, DMAEXER_A_DEV_IOMMU_GROUP) ||
	    domain >= ARRAY_SIZE(types) || !types[domain] ||
	    iommu_group_type((uint32_t)group, type, sizeof(type)))
		return;
	if (strcmp(type, types[domain]) != 0)
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "but sysfs says that IOMMU group %" PRIu64 " is %s",
			   group, type);
	else
		exam_note(exam, "IOMMU group %" PRIu64 " is %s", group, type);
}

static void page_judge(struct exam *exam, const struct object *buf)
{
	uint64_t backing = audit_verdict(buf, DMAEXER_CHECK_BACKING);

	if (backing == DMAEXER_VERDICT_VIOLATED)
		exam_judge(exam, DMAEXER_VERDICT_VIOLATED,
			   "a page at 0x%" PRIx64 " is not what the CPU sees: %s",
			   object_num(buf, DMAEXER_A_BUF_DMA_ADDR),
			   audit_reason(buf, DMAEXER_CHECK_BACKING));
	else if (backing == DMAEXER_VERDICT_HOLDS)
		exam_judge(exam, DMAEXER_VERDICT_HOLDS,
			   "a page at 0x%" PRIx64 " is the one that the CPU sees",
			   object_num(buf, DMAEXER_A_BUF_DMA_ADDR));
	else
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE,
			   "a page is there, and where 0x%" PRIx64 " leads cannot be told",
			   object_num(buf, DMAEXER_A_BUF_DMA_ADDR));
}

int probe_backend(struct exam *exam)
{
	const struct wanted page = {
		.size = (uint64_t)sysconf(_SC_PAGESIZE),
		.kind = DMAEXER_KIND_COHERENT,
	};
	struct object buf;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(copied); i++)
		object_set_num(exam->report, copied[i].to,
			       exam_fact(exam, copied[i].from));
	exam_note(exam, "%s", served_by(exam));
	group_check(exam);
	memory_note(exam);
	reach_note(exam);
	err = exam_buf_new(exam, &page, &buf);
	if (!err)
		page_judge(exam, &buf);
	object_free(&buf);
	if (!exam_is_short(err))
		return err;
	exam_judge_none(exam, err);
	return 0;
}
