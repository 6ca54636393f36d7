// SPDX-License-Identifier: GPL-2.0
#include "uses.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "error.h"
#include "mounts.h"
#include "parse.h"
#include "sysfs.h"

#define USES_MAX 3

/* Kinds of virtio devices, as in their file "device". */
static const char virtio_console[] = "0x0003";

/**
 * struct uses - what was found so far
 * @buf: in words
 * @size: of @buf
 * @count: how many
 * @consoles: the consoles of the kernel that are enabled, between blanks
 * @own_consoles: how many of them the device has
 */
struct uses {
	char *buf;
	size_t size;
	unsigned int count;
	char consoles[256];
	unsigned int own_consoles;
};

static void use_add(struct uses *uses, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void use_add(struct uses *uses, const char *format, ...)
{
	size_t len = strlen(uses->buf);
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (uses->count++ < USES_MAX)
		snprintf(uses->buf + len, uses->size - len, "%s%s",
			 len ? ", " : "", text);
	else if (uses->count == USES_MAX + 1)
		snprintf(uses->buf + len, uses->size - len, ", and more");
}

static const char *name_of(const char *dir)
{
	return strrchr(dir, '/') + 1;
}

static bool claim_add(struct uses *uses, const char *dir)
{
	char text[PATH_MAX];

	if (!claim_find(dir, text, sizeof(text)))
		return false;
	use_add(uses, "%s", text);
	return true;
}

/* Names who has the disk, or its partitions, as far as that can be seen. */
static void claims_add(struct uses *uses, const char *dir)
{
	bool found = claim_add(uses, dir);
	const struct dirent *entry;
	char path[PATH_MAX];
	DIR *disk = opendir(dir);

	while (disk && (entry = readdir(disk)))
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir,
				     entry->d_name) < sizeof(path) &&
		    sysfs_has(path, "partition") && claim_add(uses, path))
			found = true;
	if (disk)
		closedir(disk);
	if (!found)
		use_add(uses, "%s is claimed", name_of(dir));
}

/* Whoever may have it, it must not be lost for want of a look at it. */
static void blind_add(struct uses *uses, const char *what, int number)
{
	use_add(uses, "%s cannot be looked at (%s)", what, error_name(number));
}

static void disk_look(struct uses *uses, const char *dir)
{
	int err = claim_try(dir);

	switch (err) {
	case 0:
	/* A drive without a medium, and one that nobody writes to. */
	case -ENOMEDIUM:
	case -EROFS:
		break;
	case -EBUSY:
		claims_add(uses, dir);
		break;
	case -ENOENT:
		use_add(uses, "%s has no node in /dev", name_of(dir));
		break;
	default:
		blind_add(uses, name_of(dir), -err);
		break;
	}
}

/*
 * Where an NVMe disk has several paths, the one below the device is hidden, as
 * in nvme0c1n1, and another one is used, nvme0n1.
 */
static bool visible_find(const char *dir, char *path, size_t size)
{
	unsigned int subsystem;
	unsigned int controller;
	unsigned int number;

	return sscanf(name_of(dir), "nvme%uc%un%u", &subsystem, &controller,
		      &number) == 3 &&
	       (size_t)snprintf(path, size, "/sys/class/block/nvme%un%u",
				subsystem, number) < size &&
	       sysfs_has(path, "dev");
}

static void block_look(struct uses *uses, const char *dir)
{
	char hidden[4];
	char path[PATH_MAX];

	if (sysfs_has(dir, "partition"))
		return;
	if (sysfs_read(dir, "hidden", hidden, sizeof(hidden)) ||
	    strcmp(hidden, "1") != 0)
		disk_look(uses, dir);
	else if (visible_find(dir, path, sizeof(path)))
		disk_look(uses, path);
}

static void net_look(struct uses *uses, const char *dir)
{
	char line[32];

	if (!sysfs_read(dir, "flags", line, sizeof(line)) &&
	    strtoul(line, NULL, 0) & IFF_UP)
		use_add(uses, "%s is up", name_of(dir));
}

static void channel_look(struct uses *uses, const char *dir)
{
	char line[32];

	if (!sysfs_read(dir, "in_use", line, sizeof(line)) &&
	    strcmp(line, "0") != 0)
		use_add(uses, "%s is in use", name_of(dir));
}

/* The enabled consoles, of lines like "ttyS0  -W- (EC  p a)  4:64". */
static void consoles_read(struct uses *uses)
{
	FILE *file = fopen("/proc/consoles", "re");
	size_t size = sizeof(uses->consoles);
	char line[128];
	char name[33];
	char flags[16];
	size_t len = 0;

	snprintf(uses->consoles, size, " ");
	while (file && fgets(line, sizeof(line), file) && len + 34 < size) {
		if (sscanf(line, "%32s %*s (%15[^)]", name, flags) != 2 ||
		    !strchr(flags, 'E'))
			continue;
		len = strlen(uses->consoles);
		snprintf(uses->consoles + len, size - len, "%s ", name);
	}
	if (file)
		fclose(file);
}

static void tty_look(struct uses *uses, const char *dir)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", name_of(dir));
	if (strstr(uses->consoles, word))
		uses->own_consoles++;
}

static void tag_look(struct uses *uses, const char *tag)
{
	int err = mounts_try_tag(tag);

	if (err == -EBUSY)
		use_add(uses, "its 9p file system %s is mounted", tag);
	else if (err)
		use_add(uses, "its 9p file system %s cannot be looked at (%s)",
			tag, error_name(-err));
}

/* A console of virtio has its tty elsewhere. */
static void virtio_look(struct uses *uses, const char *dir)
{
	const char *c = uses->consoles;
	char line[256];

	if (!sysfs_read(dir, "device", line, sizeof(line)) &&
	    !strcmp(line, virtio_console))
		while ((c = strstr(c, " hvc"))) {
			uses->own_consoles++;
			c++;
		}
	if (!sysfs_read(dir, "mount_tag", line, sizeof(line)))
		tag_look(uses, line);
}

static const struct {
	const char *subsystem;
	void (*look)(struct uses *uses, const char *dir);
} looks[] = {
	{ "block", block_look },
	{ "net", net_look },
	{ "dma", channel_look },
	{ "tty", tty_look },
	{ "virtio", virtio_look },
};

/* Interfaces in other network namespaces do not show, their place does. */
static bool is_empty_net(const char *dir)
{
	const struct dirent *entry;
	bool empty = !strcmp(name_of(dir), "net");
	DIR *net = empty ? opendir(dir) : NULL;

	while (net && empty && (entry = readdir(net)))
		empty = entry->d_name[0] == '.';
	if (net)
		closedir(net);
	return empty;
}

static void dir_look(struct uses *uses, const char *dir)
{
	char subsystem[NAME_MAX + 1];

	if (sysfs_link(dir, "subsystem", subsystem, sizeof(subsystem))) {
		if (is_empty_net(dir))
			use_add(uses, "a network interface of it is in another namespace");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++)
		if (!strcmp(subsystem, looks[i].subsystem))
			looks[i].look(uses, dir);
}

static void entry_look(struct uses *uses, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_D:
		dir_look(uses, entry->fts_path);
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		blind_add(uses, entry->fts_path, entry->fts_errno);
		break;
	default:
		break;
	}
}

static void tree_look(struct uses *uses, const char *dir)
{
	char *copy = strdup(dir);
	char *const dirs[] = { copy, NULL };
	FTS *tree = copy ? fts_open(dirs, FTS_PHYSICAL | FTS_NOCHDIR, NULL) :
		    NULL;
	const FTSENT *entry;

	while (tree && (entry = fts_read(tree)))
		entry_look(uses, entry);
	/* The end of the tree is no error. */
	if (!tree || errno)
		blind_add(uses, dir, errno);
	if (tree)
		fts_close(tree);
	free(copy);
}

/* A second console tells what the first one cannot. */
static void consoles_look(struct uses *uses, const char *dir)
{
	unsigned int count = 0;
	char line[4];

	if (!sysfs_read(dir, "boot_vga", line, sizeof(line)) &&
	    !strcmp(line, "1") && strstr(uses->consoles, " tty0 "))
		uses->own_consoles++;
	for (const char *c = uses->consoles + 1; (c = strchr(c, ' ')); c++)
		count++;
	if (uses->own_consoles && uses->own_consoles >= count)
		use_add(uses, "%.*s is the only console",
			(int)strlen(uses->consoles) - 2, uses->consoles + 1);
}

bool uses_find(const char *dir, char *buf, size_t size)
{
	struct uses uses = { .buf = buf, .size = size };

	buf[0] = '\0';
	consoles_read(&uses);
	tree_look(&uses, dir);
	consoles_look(&uses, dir);
	return uses.count;
}
