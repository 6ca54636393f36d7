// SPDX-License-Identifier: GPL-2.0
/* What a transfer needs goes in the middle of it. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "channel.h"
#include "harness.h"
#include "postmortem.h"
#include "stop.h"

#define XFER(name)	DMAEXER_A_XFER_##name
#define ALL		DMAEXER_COMPARED_ALL
#define RANDOM		DMAEXER_PATTERN_RANDOM
#define BYTE		DMAEXER_PATTERN_BYTE
/* takes 6.4 s */
#define SIZE		(32 * CHANNEL_STEP)
#define SMALL		CHANNEL_STEP

static void __attribute__((constructor)) require(void)
{
	channel_require(NULL);
}

/**
 * struct job - a transfer in a thread of its own
 * @nl: its socket
 * @chan: the channel
 * @x: the transfer
 * @thread: the thread
 */
struct job {
	struct nl nl;
	uint32_t chan;
	struct xfer x;
	pthread_t thread;
};

FIXTURE(gone)
{
	struct dmx d;
	struct job job;
	struct timespec start;
};

FIXTURE_SETUP(gone)
{
	struct job *job = &self->job;

	ASSERT_STREQ("", channel_setup(&self->d));
	if (!channel_be_slow(&self->d))
		SKIP(return, "the channel is too fast to hit its middle");
	job->chan = self->d.dev;
	job->x.src = dmx_new_filled(&self->d, COHERENT, SIZE, RANDOM, 1);
	job->x.dst = dmx_new_filled(&self->d, COHERENT, SIZE, RANDOM, 2);
	job->x.len = SIZE;
	job->x.timeout_ms = 60000;
	ASSERT_NE(0, job->x.src);
	ASSERT_NE(0, job->x.dst);
	ASSERT_EQ(0, nl_open(&job->nl));
	clock_gettime(CLOCK_MONOTONIC, &self->start);
}

FIXTURE_TEARDOWN(gone)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_be_fast();
	nl_close(&self->job.nl);
	dmx_teardown(&self->d);
}

static void *run(void *arg)
{
	struct job *job = arg;

	xfer_run(&job->nl, job->chan, &job->x);
	return NULL;
}

/* Whether so much is done that it is under way, and not so much that it ends. */
static bool reaches_middle(struct dmx *d)
{
	uint64_t done = 0;
	int tries;

	for (tries = 0; tries < 1000 && !done; tries++) {
		done = dmx_dev_u64(d, DMAEXER_A_DEV_XFER_DONE);
		usleep(10000);
	}
	return done && done < SIZE / 2;
}

static bool start(struct dmx *d, struct job *job)
{
	return !pthread_create(&job->thread, NULL, run, job) &&
	       reaches_middle(d);
}

/* Less than half of the time that the whole transfer takes has passed. */
static bool is_early(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec < 4;
}

/* What the transfer was answered: "" where it is @err with these words. */
static const char *ended(struct job *job, int err, int attr, const char *words)
{
	struct nl *nl = &job->nl;

	pthread_join(job->thread, NULL);
	if (nl->err != err)
		return format("errno %d (%s), not %d", nl->err, nl->msg, err);
	if (strcmp(nl->msg, words))
		return format("\"%s\" is not \"%s\"", nl->msg, words);
	if (attr && nl_type_at(nl, nl->offs) != attr)
		return format("it points at %d", nl_type_at(nl, nl->offs));
	return "";
}

/* A short one is right, so the channel is idle, and does what it should. */
static const char *works(struct dmx *d)
{
	uint32_t src = dmx_new_filled(d, COHERENT, SMALL, RANDOM, 5);
	uint32_t dst = dmx_new_filled(d, COHERENT, SMALL, RANDOM, 6);
	struct xfer x = { .src = src, .dst = dst, .len = SMALL };
	const char *wrong;

	if (!src || !dst)
		return "no memory for the next one";
	xfer_run(&d->nl, d->dev, &x);
	wrong = xfer_right(&d->nl, ALL);
	if (!*wrong)
		wrong = bytes_are(d, dst, 0, SMALL, RANDOM, 5, 0);
	return wrong;
}

/*
 * Whoever has the memory now finds nothing changed in it once what was under
 * way would have written the next step, and the one after.
 */
static const char *stays_untouched(struct dmx *d)
{
	uint32_t ids[8];
	const char *wrong = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		ids[i] = dmx_new_filled(d, COHERENT, SIZE, BYTE, 0xa5);
	wrong = works(d);
	for (i = 0; i < ARRAY_SIZE(ids) && !*wrong; i++)
		wrong = bytes_are(d, ids[i], 0, SIZE, BYTE, 0xa5, 0);
	return wrong;
}

TEST_F_TIMEOUT(gone, the_source_is_deleted, 60)
{
	struct job *job = &self->job;

	ASSERT_TRUE(start(&self->d, job));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, job->x.src));
	EXPECT_STREQ("", ended(job, ENOENT, XFER(SRC),
			       format("buffer %u is gone", job->x.src)));
	EXPECT_TRUE(is_early(&self->start));
	EXPECT_STREQ("", stays_untouched(&self->d));
}

TEST_F_TIMEOUT(gone, the_destination_is_deleted, 60)
{
	struct job *job = &self->job;

	ASSERT_TRUE(start(&self->d, job));
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, job->x.dst));
	EXPECT_STREQ("", ended(job, ENOENT, XFER(DST),
			       format("buffer %u is gone", job->x.dst)));
	EXPECT_TRUE(is_early(&self->start));
	EXPECT_FALSE(file_exists(dmx_debugfs(&self->d, job->x.dst, "data")));
	EXPECT_STREQ("", stays_untouched(&self->d));
}

TEST_F_TIMEOUT(gone, the_channel_is_released, 60)
{
	struct job *job = &self->job;
	struct dmx other;

	ASSERT_TRUE(start(&self->d, job));
	EXPECT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, job->chan));
	EXPECT_STREQ("", ended(job, ENODEV, XFER(DEV_ID),
			       format("%s is gone", self->d.name)));
	EXPECT_TRUE(is_early(&self->start));
	EXPECT_FALSE(dmx_exists(&self->d, DMAEXER_CMD_BUF_GET, job->x.src));
	ASSERT_STREQ("", channel_setup(&other));
	EXPECT_STREQ("", stays_untouched(&other));
	dmx_teardown(&other);
}

TEST_F_TIMEOUT(gone, the_driver_of_the_controller_is_unbound, 60)
{
	struct job *job = &self->job;
	const char *driver = channel_driver(&self->d);
	const char *name = channel_controller(&self->d);
	struct dmx other;

	ASSERT_TRUE(start(&self->d, job));
	EXPECT_EQ(0, file_write(format("%s/unbind", driver), name));
	EXPECT_STREQ("", ended(job, ENODEV, XFER(DEV_ID),
			       format("%s is gone", self->d.name)));
	EXPECT_TRUE(is_early(&self->start));
	EXPECT_FALSE(dmx_exists(&self->d, DMAEXER_CMD_DEV_GET, job->chan));
	EXPECT_FALSE(dmx_exists(&self->d, DMAEXER_CMD_BUF_GET, job->x.dst));
	ASSERT_EQ(0, file_write(format("%s/bind", driver), name));
	ASSERT_STREQ("", channel_setup(&other));
	EXPECT_STREQ("", stays_untouched(&other));
	dmx_teardown(&other);
}

/* The copy had stopped: each step of it is there, or was not made. */
static const char *kept_steps(uint32_t id)
{
	static uint8_t bytes[SIZE], later[SIZE];
	uint64_t i;

	if (file_read(postmortem_path(id, "data"), bytes, SIZE) != SIZE)
		return "not all is kept";
	for (i = 0; i < SIZE; i++) {
		bool copied = bytes[i / SMALL * SMALL];

		if (bytes[i] != (copied ? pattern_byte(RANDOM, 1, i) : 0))
			return format("byte %llu is %#x",
				      (unsigned long long)i, bytes[i]);
	}
	usleep(500000);
	if (file_read(postmortem_path(id, "data"), later, SIZE) != SIZE ||
	    memcmp(bytes, later, SIZE))
		return "it changes";
	return "";
}

TEST_F_TIMEOUT(gone, the_device_of_a_buffer_goes_and_the_channel_stays, 60)
{
	struct job *job = &self->job;
	struct nl *nl = &self->d.nl;
	uint32_t dev;

	if (dmx_dev_u64(&self->d, DMAEXER_A_DEV_BACKEND) ==
	    DMAEXER_BACKEND_IOMMU)
		SKIP(return, "no other device is in the address space");
	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	nl_flag(nl, DMAEXER_A_DEV_OWNED);
	ASSERT_EQ(0, nl_call(nl));
	dev = nl_get_u32(nl, DMAEXER_A_DEV_ID);
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, SIZE);
	nl_flag(nl, DMAEXER_A_BUF_KEEP);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
	ASSERT_EQ(0, nl_call(nl));
	job->x.dst = nl_get_u32(nl, DMAEXER_A_BUF_ID);
	ASSERT_TRUE(start(&self->d, job));
	EXPECT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, dev));
	EXPECT_STREQ("", kept_steps(job->x.dst));
	EXPECT_STREQ("", ended(job, ENOENT, XFER(DST),
			       format("buffer %u is gone", job->x.dst)));
	EXPECT_TRUE(is_early(&self->start));
	EXPECT_STREQ("", stays_untouched(&self->d));
}

TEST_F_TIMEOUT(gone, the_provider_is_not_unloaded_and_the_copy_is_right, 60)
{
	struct job *job = &self->job;
	const char *driver = channel_driver(&self->d);
	const char *module = strrchr(driver, '/') + 1;

	job->x.len = 6 * CHANNEL_STEP;
	ASSERT_TRUE(start(&self->d, job));
	EXPECT_EQ(-1, syscall(SYS_delete_module, module, O_NONBLOCK));
	EXPECT_EQ(EAGAIN, errno);
	pthread_join(job->thread, NULL);
	EXPECT_STREQ("", xfer_right(&job->nl, ALL));
	EXPECT_STREQ("", bytes_are(&self->d, job->x.dst, 0, job->x.len, RANDOM,
				   1, 0));
}

/* It waits for the channel, and never gets it. */
TEST_F_TIMEOUT(gone, a_buffer_of_a_transfer_that_waits_is_deleted, 60)
{
	struct job *job = &self->job;
	struct job waits = { .chan = job->chan };
	struct xfer x = { .src = job->x.src, .len = SMALL };

	job->x.len = 10 * CHANNEL_STEP;
	x.dst = dmx_new(&self->d, COHERENT, 1, SMALL);
	waits.x = x;
	ASSERT_EQ(0, nl_open(&waits.nl));
	ASSERT_TRUE(start(&self->d, job));
	ASSERT_EQ(0, pthread_create(&waits.thread, NULL, run, &waits));
	EXPECT_EQ(EBUSY, pthread_tryjoin_np(waits.thread, NULL));
	usleep(50000);
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL, x.dst));
	pthread_join(waits.thread, NULL);
	EXPECT_EQ(ENOENT, waits.nl.err) TH_LOG("%s", waits.nl.msg);
	EXPECT_EQ(EBUSY, pthread_tryjoin_np(job->thread, NULL));
	pthread_join(job->thread, NULL);
	EXPECT_STREQ("", xfer_right(&job->nl, ALL));
	nl_close(&waits.nl);
}

/* Nor does it keep waiting who is killed. */
TEST_F_TIMEOUT(gone, a_process_that_waits_for_the_channel_is_killed, 60)
{
	struct job *job = &self->job;
	struct xfer x = { .src = job->x.src, .len = SMALL };
	struct nl nl;
	int status;
	pid_t pid;

	job->x.len = 10 * CHANNEL_STEP;
	x.dst = dmx_new(&self->d, COHERENT, 1, SMALL);
	ASSERT_NE(0, x.dst);
	ASSERT_TRUE(start(&self->d, job));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (nl_open(&nl))
			_exit(1);
		xfer_run(&nl, self->d.dev, &x);
		_exit(2);
	}
	EXPECT_TRUE(sleeps_in(pid, "dmx_copy_take"));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(EBUSY, pthread_tryjoin_np(job->thread, NULL));
	pthread_join(job->thread, NULL);
	EXPECT_STREQ("", xfer_right(&job->nl, ALL));
}

/* Its socket goes with it, and with that what it owned. */
TEST_F_TIMEOUT(gone, the_process_is_killed_with_all_it_owns, 60)
{
	struct dmx child, again;
	pid_t pid;
	int status;

	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (*channel_setup(&child))
			_exit(1);
		self->job.x.src = dmx_new(&child, COHERENT, 1, SIZE);
		self->job.x.dst = dmx_new(&child, COHERENT, 1, SIZE);
		xfer_run(&child.nl, child.dev, &self->job.x);
		_exit(2);
	}
	/* the next device is the child's */
	do {
		self->d.dev++;
		usleep(1000);
		if (dmx_exists(&self->d, DMAEXER_CMD_DEV_GET, self->d.dev))
			break;
		self->d.dev--;
	} while (is_early(&self->start));
	ASSERT_TRUE(reaches_middle(&self->d));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_TRUE(is_early(&self->start));
	EXPECT_FALSE(dmx_exists(&self->d, DMAEXER_CMD_DEV_GET, self->d.dev));
	ASSERT_STREQ("", channel_setup(&again));
	EXPECT_STREQ("", stays_untouched(&again));
	dmx_teardown(&again);
}

/* What it did not own stays, and is free. */
TEST_F_TIMEOUT(gone, the_process_is_killed_and_the_channel_is_free, 60)
{
	struct nl nl;
	pid_t pid;
	int status;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (nl_open(&nl))
			_exit(1);
		xfer_run(&nl, self->d.dev, &self->job.x);
		_exit(2);
	}
	ASSERT_TRUE(reaches_middle(&self->d));
	kill(pid, SIGINT);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_TRUE(is_early(&self->start));
	dmx_dev_u64(&self->d, DMAEXER_A_DEV_XFER_OWNER);
	EXPECT_FALSE(nl_has(&self->d.peek, DMAEXER_A_DEV_XFER_OWNER));
	EXPECT_STREQ("", bytes_are(&self->d, self->job.x.dst, SIZE / 2, SIZE / 2,
				   RANDOM, 2, SIZE / 2));
	EXPECT_STREQ("", stays_untouched(&self->d));
}

TEST_HARNESS_MAIN
