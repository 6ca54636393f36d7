/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DMAEXER_UNIT_H
#define DMAEXER_UNIT_H

#include <stdio.h>
#include <stdlib.h>

#define check(cond)							\
	do {								\
		if (!(cond)) {						\
			printf("not ok - %s:%d: %s\n", __func__,	\
			       __LINE__, #cond);			\
			exit(1);					\
		}							\
	} while (0)

#define run(test)							\
	do {								\
		test();							\
		printf("ok - %s\n", #test);				\
	} while (0)

#endif
