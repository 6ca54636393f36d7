// SPDX-License-Identifier: GPL-2.0
#include "mounts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "former.h"

#define LINE_SIZE 4096

/* Time that the server of a 9p file system has to answer. */
#define ANSWER_MS 10000

/* Some file systems have a number of their own, and the device as source. */
static bool source_is(const char *line, dev_t dev)
{
	const char *end = strstr(line, " - ");
	char source[LINE_SIZE];
	struct stat stat_buf;

	return end && sscanf(end, " - %*s %4095s", source) == 1 &&
	       source[0] == '/' && !stat(source, &stat_buf) &&
	       S_ISBLK(stat_buf.st_mode) && stat_buf.st_rdev == dev;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw" */
static bool line_matches(const char *line, dev_t dev, char *where, size_t size)
{
	unsigned int major_number;
	unsigned int minor_number;
	char point[LINE_SIZE];

	if (sscanf(line, "%*s %*s %u:%u %*s %4095s", &major_number,
		   &minor_number, point) != 3)
		return false;
	if (makedev(major_number, minor_number) != dev && !source_is(line, dev))
		return false;
	snprintf(where, size, "%s", point);
	return true;
}

static bool file_find(const char *pid, dev_t dev, char *where, size_t size)
{
	char line[LINE_SIZE];
	bool found = false;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/mountinfo", pid);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = line_matches(line, dev, where, size);
	if (file)
		fclose(file);
	return found;
}

/* One process sees what is mounted in its namespace and below its root. */
bool mounts_find(dev_t dev, char *where, size_t size)
{
	bool found = file_find("self", dev, where, size);
	DIR *dir = opendir("/proc");
	const struct dirent *entry;

	while (dir && !found && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			found = file_find(entry->d_name, dev, where, size);
	if (dir)
		closedir(dir);
	return found;
}

static bool has_file_system(const char *name)
{
	FILE *file = fopen("/proc/filesystems", "re");
	bool found = false;
	char line[128];
	char word[64];

	while (file && !found && fgets(line, sizeof(line), file))
		found = (sscanf(line, "nodev %63s", word) == 1 ||
			 sscanf(line, "%63s", word) == 1) &&
			!strcmp(word, name);
	if (file)
		fclose(file);
	return found;
}

/*
 * Mounts it where nobody sees. Does not return. It may hang for ever, so it
 * neither keeps a file of its parent open, like the lock, nor blocks a signal.
 */
static void tag_mount(const char *tag)
{
	sigset_t none;

	close_range(0, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(tag, FORMER_DIR, "9p", MS_RDONLY | MS_NODEV | MS_NOSUID,
		  "trans=virtio,version=9p2000.L"))
		_exit(errno);
	_exit(0);
}

/*
 * Waits until it ends, but not for ever: where its server is mute, 9p hangs,
 * and then it ends when the kernel lets it.
 */
static int tag_wait(pid_t pid)
{
	struct pollfd end = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status;
	int ready;

	if (end.fd < 0)
		return -errno;
	ready = poll(&end, 1, ANSWER_MS);
	close(end.fd);
	if (ready != 1) {
		kill(pid, SIGKILL);
		return -ETIMEDOUT;
	}
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/* A device serves one mount, and nobody but it knows whether there is one. */
int mounts_try_tag(const char *tag)
{
	pid_t pid;

	if (!has_file_system("9p"))
		return 0;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		tag_mount(tag);
	return tag_wait(pid);
}
