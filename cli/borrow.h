/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device that a scenario is lent in the place of one it would make, and that
 * it gives back as it was.
 */
#ifndef DMX_BORROW_H
#define DMX_BORROW_H

#include <stdbool.h>

#include "cmd.h"
#include "object.h"
#include "scenario.h"

/**
 * struct borrow - the device of "dmaexer run --device"
 * @name: its name or number, or NULL where none is lent
 * @taken: the scenario has it
 * @before: the device as it was found
 */
struct borrow {
	const char *name;
	bool taken;
	struct object before;
};

/*
 * Whether a device is lent, and stands for what the step would make:
 * "dev = dev add", or "dev = dev bind dma/any", whose name may also be chan.
 */
bool borrow_stands(const struct borrow *borrow, const struct step *step);

/*
 * What stands for the step: shows the device, and remembers it the first time.
 * Returns an exit status, with the reason in the context; EOPNOTSUPP where the
 * step wants a channel, and the device is none.
 */
int borrow_take(struct borrow *borrow, const struct step *step,
		struct ctx *ctx);

enum {
	/* Although buffers are live. */
	BORROW_FORCE = 1 << 0,
	/* They were not ours, and go on being put back with our connection. */
	BORROW_OWNED = 1 << 1,
};

/*
 * Sets masks and segment size to what they were, where they differ. What the
 * scenario made has to be gone, and unless @flags say so, what others did.
 * Returns 0 or -errno.
 */
int borrow_restore(const struct borrow *borrow, unsigned int flags,
		   struct ctx *ctx);

void borrow_free(struct borrow *borrow);

#endif
