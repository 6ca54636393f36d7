/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says in files of its own, which the module has no part in:
 * independent of it, and there without it.
 */
#ifndef DMX_KERNEL_H
#define DMX_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a line of /proc/meminfo; 0 where there is no such one. */
uint64_t meminfo_bytes(const char *name);

/*
 * Bytes that each processor keeps free for itself, up to an eighth of memory;
 * no line of /proc/meminfo has them.
 */
uint64_t percpu_free_bytes(void);

/* Bytes of bounce buffers in use. Returns 0, or -errno where nobody tells. */
int swiotlb_used(uint64_t *bytes);

/* "DMA-FQ" of an IOMMU group. Returns 0 or -errno. */
int iommu_group_type(uint32_t group, char *buf, size_t size);

/* Whether each page is zeroed when it is allocated, or when it is freed. */
enum auto_init { AUTO_INIT_UNKNOWN, AUTO_INIT_OFF, AUTO_INIT_ON };

/* The setting of "init_on_alloc" or "init_on_free". */
enum auto_init auto_init(const char *name);

/* Room for the name of a mode of lockdown. */
#define LOCKDOWN_MODE_SIZE 32

/* Whether the kernel is locked down. Unknown where securityfs does not tell. */
enum lockdown { LOCKDOWN_UNKNOWN, LOCKDOWN_OFF, LOCKDOWN_ON };

/* Where it is, @mode says how far, "integrity" or "confidentiality". */
enum lockdown lockdown_mode(char *mode, size_t size);

/**
 * struct kmsg - the kernel's log, from some moment on
 * @fd: file of records, or -1 where the log cannot be read
 * @line: text of the last record
 */
struct kmsg {
	int fd;
	char line[1024];
};

/* From now on, or from the oldest record on; kmsg_close() in any case. */
void kmsg_open(struct kmsg *kmsg, bool all);
void kmsg_close(struct kmsg *kmsg);

/* Whether anybody may read it. */
bool kmsg_is_open(const struct kmsg *kmsg);

/* Reads the next record, false where there is none yet. */
bool kmsg_next(struct kmsg *kmsg);

/* Whether the last record is a warning of what this process asked for. */
bool kmsg_is_complaint(const struct kmsg *kmsg);

/*
 * Waits up to @timeout_ms for a record that says that an IOMMU stopped a device
 * at @addr, or at another address of its page of @page bytes.
 */
bool kmsg_fault(struct kmsg *kmsg, uint64_t addr, uint64_t page,
		unsigned int timeout_ms);

#endif
