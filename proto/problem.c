/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/problem.h"

#include <stdint.h>
#include <string.h>

static const struct {
	int status;
	const char *code, *title;
} table[P_COUNT] = {
#define X(name, status, code, title) [P_##name] = { status, code, title },
	PROBLEM_TABLE(X)
#undef X
};

/* A number that came from another program may lie outside the table. */
static enum problem
known(enum problem p)
{
	return (unsigned)p < P_COUNT ? p : P_INTERNAL;
}

int
problem_status(enum problem p)
{
	return table[known(p)].status;
}

const char *
problem_code(enum problem p)
{
	return table[known(p)].code;
}

const char *
problem_title(enum problem p)
{
	return table[known(p)].title;
}

enum problem
problem_of(int err)
{
	static const enum problem of[] = {
		[-ERR_OK] = P_OK,
		[-ERR_NOMEM] = P_UNAVAILABLE,
		[-ERR_LIMIT] = P_TOO_LARGE,
		[-ERR_AGAIN] = P_UNAVAILABLE,
		[-ERR_EOF] = P_UNAVAILABLE,
		[-ERR_IO] = P_UNAVAILABLE,
		[-ERR_PROTO] =
		    P_INTERNAL, /* of a program; a client's is named by its parser */
		[-ERR_INVALID] = P_INVALID_FIELD,
		[-ERR_NOTFOUND] = P_NOT_FOUND,
		[-ERR_DENIED] = P_FORBIDDEN,
		[-ERR_EXISTS] = P_CONFLICT,
		[-ERR_CONFLICT] = P_CONFLICT,
		[-ERR_DOWN] = P_UNAVAILABLE,
		[-ERR_FULL] = P_STORAGE_FULL,
		[-ERR_CORRUPT] = P_UNAVAILABLE,
		[-ERR_OUTCOME] = P_OUTCOME_UNKNOWN,
		[-ERR_VERSION] = P_INTERNAL,
		[-ERR_CRYPTO] = P_INTERNAL,
		[-ERR_RATE] = P_RATE,
	};

	if (err >= 0)
		return P_OK;
	if (err <= -(int)(sizeof of / sizeof of[0]))
		return P_INTERNAL;
	return of[-err];
}

/* The length of the well-formed UTF-8 sequence at p, or 0. */
static size_t
utf8_len(const unsigned char *p, size_t n)
{
	uint32_t c;
	size_t k, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	k = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n < k)
		return 0;
	c = p[0] & (0x7fu >> k);
	for (i = 1; i < k; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if ((k == 3 && c < 0x800) || (k == 4 && c < 0x10000) || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	return k;
}

/* A JSON string.  It comes from the client's own keys and may have been cut in the middle
 * of a character, so that nothing is taken for granted. */
static void
add_string(struct buf *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = strlen(text), k;

	buf_addc(out, '"');
	for (; n != 0; p += k, n -= k) {
		k = utf8_len(p, n);
		if (k == 0) {
			buf_adds(out, "\xef\xbf\xbd");
			k = 1;
		} else if (*p == '"' || *p == '\\') {
			buf_addc(out, '\\');
			buf_addc(out, (char)*p);
		} else if (*p < 0x20 || *p == 0x7f) {
			buf_addf(out, "\\u%04x", *p);
		} else {
			buf_add(out, p, k);
		}
	}
	buf_addc(out, '"');
}

void
problem_write(struct buf *out, enum problem p, const char *pointer, const char *detail)
{
	p = known(p);
	buf_addf(out,
	    "{\"type\":\"about:blank\",\"status\":%d,\"code\":\"%s\",\"title\":",
	    table[p].status, table[p].code);
	add_string(out, table[p].title);
	if (pointer != NULL) {
		buf_adds(out, ",\"pointer\":");
		add_string(out, pointer);
	}
	if (detail != NULL) {
		buf_adds(out, ",\"detail\":");
		add_string(out, detail);
	}
	buf_addc(out, '}');
}
