/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_SETTINGS_H
#define CEPTOARD_SETTINGS_H

#include "lib/buf.h"
#include "lib/err.h"

/*
 * A configuration file being put together: settings in the order they came, a later value
 * of the same section and name in the place of the earlier one.
 */
enum { SETTINGS_MAX = 256, SETTING_TEXT = 512 };

struct setting {
	char section[64], name[64], value[SETTING_TEXT];
};

struct settings {
	struct setting v[SETTINGS_MAX];
	unsigned n;
};

/* value is a format.  ERR_LIMIT when it does not fit. */
int settings_set(struct settings *s, const char *section, const char *name,
    const char *value, ...) PRINTF_LIKE(4, 5) MUST_CHECK;
/* Reads an ini file over what is there; what the names mean is the programs' affair. */
int settings_read(struct settings *s, const char *path, struct buf *why) MUST_CHECK;
void settings_write(const struct settings *s, struct buf *out);

#endif
