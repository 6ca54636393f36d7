/* SPDX-License-Identifier: GPL-2.0 */
/* PCI devices that no driver has, for a test to unbind and bind as it likes. */
#ifndef DMAEXER_SELFTEST_SPARE_H
#define DMAEXER_SELFTEST_SPARE_H

#include <stdbool.h>

#define SPARE_DRIVER	"/sys/bus/pci/drivers/dmaexer"
#define SPARE_NAME	16

/**
 * struct spares - devices that are bound to dmaexer now
 * @count: how many
 * @names: as in sysfs
 */
struct spares {
	int count;
	char names[2][SPARE_NAME];
};

/* Binds some; none where the machine has none that can be bound. */
void spares_take(struct spares *spares);

/* Leaves them without a driver, as they were. */
void spares_give_back(struct spares *spares);

#endif
