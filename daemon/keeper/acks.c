/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/acks.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/words.h"

int
acks_check(struct batch_op *op)
{
	struct keeper_ack a;
	struct wire w;
	unsigned i;

	wire_init(&w, op->bytes, op->n);
	rights_get(&w, &op->acks.rights);
	op->acks.n = wire_u16(&w);
	if (w.err != 0 || op->acks.n == 0 || op->acks.n > ACKS_MAX)
		return ERR_PROTO;
	op->acks.list.p = (const char *)w.p + w.at;
	op->acks.list.n = w.n - w.at;
	for (i = 0; i < op->acks.n; i++)
		keeper_ack_get(&w, &a);
	return wire_end(&w);
}

/* A stage that lies behind: the first word stands, but to how many the bulletin went may
 * have grown since.  Another hub's word is of all its members together, whose counts grow
 * while the stage that all of them share falls. */
static int
record_behind(struct keeper *k, struct ack_record *a, const struct ack_before *before)
{
	a->status = before->status;
	if (a->evidence == EVIDENCE_RELAY && a->forwarded >= before->forwarded)
		return store_ack_put(k->store, a);
	return a->forwarded > before->forwarded ? store_ack_forwarded(k->store, a) : 0;
}

/* *a is a revision that exists. */
static int
record(struct keeper *k, struct ack_record *a)
{
	struct ack_before before;
	int rc;

	if (a->status < ACK_RECEIVED || a->status > ACK_ACTED ||
	    a->evidence < EVIDENCE_CLIENT || a->evidence > EVIDENCES || a->flagged > 1)
		return ERR_INVALID;
	rc = store_ack_get(k->store, a, &before);
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	/* What does not count stands behind what does. */
	if (rc == 0 && before.flagged < a->flagged) {
		a->status = before.status;
		return 0;
	}
	if (rc == 0 && before.flagged == a->flagged) {
		if (before.status > a->status)
			return record_behind(k, a, &before);
		/* Who names no number takes none back. */
		if (a->forwarded == 0)
			a->forwarded = before.forwarded;
	}
	rc = store_ack_put(k->store, a);
	return rc == 0 && !a->flagged
		   ? escalate_acked(k, a->bulletin, a->revision, a->receiver)
		   : rc;
}

int
acks_record(struct keeper *k, const struct ack_record *a)
{
	struct ack_record r = *a;
	struct store_bulletin b;
	int rc;

	rc = store_bulletin_get(k->store, r.bulletin, &b);
	if (rc != 0)
		return rc;
	if (r.revision == 0)
		r.revision = b.revision;
	return r.revision > b.revision ? ERR_NOTFOUND : record(k, &r);
}

/* What the reader's own client says, of what it may know of. */
static int
record_own(struct keeper *k, const struct rights *r, int cross, struct keeper_ack *a,
    int64_t now)
{
	struct ack_record own;
	struct store_bulletin b;
	int rc;

	rc = store_bulletin_get(k->store, a->id, &b);
	if (rc != 0)
		return rc;
	if (a->revision == 0)
		a->revision = b.revision;
	if (a->revision > b.revision || frame_may_read(&b.head, r, cross) == VIEW_NONE)
		return ERR_NOTFOUND;
	memset(&own, 0, sizeof own);
	memcpy(own.bulletin, a->id, ID_LEN);
	memcpy(own.receiver, r->receiver, RECEIVER_LEN);
	memcpy(own.person, r->person, RECEIVER_LEN);
	own.revision = a->revision;
	own.status = a->status;
	own.evidence = EVIDENCE_CLIENT;
	own.forwarded = a->forwarded_to;
	own.minute = now;
	own.note = a->note;
	rc = record(k, &own);
	a->status = own.status;
	return rc;
}

int
acks_apply(struct keeper *k, struct batch_op *op)
{
	static const char *const names[] = { "", "received", "read", "acted" };
	struct buf *out = batch_answers(k->batch);
	int64_t minute = k->now_ms() / 60000;
	struct keeper_ack a;
	unsigned i, found = 0;
	struct wire w;
	int rc, cross = acks_is_cross(k, &op->acks.rights);

	wire_init(&w, op->acks.list.p, op->acks.list.n);
	buf_adds(out, "{\"results\":[");
	for (i = 0; i < op->acks.n; i++) {
		keeper_ack_get(&w, &a);
		rc = record_own(k, &op->acks.rights, cross, &a, minute);
		if (rc != 0 && rc != ERR_NOTFOUND)
			return rc;
		buf_adds(out, i > 0 ? ",{" : "{");
		words_id("id", a.id, out);
		if (rc == 0) {
			buf_addf(out,
			    ",\"revision\":%u,\"result\":\"recorded\",\"status\":\"%s\"}",
			    (unsigned)a.revision, names[a.status]);
			found++;
		} else {
			buf_adds(out, ",\"result\":\"not_found\"}");
		}
	}
	buf_adds(out, "]}");
	if (found == 0)
		op->problem = P_NOT_FOUND;
	return buf_err(out);
}

int
acks_sub_check(struct batch_op *op)
{
	struct wire w;
	uint8_t duties;

	wire_init(&w, op->bytes, op->n);
	wire_bytes(&w, op->sub.receiver, RECEIVER_LEN);
	duties = wire_u8(&w);
	subscription_get(&w, &op->sub.wants);
	if (wire_end(&w) != 0 || duties > DUTIES_ALL)
		return ERR_PROTO;
	if ((duties & DUTY_SUBSCRIBES) == 0) {
		op->problem = P_FORBIDDEN;
		return ERR_INVALID;
	}
	return 0;
}

/*
 * Whom an alarm reached is told of its correction, also when the threshold has been
 * raised meanwhile: the new subscription remembers the widest one before it, for the
 * bulletins issued until now.
 */
int
acks_sub_apply(struct keeper *k, struct batch_op *op)
{
	struct subscription *s = &op->sub.wants, old;
	struct store_info info;
	int rc;

	/* The caller's word about the past counts for nothing. */
	s->was_min_severity = s->was_cross_severity = LEVEL_NEVER;
	s->was_sectors = s->was_until = 0;
	rc = acks_sub_get(k, op->sub.receiver, &old);
	if (rc == ERR_DOWN) /* not known yet: there is nothing to remember */
		return store_sub_put(k->store, op->sub.receiver, s);
	if (rc != 0)
		return rc;
	store_info(k->store, &info);
	s->was_min_severity = old.min_severity;
	s->was_cross_severity = subscription_cross(&old);
	/* With levels of single sectors: rather one correction too many. */
	s->was_sectors = s->was_cross_severity == old.cross_severity ? old.sectors : 0;
	s->was_until = info.head;
	if (old.was_until != 0) {
		if (old.was_min_severity < s->was_min_severity)
			s->was_min_severity = old.was_min_severity;
		if (old.was_cross_severity < s->was_cross_severity)
			s->was_cross_severity = old.was_cross_severity;
		/* No sector named means all of them. */
		s->was_sectors = s->was_sectors == 0 || old.was_sectors == 0
				     ? 0
				     : s->was_sectors | old.was_sectors;
	}
	return store_sub_put(k->store, op->sub.receiver, s);
}

void
acks_sub_changed(struct keeper *k, const uint8_t *receiver, const struct subscription *s)
{
	struct front *f;

	directory_wants_set(k->dir, receiver, s);
	buf_reset(&k->out);
	wire_put_bytes(&k->out, receiver, RECEIVER_LEN);
	subscription_put(&k->out, s);
	for (f = k->fronts; f != NULL; f = f->next)
		if (f->greeted &&
		    (buf_err(&k->out) != 0 || link_send(f->l, KM_SUB_CHANGED, P_OK, 0,
						  k->out.p, k->out.n) != 0))
			link_close(f->l); /* it must not go on with the old one */
}

int
acks_sub_get(struct keeper *k, const uint8_t *receiver, struct subscription *ret)
{
	const struct vault_dir_row *row;
	int rc;

	rc = store_sub_get(k->store, receiver, ret);
	if (rc != ERR_NOTFOUND)
		return rc;
	/* Not heard of yet: the default would take away what it has asked for, and nobody
	 * would notice. */
	row = directory_find(k->dir, receiver);
	if (row == NULL)
		return ERR_DOWN;
	*ret = row->wants;
	return 0;
}

int
acks_is_cross(struct keeper *k, const struct rights *r)
{
	struct subscription s;

	return acks_sub_get(k, r->receiver, &s) != 0 ||
	       subscription_cross(&s) != LEVEL_NEVER;
}

static void
overlay(void *arg, const struct vault_dir_row *row)
{
	struct keeper *k = arg;
	struct subscription s;

	if (store_sub_get(k->store, row->rights.receiver, &s) == 0)
		directory_wants_set(k->dir, row->rights.receiver, &s);
}

/* The members file asks for something else now: open streams follow. */
static void
changed(void *arg, const struct vault_dir_row *row)
{
	acks_sub_changed(arg, row->rights.receiver, &row->wants);
}

void
acks_sub_overlay(void *arg)
{
	struct keeper *k = arg;

	directory_each(k->dir, overlay, k);
	directory_each_changed(k->dir, changed, k);
}
