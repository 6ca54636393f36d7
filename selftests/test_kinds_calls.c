// SPDX-License-Identifier: GPL-2.0
/*
 * What the kinds of buffers call the kernel for, as probes at these functions see
 * it: memory is freed as it was allocated, and whoever looks at memory that CPU
 * and device have in turns takes what it looks at, and gives it back.
 */
#define _GNU_SOURCE
#include <fcntl.h>

#include "harness.h"
#include "kinds.h"

#define TRACEFS		"/sys/kernel/tracing"
#define PROBES		TRACEFS "/kprobe_events"
#define RECORD_CMD	TRACEFS "/options/record-cmd"
#define PAGE		4096UL
#define MOST		64

/*
 * What a probe tells, by the arguments of the function; of some functions there is
 * an inner one that does what is left to do.
 */
static const struct {
	const char *name;
	const char *symbols[2];
	const char *args;
} probes[] = {
	{ "for_cpu", { "__dma_sync_single_for_cpu", "dma_sync_single_for_cpu" },
	  "addr=$arg2:x64 size=$arg3:u64 dir=$arg4:u64" },
	{ "for_device",
	  { "__dma_sync_single_for_device", "dma_sync_single_for_device" },
	  "addr=$arg2:x64 size=$arg3:u64 dir=$arg4:u64" },
	{ "sg_for_cpu", { "__dma_sync_sg_for_cpu", "dma_sync_sg_for_cpu" },
	  "addr=$arg2:x64 size=$arg3:u64 dir=$arg4:u64" },
	{ "sg_for_device",
	  { "__dma_sync_sg_for_device", "dma_sync_sg_for_device" },
	  "addr=$arg2:x64 size=$arg3:u64 dir=$arg4:u64" },
	{ "pages_free", { "dma_free_pages" },
	  "addr=$arg4:x64 size=$arg2:u64 dir=$arg5:u64" },
	{ "sgt_alloc", { "dma_alloc_noncontiguous" },
	  "addr=$arg1:x64 size=$arg2:u64 dir=$arg3:u64" },
	{ "sgt_free", { "dma_free_noncontiguous" },
	  "addr=$arg1:x64 size=$arg2:u64 dir=$arg4:u64" },
	{ "sgt_unmap", { "dma_vunmap_noncontiguous" },
	  "addr=$arg1:x64 size=$arg2:u64 dir=$arg2:u64" },
	/* here the boundary is the address, and the alignment the direction */
	{ "pool_create", { "dma_pool_create_node", "dma_pool_create" },
	  "addr=$arg5:x64 size=$arg3:u64 dir=$arg4:u64" },
	{ "pool_free", { "dma_pool_free" },
	  "addr=$arg3:x64 size=$arg1:u64 dir=$arg1:u64" },
	{ "pool_destroy", { "dma_pool_destroy" },
	  "addr=$arg1:x64 size=$arg1:u64 dir=$arg1:u64" },
	{ "managed_free", { "dmam_free_coherent" },
	  "addr=$arg4:x64 size=$arg2:u64 dir=$arg2:u64" },
	{ "exact_free", { "free_pages_exact" },
	  "addr=$arg1:x64 size=$arg2:u64 dir=$arg2:u64" },
	/* an order is no size */
	{ "page_free", { "free_pages" },
	  "addr=$arg1:x64 size=$arg2:u64 dir=$arg2:u64" },
};

struct call {
	char name[32];
	unsigned long long addr;
	unsigned long long size;
	unsigned long long dir;
};

FIXTURE(calls)
{
	struct dmx d;
	bool record_cmd;
	struct call calls[MOST];
	int count;
};

static void probes_del(void)
{
	size_t i;

	file_write(TRACEFS "/events/dmx/enable", "0");
	for (i = 0; i < ARRAY_SIZE(probes); i++)
		file_write(PROBES, format("-:dmx/%s", probes[i].name));
}

static const char *probes_add(void)
{
	size_t i, j;
	int err;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = -ENOENT;
		for (j = 0; j < 2 && err && probes[i].symbols[j]; j++)
			err = file_write(PROBES, format("p:dmx/%s %s %s",
							probes[i].name,
							probes[i].symbols[j],
							probes[i].args));
		if (err)
			return format("%s: errno %d", probes[i].name, -err);
	}
	return file_write(TRACEFS "/events/dmx/enable", "1") ? "enable" : "";
}

static void forget(void)
{
	int fd = open(TRACEFS "/trace", O_WRONLY | O_TRUNC);

	if (fd >= 0)
		close(fd);
}

FIXTURE_SETUP(calls)
{
	if (!file_exists(TRACEFS "/trace") &&
	    system("mount -t tracefs tracefs " TRACEFS))
		SKIP(return, "no tracefs");
	if (!file_exists(PROBES))
		SKIP(return, "this kernel has no probes that tell");
	if (sizeof(long) < 8)
		SKIP(return, "an address may be two arguments here");
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->record_cmd = file_number(RECORD_CMD);
	ASSERT_EQ(0, file_write(RECORD_CMD, "0"));
	probes_del();
	ASSERT_STREQ("", probes_add());
}

FIXTURE_TEARDOWN(calls)
{
	probes_del();
	forget();
	file_write(RECORD_CMD, self->record_cmd ? "1" : "0");
	dmx_teardown(&self->d);
}

/* Calls by this process, since forget(), of which the name has @what. */
static int calls_of(const char *what, struct call *calls)
{
	FILE *file = fopen(TRACEFS "/trace", "r");
	char line[1024], pid[32];
	struct call call;
	int count = 0;
	char *at;

	snprintf(pid, sizeof(pid), "-%d ", getpid());
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file) && count < MOST) {
		at = strstr(line, ": (");
		if (!strstr(line, pid) || !at)
			continue;
		*at = '\0';
		snprintf(call.name, sizeof(call.name), "%s",
			 strrchr(line, ' ') + 1);
		at = strstr(at + 1, "addr=");
		if (!strstr(call.name, what) || !at ||
		    sscanf(at, "addr=%llx size=%llu dir=%llu", &call.addr,
			   &call.size, &call.dir) != 3)
			continue;
		calls[count++] = call;
	}
	fclose(file);
	return count;
}

static bool is(const struct call *call, const char *name, uint64_t addr,
	       uint64_t size, uint64_t dir)
{
	return !strcmp(call->name, name) && call->addr == addr &&
	       call->size == size && call->dir == dir;
}

/* "" where the range was taken once, and then given back; or what was done. */
static const char *turn(struct call *calls, uint64_t addr, uint64_t size,
			uint64_t dir)
{
	int count = calls_of("for_", calls);

	if (count == 2 && is(&calls[0], "for_cpu", addr, size, dir) &&
	    is(&calls[1], "for_device", addr, size, dir))
		return "";
	return format("%d calls, the first %s %#llx %llu %llu", count,
		      count > 0 ? calls[0].name : "none", calls[0].addr,
		      calls[0].size, calls[0].dir);
}

/* Where nothing is left to do a kernel makes no calls. */
static bool calls_are_left_out(struct dmx *d)
{
	const struct nlattr *coherent;

	dmx_begin_id(d, DMAEXER_CMD_DEV_GET, DMAEXER_A_DEV_ID, d->dev);
	if (nl_call(&d->nl))
		return false;
	coherent = nl_attr(nl_next(&d->nl, NULL), DMAEXER_A_DEV_CACHE_COHERENT);
	return coherent && *(const uint8_t *)nl_data(coherent) &&
	       !file_exists("/sys/kernel/debug/dma-api") &&
	       !system("grep -qw __dma_sync_single_for_cpu /proc/kallsyms");
}

static int read_at(struct dmx *d, uint32_t id, uint64_t offset, size_t len)
{
	int fd = open(dmx_debugfs(d, id, "data"), O_RDONLY);
	uint8_t bytes[256];
	int got;

	if (fd < 0)
		return -errno;
	got = pread(fd, bytes, len, offset);
	close(fd);
	return got;
}

TEST_F(calls, whoever_looks_at_memory_in_turns_takes_it_and_gives_it_back)
{
	static const uint32_t kinds[] = { NONCOHERENT, DMA_PAGES };
	struct wish wish = { .elem = 8, .count = 3 * PAGE / 8,
			     .has = OF(DIRECTION) };
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint64_t addr, value;
	uint32_t id, dir;
	size_t i;

	if (calls_are_left_out(d))
		SKIP(return, "for a coherent device this kernel makes no calls");
	for (i = 0; i < 6; i++) {
		wish.kind = kinds[i % 2];
		wish.direction = dir = i / 2;
		forget();
		id = kinds_new(d, &wish, 0, 0);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
		ASSERT_EQ(1, calls_of("for_", calls));
		EXPECT_TRUE(is(&calls[0], "for_device", addr, 3 * PAGE, dir));
		forget();
		ASSERT_EQ(0, dmx_read(d, id, 5, 4, 4, &value));
		EXPECT_STREQ("", turn(calls, addr + 44, 4, dir));
		forget();
		ASSERT_EQ(100, read_at(d, id, 4000, 100));
		EXPECT_STREQ("", turn(calls, addr + 4000, 100, dir));
		forget();
		dmx_begin_range(d, DMAEXER_CMD_BUF_CHECK, id, 4090, 20,
				DMAEXER_PATTERN_ZERO, 0);
		ASSERT_EQ(0, nl_call(&d->nl));
		EXPECT_STREQ("", turn(calls, addr + 4090, 20, dir));
		forget();
		EXPECT_EQ(EINVAL, dmx_read(d, id, 3 * PAGE / 8, 0, 4, &value));
		EXPECT_EQ(0, calls_of("for_", calls));
		if (dir == DMAEXER_DIRECTION_FROM_DEVICE)
			continue;
		ASSERT_EQ(0, dmx_fill(d, id, 100, 5000, DMAEXER_PATTERN_BYTE, 1));
		EXPECT_STREQ("", turn(calls, addr + 100, 5000, dir));
		forget();
		ASSERT_EQ(0, dmx_write(d, id, 511, 0, 8, 7));
		EXPECT_STREQ("", turn(calls, addr + 4088, 8, dir));
	}
}

/* There is no call for a part of it. */
TEST_F(calls, whoever_looks_at_noncontiguous_memory_takes_all_of_it)
{
	struct wish wish = { .kind = NONCONTIGUOUS, .elem = 1,
			     .count = 4 * PAGE, .has = OF(DIRECTION),
			     .direction = DMAEXER_DIRECTION_TO_DEVICE };
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint32_t id, segments;

	if (calls_are_left_out(d))
		SKIP(return, "for a coherent device this kernel makes no calls");
	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	segments = nl_get_u32(&d->nl, DMAEXER_A_BUF_SEGMENTS);
	forget();
	ASSERT_EQ(100, read_at(d, id, 4000, 100));
	ASSERT_EQ(2, calls_of("for_", calls));
	EXPECT_STREQ("sg_for_cpu", calls[0].name);
	EXPECT_STREQ("sg_for_device", calls[1].name);
	EXPECT_EQ(segments, calls[0].size);
	EXPECT_EQ(segments, calls[1].size);
	EXPECT_EQ(calls[0].addr, calls[1].addr);
	EXPECT_EQ(wish.direction, calls[0].dir);
	EXPECT_EQ(wish.direction, calls[1].dir);
}

TEST_F(calls, memory_that_is_kept_is_taken_before_it_is_copied)
{
	struct wish wish = { .kind = NONCOHERENT, .elem = 1, .count = PAGE };
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint64_t addr;
	uint32_t id;

	if (calls_are_left_out(d))
		SKIP(return, "for a coherent device this kernel makes no calls");
	kinds_begin(d, &wish);
	nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
	ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
	id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
	addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
	forget();
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	ASSERT_EQ(1, calls_of("for_", calls));
	EXPECT_TRUE(is(&calls[0], "for_cpu", addr, PAGE,
		       DMAEXER_DIRECTION_BIDIRECTIONAL));
	EXPECT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_POSTMORTEM_DEL, id));
}

TEST_F(calls, memory_in_turns_is_freed_as_it_was_allocated)
{
	static const uint32_t kinds[] = { NONCOHERENT, DMA_PAGES };
	struct wish wish = { .elem = 1, .has = OF(DIRECTION) };
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint64_t addr;
	uint32_t id;
	size_t i;

	for (i = 0; i < 6; i++) {
		wish.kind = kinds[i % 2];
		wish.direction = i / 2;
		wish.count = 5 * PAGE + i;
		id = kinds_new(d, &wish, 0, 0);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
		forget();
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		ASSERT_EQ(1, calls_of("pages_free", calls));
		EXPECT_TRUE(is(&calls[0], "pages_free", addr, wish.count,
			       wish.direction));
	}
	wish.kind = NONCONTIGUOUS;
	wish.count = 3 * PAGE + 5;
	for (wish.direction = 0; wish.direction < 3; wish.direction++) {
		forget();
		id = kinds_new(d, &wish, 0, 0);
		ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
		ASSERT_EQ(1, calls_of("sgt_alloc", calls));
		addr = calls[0].addr;
		EXPECT_TRUE(is(&calls[0], "sgt_alloc", addr, wish.count,
			       wish.direction));
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		EXPECT_EQ(1, calls_of("sgt_unmap", calls));
		ASSERT_EQ(1, calls_of("sgt_free", calls));
		EXPECT_TRUE(is(&calls[0], "sgt_free", addr, wish.count,
			       wish.direction));
	}
}

TEST_F(calls, a_pool_is_made_as_asked_for_and_freed_with_all_its_objects)
{
	struct wish wish = { .kind = POOL, .elem = 40, .count = 20,
			     .has = OF(ALIGN) | OF(BOUNDARY), .align = 64,
			     .boundary = 512 };
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint32_t id;

	forget();
	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	ASSERT_EQ(1, calls_of("pool_create", calls));
	EXPECT_TRUE(is(&calls[0], "pool_create", 512, 40, 64));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_EQ(20, calls_of("pool_free", calls));
	EXPECT_EQ(1, calls_of("pool_destroy", calls));
}

TEST_F(calls, managed_memory_is_freed_by_request_or_left)
{
	struct wish wish = { .kind = MANAGED, .elem = 1, .count = PAGE + 1 };
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint64_t addr;
	uint32_t id;

	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
	forget();
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_EQ(1, calls_of("managed_free", calls));
	EXPECT_TRUE(is(&calls[0], "managed_free", addr, PAGE + 1, PAGE + 1));
	ASSERT_NE(0, kinds_new(d, &wish, 0, 0)) TH_LOG("%s", d->nl.msg);
	forget();
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(0, calls_of("managed_free", calls));
}

TEST_F(calls, pages_are_freed_all)
{
	struct wish wish = { .kind = PAGES, .elem = 1, .count = 20 * PAGE - 7 };
	uint64_t page = sysconf(_SC_PAGESIZE);
	struct call *calls = self->calls;
	struct dmx *d = &self->d;
	uint32_t id;

	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	forget();
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	ASSERT_EQ(1, calls_of("exact_free", calls));
	EXPECT_EQ(wish.count, calls[0].size);
	wish.has = OF(SHAPE);
	wish.shape = DMAEXER_SHAPE_SCATTERED;
	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	forget();
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_LE((20 * PAGE + page - 8) / page, calls_of("page_free", calls));
	wish.shape = DMAEXER_SHAPE_OFFSET;
	wish.count = 100;
	id = kinds_new(d, &wish, 0, 0);
	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	forget();
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_LE(1, calls_of("page_free", calls));
}

TEST_HARNESS_MAIN
