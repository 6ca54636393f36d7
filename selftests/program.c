// SPDX-License-Identifier: GPL-2.0
#include "program.h"

#include "dmx.h"
#include "kselftest.h"

void give_up(bool named, const char *why)
{
	if (named)
		printf("TAP version 13\n1..1\n# %s\nnot ok 1 what the environment names can be used\n",
		       why);
	else
		printf("TAP version 13\n1..0 # SKIP %s\n", why);
	exit(named ? KSFT_FAIL : KSFT_SKIP);
}

const char *module_load(const char *ko, const char *parameters)
{
	return system(format("insmod '%s' %s", ko, parameters)) ?
	       format("%s cannot be loaded", ko) : "";
}

/*
 * A test that cannot run says why and is a skip, never a pass. It comes before
 * the constructors of the programs, which need the module.
 */
static void __attribute__((constructor(101))) require_module(void)
{
	const char *ko = getenv("DMAEXER_KO");
	const char *why = "";
	struct nl nl;

	if (geteuid())
		give_up(false, "needs root");
	if (!nl_open(&nl))
		return;
	if (ko)
		why = module_load(ko, "");
	else if (system("modprobe -q dmaexer"))
		why = "module dmaexer is not loaded";
	if (!*why && nl_open(&nl))
		why = "module dmaexer does not answer";
	if (*why)
		give_up(ko, why);
}
