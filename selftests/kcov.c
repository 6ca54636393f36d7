// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>

#include "kcov.h"

#define KCOV_FILE	"/sys/kernel/debug/kcov"
/* words, the first of which counts the others */
#define ROOM		(256 * 1024)
/* hash tables with far more room than the module has code */
#define BITS		18
#define SLOTS		(1u << BITS)

static unsigned long *area;
static unsigned long places[SLOTS];
static unsigned long edges[SLOTS];
static size_t place_count;
static size_t edge_count;

bool kcov_start(void)
{
	int fd = open(KCOV_FILE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (ioctl(fd, KCOV_INIT_TRACE, ROOM))
		goto out_close;
	area = mmap(NULL, ROOM * sizeof(*area), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (area == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC)) {
		area = NULL;
		goto out_close;
	}
	__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
	return true;

out_close:
	close(fd);
	return false;
}

/* True where it was not there. */
static bool add(unsigned long *table, unsigned long key)
{
	uint32_t at = (key * 0x9e3779b97f4a7c15) >> (64 - BITS);
	uint32_t tries;

	for (tries = 0; tries < SLOTS; tries++) {
		if (table[at] == key)
			return false;
		if (!table[at]) {
			table[at] = key;
			return true;
		}
		at = (at + 1) % SLOTS;
	}
	return false;
}

size_t kcov_take(void)
{
	unsigned long last = 0, count, i;
	size_t fresh = 0;

	if (!area)
		return 0;
	count = __atomic_load_n(&area[0], __ATOMIC_RELAXED);
	for (i = 1; i <= count; i++) {
		place_count += add(places, area[i]);
		/* neither is 0, and what is near in one is far in the other */
		fresh += add(edges, area[i] ^ (last * 0x9e3779b1) ^ 1);
		last = area[i];
	}
	edge_count += fresh;
	__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
	return fresh;
}

size_t kcov_places(void)
{
	return place_count;
}

size_t kcov_edges(void)
{
	return edge_count;
}
