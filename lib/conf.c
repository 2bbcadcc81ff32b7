/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/conf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "lib/mem.h"

struct unit {
	const char *text;
	long long factor;
};

static const struct unit ms_units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
	{ "h", 3600000 }, { "d", 86400000 }, { NULL, 0 } };
static const struct unit size_units[] = { { "", 1 }, { "K", 1024 }, { "M", 1048576 },
	{ "G", 1073741824 }, { NULL, 0 } };
static const struct unit no_units[] = { { "", 1 }, { NULL, 0 } };

static const struct unit *
units_of(enum conf_type type)
{
	return type == CONF_MS ? ms_units : type == CONF_SIZE ? size_units : no_units;
}

/* Digits and a unit; nothing else, no sign but a leading '-' for plain integers. */
static int
number(enum conf_type type, const char *s, long long *ret)
{
	const struct unit *u;
	long long v = 0, d;
	int negative = 0;

	if (type == CONF_INT && *s == '-') {
		negative = 1;
		s++;
	}
	if (*s < '0' || *s > '9')
		return ERR_INVALID;
	for (; *s >= '0' && *s <= '9'; s++) {
		d = *s - '0';
		if (v > (LLONG_MAX - d) / 10)
			return ERR_INVALID;
		v = v * 10 + d;
	}
	if (v == 0 && *s == '\0') { /* "0" needs no unit */
		*ret = 0;
		return 0;
	}
	for (u = units_of(type); u->text != NULL; u++)
		if (strcmp(s, u->text) == 0)
			break;
	if (u->text == NULL || v > LLONG_MAX / u->factor)
		return ERR_INVALID;
	*ret = (negative ? -v : v) * u->factor;
	return 0;
}

/* The largest unit that divides it, so that what is printed reads like what is typed. */
static void
number_put(struct buf *b, enum conf_type type, long long v)
{
	const struct unit *u, *best = NULL;

	for (u = units_of(type); u->text != NULL; u++)
		if (best == NULL || (v != 0 && v % u->factor == 0))
			best = u;
	if (v == 0 || best == NULL)
		buf_addf(b, "%lld", v);
	else
		buf_addf(b, "%lld%s", v / best->factor, best->text);
}

static void
expect(const struct conf_option *o, struct buf *b)
{
	static const char *const what[] = {
		[CONF_INT] = "a whole number",
		[CONF_MS] = "a duration such as 250ms, 5s, 10m, 72h or 7d",
		[CONF_SIZE] = "a size such as 4096, 16K, 64M or 1G",
	};

	switch (o->type) {
	case CONF_BOOL:
		buf_adds(b, "yes or no");
		return;
	case CONF_TEXT:
		buf_addf(b, "a text of at most %lld bytes", o->hi - 1);
		return;
	case CONF_PATH:
		buf_addf(b, "a path from the root of at most %lld bytes, or nothing",
		    o->hi - 1);
		return;
	case CONF_INT:
	case CONF_MS:
	case CONF_SIZE:
		buf_addf(b, "%s, ", what[o->type]);
		number_put(b, o->type, o->lo);
		buf_adds(b, " to ");
		number_put(b, o->type, o->hi);
		return;
	}
}

/* Writes one value into the caller's struct, or leaves it alone. */
static int
assign(const struct conf_option *o, const char *value, char *into)
{
	size_t n = strlen(value);
	long long v;
	int flag;

	switch (o->type) {
	case CONF_BOOL:
		if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
			return ERR_INVALID;
		flag = value[0] == 'y';
		memcpy(into + o->offset, &flag, sizeof flag);
		return 0;
	case CONF_PATH:
		if (n > 0 && value[0] != '/')
			return ERR_INVALID;
		/* fallthrough */
	case CONF_TEXT:
		if (o->hi <= 0 || n >= (size_t)o->hi)
			return ERR_INVALID;
		memset(into + o->offset, 0, (size_t)o->hi);
		memcpy(into + o->offset, value, n);
		return 0;
	case CONF_INT:
	case CONF_MS:
	case CONF_SIZE:
		if (number(o->type, value, &v) < 0 || v < o->lo || v > o->hi)
			return ERR_INVALID;
		memcpy(into + o->offset, &v, sizeof v);
		return 0;
	}
	return ERR_INVALID;
}

static long
find(const struct conf_option *table, size_t n, const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(table[i].section, section) == 0 &&
		    strcmp(table[i].name, name) == 0)
			return (long)i;
	return ERR_NOTFOUND;
}

static int
section_known(const struct conf_option *table, size_t n, const char *section)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(table[i].section, section) == 0)
			return 1;
	return 0;
}

static int
section_foreign(const char *const *foreign, const char *section)
{
	size_t n;

	for (; foreign != NULL && *foreign != NULL; foreign++) {
		n = strlen(*foreign);
		if (n > 0 && (*foreign)[n - 1] == '*') {
			if (strncmp(*foreign, section, n - 1) == 0)
				return 1;
		} else if (strcmp(*foreign, section) == 0) {
			return 1;
		}
	}
	return 0;
}

/* One name of another program in a section that ours reads too. */
static int
name_foreign(const char *const *foreign, const char *section, const char *name)
{
	size_t n = strlen(section);

	for (; foreign != NULL && *foreign != NULL; foreign++)
		if (strncmp(*foreign, section, n) == 0 && (*foreign)[n] == '.' &&
		    (strcmp(*foreign + n + 1, name) == 0 ||
			strcmp(*foreign + n + 1, "*") == 0))
			return 1;
	return 0;
}

int
conf_defaults(const struct conf_option *table, size_t n, void *into)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (assign(&table[i], table[i].fallback, into) < 0)
			return ERR_INVALID;
	return 0;
}

int
conf_set(const struct conf_option *table, size_t n, const char *section, const char *name,
    const char *value, void *into, struct buf *why)
{
	long i = find(table, n, section, name);

	if (i < 0) {
		buf_addf(why, "[%s] %s: no such option", section, name);
		return ERR_INVALID;
	}
	if (assign(&table[i], value, into) < 0) {
		buf_addf(why, "[%s] %s: expected ", section, name);
		expect(&table[i], why);
		return ERR_INVALID;
	}
	return 0;
}

/* One reading of a file. */
struct reading {
	const struct conf_option *table;
	size_t n;
	const char *const *foreign;
	const char *path;
	FILE *file;
	unsigned line;
	int err;
	unsigned char *seen; /* one byte an option */
	void *into;
	struct buf *why;
};

static void
fault_at(struct reading *r, const char *text)
{
	if (r->err != 0)
		return;
	r->err = ERR_INVALID;
	buf_addf(r->why, "%s:%u: %s", r->path, r->line, text);
}

/*
 * Hands over one line at a time, so that its number is known.  libinih cuts a line that
 * is longer than its own buffer and would take the rest for another: refused here, as
 * are NUL bytes, which would hide what follows them.
 */
static char *
next_line(char *out, int room, void *arg)
{
	struct reading *r = arg;
	int c, n = 0;

	if (r->err != 0 || room < 2)
		return NULL;
	while ((c = getc(r->file)) != EOF) {
		if (n == 0)
			r->line++;
		if (c == '\0') {
			fault_at(r, "a NUL byte");
			return NULL;
		}
		if (c == '\n') {
			out[n++] = '\n';
			break;
		}
		if (n >= room - 2) {
			fault_at(r, "the line is too long");
			return NULL;
		}
		out[n++] = (char)c;
	}
	if (ferror(r->file)) {
		if (r->err == 0) {
			r->err = ERR_IO;
			buf_addf(
			    r->why, "%s: cannot be read: %s", r->path, strerror(errno));
		}
		return NULL;
	}
	if (n == 0)
		return NULL;
	out[n] = '\0';
	return out;
}

static int
one_value(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;
	long i;

	if (r->err != 0)
		return 0;
	if (!section_known(r->table, r->n, section)) {
		if (section_foreign(r->foreign, section))
			return 1;
		r->err = ERR_INVALID;
		buf_addf(r->why, "%s:%u: [%s] %s: no such section", r->path, r->line,
		    section, name);
		return 0;
	}
	i = find(r->table, r->n, section, name);
	if (i < 0 && name_foreign(r->foreign, section, name))
		return 1;
	if (i >= 0 && r->seen[i] != 0) {
		r->err = ERR_INVALID;
		buf_addf(r->why, "%s:%u: [%s] %s: stands twice", r->path, r->line,
		    section, name);
		return 0;
	}
	buf_addf(r->why, "%s:%u: ", r->path, r->line);
	if (conf_set(r->table, r->n, section, name, value, r->into, r->why) < 0) {
		r->err = ERR_INVALID;
		return 0;
	}
	buf_reset(r->why);
	r->seen[i] = 1;
	return 1;
}

int
conf_read(const struct conf_option *table, size_t n, const char *const *foreign,
    const char *path, void *into, size_t into_size, struct buf *why)
{
	struct reading r = {
		.table = table, .n = n, .foreign = foreign, .path = path, .why = why
	};
	int rc;

	buf_reset(why);
	r.file = fopen(path, "re");
	if (r.file == NULL) {
		buf_addf(why, "%s: cannot be opened: %s", path, strerror(errno));
		return ERR_IO;
	}
	r.into = mem_dup(into, into_size);
	r.seen = mem_calloc(n, 1);
	if (r.into == NULL || r.seen == NULL) {
		r.err = ERR_NOMEM;
		goto out;
	}
	rc = ini_parse_stream(next_line, &r, one_value, &r);
	/* libinih goes on after a line that it cannot read: the first one counts. */
	if (rc > 0 && (r.err == 0 || (unsigned)rc < r.line)) {
		buf_reset(why);
		r.err = 0;
		r.line = (unsigned)rc;
		fault_at(&r, "expected \"[section]\" or \"name = value\"");
	} else if (r.err == 0 && rc < 0) {
		r.err = ERR_NOMEM;
	}
	if (r.err == 0)
		memcpy(into, r.into, into_size);
out:
	fclose(r.file);
	mem_free(r.seen);
	mem_wipe_free(r.into, r.into == NULL ? 0 : into_size);
	return r.err;
}

void
conf_sample(const struct conf_option *table, size_t n, struct buf *out)
{
	const char *section = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (section == NULL || strcmp(section, table[i].section) != 0) {
			section = table[i].section;
			buf_addf(out, "%s[%s]\n", i == 0 ? "" : "\n", section);
		} else {
			buf_addc(out, '\n');
		}
		buf_addf(out, "# %s\n# ", table[i].help);
		expect(&table[i], out);
		buf_addf(out, "%s\n", table[i].reloadable ? "; read anew on reload" : "");
		buf_addf(out, "#%s = %s\n", table[i].name, table[i].fallback);
	}
}

void
conf_help(const struct conf_option *table, size_t n, struct buf *out)
{
	const char *section = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (section == NULL || strcmp(section, table[i].section) != 0) {
			section = table[i].section;
			buf_addf(out, "  [%s]\n", section);
		}
		buf_addf(out, "    %s = %s%s\n        %s\n        (", table[i].name,
		    table[i].fallback, table[i].reloadable ? "    (reloadable)" : "",
		    table[i].help);
		expect(&table[i], out);
		buf_adds(out, ")\n");
	}
}
