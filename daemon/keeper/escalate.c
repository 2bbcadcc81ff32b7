/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/escalate.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/escalate_due.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/reach.h"
#include "daemon/keeper/steady.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "proto/draft.h"
#include "proto/json.h"

enum {
	STEP_MS = 5, /* between steps: the sockets have their turn */
	TICK_MS = 1000,
	EARLIER = 8, /* revisions whose acknowledgements are looked for */
	OPEN_MOST = 32,
	HOURS_COUNT = 256,
};

struct escalate {
	struct keeper *k;
	struct loop_timer *tick, *step;
};

int64_t
escalate_minute(struct keeper *k)
{
	return steady_minute(k);
}

static void
on_tick(void *arg)
{
	struct escalate *e = arg;
	struct keeper *k = e->k;
	int64_t minute = escalate_minute(k);

	if (k->failing || k->write_stop || k->stopping)
		return;
	if (escalate_step(k, minute) == 0)
		loop_timer_set(e->step, STEP_MS, 0);
}

struct escalate *
escalate_new(struct keeper *k)
{
	struct escalate *e = mem_zalloc(sizeof *e);

	if (e == NULL)
		return NULL;
	e->k = k;
	e->tick = loop_timer_new(k->loop, on_tick, e);
	e->step = loop_timer_new(k->loop, on_tick, e);
	if (e->tick == NULL || e->step == NULL) {
		escalate_free(e);
		return NULL;
	}
	loop_timer_set(e->tick, TICK_MS, 1);
	return e;
}

void
escalate_free(struct escalate *e)
{
	if (e == NULL)
		return;
	loop_timer_free(e->tick);
	loop_timer_free(e->step);
	mem_free(e);
}

/* The row's own deadline in minutes; 0: it asks for none, or says what the rules say, to
 * each by its hours. */
static int64_t
own_deadline(struct keeper *k, const struct frame_head *h, struct slice body)
{
	static const struct json_caps caps = { FRAME_BODY_MAX, 32, 50000,
		FRAME_BODY_MAX };
	const json_t *ack;
	json_t *j = NULL;
	struct fault why;
	int64_t at = 0;

	if ((h->flags & FRAME_ACK) == 0 || json_read(body, &caps, &j, &why) != 0)
		return 0;
	ack = json_object_get(j, "ack");
	if (json_is_true(json_object_get(ack, "required")))
		at = draft_minute(json_object_get(ack, "deadline"));
	json_decref(j);
	if (h->severity >= ESCALATION_LEVEL &&
	    at == mode_default(k, h->minute, h->severity))
		at = 0;
	return at;
}

/* By whose hours those go who are entitled, and which desks they belong to; with
 * `before`: of those only who were not so far. */
struct present {
	struct keeper *k;
	const struct frame_head *h, *before;
	uint8_t hours[HOURS_COUNT];
};

static void
note_one(void *arg, const struct vault_dir_row *row)
{
	struct present *p = arg;
	const struct rights *r = &row->rights;
	struct slots places;
	unsigned slot;

	if (!reach_is_entitled(p->h, row) ||
	    (p->before != NULL && reach_is_entitled(p->before, row)))
		return;
	p->hours[escalate_hours_of(p->k->tax, row)] = 1;
	rights_places(&r->op, &r->sec, &r->aff, r->roles, &places);
	for (slot = 0; slot < COMMUNITY_FIRST; slot++)
		p->hours[slot] |= (uint8_t)slots_has(&places, slot);
}

static void
note_all(struct present *p)
{
	unsigned slot;

	directory_each(p->k->dir, note_one, p);
	if (directory_count(p->k->dir) > 0 || p->before != NULL)
		return;
	/* Who is entitled is known later: whoever it is then. */
	p->hours[HOURS_ALWAYS] = p->hours[HOURS_OFFICE] = 1;
	for (slot = 0; slot < COMMUNITY_FIRST; slot++)
		p->hours[slot] = taxonomy_slug(p->k->tax, slot) != NULL;
}

/* The same hours may be followed up already, for those who were asked before: who comes
 * in time for their second route joins them, else it begins anew.  The centre has its
 * last figures when the last time is over. */
static int
step_put(struct keeper *k, struct store_step *v)
{
	struct store_step old;
	int rc = store_step_get(k->store, v->bulletin, v->hours, &old);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? store_step_put(k->store, v) : rc;
	if (v->hours == HOURS_CENTRE) {
		if (v->deadline > old.deadline)
			old.deadline = v->deadline;
		if (old.stage == ESC_LAST)
			old.due = old.deadline;
		*v = old;
	} else if (old.stage == ESC_SECOND_ROUTE) {
		return 0;
	}
	return store_step_put(k->store, v);
}

static int
step_of(struct keeper *k, const struct store_escalation *e, unsigned hours,
    const struct escalate_due *due)
{
	struct store_step v;

	memset(&v, 0, sizeof v);
	memcpy(v.bulletin, e->bulletin, ID_LEN);
	v.hours = (uint8_t)hours;
	v.stage = ESC_SECOND_ROUTE;
	v.due = due->second_route;
	v.second = due->second_contact;
	v.deadline = due->deadline;
	if (hours == HOURS_CENTRE) {
		v.stage = ESC_LIST;
		v.due = due->second_route;  /* the first deadline of all */
		v.deadline = due->deadline; /* and the last */
	}
	return step_put(k, &v);
}

/* Every step of a bulletin that begins to be followed up; *ret_n: how many. */
static int
steps(struct keeper *k, const struct store_escalation *e, int64_t own,
    const struct present *p, unsigned *ret_n)
{
	struct escalation_rules rules;
	struct escalate_ask ask = { &rules, NULL, taxonomy_holiday_list(k->tax), e->level,
		own, e->minute };
	struct escalate_due due, all = { INT64_MAX, 0, 0 };
	int64_t off = steady_off(k);
	unsigned hours;
	int rc = 0;

	ask.now +=
	    off; /* what was said, and whose hours it is, by the clock on the wall */
	*ret_n = 0;
	mode_rules(k, &rules);
	for (hours = 0; rc == 0 && hours < HOURS_CENTRE; hours++) {
		if (!p->hours[hours])
			continue;
		ask.hours = escalate_hours(k->tax, hours);
		if (!escalate_due(&ask, &due))
			continue;
		due.second_route -= off;
		due.second_contact -= off;
		due.deadline -= off;
		rc = step_of(k, e, hours, &due);
		if (due.deadline < all.second_route)
			all.second_route = due.deadline;
		if (due.deadline > all.deadline)
			all.deadline = due.deadline;
		(*ret_n)++;
	}
	return rc == 0 && *ret_n > 0 ? step_of(k, e, HOURS_CENTRE, &all) : rc;
}

static int
begin(struct keeper *k, const struct frame_head *h, struct slice body)
{
	struct present p = { .k = k, .h = h };
	struct store_escalation e;
	unsigned n = 0;
	int rc;

	memset(&e, 0, sizeof e);
	memcpy(e.bulletin, h->id, ID_LEN);
	e.revision = e.floor = h->revision;
	e.level = h->severity;
	e.minute = escalate_minute(k);
	note_all(&p);
	rc = steps(k, &e, own_deadline(k, h, body), &p, &n);
	return rc == 0 && n > 0 ? store_escalation_put(k->store, &e) : rc;
}

/* Is it a word that the hub adds by itself, or the reporter?  It asks nobody anew. */
static int
adds_only(const struct frame_head *h)
{
	return h->kind == FRAME_UPDATE && h->body_len > 0 &&
	       (h->flags & (FRAME_DESK | FRAME_ACK | FRAME_RELAY)) == 0;
}

/* Who has acknowledged has, and the time of the others runs on; whoever may read it only
 * by now is asked from now on. */
static int
go_on(struct keeper *k, const struct frame_head *h, struct store_escalation *e)
{
	struct present p = { .k = k, .h = h };
	struct store_bulletin was;
	unsigned n;
	int rc;

	e->revision = h->revision;
	rc = store_escalation_put(k->store, e);
	if (rc == 0)
		rc = store_bulletin_get(k->store, h->id, &was);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	p.before = &was.head;
	note_all(&p);
	e->minute = escalate_minute(k);
	return steps(k, e, 0, &p, &n);
}

int
escalate_follow(
    struct keeper *k, const struct frame_head *original, const struct store_relay *r)
{
	struct store_escalation e;
	struct store_bulletin b;
	int rc = store_escalation_get(k->store, r->bulletin, &e);

	if (rc == 0)
		rc = store_bulletin_get(k->store, r->bulletin, &b);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (!adds_only(original) || original->severity > e.level)
		return 0;
	e.revision = (uint16_t)(b.revision + 1);
	return store_escalation_put(k->store, &e);
}

/* There is nothing to be acknowledged any more, or nobody who may read it. */
static int
is_over(const struct frame_head *h)
{
	const unsigned beyond = (h->flags & FRAME_RELAY) != 0 ? 0 : FRAME_AUDIENCE;

	return h->kind == FRAME_CANCEL || h->body_len == 0 ||
	       (h->flags & FRAME_EXERCISE) != 0 ||
	       (slots_empty(&h->slots) && (h->flags & beyond) == 0);
}

int
escalate_row(struct keeper *k, const struct frame_head *h, struct slice body)
{
	struct store_escalation e;
	int rc;

	if (h->kind != FRAME_BULLETIN && h->kind != FRAME_UPDATE &&
	    h->kind != FRAME_CANCEL)
		return 0;
	rc = store_escalation_get(k->store, h->id, &e);
	if (rc == 0) {
		if (e.revision == h->revision && !is_over(h))
			return 0; /* it follows what only adds to its original */
		if (adds_only(h) && !is_over(h) && h->severity <= e.level)
			return go_on(k, h, &e);
		rc = store_escalation_del(k->store, h->id);
	}
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	return is_over(h) ? 0 : begin(k, h, body);
}

static int
stop_one(struct keeper *k, struct store_delivery *d)
{
	struct lane *lane;

	if (d->state == DELIVERY_LEASED) {
		lane = lanes_get(outbox_lanes(k->outbox), d->key.receiver, d->key.route);
		if (lane == NULL)
			return ERR_NOMEM;
		if (lane->leased > 0)
			lane->leased--;
		outbox_call_off(k, &d->key);
	}
	return outbox_drop(k, d, "acknowledged");
}

int
escalate_acked(
    struct keeper *k, const uint8_t *bulletin, uint16_t revision, const uint8_t *receiver)
{
	struct store_delivery v[OPEN_MOST];
	struct store_escalation e;
	unsigned i, n, to = revision, from;
	int rc = store_escalation_get(k->store, bulletin, &e);

	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	if (rc == 0 && revision >= e.floor && e.revision > to)
		to = e.revision;
	from = to > EARLIER ? to - EARLIER : 1;
	for (; from <= to; from++) {
		rc = store_delivery_open(
		    k->store, bulletin, (uint16_t)from, receiver, OPEN_MOST, v, &n);
		for (i = 0; rc == 0 && i < n; i++)
			rc = stop_one(k, &v[i]);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int
escalate_said(struct keeper *k, const uint8_t *bulletin, unsigned floor,
    unsigned revision, const uint8_t *receiver)
{
	unsigned r = revision;
	int rc = 0;

	for (; rc == 0 && r >= floor && r + EARLIER > revision; r--)
		rc = store_ack_has(k->store, bulletin, (uint16_t)r, receiver);
	return rc;
}

int
escalate_has_said(struct keeper *k, const struct frame_head *h, const uint8_t *receiver)
{
	struct store_escalation e;
	unsigned floor = h->revision;
	int rc = store_escalation_get(k->store, h->id, &e);

	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	if (rc == 0 && e.floor < floor)
		floor = e.floor;
	return escalate_said(k, h->id, floor, h->revision, receiver);
}

int
escalate_wants(struct keeper *k, const struct store_delivery *d)
{
	struct store_escalation e;
	int rc;

	if (d->stage == BROUGHT_RELEASE)
		return 1;
	rc = store_escalation_get(k->store, d->key.bulletin, &e);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	return e.revision == d->key.revision;
}
