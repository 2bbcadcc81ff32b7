/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/desk_verbs.h"

#include <stdio.h>

#include "daemon/keeper/ack_for.h"
#include "daemon/keeper/acks.h"
#include "daemon/keeper/approval.h"
#include "daemon/keeper/assess.h"
#include "daemon/keeper/attach.h"
#include "daemon/keeper/audit.h"
#include "daemon/keeper/centre.h"
#include "daemon/keeper/contact_test.h"
#include "daemon/keeper/deliveries.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/paste_in.h"
#include "daemon/keeper/question.h"
#include "daemon/keeper/recall.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/second.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/stats.h"
#include "daemon/keeper/triage.h"
#include "proto/msg_person.h"

#define DESKS	   (ROLE_SECRETARIAT | ROLE_CENTRE)
#define READERS	   0xffff
#define AT_DESK	   (DUTY_DESK | DUTY_OFFICER)
#define DOORS_DESK DOOR_DESK
#define DOORS_READ (DOOR_FRONT | DOOR_DESK)

/* The vault has the envelope, the log who asked for it: also where there is none. */
static int
identity_asked(struct keeper *k, struct desk_call *c)
{
	uint8_t id[ID_LEN];

	(void)k;
	return hex_decode(c->m->ref, id, ID_LEN) == ID_LEN ? 0 : ERR_NOTFOUND;
}

/* Many names at once: how many, and the bulletin whose list it is.  One row for each
 * would leave nothing else to be seen in the log, and whose list it was tells the rest.
 */
static int
names_of_list(struct keeper *k, struct desk_call *c)
{
	json_int_t asked = json_integer_value(json_object_get(c->json, "asked"));
	json_int_t told = json_integer_value(json_object_get(c->json, "told"));
	struct store_bulletin b;
	int rc;

	if (asked < 1 || asked > NAMES_LIST_MOST || told < 0 || told > asked)
		return desk_fail(c, P_BAD_REQUEST, NULL, NULL);
	(void)snprintf(
	    c->detail, sizeof c->detail, "%d asked, %d told", (int)asked, (int)told);
	if (c->m->ref.n == 0)
		return 0;
	rc = shelf_find(k, c->m->ref, &b);
	if (rc == 0 && frame_may_read(&b.head, &c->m->rights,
			   acks_is_cross(k, &c->m->rights)) == VIEW_NONE)
		rc = ERR_NOTFOUND;
	return rc;
}

/* The same for a name; the ref is the reader's id, or "" where the vault told nothing. */
static int
names_asked(struct keeper *k, struct desk_call *c)
{
	if (c->json != NULL)
		return names_of_list(k, c);
	return c->m->ref.n == 0 ? 0 : identity_asked(k, c);
}

/* Whoever adds a verb adds a line here, one in front/route.c, and one in openapi.yaml. */
const struct desk_entry desk_verbs[] = {
	{ DV_TRIAGE_LIST, DOORS_DESK, DESKS, AT_DESK, "triage.list", triage_list },
	{ DV_TRIAGE_ITEM, DOORS_DESK, DESKS, AT_DESK, "triage.show", triage_item },
	{ DV_TRIAGE_LOCK, DOORS_DESK, DESKS, AT_DESK, "triage.lock", triage_lock },
	{ DV_TRIAGE_UNLOCK, DOORS_DESK, DESKS, AT_DESK, "triage.unlock", triage_unlock },
	{ DV_TRIAGE_ASIDE, DOORS_DESK, DESKS, AT_DESK, "triage.aside", triage_aside },
	{ DV_TRIAGE_BACK, DOORS_DESK, DESKS, AT_DESK, "triage.back", triage_back },
	{ DV_TRIAGE_MERGE, DOORS_DESK, DESKS, AT_DESK, "triage.merge", triage_merge },
	{ DV_APPROVAL_ASK, DOORS_DESK, DESKS, AT_DESK, "draft.approval", approval_ask },
	/* Never in the audit log: it would say which reader holds which case. */
	{ DV_APPROVAL_GIVE, DOOR_FRONT | DOOR_DESK, 0, 0, NULL, approval_give },
	{ DV_PASTE, DOORS_DESK, DESKS, AT_DESK, "draft.paste", paste_in },
	{ DV_TRIAGE_ASK, DOORS_DESK, DESKS, AT_DESK, "triage.ask", triage_ask },
	{ DV_DRAFT_NEW, DOORS_DESK, DESKS, AT_DESK, "draft.new", draft_new },
	{ DV_DRAFT_LIST, DOORS_DESK, DESKS, AT_DESK, "draft.list", draft_list },
	{ DV_DRAFT_GET, DOORS_DESK, DESKS, AT_DESK, "draft.get", draft_get },
	{ DV_DRAFT_PUT, DOORS_DESK, DESKS, AT_DESK, "draft.put", draft_put },
	{ DV_DRAFT_DELETE, DOORS_DESK, DESKS, AT_DESK, "draft.delete", draft_delete },
	{ DV_DRAFT_AUDIENCE, DOORS_DESK, DESKS, AT_DESK, "draft.audience", audience_get },
	{ DV_DRAFT_RELEASE, DOORS_DESK, DESKS, AT_DESK, "draft.release", release_post },
	{ DV_BULLETIN_UPDATE, DOORS_DESK, DESKS, AT_DESK, "bulletin.update",
	    release_update },
	{ DV_BULLETIN_CANCEL, DOORS_DESK, DESKS, AT_DESK, "bulletin.cancel",
	    recall_cancel },
	{ DV_FALSE_ALARM, DOORS_DESK, DESKS, AT_DESK, "bulletin.false-alarm",
	    recall_false_alarm },
	{ DV_SECOND_LIST, DOORS_DESK, DESKS, AT_DESK, "second.list", second_list },
	{ DV_SECOND_GIVE, DOORS_DESK, DESKS, AT_DESK, "second.give", second_give },
	{ DV_ATTACH_PUT, DOORS_DESK, DESKS, AT_DESK, "attachment.put", attach_put },
	{ DV_ATTACH_GET, DOORS_DESK, DESKS, AT_DESK, "attachment.get", attach_get },
	{ DV_ATTACH_DELETE, DOORS_DESK, DESKS, AT_DESK, "attachment.delete",
	    attach_delete },
	{ DV_BULLETIN_FILE, DOOR_FRONT | DOOR_DESK, READERS, 0, "bulletin.file",
	    attach_file },
	{ DV_AUDIT_LIST, DOORS_DESK, DESKS, AT_DESK, "audit.look", audit_list },
	{ DV_IDENTITY, DOORS_DESK, ROLE_CENTRE | ROLE_MINISTRY, AT_DESK, "identity.look",
	    identity_asked },
	{ DV_NAMES, DOORS_DESK, DESKS, AT_DESK, "names.look", names_asked },
	{ DV_RELAY, DOORS_DESK, ROLE_SECRETARIAT, AT_DESK, "relay", relay_post },
	{ DV_ORDER_LIST, DOORS_DESK, DESKS, AT_DESK, "order.list", order_list },
	{ DV_ORDER_PUT, DOORS_DESK, ROLE_SECRETARIAT, AT_DESK, "order.put", order_put },
	{ DV_ORDER_DELETE, DOORS_DESK, ROLE_SECRETARIAT, AT_DESK, "order.delete",
	    order_delete },
	{ DV_HOTLINE_LIST, DOORS_DESK, ROLE_CENTRE, 0, "hotline.list", hotline_list },
	{ DV_HOTLINE_ACK, DOORS_DESK, ROLE_CENTRE, DUTY_DESK | DUTY_OFFICER,
	    "hotline.ack", hotline_ack },
	{ DV_HOTLINE_OPEN, DOORS_DESK, ROLE_CENTRE, DUTY_DESK | DUTY_OFFICER,
	    "hotline.open", hotline_open },
	{ DV_MODE_SWITCH, DOORS_DESK, ROLE_CENTRE, AT_DESK, "mode.switch", mode_switch },
	{ DV_SITUATION_NEW, DOORS_DESK, DESKS, AT_DESK, "situation.new", situation_new },
	{ DV_SITUATION_LIST, DOORS_DESK, DESKS, AT_DESK, "situation.list",
	    situation_list },
	{ DV_SITUATION_GET, DOORS_DESK, DESKS, AT_DESK, "situation.look", situation_get },
	{ DV_SITUATION_ENTRY, DOORS_DESK, DESKS, AT_DESK, "situation.entry",
	    situation_entry },
	{ DV_SITUATION_MEMBERS, DOORS_DESK, DESKS, AT_DESK, "situation.members",
	    situation_members },
	{ DV_SITUATION_TASK, DOORS_DESK, DESKS, AT_DESK, "situation.task",
	    situation_task },
	{ DV_SITUATION_DONE, DOORS_DESK, DESKS, AT_DESK, "situation.done",
	    situation_done },
	{ DV_SITUATION_REPORT, DOORS_DESK, DESKS, AT_DESK, "situation.report",
	    situation_report },
	{ DV_SITUATION_CLOSE, DOORS_DESK, DESKS, AT_DESK, "situation.close",
	    situation_close },
	{ DV_SITUATION_REOPEN, DOORS_DESK, DESKS, AT_DESK, "situation.reopen",
	    situation_reopen },
	{ DV_CONFIRM, DOORS_DESK, ROLE_CENTRE, AT_DESK, "bulletin.confirm", pass_on },
	{ DV_BACKLOG, DOORS_DESK, ROLE_CENTRE, AT_DESK, "backlog.look", backlog_show },
	{ DV_MODE_SHOW, DOORS_READ, READERS, 0, "mode.look", mode_show },
	{ DV_DELIVERIES, DOORS_READ, READERS, 0, "deliveries", deliveries_list },
	{ DV_DELIVERIES_CSV, DOORS_DESK, DESKS, AT_DESK, "deliveries.csv",
	    deliveries_csv },
	{ DV_ACK_FOR, DOORS_DESK, ROLE_SECRETARIAT, AT_DESK, "ack.for", ack_for },
	{ DV_QUESTION, DOORS_READ, READERS, 0, NULL, question_ask },
	{ DV_QUESTION_LIST, DOORS_DESK, DESKS, AT_DESK, "question.list", question_list },
	{ DV_QUESTION_ANSWER, DOORS_DESK, DESKS, AT_DESK, "question.answer",
	    question_answer },
	{ DV_QUESTION_GET, DOORS_READ, 0, 0, NULL, question_get },
	{ DV_QUESTION_PUBLIC, DOORS_READ, READERS, 0, NULL, question_public },
	{ DV_STATS, DOORS_DESK, DESKS, AT_DESK, "stats.look", stats_get },
	{ DV_STATS_CSV, DOORS_DESK, DESKS, AT_DESK, "stats.csv", stats_csv },
	{ DV_ASSESS, DOORS_DESK, ROLE_CENTRE, AT_DESK, "assess", assess_post },
	{ DV_DRILL_NEW, DOORS_DESK, DESKS, AT_DESK, "drill.start", drill_post },
	{ DV_DRILL_LIST, DOORS_DESK, DESKS, AT_DESK, "drill.list", drill_list },
	{ DV_DRILL_GET, DOORS_DESK, DESKS, AT_DESK, "drill.look", drill_get },
	{ DV_DRILL_END, DOORS_DESK, DESKS, AT_DESK, "drill.end", drill_end },
	{ DV_CONTACT_TEST, DOORS_DESK, DESKS, AT_DESK, "contact.test",
	    contact_test_post },
	{ DV_CONTACT_GET, DOORS_READ, READERS, 0, "contact.look", deliveries_list },
	{ DV_CONTACT_CSV, DOORS_DESK, DESKS, AT_DESK, "contact.csv", deliveries_csv },
	{ 0, 0, 0, 0, NULL, NULL },
};
const size_t desk_verb_count = sizeof desk_verbs / sizeof desk_verbs[0];
