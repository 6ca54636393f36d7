// SPDX-License-Identifier: GPL-2.0
#include "vars.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
static const char field_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";

int reference_parse(const char *text, struct reference *reference)
{
	reference->name = text;
	reference->name_len = strspn(text, name_chars);
	reference->field = NULL;
	reference->field_len = 0;
	text += reference->name_len;
	if (!reference->name_len)
		return -EINVAL;
	if (*text == '.') {
		reference->field = text + 1;
		reference->field_len = strspn(text + 1, field_chars);
		text += 1 + reference->field_len;
		if (!reference->field_len)
			return -EINVAL;
	}
	reference->end = text;
	return 0;
}

struct var *vars_find(const struct vars *vars, const char *name, size_t len)
{
	for (size_t i = 0; i < vars->count; i++)
		if (strlen(vars->var[i].name) == len &&
		    !memcmp(vars->var[i].name, name, len))
			return &vars->var[i];
	return NULL;
}

static void var_clear(struct var *var)
{
	for (size_t i = 0; i < var->ids; i++)
		free(var->id[i]);
	free(var->id);
	var->id = NULL;
	var->ids = 0;
	free(var->refused);
	var->refused = NULL;
	record_free(&var->record);
}

struct var *vars_set(struct vars *vars, const char *name)
{
	struct var *var = vars_find(vars, name, strlen(name));
	struct var *grown;

	if (var) {
		var_clear(var);
		return var;
	}
	grown = reallocarray(vars->var, vars->count + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	vars->var = grown;
	var = &grown[vars->count];
	memset(var, 0, sizeof(*var));
	var->name = strdup(name);
	if (!var->name)
		return NULL;
	vars->count++;
	return var;
}

int var_add_id(struct var *var, const char *id)
{
	/* Room grows in powers of two. */
	if (!(var->ids & (var->ids - 1))) {
		size_t room = var->ids ? 2 * var->ids : 1;
		char **grown = reallocarray(var->id, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		var->id = grown;
	}
	var->id[var->ids] = strdup(id);
	if (!var->id[var->ids])
		return -ENOMEM;
	var->ids++;
	return 0;
}

void vars_free(struct vars *vars)
{
	for (size_t i = 0; i < vars->count; i++) {
		var_clear(&vars->var[i]);
		free(vars->var[i].name);
	}
	free(vars->var);
	vars->var = NULL;
	vars->count = 0;
}

static const char *reference_value(const struct vars *vars,
				   const struct reference *reference,
				   unsigned int round, char *buf, size_t size)
{
	const struct var *var = vars_find(vars, reference->name,
					  reference->name_len);

	if (!var && reference->name_len == strlen("round") &&
	    !memcmp(reference->name, "round", reference->name_len)) {
		snprintf(buf, size, "%u", round);
		return buf;
	}
	if (!var)
		return NULL;
	if (!reference->field && var->ids)
		return round < var->ids ? var->id[round] : NULL;
	snprintf(buf, size, "%.*s",
		 reference->field ? (int)reference->field_len : 2,
		 reference->field ? reference->field : "id");
	return record_get(&var->record, buf);
}

/* Says why the name at the start of @word has no value. */
static void value_refuse(const struct vars *vars, const char *word,
			 struct error *error)
{
	struct reference reference;
	const struct var *var = NULL;

	if (!reference_parse(word + 1, &reference))
		var = vars_find(vars, reference.name, reference.name_len);
	if (var && var->refused)
		error_set(error, ECANCELED, "%s", var->refused);
	else
		error_set(error, 0, "%s has no value", word);
}

char *vars_expand(const struct vars *vars, const char *word,
		  unsigned int round, struct error *error)
{
	bool known = true;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	/* Most words have no name, and some lines run a million times. */
	if (!strchr(word, '$')) {
		text = strdup(word);
		if (!text)
			error_set(error, ENOMEM, "no memory for a word");
		return text;
	}
	out = open_memstream(&text, &size);
	if (!out) {
		error_set(error, ENOMEM, "no memory for a word");
		return NULL;
	}
	while (*word && known) {
		size_t plain = strcspn(word, "$");
		struct reference reference;
		const char *value;
		char buf[128];

		fwrite(word, 1, plain, out);
		word += plain;
		if (!*word)
			break;
		if (reference_parse(word + 1, &reference)) {
			known = false;
			break;
		}
		value = reference_value(vars, &reference, round, buf,
					sizeof(buf));
		known = value;
		if (known) {
			fputs(value, out);
			word = reference.end;
		}
	}
	if (fclose(out) || !known) {
		free(text);
		value_refuse(vars, word, error);
		return NULL;
	}
	return text;
}
