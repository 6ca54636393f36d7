// SPDX-License-Identifier: GPL-2.0
#include "fuzz_run.h"
#include "kcov.h"

/* one makes devices slowly, and more of them tell nothing new */
#define MOST_DEVS	3

static uint32_t get_u32(const struct nlmsghdr *msg, uint16_t type)
{
	uint32_t value;

	memcpy(&value, nl_data(nl_attr(msg, type)), sizeof(value));
	return value;
}

static uint64_t get_u64(const struct nlmsghdr *msg, uint16_t type)
{
	uint64_t value;

	memcpy(&value, nl_data(nl_attr(msg, type)), sizeof(value));
	return value;
}

static struct fuzz_base base_of(const struct nlmsghdr *msg)
{
	struct fuzz_base base = {
		.id = get_u32(msg, DMAEXER_A_DEV_ID),
		.dma_mask = get_u64(msg, DMAEXER_A_DEV_DMA_MASK),
		.coherent_mask = get_u64(msg, DMAEXER_A_DEV_COHERENT_MASK),
		.max_seg_size = get_u32(msg, DMAEXER_A_DEV_MAX_SEG_SIZE),
	};

	return base;
}

static bool is_same(const struct fuzz_base *a, const struct fuzz_base *b)
{
	return a->id == b->id && a->dma_mask == b->dma_mask &&
	       a->coherent_mask == b->coherent_mask &&
	       a->max_seg_size == b->max_seg_size;
}

static int make_base(struct fuzz *fuzz, struct fuzz_base *base,
		     const char *channel)
{
	struct nl *nl = &fuzz->d.nl;

	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	if (channel)
		nl_str(nl, DMAEXER_A_DEV_CHANNEL, channel);
	if (!nl_call(nl))
		*base = base_of(nl_next(nl, NULL));
	return nl->err;
}

/* Two buffers, neither of which is empty; a channel copies between its own. */
static void begin_dev(struct fuzz *fuzz, struct fuzz_base *base,
		      const char *channel)
{
	struct dmx *d = &fuzz->d;
	uint32_t id;
	int i;

	if (!base->id && make_base(fuzz, base, channel))
		fuzz_blame(fuzz, format("no device is made: errno %d, %s",
					d->nl.err, d->nl.msg));
	fuzz_remember(fuzz->devs, &fuzz->devs_made, base->id);
	d->dev = base->id;
	for (i = 0; i < 2; i++) {
		id = dmx_new_filled(d, i || channel ? COHERENT : BOX, 4096,
				    DMAEXER_PATTERN_RANDOM, i);
		if (!id)
			fuzz_blame(fuzz, format("no buffer is made: errno %d, %s",
						d->nl.err, d->nl.msg));
		fuzz_remember(fuzz->bufs, &fuzz->bufs_made, id);
	}
}

static void begin(struct fuzz *fuzz, bool chan)
{
	int i;

	fuzz->wrong[0] = '\0';
	fuzz->edges = 0;
	fuzz->tx_len = 0;
	fuzz->devs_made = 0;
	fuzz->bufs_made = 0;
	for (i = 0; i < FUZZ_SOCKS; i++)
		fuzz->socks[i] = fuzz_socket(fuzz);
	begin_dev(fuzz, &fuzz->virtual, NULL);
	if (chan && fuzz->has_chan)
		begin_dev(fuzz, &fuzz->chan, "any");
}

static void dump(struct fuzz *fuzz, uint8_t cmd)
{
	struct nl *nl = &fuzz->d.peek;

	nl_begin(nl, cmd);
	if (nl_dump(nl))
		fuzz_blame(fuzz, format("no dump by command %u: errno %d, %s",
					cmd, nl->err, nl->msg));
}

static void delete(struct fuzz *fuzz, uint8_t cmd, uint32_t id)
{
	struct nl *nl = &fuzz->d.nl;

	nl_begin(nl, cmd);
	nl_u32(nl, DMAEXER_A_BUF_ID, id);
	if (nl_call(nl))
		fuzz_blame(fuzz, format("%u cannot be deleted by command %u: errno %d, %s",
					id, cmd, nl->err, nl->msg));
}

static void clear_faults(struct fuzz *fuzz)
{
	const struct nlmsghdr *msg = NULL;
	struct nl *nl = &fuzz->d.nl;

	dump(fuzz, DMAEXER_CMD_FAULT_GET);
	while ((msg = nl_next(&fuzz->d.peek, msg))) {
		nl_begin(nl, DMAEXER_CMD_FAULT_SET);
		nl_u32(nl, DMAEXER_A_FAULT_OP,
		       get_u32(msg, DMAEXER_A_FAULT_OP));
		nl_u32(nl, DMAEXER_A_FAULT_NTH, 0);
		if (nl_call(nl))
			fuzz_blame(fuzz, format("a fault stays: errno %d, %s",
						nl->err, nl->msg));
	}
}

/* All that @get finds, by @del. */
static void delete_all(struct fuzz *fuzz, uint8_t get, uint8_t del)
{
	const struct nlmsghdr *msg = NULL;

	dump(fuzz, get);
	while ((msg = nl_next(&fuzz->d.peek, msg)))
		delete(fuzz, del, get_u32(msg, DMAEXER_A_BUF_ID));
}

/*
 * Once no buffer is left, no device thinks that it has one. The first devices
 * stay for the next input, if they are as they were.
 */
static void delete_devs(struct fuzz *fuzz)
{
	struct fuzz_base virtual = { }, chan = { }, base;
	const struct nlmsghdr *msg = NULL;

	dump(fuzz, DMAEXER_CMD_DEV_GET);
	while ((msg = nl_next(&fuzz->d.peek, msg))) {
		base = base_of(msg);
		if (get_u64(msg, DMAEXER_A_DEV_LIVE_BYTES) ||
		    get_u32(msg, DMAEXER_A_DEV_LIVE_BUFS))
			fuzz_blame(fuzz, format("device %u has live bytes without buffers",
						base.id));
		if (is_same(&base, &fuzz->virtual))
			virtual = base;
		else if (is_same(&base, &fuzz->chan))
			chan = base;
		else
			delete(fuzz, DMAEXER_CMD_DEV_DEL, base.id);
	}
	fuzz->virtual = virtual;
	fuzz->chan = chan;
}

/* A fault leaves a device without a driver, which the kernel tells. */
static bool is_expected(const char *line)
{
	return strstr(line, "failed with error -");
}

/* The line that says what is the matter; those around it are lines of signs. */
static const char *complaint(struct fuzz *fuzz)
{
	static char first[512];
	const char *line;

	first[0] = '\0';
	while ((line = dmx_complaint(&fuzz->d))) {
		if (is_expected(line))
			continue;
		if (!strstr(line, "cut here") && !strstr(line, "====="))
			return line;
		snprintf(first, sizeof(first), "%s", line);
	}
	return first[0] ? first : NULL;
}

static void end(struct fuzz *fuzz)
{
	const char *line;
	int i;

	for (i = 0; i < FUZZ_SOCKS; i++)
		close(fuzz->socks[i]);
	clear_faults(fuzz);
	delete_all(fuzz, DMAEXER_CMD_BUF_GET, DMAEXER_CMD_BUF_DEL);
	delete_all(fuzz, DMAEXER_CMD_POSTMORTEM_GET,
		   DMAEXER_CMD_POSTMORTEM_DEL);
	delete_devs(fuzz);
	fuzz->edges += kcov_take();
	++*fuzz->beat;
	line = complaint(fuzz);
	if (line)
		fuzz_blame(fuzz, line);
}

const char *fuzz_start(struct fuzz *fuzz, volatile uint32_t *beat)
{
	const char *why;

	memset(fuzz, 0, sizeof(*fuzz));
	why = dmx_setup_sockets(&fuzz->d);
	if (*why)
		return why;
	fuzz->tx = malloc(FUZZ_TX_ROOM);
	fuzz->beat = beat;
	fuzz->has_chan = !make_base(fuzz, &fuzz->chan, "any");
	return "";
}

const char *fuzz_run(struct fuzz *fuzz, const struct fuzz_input *input)
{
	const struct fuzz_step *step;
	int i, turns;

	begin(fuzz, input->chan);
	for (i = 0; i < input->step_count; i++) {
		step = &input->steps[i];
		turns = step->times;
		if (step->cmd == DMAEXER_CMD_DEV_NEW && turns > MOST_DEVS)
			turns = MOST_DEVS;
		while (turns--)
			fuzz_step(fuzz, step);
	}
	end(fuzz);
	return fuzz->wrong;
}
