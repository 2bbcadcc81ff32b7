/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/conn.h"

#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/front/address.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/tls.h"

enum {
	SLOT_MS = 250,
	SLOTS_AHEAD = 256, /* 64 s; whoever has longer comes by and is put back */
	HANDSHAKE_MS = 5000,
	LINGER_MS = 2000,
};

struct conns {
	struct conn **table;
	size_t mask;
	uint64_t last_id;
	unsigned count, in[3][CONN_STATES]; /* by listener */
	struct list all, parked, wheel[SLOTS_AHEAD];
	int64_t swept; /* slots up to this time are done */
	struct loop_timer *sweep;
	struct loop_task *reap;
};

static void
on_sweep(void *arg)
{
	struct front *f = arg;
	struct conns *t = f->conns;
	int64_t now = clock_timer_ms();
	struct list due;
	struct conn *c;
	int i;

	list_init(&due);
	/* After a jump of a test's clock every slot is due; each is visited once. */
	for (i = 0; t->swept + SLOT_MS <= now && i < SLOTS_AHEAD; i++) {
		t->swept += SLOT_MS;
		list_splice(&due, &t->wheel[t->swept / SLOT_MS % SLOTS_AHEAD]);
	}
	if (t->swept + SLOT_MS <= now)
		t->swept = now / SLOT_MS * SLOT_MS;
	while (!list_empty(&due)) {
		c = list_of(due.next, struct conn, tick);
		list_del(&c->tick);
		c->due = 0;
		if (c->deadline == 0)
			continue;
		if (c->deadline > now)
			conn_deadline(c, c->deadline - now);
		else
			in_tls_expired(c);
	}
	calls_sweep(f, clock_mono_ms());
	if (!list_empty(&f->page_wait))
		front_turn(f);
}

static void
conn_free(struct conn *c)
{
	tls_free(c->ssl);
	if (c->fd >= 0)
		(void)close(c->fd);
	mem_free(c);
}

static void
on_reap(void *arg)
{
	struct front *f = arg;
	struct list *l = &f->conns->parked;
	struct conn *c;

	while (!list_empty(l)) {
		c = list_of(l->next, struct conn, all);
		list_del(&c->all);
		conn_free(c);
	}
	if (f->draining && f->conns->count == 0 && f->on_drained != NULL && !sent_last(f))
		f->on_drained(f);
}

int
conns_new(struct front *f)
{
	struct conns *t = mem_zalloc(sizeof *t);
	size_t i;

	if (t == NULL)
		return ERR_NOMEM;
	f->conns = t;
	list_init(&t->all);
	list_init(&t->parked);
	for (i = 0; i < SLOTS_AHEAD; i++)
		list_init(&t->wheel[i]);
	t->mask = 255;
	t->table = mem_calloc(t->mask + 1, sizeof(struct conn *));
	t->sweep = loop_timer_new(f->loop, on_sweep, f);
	t->reap = loop_task_new(f->loop, on_reap, f);
	if (t->table == NULL || t->sweep == NULL || t->reap == NULL)
		return ERR_NOMEM;
	t->swept = clock_timer_ms() / SLOT_MS * SLOT_MS;
	loop_timer_set(t->sweep, SLOT_MS, 1);
	return 0;
}

void
conns_free(struct front *f)
{
	struct conns *t = f->conns;

	if (t == NULL)
		return;
	while (!list_empty(&t->all))
		conn_close(list_of(t->all.next, struct conn, all));
	f->on_drained = NULL;
	on_reap(f);
	loop_timer_free(t->sweep);
	loop_task_free(t->reap);
	mem_free(t->table);
	mem_free(t);
	f->conns = NULL;
}

void
conns_reap_soon(struct front *f)
{
	loop_task_poke(f->conns->reap);
}

unsigned
conns_count(const struct front *f)
{
	return f->conns->count;
}

static unsigned
row_of(enum conn_on on)
{
	return on == ON_BLIND ? 1 : on == ON_ANSWERS ? 2 : 0;
}

unsigned
conns_in_on(const struct front *f, enum conn_on on, enum conn_state s)
{
	return f->conns->in[row_of(on)][s];
}

unsigned
conns_in(const struct front *f, enum conn_state s)
{
	return conns_in_on(f, ON_MEMBERS, s) + conns_in_on(f, ON_BLIND, s) +
	       conns_in_on(f, ON_ANSWERS, s);
}

unsigned
conns_count_on(const struct front *f, enum conn_on on)
{
	unsigned n = 0, s;

	for (s = 0; s < CONN_STATES; s++)
		n += conns_in_on(f, on, (enum conn_state)s);
	return n;
}

void
conns_each(struct front *f, void (*fn)(struct conn *c, void *arg), void *arg)
{
	struct list *l, *next;

	/* A closed one moves to the parking place; its neighbours stay. */
	for (l = f->conns->all.next; l != &f->conns->all; l = next) {
		next = l->next;
		fn(list_of(l, struct conn, all), arg);
	}
}

static void
grow(struct conns *t)
{
	size_t mask = t->mask * 2 + 1, i;
	struct conn **table = mem_calloc(mask + 1, sizeof *table), *c;

	if (table == NULL)
		return; /* longer chains, nothing worse */
	for (i = 0; i <= t->mask; i++) {
		while ((c = t->table[i]) != NULL) {
			t->table[i] = c->chain;
			c->chain = table[c->id & mask];
			table[c->id & mask] = c;
		}
	}
	mem_free(t->table);
	t->table = table;
	t->mask = mask;
}

static void
enter(struct conns *t, struct conn *c)
{
	if (t->count > t->mask)
		grow(t);
	c->id = ++t->last_id;
	c->chain = t->table[c->id & t->mask];
	t->table[c->id & t->mask] = c;
	list_add(&t->all, &c->all);
	t->count++;
	t->in[row_of(c->on)][CONN_NEW]++;
}

static void
leave(struct conns *t, struct conn *c)
{
	struct conn **at = &t->table[c->id & t->mask];

	while (*at != c)
		at = &(*at)->chain;
	*at = c->chain;
	t->count--;
	t->in[row_of(c->on)][c->state]--;
}

struct conn *
conn_find(struct front *f, uint64_t id)
{
	struct conn *c = f->conns->table[id & f->conns->mask];

	while (c != NULL && c->id != id)
		c = c->chain;
	return c;
}

int
conn_new(struct front *f, enum conn_on on, int fd, struct address *from)
{
	struct conn *c = mem_zalloc(sizeof *c);
	struct event_base *base = loop_base(f->loop);

	if (c == NULL) {
		(void)close(fd);
		return ERR_NOMEM;
	}
	c->f = f;
	c->fd = fd;
	c->on = (uint8_t)on;
	list_init(&c->all);
	list_init(&c->tick);
	list_init(&c->mates);
	list_init(&c->sent.turn);
	c->ssl = tls_accept_new(on == ON_BLIND	   ? f->blind_ctx
				: on == ON_ANSWERS ? f->answers_ctx
						   : f->ctx,
	    fd);
	if (c->ssl == NULL ||
	    event_assign(&c->rd, base, fd, EV_READ | EV_PERSIST, in_tls_event, c) != 0 ||
	    event_assign(&c->wr, base, fd, EV_WRITE | EV_PERSIST, in_tls_event, c) != 0) {
		conn_free(c);
		return ERR_NOMEM;
	}
	c->from = from;
	address_enter(from);
	enter(f->conns, c);
	conn_set_state(c, CONN_HANDSHAKE);
	conn_deadline(c, HANDSHAKE_MS);
	conn_want(c, 1, 0);
	return 0;
}

void
conn_set_state(struct conn *c, enum conn_state s)
{
	unsigned *in = c->f->conns->in[row_of(c->on)];

	in[c->state]--;
	in[s]++;
	c->state = (uint8_t)s;
}

void
conn_deadline(struct conn *c, int64_t ms)
{
	struct conns *t = c->f->conns;
	int64_t at, now;

	if (ms == 0) {
		c->deadline = 0;
		return;
	}
	now = clock_timer_ms();
	c->deadline = now + ms;
	/* Later than its slot: it comes by and is put back.  So most calls cost nothing.
	 */
	if (c->due != 0 && c->due <= c->deadline)
		return;
	at = c->deadline;
	if (at > t->swept + SLOT_MS * (SLOTS_AHEAD - 1))
		at = t->swept + SLOT_MS * (SLOTS_AHEAD - 1);
	at = (at + SLOT_MS - 1) / SLOT_MS * SLOT_MS;
	if (at <= t->swept)
		at = t->swept + SLOT_MS;
	c->due = at;
	list_add(&t->wheel[at / SLOT_MS % SLOTS_AHEAD], &c->tick);
}

static void
want(struct event *ev, int on)
{
	int is = event_pending(ev, EV_READ | EV_WRITE, NULL) != 0;

	if (on && !is)
		(void)event_add(ev, NULL);
	else if (!on && is)
		(void)event_del(ev);
}

void
conn_want(struct conn *c, int rd, int wr)
{
	want(&c->rd, rd);
	want(&c->wr, wr);
}

void
conn_close(struct conn *c)
{
	struct front *f = c->f;

	if (c->parked)
		return;
	c->parked = 1;
	leave(f->conns, c);
	(void)event_del(&c->rd);
	(void)event_del(&c->wr);
	list_del(&c->tick);
	list_add(&f->conns->parked, &c->all);
	stream_end(c);
	sent_end(c);
	http_drop(c);
	who_leave(c);
	address_leave(c->from);
	c->from = NULL;
	if (!c->peer_done)
		tls_bye(c->ssl);
	/* The descriptor stays open until then: whoever still holds c up the stack must
	 * not write into the next connection's. */
	loop_task_poke(f->conns->reap);
}

void
conn_finish(struct conn *c)
{
	if (c->parked || c->state == CONN_CLOSING)
		return;
	if (c->peer_done) {
		conn_close(c);
		return;
	}
	tls_bye(c->ssl);
	c->peer_done = 1; /* as for conn_close: our goodbye is said */
	(void)shutdown(c->fd, SHUT_WR);
	stream_end(c);
	http_drop(c);
	conn_set_state(c, CONN_CLOSING);
	conn_deadline(c, LINGER_MS);
	conn_want(c, 1, 0);
}
