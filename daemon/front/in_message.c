/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_blind.h"
#include "daemon/front/in_case.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "daemon/front/route.h"
#include "daemon/front/terms.h"
#include "lib/mem.h"
#include "proto/msg_case.h"
#include "proto/names_sender.h"
#include "proto/scrub.h"

/* One more message of a case.  The reporter's is scrubbed like a report; a desk's is not,
 * for a desk may say how it is reached. */
struct work {
	struct keeper_message m;
	json_t *message;
};

static void
work_free(struct front *f, void *work)
{
	struct work *w = work;

	(void)f;
	json_decref(w->message);
	mem_wipe_free(w, sizeof *w);
}

static void
on_message(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (c->on == ON_BLIND)
		in_blind_put(c, a);
	if (a->err != 0) /* it was sent: nobody knows */
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
	else
		in_case_answer(c, a, 1);
}

static void
send_on(struct conn *c, struct work *w, const json_t *message)
{
	struct buf text, b;
	int rc;

	buf_init(&text, MESSAGE_JSON_MAX);
	buf_init(&b, MESSAGE_JSON_MAX + 512);
	rc = json_canonical(message, &text);
	w->m.json = buf_slice(&text);
	keeper_message_put(&b, &w->m);
	if (rc == 0)
		rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_MESSAGE, &b,
					      c->id, on_message, &c->req->call)
					: ERR_DOWN;
	w->m.json = (struct slice){ NULL, 0 };
	buf_wipe(&text);
	buf_wipe(&b);
	if (rc != 0)
		http_refuse(c, rc, NULL);
}

static void
scrub(struct conn *c)
{
	struct work *w = c->req->work;
	struct fault why = { P_INTERNAL, "", NULL };
	json_t *scrubbed = NULL;
	int rc = scrub_report(terms_scrubber(c), w->message, &scrubbed, NULL, &why);

	if (rc != 0)
		http_refuse(c, rc, &why);
	else
		send_on(c, w, scrubbed);
	json_decref(scrubbed);
}

static int
read_body(struct conn *c, struct work *w, struct fault *why)
{
	/* The text is measured when its escapes are read: they are up to six times as
	 * long. */
	static const struct json_caps caps = { 64 * 1024, 4, 16, 6 * MESSAGE_TEXT_MAX };
	json_t *in = NULL;
	int rc;

	rc = json_read(buf_slice(&c->req->body), &caps, &in, why);
	if (rc == 0 && c->on == ON_BLIND)
		rc = names_sender_json(in, why);
	if (rc == 0)
		rc = message_check(in, MESSAGE_TEXT_MAX, &w->message, why);
	json_decref(in);
	if (rc != 0)
		return rc;
	rc = in_idem_of(c, w->m.which.desk ? NULL : w->m.which.secret_hash, w->m.idem_key,
	    w->m.idem_mac);
	if (rc == ERR_INVALID)
		return fault_set(why, P_INVALID_FIELD, NULL, IDEM_DETAIL);
	w->m.has_idem = rc == 1;
	return rc < 0 ? rc : 0;
}

void
in_message_post(struct conn *c)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct keeper_case who;
	struct work *w;
	int rc;

	if (!in_case_who(c, &who))
		return;
	if (!in_report_may(c)) {
		http_problem(c, P_RATE, NULL, NULL);
		return;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	w->m.which = who;
	c->req->work = w;
	c->req->work_free = work_free;
	rc = read_body(c, w, &why);
	if (rc != 0)
		http_refuse(c, rc, &why);
	else if (who.desk)
		send_on(c, w, w->message);
	else
		terms_need(c, scrub);
}
