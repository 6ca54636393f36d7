// SPDX-License-Identifier: GPL-2.0
/* Limits: quotas, and a machine that survives whatever is asked for. */
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bystander.h"
#include "dmx.h"
#include "harness.h"

#define CHUNK	(4 * 1024 * 1024)

FIXTURE(limit)
{
	struct dmx d;
};

FIXTURE_SETUP(limit)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(limit)
{
	dmx_teardown(&self->d);
}

TEST_F(limit, the_quota_of_buffers_is_enospc_and_says_limit_and_use)
{
	struct dmx *d = &self->d;
	uint32_t id;
	int i;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "3"));
	for (i = 0; i < 3; i++) {
		id = dmx_new(d, i, 1, 64);
		ASSERT_NE(0, id);
	}
	dmx_begin_new(d, COHERENT, 1, 64);
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, "3"));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_NE(0, dmx_new(d, COHERENT, 1, 64));
}

TEST_F(limit, the_quota_of_bytes_is_enospc_and_counts_whole_pages)
{
	struct dmx *d = &self->d;
	uint32_t id;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bytes"), "65536"));
	dmx_begin_new(d, COHERENT, 1, 65537);
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, "65536"));
	id = dmx_new(d, BOX, 1, 65536);
	ASSERT_NE(0, id);
	dmx_begin_new(d, COHERENT, 1, 1);
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, "65536"));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_NE(0, dmx_new(d, HANDLE, 1, 4097));
	dmx_begin_new(d, COHERENT, 1, 57345);
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, NULL));
	EXPECT_NE(0, dmx_new(d, COHERENT, 1, 57344));
}

TEST_F(limit, a_quota_of_a_device_is_not_that_of_another)
{
	struct dmx *d = &self->d;
	uint32_t first = d->dev;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "0"));
	nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
	nl_flag(&d->nl, DMAEXER_A_DEV_OWNED);
	ASSERT_EQ(0, nl_call(&d->nl));
	d->dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	EXPECT_NE(0, dmx_new(d, COHERENT, 1, 64));
	d->dev = first;
	dmx_begin_new(d, COHERENT, 1, 64);
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, NULL));
}

TEST_F(limit, a_quota_below_the_use_keeps_what_lives)
{
	struct dmx *d = &self->d;
	uint32_t id = dmx_new(d, COHERENT, 1, 64);

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "0"));
	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bytes"), "0"));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, id));
	dmx_begin_new(d, COHERENT, 1, 64);
	EXPECT_STREQ("", dmx_refused(d, ENOSPC, NONE, NULL));
	EXPECT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
}

TEST_F(limit, a_refusal_does_not_use_the_quota_up)
{
	struct dmx *d = &self->d;
	int i;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "2"));
	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bytes"), "8192"));
	for (i = 0; i < 10; i++) {
		dmx_begin_new(d, BOX, 1, 4096);
		nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
		EXPECT_STREQ("", dmx_refused(d, EINVAL, NONE, NULL));
	}
	EXPECT_NE(0, dmx_new(d, BOX, 1, 4096));
	EXPECT_NE(0, dmx_new(d, BOX, 1, 4096));
}

/* Takes all memory in chunks of a kind; returns how many there were. */
static unsigned int exhaust(struct dmx *d, uint32_t kind, uint64_t chunk)
{
	unsigned int count = 0;
	uint64_t bytes = number_in("/proc/meminfo", "MemTotal:") * 1024;
	unsigned int most = 2 * bytes / chunk;

	while (count < most && dmx_new(d, kind, 1, chunk))
		count++;
	return count;
}

TEST_F_TIMEOUT(limit, memory_that_runs_out_is_enomem_without_oom_or_splat, 120)
{
	static const struct { uint32_t kind; uint64_t chunk; } ways[] = {
		{ COHERENT, CHUNK }, { HANDLE, CHUNK }, { BOX, CHUNK / 4 },
	};
	uint64_t free_before = available_kib();
	uint64_t kills = number_in("/proc/vmstat", "oom_kill ");
	struct dmx *d = &self->d;
	uint64_t free_after;
	const char *line;
	uint32_t id;
	size_t i;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bytes"),
				"0xffffffffffffffff"));
	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "100000"));
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		EXPECT_LT(4, exhaust(d, ways[i].kind, ways[i].chunk));
		EXPECT_EQ(ENOMEM, d->nl.err) TH_LOG("%s", d->nl.msg);
		EXPECT_STRNE("", d->nl.msg);
		nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
		nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
		ASSERT_EQ(0, nl_dump(&d->peek));
		const struct nlmsghdr *msg = NULL;

		while ((msg = nl_next(&d->peek, msg))) {
			memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)), 4);
			ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		}
		ASSERT_EQ(0, dmx_live_bytes(d));
	}
	EXPECT_EQ(kills, number_in("/proc/vmstat", "oom_kill "));
	line = dmx_complaint(d);
	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	free_after = available_kib();
	EXPECT_LT(free_before, free_after + 64 * 1024);
}

#define GROUP		"/tmp/dmaexer-cgroup"
#define CHARGED		500

/* A control group of ours, in a tree of ours. "" or why there is none. */
static const char *make_group(void)
{
	mkdir(GROUP, 0700);
	if (mount("none", GROUP, "cgroup2", 0, NULL))
		return "no cgroup2";
	if (file_write(GROUP "/cgroup.subtree_control", "+memory"))
		return "no memory controller in cgroup2";
	return mkdir(GROUP "/dmaexer", 0700) && errno != EEXIST ?
	       "no control group" : "";
}

static void drop_group(void)
{
	rmdir(GROUP "/dmaexer");
	umount(GROUP);
	rmdir(GROUP);
}

/* Bytes that the group is charged for what it had the kernel allocate. */
static uint64_t charged(void)
{
	return number_in(GROUP "/dmaexer/memory.stat", "slab_unreclaimable ");
}

static int charge(struct dmx *d)
{
	uint64_t before;
	int i;

	if (file_write(GROUP "/dmaexer/cgroup.procs", "0"))
		return 2;
	before = charged();
	for (i = 0; i < CHARGED; i++)
		if (!dmx_new(d, HANDLE, 1, 1))
			return 3;
	printf("# %d buffers: %llu bytes\n", CHARGED,
	       (unsigned long long)(charged() - before));
	/* the driver itself keeps some hundred bytes of a buffer */
	return charged() - before < CHARGED * 256;
}

TEST_F(limit, a_client_is_charged_for_what_the_kernel_keeps_of_its_buffers)
{
	const char *why = make_group();
	int status = 0;

	if (!*why) {
		if (!fork())
			_exit(charge(&self->d));
		wait(&status);
	}
	drop_group();
	if (*why)
		SKIP(return, "%s", why);
	EXPECT_EQ(0, WEXITSTATUS(status));
}

TEST_F(limit, a_failed_allocation_may_warn_where_it_was_asked_to)
{
	struct dmx *d = &self->d;

	if (!getenv("DMAEXER_TEST_WARN"))
		SKIP(return, "warns in the log; DMAEXER_TEST_WARN=1 runs it");
	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bytes"),
				"0xffffffffffffffff"));
	/* more than a block of the page allocator, of which the kernel warns */
	dmx_begin_new(d, COHERENT, 1, 8 << 20);
	nl_flag(&d->nl, DMAEXER_A_BUF_WARN);
	EXPECT_STREQ("", dmx_refused(d, ENOMEM, NONE, NULL));
	EXPECT_NE(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
