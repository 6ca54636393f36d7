/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who is not root of the initial namespaces. A process becomes somebody else for
 * good, so it is a child of the test's.
 */
#ifndef DMAEXER_SELFTEST_BECOME_H
#define DMAEXER_SELFTEST_BECOME_H

#include <stdbool.h>

#define NOBODY	65534

/* Each returns 0, or something else where the process cannot. */
int become_nobody(void);
/* Root again, but in a user namespace that anybody can make. */
int become_other_root(void);
/* Still root, in another network namespace. */
int become_root_of_network(void);
/* Root of another user namespace and of a network namespace that it owns. */
int become_root_elsewhere(void);

/* Root, with every capability but CAP_SYS_ADMIN; and with that one alone. */
int become_less_than_admin(void);
int become_admin_alone(void);

/* The kernel makes no user namespace for who sits in a chroot. */
bool can_become_other_root(void);

#endif
