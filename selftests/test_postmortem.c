// SPDX-License-Identifier: GPL-2.0
/* What a buffer held stays readable when its device goes, until it is dropped. */
#include <fcntl.h>

#include "bystander.h"
#include "harness.h"
#include "postmortem.h"

#define GET		DMAEXER_CMD_POSTMORTEM_GET
#define DEL		DMAEXER_CMD_POSTMORTEM_DEL
#define SIZE		(64 * 1024)
#define SOON_MS		5000
#define QUIET_MS	200

FIXTURE(postmortem)
{
	struct dmx d;
};

FIXTURE_SETUP(postmortem)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, dmx_count(&self->d, GET));
}

FIXTURE_TEARDOWN(postmortem)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	dmx_teardown(&self->d);
}

static bool gone_soon(struct dmx *d, uint32_t id)
{
	int ms;

	for (ms = 0; ms < SOON_MS; ms++) {
		if (!dmx_exists(d, GET, id))
			return true;
		usleep(1000);
	}
	return false;
}

TEST_F(postmortem, every_byte_is_kept_whatever_the_kind_and_the_size)
{
	static const uint64_t sizes[] = { 1, 7, 4096, 4097, SIZE, SIZE + 3,
					  3 * 1024 * 1024 + 5 };
	uint32_t ids[2][ARRAY_SIZE(sizes)];
	struct dmx *d = &self->d;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ids[BOX][i] = kept_new(d, BOX, sizes[i], true);
		ids[COHERENT][i] = kept_new(d, COHERENT, sizes[i], true);
		ASSERT_NE(0, ids[BOX][i]);
		ASSERT_NE(0, ids[COHERENT][i]);
	}
	EXPECT_EQ(0, dmx_count(d, GET));
	ASSERT_EQ(0, device_again(d));
	EXPECT_EQ(2 * ARRAY_SIZE(sizes), dmx_count(d, GET));
	EXPECT_EQ(0, dmx_count(d, DMAEXER_CMD_BUF_GET));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		EXPECT_STREQ("", postmortem_wrong(ids[BOX][i], sizes[i]));
		EXPECT_STREQ("", postmortem_wrong(ids[COHERENT][i], sizes[i]));
	}
}

TEST_F(postmortem, what_is_kept_is_what_was_there_in_the_end)
{
	struct dmx *d = &self->d;
	uint32_t id = kept_new(d, COHERENT, SIZE, true);
	uint8_t bytes[SIZE];
	int i;

	ASSERT_NE(0, id);
	ASSERT_EQ(0, dmx_fill(d, id, 0, SIZE, DMAEXER_PATTERN_COUNTER, 3));
	ASSERT_EQ(0, dmx_write(d, id, 4711, 0, 1, 0xa5));
	ASSERT_EQ(0, device_again(d));
	ASSERT_EQ(SIZE, file_read(postmortem_path(id, "data"), bytes, SIZE));
	for (i = 0; i < SIZE; i++)
		ASSERT_EQ(i == 4711 ? 0xa5 :
			  pattern_byte(DMAEXER_PATTERN_COUNTER, 3, i),
			  bytes[i]) TH_LOG("byte %d", i);
}

/* What is told of the buffer at the end, "" where the postmortem tells it too. */
static const char *differs(struct dmx *d, uint32_t id)
{
	const struct nlmsghdr *buf = nl_next(&d->nl, NULL);
	const struct nlmsghdr *pm;
	const struct nlattr *a, *b;
	int type;

	nl_begin(&d->peek, GET);
	nl_u32(&d->peek, DMAEXER_A_BUF_ID, id);
	if (nl_call(&d->peek))
		return format("errno %d", d->peek.err);
	pm = nl_next(&d->peek, NULL);
	for (type = 1; type <= DMAEXER_A_BUF_MAX; type++) {
		a = nl_attr(buf, type);
		b = nl_attr(pm, type);
		if (type == DMAEXER_A_BUF_KEEP ? !a || b : !a != !b)
			return format("attribute %d", type);
		if (!a || !b)
			continue;
		if (nl_len(a) != nl_len(b) ||
		    memcmp(nl_data(a), nl_data(b), nl_len(a)))
			return format("value of attribute %d", type);
	}
	return "";
}

TEST_F(postmortem, all_is_told_that_was_told_of_the_buffer)
{
	struct dmx *d = &self->d;
	char text[4096] = "";
	uint32_t id;

	dmx_begin_new(d, COHERENT, 12, 100);
	nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
	nl_str(&d->nl, DMAEXER_A_BUF_LABEL, "black box");
	nl_u32(&d->nl, DMAEXER_A_BUF_ATTRS, DMAEXER_ATTR_FORCE_CONTIGUOUS);
	nl_flag(&d->nl, DMAEXER_A_BUF_OWNED);
	ASSERT_EQ(0, nl_call(&d->nl));
	id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_GET, id));
	/* by another socket, so that the answer above stays */
	nl_begin(&d->peek, DMAEXER_CMD_DEV_DEL);
	nl_u32(&d->peek, DMAEXER_A_DEV_ID, d->dev);
	ASSERT_EQ(0, nl_call(&d->peek));
	EXPECT_STREQ("", differs(d, id));
	ASSERT_LT(0, file_read(postmortem_path(id, "info"), text,
			       sizeof(text) - 1));
	EXPECT_NE(NULL, strstr(text, format("id: %u\ndev-id: %u\ndev-name: %s\n",
					    id, d->dev, d->name)));
	EXPECT_NE(NULL, strstr(text, "label: black box\nelem-size: 12\n"
			       "count: 100\nsize: 1200\n"
			       "attrs: force-contiguous\n"));
	EXPECT_NE(NULL, strstr(text, format("dma-addr: %#llx\n",
		  (unsigned long long)nl_get_u64(&d->nl,
						 DMAEXER_A_BUF_DMA_ADDR))));
	EXPECT_EQ(NULL, strstr(text, "lost"));
}

TEST_F(postmortem, a_box_has_no_address_until_it_is_shared)
{
	struct dmx *d = &self->d;
	uint32_t box = kept_new(d, BOX, 64, true);
	uint32_t shared = kept_new(d, BOX, 64, true);
	char text[4096] = "";

	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_SHARE, shared));
	ASSERT_EQ(0, device_again(d));
	ASSERT_EQ(0, dmx_buf_op(d, GET, box));
	EXPECT_EQ(BOX, nl_get_u32(&d->nl, DMAEXER_A_BUF_KIND));
	EXPECT_FALSE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	ASSERT_LT(0, file_read(postmortem_path(box, "info"), text,
			       sizeof(text) - 1));
	EXPECT_EQ(NULL, strstr(text, "dma-addr"));
	ASSERT_EQ(0, dmx_buf_op(d, GET, shared));
	EXPECT_EQ(COHERENT, nl_get_u32(&d->nl, DMAEXER_A_BUF_KIND));
	EXPECT_TRUE(nl_has(&d->nl, DMAEXER_A_BUF_DMA_ADDR));
	EXPECT_STREQ("", postmortem_wrong(shared, 64));
}

TEST_F(postmortem, a_file_reads_like_that_of_a_buffer)
{
	struct dmx *d = &self->d;
	uint32_t id = kept_new(d, BOX, SIZE, true);
	void *volatile nowhere = (void *)8;
	uint8_t bytes[100];
	int fd;

	ASSERT_EQ(0, device_again(d));
	fd = open(postmortem_path(id, "data"), O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(SIZE, lseek(fd, 0, SEEK_END));
	EXPECT_EQ(0, read(fd, bytes, 100));
	EXPECT_EQ(1, pread(fd, bytes, 100, SIZE - 1));
	EXPECT_EQ(0, pread(fd, bytes, 100, SIZE));
	EXPECT_EQ(0, pread(fd, bytes, 100, 1LL << 40));
	EXPECT_EQ(-1, lseek(fd, -1, SEEK_SET));
	EXPECT_EQ(-1, pread(fd, nowhere, 100, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(10, lseek(fd, 10, SEEK_SET));
	EXPECT_EQ(100, read(fd, bytes, 100));
	EXPECT_EQ(pattern_byte(DMAEXER_PATTERN_RANDOM, SIZE, 10), bytes[0]);
	EXPECT_EQ(110, lseek(fd, 0, SEEK_CUR));
	close(fd);
	EXPECT_EQ(-1, open(postmortem_path(id, "data"), O_RDWR));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, open(postmortem_path(id, "data"), O_WRONLY | O_TRUNC));
	EXPECT_STREQ("", postmortem_wrong(id, SIZE));
}

TEST_F(postmortem, only_the_end_of_the_device_keeps_and_only_what_asked_for_it)
{
	struct dmx *d = &self->d;
	uint32_t deleted = kept_new(d, COHERENT, 64, false);
	uint32_t plain = dmx_new(d, COHERENT, 1, 64);
	struct nl mine = d->nl;
	uint32_t owned;

	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, deleted));
	ASSERT_EQ(0, nl_open(&d->nl));
	owned = kept_new(d, BOX, 64, true);
	ASSERT_NE(0, owned);
	nl_close(&d->nl);
	d->nl = mine;
	while (dmx_exists(d, DMAEXER_CMD_BUF_GET, owned))
		usleep(1000);
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, plain));
	ASSERT_EQ(0, device_again(d));
	EXPECT_EQ(0, dmx_count(d, GET));
	EXPECT_FALSE(file_exists(postmortem_path(deleted, "info")));
	EXPECT_FALSE(file_exists(postmortem_path(plain, "info")));
}

TEST_F(postmortem, a_handle_is_not_kept)
{
	struct dmx *d = &self->d;

	dmx_begin_new(d, HANDLE, 1, 64);
	nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
	EXPECT_STREQ("", dmx_refused(d, EOPNOTSUPP, DMAEXER_A_BUF_KEEP,
				     "a handle has no contents"));
}

TEST_F(postmortem, dropped_it_is_gone_and_who_holds_it_reads_eio)
{
	struct dmx *d = &self->d;
	uint32_t id = postmortem_new(d);
	int files[2];
	char byte;

	ASSERT_NE(0, id);
	ASSERT_TRUE(postmortem_open(id, files));
	ASSERT_EQ(1, read(files[0], &byte, 1));
	ASSERT_EQ(0, dmx_buf_op(d, DEL, id));
	EXPECT_STREQ("", postmortem_eio(files));
	close(files[0]);
	close(files[1]);
	EXPECT_FALSE(file_exists(postmortem_path(id, "")));
	dmx_begin_id(d, GET, DMAEXER_A_BUF_ID, id);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_ID,
				     format("buffer %u", id)));
	dmx_begin_id(d, DEL, DMAEXER_A_BUF_ID, id);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_ID, NULL));
	EXPECT_EQ(0, dmx_count(d, GET));
}

TEST_F(postmortem, a_dump_of_many_has_each_once)
{
	struct dmx *d = &self->d;
	const struct nlmsghdr *msg = NULL;
	uint32_t ids[100], id;
	int i;

	for (i = 0; i < 100; i++) {
		ids[i] = kept_new(d, i % 2, 8, true);
		ASSERT_NE(0, ids[i]);
	}
	ASSERT_EQ(0, device_again(d));
	nl_begin(&d->peek, GET);
	ASSERT_EQ(0, nl_dump(&d->peek));
	for (i = 0; i < 100; i++) {
		msg = nl_next(&d->peek, msg);
		ASSERT_NE(NULL, msg);
		memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)), 4);
		EXPECT_EQ(ids[i], id);
	}
	EXPECT_EQ(NULL, nl_next(&d->peek, msg));
}

TEST_F(postmortem, dropped_it_takes_no_memory)
{
	struct dmx *d = &self->d;
	long before = 0;
	uint32_t id;
	int round;

	for (round = 0; round < 40; round++) {
		/* what is kept for reuse is there after the first */
		if (round == 1)
			before = (long)available_kib();
		id = kept_new(d, BOX, 1024 * 1024, true);
		ASSERT_NE(0, id);
		ASSERT_EQ(0, device_again(d));
		ASSERT_EQ(0, dmx_buf_op(d, DEL, id));
	}
	EXPECT_GT(16 * 1024, before - (long)available_kib());
}

TEST_F(postmortem, a_buffer_is_no_postmortem_nor_the_other_way_round)
{
	struct dmx *d = &self->d;
	uint32_t id = postmortem_new(d);
	uint32_t buf = kept_new(d, COHERENT, 64, true);

	dmx_begin_id(d, GET, DMAEXER_A_BUF_ID, buf);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_id(d, DEL, DMAEXER_A_BUF_ID, buf);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_id(d, DMAEXER_CMD_BUF_GET, DMAEXER_A_BUF_ID, id);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_ID, NULL));
	dmx_begin_id(d, DMAEXER_CMD_BUF_DEL, DMAEXER_A_BUF_ID, id);
	EXPECT_STREQ("", dmx_refused(d, ENOENT, DMAEXER_A_BUF_ID, NULL));
	nl_begin(&d->nl, GET);
	nl_u32(&d->nl, DMAEXER_A_BUF_ID, id);
	EXPECT_STREQ("", dmx_dump_refused(d, EINVAL, "a dump takes no id"));
}

TEST_F(postmortem, an_owned_one_dies_with_its_socket_and_others_stay)
{
	struct dmx *d = &self->d;
	struct nl mine = d->nl;
	uint32_t owned, unowned;

	ASSERT_EQ(0, nl_open(&d->nl));
	owned = kept_new(d, COHERENT, 4096, true);
	unowned = kept_new(d, COHERENT, 4096, false);
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	ASSERT_EQ(0, dmx_buf_op(d, GET, owned));
	EXPECT_EQ(d->nl.port, nl_get_u32(&d->nl, DMAEXER_A_BUF_OWNER));
	nl_close(&d->nl);
	d->nl = mine;
	EXPECT_TRUE(gone_soon(d, owned));
	EXPECT_FALSE(file_exists(postmortem_path(owned, "")));
	EXPECT_STREQ("", postmortem_wrong(unowned, 4096));
	EXPECT_EQ(0, dmx_buf_op(d, DEL, unowned));
}

TEST_F(postmortem, a_device_that_dies_with_its_socket_leaves_what_is_of_others)
{
	struct dmx *d = &self->d;
	struct nl mine = d->nl;
	uint32_t id;

	/* the device goes with one socket, the buffer is made by another */
	ASSERT_EQ(0, nl_open(&d->nl));
	id = kept_new(d, COHERENT, 4096, true);
	ASSERT_NE(0, id);
	nl_close(&mine);
	while (dmx_exists(d, DMAEXER_CMD_DEV_GET, d->dev))
		usleep(1000);
	EXPECT_TRUE(dmx_exists(d, GET, id));
	EXPECT_STREQ("", postmortem_wrong(id, 4096));
}

TEST_F(postmortem, events_tell_that_it_is_kept_and_dropped)
{
	struct dmx *d = &self->d;
	uint32_t id = kept_new(d, COHERENT, 64, true);
	struct nl ears;

	ASSERT_EQ(0, nl_open(&ears));
	ASSERT_EQ(0, nl_join(&ears));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(DMAEXER_CMD_BUF_DEL_NTF, nl_event(&ears, SOON_MS));
	EXPECT_EQ(DMAEXER_CMD_POSTMORTEM_NEW_NTF, nl_event(&ears, SOON_MS));
	EXPECT_EQ(id, nl_get_u32(&ears, DMAEXER_A_BUF_ID));
	EXPECT_FALSE(nl_has(&ears, DMAEXER_A_BUF_LOST));
	EXPECT_EQ(DMAEXER_CMD_DEV_DEL_NTF, nl_event(&ears, SOON_MS));
	ASSERT_EQ(0, dmx_buf_op(d, DEL, id));
	EXPECT_EQ(DMAEXER_CMD_POSTMORTEM_DEL_NTF, nl_event(&ears, SOON_MS));
	EXPECT_EQ(id, nl_get_u32(&ears, DMAEXER_A_BUF_ID));
	EXPECT_EQ(0, nl_event(&ears, QUIET_MS));
	nl_close(&ears);
}

TEST_F(postmortem, without_memory_the_contents_are_lost_and_nothing_waits)
{
	struct dmx *d = &self->d;
	uint32_t lost = kept_new(d, COHERENT, SIZE, true);
	uint32_t kept = kept_new(d, COHERENT, 64, true);
	char text[4096] = "";

	nl_begin(&d->nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(&d->nl, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_KEEP);
	nl_flag(&d->nl, DMAEXER_A_FAULT_OWNED);
	ASSERT_EQ(0, nl_call(&d->nl));
	ASSERT_EQ(0, device_again(d));
	ASSERT_EQ(0, dmx_buf_op(d, GET, lost));
	EXPECT_STREQ("memory was short",
		     nl_get_str(&d->nl, DMAEXER_A_BUF_LOST));
	EXPECT_EQ(SIZE, nl_get_u64(&d->nl, DMAEXER_A_BUF_SIZE));
	EXPECT_FALSE(file_exists(postmortem_path(lost, "data")));
	ASSERT_LT(0, file_read(postmortem_path(lost, "info"), text,
			       sizeof(text) - 1));
	EXPECT_NE(NULL, strstr(text, "lost: memory was short\n"));
	EXPECT_STREQ("", postmortem_wrong(kept, 64));
	EXPECT_EQ(0, dmx_buf_op(d, DEL, lost));
}

TEST_F(postmortem, devices_of_one_name_have_one_each)
{
	static const char driver[] = "/sys/bus/platform/drivers/dmaexer";
	struct dmx *d = &self->d;
	uint32_t ids[2];
	int i;

	for (i = 0; i < 2; i++) {
		ids[i] = kept_new(d, COHERENT, 100 + i, false);
		ASSERT_NE(0, ids[i]);
		ASSERT_EQ(0, file_write(format("%s/unbind", driver), d->name));
		ASSERT_EQ(0, file_write(format("%s/bind", driver), d->name));
		d->dev = nl_dev_named(&d->peek, d->name);
		ASSERT_NE(0, d->dev);
	}
	EXPECT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	for (i = 0; i < 2; i++) {
		EXPECT_STREQ("", postmortem_wrong(ids[i], 100 + i));
		ASSERT_EQ(0, dmx_buf_op(d, GET, ids[i]));
		EXPECT_STREQ(d->name, nl_get_str(&d->nl,
						 DMAEXER_A_BUF_DEV_NAME));
		EXPECT_EQ(0, dmx_buf_op(d, DEL, ids[i]));
	}
}

TEST_HARNESS_MAIN
