// SPDX-License-Identifier: GPL-2.0
/*
 * Who frees managed memory, and that it is freed once: by request, with its
 * device, with the socket that owns it, and while mapped. The DMA API's own
 * detector, where the kernel has one, complains of what is left or freed twice.
 */
#define _GNU_SOURCE
#include <fcntl.h>

#include "harness.h"
#include "kinds.h"
#include "mem.h"
#include "postmortem.h"

#define PATIENCE_MS	5000
#define SIZE		(64 * PAGE)

FIXTURE(managed)
{
	struct dmx d;
	struct nl ears;
};

FIXTURE_SETUP(managed)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	ASSERT_EQ(0, nl_open(&self->ears));
	ASSERT_EQ(0, nl_join(&self->ears));
}

FIXTURE_TEARDOWN(managed)
{
	nl_close(&self->ears);
	dmx_teardown(&self->d);
}

static uint32_t new_managed(struct dmx *d, bool keep)
{
	dmx_begin_new(d, MANAGED, 1, SIZE);
	if (keep)
		nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
	return nl_call(&d->nl) ? 0 : nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
}

/* The next buf-del-ntf, of the buffer: who freed it. */
static uint32_t freed_by(struct nl *ears, uint32_t id)
{
	int cmd;

	while ((cmd = nl_event(ears, PATIENCE_MS))) {
		if (cmd != DMAEXER_CMD_BUF_DEL_NTF ||
		    nl_get_u32(ears, DMAEXER_A_BUF_ID) != id)
			continue;
		return nl_has(ears, DMAEXER_A_BUF_FREED_BY) ?
		       nl_get_u32(ears, DMAEXER_A_BUF_FREED_BY) : 1000;
	}
	return 1001;
}

TEST_F(managed, a_buffer_that_is_deleted_is_freed_by_the_driver)
{
	struct dmx *d = &self->d;
	uint32_t id = new_managed(d, false);

	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	EXPECT_FALSE(nl_has(&d->nl, DMAEXER_A_BUF_FREED_BY));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_EQ(DMAEXER_FREED_BY_DRIVER, freed_by(&self->ears, id));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(managed, a_buffer_whose_device_goes_is_freed_by_the_kernel)
{
	struct dmx *d = &self->d;
	uint32_t id = new_managed(d, true);
	uint32_t other = dmx_new(d, COHERENT, 1, SIZE);

	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	ASSERT_NE(0, other);
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_EQ(DMAEXER_FREED_BY_KERNEL, freed_by(&self->ears, id));
	ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_POSTMORTEM_GET, id));
	EXPECT_EQ(DMAEXER_FREED_BY_KERNEL,
		  nl_get_u32(&d->nl, DMAEXER_A_BUF_FREED_BY));
	EXPECT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_POSTMORTEM_DEL, id));
	EXPECT_EQ(NULL, dmx_complaint(d));
}

/* Memory that nobody frees is missed before that many devices are gone. */
TEST_F(managed, memory_comes_back_with_each_device)
{
	struct dmx *d = &self->d;
	uint32_t dev;
	long before = 0;
	long lost;
	int i;

	for (i = 0; i < 40; i++) {
		if (i == 8)
			before = sysconf(_SC_AVPHYS_PAGES);
		dmx_begin_dev(&d->nl, NULL);
		ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
		dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
		nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
		nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, dev);
		nl_u32(&d->nl, DMAEXER_A_BUF_KIND, MANAGED);
		nl_u64(&d->nl, DMAEXER_A_BUF_COUNT, 1 << 20);
		ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
		ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, dev));
	}
	lost = before - sysconf(_SC_AVPHYS_PAGES);
	EXPECT_GT(16 << 20, lost * (long)PAGE);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F(managed, memory_comes_back_with_each_buffer_that_is_deleted)
{
	struct dmx *d = &self->d;
	uint32_t id;
	long before = 0;
	long lost;
	int i;

	for (i = 0; i < 40; i++) {
		if (i == 8)
			before = sysconf(_SC_AVPHYS_PAGES);
		dmx_begin_new(d, MANAGED, 1, 1 << 20);
		ASSERT_EQ(0, nl_call(&d->nl)) TH_LOG("%s", d->nl.msg);
		id = nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
		ASSERT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	}
	lost = before - sysconf(_SC_AVPHYS_PAGES);
	EXPECT_GT(16 << 20, lost * (long)PAGE);
}

TEST_F(managed, a_mapping_is_dead_before_the_memory_goes)
{
	struct dmx *d = &self->d;
	uint32_t id = new_managed(d, false);
	uint8_t *map;
	int fd;

	ASSERT_NE(0, id) TH_LOG("%s", d->nl.msg);
	fd = mem_open(d, id, O_RDONLY);
	ASSERT_LE(0, fd);
	map = mem_map(fd, PROT_READ, SIZE, 0);
	ASSERT_NE(NULL, map);
	EXPECT_EQ(0, mem_peek(map));
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev));
	EXPECT_STREQ("", mem_dead(map, SIZE));
	close(fd);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
