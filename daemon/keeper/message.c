/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/message.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/look.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/store_case.h"
#include "daemon/keeper/triage.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/bulletin.h"

enum { BODY_MAX = 4 * MESSAGE_JSON_MAX }; /* defanged */

int
message_take(struct batch_op *op)
{
	static const struct json_caps caps = { MESSAGE_JSON_MAX, 4, 16,
		MESSAGE_JSON_MAX };
	json_t *again = NULL;
	struct buf b;
	int rc;

	rc = keeper_message_get(op->bytes, op->n, &op->message);
	if (rc != 0)
		return rc;
	buf_init(&b, MESSAGE_JSON_MAX);
	rc = json_read(op->message.json, &caps, &op->json, &op->fault);
	if (rc == 0)
		rc = message_check(op->json, MESSAGE_SCRUBBED_MAX, &again, &op->fault);
	if (rc == 0)
		rc = json_canonical(again, &b);
	if (rc == 0 &&
	    (b.n != op->message.json.n || memcmp(b.p, op->message.json.p, b.n) != 0))
		rc = fault_set(&op->fault, P_NOT_PUBLIC, NULL, "not in canonical form");
	if (rc == 0 && !op->message.which.desk)
		rc = message_is_public(op->json, &op->fault);
	if (rc == ERR_INVALID)
		op->problem = op->fault.problem;
	json_decref(again);
	buf_wipe(&b);
	return rc;
}

/* A unique URL would tell its maker the address of whoever follows it. */
static int
defang(const json_t *text, struct buf *out)
{
	static const char *const languages[] = { "en", "ja" };
	const json_t *j;
	struct slice s;
	struct buf one;
	size_t i;
	int rc = 0;

	buf_init(&one, BODY_MAX);
	for (i = 0; rc == 0 && i < 2; i++) {
		j = json_object_get(text, languages[i]);
		if (j == NULL)
			continue;
		s = (struct slice){ json_string_value(j), json_string_length(j) };
		buf_reset(&one);
		rc = text_defang(s, NULL, &one);
		buf_addf(out, "%c\"%s\":", out->n == 0 ? '{' : ',', languages[i]);
		json_add_string(out, buf_slice(&one));
	}
	buf_addc(out, '}');
	buf_wipe(&one);
	return rc != 0 ? rc : buf_err(out);
}

static int
answer(struct keeper *k, const struct store_message *m)
{
	struct buf *out = batch_answers(k->batch);

	buf_addf(out, "{\"at\":");
	words_time(m->minute * 60000, out);
	buf_addf(out, ",\"n\":%u}", (unsigned)m->n);
	return buf_err(out);
}

/* 1: the key is known and the answer stands in op; 0: a new one. */
static int
find_known(struct keeper *k, struct batch_op *op)
{
	const struct keeper_message *m = &op->message;
	struct store_message known;
	int rc;

	if (!m->has_idem)
		return 0;
	rc = store_message_known(k->store, m->which.case_id, m->idem_key, &known);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (!mem_equal_ct(known.mac, m->idem_mac, sizeof known.mac)) {
		op->problem = P_IDEMPOTENCY_MISMATCH;
		return 1;
	}
	rc = answer(k, &known);
	return rc != 0 ? rc : 1;
}

/* The reporter has said something: heard on the desks, and seen on top of them. */
static int
tell_desks(struct keeper *k, struct store_case *c, int64_t minute)
{
	struct report_facts facts;
	struct store_report r;
	struct bell bell;
	json_t *json = NULL;
	int rc;

	rc = publish_load(k, c->report, &r, &json);
	if (rc != 0)
		return rc;
	report_facts(json, &facts);
	json_decref(json);
	bell = (struct bell){ c->slot, c->desks, r.level, facts.exercise, minute };
	rc = publish_bell(k, &bell);
	if (rc == 0 && (r.desks & DESK_BIT_OWN) != 0)
		rc = store_inbox_move(k->store, c->slot, c->touched, minute, c->report);
	if (rc == 0 && (r.desks & DESK_BIT_CENTRE) != 0)
		rc = store_inbox_move(
		    k->store, DESK_CENTRE, c->touched, minute, c->report);
	c->touched = minute;
	return rc != 0 ? rc : triage_heard(k, c, minute);
}

static int
is_full(struct keeper *k, const struct store_case *c, size_t more, int *ret)
{
	uint64_t bytes = 0;
	int rc = store_message_bytes(k->store, c->id, &bytes);

	*ret = c->messages >= MESSAGES_MAX || bytes + more > MESSAGES_BYTES;
	return rc;
}

/* ERR_CONFLICT: it holds no more. */
static int
keep(struct keeper *k, struct store_case *c, struct store_message *m, const json_t *text)
{
	struct buf body;
	int rc, full = 0;

	m->minute = k->now_ms() / 60000;
	m->n = (uint16_t)(c->messages + 1);
	buf_init(&body, BODY_MAX);
	rc = defang(text, &body);
	if (rc == 0)
		rc = is_full(k, c, body.n, &full);
	if (rc == 0 && full)
		rc = ERR_CONFLICT;
	if (rc == 0)
		rc = store_message_add(k->store, c->id, m, buf_slice(&body));
	buf_wipe(&body);
	if (rc != 0)
		return rc;
	c->messages++;
	c->asked = (uint16_t)(m->side == SIDE_DESK ? c->asked + 1 : 0);
	c->told = (uint16_t)(m->side == SIDE_DESK ? 0 : c->told + 1);
	if (m->side == SIDE_REPORTER)
		rc = tell_desks(k, c, m->minute);
	else
		rc = hotline_answered(k, c->id, m->minute);
	return rc != 0 ? rc : store_case_put(k->store, c);
}

static int
write_message(struct keeper *k, struct batch_op *op, struct store_case *c)
{
	const struct keeper_message *in = &op->message;
	struct store_message m;
	int rc;

	memset(&m, 0, sizeof m);
	m.side = in->which.desk ? SIDE_DESK : SIDE_REPORTER;
	m.has_key = in->has_idem;
	memcpy(m.key, in->idem_key, sizeof m.key);
	memcpy(m.mac, in->idem_mac, sizeof m.mac);
	rc = keep(k, c, &m, json_object_get(op->json, "text"));
	if (rc == ERR_CONFLICT) {
		op->problem = P_CONFLICT;
		op->fault.detail = "the case holds as many messages as it can";
		return 0;
	}
	if (rc == 0)
		rc = look_wrote(k, &in->which, "message.write");
	op->created = 1;
	return rc != 0 ? rc : answer(k, &m);
}

int
message_ask(struct keeper *k, struct store_case *c, const json_t *text)
{
	struct store_message m = { .side = SIDE_DESK };

	return keep(k, c, &m, text);
}

int
message_reply(struct keeper *k, struct store_case *c, const json_t *text)
{
	struct store_message m = { .side = SIDE_REPORTER };

	return keep(k, c, &m, text);
}

int
message_apply(struct keeper *k, struct batch_op *op)
{
	struct store_case c;
	int rc;

	rc = case_enter(k, &op->message.which, &c);
	if (rc == ERR_NOTFOUND) {
		op->problem = P_NOT_FOUND;
		return 0;
	}
	if (rc == 0)
		rc = find_known(k, op);
	if (rc != 0)
		return rc == 1 ? 0 : rc;
	if (case_has_ended(&c)) {
		op->problem = P_CONFLICT;
		op->fault.detail = "the case has ended";
		return 0;
	}
	return write_message(k, op, &c);
}

static int
add_message(void *arg, const struct store_message *m, struct slice body)
{
	struct buf *out = arg;

	buf_addf(out, "%s{\"at\":", m->n > 1 ? "," : "");
	words_time(m->minute * 60000, out);
	buf_addf(out, ",\"from\":\"%s\",\"n\":%u,\"text\":",
	    m->side == SIDE_DESK ? "desk" : "reporter", (unsigned)m->n);
	buf_add(out, body.p, body.n);
	buf_addc(out, '}');
	return buf_err(out);
}

int
message_list(struct keeper *k, const struct keeper_case *m, struct buf *out)
{
	struct store_case c;
	int rc;

	rc = case_enter(k, m, &c);
	if (rc != 0)
		return rc;
	buf_adds(out, "{\"messages\":[");
	rc = store_message_each(k->store, c.id, add_message, out);
	buf_adds(out, "]}");
	return rc != 0 ? rc : buf_err(out);
}
