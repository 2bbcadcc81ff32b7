/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/http.h"

/*
 * The first byte: odd for a chunked body, otherwise half of it is the length; the second:
 * the size of the pieces.  Fed whole and in pieces, the result is the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct outcome {
	long err; /* 0 or ERR_PROTO */
	size_t eaten;
	enum problem why;
	int done;
};

static const struct http_limits lim = { 4096, 8192, HTTP_HEADERS_MAX, 1000, 64 };

static struct outcome
run(const struct http_request *r, const char *p, size_t n, size_t step, struct buf *out)
{
	struct outcome o = { 0, 0, P_OK, 0 };
	struct http_body b;
	size_t k;
	long got;

	http_body_init(&b, r, &lim);
	while (o.eaten < n && !b.done) {
		k = n - o.eaten < step ? n - o.eaten : step;
		got = http_body_feed(&b, p + o.eaten, k, out, &o.why);
		if (got < 0) {
			o.err = got;
			break;
		}
		if (got == 0 || (size_t)got > k || ((size_t)got < k && !b.done))
			abort();
		o.eaten += (size_t)got;
	}
	o.done = b.done;
	if (out->n > lim.body || b.total > lim.body || (o.err == 0 && b.total != out->n))
		abort();
	return o;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct http_request r = { .minor = 1 };
	struct outcome a, b;
	struct buf whole, parts;

	if (n < 2)
		return 0;
	r.chunked = data[0] & 1;
	r.length = r.chunked ? 0 : data[0] / 2;
	buf_init(&whole, 2000);
	buf_init(&parts, 2000);
	a = run(&r, (const char *)data + 2, n - 2, n, &whole);
	b = run(&r, (const char *)data + 2, n - 2, data[1] % 40u + 1, &parts);
	if (a.err != b.err || a.why != b.why || a.done != b.done || whole.n != parts.n ||
	    (a.err == 0 && a.eaten != b.eaten) ||
	    (whole.n != 0 && memcmp(whole.p, parts.p, whole.n) != 0))
		abort();
	buf_done(&whole);
	buf_done(&parts);
	return 0;
}
