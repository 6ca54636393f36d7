// SPDX-License-Identifier: GPL-2.0
/*
 * What is not for everybody: addresses of memory, in files and notifications,
 * are for root of the initial namespaces, and addresses of the kernel for nobody.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "become.h"
#include "dmx.h"
#include "harness.h"
#include "postmortem.h"

#define QUIET_MS	300
#define FILES_MAX	64

FIXTURE(secret)
{
	struct dmx d;
	uint32_t box;
	uint32_t coherent;
	uint32_t postmortem;
};

FIXTURE_SETUP(secret)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->postmortem = postmortem_new(&self->d);
	ASSERT_NE(0, self->postmortem);
	self->box = dmx_new_filled(&self->d, BOX, 64, DMAEXER_PATTERN_RANDOM, 1);
	self->coherent = dmx_new(&self->d, COHERENT, 8, 8);
	ASSERT_NE(0, self->coherent);
	ASSERT_NE(0, dmx_new(&self->d, HANDLE, 1, 10000));
}

FIXTURE_TEARDOWN(secret)
{
	dmx_teardown(&self->d);
}

static int stay_root(void)
{
	return 0;
}

/* Asks for what happens in other network namespaces, too, where it may. */
static int overhear(int (*become)(void), int ready)
{
	struct nl ears;
	int cmd, one = 1;

	if (become() || nl_open(&ears))
		return 100;
	setsockopt(ears.fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &one,
		   sizeof(one));
	if (nl_join(&ears)) {
		if (write(ready, "x", 1) < 0)
			return 100;
		return 0;
	}
	if (write(ready, "x", 1) < 0)
		return 100;
	while ((cmd = nl_event(&ears, QUIET_MS)))
		if (cmd >= DMAEXER_CMD_BUF_NEW_NTF &&
		    nl_has(&ears, DMAEXER_A_BUF_DMA_ADDR))
			return 1;
	return 0;
}

static int overheard(struct dmx *d, int (*become)(void))
{
	int pipe_fd[2], status;
	char go;
	pid_t pid;

	if (pipe(pipe_fd))
		return 100;
	pid = fork();
	if (!pid)
		_exit(overhear(become, pipe_fd[1]));
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &go, 1) == 1)
		dmx_new(d, COHERENT, 8, 8);
	close(pipe_fd[0]);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

TEST_F(secret, root_hears_addresses)
{
	EXPECT_EQ(1, overheard(&self->d, stay_root));
}

TEST_F(secret, nobody_overhears_an_address)
{
	EXPECT_EQ(0, overheard(&self->d, become_nobody));
}

TEST_F(secret, root_without_cap_sys_admin_overhears_no_address)
{
	EXPECT_EQ(0, overheard(&self->d, become_less_than_admin));
}

TEST_F(secret, root_of_another_network_namespace_overhears_no_address)
{
	EXPECT_EQ(0, overheard(&self->d, become_root_of_network));
}

TEST_F(secret, root_of_another_user_namespace_overhears_no_address)
{
	if (!can_become_other_root())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_EQ(0, overheard(&self->d, become_other_root));
}

TEST_F(secret, root_of_both_other_namespaces_overhears_no_address)
{
	if (!can_become_other_root())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_EQ(0, overheard(&self->d, become_root_elsewhere));
}

/* Files below a directory; nftw() has no argument for its function. */
static char files[FILES_MAX][256];
static int files_count;

static int enter_file(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	if (type == FTW_F && files_count < FILES_MAX)
		snprintf(files[files_count++], sizeof(files[0]), "%s", path);
	return 0;
}

static int list_files(const char *dir)
{
	files_count = 0;
	return nftw(dir, enter_file, 8, FTW_PHYS) ? -1 : files_count;
}

static const char *debugfs_dir(struct dmx *d)
{
	return format("/sys/kernel/debug/dmaexer/%s", d->name);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) || st.st_uid || st.st_gid ? 0 :
	       st.st_mode & 07777;
}

TEST_F(secret, files_are_readable_for_root_alone_and_writable_for_a_box_alone)
{
	const char *box = dmx_debugfs(&self->d, self->box, "data");
	const char *mem = dmx_debugfs(&self->d, self->box, "mem");
	int i;

	/* of the device one, of each buffer one, contents and memory of two */
	ASSERT_EQ(8, list_files(debugfs_dir(&self->d)));
	for (i = 0; i < files_count; i++) {
		EXPECT_EQ(strcmp(files[i], box) && strcmp(files[i], mem) ?
			  0400 : 0600, mode_of(files[i])) TH_LOG("%s", files[i]);
	}
	ASSERT_EQ(2, list_files(postmortem_path(self->postmortem, "")));
	for (i = 0; i < files_count; i++) {
		EXPECT_EQ(0400, mode_of(files[i])) TH_LOG("%s", files[i]);
	}
}

/* How many of the files can be opened, when @become has been called. */
static int opened(int (*become)(void))
{
	int i, status, count = 0;
	pid_t pid = fork();

	if (pid) {
		waitpid(pid, &status, 0);
		return WEXITSTATUS(status);
	}
	if (become())
		_exit(100);
	for (i = 0; i < files_count; i++) {
		if (open(files[i], O_RDONLY) >= 0)
			count++;
		else if (errno != EPERM)
			_exit(101);
	}
	_exit(count);
}

TEST_F(secret, root_without_cap_sys_admin_opens_no_file)
{
	ASSERT_EQ(8, list_files(debugfs_dir(&self->d)));
	EXPECT_EQ(8, opened(stay_root));
	EXPECT_EQ(0, opened(become_less_than_admin));
	ASSERT_EQ(2, list_files(postmortem_path(self->postmortem, "")));
	EXPECT_EQ(2, opened(stay_root));
	EXPECT_EQ(0, opened(become_less_than_admin));
}

static bool quota_is_written(struct dmx *d)
{
	return file_write(dmx_sysfs(d, "quota_bufs"), "7") != -EPERM ||
	       file_write(dmx_sysfs(d, "quota_bytes"), "7") != -EPERM;
}

TEST_F(secret, root_without_cap_sys_admin_sets_no_quota)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(become_less_than_admin() ? 100 :
		      quota_is_written(&self->d));
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_NE(7, file_number(dmx_sysfs(&self->d, "quota_bufs")));
	EXPECT_NE(7, file_number(dmx_sysfs(&self->d, "quota_bytes")));
}

TEST_F(secret, values_are_readable_and_quotas_writable_for_root)
{
	int i;

	ASSERT_LT(0, list_files(dmx_sysfs(&self->d, "")));
	for (i = 0; i < files_count; i++) {
		EXPECT_EQ(strstr(files[i], "/quota_") ? 0644 : 0444,
			  mode_of(files[i])) TH_LOG("%s", files[i]);
	}
}

/*
 * Addresses of the kernel begin with so many ones, also where page tables have
 * five levels. A mask of all bits, or an error, is so near to the top that nothing
 * can be there.
 */
static bool is_kernel_address(uint64_t value)
{
	return value >> 56 == 0xff && value < -4096ULL * 1024;
}

/* As "%px" prints one, or "%p" where it does not hide. */
static const char *address_in_text(const char *text, size_t len)
{
	size_t from, to;

	for (from = 0; from < len; from = to + 1) {
		for (to = from; to < len && isxdigit(text[to]); to++)
			;
		if (to - from == 16 &&
		    is_kernel_address(strtoull(text + from, NULL, 16)))
			return format("%.16s", text + from);
	}
	return "";
}

static const char *address_in_bytes(const uint8_t *bytes, size_t len)
{
	uint64_t value;
	size_t i;

	for (i = 0; i + sizeof(value) <= len; i++) {
		memcpy(&value, bytes + i, sizeof(value));
		if (is_kernel_address(value))
			return format("%llx", (unsigned long long)value);
	}
	return address_in_text((const char *)bytes, len);
}

/* Each attribute by itself: what lies on both sides of an end is no value. */
static const char *address_in_message(const struct nlmsghdr *msg)
{
	size_t at = NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *attr;
	const char *found = "";

	for (; at < msg->nlmsg_len && !*found; at += NLA_ALIGN(attr->nla_len)) {
		attr = (const void *)((const char *)msg + at);
		found = address_in_bytes(nl_data(attr), nl_len(attr));
		if (*found)
			found = format("attribute %u has %s",
				       attr->nla_type & NLA_TYPE_MASK, found);
	}
	return found;
}

static const char *address_in_answer(const struct nl *nl)
{
	const struct nlmsghdr *msg = NULL;
	const char *found = "";

	while (!*found && (msg = nl_next(nl, msg)))
		found = address_in_message(msg);
	return found;
}

static const char *address_in_files(const char *dir)
{
	char text[16384];
	const char *found = "";
	int i, len;

	if (list_files(dir) <= 0)
		return format("nothing in %s", dir);
	for (i = 0; i < files_count && !*found; i++) {
		/* what a buffer holds is what the user wrote */
		if (strstr(files[i], "/data") || strstr(files[i], "/mem"))
			continue;
		len = file_read(files[i], text, sizeof(text) - 1);
		if (len <= 0)
			return format("%s cannot be read", files[i]);
		text[len] = '\0';
		found = address_in_text(text, len);
		if (*found)
			found = format("%s has %s", files[i], found);
	}
	return found;
}

TEST_F(secret, an_address_of_the_kernel_would_be_found)
{
	uint64_t stack = 0xff1b47d681f58c00;
	const char text[] = "a: ffff888012345678\n";

	EXPECT_STRNE("", address_in_bytes((void *)&stack, sizeof(stack)));
	EXPECT_STREQ("ffff888012345678",
		     address_in_text(text, sizeof(text) - 1));
}

TEST_F(secret, no_file_shows_an_address_of_the_kernel)
{
	EXPECT_STREQ("", address_in_files(debugfs_dir(&self->d)));
	EXPECT_STREQ("", address_in_files(postmortem_path(self->postmortem,
							  "")));
	EXPECT_STREQ("", address_in_files(dmx_sysfs(&self->d, "")));
	EXPECT_STREQ("", address_in_files("/sys/module/dmaexer/parameters"));
}

TEST_F(secret, no_answer_shows_an_address_of_the_kernel)
{
	static const uint8_t dumps[] = { DMAEXER_CMD_DEV_GET,
					 DMAEXER_CMD_BUF_GET,
					 DMAEXER_CMD_POSTMORTEM_GET,
					 DMAEXER_CMD_FAULT_GET };
	struct nl *nl = &self->d.nl;
	size_t i;

	nl_begin(nl, DMAEXER_CMD_FAULT_SET);
	nl_u32(nl, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_MAP);
	nl_flag(nl, DMAEXER_A_FAULT_OWNED);
	ASSERT_EQ(0, nl_call(nl));
	EXPECT_STREQ("", address_in_answer(nl));
	for (i = 0; i < ARRAY_SIZE(dumps); i++) {
		nl_begin(nl, dumps[i]);
		ASSERT_EQ(0, nl_dump(nl));
		ASSERT_NE(NULL, nl_next(nl, NULL));
		EXPECT_STREQ("", address_in_answer(nl));
	}
	EXPECT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_SHARE, self->box));
	EXPECT_STREQ("", address_in_answer(nl));
}

TEST_F(secret, no_notification_shows_an_address_of_the_kernel)
{
	struct nl ears;
	int cmd, last;

	ASSERT_EQ(0, nl_open(&ears));
	ASSERT_EQ(0, nl_join(&ears));
	ASSERT_EQ(0, dmx_buf_op(&self->d, DMAEXER_CMD_BUF_SHARE, self->box));
	ASSERT_NE(0, kept_new(&self->d, COHERENT, 64, true));
	ASSERT_EQ(0, dmx_dev_op(&self->d, DMAEXER_CMD_DEV_DEL, self->d.dev));
	for (last = 0; (cmd = nl_event(&ears, QUIET_MS)); last = cmd)
		EXPECT_STREQ("", address_in_answer(&ears));
	EXPECT_EQ(DMAEXER_CMD_DEV_DEL_NTF, last);
	nl_close(&ears);
}

TEST_HARNESS_MAIN
