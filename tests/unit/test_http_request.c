/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/framing_cases.h"

static const char *const hosts[] = { "localhost", "HUB.example", "::1", NULL };
static struct framing_case cases[CASES_MAX];
static size_t ncases;

/* What became of a request. */
struct outcome {
	int status, close;
	enum problem why;
	size_t eaten;
	struct buf body;
};

/* The front's way of reading, on an exact copy of the bytes so that ASan sees a read
 * beyond them: `sizes` bytes come in turn, then the rest. */
struct reader {
	const struct framing_case *c;
	size_t at; /* bytes that have come */
};

static long
try_head(struct reader *r, size_t *scanned, struct http_request *req, char **copy,
    enum problem *why)
{
	size_t before = *scanned;
	long got;

	free(*copy);
	*copy = malloc(r->at != 0 ? r->at : 1);
	assert_non_null(*copy);
	memcpy(*copy, r->c->bytes.p, r->at);
	got = http_request_parse(
	    *copy, r->at, &http_limits_default, hosts, scanned, req, why);
	if (got == 0 && r->at > 2) /* nothing is looked at twice: linear time */
		assert_true(*scanned >= before && *scanned + 1 >= r->at);
	return got;
}

static void
refused(struct outcome *o, enum problem why)
{
	o->status = problem_status(why);
	o->why = why;
	o->close = 1;
}

static void
accepted(struct outcome *o, const struct http_request *req)
{
	o->status = 200;
	o->close = !req->keep_alive;
}

/* As the hub has it: a body for a known target must be JSON. */
static int
type_fits(const struct http_request *req, enum problem *why)
{
	return !slice_eq(req->path, "/v1/acks") || http_content_is_json(req, why);
}

static void
read_body(
    struct reader *r, const struct http_request *req, size_t step, struct outcome *o)
{
	enum problem why = P_OK;
	struct http_body body;
	size_t n;
	long k;

	http_body_init(&body, req, &http_limits_default);
	for (;;) {
		while (o->eaten < r->at && !body.done) {
			k = http_body_feed(&body, r->c->bytes.p + o->eaten,
			    r->at - o->eaten, &o->body, &why);
			if (k < 0) {
				refused(o, why);
				return;
			}
			assert_true(k > 0);
			o->eaten += (size_t)k;
		}
		if (body.done) {
			accepted(o, req);
			return;
		}
		if (r->at == r->c->bytes.n) {
			if (req->expect_continue && o->eaten == r->at && o->body.n == 0)
				o->status = 100;
			return;
		}
		n = r->c->bytes.n - r->at;
		r->at += step != 0 && step < n ? step : n;
	}
}

static void
run(const struct framing_case *c, size_t first, size_t step, struct outcome *o)
{
	struct reader r = { c, first };
	struct http_request req;
	enum problem why = P_OK;
	size_t scanned = 0, n;
	char *copy = NULL;
	long head;

	memset(o, 0, sizeof *o);
	buf_init(&o->body, http_limits_default.body);
	memset(&req, 0xa5, sizeof req); /* nothing may rest on what stood there before */
	while ((head = try_head(&r, &scanned, &req, &copy, &why)) == 0 &&
	       r.at < c->bytes.n) {
		n = c->bytes.n - r.at;
		r.at += step != 0 && step < n ? step : n;
	}
	if (head < 0) {
		assert_int_equal(head, ERR_PROTO);
		refused(o, why);
	} else if (head > 0) {
		o->eaten = (size_t)head;
		if (type_fits(&req, &why))
			read_body(&r, &req, step, o);
		else
			refused(o, why);
	}
	free(copy);
}

static void
check(const struct framing_case *c, size_t first, size_t step)
{
	struct outcome o;

	run(c, first, step, &o);
	if (o.status != c->status || (c->status > 100 && o.close != c->close) ||
	    strcmp(c->code, o.status >= 400 ? problem_code(o.why) : "") != 0)
		fail_msg("%s (cut at %zu, step %zu): %d %s%s instead of %d %s%s", c->name,
		    first, step, o.status, o.status >= 400 ? problem_code(o.why) : "",
		    o.close ? " close" : "", c->status, c->code,
		    c->close ? " close" : "");
	if (o.status == 200)
		assert_int_equal(o.eaten, c->bytes.n);
	buf_done(&o.body);
}

static int
setup(void **state)
{
	(void)state;
	ncases = cases_read(cases);
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ncases; i++)
		buf_done(&cases[i].bytes);
	return 0;
}

static void
test_names_are_unique(void **state)
{
	size_t i, k, h1 = 0;

	(void)state;
	for (i = 0; i < ncases; i++) {
		assert_int_not_equal(cases[i].status, -1);
		assert_true(cases[i].bytes.n != 0);
		h1 += strncmp(cases[i].name, "h1-", 3) == 0;
		for (k = 0; k < i; k++)
			assert_string_not_equal(cases[i].name, cases[k].name);
	}
	assert_true(ncases - h1 >= 55);
	assert_true(h1 >= 33);
}

static void
test_at_once(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ncases; i++)
		check(&cases[i], cases[i].bytes.n, 0);
}

static void
test_byte_by_byte(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ncases; i++)
		check(&cases[i], 0, 1);
}

static void
test_every_cut(void **state)
{
	size_t i, cut, stride;

	(void)state;
	for (i = 0; i < ncases; i++) {
		/* Long bodies of one letter: a prime stride still meets every phase. */
		stride = cases[i].bytes.n > 20000 ? 997 : cases[i].bytes.n > 2000 ? 7 : 1;
		for (cut = 0; cut < cases[i].bytes.n; cut += stride)
			check(&cases[i], cut, 0);
	}
}

static long
parse(const char *text, const struct http_limits *lim, struct http_request *r,
    enum problem *why)
{
	size_t scanned = 0;

	return http_request_parse(text, strlen(text), lim, hosts, &scanned, r, why);
}

static void
test_fields(void **state)
{
	static const char text[] = "POST /v1/reports?lang=ja HTTP/1.1\r\n"
				   "Host: Hub.Example:8443\r\n"
				   "Idempotency-Key: \tabc \r\n"
				   "Content-Length: 17\r\n"
				   "Expect: 100-continue\r\n"
				   "Accept: a\r\naccept: b\r\n"
				   "\r\n{\"kind\"";
	struct http_request r;
	enum problem why;

	(void)state;
	assert_int_equal(
	    parse(text, &http_limits_default, &r, &why), (long)strlen(text) - 7);
	assert_int_equal(r.method, HTTP_POST);
	assert_true(slice_eq(r.target, "/v1/reports?lang=ja"));
	assert_true(slice_eq(r.path, "/v1/reports"));
	assert_true(slice_eq(r.query, "lang=ja"));
	assert_true(slice_eq(r.host, "Hub.Example"));
	assert_int_equal(r.count, 6);
	assert_int_equal(r.minor, 1);
	assert_int_equal(r.length, 17);
	assert_true(r.has_length && !r.chunked && r.keep_alive && r.expect_continue);
	assert_true(slice_eq(http_header(&r, "idempotency-key"), "abc"));
	assert_null(http_header(&r, "accept").p); /* twice: no single value */
	assert_null(http_header(&r, "last-event-id").p);
}

static void
test_absolute_form(void **state)
{
	struct http_request r;
	enum problem why;

	(void)state;
	assert_true(parse("GET http://localhost?a=b HTTP/1.1\r\nHost: localhost\r\n\r\n",
			&http_limits_default, &r, &why) > 0);
	assert_true(slice_eq(r.path, "/"));
	assert_true(slice_eq(r.query, "a=b"));
	assert_true(slice_eq(r.host, "localhost"));
	assert_true(
	    parse("GET https://localhost:1/x HTTP/1.1\r\nHost: LocalHost:1\r\n\r\n",
		&http_limits_default, &r, &why) > 0);
	assert_true(slice_eq(r.path, "/x"));
	assert_int_equal(r.query.n, 0);
}

static void
test_content_type(void **state)
{
	static const struct {
		const char *type;
		int json;
	} table[] = { { "application/json", 1 }, { "Application/Json ;Charset=UTF-8", 1 },
		{ "application/json;charset=\"utf-8\"", 1 }, { "", 0 },
		{ "text/json", 0 }, { "application/json;", 0 },
		{ "application/json; charset=utf-16", 0 },
		{ "application/json; charset=utf-8; q=1", 0 }, { "application/jso", 0 },
		{ "application/problem+json", 0 }, { ";charset=utf-8", 0 } };
	struct http_request r = { .count = 1 };
	enum problem why;
	size_t i;

	(void)state;
	r.headers[0].name = slice_of("CONTENT-TYPE");
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		r.headers[0].value = slice_of(table[i].type);
		why = P_OK; /* touched on refusal only */
		assert_int_equal(http_content_is_json(&r, &why), table[i].json);
		assert_int_equal(why, table[i].json ? P_OK : P_MEDIA_TYPE);
	}
	r.count = 0;
	assert_false(http_content_is_json(&r, &why));
}

/* An interim answer is due only where a body is to come and the client knows of it. */
static void
test_expect(void **state)
{
	struct http_request r;
	enum problem why;

	(void)state;
	assert_true(parse("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
			  "Expect: 100-continue\r\n\r\n",
			&http_limits_default, &r, &why) > 0);
	assert_true(r.expect_continue);
	assert_true(parse("PUT / HTTP/1.0\r\nHost: localhost\r\nContent-Length: 1\r\n"
			  "Expect: 100-continue\r\n\r\n",
			&http_limits_default, &r, &why) > 0);
	assert_false(r.expect_continue);
	assert_true(parse("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
			  "Expect: 100-continue\r\n\r\n",
			&http_limits_default, &r, &why) > 0);
	assert_false(r.expect_continue);
}

static void
test_methods(void **state)
{
	static const struct {
		const char *name;
		enum http_method is;
	} table[] = { { "GET", HTTP_GET }, { "HEAD", HTTP_HEAD }, { "POST", HTTP_POST },
		{ "PUT", HTTP_PUT }, { "DELETE", HTTP_DELETE }, { "PATCH", HTTP_PATCH },
		{ "OPTIONS", HTTP_OPTIONS } };
	struct http_request r;
	enum problem why;
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		(void)snprintf(text, sizeof text,
		    "%s / HTTP/1.1\r\nHost: localhost\r\n\r\n", table[i].name);
		assert_int_equal(
		    parse(text, &http_limits_default, &r, &why), strlen(text));
		assert_int_equal(r.method, table[i].is);
		assert_true(!r.has_length && r.length == 0 && !r.chunked);
	}
}

static void
test_hosts(void **state)
{
	static const struct {
		const char *host;
		int fits;
	} table[] = { { "localhost", 1 }, { "LOCALHOST:1", 1 },
		{ "hub.example:65535", 1 }, { "[::1]", 1 }, { "[::1]:8443", 1 },
		{ "[::2]", 0 }, { "localhost.", 0 }, { "localhos", 0 },
		{ "xlocalhost", 0 }, { "127.0.0.1", 0 } };
	static const char *const none[] = { NULL };
	struct http_request r;
	enum problem why;
	size_t i, scanned;
	char text[128];
	long got;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		(void)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n",
		    table[i].host);
		got = parse(text, &http_limits_default, &r, &why);
		assert_int_equal(got, table[i].fits ? (long)strlen(text) : ERR_PROTO);
		if (got < 0)
			assert_int_equal(why, P_MISDIRECTED);
		scanned = 0;
		assert_int_equal(http_request_parse(text, strlen(text),
				     &http_limits_default, none, &scanned, &r, &why),
		    ERR_PROTO);
		assert_int_equal(why, P_MISDIRECTED);
	}
}

/* The limits are those that are given, to the byte. */
static void
test_limits(void **state)
{
	struct http_limits lim = { 16, 30, 2, 10, 4 };
	struct http_request r;
	enum problem why = P_OK;

	(void)state;
	assert_true(
	    parse("GET /12 HTTP/1.1\r\nHost: localhost\r\n\r\n", &lim, &r, &why) > 0);
	assert_int_equal(parse("GET /123 HTTP/1.1\r\n", &lim, &r, &why), ERR_PROTO);
	assert_int_equal(why, P_URI_TOO_LONG);
	assert_true(parse("GET / HTTP/1.1\r\nHost: localhost\r\na:4567890\r\n\r\n", &lim,
			&r, &why) > 0);
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: localhost\r\na:45678901\r\n\r\n",
			     &lim, &r, &why),
	    ERR_PROTO);
	assert_int_equal(why, P_HEADERS_TOO_LARGE);
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: localhost\r\na:\r\nb:\r\n\r\n",
			     &lim, &r, &why),
	    ERR_PROTO);
	assert_int_equal(why, P_HEADERS_TOO_LARGE);
	lim.headers = 100;
	assert_true(
	    parse("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n", &lim,
		&r, &why) > 0);
	assert_int_equal(
	    parse("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n", &lim,
		&r, &why),
	    ERR_PROTO);
	assert_int_equal(why, P_TOO_LARGE);
}

/* A bad request line is answered at once, not after the time for headers. */
static void
test_line_is_judged_early(void **state)
{
	struct http_request r;
	enum problem why = P_OK;

	(void)state;
	assert_int_equal(
	    parse("get / HTTP/1.1\r\n", &http_limits_default, &r, &why), ERR_PROTO);
	assert_int_equal(why, P_NOT_IMPLEMENTED);
	assert_int_equal(r.method, 0);
	assert_int_equal(
	    parse("HEAD /x HTTP/2.0\r\n", &http_limits_default, &r, &why), ERR_PROTO);
	assert_int_equal(r.method, HTTP_HEAD); /* whose refusal has no body either */
	assert_int_equal(parse("GET / HTTP/1.1\r\n", &http_limits_default, &r, &why), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_absolute_form),
		cmocka_unit_test(test_content_type),
		cmocka_unit_test(test_expect),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_line_is_judged_early),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
