// SPDX-License-Identifier: GPL-2.0
/* Makes buffers for shell tests, and holds or replaces them until it is told. */
#include "dmx.h"

static int usage(void)
{
	fprintf(stderr,
		"Usage: hold DEVICE COUNT [owned] [wait|churn|keep]\n"
		"Makes COUNT buffers of 5000 bytes, of all kinds in turn, for the\n"
		"device of that name, and prints the id of each. With \"owned\" they\n"
		"die with this process, which stays with \"wait\", and makes and\n"
		"deletes more with \"churn\" until it is refused. With \"keep\" it\n"
		"stays as well, and what a CPU reaches is kept when the device goes.\n");
	return 2;
}

static uint32_t new_buffer(struct nl *nl, uint32_t dev, uint32_t kind,
			   bool owned, bool keep)
{
	nl_begin(nl, DMAEXER_CMD_BUF_NEW);
	nl_u32(nl, DMAEXER_A_BUF_DEV_ID, dev);
	nl_u32(nl, DMAEXER_A_BUF_KIND, kind);
	nl_u64(nl, DMAEXER_A_BUF_COUNT, 5000);
	if (owned)
		nl_flag(nl, DMAEXER_A_BUF_OWNED);
	if (keep && kind != HANDLE)
		nl_flag(nl, DMAEXER_A_BUF_KEEP);
	return nl_call(nl) ? 0 : nl_get_u32(nl, DMAEXER_A_BUF_ID);
}

static void churn(struct nl *nl, uint32_t dev, bool owned)
{
	uint32_t id = 0;

	while ((id = new_buffer(nl, dev, id % 3, owned, false))) {
		nl_begin(nl, DMAEXER_CMD_BUF_DEL);
		nl_u32(nl, DMAEXER_A_BUF_ID, id);
		nl_call(nl);
	}
}

int main(int argc, char **argv)
{
	const char *then = argc > 3 ? argv[argc - 1] : "";
	bool owned = argc > 3 && !strcmp(argv[3], "owned");
	int count, i;
	uint32_t dev, id;
	struct nl nl;

	if (argc < 3 || argc > 5)
		return usage();
	count = atoi(argv[2]);
	if (nl_open(&nl))
		return 1;
	dev = nl_dev_named(&nl, argv[1]);
	for (i = 0; i < count; i++) {
		id = new_buffer(&nl, dev, i % 3, owned, !strcmp(then, "keep"));
		if (!id) {
			fprintf(stderr, "hold: %s\n", nl.msg);
			return 1;
		}
		printf("%u\n", id);
	}
	fflush(stdout);
	if (!strcmp(then, "churn"))
		churn(&nl, dev, owned);
	if (!strcmp(then, "wait") || !strcmp(then, "keep"))
		pause();
	return 0;
}
