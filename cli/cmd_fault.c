// SPDX-License-Identifier: GPL-2.0
/* fault: has something inside the driver fail. */
#include <linux/dmaexer.h>

#include "cmd.h"
#include "names.h"

static int fault_set_run(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct object request;
	struct object fault;
	int err;

	if (!client)
		return STATUS_REFUSED;
	object_init(&fault, &fault_set);
	object_init(&request, &fault_set);
	err = args_request(args, &request);
	if (ctx->step)
		object_set_num(&request, DMAEXER_A_FAULT_OWNED, 1);
	if (!err)
		err = client_fault_set(client, &request, &fault);
	object_free(&request);
	return ctx_show(ctx, err, &fault);
}

static int fault_list(struct ctx *ctx, const struct args *args)
{
	struct client *client = ctx_client(ctx);
	struct objects faults = { 0 };
	int err;

	(void)args;
	if (!client)
		return STATUS_REFUSED;
	err = client_fault_list(client, &faults);
	if (!err)
		err = out_list(&ctx->out, &fault_set, &faults);
	objects_free(&faults);
	return ctx_status(ctx, err);
}

static const struct opt set_opts[] = {
	{ .name = "OP", .kind = OPT_WORD, .flags = OPT_REQUIRED,
	  .words = &fault_op_words, .attr = DMAEXER_A_FAULT_OP,
	  .help = "memory, of the driver's own (ENOMEM); alloc, memory of a buffer (ENOMEM); init, the pattern of a new buffer (EIO); number, of an object (ENOMEM, EBUSY); register, a virtual device (ENOMEM); mask, of a device (EIO); debugfs, a directory there, without which an object is made all the same; sysfs, the files of a channel (ENOMEM); channel, the request of one (ENOENT); submit, a copy by a channel (EIO); map, a streaming mapping (ENOMEM); reply, memory for one (ENOMEM); send, a reply that its socket does not take (EAGAIN, ECONNREFUSED); dump, a message of a list that does not fit (EMSGSIZE); event, one that is lost; keep, memory for contents that are kept, and are then lost (ENOMEM); vmap, the mapping of noncontiguous memory for the CPU (ENOMEM); pool, a DMA pool (ENOMEM); any of them" },
	{ .name = "--nth", .kind = OPT_NUMBER, .arg = "N", .max = UINT32_MAX,
	  .attr = DMAEXER_A_FAULT_NTH,
	  .help = "which one fails, counted from now on, default 1; 0 takes the fault away" },
	{ .name = "--times", .kind = OPT_NUMBER, .arg = "N",
	  .max = UINT32_MAX, .attr = DMAEXER_A_FAULT_TIMES,
	  .help = "how many fail in a row, default 1; 0 for all" },
	{ .name = "--errno", .kind = OPT_WORD, .arg = "ERRNO",
	  .words = &errno_words, .attr = DMAEXER_A_FAULT_ERRNO,
	  .help = "the error, one of those of OP; default is the first" },
	{ .name = "--owned", .kind = OPT_FLAG, .flags = OPT_OWNED,
	  .help = "only the scenario meets the fault, which goes when it ends; in a scenario each does" },
};

static const struct verb verbs[] = {
	{ .object = "fault", .name = "list", .run = fault_list,
	  .set = &fault_set,
	  .help = "List the faults that are set, and how many points where they could have struck were passed and failed since" },
	{ .object = "fault", .name = "set", .run = fault_set_run,
	  .set = &fault_set, .opt = set_opts, .opts = ARRAY_SIZE(set_opts),
	  .help = "Have something inside the driver fail as if the kernel had refused it, and show the fault. It concerns everybody, and stays until it is taken away or the module goes. EINVAL for an error that is not one of OP, ENOENT for a fault to take away that is not set, ENOSPC where there are 256" },
};

const struct verb_table fault_verbs = { verbs, ARRAY_SIZE(verbs) };
