// SPDX-License-Identifier: GPL-2.0
/* Records of the kernel's log. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kmsg kmsg = { .fd = memfd_create("log", MFD_CLOEXEC) };

	claim(kmsg.fd >= 0 && write(kmsg.fd, data, size) == (ssize_t)size,
	      "there is memory");
	lseek(kmsg.fd, 0, SEEK_SET);
	while (kmsg_next(&kmsg)) {
		claim(!strchr(kmsg.line, '\n'), "\"%s\" is one line",
		      kmsg.line);
		kmsg_is_complaint(&kmsg);
	}
	lseek(kmsg.fd, 0, SEEK_SET);
	claim(!kmsg_fault(&kmsg, 0x5000, 4096, 0) || strstr(kmsg.line, "5"),
	      "\"%s\" is not about the page at 0x5000", kmsg.line);
	kmsg_close(&kmsg);
	return 0;
}
