/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

static struct setting *
slot(struct settings *s, const char *section, const char *name)
{
	unsigned i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->v[i].section, section) == 0 &&
		    strcmp(s->v[i].name, name) == 0)
			return &s->v[i];
	if (s->n == SETTINGS_MAX || strlen(section) >= sizeof s->v[0].section ||
	    strlen(name) >= sizeof s->v[0].name)
		return NULL;
	memcpy(s->v[s->n].section, section, strlen(section) + 1);
	memcpy(s->v[s->n].name, name, strlen(name) + 1);
	return &s->v[s->n++];
}

int
settings_set(
    struct settings *s, const char *section, const char *name, const char *value, ...)
{
	struct setting *to = slot(s, section, name);
	va_list ap;
	int n;

	if (to == NULL)
		return ERR_LIMIT;
	va_start(ap, value);
	n = vsnprintf(to->value, sizeof to->value, value, ap);
	va_end(ap);
	return n < 0 || (size_t)n >= sizeof to->value ? ERR_LIMIT : 0;
}

static int
on_value(void *arg, const char *section, const char *name, const char *value)
{
	return settings_set(arg, section, name, "%s", value) == 0;
}

int
settings_read(struct settings *s, const char *path, struct buf *why)
{
	int rc = ini_parse(path, on_value, s);

	if (rc == 0)
		return 0;
	if (rc < 0)
		buf_addf(why, "%s: cannot be read", path);
	else
		buf_addf(
		    why, "%s:%d: expected \"[section]\" or \"name = value\"", path, rc);
	return rc < 0 ? ERR_IO : ERR_INVALID;
}

void
settings_write(const struct settings *s, struct buf *out)
{
	unsigned i, j;

	for (i = 0; i < s->n; i++) {
		for (j = 0; j < i; j++)
			if (strcmp(s->v[j].section, s->v[i].section) == 0)
				break;
		if (j < i)
			continue; /* the section was written with its first setting */
		buf_addf(out, "[%s]\n", s->v[i].section);
		for (j = i; j < s->n; j++)
			if (strcmp(s->v[j].section, s->v[i].section) == 0)
				buf_addf(out, "%s = %s\n", s->v[j].name, s->v[j].value);
		buf_addc(out, '\n');
	}
}
