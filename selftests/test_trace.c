// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own trace of the DMA API as a witness: what dmaexer says it
 * allocates is what the API was asked for, and it is given back as it was got.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "dmx.h"
#include "harness.h"

#define TRACEFS		"/sys/kernel/tracing"
#define EVENTS		TRACEFS "/events/dma"
#define RECORD_CMD	TRACEFS "/options/record-cmd"
#define MAX_ALLOCS	64

/**
 * struct call - a call of the DMA API, as the trace has it
 * @is_free: dma_free, else dma_alloc
 * @addr: DMA address
 * @size: bytes
 * @cpu: hashed address of the memory
 * @attrs: attributes, in words
 */
struct call {
	bool is_free;
	unsigned long long addr;
	unsigned long long size;
	char cpu[32];
	char attrs[160];
};

FIXTURE(trace)
{
	struct dmx d;
	struct call calls[2 * MAX_ALLOCS];
	int count;
	bool record_cmd;
};

static int trace_on(const char *value)
{
	return file_write(EVENTS "/dma_alloc/enable", value) ?:
	       file_write(EVENTS "/dma_free/enable", value);
}

/* It is opening it that clears it. */
static int clear_trace(void)
{
	int fd = open(TRACEFS "/trace", O_WRONLY | O_TRUNC);

	return fd < 0 ? errno : close(fd);
}

FIXTURE_SETUP(trace)
{
	if (!file_exists(TRACEFS "/trace") &&
	    system("mount -t tracefs tracefs " TRACEFS))
		SKIP(return, "no tracefs");
	if (!file_exists(EVENTS "/dma_alloc"))
		SKIP(return, "this kernel has no dma:dma_alloc event");
	ASSERT_STREQ("", dmx_setup(&self->d));
	/*
	 * Names of processes are not wanted. Recording them would patch the
	 * scheduler while it runs, which an emulator may get wrong.
	 */
	self->record_cmd = file_number(RECORD_CMD);
	ASSERT_EQ(0, file_write(RECORD_CMD, "0"));
	ASSERT_EQ(0, clear_trace());
	ASSERT_EQ(0, trace_on("1"));
}

FIXTURE_TEARDOWN(trace)
{
	trace_on("0");
	file_write(RECORD_CMD, self->record_cmd ? "1" : "0");
	dmx_teardown(&self->d);
}

static bool parse(const char *line, const char *dev, struct call *call)
{
	const char *what = strstr(line, ": dma_alloc: ");
	const char *at;

	call->is_free = !what;
	if (!what)
		what = strstr(line, ": dma_free: ");
	if (!what || !strstr(what, format(" %s dir=", dev)))
		return false;
	at = strstr(what, "dma_addr=");
	if (!at || sscanf(at, "dma_addr=%llx size=%llu virt_addr=%31s",
			  &call->addr, &call->size, call->cpu) != 3)
		return false;
	at = strstr(what, "attrs=");
	/* Without any there is nothing after the sign. */
	call->attrs[0] = '\0';
	if (at)
		sscanf(at, "attrs=%159s", call->attrs);
	return at;
}

/* The calls of the test's device so far; returns why not. */
static const char *read_calls(struct dmx *d, struct call *calls, int *count)
{
	FILE *file = fopen(TRACEFS "/trace", "r");
	char line[1024];

	*count = 0;
	if (!file)
		return "no trace";
	while (fgets(line, sizeof(line), file) && *count < 2 * MAX_ALLOCS)
		*count += parse(line, d->name, &calls[*count]);
	fclose(file);
	return "";
}

/* Takes the calls in order; each free must match a live allocation. */
static const char *unmatched(const struct call *calls, int count, int *live)
{
	bool freed[2 * MAX_ALLOCS] = {};
	int i, j;

	*live = 0;
	for (i = 0; i < count; i++) {
		if (!calls[i].is_free) {
			++*live;
			continue;
		}
		for (j = 0; j < i; j++)
			if (!calls[j].is_free && !freed[j] &&
			    calls[j].addr == calls[i].addr &&
			    calls[j].size == calls[i].size &&
			    !strcmp(calls[j].cpu, calls[i].cpu) &&
			    !strcmp(calls[j].attrs, calls[i].attrs))
				break;
		if (j == i)
			return format("free of %#llx, %llu bytes, attributes %s",
				      calls[i].addr, calls[i].size,
				      calls[i].attrs);
		freed[j] = true;
		--*live;
	}
	return "";
}

TEST_F(trace, each_kind_is_allocated_and_freed_with_the_same_facts)
{
	static const struct { uint32_t bit; const char *name; } attrs[] = {
		{ 0, "" },
		{ DMAEXER_ATTR_WEAK_ORDERING, "WEAK_ORDERING" },
		{ DMAEXER_ATTR_WRITE_COMBINE, "WRITE_COMBINE" },
		{ DMAEXER_ATTR_SKIP_CPU_SYNC, "SKIP_CPU_SYNC" },
		{ DMAEXER_ATTR_FORCE_CONTIGUOUS, "FORCE_CONTIGUOUS" },
		{ DMAEXER_ATTR_ALLOC_SINGLE_PAGES, "ALLOC_SINGLE_PAGES" },
		{ DMAEXER_ATTR_PRIVILEGED, "PRIVILEGED" },
	};
	const uint64_t sizes[] = { 1, 4097, 100000 };
	struct dmx *d = &self->d;
	uint64_t size, addr;
	uint32_t id;
	size_t i;
	int live;

	for (i = 0; i < 3 * ARRAY_SIZE(attrs); i++) {
		size = sizes[i % 3];
		dmx_begin_new(d, i % 3, 1, size);
		nl_u32(&d->nl, DMAEXER_A_BUF_ATTRS, attrs[i / 3].bit);
		ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
		id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
		addr = nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR);
		ASSERT_EQ(0, file_write(TRACEFS "/trace_marker", "allocated"));
		ASSERT_STREQ("", read_calls(d, self->calls, &self->count));
		ASSERT_EQ(2 * i + 1, self->count);
		EXPECT_FALSE(self->calls[2 * i].is_free);
		EXPECT_EQ(size, self->calls[2 * i].size);
		if (i % 3 != BOX) {
			EXPECT_EQ(addr, self->calls[2 * i].addr);
		}
		EXPECT_NE(NULL, strstr(self->calls[2 * i].attrs,
				       attrs[i / 3].name))
			TH_LOG("%s", self->calls[2 * i].attrs);
		EXPECT_EQ(i % 3 == HANDLE,
			  !!strstr(self->calls[2 * i].attrs,
				   "NO_KERNEL_MAPPING"));
		if (i % 3 == BOX) {
			ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, id));
			EXPECT_EQ(self->calls[2 * i].addr,
				  nl_get_u64(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
		}
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
		ASSERT_STREQ("", read_calls(d, self->calls, &self->count));
		ASSERT_EQ(2 * i + 2, self->count);
		ASSERT_STREQ("", unmatched(self->calls, self->count, &live));
		ASSERT_EQ(0, live);
	}
}

TEST_F(trace, an_initialiser_that_fails_frees_what_was_allocated)
{
	struct dmx *d = &self->d;
	int live;

	dmx_begin_new(d, BOX, 1, 5000);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_ADDRESS);
	ASSERT_EQ(EINVAL, nl_call(&d->nl));
	ASSERT_STREQ("", read_calls(d, self->calls, &self->count));
	EXPECT_STREQ("", unmatched(self->calls, self->count, &live));
	EXPECT_EQ(0, live);
}

TEST_F(trace, a_device_that_goes_frees_all_there_was)
{
	struct dmx *d = &self->d;
	int i, live;

	for (i = 0; i < 30; i++) {
		ASSERT_NE(0, dmx_new(d, i % 3, 1, 1 + 1000 * i));
	}
	ASSERT_STREQ("", read_calls(d, self->calls, &self->count));
	ASSERT_STREQ("", unmatched(self->calls, self->count, &live));
	EXPECT_EQ(30, live);
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	ASSERT_STREQ("", read_calls(d, self->calls, &self->count));
	ASSERT_STREQ("", unmatched(self->calls, self->count, &live));
	EXPECT_EQ(0, live);
	EXPECT_EQ(60, self->count);
}

TEST_F(trace, an_owner_that_closes_frees_all_it_owned)
{
	struct dmx *d = &self->d;
	struct nl nl;
	int i, live;

	ASSERT_EQ(0, nl_open(&nl));
	for (i = 0; i < 30; i++) {
		nl_begin(&nl, DMAEXER_CMD_BUF_NEW);
		nl_u32(&nl, DMAEXER_A_BUF_DEV_ID, d->dev);
		nl_u32(&nl, DMAEXER_A_BUF_KIND, i % 3);
		nl_u64(&nl, DMAEXER_A_BUF_COUNT, 1 + 1000 * i);
		nl_flag(&nl, DMAEXER_A_BUF_OWNED);
		ASSERT_EQ(0, nl_call(&nl)) TH_LOG("%s", nl.msg);
	}
	nl_close(&nl);
	for (i = 0; i < 5000 && dmx_live_bufs(d); i++)
		usleep(1000);
	ASSERT_STREQ("", read_calls(d, self->calls, &self->count));
	ASSERT_STREQ("", unmatched(self->calls, self->count, &live));
	EXPECT_EQ(0, live);
	EXPECT_EQ(60, self->count);
}

TEST_HARNESS_MAIN
