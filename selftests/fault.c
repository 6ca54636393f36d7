// SPDX-License-Identifier: GPL-2.0
#include <ftw.h>
#include <glob.h>

#include "bystander.h"
#include "fault.h"

#define ANY		DMAEXER_FAULT_OP_ANY
/* more points than any request has */
#define MOST		200
/* what may come and go without us, in kB */
#define SLAB_NOISE	150
#define MEMORY_NOISE	(8 * 1024)
#define WATCHED_ROUNDS	16

/* How a request ends whose point fails; 0 where it passes all the same. */
static const struct {
	int err;
	const char *words;
} ends[] = {
	[DMAEXER_FAULT_OP_MEMORY] = { ENOMEM, "memory" },
	[DMAEXER_FAULT_OP_ALLOC] = { ENOMEM, "the platform has no" },
	[DMAEXER_FAULT_OP_INIT] = { EIO, "contents cannot be written" },
	[DMAEXER_FAULT_OP_NUMBER] = { ENOMEM, "the kernel is short of memory" },
	[DMAEXER_FAULT_OP_REGISTER] = { ENOMEM, "the kernel is short of memory" },
	[DMAEXER_FAULT_OP_MASK] = { EIO, "the platform refuses the mask" },
	[DMAEXER_FAULT_OP_SYSFS] = { ENOMEM, "the kernel is short of memory" },
	[DMAEXER_FAULT_OP_CHANNEL] = { ENOENT, "no channel" },
	[DMAEXER_FAULT_OP_SUBMIT] = { EIO, "does not take" },
	[DMAEXER_FAULT_OP_MAP] = { ENOMEM, "no memory in reach" },
	[DMAEXER_FAULT_OP_REPLY] = { ENOMEM, "no memory for the reply" },
	[DMAEXER_FAULT_OP_SEND] = { EAGAIN, "does not take the reply" },
	[DMAEXER_FAULT_OP_DUMP] = { EMSGSIZE, "does not fit" },
	[DMAEXER_FAULT_OP_EVENT] = { 0 },
	[DMAEXER_FAULT_OP_KEEP] = { 0 },
	[DMAEXER_FAULT_OP_VMAP] = { ENOMEM, "the platform has no" },
	[DMAEXER_FAULT_OP_POOL] = { ENOMEM, "the platform has no" },
};

int fault_set(struct nl *nl, uint32_t op, uint32_t nth, uint32_t times)
{
	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, FAULT(OP), op);
	nl_u32(nl, FAULT(NTH), nth);
	nl_u32(nl, FAULT(TIMES), times);
	nl_flag(nl, FAULT(OWNED));
	return nl_call(nl);
}

int fault_clear(struct nl *nl, uint32_t op)
{
	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, FAULT(OP), op);
	nl_u32(nl, FAULT(NTH), 0);
	nl_flag(nl, FAULT(OWNED));
	return nl_call(nl);
}

/* All names there are below a directory, and what is in files of numbers. */
static char *tree;
static size_t tree_len;

static void tree_add(const char *text)
{
	size_t len = strlen(text) + 1;

	tree = realloc(tree, tree_len + len);
	memcpy(tree + tree_len, text, len);
	tree_len += len;
}

static int tree_visit(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	tree_add(path);
	if (type == FTW_F && (strstr(path, "/live_") || strstr(path, "_mask") ||
			      strstr(path, "_seg_size")))
		tree_add(format("%llu",
				(unsigned long long)file_number(path)));
	return 0;
}

static struct snap tree_take(void)
{
	glob_t devs = {};
	struct snap snap;
	size_t i;

	tree = NULL;
	tree_len = 0;
	nftw("/sys/kernel/debug/dmaexer", tree_visit, 16, FTW_PHYS);
	nftw("/sys/bus/platform/drivers/dmaexer", tree_visit, 16, FTW_PHYS);
	if (glob("/sys/devices/platform/dmaexer.*", 0, NULL, &devs))
		devs.gl_pathc = 0;
	for (i = 0; i < devs.gl_pathc; i++)
		nftw(devs.gl_pathv[i], tree_visit, 16, FTW_PHYS);
	globfree(&devs);
	snap.bytes = (void *)tree;
	snap.len = tree_len;
	return snap;
}

static const char *points_arm(struct dmx *d, unsigned int nth)
{
	return fault_set(&d->peek, ANY, nth, 1) ?
	       format("the fault: errno %d, %s", d->peek.err, d->peek.msg) : "";
}

static const char *points_disarm(struct dmx *d, struct outcome *o)
{
	if (fault_clear(&d->peek, ANY))
		return format("the fault: errno %d, %s", d->peek.err,
			      d->peek.msg);
	o->failed = nl_get_u64(&d->peek, FAULT(FAILED));
	o->last = nl_get_u32(&d->peek, FAULT(LAST));
	return "";
}

/* A dump goes on where a message is not its first, a test is not run. */
static bool may_pass(const struct outcome *o, unsigned int nth)
{
	if (!o->failed || o->last == DMAEXER_FAULT_OP_EVENT ||
	    o->last == DMAEXER_FAULT_OP_DEBUGFS ||
	    o->last == DMAEXER_FAULT_OP_KEEP)
		return true;
	if (o->last == DMAEXER_FAULT_OP_DUMP)
		return nth > 1;
	return o->last == DMAEXER_FAULT_OP_MAP &&
	       nl_get_u32(o->nl, DMAEXER_A_PROTECT_OUTCOME) ==
	       DMAEXER_OUTCOME_NOT_RUN;
}

static const char *points_wrong(const struct outcome *o, unsigned int nth)
{
	const struct nl *nl = o->nl;

	if (!nl->err)
		return may_pass(o, nth) ? "" : "it passed";
	if (!o->failed || nl->err != ends[o->last].err)
		return format("errno %d, \"%s\"", nl->err, nl->msg);
	if (!strstr(nl->msg, ends[o->last].words))
		return format("\"%s\" does not say \"%s\"", nl->msg,
			      ends[o->last].words);
	return "";
}

static bool points_noise(const char *line, const struct request *r)
{
	return r->binds && strstr(line, "failed with error -12");
}

static const struct injector points = {
	.arm = points_arm,
	.disarm = points_disarm,
	.wrong = points_wrong,
	.is_noise = points_noise,
	.has_kinds = true,
	.most = MOST,
};

static const char *attempt(struct dmx *d, const struct request *r,
			   const struct injector *by, unsigned int nth,
			   uint32_t arg, struct outcome *o)
{
	const char *wrong;

	r->begin(o->nl, d, arg);
	wrong = by->arm(d, nth);
	if (*wrong)
		return wrong;
	if (r->is_dump)
		nl_dump(o->nl);
	else
		nl_call(o->nl);
	wrong = by->disarm(d, o);
	if (!*wrong)
		o->made = o->nl->err ? 0 :
			  nl_get_u32(o->nl, DMAEXER_A_BUF_ID);
	return wrong;
}

static const char *wrong_log(struct dmx *d, const struct request *r,
			     const struct injector *by)
{
	const char *line;

	while ((line = dmx_complaint(d)))
		if (!by->is_noise(line, r))
			return format("the log says %s", line);
	return "";
}

static void tidy_up(struct dmx *d, const struct request *r,
		    const struct outcome *o, uint32_t arg)
{
	if (o->made && r->del) {
		nl_begin(&d->peek, r->del);
		nl_u32(&d->peek, DMAEXER_A_BUF_ID, o->made);
		nl_call(&d->peek);
	}
	if (arg && r->prepare) {
		nl_begin(&d->peek, r->undo ?: DMAEXER_CMD_BUF_DEL);
		nl_u32(&d->peek, DMAEXER_A_BUF_ID, arg);
		nl_call(&d->peek);
	}
}

/* What was refused has changed nothing; what passed is gone when deleted. */
static const char *compared(struct dmx *d, const struct request *r,
			    const struct injector *by, unsigned int nth,
			    struct outcome *o)
{
	uint32_t arg = r->prepare ? r->prepare(d) : r->arg;
	struct snap before = snap_take(d);
	struct snap names = tree_take();
	const char *wrong = attempt(d, r, by, nth, arg, o);
	bool lost = o->failed && o->last == DMAEXER_FAULT_OP_SEND;
	struct snap after = snap_take(d);
	struct snap names_after;
	static char kept[512];

	if (!*wrong)
		wrong = by->wrong(o, nth);
	snprintf(kept, sizeof(kept), "%s", wrong);
	wrong = kept;
	/* a buffer was there, and counted; what cannot be undone was done */
	if (!*wrong && o->nl->err && !lost)
		wrong = snap_diff(&before, &after);
	if (!*wrong && lost && r->remains && !*snap_diff(&before, &after))
		wrong = "nothing was done";
	if (!r->prepare)
		tidy_up(d, r, o, arg);
	names_after = tree_take();
	if (!*wrong && !(r->remains && (lost || !o->nl->err)))
		wrong = snap_diff(&names, &names_after);
	if (r->prepare)
		tidy_up(d, r, o, arg);
	if (!*wrong)
		wrong = wrong_log(d, r, by);
	snap_free(&before);
	snap_free(&after);
	snap_free(&names);
	snap_free(&names_after);
	return wrong;
}

static const char *one(struct dmx *d, const struct request *r,
		       const struct injector *by, unsigned int nth,
		       struct outcome *o)
{
	struct nl own;
	const char *wrong;

	o->nl = r->is_first ? &own : &d->nl;
	if (r->is_first && nl_open(&own))
		return "no socket";
	wrong = compared(d, r, by, nth, o);
	o->refused += !!o->nl->err;
	if (r->is_first)
		nl_close(&own);
	return wrong;
}

const char *fault_each_by(struct dmx *d, const struct request *r,
			  const struct injector *by)
{
	struct outcome o = { .failed = true };
	unsigned int nth;
	uint32_t ops = 0;
	const char *wrong;

	for (nth = 1; o.failed && nth < by->most; nth++) {
		wrong = one(d, r, by, nth, &o);
		if (*wrong)
			return format("%s, point %u (kind %u): %s", r->name,
				      nth, o.last, wrong);
		ops |= o.failed ? 1u << o.last : 0;
	}
	if (o.failed)
		return format("%s never passes", r->name);
	if (by->has_kinds && ops != r->ops)
		return format("%s has points of the kinds %#x, not %#x",
			      r->name, ops, r->ops);
	if (!by->has_kinds && r->ops & ~OP(EVENT) && !o.refused)
		return format("%s is never refused", r->name);
	printf("# %s: %u points, refused %u times\n", r->name, nth - 2,
	       o.refused);
	return "";
}

const char *fault_each(struct dmx *d, const struct request *r)
{
	return fault_each_by(d, r, &points);
}

static const char *repeat(struct dmx *d, const struct request *r,
			  unsigned int nth, int rounds, struct outcome *o)
{
	const char *wrong = "";
	uint32_t arg;
	int i;

	for (i = 0; i < rounds && !*wrong; i++) {
		arg = r->prepare ? r->prepare(d) : r->arg;
		wrong = attempt(d, r, &points, nth, arg, o);
		tidy_up(d, r, o, arg);
	}
	return wrong;
}

/*
 * A kernel that watches frees late what is freed, so that the sums say nothing; it
 * finds each lost object itself, at the end of the run, and a few are enough.
 */
const char *fault_leaks(struct dmx *d, const struct request *r, int rounds)
{
	struct outcome o = { .nl = &d->nl, .failed = true };
	bool watched = dmx_is_watched();
	const char *wrong = "";
	unsigned int nth;
	long slab, memory;

	if (watched)
		rounds = WATCHED_ROUNDS;
	for (nth = 1; o.failed && nth < MOST && !*wrong; nth++) {
		/* what is kept for reuse is there afterwards */
		wrong = repeat(d, r, nth, rounds / 4, &o);
		slab = number_in("/proc/meminfo", "SUnreclaim:");
		memory = available_kib();
		if (!*wrong)
			wrong = repeat(d, r, nth, rounds, &o);
		slab = number_in("/proc/meminfo", "SUnreclaim:") - slab;
		memory -= available_kib();
		if (getenv("DMAEXER_TEST_VERBOSE"))
			printf("# %s %u: %ld %ld\n", r->name, nth, slab, memory);
		if (!*wrong && !watched &&
		    (slab > SLAB_NOISE || memory > MEMORY_NOISE))
			wrong = format("%ld kB of slabs, %ld kB in all are lost",
				       slab, memory);
		if (*wrong)
			wrong = format("%s, point %u (kind %u), %d times: %s",
				       r->name, nth, o.last, rounds, wrong);
	}
	return wrong;
}
