/* SPDX-License-Identifier: GPL-2.0 */
/* What is kept of buffers when their device goes. */
#ifndef DMAEXER_SELFTEST_POSTMORTEM_H
#define DMAEXER_SELFTEST_POSTMORTEM_H

#include "dmx.h"

/*
 * A kept buffer of the test's device, owned where that is asked for, of bytes
 * that are random from its size on. Returns its number, or 0.
 */
uint32_t kept_new(struct dmx *d, uint32_t kind, uint64_t size, bool owned);

/* Deletes the test's device, and makes another one. Returns an errno. */
int device_again(struct dmx *d);

/* A postmortem that dies with the test: its number, or 0. */
uint32_t postmortem_new(struct dmx *d);

/* A file of a postmortem; and what is wrong with its contents, "" for nothing. */
const char *postmortem_path(uint32_t id, const char *file);
const char *postmortem_wrong(uint32_t id, uint64_t size);

/* Opens its files, both; and "" where nothing can be read of them any more. */
bool postmortem_open(uint32_t id, int files[2]);
const char *postmortem_eio(const int files[2]);

#endif
