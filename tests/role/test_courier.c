/* SPDX-License-Identifier: Apache-2.0 */
/* The courier between a keeper, a vault and a resolver that the test plays: what is
 * leased, asked, refused and told.  What goes over the network is in the flows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <netinet/in.h>

#include "daemon/courier/courier.h"
#include "daemon/courier/resolver.h"
#include "lib/clock.h"
#include "lib/loop.h"

enum { RESULTS = 64 };

struct rig {
	struct courier c;
	struct loop *loop;
	struct link *keeper, *vault;
	int names;		  /* our end of the resolver's socket; -1: the real one */
	struct courier_jobs give; /* to the next lease */
	struct courier_jobs page; /* to the next question for pages */
	int silent;		  /* the vault says nothing */
	uint8_t rank;
	unsigned leases, refuse_done;
	struct vault_route route[4];
	unsigned routes, vault_status, asked;
	struct courier_result got[RESULTS];
	char reason[RESULTS][COURIER_REASON_MAX + 1];
	unsigned n;
};

static int64_t rig_now = 1794100000;

static int64_t
now_s(void)
{
	return rig_now;
}

static void
answer(struct link *l, const struct link_frame *f, enum problem p, struct slice body)
{
	struct keeper_reply r;
	struct buf b;

	memset(&r, 0, sizeof r);
	r.problem = p;
	r.body = body;
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_reply_put(&b, &r);
	assert_int_equal(link_send(l, f->type, (uint16_t)p, f->call, b.p, b.n), 0);
	buf_done(&b);
}

static void
take_results(struct rig *g, const struct link_frame *f)
{
	struct courier_result r;
	struct wire w;
	unsigned n;

	wire_init(&w, f->p, f->n);
	for (n = wire_u8(&w); n > 0; n--) {
		courier_result_get(&w, &r);
		assert_int_equal(w.err, 0);
		assert_true(g->n < RESULTS);
		(void)snprintf(g->reason[g->n], sizeof g->reason[0], "%.*s",
		    (int)r.reason.n, r.reason.p);
		g->got[g->n++] = r;
	}
	assert_int_equal(wire_end(&w), 0);
}

static void
on_keeper(void *arg, struct link *l, const struct link_frame *f)
{
	struct rig *g = arg;
	struct courier_lease m;
	struct buf b;

	if (f->type == KM_C_DONE) {
		if (g->refuse_done > 0) {
			g->refuse_done--;
			answer(l, f, P_UNAVAILABLE, slice_of(""));
			return;
		}
		take_results(g, f);
		answer(l, f, P_OK, slice_of(""));
		return;
	}
	if (f->type == KM_C_DIGEST || f->type == KM_C_PAGES) {
		struct courier_jobs none = { .wait_s = UINT32_MAX };

		buf_init(&b, KEEPER_FRAME_MAX);
		courier_jobs_put(&b, f->type == KM_C_PAGES ? &g->page : &none);
		answer(l, f, P_OK, buf_slice(&b));
		buf_done(&b);
		g->page.n = g->page.bodies = 0;
		return;
	}
	assert_int_equal(f->type, KM_C_LEASE);
	assert_int_equal(courier_lease_get(f->p, f->n, &m), 0);
	g->leases++;
	buf_init(&b, KEEPER_FRAME_MAX);
	courier_jobs_put(&b, &g->give);
	answer(l, f, P_OK, buf_slice(&b));
	buf_done(&b);
	g->give.n = g->give.bodies = 0;
	g->give.wait_s = UINT32_MAX;
}

static void
on_vault(void *arg, struct link *l, const struct link_frame *f)
{
	struct rig *g = arg;
	struct vault_routes m;
	struct buf b;

	if (f->type == VM_DUTY) {
		assert_int_equal(f->n, VAULT_DUTY_ASK);
		g->rank = f->p[17];
	} else {
		assert_int_equal(f->type, VM_ROUTES);
		assert_int_equal(f->n, VAULT_ROUTES_ASK);
	}
	g->asked++;
	if (g->silent)
		return;
	assert_int_equal(vault_routes_page(g->route, g->routes, f->p[16], &m), VS_OK);
	buf_init(&b, VAULT_PAGE * 2);
	vault_routes_put(&b, &m);
	assert_int_equal(
	    link_send(l, f->type, (uint16_t)g->vault_status, f->call, b.p, b.n), 0);
	buf_done(&b);
}

static void
pair(int type, int fd[2])
{
	assert_int_equal(
	    socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
}

static void
rig_open(struct rig *g, int loopback)
{
	static const struct link_ops keeper = { NULL, on_keeper, NULL },
				     vault = { NULL, on_vault, NULL };
	struct link_limits lim = { KEEPER_FRAME_MAX, KEEPER_QUEUE_MAX };
	struct resolver *resolver = NULL;
	int fd[2];

	memset(g, 0, sizeof *g);
	g->loop = loop_new();
	assert_non_null(g->loop);
	g->c.now_s = now_s;
	g->c.opt.rules.loopback = loopback;
	assert_int_equal(target_ports("443,8443", &g->c.opt.rules), 0);
	g->c.opt.backoff.first = 5;
	g->c.opt.backoff.last = 3600;
	g->c.opt.give_up_ms = 86400000;
	g->give.wait_s = UINT32_MAX;
	pair(SOCK_SEQPACKET, fd);
	g->names = fd[1];
	assert_int_equal(resolver_new(&resolver, g->loop, fd[0], 0), 0);
	assert_int_equal(courier_open(&g->c, g->loop, resolver), 0);
	pair(SOCK_STREAM, fd);
	g->vault = link_adopt(g->loop, fd[1], &vault, g, lim);
	assert_int_equal(up_vault_start(&g->c, fd[0]), 0);
	pair(SOCK_STREAM, fd);
	g->keeper = link_adopt(g->loop, fd[1], &keeper, g, lim);
	assert_int_equal(up_keeper_start(&g->c, fd[0]), 0);
	assert_true(g->vault != NULL && g->keeper != NULL);
}

static void
rig_close(struct rig *g)
{
	courier_close(&g->c);
	link_free(g->keeper);
	link_free(g->vault);
	(void)close(g->names);
	loop_free(g->loop);
}

#define UNTIL(g, condition) \
	do { \
		int64_t end_ = clock_mono_ms() + 20000; \
		while (!(condition) && clock_mono_ms() < end_) \
			(void)event_base_loop(loop_base((g)->loop), EVLOOP_NONBLOCK); \
		assert_true(condition); \
	} while (0)

static struct courier_job *
job(struct rig *g, unsigned route)
{
	struct courier_job *j = &g->give.job[g->give.n];

	memset(j, 0, sizeof *j);
	j->key.bulletin[0] = 1;
	j->key.revision = 1;
	j->key.receiver[0] = (uint8_t)++g->give.n;
	j->key.route = (uint8_t)route;
	j->key.contact = CONTACT_ALL;
	j->age = 0;
	j->kind = FRAME_BULLETIN;
	j->severity = 4;
	g->give.body[0] = slice_of("{\"number\":\"2026-7KQ2M\"}");
	g->give.bodies = 1;
	return j;
}

static void
contact(struct rig *g, unsigned n, unsigned kind, const char *value)
{
	struct vault_route *v = &g->route[g->routes++];

	memset(v, 0, sizeof *v);
	v->n = (uint8_t)n;
	v->kind = (uint8_t)kind;
	(void)snprintf(v->lang, sizeof v->lang, "ja");
	(void)snprintf(v->value, sizeof v->value, "%s", value);
	v->secret[0] = v->now = 1;
}

static void
go(struct rig *g)
{
	assert_int_equal(link_send(g->keeper, KM_C_WORK, 0, 0, "", 0), 0);
}

static void
test_contacts_decide(void **state)
{
	static const struct {
		unsigned n, kind[2], wanted, status, outcome;
		const char *value;
	} cases[] = {
		{ 0, { 0, 0 }, CONTACT_ALL, VS_OK, OUTCOME_NONE, "" },
		{ 1, { CONTACT_MAIL, 0 }, CONTACT_ALL, VS_OK, OUTCOME_NONE,
		    "a@example.jp" },
		{ 1, { CONTACT_WEBHOOK, 0 }, CONTACT_ALL, VS_UNKNOWN, OUTCOME_NONE, "" },
		{ 1, { CONTACT_WEBHOOK, 0 }, CONTACT_ALL, VS_DISABLED, OUTCOME_NONE, "" },
		{ 1, { CONTACT_WEBHOOK, 0 }, CONTACT_ALL, VS_INTERNAL, OUTCOME_RETRY,
		    "" },
		{ 1, { CONTACT_WEBHOOK, 0 }, 7, VS_OK, OUTCOME_NONE,
		    "https://a.example.jp/" },
		{ 2, { CONTACT_WEBHOOK, CONTACT_WEBHOOK }, CONTACT_ALL, VS_OK,
		    OUTCOME_SPLIT, "https://a.example.jp/" },
		{ 1, { CONTACT_WEBHOOK, 0 }, CONTACT_ALL, VS_OK, OUTCOME_FAILED,
		    "http://a.example.jp/" },
		{ 1, { CONTACT_WEBHOOK, 0 }, 1, VS_OK, OUTCOME_FAILED,
		    "https://10.0.0.1/" },
	};
	struct rig g;
	size_t i;
	unsigned k;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rig_open(&g, 0);
		for (k = 0; k < cases[i].n; k++)
			contact(&g, k + 1, cases[i].kind[k], cases[i].value);
		g.vault_status = cases[i].status;
		job(&g, BY_WEBHOOK)->key.contact = (uint8_t)cases[i].wanted;
		go(&g);
		UNTIL(&g, g.n == 1);
		if (g.got[0].outcome != cases[i].outcome)
			fail_msg("case %zu: %u (%s)", i, g.got[0].outcome, g.reason[0]);
		if (cases[i].outcome == OUTCOME_SPLIT)
			assert_true(g.got[0].n == 2 && g.got[0].contact[1] == 2);
		UNTIL(&g, g.c.in_hand == 0);
		rig_close(&g);
	}
}

/* A contact of somebody who is off duty gets nothing new; what was begun goes on. */
static void
test_off_duty(void **state)
{
	static const struct {
		unsigned contact, off, outcome, person;
	} cases[] = { { CONTACT_ALL, 0, OUTCOME_FAILED, 5 },
		{ CONTACT_ALL, 1, OUTCOME_NONE, 0 }, { 18, 1, OUTCOME_FAILED, 5 } };
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rig_open(&g, 0);
		contact(&g, 18, CONTACT_WEBHOOK, "https://10.0.0.1/");
		g.route[0].now = !cases[i].off;
		memset(g.route[0].person, 5, RECEIVER_LEN);
		job(&g, BY_WEBHOOK)->key.contact = (uint8_t)cases[i].contact;
		go(&g);
		UNTIL(&g, g.n == 1);
		assert_int_equal(g.got[0].outcome, cases[i].outcome);
		assert_int_equal(g.got[0].person[0], cases[i].person);
		UNTIL(&g, g.c.in_hand == 0);
		rig_close(&g);
	}
}

/* Which of two contacts is meant shows in what is wrong with it. */
static void
test_the_second_contact(void **state)
{
	static const struct {
		unsigned contacts, wanted, like;
	} cases[] = {
		{ 2, 1, 0 }, { 2, 2, 1 }, { 2, CONTACT_FIRST, 0 },
		{ 2, CONTACT_SECOND, 1 },
		{ 1, CONTACT_SECOND, 0 }, /* rather it again than nobody */
	};
	static const char *const values[] = { "https://10.0.0.1/",
		"http://a.example.jp/" };
	char reason[2][COURIER_REASON_MAX + 1];
	struct rig g;
	size_t i;
	unsigned k;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rig_open(&g, 0);
		for (k = 0; k < cases[i].contacts; k++)
			contact(&g, k + 1, CONTACT_WEBHOOK, values[k]);
		job(&g, BY_WEBHOOK)->key.contact = (uint8_t)cases[i].wanted;
		go(&g);
		UNTIL(&g, g.n == 1);
		if (i < 2)
			memcpy(reason[i], g.reason[0], sizeof reason[i]);
		if (strcmp(g.reason[0], reason[cases[i].like]) != 0)
			fail_msg("case %zu: %s", i, g.reason[0]);
		assert_int_equal(g.got[0].key.contact, cases[i].wanted);
		rig_close(&g);
	}
	assert_string_not_equal(reason[0], reason[1]);
}

static void
test_what_is_dropped_is_given_up(void **state)
{
	struct courier_key key;
	struct buf b;
	struct rig g;

	(void)state;
	rig_open(&g, 0);
	g.silent = 1;
	(void)job(&g, BY_WEBHOOK);
	key = job(&g, BY_WEBHOOK)->key;
	go(&g);
	UNTIL(&g, g.asked == 2);
	buf_init(&b, 64);
	courier_drop_put(&b, &key);
	assert_int_equal(link_send(g.keeper, KM_C_DROP, 0, 0, b.p, b.n), 0);
	buf_done(&b);
	UNTIL(&g, g.c.in_hand == 1);
	assert_int_equal(g.c.first->job.key.receiver[0], 1);
	assert_int_equal(g.n, 0); /* nothing is told of it */
	rig_close(&g);
}

/* The courier's hands are full, and every delivery waits for the vault. */
static void
test_a_page_passes_what_waits(void **state)
{
	static const struct {
		unsigned contact, rank;
	} cases[] = { { CONTACT_DUTY + 1, 1 }, { CONTACT_DUTY + 3, 3 },
		{ CONTACT_DUTY + DUTY_MOST, DUTY_MOST } };
	struct courier_job *j;
	struct rig g;
	unsigned i, k;

	(void)state;
	rig_open(&g, 0);
	g.silent = 1;
	for (i = 0; i < IN_HAND_MAX / COURIER_JOBS_MAX; i++) {
		for (k = 0; k < COURIER_JOBS_MAX; k++)
			job(&g, BY_WEBHOOK)->key.bulletin[1] = (uint8_t)i;
		go(&g);
		UNTIL(&g, g.c.in_hand == (i + 1) * COURIER_JOBS_MAX);
	}
	g.silent = 0;
	contact(&g, 1, CONTACT_SMS, "090-0000-0000");
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		j = &g.page.job[0];
		memset(j, 0, sizeof *j);
		j->key.bulletin[0] = 9;
		j->key.revision = (uint16_t)(i + 1);
		j->key.route = BY_SMS;
		j->key.contact = (uint8_t)cases[i].contact;
		j->stage = BROUGHT_PAGE;
		g.page.body[0] = slice_of("{\"title\":{\"ja\":\"x\"}}");
		g.page.bodies = g.page.n = 1;
		assert_int_equal(link_send(g.keeper, KM_C_PAGE, 0, 0, "", 0), 0);
		UNTIL(&g, g.n == i + 1);
		assert_int_equal(g.got[i].key.bulletin[0], 9);
		assert_string_equal(g.reason[i], "no gateway");
		assert_int_equal(g.rank, cases[i].rank);
	}
	assert_int_equal(g.c.in_hand, IN_HAND_MAX);
	rig_close(&g);
}

static void
test_no_way_out_is_said(void **state)
{
	struct rig g;

	(void)state;
	rig_open(&g, 0);
	contact(&g, 1, CONTACT_SMS, "090-0000-0000");
	(void)job(&g, BY_SMS);
	go(&g);
	UNTIL(&g, g.n == 1);
	assert_int_equal(g.got[0].outcome, OUTCOME_UNABLE);
	assert_string_equal(g.reason[0], "no gateway");
	rig_close(&g);
}

/* The resolver's next answer: these addresses, or a word. */
static void
name_is(struct rig *g, enum resolver_word word, const char *const *text, unsigned n)
{
	static unsigned char out[RESOLVER_DATAGRAM];
	static struct resolved a;
	char ask[8 + RESOLVER_NAME];
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	uint64_t id = 0;
	unsigned i;
	size_t len;

	UNTIL(g, recv(g->names, ask, sizeof ask, MSG_DONTWAIT | MSG_PEEK) > 0);
	assert_true(recv(g->names, ask, sizeof ask, MSG_DONTWAIT) > 8);
	assert_string_equal(ask + 8, "hook.example.jp");
	memcpy(&id, ask, sizeof id);
	memset(&a, 0, sizeof a);
	a.word = word;
	a.n = n;
	for (i = 0; i < n; i++)
		if (inet_pton(AF_INET, text[i], &v4.sin_addr) == 1) {
			memcpy(&a.address[i], &v4, sizeof v4);
		} else {
			assert_int_equal(inet_pton(AF_INET6, text[i], &v6.sin6_addr), 1);
			memcpy(&a.address[i], &v6, sizeof v6);
		}
	len = resolver_encode(id, &a, out);
	assert_int_equal(send(g->names, out, len, 0), (long)len);
}

static void
test_names_that_lead_inside(void **state)
{
	static const char *const mapped[] = { "::ffff:10.0.0.1" },
				 *const loop[] = { "127.0.0.1" },
				 *const meta[] = { "169.254.169.254" },
				 *const ula[] = { "fd00:ec2::254" },
				 *const mixed[] = { "8.8.8.8", "1.1.1.1", "192.168.0.1" };
	static const char *many[100];
	const struct {
		enum resolver_word word;
		const char *const *text;
		unsigned n;
		const char *reason;
	} cases[] = {
		{ NAME_FOUND, mapped, 1, "address is not allowed" },
		{ NAME_FOUND, loop, 1, "address is not allowed" },
		{ NAME_FOUND, meta, 1, "address is not allowed" },
		{ NAME_FOUND, ula, 1, "address is not allowed" },
		{ NAME_FOUND, mixed, 3, "address is not allowed" },
		{ NAME_FOUND, many, 100, "address is not allowed" },
		{ NAME_UNKNOWN, NULL, 0, "name is unknown" },
		{ NAME_LATE, NULL, 0, "name lookup timed out" },
		{ NAME_TOO_MANY, NULL, 0, "too many addresses" },
	};
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		many[i] = i < 99 ? "8.8.4.4" : "10.1.2.3";
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rig_open(&g, 0);
		contact(&g, 1, CONTACT_WEBHOOK, "https://hook.example.jp/x");
		(void)job(&g, BY_WEBHOOK);
		go(&g);
		name_is(&g, cases[i].word, cases[i].text, cases[i].n);
		UNTIL(&g, g.n == 1);
		assert_int_equal(g.got[0].outcome, OUTCOME_RETRY);
		assert_true(g.got[0].delay >= 5 && g.got[0].delay <= 10);
		if (strcmp(g.reason[0], cases[i].reason) != 0)
			fail_msg("case %zu: %s", i, g.reason[0]);
		rig_close(&g);
	}
}

/* Nobody looks up names any more: it is nobody's failure, and the program ends as one
 * that has to be started anew. */
static void
test_no_names_any_more(void **state)
{
	struct rig g;

	(void)state;
	rig_open(&g, 0);
	contact(&g, 1, CONTACT_WEBHOOK, "https://hook.example.jp/x");
	job(&g, BY_WEBHOOK)->age = 200000 / 60;
	go(&g);
	UNTIL(&g, g.c.first != NULL && g.c.first->stage == STAGE_NAME);
	assert_false(g.c.failed || g.c.stopping);
	(void)close(g.names);
	g.names = -1;
	UNTIL(&g, g.n == 1);
	assert_int_equal(g.got[0].outcome, OUTCOME_RETRY);
	assert_string_equal(g.reason[0], "no names");
	assert_int_equal(endpoints_open(g.c.endpoints, INT64_MAX / 2), 0);
	assert_true(g.c.failed && g.c.stopping);
	UNTIL(&g, g.c.in_hand == 0);
	rig_close(&g);
	/* One that was told to stop has not failed. */
	rig_open(&g, 0);
	courier_drain(&g.c);
	(void)close(g.names);
	g.names = -1;
	UNTIL(&g, resolver_ask(g.c.resolver, 1, "hook.example.jp") == ERR_DOWN);
	(void)event_base_loop(loop_base(g.loop), EVLOOP_NONBLOCK);
	assert_false(g.c.failed);
	rig_close(&g);
}

/* Given up when the next try would come too late, and not before; a clock that is set
 * meanwhile makes it neither older nor younger. */
static void
test_given_up_after_a_day(void **state)
{
	static const struct {
		int64_t age, step;
		unsigned tries, outcome;
	} cases[] = { { 0, 0, 0, OUTCOME_RETRY }, { 82700, 0, 30, OUTCOME_RETRY },
		{ 86390, 0, 30, OUTCOME_FAILED }, { 200000, 0, 0, OUTCOME_FAILED },
		{ 0, 90000, 0, OUTCOME_RETRY }, { 0, -90000, 0, OUTCOME_RETRY },
		{ 200000, -31536000, 0, OUTCOME_FAILED } };
	struct courier_job *j;
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rig_open(&g, 0);
		contact(&g, 1, CONTACT_WEBHOOK, "https://hook.example.jp/x");
		j = job(&g, BY_WEBHOOK);
		j->age = cases[i].age / 60;
		j->tries = (uint16_t)cases[i].tries;
		go(&g);
		rig_now += cases[i].step;
		name_is(&g, NAME_UNKNOWN, NULL, 0);
		UNTIL(&g, g.n == 1);
		rig_now -= cases[i].step;
		if (g.got[0].outcome != cases[i].outcome)
			fail_msg("case %zu: %u", i, g.got[0].outcome);
		rig_close(&g);
	}
}

/* The same endpoint fails and fails: the rest of its jobs are not even looked up. */
static void
test_breaker_spares_the_name(void **state)
{
	struct rig g;
	unsigned i;

	(void)state;
	rig_open(&g, 0);
	contact(&g, 1, CONTACT_WEBHOOK, "https://hook.example.jp/x");
	for (i = 0; i < 8; i++)
		(void)job(&g, BY_WEBHOOK);
	go(&g);
	for (i = 0; i < BREAKER_FAILURES; i++)
		name_is(&g, NAME_UNKNOWN, NULL, 0);
	/* Two were under way at first. */
	UNTIL(&g, g.n == 8);
	assert_string_equal(g.reason[7], "down: name is unknown");
	assert_true(g.got[7].delay >= BREAKER_FIRST_MS / 1000);
	rig_close(&g);
}

static void
test_results_are_told_until_they_stand(void **state)
{
	struct rig g;

	(void)state;
	rig_open(&g, 0);
	contact(&g, 1, CONTACT_WEBHOOK, "http://a.example.jp/");
	g.refuse_done = 2; /* a full disk, say */
	(void)job(&g, BY_WEBHOOK);
	go(&g);
	UNTIL(&g, g.n == 1);
	UNTIL(&g, g.c.in_hand == 0);
	assert_int_equal(g.refuse_done, 0);
	rig_close(&g);
}

/* The real process, a name that everybody has and one that nobody has. */
struct names {
	unsigned n;
	struct resolved a;
};

static void
on_name(void *arg, uint64_t id, const struct resolved *a)
{
	struct names *r = arg;

	(void)id;
	r->n++;
	r->a = *a;
}

static void
test_real_resolver(void **state)
{
	static struct names r;
	struct {
		struct loop *loop;
	} g;
	struct resolver *res = NULL;
	pid_t pid;
	int fd;

	(void)state;
	g.loop = loop_new();
	assert_non_null(g.loop);
	assert_int_equal(resolver_spawn(&fd, &pid), 0);
	assert_int_equal(resolver_new(&res, g.loop, fd, pid), 0);
	resolver_on_name(res, on_name, &r);
	assert_int_equal(resolver_ask(res, 1, "localhost"), 0);
	UNTIL(&g, r.n == 1);
	assert_int_equal(r.a.word, NAME_FOUND);
	assert_int_equal(resolver_ask(res, 2, "no-such-name.invalid"), 0);
	UNTIL(&g, r.n == 2);
	assert_true(r.a.word == NAME_UNKNOWN || r.a.word == NAME_LATE);
	resolver_free(res);
	loop_free(g.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contacts_decide),
		cmocka_unit_test(test_off_duty),
		cmocka_unit_test(test_the_second_contact),
		cmocka_unit_test(test_what_is_dropped_is_given_up),
		cmocka_unit_test(test_a_page_passes_what_waits),
		cmocka_unit_test(test_no_way_out_is_said),
		cmocka_unit_test(test_names_that_lead_inside),
		cmocka_unit_test(test_no_names_any_more),
		cmocka_unit_test(test_given_up_after_a_day),
		cmocka_unit_test(test_breaker_spares_the_name),
		cmocka_unit_test(test_results_are_told_until_they_stand),
		cmocka_unit_test(test_real_resolver),
	};
	int rc;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	curl_global_cleanup();
	return rc;
}
