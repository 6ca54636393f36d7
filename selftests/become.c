// SPDX-License-Identifier: GPL-2.0
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "become.h"
#include "dmx.h"

int become_nobody(void)
{
	return setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	       setresuid(NOBODY, NOBODY, NOBODY);
}

int become_other_root(void)
{
	const char *map = format("0 %d 1", NOBODY);

	if (become_nobody() || prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER))
		return 1;
	return file_write("/proc/self/uid_map", map) || geteuid() != 0;
}

int become_root_of_network(void)
{
	return unshare(CLONE_NEWNET);
}

int become_root_elsewhere(void)
{
	return become_other_root() || become_root_of_network();
}

/* Of each of the words of capabilities, those in @keep stay. */
static int keep_capabilities(const uint32_t *keep)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	int i;

	if (syscall(SYS_capget, &head, data))
		return 1;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= keep[i];
		data[i].effective &= keep[i];
		data[i].inheritable &= keep[i];
	}
	return syscall(SYS_capset, &head, data);
}

int become_less_than_admin(void)
{
	static const uint32_t keep[] = { ~(1u << CAP_SYS_ADMIN), ~0u };

	return keep_capabilities(keep);
}

int become_admin_alone(void)
{
	static const uint32_t keep[] = { 1u << CAP_SYS_ADMIN, 0 };

	return keep_capabilities(keep);
}

bool can_become_other_root(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(become_other_root());
	waitpid(pid, &status, 0);
	return !status;
}
