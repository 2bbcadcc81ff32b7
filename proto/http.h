/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_HTTP_H
#define PROTO_HTTP_H

#include <stdint.h>

#include "lib/buf.h"
#include "proto/problem.h"

/*
 * Strict HTTP/1.1 requests (RFC 9110, RFC 9112): no I/O, no clock, no allocation beyond
 * the buffers given.  Everything that two parsers could read differently is refused.
 */
struct http_limits {
	size_t line;	  /* request line, 4096 -> 414 */
	size_t headers;	  /* header block in bytes, 8192 -> 431 */
	unsigned count;	  /* headers, 64 -> 431 */
	size_t body;	  /* 256 KiB -> 413, before any byte of it is read */
	size_t chunk_ext; /* bytes of one chunk extension, 64 */
};
extern const struct http_limits http_limits_default;

enum http_method {
	HTTP_GET = 1,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_PATCH,
	HTTP_OPTIONS
};
enum { HTTP_HEADERS_MAX = 64 };

struct http_header {
	struct slice name, value; /* value without surrounding blanks */
};

struct http_request {
	enum http_method method;
	struct slice target;
	struct slice path;  /* as sent, checked */
	struct slice query; /* after '?', or n = 0 */
	struct slice host;  /* without port */
	struct http_header headers[HTTP_HEADERS_MAX];
	unsigned count;
	int minor; /* 0 or 1 */
	int chunked, keep_alive, expect_continue;
	uint64_t length; /* Content-Length, 0 when chunked or absent */
	int has_length;
};

/*
 * Looks at the n bytes so far.  0: incomplete; > 0: length of the head including the
 * blank line, *ret filled (slices point into p); ERR_PROTO: *why says which problem
 * (FRAMING, URI_TOO_LONG, HEADERS_TOO_LARGE, NOT_IMPLEMENTED, METHOD, HTTP_VERSION,
 * TOO_LARGE, EXPECTATION, MISDIRECTED, MEDIA_TYPE, EARLY_DATA) and the connection must be
 * closed after the answer.  `hosts` is a NULL-terminated list of names that are ours.
 * `scanned` remembers how far the search for the blank line came (start with 0), so that
 * a slow sender costs linear time.  The result depends on the bytes alone, not on how
 * they were cut into reads.  *ret is scratch space unless the result is > 0, but for
 * ret->method: 0 or, also when refused, the method (the answer to HEAD has no body).  One
 * empty line before the request is passed over and counts in the length.
 */
long http_request_parse(const char *p, size_t n, const struct http_limits *lim,
    const char *const *hosts, size_t *scanned, struct http_request *ret,
    enum problem *why) MUST_CHECK;
/* The value of a header that must not stand twice, or n = 0 and p = NULL (also when it
 * does stand twice; names whose doubling is an attack are refused by the parser). */
struct slice http_header(const struct http_request *r, const char *name);
/* 1 when the request announces application/json, with charset utf-8 or none; otherwise 0
 * and *why is MEDIA_TYPE. */
int http_content_is_json(const struct http_request *r, enum problem *why);

/* Body decoder: Content-Length or chunked, trailers refused. */
struct http_body {
	const struct http_limits *lim;
	int chunked, state, done;
	uint64_t left, total;
	unsigned digits; /* of the chunk size being read */
	size_t ext,
	    ext_all; /* bytes of this chunk's extension, of all extensions so far */
};
void http_body_init(
    struct http_body *b, const struct http_request *r, const struct http_limits *lim);
/* Eats from p[0..n), appends payload to out; returns bytes eaten (b->done tells the end),
 * or ERR_PROTO with *why (FRAMING or TOO_LARGE; UNAVAILABLE when `out` got no memory). */
long http_body_feed(struct http_body *b, const char *p, size_t n, struct buf *out,
    enum problem *why) MUST_CHECK;

/* Query parameters: the value of `name`, percent-decoded and appended to out.  1 found, 0
 * absent, ERR_INVALID for bad escapes, control bytes, bad UTF-8 or a repeated name.  '+'
 * is itself and no space, so that times with an offset need no escape. */
int http_query(struct slice query, const char *name, struct buf *out) MUST_CHECK;
/* 1 when every parameter's name stands in the NULL-terminated list. */
int http_query_known(struct slice query, const char *const *names);
/* The first name, as it was sent, that does not stand there; p NULL: all do. */
struct slice http_query_unknown(struct slice query, const char *const *names);

/* Answers.  extra: complete header lines with CRLF, ours only, or NULL.  A body with p =
 * NULL and n > 0 announces n bytes and sends none (HEAD). */
void http_reply(struct buf *out, int status, const char *content_type, const char *extra,
    struct slice body, int keep_alive);
void http_reply_problem(struct buf *out, enum problem p, const char *pointer,
    const char *detail, const char *extra, int keep_alive);
/* The same with a member more, `"name":JSON`, or none (empty). */
void http_reply_problem_more(struct buf *out, enum problem p, const char *pointer,
    const char *detail, struct slice more, const char *extra, int keep_alive);
/* Turns the one answer in `out` into that to a HEAD request: the same head, no body. */
void http_reply_cut(struct buf *out);
/* The interim answer to expect_continue. */
void http_reply_continue(struct buf *out);
/* Head of a stream without length: text/event-stream, Connection: close. */
void http_reply_stream(struct buf *out);
const char *http_reason(int status);

#endif
