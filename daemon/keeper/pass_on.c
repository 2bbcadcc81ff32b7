/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/centre.h"

#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/words.h"

/* A warning that stands, unverified, and has not gone across sectors yet. */
static int
enter(struct keeper *k, struct desk_call *c, struct store_bulletin *b)
{
	const struct rights *r = &c->m->rights;
	int rc = shelf_find(k, c->m->ref, b);

	if (rc != 0)
		return rc;
	if (frame_may_read(&b->head, r, acks_is_cross(k, r)) != VIEW_BODY)
		return ERR_NOTFOUND;
	if (b->state != BULLETIN_STANDS || (b->end_due > 0 && b->end_due <= c->minute))
		return desk_fail(c, P_CONFLICT, NULL, "the bulletin has ended");
	if ((b->head.flags & (FRAME_DESK | FRAME_RELAY)) != 0 || b->verified)
		return desk_fail(c, P_CONFLICT, NULL, "a desk has released it");
	if ((b->head.flags & FRAME_CROSS) != 0)
		return desk_fail(c, P_CONFLICT, NULL, "it has gone across sectors");
	return 0;
}

/* Its reporter and the policy have to allow it; what k says is seen when it is tried. */
static int
allowed(struct keeper *k, struct desk_call *c, const struct store_bulletin *b)
{
	const struct policy_rules *rules;
	struct report_facts facts;
	struct store_report row;
	json_t *json = NULL;
	int rc = publish_load(k, b->report, &row, &json);

	if (rc != 0)
		return rc;
	report_facts(json, &facts);
	json_decref(json);
	rules = policy_of(&k->policy, row.slot);
	if (facts.level < rules->confirm_cross_level)
		return desk_fail(
		    c, P_CONFLICT, NULL, "its level is below what is passed on");
	if (facts.publish != CONSENT_CROSS_SECTOR)
		return desk_fail(
		    c, P_CONSENT, NULL, "the reporter keeps it in its own CEPTOAR");
	return 0;
}

int
pass_on(struct keeper *k, struct desk_call *c)
{
	struct store_bulletin b;
	int rc;

	if (c->json != NULL)
		return desk_fail(c, P_UNKNOWN_FIELD, "", "it has no body");
	rc = enter(k, c, &b);
	if (rc == 0)
		rc = allowed(k, c, &b);
	if (rc == 0)
		rc = publish_pass_on(k, &b, c->minute);
	if (rc != 0)
		return rc;
	/* What was written is taken back with the refusal. */
	if ((b.head.flags & FRAME_CROSS) == 0)
		return desk_fail(c, P_K_TOO_SMALL, NULL,
		    "too few members could have sent it for readers of other sectors");
	buf_adds(c->out, "{\"bulletin\":{");
	words_id("id", b.id, c->out);
	buf_addf(c->out, ",\"number\":\"%s\",\"revision\":%u}}", b.number,
	    (unsigned)b.revision);
	return buf_err(c->out);
}
