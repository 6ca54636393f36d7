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

/* The module needs another one, which lies beside it. */
static const char *load_both(const char *ko, const char *parameters)
{
	if (system("core=\"${DMAEXER_KO%/*}/dmaexer_core.ko\"\n"
		   "[ -d /sys/module/dmaexer_core ] || [ ! -e \"$core\" ] ||"
		   "	insmod \"$core\""))
		return "dmaexer_core.ko cannot be loaded";
	return module_load(ko, parameters);
}

static const char *load(const char *parameters)
{
	const char *ko = getenv("DMAEXER_KO");

	if (ko)
		return load_both(ko, parameters);
	return system(format("modprobe -q dmaexer %s", parameters)) ?
	       "module dmaexer is not loaded" : "";
}

const char *dmaexer_load(void)
{
	return load("");
}

const char *dmaexer_reload(const char *parameters)
{
	if (system("rmmod dmaexer"))
		return "dmaexer cannot be unloaded";
	return load(parameters);
}

/*
 * A test that cannot run says why and is a skip, never a pass. It comes before
 * the constructors of the programs, which need the module.
 */
static void __attribute__((constructor(101))) require_module(void)
{
	const char *why;
	struct nl nl;

	if (geteuid())
		give_up(false, "needs root");
	if (!nl_open(&nl))
		return;
	why = dmaexer_load();
	if (!*why && nl_open(&nl))
		why = "module dmaexer does not answer";
	if (*why)
		give_up(getenv("DMAEXER_KO"), why);
}
