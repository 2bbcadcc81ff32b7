/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/settle.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/vault/distinct.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/vault.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"

/* One SEAL that is not settled.  Places are numbered from 1; 0 ends a list. */
struct place {
	unsigned char ticket[TICKET_LEN]; /* its number, then random bytes */
	const struct link *link;	  /* NULL: free */
	char member[VAULT_ID_MAX];
	int64_t opened;
	int took; /* an automatic release, at `opened` */
	uint64_t sectors;
	uint8_t topics[TOPICS_MAX][TOPIC_LEN];
	unsigned topic_count;
	uint32_t older, newer; /* of a free one, newer is the next */
};

struct settle {
	struct vault *v;
	struct place *places; /* [1..SETTLE_MOST], touched as they are needed */
	uint32_t used, free, oldest, newest;
	struct loop_timer *timer;
};

/* Armed while anything is open, for the time of the oldest. */
static void
arm(struct settle *s, int64_t now_ms)
{
	int64_t left;

	if (s->oldest == 0)
		return;
	left = s->places[s->oldest].opened + SETTLE_MS - now_ms;
	loop_timer_set(s->timer, left > 0 ? left + 1 : 1, 0);
}

static void
on_timer(void *arg)
{
	struct settle *s = arg;
	int64_t now = clock_timer_ms();

	settle_sweep(s, now);
	arm(s, now);
}

int
settle_new(struct settle **ret, struct vault *v)
{
	struct settle *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return ERR_NOMEM;
	s->v = v;
	s->places = mem_calloc(SETTLE_MOST + 1, sizeof *s->places);
	s->timer = loop_timer_new(v->loop, on_timer, s);
	if (s->places == NULL || s->timer == NULL) {
		settle_free(s);
		return ERR_NOMEM;
	}
	*ret = s;
	return 0;
}

void
settle_free(struct settle *s)
{
	if (s == NULL)
		return;
	loop_timer_free(s->timer);
	mem_wipe_free(s->places, ((size_t)s->used + 1) * sizeof *s->places);
	mem_free(s);
}

/* The place is free again; what it held is in the counts, or out of them. */
static void
end(struct settle *s, uint32_t i, int stored, int released)
{
	struct place *p = &s->places[i];
	struct reg_member *m = registry_member(s->v->reg, p->member);

	if (p->took && !released && m != NULL)
		registry_auto_back(m, p->opened);
	distinct_settle(s->v->distinct, p->member, p->sectors, p->topics, p->topic_count,
	    clock_timer_ms(), stored);
	*(p->older != 0 ? &s->places[p->older].newer : &s->oldest) = p->newer;
	*(p->newer != 0 ? &s->places[p->newer].older : &s->newest) = p->older;
	mem_wipe(p, sizeof *p);
	p->newer = s->free;
	s->free = i;
}

/* A free place and its ticket; 0 without random numbers. */
static uint32_t
take(struct settle *s, const struct link *l)
{
	struct place *p;
	uint32_t i;

	if (s->free == 0 && s->used == SETTLE_MOST)
		end(s, s->oldest, 0, 0);
	i = s->free != 0 ? s->free : s->used + 1;
	p = &s->places[i];
	if (RAND_bytes(p->ticket, sizeof p->ticket) != 1)
		return 0;
	if (s->free != 0)
		s->free = p->newer;
	else
		s->used++;
	memcpy(p->ticket, &i, sizeof i);
	p->link = l;
	p->newer = 0;
	p->older = s->newest;
	*(s->newest != 0 ? &s->places[s->newest].newer : &s->oldest) = i;
	s->newest = i;
	return i;
}

void
settle_open(
    struct settle *s, const struct link *l, struct vault_order *o, struct vault_seal *ret)
{
	unsigned cap = (unsigned)s->v->opt.auto_releases, whole;
	struct reg_member *m = NULL;
	int64_t now = clock_timer_ms();
	struct place *p;
	uint32_t i;

	settle_sweep(s, now);
	if (registry_check(s->v->reg, o->spki, clock_wall_ms() / 1000, &m) != VS_OK)
		return;
	i = take(s, l);
	if (i == 0)
		return;
	p = &s->places[i];
	(void)snprintf(p->member, sizeof p->member, "%s", m->m.id);
	p->opened = now;
	memcpy(ret->ticket, p->ticket, TICKET_LEN);
	ret->auto_ok = (uint8_t)registry_auto(m, cap, now, o->wants_auto);
	p->took = o->wants_auto && ret->auto_ok && cap != 0;
	if (s->oldest == i)
		arm(s, now);
	if (o->topic_count == 0)
		return;
	p->sectors = registry_sectors(s->v->reg, m);
	whole = distinct_count(s->v->distinct, m->m.id, p->sectors, o->topics,
	    o->topic_count, now, ret->topics);
	ret->since = (uint32_t)(clock_wall_minute() - (int64_t)whole);
	if (ret->topics[0].members == 0) /* the count failed, and is undone */
		return;
	memcpy(p->topics, o->topics, sizeof p->topics);
	p->topic_count = o->topic_count;
}

void
settle_close(struct settle *s, const struct link *l, const struct vault_settle *m)
{
	uint32_t i;

	memcpy(&i, m->ticket, sizeof i);
	if (i == 0 || i > s->used || s->places[i].link != l ||
	    !mem_equal_ct(s->places[i].ticket, m->ticket, TICKET_LEN))
		return;
	end(s, i, m->stored, m->released);
}

void
settle_forget(struct settle *s, const struct link *l)
{
	uint32_t i = s->oldest, next;

	for (; i != 0; i = next) {
		next = s->places[i].newer;
		if (s->places[i].link == l)
			end(s, i, 0, 0);
	}
}

void
settle_sweep(struct settle *s, int64_t now_ms)
{
	while (s->oldest != 0 && now_ms - s->places[s->oldest].opened >= SETTLE_MS)
		end(s, s->oldest, 0, 0);
}

int
settle_auto_ok(struct settle *s, const char *member)
{
	struct reg_member *m = registry_member(s->v->reg, member);
	int64_t now = clock_timer_ms();

	settle_sweep(s, now);
	return m != NULL && registry_auto(m, (unsigned)s->v->opt.auto_releases, now, 0);
}
