// SPDX-License-Identifier: GPL-2.0
/* help and version; help is printed from the rows that parsing uses. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

#define TITLE_SIZE 64
#define WIDTH 79

static const char global_text[] =
	"Usage: dmaexer [-j] [-v] OBJECT VERB [ARGUMENTS]\n"
	"\n"
	"Exercises the kernel's DMA mapping API through the module dmaexer.\n"
	"\n";

const struct opt global_opts[GLOBAL_COUNT] = {
	[GLOBAL_JSON] = { .name = "--json", .brief = "-j", .kind = OPT_FLAG,
			  .help = "print results as JSON" },
	[GLOBAL_VERBOSE] = { .name = "--verbose", .brief = "-v",
			     .kind = OPT_FLAG,
			     .help = "print all fields in lists and events" },
	[GLOBAL_HELP] = { .name = "--help", .brief = "-h", .kind = OPT_FLAG,
			  .help = "print this, or the help of the verb it follows" },
};

static const char status_text[] =
	"\n"
	"Sizes are bytes, or with k, M and G powers of 1024; numbers are decimal,\n"
	"or after 0x hexadecimal. Exit status: 0 done, 1 refused or failed, 2 wrong\n"
	"usage, 3 a check found a difference, 4 skipped.\n"
	"\n"
	"\"dmaexer help OBJECT VERB\" says more.\n";

/* Prints text in lines, each after @indent blanks; the first is begun. */
static void text_wrap(struct out *out, const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > indent && column + 1 + len > WIDTH) {
			out_text(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			out_text(out, " ");
			column++;
		}
		out_text(out, "%.*s", len, text);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	out_text(out, "\n");
}

/* "[DEV]", "ID...", "--size SIZE", "-q, --quiet" */
static void opt_title(const struct opt *opt, char *buf, size_t size)
{
	bool argument = opt_is_argument(opt);
	bool optional = argument && !(opt->flags & OPT_REQUIRED);

	snprintf(buf, size, "%s%s%s%s%s%s%s%s", optional ? "[" : "",
		 opt->brief ? opt->brief : "", opt->brief ? ", " : "",
		 opt->name, opt->arg ? " " : "", opt->arg ? opt->arg : "",
		 opt->flags & OPT_MANY ? "..." : "", optional ? "]" : "");
}

static bool has_options(const struct verb *verb)
{
	for (size_t i = 0; i < verb->opts; i++)
		if (!opt_is_argument(&verb->opt[i]) &&
		    !(verb->opt[i].flags & OPT_HIDDEN))
			return true;
	return false;
}

/* "buf new [DEV] [OPTIONS]" */
static void usage_render(const struct verb *verb, char *buf, size_t size)
{
	char title[TITLE_SIZE];
	size_t len;

	verb_title(verb, buf, size);
	for (size_t i = 0; i < verb->opts; i++) {
		if (!opt_is_argument(&verb->opt[i]))
			continue;
		opt_title(&verb->opt[i], title, sizeof(title));
		len = strlen(buf);
		snprintf(buf + len, size - len, " %s", title);
	}
	len = strlen(buf);
	if (has_options(verb))
		snprintf(buf + len, size - len, " [OPTIONS]");
}

static void opt_help(struct out *out, const struct opt *opt)
{
	char title[TITLE_SIZE];
	char names[WORDS_SIZE];

	opt_title(opt, title, sizeof(title));
	if (strlen(title) > 20)
		out_text(out, "  %s\n%23s", title, "");
	else
		out_text(out, "  %-20s ", title);
	text_wrap(out, opt->help, 23);
	if (opt->kind != OPT_FLAGS)
		return;
	out_text(out, "%23s", "");
	text_wrap(out, words_join(opt->words, ", ", names, sizeof(names)), 23);
}

static void verb_help(struct out *out, const struct verb *verb)
{
	char usage[160];

	usage_render(verb, usage, sizeof(usage));
	out_text(out, "Usage: dmaexer [-j] [-v] %s\n\n", usage);
	text_wrap(out, verb->help, 0);
	if (verb->opts)
		out_text(out, "\n");
	for (size_t i = 0; i < verb->opts; i++)
		if (!(verb->opt[i].flags & OPT_HIDDEN))
			opt_help(out, &verb->opt[i]);
}

static void verb_line(struct out *out, const struct verb *verb)
{
	size_t len = strcspn(verb->help, ".,:;");
	char usage[160];
	char text[160];

	usage_render(verb, usage, sizeof(usage));
	snprintf(text, sizeof(text), "%.*s", (int)len, verb->help);
	if (strlen(usage) > 34)
		out_text(out, "  %s\n%37s", usage, "");
	else
		out_text(out, "  %-34s ", usage);
	text_wrap(out, text, 37);
}

/* What completes a word, as completion/dmaexer.bash reads it. */
static void kind_print(struct out *out, const struct opt *opt)
{
	static const char *const names[] = {
		[OPT_FILE] = "<file>", [OPT_DEV] = "<dev>",
		[OPT_BUF] = "<buf>", [OPT_PLACE] = "<buf>",
		[OPT_POSTMORTEM] = "<postmortem>",
		[OPT_SCENARIO] = "<scenario>", [OPT_PATH] = "<path>",
	};

	if (opt->kind < ARRAY_SIZE(names) && names[opt->kind]) {
		out_text(out, "%s", names[opt->kind]);
	} else if (opt->words) {
		char joined[WORDS_SIZE];

		out_text(out, "%s", words_join(opt->words, ",", joined,
					       sizeof(joined)));
	}
}

static void completion_print(struct out *out)
{
	const struct verb *verb;
	char title[TITLE_SIZE];

	for (size_t i = 0; (verb = verb_at(i)); i++) {
		out_text(out, "%s:", verb_title(verb, title, sizeof(title)));
		for (size_t k = 0; k < verb->opts; k++) {
			const struct opt *opt = &verb->opt[k];

			if (opt->flags & (OPT_HIDDEN | OPT_OWNED))
				continue;
			out_text(out, " %s%s",
				 opt_is_argument(opt) ? "" : opt->name,
				 opt->arg || opt_is_argument(opt) ? "=" : "");
			kind_print(out, opt);
		}
		out_text(out, "\n");
	}
}

/* Text as scdoc takes it: underscores and asterisks mean something to it. */
static void man_text(struct out *out, const char *text, int indent)
{
	char escaped[1024];
	size_t len = 0;

	for (; *text && len < sizeof(escaped) - 2; text++) {
		if (strchr("_*\\<>#`", *text))
			escaped[len++] = '\\';
		escaped[len++] = *text;
	}
	escaped[len] = '\0';
	/* scdoc indents with tabs, each 8 wide. */
	if (indent)
		out_text(out, "\t");
	out_text(out, "%s.\n\n", escaped);
}

static void man_opt(struct out *out, const struct opt *opt)
{
	if (opt_is_argument(opt))
		out_text(out, "_%s_\n", opt->name);
	else if (opt->arg)
		out_text(out, "*%s* _%s_\n", opt->name, opt->arg);
	else if (opt->brief)
		out_text(out, "*%s*, *%s*\n", opt->brief, opt->name);
	else
		out_text(out, "*%s*\n", opt->name);
	man_text(out, opt->help, 8);
	if (opt->kind == OPT_FLAGS) {
		char names[WORDS_SIZE];

		out_text(out, "\tThe names are %s.\n\n",
			 words_join(opt->words, ", ", names, sizeof(names)));
	}
}

static void man_print(struct out *out)
{
	const struct verb *verb;
	char usage[160];

	for (size_t i = 0; (verb = verb_at(i)); i++) {
		usage_render(verb, usage, sizeof(usage));
		out_text(out, "## %s\n\n", usage);
		man_text(out, verb->help, 0);
		for (size_t k = 0; k < verb->opts; k++)
			if (!(verb->opt[k].flags & OPT_HIDDEN))
				man_opt(out, &verb->opt[k]);
	}
}

static void all_help(struct out *out)
{
	const struct verb *verb;

	out_text(out, "%s", global_text);
	for (size_t i = 0; i < ARRAY_SIZE(global_opts); i++)
		opt_help(out, &global_opts[i]);
	out_text(out, "\nVerbs:\n");
	for (size_t i = 0; (verb = verb_at(i)); i++)
		verb_line(out, verb);
	out_text(out, "%s", status_text);
}

/* The verbs of one object, each with its arguments. */
static bool object_help(struct out *out, const char *object)
{
	const struct verb *verb;
	bool found = false;

	for (size_t i = 0; (verb = verb_at(i)); i++) {
		if (!verb->object || strcmp(verb->object, object) != 0)
			continue;
		verb_line(out, verb);
		found = true;
	}
	return found;
}

static int help_topic(struct ctx *ctx, const struct args *args)
{
	const struct arg *object = args_find(args, "OBJECT");
	const struct arg *name = args_find(args, "VERB");
	const struct verb *verb;
	char *words[2];
	size_t taken;

	words[0] = (char *)object->word;
	words[1] = name ? (char *)name->word : NULL;
	if (!name && object_help(&ctx->out, object->word))
		return STATUS_DONE;
	verb = verb_find(words, name ? 2 : 1, &taken, &ctx->error);
	if (!verb)
		return STATUS_USAGE;
	verb_help(&ctx->out, verb);
	return STATUS_DONE;
}

static int help_run(struct ctx *ctx, const struct args *args)
{
	/* Help is text; there is nothing in it for a program. */
	ctx->out.mode = OUT_TEXT;
	if (args_find(args, "--completion"))
		completion_print(&ctx->out);
	else if (args_find(args, "--man"))
		man_print(&ctx->out);
	else if (args_find(args, "OBJECT"))
		return help_topic(ctx, args);
	else
		all_help(&ctx->out);
	return STATUS_DONE;
}

static int module_version(struct object *version)
{
	FILE *file = fopen("/sys/module/dmaexer/version", "re");
	char text[64];
	int err = 0;

	if (!file)
		return 0;
	if (fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		err = object_set_text(version, VERSION_MODULE, text);
	}
	fclose(file);
	return err;
}

static int version_run(struct ctx *ctx, const struct args *args)
{
	struct object version;
	int err;

	(void)args;
	object_init(&version, &version_set);
	err = object_set_text(&version, VERSION_COMMAND, DMX_VERSION);
	if (!err)
		err = module_version(&version);
	return ctx_show(ctx, err, &version);
}

static const struct opt help_opts[] = {
	{ .name = "OBJECT", .kind = OPT_TEXT,
	  .help = "dev, buf, postmortem, fault, or a verb that stands alone" },
	{ .name = "VERB", .kind = OPT_TEXT, .help = "a verb of the object" },
	{ .name = "--completion", .kind = OPT_FLAG, .flags = OPT_HIDDEN,
	  .help = "words for the completion of a shell" },
	{ .name = "--man", .kind = OPT_FLAG, .flags = OPT_HIDDEN,
	  .help = "sections for the manual page" },
};

static const struct verb verbs[] = {
	{ .name = "help", .run = help_run, .opt = help_opts,
	  .opts = ARRAY_SIZE(help_opts), .flags = VERB_NO_STEP,
	  .help = "Print what there is, or what a verb takes" },
	{ .name = "version", .run = version_run, .set = &version_set,
	  .help = "Print the version of the command, and of the module where it is loaded" },
};

const struct verb_table help_verbs = { verbs, ARRAY_SIZE(verbs) };
