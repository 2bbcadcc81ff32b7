/* SPDX-License-Identifier: Apache-2.0 */
/* Readers who are behind: pages, slow ones, long polls, a keeper that comes back, another
 * epoch, rows that are no more. */
#include "tests/role/stream_rig.h"

/* Far behind the ring: pages, then the ring, then live; nothing twice, nothing missing.
 */
static void
test_catch_up_by_pages(void **state)
{
	enum { ROWS = 6000 };
	static char body[1024];
	struct rig_client *c;
	unsigned i;
	size_t n;

	(void)state;
	for (i = 1; i <= ROWS; i++) {
		n = (size_t)snprintf(body, sizeof body, "{\"n\":%u,\"pad\":\"", i);
		memset(body + n, 'x', 900);
		memcpy(body + n + 900, "\"}", 3);
		rig_row(r, i % 3 == 0 ? FRAME_INBOX : FRAME_BULLETIN, rig_medical, 3,
		    body, NULL);
		if (i % 500 == 0)
			rig_settle(r);
	}
	rig_until(r, ring_next(r->f->ring) == ROWS + 1);
	assert_true(ring_first(r->f->ring) > 1000);
	c = stream(RIG_OP, "?cursor=earliest");
	rig_until(r, c->blanks >= ROWS - ROWS / 3 + 2);
	rig_until(r, rig_ends(c, "event: sync"));
	assert_true(r->pages >= 4);
	assert_int_equal(rig_count(c, "event: bulletin"), ROWS - ROWS / 3);
	assert_int_equal(rig_count(c, "event: inbox"), 0);
	assert_int_equal(r->f->page_used, 0);
	rig_bulletin(r, ROWS + 1);
	rig_until(r, rig_ends(c, "{\"n\":6001}"));
}

/* A reader that stops: it holds no memory but its record, others go on, and when it reads
 * again it gets everything. */
static void
test_slow_reader(void **state)
{
	enum { ROWS = 4000 };
	static char body[2100];
	struct rig_client *slow = stream(RIG_OP, ""), *live = stream(RIG_OP, "");
	unsigned i;
	size_t n;

	(void)state;
	slow->paused = 1;
	for (i = 1; i <= ROWS; i++) {
		n = (size_t)snprintf(body, sizeof body, "{\"n\":%u,\"pad\":\"", i);
		memset(body + n, 'x', 2000);
		memcpy(body + n + 2000, "\"}", 3);
		rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
		if (i % 50 == 0) {
			/* It also asks for new keys, whose answer has to wait with the
			 * rest. */
			assert_int_equal(
			    SSL_key_update(slow->ssl, SSL_KEY_UPDATE_REQUESTED), 1);
			assert_int_equal(SSL_do_handshake(slow->ssl), 1);
			rig_settle(r);
		}
	}
	rig_until(r, live->blanks >= ROWS + 2); /* and hello, sync */
	assert_int_equal(rig_count(live, "event: bulletin"), ROWS);
	assert_true(ring_first(r->f->ring) > 1000); /* the slow one is behind it */
	assert_int_equal(r->f->page_used, 0);
	slow->paused = 0;
	rig_until(r, slow->blanks >= ROWS + 2);
	assert_int_equal(rig_count(slow, "event: bulletin"), ROWS);
	in_order(slow, 1, ROWS);
	assert_true(r->pages > 0);
}

/* Pages of blocked readers make room for those who read. */
static void
test_page_memory_is_bounded(void **state)
{
	enum { ROWS = 3000, READERS = 10 };
	static char body[1024];
	struct rig_client *c[READERS], *quick;
	unsigned i;
	size_t n;

	(void)state;
	r->f->opt.page_bytes = 4 << 20;
	r->f->opt.streams_per_member = 0;
	for (i = 1; i <= ROWS; i++) {
		n = (size_t)snprintf(body, sizeof body, "{\"n\":%u,\"pad\":\"", i);
		memset(body + n, 'x', 900);
		memcpy(body + n + 900, "\"}", 3);
		rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
		if (i % 500 == 0)
			rig_settle(r);
	}
	for (i = 0; i < READERS; i++) {
		c[i] = stream(RIG_OP, "?cursor=earliest");
		c[i]->paused = 1;
		rig_settle(r);
		assert_true(r->f->page_used <= 4 << 20);
	}
	quick = stream(RIG_OP, "?cursor=earliest");
	rig_until(r, quick->blanks >= ROWS + 2);
	rig_until(r, rig_ends(quick, "event: sync"));
	in_order(quick, 1, ROWS);
	for (i = 0; i < READERS; i++)
		c[i]->paused = 0;
	for (i = 0; i < READERS; i++) {
		rig_until(r, c[i]->blanks >= ROWS + 2);
		rig_until(r, rig_ends(c[i], "event: sync"));
		in_order(c[i], 1, ROWS);
		assert_true(r->f->page_used <= 4 << 20);
	}
	rig_settle(r);
	assert_int_equal(r->f->page_used, 0);
}

/* The keeper dies and comes back with rows that were not seen: each comes, once. */
static void
test_keeper_comes_back(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");
	unsigned i;

	(void)state;
	for (i = 1; i <= 5; i++)
		rig_bulletin(r, i);
	rig_until(r, rig_count(c, "event: bulletin") == 5);
	rig_stop_keeper(r);
	rig_until(r, !r->f->keeper_ready);
	for (i = 6; i <= 9; i++)
		rig_bulletin(r, i);
	r->people[RIG_OP].wants.min_severity = 0;
	link_server_free(r->vault);
	(void)close(r->vault_fd);
	rig_listen(r);
	rig_until(r, r->f->vault_ready && r->f->keeper_ready);
	rig_until(r, rig_count(c, "event: bulletin") == 9);
	in_order(c, 1, 9);
}

static void
test_new_epoch(void **state)
{
	struct rig_client *c = stream(RIG_OP, ""), *d;
	char id[32], query[64];
	unsigned i;

	(void)state;
	for (i = 1; i <= 5; i++)
		rig_bulletin(r, i);
	rig_until(r, rig_count(c, "event: bulletin") == 5);
	id_of(c, "bulletin", 4, id);
	rig_stop_keeper(r);
	rig_until(r, !r->f->keeper_ready);
	/* An older copy of the database: two rows are gone, another came. */
	r->epoch = 8;
	r->head = 3;
	buf_done(&r->row[4]);
	buf_done(&r->row[5]);
	rig_bulletin(r, 44);
	link_server_free(r->vault);
	(void)close(r->vault_fd);
	rig_listen(r);
	rig_until(r, r->f->vault_ready && r->f->keeper_ready);
	rig_until(
	    r, rig_count(c, "event: reset") == 1 && rig_count(c, "{\"n\":44}") == 1);
	assert_int_equal(rig_count(c, "{\"n\":1}"), 2);
	/* A cursor of the old epoch: told so, then everything. */
	(void)snprintf(query, sizeof query, "?cursor=%s", id);
	d = stream(RIG_OP, query);
	rig_until(r, rig_count(d, "event: sync") == 1);
	assert_int_equal(rig_count(d, "event: reset"), 1);
	assert_int_equal(rig_count(d, "event: bulletin"), 4);
	(void)snprintf(query, sizeof query, "/v1/events?cursor=%s", id);
	assert_int_equal(rig_get(r, rig_connect(r, RIG_OP), query, NULL), 410);
}

/* Rows were pruned: the reader is told that some are missing. */
static void
test_gap(void **state)
{
	struct rig_client *c;
	char id[32], query[64];
	struct buf b;
	unsigned i;

	(void)state;
	for (i = 1; i <= 10; i++)
		rig_bulletin(r, i);
	c = stream(RIG_OP, "?cursor=earliest");
	rig_until(r, rig_count(c, "event: sync") == 1);
	id_of(c, "bulletin", 1, id);
	r->earliest = r->f->log.earliest = 6;
	ring_clear(r->f->ring);
	(void)snprintf(query, sizeof query, "?cursor=%s", id);
	rig_bulletin(r, 11);
	rig_settle(r);
	c = stream(RIG_OP, query);
	assert_non_null(strstr(rig_in(c), "\"resume\":\"gap\""));
	rig_until(r, rig_count(c, "event: sync") == 1);
	assert_int_equal(rig_count(c, "event: gap\ndata: {\"href\":"), 1);
	in_order(c, 6, 11);
	(void)snprintf(query, sizeof query, "/v1/events?cursor=%s", id);
	buf_init(&b, 4096);
	assert_int_equal(rig_get(r, rig_connect(r, RIG_OP), query, &b), 410);
	assert_non_null(strstr(b.p, "\"cursor_expired\""));
	assert_non_null(
	    strstr(b.p, "/v1/events?cursor=earliest")); /* what there still is */
	buf_done(&b);
}

static void
test_long_poll(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP), *d = rig_connect(r, RIG_OP);
	char cursor[32], text[128];
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	rig_bulletin(r, 1);
	rig_settle(r);
	assert_int_equal(rig_get(r, c, "/v1/events?cursor=earliest&wait=0", &b), 200);
	assert_non_null(
	    strstr(b.p, "{\"events\":[{\"data\":{\"n\":1},\"event\":\"bulletin\""));
	memcpy(cursor, strstr(b.p, "\"cursor\":\"") + 10, 22);
	cursor[22] = '\0';
	(void)snprintf(text, sizeof text,
	    "GET /v1/events?cursor=%s HTTP/1.1\r\nHost: localhost\r\n\r\n", cursor);
	rig_say(r, c, text);
	rig_say(r, d, "GET /v1/events?wait=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	rig_settle(r);
	assert_int_equal(c->in.n, 0);
	/* A row for others wakes nobody. */
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"p\":1}", NULL);
	rig_settle(r);
	assert_int_equal(c->in.n, 0);
	rig_bulletin(r, 2);
	assert_int_equal(rig_answer(r, c, &b), 200);
	assert_non_null(strstr(b.p, "{\"n\":2}"));
	assert_int_equal(rig_answer(r, d, &b), 200);
	assert_non_null(strstr(b.p, "{\"n\":2}"));
	/* Nothing comes: an empty answer with the cursor that was given. */
	memcpy(cursor, strstr(b.p, "\"cursor\":\"") + 10, 22);
	(void)snprintf(text, sizeof text, "/v1/events?wait=1&cursor=%s", cursor);
	assert_int_equal(rig_get(r, d, text, &b), 200);
	assert_non_null(strstr(b.p, "{\"events\":[],"));
	assert_non_null(strstr(b.p, cursor));
	buf_done(&b);
}

/* The keeper has said how long its log is, and no row has come yet: that is not an empty
 * log. */
static void
test_poll_before_the_rows(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	rig_bulletin(r, 1);
	rig_bulletin(r, 2);
	rig_settle(r);
	ring_clear(r->f->ring);
	assert_int_equal(rig_get(r, c, "/v1/events?cursor=earliest&wait=0", &b), 200);
	assert_non_null(strstr(b.p, "{\"n\":1}"));
	assert_non_null(strstr(b.p, "{\"n\":2}"));
	assert_int_equal(r->pages, 1);
	buf_done(&b);
}

static void
test_long_poll_by_pages(void **state)
{
	enum { ROWS = 4000 };
	static char body[1024];
	struct rig_client *c = rig_connect(r, RIG_OP);
	char path[128] = "/v1/events?wait=0&cursor=earliest";
	unsigned i, got = 0, turns = 0;
	const char *p;
	struct buf b;
	size_t n;

	(void)state;
	buf_init(&b, 4 << 20);
	for (i = 1; i <= ROWS; i++) {
		n = (size_t)snprintf(body, sizeof body, "{\"n\":%u,\"pad\":\"", i);
		memset(body + n, 'x', 900);
		memcpy(body + n + 900, "\"}", 3);
		rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
		if (i % 500 == 0)
			rig_settle(r);
	}
	rig_until(r, ring_next(r->f->ring) == ROWS + 1);
	assert_true(ring_first(r->f->ring) > 1);
	while (got < ROWS && turns++ < 50) {
		assert_int_equal(rig_get(r, c, path, &b), 200);
		for (p = b.p; (p = strstr(p, "{\"n\":")) != NULL; p++)
			assert_int_equal(strtoul(p + 5, NULL, 10), ++got);
		p = strstr(b.p, "],\"cursor\":\"");
		assert_non_null(p);
		(void)snprintf(
		    path, sizeof path, "/v1/events?wait=0&cursor=%.22s", p + 12);
	}
	assert_int_equal(got, ROWS);
	buf_done(&b);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_catch_up_by_pages),
		T(test_slow_reader),
		T(test_page_memory_is_bounded),
		T(test_keeper_comes_back),
		T(test_new_epoch),
		T(test_gap),
		T(test_long_poll),
		T(test_poll_before_the_rows),
		T(test_long_poll_by_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
