// SPDX-License-Identifier: GPL-2.0
/* Dumps while objects come and go, and requests from many threads. */
#include <pthread.h>

#include "dmx.h"
#include "harness.h"

#define STEADY		300
#define ROUNDS		60
#define SMALL_RECV	4096
#define THREADS		8

FIXTURE(dump)
{
	struct dmx d;
	uint32_t steady[STEADY];
};

FIXTURE_SETUP(dump)
{
	int i;

	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, file_write(dmx_sysfs(&self->d, "quota_bufs"), "100000"));
	for (i = 0; i < STEADY; i++) {
		self->steady[i] = dmx_new(&self->d, i % 3, 1, 64);
		ASSERT_NE(0, self->steady[i]) TH_LOG("%s", self->d.nl.msg);
	}
}

FIXTURE_TEARDOWN(dump)
{
	dmx_teardown(&self->d);
}

struct churn {
	uint32_t dev;
	unsigned int done;
	bool stop;
	int err;
};

static uint32_t begin_new(struct nl *nl, uint32_t dev, uint32_t kind)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, 64);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_BUF_ID);
}

/* Keeps a few dozen buffers alive, and replaces one of them all the time. */
static void *churn(void *arg)
{
	struct churn *c = arg;
	uint32_t ids[32] = {};
	unsigned int i;
	struct nl nl;

	nl_open(&nl);
	while (!__atomic_load_n(&c->stop, __ATOMIC_RELAXED) && !c->err) {
		i = (c->done * 7) % 32;
		if (ids[i]) {
			nl_begin(&nl, DMAEXER_CMD_BUF_DEL);
			nl_u32(&nl, DMAEXER_A_BUF_ID, ids[i]);
			c->err = nl_call(&nl);
		}
		ids[i] = begin_new(&nl, c->dev, c->done % 3);
		c->err |= nl.err;
		__atomic_add_fetch(&c->done, 1, __ATOMIC_RELAXED);
	}
	nl_close(&nl);
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Ids of a dump in order, without the objects of other devices. */
static size_t ids_of_dump(struct nl *nl, uint32_t *ids, size_t room)
{
	const struct nlmsghdr *msg = NULL;
	size_t count = 0;

	while ((msg = nl_next(nl, msg)) && count < room)
		memcpy(&ids[count++], nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)),
		       4);
	qsort(ids, count, sizeof(*ids), by_number);
	return count;
}

static const char *judge(const uint32_t *steady, const uint32_t *ids,
			 size_t count)
{
	size_t i, j = 0;

	for (i = 1; i < count; i++)
		if (ids[i] == ids[i - 1])
			return format("%u is there twice", ids[i]);
	for (i = 0; i < STEADY; i++) {
		while (j < count && ids[j] < steady[i])
			j++;
		if (j == count || ids[j] != steady[i])
			return format("%u is not there", steady[i]);
	}
	return "";
}

TEST_F_TIMEOUT(dump, what_lives_throughout_is_there_once, 120)
{
	struct churn c = { .dev = self->d.dev };
	uint32_t ids[STEADY + 4096];
	struct dmx *d = &self->d;
	pthread_t thread;
	size_t count;
	int round;

	ASSERT_EQ(0, pthread_create(&thread, NULL, churn, &c));
	d->peek.recv_size = SMALL_RECV;
	for (round = 0; round < ROUNDS; round++) {
		nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
		if (round % 2)
			nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
		ASSERT_EQ(0, nl_dump(&d->peek)) TH_LOG("%s", d->peek.msg);
		count = ids_of_dump(&d->peek, ids, ARRAY_SIZE(ids));
		ASSERT_STREQ("", judge(self->steady, ids, count));
	}
	__atomic_store_n(&c.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, c.err);
	EXPECT_LT(ROUNDS, c.done);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(dump, a_deleted_object_in_mid_dump_does_not_end_it)
{
	struct nlmsghdr head;
	struct dmx *d = &self->d;
	char buf[SMALL_RECV];
	unsigned int seen = 0, i;
	int len;

	/* Half a dump, then all that is steady goes, then the rest. */
	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	ASSERT_EQ(0, nl_dump_half(&d->peek, buf, sizeof(buf)));
	for (i = 0; i < STEADY; i++) {
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL,
					self->steady[i]));
	}
	do {
		len = read(d->peek.fd, buf, sizeof(buf));
		ASSERT_LT(0, len);
		memcpy(&head, buf, sizeof(head));
		seen++;
	} while (head.nlmsg_type != NLMSG_DONE && seen < STEADY);
	EXPECT_EQ(NLMSG_DONE, head.nlmsg_type);
	EXPECT_EQ(0, dmx_live_bufs(d));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

/* The last word of a dump, and how often the rest of it has a buffer. */
static int rest_of_dump(struct nl *nl, uint32_t wanted, unsigned int *found)
{
	uint32_t buf[SMALL_RECV / 4];
	const struct nlmsghdr *msg;
	int len, err;

	for (*found = 0; (len = read(nl->fd, buf, sizeof(buf))) > 0;) {
		for (msg = (void *)buf; NLMSG_OK(msg, len);
		     msg = NLMSG_NEXT(msg, len)) {
			memcpy(&err, NLMSG_DATA(msg), sizeof(err));
			if (msg->nlmsg_type == NLMSG_DONE)
				return -err;
			*found += !memcmp(nl_data(nl_attr(msg,
							  DMAEXER_A_BUF_ID)),
					  &wanted, 4);
		}
	}
	return len ? errno : ENODATA;
}

TEST_F(dump, a_device_that_goes_in_mid_dump_leaves_those_of_others)
{
	struct dmx *d = &self->d;
	char buf[SMALL_RECV];
	unsigned int found;
	uint32_t id;

	dmx_begin_dev(&d->nl, NULL);
	ASSERT_EQ(0, nl_call(&d->nl));
	id = begin_new(&d->nl, nl_get_u32(&d->nl, DMAEXER_A_DEV_ID), COHERENT);
	ASSERT_NE(0, id);
	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	ASSERT_EQ(0, nl_dump_half(&d->peek, buf, sizeof(buf)));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(0, rest_of_dump(&d->peek, id, &found));
	EXPECT_EQ(1, found);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(dump, a_device_that_goes_in_mid_dump_ends_the_one_of_it_alone)
{
	struct dmx *d = &self->d;
	char buf[SMALL_RECV];
	unsigned int found;

	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
	ASSERT_EQ(0, nl_dump_half(&d->peek, buf, sizeof(buf)));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(0, rest_of_dump(&d->peek, self->steady[STEADY - 1], &found));
	EXPECT_EQ(0, found);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(dump, a_socket_that_closes_in_mid_dump_holds_nothing)
{
	char buf[SMALL_RECV];
	struct nl nl;
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, nl_open(&nl));
		nl_begin(&nl, DMAEXER_CMD_BUF_GET);
		ASSERT_EQ(0, nl_dump_half(&nl, buf, sizeof(buf)));
		nl_close(&nl);
	}
	for (i = 0; i < STEADY; i++) {
		ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_DEL,
					self->steady[i]));
	}
	EXPECT_EQ(0, dmx_live_bufs(&self->d));
}

TEST_F(dump, a_filter_shows_one_device_alone)
{
	const struct nlmsghdr *msg = NULL;
	struct dmx *d = &self->d;
	uint32_t first = d->dev, id;
	unsigned int seen = 0;

	nl_begin(&d->nl, DMAEXER_CMD_DEV_NEW);
	nl_flag(&d->nl, DMAEXER_A_DEV_OWNED);
	ASSERT_EQ(0, nl_call(&d->nl));
	d->dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	ASSERT_NE(0, dmx_new(d, BOX, 1, 64));
	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
	ASSERT_EQ(0, nl_dump(&d->peek));
	while ((msg = nl_next(&d->peek, msg))) {
		memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_BUF_DEV_ID)), 4);
		EXPECT_EQ(d->dev, id);
		seen++;
	}
	EXPECT_EQ(1, seen);
	d->dev = first;
	EXPECT_EQ(STEADY, dmx_live_bufs(d));
}

struct worker {
	uint32_t dev;
	uint32_t seed;
	const char *wrong;
};

/* A life from birth to death, with a look at every byte of it. */
static const char *one_life(struct nl *nl, uint32_t dev, uint32_t seed)
{
	uint32_t id = begin_new(nl, dev, seed % 2 ? BOX : COHERENT);
	uint64_t value = 0;

	if (!id)
		return format("buf-new: %s", nl->msg);
	nl_begin(nl, DMAEXER_CMD_BUF_FILL);
	nl_u32(nl, DMAEXER_A_BUF_ID, id);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
	nl_u64(nl, DMAEXER_A_BUF_PATTERN_ARG, seed);
	if (nl_call(nl))
		return format("buf-fill: %s", nl->msg);
	nl_begin(nl, DMAEXER_CMD_BUF_READ);
	nl_u32(nl, DMAEXER_A_BUF_ID, id);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, seed % 64);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
	if (!nl_call(nl))
		value = nl_get_u64(nl, DMAEXER_A_BUF_VALUE);
	if (value != pattern_byte(DMAEXER_PATTERN_RANDOM, seed, seed % 64))
		return format("buffer %u has foreign contents", id);
	nl_begin(nl, DMAEXER_CMD_BUF_DEL);
	nl_u32(nl, DMAEXER_A_BUF_ID, id);
	return nl_call(nl) ? format("buf-del: %s", nl->msg) : NULL;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct nl nl;
	int i;

	nl_open(&nl);
	for (i = 0; i < 200 && !w->wrong; i++) {
		w->wrong = one_life(&nl, w->dev, w->seed * 1000 + i);
		if (w->wrong)
			w->wrong = strdup(w->wrong);
	}
	nl_close(&nl);
	return NULL;
}

TEST_F_TIMEOUT(dump, requests_from_many_threads_do_not_mix, 120)
{
	struct worker workers[THREADS] = {};
	pthread_t threads[THREADS];
	struct dmx *d = &self->d;
	int i;

	for (i = 0; i < THREADS; i++) {
		workers[i].dev = d->dev;
		workers[i].seed = i;
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, work,
					    &workers[i]));
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		EXPECT_EQ(NULL, workers[i].wrong)
			TH_LOG("%s", workers[i].wrong);
	}
	EXPECT_EQ(STEADY, dmx_live_bufs(d));
	EXPECT_EQ(STEADY + THREADS * 200,
		  dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F_TIMEOUT(dump, a_device_that_goes_under_many_threads_takes_all_with_it, 120)
{
	struct worker workers[THREADS] = {};
	pthread_t threads[THREADS];
	struct dmx *d = &self->d;
	int i;

	for (i = 0; i < THREADS; i++) {
		workers[i].dev = d->dev;
		workers[i].seed = i;
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, work,
					    &workers[i]));
	}
	while (dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS) < STEADY + 100)
		usleep(1000);
	EXPECT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	nl_begin(&d->peek, DMAEXER_CMD_BUF_GET);
	nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, d->dev);
	EXPECT_EQ(ENOENT, nl_dump(&d->peek));
	EXPECT_FALSE(dmx_exists(d, DMAEXER_CMD_BUF_GET, self->steady[0]));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
