/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "daemon/front/route.h"
#include "daemon/front/terms.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/case_message.h"
#include "proto/msg_desk.h"
#include "proto/names_sender.h"
#include "proto/scrub.h"

/*
 * A question about a bulletin: {"text", "commitment"?}.  It is scrubbed like a report,
 * and the keeper is told of its reader what decides whether it may ask, and keeps none of
 * it.
 */
struct work {
	json_t *message;
	char id[2 * ID_LEN + 1], commitment[64];
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
on_reply(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err != 0)
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
	else
		http_keeper(c, a, 1);
}

static int
canonical(const struct work *w, json_t *scrubbed, struct buf *out)
{
	json_t *all = json_copy(scrubbed);
	int rc = all != NULL ? 0 : ERR_NOMEM;

	if (rc == 0 && json_object_set_new(all, "id", json_string(w->id)) != 0)
		rc = ERR_NOMEM;
	if (rc == 0 && w->commitment[0] != '\0' &&
	    json_object_set_new(all, "commitment", json_string(w->commitment)) != 0)
		rc = ERR_NOMEM;
	if (rc == 0)
		rc = json_canonical(all, out);
	json_decref(all);
	return rc;
}

static void
send_on(struct conn *c, json_t *scrubbed)
{
	struct keeper_desk m;
	struct buf text;
	int rc;

	memset(&m, 0, sizeof m);
	m.rights = c->who->rights;
	m.verb = c->req->route->verb;
	m.ref = c->req->param;
	buf_init(&text, MESSAGE_JSON_MAX + 256);
	rc = canonical(c->req->work, scrubbed, &text);
	m.json = buf_slice(&text);
	if (rc == 0)
		rc = desk_ask(c, &m, on_reply);
	buf_wipe(&text);
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
		send_on(c, scrubbed);
	json_decref(scrubbed);
}

/* The number of a question: of its Idempotency-Key, so that twice is once; or random. */
static int
number(struct conn *c, struct work *w, struct fault *why)
{
	uint8_t key[32], mac[32];
	struct buf hex;
	int rc = in_idem_of(c, NULL, key, mac);

	if (rc == ERR_INVALID)
		return fault_set(why, P_INVALID_FIELD, NULL, IDEM_DETAIL);
	if (rc < 0)
		return rc;
	if (rc == 0)
		front_random(c->f, key, ID_LEN);
	buf_init(&hex, 64);
	buf_add_hex(&hex, key, ID_LEN);
	memcpy(w->id, buf_cstr(&hex), sizeof w->id);
	rc = buf_err(&hex);
	buf_done(&hex);
	return rc;
}

/* Takes the commitment out of what is a message otherwise. */
static int
take_commitment(json_t *in, struct work *w, struct fault *why)
{
	static const char expected[] = "43 characters of base64url";
	const struct json_at at = { NULL, "commitment", 0 };
	const json_t *j = json_object_get(in, "commitment");
	unsigned char room[32];
	struct slice s = { json_string_value(j), json_string_length(j) };

	if (j == NULL)
		return 0;
	if (!json_is_string(j))
		return fault_set(why, P_WRONG_TYPE, &at, "a string");
	if (s.n >= sizeof w->commitment ||
	    b64url_decode(s, room, sizeof room) != (long)sizeof room)
		return fault_set(why, P_INVALID_FIELD, &at, expected);
	memcpy(w->commitment, s.p, s.n + 1);
	(void)json_object_del(in, "commitment");
	return 0;
}

static int
read_body(struct conn *c, struct work *w, struct fault *why)
{
	static const struct json_caps caps = { 64 * 1024, 4, 16, 6 * MESSAGE_TEXT_MAX };
	json_t *in = NULL;
	int rc;

	if (c->req->param.n > DESK_REF_MAX)
		return fault_set(why, P_NOT_FOUND, NULL, NULL);
	rc = json_read(buf_slice(&c->req->body), &caps, &in, why);
	if (rc == 0)
		rc = names_sender_json(in, why);
	if (rc == 0)
		rc = take_commitment(in, w, why);
	if (rc == 0)
		rc = message_check(in, MESSAGE_TEXT_MAX, &w->message, why);
	if (rc == 0)
		rc = number(c, w, why);
	json_decref(in);
	return rc;
}

void
in_question_post(struct conn *c)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct work *w;
	int rc;

	if (!in_report_may(c)) {
		http_problem(c, P_RATE, NULL, NULL);
		return;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	c->req->work = w;
	c->req->work_free = work_free;
	rc = read_body(c, w, &why);
	if (rc != 0)
		http_refuse(c, rc, &why);
	else
		terms_need(c, scrub);
}
