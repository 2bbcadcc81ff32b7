/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include "proto/http_chars.h"

/*
 * A chunk is size [";" extension] CRLF data CRLF; the last one has size 0 and is followed
 * by an empty line.  Trailers are refused: nothing here reads them, and the next hop
 * might.
 */
enum state {
	SIZE = 0, /* hexadecimal digits */
	EXT_NAME, /* the first byte after ';' */
	EXT,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	END_CR,
	END_LF,
};

/* Extensions carry nothing; a body made of them alone must not cost more than the data.
 */
enum { EXT_ALL_MAX = 4096, DIGITS_MAX = 16 };

void
http_body_init(
    struct http_body *b, const struct http_request *r, const struct http_limits *lim)
{
	*b = (struct http_body){ .lim = lim, .chunked = r->chunked, .state = SIZE };
	if (!r->chunked) {
		b->left = r->length;
		b->done = r->length == 0;
	}
}

static long
refuse(enum problem p, enum problem *why)
{
	*why = p;
	return ERR_PROTO;
}

/* Takes as much data as there is; the bytes taken, or ERR_PROTO. */
static long
take(struct http_body *b, const char *p, size_t n, struct buf *out, enum problem *why)
{
	if (n > b->left)
		n = (size_t)b->left;
	buf_add(out, p, n);
	if (buf_err(out) != 0)
		return refuse(
		    buf_err(out) == ERR_LIMIT ? P_TOO_LARGE : P_UNAVAILABLE, why);
	b->left -= n;
	b->total += n;
	return (long)n;
}

/* The end of the line that holds a chunk's size. */
static int
size_done(struct http_body *b)
{
	if (b->left > b->lim->body - b->total)
		return P_TOO_LARGE;
	b->state = b->left != 0 ? DATA : END_CR;
	return P_OK;
}

static int
size_byte(struct http_body *b, char c)
{
	int v = http_hex(c);

	if (v >= 0) {
		if (b->digits++ == DIGITS_MAX)
			return P_FRAMING;
		b->left = b->left << 4 | (uint64_t)v;
		return P_OK;
	}
	if (b->digits == 0)
		return P_FRAMING;
	if (c == ';') {
		b->ext = 0;
		b->state = EXT_NAME;
		return P_OK;
	}
	if (c != '\r')
		return P_FRAMING;
	b->state = SIZE_LF;
	return P_OK;
}

static int
ext_byte(struct http_body *b, char c)
{
	if (b->state == EXT && c == '\r') {
		b->state = SIZE_LF;
		return P_OK;
	}
	if (!http_is(c, b->state == EXT_NAME ? HTTP_TOKEN : HTTP_VALUE))
		return P_FRAMING;
	if (++b->ext > b->lim->chunk_ext || ++b->ext_all > EXT_ALL_MAX)
		return P_FRAMING;
	b->state = EXT;
	return P_OK;
}

/* One byte that is not data.  P_OK or the problem. */
static int
control_byte(struct http_body *b, char c)
{
	switch ((enum state)b->state) {
	case SIZE:
		return size_byte(b, c);
	case EXT_NAME:
	case EXT:
		return ext_byte(b, c);
	case SIZE_LF:
		return c == '\n' ? size_done(b) : P_FRAMING;
	case DATA_CR:
		b->state = DATA_LF;
		return c == '\r' ? P_OK : P_FRAMING;
	case DATA_LF:
		b->state = SIZE;
		b->digits = 0;
		return c == '\n' ? P_OK : P_FRAMING;
	case END_CR:
		b->state = END_LF;
		return c == '\r' ? P_OK : P_FRAMING;
	case END_LF:
		b->done = 1;
		return c == '\n' ? P_OK : P_FRAMING;
	case DATA:
		break;
	}
	return P_FRAMING;
}

long
http_body_feed(
    struct http_body *b, const char *p, size_t n, struct buf *out, enum problem *why)
{
	size_t at = 0;
	int problem;
	long k;

	while (at < n && !b->done) {
		if (b->chunked && b->state != DATA) {
			problem = control_byte(b, p[at]);
			if (problem != P_OK)
				return refuse((enum problem)problem, why);
			at++;
			continue;
		}
		k = take(b, p + at, n - at, out, why);
		if (k < 0)
			return k;
		at += (size_t)k;
		if (b->left != 0)
			continue;
		if (b->chunked)
			b->state = DATA_CR;
		else
			b->done = 1;
	}
	return (long)at;
}
