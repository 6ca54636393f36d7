/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of buffers, mapped; and accesses that may end in a signal. The
 * device is a channel of the edu device where the environment names its driver,
 * since that may be behind an IOMMU, and else a virtual one.
 */
#ifndef DMAEXER_SELFTEST_MEM_H
#define DMAEXER_SELFTEST_MEM_H

#include <sys/mman.h>

#include "dmx.h"

#define PAGE		4096UL

/* as dmx_setup(), after mem_require() in a constructor */
void mem_require(void);
const char *mem_setup(struct dmx *d);

/* A file descriptor or -errno; addresses or NULL, and then errno tells. */
int mem_open(struct dmx *d, uint32_t id, int flags);
uint8_t *mem_map(int fd, int prot, size_t len, off_t offset);

/* Opens and maps for reading and writing, and closes the file again. */
uint8_t *mem_map_box(struct dmx *d, uint32_t id, size_t len);

/* The byte that is there, or was to be written, or the signal, negative. */
int mem_peek(const uint8_t *at);
int mem_poke(uint8_t *at, uint8_t byte);

/* "" where each page is SIGBUS, or what is wrong. */
const char *mem_dead(uint8_t *map, size_t len);

#endif
