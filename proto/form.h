/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_FORM_H
#define PROTO_FORM_H

#include "lib/buf.h"
#include "proto/http.h"

/*
 * A form as a browser sends it (application/x-www-form-urlencoded), for small forms of
 * ours: known names, each once, values of visible ASCII.  Everything else is refused.
 */
enum { FORM_MAX = 1024, FORM_VALUE_MAX = 64 };

struct form_field {
	const char *name;
	char value[FORM_VALUE_MAX + 1]; /* decoded, with its NUL; "" when absent */
	int there;
};

/* Fills the n fields; ERR_INVALID: a name that is none of them or stands twice, a pair
 * without '=', a bad escape, a byte that is no visible ASCII or blank, too long. */
int form_read(struct slice body, struct form_field *fields, unsigned n) MUST_CHECK;
/* 1 when the request announces such a form, in UTF-8 or without a charset. */
int form_is_announced(const struct http_request *r);

#endif
