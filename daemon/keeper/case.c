/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/case.h"

#include <string.h>

#include "daemon/keeper/approval.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/look.h"
#include "daemon/keeper/desk.h"
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

/* Does the case lie on a desk of these rights? */
static int
is_on_desk(struct keeper *k, const struct store_case *c, const struct rights *r)
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
	if (rc == 0 && !is_on_desk(k, &c, &m->rights))
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
case_state_write(struct keeper *k, const struct store_case *c, int desk, struct buf *out)
{
	struct store_bulletin b;
	struct store_report r;
	int rc;

	rc = store_report_get(k->store, c->report, &r, NULL);
	if (rc != 0)
		return rc;
	buf_addf(out, "{\"state\":\"%s\",\"reports\":%u,\"messages\":%u,\"unread\":%u,",
	    words_state(c->state), (unsigned)c->reports, (unsigned)c->messages,
	    (unsigned)(desk ? c->told : c->asked));
	if (c->has_bulletin) {
		rc = store_bulletin_get(k->store, c->bulletin, &b);
		if (rc != 0)
			return rc;
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

static int
count_one(void *arg, const uint8_t *case_id)
{
	(void)case_id;
	++*(unsigned *)arg;
	return 0;
}

/* The bulletin ends with its case.  One that a desk made of several stays, and the desk
 * is told: no later revision may use this case. */
static int
take_back(struct keeper *k, const struct store_case *c, struct store_bulletin *b,
    int64_t minute)
{
	struct bell bell = { c->slot, c->desks, b->head.severity,
		(b->head.flags & FRAME_EXERCISE) != 0, minute };
	unsigned n = 0;
	int rc = store_bulletin_case_each(k->store, b->id, count_one, &n);

	if (rc != 0)
		return rc;
	return n > 1 ? publish_bell(k, &bell) : publish_cancel(k, b, minute, "withdrawn");
}

int
case_withdraw(struct keeper *k, struct batch_op *op)
{
	int64_t minute = k->now_ms() / 60000;
	struct store_bulletin b;
	struct store_case c;
	int rc;

	rc = case_open(k, op->which.case_id, op->which.secret_hash, &c);
	if (rc == ERR_NOTFOUND) {
		op->problem = P_NOT_FOUND;
		return 0;
	}
	if (rc == 0 && c.state != CASE_WITHDRAWN) {
		if (c.has_bulletin) {
			rc = store_bulletin_get(k->store, c.bulletin, &b);
			if (rc == 0 && b.state == BULLETIN_STANDS)
				rc = take_back(k, &c, &b, minute);
		}
		if (rc == 0)
			rc = stats_withdrawn(k, &c, minute);
		if (rc == 0)
			rc = end(k, &c, CASE_WITHDRAWN);
	}
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
