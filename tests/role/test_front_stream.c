/* SPDX-License-Identifier: Apache-2.0 */
/* Streams as they run: order, cursors, who sees what, sizes, silence, limits, changes of
 * rights and wishes. */
#include "tests/role/stream_rig.h"

#include "daemon/front/out_stream.h"
#include "daemon/front/who.h"

static void
test_live(void **state)
{
	struct rig_client *c = stream(RIG_OP, ""), *other = stream(RIG_OP2, "");
	unsigned i;

	(void)state;
	assert_non_null(strstr(rig_in(c), "Content-Type: text/event-stream"));
	assert_non_null(strstr(rig_in(c), "\"resume\":\"live\""));
	assert_non_null(strstr(rig_in(c), "retry: "));
	rig_until(r, rig_count(c, "event: sync") == 1);
	for (i = 1; i <= 20; i++)
		rig_bulletin(r, i);
	rig_until(r, rig_count(c, "event: bulletin") == 20);
	in_order(c, 1, 20);
	rig_settle(r);
	assert_int_equal(rig_count(other, "event: bulletin"), 0);
	assert_int_equal(rig_count(c, "event: sync"), 1);
}

static void
test_cursors(void **state)
{
	struct rig_client *c, *d;
	char query[128], id[32];
	unsigned i;

	(void)state;
	for (i = 1; i <= 10; i++)
		rig_bulletin(r, i);
	c = stream(RIG_OP, "?cursor=earliest");
	rig_until(r, rig_count(c, "event: sync") == 1);
	assert_non_null(strstr(rig_in(c), "\"resume\":\"exact\""));
	in_order(c, 1, 10);
	/* sync stands behind the rows. */
	assert_true(strstr(rig_in(c), "{\"n\":10}") < strstr(rig_in(c), "event: sync"));
	id_of(c, "bulletin", 6, id);
	(void)snprintf(query, sizeof query, "?cursor=%s", id);
	d = stream(RIG_OP, query);
	rig_until(r, rig_count(d, "event: sync") == 1);
	in_order(d, 8, 10);
	/* Last-Event-ID goes before the query. */
	d = rig_connect(r, RIG_OP);
	id_of(c, "bulletin", 8, id);
	(void)snprintf(query, sizeof query,
	    "GET /v1/stream?cursor=earliest HTTP/1.1\r\nHost: localhost\r\n"
	    "Last-Event-ID: %s\r\n\r\n",
	    id);
	rig_say(r, d, query);
	rig_until(r, rig_count(d, "event: sync") == 1);
	in_order(d, 10, 10);
	/* What is not a cursor. */
	d = rig_connect(r, RIG_OP);
	assert_int_equal(
	    rig_get(r, d, "/v1/stream?cursor=AAAAAAAAAAAAAAAAAAAAAA", NULL), 400);
	assert_int_equal(rig_get(r, d, "/v1/stream?cursor=", NULL), 400);
}

/* Ours, and further on than any front can be that has heard of rows before this one. */
static void
test_cursor_of_the_future(void **state)
{
	enum { AHEAD = 100000 };
	char cursor[CURSOR_TEXT + 1], path[64];
	unsigned i;

	(void)state;
	rig_bulletin(r, 1);
	rig_settle(r);
	for (i = 0; i < 2; i++) {
		assert_int_equal(
		    cursor_write(r->f->log.box, r->f->log.head + AHEAD + i, cursor), 0);
		(void)snprintf(path, sizeof path, "/v1/events?wait=0&cursor=%s", cursor);
		assert_int_equal(
		    rig_get(r, rig_connect(r, RIG_OP), path, NULL), i == 0 ? 200 : 400);
		(void)snprintf(path, sizeof path, "/v1/stream?cursor=%s", cursor);
		if (i == 1)
			assert_int_equal(
			    rig_get(r, rig_connect(r, RIG_OP), path, NULL), 400);
	}
	assert_int_equal(cursor_write(r->f->log.box, UINT64_MAX, cursor), 0);
	(void)snprintf(path, sizeof path, "/v1/events?wait=0&cursor=%s", cursor);
	assert_int_equal(rig_get(r, rig_connect(r, RIG_OP), path, NULL), 400);
}

/* No cursor that a reader is shown moves with rows that it may not see. */
static void
test_hidden_rows_do_not_show(void **state)
{
	struct rig_client *c;
	char first[32], again[32];
	struct buf a, b;
	unsigned i;

	(void)state;
	buf_init(&a, 65536);
	buf_init(&b, 65536);
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"p\":1}", NULL);
	rig_settle(r);
	c = stream(RIG_OP2, "");
	id_of(c, "hello", 0, first);
	assert_int_equal(
	    rig_get(r, rig_connect(r, RIG_OP2), "/v1/events?wait=0", &a), 200);
	for (i = 1; i <= 50; i++)
		rig_bulletin(r, i);
	rig_settle(r);
	c = stream(RIG_OP2, "");
	id_of(c, "hello", 0, again);
	assert_string_equal(first, again);
	assert_int_equal(
	    rig_get(r, rig_connect(r, RIG_OP2), "/v1/events?wait=0", &b), 200);
	assert_string_equal(buf_cstr(&a), buf_cstr(&b));
	/* And a visible one does move it. */
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"p\":2}", NULL);
	rig_settle(r);
	c = stream(RIG_OP2, "");
	id_of(c, "hello", 0, again);
	assert_string_not_equal(first, again);
	buf_done(&a);
	buf_done(&b);
}

static void
test_bells_updates_and_stubs(void **state)
{
	struct rig_client *op = stream(RIG_OP, ""), *op2 = stream(RIG_OP2, ""),
			  *sec = stream(RIG_SEC, ""), *centre = stream(RIG_CENTRE, "");

	(void)state;
	rig_row(r, FRAME_INBOX, rig_medical, 1, "{\"bell\":1}", NULL);
	rig_row(r, FRAME_INBOX, rig_medical, 3, "{\"bell\":3}", NULL);
	rig_row(r, FRAME_UPDATE, rig_medical, 3, "{\"n\":1}", "{\"stub\":1}");
	rig_row(r, FRAME_CANCEL, rig_medical, 3, "{\"n\":2}", "{\"stub\":2}");
	rig_row(r, FRAME_MODE, 0, 0, "{\"mode\":1}", NULL);
	rig_until(r, rig_count(op, "event: mode") == 1 &&
			 rig_count(op2, "event: mode") == 1 &&
			 rig_count(sec, "event: mode") == 1 &&
			 rig_count(centre, "event: mode") == 1);
	assert_int_equal(rig_count(op, "bell") + rig_count(op2, "bell"), 0);
	assert_int_equal(rig_count(sec, "event: inbox"), 2);
	assert_int_equal(rig_count(centre, "event: inbox"), 1);
	in_order(op, 1, 2);
	assert_int_equal(rig_count(op, "stub"), 0);
	/* Whom an earlier revision reached and this one does not: a stub, no text. */
	assert_int_equal(rig_count(op2, "event: update\ndata: {\"stub\":1}"), 1);
	assert_int_equal(rig_count(op2, "event: cancel\ndata: {\"stub\":2}"), 1);
	assert_int_equal(rig_count(op2, "{\"n\":"), 0);
}

static void
test_query_narrows(void **state)
{
	struct rig_client *c = stream(RIG_OP, "?min_severity=4");

	(void)state;
	rig_bulletin(r, 1);
	rig_row(r, FRAME_BULLETIN, rig_medical, 4, "{\"n\":2}", NULL);
	rig_until(r, rig_count(c, "event: bulletin") == 1);
	in_order(c, 2, 2);
}

/* A row larger than a record, and rows that do not share a record evenly. */
static void
test_sizes(void **state)
{
	static char body[120000];
	static const size_t sizes[] = { 1, 16000, 16384, 16385, 40000, 100000, 3, 9000,
		9000 };
	struct rig_client *c = stream(RIG_OP, ""), *late;
	size_t i, n, total = 0;

	(void)state;
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		n = (size_t)snprintf(body, sizeof body, "{\"n\":%zu,\"pad\":\"", i + 1);
		memset(body + n, 'a' + (int)i, sizes[i]);
		memcpy(body + n + sizes[i], "\"}", 3);
		total += n + sizes[i] + 2;
		rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
	}
	rig_until(
	    r, rig_count(c, "event: bulletin") == 9 && rig_count(c, "\"}\n\n") == 10);
	in_order(c, 1, 9);
	/* The same bytes for whoever replays them. */
	late = stream(RIG_OP, "?cursor=earliest");
	rig_until(
	    r, rig_count(late, "\"}\n\n") == 10 && rig_count(late, "event: sync") == 1);
	in_order(late, 1, 9);
	assert_true(late->in.n > total && c->in.n > total);
}

/* What happens with time: moved back here rather than waited for. */
static void
test_silence_slowness_rotation(void **state)
{
	struct rig_client *c = stream(RIG_OP, ""), *stuck = stream(RIG_OP, "");
	static char body[20000];
	struct list *l;
	struct stream *s, *of_stuck = NULL;
	unsigned i;

	(void)state;
	rig_until(r, rig_count(c, "event: sync") == 1);
	l = r->f->current.next;
	s = list_of(l, struct stream, turn);
	of_stuck = list_of(l->next, struct stream, turn);
	stream_tick(s->c);
	rig_settle(r);
	assert_int_equal(rig_count(c, "\n:\n"), 0);
	s->moved -= 15001;
	stream_tick(s->c);
	rig_until(r, rig_count(c, "\n:\n") == 1);
	/* One that takes nothing for a minute. */
	stuck->paused = 1;
	memset(body, 'x', sizeof body - 1);
	memcpy(body, "{\"n\":1,\"p\":\"", 12);
	memcpy(body + sizeof body - 3, "\"}", 3);
	for (i = 0; i < 40; i++)
		rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
	rig_until(r, of_stuck->blocked);
	stream_tick(of_stuck->c);
	assert_int_equal(of_stuck->c->parked, 0);
	of_stuck->moved -= 60001;
	stream_tick(of_stuck->c);
	rig_settle(r);
	assert_int_equal(conns_count(r->f), 1);
	/* One that has been here for six hours. */
	rig_until(r, rig_count(c, "event: bulletin") == 40 && !s->blocked && s->off == 0);
	s->rotate = 0;
	stream_tick(s->c);
	rig_until(r, c->closed);
	assert_int_equal(rig_count(c, "{\"reason\":\"rotate\"}"), 1);
}

static void
test_limit_closes_the_oldest(void **state)
{
	struct rig_client *c[4];
	int i;

	(void)state;
	r->f->opt.streams_per_member = 3;
	for (i = 0; i < 4; i++)
		c[i] = stream(RIG_OP, "");
	rig_until(r, c[0]->closed);
	assert_int_equal(rig_count(c[0], "{\"reason\":\"limit\"}"), 1);
	rig_settle(r);
	for (i = 1; i < 4; i++)
		assert_int_equal(c[i]->closed, 0);
	/* Another member's are its own. */
	assert_int_equal(stream(RIG_OP2, "")->closed, 0);
	assert_int_equal(c[1]->closed, 0);
}

static void
test_client_bytes_end_a_stream(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");
	char noise[600];

	(void)state;
	memset(noise, 'x', sizeof noise - 1);
	noise[sizeof noise - 1] = '\0';
	rig_say(r, c, noise);
	rig_settle(r);
	assert_int_equal(c->closed, 0);
	rig_say(r, c, noise);
	rig_until(r, c->closed);
}

static void
test_lost_right_ends_streams(void **state)
{
	struct rig_client *c = stream(RIG_OP, ""), *other = stream(RIG_OP2, "");

	(void)state;
	r->people[RIG_OP].admit.status = VS_DISABLED;
	reload_generation(r->f, ++r->generation);
	rig_until(r, c->closed);
	assert_int_equal(rig_count(c, "{\"reason\":\"revoked\"}"), 1);
	rig_settle(r);
	assert_int_equal(other->closed, 0);
	/* What comes afterwards is not for it, nor does it disturb anybody. */
	rig_bulletin(r, 1);
	rig_settle(r);
}

static void
test_changed_rights_count_for_the_next_row(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");

	(void)state;
	rig_bulletin(r, 1);
	rig_until(r, rig_count(c, "event: bulletin") == 1);
	memset(&r->people[RIG_OP].admit.rights.op, 0, sizeof(struct slots));
	slots_set(&r->people[RIG_OP].admit.rights.op, rig_power);
	r->generation++;
	reload_generation(r->f, r->generation);
	rig_until(r, r->f->conns != NULL && r->admits >= 2);
	rig_settle(r);
	rig_bulletin(r, 2);
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"n\":3}", NULL);
	rig_until(r, rig_count(c, "event: bulletin") == 2);
	assert_int_equal(rig_count(c, "{\"n\":2}"), 0);
}

static void
test_subscription_follows(void **state)
{
	struct rig_client *c = stream(RIG_OP, ""), *setter = rig_connect(r, RIG_OP);
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	rig_say(r, setter,
	    "PUT /v1/subscription HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: 39\r\n\r\n"
	    "{\"min_severity\":4,\"products\":[\"Abc 1\"]}");
	assert_int_equal(rig_answer(r, setter, &b), 200);
	assert_non_null(strstr(b.p, "\"min_severity\":4"));
	assert_non_null(strstr(b.p, "\"products\":[\"#"));
	rig_bulletin(r, 1);
	rig_row(r, FRAME_BULLETIN, rig_medical, 4, "{\"n\":2}", NULL);
	rig_until(r, rig_count(c, "event: bulletin") == 1);
	in_order(c, 2, 2);
	/* Set at another front: the keeper tells. */
	r->people[RIG_OP].wants.min_severity = 0;
	buf_reset(&b);
	wire_put_bytes(&b, r->people[RIG_OP].admit.rights.receiver, RECEIVER_LEN);
	subscription_put(&b, &r->people[RIG_OP].wants);
	assert_int_equal(link_send(r->tail, KM_SUB_CHANGED, 0, 0, b.p, b.n), 0);
	rig_settle(r);
	rig_bulletin(r, 3);
	rig_until(r, rig_count(c, "event: bulletin") == 2);
	buf_done(&b);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_live),
		T(test_cursors),
		T(test_cursor_of_the_future),
		T(test_hidden_rows_do_not_show),
		T(test_bells_updates_and_stubs),
		T(test_query_narrows),
		T(test_sizes),
		T(test_silence_slowness_rotation),
		T(test_limit_closes_the_oldest),
		T(test_client_bytes_end_a_stream),
		T(test_lost_right_ends_streams),
		T(test_changed_rights_count_for_the_next_row),
		T(test_subscription_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
