/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs on the contents of a buffer; their rows are in cmd_buf.c. */
#ifndef DMX_CMD_BUF_H
#define DMX_CMD_BUF_H

#include "cmd.h"

int buf_new(struct ctx *ctx, const struct args *args);

int buf_read(struct ctx *ctx, const struct args *args);
int buf_write(struct ctx *ctx, const struct args *args);
int buf_fill(struct ctx *ctx, const struct args *args);
int buf_check(struct ctx *ctx, const struct args *args);
int buf_dump(struct ctx *ctx, const struct args *args);

/* Puts out a range of what is in a buffer, or of what is kept of one. */
int contents_dump(struct ctx *ctx, const struct args *args,
		  const struct object *buf);

/* The options of a dump. */
#define DUMP_RAW { .name = "--raw", .kind = OPT_FLAG, \
		   .help = "the bytes as they are, without -j" }
#define RANGE_OFFSET { .name = "--offset", .kind = OPT_SIZE, .arg = "N", \
		       .attr = DMAEXER_A_BUF_OFFSET, \
		       .help = "first byte, default 0" }
#define RANGE_LENGTH { .name = "--length", .kind = OPT_SIZE, .arg = "N", \
		       .attr = DMAEXER_A_BUF_LENGTH, \
		       .help = "number of bytes, default the rest of the buffer" }

#endif
