// SPDX-License-Identifier: GPL-2.0
/* The kernel's log, and what IOMMUs write there. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "parse.h"

/* The kernel refuses to hand out less than a whole record, of any length. */
#define RECORD_SIZE 8192

void kmsg_open(struct kmsg *kmsg, bool all)
{
	kmsg->line[0] = '\0';
	kmsg->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg->fd >= 0 && !all)
		lseek(kmsg->fd, 0, SEEK_END);
}

void kmsg_close(struct kmsg *kmsg)
{
	if (kmsg->fd >= 0)
		close(kmsg->fd);
	kmsg->fd = -1;
}

bool kmsg_is_open(const struct kmsg *kmsg)
{
	return kmsg->fd >= 0;
}

bool kmsg_next(struct kmsg *kmsg)
{
	char record[RECORD_SIZE];
	ssize_t len = -1;
	char *text;

	/* EPIPE: records were overwritten, the next read has the oldest. */
	while (kmsg->fd >= 0 && len < 0) {
		len = read(kmsg->fd, record, sizeof(record) - 1);
		if (len < 0 && errno != EPIPE && errno != EINTR)
			break;
	}
	if (len <= 0)
		return false;
	record[len] = '\0';
	text = strchr(record, ';');
	text = text ? text + 1 : record;
	text[strcspn(text, "\n")] = '\0';
	snprintf(kmsg->line, sizeof(kmsg->line), "%.*s",
		 (int)sizeof(kmsg->line) - 1, text);
	return true;
}

/*
 * Others have their own troubles meanwhile, so the record has to name us.
 *
 *   dmaexer: page allocation failure: order:11, mode:0xcc0(GFP_KERNEL), ...
 *   WARNING: CPU: 0 PID: 123 at mm/page_alloc.c:4545 __alloc_pages+0x...
 */
bool kmsg_is_complaint(const struct kmsg *kmsg)
{
	char name[16] = "";
	char ours[32];

	prctl(PR_GET_NAME, name);
	snprintf(ours, sizeof(ours), "%s: ", name);
	if (!strncmp(kmsg->line, ours, strlen(ours)) &&
	    strstr(kmsg->line, "page allocation failure"))
		return true;
	snprintf(ours, sizeof(ours), " PID: %d ", gettid());
	return strstr(kmsg->line, "WARNING:") && strstr(kmsg->line, ours);
}

/*
 * What stands before the address of a fault; a tab is \x09 in a record.
 *
 *   DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0x1000 [...
 *   AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0001 address=0x1000 flags=...
 *   arm-smmu 1000.iommu: Unhandled context fault: fsr=0x402, iova=0x1000, ...
 *   arm-smmu-v3 1000.smmuv3: event: F_TRANSLATION ... iova: 0x1000 ipa: 0x0
 *   arm-smmu-v3 1000.smmuv3: \x090x0000000000001000
 *   virtio_iommu virtio0: page fault from EP 16 at 0x1000 [W]
 *   ipmmu-vmsa 1000.iommu: Unhandled fault: status 0x1 iova 0x1000
 */
static const char *const fault_marks[] = {
	"fault addr 0x", " address=0x", "iova=0x", "iova: 0x", "iova 0x",
	" at 0x", ": \\x090x",
};

/* Address of a fault, or false where the line is about something else. */
static bool fault_addr(const char *line, uint64_t *addr)
{
	for (size_t i = 0; i < ARRAY_SIZE(fault_marks); i++) {
		const char *at = strstr(line, fault_marks[i]);

		if (!at)
			continue;
		*addr = strtoull(at + strlen(fault_marks[i]), NULL, 16);
		return true;
	}
	return false;
}

static unsigned int elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned int)((now.tv_sec - since->tv_sec) * 1000 +
			      (now.tv_nsec - since->tv_nsec) / 1000000);
}

bool kmsg_fault(struct kmsg *kmsg, uint64_t addr, uint64_t page,
		unsigned int timeout_ms)
{
	struct pollfd poller = { .fd = kmsg->fd, .events = POLLIN };
	struct timespec since;
	uint64_t found;

	clock_gettime(CLOCK_MONOTONIC, &since);
	while (kmsg->fd >= 0) {
		unsigned int waited;

		while (kmsg_next(kmsg))
			if (fault_addr(kmsg->line, &found) &&
			    (found & ~(page - 1)) == (addr & ~(page - 1)))
				return true;
		waited = elapsed_ms(&since);
		if (waited >= timeout_ms)
			break;
		poll(&poller, 1, (int)(timeout_ms - waited));
	}
	return false;
}
