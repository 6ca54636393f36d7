// SPDX-License-Identifier: GPL-2.0
/*
 * Every error path of every request, those of the kernel below the module as well:
 * on a kernel that fails allocations on demand, the first allocation inside a
 * request fails, the second, the third, until it passes, and nothing has changed.
 */
#include <fcntl.h>

#include "begin.h"
#include "channel.h"
#include "fault.h"
#include "harness.h"
#include "kinds.h"
#include "program.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define KNOBS		"/sys/kernel/debug/"
#define DMA_DEBUG	"/sys/kernel/debug/dma-api/num_free_entries"
#define SIZE		8192

/* A range of the kernel's code. */
struct range {
	uint64_t start;
	uint64_t end;
};

static bool is_code(char type)
{
	return type == 't' || type == 'T';
}

/*
 * The code of the module, and that of a function of the kernel. Symbols of the
 * kernel come in the order of their addresses, those of modules do not.
 */
static void find_code(struct range *module, const char *name,
		      struct range *function)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	unsigned long long at;
	char line[512], word[256], type;

	memset(module, 0, sizeof(*module));
	memset(function, 0, sizeof(*function));
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%llx %c %255s", &at, &type, word) != 3 ||
		    !is_code(type))
			continue;
		if (function->start && !function->end)
			function->end = at;
		if (!strcmp(word, name))
			function->start = at;
		if (!strstr(line, "[dmaexer_core]"))
			continue;
		if (!module->start || at < module->start)
			module->start = at;
		if (at > module->end)
			module->end = at;
	}
	if (file)
		fclose(file);
	/* the last function ends on its page or on the next */
	module->end = (module->end + 8191) & ~4095ULL;
}

static bool knob(const char *capability, const char *name, uint64_t value)
{
	return !file_write(format(KNOBS "%s/%s", capability, name),
			   format("%#llx", (unsigned long long)value));
}

static bool flag(const char *capability, const char *name, const char *value)
{
	return !file_write(format(KNOBS "%s/%s", capability, name), value);
}

static struct {
	struct range module;
	struct range detector;
} code;

/*
 * What is asked for in a range of code, by whichever way, counts, and nothing
 * else. Where the detector of the DMA API gets no memory to watch with, it goes
 * out.
 */
static bool count(const char *capability, const struct range *range)
{
	return knob(capability, "verbose", 0) &&
	       knob(capability, "stacktrace-depth", 32) &&
	       knob(capability, "require-start", range->start) &&
	       knob(capability, "require-end", range->end) &&
	       knob(capability, "reject-start", code.detector.start) &&
	       knob(capability, "reject-end", code.detector.end);
}

static void __attribute__((constructor)) require(void)
{
	if (!file_exists("/proc/self/fail-nth"))
		give_up(false, "this kernel fails no allocation on demand");
	channel_require(NULL);
	find_code(&code.module, "add_dma_entry", &code.detector);
	if (!code.module.start || !code.detector.end ||
	    !count("failslab", &code.module) ||
	    !count("fail_page_alloc", &code.module) ||
	    !count("fail_usercopy", &code.module) ||
	    !flag("failslab", "ignore-gfp-wait", "N") ||
	    !flag("fail_page_alloc", "ignore-gfp-wait", "N") ||
	    !flag("fail_page_alloc", "ignore-gfp-highmem", "N") ||
	    !knob("fail_page_alloc", "min-order", 0))
		give_up(true, "the kernel cannot be told what to fail");
}

static const char *nth_write(unsigned int nth)
{
	return file_write(FAIL_NTH, format("%u", nth)) ?
	       "fail-nth cannot be written" : "";
}

/* Each attempt gives back what the one before it had from the DMA API. */
static const char *nth_arm(struct dmx *d, unsigned int nth)
{
	static uint64_t entries;
	uint64_t found = file_number(DMA_DEBUG);

	(void)d;
	if (nth == 1)
		entries = found;
	if (found != entries)
		return format("%lld mappings are left",
			      (long long)(entries - found));
	return nth_write(nth);
}

/* What is left to count is nothing where the one that was meant has failed. */
static const char *nth_disarm(struct dmx *d, struct outcome *o)
{
	(void)d;
	o->failed = !file_number(FAIL_NTH);
	return nth_write(0);
}

/* The kernel does without some, and so do the detectors. */
static const char *nth_wrong(const struct outcome *o, unsigned int nth)
{
	const struct nl *nl = o->nl;

	(void)nth;
	if (!nl->err)
		return "";
	if (!o->failed)
		return format("errno %d, \"%s\", and nothing failed", nl->err,
			      nl->msg);
	if (nl->err == ENOMEM && nl->msg[0])
		return "";
	/* neither a controller nor the driver core says why */
	if ((nl->err == EIO && strstr(nl->msg, "does not take")) ||
	    (nl->err == ENODEV && strstr(nl->msg, "did not bind")))
		return "";
	return format("errno %d, \"%s\"", nl->err, nl->msg);
}

/* What is left of a dump that could not begin or go on is the kernel's word. */
static const char *dump_wrong(const struct outcome *o, unsigned int nth)
{
	const struct nl *nl = o->nl;

	(void)nth;
	if (!nl->err || (o->failed && (nl->err == ENOMEM || nl->err == ENOBUFS)))
		return "";
	return format("errno %d, \"%s\"", nl->err, nl->msg);
}

static bool nth_noise(const char *line, const struct request *r)
{
	static const char *const words[] = {
		"SLUB: Unable to allocate memory on", "  cache: ", "  node ",
		"debugfs: out of free dentries, can not create",
		"kmemleak: Cannot allocate a scan area",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(line, words[i]))
			return true;
	/* the driver core tells why it made no device, or bound none */
	return r->binds && strstr(line, " failed");
}

static const struct injector allocations = {
	.arm = nth_arm,
	.disarm = nth_disarm,
	.wrong = nth_wrong,
	.is_noise = nth_noise,
	.most = 2000,
};

/* Those of a dump are made for the module, not by it. */
static const struct injector all_allocations = {
	.arm = nth_arm,
	.disarm = nth_disarm,
	.wrong = dump_wrong,
	.is_noise = nth_noise,
	.most = 2000,
};

FIXTURE(fail_nth)
{
	struct dmx d;
	struct nl ears;
	uint32_t id;
};

FIXTURE_SETUP(fail_nth)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_EQ(0, nl_join(&self->ears));
	self->id = dmx_new_filled(&self->d, COHERENT, 4096,
				  DMAEXER_PATTERN_RANDOM, 1);
	ASSERT_NE(0, self->id);
}

FIXTURE_TEARDOWN(fail_nth)
{
	nl_close(&self->ears);
	dmx_teardown(&self->d);
}

/* Those that ask for no memory of their own say so by no bit. */
#define ASKS	OP(MEMORY)
#define DEL_BUF	.del = DMAEXER_CMD_BUF_DEL
#define DEL_DEV	.del = DMAEXER_CMD_DEV_DEL

/* Those that ask for more than one thing. */
static void begin_kind(struct nl *nl, const struct dmx *d, uint32_t row)
{
	static const struct wish wishes[] = {
		{ .kind = PAGES, .elem = 1, .count = 9000, .has = OF(SHAPE),
		  .shape = DMAEXER_SHAPE_SCATTERED },
		{ .kind = POOL, .elem = 2000, .count = 3 },
		{ .kind = NONCONTIGUOUS, .elem = 1, .count = 9000 },
		{ .kind = MANAGED, .elem = 1, .count = 9000 },
	};
	struct dmx copy = *d;

	copy.nl = *nl;
	kinds_begin(&copy, &wishes[row]);
	*nl = copy.nl;
}

TEST_F_TIMEOUT(fail_nth, buf_new_leaves_nothing, 400)
{
	static const struct request requests[] = {
		{ "box", begin_new, .arg = BOX, DEL_BUF, .ops = ASKS },
		{ "coherent", begin_new, .arg = COHERENT, DEL_BUF,
		  .ops = ASKS },
		{ "handle", begin_new, .arg = HANDLE, DEL_BUF, .ops = ASKS },
		{ "box with a pattern", begin_new_pattern, .arg = BOX, DEL_BUF,
		  .ops = ASKS },
		{ "coherent with data", begin_new_data, .arg = COHERENT,
		  DEL_BUF, .ops = ASKS },
		{ "the first that a socket owns", begin_new_owned, .arg = BOX,
		  DEL_BUF, .is_first = true, .ops = ASKS },
		{ "kept", begin_new_kept, .arg = COHERENT, DEL_BUF,
		  .is_first = true,
		  .ops = ASKS },
		{ "pages", begin_kind, .arg = 0, DEL_BUF, .ops = ASKS },
		{ "pool", begin_kind, .arg = 1, DEL_BUF, .ops = ASKS },
		{ "noncontiguous", begin_kind, .arg = 2, DEL_BUF,
		  .ops = ASKS },
		{ "managed", begin_kind, .arg = 3, DEL_BUF, .ops = ASKS },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_each_by(&self->d, &requests[i],
					       &allocations));
	EXPECT_EQ(1, dmx_live_bufs(&self->d));
	EXPECT_EQ(4096, dmx_live_bytes(&self->d));
}

TEST_F_TIMEOUT(fail_nth, dev_new_leaves_nothing, 240)
{
	static const struct request requests[] = {
		{ "dev-new", begin_dev_new, .arg = false, DEL_DEV,
		  .binds = true, .ops = ASKS },
		{ "the first that a socket owns", begin_dev_new, .arg = true,
		  DEL_DEV, .binds = true, .is_first = true, .ops = ASKS },
	};
	unsigned int count = dmx_count(&self->d, DMAEXER_CMD_DEV_GET);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_each_by(&self->d, &requests[i],
					       &allocations));
	EXPECT_EQ(count, dmx_count(&self->d, DMAEXER_CMD_DEV_GET));
}

TEST_F_TIMEOUT(fail_nth, requests_about_what_is_there_change_nothing, 120)
{
	struct request requests[] = {
		{ "dev-get", begin_dev_get, .ops = ASKS },
		{ "buf-get", begin_get, .ops = ASKS },
		{ "buf-read", begin_read, .ops = ASKS },
		{ "buf-check", begin_check, .ops = ASKS },
		{ "buf-write", begin_write, .ops = 0 },
		{ "buf-fill", begin_fill, .ops = 0 },
		{ "fault-set", begin_fault, .ops = ASKS },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		requests[i].arg = self->id;
		EXPECT_STREQ("", fault_each_by(&self->d, &requests[i],
					       &allocations));
	}
}

TEST_F_TIMEOUT(fail_nth, what_cannot_be_undone_is_all_done_or_not_at_all, 120)
{
	struct request requests[] = {
		{ "buf-share", begin_share, .prepare = new_box,
		  .remains = true, .ops = ASKS },
		{ "buf-del", begin_del, .prepare = new_box, .remains = true,
		  .ops = OP(EVENT) },
		{ "dev-set", begin_dev_set, .arg = 41, .remains = true,
		  .ops = ASKS },
		{ "owned dev-set", begin_dev_set_owned, .arg = 43,
		  .is_first = true, .remains = true, .ops = ASKS },
		{ "dev-del", begin_dev_del, .prepare = new_kept,
		  .undo = DMAEXER_CMD_POSTMORTEM_DEL, .remains = true,
		  .ops = OP(EVENT) },
		{ "postmortem-del", begin_postmortem_del,
		  .prepare = new_postmortem,
		  .undo = DMAEXER_CMD_POSTMORTEM_DEL, .remains = true,
		  .ops = OP(EVENT) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_each_by(&self->d, &requests[i],
					       &allocations));
	EXPECT_EQ((1ULL << 41) - 1, dmx_dev_u64(&self->d,
						DMAEXER_A_DEV_DMA_MASK));
}

/* One that could not go on is not over until its socket is closed. */
TEST_F_TIMEOUT(fail_nth, a_dump_has_all_or_says_that_it_has_not, 60)
{
	static const struct range all = { 0, UINT64_MAX };
	static const uint32_t dumps[] = {
		DMAEXER_CMD_DEV_GET, DMAEXER_CMD_BUF_GET, DMAEXER_CMD_FAULT_GET,
		DMAEXER_CMD_POSTMORTEM_GET,
	};
	struct request dump = { "dump", begin_dump, .is_dump = true,
				.is_first = true, .ops = ASKS };
	size_t i;

	ASSERT_TRUE(count("failslab", &all));
	for (i = 0; i < ARRAY_SIZE(dumps); i++) {
		dump.arg = dumps[i];
		EXPECT_STREQ("", fault_each_by(&self->d, &dump,
					       &all_allocations));
	}
	ASSERT_TRUE(count("failslab", &code.module));
}

FIXTURE(fail_nth_channel)
{
	struct dmx d;
};

FIXTURE_SETUP(fail_nth_channel)
{
	ASSERT_STREQ("", channel_setup(&self->d));
}

FIXTURE_TEARDOWN(fail_nth_channel)
{
	dmx_teardown(&self->d);
}

TEST_F_TIMEOUT(fail_nth_channel, a_transfer_that_fails_copies_nothing, 120)
{
	struct dmx *d = &self->d;
	struct request xfer = { "xfer-run", begin_xfer, .remains = true,
				.ops = ASKS };

	xfer.arg = dmx_new_filled(d, COHERENT, SIZE, DMAEXER_PATTERN_COUNTER, 7);
	ASSERT_NE(0, xfer.arg);
	EXPECT_STREQ("", fault_each_by(d, &xfer, &allocations));
}

TEST_F_TIMEOUT(fail_nth_channel, a_test_of_protection_leaves_nothing, 240)
{
	static const struct request requests[] = {
		{ "within", begin_protect, .arg = DMAEXER_PROTECT_CASE_WITHIN,
		  .ops = ASKS },
		{ "read-only", begin_protect,
		  .arg = DMAEXER_PROTECT_CASE_READ_ONLY, .ops = ASKS },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		EXPECT_STREQ("", fault_each_by(&self->d, &requests[i],
					       &allocations));
	/* the address space is nobody's again */
	EXPECT_NE(0, dmx_new(&self->d, COHERENT, 1, 64));
}

TEST_F_TIMEOUT(fail_nth_channel, a_channel_that_cannot_be_taken_stays_free, 120)
{
	struct request take = { "dev-new", begin_channel, DEL_DEV,
				.ops = ASKS };

	/* the only one there is may be ours */
	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	EXPECT_STREQ("", fault_each_by(&self->d, &take, &allocations));
}

TEST_HARNESS_MAIN
