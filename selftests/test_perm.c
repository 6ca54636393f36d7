// SPDX-License-Identifier: GPL-2.0
/* Who may: root of the initial user and network namespace, and nobody else. */
#include <sys/socket.h>
#include <sys/wait.h>

#include "become.h"
#include "dmx.h"
#include "harness.h"
#include "postmortem.h"


/* what a recv() of a dump offers, and more buffers than three of them take */
#define PART		4096
#define MANY		60

/* what is kept of a buffer of the test's */
static uint32_t postmortem;

FIXTURE(perm)
{
	struct dmx d;
	uint32_t box;
};

FIXTURE_SETUP(perm)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
	postmortem = postmortem_new(&self->d);
	ASSERT_NE(0, postmortem);
	self->box = dmx_new_filled(&self->d, BOX, 64, DMAEXER_PATTERN_RANDOM, 1);
	ASSERT_NE(0, self->box);
}

FIXTURE_TEARDOWN(perm)
{
	dmx_teardown(&self->d);
}

static void add_dev(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
}

static void add_owned_dev(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_flag(nl, DMAEXER_A_DEV_OWNED);
}

static void add_set(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_DEV_MAX_SEG_SIZE, 4096);
	nl_flag(nl, DMAEXER_A_DEV_FORCE);
}

static void add_buf(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_BUF_ID, buf);
}

static void add_postmortem(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_BUF_ID, postmortem);
}

static void add_new_buf(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, 64);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
}

static void add_field(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_BUF_ID, buf);
	nl_u64(nl, DMAEXER_A_BUF_INDEX, 0);
	nl_u32(nl, DMAEXER_A_BUF_WIDTH, 1);
}

static void add_value(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	add_field(nl, d, buf);
	nl_u64(nl, DMAEXER_A_BUF_VALUE, 1);
}

static void add_pattern(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_BUF_ID, buf);
	nl_u32(nl, DMAEXER_A_BUF_PATTERN, DMAEXER_PATTERN_BYTE);
}

static void add_xfer(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_XFER_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_XFER_SRC, buf);
	nl_u32(nl, DMAEXER_A_XFER_DST, buf);
}

static void add_protect(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_PROTECT_DEV_ID, d->dev);
	nl_u32(nl, DMAEXER_A_PROTECT_CASE, DMAEXER_PROTECT_CASE_WITHIN);
}

static void add_fault(struct nl *nl, const struct dmx *d, uint32_t buf)
{
	nl_u32(nl, DMAEXER_A_FAULT_OP, DMAEXER_FAULT_OP_ALLOC);
	nl_flag(nl, DMAEXER_A_FAULT_OWNED);
}

/*
 * Every request there is, right but for who asks, and what root is answered; in
 * an order in which root can make them one after the other. What a device
 * without a channel cannot do is said after it was looked who asks.
 */
static const struct request {
	uint8_t cmd;
	void (*add)(struct nl *nl, const struct dmx *d, uint32_t buf);
	int answer;
} requests[] = {
	{ DMAEXER_CMD_DEV_GET, add_dev },
	{ DMAEXER_CMD_DEV_NEW, add_owned_dev },
	{ DMAEXER_CMD_DEV_SET, add_set },
	{ DMAEXER_CMD_BUF_GET, add_buf },
	{ DMAEXER_CMD_BUF_NEW, add_new_buf },
	{ DMAEXER_CMD_BUF_READ, add_field },
	{ DMAEXER_CMD_BUF_WRITE, add_value },
	{ DMAEXER_CMD_BUF_FILL, add_pattern },
	{ DMAEXER_CMD_BUF_CHECK, add_pattern },
	{ DMAEXER_CMD_BUF_SHARE, add_buf },
	{ DMAEXER_CMD_XFER_RUN, add_xfer, EOPNOTSUPP },
	{ DMAEXER_CMD_PROTECT_RUN, add_protect, EOPNOTSUPP },
	{ DMAEXER_CMD_FAULT_SET, add_fault },
	{ DMAEXER_CMD_FAULT_GET, add_fault },
	{ DMAEXER_CMD_POSTMORTEM_GET, add_postmortem },
	{ DMAEXER_CMD_POSTMORTEM_DEL, add_postmortem },
	{ DMAEXER_CMD_BUF_DEL, add_buf },
	{ DMAEXER_CMD_DEV_DEL, add_dev },
};

static const struct request *request_of(uint32_t cmd)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i].cmd == cmd)
			return &requests[i];
	return NULL;
}

/* What the kernel says the family has: GENL_CMD_CAP_* of each command. */
struct commands {
	uint32_t flags[256];
};

static uint32_t word(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attr = nl_nested(nest, type);
	uint32_t value = 0;

	if (attr)
		memcpy(&value, nl_data(attr), sizeof(value));
	return value;
}

static const char *ask_commands(struct nl *nl, struct commands *commands)
{
	const struct nlattr *ops, *op;
	uint16_t family = nl->family;
	int i, err;

	memset(commands, 0, sizeof(*commands));
	nl->family = GENL_ID_CTRL;
	nl_begin(nl, CTRL_CMD_GETFAMILY);
	nl_str(nl, CTRL_ATTR_FAMILY_NAME, DMAEXER_FAMILY_NAME);
	err = nl_call(nl);
	nl->family = family;
	ops = err ? NULL : nl_attr(nl_next(nl, NULL), CTRL_ATTR_OPS);
	if (!ops)
		return format("the family has no commands: errno %d", err);
	for (i = 1; i < 256 && (op = nl_nested(ops, i)); i++)
		commands->flags[(uint8_t)word(op, CTRL_ATTR_OP_ID)] =
			word(op, CTRL_ATTR_OP_FLAGS);
	return "";
}

static const char *refused(struct nl *nl, const char *how, uint32_t cmd)
{
	if (nl->err == EPERM && nl->msg[0] && !nl->rx_len)
		return "";
	return format("%s %u: errno %d \"%s\", %zu bytes", how, cmd, nl->err,
		      nl->msg, nl->rx_len);
}

/*
 * Tries each command that the family has, also those that nobody has entered
 * above, and says the first thing that is wrong.
 */
static const char *all_refused(struct nl *nl, const struct dmx *d,
			       uint32_t buf)
{
	const struct request *request;
	struct commands commands;
	const char *wrong;
	uint32_t cmd;

	wrong = ask_commands(nl, &commands);
	for (cmd = 0; cmd < 256 && !*wrong; cmd++) {
		request = request_of(cmd);
		if (commands.flags[cmd] & GENL_CMD_CAP_DO) {
			nl_begin(nl, cmd);
			if (request)
				request->add(nl, d, buf);
			nl_call(nl);
			wrong = refused(nl, "request", cmd);
		}
		if (commands.flags[cmd] & GENL_CMD_CAP_DUMP && !*wrong) {
			nl_begin(nl, cmd);
			nl_dump(nl);
			wrong = refused(nl, "dump", cmd);
		}
	}
	return wrong;
}

static const char *with_own_socket(struct dmx *d, uint32_t buf)
{
	struct nl nl;
	int err = nl_open(&nl);

	return err ? format("no family: errno %d", err) :
		     all_refused(&nl, d, buf);
}

static const char *with_inherited_socket(struct dmx *d, uint32_t buf)
{
	return all_refused(&d->nl, d, buf);
}

/* Runs the tries as somebody else; returns what was wrong, "" for nothing. */
static const char *as(int (*become)(void), struct dmx *d, uint32_t buf,
		      const char *(*try)(struct dmx *d, uint32_t buf))
{
	static char said[512];
	const char *wrong;
	int pipe_fd[2];
	ssize_t len;

	if (pipe(pipe_fd))
		return "no pipe";
	if (!fork()) {
		wrong = become() ? "cannot become who should be refused" :
				   try(d, buf);
		_exit(write(pipe_fd[1], wrong, strlen(wrong) + 1) < 0);
	}
	close(pipe_fd[1]);
	len = read(pipe_fd[0], said, sizeof(said) - 1);
	close(pipe_fd[0]);
	wait(NULL);
	return len > 0 ? said : "the child died";
}

static const char *refused_as(int (*become)(void), struct dmx *d, uint32_t buf,
			      const char *(*try)(struct dmx *d, uint32_t buf))
{
	struct snap before = snap_take(d);
	const char *wrong = as(become, d, buf, try);
	const char *changed = snap_changed(d, &before);

	return *wrong ? wrong : changed;
}

/* A command that is new here has no row above, and that is not forgiven. */
TEST_F(perm, every_command_of_the_family_is_among_the_requests)
{
	struct commands commands;
	int cmd, count = 0;

	ASSERT_STREQ("", ask_commands(&self->d.nl, &commands));
	for (cmd = 0; cmd < 256; cmd++) {
		if (!commands.flags[cmd])
			continue;
		count++;
		EXPECT_NE(NULL, request_of(cmd)) TH_LOG("command %d", cmd);
		EXPECT_GE(DMAEXER_CMD_MAX, cmd);
	}
	EXPECT_EQ(ARRAY_SIZE(requests), count);
}

static const char *all_answered(struct dmx *d, uint32_t buf)
{
	struct nl nl;
	size_t i;

	if (nl_open(&nl))
		return "no family";
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		nl_begin(&nl, requests[i].cmd);
		requests[i].add(&nl, d, buf);
		if (nl_call(&nl) != requests[i].answer)
			return format("command %u: errno %d \"%s\"",
				      requests[i].cmd, nl.err, nl.msg);
	}
	nl_close(&nl);
	return "";
}

/* So that who is refused is refused for who he is. */
TEST_F(perm, root_may_make_each_request)
{
	EXPECT_STREQ("", all_answered(&self->d, self->box));
}

/* Of all that root has, that one capability counts. */
TEST_F(perm, cap_sys_admin_alone_may_make_each_request)
{
	EXPECT_STREQ("", as(become_admin_alone, &self->d, self->box,
			    all_answered));
}

TEST_F(perm, root_without_cap_sys_admin_gets_eperm)
{
	EXPECT_STREQ("", refused_as(become_less_than_admin, &self->d, self->box,
				    with_own_socket));
	EXPECT_STREQ("", refused_as(become_less_than_admin, &self->d, self->box,
				    with_inherited_socket));
}

TEST_F(perm, nobody_gets_eperm_and_a_sentence)
{
	EXPECT_STREQ("", refused_as(become_nobody, &self->d, self->box,
				    with_own_socket));
}

TEST_F(perm, root_of_another_user_namespace_gets_eperm)
{
	if (!can_become_other_root())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_STREQ("", refused_as(become_other_root, &self->d, self->box,
				    with_own_socket));
}

TEST_F(perm, root_in_another_network_namespace_gets_eperm)
{
	EXPECT_STREQ("", refused_as(become_root_of_network, &self->d,
				    self->box, with_own_socket));
}

TEST_F(perm, root_of_both_other_namespaces_gets_eperm)
{
	if (!can_become_other_root())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_STREQ("", refused_as(become_root_elsewhere, &self->d, self->box,
				    with_own_socket));
}

/* A socket that root opened and gave away is not root. */
TEST_F(perm, an_inherited_socket_gives_nobody_no_power)
{
	EXPECT_STREQ("", refused_as(become_nobody, &self->d, self->box,
				    with_inherited_socket));
}

TEST_F(perm, an_inherited_socket_gives_other_roots_no_power)
{
	if (!can_become_other_root())
		SKIP(return, "cannot make a user namespace (in a chroot?)");
	EXPECT_STREQ("", refused_as(become_root_elsewhere, &self->d, self->box,
				    with_inherited_socket));
}

/* Nor does root lend its power to whoever has it write to a socket of his. */
TEST_F(perm, a_socket_that_nobody_opened_has_no_power_in_the_hands_of_root)
{
	struct snap before;
	struct nl nl;

	before = snap_take(&self->d);
	ASSERT_EQ(0, seteuid(NOBODY));
	EXPECT_EQ(0, nl_open(&nl));
	ASSERT_EQ(0, seteuid(0));
	EXPECT_STREQ("", all_refused(&nl, &self->d, self->box));
	nl_close(&nl);
	EXPECT_STREQ("", snap_changed(&self->d, &before));
}

/* What of a dump is left; in the end @err. Returns the number of its parts. */
static int read_rest(const struct nl *nl, int *err)
{
	struct nlmsghdr head;
	char part[PART];
	int parts = 0;

	for (;;) {
		if (recv(nl->fd, part, sizeof(part), 0) < NLMSG_HDRLEN)
			return -1;
		memcpy(&head, part, sizeof(head));
		if (head.nlmsg_type == NLMSG_DONE) {
			memcpy(err, part + NLMSG_HDRLEN, sizeof(*err));
			return parts;
		}
		parts++;
	}
}

/* The kernel keeps the next part ready; it is made by whoever asked before. */
static const char *rest_refused(struct dmx *d, uint32_t buf)
{
	int err = 0;
	int parts = read_rest(&d->nl, &err);

	return parts == 1 && err == -EPERM ? "" :
	       format("%d parts, errno %d", parts, -err);
}

/* A new socket, since the kernel fits parts to what one ever offered. */
static int dump_part(struct nl *nl)
{
	char part[PART];
	int err = nl_open(nl);

	if (err)
		return err;
	nl_begin(nl, DMAEXER_CMD_BUF_GET);
	return nl_dump_half(nl, part, sizeof(part));
}

TEST_F(perm, the_rest_of_a_dump_of_root_is_not_for_nobody)
{
	struct dmx held = self->d;
	int i, err = 0;

	for (i = 0; i < MANY; i++)
		ASSERT_NE(0, dmx_new(&self->d, COHERENT, 1, 1));
	ASSERT_EQ(0, dump_part(&held.nl));
	EXPECT_LT(2, read_rest(&held.nl, &err));
	EXPECT_EQ(0, err);
	nl_close(&held.nl);

	ASSERT_EQ(0, dump_part(&held.nl));
	EXPECT_STREQ("", as(become_nobody, &held, 0, rest_refused));
	nl_close(&held.nl);
}

TEST_HARNESS_MAIN
