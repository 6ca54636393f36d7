// SPDX-License-Identifier: GPL-2.0
/*
 * Clients that may do everything and mean no good: whatever they ask for, and how
 * often, ends at the quotas, the machine goes on, and when they are killed all is
 * as before.
 *
 *   DMAEXER_HOSTILE_BUFS      how many small buffers there may be; default is 2000
 *   DMAEXER_HOSTILE_SOCKETS   sockets of a client; default is 1000
 *   DMAEXER_HOSTILE_MS        how long others are looked at; default is 400
 *   DMAEXER_HOSTILE_S         how long clients may take; default is 60
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "bystander.h"
#include "dmx.h"
#include "harness.h"
#include "program.h"

#define CLIENTS		4
#define ROUNDS		100
/* a client may cost others no more than one that only computes, by an order */
#define SLOWER		10
/* what the kernel keeps for itself of what it was given back */
#define SLACK_KIB	(24 * 1024)
#define PATIENCE_S	setting("DMAEXER_HOSTILE_S", 60)
/* what a device of the ISA bus reaches; where that is a zone it is 16 MiB */
#define LOW_BITS	24

/* What clients tell the test. */
struct told {
	unsigned int made;
	unsigned int refused;
	unsigned int strange;
	int err;
	char msg[256];
	bool ready;
};

FIXTURE(hostile)
{
	struct dmx d;
	struct told *told;
	pid_t clients[CLIENTS];
	uint64_t available;
	uint64_t kills;
	unsigned int devices;
	double start;
};

static unsigned int bufs_max(void)
{
	return setting("DMAEXER_HOSTILE_BUFS", 2000);
}

static unsigned int sockets_max(void)
{
	return setting("DMAEXER_HOSTILE_SOCKETS", 1000);
}

static void unbound(void)
{
	dmaexer_reload("");
}

/* Few buffers, so that it takes no time to have them all. */
static void __attribute__((constructor)) bound(void)
{
	const char *most = format("max_bufs=%u quota_bufs=%u", bufs_max(),
				  bufs_max());
	const char *why = dmaexer_reload(most);

	if (*why)
		give_up(getenv("DMAEXER_KO"), why);
	atexit(unbound);
}

FIXTURE_SETUP(hostile)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->told = mmap(NULL, CLIENTS * sizeof(*self->told),
			  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);
	ASSERT_NE(MAP_FAILED, self->told);
	self->kills = number_in("/proc/vmstat", "oom_kill ");
	self->devices = dmx_count(&self->d, DMAEXER_CMD_DEV_GET);
	self->available = available_kib();
	self->start = now();
}

static void kill_all(pid_t *pids, int count)
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

static void start(pid_t *pids, struct told *told,
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

/* Until each client has done what is to be looked at. */
static bool are_ready(const struct told *told, int count)
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

static void tell(struct told *told, const struct nl *nl)
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

static uint32_t open_client(struct nl *nl)
{
	if (nl_open(nl))
		_exit(1);
	dmx_begin_dev(nl, NULL);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_DEV_ID);
}

static void begin_new(struct nl *nl, uint32_t dev, uint32_t kind,
		      uint64_t size)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, size);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
}

static void ask_new(struct nl *nl, uint32_t dev, uint32_t kind, uint64_t size)
{
	begin_new(nl, dev, kind, size);
	nl_call(nl);
}

/* "" where everything is as it was before the clients came. */
static const char *all_gone(struct dmx *d, unsigned int devices,
			    uint64_t available)
{
	double end = now() + PATIENCE_S;
	uint64_t kib;

	while (dmx_count(d, DMAEXER_CMD_BUF_GET) ||
	       dmx_count(d, DMAEXER_CMD_DEV_GET) != devices)
		if (now() > end)
			return "objects are left";
	/* the kernel frees some of it later */
	do
		kib = available_kib();
	while (kib + SLACK_KIB < available && now() < end);
	return kib + SLACK_KIB < available ?
	       format("%llu KiB of memory are missing",
		      (unsigned long long)(available - kib)) : "";
}

FIXTURE_TEARDOWN(hostile)
{
	const char *line;

	kill_all(self->clients, CLIENTS);
	EXPECT_STREQ("", all_gone(&self->d, self->devices, self->available));
	EXPECT_EQ(self->kills, number_in("/proc/vmstat", "oom_kill "));
	line = dmx_complaint(&self->d);
	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
	printf("# all in all %.1f s\n", now() - self->start);
}

/* "" where others are no worse off than with as many who only compute. */
static const char *too_slow(pid_t *clients, struct told *told)
{
	struct told other[CLIENTS];
	pid_t pids[CLIENTS] = { };
	double with = bystander(setting("DMAEXER_HOSTILE_MS", 400) / 1e3);
	double without;

	kill_all(clients, CLIENTS);
	start(pids, other, compute, CLIENTS);
	without = bystander(setting("DMAEXER_HOSTILE_MS", 400) / 1e3);
	kill_all(pids, CLIENTS);
	printf("# a bystander: %.0f us, %.0f us without\n", with * 1e6,
	       without * 1e6);
	return with <= SLOWER * without ? "" :
	       format("others are %.1f times slower", with / without);
}

/* A device that reaches so much of memory, or else @other. */
static uint32_t new_dev(struct nl *nl, uint32_t other, uint32_t bits)
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

/* As many devices as a client can have, since each has a quota of its own. */
static void small_buffers(struct told *told)
{
	uint32_t kind = 0;
	uint32_t devs[8];
	struct nl nl;
	int i;

	if (nl_open(&nl))
		_exit(1);
	devs[0] = new_dev(&nl, 0, 64);
	for (i = 1; i < 8; i++)
		devs[i] = new_dev(&nl, devs[0], 64);
	for (;; kind++) {
		ask_new(&nl, devs[kind % 8], kind % 3, 1 + kind % 64);
		tell(told, &nl);
	}
}

TEST_F_TIMEOUT(hostile, small_buffers_end_at_max_bufs_over_all_devices, 3600)
{
	struct told *told = self->told;
	unsigned int made = 0;
	int i;

	start(self->clients, told, small_buffers, CLIENTS);
	ASSERT_TRUE(are_ready(told, CLIENTS));
	EXPECT_EQ(bufs_max(), dmx_count(&self->d, DMAEXER_CMD_BUF_GET));
	dmx_begin_new(&self->d, COHERENT, 1, 1);
	EXPECT_EQ(ENOSPC, nl_call(&self->d.nl));
	EXPECT_NE(NULL, strstr(self->d.nl.msg, "max_bufs"))
		TH_LOG("%s", self->d.nl.msg);
	EXPECT_EQ(bufs_max(), dmx_count(&self->d, DMAEXER_CMD_BUF_GET));
	for (i = 0; i < CLIENTS; i++) {
		EXPECT_EQ(ENOSPC, told[i].err) TH_LOG("%s", told[i].msg);
		EXPECT_EQ(0, told[i].strange);
		made += told[i].made;
	}
	EXPECT_EQ(bufs_max(), made);
	EXPECT_STREQ("", too_slow(self->clients, told));
}

/* As low as it gets, once it is below @kib. */
static uint64_t lowest_kib(uint64_t kib)
{
	uint64_t lowest = UINT64_MAX, found;
	double end = now() + PATIENCE_S;

	while (now() < end) {
		found = available_kib();
		if (lowest > kib && found <= kib)
			end = now() + setting("DMAEXER_HOSTILE_MS", 400) / 1e3;
		if (found < lowest)
			lowest = found;
	}
	return lowest;
}

/* From 1 << @most on, of each size what there is below a mask of @mask bits. */
static void all_below(struct told *told, uint32_t mask, unsigned int most)
{
	unsigned int bits;
	struct nl nl;
	uint32_t dev;

	if (nl_open(&nl))
		_exit(1);
	dev = new_dev(&nl, 0, mask);
	for (bits = most;; bits = bits > 12 ? bits - 1 : most) {
		do {
			ask_new(&nl, dev, (bits + 1) % 3, 1ULL << bits);
			tell(told, &nl);
		} while (!nl.err);
	}
}

static void large_buffers(struct told *told)
{
	/* the largest that a number can say */
	all_below(told, 64, 63);
}

TEST_F_TIMEOUT(hostile, large_buffers_leave_a_sixteenth_of_memory, 3600)
{
	uint64_t least = number_in("/proc/meminfo", "MemTotal:") / 16;
	uint64_t lowest;
	int i;

	start(self->clients, self->told, large_buffers, CLIENTS);
	lowest = lowest_kib(least + SLACK_KIB / 2);
	printf("# %llu KiB were available at least\n",
	       (unsigned long long)lowest);
	EXPECT_LE(least, lowest + SLACK_KIB);
	EXPECT_GT(2 * least, lowest);
	EXPECT_STREQ("", too_slow(self->clients, self->told));
	for (i = 0; i < CLIENTS; i++) {
		EXPECT_EQ(0, self->told[i].strange);
		EXPECT_NE(0, self->told[i].refused);
	}
}

static void low_buffers(struct told *told)
{
	all_below(told, LOW_BITS, 16);
}

/* What /proc/zoneinfo says of the zone that begins at page 1. */
static uint64_t low_zone(const char *word)
{
	static char text[65536];
	char *zone, *end;

	memset(text, 0, sizeof(text));
	file_read("/proc/zoneinfo", text, sizeof(text) - 1);
	zone = strstr(text, "Node 0, zone      DMA\n");
	if (!zone)
		return 0;
	end = strstr(zone + 1, "Node ");
	if (end)
		*end = '\0';
	zone = strstr(zone, word);
	return zone ? strtoull(zone + strlen(word), NULL, 10) : 0;
}

/* Until a page there is refused as more than can be spared, for a while. */
static bool is_spent(struct nl *nl, uint32_t dev)
{
	double end = now() + PATIENCE_S;

	while (now() < end) {
		begin_new(nl, dev, COHERENT, 4096);
		if (nl_call(nl))
			return nl->err == ENOMEM && strstr(nl->msg, "can spare");
		nl_begin(nl, DMAEXER_CMD_BUF_DEL);
		nl_u32(nl, DMAEXER_A_BUF_ID, nl_get_u32(nl, DMAEXER_A_BUF_ID));
		nl_call(nl);
	}
	return false;
}

/* Others need memory there, too, and nobody waits for it in vain. */
TEST_F_TIMEOUT(hostile, low_buffers_leave_a_sixteenth_of_low_memory, 3600)
{
	uint64_t least = low_zone(" managed ") / 16, stalls;
	struct nl *nl = &self->d.nl;
	uint32_t dev;

	if (!least)
		SKIP(return, "there is no low memory of its own");
	dev = new_dev(nl, 0, LOW_BITS);
	ASSERT_NE(0, dev);
	stalls = number_in("/proc/vmstat", "allocstall_dma ");
	start(self->clients, self->told, low_buffers, CLIENTS);
	EXPECT_TRUE(is_spent(nl, dev)) TH_LOG("%s", nl->msg);
	EXPECT_LE(least, low_zone("pages free "));
	EXPECT_STREQ("", too_slow(self->clients, self->told));
	EXPECT_EQ(stalls, number_in("/proc/vmstat", "allocstall_dma "));
	EXPECT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, dev));
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
	uint32_t dev = open_client(&nl);

	setrlimit(RLIMIT_NOFILE, &limit);
	for (; told->made < many; told->made++) {
		nl.fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
		if (nl.fd < 0)
			_exit(1);
		nl_begin(&nl, DMAEXER_CMD_BUF_GET);
		send_blindly(&nl, NLM_F_DUMP);
		begin_new(&nl, dev, told->made % 3, 1);
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
	double without = cost_of_buffer(&self->d), with, start_at = now();
	uint64_t before, kib;

	before = available_kib();
	start(self->clients, self->told, silent_sockets, 1);
	ASSERT_TRUE(are_ready(self->told, 1));
	printf("# %u sockets: %.1f s\n", many, now() - start_at);
	EXPECT_EQ(many, dmx_count(&self->d, DMAEXER_CMD_BUF_GET));
	with = cost_of_buffer(&self->d);
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
	kill_all(self->clients, 1);
	EXPECT_STREQ("", all_gone(&self->d, self->devices, self->available));
	printf("# all gone after %.1f s\n", now() - start_at);
	EXPECT_EQ(1, file_number("/sys/module/dmaexer_core/refcnt"));
}

/* Every command there may be, with as much as a message can have. */
static void huge_messages(struct told *told)
{
	static char text[60000];
	struct nl nl;
	uint32_t dev = open_client(&nl);
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
	struct told *told = self->told;
	int i;

	start(self->clients, told, huge_messages, CLIENTS);
	ASSERT_TRUE(are_ready(told, CLIENTS));
	EXPECT_STREQ("", too_slow(self->clients, told));
	for (i = 0; i < CLIENTS; i++)
		EXPECT_EQ(0, told[i].made);
}

TEST_HARNESS_MAIN
