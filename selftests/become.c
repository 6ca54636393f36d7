// SPDX-License-Identifier: GPL-2.0
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
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

bool can_become_other_root(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(become_other_root());
	waitpid(pid, &status, 0);
	return !status;
}
