// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of words, each what one would type. A word is refused with a sentence,
 * or arrives in the request as what another parser takes it for.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/dmaexer.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "cmd.h"
#include "fuzz.h"
#include "transport.h"

#define WORDS_MAX 32

/* As libc reads it. */
static bool number_is(const char *text, size_t len, uint64_t value)
{
	bool hex = len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
	char *end;

	errno = 0;
	return strtoull(text, &end, hex ? 16 : 10) == value && !errno &&
	       end == text + len;
}

static bool size_is(const char *text, uint64_t value)
{
	static const char units[] = "kKMG";
	static const unsigned int shifts[] = { 10, 10, 20, 30 };
	size_t len = strlen(text);
	const char *unit = len ? strchr(units, text[len - 1]) : NULL;
	unsigned int shift = unit ? shifts[unit - units] : 0;

	return number_is(text, unit ? len - 1 : len, value >> shift) &&
	       value == value >> shift << shift;
}

static bool bytes_are(const char *text, const struct bytes *bytes)
{
	bool same = strlen(text) == 2 * bytes->size;
	char pair[3];

	for (size_t i = 0; i < bytes->size && same; i++) {
		snprintf(pair, sizeof(pair), "%02x", bytes->data[i]);
		same = !strncasecmp(pair, text + 2 * i, 2);
	}
	return same;
}

static bool word_is(const struct words *words, uint64_t value,
		    const char *text, size_t len)
{
	const char *name = words_name(words, value);

	return name && strlen(name) == len && !memcmp(name, text, len);
}

static bool value_is(const struct arg *arg)
{
	const char *word = arg->word;
	const struct opt *opt = arg->opt;
	size_t len;

	if (!word)
		return opt->kind == OPT_FLAG && arg->num == 1;
	len = strcspn(word, opt->kind == OPT_PATTERN ? ":" :
			    opt->kind == OPT_PLACE ? "+" : "/");
	switch (opt->kind) {
	case OPT_FLAG:
		return false;
	case OPT_NUMBER:
	case OPT_BUF:
		return number_is(word, strlen(word), arg->num);
	case OPT_SIZE:
		return size_is(word, arg->num);
	case OPT_WORD:
		return word_is(opt->words, arg->num, word, strlen(word));
	case OPT_PATTERN:
		return word_is(opt->words, arg->num, word, len) &&
		       (!word[len] || number_is(word + len + 1,
						strlen(word + len + 1),
						arg->extra));
	case OPT_PLACE:
		return number_is(word, len, arg->num) &&
		       (!word[len] || size_is(word + len + 1, arg->extra));
	case OPT_PATH:
		return word_is(opt->words, arg->num, word, len) &&
		       !strchr(arg->name, '/') && arg->name[0];
	case OPT_HEX:
		return bytes_are(word, &arg->bytes);
	default:
		return *word;
	}
}

static void attr_check(const struct nlattr *attr, const struct object *request)
{
	unsigned int n = (unsigned int)nla_type(attr);
	const struct value *value = &request->value[n];
	uint64_t num = 0;

	claim(n < request->set->count && object_has(request, n),
	      "attribute %u was asked for", n);
	switch (request->set->attr[n].type) {
	case ATTR_STRING:
	case ATTR_BYTES:
		claim((size_t)nla_len(attr) >= value->size &&
		      !memcmp(nla_data(attr), value->text, value->size),
		      "attribute %u has its bytes", n);
		break;
	case ATTR_FLAG:
		claim(!nla_len(attr), "flag %u is empty", n);
		break;
	default:
		claim(nla_len(attr) <= (int)sizeof(num), "attribute %u is a number",
		      n);
		memcpy(&num, nla_data(attr), (size_t)nla_len(attr));
		claim(num == value->num, "attribute %u is not %llu but %llu", n,
		      (unsigned long long)num,
		      (unsigned long long)value->num);
	}
}

/* Nobody answers, but the request has been sent by then. */
static void request_send(const struct object *request)
{
	struct transport transport;
	struct object reply;
	struct nlattr *attr;
	int rest;
	uint64_t left = request->seen;

	transport_open(&transport, NULL, 0);
	object_init(&reply, request->set);
	claim(client_buf_new(&transport.client, request, &reply),
	      "no answer is an error");
	claim(transport.sent, "%s: the request is sent", transport.error.text);
	nla_for_each_attr(attr, genlmsg_attrdata(nlmsg_data(transport.sent), 0),
			  genlmsg_attrlen(nlmsg_data(transport.sent), 0), rest) {
		attr_check(attr, request);
		left &= ~(1ULL << nla_type(attr));
	}
	claim(!rest && !left, "all attributes are in the request");
	object_free(&reply);
	transport_close(&transport);
}

static void args_check(const struct args *args)
{
	struct object request;

	for (size_t i = 0; i < args->count; i++)
		claim(value_is(&args->arg[i]), "%s %s has its value",
		      args->arg[i].opt->name,
		      args->arg[i].word ? args->arg[i].word : "");
	if (!args->verb->set)
		return;
	object_init(&request, args->verb->set);
	claim(!args_request(args, &request), "there is memory");
	request_send(&request);
	object_free(&request);
}

/* Scenarios are the first lines there are: "b = repeat 3 buf del $b". */
static void words_check(char **word, size_t count)
{
	const struct verb *verb = NULL;
	struct error error;
	struct args args = { 0 };
	size_t taken = 0;

	while (count && !(verb = verb_find(word, count, &taken, &error))) {
		claim(error.text[0], "an unknown verb has a reason");
		word++;
		count--;
	}
	if (!verb)
		return;
	if (args_parse(&args, verb, word + taken, count - taken, ARGS_STEP,
		       &error))
		claim(error.text[0] && !error.number,
		      "the word is at fault, for a reason");
	else
		args_check(&args);
	args_free(&args);
}

/* "$dst+4k" becomes "7+4k": a name stands for the number of a buffer. */
static void name_replace(char *word)
{
	size_t len = 1;

	while (isalnum((unsigned char)word[len]) || word[len] == '_')
		len++;
	*word = '7';
	memmove(word + 1, word + len, strlen(word + len) + 1);
}

static void line_check(char *line)
{
	char *word[WORDS_MAX];
	size_t count = 0;
	char *rest = line;
	char *next;

	while (count < WORDS_MAX && (next = strsep(&rest, " \t"))) {
		if (*next == '$')
			name_replace(next);
		if (*next)
			word[count++] = next;
	}
	words_check(word, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	char *rest = text;
	char *line;

	while ((line = strsep(&rest, "\n")))
		line_check(line);
	free(text);
	return 0;
}
