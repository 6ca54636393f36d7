// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/syscall.h>

#include "channel.h"
#include "program.h"

#define ROGUE		"dmx_rogue_test"
#define EDU		"dmaexer_edu"
#define PARAMETERS	"/sys/module/" ROGUE "/parameters/"

static const char *loaded;

static bool has_edu(void)
{
	return !system("grep -qs 0x11e8 /sys/bus/pci/devices/*/device");
}

static void unload(void)
{
	syscall(SYS_delete_module, loaded, O_NONBLOCK);
}

/* Returns what went wrong, "" for nothing. */
static const char *load(const char *ko, const char *name,
			const char *parameters)
{
	const char *why;

	if (!ko || file_exists(format("/sys/module/%s", name)))
		return "";
	why = module_load(ko, parameters);
	if (*why)
		return why;
	loaded = name;
	atexit(unload);
	return "";
}

/* Returns why no channel can be bound, "" where one can. */
static const char *try_to_bind(void)
{
	const char *why = "";
	struct nl nl;

	if (nl_open(&nl))
		return "no socket";
	dmx_begin_dev(&nl, "any");
	if (nl_call(&nl))
		why = format("dev-new: errno %d, %s", nl.err, nl.msg);
	nl_close(&nl);
	return why;
}

void channel_require(const char *parameters)
{
	const char *edu = getenv("DMAEXER_EDU_KO");
	const char *rogue = getenv("DMAEXER_ROGUE_KO");
	const char *bits = getenv("DMAEXER_EDU_DMA_BITS");
	const char *why;

	if (parameters || !edu || !has_edu()) {
		edu = NULL;
		why = load(rogue, ROGUE, parameters ? parameters : "");
	} else {
		why = load(edu, EDU, format("dma_bits=%s", bits ? bits : "28"));
	}
	if (!*why && parameters && !file_exists(PARAMETERS))
		why = "DMAEXER_ROGUE_KO does not name the test module";
	if (!*why)
		why = try_to_bind();
	if (*why)
		give_up(edu || rogue, why);
}

const char *channel_setup(struct dmx *d)
{
	return dmx_setup_dev(d, "any");
}

const char *channel_setup_bufs(struct dmx *d, uint64_t size, uint32_t *src,
			       uint32_t *dst)
{
	const char *why = channel_setup(d);

	if (*why)
		return why;
	*src = dmx_new_filled(d, COHERENT, size, DMAEXER_PATTERN_RANDOM, 1);
	*dst = dmx_new_filled(d, COHERENT, size, DMAEXER_PATTERN_RANDOM, 2);
	return *src && *dst ? "" : format("buf-new: errno %d, %s", d->nl.err,
					  d->nl.msg);
}

static const char *link_of(const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real ? format("%s", real) : "";

	free(real);
	return copy;
}

const char *channel_driver(struct dmx *d)
{
	return link_of(format("/sys/class/dma/%s/device/driver", d->name));
}

const char *channel_controller(struct dmx *d)
{
	const char *path = link_of(format("/sys/class/dma/%s/device", d->name));

	return strrchr(path, '/') ? strrchr(path, '/') + 1 : "";
}

bool channel_be_slow(struct dmx *d)
{
	if (!file_write(PARAMETERS "step_ms", "200"))
		return true;
	return strstr(channel_driver(d), EDU);
}

void channel_be_fast(void)
{
	file_write(PARAMETERS "step_ms", "0");
	channel_tell_slowly(0);
}

bool channel_tell_slowly(unsigned int ms)
{
	return !file_write(PARAMETERS "status_ms", format("%u", ms));
}

bool channel_breaks(const char *what)
{
	return !file_write(PARAMETERS "breaks", what);
}

bool channel_parks(const char *where)
{
	return !file_write(PARAMETERS "late", "0") &&
	       !file_write(PARAMETERS "parks", where);
}

bool channel_parks_after(const char *where)
{
	return !file_write(PARAMETERS "late", "1") &&
	       !file_write(PARAMETERS "parks", where);
}

bool channel_has_parked(void)
{
	char is[2] = "";
	int i;

	for (i = 0; i < 4000; i++) {
		if (file_read(PARAMETERS "parked", is, 1) == 1 && *is == 'Y')
			return true;
		usleep(5000);
	}
	return false;
}

bool channel_limit(uint64_t last)
{
	return !file_write(PARAMETERS "limit",
			   format("%llu", (unsigned long long)last));
}

void xfer_begin(struct nl *nl, uint32_t chan, const struct xfer *x)
{
	nl_begin(nl, DMAEXER_CMD_XFER_RUN);
	if (chan)
		nl_u32(nl, DMAEXER_A_XFER_DEV_ID, chan);
	nl_u32(nl, DMAEXER_A_XFER_SRC, x->src);
	nl_u64(nl, DMAEXER_A_XFER_SRC_OFFSET, x->src_offset);
	nl_u32(nl, DMAEXER_A_XFER_DST, x->dst);
	nl_u64(nl, DMAEXER_A_XFER_DST_OFFSET, x->dst_offset);
	nl_u64(nl, DMAEXER_A_XFER_LENGTH, x->len);
	if (x->timeout_ms)
		nl_u32(nl, DMAEXER_A_XFER_TIMEOUT_MS, x->timeout_ms);
}

int xfer_run(struct nl *nl, uint32_t chan, const struct xfer *x)
{
	xfer_begin(nl, chan, x);
	return nl_call(nl);
}

/* A counter is there where it was counted, and then is 0. */
static const char *counter_right(const struct nl *nl, int attr, bool counted)
{
	if (nl_has(nl, attr) != counted)
		return format("counter %d %s", attr,
			      counted ? "lacks" : "is there");
	if (nl_get_u64(nl, attr))
		return format("counter %d is %llu", attr,
			      (unsigned long long)nl_get_u64(nl, attr));
	return "";
}

const char *xfer_right(const struct nl *nl, uint32_t compared)
{
	bool all = compared == DMAEXER_COMPARED_ALL;
	const char *wrong;

	if (nl->err)
		return format("errno %d, %s", nl->err, nl->msg);
	if (nl_get_u32(nl, DMAEXER_A_XFER_COMPARED) != compared)
		return format("compared is %u",
			      nl_get_u32(nl, DMAEXER_A_XFER_COMPARED));
	wrong = counter_right(nl, DMAEXER_A_XFER_NOT_COPIED, all);
	if (!*wrong)
		wrong = counter_right(nl, DMAEXER_A_XFER_CORRUPTED, all);
	if (!*wrong)
		wrong = counter_right(nl, DMAEXER_A_XFER_OVERRUN,
				      compared != DMAEXER_COMPARED_NOTHING);
	if (!*wrong && nl_has(nl, DMAEXER_A_XFER_FIRST_MISMATCH))
		wrong = "there is a first mismatch";
	if (!*wrong && !nl_get_u64(nl, DMAEXER_A_XFER_TIME_NS))
		wrong = "it took no time";
	return wrong;
}

const char *bytes_are(struct dmx *d, uint32_t id, uint64_t offset,
		      uint64_t len, uint32_t pattern, uint64_t arg,
		      uint64_t pattern_offset)
{
	size_t room = 1 << 20;
	uint8_t *bytes = malloc(room);
	const char *wrong = "";
	uint64_t i;
	uint8_t want;

	if (dmx_contents(d, id, bytes, room) < (int)(offset + len))
		wrong = "the contents cannot be read";
	for (i = 0; i < len && !*wrong; i++) {
		want = pattern_byte(pattern, arg, pattern_offset + i);
		if (bytes[offset + i] != want)
			wrong = format("byte %llu is 0x%02x, not 0x%02x",
				       (unsigned long long)(offset + i),
				       bytes[offset + i], want);
	}
	free(bytes);
	return wrong;
}
