/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Writes down each event as event|id|data; */
struct notes {
	struct buf text;
	int stop_at, seen;
};

static int
note(void *arg, const char *event, const char *id, struct slice data)
{
	struct notes *n = arg;

	buf_addf(&n->text, "%s|%s|", event, id);
	buf_add(&n->text, data.p, data.n);
	buf_addc(&n->text, ';');
	return ++n->seen == n->stop_at ? 42 : 0;
}

/* Reads the text in pieces of at most `step` bytes (0: of random size). */
static int
read_all(struct sse_reader *r, struct slice text, size_t step, struct notes *n)
{
	size_t k;
	int err;

	while (text.n != 0) {
		k = step != 0 ? step : (size_t)random() % 9;
		if (k > text.n)
			k = text.n;
		err = sse_reader_feed(r, (struct slice){ text.p, k }, note, n);
		if (err != 0)
			return err;
		text = (struct slice){ text.p + k, text.n - k };
	}
	return 0;
}

static void
test_writer(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	sse_event(&out, "abc", "bulletin", slice_of("{\"a\":1}"));
	sse_event(&out, NULL, "hello", slice_of("{}"));
	sse_event(&out, "d", "sync", slice_of(""));
	sse_retry(&out, 4321);
	sse_comment(&out);
	assert_string_equal(buf_cstr(&out),
	    "id: abc\nevent: bulletin\ndata: {\"a\":1}\n\nevent: hello\ndata: {}\n\n"
	    "id: d\nevent: sync\ndata: \n\nretry: 4321\n\n:\n\n");
	buf_done(&out);
}

/* A line end in the data starts no field of its own. */
static void
test_writer_line_ends(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	sse_event(&out, NULL, "x", slice_of("a\nid: 1\r\nb\r\rc\n"));
	assert_string_equal(buf_cstr(&out),
	    "event: x\ndata: a\ndata: id: 1\ndata: b\ndata: \ndata: c\ndata: \n\n");
	buf_done(&out);
}

static void
test_reader(void **state)
{
	static const struct {
		const char *text, *notes, *last_id;
		unsigned retry;
	} table[] = {
		{ "data: a\n\n", "message||a;", "", 0 },
		{ "\xef\xbb\xbf"
		  "data: a\n\n",
		    "message||a;", "", 0 },
		{ "event: e\nid: 1\ndata: a\n\ndata: b\n\n", "e|1|a;message|1|b;", "1",
		    0 },
		{ "id: 1\r\ndata: a\r\n\r\nid: 2\r\ndata: b\r\n\r\n",
		    "message|1|a;message|2|b;", "2", 0 },
		{ "id: 1\rdata: a\r\rdata: b\r\r", "message|1|a;message|1|b;", "1", 0 },
		{ "data: a\ndata: b\n\n", "message||a\nb;", "", 0 },
		{ "data: a\r\ndata: b\r\n\r\n", "message||a\nb;", "", 0 },
		{ "data: a\n\n\xef\xbb\xbf"
		  "data: b\n\n",
		    "message||a;", "", 0 },
		{ "retry: 5\nretry:\n\n", "", "", 5 },
		{ "data\n\n", "message||;", "", 0 },
		{ "data:  two blanks\n\n", "message|| two blanks;", "", 0 },
		{ "data:a:b\n\n", "message||a:b;", "", 0 },
		{ "id: 7\n\n", "", "7", 0 },
		{ "id: 7\nid\ndata: x\n\n", "message||x;", "", 0 },
		{ "id: 7\ndata: never ended", "", "", 0 },
		{ "event: e\n\ndata: a\n\n", "message||a;", "", 0 },
		{ ":\n\n: comment\ndata: a\n:\n\n", "message||a;", "", 0 },
		{ "retry: 1234\n\n", "", "", 1234 },
		{ "retry: 12x\nretry: -1\nretry:\nretry: 99999999999\n\n", "", "", 0 },
		{ "unknown: a\ndat: b\ndataa: c\n Data: d\n\n", "", "", 0 },
		{ "\n\n\r\n\r\rdata: a\n\n\n", "message||a;", "", 0 },
	};
	struct sse_reader r;
	struct notes n;
	size_t i, step;

	(void)state;
	srandom(7);
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		for (step = 0; step < 60; step++) {
			memset(&n, 0, sizeof n);
			buf_init(&n.text, 1000);
			sse_reader_init(&r, 100);
			assert_int_equal(
			    read_all(&r, slice_of(table[i].text), step, &n), 0);
			assert_string_equal(buf_cstr(&n.text), table[i].notes);
			assert_string_equal(r.last_id, table[i].last_id);
			assert_int_equal(r.retry_ms, table[i].retry);
			sse_reader_done(&r);
			buf_done(&n.text);
		}
}

static void
test_caps(void **state)
{
	static const struct {
		const char *text;
		int err;
	} table[] = {
		{ "data: 0123456789\n\n", 0 },
		{ "data: 0123456789a\n\n", ERR_LIMIT },
		{ "data: 01234\ndata: 56789\n\n",
		    ERR_LIMIT }, /* with the line end between */
		{ "id: "
		  "0123456789012345678901234567890123456789012345678901234567890123\n",
		    ERR_LIMIT },
		{ "event: 01234567890123456789012345678901\n", ERR_LIMIT },
		{ "a line without end "
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    ERR_LIMIT },
	};
	struct sse_reader r;
	struct notes n;
	size_t i, step;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		for (step = 1; step < 90; step++) {
			memset(&n, 0, sizeof n);
			buf_init(&n.text, 1000);
			sse_reader_init(&r, 10);
			assert_int_equal(read_all(&r, slice_of(table[i].text), step, &n),
			    table[i].err);
			sse_reader_done(&r);
			buf_done(&n.text);
		}
}

static void
test_callback_stops(void **state)
{
	struct sse_reader r;
	struct notes n = { .stop_at = 2 };

	(void)state;
	buf_init(&n.text, 1000);
	sse_reader_init(&r, 100);
	assert_int_equal(
	    read_all(&r, slice_of("data: a\n\ndata: b\n\ndata: c\n\n"), 100, &n), 42);
	assert_string_equal(buf_cstr(&n.text), "message||a;message||b;");
	sse_reader_done(&r);
	buf_done(&n.text);
}

/* What the writer writes the reader reads, however it is cut. */
static void
test_both(void **state)
{
	struct buf text, want;
	struct sse_reader r;
	struct notes n = { .stop_at = 0 };
	char data[64];
	int round, i, k;

	(void)state;
	srandom(11);
	buf_init(&text, 1 << 20);
	buf_init(&want, 1 << 20);
	for (round = 0; round < 300; round++) {
		buf_reset(&text);
		buf_reset(&want);
		n.seen = 0;
		buf_init(&n.text, 1 << 20);
		for (i = 0; i < 50; i++) {
			for (k = 0; k < 63; k++)
				data[k] = (char)(' ' + random() % 90);
			data[k] = '\0';
			if (random() % 4 == 0)
				sse_comment(&text);
			if (random() % 4 == 0)
				sse_retry(&text, (unsigned)random() % 5000);
			sse_event(&text, "cursor", "bulletin", slice_of(data));
			buf_addf(&want, "bulletin|cursor|%s;", data);
		}
		sse_reader_init(&r, 100);
		assert_int_equal(read_all(&r, buf_slice(&text), 0, &n), 0);
		assert_string_equal(buf_cstr(&n.text), buf_cstr(&want));
		sse_reader_done(&r);
		buf_done(&n.text);
	}
	buf_done(&text);
	buf_done(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_writer_line_ends),
		cmocka_unit_test(test_reader),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_callback_stops),
		cmocka_unit_test(test_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
