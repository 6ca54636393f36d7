// SPDX-License-Identifier: GPL-2.0
/* Records of the kernel's log: faults of IOMMUs, and complaints. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel.h"
#include "tap.h"

#define PAGE 4096

/* A log with one record, which a socket of packets is read like. */
static bool log_open(struct kmsg *kmsg, const char *text)
{
	char record[4096];
	int ends[2];
	int len = snprintf(record, sizeof(record), "4,1,2,-;%s\n SUBSYSTEM=pci\n",
			   text);

	kmsg->line[0] = '\0';
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends))
		return false;
	kmsg->fd = ends[0];
	len = write(ends[1], record, (size_t)len) == len ? 0 : -1;
	close(ends[1]);
	return !len;
}

static void fault_tests(void)
{
	static const struct {
		const char *line;
		uint64_t addr;
		bool found;
	} rows[] = {
		{ "DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0xffff3000 [fault reason 0x05] PTE Write access is not set",
		  0xffff3000, true },
		{ "edu 0000:00:04.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000c address=0xffff3000 flags=0x0020]",
		  0xffff3000, true },
		{ "arm-smmu 9050000.iommu: Unhandled context fault: fsr=0x402, iova=0xffff3000, fsynr=0x1, cbfrsynra=0x1, cb=0",
		  0xffff3000, true },
		{ "arm-smmu-v3 9050000.smmuv3: event: F_TRANSLATION client: 0000:00:02.0 sid: 0x10 ssid: 0x0 iova: 0xffff3000 ipa: 0x0",
		  0xffff3000, true },
		{ "arm-smmu-v3 9050000.smmuv3: \\x090x00000000ffff3000",
		  0xffff3000, true },
		{ "virtio_iommu virtio0: page fault from EP 16 at 0xffff3000 [W]",
		  0xffff3000, true },
		{ "ipmmu-vmsa e6740000.iommu: Unhandled fault: status 0x00000001 iova 0xffff3000",
		  0xffff3000, true },
		{ "DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0xffff3000 [fault reason 0x05]",
		  0xffff3fc0, true },
		{ "DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0xffff3000 [fault reason 0x05]",
		  0xffff4000, false },
		{ "DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0x1ffff3000 [fault reason 0x05]",
		  0xffff3000, false },
		{ "pci 0000:00:04.0: BAR 0 [mem 0xffff3000-0xffff3fff]",
		  0xffff3000, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kmsg kmsg;

		ok(log_open(&kmsg, rows[i].line) &&
		   kmsg_fault(&kmsg, rows[i].addr, PAGE, 0) == rows[i].found,
		   "0x%llx is %s \"%.60s\"", (unsigned long long)rows[i].addr,
		   rows[i].found ? "in" : "not in", rows[i].line);
		kmsg_close(&kmsg);
	}
}

static void complains(const char *text, bool is_complaint)
{
	struct kmsg kmsg;

	ok(log_open(&kmsg, text) && kmsg_next(&kmsg) &&
	   !strcmp(kmsg.line, text) &&
	   kmsg_is_complaint(&kmsg) == is_complaint, "\"%.60s\" is %s", text,
	   is_complaint ? "a complaint" : "none of ours");
	kmsg_close(&kmsg);
}

static void complaint_tests(void)
{
	struct kmsg kmsg;
	char longer[3000];
	char text[128];
	char name[16] = "";

	prctl(PR_GET_NAME, name);
	snprintf(text, sizeof(text),
		 "%s: page allocation failure: order:11, mode:0xcc0", name);
	complains(text, true);
	complains("other: page allocation failure: order:11, mode:0xcc0", false);
	snprintf(text, sizeof(text),
		 "WARNING: CPU: 0 PID: %d at mm/page_alloc.c:4545", gettid());
	complains(text, true);
	snprintf(text, sizeof(text),
		 "WARNING: CPU: 0 PID: %d at mm/page_alloc.c:4545", gettid() + 1);
	complains(text, false);
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	ok(log_open(&kmsg, longer) && kmsg_next(&kmsg) &&
	   strlen(kmsg.line) == sizeof(kmsg.line) - 1 &&
	   !strncmp(kmsg.line, longer, strlen(kmsg.line)),
	   "a record that is too long is cut");
	kmsg_close(&kmsg);
	snprintf(text, sizeof(text), "CPU: 0 PID: %d Comm: dmaexer", gettid());
	complains(text, false);
}

static void closed_tests(void)
{
	struct kmsg kmsg = { .fd = -1 };

	ok(!kmsg_is_open(&kmsg), "a log that cannot be read is not open");
	ok(!kmsg_next(&kmsg), "a log that cannot be read has no record");
	ok(!kmsg_fault(&kmsg, 0, PAGE, 1000000),
	   "a log that cannot be read has no fault, and is not waited for");
}

int main(void)
{
	fault_tests();
	complaint_tests();
	closed_tests();
	return tap_end();
}
