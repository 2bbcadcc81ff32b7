/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <string.h>
#include <strings.h>

#include "proto/http_chars.h"

const struct http_limits http_limits_default = {
	.line = 4096,
	.headers = 8192,
	.count = HTTP_HEADERS_MAX,
	.body = 256 * 1024,
	.chunk_ext = 64,
};

/* The headers that the parser itself acts on. */
enum known {
	H_OTHER = 0,
	H_HOST,
	H_LENGTH,
	H_TRANSFER,
	H_CONNECTION,
	H_EXPECT,
	H_EARLY,
	H_CODING,
	H_SINGLE, /* first of those that are only refused when doubled */
	H_TYPE = H_SINGLE,
	H_AUTHORIZATION,
	H_IDEMPOTENCY,
	H_LAST_EVENT,
	H_COUNT
};

struct seen {
	struct slice value[H_COUNT];
	unsigned char times[H_COUNT];
	int close;
};

static long
refuse(enum problem p, enum problem *why)
{
	*why = p;
	return ERR_PROTO;
}

/*
 * The next line end at or after `from`.  1 and the offset behind it; 0 when it has not
 * come yet, and from where to look again; ERR_PROTO for a CR or LF that stands alone.
 */
static int
find_crlf(const char *p, size_t from, size_t n, size_t *ret_at)
{
	const char *cr = memchr(p + from, '\r', n - from);
	size_t end = cr != NULL ? (size_t)(cr - p) : n;

	if (memchr(p + from, '\n', end - from) != NULL)
		return ERR_PROTO;
	if (cr == NULL || end + 1 == n) {
		*ret_at = end;
		return 0;
	}
	if (p[end + 1] != '\n')
		return ERR_PROTO;
	*ret_at = end + 2;
	return 1;
}

static enum http_method
method_of(struct slice m)
{
	static const struct {
		const char *name;
		enum http_method method;
	} known[] = { { "GET", HTTP_GET }, { "POST", HTTP_POST }, { "PUT", HTTP_PUT },
		{ "HEAD", HTTP_HEAD }, { "DELETE", HTTP_DELETE }, { "PATCH", HTTP_PATCH },
		{ "OPTIONS", HTTP_OPTIONS } };
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (slice_eq(m, known[i].name))
			return known[i].method;
	return 0;
}

/* One request line without its CRLF.  0, or ERR_PROTO with *why. */
static long
parse_line(struct slice line, struct http_request *r, struct slice *ret_authority,
    enum problem *why)
{
	const char *p = line.p, *end = line.p + line.n, *v;
	struct slice method;

	while (p < end && http_is(*p, HTTP_TOKEN))
		p++;
	method = (struct slice){ line.p, (size_t)(p - line.p) };
	if (method.n == 0 || p == end || *p++ != ' ')
		return refuse(P_FRAMING, why);
	v = memchr(p, ' ', (size_t)(end - p));
	if (v == NULL)
		return refuse(P_FRAMING, why);
	r->target = (struct slice){ p, (size_t)(v - p) };
	v++;
	r->method = method_of(method);
	if (end - v != 8 || memcmp(v, "HTTP/1.", 7) != 0 || v[7] < '0' || v[7] > '9')
		return refuse(P_FRAMING, why);
	if (v[7] > '1')
		return refuse(P_HTTP_VERSION, why);
	r->minor = v[7] - '0';
	if (slice_eq(method, "TRACE") || slice_eq(method, "CONNECT"))
		return refuse(P_METHOD, why);
	if (r->method == 0)
		return refuse(P_NOT_IMPLEMENTED, why);
	if (http_target_split(r, ret_authority) != 0)
		return refuse(P_FRAMING, why);
	return 0;
}

static enum known
known_of(struct slice name)
{
	static const struct {
		const char *name;
		enum known is;
	} by_length[] = { [4] = { "host", H_HOST },
		[6] = { "expect", H_EXPECT },
		[12] = { "content-type", H_TYPE },
		[14] = { "content-length", H_LENGTH },
		[15] = { "idempotency-key", H_IDEMPOTENCY },
		[16] = { "content-encoding", H_CODING },
		[17] = { "transfer-encoding", H_TRANSFER } };
	static const struct {
		const char *name;
		enum known is;
	} twins[] = { { "connection", H_CONNECTION }, { "early-data", H_EARLY },
		{ "authorization", H_AUTHORIZATION }, { "last-event-id", H_LAST_EVENT } };
	size_t i;

	if (name.n >= sizeof by_length / sizeof by_length[0])
		return H_OTHER;
	if (by_length[name.n].name != NULL)
		return strncasecmp(name.p, by_length[name.n].name, name.n) == 0
			   ? by_length[name.n].is
			   : H_OTHER;
	if (name.n == 10 || name.n == 13)
		for (i = 0; i < sizeof twins / sizeof twins[0]; i++)
			if (slice_eq_nocase(name, twins[i].name))
				return twins[i].is;
	return H_OTHER;
}

/*
 * The header block without its blank line; every line in it ends with CRLF and holds no
 * other CR or LF (find_crlf saw to that), so each scan below ends at a CR at the latest.
 */
static long
parse_headers(const char *p, const char *end, const struct http_limits *lim,
    struct http_request *r, struct seen *seen, enum problem *why)
{
	struct http_header *h;
	const char *start;
	enum known k;

	r->count = 0;
	while (p < end) {
		if (r->count == lim->count || r->count == HTTP_HEADERS_MAX)
			return refuse(P_HEADERS_TOO_LARGE, why);
		h = &r->headers[r->count++];
		for (start = p; http_is(*p, HTTP_TOKEN); p++)
			;
		h->name = (struct slice){ start, (size_t)(p - start) };
		/* Also a space before the colon, a folded line, and an empty name. */
		if (h->name.n == 0 || *p++ != ':')
			return refuse(P_FRAMING, why);
		while (http_is(*p, HTTP_SPACE))
			p++;
		for (start = p; http_is(*p, HTTP_VALUE); p++)
			;
		if (*p != '\r') /* NUL or another control byte */
			return refuse(P_FRAMING, why);
		h->value = http_trim((struct slice){ start, (size_t)(p - start) });
		p += 2;
		k = known_of(h->name);
		if (k == H_OTHER)
			continue;
		seen->value[k] = h->value;
		seen->times[k]++;
		if (k == H_CONNECTION && http_list_has(h->value, "close"))
			seen->close = 1;
	}
	return 0;
}

/* Strictly decimal, no sign, no list, no leading zero.  20 digits and more cannot be
 * meant, but they are digits: too large. */
static long
parse_length(struct slice v, uint64_t *ret, enum problem *why)
{
	uint64_t x = 0;
	size_t i;

	if (v.n == 0)
		return refuse(P_FRAMING, why);
	for (i = 0; i < v.n; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return refuse(P_FRAMING, why);
	if (v.n > 19)
		return refuse(P_TOO_LARGE, why);
	if (v.n > 1 && v.p[0] == '0')
		return refuse(P_FRAMING, why);
	for (i = 0; i < v.n; i++)
		x = x * 10 + (uint64_t)(v.p[i] - '0');
	*ret = x;
	return 0;
}

/* How long the body is, from what the headers say; anything ambiguous is refused. */
static long
frame_body(struct http_request *r, const struct seen *s, enum problem *why)
{
	enum known k;

	r->chunked = 0;
	r->has_length = 0;
	r->length = 0;
	if (s->times[H_HOST] != 1 || s->times[H_LENGTH] > 1 || s->times[H_TRANSFER] > 1 ||
	    s->times[H_EXPECT] > 1)
		return refuse(P_FRAMING, why);
	for (k = H_SINGLE; k < H_COUNT; k++)
		if (s->times[k] > 1)
			return refuse(P_FRAMING, why);
	if (s->times[H_TRANSFER] != 0) {
		/* One spelling of one coding: whoever reads it otherwise cuts elsewhere.
		 */
		if (s->times[H_LENGTH] != 0 || r->minor == 0 ||
		    !slice_eq(s->value[H_TRANSFER], "chunked"))
			return refuse(P_FRAMING, why);
		r->chunked = 1;
	}
	if (s->times[H_LENGTH] != 0) {
		if (parse_length(s->value[H_LENGTH], &r->length, why) != 0)
			return ERR_PROTO;
		r->has_length = 1;
	}
	if (r->method != HTTP_POST && r->method != HTTP_PUT && r->method != HTTP_PATCH &&
	    (r->chunked || r->length != 0))
		return refuse(P_FRAMING, why);
	return 0;
}

/* Everything that can be decided once all headers are known. */
static long
judge(struct http_request *r, const struct seen *s, struct slice authority,
    const struct http_limits *lim, const char *const *hosts, enum problem *why)
{
	if (frame_body(r, s, why) != 0)
		return ERR_PROTO;
	if (http_host_check(r, s->value[H_HOST], authority, hosts, why) != 0)
		return ERR_PROTO;
	/* RFC 8470: whatever its value, and however often it stands there. */
	if (s->times[H_EARLY] != 0)
		return refuse(P_EARLY_DATA, why);
	if (r->length > lim->body)
		return refuse(P_TOO_LARGE, why);
	if (s->times[H_CODING] != 0)
		return refuse(P_MEDIA_TYPE, why);
	r->expect_continue = 0;
	if (s->times[H_EXPECT] != 0) {
		if (!slice_eq_nocase(s->value[H_EXPECT], "100-continue"))
			return refuse(P_EXPECTATION, why);
		/* An HTTP/1.0 client would take the interim answer for the answer. */
		r->expect_continue = r->minor == 1 && (r->chunked || r->length != 0);
	}
	r->keep_alive = r->minor == 1 && !s->close;
	return 0;
}

long
http_request_parse(const char *p, size_t n, const struct http_limits *lim,
    const char *const *hosts, size_t *scanned, struct http_request *ret,
    enum problem *why)
{
	struct slice authority = { NULL, 0 };
	size_t base = 0, at, room, head;
	const char *lf = NULL;
	struct seen seen;
	int found, judged = 0;

	ret->method = 0;
	if (n != 0 && p[0] == '\r') { /* one empty line, left over by careless clients */
		if (n == 1)
			return 0;
		if (p[1] != '\n')
			return refuse(P_FRAMING, why);
		base = 2;
	}
	if (n == base)
		return 0;
	at = *scanned > base ? *scanned : base;

	/* The request line: judged as soon as it is there. */
	if (at > base)
		lf = memchr(p + base, '\n', at - base);
	head = lf != NULL ? (size_t)(lf - p) + 1 : 0;
	if (head == 0) {
		room = base + lim->line + 2;
		found = find_crlf(p, at, n < room ? n : room, &at);
		if (found < 0)
			return refuse(P_FRAMING, why);
		if (found == 0 && n > room)
			return refuse(P_URI_TOO_LONG, why);
		*scanned = at;
		if (found == 0)
			return 0;
		head = at;
		if (parse_line((struct slice){ p + base, head - 2 - base }, ret,
			&authority, why) != 0)
			return ERR_PROTO;
		judged = 1;
	}

	/* The header block: looked at when its blank line is there. */
	room = head + lim->headers;
	do {
		found = find_crlf(p, at, n < room ? n : room, &at);
		if (found < 0)
			return refuse(P_FRAMING, why);
		if (found == 0 && n > room)
			return refuse(P_HEADERS_TOO_LARGE, why);
		*scanned = at;
		if (found == 0)
			return 0;
	} while (p[at - 3] != '\n');
	if (!judged && parse_line((struct slice){ p + base, head - 2 - base }, ret,
			   &authority, why) != 0)
		return ERR_PROTO;
	memset(&seen, 0, sizeof seen);
	if (parse_headers(p + head, p + at - 2, lim, ret, &seen, why) != 0 ||
	    judge(ret, &seen, authority, lim, hosts, why) != 0)
		return ERR_PROTO;
	return (long)at;
}
