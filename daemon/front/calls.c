/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/calls.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/front/front.h"
#include "lib/clock.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/mem.h"

enum { PATIENCE_MS = 10000 };

struct call {
	struct list bucket, by_age;
	uint64_t id, owner;
	int64_t expires;
	enum call_peer peer;
	call_fn *fn;
	uint8_t kept, has_note, note[CALL_NOTE];
};

void
front_random(struct front *f, void *out, size_t n)
{
	struct calls *t = &f->calls;

	if (n > t->pool_left) {
		if (n > sizeof t->pool || RAND_bytes(t->pool, sizeof t->pool) != 1) {
			log_error("no random numbers: stopping");
			abort();
		}
		t->pool_left = sizeof t->pool;
	}
	t->pool_left -= n;
	memcpy(out, t->pool + t->pool_left, n);
	mem_wipe(t->pool + t->pool_left, n);
}

static struct list *
bucket_of(struct front *f, uint64_t id)
{
	return &f->calls.bucket[id % CALL_BUCKETS];
}

static struct call *
find(struct front *f, uint64_t id)
{
	struct list *b = bucket_of(f, id), *l;
	struct call *c;

	for (l = b->next; l != b; l = l->next) {
		c = list_of(l, struct call, bucket);
		if (c->id == id)
			return c;
	}
	return NULL;
}

static void
forget(struct front *f, struct call *c)
{
	list_del(&c->bucket);
	list_del(&c->by_age);
	f->calls.count--;
	mem_free(c);
}

void
calls_init(struct front *f)
{
	size_t i;

	for (i = 0; i < CALL_BUCKETS; i++)
		list_init(&f->calls.bucket[i]);
	list_init(&f->calls.by_age);
}

void
calls_done(struct front *f)
{
	struct list *l = &f->calls.by_age;

	while (!list_empty(l))
		forget(f, list_of(l->next, struct call, by_age));
	mem_wipe(f->calls.pool, sizeof f->calls.pool);
}

int
call_start(struct front *f, enum call_peer peer, uint16_t type, const struct buf *payload,
    uint64_t owner, call_fn *fn, uint64_t *ret_id)
{
	struct link *l = peer == CALL_VAULT ? f->vault : f->keeper;
	struct call *c;
	int rc;

	if (l == NULL)
		return ERR_DOWN;
	if (buf_err(payload) != 0)
		return buf_err(payload);
	if (f->calls.count >= (unsigned)f->opt.calls_at_once) {
		f->stats.calls_refused++;
		return ERR_AGAIN;
	}
	c = mem_zalloc(sizeof *c);
	if (c == NULL)
		return ERR_NOMEM;
	do {
		front_random(f, &c->id, sizeof c->id);
	} while (c->id == 0 || find(f, c->id) != NULL);
	rc = link_send(l, type, 0, c->id, payload->p, payload->n);
	if (rc != 0) {
		mem_free(c);
		return rc;
	}
	c->owner = owner;
	c->peer = peer;
	c->fn = fn;
	c->expires = clock_mono_ms() + PATIENCE_MS;
	list_init(&c->bucket);
	list_init(&c->by_age);
	list_add(bucket_of(f, c->id), &c->bucket);
	list_add(&f->calls.by_age, &c->by_age);
	f->calls.count++;
	if (ret_id != NULL)
		*ret_id = c->id;
	return 0;
}

void
call_cancel(struct front *f, uint64_t id)
{
	struct call *c = id != 0 ? find(f, id) : NULL;

	if (c != NULL && c->kept)
		c->owner = 0;
	else if (c != NULL)
		forget(f, c);
}

void
call_keep(struct front *f, uint64_t id, const uint8_t *note)
{
	struct call *c = find(f, id);

	if (c == NULL)
		return;
	c->kept = 1;
	c->has_note = note != NULL;
	if (note != NULL)
		memcpy(c->note, note, sizeof c->note);
}

static void
finish(struct front *f, struct call *c, const struct answer *a)
{
	struct answer own = *a;
	call_fn *fn = c->fn;
	uint64_t owner = c->owner;
	uint8_t note[CALL_NOTE];

	own.id = c->id;
	memcpy(note, c->note, sizeof note);
	own.note = c->has_note ? note : NULL;
	forget(f, c); /* first: fn may start the next call, or end the owner */
	fn(f, owner, &own);
}

void
call_answer(struct front *f, const struct link_frame *frame)
{
	struct call *c = find(f, frame->call);
	struct answer a = {
		.type = frame->type, .status = frame->status, .p = frame->p, .n = frame->n
	};

	if (c == NULL) {
		f->stats.unknown_answers++;
		return;
	}
	finish(f, c, &a);
}

void
calls_fail(struct front *f, enum call_peer peer)
{
	struct answer a = { .err = ERR_DOWN };
	struct list mine, *l, *next;
	struct call *c;

	/* Set aside first: what they start anew must not be failed with them. */
	list_init(&mine);
	for (l = f->calls.by_age.next; l != &f->calls.by_age; l = next) {
		next = l->next;
		if (list_of(l, struct call, by_age)->peer == peer)
			list_add(&mine, l);
	}
	while (!list_empty(&mine)) {
		c = list_of(mine.next, struct call, by_age);
		finish(f, c, &a);
	}
}

void
calls_sweep(struct front *f, int64_t now)
{
	struct answer a = { .err = ERR_AGAIN };
	struct list *l = &f->calls.by_age;
	struct call *c;

	while (!list_empty(l)) {
		c = list_of(l->next, struct call, by_age);
		if (c->expires > now)
			return;
		f->stats.call_timeouts++;
		finish(f, c, &a);
	}
}
