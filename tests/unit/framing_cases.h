/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_FRAMING_CASES_H
#define TESTS_UNIT_FRAMING_CASES_H

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"

/* Reads tests/data/http_framing.txt; its format stands at its head. */
enum { CASES_MAX = 400, CASE_BYTES_MAX = 1024 * 1024 };

struct framing_case {
	char name[64], code[32];
	int status; /* 0: incomplete; 100: interim answer due; 200: accepted */
	int close;
	struct buf bytes;
};

static const char *const our_names[][2] = { { "{host}", "hub.example:8443" },
	{ "{name}", "hub.example" }, { "{port}", "8443" } };

/* One escape or plain byte at p; returns the bytes of source that it took. */
static inline size_t
case_byte(struct buf *out, const char *p)
{
	static const char from[] = "rnt0\\", to[] = "\r\n\t\0\\";
	const char *at;

	if (p[0] != '\\') {
		buf_addc(out, p[0]);
		return 1;
	}
	if (p[1] == 'x') {
		char hex[3] = { p[2], p[3], '\0' };

		buf_addc(out, (char)strtol(hex, NULL, 16));
		return 4;
	}
	at = memchr(from, p[1], sizeof from - 1);
	assert_non_null(at);
	buf_addc(out, to[at - from]);
	return 2;
}

/* {TEXT*N}; returns the bytes of source that it took. */
static inline size_t
case_repeat(struct buf *out, const char *p)
{
	const char *end = strchr(p, '}'), *star, *q;
	struct buf text;
	long n;

	assert_non_null(end);
	star = memrchr(p, '*', (size_t)(end - p));
	assert_non_null(star);
	buf_init(&text, 1024);
	for (q = p + 1; q < star;)
		q += case_byte(&text, q);
	for (n = strtol(star + 1, NULL, 10); n > 0; n--)
		buf_add(out, text.p, text.n);
	buf_done(&text);
	return (size_t)(end - p) + 1;
}

static inline void
case_send(struct buf *out, const char *p)
{
	size_t i;

	while (*p != '\0') {
		if (*p != '{') {
			p += case_byte(out, p);
			continue;
		}
		for (i = 0; i < 3; i++)
			if (strncmp(p, our_names[i][0], 6) == 0)
				break;
		if (i < 3) {
			buf_adds(out, our_names[i][1]);
			p += 6;
		} else {
			p += case_repeat(out, p);
		}
	}
}

static inline void
case_want(struct framing_case *c, const char *v)
{
	if (strcmp(v, "wait") == 0) {
		c->status = 0;
	} else if (strcmp(v, "100") == 0) {
		c->status = 100;
	} else if (strncmp(v, "ok", 2) == 0) {
		c->status = 200;
		c->close = strcmp(v, "ok close") == 0;
		assert_true(v[2] == '\0' || c->close);
	} else {
		c->close = 1;
		assert_int_equal(sscanf(v, "%d %31s", &c->status, c->code), 2);
	}
}

static inline size_t
cases_read(struct framing_case *cases)
{
	FILE *f = fopen("tests/data/http_framing.txt", "r");
	char line[4096], *nl, *v;
	size_t n = 0;

	assert_non_null(f); /* run from the top folder */
	while (fgets(line, sizeof line, f) != NULL) {
		nl = strchr(line, '\n');
		assert_non_null(nl);
		*nl = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		assert_true(strlen(line) >= 6 && memcmp(line + 4, ": ", 2) == 0);
		v = line + 6;
		if (strncmp(line, "name", 4) == 0) {
			assert_true(n < CASES_MAX && strlen(v) < sizeof cases->name);
			memset(&cases[n], 0, sizeof cases[n]);
			cases[n].status = -1;
			memcpy(cases[n].name, v, strlen(v) + 1);
			buf_init(&cases[n].bytes, CASE_BYTES_MAX);
			n++;
			continue;
		}
		assert_true(n != 0);
		if (strncmp(line, "send", 4) == 0)
			case_send(&cases[n - 1].bytes, v);
		else if (strncmp(line, "want", 4) == 0)
			case_want(&cases[n - 1], v);
		else
			assert_int_equal(strncmp(line, "live", 4), 0);
		assert_int_equal(buf_err(&cases[n - 1].bytes), 0);
	}
	assert_int_equal(fclose(f), 0);
	return n;
}

#endif
