/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/escalate_due.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/reach.h"
#include "lib/mem.h"

/* What is due: whoever is silent is asked by another way, then at another contact, and at
 * the end they are counted. */

enum {
	STEP_LOOKS = 2000, /* receivers looked at in one step */
	STEP_MADE = 200,   /* deliveries made in one, or a few more */
};

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
		said = escalate_said(s->k, s->e.bulletin, s->e.floor, s->e.revision,
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

/* Every receiver of this step was looked at: its list, and what comes next. */
static int
done(struct stepping *s)
{
	struct store_step *v = &s->v;
	struct store_silence list;
	int rc = 0;

	if (v->stage >= ESC_LIST) {
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
