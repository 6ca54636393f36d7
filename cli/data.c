// SPDX-License-Identifier: GPL-2.0
#include "data.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dmaexer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

#define DEBUGFS "/sys/kernel/debug"
#define FILE_STEP 65536

static int any_refuse(uint64_t id, int number, struct error *error)
{
	return error_set(error, number, "the file \"data\" of buffer %" PRIu64
			 " did not open: %s", id, strerror(number));
}

/* Lockdown keeps root from a box, but it is not all that can. */
static int box_refuse(uint64_t id, int number, struct error *error)
{
	char mode[LOCKDOWN_MODE_SIZE];

	switch (lockdown_mode(mode, sizeof(mode))) {
	case LOCKDOWN_ON:
		return error_set(error, number,
				 "kernel lockdown (%s) refuses files in debugfs that can be written, and so the contents of a box",
				 mode);
	case LOCKDOWN_UNKNOWN:
		return error_set(error, number,
				 "the contents of a box did not open in debugfs, as under kernel lockdown; securityfs, which would tell, cannot be read");
	default:
		return any_refuse(id, number, error);
	}
}

static int open_refuse(const struct object *buf, int number,
		       struct error *error)
{
	uint64_t id = object_num(buf, DMAEXER_A_BUF_ID);

	if (object_num(buf, DMAEXER_A_BUF_KIND) == DMAEXER_KIND_HANDLE)
		return error_set(error, EOPNOTSUPP,
				 "buffer %" PRIu64 " is a handle, no CPU reaches its contents",
				 id);
	if (object_has(buf, DMAEXER_A_BUF_LOST))
		return error_set(error, number,
				 "the contents of buffer %" PRIu64 " were lost, %s",
				 id, object_text(buf, DMAEXER_A_BUF_LOST));
	if (number == ENOENT && access(DEBUGFS "/dmaexer", F_OK))
		return error_set(error, number,
				 "debugfs is not there; as root, run \"mount -t debugfs none "
				 DEBUGFS "\"");
	if (number == EPERM &&
	    object_num(buf, DMAEXER_A_BUF_KIND) == DMAEXER_KIND_BOX)
		return box_refuse(id, number, error);
	return any_refuse(id, number, error);
}

static int path_make(const struct object *buf, char **path)
{
	uint64_t id = object_num(buf, DMAEXER_A_BUF_ID);

	if (buf->set == &postmortem_set)
		return asprintf(path, DEBUGFS "/dmaexer/postmortem/%" PRIu64
				"/data", id);
	return asprintf(path, DEBUGFS "/dmaexer/%s/buffers/%" PRIu64 "/data",
			object_text(buf, DMAEXER_A_BUF_DEV_NAME), id);
}

int data_open(const struct object *buf, int flags, struct error *error)
{
	char *path;
	int fd;

	if (path_make(buf, &path) < 0)
		return error_set(error, ENOMEM, "no memory for a path");
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fd = open_refuse(buf, errno, error);
	free(path);
	return fd;
}

int data_write(const struct object *buf, const struct bytes *bytes,
	       struct error *error)
{
	int fd = data_open(buf, O_WRONLY, error);
	size_t done = 0;
	int err = 0;

	if (fd < 0)
		return fd;
	while (done < bytes->size && !err) {
		ssize_t part = pwrite(fd, bytes->data + done,
				      bytes->size - done, (off_t)done);

		if (part > 0)
			done += (size_t)part;
		else if (part == 0 || errno != EINTR)
			err = error_set(error, part ? errno : EIO,
					"writing the contents stopped after %zu bytes: %s",
					done, strerror(part ? errno : EIO));
	}
	close(fd);
	return err;
}

/* Reads up to the end of @fd. Returns 0 or -errno. */
static int fd_read(int fd, struct bytes *bytes)
{
	size_t room = 0;

	for (;;) {
		ssize_t part;

		if (bytes->size == room) {
			unsigned char *data;

			room = room ? 2 * room : FILE_STEP;
			data = realloc(bytes->data, room);
			if (!data)
				return -ENOMEM;
			bytes->data = data;
		}
		part = read(fd, bytes->data + bytes->size, room - bytes->size);
		if (part == 0)
			return 0;
		if (part > 0)
			bytes->size += (size_t)part;
		else if (errno != EINTR)
			return -errno;
	}
}

int file_read(const char *path, struct bytes *bytes, struct error *error)
{
	bool input = !strcmp(path, "-");
	int fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return error_set(error, errno, "%s: %s", path, strerror(errno));
	err = fd_read(fd, bytes);
	if (err)
		err = error_set(error, -err, "%s: %s", path, strerror(-err));
	else if (!bytes->size)
		err = error_set(error, EINVAL, "%s is empty", path);
	if (!input)
		close(fd);
	return err;
}
