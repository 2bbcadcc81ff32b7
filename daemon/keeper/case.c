/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/case.h"

#include <string.h>

#include "daemon/keeper/approval.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/look.h"
#include "daemon/keeper/desk.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/stats.h"
#include "daemon/keeper/store_case.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/trend.h"
#include "daemon/keeper/triage.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"

int
case_open(struct keeper *k, const uint8_t *case_id, const uint8_t *secret_hash,
    struct store_case *ret)
{
	static const uint8_t nothing[32];
	struct store_case c;
	const uint8_t *kept;
	int rc, known, fits;

	rc = store_case_get(k->store, case_id, &c);
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	known = rc == 0 && c.has_commitment;
	kept = known ? c.commitment : nothing;
	fits = mem_equal_ct(kept, secret_hash, sizeof nothing);
	if (!(known & fits))
		return ERR_NOTFOUND;
	*ret = c;
	return 0;
}

int
case_on_desk(struct keeper *k, const struct store_case *c, const struct rights *r)
{
	struct slots slots;

	if (!rights_at_desk(r))
		return 0;
	if ((c->desks & DESK_BIT_CENTRE) != 0 && (r->roles & ROLE_CENTRE) != 0)
		return 1;
	desk_slots(k, r, &slots);
	return (c->desks & DESK_BIT_OWN) != 0 && slots_has(&slots, c->slot);
}

/* "n others have seen this", from k up. */
static int
others_write(struct keeper *k, const struct store_case *c, struct buf *out)
{
	unsigned n = 0;
	int rc = trend_others(k, c, &n);

	if (rc == 0 && n > 0)
		buf_addf(out, "\"others\":%u,", n);
	return rc != 0 ? rc : buf_err(out);
}

int
case_enter(struct keeper *k, const struct keeper_case *m, struct store_case *ret)
{
	struct store_case c;
	int rc;

	if (!m->desk)
		return case_open(k, m->case_id, m->secret_hash, ret);
	rc = store_case_get(k->store, m->case_id, &c);
	if (rc == 0 && !case_on_desk(k, &c, &m->rights))
		rc = ERR_NOTFOUND;
	if (rc == 0)
		*ret = c;
	return rc;
}

int
case_has_ended(const struct store_case *c)
{
	return c->state == CASE_WITHDRAWN || c->state == CASE_CLOSED;
}

int
case_may_follow(
    struct keeper *k, const struct store_case *c, int blind, const char **ret_why)
{
	struct store_report newest;
	int rc;

	*ret_why = NULL;
	if (case_has_ended(c)) {
		*ret_why = "the case has ended";
		return 0;
	}
	if (blind)
		return 0;
	rc = store_report_get(k->store, c->report, &newest, NULL);
	if (rc == 0 && newest.blind)
		*ret_why = "a blind case goes on over the blind listener";
	return rc;
}

int
case_state_write(struct keeper *k, const struct store_case *c, int desk, struct buf *out)
{
	struct store_bulletin b;
	struct store_report r;
	int rc, has = 0;

	rc = store_report_get(k->store, c->report, &r, NULL);
	if (rc == 0 && c->has_bulletin) {
		rc = store_bulletin_get(k->store, c->bulletin, &b);
		has = rc == 0;
		if (rc == ERR_NOTFOUND) /* forgotten before the case */
			rc = 0;
	}
	if (rc != 0)
		return rc;
	buf_addf(out, "{\"state\":\"%s\",\"reports\":%u,\"messages\":%u,\"unread\":%u,",
	    words_state(c->state), (unsigned)c->reports, (unsigned)c->messages,
	    (unsigned)(desk ? c->told : c->asked));
	if (has) {
		buf_adds(out, "\"bulletin\":{");
		words_id("id", b.id, out);
		buf_addf(out, ",\"number\":\"%s\",\"revision\":%u},", b.number,
		    (unsigned)b.revision);
	}
	rc = others_write(k, c, out);
	if (rc == 0 && !desk)
		rc = approval_of_case(k, c, out);
	if (rc != 0)
		return rc;
	buf_adds(out, "\"read_by\":");
	words_read_by(k->tax, c->slot, r.desks, k->now_ms(), out);
	buf_addc(out, '}');
	return buf_err(out);
}

/* The end of a case, and of the slip that was left with it. */
static int
end(struct keeper *k, struct store_case *c, enum case_state state)
{
	int rc;

	c->state = state;
	rc = store_case_put(k->store, c);
	if (rc == 0)
		rc = triage_ended(k, c);
	return rc != 0 ? rc : store_slip_del(k->store, c->id);
}

struct visiting {
	struct keeper *k;
	const struct store_case *c;
	int (*fn)(void *arg, struct store_bulletin *b);
	void *arg;
};

static int
visit(const struct visiting *v, const uint8_t *id)
{
	struct store_bulletin b;
	int rc = store_bulletin_get(v->k->store, id, &b);

	if (rc != 0) /* it may have been forgotten */
		return rc == ERR_NOTFOUND ? 0 : rc;
	return v->fn(v->arg, &b);
}

static int
visit_other(void *arg, const uint8_t *id)
{
	const struct visiting *v = arg;

	if (v->c->has_bulletin && memcmp(v->c->bulletin, id, ID_LEN) == 0)
		return 0;
	return visit(v, id);
}

int
case_bulletins(struct keeper *k, const struct store_case *c,
    int (*fn)(void *arg, struct store_bulletin *b), void *arg)
{
	struct visiting v = { k, c, fn, arg };
	int rc = c->has_bulletin ? visit(&v, c->bulletin) : 0;

	return rc == 0 ? store_case_bulletin_each(k->store, c->id, visit_other, &v) : rc;
}

struct withdrawing {
	struct keeper *k;
	const struct store_case *c;
	int64_t minute;
	unsigned others;  /* cases of the bulletin that have not been taken back */
	struct bell bell; /* of those that stay */
	int rings;
};

static int
count_other(void *arg, const uint8_t *case_id)
{
	struct withdrawing *w = arg;
	struct store_case other;
	int rc;

	if (memcmp(case_id, w->c->id, ID_LEN) == 0)
		return 0;
	rc = store_case_get(w->k->store, case_id, &other);
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	w->others += rc == ERR_NOTFOUND || other.state != CASE_WITHDRAWN;
	return 0;
}

/* A bulletin ends with its case.  One that a desk made of several stays until the last of
 * them is taken back, and the desk is told: no later revision may name this case. */
static int
take_back(void *arg, struct store_bulletin *b)
{
	struct withdrawing *w = arg;
	int rc;

	if (b->state != BULLETIN_STANDS)
		return 0;
	w->others = 0;
	rc = store_bulletin_case_each(w->k->store, b->id, count_other, w);
	if (rc != 0)
		return rc;
	if (w->others == 0)
		return publish_cancel(w->k, b, w->minute, "withdrawn");
	w->rings = 1;
	if (b->head.severity > w->bell.level)
		w->bell.level = b->head.severity;
	w->bell.exercise |= (b->head.flags & FRAME_EXERCISE) != 0;
	return 0;
}

static int
withdraw(struct keeper *k, struct store_case *c, int64_t minute)
{
	struct withdrawing w = { .k = k,
		.c = c,
		.minute = minute,
		.bell = { .slot = c->slot, .desks = c->desks, .minute = minute } };
	int rc = case_bulletins(k, c, take_back, &w);

	if (rc == 0 && w.rings)
		rc = publish_bell(k, &w.bell);
	if (rc == 0)
		rc = hotline_withdrawn(k, c->id, minute);
	if (rc == 0)
		rc = stats_withdrawn(k, c, minute);
	return rc == 0 ? end(k, c, CASE_WITHDRAWN) : rc;
}

int
case_withdraw(struct keeper *k, struct batch_op *op)
{
	struct store_case c;
	int rc;

	rc = case_open(k, op->which.case_id, op->which.secret_hash, &c);
	if (rc == ERR_NOTFOUND) {
		op->problem = P_NOT_FOUND;
		return 0;
	}
	if (rc == 0 && c.state != CASE_WITHDRAWN)
		rc = withdraw(k, &c, k->now_ms() / 60000);
	if (rc == 0)
		rc = case_state_write(k, &c, 0, batch_answers(k->batch));
	return rc;
}

int
case_close(struct keeper *k, struct batch_op *op)
{
	struct store_case c;
	int rc = ERR_NOTFOUND;

	if (op->which.desk)
		rc = case_enter(k, &op->which, &c);
	if (rc == ERR_NOTFOUND) {
		op->problem = P_NOT_FOUND;
		return 0;
	}
	if (rc == 0 && !case_has_ended(&c))
		rc = end(k, &c, CASE_CLOSED);
	if (rc == 0)
		rc = look_wrote(k, &op->which, "case.close");
	if (rc == 0)
		rc = case_state_write(k, &c, 1, batch_answers(k->batch));
	return rc;
}
