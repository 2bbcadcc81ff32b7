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
	STEP_LOOKS = 2000, /* receivers looked at in one step */
	STEP_MADE = 200,   /* deliveries made in one, or a few more */
	EARLIER = 8,	   /* revisions whose acknowledgements are looked for */
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

/* Has it said anything of these revisions? */
static int
has_said(struct keeper *k, const uint8_t *bulletin, unsigned floor, unsigned revision,
    const uint8_t *receiver)
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
	return has_said(k, h->id, floor, h->revision, receiver);
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

/* What follows one receiver's silence. */
struct pick {
	uint8_t receiver[RECEIVER_LEN], route, contact;
};

/* One step. */
struct stepping {
	struct keeper *k;
	int64_t minute;
	struct store_step v;
	struct store_escalation e;
	struct store_bulletin b;
	struct frame_head h;
	struct pick pick[STEP_MADE + BY_END];
	unsigned looks, made;
	int more; /* receivers are left */
};

static int
of_step(void *arg, const struct vault_dir_row *row)
{
	const struct stepping *s = arg;

	/* Of TLP:RED its desk has one list of all. */
	if (s->v.hours == HOURS_CENTRE || (s->v.stage >= ESC_LIST && s->h.tlp >= TLP_RED))
		return 1;
	if (s->v.stage < ESC_LIST)
		return escalate_hours_of(s->k->tax, row) == s->v.hours;
	return s->v.hours < SLOTS && reach_is_of(row, s->v.hours);
}

/* The state of a route so far; 0: it was not used. */
static unsigned
used(const struct reach_row *r, unsigned route)
{
	unsigned i, state = 0;

	for (i = 0; i < r->routes; i++) {
		if (r->route[i].route != route || state == DELIVERY_SENT)
			continue;
		state = r->route[i].state;
	}
	return state;
}

static void
pick(struct stepping *s, const struct reach_row *r, unsigned route, unsigned contact)
{
	struct pick *p = &s->pick[s->made++];

	memcpy(p->receiver, r->who->rights.receiver, RECEIVER_LEN);
	p->route = (uint8_t)route;
	p->contact = (uint8_t)contact;
}

/* May it be used?  Nobody is woken below the levels of the rules. */
static int
has_route(const struct stepping *s, const struct reach_row *r, unsigned route)
{
	if (s->e.level < ESCALATION_LEVEL && (route == BY_SMS || route == BY_VOICE))
		return 0;
	return (r->who->routes & courier_route_bit(route)) != 0;
}

/* What wakes somebody first. */
static const uint8_t loudest[] = { BY_VOICE, BY_SMS, BY_MAIL, BY_WEBHOOK };
enum { LOUDEST = sizeof loudest };

/* A way that was not tried yet; when all were, the loudest of those that work. */
static void
second_route(struct stepping *s, const struct reach_row *r)
{
	static const uint8_t fresh[] = { BY_SMS, BY_VOICE, BY_MAIL, BY_WEBHOOK };
	unsigned i, again = 0, state;

	for (i = 0; i < sizeof fresh; i++)
		if (has_route(s, r, fresh[i]) && used(r, fresh[i]) == 0) {
			pick(s, r, fresh[i], CONTACT_ALL);
			return;
		}
	for (i = 0; i < LOUDEST; i++) {
		state = used(r, loudest[i]);
		if (!has_route(s, r, loudest[i]))
			continue;
		if (again == 0 || used(r, again) == DELIVERY_FAILED ||
		    used(r, again) == DELIVERY_DROPPED)
			again =
			    state == DELIVERY_FAILED && again != 0 ? again : loudest[i];
	}
	if (again != 0)
		pick(s, r, again, CONTACT_FIRST);
}

/* Every page, or the loudest of the others. */
static void
second_contact(struct stepping *s, const struct reach_row *r)
{
	unsigned i, pages = 0;

	for (i = 0; i < LOUDEST; i++) {
		if (!has_route(s, r, loudest[i]))
			continue;
		if (loudest[i] != BY_VOICE && loudest[i] != BY_SMS && pages > 0)
			return;
		pick(s, r, loudest[i], CONTACT_SECOND);
		pages++;
		if (loudest[i] != BY_VOICE && loudest[i] != BY_SMS)
			return;
	}
}

static int
look(struct stepping *s, const struct reach_row *r)
{
	int said = r->state >= REACH_RECEIVED;

	if (!said && s->e.floor < s->e.revision)
		said = has_said(s->k, s->e.bulletin, s->e.floor, s->e.revision,
		    r->who->rights.receiver);
	if (said < 0)
		return said;
	s->v.entitled++;
	s->v.silent += said == 0;
	if (said != 0 || s->v.stage >= ESC_LIST || !outbox_is_wanted(s->k))
		return 0;
	if (s->v.stage == ESC_SECOND_ROUTE)
		second_route(s, r);
	else
		second_contact(s, r);
	return 0;
}

static int
walk(struct stepping *s)
{
	struct reach_walk w;
	struct reach_row r;
	int rc = reach_begin(&w, s->k, &s->h, s->v.after);

	if (rc != 0)
		return rc;
	while ((rc = reach_next(&w, of_step, s, &r)) == 0) {
		rc = look(s, &r);
		if (rc != 0)
			break;
		memcpy(s->v.after, r.who->rights.receiver, RECEIVER_LEN);
		if (++s->looks >= STEP_LOOKS || s->made >= STEP_MADE) {
			s->more = 1;
			break;
		}
	}
	reach_end(&w);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
deliver(struct stepping *s)
{
	struct store_delivery d;
	unsigned i;
	int rc = 0;

	memset(&d, 0, sizeof d);
	memcpy(d.key.bulletin, s->e.bulletin, ID_LEN);
	d.key.revision = s->e.revision;
	d.state = DELIVERY_QUEUED;
	d.stage = s->v.stage;
	d.queued_at = s->minute;
	for (i = 0; rc == 0 && i < s->made; i++) {
		memcpy(d.key.receiver, s->pick[i].receiver, RECEIVER_LEN);
		d.key.route = s->pick[i].route;
		d.key.contact = s->pick[i].contact;
		rc = store_delivery_add(s->k->store, &d);
		if (rc == 0)
			rc = lanes_due(
			    outbox_lanes(s->k->outbox), d.key.receiver, d.key.route, 0);
	}
	return rc;
}

/* Is there a list of this step, or a figure?  What is kept from the government is not
 * the centre's affair, and TLP:RED is its own desk's. */
static int
is_told(const struct frame_head *h, unsigned hours)
{
	if (hours == HOURS_CENTRE)
		return (h->flags & FRAME_NO_GOV) == 0 &&
		       (h->tlp < TLP_RED || (h->flags & FRAME_CENTRE) != 0);
	return hours < SLOTS && (h->tlp < TLP_RED || slots_has(&h->slots, hours));
}

/* Every receiver of this step was looked at: its list, and what comes next. */
static int
done(struct stepping *s)
{
	struct store_step *v = &s->v;
	struct store_silence list;
	int rc = 0;

	if (v->stage >= ESC_LIST && is_told(&s->h, v->hours)) {
		memset(&list, 0, sizeof list);
		memcpy(list.bulletin, v->bulletin, ID_LEN);
		list.desk = v->hours;
		list.revision = s->e.revision;
		list.minute = s->minute;
		list.entitled = v->entitled;
		list.silent = v->silent;
		rc = escalate_list(s->k, &s->b, &list);
	}
	memset(v->after, 0, RECEIVER_LEN);
	v->entitled = v->silent = 0;
	/* After hours of standstill the stronger one alone. */
	if (v->stage == ESC_SECOND_ROUTE) {
		v->stage = ESC_SECOND_CONTACT;
		v->due = v->second;
	} else if (v->stage == ESC_SECOND_CONTACT ||
		   (v->hours == HOURS_CENTRE && v->stage == ESC_LIST &&
		       v->due < v->deadline)) {
		v->stage++;
		v->due = v->deadline;
	} else {
		return rc == 0 ? store_step_del(s->k->store, v->bulletin, v->hours) : rc;
	}
	return rc == 0 ? store_step_put(s->k->store, v) : rc;
}

/* The bulletin and the row that is followed up; ERR_NOTFOUND: it is over. */
static int
load(struct stepping *s)
{
	int rc = store_escalation_get(s->k->store, s->v.bulletin, &s->e);

	if (rc == 0)
		rc = store_bulletin_get(s->k->store, s->v.bulletin, &s->b);
	if (rc == 0 && s->b.state != BULLETIN_STANDS)
		rc = ERR_NOTFOUND;
	return rc == 0 ? reach_head(s->k, &s->b, s->e.revision, &s->h) : rc;
}

static int
take(struct keeper *k, void *arg)
{
	struct stepping *s = arg;
	int rc = store_step_due(k->store, s->minute, &s->v);

	s->looks = s->made = 0; /* it may be called once more */
	s->more = 0;
	if (rc != 0)
		return rc;
	if (s->v.stage == ESC_SECOND_ROUTE && s->v.second <= s->minute) {
		s->v.stage = ESC_SECOND_CONTACT;
		memset(s->v.after, 0, RECEIVER_LEN);
	}
	rc = load(s);
	if (rc == ERR_NOTFOUND) {
		rc = store_escalation_del(k->store, s->v.bulletin);
		return rc == 0 ? store_step_del(k->store, s->v.bulletin, s->v.hours) : rc;
	}
	if (rc == 0)
		rc = walk(s);
	if (rc == 0)
		rc = deliver(s);
	if (rc != 0)
		return rc;
	return s->more ? store_step_put(k->store, &s->v) : done(s);
}

int
escalate_step(struct keeper *k, int64_t minute)
{
	struct stepping *s;
	int rc;

	/* While the members are unknown nobody seems to be silent. */
	if (!outbox_knows(k->outbox) || directory_count(k->dir) == 0)
		return ERR_NOTFOUND;
	s = mem_zalloc(sizeof *s);
	if (s == NULL)
		return ERR_NOMEM;
	s->k = k;
	s->minute = minute;
	rc = lanes_ready(outbox_lanes(k->outbox), k->store);
	if (rc == 0)
		rc = batch_transact_critical(k->batch, take, s);
	if (rc == 0 && s->made > 0)
		outbox_ring(k);
	mem_free(s);
	return rc;
}
