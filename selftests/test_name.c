// SPDX-License-Identifier: GPL-2.0
/* Two buses have a device of the same name. */
#include "dmx.h"
#include "harness.h"
#include "program.h"
#include "spare.h"

#define PLATFORM	"/sys/bus/platform/drivers/dmaexer"

/* What a file with the name of a device is about is that device. */
TEST(a_name_is_that_of_one_device)
{
	const char *ko = getenv("DMAEXER_ROGUE_KO");
	char info[4096] = "", name[SPARE_NAME];
	struct spares spares;
	const char *line, *path;
	struct dmx d;

	ASSERT_STREQ("", dmx_setup_sockets(&d));
	if (!ko)
		SKIP(return, "DMAEXER_ROGUE_KO does not name the test module");
	spares_take(&spares);
	if (!spares.count)
		SKIP(return, "there is no PCI device without a driver");
	strcpy(name, spares.names[0]);
	path = strdup(format("/sys/kernel/debug/dmaexer/%s/info", name));
	EXPECT_STREQ("", module_load(ko, format("name=%s", name)));
	EXPECT_EQ(0, file_write(format("/sys/bus/platform/devices/%s/driver_override",
				       name), "dmaexer"));

	EXPECT_EQ(-EEXIST, file_write(PLATFORM "/bind", name));
	EXPECT_LT(0, file_read(path, info, sizeof(info) - 1));
	EXPECT_NE(NULL, strstr(info, "\nbus: pci\n"));
	spares_give_back(&spares);
	EXPECT_FALSE(file_exists(path));
	EXPECT_EQ(0, file_write(PLATFORM "/bind", name));
	EXPECT_LT(0, file_read(path, info, sizeof(info) - 1));
	EXPECT_NE(NULL, strstr(info, "\nbus: platform\n"));
	EXPECT_EQ(0, system("rmmod dmx_rogue_test"));
	EXPECT_FALSE(file_exists(path));
	/* the driver core says that it was refused, and debugfs nothing */
	while ((line = dmx_complaint(&d)))
		EXPECT_STREQ("", strstr(line, "failed with error -17") ? "" :
				 line);
	dmx_teardown(&d);
}

TEST_HARNESS_MAIN
