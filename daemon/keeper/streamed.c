/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/streamed.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/store_reach.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/msg_reach.h"

enum {
	BUCKETS = 16384,
	AS_BUCKETS = 1024,
	RANGES_MAX = 256, /* of one receiver in one way: then the oldest are forgotten */
	WHO_MAX = 200000,
	FLUSH_MS = 2000,
	MORE_MS = 5,
	A_FLUSH = 512,
	WAITING = 64, /* answers to be given after the flush */
	AS_BYTES = 512,
	MINUTE_MS = 60000,
};

/* A way of looking: rights, wishes and query that many receivers share. */
struct as {
	struct as *chain, *next; /* of its bucket; of all */
	int64_t id;
	int stored;
	uint64_t hash;
	size_t n;
	char bytes[AS_BYTES];
	struct keeper_streamed how;
};

/* What one receiver was sent in one way. */
struct who {
	struct who *chain, *next_dirty;
	uint8_t receiver[RECEIVER_LEN];
	struct as *as;
	struct ranges rows;
	int dirty;
	uint64_t lo, hi; /* what begins there is not as it is stored */
};

struct streamed {
	struct keeper *k;
	struct who *who[BUCKETS];
	struct as *as[AS_BUCKETS], *all_as;
	int64_t last_as;
	size_t count;
	int full_said;
	struct who *dirty, **last_dirty;
	/* Where the rows of the newest minute with rows begin, and of the one before. */
	struct {
		int64_t minute;
		uint64_t first;
	} newest, before;
	struct loop_timer *timer;
	int armed;
	struct {
		uint64_t front, call;
	} wait[WAITING];
	size_t waiting;
};

static void on_timer(void *arg);

static uint64_t
hash_of(const char *p, size_t n)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 1099511628211u;
	return h;
}

/* Receiver ids are hashes already. */
static struct who **
bucket_of(const struct streamed *s, const uint8_t *receiver)
{
	size_t at = ((size_t)receiver[0] << 8 | receiver[1]) * 31 + receiver[2];

	return (struct who **)(uintptr_t)&s->who[at % BUCKETS];
}

static struct as *
as_add(
    struct streamed *s, int64_t id, struct slice bytes, const struct keeper_streamed *m)
{
	struct as *a = mem_zalloc(sizeof *a), **b;

	if (a == NULL)
		return NULL;
	a->id = id;
	a->n = bytes.n;
	memcpy(a->bytes, bytes.p, bytes.n);
	a->hash = hash_of(a->bytes, a->n);
	a->how = *m;
	a->next = s->all_as;
	s->all_as = a;
	b = &s->as[a->hash % AS_BUCKETS];
	a->chain = *b;
	*b = a;
	if (id > s->last_as)
		s->last_as = id;
	return a;
}

/* The way of this element; made when it is new.  NULL: no memory. */
static struct as *
as_get(struct streamed *s, const struct keeper_streamed *m)
{
	char room[AS_BYTES];
	struct as *a = NULL;
	uint64_t hash;
	struct buf b;

	buf_init(&b, sizeof room);
	keeper_streamed_as(&b, m);
	if (buf_err(&b) == 0) {
		hash = hash_of(b.p, b.n);
		for (a = s->as[hash % AS_BUCKETS]; a != NULL; a = a->chain)
			if (a->n == b.n && memcmp(a->bytes, b.p, b.n) == 0)
				break;
		if (a == NULL)
			a = as_add(s, s->last_as + 1, buf_slice(&b), m);
	}
	buf_done(&b);
	return a;
}

static struct who *
who_get(struct streamed *s, const uint8_t *receiver, struct as *as)
{
	struct who **b = bucket_of(s, receiver), *w;

	for (w = *b; w != NULL; w = w->chain)
		if (w->as == as && memcmp(w->receiver, receiver, RECEIVER_LEN) == 0)
			return w;
	if (s->count >= WHO_MAX) {
		if (!s->full_said)
			log_warn("streamed: too many receivers; no more are noted");
		s->full_said = 1;
		return NULL;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL)
		return NULL;
	memcpy(w->receiver, receiver, RECEIVER_LEN);
	w->as = as;
	w->chain = *b;
	*b = w;
	s->count++;
	return w;
}

static int
load_as(void *arg, int64_t id, struct slice bytes)
{
	struct streamed *s = arg;
	struct keeper_streamed m;
	struct as *a;

	/* Of a version with other rights: nobody can say what those would have shown. */
	if (bytes.n > AS_BYTES || keeper_streamed_as_get(bytes.p, bytes.n, &m) != 0) {
		if (id > s->last_as)
			s->last_as = id;
		return 0;
	}
	a = as_add(s, id, bytes, &m);
	if (a == NULL)
		return ERR_NOMEM;
	a->stored = 1;
	return 0;
}

static int
load_range(void *arg, const uint8_t *receiver, int64_t id, struct range r)
{
	struct streamed *s = arg;
	struct as *a;
	struct range changed;
	struct who *w;
	int rc;

	for (a = s->all_as; a != NULL && a->id != id; a = a->next)
		continue;
	w = a != NULL ? who_get(s, receiver, a) : NULL;
	rc = w != NULL ? ranges_add(&w->rows, &r, UINT64_MAX, RANGES_MAX, &changed) : 0;
	return rc == ERR_NOMEM ? rc : 0;
}

struct streamed *
streamed_new(struct keeper *k)
{
	struct store_streamed_reader to = { load_as, load_range, NULL };
	struct streamed *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return NULL;
	s->k = k;
	s->last_dirty = &s->dirty;
	to.arg = s;
	s->timer = loop_timer_new(k->loop, on_timer, s);
	if (s->timer == NULL || store_streamed_load(k->store, &to) != 0) {
		streamed_free(s);
		return NULL;
	}
	return s;
}

void
streamed_free(struct streamed *s)
{
	struct who *w;
	struct as *a;
	size_t i;

	if (s == NULL)
		return;
	loop_timer_free(s->timer);
	for (i = 0; i < BUCKETS; i++) {
		while ((w = s->who[i]) != NULL) {
			s->who[i] = w->chain;
			ranges_done(&w->rows);
			mem_free(w);
		}
	}
	while ((a = s->all_as) != NULL) {
		s->all_as = a->next;
		mem_free(a);
	}
	mem_free(s);
}

static void
arm(struct streamed *s, int ms)
{
	if (s->armed)
		return;
	s->armed = 1;
	loop_timer_set(s->timer, ms, 0);
}

void
streamed_published(struct streamed *s, uint64_t first)
{
	int64_t minute = s->k->now_ms() / MINUTE_MS;

	if (minute == s->newest.minute)
		return;
	s->before = s->newest;
	s->newest.minute = minute;
	s->newest.first = first;
}

/* The rows from here on are new: who has them has them at about their own minute. */
static uint64_t
fresh(const struct streamed *s, int64_t minute)
{
	if (s->before.first > 0 && minute - s->before.minute <= 1)
		return s->before.first;
	return s->newest.first > 0 && minute - s->newest.minute <= 1 ? s->newest.first
								     : UINT64_MAX;
}

static int
add(struct streamed *s, const struct keeper_streamed *m)
{
	struct as *a = as_get(s, m);
	struct who *w = a != NULL ? who_get(s, m->rights.receiver, a) : NULL;
	int64_t minute = s->k->now_ms() / MINUTE_MS;
	struct range x = { m->first, m->last, (uint32_t)minute }, changed;
	int rc;

	if (w == NULL)
		return ERR_NOMEM;
	rc = ranges_add(&w->rows, &x, fresh(s, minute), RANGES_MAX, &changed);
	if (rc != 0 || changed.first > changed.last)
		return rc;
	if (!w->dirty) {
		w->dirty = 1;
		w->lo = UINT64_MAX;
		w->hi = 0;
		w->next_dirty = NULL;
		*s->last_dirty = w;
		s->last_dirty = &w->next_dirty;
	}
	if (changed.first < w->lo)
		w->lo = changed.first;
	if (changed.last > w->hi)
		w->hi = changed.last;
	return 0;
}

int
streamed_take(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct streamed *s = k->streamed;
	struct keeper_streamed m;
	struct store_info info;
	struct wire w;
	uint32_t epoch;
	uint16_t n, i;

	wire_init(&w, fr->p, fr->n);
	epoch = wire_u32(&w);
	n = wire_u16(&w);
	if (w.err != 0 || n > STREAMED_MAX)
		return ERR_PROTO;
	store_info(k->store, &info);
	for (i = 0; i < n; i++) {
		keeper_streamed_get(&w, &m);
		if (w.err != 0)
			return ERR_PROTO;
		/* Rows that this log does not have, or not yet: those of another. */
		if (epoch == info.epoch && m.last <= info.head && add(s, &m) != 0)
			break;
	}
	if (i < n || k->write_stop || k->failing || s->waiting == WAITING) {
		keeper_refuse(k, f, fr->type, fr->call, P_UNAVAILABLE);
		return 0;
	}
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	s->wait[s->waiting].front = f->id;
	s->wait[s->waiting++].call = fr->call;
	arm(s, s->dirty != NULL ? FLUSH_MS : MORE_MS);
	return 0;
}

/* Some of what has changed; nothing is marked as written before COMMIT. */
static int
write_some(struct keeper *k, void *arg)
{
	struct streamed *s = arg;
	const struct range *v;
	struct who *w;
	size_t from, to;
	unsigned n;
	int rc = 0;

	for (w = s->dirty, n = 0; rc == 0 && w != NULL && n < A_FLUSH;
	     w = w->next_dirty, n++) {
		if (!w->as->stored)
			rc = store_streamed_as_put(k->store, w->as->id,
			    (struct slice){ w->as->bytes, w->as->n });
		v = w->rows.v;
		for (from = 0; from < w->rows.n && v[from].first < w->lo; from++)
			continue;
		for (to = from; to < w->rows.n && v[to].first <= w->hi; to++)
			continue;
		if (rc == 0)
			rc = store_streamed_put(k->store, w->receiver, w->as->id,
			    v + from, to - from, w->lo, w->hi);
	}
	return rc;
}

/* 0: what waited first is written. */
static int
flush_some(struct streamed *s)
{
	struct who *w;
	unsigned n;
	int rc;

	rc = batch_transact(s->k->batch, write_some, s);
	if (rc != 0)
		return rc;
	for (n = 0; (w = s->dirty) != NULL && n < A_FLUSH; n++) {
		w->as->stored = 1;
		w->dirty = 0;
		s->dirty = w->next_dirty;
	}
	if (s->dirty == NULL)
		s->last_dirty = &s->dirty;
	return 0;
}

static void
answer_all(struct streamed *s)
{
	struct keeper_reply r;
	size_t i;

	memset(&r, 0, sizeof r);
	for (i = 0; i < s->waiting; i++)
		keeper_answer(s->k, keeper_front(s->k, s->wait[i].front), KM_STREAMED,
		    s->wait[i].call, &r);
	s->waiting = 0;
}

static void
on_timer(void *arg)
{
	struct streamed *s = arg;
	int rc = s->dirty != NULL ? flush_some(s) : 0;

	s->armed = 0;
	if (rc != 0 && (s->k->failing || s->k->write_stop))
		return;
	if (rc != 0)
		arm(s, FLUSH_MS); /* a full disk, perhaps: memory has it */
	else if (s->dirty != NULL)
		arm(s, MORE_MS);
	else
		answer_all(s);
}

void
streamed_flush(struct streamed *s)
{
	while (s->dirty != NULL)
		if (flush_some(s) != 0)
			return;
	answer_all(s);
}

static int
shows(const struct frame_head *h, const uint8_t *receiver,
    const struct keeper_streamed *how)
{
	struct rights r = how->rights;
	enum frame_view v;

	memcpy(r.receiver, receiver, RECEIVER_LEN);
	v = frame_view(h, &r, &how->wants, &how->query);
	return v == VIEW_BODY || (v == VIEW_STUB && h->stub_len > 0);
}

int
streamed_has(const struct streamed *s, const uint8_t *receiver,
    const struct frame_head *h, int64_t *ret_minute)
{
	const struct range *r;
	const struct who *w;
	int64_t at, first = INT64_MAX;

	for (w = *bucket_of(s, receiver); w != NULL; w = w->chain) {
		if (memcmp(w->receiver, receiver, RECEIVER_LEN) != 0)
			continue;
		r = ranges_get(&w->rows, h->seq);
		if (r == NULL || !shows(h, receiver, &w->as->how))
			continue;
		at = r->mark > h->minute ? r->mark : h->minute;
		if (r->mark == 0)
			at = 0;
		if (first == INT64_MAX || first == 0 || (at > 0 && at < first))
			first = at;
	}
	*ret_minute = first == INT64_MAX ? 0 : first;
	return first != INT64_MAX;
}
