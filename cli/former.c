// SPDX-License-Identifier: GPL-2.0
#include "former.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sysfs.h"

#define BOOT_SIZE 40

/* "boot: inode:" of a device; the number of a directory is not used again. */
struct identity {
	char boot[BOOT_SIZE];
	uint64_t inode;
};

int former_lock(void)
{
	int fd;

	if (mkdir(FORMER_DIR, 0755) && errno != EEXIST)
		return -errno;
	fd = open(FORMER_DIR "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static int identity_get(const char *dir, struct identity *identity)
{
	struct stat stat_buf;
	int err = sysfs_read("/proc/sys/kernel/random", "boot_id",
			     identity->boot, sizeof(identity->boot));

	if (err)
		return err;
	if (stat(dir, &stat_buf))
		return -errno;
	identity->inode = stat_buf.st_ino;
	return 0;
}

static void path_render(const char *bus, const char *name, const char *suffix,
			char *buf, size_t size)
{
	snprintf(buf, size, FORMER_DIR "/%s-%s%s", bus, name, suffix);
}

/* "key: value"; what is not known is passed over. */
static void line_take(char *line, struct former *former,
		      struct identity *identity)
{
	char *value = strstr(line, ": ");

	line[strcspn(line, "\n")] = '\0';
	if (!value)
		return;
	*value = '\0';
	value += 2;
	if (!strcmp(line, "boot"))
		snprintf(identity->boot, sizeof(identity->boot), "%s", value);
	else if (!strcmp(line, "inode"))
		sscanf(value, "%" SCNu64, &identity->inode);
	else if (!strcmp(line, "driver"))
		snprintf(former->driver, sizeof(former->driver), "%s", value);
	else if (!strcmp(line, "override"))
		snprintf(former->override, sizeof(former->override), "%s",
			 value);
}

int former_load(const char *dir, const char *bus, const char *name,
		struct former *former)
{
	struct identity kept = { 0 };
	struct identity now;
	char line[sizeof(former->override) + 16];
	char path[PATH_MAX];
	FILE *file;
	int err = identity_get(dir, &now);

	memset(former, 0, sizeof(*former));
	/* A device that cannot be asked who it is may well have a file. */
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	path_render(bus, name, "", path, sizeof(path));
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		line_take(line, former, &kept);
	if (ferror(file))
		err = -errno;
	fclose(file);
	if (err)
		return err;
	if (!strcmp(kept.boot, now.boot) && kept.inode == now.inode)
		return 0;
	memset(former, 0, sizeof(*former));
	return -ENOENT;
}

int former_save(const char *dir, const char *bus, const char *name,
		const struct former *former)
{
	struct identity now;
	char path[PATH_MAX];
	char draft[PATH_MAX];
	FILE *file;
	int err = identity_get(dir, &now);

	if (err)
		return err;
	path_render(bus, name, "", path, sizeof(path));
	path_render(bus, name, ".new", draft, sizeof(draft));
	file = fopen(draft, "we");
	if (!file)
		return -errno;
	if (fprintf(file, "boot: %s\ninode: %" PRIu64
		    "\ndriver: %s\noverride: %s\n", now.boot, now.inode,
		    former->driver, former->override) < 0)
		err = -errno;
	if (fclose(file) && !err)
		err = -errno;
	/* Whoever reads it finds all of it, or nothing. */
	if (!err && rename(draft, path))
		err = -errno;
	if (err)
		unlink(draft);
	return err;
}

void former_forget(const char *bus, const char *name)
{
	char path[PATH_MAX];

	path_render(bus, name, "", path, sizeof(path));
	unlink(path);
}
