/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_CONF_H
#define LIB_CONF_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Configuration is one table: the parser, --check, --help and the sample file come from
 * it.  Values are written into the caller's struct at `offset`.
 */
enum conf_type {
	CONF_INT,  /* long long at offset; lo..hi */
	CONF_BOOL, /* int at offset; yes/no */
	CONF_TEXT, /* char[hi] at offset, NUL-terminated; at most hi - 1 bytes */
	CONF_PATH, /* as text; must start with / (or be empty) */
	CONF_MS,   /* long long milliseconds; "250ms", "5s", "10m", "72h", "7d" */
	CONF_SIZE, /* long long bytes; "16K", "64M", "1G" */
};

struct conf_option {
	const char *section, *name;
	enum conf_type type;
	long long lo, hi;
	const char *fallback; /* as text, parsed like the file */
	int reloadable;
	size_t offset;
	const char *help; /* one sentence */
};

/* Sets every option to its fallback.  ERR_INVALID names a bug in the table. */
int conf_defaults(const struct conf_option *table, size_t n, void *into) MUST_CHECK;
/*
 * Reads an ini file over what `into` holds.  Sections that no option of the table names
 * are passed over when they stand in `foreign` (NULL-terminated list; the other programs'
 * sections; "policy *" matches by prefix; "tokens.k" is one name in a section that we
 * share, "courier.*" all of those that we do not know); an unknown name in a section of
 * ours, a value out of range, or a repeated name is an error: ERR_INVALID, and `why` says
 * "file:line: [section] name: what was expected".  On error `into` is as it was.
 */
int conf_read(const struct conf_option *table, size_t n, const char *const *foreign,
    const char *path, void *into, size_t into_size, struct buf *why) MUST_CHECK;
/* One assignment, as from a file. */
int conf_set(const struct conf_option *table, size_t n, const char *section,
    const char *name, const char *value, void *into, struct buf *why) MUST_CHECK;
/* The sample file (comments with help, range, default) and the --help list. */
void conf_sample(const struct conf_option *table, size_t n, struct buf *out);
void conf_help(const struct conf_option *table, size_t n, struct buf *out);

#endif
