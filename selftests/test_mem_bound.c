// SPDX-License-Identifier: GPL-2.0
/* How often buffers can be mapped, with page tables that nobody else bounds. */
#include <fcntl.h>
#include <sys/wait.h>

#include "bystander.h"
#include "harness.h"
#include "mem.h"

#define SIZE		(4UL << 20)
#define TIMES_MEMORY	16
/* a process has no more mappings than vm.max_map_count, 65530 */
#define MOST		60000

static uint8_t *maps[MOST + 1];

FIXTURE(bound)
{
	struct dmx d;
	uint32_t id;
	int fd;
	uint64_t most;
};

FIXTURE_SETUP(bound)
{
	self->most = number_in("/proc/meminfo", "MemTotal:") * 1024 *
		     TIMES_MEMORY / SIZE;
	if (self->most > MOST)
		SKIP(return, "a process cannot map as often as it would take");
	ASSERT_LT(1, self->most);
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->id = dmx_new(&self->d, BOX, 1, SIZE);
	ASSERT_NE(0, self->id) TH_LOG("%s", self->d.nl.msg);
	self->fd = mem_open(&self->d, self->id, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(bound)
{
	close(self->fd);
	dmx_teardown(&self->d);
}

/* As often as it can be had, or once more than it should; a page is the whole. */
static uint64_t map_all(int fd, uint64_t most)
{
	uint64_t count = 0;

	while (count <= most &&
	       (maps[count] = mem_map(fd, PROT_READ, PAGE, 0)))
		count++;
	return count;
}

static void unmap(uint64_t from, uint64_t to)
{
	for (; from < to; from++)
		munmap(maps[from], PAGE);
}

/* Those of a child count: whether one can be had when @more are undone. */
static bool is_full_beside_a_child(int fd, uint64_t more)
{
	uint8_t *map;
	int go[2];
	char byte;
	pid_t pid;

	if (pipe(go))
		return false;
	pid = fork();
	if (!pid) {
		close(go[1]);
		_exit(read(go[0], &byte, 1));
	}
	unmap(0, more);
	map = mem_map(fd, PROT_READ, PAGE, 0);
	close(go[0]);
	close(go[1]);
	waitpid(pid, NULL, 0);
	return pid > 0 && !map;
}

TEST_F_TIMEOUT(bound, mappings_end_before_memory_does, 280)
{
	EXPECT_EQ(self->most, map_all(self->fd, self->most));
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_EQ(0, mem_peek(maps[self->most - 1]));

	/* what is given back can be had again, once */
	unmap(0, 1);
	maps[0] = mem_map(self->fd, PROT_READ, PAGE, 0);
	EXPECT_NE(NULL, maps[0]);
	EXPECT_EQ(NULL, mem_map(self->fd, PROT_READ, PAGE, 0));

	EXPECT_TRUE(is_full_beside_a_child(self->fd, self->most / 2));
	unmap(self->most / 2, self->most);
	EXPECT_EQ(self->most, map_all(self->fd, self->most));
	unmap(0, self->most);
	EXPECT_EQ(NULL, dmx_complaint(&self->d));
}

/* A buffer that is gone leaves mappings without pages, which go with the process. */
TEST_F_TIMEOUT(bound, those_of_a_buffer_that_is_gone_are_given_back, 280)
{
	EXPECT_EQ(self->most, map_all(self->fd, self->most));
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, self->id));
	unmap(0, self->most);
	close(self->fd);

	self->id = dmx_new(&self->d, BOX, 1, SIZE);
	ASSERT_NE(0, self->id) TH_LOG("%s", self->d.nl.msg);
	self->fd = mem_open(&self->d, self->id, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(self->most, map_all(self->fd, self->most));
	unmap(0, self->most);
}

TEST_HARNESS_MAIN
