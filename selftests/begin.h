/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Each request of the family, as tests have it that let it fail: each puts one into
 * a socket. What the last argument is, a name tells.
 */
#ifndef DMAEXER_SELFTEST_BEGIN_H
#define DMAEXER_SELFTEST_BEGIN_H

#include "dmx.h"

void begin_new(struct nl *nl, const struct dmx *d, uint32_t kind);
void begin_new_owned(struct nl *nl, const struct dmx *d, uint32_t kind);
void begin_new_pattern(struct nl *nl, const struct dmx *d, uint32_t kind);
void begin_new_data(struct nl *nl, const struct dmx *d, uint32_t kind);
void begin_dev_new(struct nl *nl, const struct dmx *d, uint32_t owned);
void begin_dev_get(struct nl *nl, const struct dmx *d, uint32_t arg);
void begin_dev_set(struct nl *nl, const struct dmx *d, uint32_t bits);
void begin_dev_set_owned(struct nl *nl, const struct dmx *d, uint32_t bits);
void begin_buf(struct nl *nl, uint8_t cmd, uint32_t id);
void begin_get(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_share(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_del(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_read(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_write(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_fill(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_check(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_dump(struct nl *nl, const struct dmx *d, uint32_t cmd);
void begin_new_kept(struct nl *nl, const struct dmx *d, uint32_t kind);
void begin_postmortem_get(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_postmortem_del(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_dev_del(struct nl *nl, const struct dmx *d, uint32_t kept);
void begin_xfer(struct nl *nl, const struct dmx *d, uint32_t id);
void begin_protect(struct nl *nl, const struct dmx *d, uint32_t what);
void begin_channel(struct nl *nl, const struct dmx *d, uint32_t arg);
void begin_fault(struct nl *nl, const struct dmx *d, uint32_t arg);

/* Each makes what a request is about, and returns its number, or 0. */
uint32_t new_kept(struct dmx *d);
uint32_t new_postmortem(struct dmx *d);
uint32_t new_box(struct dmx *d);

#endif
