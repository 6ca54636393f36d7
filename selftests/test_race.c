// SPDX-License-Identifier: GPL-2.0
/*
 * Two requests that meet, of which one is stopped in the middle: while the platform
 * allocates, frees or takes a mask. What the other does then, and what both come
 * to, is one thing and no other.
 */
#include <signal.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "harness.h"
#include "stop.h"

#define SIZE		8192
#define SOON_MS		5000
#define QUIET_MS	50

FIXTURE(race)
{
	struct dmx d;
	struct nl ears;
	struct call a;
	struct call b;
};

FIXTURE_SETUP(race)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_STREQ("", stop_begin(&self->d));
	memset(&self->a, 0, sizeof(self->a));
	memset(&self->b, 0, sizeof(self->b));
	ASSERT_EQ(0, nl_open(&self->a.nl));
	ASSERT_EQ(0, nl_open(&self->b.nl));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_EQ(0, nl_join(&self->ears));
}

FIXTURE_TEARDOWN(race)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	stop_nobody();
	nl_close(&self->a.nl);
	nl_close(&self->b.nl);
	nl_close(&self->ears);
	dmx_teardown(&self->d);
	stop_end();
}

static void begin_new(struct nl *nl, uint32_t dev)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, COHERENT);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, SIZE);
}

static bool start_new(struct call *c, uint32_t dev)
{
	begin_new(&c->nl, dev);
	return call_start(c);
}

static bool start_op(struct call *c, uint8_t cmd, uint32_t id)
{
	_Static_assert((int)DMAEXER_A_DEV_ID == (int)DMAEXER_A_BUF_ID, "id");
	nl_begin(&c->nl, cmd);
	nl_u32(&c->nl, DMAEXER_A_BUF_ID, id);
	return call_start(c);
}

static void begin_mask(struct nl *nl, uint32_t dev, bool force)
{
	nl_begin(nl, DMAEXER_CMD_DEV_SET);
	nl_u32(nl, DMAEXER_A_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, 40);
	if (force)
		nl_flag(nl, DMAEXER_A_DEV_FORCE);
}

/* The same as in a reply, from where nobody who is stopped is in the way. */
static uint64_t of_sysfs(struct dmx *d, const char *file)
{
	return file_number(dmx_sysfs(d, file));
}

static int new_of(struct nl *nl, uint32_t dev)
{
	begin_new(nl, dev);
	return nl_call(nl);
}

/* The next event is @cmd, of the object @id. */
static const char *event_is(struct nl *ears, uint8_t cmd, uint32_t id)
{
	uint8_t found = nl_event(ears, SOON_MS);

	if (found != cmd)
		return format("event %d, not %d", found, cmd);
	if (nl_get_u32(ears, DMAEXER_A_BUF_ID) != id)
		return format("event %d of %u, not of %u", cmd,
			      nl_get_u32(ears, DMAEXER_A_BUF_ID), id);
	return "";
}

/* No event came that was not expected. */
static const char *no_event(struct nl *ears)
{
	uint8_t found = nl_event(ears, QUIET_MS);

	return found ? format("one more event, %d", found) : "";
}

/* A buffer that was heard of; 0 for none. */
static uint32_t new_heard(struct dmx *d, struct nl *ears, uint32_t kind)
{
	uint32_t id = dmx_new(d, kind, 1, SIZE);

	return *event_is(ears, DMAEXER_CMD_BUF_NEW_NTF, id) ? 0 : id;
}

/* Neither by number nor in a dump nor in debugfs. */
static const char *is_gone(struct dmx *d, uint32_t id)
{
	const struct nlmsghdr *msg = NULL;

	if (dmx_exists(d, DMAEXER_CMD_BUF_GET, id))
		return "found by number";
	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	nl_dump(&d->peek);
	while ((msg = nl_next(&d->peek, msg)))
		if (*(uint32_t *)nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)) == id)
			return "found in a dump";
	if (file_exists(dmx_debugfs(d, id, "info")))
		return "found in debugfs";
	return "";
}

TEST_F(race, dev_del_waits_for_an_allocation_and_frees_it)
{
	struct dmx *d = &self->d;
	uint32_t id;

	ASSERT_TRUE(stop_at("alloc"));
	ASSERT_TRUE(start_new(&self->a, d->dev));
	ASSERT_TRUE(stop_has(1));
	EXPECT_EQ(1, of_sysfs(d, "live_bufs"));
	EXPECT_EQ(0, dmx_count(d, DMAEXER_CMD_BUF_GET));

	ASSERT_TRUE(start_op(&self->b, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_TRUE(call_sleeps_in(&self->b, "dmx_device_kill"));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_DEV_GET, d->dev));
	EXPECT_EQ(ENOENT, new_of(&d->nl, d->dev));

	/* no other device waits for this one */
	dmx_begin_dev(&d->nl, NULL);
	ASSERT_EQ(0, nl_call(&d->nl));
	EXPECT_EQ(0, new_of(&d->nl, nl_get_u32(&d->nl, DMAEXER_A_DEV_ID)));
	EXPECT_EQ(DMAEXER_CMD_DEV_ADD_NTF, nl_event(&self->ears, SOON_MS));
	EXPECT_EQ(DMAEXER_CMD_BUF_NEW_NTF, nl_event(&self->ears, SOON_MS));

	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_EQ(0, call_end(&self->b));
	id = nl_get_u32(&self->a.nl, DMAEXER_A_BUF_ID);
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_NEW_NTF, id));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF, id));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_DEV_DEL_NTF,
				  d->dev));
	EXPECT_STREQ("", no_event(&self->ears));
	EXPECT_STREQ("", is_gone(d, id));
}

TEST_F(race, dev_set_refuses_during_an_allocation_and_forced_waits_for_it)
{
	struct dmx *d = &self->d;
	uint64_t mask = of_sysfs(d, "coherent_dma_mask");

	ASSERT_TRUE(stop_at("alloc"));
	ASSERT_TRUE(start_new(&self->a, d->dev));
	ASSERT_TRUE(stop_has(1));
	begin_mask(&d->nl, d->dev, false);
	EXPECT_EQ(EBUSY, nl_call(&d->nl));
	EXPECT_TRUE(stop_has(1));

	begin_mask(&self->b.nl, d->dev, true);
	ASSERT_TRUE(call_start(&self->b));
	EXPECT_TRUE(call_sleeps_in(&self->b, "dmx_device_set_begin"));
	EXPECT_EQ(mask, of_sysfs(d, "coherent_dma_mask"));
	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_EQ(0, call_end(&self->b));
	EXPECT_EQ((1ULL << 40) - 1, of_sysfs(d, "coherent_dma_mask"));
	EXPECT_EQ(1, of_sysfs(d, "live_bufs"));
}

TEST_F(race, an_allocation_waits_for_dev_set_and_can_be_killed)
{
	struct dmx *d = &self->d;
	pid_t pid;

	ASSERT_TRUE(stop_at("mask"));
	begin_mask(&self->a.nl, d->dev, false);
	ASSERT_TRUE(call_start(&self->a));
	ASSERT_TRUE(stop_has(1));

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(new_of(&self->b.nl, d->dev));
	EXPECT_TRUE(sleeps_in(pid, "dmx_registry_buf_new"));
	kill(pid, SIGKILL);
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_TRUE(stop_has(1));
	EXPECT_EQ(0, of_sysfs(d, "live_bufs"));

	nl_close(&self->b.nl);
	ASSERT_EQ(0, nl_open(&self->b.nl));
	ASSERT_TRUE(start_new(&self->b, d->dev));
	EXPECT_TRUE(call_sleeps_in(&self->b, "dmx_registry_buf_new"));
	EXPECT_EQ(0, of_sysfs(d, "live_bufs"));
	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_EQ(0, call_end(&self->b));
	EXPECT_EQ(1, of_sysfs(d, "live_bufs"));
}

TEST_F(race, allocations_in_the_middle_use_the_quota)
{
	struct dmx *d = &self->d;

	ASSERT_EQ(0, file_write(dmx_sysfs(d, "quota_bufs"), "2"));
	ASSERT_TRUE(stop_at("alloc"));
	ASSERT_TRUE(start_new(&self->a, d->dev));
	ASSERT_TRUE(start_new(&self->b, d->dev));
	ASSERT_TRUE(stop_has(2));
	EXPECT_EQ(ENOSPC, new_of(&d->nl, d->dev));
	EXPECT_TRUE(stop_has(2));

	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_EQ(0, call_end(&self->b));
	EXPECT_NE(nl_get_u32(&self->a.nl, DMAEXER_A_BUF_ID),
		  nl_get_u32(&self->b.nl, DMAEXER_A_BUF_ID));
	EXPECT_EQ(2, dmx_live_bufs(d));
	EXPECT_EQ(2 * SIZE, dmx_live_bytes(d));
}

TEST_F(race, a_process_killed_during_its_allocation_leaves_nothing)
{
	struct dmx *d = &self->d;
	uint32_t id;
	pid_t pid;

	ASSERT_TRUE(stop_at("alloc"));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		nl_open(&self->a.nl);
		begin_new(&self->a.nl, d->dev);
		nl_flag(&self->a.nl, DMAEXER_A_BUF_OWNED);
		_exit(nl_call(&self->a.nl));
	}
	ASSERT_TRUE(stop_has(1));
	kill(pid, SIGKILL);
	EXPECT_EQ(1, of_sysfs(d, "live_bufs"));
	EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG));

	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(DMAEXER_CMD_BUF_NEW_NTF, nl_event(&self->ears, SOON_MS));
	id = nl_get_u32(&self->ears, DMAEXER_A_BUF_ID);
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF, id));
	EXPECT_STREQ("", no_event(&self->ears));
	EXPECT_STREQ("", is_gone(d, id));
}

static int close_socket(void *arg)
{
	return close(*(int *)arg) ? errno : 0;
}

/* The first is freed by the owner's end, the second by request. */
TEST_F(race, buf_del_and_the_end_of_the_owner_free_each_buffer_once)
{
	struct dmx *d = &self->d;
	uint32_t ids[2];
	struct nl owner;
	int i;

	ASSERT_EQ(0, nl_open(&owner));
	for (i = 0; i < 2; i++) {
		begin_new(&owner, d->dev);
		nl_flag(&owner, DMAEXER_A_BUF_OWNED);
		ASSERT_EQ(0, nl_call(&owner));
		ids[i] = nl_get_u32(&owner, DMAEXER_A_BUF_ID);
		EXPECT_EQ(DMAEXER_CMD_BUF_NEW_NTF,
			  nl_event(&self->ears, SOON_MS));
	}
	ASSERT_TRUE(stop_at("free"));
	self->a.run = close_socket;
	self->a.arg = &owner.fd;
	ASSERT_TRUE(call_start(&self->a));
	ASSERT_TRUE(stop_has(1));
	EXPECT_EQ(ENOENT, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, ids[0]));
	EXPECT_STREQ("", is_gone(d, ids[0]));
	ASSERT_TRUE(start_op(&self->b, DMAEXER_CMD_BUF_DEL, ids[1]));
	EXPECT_TRUE(stop_has(2));

	ASSERT_TRUE(stop_next());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF,
				  ids[0]));
	EXPECT_TRUE(stop_has(1));
	EXPECT_EQ(1, of_sysfs(d, "live_bufs"));
	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->b));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF,
				  ids[1]));
	EXPECT_STREQ("", no_event(&self->ears));
	EXPECT_EQ(0, dmx_live_bufs(d));
}

/* Nobody finds it any more; who has it open is told; nobody waits. */
TEST_F(race, a_buffer_that_is_being_freed_is_gone_for_all)
{
	static const uint8_t by_number[] = {
		DMAEXER_CMD_BUF_GET, DMAEXER_CMD_BUF_SHARE, DMAEXER_CMD_BUF_DEL,
	};
	struct dmx *d = &self->d;
	uint32_t id = new_heard(d, &self->ears, BOX);
	uint64_t value;
	char byte = 1;
	size_t i;
	int fd;

	fd = open(dmx_debugfs(d, id, "data"), O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(stop_at("free"));
	ASSERT_TRUE(start_op(&self->a, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_TRUE(stop_has(1));

	EXPECT_STREQ("", is_gone(d, id));
	for (i = 0; i < ARRAY_SIZE(by_number); i++)
		EXPECT_EQ(ENOENT, dmx_buf_op(d, by_number[i], id));
	EXPECT_EQ(ENOENT, dmx_read(d, id, 0, 0, 1, &value));
	EXPECT_EQ(ENOENT, dmx_write(d, id, 0, 0, 1, 1));
	EXPECT_EQ(ENOENT, dmx_fill(d, id, 0, 1, DMAEXER_PATTERN_ZERO, 0));
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(-1, pwrite(fd, &byte, 1, 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_EQ(1, of_sysfs(d, "live_bufs"));
	EXPECT_TRUE(stop_has(1));

	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF, id));
	EXPECT_STREQ("", no_event(&self->ears));
	EXPECT_EQ(0, dmx_live_bufs(d));
	close(fd);
}

TEST_F(race, dev_del_waits_for_a_buffer_that_is_being_freed)
{
	struct dmx *d = &self->d;
	uint32_t id = new_heard(d, &self->ears, COHERENT);

	ASSERT_NE(0, id);
	ASSERT_TRUE(stop_at("free"));
	ASSERT_TRUE(start_op(&self->a, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_TRUE(stop_has(1));
	ASSERT_TRUE(start_op(&self->b, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_TRUE(call_sleeps_in(&self->b, "dmx_device_kill"));

	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_EQ(0, call_end(&self->b));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF, id));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_DEV_DEL_NTF,
				  d->dev));
	EXPECT_STREQ("", no_event(&self->ears));
}

/* The device frees the first, somebody else meanwhile the second. */
TEST_F(race, buf_del_and_dev_del_free_each_buffer_once)
{
	struct dmx *d = &self->d;
	uint32_t ids[2];
	int i;

	for (i = 0; i < 2; i++)
		ids[i] = new_heard(d, &self->ears, COHERENT);
	ASSERT_TRUE(stop_at("free"));
	ASSERT_TRUE(start_op(&self->a, DMAEXER_CMD_DEV_DEL, d->dev));
	ASSERT_TRUE(stop_has(1));
	EXPECT_EQ(ENOENT, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(ENOENT, new_of(&d->nl, d->dev));
	ASSERT_TRUE(start_op(&self->b, DMAEXER_CMD_BUF_DEL, ids[1]));
	EXPECT_TRUE(stop_has(2));

	ASSERT_TRUE(stop_next());
	EXPECT_TRUE(call_sleeps_in(&self->a, "dmx_device_drain"));
	ASSERT_TRUE(stop_nobody());
	EXPECT_EQ(0, call_end(&self->a));
	EXPECT_EQ(0, call_end(&self->b));
	for (i = 0; i < 2; i++)
		EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_BUF_DEL_NTF,
					  ids[i]));
	EXPECT_STREQ("", event_is(&self->ears, DMAEXER_CMD_DEV_DEL_NTF,
				  d->dev));
	EXPECT_STREQ("", no_event(&self->ears));
}

static void __attribute__((constructor)) require_stops(void)
{
	stop_require();
}

TEST_HARNESS_MAIN
