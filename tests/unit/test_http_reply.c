/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ALWAYS "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"

static void
test_reply(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	http_reply(&out, 201, "application/json", "X-One: a\r\n", slice_of("{}"), 1);
	assert_string_equal(buf_cstr(&out),
	    "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: "
	    "2\r\n" ALWAYS "X-One: a\r\n\r\n{}");
	buf_reset(&out);
	http_reply(&out, 200, NULL, NULL, slice_of(""), 0);
	assert_string_equal(buf_cstr(&out),
	    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" ALWAYS
	    "Connection: close\r\n\r\n");
	buf_reset(&out);
	http_reply(
	    &out, 200, "text/plain", NULL, (struct slice){ NULL, 7 }, 1); /* HEAD */
	assert_string_equal(buf_cstr(&out),
	    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n" ALWAYS
	    "\r\n");
	buf_reset(&out);
	http_reply(&out, 204, NULL, NULL, slice_of("never sent"), 1);
	assert_string_equal(buf_cstr(&out), "HTTP/1.1 204 No Content\r\n" ALWAYS "\r\n");
	buf_reset(&out);
	http_reply_continue(&out);
	assert_string_equal(buf_cstr(&out), "HTTP/1.1 100 Continue\r\n\r\n");
	buf_done(&out);
}

static void
test_problem(void **state)
{
	static const char body[] =
	    "{\"type\":\"about:blank\",\"status\":422,\"code\":\"wrong_type\","
	    "\"title\":\"A field has the wrong type\",\"pointer\":\"/title\"}";
	char want[512];
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	http_reply_problem(&out, P_WRONG_TYPE, "/title", NULL, NULL, 1);
	(void)snprintf(want, sizeof want,
	    "HTTP/1.1 422 Unprocessable Content\r\nContent-Type: "
	    "application/problem+json\r\n"
	    "Content-Length: %zu\r\n" ALWAYS "\r\n%s",
	    strlen(body), body);
	assert_string_equal(buf_cstr(&out), want);
	buf_reset(&out);
	http_reply_problem(&out, P_METHOD, NULL, NULL, NULL, 0);
	assert_non_null(strstr(buf_cstr(&out), "\r\nAllow: "));
	buf_reset(&out);
	http_reply_problem(&out, P_METHOD, NULL, NULL, "Allow: GET\r\n", 0);
	assert_non_null(strstr(buf_cstr(&out), "\r\nAllow: GET\r\n"));
	assert_null(strstr(buf_cstr(&out), "POST"));
	buf_done(&out);
}

static void
test_cut(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	http_reply_cut(&out);
	assert_int_equal(out.n, 0);
	http_reply(&out, 200, "text/plain", NULL, slice_of("a\r\n\r\nb"), 1);
	http_reply_cut(&out);
	assert_string_equal(buf_cstr(&out),
	    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n" ALWAYS
	    "\r\n");
	buf_done(&out);
}

static void
test_stream(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	http_reply_stream(&out);
	assert_non_null(
	    strstr(buf_cstr(&out), "\r\nContent-Type: text/event-stream\r\n"));
	assert_non_null(strstr(buf_cstr(&out), "\r\nConnection: close\r\n\r\n"));
	assert_null(strstr(buf_cstr(&out), "Content-Length"));
	buf_done(&out);
}

/* Whatever problem the table names has a reason phrase of its own. */
static void
test_reasons(void **state)
{
	int p;

	(void)state;
	for (p = 0; p < P_COUNT; p++)
		assert_string_not_equal(
		    http_reason(problem_status((enum problem)p)), "Unknown");
	assert_string_equal(http_reason(299), "Unknown");
}

/* Not cut in the middle: an answer that does not fit is an error that the caller sees. */
static void
test_full(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 64);
	http_reply_problem(&out, P_INTERNAL, NULL, NULL, NULL, 0);
	assert_int_equal(buf_err(&out), ERR_LIMIT);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_problem),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
