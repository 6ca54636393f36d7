// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include "postmortem.h"

#define RANDOM	DMAEXER_PATTERN_RANDOM

uint32_t kept_new(struct dmx *d, uint32_t kind, uint64_t size, bool owned)
{
	dmx_begin_new(d, kind, 1, size);
	nl_u32(&d->nl, DMAEXER_A_BUF_PATTERN, RANDOM);
	nl_u64(&d->nl, DMAEXER_A_BUF_PATTERN_ARG, size);
	nl_flag(&d->nl, DMAEXER_A_BUF_KEEP);
	if (owned)
		nl_flag(&d->nl, DMAEXER_A_BUF_OWNED);
	return nl_call(&d->nl) ? 0 : nl_get_u32(&d->nl, DMAEXER_A_BUF_ID);
}

int device_again(struct dmx *d)
{
	int err = dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, d->dev);

	if (err)
		return err;
	dmx_begin_dev(&d->nl, NULL);
	err = nl_call(&d->nl);
	if (err)
		return err;
	d->dev = nl_get_u32(&d->nl, DMAEXER_A_DEV_ID);
	snprintf(d->name, sizeof(d->name), "%s",
		 nl_get_str(&d->nl, DMAEXER_A_DEV_NAME));
	return 0;
}

uint32_t postmortem_new(struct dmx *d)
{
	uint32_t id = kept_new(d, COHERENT, 64, true);

	return id && !device_again(d) ? id : 0;
}

const char *postmortem_path(uint32_t id, const char *file)
{
	return format("/sys/kernel/debug/dmaexer/postmortem/%u/%s", id, file);
}

const char *postmortem_wrong(uint32_t id, uint64_t size)
{
	uint8_t *bytes = malloc(size + 1);
	const char *wrong = "";
	struct stat st;
	uint64_t i;
	int len;

	len = file_read(postmortem_path(id, "data"), bytes, size + 1);
	if (len < 0 || (uint64_t)len != size)
		wrong = format("%d bytes of %llu", len,
			       (unsigned long long)size);
	for (i = 0; i < size && !*wrong; i++)
		if (bytes[i] != pattern_byte(RANDOM, size, i))
			wrong = format("byte %llu of %llu is %#x",
				       (unsigned long long)i,
				       (unsigned long long)size, bytes[i]);
	if (!*wrong && (stat(postmortem_path(id, "data"), &st) ||
			(uint64_t)st.st_size != size))
		wrong = format("the file has another size than %llu",
			       (unsigned long long)size);
	free(bytes);
	return wrong;
}

static const char *const names[] = { "data", "info" };

bool postmortem_open(uint32_t id, int files[2])
{
	int i;

	for (i = 0; i < 2; i++)
		files[i] = open(postmortem_path(id, names[i]), O_RDONLY);
	return files[0] >= 0 && files[1] >= 0;
}

const char *postmortem_eio(const int files[2])
{
	char byte;
	int i;

	for (i = 0; i < 2; i++)
		if (read(files[i], &byte, 1) >= 0 || errno != EIO)
			return format("%s is no EIO", names[i]);
	return "";
}
