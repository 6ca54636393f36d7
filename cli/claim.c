// SPDX-License-Identifier: GPL-2.0
#include "claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mounts.h"
#include "sysfs.h"

static int number_get(const char *dir, dev_t *dev)
{
	unsigned int major_number;
	unsigned int minor_number;
	char line[32];

	int err = sysfs_read(dir, "dev", line, sizeof(line));

	if (err)
		return err;
	if (sscanf(line, "%u:%u", &major_number, &minor_number) != 2)
		return -EINVAL;
	*dev = makedev(major_number, minor_number);
	return 0;
}

int claim_try(const char *dir)
{
	char node[PATH_MAX];
	struct stat stat_buf;
	dev_t dev;
	int err = number_get(dir, &dev);
	int fd;

	if (err)
		return err;
	snprintf(node, sizeof(node), "/dev/%s", strrchr(dir, '/') + 1);
	/* "cciss!c0d0" is a file in a directory. */
	for (char *c = node; (c = strchr(c, '!'));)
		*c = '/';
	fd = open(node, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &stat_buf) || !S_ISBLK(stat_buf.st_mode) ||
	    stat_buf.st_rdev != dev)
		err = -ENOENT;
	close(fd);
	return err;
}

static bool is_swap(dev_t dev)
{
	FILE *file = fopen("/proc/swaps", "re");
	char line[PATH_MAX + 128];
	char path[PATH_MAX];
	struct stat stat_buf;
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%4095s", path) == 1 &&
			!stat(path, &stat_buf) && S_ISBLK(stat_buf.st_mode) &&
			stat_buf.st_rdev == dev;
	if (file)
		fclose(file);
	return found;
}

/* The device that is made of this one, like dm-0 or md127. */
static bool holder_find(const char *dir, char *holder, size_t size)
{
	const struct dirent *entry;
	char path[PATH_MAX];
	DIR *holders;
	bool found = false;

	snprintf(path, sizeof(path), "%s/holders", dir);
	holders = opendir(path);
	while (holders && !found && (entry = readdir(holders))) {
		found = entry->d_name[0] != '.';
		if (found)
			snprintf(holder, size, "%s", entry->d_name);
	}
	if (holders)
		closedir(holders);
	return found;
}

bool claim_find(const char *dir, char *buf, size_t size)
{
	const char *name = strrchr(dir, '/') + 1;
	char where[NAME_MAX + 1];
	dev_t dev;

	if (number_get(dir, &dev))
		return false;
	if (holder_find(dir, where, sizeof(where)))
		snprintf(buf, size, "%s is a part of %s", name, where);
	else if (is_swap(dev))
		snprintf(buf, size, "%s is swap", name);
	else if (mounts_find(dev, where, sizeof(where)))
		snprintf(buf, size, "%s is mounted on %s", name, where);
	else
		return false;
	return true;
}
