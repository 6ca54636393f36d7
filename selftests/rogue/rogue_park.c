// SPDX-License-Identifier: GPL-2.0
/*
 * Stops who comes to a function of dmaexer before it has done anything there, or
 * when all is done, so that a test has others come in between. The function is entered by a detour,
 * which may sleep, unlike the handler of a probe.
 */

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "rogue_park.h"

typedef long (*function_t)(long a, long b, long c, long d, long e, long f);

static char parks[64] = "nothing";
static DECLARE_COMPLETION(leave);
static struct kprobe probe;
static struct task_struct *guest;

static bool late;
module_param(late, bool, 0644);
MODULE_PARM_DESC(late, "who comes is stopped when leaving, not when entering (default no)");

static bool parked;
module_param(parked, bool, 0444);
MODULE_PARM_DESC(parked, "somebody is stopped");

static void park(void)
{
	WRITE_ONCE(parked, true);
	wait_for_completion_timeout(&leave, 60 * HZ);
	WRITE_ONCE(parked, false);
}

/* Whatever a function takes, it is in registers and goes on as it came. */
static long detour(long a, long b, long c, long d, long e, long f)
{
	function_t function = (function_t)probe.addr;
	bool stays = late;
	long result;

	if (!stays)
		park();
	result = function(a, b, c, d, e, f);
	if (stays)
		park();
	return result;
}

/* The first who comes, and not again when the detour leads back. */
static int arrive(struct kprobe *kp, struct pt_regs *regs)
{
	if (cmpxchg(&guest, NULL, current))
		return 0;
	instruction_pointer_set(regs, (unsigned long)detour);
	return 1;
}

/* Where it has one, a probe is not made a jump, which leads nowhere else. */
static void after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}

static void leave_all(void)
{
	if (probe.pre_handler)
		unregister_kprobe(&probe);
	memset(&probe, 0, sizeof(probe));
	complete_all(&leave);
}

static int arm(void)
{
	int err;

	reinit_completion(&leave);
	guest = NULL;
	probe.symbol_name = parks;
	probe.pre_handler = arrive;
	probe.post_handler = after;
	err = register_kprobe(&probe);
	if (err)
		memset(&probe, 0, sizeof(probe));
	return err;
}

static int parks_set(const char *value, const struct kernel_param *kp)
{
	int err;

	leave_all();
	err = param_set_copystring(value, kp);
	if (err || sysfs_streq(value, "nothing"))
		return err;
	return arm();
}

static const struct kernel_param_ops parks_ops = {
	.set	= parks_set,
	.get	= param_get_string,
};

static struct kparam_string parks_string = {
	.maxlen = sizeof(parks),
	.string = parks,
};

module_param_cb(parks, &parks_ops, &parks_string, 0644);
MODULE_PARM_DESC(parks,
		 "nothing; or module:function, where the first who comes is stopped until it is nothing again, for a minute at most");

/**
 * rogue_park_exit() - let go who is stopped
 */
void rogue_park_exit(void)
{
	leave_all();
}
