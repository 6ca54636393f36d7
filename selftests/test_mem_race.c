// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that map a buffer while it goes. A mapping that was made shows what
 * is in the buffer until that is gone, and is SIGBUS afterwards.
 *
 * The mappers run when nobody else wants to, so that whoever deletes comes in
 * anywhere, also between two steps of their mmap().
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "harness.h"
#include "mem.h"

#define SIZE		(256 * PAGE)
#define PROCESSES	2
#define THREADS		2
#define ROUNDS		150
#define SECONDS		10
/* a mapper that waits longer for the end of a round has been forgotten */
#define PATIENCE	30

static void __attribute__((constructor)) require(void)
{
	mem_require();
}

/**
 * struct shared - what all processes know
 * @now: the buffer of this round, and in the upper half what it is filled with
 * @gone: all up to this one are deleted
 * @end: no more rounds
 * @mapped: mappings made
 * @refused: mappings that came too late
 * @wrong: what a mapper found
 */
struct shared {
	_Atomic uint64_t now;
	_Atomic uint32_t gone;
	_Atomic bool end;
	_Atomic unsigned long mapped;
	_Atomic unsigned long refused;
	char wrong[256];
};

static struct shared *all;
static struct dmx *dmx;

/* Looks until the buffer is deleted, and then once more at each end. */
static const char *watch(const uint8_t *map, uint32_t id, uint8_t byte)
{
	time_t end = time(NULL) + PATIENCE;
	bool gone = false;
	int got = byte;

	while (!gone && got == byte) {
		gone = all->gone >= id;
		got = mem_peek(map + SIZE - 1);
		if (time(NULL) > end)
			return "the round does not end";
	}
	if (gone && got == byte)
		return format("buffer %u is gone, but there", id);
	if (got != -SIGBUS)
		return format("buffer %u has %d, not %u", id, got, byte);
	return mem_peek(map) == -SIGBUS ? "" : "the first page is there";
}

static const char *map_once(uint64_t now)
{
	int fd = mem_open(dmx, (uint32_t)now, O_RDONLY);
	const char *wrong = "";
	uint8_t *map;

	if (fd < 0)
		return fd == -ENOENT ? "" : format("open: errno %d", -fd);
	errno = 0;
	map = mem_map(fd, PROT_READ, SIZE, 0);
	if (map) {
		all->mapped++;
		wrong = watch(map, now, now >> 32);
		munmap(map, SIZE);
	} else {
		all->refused++;
		if (errno != EIO)
			wrong = format("mmap: errno %d", errno);
	}
	close(fd);
	return wrong;
}

static void *maps(void *unused)
{
	const char *wrong;
	uint64_t now;

	while (!all->end) {
		now = all->now;
		wrong = now ? map_once(now) : "";
		if (*wrong)
			snprintf(all->wrong, sizeof(all->wrong), "%s", wrong);
		else
			sched_yield();
	}
	return NULL;
}

static void run_mapper(void)
{
	struct sched_param param = { };
	pthread_t threads[THREADS];
	int i;

	sched_setscheduler(0, SCHED_IDLE, &param);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, maps, NULL))
			_exit(1);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

FIXTURE(race)
{
	struct dmx d;
	pid_t pids[PROCESSES];
};

FIXTURE_SETUP(race)
{
	int i;

	ASSERT_STREQ("", mem_setup(&self->d));
	dmx = &self->d;
	all = mmap(NULL, sizeof(*all), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, all);
	for (i = 0; i < PROCESSES; i++) {
		self->pids[i] = fork();
		ASSERT_LE(0, self->pids[i]);
		if (!self->pids[i])
			run_mapper();
	}
}

FIXTURE_TEARDOWN(race)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

/* A round: a buffer is there for a time that differs, and goes. */
static const char *play(struct dmx *d, unsigned int round)
{
	uint8_t byte = round % 250 + 1;
	uint32_t id = dmx_new_filled(d, BOX, SIZE, DMAEXER_PATTERN_BYTE, byte);
	struct timespec time = { .tv_nsec = 1000 * (100 + round * 37 % 3000) };

	if (!id)
		return format("buf-new: errno %d", d->nl.err);
	all->now = (uint64_t)byte << 32 | id;
	nanosleep(&time, NULL);
	if (dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id))
		return format("buf-del: errno %d", d->nl.err);
	all->gone = id;
	return all->wrong;
}

TEST_F_TIMEOUT(race, a_mapping_ends_with_its_buffer, 120)
{
	time_t end = time(NULL) + SECONDS;
	const char *wrong = "";
	int p, i, status;

	for (i = 0; i < ROUNDS && time(NULL) < end && !*wrong; i++)
		wrong = play(&self->d, i);
	all->end = true;
	for (p = 0; p < PROCESSES; p++) {
		ASSERT_EQ(self->pids[p], waitpid(self->pids[p], &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_STREQ("", wrong);
	EXPECT_STREQ("", all->wrong);
	TH_LOG("%d rounds, %lu mappings, %lu refused", i, all->mapped,
	       all->refused);
	EXPECT_LT(0, all->mapped);
}

TEST_HARNESS_MAIN
