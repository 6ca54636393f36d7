// SPDX-License-Identifier: GPL-2.0
/* Who owns what, and what dies with whom. */
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "become.h"
#include "dmx.h"
#include "harness.h"

#define PATIENCE_MS	5000

FIXTURE(owner)
{
	struct dmx d;
};

FIXTURE_SETUP(owner)
{
	ASSERT_STREQ("", dmx_setup(&self->d));
}

FIXTURE_TEARDOWN(owner)
{
	dmx_teardown(&self->d);
}

static uint32_t new_owned(struct nl *nl, uint32_t dev, uint32_t kind)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, 5000);
	nl_flag(nl, DMAEXER_A_BUF_OWNED);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_BUF_ID);
}

static uint32_t new_dev(struct nl *nl, bool owned)
{
	nl_begin(nl, DMAEXER_CMD_DEV_NEW);
	if (owned)
		nl_flag(nl, DMAEXER_A_DEV_OWNED);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_DEV_ID);
}

/* The kernel may do the last part of a close later. */
static bool gone_soon(struct dmx *d, uint8_t cmd, uint32_t id)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (!dmx_exists(d, cmd, id))
			return true;
		usleep(1000);
	}
	return false;
}

TEST_F(owner, an_owned_buffer_names_its_owner)
{
	struct nl *nl = &self->d.nl;

	ASSERT_NE(0, new_owned(nl, self->d.dev, COHERENT));
	EXPECT_TRUE(nl_has(nl, DMAEXER_A_BUF_OWNED));
	EXPECT_EQ(nl->port, nl_get_u32(nl, DMAEXER_A_BUF_OWNER));
	dmx_begin_new(&self->d, COHERENT, 1, 64);
	ASSERT_EQ(0, nl_call(nl));
	EXPECT_FALSE(nl_has(nl, DMAEXER_A_BUF_OWNED));
	EXPECT_FALSE(nl_has(nl, DMAEXER_A_BUF_OWNER));
}

TEST_F(owner, close_takes_what_is_owned_and_leaves_the_rest)
{
	struct dmx *d = &self->d;
	uint32_t owned[6], unowned, other;
	struct nl nl;
	int i;

	ASSERT_EQ(0, nl_open(&nl));
	for (i = 0; i < 6; i++) {
		owned[i] = new_owned(&nl, d->dev, i % 3);
		ASSERT_NE(0, owned[i]);
	}
	nl_begin(&nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&nl, DMAEXER_A_BUF_DEV_ID, d->dev);
	nl_u64(&nl, DMAEXER_A_BUF_COUNT, 64);
	ASSERT_EQ(0, nl_call(&nl));
	unowned = nl_get_u32(&nl, DMAEXER_A_BUF_ID);
	other = new_owned(&d->nl, d->dev, BOX);
	nl_close(&nl);
	for (i = 0; i < 6; i++) {
		EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, owned[i]));
	}
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, unowned));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, other));
	EXPECT_EQ(2, dmx_live_bufs(d));
	EXPECT_FALSE(file_exists(dmx_debugfs(d, owned[1], "info")));
}

TEST_F(owner, close_takes_an_owned_device_with_buffers_of_others)
{
	struct dmx *d = &self->d;
	uint32_t dev, stays, buf;
	struct nl nl;

	ASSERT_EQ(0, nl_open(&nl));
	dev = new_dev(&nl, true);
	stays = new_dev(&nl, false);
	ASSERT_NE(0, stays);
	buf = new_owned(&d->nl, dev, COHERENT);
	ASSERT_NE(0, buf);
	nl_close(&nl);
	EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_DEV_GET, dev));
	EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, buf));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_DEV_GET, stays));
	EXPECT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, stays));
}

TEST_F(owner, kill_9_of_a_process_takes_what_it_owned)
{
	struct dmx *d = &self->d;
	uint32_t ids[3];
	int pipe_fd[2];
	struct nl nl;
	pid_t pid;

	ASSERT_EQ(0, pipe(pipe_fd));
	pid = fork();
	if (!pid) {
		nl_open(&nl);
		ids[0] = new_dev(&nl, true);
		ids[1] = new_owned(&nl, d->dev, COHERENT);
		ids[2] = new_owned(&nl, ids[0], HANDLE);
		if (write(pipe_fd[1], ids, sizeof(ids)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	close(pipe_fd[1]);
	ASSERT_EQ(sizeof(ids), read(pipe_fd[0], ids, sizeof(ids)));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, ids[2]));
	EXPECT_EQ(1, dmx_live_bufs(d));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_DEV_GET, ids[0]));
	EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, ids[1]));
	EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, ids[2]));
	EXPECT_EQ(0, dmx_live_bufs(d));
}

TEST_F(owner, a_socket_shared_by_two_processes_owns_until_both_are_gone)
{
	struct dmx *d = &self->d;
	int pipe_fd[2];
	struct nl nl;
	uint32_t id;
	pid_t pid;
	char go;

	ASSERT_EQ(0, pipe(pipe_fd));
	ASSERT_EQ(0, nl_open(&nl));
	id = new_owned(&nl, d->dev, BOX);
	pid = fork();
	if (!pid) {
		close(pipe_fd[1]);
		_exit(read(pipe_fd[0], &go, 1));
	}
	nl_close(&nl);
	usleep(100 * 1000);
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, id));
	close(pipe_fd[1]);
	waitpid(pid, NULL, 0);
	EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, id));
}

TEST_F(owner, a_socket_that_reuses_a_port_does_not_own_what_was_owned)
{
	struct dmx *d = &self->d;
	uint32_t old, fresh, port;
	struct nl nl;
	int err, i;

	for (i = 0; i < 50; i++) {
		ASSERT_EQ(0, nl_open(&nl));
		port = nl.port;
		old = new_owned(&nl, d->dev, COHERENT);
		ASSERT_NE(0, old);
		nl_close(&nl);
		while ((err = nl_open_port(&nl, port)) == EADDRINUSE)
			close(nl.fd);
		ASSERT_EQ(0, err);
		ASSERT_EQ(port, nl.port);
		fresh = new_owned(&nl, d->dev, COHERENT);
		ASSERT_NE(0, fresh);
		EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, old));
		EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, fresh));
		nl_close(&nl);
		EXPECT_TRUE(gone_soon(d, DMAEXER_CMD_BUF_GET, fresh));
	}
}

/* Only sockets of generic netlink in the initial network namespace own. */
TEST_F(owner, a_socket_of_another_protocol_with_the_same_port_takes_nothing)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct dmx *d = &self->d;
	uint32_t id;
	int fd;

	id = new_owned(&d->nl, d->dev, COHERENT);
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	addr.nl_pid = d->nl.port;
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	close(fd);
	usleep(100 * 1000);
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, id));
}

/* It closes a socket of that port in a network namespace of its own. */
static int close_elsewhere(uint32_t port)
{
	struct nl nl;

	return become_root_of_network() || nl_open_port(&nl, port) ||
	       close(nl.fd);
}

TEST_F(owner, a_socket_of_another_network_namespace_takes_nothing)
{
	struct dmx *d = &self->d;
	int status = -1;
	uint32_t id;
	pid_t pid;

	id = new_owned(&d->nl, d->dev, COHERENT);
	ASSERT_NE(0, id);
	pid = fork();
	if (!pid)
		_exit(close_elsewhere(d->nl.port));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, status);
	usleep(100 * 1000);
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_BUF_GET, id));
	EXPECT_TRUE(dmx_exists(d, DMAEXER_CMD_DEV_GET, d->dev));
}

/* Who binds it again by hand does so for good, whoever made it. */
TEST_F(owner, a_device_that_is_bound_again_is_nobodys)
{
	static const char driver[] = "/sys/bus/platform/drivers/dmaexer";
	struct dmx *d = &self->d;
	char name[64];
	struct nl nl;
	uint32_t id;

	ASSERT_EQ(0, nl_open(&nl));
	ASSERT_NE(0, new_dev(&nl, true));
	snprintf(name, sizeof(name), "%s", nl_get_str(&nl, DMAEXER_A_DEV_NAME));
	ASSERT_EQ(0, file_write(format("%s/unbind", driver), name));
	ASSERT_EQ(0, file_write(format("%s/bind", driver), name));
	id = nl_dev_named(&d->peek, name);
	ASSERT_NE(0, id);
	ASSERT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_GET, id));
	EXPECT_FALSE(nl_has(&d->nl, DMAEXER_A_DEV_OWNED));
	nl_close(&nl);
	usleep(100 * 1000);
	EXPECT_EQ(0, dmx_dev_op(d, DMAEXER_CMD_DEV_DEL, id));
}

struct creator {
	struct nl nl;
	uint32_t dev;
	int made;
	bool stop;
};

/* Sends and does not wait: the socket may be closed under it. */
static void *create(void *arg)
{
	struct creator *c = arg;
	int fd = dup(c->nl.fd);
	struct nlmsghdr *head = (void *)c->nl.tx;

	nl_begin(&c->nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(&c->nl, DMAEXER_A_BUF_DEV_ID, c->dev);
	nl_u64(&c->nl, DMAEXER_A_BUF_COUNT, 64);
	nl_flag(&c->nl, DMAEXER_A_BUF_OWNED);
	head->nlmsg_len = c->nl.tx_len;
	head->nlmsg_flags = NLM_F_REQUEST;
	while (!__atomic_load_n(&c->stop, __ATOMIC_RELAXED)) {
		if (send(fd, c->nl.tx, c->nl.tx_len, 0) > 0)
			__atomic_add_fetch(&c->made, 1, __ATOMIC_RELAXED);
	}
	close(fd);
	return NULL;
}

TEST_F_TIMEOUT(owner, a_close_while_a_thread_creates_leaves_nothing, 120)
{
	struct dmx *d = &self->d;
	struct creator c = { .dev = d->dev };
	pthread_t thread;
	int round, ms;

	for (round = 0; round < 30; round++) {
		ASSERT_EQ(0, nl_open(&c.nl));
		c.made = 0;
		c.stop = false;
		ASSERT_EQ(0, pthread_create(&thread, NULL, create, &c));
		while (__atomic_load_n(&c.made, __ATOMIC_RELAXED) < 20)
			usleep(100);
		close(c.nl.fd);
		__atomic_store_n(&c.stop, true, __ATOMIC_RELAXED);
		pthread_join(thread, NULL);
		free(c.nl.tx);
		free(c.nl.rx);
		for (ms = 0; ms < PATIENCE_MS && dmx_live_bufs(d); ms++)
			usleep(1000);
		ASSERT_EQ(0, dmx_live_bufs(d));
	}
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_F_TIMEOUT(owner, a_kill_while_a_process_creates_leaves_nothing, 120)
{
	struct dmx *d = &self->d;
	uint64_t made;
	int round, ms;
	struct nl nl;
	pid_t pid;

	for (round = 0; round < 20; round++) {
		made = dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS);
		pid = fork();
		if (!pid) {
			nl_open(&nl);
			while (new_owned(&nl, d->dev, nl.seq % 3))
				;
			_exit(0);
		}
		while (dmx_dev_u64(d, DMAEXER_A_DEV_TOTAL_BUFS) < made + 10)
			usleep(100 * round);
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		for (ms = 0; ms < PATIENCE_MS && dmx_live_bufs(d); ms++)
			usleep(1000);
		ASSERT_EQ(0, dmx_live_bufs(d));
	}
}

TEST_F(owner, another_socket_may_delete_what_is_owned)
{
	struct dmx *d = &self->d;
	struct nl nl;
	uint32_t id;

	ASSERT_EQ(0, nl_open(&nl));
	id = new_owned(&nl, d->dev, COHERENT);
	EXPECT_EQ(0, dmx_buf_op(d, DMAEXER_CMD_BUF_DEL, id));
	EXPECT_EQ(0, dmx_live_bufs(d));
	nl_close(&nl);
	EXPECT_EQ(NULL, dmx_complaint(d));
}

TEST_HARNESS_MAIN
