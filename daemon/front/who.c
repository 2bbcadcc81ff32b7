/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/who.h"

#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/route.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/tls.h"
#include "proto/msg_keeper.h"
#include "proto/msg_vault.h"
#include "proto/scrub.h"

enum {
	BUCKETS = 4096,
	TICK_MS = 100,
	ASKED_A_TICK = 50, /* 500 questions a second when everybody is asked anew */
	WISHES_A_TICK = 100,
	ASK_AGAIN_MS = 15000,
	READER_KEPT_MS = 60000,
};

struct who {
	struct list members[BUCKETS], readers[BUCKETS];
	struct list fresh, stale; /* members by what their answer is worth */
	struct list wish;	  /* readers whose subscription is to be asked for */
	struct list idle;	  /* readers without a connection, oldest first */
	struct loop_timer *tick;
	int away_closed;
};

static void on_tick(void *arg);

int
who_new(struct front *f)
{
	struct who *w = mem_zalloc(sizeof *w);
	size_t i;

	if (w == NULL)
		return ERR_NOMEM;
	f->who = w;
	for (i = 0; i < BUCKETS; i++) {
		list_init(&w->members[i]);
		list_init(&w->readers[i]);
	}
	list_init(&w->fresh);
	list_init(&w->stale);
	list_init(&w->idle);
	list_init(&w->wish);
	w->away_closed = 1; /* a vault that was not there yet ends no admission */
	w->tick = loop_timer_new(f->loop, on_tick, f);
	if (w->tick == NULL)
		return ERR_NOMEM;
	loop_timer_set(w->tick, TICK_MS, 1);
	return 0;
}

/* The keys are hashes already. */
static size_t
bucket_of(const unsigned char *hash)
{
	return ((size_t)hash[0] << 8 | hash[1]) % BUCKETS;
}

static void
reader_free(struct reader *r)
{
	list_del(&r->chain);
	list_del(&r->idle);
	list_del(&r->wish);
	mem_free(r);
}

static struct reader *
reader_find(struct who *w, const unsigned char *receiver)
{
	struct list *b = &w->readers[bucket_of(receiver)], *l;
	struct reader *r;

	for (l = b->next; l != b; l = l->next) {
		r = list_of(l, struct reader, chain);
		if (memcmp(r->receiver, receiver, RECEIVER_LEN) == 0)
			return r;
	}
	return NULL;
}

static struct reader *
reader_get(struct front *f, const unsigned char *receiver)
{
	struct reader *r = reader_find(f->who, receiver);

	if (r == NULL) {
		r = mem_zalloc(sizeof *r);
		if (r == NULL)
			return NULL;
		memcpy(r->receiver, receiver, RECEIVER_LEN);
		list_init(&r->chain);
		list_init(&r->idle);
		list_init(&r->wish);
		list_init(&r->open);
		list_add(&f->who->readers[bucket_of(receiver)], &r->chain);
	}
	list_del(&r->idle);
	r->refs++;
	return r;
}

static void
reader_put(struct front *f, struct reader *r)
{
	if (r == NULL || --r->refs != 0)
		return;
	r->idle_since = clock_timer_ms();
	list_add(&f->who->idle, &r->idle);
}

static void
member_free(struct front *f, struct member *m)
{
	list_del(&m->chain);
	list_del(&m->order);
	scrubber_free(m->scrubber);
	reader_put(f, m->reader);
	mem_wipe_free(m, sizeof *m);
}

void
who_free(struct front *f)
{
	struct who *w = f->who;

	if (w == NULL)
		return;
	while (!list_empty(&w->idle))
		reader_free(list_of(w->idle.next, struct reader, idle));
	loop_timer_free(w->tick);
	mem_free(w);
	f->who = NULL;
}

static struct member *
member_get(struct front *f, const unsigned char *spki, int64_t not_after)
{
	struct who *w = f->who;
	struct list *b = &w->members[bucket_of(spki)], *l;
	struct member *m;

	for (l = b->next; l != b; l = l->next) {
		m = list_of(l, struct member, chain);
		if (m->not_after == not_after && memcmp(m->spki, spki, SPKI_LEN) == 0)
			return m;
	}
	m = mem_zalloc(sizeof *m);
	if (m == NULL)
		return NULL;
	memcpy(m->spki, spki, SPKI_LEN);
	m->not_after = not_after;
	list_init(&m->chain);
	list_init(&m->order);
	list_init(&m->conns);
	list_add(b, &m->chain);
	list_add(&w->stale, &m->order);
	return m;
}

/* Their right ended: streams hear so, requests under way get their answer first. */
static void
close_all(struct front *f, struct member *m)
{
	struct list *l, *next;
	struct conn *c;

	for (l = m->conns.next; l != &m->conns; l = next) {
		next = l->next;
		c = list_of(l, struct conn, mates);
		if (c->state == CONN_STREAMING) {
			f->stats.revoked++;
			stream_bye(c, "revoked");
		}
	}
}

static void
apply(struct front *f, struct member *m, const struct vault_admit *a)
{
	struct reader *r = NULL;

	m->answered = 1;
	m->asked = 0;
	m->status = a->status;
	m->generation = a->generation;
	list_add(
	    a->generation >= f->generation ? &f->who->fresh : &f->who->stale, &m->order);
	if (a->status == VS_OK)
		r = reader_get(f, a->rights.receiver);
	/* Another receiver behind the same key: its streams belong to the old one. */
	if (m->reader != NULL && m->reader != r)
		close_all(f, m);
	if (r != NULL && memcmp(&m->rights, &a->rights, sizeof m->rights) != 0)
		r->seen_valid = 0;
	reader_put(f, m->reader);
	m->reader = r;
	memset(&m->rights, 0, sizeof m->rights);
	if (r != NULL)
		m->rights = a->rights;
	else if (a->status == VS_OK)
		m->status = VS_INTERNAL; /* no memory: nobody gets rights from that */
}

static int
ask(struct front *f, struct member *m, uint64_t owner, call_fn *fn, uint64_t *ret_id)
{
	struct buf b;
	int rc;

	buf_init(&b, 64);
	wire_put_bytes(&b, m->spki, SPKI_LEN);
	wire_put_i64(&b, m->not_after);
	rc = f->vault_ready ? call_start(f, CALL_VAULT, VM_ADMIT, &b, owner, fn, ret_id)
			    : ERR_DOWN;
	buf_done(&b);
	return rc;
}

static void
on_admit(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct vault_admit m;

	if (c == NULL)
		return;
	if (a->err != 0 || vault_admit_get(a->p, a->n, &m) != 0)
		c->no_vault = 1;
	else
		apply(f, c->who, &m);
	c->admitted = 1;
	http_admitted(c);
}

void
who_arrive(struct conn *c)
{
	unsigned char spki[SPKI_LEN];
	int64_t not_after;

	if ((c->on & ON_NOBODY) != 0) {
		c->admitted = 1;
		http_ready(c);
		return;
	}
	if (tls_peer(c->ssl, spki, &not_after) != 0) {
		conn_close(c);
		return;
	}
	c->cert_tag = tls_peer_tag(c->ssl);
	c->who = member_get(c->f, spki, not_after);
	if (c->who == NULL) {
		conn_close(c);
		return;
	}
	c->who->refs++;
	list_add(&c->who->conns, &c->mates);
	if (ask(c->f, c->who, c->id, on_admit, NULL) != 0)
		c->no_vault = c->admitted = 1;
	/* The request is often there already: it is read while the vault thinks. */
	http_ready(c);
}

void
who_leave(struct conn *c)
{
	struct member *m = c->who;

	list_del(&c->mates);
	c->who = NULL;
	if (m != NULL && --m->refs == 0)
		member_free(c->f, m);
}

static int
vault_gone(const struct front *f)
{
	return !f->vault_ready && clock_timer_ms() - f->vault_away_since > VAULT_AWAY_MS;
}

/* The desks' front is for desks, and for ministries that reports name. */
static int
may_sit(const struct conn *c)
{
	return c->on != ON_DESK ||
	       (c->who->rights.roles &
		   (ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY)) != 0;
}

enum problem
who_check(struct conn *c)
{
	const struct member *m = c->who;

	if ((c->on & ON_NOBODY) != 0)
		return P_OK;
	if (c->no_vault || !m->answered || vault_gone(c->f))
		return P_UNAVAILABLE;
	if (m->not_after < clock_wall_ms() / 1000)
		return P_UNKNOWN_MEMBER;
	switch (m->status) {
	case VS_OK:
		return may_sit(c) ? P_OK : P_FORBIDDEN;
	case VS_DISABLED:
		return P_DISABLED_MEMBER;
	case VS_UNKNOWN:
	case VS_EXPIRED:
	case VS_REVOKED:
		return P_UNKNOWN_MEMBER;
	default:
		return P_UNAVAILABLE;
	}
}

unsigned
who_roles(const struct conn *c)
{
	const struct rights *r;
	unsigned roles;

	if ((c->on & ON_NOBODY) != 0)
		return ROLES_ALL;
	r = &c->who->rights;
	roles = r->roles | ROLE_MEMBER;
	roles &= ~(unsigned)ROLE_SUBSCRIBES;
	if ((r->duties & DUTY_SUBSCRIBES) != 0)
		roles |= ROLE_SUBSCRIBES;
	if ((r->duties & DUTY_REPORTER) == 0)
		roles &= ~(unsigned)(ROLE_OPERATOR | ROLE_AFFILIATE | ROLE_AGENCY);
	if (!rights_at_desk(r))
		roles &= ~(unsigned)(ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY);
	return roles;
}

static void
on_again(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct vault_admit m;

	/* Gone, or no answer: it stays among the stale and its turn comes again. */
	if (c == NULL || c->who == NULL)
		return;
	c->who->asked = 0;
	if (a->err != 0 || vault_admit_get(a->p, a->n, &m) != 0)
		return;
	apply(f, c->who, &m);
	if (c->who->status != VS_OK || !may_sit(c))
		close_all(f, c->who);
}

static void
ask_stale(struct front *f)
{
	struct who *w = f->who;
	int64_t now = clock_mono_ms();
	struct member *m;
	int i;

	for (i = 0; i < ASKED_A_TICK && f->vault_ready && !list_empty(&w->stale); i++) {
		m = list_of(w->stale.next, struct member, order);
		list_add(&w->stale, &m->order);
		if (!m->answered || (m->asked != 0 && now - m->asked < ASK_AGAIN_MS))
			continue;
		if (ask(f, m, list_of(m->conns.next, struct conn, mates)->id, on_again,
			NULL) != 0)
			return;
		m->asked = now;
	}
}

static void
drop_stream(struct conn *c, void *arg)
{
	(void)arg;
	if (c->state == CONN_STREAMING)
		stream_bye(c, "drain");
}

static void ask_wishes(struct front *f);

static void
on_tick(void *arg)
{
	struct front *f = arg;
	struct who *w = f->who;
	struct reader *r;

	while (!list_empty(&w->idle)) {
		r = list_of(w->idle.next, struct reader, idle);
		if (clock_timer_ms() - r->idle_since < READER_KEPT_MS)
			break;
		reader_free(r);
	}
	ask_stale(f);
	ask_wishes(f);
	if (!vault_gone(f)) {
		w->away_closed = 0;
	} else if (!w->away_closed) {
		log_warn("the vault is away for too long: admissions end");
		w->away_closed = 1;
		conns_each(f, drop_stream, NULL);
	}
}

void
who_changed(struct front *f)
{
	list_splice(&f->who->stale, &f->who->fresh);
}

void
who_forget_wants(struct front *f)
{
	struct who *w = f->who;
	struct reader *r;
	struct list *l;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		for (l = w->readers[i].next; l != &w->readers[i]; l = l->next) {
			r = list_of(l, struct reader, chain);
			r->wants_known = 0;
			if (r->streams != 0) /* goes on with what it had until then */
				list_add(&w->wish, &r->wish);
		}
	}
}

static void
on_wants(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->who == NULL || c->who->reader == NULL)
		return;
	if (who_take_wants(f, c->who->reader, a) != 0)
		list_add(&f->who->wish, &c->who->reader->wish);
}

int
who_ask_wants(
    struct front *f, struct reader *r, uint64_t owner, call_fn *fn, uint64_t *ret_id)
{
	struct buf b;
	int rc;

	buf_init(&b, 64);
	wire_put_bytes(&b, r->receiver, RECEIVER_LEN);
	rc = f->keeper_ready
		 ? call_start(f, CALL_KEEPER, KM_SUB_GET, &b, owner, fn, ret_id)
		 : ERR_DOWN;
	buf_done(&b);
	return rc;
}

int
who_take_wants(struct front *f, struct reader *r, const struct answer *a)
{
	struct subscription s;
	struct keeper_reply k;
	struct wire w;

	if (a->err != 0)
		return a->err;
	if (keeper_reply_get(a->p, a->n, &k) != 0)
		return ERR_PROTO;
	if (k.problem != P_OK)
		return ERR_DOWN;
	wire_init(&w, k.body.p, k.body.n);
	subscription_get(&w, &s);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	who_wants(f, r->receiver, &s);
	return 0;
}

static void
ask_wishes(struct front *f)
{
	struct who *w = f->who;
	struct reader *r;
	int i;

	for (i = 0; i < WISHES_A_TICK && f->keeper_ready && !list_empty(&w->wish); i++) {
		r = list_of(w->wish.next, struct reader, wish);
		if (r->wants_known || list_empty(&r->open)) {
			list_del(&r->wish);
			continue;
		}
		if (who_ask_wants(f, r, stream_owner(r->open.next), on_wants, NULL) != 0)
			return;
		list_del(&r->wish);
	}
}

void
who_wants(struct front *f, const unsigned char *receiver, const struct subscription *s)
{
	struct reader *r = reader_find(f->who, receiver);

	if (r == NULL)
		return;
	r->wants = *s;
	r->wants_known = 1;
	r->seen_valid = 0;
}

int
who_may_report(struct front *f, struct reader *r)
{
	int64_t rate = f->opt.reports_per_minute;

	if (rate == 0) { /* who was free until a reload begins with all of its minute */
		memset(&r->reports, 0, sizeof r->reports);
		return 1;
	}
	if (!bucket_has(&r->reports, rate, BUCKET_MINUTE, clock_timer_ms()))
		return 0;
	bucket_take(&r->reports, BUCKET_MINUTE);
	return 1;
}
