// SPDX-License-Identifier: GPL-2.0
/*
 * kill -9 of a client wherever it is: what it owned is gone, and what it did not
 * own is there, listed, and as it was. DMAEXER_CRASH_ROUNDS is how often; default
 * is 500.
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "bystander.h"
#include "dmx.h"
#include "harness.h"

#define ROUNDS		500
#define SIZE		4096
/* but twice as long as a slow machine takes to make the first buffers */
#define LONGEST_US	3000

/* A round leaves few, and those before it have been looked at. */
#define MOST		4096

FIXTURE(crash)
{
	struct dmx d;
};

FIXTURE_SETUP(crash)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(crash)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

static uint32_t make(struct nl *nl, uint32_t dev, bool owned)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, COHERENT);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, SIZE);
	nl_str(nl, DMAEXER_A_BUF_LABEL, owned ? "owned" : "unowned");
	if (owned) {
		nl_flag(nl, DMAEXER_A_BUF_OWNED);
	} else {
		nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
		nl_u64(nl, DMAEXER_A_BUF_PATTERN_ARG, 1);
	}
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_BUF_ID);
}

/* Tells of each unowned buffer once the kernel has told of it. */
static void client(uint32_t dev, int tell)
{
	struct nl nl;
	uint32_t id;

	if (nl_open(&nl))
		_exit(1);
	dmx_begin_dev(&nl, NULL);
	if (nl_call(&nl))
		_exit(1);
	for (;;) {
		if (!make(&nl, dev, true) ||
		    !make(&nl, nl_get_u32(&nl, DMAEXER_A_BUF_DEV_ID), true))
			_exit(1);
		id = make(&nl, dev, false);
		if (!id || write(tell, &id, sizeof(id)) != sizeof(id))
			_exit(1);
	}
}

/* Returns its process, and where it tells, or -1. */
static pid_t start_client(uint32_t dev, int *told)
{
	int tell[2];
	pid_t pid;

	if (pipe(tell))
		return -1;
	pid = fork();
	if (!pid) {
		close(tell[0]);
		client(dev, tell[1]);
	}
	close(tell[1]);
	*told = tell[0];
	return pid;
}

/* Returns how many buffers the client has told of, or -1 if it had ended. */
static int kill_client(pid_t pid, int told, uint32_t *ids)
{
	int count = 0;
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	while (count < MOST - 1 &&
	       read(told, ids + count, sizeof(*ids)) == sizeof(*ids))
		count++;
	close(told);
	return WIFSIGNALED(status) ? count : -1;
}

/* Returns the same. */
static int told_before_kill(uint32_t dev, useconds_t when, uint32_t *ids)
{
	int told;
	pid_t pid = start_client(dev, &told);

	if (pid < 0)
		return -1;
	usleep(when);
	return kill_client(pid, told, ids);
}

/* Returns the same, of one that is killed once it tells, after that many seconds. */
static int told_first(uint32_t dev, double *seconds, uint32_t *ids)
{
	struct pollfd told = { .events = POLLIN };
	double start = now();
	pid_t pid = start_client(dev, &told.fd);

	if (pid < 0)
		return -1;
	poll(&told, 1, -1);
	*seconds = now() - start;
	return kill_client(pid, told.fd, ids);
}

/* Looks at all buffers of the device, and deletes them. */
static const char *left(struct dmx *d, const uint32_t *ids, int count)
{
	const struct nlmsghdr *msg = NULL;
	static uint32_t found[MOST];
	int n = 0, i, seen = 0;

	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
	if (nl_dump(&d->peek))
		return "no dump";
	while ((msg = nl_next(&d->peek, msg)) && n < MOST) {
		if (strcmp(nl_data(nl_attr(msg, DMAEXER_A_BUF_LABEL)), "unowned"))
			return "an owned buffer is left";
		memcpy(&found[n], nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)), 4);
		for (i = 0; i < count; i++)
			seen += ids[i] == found[n];
		n++;
	}
	if (seen != count)
		return format("%d of %d unowned buffers are left", seen, count);
	for (i = 0; i < n; i++) {
		dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, found[i], 0, SIZE,
				DMAEXER_PATTERN_RANDOM, 1);
		if (nl_call(&d->nl) ||
		    nl_get_u64(&d->nl, DMAEXER_A_BUF_MISMATCHES))
			return format("buffer %u is not as it was", found[i]);
		dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, found[i]);
	}
	return "";
}

TEST_F_TIMEOUT(crash, owned_is_gone_and_unowned_is_as_it_was, 3000)
{
	unsigned int devices = dmx_count(&self->d, DMAEXER_CMD_DEV_GET);
	unsigned int seed = time(NULL);
	static uint32_t ids[MOST];
	long told = 0;
	int longest = LONGEST_US;
	double first[3];
	int i, count;

	for (i = 0; i < 3; i++) {
		count = told_first(self->d.dev, &first[i], ids);
		ASSERT_LT(0, count);
		ASSERT_STREQ("", left(&self->d, ids, count));
	}
	if (median(first, 3) * 2e6 > longest)
		longest = median(first, 3) * 2e6;
	printf("# seed %u, killed within %d us\n", seed, longest);
	for (i = setting("DMAEXER_CRASH_ROUNDS", ROUNDS); i > 0; i--) {
		count = told_before_kill(self->d.dev, rand_r(&seed) % longest,
					 ids);
		ASSERT_LE(0, count);
		ASSERT_STREQ("", left(&self->d, ids, count));
		ASSERT_EQ(devices, dmx_count(&self->d, DMAEXER_CMD_DEV_GET));
		told += count;
	}
	printf("# %ld unowned buffers\n", told);
	EXPECT_LT(0, told);
	EXPECT_EQ(0, dmx_live_bytes(&self->d));
}

TEST_HARNESS_MAIN
