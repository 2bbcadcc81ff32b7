/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/outbox.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/digest.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/steady.h"
#include "daemon/keeper/store_drill.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	STEP_MS = 5, /* between steps: the sockets have their turn */
	TICK_MS = 1000,
	LAPSE_MOST = 200,
	STEP_ROW_LOOKS = 50,
};

struct outbox {
	struct keeper *k;
	struct loop_timer *step, *tick;
	struct loop_task *back; /* leases of a courier that has gone */
	struct lanes *lanes;
	size_t routed; /* members with a route */
	int known;     /* the members are known */
	int lost;      /* every lease comes back */
	struct outbox_count count;
};

static void on_step(void *arg);
static void on_tick(void *arg);
static void on_back(void *arg);

struct outbox *
outbox_new(struct keeper *k)
{
	struct outbox *o = mem_zalloc(sizeof *o);

	if (o == NULL)
		return NULL;
	o->k = k;
	o->lanes = lanes_new();
	o->step = loop_timer_new(k->loop, on_step, o);
	o->tick = loop_timer_new(k->loop, on_tick, o);
	o->back = loop_task_new(k->loop, on_back, o);
	if (o->lanes == NULL || o->step == NULL || o->tick == NULL || o->back == NULL) {
		outbox_free(o);
		return NULL;
	}
	loop_timer_set(o->tick, TICK_MS, 1);
	return o;
}

void
outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	loop_timer_free(o->step);
	loop_timer_free(o->tick);
	loop_task_free(o->back);
	lanes_free(o->lanes);
	mem_free(o);
}

int
outbox_knows(const struct outbox *o)
{
	return o->known;
}

struct lanes *
outbox_lanes(struct outbox *o)
{
	return o->lanes;
}

struct outbox_count *
outbox_count(struct outbox *o)
{
	return &o->count;
}

int
outbox_is_wanted(const struct keeper *k)
{
	switch (k->opt.courier) {
	case COURIER_ON:
		return 1;
	case COURIER_AUTO:
		return k->courier_here && (!k->outbox->known || k->outbox->routed > 0);
	default:
		return 0;
	}
}

int
outbox_add(struct keeper *k, const struct frame_head *h)
{
	struct store_outbox row;
	int rc;

	if (h->kind != FRAME_BULLETIN && h->kind != FRAME_UPDATE &&
	    h->kind != FRAME_CANCEL && h->kind != FRAME_CONTACT)
		return 0;
	if (!outbox_is_wanted(k))
		return 0;
	memset(&row, 0, sizeof row);
	row.seq = h->seq;
	row.revision = h->revision;
	memcpy(row.bulletin, h->id, ID_LEN);
	rc = store_outbox_add(k->store, &row);
	if (rc == 0)
		loop_timer_set(k->outbox->step, STEP_MS, 0);
	return rc;
}

static void
count_routed(void *arg, const struct vault_dir_row *row)
{
	struct outbox *o = arg;

	o->routed += !row->disabled && (row->routes & ~ROUTE_TELEPHONE) != 0;
}

void
outbox_members(struct keeper *k)
{
	struct outbox *o = k->outbox;

	o->known = 1;
	o->routed = 0;
	directory_each(k->dir, count_routed, o);
	loop_timer_set(o->step, STEP_MS, 0);
}

void
outbox_failed(struct keeper *k)
{
	lanes_stale(k->outbox->lanes);
}

void
outbox_ring(struct keeper *k)
{
	struct front *f;

	for (f = k->fronts; f != NULL; f = f->next)
		if (f->door == DOOR_COURIER &&
		    link_send(f->l, KM_C_WORK, P_OK, 0, "", 0) != 0)
			log_debug("outbox: a courier is not listening");
}

void
outbox_call_off(struct keeper *k, const struct courier_key *key)
{
	struct front *f;
	struct buf b;

	buf_init(&b, 64);
	courier_drop_put(&b, key);
	for (f = k->fronts; f != NULL && buf_err(&b) == 0; f = f->next)
		if (f->door == DOOR_COURIER &&
		    link_send(f->l, KM_C_DROP, P_OK, 0, b.p, b.n) != 0)
			log_debug("outbox: a courier is not listening");
	buf_done(&b);
}

int
outbox_drop(struct keeper *k, struct store_delivery *d, const char *reason)
{
	k->outbox->count.dropped++;
	d->state = DELIVERY_DROPPED;
	d->next_at = d->lease_until = 0;
	(void)snprintf(d->reason, sizeof d->reason, "%s", reason);
	return store_delivery_set(k->store, d);
}

/* A correction goes where the alarm went, whatever its own level is. */
static unsigned
level_of(const struct frame_head *h)
{
	if (h->kind == FRAME_BULLETIN || h->reach_severity < h->severity)
		return h->severity;
	return h->reach_severity;
}

static const uint8_t at_once[BY_END] = { [BY_MAIL] = OUTBOX_MAIL_FROM,
	[BY_WEBHOOK] = OUTBOX_WEBHOOK_FROM,
	[BY_SMS] = OUTBOX_PAGE_FROM,
	[BY_VOICE] = OUTBOX_PAGE_FROM };

/* An exercise pages nobody, but while a drill runs that it belongs to: then its ways are
 * what is tried. */
int
outbox_pages(struct keeper *k, const struct frame_head *h)
{
	struct store_drill d;

	if ((h->flags & FRAME_EXERCISE) == 0 || h->kind == FRAME_CONTACT)
		return 1;
	return store_drill_of_bulletin(k->store, h->id, &d) == 0 &&
	       d.state == DRILL_RUNNING;
}

int
outbox_may(const struct frame_head *h, const struct vault_dir_row *row, unsigned route,
    int pages, enum frame_view *ret_view)
{
	if (row == NULL || row->disabled || (row->routes & courier_route_bit(route)) == 0)
		return 0;
	/* A contact test tries every way there is, whatever was subscribed to. */
	if (h->kind == FRAME_CONTACT) {
		*ret_view = VIEW_BODY;
		return frame_tests(h, &row->rights);
	}
	*ret_view = frame_view(h, &row->rights, &row->wants, NULL);
	if (*ret_view == VIEW_NONE)
		return 0;
	return (route != BY_SMS && route != BY_VOICE) || pages;
}

unsigned
outbox_decide(const struct frame_head *h, const struct vault_dir_row *row, unsigned route,
    int pages, enum frame_view *ret_view)
{
	unsigned level = level_of(h);

	if (!outbox_may(h, row, route, pages, ret_view))
		return 0;
	if (level >= at_once[route] || h->kind == FRAME_CONTACT)
		return DELIVERY_QUEUED;
	return route == BY_MAIL ? DELIVERY_DIGEST : 0;
}

/* What one receiver gets; gives the number of deliveries. */
static int
consider(struct keeper *k, const struct frame_head *h, const struct vault_dir_row *row,
    int pages)
{
	struct store_delivery d;
	enum frame_view view;
	int rc, n = 0;

	memset(&d, 0, sizeof d);
	memcpy(d.key.bulletin, h->id, ID_LEN);
	memcpy(d.key.receiver, row->rights.receiver, RECEIVER_LEN);
	d.key.revision = h->revision;
	d.key.contact = CONTACT_ALL;
	d.queued_at = steady_minute(k);
	for (d.key.route = BY_MAIL; d.key.route < BY_END; d.key.route++) {
		d.state = (uint8_t)outbox_decide(h, row, d.key.route, pages, &view);
		if (d.state == 0)
			continue;
		if (d.key.route == BY_SMS || d.key.route == BY_VOICE) {
			rc = escalate_has_said(k, h, row->rights.receiver);
			if (rc < 0)
				return rc;
			if (rc > 0)
				continue; /* nobody has to be roused for it */
		}
		/* No second of a bulletin stays here. */
		d.next_at = d.state == DELIVERY_DIGEST
				? digest_next(k->opt.digest_at, steady_s(k))
				: 0;
		rc = store_delivery_add(k->store, &d);
		if (rc == 0 && d.state == DELIVERY_QUEUED)
			rc = lanes_due(k->outbox->lanes, d.key.receiver, d.key.route, 0);
		if (rc != 0)
			return rc;
		n++;
	}
	return n;
}

/* The header of a log row; ERR_NOTFOUND when it is no longer kept. */
static int
head_of(struct keeper *k, uint64_t seq, struct frame_head *ret)
{
	struct slice body, stub;
	struct buf row;
	struct wire w;
	uint32_t n = 0;
	int rc;

	buf_init(&row, KEEPER_FRAME_MAX);
	rc = store_log_page(k->store, seq, 1, &row, &n);
	if (rc == 0 && n == 0)
		rc = ERR_NOTFOUND;
	if (rc == 0) {
		wire_init(&w, row.p, row.n);
		frame_get(&w, ret, &body, &stub);
		rc = w.err != 0 ? ERR_CORRUPT : ret->seq != seq ? ERR_NOTFOUND : 0;
	}
	buf_done(&row);
	return rc;
}

/* What one step may still do. */
struct budget {
	unsigned look, made;
};

/* One row of the outbox, as far as the budget goes. */
static int
take_row(struct keeper *k, struct budget *b)
{
	const struct vault_dir_row *row;
	struct store_outbox o;
	struct frame_head h;
	size_t i, left;
	int rc, pages;

	rc = store_outbox_first(k->store, &o);
	if (rc != 0)
		return rc;
	rc = head_of(k, o.seq, &h);
	if (rc == ERR_NOTFOUND)
		return store_outbox_del(k->store, o.seq);
	if (rc != 0)
		return rc;
	pages = outbox_pages(k, &h);
	row = directory_after(k->dir, o.after, &left);
	for (i = 0; i < left && b->look > 0 && b->made < OUTBOX_STEP_ROWS; i++) {
		b->look--;
		if (row[i].disabled || row[i].routes == 0)
			continue;
		rc = consider(k, &h, &row[i], pages);
		if (rc < 0)
			return rc;
		b->made += (unsigned)rc;
	}
	if (i == left)
		return store_outbox_del(k->store, o.seq);
	memcpy(o.after, row[i - 1].rights.receiver, RECEIVER_LEN);
	return store_outbox_move(k->store, &o);
}

static int
take_apart(struct keeper *k, void *arg)
{
	struct budget *b = arg;
	unsigned n;
	int rc = 0;

	*b = (struct budget){ OUTBOX_STEP, 0 }; /* it may be called once more */
	for (n = 0; rc == 0 && b->look > 0 && b->made < OUTBOX_STEP_ROWS; n++) {
		rc = take_row(k, b);
		/* A row that nobody gets has its cost too. */
		b->look -= b->look < STEP_ROW_LOOKS ? b->look : STEP_ROW_LOOKS;
	}
	return rc == ERR_NOTFOUND && n > 1 ? 0 : rc;
}

int
outbox_step(struct keeper *k)
{
	struct budget b;
	int rc;

	if (!k->outbox->known || k->stopping)
		return ERR_NOTFOUND;
	rc = batch_transact_critical(k->batch, take_apart, &b);
	if (rc != 0)
		return rc;
	k->outbox->count.queued += b.made;
	if (b.made > 0)
		outbox_ring(k);
	return 0;
}

static void
on_step(void *arg)
{
	struct outbox *o = arg;

	if (outbox_step(o->k) == 0)
		loop_timer_set(o->step, STEP_MS, 0);
}

static int
lapse(struct keeper *k, void *arg)
{
	unsigned *n = arg;
	int64_t now = k->outbox->lost ? INT64_MAX : steady_s(k);
	int rc = store_delivery_lapse(k->store, now, LAPSE_MOST, n);

	return rc == 0 && *n == 0 ? ERR_NOTFOUND : rc;
}

int
outbox_lapse(struct keeper *k)
{
	struct outbox *o = k->outbox;
	unsigned n = 0;
	int rc = 0;

	if (lanes_leased(o->lanes) > 0)
		rc = batch_transact_critical(k->batch, lapse, &n);
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	if (n > 0) {
		log_info("outbox: %u leases %s", n, o->lost ? "came back" : "ran out");
		lanes_stale(o->lanes);
		outbox_ring(k);
	}
	if (n < LAPSE_MOST)
		o->lost = 0;
	else
		loop_task_poke(o->back);
	return 0;
}

static int
can_write(const struct keeper *k)
{
	return !k->failing && !k->write_stop && !k->stopping && k->courier_here;
}

static void
on_back(void *arg)
{
	struct outbox *o = arg;

	/* What fails is done by a later tick. */
	if (can_write(o->k) && lanes_ready(o->lanes, o->k->store) == 0 &&
	    outbox_lapse(o->k) != 0)
		log_debug("outbox: leases stay until they run out");
}

void
outbox_courier_changed(struct keeper *k)
{
	k->outbox->lost = 1;
	loop_task_poke(k->outbox->back);
}

static void
on_tick(void *arg)
{
	struct outbox *o = arg;
	struct keeper *k = o->k;

	if (!can_write(k))
		return;
	/* A step that failed, with a full disk perhaps, is tried again. */
	if (lanes_ready(o->lanes, k->store) == 0 && outbox_lapse(k) == 0)
		on_step(o);
}

void
outbox_status(struct keeper *k, struct buf *out)
{
	const struct outbox_count *c = &k->outbox->count;

	buf_addf(out, "{\"couriers\":%s,\"routed\":%zu,\"leased\":%u,",
	    k->courier_here ? "true" : "false", k->outbox->routed,
	    lanes_leased(k->outbox->lanes));
	buf_addf(out,
	    "\"queued\":%llu,\"sent\":%llu,\"retried\":%llu,\"failed\":%llu,"
	    "\"dropped\":%llu}",
	    (unsigned long long)c->queued, (unsigned long long)c->sent,
	    (unsigned long long)c->retried, (unsigned long long)c->failed,
	    (unsigned long long)c->dropped);
}
