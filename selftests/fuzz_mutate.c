// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <linux/netlink.h>

#include "fuzz_mutate.h"
#include "requests.h"

#define OBJECTS		4
#define FEW		4

/* xorshift64* */
uint64_t fuzz_draw(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

uint64_t fuzz_below(uint64_t *state, uint64_t limit)
{
	return (fuzz_draw(state) >> 16) % limit;
}

static bool one_in(uint64_t *state, uint64_t limit)
{
	return !fuzz_below(state, limit);
}

/* Values that lie where mistakes are made, and a few that do not. */
static uint64_t number(uint64_t *state)
{
	uint64_t one = 1ULL << fuzz_below(state, 64);

	switch (fuzz_below(state, 8)) {
	case 0:
	case 1:
		return fuzz_below(state, 16);
	case 2:
		return one;
	case 3:
		return one - 1;
	case 4:
		return -one;
	case 5:
		return 4096 + fuzz_below(state, 3) - 1;
	case 6:
		return fuzz_below(state, 70000);
	}
	return fuzz_draw(state);
}

static void set_number(struct fuzz_attr *attr, uint64_t value, size_t width)
{
	memcpy(attr->data, &value, sizeof(value));
	attr->len = width;
}

static void set_text(struct fuzz_attr *attr, uint64_t *state)
{
	static const char *const words[] = { "any", "dma0chan0", "label", "" };
	size_t i, len;

	if (one_in(state, 2)) {
		strcpy((char *)attr->data, words[fuzz_below(state, 4)]);
		attr->len = strlen((char *)attr->data) + 1;
		return;
	}
	len = one_in(state, 2) ? 60 + fuzz_below(state, 8) :
				 fuzz_below(state, 12);
	for (i = 0; i < len; i++)
		attr->data[i] = 'a' + fuzz_below(state, 26);
	attr->len = len + 1;
}

static void set_bytes(struct fuzz_attr *attr, uint64_t *state)
{
	static const uint16_t likely[] = { 0, 1, 8, 64, 4096, 60000 };
	size_t i;

	for (i = 0; i < FUZZ_DATA; i++)
		attr->data[i] = fuzz_draw(state);
	attr->len = one_in(state, 2) ? likely[fuzz_below(state, 6)] :
				       fuzz_below(state, 300);
}

static void set_object(struct fuzz_attr *attr, char what, uint64_t *state)
{
	attr->what = what;
	attr->which = fuzz_below(state, OBJECTS);
	attr->len = 4;
}

/*
 * A value of a field that may have any: right, small, or any; sizes and offsets
 * are any also where all else is right, since these are looked at last.
 */
static uint64_t free_value(const struct field *f, bool wild, uint64_t *state)
{
	switch (fuzz_below(state, 4)) {
	case 0:
		return fuzz_below(state, 64);
	case 1:
		return wild || f->form == U64 ? number(state) : f->value;
	}
	return f->value;
}

static uint64_t field_value(const struct field *f, bool wild, uint64_t *state)
{
	if (!f->max || (wild && one_in(state, 8)))
		return free_value(f, wild, state);
	return wild && one_in(state, 4) ? f->max + 1 :
					  fuzz_below(state, f->max + 1);
}

/* As the table has it: right, or one that is wild but of the right form. */
static void set_field(struct fuzz_attr *attr, const struct field *f, bool wild,
		      uint64_t *state)
{
	memset(attr, 0, sizeof(*attr));
	attr->type = f->type;
	switch (f->form) {
	case DEVICE:
		set_object(attr, 'd', state);
		break;
	case BUFFER:
	case POSTMORTEM:
		set_object(attr, 'b', state);
		break;
	case STRING:
		set_text(attr, state);
		break;
	case BINARY:
		set_bytes(attr, state);
		break;
	case FLAG:
		break;
	default:
		set_number(attr, field_value(f, wild, state),
			   form_width(f->form));
	}
}

static void random_attr(struct fuzz_attr *attr, uint64_t *state)
{
	static const uint8_t widths[] = { 0, 1, 4, 8, 4, 8 };

	memset(attr, 0, sizeof(*attr));
	attr->type = fuzz_below(state, DMAEXER_A_DEV_MAX + 4);
	if (one_in(state, 4))
		set_bytes(attr, state);
	else
		set_number(attr, number(state), widths[fuzz_below(state, 6)]);
}

static const struct request *some_request(uint64_t *state)
{
	return &requests[fuzz_below(state, request_count)];
}

static void random_step(struct fuzz_step *step, const struct request *req,
			uint64_t *state)
{
	static const uint16_t rooms[] = { 65535, 65535, 4096, 512, 16 };
	bool wild = one_in(state, 3);
	const struct field *f;

	memset(step, 0, sizeof(*step));
	step->sock = fuzz_below(state, FUZZ_SOCKS);
	step->cmd = req->cmd;
	step->version = DMAEXER_FAMILY_VERSION;
	step->flags = NLM_F_REQUEST | NLM_F_ACK;
	step->room = rooms[fuzz_below(state, 5)];
	step->times = one_in(state, 24) ? fuzz_below(state, FUZZ_TIMES + 1) : 1;
	if (one_in(state, 6))
		step->way = fuzz_below(state, FUZZ_WAYS);
	if (one_in(state, 8)) {
		step->flags |= NLM_F_DUMP;
		return;
	}
	for_each_field(req, f)
		if (f->required || f->chooses ? !wild || !one_in(state, 20) :
						one_in(state, wild ? 2 : 3))
			set_field(&step->attrs[step->attr_count++], f, wild,
				  state);
}

/* Of a few requests at a time, which are more likely to have to do with another. */
void fuzz_generate(struct fuzz_input *input, uint64_t *state)
{
	const struct request *few[FEW];
	int i;

	memset(input, 0, sizeof(*input));
	input->chan = one_in(state, 3);
	input->step_count = 1 + fuzz_below(state, FUZZ_STEPS);
	for (i = 0; i < FEW; i++)
		few[i] = some_request(state);
	for (i = 0; i < input->step_count; i++)
		random_step(&input->steps[i], few[fuzz_below(state, FEW)],
			    state);
}

/* Another value in the place of one that is there. */
static void change_value(struct fuzz_attr *attr, uint64_t *state)
{
	uint64_t value;

	switch (fuzz_below(state, 5)) {
	case 0:
		set_number(attr, number(state), attr->len == 8 ? 8 : 4);
		attr->what = 0;
		break;
	case 1:
		memcpy(&value, attr->data, sizeof(value));
		value += fuzz_below(state, 9) - 4;
		memcpy(attr->data, &value, sizeof(value));
		break;
	case 2:
		attr->data[fuzz_below(state, FUZZ_DATA)] ^=
			1 << fuzz_below(state, 8);
		break;
	case 3:
		set_text(attr, state);
		attr->what = 0;
		break;
	default:
		set_object(attr, one_in(state, 2) ? 'd' : 'b', state);
	}
}

/* The request of a command; of those with several, one. */
static const struct request *request_of(uint8_t cmd, uint64_t *state)
{
	const struct request *req = some_request(state);
	size_t tries;

	for (tries = 0; tries < 100 && req->cmd != cmd; tries++)
		req = some_request(state);
	return req;
}

/* Another value that the table has for it, if it has any. */
static void set_again(struct fuzz_attr *attr, uint8_t cmd, uint64_t *state)
{
	const struct request *req = request_of(cmd, state);
	const struct field *f;

	for_each_field(req, f)
		if (f->type == attr->type)
			set_field(attr, f, true, state);
}

static void change_attr(struct fuzz_attr *attr, uint8_t cmd, uint64_t *state)
{
	switch (fuzz_below(state, 12)) {
	case 0:
		attr->type = fuzz_below(state, DMAEXER_A_DEV_MAX + 4);
		break;
	case 1:
		attr->type ^= one_in(state, 2) ? NLA_F_NESTED :
						 NLA_F_NET_BYTEORDER;
		break;
	case 2:
		attr->len = fuzz_below(state, one_in(state, 8) ? 60000 : 12);
		break;
	case 3:
		attr->lie = fuzz_below(state, 17) - 8;
		break;
	case 4:
		attr->lie = fuzz_draw(state);
		break;
	case 5:
		attr->nest = fuzz_below(state, FUZZ_NESTS + 1);
		break;
	case 6:
	case 7:
	case 8:
		set_again(attr, cmd, state);
		break;
	default:
		change_value(attr, state);
	}
}

static void remove_attr(struct fuzz_step *step, int at)
{
	step->attr_count--;
	memmove(&step->attrs[at], &step->attrs[at + 1],
		(step->attr_count - at) * sizeof(step->attrs[0]));
}

/* One of the request's own, of any, or once more one that is there. */
static void add_attr(struct fuzz_step *step, uint64_t *state)
{
	struct fuzz_attr *attr = &step->attrs[step->attr_count];
	const struct request *req = request_of(step->cmd, state);
	const struct field *f;
	size_t fields = 0;

	for_each_field(req, f)
		fields++;
	switch (fuzz_below(state, 3)) {
	case 0:
		random_attr(attr, state);
		break;
	case 1:
		*attr = step->attrs[fuzz_below(state, step->attr_count + 1)];
		break;
	default:
		set_field(attr, &req->fields[fuzz_below(state, fields)],
			  one_in(state, 3), state);
	}
	step->attr_count++;
}

static void swap_attrs(struct fuzz_step *step, int i, int j)
{
	struct fuzz_attr attr = step->attrs[i];

	step->attrs[i] = step->attrs[j];
	step->attrs[j] = attr;
}

static void change_attrs(struct fuzz_step *step, uint64_t *state)
{
	int count = step->attr_count;

	if (count < FUZZ_ATTRS && (!count || one_in(state, 4)))
		add_attr(step, state);
	else if (one_in(state, 6))
		remove_attr(step, fuzz_below(state, count));
	else if (one_in(state, 8))
		swap_attrs(step, fuzz_below(state, count),
			   fuzz_below(state, count));
	else
		change_attr(&step->attrs[fuzz_below(state, count)], step->cmd,
			    state);
}

static void change_step(struct fuzz_step *step, uint64_t *state)
{
	switch (fuzz_below(state, 16)) {
	case 0:
		step->cmd = fuzz_below(state, DMAEXER_CMD_MAX + 2);
		break;
	case 1:
		step->version = fuzz_below(state, 4);
		break;
	case 2:
		step->flags ^= 1 << fuzz_below(state, 16);
		break;
	case 3:
		step->flags ^= NLM_F_DUMP;
		break;
	case 4:
		step->way = fuzz_below(state, FUZZ_WAYS);
		break;
	case 5:
		step->sock = fuzz_below(state, FUZZ_SOCKS);
		break;
	case 6:
		step->times = fuzz_below(state, FUZZ_TIMES + 1);
		break;
	case 7:
		step->room = number(state);
		break;
	case 8:
		step->lie = one_in(state, 2) ? fuzz_below(state, 17) - 8 :
					       fuzz_draw(state);
		break;
	default:
		change_attrs(step, state);
	}
}

static void remove_step(struct fuzz_input *input, int at)
{
	input->step_count--;
	memmove(&input->steps[at], &input->steps[at + 1],
		(input->step_count - at) * sizeof(input->steps[0]));
}

/* A new one, or one of the other input's, goes in before others. */
static void add_step(struct fuzz_input *input, const struct fuzz_input *other,
		     uint64_t *state)
{
	int at = fuzz_below(state, input->step_count + 1);

	memmove(&input->steps[at + 1], &input->steps[at],
		(input->step_count - at) * sizeof(input->steps[0]));
	input->step_count++;
	if (other && one_in(state, 2))
		input->steps[at] =
			other->steps[fuzz_below(state, other->step_count)];
	else
		random_step(&input->steps[at], some_request(state), state);
}

void fuzz_mutate(struct fuzz_input *input, const struct fuzz_input *other,
		 uint64_t *state)
{
	int changes = 1 + fuzz_below(state, 4);

	while (changes--) {
		if (input->step_count < FUZZ_STEPS && one_in(state, 5))
			add_step(input, other, state);
		else if (input->step_count > 1 && one_in(state, 8))
			remove_step(input, fuzz_below(state, input->step_count));
		else if (one_in(state, 40))
			input->chan = !input->chan;
		else
			change_step(&input->steps[fuzz_below(state,
							     input->step_count)],
				    state);
	}
}
