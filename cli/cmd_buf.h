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

#endif
