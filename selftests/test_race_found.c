// SPDX-License-Identifier: GPL-2.0
/*
 * What a request is about goes after it was found and before anything is done: the
 * test module rogue/ stops the request there. It is refused as if it had come late,
 * and nothing of it is left.
 */
#include <errno.h>
#include <sys/wait.h>

#include "begin.h"
#include "channel.h"
#include "harness.h"
#include "mem.h"
#include "postmortem.h"
#include "program.h"
#include "stop.h"

#define SIZE	4096

static void __attribute__((constructor)) require(void)
{
	channel_require("");
	if (!file_exists("/sys/kernel/debug/kprobes"))
		give_up(false, "this kernel has no kprobes");
}

/**
 * struct found - what requests are about
 * @d: the sockets, and a device
 * @call: who is stopped
 * @src: a buffer of the device
 * @dst: another
 */
FIXTURE(found)
{
	struct dmx d;
	struct call call;
	uint32_t src;
	uint32_t dst;
};

FIXTURE_VARIANT(found)
{
	const char *(*setup)(struct dmx *d);
};

FIXTURE_VARIANT_ADD(found, virtual)
{
	.setup = dmx_setup,
};

FIXTURE_VARIANT_ADD(found, channel)
{
	.setup = channel_setup,
};

FIXTURE_SETUP(found)
{
	ASSERT_STREQ("", variant->setup(&self->d));
	memset(&self->call, 0, sizeof(self->call));
	ASSERT_EQ(0, nl_open(&self->call.nl));
	self->src = dmx_new(&self->d, BOX, 1, SIZE);
	self->dst = dmx_new(&self->d, COHERENT, 1, SIZE);
	ASSERT_NE(0, self->src);
	ASSERT_NE(0, self->dst);
}

FIXTURE_TEARDOWN(found)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_parks("nothing");
	nl_close(&self->call.nl);
	dmx_teardown(&self->d);
}

/* Begins what the call's socket holds; "" once it is stopped in @function. */
static const char *is_parked(struct call *c, const char *function)
{
	if (!channel_parks(format("dmaexer_core:%s", function)))
		return format("%s cannot be probed", function);
	if (!call_start(c))
		return "no thread";
	return channel_has_parked() ? "" : format("nobody came to %s", function);
}

/* It goes on; "" where it is refused with @err, for @attr, in these words. */
static const char *refused(struct call *c, int err, int attr, const char *words)
{
	const struct nl *nl = &c->nl;

	if (c->done)
		return "it was not stopped";
	channel_parks("nothing");
	call_end(c);
	if (c->err != err)
		return format("errno %d (%s), not %d", c->err, nl->msg, err);
	if (!strstr(nl->msg, words))
		return format("\"%s\" has no \"%s\"", nl->msg, words);
	if (nl_type_at(nl, nl->offs) != attr)
		return format("it points at %d", nl_type_at(nl, nl->offs));
	return "";
}

static int del_buf(struct dmx *d, uint32_t id)
{
	return dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id);
}

static int del_dev(struct dmx *d)
{
	return dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev);
}

static void begin_own_del(struct nl *nl, const struct dmx *d)
{
	nl_begin(nl, DMAEXER_CMD_DEV_DEL);
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
}

TEST_F(found, a_buffer_goes_before_it_is_shared)
{
	begin_share(&self->call.nl, &self->d, self->src);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_buf_share"));
	ASSERT_EQ(0, del_buf(&self->d, self->src));
	EXPECT_STREQ("", refused(&self->call, ENOENT, DMAEXER_A_BUF_ID,
				 format("buffer %u is gone", self->src)));
}

TEST_F(found, a_device_goes_before_a_buffer_is_shared)
{
	begin_share(&self->call.nl, &self->d, self->src);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_buf_share"));
	ASSERT_EQ(0, del_dev(&self->d));
	EXPECT_STREQ("", refused(&self->call, ENODEV, DMAEXER_A_BUF_ID,
				 format("device of buffer %u is gone",
					self->src)));
}

TEST_F(found, a_buffer_goes_before_it_is_read)
{
	begin_read(&self->call.nl, &self->d, self->dst);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_buf_begin"));
	ASSERT_EQ(0, del_buf(&self->d, self->dst));
	EXPECT_STREQ("", refused(&self->call, ENOENT, DMAEXER_A_BUF_ID,
				 format("buffer %u is gone", self->dst)));
}

TEST_F(found, a_device_goes_before_a_buffer_is_read)
{
	begin_read(&self->call.nl, &self->d, self->dst);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_buf_begin"));
	ASSERT_EQ(0, del_dev(&self->d));
	EXPECT_STREQ("", refused(&self->call, ENODEV, DMAEXER_A_BUF_ID,
				 format("device of buffer %u is gone",
					self->dst)));
}

/* Maps, and after a byte from @go tells whether the mapping is one of nothing. */
static void map_in_child(struct dmx *d, uint32_t id, int go)
{
	char byte;
	uint8_t *map = mem_map_box(d, id, SIZE);

	if (!map || read(go, &byte, 1) != 1)
		_exit(1);
	_exit(*mem_dead(map, SIZE) ? 2 : 0);
}

/*
 * A buffer that is being deleted waits in @function for who maps it in the middle,
 * and the mapping goes with it: "" for that.
 */
static const char *waits_for_mapper(struct dmx *d, uint32_t id,
				    struct call *del, const char *function)
{
	int go[2], status = 0;
	bool waits;
	pid_t pid;

	if (pipe(go))
		return "no pipe";
	begin_del(&del->nl, d, id);
	pid = fork();
	if (!pid)
		map_in_child(d, id, go[0]);
	if (pid < 0 || !channel_has_parked() || !call_start(del))
		return "nobody maps it";
	waits = call_sleeps_in(del, function);
	channel_parks("nothing");
	if (call_end(del) || write(go[1], "", 1) != 1)
		return "it is not deleted";
	if (waitpid(pid, &status, 0) != pid || status)
		return format("who maps it ended with %#x", status);
	return waits ? "" : format("nobody waits in %s", function);
}

TEST_F(found, a_buffer_goes_before_its_mapping_is_noted)
{
	ASSERT_TRUE(channel_parks("dmaexer_core:dmx_maps_begin"));
	EXPECT_STREQ("", waits_for_mapper(&self->d, self->src, &self->call,
					  "dmx_buf_revoke"));
}

TEST_F(found, a_buffer_goes_before_its_mapping_is_in_place)
{
	ASSERT_TRUE(channel_parks_after("dmaexer_core:dmx_buf_end"));
	EXPECT_STREQ("", waits_for_mapper(&self->d, self->src, &self->call,
					  "dmx_maps_close"));
}

TEST_F(found, two_delete_a_buffer)
{
	begin_del(&self->call.nl, &self->d, self->dst);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_buf_del"));
	ASSERT_EQ(0, del_buf(&self->d, self->dst));
	EXPECT_STREQ("", refused(&self->call, ENOENT, DMAEXER_A_BUF_ID,
				 format("buffer %u is gone", self->dst)));
	EXPECT_EQ(1, dmx_live_bufs(&self->d));
}

TEST_F(found, two_drop_what_was_kept)
{
	uint32_t id = new_postmortem(&self->d);

	ASSERT_NE(0, id);
	begin_postmortem_del(&self->call.nl, &self->d, id);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_postmortem_del"));
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_POSTMORTEM_DEL, id));
	EXPECT_STREQ("", refused(&self->call, ENOENT, DMAEXER_A_BUF_ID,
				 format("kept of buffer %u is gone", id)));
}

TEST_F(found, the_owner_goes_before_what_is_kept_is_shown)
{
	struct dmx *d = &self->d;
	struct nl owner, mine = d->nl;
	uint32_t id;

	ASSERT_EQ(0, nl_open(&d->nl));
	id = kept_new(d, COHERENT, SIZE, true);
	owner = d->nl;
	d->nl = mine;
	ASSERT_NE(0, id);
	begin_own_del(&self->call.nl, d);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_postmortem_add"));
	nl_close(&owner);
	/* nobody but the module knows when it has noticed */
	usleep(200000);
	EXPECT_FALSE(self->call.done);
	channel_parks("nothing");
	EXPECT_EQ(0, call_end(&self->call));
	EXPECT_EQ(0, dmx_count(d, DMAEXER_CMD_POSTMORTEM_GET));
	EXPECT_FALSE(file_exists(postmortem_path(id, "")));
}

TEST_F(found, a_device_goes_before_it_allocates)
{
	begin_new(&self->call.nl, &self->d, COHERENT);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_buf_new"));
	ASSERT_EQ(0, del_dev(&self->d));
	EXPECT_STREQ("", refused(&self->call, ENODEV, DMAEXER_A_BUF_DEV_ID,
				 format("%s is gone", self->d.name)));
	EXPECT_EQ(0, dmx_count(&self->d, DMAEXER_CMD_BUF_GET));
}

TEST_F(found, two_delete_a_device)
{
	begin_own_del(&self->call.nl, &self->d);
	ASSERT_STREQ("", is_parked(&self->call, variant->setup == dmx_setup ?
				   "del_virtual" : "del_channel"));
	ASSERT_EQ(0, del_dev(&self->d));
	EXPECT_STREQ("", refused(&self->call, ENODEV, DMAEXER_A_DEV_ID,
				 format("%s is being deleted", self->d.name)));
}

FIXTURE(limits)
{
	struct dmx d;
	struct call call;
};

FIXTURE_SETUP(limits)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	memset(&self->call, 0, sizeof(self->call));
	ASSERT_EQ(0, nl_open(&self->call.nl));
	nl_begin(&self->call.nl, DMAEXER_CMD_DEV_SET);
	nl_u32(&self->call.nl, DMAEXER_A_DEV_ID, self->d.dev);
	nl_u32(&self->call.nl, DMAEXER_A_DEV_DMA_MASK_BITS, 40);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_registry_dev_set"));
}

FIXTURE_TEARDOWN(limits)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_parks("nothing");
	nl_close(&self->call.nl);
	dmx_teardown(&self->d);
}

TEST_F(limits, a_device_goes_before_they_are_set)
{
	ASSERT_EQ(0, del_dev(&self->d));
	EXPECT_STREQ("", refused(&self->call, ENODEV, DMAEXER_A_DEV_ID,
				 format("%s is gone", self->d.name)));
}

TEST_F(limits, a_buffer_comes_before_they_are_set)
{
	ASSERT_NE(0, dmx_new(&self->d, BOX, 1, 1));
	EXPECT_STREQ("", refused(&self->call, EBUSY, DMAEXER_A_DEV_ID,
				 format("%s has live buffers", self->d.name)));
}

FIXTURE(transfer)
{
	struct dmx d;
	struct call call;
	struct xfer x;
};

FIXTURE_SETUP(transfer)
{
	ASSERT_STREQ("", channel_setup_bufs(&self->d, SIZE, &self->x.src,
					    &self->x.dst));
	self->x.len = SIZE;
	memset(&self->call, 0, sizeof(self->call));
	ASSERT_EQ(0, nl_open(&self->call.nl));
	xfer_begin(&self->call.nl, self->d.dev, &self->x);
	ASSERT_STREQ("", is_parked(&self->call, "dmx_xfer_run"));
}

FIXTURE_TEARDOWN(transfer)
{
	const char *line = dmx_complaint(&self->d);

	EXPECT_EQ(NULL, line) TH_LOG("%s", line);
	channel_parks("nothing");
	channel_limit(0);
	nl_close(&self->call.nl);
	dmx_teardown(&self->d);
}

/* Nobody holds what is left of it: the other buffer is free to go, and all. */
static const char *leaves_nothing(struct dmx *d, uint32_t other)
{
	struct xfer x = { .src = other, .dst = other, .dst_offset = SIZE / 2,
			  .len = SIZE / 2 };

	if (xfer_run(&d->nl, d->dev, &x))
		return format("errno %d, %s", d->nl.err, d->nl.msg);
	return del_buf(d, other) ? "it cannot be deleted" : "";
}

TEST_F(transfer, its_source_goes_before_it_begins)
{
	ASSERT_EQ(0, del_buf(&self->d, self->x.src));
	EXPECT_STREQ("", refused(&self->call, ENOENT, DMAEXER_A_XFER_SRC,
				 "is gone"));
	EXPECT_STREQ("", leaves_nothing(&self->d, self->x.dst));
}

TEST_F(transfer, its_destination_goes_before_it_begins)
{
	ASSERT_EQ(0, del_buf(&self->d, self->x.dst));
	EXPECT_STREQ("", refused(&self->call, ENOENT, DMAEXER_A_XFER_DST,
				 "is gone"));
	EXPECT_STREQ("", leaves_nothing(&self->d, self->x.src));
}

/* Nothing is asked of a controller that may be gone, such as where its bus ends. */
TEST_F(transfer, its_channel_goes_before_it_begins)
{
	ASSERT_EQ(0, del_dev(&self->d));
	ASSERT_TRUE(channel_limit(1));
	EXPECT_STREQ("", refused(&self->call, ENODEV, DMAEXER_A_XFER_DEV_ID,
				 "is gone"));
}

TEST_HARNESS_MAIN
