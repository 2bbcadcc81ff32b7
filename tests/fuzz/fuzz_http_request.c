/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/http.h"

/*
 * The first byte says where the bytes are cut once; the result must be that of the whole.
 * What is accepted must lie inside the input and obey what the front relies on.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(int holds)
{
	if (!holds)
		abort();
}

static void
inside(struct slice s, const char *p, size_t n)
{
	if (s.n != 0)
		must(s.p >= p && (size_t)(s.p - p) + s.n <= n);
}

static void
query_is_safe(const struct http_request *r)
{
	static const char *const names[] = { "cursor", "wait", NULL };
	struct buf out;
	size_t i;

	buf_init(&out, 4096);
	if (http_query(r->query, "cursor", &out) == 1)
		for (i = 0; i < out.n; i++)
			must((unsigned char)out.p[i] >= 0x20);
	must(http_query_known(r->query, names) == 0 || r->query.n == 0 ||
	     out.n <= r->query.n);
	buf_done(&out);
}

static void
accepted(const struct http_request *r, const char *p, size_t head)
{
	enum problem why = P_OK;
	unsigned i;

	must(r->path.n != 0 && r->path.p[0] == '/');
	must(memchr(r->path.p, '\0', r->path.n) == NULL);
	must(r->host.n != 0 && r->count <= HTTP_HEADERS_MAX && r->count != 0);
	must(r->length <= http_limits_default.body && !(r->chunked && r->has_length));
	must(r->minor == 1 || (!r->chunked && !r->keep_alive && !r->expect_continue));
	inside(r->target, p, head);
	inside(r->query, p, head);
	inside(r->host, p, head);
	for (i = 0; i < r->count; i++) {
		inside(r->headers[i].name, p, head);
		inside(r->headers[i].value, p, head);
		must(memchr(r->headers[i].value.p, '\n', r->headers[i].value.n) == NULL);
	}
	must(http_content_is_json(r, &why) || why == P_MEDIA_TYPE);
	query_is_safe(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const hosts[] = { "hub.example", "127.0.0.1", NULL };
	struct http_request whole, parts;
	enum problem why = P_OK, why_parts = P_OK;
	size_t scanned = 0, cut;
	const char *p;
	long a, b;

	if (n == 0)
		return 0;
	cut = data[0] * (n - 1) / 255;
	p = (const char *)data + 1;
	n--;
	a = http_request_parse(p, n, &http_limits_default, hosts, &scanned, &whole, &why);
	must(a <= (long)n && (a >= 0 || a == ERR_PROTO));
	if (a > 0)
		accepted(&whole, p, (size_t)a);
	scanned = 0;
	b = http_request_parse(
	    p, cut, &http_limits_default, hosts, &scanned, &parts, &why_parts);
	if (b == 0)
		b = http_request_parse(
		    p, n, &http_limits_default, hosts, &scanned, &parts, &why_parts);
	must(a == b && (a >= 0 || why == why_parts));
	return 0;
}
