// SPDX-License-Identifier: GPL-2.0
/*
 * A fuzzer for compilers that have none: random changes of files, always the
 * same ones with the same seed. What fails is kept in a file, which alone
 * replays it.
 *
 *	TARGET --seed S --count N --keep FILE [FILE]...
 *	TARGET FILE...
 */
#include <fcntl.h>
#include <getopt.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <unistd.h>

#include "data.h"
#include "fuzz.h"
#include "parse.h"

#define INPUT_MAX 9000
#define FILES_MAX 256

static const char *keep;
static uint64_t state;

static uint8_t input[INPUT_MAX];
static size_t input_size;

/* Called on the way out, where little still works. */
static void input_keep(void)
{
	int fd = keep ? open(keep, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;

	if (fd >= 0 && write(fd, input, input_size) < 0)
		close(fd);
}

static void on_abort(int number)
{
	input_keep();
	signal(number, SIG_DFL);
	raise(number);
}

/* xorshift64* */
static size_t below(size_t limit)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return limit ? (size_t)(state * 0x2545f4914f6cdd1d >> 16) % limit : 0;
}

/* A piece of @from anywhere in the input, over what is there or before it. */
static void piece_put(const struct bytes *from)
{
	size_t start = below(from->size);
	size_t len = 1 + below(below(2) ? 16 : 256);
	size_t at = below(input_size + 1);
	bool over = below(2);

	if (len > from->size - start)
		len = from->size - start;
	if (at + len > INPUT_MAX || (!over && input_size + len > INPUT_MAX))
		return;
	if (!over)
		memmove(input + at + len, input + at, input_size - at);
	memcpy(input + at, from->data + start, len);
	if (!over)
		input_size += len;
	else if (at + len > input_size)
		input_size = at + len;
}

static void piece_cut(void)
{
	size_t at = below(input_size);
	size_t len = below(input_size - at + 1);

	memmove(input + at, input + at + len, input_size - at - len);
	input_size -= len;
}

/* Another byte in its place, or one more. */
static void byte_change(void)
{
	static const char likely[] = "$=#\"' \n\t.-:,+0x9k\0\\a\xff";
	size_t at = below(input_size + 1);

	if (at == INPUT_MAX)
		return;
	if (below(2) && input_size < INPUT_MAX) {
		memmove(input + at + 1, input + at, input_size - at);
		input_size++;
	}
	input[at] = below(2) ? (uint8_t)below(256) :
		    (uint8_t)likely[below(sizeof(likely))];
}

static void input_change(const struct bytes *file, size_t count)
{
	switch (below(4)) {
	case 0:
		piece_cut();
		break;
	case 1:
		if (count)
			piece_put(&file[below(count)]);
		break;
	default:
		byte_change();
	}
}

/* One of the files, changed, or random bytes. */
static void input_make(const struct bytes *file, size_t count)
{
	const struct bytes *from = &file[below(count)];
	size_t changes = below(8);
	bool fresh = !count || !below(3);

	input_size = fresh ? below(512) : from->size;
	if (input_size > INPUT_MAX)
		input_size = INPUT_MAX;
	for (size_t i = 0; i < input_size; i++)
		input[i] = fresh ? (uint8_t)below(256) : from->data[i];
	while (changes--)
		input_change(file, count);
}

/* Memory of the very size, so that each byte beyond is seen. */
static void replay(const struct bytes *file)
{
	uint8_t *copy = calloc(1, file->size + !file->size);

	claim(copy, "there is memory");
	memcpy(copy, file->data, file->size);
	LLVMFuzzerTestOneInput(copy, file->size);
	free(copy);
}

static void run(uint64_t count, const struct bytes *file, size_t files)
{
	while (count--) {
		struct bytes made = { .data = input };

		input_make(file, files);
		made.size = input_size;
		replay(&made);
	}
}

static uint64_t number(const char *word)
{
	uint64_t value = 0;
	const char *why = parse_number(word, &value);

	claim(!why, "%s %s", word, why);
	return value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'c' },
		{ "keep", required_argument, NULL, 'k' },
		{ 0 },
	};
	static struct bytes file[FILES_MAX];
	uint64_t count = 0;
	struct error error;
	size_t files = 0;
	int option;

	state = 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) > 0) {
		if (option == 's')
			state = 2 * number(optarg) + 1;
		else if (option == 'c')
			count = number(optarg);
		else if (option == 'k')
			keep = optarg;
		else
			return 2;
	}
	__sanitizer_set_death_callback(input_keep);
	signal(SIGABRT, on_abort);
	for (int i = optind; i < argc && files < FILES_MAX; i++) {
		claim(!file_read(argv[i], &file[files], &error), "%s",
		      error.text);
		replay(&file[files++]);
	}
	run(count, file, files);
	printf("ok - %llu inputs and %zu files did no harm\n",
	       (unsigned long long)count, files);
	while (files--)
		free(file[files].data);
	return 0;
}
