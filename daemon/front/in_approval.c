/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_blind.h"
#include "daemon/front/in_case.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "daemon/front/route.h"
#include "daemon/front/terms.h"
#include "lib/mem.h"
#include "proto/case_message.h"
#include "proto/msg_desk.h"
#include "proto/names_sender.h"
#include "proto/scrub.h"

/*
 * The reporter's word on a draft.  It goes on by the case secret's hash alone: the rights
 * of the connection stay here, or the keeper would see which member holds which case.  A
 * note is scrubbed like a report.
 */
struct work {
	uint8_t secret_hash[32];
	json_t *body, *note; /* note: {"text"}, or NULL */
};

static void
work_free(struct front *f, void *work)
{
	struct work *w = work;

	(void)f;
	json_decref(w->body);
	json_decref(w->note);
	mem_wipe_free(w, sizeof *w);
}

static void
on_answer(struct front *f, uint64_t owner, const struct answer *a)
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
		in_case_answer(c, a, 0);
}

static void
send_on(struct conn *c, const struct work *w)
{
	static const struct fault why = { P_JSON_NUMBER, "", "whole numbers only" };
	struct keeper_desk m;
	struct buf text;
	int rc;

	memset(&m, 0, sizeof m);
	m.verb = DV_APPROVAL_GIVE;
	m.ref = c->req->param;
	m.has_secret = 1;
	memcpy(m.secret_hash, w->secret_hash, sizeof m.secret_hash);
	buf_init(&text, MESSAGE_JSON_MAX + 512);
	rc = json_canonical(w->body, &text);
	m.json = buf_slice(&text);
	if (rc == 0)
		rc = desk_ask(c, &m, on_answer);
	buf_wipe(&text);
	mem_wipe(&m, sizeof m);
	if (rc != 0)
		http_refuse(c, rc, &why);
}

static void
scrub(struct conn *c)
{
	struct work *w = c->req->work;
	struct fault why = { P_INTERNAL, "", NULL };
	json_t *scrubbed = NULL;
	int rc = scrub_report(terms_scrubber(c), w->note, &scrubbed, NULL, &why);

	if (rc == 0 &&
	    json_object_set(w->body, "note", json_object_get(scrubbed, "text")) != 0)
		rc = ERR_NOMEM;
	json_decref(scrubbed);
	if (rc != 0)
		http_refuse(c, rc, &why);
	else
		send_on(c, w);
}

static int
read_body(struct conn *c, struct work *w, struct fault *why)
{
	static const struct json_caps caps = { 64 * 1024, 4, 32, 6 * MESSAGE_TEXT_MAX };
	json_t *note, *wrapped;
	int rc = json_read(buf_slice(&c->req->body), &caps, &w->body, why);

	if (rc == 0 && c->on == ON_BLIND)
		rc = names_sender_json(w->body, why);
	note = rc == 0 ? json_object_get(w->body, "note") : NULL;
	if (rc != 0 || note == NULL)
		return rc;
	wrapped = json_pack("{s:O}", "text", note);
	if (wrapped == NULL)
		return ERR_NOMEM;
	rc = message_check(wrapped, MESSAGE_TEXT_MAX, &w->note, why);
	json_decref(wrapped);
	if (rc == ERR_INVALID) /* message_check speaks of its own field */
		(void)fault_set(
		    why, why->problem, &(struct json_at){ .key = "note" }, why->detail);
	return rc;
}

void
in_approval_post(struct conn *c)
{
	struct fault why = { P_INTERNAL, "", NULL };
	uint8_t case_id[ID_LEN], hash[32];
	struct work *w;
	int rc;

	if (!in_case_secret(c, case_id, hash))
		return; /* it was answered */
	if (!in_report_may(c)) {
		http_problem(c, P_RATE, NULL, NULL);
		return;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	memcpy(w->secret_hash, hash, sizeof hash);
	mem_wipe(hash, sizeof hash);
	c->req->work = w;
	c->req->work_free = work_free;
	rc = read_body(c, w, &why);
	if (rc != 0)
		http_refuse(c, rc, &why);
	else if (w->note != NULL)
		terms_need(c, scrub);
	else
		send_on(c, w);
}
