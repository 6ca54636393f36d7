/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A DMA engine channel for a test: that of QEMU's edu device where there is one,
 * else that of the test module rogue/, else one that the machine has free.
 */
#ifndef DMAEXER_SELFTEST_CHANNEL_H
#define DMAEXER_SELFTEST_CHANNEL_H

#include "dmx.h"

/* what edu and the test module copy at a time */
#define CHANNEL_STEP	2048

/**
 * struct xfer - a transfer, from request to answer
 * @src: number of the buffer to copy from
 * @src_offset: first byte
 * @dst: number of the buffer to copy to
 * @dst_offset: first byte
 * @len: bytes
 * @timeout_ms: how long it may take, 0 for the default
 */
struct xfer {
	uint32_t src;
	uint64_t src_offset;
	uint32_t dst;
	uint64_t dst_offset;
	uint64_t len;
	uint32_t timeout_ms;
};

/*
 * To be called before main(): loads the provider that the environment names. If
 * there is no channel then, the program has failed; where none was named, it is
 * skipped. What was loaded goes when the program ends. With @parameters, only the
 * test module will do.
 */
void channel_require(const char *parameters);

/* As dmx_setup(), but the device of the test's own is a channel. */
const char *channel_setup(struct dmx *d);
/* With two buffers of @size bytes, which hold random:1 and random:2. */
const char *channel_setup_bufs(struct dmx *d, uint64_t size, uint32_t *src,
			       uint32_t *dst);

/*
 * Has copies take 200 ms for each CHANNEL_STEP bytes, or at most as long. False
 * where nobody can have the channel do so.
 */
bool channel_be_slow(struct dmx *d);
void channel_be_fast(void);

/* Has the channel take so long to tell how far it is; false where it cannot. */
bool channel_tell_slowly(unsigned int ms);

/* Has the test module break a promise; "nothing" for none. */
bool channel_breaks(const char *what);

/*
 * Has the test module stop who comes to a function, "module:function", or who has
 * been there, until it is "nothing"; false where the kernel has no such function.
 * And whether somebody is stopped, after a while.
 */
bool channel_parks(const char *where);
bool channel_parks_after(const char *where);
bool channel_has_parked(void);

/* The last address that the test module's controller reaches, 0 for all. */
bool channel_limit(uint64_t last);

/* The directory of the controller's driver, and its name there. */
const char *channel_driver(struct dmx *d);
const char *channel_controller(struct dmx *d);

/* Puts the request for a transfer by the device @chan, 0 for any, into @nl. */
void xfer_begin(struct nl *nl, uint32_t chan, const struct xfer *x);
int xfer_run(struct nl *nl, uint32_t chan, const struct xfer *x);

/*
 * What the last answer at @nl says of the transfer, "" where it is right: what
 * was compared, and that nothing differs.
 */
const char *xfer_right(const struct nl *nl, uint32_t compared);

/* What is wrong with the bytes of a buffer, "" for nothing. */
const char *bytes_are(struct dmx *d, uint32_t id, uint64_t offset,
		      uint64_t len, uint32_t pattern, uint64_t arg,
		      uint64_t pattern_offset);

#endif
