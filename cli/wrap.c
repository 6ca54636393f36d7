// SPDX-License-Identifier: GPL-2.0
#include "wrap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define TEXT_SIZE 256
#define WIDTH 80

static size_t file_width(FILE *file)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width;

	if (!ioctl(fileno(file), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	if (columns && !parse_number(columns, &width) && width &&
	    width <= UINT16_MAX)
		return (size_t)width;
	return WIDTH;
}

static size_t longest(const struct attr_set *set, unsigned int attr,
		      const struct objects *list)
{
	size_t most = strlen(set->attr[attr].name);
	char buf[TEXT_SIZE];

	for (size_t i = 0; i < list->count; i++) {
		size_t len = strlen(object_render(&list->object[i], attr, buf,
						  sizeof(buf)));

		most = len > most ? len : most;
	}
	return most;
}

void wrap_plan(struct wrap *wrap, FILE *file, const struct attr_set *set,
	       const struct objects *list)
{
	size_t rest = file_width(file);
	size_t wanted = 0;
	size_t widest = 0;

	memset(wrap, 0, sizeof(*wrap));
	for (unsigned int n = 1; n < set->count; n++) {
		size_t width = set->attr[n].column ? longest(set, n, list) + 1 :
						     0;

		if (set->attr[n].column == COLUMN_WRAP) {
			wrap->width[n] = width;
			wanted += width;
		} else {
			rest -= width < rest ? width : rest;
		}
	}
	if (wanted <= rest)
		return;
	for (unsigned int n = 1; n < set->count; n++) {
		if (!wrap->width[n])
			continue;
		wrap->width[n] = wrap->width[n] * rest / wanted;
		if (wrap->width[n] <= WRAP_LEAST)
			wrap->width[n] = WRAP_LEAST + 1;
		if (wrap->width[n] >= wrap->width[widest])
			widest = n;
	}
	/* What the narrow ones got more than their share, the widest gives. */
	wanted = 0;
	for (unsigned int n = 1; n < set->count; n++)
		wanted += n == widest ? 0 : wrap->width[n];
	wrap->width[widest] = rest > wanted + WRAP_LEAST ? rest - wanted :
							   WRAP_LEAST + 1;
}

/* Bytes of the next line, at most @width of them. */
static size_t line_length(const char *text, size_t width)
{
	size_t len = strlen(text);
	size_t at;

	if (len <= width)
		return len;
	for (at = width; at > 0; at--)
		if (text[at] == ' ' || text[at - 1] == ',')
			return at;
	return width;
}

char *wrap_text(const char *text, size_t width)
{
	/* At worst each byte is a line. */
	char *wrapped = malloc(2 * strlen(text) + 1);
	char *to = wrapped;

	if (!wrapped)
		return NULL;
	while (*text) {
		size_t len = line_length(text, width ? width : 1);

		to = mempcpy(to, text, len);
		text += len;
		text += strspn(text, " ");
		if (*text)
			*to++ = '\n';
	}
	*to = '\0';
	return wrapped;
}
