// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <linux/userfaultfd.h>

#include "program.h"
#include "stop.h"

#define BROKEN		"dmx_broken_test"
#define PARAMETERS	"/sys/module/" BROKEN "/parameters/"

/* 20 s: far more than a slow machine needs, far less than the module waits */
#define TRIES		4000
#define PAUSE_US	5000

void stop_require(void)
{
	const char *ko = getenv("DMAEXER_BROKEN_KO");

	if (!ko)
		give_up(false, "DMAEXER_BROKEN_KO does not name the test module");
	if (access(ko, R_OK))
		give_up(true, format("there is no %s", ko));
}

const char *stop_begin(struct dmx *d)
{
	/* a test that died left it */
	stop_end();
	return module_load(getenv("DMAEXER_BROKEN_KO"),
			   format("device=%s", d->name));
}

bool stop_at(const char *where)
{
	return !file_write(PARAMETERS "stops", where);
}

bool stop_next(void)
{
	return !file_write(PARAMETERS "next", "1");
}

bool stop_nobody(void)
{
	return stop_at("nothing");
}

bool stop_has(unsigned int threads)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		if (file_number(PARAMETERS "stopped") == threads)
			return true;
		usleep(PAUSE_US);
	}
	return false;
}

void stop_end(void)
{
	if (!file_exists(PARAMETERS))
		return;
	/* its code is left before it goes */
	stop_nobody();
	stop_has(0);
	syscall(SYS_delete_module, BROKEN, O_NONBLOCK);
}

static void *run(void *arg)
{
	struct call *c = arg;

	__atomic_store_n(&c->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	c->err = c->run ? c->run(c->arg) : nl_call(&c->nl);
	__atomic_store_n(&c->done, true, __ATOMIC_RELEASE);
	return NULL;
}

bool call_start(struct call *c)
{
	c->tid = 0;
	c->done = false;
	return !pthread_create(&c->thread, NULL, run, c);
}

int call_end(struct call *c)
{
	pthread_join(c->thread, NULL);
	return c->err;
}

static bool is_in(const char *task, const char *function)
{
	char stack[4096] = "";

	if (file_read(format("/proc/%s/stack", task), stack,
		      sizeof(stack) - 1) < 0)
		return false;
	return strstr(stack, format("] %s+", function));
}

bool sleeps_in(pid_t pid, const char *function)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		if (is_in(format("%d", pid), function))
			return true;
		usleep(PAUSE_US);
	}
	return false;
}

bool call_sleeps_in(struct call *c, const char *function)
{
	pid_t tid;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (__atomic_load_n(&c->done, __ATOMIC_ACQUIRE))
			return false;
		tid = __atomic_load_n(&c->tid, __ATOMIC_ACQUIRE);
		if (is_in(format("self/task/%d", tid), function))
			return true;
		usleep(PAUSE_US);
	}
	return false;
}

bool lazy_open(struct lazy *lazy, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	lazy->size = size;
	lazy->fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	lazy->at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (uintptr_t)lazy->at;
	reg.range.len = size;
	return lazy->fd >= 0 && lazy->at != MAP_FAILED &&
	       !ioctl(lazy->fd, UFFDIO_API, &api) &&
	       !ioctl(lazy->fd, UFFDIO_REGISTER, &reg);
}

bool lazy_is_wanted(struct lazy *lazy)
{
	struct pollfd fault = { .fd = lazy->fd, .events = POLLIN };

	return poll(&fault, 1, TRIES * PAUSE_US / 1000) == 1;
}

bool lazy_give(struct lazy *lazy, char byte)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)lazy->at,
		.len = lazy->size,
	};
	char *bytes = mmap(NULL, lazy->size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool given;

	if (bytes == MAP_FAILED)
		return false;
	memset(bytes, byte, lazy->size);
	copy.src = (uintptr_t)bytes;
	given = !ioctl(lazy->fd, UFFDIO_COPY, &copy);
	munmap(bytes, lazy->size);
	return given;
}

void lazy_close(struct lazy *lazy)
{
	close(lazy->fd);
	munmap(lazy->at, lazy->size);
}
