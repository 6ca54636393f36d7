// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "fuzz_input.h"
#include "requests.h"

#define LINE	8192

static const char *const ways[FUZZ_WAYS] = {
	"call", "held", "begin", "read", "close", "listen",
};

static const char *cmd_name(uint8_t cmd)
{
	const struct request *req;

	for_each_request(req)
		if (req->cmd == cmd)
			return req->name;
	return "unknown";
}

static bool is_same_attr(const struct fuzz_attr *a, const struct fuzz_attr *b)
{
	size_t len = a->len < FUZZ_DATA ? a->len : FUZZ_DATA;

	if (a->type != b->type || a->len != b->len || a->lie != b->lie ||
	    a->nest != b->nest || a->what != b->what)
		return false;
	return a->what ? a->which == b->which : !memcmp(a->data, b->data, len);
}

static bool is_same_step(const struct fuzz_step *a, const struct fuzz_step *b)
{
	int i;

	if (a->way != b->way || a->sock != b->sock || a->times != b->times ||
	    a->cmd != b->cmd || a->version != b->version ||
	    a->flags != b->flags || a->lie != b->lie || a->room != b->room ||
	    a->attr_count != b->attr_count)
		return false;
	for (i = 0; i < a->attr_count; i++)
		if (!is_same_attr(&a->attrs[i], &b->attrs[i]))
			return false;
	return true;
}

bool fuzz_is_same(const struct fuzz_input *a, const struct fuzz_input *b)
{
	int i;

	if (a->chan != b->chan || a->step_count != b->step_count)
		return false;
	for (i = 0; i < a->step_count; i++)
		if (!is_same_step(&a->steps[i], &b->steps[i]))
			return false;
	return true;
}

static void print_attr(FILE *to, const struct fuzz_attr *attr)
{
	size_t i;

	fprintf(to, " %x:%u:%d:%u:", attr->type, attr->len, attr->lie,
		attr->nest);
	if (attr->what) {
		fprintf(to, "%c%u", attr->what, attr->which);
		return;
	}
	fputc('=', to);
	for (i = 0; i < attr->len && i < FUZZ_DATA; i++)
		fprintf(to, "%02x", attr->data[i]);
}

static void print_step(FILE *to, const struct fuzz_step *step)
{
	int i;

	fprintf(to, "%s %u %u %u %u %x %d %u", ways[step->way], step->sock,
		step->times, step->cmd, step->version, step->flags, step->lie,
		step->room);
	for (i = 0; i < step->attr_count; i++)
		print_attr(to, &step->attrs[i]);
	fprintf(to, " # %s\n", cmd_name(step->cmd));
}

void fuzz_print(FILE *to, const struct fuzz_input *input)
{
	int i;

	fprintf(to, "input %d\n", input->chan);
	for (i = 0; i < input->step_count; i++)
		print_step(to, &input->steps[i]);
}

static bool parse_data(const char *text, struct fuzz_attr *attr)
{
	unsigned int byte;
	int n;

	for (n = 0; n < FUZZ_DATA && sscanf(text, "%2x", &byte) == 1; n++) {
		attr->data[n] = byte;
		text += 2;
	}
	return !*text;
}

static bool parse_attr(const char *text, struct fuzz_attr *attr)
{
	int at = 0;

	memset(attr, 0, sizeof(*attr));
	if (sscanf(text, "%hx:%hu:%hd:%hhu:%n", &attr->type, &attr->len,
		   &attr->lie, &attr->nest, &at) != 4 || !at ||
	    attr->nest > FUZZ_NESTS)
		return false;
	if (text[at] == '=')
		return parse_data(text + at + 1, attr);
	return sscanf(text + at, "%c%hhu", &attr->what, &attr->which) == 2 &&
	       strchr("db", attr->what);
}

static bool parse_step(char *line, struct fuzz_step *step)
{
	char *rest, *word;
	char way[16];
	int at = 0, i;

	memset(step, 0, sizeof(*step));
	if (sscanf(line, "%15s %hhu %hhu %hhu %hhu %hx %hd %hu%n", way,
		   &step->sock, &step->times, &step->cmd, &step->version,
		   &step->flags, &step->lie, &step->room, &at) != 8)
		return false;
	for (i = 0; i < FUZZ_WAYS && strcmp(ways[i], way); i++)
		;
	step->way = i;
	if (i == FUZZ_WAYS || step->sock >= FUZZ_SOCKS ||
	    step->times > FUZZ_TIMES)
		return false;
	for (word = strtok_r(line + at, " \n", &rest); word && *word != '#';
	     word = strtok_r(NULL, " \n", &rest))
		if (step->attr_count == FUZZ_ATTRS ||
		    !parse_attr(word, &step->attrs[step->attr_count++]))
			return false;
	return true;
}

int fuzz_parse(FILE *from, struct fuzz_input *input)
{
	char line[LINE];
	int chan;

	memset(input, 0, sizeof(*input));
	if (!fgets(line, sizeof(line), from))
		return 0;
	if (sscanf(line, "input %d", &chan) != 1)
		return -1;
	input->chan = chan;
	for (;;) {
		long at = ftell(from);

		if (!fgets(line, sizeof(line), from))
			return 1;
		if (!strncmp(line, "input ", 6))
			return fseek(from, at, SEEK_SET) ? -1 : 1;
		if (input->step_count == FUZZ_STEPS ||
		    !parse_step(line, &input->steps[input->step_count++]))
			return -1;
	}
}
