// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "bystander.h"
#include "hostile.h"
#include "program.h"

/* a client may cost others no more than one that only computes, by an order */
#define SLOWER		10

unsigned int hostile_bufs(void)
{
	return setting("DMAEXER_HOSTILE_BUFS", 2000);
}

static void unbound(void)
{
	dmaexer_reload("");
}

/* Few buffers, so that it takes no time to have them all. */
static void __attribute__((constructor)) bound(void)
{
	const char *most = format("max_bufs=%u quota_bufs=%u", hostile_bufs(),
				  hostile_bufs());
	const char *why = dmaexer_reload(most);

	if (*why)
		give_up(getenv("DMAEXER_KO"), why);
	atexit(unbound);
}

const char *hostile_begin(struct hostile *h)
{
	const char *why = dmx_setup(&h->d);

	if (*why)
		return why;
	h->told = mmap(NULL, CLIENTS * sizeof(*h->told), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (h->told == MAP_FAILED)
		return "no memory to share";
	h->kills = number_in("/proc/vmstat", "oom_kill ");
	h->devices = dmx_count(&h->d, DMAEXER_CMD_DEV_GET);
	h->available = available_kib();
	h->start = now();
	return "";
}

void hostile_kill(pid_t *pids, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
	for (i = 0; i < count; i++) {
		if (pids[i] > 0)
			waitpid(pids[i], NULL, 0);
		pids[i] = 0;
	}
}

static void compute(struct told *told)
{
	for (;;)
		told->made++;
}

void hostile_start(pid_t *pids, struct told *told,
		   void (*client)(struct told *told), int count)
{
	int i;

	for (i = 0; i < count; i++) {
		memset(&told[i], 0, sizeof(told[i]));
		pids[i] = fork();
		if (!pids[i]) {
			client(&told[i]);
			_exit(1);
		}
	}
}

bool hostile_ready(const struct told *told, int count)
{
	double end = now() + PATIENCE_S;
	int i, ready = 0;

	while (ready < count && now() < end) {
		usleep(10000);
		for (i = ready = 0; i < count; i++)
			ready += __atomic_load_n(&told[i].ready,
						 __ATOMIC_ACQUIRE);
	}
	return ready == count;
}

void hostile_tell(struct told *told, const struct nl *nl)
{
	if (!nl->err) {
		told->made++;
		return;
	}
	told->refused++;
	/* nothing else is said to who is told to wait, or asks for too much */
	told->strange += nl->err != ENOSPC && nl->err != ENOMEM &&
			 nl->err != EINVAL;
	if (!told->ready) {
		told->err = nl->err;
		memcpy(told->msg, nl->msg, sizeof(told->msg));
	}
	__atomic_store_n(&told->ready, true, __ATOMIC_RELEASE);
}

uint32_t hostile_open(struct nl *nl)
{
	if (nl_open(nl))
		_exit(1);
	dmx_begin_dev(nl, NULL);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_DEV_ID);
}

void hostile_begin_new(struct nl *nl, uint32_t dev, uint32_t kind,
		       uint64_t size)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, size);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
}

void hostile_ask_new(struct nl *nl, uint32_t dev, uint32_t kind, uint64_t size)
{
	hostile_begin_new(nl, dev, kind, size);
	nl_call(nl);
}

uint32_t hostile_dev(struct nl *nl, uint32_t other, uint32_t bits)
{
	uint32_t dev;

	dmx_begin_dev(nl, NULL);
	if (nl_call(nl))
		return other;
	dev = nl_get_u32(nl, DMAEXER_A_DEV_ID);
	nl_begin(nl, DMAEXER_CMD_DEV_SET);
	nl_u32(nl, DMAEXER_A_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, bits);
	return nl_call(nl) ? other : dev;
}

const char *hostile_gone(struct hostile *h)
{
	struct dmx *d = &h->d;
	double end = now() + PATIENCE_S;
	uint64_t kib;

	while (dmx_count(d, DMAEXER_CMD_BUF_GET) ||
	       dmx_count(d, DMAEXER_CMD_DEV_GET) != h->devices)
		if (now() > end)
			return "objects are left";
	/* it keeps room for the largest answer that it had */
	nl_close(&d->peek);
	if (nl_open(&d->peek))
		return "no socket";
	/* the kernel frees some of it later */
	do
		kib = available_kib();
	while (kib + SLACK_KIB < h->available && now() < end);
	return kib + SLACK_KIB < h->available ?
	       format("%llu KiB of memory are missing",
		      (unsigned long long)(h->available - kib)) : "";
}

const char *hostile_end(struct hostile *h)
{
	const char *wrong, *line;

	hostile_kill(h->clients, CLIENTS);
	wrong = hostile_gone(h);
	line = dmx_complaint(&h->d);
	if (!*wrong && line)
		wrong = format("%s", line);
	if (!*wrong && h->kills != number_in("/proc/vmstat", "oom_kill "))
		wrong = "the OOM killer was there";
	dmx_teardown(&h->d);
	printf("# all in all %.1f s\n", now() - h->start);
	return wrong;
}

const char *hostile_slow(pid_t *clients, struct told *told)
{
	struct told other[CLIENTS];
	pid_t pids[CLIENTS] = { };
	double with = bystander(setting("DMAEXER_HOSTILE_MS", 400) / 1e3);
	double without;

	hostile_kill(clients, CLIENTS);
	hostile_start(pids, other, compute, CLIENTS);
	without = bystander(setting("DMAEXER_HOSTILE_MS", 400) / 1e3);
	hostile_kill(pids, CLIENTS);
	printf("# a bystander: %.0f us, %.0f us without\n", with * 1e6,
	       without * 1e6);
	return with <= SLOWER * without ? "" :
	       format("others are %.1f times slower", with / without);
}
