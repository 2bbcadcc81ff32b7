/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct http_request chunked = { .chunked = 1 };

/* Feeds all of it in pieces of `step`; the bytes eaten, or the error. */
static long
feed(struct http_body *b, const char *text, size_t n, size_t step, struct buf *out,
    enum problem *why)
{
	size_t at = 0, k;
	long got;

	while (at < n && !b->done) {
		k = n - at < step ? n - at : step;
		got = http_body_feed(b, text + at, k, out, why);
		if (got < 0)
			return got;
		at += (size_t)got;
	}
	return (long)at;
}

static void
test_length(void **state)
{
	struct http_request r = { .length = 5, .has_length = 1 };
	struct http_body b;
	enum problem why;
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	http_body_init(&b, &r, &http_limits_default);
	assert_int_equal(http_body_feed(&b, "hel", 3, &out, &why), 3);
	assert_false(b.done);
	assert_int_equal(
	    http_body_feed(&b, "loGET /", 7, &out, &why), 2); /* the next request stays */
	assert_true(b.done);
	assert_true(slice_eq(buf_slice(&out), "hello"));
	assert_int_equal(http_body_feed(&b, "GET", 3, &out, &why), 0);
	r.length = 0;
	http_body_init(&b, &r, &http_limits_default);
	assert_true(b.done);
	buf_done(&out);
}

static void
test_chunks_in_any_pieces(void **state)
{
	static const char text[] =
	    "3\r\nhel\r\n1;a=b\r\nl\r\n0001\r\no\r\n0\r\n\r\nGET / HTTP/1.1";
	struct http_body b;
	enum problem why;
	struct buf out;
	size_t step;

	(void)state;
	buf_init(&out, 100);
	for (step = 1; step < sizeof text; step++) {
		buf_reset(&out);
		http_body_init(&b, &chunked, &http_limits_default);
		assert_false(b.done);
		assert_int_equal(feed(&b, text, sizeof text - 1, step, &out, &why),
		    sizeof text - 1 - strlen("GET / HTTP/1.1"));
		assert_true(b.done);
		assert_true(slice_eq(buf_slice(&out), "hello"));
		assert_int_equal(b.total, 5);
	}
	buf_done(&out);
}

static void
test_limit(void **state)
{
	static const struct {
		const char *text;
		enum problem why; /* P_OK: accepted */
	} table[] = {
		{ "a\r\n0123456789\r\n0\r\n\r\n", P_OK },
		{ "9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n", P_OK },
		{ "b\r\n", P_TOO_LARGE },
		{ "9\r\n012345678\r\n2\r\n", P_TOO_LARGE },
		{ "fffffffffffffff6\r\n", P_TOO_LARGE }, /* 10 more would be 0 */
		{ "9\r\n012345678\r\nffffffffffffffff\r\n", P_TOO_LARGE },
		{ "10000000000000001\r\n", P_FRAMING }, /* 17 digits */
		{ "1;1234\r\na\r\n0\r\n\r\n", P_OK },
		{ "1;12345\r\na\r\n0\r\n\r\n", P_FRAMING },
	};
	static const struct http_limits lim = { .body = 10, .chunk_ext = 4 };
	struct http_body b;
	enum problem why;
	struct buf out;
	size_t i, step;
	long got;

	(void)state;
	buf_init(&out, 100);
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		for (step = 1; step < 30; step++) {
			buf_reset(&out);
			why = P_OK;
			http_body_init(&b, &chunked, &lim);
			got = feed(
			    &b, table[i].text, strlen(table[i].text), step, &out, &why);
			assert_int_equal(why, table[i].why);
			if (why == P_OK)
				assert_int_equal(got, strlen(table[i].text));
			else
				assert_int_equal(got, ERR_PROTO);
			assert_int_equal(b.done, why == P_OK);
			assert_true(out.n <= lim.body);
		}
	buf_done(&out);
}

/* A buffer that is smaller than the limit is no way around an answer. */
static void
test_full_buffer(void **state)
{
	struct http_request r = { .length = 9, .has_length = 1 };
	struct http_body b;
	enum problem why = P_OK;
	struct buf out;

	(void)state;
	buf_init(&out, 8);
	http_body_init(&b, &r, &http_limits_default);
	assert_int_equal(http_body_feed(&b, "123456789", 9, &out, &why), ERR_PROTO);
	assert_int_equal(why, P_TOO_LARGE);
	buf_done(&out);
}

/* Chunks cut at random, fed at random: what was meant comes out. */
static void
test_random(void **state)
{
	char payload[2000], head[32];
	struct buf text, out;
	struct http_body b;
	enum problem why;
	size_t at, k, i;
	int round;

	(void)state;
	srandom(7);
	buf_init(&text, 100000);
	buf_init(&out, sizeof payload);
	for (round = 0; round < 2000; round++) {
		buf_reset(&text);
		buf_reset(&out);
		for (i = 0; i < sizeof payload; i++)
			payload[i] = (char)random();
		for (at = 0; at < sizeof payload; at += k) {
			k = 1 + (size_t)random() % 300;
			if (k > sizeof payload - at)
				k = sizeof payload - at;
			(void)snprintf(head, sizeof head, "%zx\r\n", k);
			buf_adds(&text, head);
			buf_add(&text, payload + at, k);
			buf_adds(&text, "\r\n");
		}
		buf_adds(&text, "0\r\n\r\n");
		http_body_init(&b, &chunked, &http_limits_default);
		assert_int_equal(
		    feed(&b, text.p, text.n, 1 + (size_t)random() % 700, &out, &why),
		    text.n);
		assert_true(b.done);
		assert_int_equal(out.n, sizeof payload);
		assert_memory_equal(out.p, payload, sizeof payload);
	}
	buf_done(&text);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_chunks_in_any_pieces),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_full_buffer),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
