// SPDX-License-Identifier: GPL-2.0
/* What has a name by which it is found, and what has it already. */
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
	ASSERT_TRUE(spares.count || !getenv("DMAEXER_ALL_DEVICES"))
		TH_LOG("there is no PCI device without a driver");
	if (!spares.count)
		SKIP(return, "there is no PCI device without a driver");
	strcpy(name, spares.names[0]);
	path = strdup(format("/sys/kernel/debug/dmaexer/%s/info", name));
	EXPECT_STREQ("", module_load(ko, format("twin=%s", name)));
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

/* A device of the platform bus, which the test module makes, for dmaexer. */
static const char *twin_new(const char *name)
{
	const char *wrong = module_load(getenv("DMAEXER_ROGUE_KO"),
					format("twin=%s", name));

	if (*wrong)
		return wrong;
	return file_write(format("/sys/bus/platform/devices/%s/driver_override",
				 name), "dmaexer") ? "no override" : "";
}

/* What each bind that is refused has the driver core say, and nothing else. */
static const char *said(struct dmx *d)
{
	const char *line;

	while ((line = dmx_complaint(d)))
		if (!strstr(line, "failed with error -17"))
			return line;
	return "";
}

TEST(no_device_has_the_name_of_what_is_kept)
{
	static const char dir[] = "/sys/kernel/debug/dmaexer/postmortem";
	struct dmx d;

	if (!getenv("DMAEXER_ROGUE_KO"))
		SKIP(return, "DMAEXER_ROGUE_KO does not name the test module");
	ASSERT_STREQ("", dmx_setup_sockets(&d));
	ASSERT_STREQ("", twin_new("postmortem"));
	EXPECT_EQ(-EEXIST, file_write(PLATFORM "/bind", "postmortem"));
	EXPECT_FALSE(file_exists(format("%s/info", dir)));
	EXPECT_TRUE(file_exists(dir));
	EXPECT_EQ(0, system("rmmod dmx_rogue_test"));
	EXPECT_STREQ("", said(&d));
	dmx_teardown(&d);
}

TEST(a_channel_whose_name_a_device_has_is_refused_by_that_name)
{
	static const char chan[] = "dma0chan0";
	struct dmx d;
	uint32_t id;

	if (!getenv("DMAEXER_ROGUE_KO"))
		SKIP(return, "DMAEXER_ROGUE_KO does not name the test module");
	if (file_exists("/sys/class/dma/dma0chan0"))
		SKIP(return, "somebody else has the first channel");
	ASSERT_STREQ("", dmx_setup_sockets(&d));
	ASSERT_STREQ("", twin_new(chan));
	EXPECT_EQ(0, file_write(PLATFORM "/bind", chan));
	dmx_begin_dev(&d.nl, chan);
	EXPECT_STREQ("", dmx_refused(&d, EEXIST, DMAEXER_A_DEV_CHANNEL,
				     "another device is named dma0chan0"));
	dmx_begin_dev(&d.nl, "any");
	EXPECT_STREQ("", dmx_refused(&d, EEXIST, DMAEXER_A_DEV_CHANNEL,
				     "another device is named as"));
	EXPECT_EQ(0, file_write(PLATFORM "/unbind", chan));
	dmx_begin_dev(&d.nl, chan);
	EXPECT_EQ(0, nl_call(&d.nl));
	id = nl_get_u32(&d.nl, DMAEXER_A_DEV_ID);
	EXPECT_EQ(-EEXIST, file_write(PLATFORM "/bind", chan));
	EXPECT_EQ(0, dmx_dev_op(&d, DMAEXER_CMD_DEV_DEL, id));
	EXPECT_EQ(0, system("rmmod dmx_rogue_test"));
	EXPECT_STREQ("", said(&d));
	dmx_teardown(&d);
}

TEST_HARNESS_MAIN
