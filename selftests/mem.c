// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>

#include "channel.h"
#include "mem.h"

/* Each thread has accesses of its own. */
static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t trying;

static void caught(int sig)
{
	if (trying)
		siglongjmp(back, sig);
	signal(sig, SIG_DFL);
}

static void __attribute__((constructor)) catch_signals(void)
{
	struct sigaction action = { .sa_handler = caught };

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
}

int mem_peek(const uint8_t *at)
{
	int sig = sigsetjmp(back, 1);
	int byte;

	if (sig) {
		trying = 0;
		return -sig;
	}
	trying = 1;
	byte = *(const volatile uint8_t *)at;
	trying = 0;
	return byte;
}

int mem_poke(uint8_t *at, uint8_t byte)
{
	int sig = sigsetjmp(back, 1);

	if (sig) {
		trying = 0;
		return -sig;
	}
	trying = 1;
	*(volatile uint8_t *)at = byte;
	trying = 0;
	return byte;
}

static bool has_edu(void)
{
	return getenv("DMAEXER_EDU_KO");
}

void mem_require(void)
{
	if (has_edu())
		channel_require(NULL);
}

const char *mem_setup(struct dmx *d)
{
	return has_edu() ? channel_setup(d) : dmx_setup(d);
}

int mem_open(struct dmx *d, uint32_t id, int flags)
{
	int fd = open(dmx_debugfs(d, id, "mem"), flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

uint8_t *mem_map(int fd, int prot, size_t len, off_t offset)
{
	void *map = mmap(NULL, len, prot, MAP_SHARED, fd, offset);

	return map == MAP_FAILED ? NULL : map;
}

uint8_t *mem_map_box(struct dmx *d, uint32_t id, size_t len)
{
	int fd = mem_open(d, id, O_RDWR);
	uint8_t *map;

	if (fd < 0)
		return NULL;
	map = mem_map(fd, PROT_READ | PROT_WRITE, len, 0);
	close(fd);
	return map;
}

const char *mem_dead(uint8_t *map, size_t len)
{
	size_t at;
	int got;

	for (at = 0; at < len; at += PAGE) {
		got = mem_peek(map + at + at / PAGE % PAGE);
		if (got != -SIGBUS)
			return format("page %zu: %d, not %d", at / PAGE, got,
				      -SIGBUS);
	}
	return "";
}
