// SPDX-License-Identifier: GPL-2.0
#include "begin.h"
#include "channel.h"
#include "fault.h"

#define SIZE	65536

void begin_new(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, SIZE);
}

void begin_new_owned(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	begin_new(nl, d, kind);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
}

void begin_new_pattern(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	begin_new(nl, d, kind);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
}

void begin_new_data(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_put(nl, DMAEXER_A_BUF_DATA, "sixteen bytes...", 16);
}

void begin_dev_new(struct nl *nl, const struct dmx *d, uint32_t owned)
{
	(void)d;
	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	if (owned)
		nl_flag(nl, DMAEXER_A_DEV_OWNED);
}

void begin_dev_get(struct nl *nl, const struct dmx *d, uint32_t arg)
{
	(void)arg;
	nl_begin(nl, DMAEXER_CMD_DEV_GET);
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
}

void begin_dev_set(struct nl *nl, const struct dmx *d, uint32_t bits)
{
	nl_begin(nl, DMAEXER_CMD_DEV_SET);
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_DEV_DMA_MASK_BITS, bits);
	nl_u32(nl, DMAEXER_A_DEV_COHERENT_MASK_BITS, bits);
	nl_u32(nl, DMAEXER_A_DEV_MAX_SEG_SIZE, bits << 12);
	nl_flag(nl, DMAEXER_A_DEV_FORCE);
}

void begin_dev_set_owned(struct nl *nl, const struct dmx *d, uint32_t bits)
{
	begin_dev_set(nl, d, bits);
	nl_flag(nl, DMAEXER_A_DEV_OWNED);
}

void begin_buf(struct nl *nl, uint8_t cmd, uint32_t id)
{
	nl_begin(nl, cmd);
	nl_u32(nl, DMAEXER_A_BUF_ID, id);
}

void begin_get(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_GET, id);
}

void begin_share(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_SHARE, id);
}

void begin_del(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_DEL, id);
}

void begin_read(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_READ, id);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, 1);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
}

void begin_write(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_WRITE, id);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, 1);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
	nl_u64(nl, DMAEXER_A_BUF_VALUE, 1);
}

void begin_fill(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_FILL, id);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
}

void begin_check(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_BUF_CHECK, id);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_COUNTER);
}

void begin_dump(struct nl *nl, const struct dmx *d, uint32_t cmd)
{
	(void)d;
	nl_begin(nl, cmd);
}

void begin_new_kept(struct nl *nl, const struct dmx *d, uint32_t kind)
{
	begin_new_owned(nl, d, kind);
	nl_flag(nl, DMAEXER_A_BUF_KEEP);
}

void begin_postmortem_get(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_POSTMORTEM_GET, id);
}

void begin_postmortem_del(struct nl *nl, const struct dmx *d, uint32_t id)
{
	(void)d;
	begin_buf(nl, DMAEXER_CMD_POSTMORTEM_DEL, id);
}

static uint32_t kept_dev;

void begin_dev_del(struct nl *nl, const struct dmx *d, uint32_t kept)
{
	(void)d;
	(void)kept;
	nl_begin(nl, DMAEXER_CMD_DEV_DEL);
	nl_u32(nl, DMAEXER_A_DEV_ID, kept_dev);
}

/* A kept buffer of a device that is there for it. */
uint32_t new_kept(struct dmx *d)
{
	dmx_begin_dev(&d->peek, NULL);
	if (nl_call(&d->peek))
		return 0;
	kept_dev = nl_get_u32(&d->peek, DMAEXER_A_DEV_ID);
	nl_begin(&d->peek, DMAEXER_CMD_BUF_NEW);
	nl_u32(&d->peek, DMAEXER_A_BUF_DEV_ID, kept_dev);
	nl_u64(&d->peek, DMAEXER_A_BUF_COUNT, SIZE);
	nl_flag(&d->peek, DMAEXER_A_BUF_KEEP);
	nl_flag(&d->peek, DMAEXER_A_BUF_OWNED);
	return nl_call(&d->peek) ? 0 : nl_get_u32(&d->peek, DMAEXER_A_BUF_ID);
}

uint32_t new_postmortem(struct dmx *d)
{
	uint32_t id = new_kept(d);

	dmx_begin_id(d, DMAEXER_CMD_DEV_DEL, DMAEXER_A_DEV_ID, kept_dev);
	return nl_call(&d->nl) ? 0 : id;
}

uint32_t new_box(struct dmx *d)
{
	begin_new(&d->peek, d, BOX);
	return nl_call(&d->peek) ? 0 : nl_get_u32(&d->peek, DMAEXER_A_BUF_ID);
}

/* From the buffer to itself, behind what is copied. */
void begin_xfer(struct nl *nl, const struct dmx *d, uint32_t id)
{
	struct xfer x = { .src = id, .dst = id, .dst_offset = 4096,
			  .len = 2048 };

	xfer_begin(nl, d->dev, &x);
}

void begin_protect(struct nl *nl, const struct dmx *d, uint32_t what)
{
	nl_begin(nl, DMAEXER_CMD_PROTECT_RUN);
	nl_u32(nl, DMAEXER_A_PROTECT_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_PROTECT_CASE, what);
}

void begin_channel(struct nl *nl, const struct dmx *d, uint32_t arg)
{
	(void)d;
	(void)arg;
	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	nl_str(nl, DMAEXER_A_DEV_CHANNEL, "any");
}

/* It is never met. */
void begin_fault(struct nl *nl, const struct dmx *d, uint32_t arg)
{
	(void)d;
	(void)arg;
	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, FAULT(OP), FOP(DEBUGFS));
	nl_u32(nl, FAULT(NTH), UINT32_MAX);
	nl_flag(nl, FAULT(OWNED));
}
