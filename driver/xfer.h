/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DMX_XFER_H
#define _DMX_XFER_H

#include <linux/types.h>

#include <uapi/linux/dmaexer.h>

struct dmx_buf;
struct dmx_device;

/**
 * struct dmx_xfer - a transfer
 * @chan: the channel
 * @src: buffer to copy from
 * @dst: buffer to copy to
 * @src_offset: first byte in @src
 * @dst_offset: first byte in @dst
 * @len: bytes, from 1
 * @timeout_ms: how long the channel may take
 * @port: netlink port of who asks
 */
struct dmx_xfer {
	struct dmx_device *chan;
	struct dmx_buf *src;
	struct dmx_buf *dst;
	u64 src_offset;
	u64 dst_offset;
	u64 len;
	u32 timeout_ms;
	u32 port;
};

/**
 * struct dmx_xfer_result - what came of a transfer
 * @time_ns: from submission to the report that it is done
 * @compared: what was compared; nothing below counts without
 * @not_copied: bytes that are as they were, and should not be
 * @corrupted: bytes that are neither as they were nor as they should be
 * @overrun: bytes outside the destination that changed
 * @first: offset in the destination's buffer of the first wrong byte
 * @expected: what should be there
 * @actual: what is there
 */
struct dmx_xfer_result {
	u64 time_ns;
	enum dmaexer_compared compared;
	u64 not_copied;
	u64 corrupted;
	u64 overrun;
	u64 first;
	u8 expected;
	u8 actual;
};

/* why a transfer was refused */
enum dmx_xfer_refusal {
	DMX_XFER_NONE,
	DMX_XFER_SRC,
	DMX_XFER_DST,
	DMX_XFER_CHAN,
	DMX_XFER_OVERLAP,
	DMX_XFER_ALIGN,
	DMX_XFER_REFUSED,
	DMX_XFER_MEMORY,
};

bool dmx_xfer_reaches(const struct dmx_device *chan,
		      const struct dmx_buf *buf);
int dmx_xfer_run(const struct dmx_xfer *xfer, struct dmx_xfer_result *result,
		 enum dmx_xfer_refusal *refusal);

#endif
