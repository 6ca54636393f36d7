// SPDX-License-Identifier: GPL-2.0
#include "borrow.h"

#include <errno.h>
#include <linux/dmaexer.h>
#include <string.h>

/* What dev-set changes: the attribute that shows it, the one that sets it. */
static const struct {
	unsigned int shown;
	unsigned int set;
	bool mask;
} settings[] = {
	{ DMAEXER_A_DEV_DMA_MASK, DMAEXER_A_DEV_DMA_MASK_BITS, true },
	{ DMAEXER_A_DEV_COHERENT_MASK, DMAEXER_A_DEV_COHERENT_MASK_BITS, true },
	{ DMAEXER_A_DEV_MAX_SEG_SIZE, DMAEXER_A_DEV_MAX_SEG_SIZE, false },
};

static uint64_t mask_bits(uint64_t mask)
{
	return mask ? 64 - (uint64_t)__builtin_clzll(mask) : 0;
}

static bool wants_channel(const struct step *step)
{
	return !strcmp(step->verb->name, "bind");
}

bool borrow_stands(const struct borrow *borrow, const struct step *step)
{
	const struct verb *verb = step->verb;

	if (!borrow->name || !step->name || !verb->object ||
	    strcmp(verb->object, "dev") != 0)
		return false;
	if (!strcmp(verb->name, "add"))
		return !strcmp(step->name, "dev");
	return !strcmp(verb->name, "bind") && step->words > step->args &&
	       !strcmp(step->word[step->args], "dma/any") &&
	       (!strcmp(step->name, "dev") || !strcmp(step->name, "chan"));
}

int borrow_take(struct borrow *borrow, const struct step *step,
		struct ctx *ctx)
{
	struct client *client;
	struct object dev;
	uint32_t id = 0;
	int err;

	ctx_clear(ctx, "--device");
	client = ctx_client(ctx);
	if (!client || dev_resolve(ctx, borrow->name, &id))
		return STATUS_REFUSED;
	object_init(&dev, &dev_set);
	err = client_dev_get(client, id, &dev);
	if (!err && wants_channel(step) && !dev_is_channel(&dev))
		err = error_set(&ctx->error, EOPNOTSUPP,
				"%s is no DMA engine channel", borrow->name);
	if (!err)
		err = out_object(&ctx->out, &dev);
	if (err || borrow->taken) {
		object_free(&dev);
		return ctx_status(ctx, err);
	}
	borrow->before = dev;
	borrow->taken = true;
	return STATUS_DONE;
}

/* What is to be set for @now to be as it was before. Returns how many. */
static unsigned int changes_get(const struct object *before,
				const struct object *now,
				struct object *request)
{
	unsigned int count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		uint64_t value = object_num(before, settings[i].shown);

		if (object_num(now, settings[i].shown) == value)
			continue;
		object_set_num(request, settings[i].set,
			       settings[i].mask ? mask_bits(value) : value);
		count++;
	}
	return count;
}

int borrow_restore(const struct borrow *borrow, unsigned int flags,
		   struct ctx *ctx)
{
	uint32_t id = (uint32_t)object_num(&borrow->before, DMAEXER_A_DEV_ID);
	struct client *client;
	struct object request;
	struct object now;
	int err;

	ctx_clear(ctx, "--device");
	client = ctx_client(ctx);
	if (!client)
		return -ENOENT;
	object_init(&request, &dev_set);
	object_init(&now, &dev_set);
	object_set_num(&request, DMAEXER_A_DEV_ID, id);
	if (flags & BORROW_FORCE)
		object_set_num(&request, DMAEXER_A_DEV_FORCE, 1);
	if (flags & BORROW_OWNED)
		object_set_num(&request, DMAEXER_A_DEV_OWNED, 1);
	err = client_dev_get(client, id, &now);
	if (!err && changes_get(&borrow->before, &now, &request)) {
		object_free(&now);
		err = client_dev_set(client, &request, &now);
		/* Not every mask is a number of bits. */
		if (!err && changes_get(&borrow->before, &now, &request))
			err = error_set(&ctx->error, EIO,
					"the masks are not what they were");
	}
	object_free(&request);
	object_free(&now);
	return err;
}

void borrow_free(struct borrow *borrow)
{
	if (borrow->taken)
		object_free(&borrow->before);
	borrow->taken = false;
}
