// SPDX-License-Identifier: GPL-2.0
#include "dmx.h"
#include "requests.h"

const struct request requests[] = {
	{ "dev-get", DMAEXER_CMD_DEV_GET, false, {
		{ DEV(ID), DEVICE, 0, true } } },
	{ "dev-new", DMAEXER_CMD_DEV_NEW, false, {
		{ DEV(OWNED), FLAG } } },
	{ "dev-new channel", DMAEXER_CMD_DEV_NEW, true, {
		{ DEV(OWNED), FLAG },
		{ DEV(CHANNEL), STRING } } },
	{ "dev-del", DMAEXER_CMD_DEV_DEL, false, {
		{ DEV(ID), DEVICE, 0, true } } },
	{ "dev-set", DMAEXER_CMD_DEV_SET, false, {
		{ DEV(ID), DEVICE, 0, true },
		{ DEV(DMA_MASK_BITS), U32, 0, false, 41 },
		{ DEV(COHERENT_MASK_BITS), U32, 0, false, 42 },
		{ DEV(MAX_SEG_SIZE), U32, 0, false, 4321 },
		{ DEV(FORCE), FLAG },
		{ DEV(OWNED), FLAG } } },
	{ "buf-get", DMAEXER_CMD_BUF_GET, false, {
		{ BUF(ID), BUFFER, 0, true } } },
	{ "buf-get of a device", DMAEXER_CMD_BUF_GET, false, {
		{ BUF(ID), BUFFER, 0, true },
		{ BUF(DEV_ID), DEVICE } } },
	{ "buf-new", DMAEXER_CMD_BUF_NEW, false, {
		{ BUF(DEV_ID), DEVICE, 0, true },
		{ BUF(KIND), U32, DMAEXER_KIND_MAX, false, COHERENT },
		{ BUF(LABEL), STRING, DMAEXER_LABEL_MAX },
		{ BUF(ELEM_SIZE), U64, 0, false, 8 },
		{ BUF(COUNT), U64, 0, true, 8 },
		{ BUF(ATTRS), U32, 0, false, DMAEXER_ATTR_NO_WARN },
		{ BUF(GFP), U32, DMAEXER_GFP_MAX, false, 0 },
		{ BUF(OWNED), FLAG },
		{ BUF(WARN), FLAG },
		{ BUF(PATTERN), U32, DMAEXER_PATTERN_MAX, false, 2 },
		{ BUF(PATTERN_ARG), U64, 0, false, 9 },
		{ BUF(KEEP), FLAG } } },
	{ "buf-new data", DMAEXER_CMD_BUF_NEW, false, {
		{ BUF(DEV_ID), DEVICE, 0, true },
		{ BUF(KIND), U32, DMAEXER_KIND_MAX, false, COHERENT },
		{ BUF(LABEL), STRING, DMAEXER_LABEL_MAX },
		{ BUF(ELEM_SIZE), U64, 0, false, 8 },
		{ BUF(COUNT), U64, 0, false, 1 },
		{ BUF(ATTRS), U32, 0, false, DMAEXER_ATTR_NO_WARN },
		{ BUF(GFP), U32, DMAEXER_GFP_MAX, false, 0 },
		{ BUF(OWNED), FLAG },
		{ BUF(WARN), FLAG },
		{ BUF(DATA), BINARY } } },
	{ "buf-new pages", DMAEXER_CMD_BUF_NEW, false, {
		{ BUF(DEV_ID), DEVICE, 0, true },
		{ BUF(KIND), U32, 0, false, DMAEXER_KIND_PAGES, true },
		{ BUF(COUNT), U64, 0, true, 8 },
		{ BUF(GFP), U32, DMAEXER_GFP_MAX, false, 0 },
		{ BUF(OWNED), FLAG },
		{ BUF(SHAPE), U32, DMAEXER_SHAPE_MAX, false,
		  DMAEXER_SHAPE_OFFSET, true },
		{ BUF(PAGE_OFFSET), U32, 0, false, 24 } } },
	{ "buf-new direction", DMAEXER_CMD_BUF_NEW, false, {
		{ BUF(DEV_ID), DEVICE, 0, true },
		{ BUF(KIND), U32, 0, false, DMAEXER_KIND_NONCONTIGUOUS, true },
		{ BUF(COUNT), U64, 0, true, 8 },
		{ BUF(GFP), U32, DMAEXER_GFP_MAX, false, 0 },
		{ BUF(OWNED), FLAG },
		{ BUF(DIRECTION), U32, DMAEXER_DIRECTION_MAX, false,
		  DMAEXER_DIRECTION_TO_DEVICE } } },
	{ "buf-new pool", DMAEXER_CMD_BUF_NEW, false, {
		{ BUF(DEV_ID), DEVICE, 0, true },
		{ BUF(KIND), U32, 0, false, DMAEXER_KIND_POOL, true },
		{ BUF(ELEM_SIZE), U64, 0, false, 8 },
		{ BUF(COUNT), U64, 0, true, 8 },
		{ BUF(GFP), U32, DMAEXER_GFP_MAX, false, 0 },
		{ BUF(OWNED), FLAG },
		{ BUF(ALIGN), U64, 0, false, 64 },
		{ BUF(BOUNDARY), U64, 0, false, 1024 } } },
	{ "buf-del", DMAEXER_CMD_BUF_DEL, false, {
		{ BUF(ID), BUFFER, 0, true } } },
	{ "buf-share", DMAEXER_CMD_BUF_SHARE, false, {
		{ BUF(ID), BUFFER, 0, true } } },
	{ "buf-read", DMAEXER_CMD_BUF_READ, false, {
		{ BUF(ID), BUFFER, 0, true },
		{ BUF(INDEX), U64, 0, true, 1 },
		{ BUF(OFFSET), U64, 0, false, 0 },
		{ BUF(WIDTH), U32, 0, true, 8 } } },
	{ "buf-write", DMAEXER_CMD_BUF_WRITE, false, {
		{ BUF(ID), BUFFER, 0, true },
		{ BUF(INDEX), U64, 0, true, 1 },
		{ BUF(OFFSET), U64, 0, false, 0 },
		{ BUF(WIDTH), U32, 0, true, 8 },
		{ BUF(VALUE), U64, 0, true, 3 } } },
	{ "buf-write data", DMAEXER_CMD_BUF_WRITE, false, {
		{ BUF(ID), BUFFER, 0, true },
		{ BUF(INDEX), U64, 0, true, 1 },
		{ BUF(DATA), BINARY } } },
	{ "buf-fill", DMAEXER_CMD_BUF_FILL, false, {
		{ BUF(ID), BUFFER, 0, true },
		{ BUF(OFFSET), U64, 0, false, 8 },
		{ BUF(LENGTH), U64, 0, false, 16 },
		{ BUF(PATTERN), U32, DMAEXER_PATTERN_MAX, true, 2 },
		{ BUF(PATTERN_ARG), U64, 0, false, 9 } } },
	{ "buf-check", DMAEXER_CMD_BUF_CHECK, false, {
		{ BUF(ID), BUFFER, 0, true },
		{ BUF(OFFSET), U64, 0, false, 8 },
		{ BUF(LENGTH), U64, 0, false, 16 },
		{ BUF(PATTERN), U32, DMAEXER_PATTERN_MAX, true, 2 },
		{ BUF(PATTERN_ARG), U64, 0, false, 9 } } },
	{ "xfer-run", DMAEXER_CMD_XFER_RUN, true, {
		{ XFER(DEV_ID), DEVICE },
		{ XFER(SRC), BUFFER, 0, true },
		{ XFER(SRC_OFFSET), U64, 0, false, 0 },
		{ XFER(DST), BUFFER, 0, true },
		{ XFER(DST_OFFSET), U64, 0, false, 32 },
		{ XFER(LENGTH), U64, 0, false, 8 },
		{ XFER(TIMEOUT_MS), U32, 0, false, 1000 } } },
	{ "protect-run", DMAEXER_CMD_PROTECT_RUN, true, {
		{ PROTECT(DEV_ID), DEVICE, 0, true },
		{ PROTECT(CASE), U32, DMAEXER_PROTECT_CASE_MAX, true, 0 } } },
	{ "fault-set", DMAEXER_CMD_FAULT_SET, false, {
		{ FAULT(OP), U32, DMAEXER_FAULT_OP_MAX, true,
		  DMAEXER_FAULT_OP_SEND },
		{ FAULT(NTH), U32, 0, false, 1000000 },
		{ FAULT(TIMES), U32, 0, false, 1 },
		{ FAULT(ERRNO), U32, 0, false, EAGAIN },
		{ FAULT(OWNED), FLAG } } },
	{ "fault-get", DMAEXER_CMD_FAULT_GET, false, {
		{ FAULT(OP), U32, DMAEXER_FAULT_OP_MAX, true,
		  DMAEXER_FAULT_OP_SEND },
		{ FAULT(OWNED), FLAG } } },
	{ "postmortem-get", DMAEXER_CMD_POSTMORTEM_GET, false, {
		{ BUF(ID), POSTMORTEM, 0, true } } },
	{ "postmortem-del", DMAEXER_CMD_POSTMORTEM_DEL, false, {
		{ BUF(ID), POSTMORTEM, 0, true } } },
};

const size_t request_count = sizeof(requests) / sizeof(requests[0]);

size_t form_width(enum form form)
{
	switch (form) {
	case U64:
		return 8;
	case U32:
	case DEVICE:
	case BUFFER:
	case POSTMORTEM:
		return 4;
	default:
		return 0;
	}
}
