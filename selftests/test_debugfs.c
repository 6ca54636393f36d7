// SPDX-License-Identifier: GPL-2.0
/* The debugfs file "data": every byte, from everywhere, and no byte else. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "dmx.h"
#include "harness.h"

#define SIZE	20483
#define SEED	0x123456789
#define PAGE	4096

static uint8_t expected[SIZE + 16];
static uint8_t got[SIZE + 16];

FIXTURE(data)
{
	struct dmx d;
	uint32_t id;
	int fd;
};

FIXTURE_VARIANT(data)
{
	uint32_t kind;
};

FIXTURE_VARIANT_ADD(data, box)
{
	.kind = BOX,
};

FIXTURE_VARIANT_ADD(data, coherent)
{
	.kind = COHERENT,
};

FIXTURE_SETUP(data)
{
	int i;

	ASSERT_STREQ("", dmx_setup(&self->d));
	self->id = dmx_new_filled(&self->d, variant->kind, SIZE,
				  DMAEXER_PATTERN_RANDOM, SEED);
	ASSERT_NE(0, self->id);
	self->fd = open(dmx_debugfs(&self->d, self->id, "data"),
			variant->kind == BOX ? O_RDWR : O_RDONLY);
	ASSERT_LE(0, self->fd);
	for (i = 0; i < SIZE; i++)
		expected[i] = pattern_byte(DMAEXER_PATTERN_RANDOM, SEED, i);
}

FIXTURE_TEARDOWN(data)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	close(self->fd);
	dmx_teardown(&self->d);
}

TEST_F(data, every_offset_and_length_near_a_boundary_reads_right)
{
	static const int bounds[] = { 0, PAGE, 2 * PAGE, 5 * PAGE, SIZE };
	static const int lens[] = { 0, 1, 2, 3, 7, 8, 9, 63, 4095, 4096, 4097,
				    8193, SIZE, SIZE + 9 };
	int offset, want;
	ssize_t len;
	size_t b, l;

	for (b = 0; b < ARRAY_SIZE(bounds); b++) {
		for (offset = bounds[b] - 9; offset <= bounds[b] + 9; offset++) {
			if (offset < 0)
				continue;
			for (l = 0; l < ARRAY_SIZE(lens); l++) {
				want = offset >= SIZE ? 0 : SIZE - offset;
				if (want > lens[l])
					want = lens[l];
				memset(got, 0xee, sizeof(got));
				len = pread(self->fd, got, lens[l], offset);
				ASSERT_EQ(want, len);
				ASSERT_EQ(0, memcmp(got, expected + offset,
						    want));
				ASSERT_EQ(0xee, got[want]);
			}
		}
	}
}

TEST_F(data, every_odd_offset_reads_right)
{
	int offset;

	for (offset = 1; offset < SIZE; offset += 2) {
		ASSERT_EQ(offset + 17 > SIZE ? SIZE - offset : 17,
			  pread(self->fd, got, 17, offset));
		ASSERT_EQ(0, memcmp(got, expected + offset,
				    offset + 17 > SIZE ? SIZE - offset : 17));
	}
}

TEST_F(data, a_plain_read_goes_on_where_the_last_one_ended)
{
	size_t done = 0;
	ssize_t len;
	int step = 1;

	while ((len = read(self->fd, got + done, step)) > 0) {
		done += len;
		ASSERT_EQ(done, lseek(self->fd, 0, SEEK_CUR));
		step = step * 3 % 1009;
		if (done + step > sizeof(got))
			step = sizeof(got) - done;
	}
	EXPECT_EQ(0, len);
	ASSERT_EQ(SIZE, done);
	EXPECT_EQ(0, memcmp(got, expected, SIZE));
}

TEST_F(data, at_and_past_the_end_there_are_0_bytes)
{
	static const off_t past[] = { SIZE, SIZE + 1, PAGE * 6, 1LL << 31,
				      1LL << 32, (1LL << 32) + 5, 1LL << 40,
				      1LL << 62, INT64_MAX - 4096, INT64_MAX - 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(past); i++) {
		EXPECT_EQ(0, pread(self->fd, got, 1, past[i]))
			TH_LOG("offset %#llx", (long long)past[i]);
	}
}

TEST_F(data, a_negative_offset_is_einval)
{
	static const off_t before[] = { -1, -4096, INT64_MIN };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(before); i++) {
		errno = 0;
		EXPECT_EQ(-1, pread(self->fd, got, 1, before[i]));
		EXPECT_EQ(EINVAL, errno);
		errno = 0;
		EXPECT_EQ(-1, lseek(self->fd, before[i], SEEK_SET));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_F(data, the_size_is_that_of_the_buffer)
{
	struct stat st;

	ASSERT_EQ(0, fstat(self->fd, &st));
	EXPECT_EQ(SIZE, st.st_size);
	EXPECT_EQ(SIZE, lseek(self->fd, 0, SEEK_END));
	EXPECT_EQ(0, read(self->fd, got, 1));
	EXPECT_EQ(SIZE - 5, lseek(self->fd, -5, SEEK_END));
	EXPECT_EQ(5, read(self->fd, got, 10));
	EXPECT_EQ(0, memcmp(got, expected + SIZE - 5, 5));
}

TEST_F(data, a_fault_loses_nothing)
{
	uint8_t *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ssize_t len;

	ASSERT_NE(MAP_FAILED, page);
	ASSERT_EQ(0, munmap(page + PAGE, PAGE));
	ASSERT_EQ(100, lseek(self->fd, 100, SEEK_SET));
	errno = 0;
	EXPECT_EQ(-1, read(self->fd, page + PAGE, 10));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(100, lseek(self->fd, 0, SEEK_CUR));
	/* Half of it fits: what is said to be read has been read. */
	len = read(self->fd, page + PAGE - 8, 16);
	if (len > 0) {
		EXPECT_GE(8, len);
		EXPECT_EQ(0, memcmp(page + PAGE - 8, expected + 100, len));
	} else {
		EXPECT_EQ(EFAULT, errno);
		len = 0;
	}
	EXPECT_EQ(100 + len, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(50, read(self->fd, got, 50));
	EXPECT_EQ(0, memcmp(got, expected + 100 + len, 50));
}

TEST_F(data, what_others_write_is_seen_at_once)
{
	ASSERT_EQ(0, dmx_write(&self->d, self->id, 4097, 0, 1,
			       expected[4097] ^ 0xff));
	ASSERT_EQ(3, pread(self->fd, got, 3, 4096));
	EXPECT_EQ(expected[4096], got[0]);
	EXPECT_EQ(expected[4097] ^ 0xff, got[1]);
	EXPECT_EQ(expected[4098], got[2]);
}

TEST_F(data, only_a_box_can_be_written)
{
	static const int offsets[] = { 0, 1, 4095, 4096, 8191, SIZE - 7 };
	static const char text[7] = "written";
	size_t i;
	int fd;

	if (variant->kind != BOX) {
		/* Root passes any mode, so the file itself has to refuse. */
		fd = open(dmx_debugfs(&self->d, self->id, "data"), O_RDWR);
		if (fd >= 0) {
			EXPECT_EQ(-1, write(fd, text, sizeof(text)));
			close(fd);
		}
		EXPECT_EQ(EPERM, errno);
		EXPECT_EQ(SIZE, pread(self->fd, got, SIZE, 0));
		EXPECT_EQ(0, memcmp(got, expected, SIZE));
		return;
	}
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		ASSERT_EQ(7, pwrite(self->fd, text, 7, offsets[i]));
		memcpy(expected + offsets[i], text, 7);
		ASSERT_EQ(SIZE, pread(self->fd, got, SIZE, 0));
		EXPECT_EQ(0, memcmp(got, expected, SIZE));
	}
}

TEST_F(data, a_write_past_the_end_is_short_or_enospc)
{
	static const off_t past[] = { SIZE, SIZE + 1, 1LL << 32, 1LL << 62 };
	static const char text[9] = "too much.";
	size_t i;

	if (variant->kind != BOX)
		SKIP(return, "a coherent buffer cannot be written at all");
	for (i = 0; i < ARRAY_SIZE(past); i++) {
		errno = 0;
		EXPECT_EQ(-1, pwrite(self->fd, text, 9, past[i]));
		EXPECT_EQ(ENOSPC, errno);
	}
	EXPECT_EQ(4, pwrite(self->fd, text, 9, SIZE - 4));
	memcpy(expected + SIZE - 4, text, 4);
	ASSERT_EQ(SIZE, pread(self->fd, got, sizeof(got), 0));
	EXPECT_EQ(0, memcmp(got, expected, SIZE));
	EXPECT_EQ(-1, pwrite(self->fd, text, 9, -1));
	EXPECT_EQ(EINVAL, errno);
}

/* debugfs itself lets root change what stat says; the memory stays. */
TEST_F(data, a_truncated_file_loses_no_byte)
{
	if (variant->kind != BOX)
		SKIP(return, "a coherent buffer cannot be written at all");
	EXPECT_LE(-1, ftruncate(self->fd, 5));
	ASSERT_EQ(SIZE, pread(self->fd, got, sizeof(got), 0));
	EXPECT_EQ(0, memcmp(got, expected, SIZE));
	EXPECT_EQ(7, pwrite(self->fd, expected, 7, SIZE - 7));
	EXPECT_LE(-1, ftruncate(self->fd, 1 << 20));
	EXPECT_EQ(0, pread(self->fd, got, 1, SIZE));
}

TEST_F(data, a_fault_in_a_write_changes_nothing)
{
	void *nowhere = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	ssize_t len;

	if (variant->kind != BOX)
		SKIP(return, "a coherent buffer cannot be written at all");
	ASSERT_EQ(100, lseek(self->fd, 100, SEEK_SET));
	errno = 0;
	EXPECT_EQ(-1, write(self->fd, nowhere, 10));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(100, lseek(self->fd, 0, SEEK_CUR));
	len = pread(self->fd, got, SIZE, 0);
	ASSERT_EQ(SIZE, len);
	EXPECT_EQ(0, memcmp(got, expected, SIZE));
}

TEST_HARNESS_MAIN
