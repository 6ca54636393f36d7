// SPDX-License-Identifier: GPL-2.0
#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

/*
 * Length of the UTF-8 sequence at @s, or 0 where it is none: overlong forms,
 * surrogates and code points above U+10FFFF are none.
 */
static size_t utf8_length(const unsigned char *s)
{
	unsigned int low = 0x80;
	unsigned int high = 0xbf;
	size_t rest;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	rest = s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i <= rest; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return rest + 1;
}

struct json_object *json_text(const char *text)
{
	/* At worst each byte becomes the three of the replacement. */
	char *valid = malloc(3 * strlen(text) + 1);
	struct json_object *string;
	char *to = valid;

	if (!valid)
		return NULL;
	while (*text) {
		size_t len = utf8_length((const unsigned char *)text);

		if (len) {
			to = mempcpy(to, text, len);
			text += len;
		} else {
			to = stpcpy(to, replacement);
			text++;
		}
	}
	*to = '\0';
	string = json_object_new_string(valid);
	free(valid);
	return string;
}

int json_add(struct json_object *to, const char *name,
	     struct json_object *value)
{
	int err = -ENOMEM;

	if (to && value && name)
		err = json_object_object_add(to, name, value);
	else if (to && value)
		err = json_object_array_add(to, value);
	if (!err)
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

struct json_object *json_unless(int err, struct json_object *object)
{
	if (!err)
		return object;
	json_object_put(object);
	return NULL;
}

int json_print(FILE *file, struct json_object *document, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text;

	if (pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	text = json_object_to_json_string_ext(document, flags);
	if (!document || !text)
		return -ENOMEM;
	fprintf(file, "%s\n", text);
	return 0;
}
