// SPDX-License-Identifier: GPL-2.0
#include <sys/mman.h>
#include <time.h>

#include "bystander.h"
#include "dmx.h"

#define TOUCHED		(1 << 20)

uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

uint64_t number_in(const char *path, const char *word)
{
	char text[32768] = "";
	const char *line;

	file_read(path, text, sizeof(text) - 1);
	line = strstr(text, word);
	return line ? strtoull(line + strlen(word), NULL, 10) : 0;
}

uint64_t available_kib(void)
{
	return number_in("/proc/meminfo", "MemAvailable:");
}

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* It also takes that it is the process's turn. */
static void bystand(void)
{
	char *memory = mmap(NULL, TOUCHED, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	for (i = 0; i < TOUCHED; i += 4096)
		memory[i] = 1;
	munmap(memory, TOUCHED);
}

double median(double *values, int count)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count / 2];
}

double bystander(double seconds)
{
	double start = now();
	double end = start + seconds;
	double at = start;
	int n;

	for (n = 0; at < end; n++) {
		bystand();
		at = now();
	}
	return (at - start) / n;
}
