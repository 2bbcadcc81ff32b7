/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/look.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/desk.h"
#include "daemon/keeper/message.h"
#include "daemon/keeper/slip.h"
#include "daemon/keeper/trend.h"

int
look_is(uint16_t type)
{
	return type == KM_INBOX || type == KM_TRENDS || type == KM_CASE ||
	       type == KM_MESSAGES || type == KM_SLIP;
}

static int
is_list(uint16_t type)
{
	return type == KM_INBOX || type == KM_TRENDS;
}

int
look_take(struct batch_op *op)
{
	if (is_list(op->type))
		return keeper_list_get(op->bytes, op->n, &op->list);
	return keeper_case_get(op->bytes, op->n, &op->which);
}

int
look_wrote(struct keeper *k, const struct keeper_case *m, const char *action)
{
	char id[2 * ID_LEN + 1];

	if (!m->desk) /* whoever holds the secret is nobody's business */
		return 0;
	hex_encode(m->case_id, ID_LEN, id);
	return audit_add(k, &m->rights, action, slice_of(id), NULL);
}

static int
list(struct keeper *k, struct batch_op *op, struct buf *out)
{
	int inbox = op->type == KM_INBOX, rc;
	char detail[32];

	rc = inbox ? desk_inbox(k, &op->list, out) : trend_list(k, &op->list, out);
	(void)snprintf(
	    detail, sizeof detail, "page %u", (unsigned)(uint32_t)op->list.before);
	if (rc == 0)
		rc = audit_add(k, &op->list.rights, inbox ? "inbox.look" : "trends.look",
		    slice_of(""), detail);
	return rc;
}

static int
one_case(struct keeper *k, struct batch_op *op, struct buf *out)
{
	const struct keeper_case *m = &op->which;
	const char *action;
	struct store_case c;
	int rc;

	switch (op->type) {
	case KM_CASE:
		action = "case.look";
		rc = case_enter(k, m, &c);
		if (rc == 0)
			rc = case_state_write(k, &c, m->desk, out);
		break;
	case KM_MESSAGES:
		action = "messages.look";
		rc = message_list(k, m, out);
		break;
	default:
		action = "slip.look";
		rc = m->desk ? slip_find(k, m->case_id, &m->rights, out) : ERR_NOTFOUND;
		break;
	}
	return rc == 0 ? look_wrote(k, m, action) : rc;
}

int
look_apply(struct keeper *k, struct batch_op *op)
{
	struct buf *out = batch_answers(k->batch);
	int rc;

	rc = is_list(op->type) ? list(k, op, out) : one_case(k, op, out);
	switch (rc) {
	case ERR_INVALID:
	case ERR_NOTFOUND:
	case ERR_DENIED:
		op->problem = problem_of(rc);
		return 0;
	default:
		return rc;
	}
}
