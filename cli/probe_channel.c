// SPDX-License-Identifier: GPL-2.0
#include "probe_channel.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

/*
 * Devices of one IOMMU group share its addresses; without translation all share
 * those of memory, but for a bus that moves them or operations that may.
 */
static bool shares_space(const struct object *a, const struct object *b)
{
	static const unsigned int same[] = {
		DMAEXER_A_DEV_BACKEND, DMAEXER_A_DEV_BUS_OFFSET,
	};

	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		if (object_num(a, same[i]) != object_num(b, same[i]))
			return false;
	switch (object_num(a, DMAEXER_A_DEV_BACKEND)) {
	case DMAEXER_BACKEND_DIRECT:
		return true;
	case DMAEXER_BACKEND_IOMMU:
		return object_has(a, DMAEXER_A_DEV_IOMMU_GROUP) &&
		       object_has(b, DMAEXER_A_DEV_IOMMU_GROUP) &&
		       object_num(a, DMAEXER_A_DEV_IOMMU_GROUP) ==
		       object_num(b, DMAEXER_A_DEV_IOMMU_GROUP);
	default:
		return false;
	}
}

/* One that the module has already. Returns its number, or 0. */
static uint32_t channel_known(struct exam *exam)
{
	struct objects devs = { 0 };
	uint32_t id = 0;

	if (dev_is_channel(&exam->dev))
		return exam->id;
	if (!client_dev_list(exam->client, &devs))
		for (size_t i = 0; i < devs.count && !id; i++)
			if (dev_is_channel(&devs.object[i]) &&
			    shares_space(&devs.object[i], &exam->dev))
				id = (uint32_t)object_num(&devs.object[i],
							  DMAEXER_A_DEV_ID);
	objects_free(&devs);
	return id;
}

/* Takes one and gives it back where it is of another space. */
static bool channel_fits(struct exam *exam, const char *name)
{
	struct object chan;
	bool fits;

	if (exam_dev_new(exam, name))
		return false;
	object_init(&chan, &dev_set);
	fits = !client_dev_get(exam->client, exam->made, &chan) &&
	       shares_space(&chan, &exam->dev);
	object_free(&chan);
	if (!fits)
		exam_dev_del(exam);
	return fits;
}

/* Whether one of those in /sys/class/dma could be taken. */
static bool channel_free(struct exam *exam, size_t *seen)
{
	glob_t found = { 0 };
	bool taken = false;

	*seen = 0;
	if (!glob("/sys/class/dma/*", 0, NULL, &found)) {
		*seen = found.gl_pathc;
		for (size_t i = 0; i < found.gl_pathc && !taken; i++)
			taken = channel_fits(exam,
					     strrchr(found.gl_pathv[i], '/') + 1);
	}
	globfree(&found);
	return taken;
}

int channel_take(struct exam *exam, struct object *chan)
{
	uint32_t id = channel_known(exam);
	size_t seen = 0;
	int err;

	object_init(chan, &dev_set);
	if (!id && channel_free(exam, &seen))
		id = exam->made;
	ctx_clear(exam->ctx, "");
	if (!id) {
		exam_judge(exam, DMAEXER_VERDICT_NOT_APPLICABLE, seen ?
			   "none of the DMA engine channels is free, copies memory and shares the address space of the device" :
			   "there is no DMA engine channel, and nothing else moves data at our word");
		exam_hint(exam, "load the driver of a DMA controller (/sys/class/dma), or ask a channel itself");
		return -ENOENT;
	}
	err = client_dev_get(exam->client, id, chan);
	return err ? err :
	       object_set_text(exam->report, VERDICT_CHANNEL,
			       object_text(chan, DMAEXER_A_DEV_NAME));
}
