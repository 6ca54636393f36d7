// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of a buffer that goes, or whose device or module does: it is done at
 * once, and whoever touches the memory gets SIGBUS.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "channel.h"
#include "harness.h"
#include "mem.h"
#include "program.h"

#define PAGES		8
#define SIZE		(PAGES * PAGE)
#define OURS		0x5a
#define THEIRS		0xa5
#define READ		PROT_READ
#define WRITE		(PROT_READ | PROT_WRITE)

/* far less than anybody waits for a user, far more than a slow machine needs */
#define SECONDS		20

static void __attribute__((constructor)) require(void)
{
	mem_require();
}

FIXTURE(gone)
{
	struct dmx d;
	uint32_t id;
	int fd;
	uint8_t *map;
	time_t start;
};

FIXTURE_SETUP(gone)
{
	if (!file_exists("/sys/module/dmaexer"))
		ASSERT_STREQ("", dmaexer_load());
	ASSERT_STREQ("", mem_setup(&self->d));
	self->id = dmx_new_filled(&self->d, BOX, SIZE, DMAEXER_PATTERN_BYTE,
				  OURS);
	ASSERT_NE(0, self->id);
	self->fd = mem_open(&self->d, self->id, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->map = mem_map(self->fd, WRITE, SIZE, 0);
	ASSERT_NE(NULL, self->map);
	ASSERT_EQ(OURS, mem_peek(self->map + SIZE - 1));
	self->start = time(NULL);
}

/* What comes after finds the module as it is by default. */
FIXTURE_TEARDOWN(gone)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	EXPECT_GT(SECONDS, time(NULL) - self->start);
	close(self->fd);
	dmx_teardown(&self->d);
	if (!file_exists("/sys/module/dmaexer"))
		EXPECT_STREQ("", dmaexer_load());
}

static int buf_del(struct dmx *d, uint32_t id)
{
	return dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id);
}

TEST_F(gone, a_mapping_is_sigbus_after_buf_del)
{
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	EXPECT_EQ(0, dmx_live_bufs(&self->d));
	EXPECT_EQ(0, dmx_live_bytes(&self->d));
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
	EXPECT_EQ(-SIGBUS, mem_poke(self->map, 1));
	EXPECT_FALSE(file_exists(dmx_debugfs(&self->d, self->id, "mem")));
	/* a file that is still open maps nothing any more */
	errno = 0;
	EXPECT_EQ(NULL, mem_map(self->fd, READ, PAGE, 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(0, munmap(self->map, SIZE));
}

TEST_F(gone, a_mapping_is_sigbus_after_dev_del)
{
	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
	EXPECT_EQ(NULL, mem_map(self->fd, READ, PAGE, 0));
	EXPECT_EQ(EIO, errno);
}

TEST_F(gone, a_mapping_is_sigbus_after_unbind)
{
	const char *driver = "/sys/bus/platform/drivers/dmaexer";
	const char *dev = self->d.name;

	if (strncmp(dev, "dmaexer.", 8)) {
		driver = channel_driver(&self->d);
		dev = channel_controller(&self->d);
	}
	ASSERT_EQ(0, file_write(format("%s/unbind", driver), dev));
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
	if (dev != self->d.name)
		ASSERT_EQ(0, file_write(format("%s/bind", driver), dev));
}

TEST_F(gone, a_mapping_is_sigbus_after_its_owner)
{
	nl_close(&self->d.nl);
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
	ASSERT_EQ(0, nl_open(&self->d.nl));
}

TEST_F(gone, a_mapping_does_not_keep_the_module)
{
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, system("rmmod dmaexer"));
	EXPECT_FALSE(file_exists("/sys/module/dmaexer"));
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
	/* only what serves the mapping stays, and with it goes that, too */
	EXPECT_EQ(1, file_number("/sys/module/dmaexer_core/refcnt"));
	ASSERT_EQ(0, munmap(self->map, SIZE));
	EXPECT_EQ(0, file_number("/sys/module/dmaexer_core/refcnt"));
	self->fd = -1;
}

TEST_F(gone, each_piece_of_a_mapping_is_sigbus)
{
	uint8_t *again = mem_map_box(&self->d, self->id, SIZE);
	uint8_t *part = mem_map(self->fd, READ, PAGE, 5 * PAGE);
	uint8_t *room = mmap(NULL, SIZE, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(NULL, again);
	ASSERT_NE(NULL, part);
	ASSERT_EQ(0, munmap(self->map + 2 * PAGE, PAGE));
	ASSERT_EQ(0, mprotect(self->map + 4 * PAGE, PAGE, READ));
	ASSERT_EQ(room, mremap(again, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
			       room));
	ASSERT_EQ(OURS, mem_peek(room));
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	EXPECT_STREQ("", mem_dead(self->map, 2 * PAGE));
	EXPECT_EQ(-SIGSEGV, mem_peek(self->map + 2 * PAGE));
	EXPECT_STREQ("", mem_dead(self->map + 3 * PAGE, 5 * PAGE));
	EXPECT_STREQ("", mem_dead(room, SIZE));
	EXPECT_STREQ("", mem_dead(part, PAGE));
}

TEST_F(gone, a_thousand_mappings_are_sigbus)
{
	uint8_t *maps[1000];
	int i;

	for (i = 0; i < 1000; i++) {
		maps[i] = mem_map(self->fd, READ, SIZE, 0);
		ASSERT_NE(NULL, maps[i]);
	}
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	for (i = 0; i < 1000; i++) {
		ASSERT_STREQ("", mem_dead(maps[i], SIZE));
	}
}

/* What is left of a mapping can be copied, changed and taken away. */
TEST_F(gone, what_is_left_is_an_ordinary_mapping_without_pages)
{
	int status;
	pid_t pid;

	ASSERT_EQ(0, buf_del(&self->d, self->id));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(*mem_dead(self->map, SIZE) != '\0');
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, mprotect(self->map, PAGE, READ));
	EXPECT_EQ(0, mprotect(self->map, PAGE, WRITE));
	EXPECT_NE(MAP_FAILED, mremap(self->map + PAGE, PAGE, PAGE,
				     MREMAP_MAYMOVE | MREMAP_FIXED,
				     self->map + 3 * PAGE));
	EXPECT_STREQ("", mem_dead(self->map + 3 * PAGE, PAGE));
	EXPECT_EQ(0, munmap(self->map, SIZE));
}

/* A child that waits for a byte, looks, and tells by its exit status. */
static pid_t start_child(int go, uint8_t *map)
{
	pid_t pid = fork();
	char byte;

	if (pid)
		return pid;
	/* what the parent wrote is there, and what is written here as well */
	if (mem_peek(map) != 1 || mem_poke(map + 1, 2) != 2)
		_exit(1);
	raise(SIGSTOP);
	if (read(go, &byte, 1) != 1)
		_exit(2);
	_exit(*mem_dead(map, SIZE) ? 3 : 0);
}

TEST_F(gone, a_child_has_the_mapping_and_loses_it)
{
	int go[2], status;
	pid_t pid;

	ASSERT_EQ(0, pipe(go));
	ASSERT_EQ(1, mem_poke(self->map, 1));
	pid = start_child(go[0], self->map);
	ASSERT_LE(0, pid);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	EXPECT_EQ(2, mem_peek(self->map + 1));

	/* it is stopped, and nobody waits for it */
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
	ASSERT_EQ(1, write(go[1], "x", 1));
	ASSERT_EQ(0, kill(pid, SIGCONT));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(gone, the_kernel_reads_nothing_there_either)
{
	int fds[2];

	ASSERT_EQ(0, pipe(fds));
	ASSERT_EQ(1, write(fds[1], self->map, 1));
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	EXPECT_EQ(-1, write(fds[1], self->map, 1));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, read(fds[0], self->map, 1));
	EXPECT_EQ(EFAULT, errno);
}

/* Whoever gets the memory now writes other bytes to it. */
static const char *refill(struct dmx *d)
{
	int i;

	for (i = 0; i < 32; i++)
		if (!dmx_new_filled(d, BOX, SIZE, DMAEXER_PATTERN_BYTE,
				    THEIRS))
			return "no buffer";
	return "";
}

TEST_F(gone, nobody_sees_what_others_write_to_the_memory)
{
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	ASSERT_STREQ("", refill(&self->d));
	EXPECT_STREQ("", mem_dead(self->map, SIZE));
}

static uint32_t backend(struct dmx *d)
{
	dmx_begin_id(d, DMAEXER_CMD_DEV_GET, DMAEXER_A_DEV_ID, d->dev);
	nl_call(&d->nl);
	return nl_get_u32(&d->nl, DMAEXER_A_DEV_BACKEND);
}

/*
 * Behind an IOMMU the pages may be kept by who has them mapped, as those of other
 * memory: they are his then, with what was in them. Elsewhere they cannot.
 */
TEST_F(gone, a_page_that_a_pipe_keeps_is_not_given_to_others)
{
	struct iovec part = { .iov_base = self->map, .iov_len = PAGE };
	uint8_t bytes[PAGE];
	int err, fds[2];
	ssize_t len;
	size_t i;

	ASSERT_EQ(0, pipe(fds));
	len = vmsplice(fds[1], &part, 1, 0);
	err = len < 0 ? errno : 0;
	TH_LOG("backend %u, vmsplice: %s", backend(&self->d),
	       err ? strerror(err) : "the page is kept");
	if (len < 0) {
		EXPECT_EQ(EFAULT, err);
		return;
	}
	EXPECT_EQ(DMAEXER_BACKEND_IOMMU, backend(&self->d));
	ASSERT_EQ(PAGE, len);
	ASSERT_EQ(0, buf_del(&self->d, self->id));
	ASSERT_STREQ("", refill(&self->d));
	ASSERT_EQ(PAGE, read(fds[0], bytes, PAGE));
	for (i = 0; i < PAGE; i++)
		ASSERT_EQ(OURS, bytes[i]);
}

/* The byte that another process has there, or -errno. */
static int read_file(pid_t pid, const uint8_t *at)
{
	int fd = open(format("/proc/%d/mem", pid), O_RDONLY);
	uint8_t byte;
	int got = pread(fd, &byte, 1, (off_t)at) == 1 ? byte : -errno;

	close(fd);
	return got;
}

static int read_vm(pid_t pid, const uint8_t *at)
{
	struct iovec theirs = { .iov_base = (void *)at, .iov_len = 1 };
	uint8_t byte;
	struct iovec mine = { .iov_base = &byte, .iov_len = 1 };

	return process_vm_readv(pid, &mine, 1, &theirs, 1, 0) == 1 ? byte :
								     -errno;
}

TEST_F(gone, nobody_reads_the_mapping_of_another_process)
{
	static uint8_t other = THEIRS;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	EXPECT_EQ(THEIRS, read_file(pid, &other));
	EXPECT_EQ(-EIO, read_file(pid, self->map));
	/* the one that not all kernels have */
	if (read_vm(pid, &other) != -ENOSYS) {
		EXPECT_EQ(THEIRS, read_vm(pid, &other));
		EXPECT_EQ(-EFAULT, read_vm(pid, self->map));
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_HARNESS_MAIN
