// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>

#include "dmx.h"
#include "spare.h"

#define DEVICES		"/sys/bus/pci/devices"
#define ROOM		(int)(sizeof(((struct spares *)0)->names) / SPARE_NAME)

/* what the machine itself may use although no driver has it */
#define CLASS_DISPLAY	0x03
#define CLASS_BRIDGE	0x06

static bool is_spare(const char *name)
{
	uint64_t class = file_number(format(DEVICES "/%s/class", name)) >> 16;

	return !file_exists(format(DEVICES "/%s/driver", name)) &&
	       class != CLASS_DISPLAY && class != CLASS_BRIDGE;
}

static bool take(const char *name)
{
	return !file_write(format(DEVICES "/%s/driver_override", name),
			   "dmaexer") &&
	       !file_write(SPARE_DRIVER "/bind", name);
}

static void give_back(const char *name)
{
	file_write(SPARE_DRIVER "/unbind", name);
	file_write(format(DEVICES "/%s/driver_override", name), "\n");
}

void spares_take(struct spares *spares)
{
	DIR *dir = opendir(DEVICES);
	struct dirent *entry;

	spares->count = 0;
	while (dir && spares->count < ROOM && (entry = readdir(dir))) {
		if (strlen(entry->d_name) >= SPARE_NAME ||
		    entry->d_name[0] == '.' || !is_spare(entry->d_name))
			continue;
		if (take(entry->d_name))
			strcpy(spares->names[spares->count++], entry->d_name);
		else
			give_back(entry->d_name);
	}
	if (dir)
		closedir(dir);
}

void spares_give_back(struct spares *spares)
{
	int i;

	for (i = 0; i < spares->count; i++)
		give_back(spares->names[i]);
	spares->count = 0;
}
