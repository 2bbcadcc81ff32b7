/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/reach.h"

#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/streamed.h"
#include "proto/msg_courier.h"

int
reach_is_entitled(const struct frame_head *h, const struct vault_dir_row *row)
{
	enum frame_view v;

	if (row->disabled)
		return 0;
	if (h->kind == FRAME_CONTACT)
		return frame_tests(h, &row->rights);
	v = frame_view(h, &row->rights, &row->wants, NULL);
	return v == VIEW_BODY || (v == VIEW_STUB && h->stub_len > 0);
}

int
reach_is_of(const struct vault_dir_row *row, unsigned slot)
{
	const struct rights *r = &row->rights;
	struct slots theirs;

	rights_places(&r->op, &r->sec, &r->aff, r->roles, &theirs);
	return slots_has(&theirs, slot);
}

/* The CEPTOARs that it belongs to, as numbers: a handful of 128. */
static unsigned
slots_of(const struct vault_dir_row *row, uint8_t ret[SLOTS])
{
	const struct rights *r = &row->rights;
	struct slots theirs;
	unsigned i, bit, n = 0;
	unsigned char b;

	rights_places(&r->op, &r->sec, &r->aff, r->roles, &theirs);
	for (i = 0; i < SLOT_BYTES; i++) {
		b = theirs.b[i];
		for (bit = 0; b != 0; bit++, b >>= 1)
			if ((b & 1) != 0)
				ret[n++] = (uint8_t)(i * 8 + bit);
	}
	return n;
}

const char *
reach_word(enum reach_state s)
{
	static const char *const words[REACH_STATES] = { "nothing", "failed", "queued",
		"sent", "received", "read", "acted" };

	return words[s];
}

int
reach_head(struct keeper *k, const struct store_bulletin *b, uint16_t revision,
    struct frame_head *ret)
{
	uint64_t seq;
	struct buf row;
	struct wire w;
	uint32_t n;
	int rc;

	if (revision == 0 || revision == b->revision) {
		*ret = b->head;
		return 0;
	}
	rc = store_revision_seq(k->store, b->id, revision, &seq);
	if (rc != 0)
		return rc;
	buf_init(&row, KEEPER_FRAME_MAX);
	rc = store_log_page(k->store, seq, 1, &row, &n);
	if (rc == 0) {
		wire_init(&w, row.p, row.n);
		frame_head_get(&w, ret);
		rc = n != 1 || w.err != 0 || ret->seq != seq ? ERR_NOTFOUND : 0;
	}
	buf_done(&row);
	return rc;
}

/* The next acknowledgement or delivery; at the end there is none. */
static int
step_ack(struct reach_walk *w)
{
	int rc = store_ack_next(w->k->store, &w->ack);

	w->has_ack = rc == 0;
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
step_route(struct reach_walk *w)
{
	int rc = store_route_next(w->k->store, &w->route);

	w->has_route = rc == 0;
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
reach_begin(struct reach_walk *w, struct keeper *k, const struct frame_head *h,
    const uint8_t *after)
{
	int rc;

	memset(w, 0, sizeof *w);
	w->k = k;
	w->head = *h;
	w->rows = directory_behind(k->dir, after, &w->n);
	rc = store_ack_walk(k->store, h->id, h->revision, after);
	if (rc == 0)
		rc = store_route_walk(k->store, h->id, h->revision, after);
	if (rc == 0)
		rc = step_ack(w);
	if (rc == 0)
		rc = step_route(w);
	if (rc != 0)
		reach_end(w);
	return rc;
}

void
reach_end(struct reach_walk *w)
{
	store_ack_end(w->k->store);
	store_route_end(w->k->store);
}

/* Acknowledgements of this receiver; those of receivers before it are of nobody who is
 * entitled. */
static int
take_acks(struct reach_walk *w, const uint8_t *receiver, struct reach_row *ret)
{
	int order, rc = 0;

	while (rc == 0 && w->has_ack) {
		order = memcmp(w->ack.receiver, receiver, RECEIVER_LEN);
		if (order > 0)
			return 0;
		if (order == 0 && w->ack.evidence <= EVIDENCES) {
			ret->graded |= (uint8_t)(1u << w->ack.evidence);
			ret->ack[w->ack.evidence] = w->ack;
		}
		rc = step_ack(w);
	}
	return rc;
}

static int
take_routes(struct reach_walk *w, const uint8_t *receiver, struct reach_row *ret)
{
	int order, rc = 0;

	while (rc == 0 && w->has_route) {
		order = memcmp(w->route.receiver, receiver, RECEIVER_LEN);
		if (order > 0)
			return 0;
		if (order == 0 && ret->routes < REACH_ROUTES)
			ret->route[ret->routes++] = w->route;
		rc = step_route(w);
	}
	return rc;
}

static void
judge(struct reach_row *r)
{
	unsigned i, best = 0;

	for (i = 0; i < r->routes; i++) {
		switch (r->route[i].state) {
		case DELIVERY_SENT:
			r->sent = 1;
			break;
		case DELIVERY_FAILED:
		case DELIVERY_DROPPED:
			r->failed = 1;
			break;
		default:
			r->queued = 1;
		}
	}
	r->sent |= r->streamed;
	r->failed = r->failed && !r->sent && !r->queued;
	r->state = r->sent     ? REACH_SENT
		   : r->queued ? REACH_QUEUED
		   : r->failed ? REACH_FAILED
			       : REACH_NOTHING;
	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++) {
		if ((r->graded >> i & 1) == 0 || r->ack[i].flagged)
			continue;
		if (r->ack[i].status > best)
			best = r->ack[i].status;
		if (r->ack[i].forwarded > r->forwarded)
			r->forwarded = r->ack[i].forwarded;
	}
	if (best > 0)
		r->state = (enum reach_state)(REACH_SENT + best);
}

int
reach_next(struct reach_walk *w, int (*who)(void *arg, const struct vault_dir_row *row),
    void *arg, struct reach_row *ret)
{
	const struct vault_dir_row *row;
	int rc;

	while (w->at < w->n) {
		row = &w->rows[w->at++];
		if ((who != NULL && !who(arg, row)) || !reach_is_entitled(&w->head, row))
			continue;
		ret->who = row;
		ret->streamed = ret->queued = ret->sent = ret->failed = ret->graded = 0;
		ret->routes = ret->forwarded = 0;
		rc = take_acks(w, row->rights.receiver, ret);
		if (rc == 0)
			rc = take_routes(w, row->rights.receiver, ret);
		ret->streamed = (uint8_t)streamed_has(
		    w->k->streamed, row->rights.receiver, &w->head, &ret->streamed_at);
		judge(ret);
		return rc;
	}
	return ERR_NOTFOUND;
}

int64_t
reach_first_at(const struct reach_row *r, unsigned status)
{
	int64_t at, first = 0;
	unsigned i;

	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++) {
		if ((r->graded >> i & 1) == 0 || r->ack[i].flagged)
			continue;
		at = r->ack[i].at[status];
		if (at > 0 && (first == 0 || at < first))
			first = at;
	}
	return first;
}

static void
count_one(struct reach_figures *v, const struct reach_row *r)
{
	unsigned i, s, flagged = 0;

	v->entitled++;
	v->queued += r->queued;
	v->sent += r->sent;
	v->failed += r->failed;
	v->silent += r->state < REACH_RECEIVED;
	v->forwarded += r->forwarded;
	for (s = ACK_RECEIVED; s <= ACK_ACTED; s++)
		v->stage[s] += r->state >= (enum reach_state)(REACH_SENT + s);
	for (i = EVIDENCE_CLIENT; i <= EVIDENCES; i++) {
		if ((r->graded >> i & 1) == 0)
			continue;
		flagged |= r->ack[i].flagged;
		for (s = ACK_RECEIVED; s <= r->ack[i].status; s++)
			v->by[i][s] += !r->ack[i].flagged;
	}
	v->flagged += flagged;
}

int
reach_count(
    struct keeper *k, const struct frame_head *h, struct reach_figures v[SLOTS + 1])
{
	struct reach_walk w;
	struct reach_row r;
	uint8_t slots[SLOTS];
	unsigned i, n;
	int rc;

	memset(v, 0, (SLOTS + 1) * sizeof *v);
	rc = reach_begin(&w, k, h, NULL);
	if (rc != 0)
		return rc;
	while ((rc = reach_next(&w, NULL, NULL, &r)) == 0) {
		count_one(&v[SLOTS], &r);
		n = slots_of(r.who, slots);
		for (i = 0; i < n; i++)
			count_one(&v[slots[i]], &r);
	}
	reach_end(&w);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

struct counting {
	const struct frame_head *h;
	unsigned n[SLOTS + 1];
};

static void
count_entitled(void *arg, const struct vault_dir_row *row)
{
	struct counting *c = arg;
	uint8_t slots[SLOTS];
	unsigned i, n;

	if (!reach_is_entitled(c->h, row))
		return;
	c->n[SLOTS]++;
	n = slots_of(row, slots);
	for (i = 0; i < n; i++)
		c->n[slots[i]]++;
}

int
reach_released(struct keeper *k, const struct frame_head *h)
{
	struct counting c = { .h = h };
	unsigned slot;
	int rc;

	if (h->revision == 0 || directory_count(k->dir) == 0)
		return 0;
	directory_each(k->dir, count_entitled, &c);
	rc = store_entitled_put(k->store, h->id, h->revision, SLOT_NONE, c.n[SLOTS]);
	for (slot = 0; rc == 0 && slot < SLOTS; slot++)
		if (c.n[slot] > 0)
			rc = store_entitled_put(
			    k->store, h->id, h->revision, slot, c.n[slot]);
	return rc;
}
