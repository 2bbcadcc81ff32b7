/* SPDX-License-Identifier: Apache-2.0 */
/* Requests over real TLS against a front: who gets what answer, framing, pipelining,
 * limits, programs away, the end. */
#include "tests/role/front_rig.h"

static struct rig *r;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
	rig_start(r);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_free(r);
	return 0;
}

static void
test_me(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	assert_int_equal(rig_get(r, c, "/v1/me", &b), 200);
	assert_non_null(strstr(b.p, "\"role\":\"operator\""));
	assert_non_null(strstr(b.p, "\"may_report\":true"));
	assert_null(strstr(b.p, "receiver"));
	assert_non_null(strstr(b.p, "Cache-Control: no-store"));
	/* The connection goes on. */
	assert_int_equal(rig_get(r, c, "/v1/me", &b), 200);
	buf_done(&b);
}

static void
test_who_may(void **state)
{
	static const struct {
		enum conn_on on;
		enum rig_who who;
		const char *method, *path;
		int want;
		const char *code;
	} table[] = {
		{ ON_MEMBERS, RIG_GONE, "GET", "/v1/me", 403, "unknown_member" },
		{ ON_MEMBERS, RIG_DISABLED, "GET", "/v1/me", 403, "disabled_member" },
		{ ON_MEMBERS, RIG_SEC, "POST", "/v1/reports", 403, "forbidden" },
		{ ON_MEMBERS, RIG_CENTRE, "POST", "/v1/reports/preview", 403,
		    "forbidden" },
		{ ON_DESK, RIG_SEC, "GET", "/v1/inbox", 200, NULL },
		{ ON_DESK, RIG_CENTRE, "GET", "/v1/inbox", 200, NULL },
		{ ON_DESK, RIG_SEC, "GET", "/v1/me", 200, NULL },
		{ ON_MEMBERS, RIG_SEC, "GET", "/v1/inbox", 404, "not_found" },
		{ ON_MEMBERS, RIG_CENTRE, "GET", "/v1/trends", 404, "not_found" },
		{ ON_DESK, RIG_OP, "GET", "/v1/inbox", 403, "forbidden" },
		{ ON_DESK, RIG_OP, "GET", "/v1/me", 403, "forbidden" },
		{ ON_DESK, RIG_AGENCY, "GET", "/v1/nothing", 403, "forbidden" },
		{ ON_DESK, RIG_GONE, "GET", "/v1/me", 403, "unknown_member" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/nothing", 404, "not_found" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/bulletins/a/b", 404, "not_found" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/bulletins/", 404, "not_found" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/me/", 404, "not_found" },
		{ ON_MEMBERS, RIG_OP, "PUT", "/v1/me", 405, "method_not_allowed" },
		{ ON_MEMBERS, RIG_OP, "DELETE", "/v1/subscription", 405,
		    "method_not_allowed" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/cases/00000000000000000000000000000000",
		    401, "unauthorized" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/mode?nonsense=1", 400, "nonsense\"" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/tokens?limit=1", 400, ": limit\"" },
		{ ON_MEMBERS, RIG_OP, "GET", "/.well-known/jwks.json?x=1", 400, NULL },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/bulletins/a/questions?x=1", 400, NULL },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/bulletins?limit=0", 400,
		    "limit: 1 to 500" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/bulletins?cursor=x", 400,
		    "cursor_invalid" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/events?wait=26", 422, "wait: 0 to 25" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/stream?min_severity=7", 422,
		    "min_severity: 0 to 4" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/stream?sector=nowhere", 422,
		    "sector: names" },
		{ ON_MEMBERS, RIG_OP, "GET", "/v1/bulletins/a?revision=0", 400,
		    "revision: 1 to 65535" },
	};
	struct rig_client *c;
	char text[256];
	struct buf b;
	size_t i;
	int got;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = rig_connect_on(r, table[i].on, table[i].who);
		(void)snprintf(text, sizeof text,
		    "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		    "application/json\r\n\r\n",
		    table[i].method, table[i].path);
		rig_say(r, c, text);
		got = rig_answer(r, c, &b);
		if (got != table[i].want ||
		    (table[i].code != NULL && strstr(b.p, table[i].code) == NULL))
			fail_msg("%s %s as %d: %d %s", table[i].method, table[i].path,
			    (int)table[i].who, got, b.p);
		if (got == 405)
			assert_non_null(strstr(b.p, "Allow: "));
		rig_drop(r, c);
		r->clients--;
	}
	buf_done(&b);
}

static void
test_no_certificate_gets_nothing(void **state)
{
	struct rig_client *c;
	SSL_CTX *mine = r->ctx[RIG_OP];

	(void)state;
	r->ctx[RIG_OP] = tpki_client(&r->pki, NULL);
	c = rig_connect(r, RIG_OP);
	/* TLS 1.3: its handshake seems to succeed; then comes the alert. */
	rig_until(r, c->closed);
	assert_int_equal(c->in.n, 0);
	assert_int_equal(r->admits, 0);
	SSL_CTX_free(r->ctx[RIG_OP]);
	r->ctx[RIG_OP] = mine;
}

static void
test_framing_ends_the_connection(void **state)
{
	static const struct {
		const char *text;
		int want;
	} table[] = {
		{ "GET / HTTP/1.1\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400 },
		{ "GET / HTTP/1.1\r\nHost: elsewhere\r\n\r\n", 421 },
		{ "GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", 505 },
		{ "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501 },
		{ "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		  "application/json\r\nContent-Length: 5\r\nTransfer-Encoding: "
		  "chunked\r\n\r\n",
		    400 },
		{ "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		  "application/json\r\nContent-Length: 300000\r\n\r\n",
		    413 },
		{ "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		  "application/json\r\nContent-Length: 300000\r\nExpect: "
		  "100-continue\r\n\r\n",
		    413 },
		{ "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		  "text/plain\r\nContent-Length: 2\r\n\r\n{}",
		    415 },
		{ "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		  "application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		    400 },
		{ "GET /v1/me HTTP/1.1\r\nHost: localhost\r\nEarly-Data: 1\r\n\r\n",
		    425 },
	};
	struct rig_client *c;
	size_t i;
	int got;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = rig_connect(r, RIG_OP);
		rig_say(r, c, table[i].text);
		got = rig_answer(r, c, NULL);
		if (got != table[i].want)
			fail_msg("%zu: %d, wanted %d", i, got, table[i].want);
		rig_until(r, c->closed);
		assert_int_equal(c->closed, 1); /* with close_notify */
		assert_int_equal(c->in.n, 0);
		rig_drop(r, c);
		r->clients--;
	}
	assert_int_equal(r->puts, 0);
}

static void
test_pipelined_one_at_a_time(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 1 << 20);
	for (i = 0; i < 200; i++)
		buf_adds(&b, i % 2 == 0
				 ? "GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n"
				 : "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_int_equal(SSL_write(c->ssl, b.p, (int)b.n), (int)b.n);
	for (i = 0; i < 200; i++)
		assert_int_equal(rig_answer(r, c, NULL), i % 2 == 0 ? 200 : 404);
	rig_settle(r);
	assert_int_equal(c->closed, 0);
	buf_done(&b);
}

/* Bytes one at a time, head and body; a second request sticks to the first. */
static void
test_byte_by_byte(void **state)
{
	static const char text[] =
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "1a\r\n{\"kind\":\"incident\",\"title\"\r\n1d\r\n:\"x\",\"severity_claimed\":"
	    "1"
	    "    \r\n1\r\n}\r\n0\r\n\r\nGET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct rig_client *c = rig_connect(r, RIG_OP);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof text - 1; i++) {
		assert_int_equal(SSL_write(c->ssl, text + i, 1), 1);
		if (i % 7 == 0)
			rig_step(r);
	}
	assert_int_equal(rig_answer(r, c, NULL), 201);
	assert_int_equal(rig_answer(r, c, NULL), 200);
	assert_int_equal(r->puts, 1);
}

static void
test_cut_body_is_not_acted_on(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	rig_say(r, c,
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: 60\r\n\r\n"
	    "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1}");
	rig_settle(r);
	rig_drop(r, c);
	rig_settle(r);
	assert_int_equal(r->puts + r->seals, 0);
	assert_int_equal(conns_count(r->f), 0);
}

/* A body that comes in pieces while the vault is asked who it is: the rest is read too.
 */
static void
test_body_beside_the_question(void **state)
{
	static const char head[] =
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: 52\r\n\r\n";
	static const char *const body[] = { "{\"kind\":\"incident\",",
		"\"title\":\"x\",\"severity_claimed\":1}" };
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	r->admit_later = 1;
	rig_say(r, c, head);
	rig_until(r, r->admit_link != NULL);
	rig_say(r, c, body[0]);
	rig_settle(r);
	rig_admit(r);
	rig_settle(r);
	rig_say(r, c, body[1]);
	assert_int_equal(rig_answer(r, c, NULL), 201);
}

static void
test_expect_continue(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	rig_say(r, c,
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: 52\r\nExpect: 100-continue\r\n\r\n");
	assert_int_equal(rig_answer(r, c, NULL), 100);
	rig_say(r, c, "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1}");
	assert_int_equal(rig_answer(r, c, NULL), 201);
}

static void
test_programs_away(void **state)
{
	struct rig_client *old, *fresh;
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	old = rig_connect(r, RIG_OP);
	assert_int_equal(rig_get(r, old, "/v1/me", NULL), 200);
	/* The vault goes: who is in stays, nobody else comes in, nothing is sealed. */
	rig_stop_vault(r);
	rig_until(r, !r->f->vault_ready);
	assert_int_equal(rig_get(r, old, "/v1/me", NULL), 200);
	assert_int_equal(
	    rig_post(r, old, "/v1/reports", "",
		"{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1}", &b),
	    503);
	assert_non_null(strstr(b.p, "Retry-After: "));
	fresh = rig_connect(r, RIG_OP);
	assert_int_equal(rig_get(r, fresh, "/v1/me", NULL), 503);
	/* Ten minutes later an admission has ended. */
	r->f->vault_away_since -= VAULT_AWAY_MS + 1000;
	assert_int_equal(rig_get(r, old, "/v1/me", NULL), 503);
	/* The keeper goes. */
	rig_stop_keeper(r);
	rig_until(r, !r->f->keeper_ready);
	rig_listen(r);
	rig_until(r, r->f->vault_ready && r->f->keeper_ready);
	fresh = rig_connect(r, RIG_OP);
	assert_int_equal(rig_get(r, fresh, "/v1/me", NULL), 200);
	rig_stop_keeper(r);
	rig_until(r, !r->f->keeper_ready);
	assert_int_equal(rig_get(r, fresh, "/v1/bulletins", NULL), 503);
	assert_int_equal(rig_get(r, fresh, "/v1/me", NULL), 200);
	buf_done(&b);
}

/* A question that is out when its program dies is answered at once, not by its timeout.
 */
static void
test_call_in_flight_when_the_link_breaks(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	int64_t began = clock_mono_ms();

	(void)state;
	assert_int_equal(rig_get(r, c, "/v1/me", NULL), 200);
	r->keeper_mute = 1;
	rig_say(r, c, "GET /v1/bulletins HTTP/1.1\r\nHost: localhost\r\n\r\n");
	rig_settle(r);
	assert_int_equal(r->f->calls.count, 1);
	rig_stop_keeper(r);
	assert_int_equal(rig_answer(r, c, NULL), 503);
	assert_int_equal(r->f->calls.count, 0);
	assert_true(clock_mono_ms() - began < 3000);
}

static void
test_client_gone_while_waiting(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	assert_int_equal(rig_get(r, c, "/v1/me", NULL), 200);
	r->keeper_mute = 1;
	rig_say(r, c, "GET /v1/bulletins HTTP/1.1\r\nHost: localhost\r\n\r\n");
	rig_settle(r);
	rig_drop(r, c);
	r->keeper_mute = 0;
	rig_settle(r);
	/* Whoever answers now answers nobody. */
	rig_stop_keeper(r);
	rig_until(r, !r->f->keeper_ready);
	rig_settle(r);
}

static void
test_rights_change(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	uint64_t was = r->f->generation;

	(void)state;
	assert_int_equal(rig_get(r, c, "/v1/me", NULL), 200);
	r->people[RIG_OP].admit.status = VS_DISABLED;
	r->generation = was + 1;
	reload_generation(r->f, r->generation);
	rig_until(r, r->admits >= 2);
	rig_settle(r);
	assert_int_equal(rig_get(r, c, "/v1/me", NULL), 403);
	rig_until(r, c->closed);
}

static void
test_deadlines(void **state)
{
	struct rig_client *head = rig_connect(r, RIG_OP), *body = rig_connect(r, RIG_OP),
			  *idle = rig_connect(r, RIG_OP);
	int64_t began;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
	assert_int_equal(conn_new(r->f, ON_MEMBERS, fd[0], NULL), 0);
	assert_int_equal(rig_get(r, idle, "/v1/me", NULL), 200);
	began = clock_mono_ms();
	rig_say(r, head, "GET /v1/me HTTP/1.1\r\nHost: ");
	rig_say(r, body,
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: 100000\r\n\r\n{");
	while (clock_mono_ms() - began < 12000 && !(head->closed && body->closed)) {
		rig_step(r);
		(void)usleep(5000);
		if (clock_mono_ms() - began > 1000 && (clock_mono_ms() / 1000) % 2 == 0 &&
		    !head->closed)
			(void)SSL_write(head->ssl, "a", 1);
	}
	/* A head has 10 s in all, whatever trickles in; a body 1 KiB/s after 5 s. */
	assert_int_equal(rig_answer(r, head, NULL), 408);
	assert_int_equal(rig_answer(r, body, NULL), 408);
	assert_true(clock_mono_ms() - began >= 9500);
	assert_int_equal(idle->closed, 0);
	(void)close(fd[1]);
	/* The one that never spoke was closed at 5 s. */
	assert_int_equal(conns_in(r->f, CONN_HANDSHAKE), 0);
}

static void
on_drained(struct front *f)
{
	f->on_drained = NULL;
}

static void
test_drain(void **state)
{
	struct rig_client *idle = rig_connect(r, RIG_OP), *busy = rig_connect(r, RIG_OP),
			  *poll = rig_connect(r, RIG_OP);

	(void)state;
	assert_int_equal(rig_get(r, idle, "/v1/me", NULL), 200);
	assert_int_equal(rig_get(r, busy, "/v1/me", NULL), 200);
	rig_say(r, poll, "GET /v1/events?wait=25 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	r->keeper_mute = 1;
	rig_say(r, busy, "GET /v1/bulletins HTTP/1.1\r\nHost: localhost\r\n\r\n");
	rig_settle(r);
	r->f->on_drained = on_drained;
	front_drain(r->f);
	rig_until(r, idle->closed);
	assert_int_equal(rig_answer(r, poll, NULL), 200);
	rig_settle(r);
	assert_int_equal(busy->closed, 0); /* its answer is to come */
	rig_stop_keeper(r);
	assert_int_equal(rig_answer(r, busy, NULL), 503);
	rig_until(r, busy->closed && poll->closed);
	rig_drop(r, busy);
	rig_drop(r, poll);
	rig_drop(r, idle);
	rig_until(r, r->f->on_drained == NULL);
	assert_int_equal(conns_count(r->f), 0);
}

static void
test_noise_without_content(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	int i;

	(void)state;
	assert_int_equal(rig_get(r, c, "/v1/me", NULL), 200);
	for (i = 0; i < 20000 && !c->closed; i++) {
		if (SSL_key_update(c->ssl, SSL_KEY_UPDATE_NOT_REQUESTED) != 1 ||
		    SSL_do_handshake(c->ssl) != 1)
			break;
		if (i % 100 == 0)
			rig_step(r);
	}
	rig_until(r, c->closed);
	assert_in_range(i, 1000, 19999);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_me, setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_may, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_no_certificate_gets_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_framing_ends_the_connection, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_pipelined_one_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_byte_by_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_cut_body_is_not_acted_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expect_continue, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_body_beside_the_question, setup, teardown),
		cmocka_unit_test_setup_teardown(test_programs_away, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_call_in_flight_when_the_link_breaks, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_client_gone_while_waiting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rights_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deadlines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drain, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_noise_without_content, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
