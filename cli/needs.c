// SPDX-License-Identifier: GPL-2.0
#include "needs.h"

#include <inttypes.h>
#include <linux/capability.h>
#include <linux/dmaexer.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel.h"

/**
 * struct feature - one question
 * @name: what it is called
 * @number: "of devices" where a number follows, else NULL
 * @check: who answers, and says what is missing
 * @unless: for the contrary of what @check answers, what is then in the way
 */
struct feature {
	const char *name;
	const char *number;
	enum needs (*check)(struct ctx *ctx, uint64_t number, char *reason,
			    size_t size);
	const char *unless;
};

static enum needs answer(bool met)
{
	return met ? NEEDS_MET : NEEDS_UNMET;
}

static enum needs root_check(struct ctx *ctx, uint64_t number, char *reason,
			     size_t size)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[128];

	(void)ctx;
	(void)number;
	if (!file)
		return answer(geteuid() == 0);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	fclose(file);
	snprintf(reason, size, "not root, CAP_SYS_ADMIN is missing");
	return answer(caps >> CAP_SYS_ADMIN & 1);
}

static enum needs module_check(struct ctx *ctx, uint64_t number, char *reason,
			       size_t size)
{
	bool met = ctx_client(ctx);

	(void)number;
	if (!met)
		snprintf(reason, size, "%s", ctx->error.text);
	return answer(met);
}

static enum needs debugfs_check(struct ctx *ctx, uint64_t number,
				char *reason, size_t size)
{
	char mode[LOCKDOWN_MODE_SIZE];

	(void)ctx;
	(void)number;
	if (lockdown_mode(mode, sizeof(mode)) == LOCKDOWN_ON) {
		snprintf(reason, size, "kernel lockdown (%s) refuses files in debugfs that can be written",
			 mode);
		return NEEDS_UNMET;
	}
	snprintf(reason, size, "debugfs is not mounted on /sys/kernel/debug");
	return answer(!access("/sys/kernel/debug/dmaexer", F_OK));
}

static enum needs bits_check(struct ctx *ctx, uint64_t number, char *reason,
			     size_t size)
{
	struct utsname name;

	(void)ctx;
	(void)number;
	if (uname(&name))
		return NEEDS_UNMET;
	snprintf(reason, size, "the kernel has 32 bits");
	return answer(strstr(name.machine, "64") ||
		      !strcmp(name.machine, "s390x") ||
		      !strcmp(name.machine, "alpha"));
}

static enum needs devices_check(struct ctx *ctx, uint64_t number,
				char *reason, size_t size)
{
	struct client *client = ctx_client(ctx);
	struct objects devs = { 0 };
	size_t count = 0;

	if (client && !client_dev_list(client, &devs))
		count = devs.count;
	objects_free(&devs);
	snprintf(reason, size, "there are %zu devices, not %" PRIu64, count,
		 number);
	return answer(count >= number);
}

/* A number that the device of the scenario has. */
static uint64_t dev_number(struct ctx *ctx, unsigned int attr)
{
	struct client *client = ctx_client(ctx);
	struct object dev;
	uint64_t value = 0;

	object_init(&dev, &dev_set);
	if (client && ctx->dev && !client_dev_get(client, ctx->dev, &dev))
		value = object_num(&dev, attr);
	object_free(&dev);
	return value;
}

static enum needs iommu_check(struct ctx *ctx, uint64_t number, char *reason,
			      size_t size)
{
	(void)number;
	snprintf(reason, size, "no IOMMU translates for the device");
	return answer(dev_number(ctx, DMAEXER_A_DEV_BACKEND) ==
		      DMAEXER_BACKEND_IOMMU);
}

static enum needs pool_check(struct ctx *ctx, uint64_t number, char *reason,
			     size_t size)
{
	(void)number;
	snprintf(reason, size, "the device has no pool of its own");
	return answer(dev_number(ctx, DMAEXER_A_DEV_POOL) ==
		      DMAEXER_POOL_COHERENT);
}

static enum needs cache_coherent_check(struct ctx *ctx, uint64_t number,
				       char *reason, size_t size)
{
	(void)number;
	snprintf(reason, size, "the device does not see the caches of the CPU");
	return answer(dev_number(ctx, DMAEXER_A_DEV_CACHE_COHERENT));
}

static enum needs buffers_check(struct ctx *ctx, uint64_t number,
				char *reason, size_t size)
{
	uint64_t quota = dev_number(ctx, DMAEXER_A_DEV_QUOTA_BUFS);

	snprintf(reason, size, "the quota of the device is %" PRIu64 " buffers, not %"
		 PRIu64, quota, number);
	return answer(quota >= number);
}

static enum needs bytes_check(struct ctx *ctx, uint64_t number, char *reason,
			      size_t size)
{
	uint64_t quota = dev_number(ctx, DMAEXER_A_DEV_QUOTA_BYTES);

	snprintf(reason, size, "the quota of the device is %" PRIu64 " bytes, not %"
		 PRIu64, quota, number);
	return answer(quota >= number);
}

static enum needs memory_check(struct ctx *ctx, uint64_t number, char *reason,
			       size_t size)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kib = 0;
	char line[128];

	(void)ctx;
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
			break;
	if (file)
		fclose(file);
	snprintf(reason, size, "%lluM of memory are available, not %" PRIu64 "M",
		 kib >> 10, number >> 20);
	return answer(kib << 10 >= number);
}

static bool lent_is_channel(struct ctx *ctx, struct client *client)
{
	bool is_channel = false;
	struct object dev;
	uint32_t id;

	object_init(&dev, &dev_set);
	if (!dev_resolve(ctx, ctx->lent, &id) &&
	    !client_dev_get(client, id, &dev))
		is_channel = dev_is_channel(&dev);
	object_free(&dev);
	return is_channel;
}

/* Nobody knows what a channel copies and who has it but who gets it. */
static bool channel_is_free(struct client *client)
{
	struct object request;
	struct object dev;
	bool is_free;

	object_init(&dev, &dev_set);
	object_init(&request, &dev_set);
	object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	is_free = !object_set_text(&request, DMAEXER_A_DEV_CHANNEL, "any") &&
		  !client_dev_new(client, &request, &dev) &&
		  !client_dev_del(client, (uint32_t)
				  object_num(&dev, DMAEXER_A_DEV_ID));
	object_free(&request);
	object_free(&dev);
	return is_free;
}

static enum needs channel_check(struct ctx *ctx, uint64_t number,
				char *reason, size_t size)
{
	struct client *client = ctx_client(ctx);

	(void)number;
	if (client && ctx->lent) {
		snprintf(reason, size, "%s is no DMA engine channel",
			 ctx->lent);
		return answer(lent_is_channel(ctx, client));
	}
	snprintf(reason, size,
		 "no free DMA engine channel that copies memory");
	return answer(client && channel_is_free(client));
}

static enum needs unaligned_check(struct ctx *ctx, uint64_t number,
				  char *reason, size_t size)
{
	uint64_t align = dev_number(ctx, DMAEXER_A_DEV_COPY_ALIGN);

	(void)number;
	if (align)
		snprintf(reason, size, "the channel wants copies aligned to %" PRIu64
			 " bytes", align);
	else
		snprintf(reason, size, "the device is no DMA engine channel");
	return answer(align == 1);
}

/* A channel's masks belong to the driver of its controller. */
static enum needs masks_check(struct ctx *ctx, uint64_t number, char *reason,
			      size_t size)
{
	struct client *client = ctx_client(ctx);
	struct object dev;
	bool met;

	(void)number;
	object_init(&dev, &dev_set);
	met = client && ctx->dev && !client_dev_get(client, ctx->dev, &dev);
	if (!met)
		snprintf(reason, size, "there is no device dev");
	else if (dev_is_channel(&dev))
		snprintf(reason, size, "the masks of a channel are its driver's");
	met = met && !dev_is_channel(&dev);
	object_free(&dev);
	return answer(met);
}

static const struct feature features[] = {
	{ .name = "root", .check = root_check },
	{ .name = "module", .check = module_check },
	{ .name = "debugfs", .check = debugfs_check },
	{ .name = "64bit", .check = bits_check },
	{ .name = "iommu", .check = iommu_check },
	{ .name = "no-iommu", .check = iommu_check,
	  .unless = "an IOMMU translates for the device" },
	{ .name = "pool", .check = pool_check },
	{ .name = "no-pool", .check = pool_check,
	  .unless = "the device has a pool of its own" },
	{ .name = "cache-coherent", .check = cache_coherent_check },
	{ .name = "channel", .check = channel_check },
	{ .name = "unaligned", .check = unaligned_check },
	{ .name = "masks", .check = masks_check },
	{ .name = "devices", .number = "of devices", .check = devices_check },
	{ .name = "buffers", .number = "of buffers", .check = buffers_check },
	{ .name = "bytes", .number = "of bytes", .check = bytes_check },
	{ .name = "memory", .number = "of bytes", .check = memory_check },
};

static enum needs feature_check(const struct feature *feature, struct ctx *ctx,
				uint64_t number, char *reason, size_t size)
{
	enum needs needs = feature->check(ctx, number, reason, size);

	if (!feature->unless)
		return needs;
	snprintf(reason, size, "%s", feature->unless);
	return answer(needs != NEEDS_MET);
}

enum needs needs_check(struct ctx *ctx, const char *feature,
		       const char *number, char *reason, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		const struct feature *known = &features[i];

		if (strcmp(known->name, feature) != 0)
			continue;
		if (!known->number != !number ||
		    (number && parse_size(number, &value))) {
			snprintf(reason, size, "%s is followed by %s %s",
				 feature, known->number ? "a number" :
				 "nothing", known->number ? known->number : "");
			return NEEDS_UNKNOWN;
		}
		return feature_check(known, ctx, value, reason, size);
	}
	snprintf(reason, size, "nobody knows the feature %s", feature);
	return NEEDS_UNKNOWN;
}
