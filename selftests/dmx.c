// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include "dmx.h"

#define DEBUGFS		"/sys/kernel/debug/dmaexer"
#define SNAP_CONTENTS	(256 * 1024)

/* The text lives until this was called eight times more. */
const char *format(const char *text, ...)
{
	static __thread char ring[8][512];
	static __thread unsigned int turn;
	char *to = ring[turn++ % 8];
	va_list args;

	va_start(args, text);
	vsnprintf(to, sizeof(ring[0]), text, args);
	va_end(args);
	return to;
}

int file_read(const char *path, void *to, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t got = 1;

	if (fd < 0)
		return -errno;
	while (got > 0 && done < room) {
		got = read(fd, (char *)to + done, room - done);
		if (got > 0)
			done += got;
	}
	if (got < 0)
		got = -errno;
	close(fd);
	return got < 0 ? (int)got : (int)done;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

uint64_t file_number(const char *path)
{
	char text[64] = "";

	if (file_read(path, text, sizeof(text) - 1) < 0)
		return UINT64_MAX - 1;
	return strtoull(text, NULL, 0);
}

bool file_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

bool dmx_is_watched(void)
{
	return file_exists("/sys/kernel/debug/kmemleak");
}

const char *dmx_debugfs(struct dmx *d, uint32_t buf, const char *file)
{
	return format(DEBUGFS "/%s/buffers/%u/%s", d->name, buf, file);
}

const char *dmx_sysfs(struct dmx *d, const char *file)
{
	return format("/sys/devices/platform/%s/dmaexer/%s", d->name, file);
}

int dmx_contents(struct dmx *d, uint32_t id, void *to, size_t room)
{
	return file_read(dmx_debugfs(d, id, "data"), to, room);
}

const char *dmx_setup_sockets(struct dmx *d)
{
	memset(d, 0, sizeof(*d));
	if (nl_open(&d->nl) || nl_open(&d->peek))
		return "no socket";
	d->kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (d->kmsg < 0)
		return "no /dev/kmsg";
	lseek(d->kmsg, 0, SEEK_END);
	return "";
}

void dmx_begin_dev(struct nl *nl, const char *channel)
{
	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	nl_flag(nl, DMAEXER_A_DEV_OWNED);
	if (channel)
		nl_str(nl, DMAEXER_A_DEV_CHANNEL, channel);
}

const char *dmx_setup_dev(struct dmx *d, const char *channel)
{
	const char *why = dmx_setup_sockets(d);

	if (*why)
		return why;
	dmx_begin_dev(&d->nl, channel);
	if (nl_call(&d->nl))
		return format("dev-new: errno %d, %s", d->nl.err, d->nl.msg);
	d->dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	snprintf(d->name, sizeof(d->name), "%s",
		 nl_get_str(&d->nl, DMAEXER_A_DEV_NAME));
	return "";
}

const char *dmx_setup(struct dmx *d)
{
	return dmx_setup_dev(d, NULL);
}

void dmx_teardown(struct dmx *d)
{
	nl_close(&d->nl);
	nl_close(&d->peek);
	close(d->kmsg);
}

/*
 * The kernel itself warns of attributes with an odd length and of trailing
 * bytes, and of a slow machine.
 */
static bool is_noise(const char *line)
{
	return strstr(line, "has an invalid length") ||
	       strstr(line, "leftover after parsing attributes") ||
	       strstr(line, "perf: interrupt took") ||
	       strstr(line, "hrtimer: interrupt took") ||
	       strstr(line, "callbacks suppressed") ||
	       strstr(line, "TSC found unstable") ||
	       strstr(line, "clocksource");
}

const char *dmx_complaint(struct dmx *d)
{
	static char line[4096];
	unsigned int prio;
	ssize_t len;

	while ((len = read(d->kmsg, line, sizeof(line) - 1)) > 0 ||
	       (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		line[len] = '\0';
		prio = strtoul(line, NULL, 10);
		if (prio < 5 && !is_noise(line))
			return line;
	}
	return NULL;
}

static void add(struct snap *snap, const void *data, size_t len)
{
	snap->bytes = realloc(snap->bytes, snap->len + len);
	memcpy(snap->bytes + snap->len, data, len);
	snap->len += len;
}

/* Without the headers, whose sequence numbers differ each time. */
static void add_dump(struct dmx *d, struct snap *snap, uint8_t cmd)
{
	const struct nlmsghdr *msg = NULL;

	nl_begin(&d->peek, cmd);
	if (nl_dump(&d->peek))
		add(snap, d->peek.msg, sizeof(d->peek.msg));
	while ((msg = nl_next(&d->peek, msg)))
		add(snap, NLMSG_DATA(msg), NLMSG_PAYLOAD(msg, 0));
}

static void add_contents(struct dmx *d, struct snap *snap)
{
	const struct nlmsghdr *msg = NULL;
	char *room = malloc(SNAP_CONTENTS);
	uint32_t id;
	int len;

	while ((msg = nl_next(&d->peek, msg))) {
		memcpy(&id, nl_data(nl_attr(msg, DMAEXER_A_BUF_ID)), 4);
		len = dmx_contents(d, id, room, SNAP_CONTENTS);
		add(snap, &len, sizeof(len));
		if (len > 0)
			add(snap, room, len);
	}
	free(room);
}

struct snap snap_take(struct dmx *d)
{
	struct snap snap = {};

	add_dump(d, &snap, DMAEXER_CMD_DEV_GET);
	add_dump(d, &snap, DMAEXER_CMD_POSTMORTEM_GET);
	add_dump(d, &snap, DMAEXER_CMD_BUF_GET);
	add_contents(d, &snap);
	return snap;
}

const char *snap_diff(const struct snap *a, const struct snap *b)
{
	size_t i;

	if (a->len != b->len)
		return format("the state changed: %zu bytes, then %zu",
			      a->len, b->len);
	for (i = 0; i < a->len; i++)
		if (a->bytes[i] != b->bytes[i])
			return format("the state changed: byte %zu of %zu", i,
				      a->len);
	return "";
}

void snap_free(struct snap *snap)
{
	free(snap->bytes);
	snap->bytes = NULL;
}

const char *snap_changed(struct dmx *d, struct snap *before)
{
	struct snap after = snap_take(d);
	const char *diff = snap_diff(before, &after);

	snap_free(before);
	snap_free(&after);
	return diff;
}

static const char *wrong_answer(const struct nl *nl, int err, int attr,
				const char *words)
{
	if (nl->err != err)
		return format("errno %d (%s), not %d", nl->err, nl->msg, err);
	if (!nl->msg[0])
		return format("errno %d comes without a sentence", err);
	if (words && !strstr(nl->msg, words))
		return format("\"%s\" does not say \"%s\"", nl->msg, words);
	if (attr > 0 && nl_type_at(nl, nl->offs) != attr)
		return format("\"%s\" points at attribute %d (offset %d), not %d",
			      nl->msg, nl_type_at(nl, nl->offs), nl->offs, attr);
	if (attr < 0 && nl->miss != -attr)
		return format("\"%s\" misses attribute %d, not %d", nl->msg,
			      nl->miss, -attr);
	return NULL;
}

const char *dmx_refused(struct dmx *d, int err, int attr, const char *words)
{
	struct snap before = snap_take(d);
	const char *changed;
	const char *wrong;

	nl_call(&d->nl);
	changed = snap_changed(d, &before);
	wrong = wrong_answer(&d->nl, err, attr, words);
	return wrong ?: changed;
}

const char *dmx_dump_refused(struct dmx *d, int err, const char *words)
{
	const char *wrong;

	nl_dump(&d->nl);
	wrong = wrong_answer(&d->nl, err, NONE, words);
	return wrong ? wrong : "";
}

void dmx_begin_new(struct dmx *d, uint32_t kind, uint64_t elem, uint64_t count)
{
	nl_begin(&d->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&d->nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u32(&d->nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(&d->nl, DMAEXER_A_BUF_ELEM_SIZE, elem);
	nl_u64(&d->nl, DMAEXER_A_BUF_COUNT, count);
}

static uint32_t call_for_id(struct dmx *d)
{
	return nl_call(&d->nl) ? 0 : nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
}

uint32_t dmx_new(struct dmx *d, uint32_t kind, uint64_t elem, uint64_t count)
{
	dmx_begin_new(d, kind, elem, count);
	return call_for_id(d);
}

uint32_t dmx_new_filled(struct dmx *d, uint32_t kind, uint64_t size,
			uint32_t pattern, uint64_t arg)
{
	dmx_begin_new(d, kind, 1, size);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, pattern);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, arg);
	return call_for_id(d);
}

void dmx_begin_id(struct dmx *d, uint8_t cmd, uint16_t attr, uint32_t id)
{
	nl_begin(&d->nl, cmd);
	nl_u32(&d->nl, attr, id);
}

int dmx_buf_op(struct dmx *d, uint8_t cmd, uint32_t id)
{
	dmx_begin_id(d, cmd, DMAEXER_A_BUF_ID, id);
	return nl_call(&d->nl);
}

int dmx_dev_op(struct dmx *d, uint8_t cmd, uint32_t id)
{
	dmx_begin_id(d, cmd, DMAEXER_A_DEV_ID, id);
	return nl_call(&d->nl);
}

void dmx_begin_field(struct dmx *d, uint8_t cmd, uint32_t id, uint64_t index,
		     uint64_t offset, uint32_t width)
{
	dmx_begin_id(d, cmd, DMAEXER_A_BUF_ID, id);
	nl_u64(&d->nl, DMAEXER_A_BUF_INDEX, index);
	nl_u64(&d->nl, DMAEXER_A_BUF_OFFSET, offset);
	nl_u32(&d->nl, DMAEXER_A_BUF_WIDTH, width);
}

int dmx_read(struct dmx *d, uint32_t id, uint64_t index, uint64_t offset,
	     uint32_t width, uint64_t *value)
{
	dmx_begin_field(d, DMAEXER_CMD_BUF_READ, id, index, offset, width);
	nl_call(&d->nl);
	*value = nl_get_u64(&d->nl, DMAEXER_A_BUF_VALUE);
	return d->nl.err;
}

int dmx_write(struct dmx *d, uint32_t id, uint64_t index, uint64_t offset,
	      uint32_t width, uint64_t value)
{
	dmx_begin_field(d, DMAEXER_CMD_BUF_WRITE, id, index, offset, width);
	nl_u64(&d->nl, DMAEXER_A_BUF_VALUE, value);
	return nl_call(&d->nl);
}

void dmx_begin_range(struct dmx *d, uint8_t cmd, uint32_t id, uint64_t offset,
		     uint64_t length, uint32_t pattern, uint64_t arg)
{
	dmx_begin_id(d, cmd, DMAEXER_A_BUF_ID, id);
	nl_u64(&d->nl, DMAEXER_A_BUF_OFFSET, offset);
	nl_u64(&d->nl, DMAEXER_A_BUF_LENGTH, length);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, pattern);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, arg);
}

int dmx_fill(struct dmx *d, uint32_t id, uint64_t offset, uint64_t length,
	     uint32_t pattern, uint64_t arg)
{
	dmx_begin_range(d, DMAEXER_CMD_BUF_FILL, id, offset, length, pattern,
			arg);
	return nl_call(&d->nl);
}

uint64_t dmx_dev_u64(struct dmx *d, uint16_t attr)
{
	nl_begin(&d->peek, DMAEXER_CMD_DEV_GET);
	nl_u32(&d->peek, DMAEXER_A_DEV_ID, d->dev);
	nl_call(&d->peek);
	return nl_get_u64(&d->peek, attr);
}

uint32_t dmx_live_bufs(struct dmx *d)
{
	return dmx_dev_u64(d, DMAEXER_A_DEV_LIVE_BUFS);
}

uint64_t dmx_live_bytes(struct dmx *d)
{
	return dmx_dev_u64(d, DMAEXER_A_DEV_LIVE_BYTES);
}

unsigned int dmx_count(struct dmx *d, uint8_t cmd)
{
	const struct nlmsghdr *msg = NULL;
	unsigned int count = 0;

	nl_begin(&d->peek, cmd);
	nl_dump(&d->peek);
	while ((msg = nl_next(&d->peek, msg)))
		count++;
	return count;
}

/* Devices and buffers have their id at the same attribute. */
bool dmx_exists(struct dmx *d, uint8_t cmd, uint32_t id)
{
	_Static_assert((int)DMAEXER_A_DEV_ID == (int)DMAEXER_A_BUF_ID, "id");
	nl_begin(&d->peek, cmd);
	nl_u32(&d->peek, DMAEXER_A_DEV_ID, id);
	return !nl_call(&d->peek);
}

static uint64_t splitmix64(uint64_t seed, uint64_t i)
{
	uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint8_t pattern_byte(uint32_t pattern, uint64_t arg, uint64_t offset)
{
	uint64_t i = offset / 8;
	uint64_t word = 0;

	switch (pattern) {
	case DMAEXER_PATTERN_BYTE:
		return arg;
	case DMAEXER_PATTERN_COUNTER:
		word = arg + i;
		break;
	case DMAEXER_PATTERN_ADDRESS:
		word = arg + 8 * i;
		break;
	case DMAEXER_PATTERN_WALKING_ONES:
		word = 1ULL << ((arg + i) % 64);
		break;
	case DMAEXER_PATTERN_RANDOM:
		word = splitmix64(arg, i);
		break;
	}
	return word >> (8 * (offset % 8));
}
