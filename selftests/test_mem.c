// SPDX-License-Identifier: GPL-2.0
/* The debugfs file "mem": what may be mapped, and what a mapping shows. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness.h"
#include "mem.h"
#include "program.h"

#define SIZE		20483
#define PAGES		6
#define SEED		0x123456789
#define READ		PROT_READ
#define WRITE		(PROT_READ | PROT_WRITE)

static uint8_t expected[PAGES * PAGE];

static void __attribute__((constructor)) require(void)
{
	mem_require();
}

FIXTURE(map)
{
	struct dmx d;
	uint32_t id;
	int fd;
};

FIXTURE_VARIANT(map)
{
	uint32_t kind;
	int flags;
};

FIXTURE_VARIANT_ADD(map, box)
{
	.kind = BOX,
	.flags = O_RDWR,
};

FIXTURE_VARIANT_ADD(map, coherent)
{
	.kind = COHERENT,
	.flags = O_RDONLY,
};

FIXTURE_SETUP(map)
{
	int i;

	ASSERT_STREQ("", mem_setup(&self->d));
	self->id = dmx_new_filled(&self->d, variant->kind, SIZE,
				  DMAEXER_PATTERN_RANDOM, SEED);
	ASSERT_NE(0, self->id);
	self->fd = mem_open(&self->d, self->id, variant->flags);
	ASSERT_LE(0, self->fd);
	/* after the end there are zeros */
	for (i = 0; i < SIZE; i++)
		expected[i] = pattern_byte(DMAEXER_PATTERN_RANDOM, SEED, i);
}

FIXTURE_TEARDOWN(map)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	close(self->fd);
	dmx_teardown(&self->d);
}

TEST_F(map, every_part_can_be_mapped_and_nothing_beyond_the_last_page)
{
	size_t from, pages;
	uint8_t *map;

	for (from = 0; from <= PAGES + 1; from++) {
		for (pages = 1; pages <= PAGES + 2; pages++) {
			errno = 0;
			map = mem_map(self->fd, READ, pages * PAGE,
				      from * PAGE);
			if (from + pages > PAGES) {
				EXPECT_EQ(NULL, map)
					TH_LOG("%zu at %zu", pages, from);
				EXPECT_EQ(ENXIO, errno);
				continue;
			}
			ASSERT_NE(NULL, map) TH_LOG("%zu at %zu", pages, from);
			EXPECT_EQ(0, memcmp(map, expected + from * PAGE,
					    pages * PAGE));
			EXPECT_EQ(0, munmap(map, pages * PAGE));
		}
	}
}

TEST_F(map, an_offset_far_beyond_the_end_is_enxio)
{
	static const off_t past[] = { 1LL << 31, 1LL << 32, 1LL << 40,
				      1LL << 44, 1LL << 62, (1LL << 44) - 4096 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(past); i++) {
		errno = 0;
		EXPECT_EQ(NULL, mem_map(self->fd, READ, PAGE, past[i]))
			TH_LOG("offset %#llx", (long long)past[i]);
		EXPECT_EQ(ENXIO, errno);
	}
}

TEST_F(map, a_length_is_taken_in_whole_pages)
{
	uint8_t *map = mem_map(self->fd, READ, SIZE - PAGE, PAGE);

	ASSERT_NE(NULL, map);
	EXPECT_EQ(0, memcmp(map, expected + PAGE, SIZE - PAGE));
	EXPECT_EQ(0, mem_peek(map + (PAGES - 1) * PAGE - 1));
	EXPECT_EQ(NULL, mem_map(self->fd, READ, SIZE - PAGE, 2 * PAGE));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(NULL, mem_map(self->fd, READ, 0, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(NULL, mem_map(self->fd, READ, PAGE, 1));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(map, what_others_write_is_seen_at_once)
{
	uint8_t *map = mem_map(self->fd, READ, SIZE, 0);
	int i;

	ASSERT_NE(NULL, map);
	for (i = 0; i < SIZE; i += 1021) {
		ASSERT_EQ(0, dmx_write(&self->d, self->id, i, 0, 1,
				       expected[i] ^ 0xff));
		EXPECT_EQ(expected[i] ^ 0xff, mem_peek(map + i));
	}
}

/* Root passes any mode, so the file itself has to refuse. */
TEST_F(map, only_a_box_can_be_mapped_for_writing)
{
	int read_only = mem_open(&self->d, self->id, O_RDONLY);
	uint8_t *map;

	ASSERT_LE(0, read_only);
	EXPECT_EQ(NULL, mem_map(read_only, WRITE, SIZE, 0));
	EXPECT_EQ(EACCES, errno);
	map = mem_map(read_only, READ, SIZE, 0);
	ASSERT_NE(NULL, map);
	EXPECT_EQ(-1, mprotect(map, PAGE, WRITE));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-SIGSEGV, mem_poke(map, 1));
	EXPECT_EQ(expected[0], mem_peek(map));

	if (variant->kind != BOX) {
		EXPECT_EQ(-EPERM, mem_open(&self->d, self->id, O_RDWR));
		EXPECT_EQ(-EPERM, mem_open(&self->d, self->id, O_WRONLY));
		return;
	}
	/* who may write may also decide to do so later */
	map = mem_map(self->fd, READ, SIZE, 0);
	ASSERT_NE(NULL, map);
	EXPECT_EQ(-SIGSEGV, mem_poke(map, 1));
	ASSERT_EQ(0, mprotect(map, PAGE, WRITE));
	EXPECT_EQ(1, mem_poke(map, 1));
	EXPECT_EQ(-SIGSEGV, mem_poke(map + PAGE, 1));
}

TEST_F(map, a_private_mapping_is_einval)
{
	static const int prots[] = { PROT_NONE, READ, WRITE };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prots); i++) {
		errno = 0;
		EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, prots[i], MAP_PRIVATE,
					   self->fd, 0));
		EXPECT_EQ(EINVAL, errno);
	}
}

/* Where debugfs is mounted with "noexec", the kernel has refused it before. */
TEST_F(map, nothing_is_mapped_as_code)
{
	uint8_t *map;
	int fd;

	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount(NULL, "/sys/kernel/debug", NULL,
			   MS_REMOUNT | MS_BIND, NULL));
	fd = mem_open(&self->d, self->id, O_RDONLY);
	ASSERT_LE(0, fd);
	errno = 0;
	EXPECT_EQ(NULL, mem_map(fd, READ | PROT_EXEC, PAGE, 0));
	EXPECT_EQ(EPERM, errno);
	map = mem_map(fd, READ, PAGE, 0);
	ASSERT_NE(NULL, map);
	EXPECT_EQ(-1, mprotect(map, PAGE, READ | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
}

TEST_F(map, a_mapping_does_not_grow_and_can_be_moved)
{
	uint8_t *map = mem_map(self->fd, READ, 2 * PAGE, PAGE);
	uint8_t *room = mmap(NULL, 4 * PAGE, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *moved;

	ASSERT_NE(NULL, map);
	EXPECT_EQ(MAP_FAILED, mremap(map, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE));
	EXPECT_EQ(EFAULT, errno);
	moved = mremap(map, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       room);
	ASSERT_EQ(room, moved);
	EXPECT_EQ(0, memcmp(moved, expected + PAGE, 2 * PAGE));
	EXPECT_EQ(-SIGSEGV, mem_peek(map));
}

TEST_F(map, the_file_has_the_size_of_the_buffer_and_no_contents)
{
	struct stat st;
	char byte = 0;

	ASSERT_EQ(0, fstat(self->fd, &st));
	EXPECT_EQ(SIZE, st.st_size);
	EXPECT_EQ(variant->kind == BOX ? 0600 : 0400, st.st_mode & 07777);
	EXPECT_EQ(-1, read(self->fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, &byte, 1));
	EXPECT_EQ(variant->kind == BOX ? EINVAL : EBADF, errno);
}

/* debugfs lets root truncate; that takes pages from mappings, never bytes. */
TEST_F(map, a_truncated_file_loses_no_byte)
{
	uint8_t *map = mem_map(self->fd, READ, SIZE, 0);
	const char *path = dmx_debugfs(&self->d, self->id, "mem");
	struct stat st;

	ASSERT_NE(NULL, map);
	ASSERT_EQ(0, truncate(path, 2 * PAGE));
	EXPECT_EQ(expected[0], mem_peek(map));
	EXPECT_EQ(-SIGBUS, mem_peek(map + 2 * PAGE));
	EXPECT_EQ(0, munmap(map, SIZE));
	map = mem_map(self->fd, READ, SIZE, 0);
	ASSERT_NE(NULL, map);
	EXPECT_EQ(0, memcmp(map, expected, SIZE));
	close(mem_open(&self->d, self->id, O_RDONLY));
	ASSERT_EQ(0, stat(path, &st));
	EXPECT_EQ(SIZE, st.st_size);
}

TEST_F(map, without_memory_it_is_enomem)
{
	struct nl *nl = &self->d.nl;
	uint8_t *map;

	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_MEMORY);
	nl_flag(nl, DMAEXER_A_FAULT_OWNED);
	ASSERT_EQ(0, nl_call(nl));
	EXPECT_EQ(NULL, mem_map(self->fd, READ, PAGE, 0));
	EXPECT_EQ(ENOMEM, errno);
	map = mem_map(self->fd, READ, PAGE, 0);
	ASSERT_NE(NULL, map);
	EXPECT_EQ(expected[0], mem_peek(map));
}

FIXTURE(box)
{
	struct dmx d;
	uint32_t id;
	int fd;
	uint8_t *map;
};

FIXTURE_SETUP(box)
{
	ASSERT_STREQ("", mem_setup(&self->d));
	self->id = dmx_new_filled(&self->d, BOX, 4 * PAGE,
				  DMAEXER_PATTERN_BYTE, 0x5a);
	ASSERT_NE(0, self->id);
	self->fd = mem_open(&self->d, self->id, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->map = mem_map(self->fd, WRITE, 4 * PAGE, 0);
	ASSERT_NE(NULL, self->map);
}

FIXTURE_TEARDOWN(box)
{
	dmx_teardown(&self->d);
}

TEST_F(box, what_is_written_is_seen_by_all)
{
	static const int places[] = { 0, 4095, 4096, 12288, 4 * PAGE - 1 };
	uint8_t *other = mem_map(self->fd, READ, 4 * PAGE, 0);
	uint8_t bytes[4 * PAGE];
	uint64_t value;
	size_t i;

	ASSERT_NE(NULL, other);
	memset(expected, 0x5a, sizeof(bytes));
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		expected[places[i]] = i;
		ASSERT_EQ((int)i, mem_poke(self->map + places[i], i));
		EXPECT_EQ((int)i, mem_peek(other + places[i]));
		ASSERT_EQ(0, dmx_read(&self->d, self->id, places[i], 0, 1,
				      &value));
		EXPECT_EQ(i, value);
	}
	ASSERT_EQ(sizeof(bytes), dmx_contents(&self->d, self->id, bytes,
					      sizeof(bytes)));
	EXPECT_EQ(0, memcmp(expected, bytes, sizeof(bytes)));
}

static const char *busy(struct dmx *d, uint32_t id)
{
	dmx_begin_id(d, DMAEXER_CMD_BUF_SHARE, DMAEXER_A_BUF_ID, id);
	return dmx_refused(d, EBUSY, DMAEXER_A_BUF_ID, "mapped for writing");
}

static int share(struct dmx *d, uint32_t id)
{
	return dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, id);
}

TEST_F(box, a_box_that_is_mapped_for_writing_cannot_be_shared)
{
	EXPECT_STREQ("", busy(&self->d, self->id));
	/* all of it, and every piece */
	ASSERT_EQ(0, munmap(self->map + PAGE, PAGE));
	EXPECT_STREQ("", busy(&self->d, self->id));
	ASSERT_EQ(0, mprotect(self->map, PAGE, READ));
	ASSERT_EQ(0, munmap(self->map + 2 * PAGE, 2 * PAGE));
	EXPECT_STREQ("", busy(&self->d, self->id));
	ASSERT_EQ(0, munmap(self->map, PAGE));
	EXPECT_EQ(0, share(&self->d, self->id));
}

TEST_F(box, neither_while_a_child_has_it)
{
	int status, go[2];
	char byte;
	pid_t pid;

	ASSERT_EQ(0, pipe(go));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		close(go[1]);
		_exit(read(go[0], &byte, 1));
	}
	ASSERT_EQ(0, munmap(self->map, 4 * PAGE));
	EXPECT_STREQ("", busy(&self->d, self->id));
	close(go[1]);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, share(&self->d, self->id));
}

TEST_F(box, a_mapping_that_failed_does_not_count)
{
	EXPECT_EQ(NULL, mem_map(self->fd, WRITE, 5 * PAGE, 0));
	EXPECT_EQ(ENXIO, errno);
	ASSERT_EQ(0, munmap(self->map, 4 * PAGE));
	EXPECT_EQ(0, share(&self->d, self->id));
}

TEST_F(box, what_is_shared_is_still_there_to_be_read)
{
	int read_only = mem_open(&self->d, self->id, O_RDONLY);
	uint8_t *map = mem_map(read_only, READ, 4 * PAGE, 0);
	uint8_t *later;
	struct stat st;

	ASSERT_NE(NULL, map);
	EXPECT_EQ(7, mem_poke(self->map, 7));
	ASSERT_EQ(0, munmap(self->map, 4 * PAGE));
	ASSERT_EQ(0, share(&self->d, self->id));
	EXPECT_EQ(7, mem_peek(map));
	ASSERT_EQ(0, fstat(self->fd, &st));
	EXPECT_EQ(0400, st.st_mode & 07777);

	/* the file was opened for writing before */
	EXPECT_EQ(NULL, mem_map(self->fd, WRITE, PAGE, 0));
	EXPECT_EQ(EPERM, errno);
	later = mem_map(self->fd, READ, PAGE, 0);
	ASSERT_NE(NULL, later);
	EXPECT_EQ(-1, mprotect(later, PAGE, WRITE));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-SIGSEGV, mem_poke(later, 9));
	EXPECT_EQ(7, mem_peek(later));
	ASSERT_EQ(0, dmx_write(&self->d, self->id, 1, 0, 1, 8));
	EXPECT_EQ(8, mem_peek(later + 1));
}

TEST_F(box, a_handle_cannot_be_mapped)
{
	uint32_t id = dmx_new(&self->d, HANDLE, 1, PAGE);

	ASSERT_NE(0, id);
	EXPECT_TRUE(file_exists(dmx_debugfs(&self->d, id, "info")));
	EXPECT_EQ(-ENOENT, mem_open(&self->d, id, O_RDONLY));
}

/* The test module serves its device with operations that cannot map. */
TEST(where_the_platform_cannot_map_it_is_eopnotsupp)
{
	const char *ko = getenv("DMAEXER_BROKEN_KO");
	struct dmx d;
	uint32_t id;
	int fd;

	if (!ko)
		SKIP(return, "DMAEXER_BROKEN_KO names no module");
	ASSERT_STREQ("", dmx_setup(&d));
	ASSERT_STREQ("", module_load(ko, format("device=%s", d.name)));
	id = dmx_new(&d, BOX, 1, PAGE);
	EXPECT_NE(0, id);
	fd = mem_open(&d, id, O_RDWR);
	EXPECT_LE(0, fd);
	errno = 0;
	EXPECT_EQ(NULL, mem_map(fd, READ, PAGE, 0));
	EXPECT_EQ(EOPNOTSUPP, errno);
	close(fd);
	EXPECT_EQ(0, dmx_buf_op(&d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_EQ(0, system("rmmod dmx_broken_test"));
	dmx_teardown(&d);
}

TEST_HARNESS_MAIN
