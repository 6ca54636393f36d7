/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests say to dmaexer, and how they look at what came of it. Every
 * test has a device of its own, which dies with the test's socket, and with it
 * its buffers.
 */
#ifndef DMAEXER_SELFTEST_DMX_H
#define DMAEXER_SELFTEST_DMX_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/dmaexer.h>

#include "nl.h"

#define BOX		DMAEXER_KIND_BOX
#define COHERENT	DMAEXER_KIND_COHERENT
#define HANDLE		DMAEXER_KIND_HANDLE

/**
 * struct dmx - what a test starts with
 * @nl: for its requests; owns @dev
 * @peek: for looking on, so that the last answer at @nl stays
 * @dev: a virtual device of its own
 * @name: its name
 * @kmsg: the kernel's log from the start of the test on
 */
struct dmx {
	struct nl nl;
	struct nl peek;
	uint32_t dev;
	char name[64];
	int kmsg;
};

/*
 * Each returns "", or why the test cannot start. The device is a virtual one;
 * with @channel, that channel.
 */
const char *dmx_setup(struct dmx *d);
const char *dmx_setup_dev(struct dmx *d, const char *channel);
const char *dmx_setup_sockets(struct dmx *d);
void dmx_teardown(struct dmx *d);

/* Puts the request for a device that dies with the socket into @nl. */
void dmx_begin_dev(struct nl *nl, const char *channel);

/*
 * Sends the request in @d->nl, which must be refused with @err and a sentence
 * that has @words in it (NULL: any), and must change nothing: no device, no
 * buffer, no counter, no byte of any buffer.
 *
 * @attr is the type of the attribute at fault, that must be pointed at; NONE
 * where there is no such attribute; MISSING(type) for one that lacks.
 *
 * Returns "", or what is wrong, for ASSERT_STREQ("", dmx_refused(...)).
 */
#define NONE		0
#define MISSING(attr)	(-(attr))
const char *dmx_refused(struct dmx *d, int err, int attr, const char *words);

/* The same for a dump, which knows no attribute at fault on older kernels. */
const char *dmx_dump_refused(struct dmx *d, int err, const char *words);

/* All there is to see of the module; compared as text and bytes. */
struct snap {
	uint8_t *bytes;
	size_t len;
};

struct snap snap_take(struct dmx *d);
const char *snap_diff(const struct snap *a, const struct snap *b);
void snap_free(struct snap *snap);

/* What is not as in @before, which it frees; "" for nothing. */
const char *snap_changed(struct dmx *d, struct snap *before);

/* Requests. They return an errno, except for dmx_new(): the id, or 0. */
void dmx_begin_new(struct dmx *d, uint32_t kind, uint64_t elem, uint64_t count);
uint32_t dmx_new(struct dmx *d, uint32_t kind, uint64_t elem, uint64_t count);
uint32_t dmx_new_filled(struct dmx *d, uint32_t kind, uint64_t size,
			uint32_t pattern, uint64_t arg);
void dmx_begin_id(struct dmx *d, uint8_t cmd, uint16_t attr, uint32_t id);
int dmx_buf_op(struct dmx *d, uint8_t cmd, uint32_t id);
int dmx_dev_op(struct dmx *d, uint8_t cmd, uint32_t id);
void dmx_begin_field(struct dmx *d, uint8_t cmd, uint32_t id, uint64_t index,
		     uint64_t offset, uint32_t width);
int dmx_read(struct dmx *d, uint32_t id, uint64_t index, uint64_t offset,
	     uint32_t width, uint64_t *value);
int dmx_write(struct dmx *d, uint32_t id, uint64_t index, uint64_t offset,
	      uint32_t width, uint64_t value);
void dmx_begin_range(struct dmx *d, uint8_t cmd, uint32_t id, uint64_t offset,
		     uint64_t length, uint32_t pattern, uint64_t arg);
int dmx_fill(struct dmx *d, uint32_t id, uint64_t offset, uint64_t length,
	     uint32_t pattern, uint64_t arg);

/* Numbers of the device as the driver tells them now. */
uint64_t dmx_dev_u64(struct dmx *d, uint16_t attr);
uint32_t dmx_live_bufs(struct dmx *d);
uint64_t dmx_live_bytes(struct dmx *d);

/* Objects of a dump: their number, and whether one is among them. */
unsigned int dmx_count(struct dmx *d, uint8_t cmd);
bool dmx_exists(struct dmx *d, uint8_t cmd, uint32_t id);

/* Files. A read returns bytes or -errno, a write 0 or -errno. */
const char *dmx_debugfs(struct dmx *d, uint32_t buf, const char *file);
const char *dmx_sysfs(struct dmx *d, const char *file);
int file_read(const char *path, void *to, size_t room);
int file_write(const char *path, const char *text);
uint64_t file_number(const char *path);
bool file_exists(const char *path);

/* Whether the kernel has detectors, so that times and sums of memory say nothing. */
bool dmx_is_watched(void);

/* Contents of a buffer, through debugfs. Returns -errno, or bytes read. */
int dmx_contents(struct dmx *d, uint32_t id, void *to, size_t room);

/* What the spec says of a pattern, told again on its own. */
uint8_t pattern_byte(uint32_t pattern, uint64_t arg, uint64_t offset);

/* Warnings and worse since the start; returns the first, or NULL. */
const char *dmx_complaint(struct dmx *d);

const char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));

#endif
