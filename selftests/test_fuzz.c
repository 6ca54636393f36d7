// SPDX-License-Identifier: GPL-2.0
/*
 * Inputs that nobody thought of: messages that are right, nearly right and
 * wrong, on several sockets. Where the kernel tells which code was run (KCOV, and
 * a module that was built for it), an input that reaches new code is kept, and
 * changed; elsewhere all are made up from the table of requests.
 *
 * They are run by a child, which is watched: what it was at is in shared memory,
 * so that it is known also when the child hangs in the kernel or is killed there.
 *
 *	DMAEXER_FUZZ_SEED, DMAEXER_FUZZ_COUNT
 *			repeat and prolong a run
 *	DMAEXER_FUZZ_SECONDS
 *			how long it takes, instead of how many inputs
 *	DMAEXER_FUZZ_DIR
 *			a directory: the file "corpus" has the inputs to begin
 *			with, and then those that were kept; "failed" the last
 *			inputs of a run that failed
 *	DMAEXER_FUZZ_REPLAY
 *			a file of inputs, which are run, and no others
 *	DMAEXER_FUZZ_TRACE
 *			a file that has each input before it is run, for a kernel
 *			that does not survive it
 *	DMAEXER_FUZZ_PLACES
 *			how many places there are in the module, to print; then
 *			it does not go on blindly
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "bystander.h"
#include "fuzz_mutate.h"
#include "fuzz_run.h"
#include "kcov.h"
#include "harness.h"
#include "program.h"

#define COUNT		600
#define CORPUS_MAX	4000
#define RECENT		16
/* more than any input has as text */
#define TEXT		(64 * 1024)
#define HANG_SECONDS	60
#define REPORT_SECONDS	15
/* small buffers: what goes over all their words takes its time when watched */
#define PARAMETERS	"devices=0 quota_bytes=262144"

/**
 * struct shared - what the child lets the watching one see
 * @beat: counts steps
 * @count: inputs so far
 * @recent: the last of them, in turn
 * @wrong: why the child gave up
 */
struct shared {
	volatile uint32_t beat;
	volatile uint64_t count;
	struct fuzz_input recent[RECENT];
	char wrong[512];
};

/**
 * struct worker - the child
 * @fuzz: runs inputs
 * @shared: what is seen of it
 * @corpus: inputs that reached new code
 * @kept: how many
 * @turn: the first of them that is none of those that were read and run
 * @state: what all inputs are drawn from
 * @start: when it began
 * @told: when it last said how it goes
 */
struct worker {
	struct fuzz fuzz;
	struct shared *shared;
	struct fuzz_input *corpus[CORPUS_MAX];
	unsigned int kept;
	unsigned int turn;
	uint64_t state;
	double start;
	double told;
};

static const char *in_dir(const char *name)
{
	const char *dir = getenv("DMAEXER_FUZZ_DIR");

	return dir ? format("%s/%s", dir, name) : NULL;
}

static void tell(struct worker *w)
{
	const char *all = getenv("DMAEXER_FUZZ_PLACES");

	printf("# %.0f s: %llu inputs, %llu messages, %llu accepted; ",
	       now() - w->start, (unsigned long long)w->shared->count,
	       (unsigned long long)w->fuzz.sent,
	       (unsigned long long)w->fuzz.accepted);
	if (kcov_places())
		printf("%zu%s%s places, %zu edges, %u inputs kept\n",
		       kcov_places(), all ? " of " : "", all ? all : "",
		       kcov_edges(), w->kept);
	else
		printf("blind, without coverage\n");
	fflush(stdout);
	w->told = now();
}

static size_t to_text(char *text, const struct fuzz_input *input)
{
	FILE *to = fmemopen(text, TEXT, "w");
	size_t len;

	fuzz_print(to, input);
	len = ftell(to);
	fclose(to);
	return len;
}

static void trace(const struct fuzz_input *input)
{
	const char *path = getenv("DMAEXER_FUZZ_TRACE");
	static char text[TEXT];
	static int fd = -1;
	size_t len;

	if (!path)
		return;
	if (fd < 0)
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	len = to_text(text, input);
	if (pwrite(fd, text, len, 0) < 0 || ftruncate(fd, len))
		perror(path);
}

static void keep(struct worker *w, const struct fuzz_input *input)
{
	if (w->kept == CORPUS_MAX)
		return;
	w->corpus[w->kept] = malloc(sizeof(*input));
	*w->corpus[w->kept++] = *input;
}

static void stop(struct worker *w, const char *why)
{
	snprintf(w->shared->wrong, sizeof(w->shared->wrong), "%s", why);
	exit(1);
}

/* Ends the child where something is wrong. */
static void run(struct worker *w, const struct fuzz_input *input)
{
	struct shared *shared = w->shared;
	const char *wrong;

	shared->recent[shared->count++ % RECENT] = *input;
	trace(input);
	wrong = fuzz_run(&w->fuzz, input);
	if (*wrong) {
		tell(w);
		stop(w, wrong);
	}
	if (w->fuzz.edges)
		keep(w, input);
	if (now() - w->told > REPORT_SECONDS)
		tell(w);
}

/* A part of the time or of the inputs is over: a half, by 2. */
static bool is_over(const struct worker *w, unsigned int part)
{
	uint64_t seconds = setting("DMAEXER_FUZZ_SECONDS", 0);

	if (seconds)
		return (now() - w->start) * part >= seconds;
	return w->shared->count * part >= setting("DMAEXER_FUZZ_COUNT", COUNT);
}

/* All inputs of a file; false where there is no such file. */
static bool run_file(struct worker *w, const char *path,
		     void (*each)(struct worker *w, const struct fuzz_input *input))
{
	FILE *from = path ? fopen(path, "r") : NULL;
	struct fuzz_input input;
	int got;

	if (!from)
		return false;
	while ((got = fuzz_parse(from, &input)) > 0)
		each(w, &input);
	if (got < 0)
		stop(w, "a file has a line that is no part of an input");
	fclose(from);
	return true;
}

/* What there is no time for is kept as it is, and comes first the next time. */
static void run_or_keep(struct worker *w, const struct fuzz_input *input)
{
	if (is_over(w, 2)) {
		keep(w, input);
		return;
	}
	run(w, input);
	w->turn = w->kept;
}

/* In the place of the old one once it is whole. */
static void save(struct worker *w, const char *path)
{
	const char *whole = format("%s.new", path);
	FILE *to = fopen(whole, "w");
	unsigned int i;
	int bad;

	for (i = 0; to && i < w->kept; i++)
		fuzz_print(to, w->corpus[(w->turn + i) % w->kept]);
	bad = !to || ferror(to);
	if ((to && fclose(to)) || bad || rename(whole, path))
		stop(w, "the corpus cannot be saved");
}

/* What reached new code is worth to be changed. */
static void next(struct worker *w, struct fuzz_input *input)
{
	if (!w->kept || !fuzz_below(&w->state, 3)) {
		fuzz_generate(input, &w->state);
		if (!kcov_places() && fuzz_below(&w->state, 2))
			fuzz_mutate(input, NULL, &w->state);
		return;
	}
	*input = *w->corpus[fuzz_below(&w->state, w->kept)];
	fuzz_mutate(input, w->corpus[fuzz_below(&w->state, w->kept)],
		    &w->state);
}

static void explore(struct worker *w)
{
	struct fuzz_input input;

	run_file(w, in_dir("corpus"), run_or_keep);
	while (!is_over(w, 1)) {
		next(w, &input);
		run(w, &input);
	}
	if (kcov_places() && in_dir("corpus"))
		save(w, in_dir("corpus"));
}

static void work(struct shared *shared, uint64_t seed)
{
	static struct worker w;
	const char *replay = getenv("DMAEXER_FUZZ_REPLAY");
	const char *why;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	w.shared = shared;
	w.state = seed * 2 + 1;
	w.start = now();
	w.told = w.start;
	if (!kcov_start() && getenv("DMAEXER_FUZZ_PLACES"))
		stop(&w, "the kernel has no KCOV");
	why = fuzz_start(&w.fuzz, &shared->beat);
	if (*why)
		stop(&w, why);
	if (getenv("DMAEXER_ROGUE_KO") && !w.fuzz.has_chan)
		stop(&w, "the module named has no channel");
	if (!replay)
		explore(&w);
	else if (!run_file(&w, replay, run))
		stop(&w, "no file to replay");
	tell(&w);
	if (getenv("DMAEXER_FUZZ_PLACES") && !kcov_places())
		stop(&w, "the module does not tell what was run");
	if (!replay && w.fuzz.accepted * 100 < w.fuzz.sent)
		stop(&w, "hardly a message is accepted");
	exit(0);
}

static void show_file(const char *path)
{
	char text[4096] = "";

	file_read(path, text, sizeof(text) - 1);
	printf("# %s:\n%s\n", path, text);
}

/* Waits until it has ended, or hangs. */
static void watch(struct shared *shared, pid_t child)
{
	double since = now();
	uint32_t beat = 0;
	int status;

	while (!waitpid(child, &status, WNOHANG)) {
		if (shared->beat != beat)
			since = now();
		beat = shared->beat;
		if (now() - since > HANG_SECONDS) {
			snprintf(shared->wrong, sizeof(shared->wrong),
				 "a request hangs for %d s", HANG_SECONDS);
			show_file(format("/proc/%d/stack", child));
			kill(child, SIGKILL);
			return;
		}
		usleep(20000);
	}
	if (!shared->wrong[0] && status)
		snprintf(shared->wrong, sizeof(shared->wrong),
			 "it was killed, status %#x", status);
}

/* What was run last, the latest at the end. */
static void print_recent(FILE *to, const struct shared *shared)
{
	uint64_t i = shared->count > RECENT ? shared->count - RECENT : 0;

	for (; i < shared->count; i++)
		fuzz_print(to, &shared->recent[i % RECENT]);
}

static void show_failure(const struct shared *shared)
{
	const char *path = in_dir("failed");
	FILE *to = path ? fopen(path, "w") : NULL;

	printf("# input %llu: %s\n# DMAEXER_FUZZ_REPLAY=FILE repeats these:\n",
	       (unsigned long long)shared->count, shared->wrong);
	print_recent(stdout, shared);
	fflush(stdout);
	if (!to)
		return;
	print_recent(to, shared);
	fclose(to);
}

/* Where an environment names the test module with a channel, it is used. */
static void load_channel(void)
{
	const char *ko = getenv("DMAEXER_ROGUE_KO");

	if (ko && !file_exists("/sys/module/dmx_rogue_test"))
		module_load(ko, "");
}

FIXTURE(fuzz)
{
	struct shared *shared;
};

FIXTURE_SETUP(fuzz)
{
	self->shared = mmap(NULL, sizeof(*self->shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
	load_channel();
}

FIXTURE_TEARDOWN(fuzz)
{
	system("rmmod dmx_rogue_test 2>/dev/null");
}

/* Else a failure could not be replayed. */
TEST_F(fuzz, an_input_is_the_same_after_it_was_text)
{
	static char text[TEXT];
	struct fuzz_input input, read;
	uint64_t state = 1;
	FILE *from;
	int i;

	for (i = 0; i < 500; i++) {
		fuzz_generate(&input, &state);
		fuzz_mutate(&input, NULL, &state);
		from = fmemopen(text, to_text(text, &input), "r");
		ASSERT_EQ(1, fuzz_parse(from, &read));
		fclose(from);
		ASSERT_TRUE(fuzz_is_same(&input, &read)) TH_LOG("%s", text);
	}
}

/* It is watched, so it needs no bound of its own. */
TEST_F_TIMEOUT(fuzz, no_input_does_harm, 24 * 3600)
{
	uint64_t seed = setting("DMAEXER_FUZZ_SEED", time(NULL));
	pid_t child;

	ASSERT_STREQ("", dmaexer_reload(PARAMETERS));
	printf("# DMAEXER_FUZZ_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		work(self->shared, seed);
	watch(self->shared, child);
	if (self->shared->wrong[0])
		show_failure(self->shared);
	ASSERT_STREQ("", self->shared->wrong);
	ASSERT_NE(0, self->shared->count);
}

/* Nothing that was fuzzed holds it. */
TEST_F(fuzz, the_module_can_be_unloaded_afterwards)
{
	ASSERT_EQ(0, system("rmmod dmaexer && rmmod dmaexer_core"));
	ASSERT_STREQ("", dmaexer_load());
}

TEST_F(fuzz, the_module_works_afterwards)
{
	uint8_t bytes[5000];
	int i, wrong = 0;
	struct dmx d;
	uint32_t id;

	ASSERT_STREQ("", dmx_setup(&d));
	id = dmx_new_filled(&d, COHERENT, 5000, DMAEXER_PATTERN_RANDOM, 3);
	ASSERT_NE(0, id);
	ASSERT_EQ(5000, dmx_contents(&d, id, bytes, sizeof(bytes)));
	for (i = 0; i < 5000; i++)
		wrong += bytes[i] != pattern_byte(DMAEXER_PATTERN_RANDOM, 3, i);
	EXPECT_EQ(0, wrong);
	ASSERT_EQ(0, dmx_buf_op(&d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_EQ(0, dmx_live_bytes(&d));
	dmx_teardown(&d);
}

TEST_HARNESS_MAIN
