// SPDX-License-Identifier: GPL-2.0
/*
 * Clients that may do everything and mean no good: whatever they ask for, and how
 * often, ends at the quotas, the machine goes on, and when they are killed all is
 * as before.
 *
 *   DMAEXER_HOSTILE_SOCKETS   sockets of a client; default is 1000
 */
#include <sys/resource.h>
#include <sys/socket.h>

#include "bystander.h"
#include "harness.h"
#include "hostile.h"

#define ROUNDS		100

static unsigned int sockets_max(void)
{
	return setting("DMAEXER_HOSTILE_SOCKETS", 1000);
}

FIXTURE(hostile)
{
	struct hostile h;
};

FIXTURE_SETUP(hostile)
{
	ASSERT_STREQ("", hostile_begin(&self->h));
}

FIXTURE_TEARDOWN(hostile)
{
	EXPECT_STREQ("", hostile_end(&self->h));
}

/* As many devices as a client can have, since each has a quota of its own. */
static void small_buffers(struct told *told)
{
	uint32_t kind = 0;
	uint32_t devs[8];
	struct nl nl;
	int i;

	if (nl_open(&nl))
		_exit(1);
	devs[0] = hostile_dev(&nl, 0, 64);
	for (i = 1; i < 8; i++)
		devs[i] = hostile_dev(&nl, devs[0], 64);
	for (;; kind++) {
		hostile_ask_new(&nl, devs[kind % 8], kind % 3, 1 + kind % 64);
		hostile_tell(told, &nl);
	}
}

TEST_F_TIMEOUT(hostile, small_buffers_end_at_max_bufs_over_all_devices, 3600)
{
	struct told *told = self->h.told;
	unsigned int made = 0;
	int i;

	hostile_start(self->h.clients, told, small_buffers, CLIENTS);
	ASSERT_TRUE(hostile_ready(told, CLIENTS));
	EXPECT_EQ(hostile_bufs(), dmx_count(&self->h.d, DMAEXER_CMD_BUF_GET));
	dmx_begin_new(&self->h.d, COHERENT, 1, 1);
	EXPECT_EQ(ENOSPC, nl_call(&self->h.d.nl));
	EXPECT_NE(NULL, strstr(self->h.d.nl.msg, "max_bufs"))
		TH_LOG("%s", self->h.d.nl.msg);
	EXPECT_EQ(hostile_bufs(), dmx_count(&self->h.d, DMAEXER_CMD_BUF_GET));
	for (i = 0; i < CLIENTS; i++) {
		EXPECT_EQ(ENOSPC, told[i].err) TH_LOG("%s", told[i].msg);
		EXPECT_EQ(0, told[i].strange);
		made += told[i].made;
	}
	EXPECT_EQ(hostile_bufs(), made);
	EXPECT_STREQ("", hostile_slow(self->h.clients, told));
}

/* Nothing that comes is ever read, no answer either. */
static void send_blindly(struct nl *nl, uint16_t flags)
{
	struct nlmsghdr head;

	memcpy(&head, nl->tx, sizeof(head));
	head.nlmsg_len = nl->tx_len;
	head.nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(nl->tx, &head, sizeof(head));
	if (send(nl->fd, nl->tx, nl->tx_len, 0) < 0)
		_exit(1);
}

/*
 * Sockets that own something, want to hear everything and listen to nothing, and
 * have half a dump each.
 */
static void silent_sockets(struct told *told)
{
	struct rlimit limit = { .rlim_cur = 100000, .rlim_max = 100000 };
	unsigned int many = sockets_max();
	struct nl nl;
	uint32_t dev = hostile_open(&nl);

	setrlimit(RLIMIT_NOFILE, &limit);
	for (; told->made < many; told->made++) {
		nl.fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
		if (nl.fd < 0)
			_exit(1);
		nl_begin(&nl, DMAEXER_CMD_BUF_GET);
		send_blindly(&nl, NLM_F_DUMP);
		hostile_begin_new(&nl, dev, told->made % 3, 1);
		send_blindly(&nl, 0);
		if (nl_join(&nl))
			_exit(1);
	}
	__atomic_store_n(&told->ready, true, __ATOMIC_RELEASE);
	pause();
}

/* The median of what a buffer costs that comes and goes, in seconds. */
static double cost_of_buffer(struct dmx *d)
{
	double took[ROUNDS], before;
	uint32_t id;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		before = now();
		id = dmx_new(d, COHERENT, 1, 1);
		if (!id || dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id))
			return 1e9;
		took[i] = now() - before;
	}
	return median(took, ROUNDS);
}

TEST_F_TIMEOUT(hostile, a_thousand_sockets_that_never_read_hold_nobody_up, 3600)
{
	unsigned int many = sockets_max();
	double without = cost_of_buffer(&self->h.d), with, start_at = now();
	uint64_t before, kib;

	before = available_kib();
	hostile_start(self->h.clients, self->h.told, silent_sockets, 1);
	ASSERT_TRUE(hostile_ready(self->h.told, 1));
	printf("# %u sockets: %.1f s\n", many, now() - start_at);
	EXPECT_EQ(many, dmx_count(&self->h.d, DMAEXER_CMD_BUF_GET));
	with = cost_of_buffer(&self->h.d);
	kib = available_kib();
	printf("# a buffer: %.0f us, %.0f us without; %lld KiB of memory\n",
	       with * 1e6, without * 1e6, (long long)(before - kib));
	/* to tell a socket costs some microseconds, or a little of a buffer's cost */
	EXPECT_GT(without * 2 + many * (50e-6 + without / 100), with);
	/* what a socket holds is what the kernel lets it, by default 208 KiB */
	EXPECT_LT(before, kib + many * 220 + SLACK_KIB);
	/* but for the first ones, whose dumps had only few buffers */
	EXPECT_LT(many / 2, file_number("/sys/module/dmaexer_core/refcnt"));
	start_at = now();
	hostile_kill(self->h.clients, 1);
	EXPECT_STREQ("", hostile_gone(&self->h));
	printf("# all gone after %.1f s\n", now() - start_at);
	EXPECT_EQ(1, file_number("/sys/module/dmaexer_core/refcnt"));
}

/* Every command there may be, with as much as a message can have. */
static void huge_messages(struct told *told)
{
	static char text[60000];
	struct nl nl;
	uint32_t dev = hostile_open(&nl);
	unsigned int n;
	int i;

	memset(text, 'x', sizeof(text) - 1);
	for (n = 0;; n++) {
		nl_begin(&nl, n % (DMAEXER_CMD_MAX + 1));
		nl_u32(&nl, 2, dev);
		for (i = 0; i < 3; i++)
			nl_str(&nl, 3 + (n + i) % 32, text);
		nl_call(&nl);
		told->made += !nl.err;
		__atomic_store_n(&told->ready, n > DMAEXER_CMD_MAX,
				 __ATOMIC_RELEASE);
	}
}

TEST_F_TIMEOUT(hostile, huge_messages_are_refused_and_forgotten, 3600)
{
	struct told *told = self->h.told;
	int i;

	hostile_start(self->h.clients, told, huge_messages, CLIENTS);
	ASSERT_TRUE(hostile_ready(told, CLIENTS));
	EXPECT_STREQ("", hostile_slow(self->h.clients, told));
	for (i = 0; i < CLIENTS; i++)
		EXPECT_EQ(0, told[i].made);
}

TEST_HARNESS_MAIN
