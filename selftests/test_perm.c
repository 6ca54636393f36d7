// SPDX-License-Identifier: GPL-2.0
/* Who may: root of the initial user and network namespace, and nobody else. */
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "dmx.h"
#include "kselftest_harness.h"

#define NOBODY		65534
#define QUIET_MS	300

FIXTURE(perm)
{
	struct dmx d;
	uint32_t box;
	uint32_t coherent;
};

FIXTURE_SETUP(perm)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	self->box = dmx_new_filled(&self->d, BOX, 64, DMAEXER_PATTERN_RANDOM, 1);
	self->coherent = dmx_new(&self->d, COHERENT, 8, 8);
	ASSERT_NE(0, self->coherent);
}

FIXTURE_TEARDOWN(perm)
{
	dmx_teardown(&self->d);
}

/* Every request there is, right but for who asks. */
static void begin(struct nl *nl, uint8_t cmd, uint32_t dev, uint32_t buf)
{
	nl_begin(nl, cmd);
	if (cmd == DMAEXER_CMD_BUF_NEW) {
		nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
		nl_u64(nl, DMAEXER_A_BUF_COUNT, 64);
	} else if (cmd < DMAEXER_CMD_BUF_GET && cmd != DMAEXER_CMD_DEV_NEW) {
		nl_u32(nl, DMAEXER_A_DEV_ID, dev);
	} else if (cmd >= DMAEXER_CMD_FAULT_SET) {
		nl_u32(nl, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_ALLOC);
	} else if (cmd > DMAEXER_CMD_BUF_NEW || cmd == DMAEXER_CMD_BUF_GET) {
		nl_u32(nl, DMAEXER_A_BUF_ID, buf);
	}
	if (cmd == DMAEXER_CMD_BUF_READ || cmd == DMAEXER_CMD_BUF_WRITE) {
		nl_u64(nl, DMAEXER_A_BUF_INDEX, 0);
		nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
	}
	if (cmd == DMAEXER_CMD_BUF_WRITE)
		nl_u64(nl, DMAEXER_A_BUF_VALUE, 1);
	if (cmd == DMAEXER_CMD_BUF_FILL || cmd == DMAEXER_CMD_BUF_CHECK)
		nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_BYTE);
}

/* Tries it all and says the first thing that is wrong. */
static const char *all_refused(uint32_t dev, uint32_t buf)
{
	static const uint8_t dumps[] = { DMAEXER_CMD_DEV_GET,
					 DMAEXER_CMD_BUF_GET,
					 DMAEXER_CMD_FAULT_GET };
	struct nl nl;
	uint8_t cmd;
	size_t i;
	int err;

	err = nl_open(&nl);
	if (err)
		return format("no family: errno %d", err);
	for (cmd = DMAEXER_CMD_DEV_GET; cmd <= DMAEXER_CMD_FAULT_GET; cmd++) {
		if (cmd == DMAEXER_CMD_DEV_ADD_NTF ||
		    cmd == DMAEXER_CMD_DEV_DEL_NTF ||
		    (cmd > DMAEXER_CMD_BUF_CHECK &&
		     cmd < DMAEXER_CMD_FAULT_SET))
			continue;
		begin(&nl, cmd, dev, buf);
		err = nl_call(&nl);
		if (err != EPERM || !nl.msg[0] || nl.rx_len)
			return format("command %u: errno %d \"%s\", %zu bytes",
				      cmd, err, nl.msg, nl.rx_len);
	}
	for (i = 0; i < ARRAY_SIZE(dumps); i++) {
		nl_begin(&nl, dumps[i]);
		err = nl_dump(&nl);
		if (err != EPERM || !nl.msg[0] || nl.rx_len)
			return format("dump %u: errno %d \"%s\", %zu bytes",
				      dumps[i], err, nl.msg, nl.rx_len);
	}
	return "";
}

static int become_nobody(void)
{
	return setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	       setresuid(NOBODY, NOBODY, NOBODY);
}

/* Root again, but in a user namespace that anybody can make. */
static int become_other_root(void)
{
	const char *map = format("0 %d 1", NOBODY);

	if (become_nobody() || prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER))
		return 1;
	return file_write("/proc/self/uid_map", map) || geteuid() != 0;
}

static int leave_network(void)
{
	return unshare(CLONE_NEWNET);
}

static int become_root_elsewhere(void)
{
	return become_other_root() || leave_network();
}

/* Runs the tries as somebody else; returns what was wrong, "" for nothing. */
static const char *as(int (*become)(void), uint32_t dev, uint32_t buf)
{
	static char said[512];
	const char *wrong;
	int pipe_fd[2];
	ssize_t len;

	if (pipe(pipe_fd))
		return "no pipe";
	if (!fork()) {
		wrong = become() ? "cannot become who should be refused" :
				   all_refused(dev, buf);
		_exit(write(pipe_fd[1], wrong, strlen(wrong) + 1) < 0);
	}
	close(pipe_fd[1]);
	len = read(pipe_fd[0], said, sizeof(said) - 1);
	close(pipe_fd[0]);
	wait(NULL);
	return len > 0 ? said : "the child died";
}

static const char *refused_as(struct dmx *d, int (*become)(void), uint32_t buf)
{
	struct snap before = snap_take(d);
	const char *wrong = as(become, d->dev, buf);
	struct snap after = snap_take(d);

	return *wrong ? wrong : snap_diff(&before, &after);
}

/* The kernel makes no user namespace for who sits in a chroot. */
static bool can_make_user_namespace(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(become_other_root());
	waitpid(pid, &status, 0);
	return !status;
}

TEST_F(perm, nobody_gets_eperm_and_a_sentence)
{
	EXPECT_STREQ("", refused_as(&self->d, become_nobody, self->coherent));
}

TEST_F(perm, root_of_another_user_namespace_gets_eperm)
{
	if (!can_make_user_namespace())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_STREQ("", refused_as(&self->d, become_other_root,
				    self->coherent));
}

TEST_F(perm, root_in_another_network_namespace_gets_eperm)
{
	EXPECT_STREQ("", refused_as(&self->d, leave_network, self->coherent));
}

TEST_F(perm, root_of_both_other_namespaces_gets_eperm)
{
	if (!can_make_user_namespace())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_STREQ("", refused_as(&self->d, become_root_elsewhere,
				    self->coherent));
}

/* A socket that root opened and gave away is not root. */
TEST_F(perm, an_inherited_socket_gives_nobody_no_power)
{
	struct snap before, after;
	pid_t pid;
	int status;

	before = snap_take(&self->d);
	pid = fork();
	if (!pid) {
		if (become_nobody())
			_exit(100);
		nl_begin(&self->d.nl, DMAEXER_CMD_DEV_NEW);
		_exit(nl_call(&self->d.nl));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	after = snap_take(&self->d);
	EXPECT_STREQ("", snap_diff(&before, &after));
}

/* Either the group is closed to nobody, or what it tells has no address. */
static int overhear(int (*become)(void), int ready)
{
	struct nl ears;
	int cmd;

	if (become() || nl_open(&ears))
		return 100;
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

TEST_F(perm, nobody_overhears_an_address)
{
	EXPECT_EQ(0, overheard(&self->d, become_nobody));
}

TEST_F(perm, root_of_another_network_namespace_overhears_no_address)
{
	EXPECT_EQ(0, overheard(&self->d, leave_network));
}

TEST_F(perm, root_of_another_user_namespace_overhears_no_address)
{
	if (!can_make_user_namespace())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_EQ(0, overheard(&self->d, become_other_root));
}

TEST_F(perm, files_are_readable_for_root_alone_and_writable_for_a_box_alone)
{
	static const char * const facts[] = {
		"dma_mask", "coherent_dma_mask", "max_seg_size", "live_bytes",
		"live_bufs", "total_bufs", "violations",
	};
	struct dmx *d = &self->d;
	struct stat st;
	size_t i;

	ASSERT_EQ(0, stat(dmx_debugfs(d, self->box, "data"), &st));
	EXPECT_EQ(0600, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_uid);
	ASSERT_EQ(0, stat(dmx_debugfs(d, self->coherent, "data"), &st));
	EXPECT_EQ(0400, st.st_mode & 07777);
	ASSERT_EQ(0, stat(dmx_debugfs(d, self->coherent, "info"), &st));
	EXPECT_EQ(0400, st.st_mode & 07777);
	for (i = 0; i < ARRAY_SIZE(facts); i++) {
		ASSERT_EQ(0, stat(dmx_sysfs(d, facts[i]), &st));
		EXPECT_EQ(0, st.st_mode & 0222);
	}
	ASSERT_EQ(0, stat(dmx_sysfs(d, "quota_bytes"), &st));
	EXPECT_EQ(0200, st.st_mode & 0222);
}

TEST_HARNESS_MAIN
