// SPDX-License-Identifier: GPL-2.0
#include "kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/utsname.h>

#define SWIOTLB "/sys/kernel/debug/swiotlb/io_tlb_used"
/* The unit of the counters of the bounce buffers, IO_TLB_SIZE. */
#define SWIOTLB_SLOT 2048
#define SECURITYFS "/sys/kernel/security"

/* The first line of a file, without its newline. */
static int line_read(const char *path, char *buf, size_t size)
{
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return -errno;
	if (fgets(buf, (int)size, file))
		buf[strcspn(buf, "\n")] = '\0';
	else
		err = -ENODATA;
	fclose(file);
	return err;
}

uint64_t meminfo_bytes(const char *name)
{
	FILE *file = fopen("/proc/meminfo", "re");
	size_t len = strlen(name);
	uint64_t kib = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, len) && line[len] == ':' &&
		    sscanf(line + len + 1, "%" SCNu64, &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib << 10;
}

uint64_t percpu_free_bytes(void)
{
	FILE *file = fopen("/proc/zoneinfo", "re");
	uint64_t pages = 0;
	uint64_t count;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %" SCNu64, &count) == 1)
			pages += count;
	if (file)
		fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

int swiotlb_used(uint64_t *bytes)
{
	char line[32];
	uint64_t slots;
	int err = line_read(SWIOTLB, line, sizeof(line));

	if (err)
		return err;
	if (sscanf(line, "%" SCNu64, &slots) != 1)
		return -ENODATA;
	*bytes = slots * SWIOTLB_SLOT;
	return 0;
}

int iommu_group_type(uint32_t group, char *buf, size_t size)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/kernel/iommu_groups/%" PRIu32 "/type",
		 group);
	return line_read(path, buf, size);
}

enum lockdown lockdown_mode(char *mode, size_t size)
{
	char modes[3 * LOCKDOWN_MODE_SIZE];
	char *end;
	char *at;
	int err;

	err = line_read(SECURITYFS "/lockdown", modes, sizeof(modes));
	/* Every securityfs has the other file, and this one if it can be. */
	if (err == -ENOENT && !access(SECURITYFS "/lsm", F_OK))
		return LOCKDOWN_OFF;
	if (err)
		return LOCKDOWN_UNKNOWN;
	/* The one in force is in brackets: "none [integrity] ..." */
	at = strchr(modes, '[');
	end = at ? strchr(at, ']') : NULL;
	if (!end)
		return LOCKDOWN_UNKNOWN;
	*end = '\0';
	snprintf(mode, size, "%s", at + 1);
	return strcmp(mode, "none") ? LOCKDOWN_ON : LOCKDOWN_OFF;
}

/* What the kernel said of it when it booted, as long as its log has that. */
static enum auto_init init_logged(const char *name)
{
	const char *what = strcmp(name, "init_on_free") ? "heap alloc:" :
							  "heap free:";
	enum auto_init found = AUTO_INIT_UNKNOWN;
	struct kmsg kmsg;
	const char *at;

	kmsg_open(&kmsg, true);
	while (found == AUTO_INIT_UNKNOWN && kmsg_next(&kmsg)) {
		if (!strstr(kmsg.line, "mem auto-init"))
			continue;
		at = strstr(kmsg.line, what);
		if (at)
			found = strncmp(at + strlen(what), "on", 2) ?
				AUTO_INIT_OFF : AUTO_INIT_ON;
	}
	kmsg_close(&kmsg);
	return found;
}

/* As kstrtobool() has it: what it does not know changes nothing. */
static enum auto_init bool_parse(const char *word, enum auto_init before)
{
	char second = word[0] ? word[1] : '\0';

	switch (word[0]) {
	case '1': case 'y': case 'Y': case 't': case 'T':
		return AUTO_INIT_ON;
	case '0': case 'n': case 'N': case 'f': case 'F':
		return AUTO_INIT_OFF;
	case 'o': case 'O':
		if (second == 'n' || second == 'N')
			return AUTO_INIT_ON;
		if (second == 'f' || second == 'F')
			return AUTO_INIT_OFF;
		return before;
	default:
		return before;
	}
}

/* What it was told; the last word counts. */
static enum auto_init init_told(const char *name)
{
	enum auto_init found = AUTO_INIT_UNKNOWN;
	size_t len = strlen(name);
	char line[4096];
	char *rest = line;
	char *word;

	if (line_read("/proc/cmdline", line, sizeof(line)))
		return found;
	while ((word = strsep(&rest, " "))) {
		if (strncmp(word, name, len) != 0 || word[len] != '=')
			continue;
		found = bool_parse(word + len + 1, found);
	}
	return found;
}

/* What it does where nobody tells it. */
static enum auto_init init_built(const char *name)
{
	enum auto_init found = AUTO_INIT_UNKNOWN;
	const char *option = strcmp(name, "init_on_free") ?
			     "CONFIG_INIT_ON_ALLOC_DEFAULT_ON" :
			     "CONFIG_INIT_ON_FREE_DEFAULT_ON";
	struct utsname release;
	char path[sizeof(release.release) + 32];
	char line[256];
	FILE *file;

	if (uname(&release))
		return found;
	snprintf(path, sizeof(path), "/boot/config-%s", release.release);
	file = fopen(path, "re");
	while (file && found == AUTO_INIT_UNKNOWN &&
	       fgets(line, sizeof(line), file))
		if (strstr(line, option))
			found = strstr(line, "=y") ? AUTO_INIT_ON :
						     AUTO_INIT_OFF;
	if (file)
		fclose(file);
	return found;
}

enum auto_init auto_init(const char *name)
{
	enum auto_init found = init_logged(name);

	if (found == AUTO_INIT_UNKNOWN)
		found = init_told(name);
	return found == AUTO_INIT_UNKNOWN ? init_built(name) : found;
}
