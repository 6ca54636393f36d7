// SPDX-License-Identifier: GPL-2.0
/* The attribute sets of the specification, and the command's own. */
#include "object.h"

#include <linux/dmaexer.h>

#include "names.h"

#define ROW(wire, paper) .type = ATTR_##wire, .form = FORM_##paper
#define WORD(list) ROW(U32, WORD), .words = &(list)
#define FLAGS(list) ROW(U32, FLAGS), .words = &(list)
#define COLUMN .column = COLUMN_WHOLE
#define CUT .column = COLUMN_CUT
#define WRAP .column = COLUMN_WRAP

static const struct attr dev_attrs[] = {
	[DMAEXER_A_DEV_ID] = { .name = "id", ROW(U32, DEC), COLUMN },
	[DMAEXER_A_DEV_NAME] = { .name = "name", ROW(STRING, DEC), COLUMN },
	[DMAEXER_A_DEV_BUS] = { .name = "bus", ROW(STRING, DEC), COLUMN },
	[DMAEXER_A_DEV_VIRTUAL] = { .name = "virtual", ROW(U8, BOOL) },
	[DMAEXER_A_DEV_CHANNEL] = { .name = "channel", ROW(STRING, DEC) },
	[DMAEXER_A_DEV_OWNED] = { .name = "owned", ROW(FLAG, BOOL) },
	[DMAEXER_A_DEV_OWNER] = { .name = "owner", ROW(U32, DEC) },
	[DMAEXER_A_DEV_BACKEND] = {
		.name = "backend", WORD(backend_words), COLUMN
	},
	[DMAEXER_A_DEV_DOMAIN] = {
		.name = "domain", WORD(domain_words), COLUMN
	},
	[DMAEXER_A_DEV_IOMMU_GROUP] = { .name = "iommu-group", ROW(U32, DEC) },
	[DMAEXER_A_DEV_CACHE_COHERENT] = {
		.name = "cache-coherent", ROW(U8, BOOL)
	},
	[DMAEXER_A_DEV_DMA_MASK_BITS] = {
		.name = "dma-mask-bits", ROW(U32, DEC)
	},
	[DMAEXER_A_DEV_COHERENT_MASK_BITS] = {
		.name = "coherent-mask-bits", ROW(U32, DEC)
	},
	[DMAEXER_A_DEV_FORCE] = { .name = "force", ROW(FLAG, BOOL) },
	[DMAEXER_A_DEV_BUFS_OUTSIDE] = { .name = "bufs-outside", ROW(U32, DEC) },
	[DMAEXER_A_DEV_DMA_MASK] = { .name = "dma-mask", ROW(U64, HEX) },
	[DMAEXER_A_DEV_COHERENT_MASK] = {
		.name = "coherent-mask", ROW(U64, HEX), COLUMN
	},
	[DMAEXER_A_DEV_BUS_LIMIT] = { .name = "bus-limit", ROW(U64, HEX) },
	[DMAEXER_A_DEV_BUS_OFFSET] = { .name = "bus-offset", ROW(S64, DEC) },
	[DMAEXER_A_DEV_REQUIRED_MASK] = {
		.name = "required-mask", ROW(U64, HEX)
	},
	[DMAEXER_A_DEV_ADDRESSING_LIMITED] = {
		.name = "addressing-limited", ROW(U8, BOOL)
	},
	[DMAEXER_A_DEV_MAX_MAPPING_SIZE] = {
		.name = "max-mapping-size", ROW(U64, LIMIT)
	},
	[DMAEXER_A_DEV_OPT_MAPPING_SIZE] = {
		.name = "opt-mapping-size", ROW(U64, LIMIT)
	},
	[DMAEXER_A_DEV_MAX_SEG_SIZE] = {
		.name = "max-seg-size", ROW(U32, DEC)
	},
	[DMAEXER_A_DEV_SEG_BOUNDARY] = {
		.name = "seg-boundary", ROW(U64, HEX)
	},
	[DMAEXER_A_DEV_MERGE_BOUNDARY] = {
		.name = "merge-boundary", ROW(U64, HEX)
	},
	[DMAEXER_A_DEV_CACHE_ALIGNMENT] = {
		.name = "cache-alignment", ROW(U32, DEC)
	},
	[DMAEXER_A_DEV_ADDR_SIZE] = { .name = "addr-size", ROW(U32, DEC) },
	[DMAEXER_A_DEV_NUMA_NODE] = { .name = "numa-node", ROW(S32, DEC) },
	[DMAEXER_A_DEV_SWIOTLB] = { .name = "swiotlb", WORD(swiotlb_words) },
	[DMAEXER_A_DEV_POOL] = { .name = "pool", WORD(pool_words) },
	[DMAEXER_A_DEV_QUOTA_BYTES] = { .name = "quota-bytes", ROW(U64, DEC) },
	[DMAEXER_A_DEV_QUOTA_BUFS] = { .name = "quota-bufs", ROW(U32, DEC) },
	[DMAEXER_A_DEV_LIVE_BYTES] = { .name = "live-bytes", ROW(U64, DEC) },
	[DMAEXER_A_DEV_LIVE_BUFS] = {
		.name = "live-bufs", ROW(U32, DEC), COLUMN
	},
	[DMAEXER_A_DEV_TOTAL_BUFS] = { .name = "total-bufs", ROW(U64, DEC) },
	[DMAEXER_A_DEV_VIOLATIONS] = {
		.name = "violations", ROW(U64, DEC), COLUMN
	},
	[DMAEXER_A_DEV_XFER_OWNER] = { .name = "xfer-owner", ROW(U32, DEC) },
	[DMAEXER_A_DEV_XFER_LENGTH] = {
		.name = "xfer-length", ROW(U64, DEC)
	},
	[DMAEXER_A_DEV_XFER_DONE] = { .name = "xfer-done", ROW(U64, DEC) },
	[DMAEXER_A_DEV_COPY_ALIGN] = { .name = "copy-align", ROW(U32, DEC) },
	[DMAEXER_A_DEV_LIMITS_OWNER] = {
		.name = "limits-owner", ROW(U32, DEC)
	},
};

const struct attr_set dev_set = {
	"devices", dev_attrs, ARRAY_SIZE(dev_attrs)
};

/* What is told of a buffer while it is there, and of what is kept of it. */
#define BUF_FACTS \
	[DMAEXER_A_BUF_ID] = { .name = "id", ROW(U32, DEC), COLUMN }, \
	[DMAEXER_A_BUF_DEV_ID] = { .name = "dev-id", ROW(U32, DEC) }, \
	[DMAEXER_A_BUF_DEV_NAME] = { \
		.name = "dev-name", ROW(STRING, DEC), COLUMN \
	}, \
	[DMAEXER_A_BUF_KIND] = { .name = "kind", WORD(kind_words), COLUMN }, \
	[DMAEXER_A_BUF_LABEL] = { .name = "label", ROW(STRING, DEC), CUT }, \
	[DMAEXER_A_BUF_ELEM_SIZE] = { .name = "elem-size", ROW(U64, DEC) }, \
	[DMAEXER_A_BUF_COUNT] = { .name = "count", ROW(U64, DEC) }, \
	[DMAEXER_A_BUF_SIZE] = { .name = "size", ROW(U64, DEC), COLUMN }, \
	[DMAEXER_A_BUF_ATTRS] = { .name = "attrs", FLAGS(attr_words), CUT }, \
	[DMAEXER_A_BUF_GFP] = { .name = "gfp", WORD(gfp_words) }, \
	[DMAEXER_A_BUF_OWNED] = { .name = "owned", ROW(FLAG, BOOL) }, \
	[DMAEXER_A_BUF_OWNER] = { .name = "owner", ROW(U32, DEC) }, \
	[DMAEXER_A_BUF_DMA_ADDR] = { \
		.name = "dma-addr", ROW(U64, HEX), COLUMN \
	}, \
	[DMAEXER_A_BUF_MAPPING] = { .name = "mapping", WORD(mapping_words) }, \
	[DMAEXER_A_BUF_CACHING] = { .name = "caching", WORD(caching_words) }, \
	[DMAEXER_A_BUF_CONTIGUOUS] = { .name = "contiguous", ROW(U8, BOOL) }, \
	[DMAEXER_A_BUF_ATTRS_HONOURED] = { \
		.name = "attrs-honoured", FLAGS(attr_words) \
	}, \
	[DMAEXER_A_BUF_ATTRS_IGNORED] = { \
		.name = "attrs-ignored", FLAGS(attr_words) \
	}, \
	[DMAEXER_A_BUF_STALE_BYTES] = { .name = "stale-bytes", ROW(U64, DEC) }, \
	[DMAEXER_A_BUF_AUDIT] = { \
		.name = "audit", ROW(AUDIT, WORD), .words = &verdict_words, COLUMN \
	}, \
	[DMAEXER_A_BUF_CPU_ALIGNMENT] = { \
		.name = "cpu-alignment", ROW(U64, DEC) \
	}, \
	[DMAEXER_A_BUF_SHAPE] = { .name = "shape", WORD(shape_words) }, \
	[DMAEXER_A_BUF_PAGE_OFFSET] = { .name = "page-offset", ROW(U32, DEC) }, \
	[DMAEXER_A_BUF_DIRECTION] = { \
		.name = "direction", WORD(direction_words) \
	}, \
	[DMAEXER_A_BUF_SEGMENTS] = { .name = "segments", ROW(U32, DEC) }, \
	[DMAEXER_A_BUF_ALIGN] = { .name = "align", ROW(U64, DEC) }, \
	[DMAEXER_A_BUF_BOUNDARY] = { .name = "boundary", ROW(U64, DEC) }, \
	[DMAEXER_A_BUF_FREED_BY] = { \
		.name = "freed-by", WORD(freed_by_words) \
	}

static const struct attr buf_attrs[] = {
	BUF_FACTS,
	[DMAEXER_A_BUF_WARN] = { .name = "warn", ROW(FLAG, BOOL) },
	[DMAEXER_A_BUF_PATTERN] = { .name = "pattern", WORD(pattern_words) },
	[DMAEXER_A_BUF_PATTERN_ARG] = { .name = "pattern-arg", ROW(U64, DEC) },
	[DMAEXER_A_BUF_DATA] = { .name = "data", ROW(BYTES, HEX) },
	[DMAEXER_A_BUF_INDEX] = { .name = "index", ROW(U64, DEC) },
	[DMAEXER_A_BUF_OFFSET] = { .name = "offset", ROW(U64, DEC) },
	[DMAEXER_A_BUF_LENGTH] = { .name = "length", ROW(U64, DEC) },
	[DMAEXER_A_BUF_WIDTH] = { .name = "width", ROW(U32, DEC) },
	[DMAEXER_A_BUF_VALUE] = { .name = "value", ROW(U64, HEX) },
	[DMAEXER_A_BUF_MISMATCHES] = { .name = "mismatches", ROW(U64, DEC) },
	[DMAEXER_A_BUF_FIRST_MISMATCH] = {
		.name = "first-mismatch", ROW(U64, DEC)
	},
	[DMAEXER_A_BUF_EXPECTED] = { .name = "expected", ROW(U8, HEX) },
	[DMAEXER_A_BUF_ACTUAL] = { .name = "actual", ROW(U8, HEX) },
	[DMAEXER_A_BUF_KEEP] = { .name = "keep", ROW(FLAG, BOOL) },
	[DMAEXER_A_BUF_LOST] = { .name = "lost", ROW(STRING, DEC) },
};

const struct attr_set buf_set = {
	"buffers", buf_attrs, ARRAY_SIZE(buf_attrs)
};

static const struct attr postmortem_attrs[] = {
	BUF_FACTS,
	[DMAEXER_A_BUF_OFFSET] = { .name = "offset", ROW(U64, DEC) },
	[DMAEXER_A_BUF_LENGTH] = { .name = "length", ROW(U64, DEC) },
	[DMAEXER_A_BUF_LOST] = { .name = "lost", ROW(STRING, DEC), CUT },
};

const struct attr_set postmortem_set = {
	"postmortems", postmortem_attrs, ARRAY_SIZE(postmortem_attrs)
};

static const struct attr xfer_attrs[] = {
	[DMAEXER_A_XFER_DEV_ID] = { .name = "dev-id", ROW(U32, DEC) },
	[DMAEXER_A_XFER_DEV_NAME] = { .name = "dev-name", ROW(STRING, DEC) },
	[DMAEXER_A_XFER_SRC] = { .name = "src", ROW(U32, DEC) },
	[DMAEXER_A_XFER_SRC_OFFSET] = { .name = "src-offset", ROW(U64, DEC) },
	[DMAEXER_A_XFER_DST] = { .name = "dst", ROW(U32, DEC) },
	[DMAEXER_A_XFER_DST_OFFSET] = { .name = "dst-offset", ROW(U64, DEC) },
	[DMAEXER_A_XFER_LENGTH] = { .name = "length", ROW(U64, DEC) },
	[DMAEXER_A_XFER_TIMEOUT_MS] = { .name = "timeout-ms", ROW(U32, DEC) },
	[DMAEXER_A_XFER_TIME_NS] = { .name = "time-ns", ROW(U64, DEC) },
	[DMAEXER_A_XFER_COMPARED] = {
		.name = "compared", WORD(compared_words)
	},
	[DMAEXER_A_XFER_NOT_COPIED] = { .name = "not-copied", ROW(U64, DEC) },
	[DMAEXER_A_XFER_CORRUPTED] = { .name = "corrupted", ROW(U64, DEC) },
	[DMAEXER_A_XFER_OVERRUN] = { .name = "overrun", ROW(U64, DEC) },
	[DMAEXER_A_XFER_FIRST_MISMATCH] = {
		.name = "first-mismatch", ROW(U64, DEC)
	},
	[DMAEXER_A_XFER_EXPECTED] = { .name = "expected", ROW(U8, HEX) },
	[DMAEXER_A_XFER_ACTUAL] = { .name = "actual", ROW(U8, HEX) },
};

const struct attr_set xfer_set = {
	"transfers", xfer_attrs, ARRAY_SIZE(xfer_attrs)
};

static const struct attr protect_attrs[] = {
	[DMAEXER_A_PROTECT_DEV_ID] = { .name = "dev-id", ROW(U32, DEC) },
	[DMAEXER_A_PROTECT_DEV_NAME] = {
		.name = "dev-name", ROW(STRING, DEC)
	},
	[DMAEXER_A_PROTECT_CASE] = {
		.name = "case", WORD(protect_case_words)
	},
	[DMAEXER_A_PROTECT_OUTCOME] = {
		.name = "outcome", WORD(outcome_words)
	},
	[DMAEXER_A_PROTECT_REASON] = { .name = "reason", ROW(STRING, DEC) },
	[DMAEXER_A_PROTECT_ADDR] = { .name = "addr", ROW(U64, HEX) },
	[DMAEXER_A_PROTECT_WINDOW_NS] = { .name = "window-ns", ROW(U64, DEC) },
	[DMAEXER_A_PROTECT_STOPPED_NS] = {
		.name = "stopped-ns", ROW(U64, DEC)
	},
};

const struct attr_set protect_set = {
	"protections", protect_attrs, ARRAY_SIZE(protect_attrs)
};

static const struct attr fault_attrs[] = {
	[DMAEXER_A_FAULT_OP] = { .name = "op", WORD(fault_op_words), COLUMN },
	[DMAEXER_A_FAULT_NTH] = { .name = "nth", ROW(U32, DEC), COLUMN },
	[DMAEXER_A_FAULT_TIMES] = { .name = "times", ROW(U32, DEC), COLUMN },
	[DMAEXER_A_FAULT_ERRNO] = {
		.name = "errno", WORD(errno_words), COLUMN
	},
	[DMAEXER_A_FAULT_OWNED] = { .name = "owned", ROW(FLAG, BOOL) },
	[DMAEXER_A_FAULT_OWNER] = { .name = "owner", ROW(U32, DEC), COLUMN },
	[DMAEXER_A_FAULT_PASSED] = { .name = "passed", ROW(U64, DEC), COLUMN },
	[DMAEXER_A_FAULT_FAILED] = { .name = "failed", ROW(U64, DEC), COLUMN },
	[DMAEXER_A_FAULT_LAST] = {
		.name = "last", WORD(fault_op_words), COLUMN
	},
};

const struct attr_set fault_set = {
	"faults", fault_attrs, ARRAY_SIZE(fault_attrs)
};

static const struct attr version_attrs[] = {
	[VERSION_COMMAND] = { .name = "command", ROW(STRING, DEC), COLUMN },
	[VERSION_MODULE] = { .name = "module", ROW(STRING, DEC), COLUMN },
};

const struct attr_set version_set = {
	"versions", version_attrs, ARRAY_SIZE(version_attrs)
};

static const struct attr scenario_attrs[] = {
	[SCENARIO_NAME] = { .name = "name", ROW(STRING, DEC), COLUMN },
	[SCENARIO_TITLE] = { .name = "title", ROW(STRING, DEC), CUT },
	[SCENARIO_FILE] = { .name = "file", ROW(STRING, DEC) },
};

const struct attr_set scenario_set = {
	"scenarios", scenario_attrs, ARRAY_SIZE(scenario_attrs)
};

static const struct attr verdict_attrs[] = {
	[VERDICT_DEV_NAME] = { .name = "dev-name", ROW(STRING, DEC) },
	[VERDICT_NAME] = { .name = "name", ROW(STRING, DEC), COLUMN },
	[VERDICT_VERDICT] = { .name = "verdict", WORD(verdict_words), COLUMN },
	[VERDICT_EVIDENCE] = { .name = "evidence", ROW(STRING, DEC), WRAP },
	[VERDICT_HINT] = { .name = "hint", ROW(STRING, DEC), WRAP },
	[VERDICT_BACKEND] = { .name = "backend", WORD(backend_words) },
	[VERDICT_DOMAIN] = { .name = "domain", WORD(domain_words) },
	[VERDICT_SWIOTLB] = { .name = "swiotlb", WORD(swiotlb_words) },
	[VERDICT_POOL] = { .name = "pool", WORD(pool_words) },
	[VERDICT_CACHE_COHERENT] = {
		.name = "cache-coherent", ROW(U8, BOOL)
	},
	[VERDICT_ADDRESSING_LIMITED] = {
		.name = "addressing-limited", ROW(U8, BOOL)
	},
	[VERDICT_ATTRS_HONOURED] = {
		.name = "attrs-honoured", FLAGS(attr_words)
	},
	[VERDICT_ATTRS_IGNORED] = {
		.name = "attrs-ignored", FLAGS(attr_words)
	},
	[VERDICT_ATTRS_REFUSED] = {
		.name = "attrs-refused", FLAGS(attr_words)
	},
	[VERDICT_SIZE] = { .name = "size", ROW(U64, DEC) },
	[VERDICT_STALE_BYTES] = { .name = "stale-bytes", ROW(U64, DEC) },
	[VERDICT_INIT_ON_ALLOC] = { .name = "init-on-alloc", ROW(U8, BOOL) },
	[VERDICT_SMALLEST_MASK] = { .name = "smallest-mask", ROW(U32, DEC) },
	[VERDICT_SMALLEST_USABLE] = {
		.name = "smallest-usable", ROW(U32, DEC)
	},
	[VERDICT_POISONED] = { .name = "poisoned", ROW(U8, BOOL) },
	[VERDICT_DMA_MISALIGNED] = {
		.name = "dma-misaligned", ROW(U32, DEC)
	},
	[VERDICT_CPU_MISALIGNED] = {
		.name = "cpu-misaligned", ROW(U32, DEC)
	},
	[VERDICT_LARGEST] = { .name = "largest", ROW(U64, DEC) },
	[VERDICT_BUFS] = { .name = "bufs", ROW(U64, DEC) },
	[VERDICT_BYTES] = { .name = "bytes", ROW(U64, DEC) },
	[VERDICT_RAN_OUT] = { .name = "ran-out", ROW(STRING, DEC) },
	[VERDICT_CHANNEL] = { .name = "channel", ROW(STRING, DEC) },
	[VERDICT_WITHIN] = { .name = "within", WORD(outcome_words) },
	[VERDICT_PAST_END] = { .name = "past-end", WORD(outcome_words) },
	[VERDICT_FREED] = { .name = "freed", WORD(outcome_words) },
	[VERDICT_READ_ONLY] = { .name = "read-only", WORD(outcome_words) },
	[VERDICT_FAULT_ADDR] = { .name = "fault-addr", ROW(U64, HEX) },
	[VERDICT_WINDOW_NS] = { .name = "window-ns", ROW(U64, DEC) },
	[VERDICT_STOPPED_NS] = { .name = "stopped-ns", ROW(U64, DEC) },
	[VERDICT_CORRUPTED] = { .name = "corrupted", ROW(U64, DEC) },
};

const struct attr_set verdict_set = {
	"verdicts", verdict_attrs, ARRAY_SIZE(verdict_attrs)
};

_Static_assert(ARRAY_SIZE(dev_attrs) == DMAEXER_A_DEV_MAX + 1,
	       "every device attribute of the specification has a row");
_Static_assert(ARRAY_SIZE(buf_attrs) == DMAEXER_A_BUF_MAX + 1,
	       "every buffer attribute of the specification has a row");
_Static_assert(ARRAY_SIZE(xfer_attrs) == DMAEXER_A_XFER_MAX + 1,
	       "every attribute of a transfer has a row");
_Static_assert(ARRAY_SIZE(protect_attrs) == DMAEXER_A_PROTECT_MAX + 1,
	       "every attribute of a protection test has a row");
_Static_assert(ARRAY_SIZE(dev_attrs) <= OBJECT_ATTRS_MAX, "a device fits");
_Static_assert(ARRAY_SIZE(verdict_attrs) <= OBJECT_ATTRS_MAX,
	       "a verdict fits");
_Static_assert(ARRAY_SIZE(buf_attrs) <= OBJECT_ATTRS_MAX, "a buffer fits");
