// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once: threads that make, delete, share, read, write and dump,
 * change masks, take devices away and give them back, and leave without a word.
 * What a thread has for itself is not touched by anybody, every refusal is one
 * that was to be expected, and in the end nothing is left.
 *
 *   DMAEXER_STRESS_SECONDS   how long; default is 5
 *   DMAEXER_STRESS_SEED      of the operations, which it prints; their order
 *                            among the threads is the machine's
 */
#include <fcntl.h>
#include <pthread.h>
#include <time.h>

#include "bystander.h"
#include "dmx.h"
#include "harness.h"
#include "spare.h"

#define THREADS		8
#define VIRTUALS	3
#define DEVICES		(VIRTUALS + 2)
#define RECENT		64
#define ERRNOS		6
#define KEPT		4096

#define PLATFORM	"/sys/bus/platform/drivers/dmaexer"

/* What all threads know: numbers, which may be stale. Virtual devices come first. */
static struct {
	uint32_t bufs[RECENT];
	uint32_t devs[DEVICES];
	char names[DEVICES][64];
	uint32_t count;
	time_t end;
	bool failed;
} all;

struct worker {
	pthread_t thread;
	struct nl nl;
	uint64_t state;
	uint32_t dev;
	uint32_t kept;
	unsigned long done[16];
	char wrong[512];
};

static uint64_t draw(struct worker *w)
{
	w->state ^= w->state >> 12;
	w->state ^= w->state << 25;
	w->state ^= w->state >> 27;
	return w->state * 0x2545f4914f6cdd1d;
}

static uint32_t below(struct worker *w, uint32_t limit)
{
	return (draw(w) >> 32) % limit;
}

static uint32_t some_buf(struct worker *w)
{
	return __atomic_load_n(&all.bufs[below(w, RECENT)], __ATOMIC_RELAXED);
}

static uint32_t some_dev(struct worker *w)
{
	return __atomic_load_n(&all.devs[below(w, all.count)],
			       __ATOMIC_RELAXED);
}

static void tell_buf(struct worker *w, uint32_t id)
{
	__atomic_store_n(&all.bufs[below(w, RECENT)], id, __ATOMIC_RELAXED);
}

static void begin_new(struct worker *w, uint32_t dev, uint32_t kind,
		      uint64_t size)
{
	nl_begin(&w->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&w->nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(&w->nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(&w->nl, DMAEXER_A_BUF_COUNT, size);
}

static int op_new(struct worker *w)
{
	uint32_t kind = below(w, 3);

	begin_new(w, some_dev(w), kind, 1 + below(w, 65536));
	if (below(w, 2))
		nl_flag(&w->nl, DMAEXER_A_BUF_OWNED);
	if (kind != HANDLE && below(w, 2)) {
		nl_u32(&w->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
		nl_u64(&w->nl, DMAEXER_A_BUF_PATTERN_ARG, draw(w));
	}
	if (!nl_call(&w->nl))
		tell_buf(w, nl_get_u32(&w->nl, DMAEXER_A_BUF_ID));
	return w->nl.err;
}

static int on_buf(struct worker *w, uint8_t cmd)
{
	nl_begin(&w->nl, cmd);
	nl_u32(&w->nl, DMAEXER_A_BUF_ID, some_buf(w));
	return nl_call(&w->nl);
}

static int op_del(struct worker *w)
{
	return on_buf(w, DMAEXER_CMD_BUF_DEL);
}

static int op_share(struct worker *w)
{
	return on_buf(w, DMAEXER_CMD_BUF_SHARE);
}

static int op_field(struct worker *w)
{
	uint8_t cmd = below(w, 2) ? DMAEXER_CMD_BUF_READ : DMAEXER_CMD_BUF_WRITE;

	nl_begin(&w->nl, cmd);
	nl_u32(&w->nl, DMAEXER_A_BUF_ID, some_buf(w));
	nl_u64(&w->nl, DMAEXER_A_BUF_INDEX, below(w, 65536));
	nl_u64(&w->nl, DMAEXER_A_BUF_OFFSET, 0);
	nl_u32(&w->nl, DMAEXER_A_BUF_WIDTH, 1);
	if (cmd == DMAEXER_CMD_BUF_WRITE)
		nl_u64(&w->nl, DMAEXER_A_BUF_VALUE, below(w, 256));
	return nl_call(&w->nl);
}

static int op_contents(struct worker *w)
{
	nl_begin(&w->nl, below(w, 2) ? DMAEXER_CMD_BUF_FILL :
				       DMAEXER_CMD_BUF_CHECK);
	nl_u32(&w->nl, DMAEXER_A_BUF_ID, some_buf(w));
	nl_u32(&w->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
	return nl_call(&w->nl);
}

static int op_dump(struct worker *w)
{
	nl_begin(&w->nl, below(w, 2) ? DMAEXER_CMD_BUF_GET :
				       DMAEXER_CMD_DEV_GET);
	return nl_dump(&w->nl);
}

static int op_file(struct worker *w)
{
	const char *path = format("/sys/kernel/debug/dmaexer/%s/buffers/%u/%s",
				  all.names[below(w, all.count)], some_buf(w),
				  below(w, 4) ? "data" : "info");
	int fd = open(path, O_RDONLY);
	char bytes[8192];
	int i, err = 0;

	if (fd < 0)
		return errno;
	for (i = 0; i < 4 && !err; i++)
		if (pread(fd, bytes, sizeof(bytes), below(w, 65536)) < 0)
			err = errno;
	close(fd);
	return err;
}

static int op_masks(struct worker *w)
{
	nl_begin(&w->nl, DMAEXER_CMD_DEV_SET);
	nl_u32(&w->nl, DMAEXER_A_DEV_ID, some_dev(w));
	nl_u32(&w->nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, 32 + below(w, 33));
	if (below(w, 2))
		nl_flag(&w->nl, DMAEXER_A_DEV_OWNED);
	return nl_call(&w->nl);
}

/* Also where somebody else was faster with the first half. */
static int rebind(struct worker *w, const char *driver, uint32_t which)
{
	const char *name = all.names[which];
	int gone = -file_write(format("%s/unbind", driver), name);
	int err = -file_write(format("%s/bind", driver), name);
	uint32_t id = nl_dev_named(&w->nl, name);

	if (id)
		__atomic_store_n(&all.devs[which], id, __ATOMIC_RELAXED);
	return gone ?: err;
}

/* The first device stays, so that there is always one. */
static int op_bind(struct worker *w)
{
	return rebind(w, PLATFORM, 1 + below(w, VIRTUALS - 1));
}

static int op_bind_real(struct worker *w)
{
	return rebind(w, SPARE_DRIVER,
		      VIRTUALS + below(w, all.count - VIRTUALS));
}

/* One that dies with the socket. */
static int new_dev(struct nl *nl, uint32_t *id)
{
	dmx_begin_dev(nl, NULL);
	if (!nl_call(nl))
		*id = nl_get_u32(nl, DMAEXER_A_DEV_ID);
	return nl->err;
}

/* Makes a device and a buffer, and closes the socket that owns them. */
static int op_leave(struct worker *w)
{
	struct nl nl = w->nl;
	uint32_t dev = 0;
	int err = nl_open(&w->nl) ?: new_dev(&w->nl, &dev);

	if (!err) {
		begin_new(w, dev, below(w, 3), 1 + below(w, 65536));
		err = nl_call(&w->nl);
		tell_buf(w, nl_get_u32(&w->nl, DMAEXER_A_BUF_ID));
	}
	nl_close(&w->nl);
	w->nl = nl;
	return err;
}

/* Nobody else knows the number of what a thread keeps. */
static int op_kept(struct worker *w)
{
	if (!w->kept) {
		begin_new(w, w->dev, COHERENT, KEPT);
		nl_flag(&w->nl, DMAEXER_A_BUF_OWNED);
		nl_u32(&w->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
		nl_u64(&w->nl, DMAEXER_A_BUF_PATTERN_ARG, w->dev);
		if (!nl_call(&w->nl))
			w->kept = nl_get_u32(&w->nl, DMAEXER_A_BUF_ID);
		return w->nl.err;
	}
	nl_begin(&w->nl, DMAEXER_CMD_BUF_CHECK);
	nl_u32(&w->nl, DMAEXER_A_BUF_ID, w->kept);
	nl_u32(&w->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_RANDOM);
	nl_u64(&w->nl, DMAEXER_A_BUF_PATTERN_ARG, w->dev);
	if (nl_call(&w->nl))
		return w->nl.err;
	if (nl_get_u64(&w->nl, DMAEXER_A_BUF_MISMATCHES))
		return EILSEQ;
	if (below(w, 8))
		return 0;
	nl_begin(&w->nl, DMAEXER_CMD_BUF_DEL);
	nl_u32(&w->nl, DMAEXER_A_BUF_ID, w->kept);
	w->kept = 0;
	return nl_call(&w->nl);
}

/* Each with what it may be refused with; how often it is drawn. */
static const struct op {
	const char *name;
	int (*run)(struct worker *w);
	uint32_t weight;
	int allowed[ERRNOS];
} ops[] = {
	{ "new", op_new, 12, { ENOENT, ENODEV, ENOMEM, ENOSPC } },
	{ "del", op_del, 8, { ENOENT } },
	{ "share", op_share, 4, { ENOENT, ENODEV, EINVAL } },
	{ "field", op_field, 8, { ENOENT, ENODEV, EINVAL, EOPNOTSUPP } },
	{ "contents", op_contents, 4, { ENOENT, ENODEV, EINVAL, EOPNOTSUPP } },
	{ "dump", op_dump, 2, { } },
	{ "file", op_file, 8, { ENOENT, EIO, ENODEV } },
	{ "masks", op_masks, 2, { ENOENT, ENODEV, EBUSY } },
	{ "bind", op_bind, 1, { ENODEV, EBUSY } },
	{ "bind-real", op_bind_real, 1, { ENODEV, EBUSY } },
	{ "leave", op_leave, 2, { ENOSPC, ENOMEM } },
	{ "kept", op_kept, 8, { } },
};

static uint32_t weight(const struct op *op)
{
	return op->run == op_bind_real && all.count == VIRTUALS ? 0 : op->weight;
}

static const struct op *some_op(struct worker *w)
{
	uint32_t sum = 0, at, i;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		sum += weight(&ops[i]);
	at = below(w, sum);
	for (i = 0; at >= weight(&ops[i]); i++)
		at -= weight(&ops[i]);
	return &ops[i];
}

static bool is_allowed(const struct op *op, int err)
{
	int i;

	for (i = 0; i < ERRNOS && op->allowed[i]; i++)
		if (op->allowed[i] == err)
			return true;
	return !err;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	const struct op *op;
	int err;

	while (time(NULL) < all.end &&
	       !__atomic_load_n(&all.failed, __ATOMIC_RELAXED)) {
		op = some_op(w);
		err = op->run(w);
		w->done[op - ops] += !err;
		if (is_allowed(op, err))
			continue;
		snprintf(w->wrong, sizeof(w->wrong), "%s: errno %d, %s",
			 op->name, err, w->nl.msg);
		__atomic_store_n(&all.failed, true, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* A device and a socket of its own, which it keeps. */
static int worker_open(struct worker *w, uint64_t seed)
{
	w->state = seed ?: 1;
	return nl_open(&w->nl) ?: new_dev(&w->nl, &w->dev);
}

/* Devices that all threads use, owned by the test, so they go with it. */
static const char *make_devices(struct dmx *d)
{
	int i;

	for (i = 0; i < VIRTUALS; i++) {
		if (new_dev(&d->nl, &all.devs[i]))
			return d->nl.msg;
		snprintf(all.names[i], sizeof(all.names[i]), "%s",
			 nl_get_str(&d->nl, DMAEXER_A_DEV_NAME));
	}
	all.count = VIRTUALS;
	return "";
}

/* Real ones, which nobody misses. */
static const char *take_devices(struct dmx *d, struct spares *spares)
{
	int i;

	spares_take(spares);
	printf("# PCI devices without a driver: %d\n", spares->count);
	if (!spares->count && getenv("DMAEXER_ALL_DEVICES"))
		return "there is no PCI device without a driver";
	for (i = 0; i < spares->count; i++, all.count++) {
		strcpy(all.names[all.count], spares->names[i]);
		all.devs[all.count] = nl_dev_named(&d->nl, spares->names[i]);
	}
	return "";
}

/* Those that were unbound have no owner any more, and new numbers. */
static void del_devices(struct dmx *d, struct spares *spares)
{
	int i;

	for (i = 0; i < VIRTUALS; i++)
		dmx_dev_op(d, DMAEXER_CMD_DEV_DEL,
			   nl_dev_named(&d->nl, all.names[i]));
	spares_give_back(spares);
}

static unsigned long total(struct worker *workers, size_t op)
{
	unsigned long sum = 0;
	int i;

	for (i = 0; i < THREADS; i++)
		sum += workers[i].done[op];
	return sum;
}

FIXTURE(stress)
{
	struct dmx d;
	struct worker workers[THREADS];
	struct spares spares;
	unsigned int devices;
};

FIXTURE_SETUP(stress)
{
	uint64_t seed = setting("DMAEXER_STRESS_SEED", time(NULL));
	int i;

	ASSERT_STREQ("", dmx_setup_sockets(&self->d));
	self->devices = dmx_count(&self->d, DMAEXER_CMD_DEV_GET);
	ASSERT_STREQ("", make_devices(&self->d));
	ASSERT_STREQ("", take_devices(&self->d, &self->spares));
	all.end = time(NULL) + setting("DMAEXER_STRESS_SECONDS", 5);
	printf("# seed %llu\n", (unsigned long long)seed);
	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(0, worker_open(&self->workers[i],
					 seed * 0x9e3779b97f4a7c15 + i));
}

FIXTURE_TEARDOWN(stress)
{
	del_devices(&self->d, &self->spares);
	dmx_teardown(&self->d);
}

TEST_F_TIMEOUT(stress, everything_at_once_breaks_nothing, 3600)
{
	struct worker *w;
	const char *line;
	size_t op;
	int i;

	for (i = 0; i < THREADS; i++) {
		w = &self->workers[i];
		ASSERT_EQ(0, pthread_create(&w->thread, NULL, work, w));
	}
	for (i = 0; i < THREADS; i++) {
		w = &self->workers[i];
		pthread_join(w->thread, NULL);
		EXPECT_STREQ("", w->wrong);
		nl_close(&w->nl);
	}
	for (op = 0; op < ARRAY_SIZE(ops); op++) {
		printf("# %s: %lu\n", ops[op].name, total(self->workers, op));
		if (weight(&ops[op]))
			EXPECT_LT(0, total(self->workers, op));
	}
	del_devices(&self->d, &self->spares);
	EXPECT_EQ(self->devices, dmx_count(&self->d, DMAEXER_CMD_DEV_GET));
	line = dmx_complaint(&self->d);
	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
}

TEST_HARNESS_MAIN
