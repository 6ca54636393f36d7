// SPDX-License-Identifier: GPL-2.0
/* Open files when their buffer is shared, or goes, or its device does. */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>

#include "dmx.h"
#include "harness.h"

#define SIZE	(64 * 1024)

FIXTURE(revoke)
{
	struct dmx d;
	uint32_t id;
	int fd;
};

FIXTURE_SETUP(revoke)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->id = dmx_new_filled(&self->d, BOX, SIZE, DMAEXER_PATTERN_BYTE,
				  0x5a);
	ASSERT_NE(0, self->id);
	self->fd = open(dmx_debugfs(&self->d, self->id, "data"), O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(revoke)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	close(self->fd);
	dmx_teardown(&self->d);
}

/* EIO for what a file of a buffer that is gone is asked. */
static const char *dead(int fd)
{
	char byte = 1;

	errno = 0;
	if (pread(fd, &byte, 1, 0) != -1 || errno != EIO)
		return format("read: errno %d, not EIO", errno);
	errno = 0;
	if (pwrite(fd, &byte, 1, 0) != -1 || errno != EIO)
		return format("write: errno %d, not EIO", errno);
	return "";
}

TEST_F(revoke, a_file_reads_eio_after_buf_del)
{
	uint8_t byte;

	ASSERT_EQ(1, pread(self->fd, &byte, 1, SIZE - 1));
	EXPECT_EQ(0x5a, byte);
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, self->id));
	EXPECT_STREQ("", dead(self->fd));
	EXPECT_FALSE(file_exists(dmx_debugfs(&self->d, self->id, "data")));
	EXPECT_FALSE(file_exists(dmx_debugfs(&self->d, self->id, "info")));
}

TEST_F(revoke, a_file_reads_eio_after_dev_del)
{
	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	EXPECT_STREQ("", dead(self->fd));
	EXPECT_FALSE(file_exists(format("/sys/kernel/debug/dmaexer/%s",
					self->d.name)));
}

TEST_F(revoke, an_open_info_reads_eio_after_dev_del)
{
	int of_buf = open(dmx_debugfs(&self->d, self->id, "info"), O_RDONLY);
	int of_dev = open(format("/sys/kernel/debug/dmaexer/%s/info",
				 self->d.name), O_RDONLY);
	char text[4096];

	ASSERT_LE(0, of_buf);
	ASSERT_LE(0, of_dev);
	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	EXPECT_EQ(-1, read(of_buf, text, sizeof(text)));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(-1, read(of_dev, text, sizeof(text)));
	EXPECT_EQ(EIO, errno);
	close(of_buf);
	close(of_dev);
}

TEST_F(revoke, a_file_does_not_keep_buf_del_waiting)
{
	int i, fds[100];

	for (i = 0; i < 100; i++) {
		fds[i] = open(dmx_debugfs(&self->d, self->id, "data"), O_RDONLY);
		ASSERT_LE(0, fds[i]);
	}
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, self->id));
	EXPECT_EQ(0, dmx_live_bufs(&self->d));
	for (i = 0; i < 100; i++) {
		EXPECT_STREQ("", strstr(dead(fds[i]), "read") ?: "");
		close(fds[i]);
	}
}

TEST_F(revoke, a_file_that_was_open_for_writing_is_eperm_after_share)
{
	uint8_t bytes[4] = {};

	ASSERT_EQ(1, pwrite(self->fd, "a", 1, 0));
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_SHARE, self->id));
	errno = 0;
	EXPECT_EQ(-1, pwrite(self->fd, "b", 1, 0));
	EXPECT_EQ(EPERM, errno);
	ASSERT_EQ(4, pread(self->fd, bytes, 4, 0));
	EXPECT_EQ('a', bytes[0]);
	EXPECT_EQ(0x5a, bytes[1]);
}

/* To each its own memory: to fault a page in, the kernel writes zeros to it. */
static void *reads(void *arg)
{
	static __thread char bytes[SIZE];
	int fd = *(int *)arg;
	ssize_t len;
	size_t i;

	while ((len = pread(fd, bytes, sizeof(bytes), 0)) > 0)
		for (i = 0; i < (size_t)len; i++)
			if (bytes[i] != 0x5a)
				return "a foreign byte";
	return errno == EIO ? NULL : "no EIO";
}

TEST_F_TIMEOUT(revoke, readers_see_the_contents_or_eio_and_nothing_else, 120)
{
	pthread_t threads[4];
	const char *wrong;
	int round, i;

	for (round = 0; round < 30; round++) {
		for (i = 0; i < 4; i++) {
			ASSERT_EQ(0, pthread_create(&threads[i], NULL, reads,
						    &self->fd));
		}
		usleep(2000 + 300 * round);
		ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL,
					self->id));
		/* Whoever gets the memory now writes other bytes to it. */
		for (i = 0; i < 4; i++) {
			ASSERT_NE(0, dmx_new_filled(&self->d, BOX, SIZE,
						    DMAEXER_PATTERN_BYTE, 0));
		}
		for (i = 0; i < 4; i++) {
			pthread_join(threads[i], (void **)&wrong);
			EXPECT_EQ(NULL, wrong) TH_LOG("%s", wrong);
		}
		close(self->fd);
		self->id = dmx_new_filled(&self->d, BOX, SIZE,
					  DMAEXER_PATTERN_BYTE, 0x5a);
		self->fd = open(dmx_debugfs(&self->d, self->id, "data"), O_RDWR);
		ASSERT_LE(0, self->fd);
	}
}

TEST_F(revoke, the_tree_has_what_the_documents_say_and_no_more)
{
	static const char * const allowed[] = { ".", "..", "data", "info",
						"mem" };
	struct dirent *entry;
	DIR *dir;
	size_t i;

	dir = opendir(dmx_debugfs(&self->d, self->id, ""));
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		for (i = 0; i < ARRAY_SIZE(allowed); i++)
			if (!strcmp(entry->d_name, allowed[i]))
				break;
		EXPECT_GT(ARRAY_SIZE(allowed), i) TH_LOG("%s", entry->d_name);
	}
	closedir(dir);
}

TEST_HARNESS_MAIN
