// SPDX-License-Identifier: GPL-2.0
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int file_open(const char *dir, const char *file, int flags)
{
	char path[PATH_MAX];
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, file) >=
	    sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int sysfs_read(const char *dir, const char *file, char *buf, size_t size)
{
	int fd = file_open(dir, file, O_RDONLY);
	ssize_t count;
	int err;

	buf[0] = '\0';
	if (fd < 0)
		return fd;
	count = read(fd, buf, size);
	err = count < 0 ? -errno : 0;
	close(fd);
	if (!err && (size_t)count == size)
		err = -E2BIG;
	buf[err ? 0 : count] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return err;
}

int sysfs_write(const char *dir, const char *file, const char *line)
{
	size_t len = strlen(line);
	int fd = file_open(dir, file, O_WRONLY);
	ssize_t count;
	int err = 0;

	if (fd < 0)
		return fd;
	/* Nothing is no write at all, and an empty line is one. */
	count = len ? write(fd, line, len) : write(fd, "\n", 1);
	if (count < 0)
		err = -errno;
	else if (len && (size_t)count != len)
		err = -EIO;
	close(fd);
	return err;
}

int sysfs_link(const char *dir, const char *link, char *buf, size_t size)
{
	char path[PATH_MAX];
	char target[PATH_MAX];
	const char *name;
	ssize_t len;

	buf[0] = '\0';
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, link) >=
	    sizeof(path))
		return -ENAMETOOLONG;
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	if ((size_t)snprintf(buf, size, "%s", name) < size)
		return 0;
	buf[0] = '\0';
	return -E2BIG;
}

bool sysfs_has(const char *dir, const char *file)
{
	char path[PATH_MAX];

	return (size_t)snprintf(path, sizeof(path), "%s/%s", dir, file) <
	       sizeof(path) && !access(path, F_OK);
}
