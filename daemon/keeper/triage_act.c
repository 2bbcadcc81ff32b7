/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/triage.h"

#include <string.h>

#include "daemon/keeper/case.h"
#include "daemon/keeper/message.h"
#include "lib/mem.h"
#include "proto/case_message.h"
#include "proto/report_field.h"

enum { ASKED_MOST = 2000, ASKED_AT_ONCE = 100 };

static const char *const codes[] = { "duplicate", "no_relevance", "test", "answered",
	"other", NULL };

static struct slice
text_of(const json_t *texts, const char *language)
{
	const json_t *j = json_object_get(texts, language);
	struct slice s = { json_string_value(j), json_string_length(j) };

	return s.p != NULL ? s : slice_of("");
}

static int
read_aside(struct desk_call *c, json_t **ret)
{
	static const struct field table[] = {
		{ .name = "code", .type = FIELD_WORD, .required = 1, .words = codes },
		{ .name = "reason",
		    .type = FIELD_BLOCK,
		    .required = 1,
		    .bytes = TRIAGE_REASON_MAX },
		{ .name = NULL },
	};
	struct report_check check = {
		.now_ms = c->now_ms, .lang = "ja", .why = &c->fault
	};
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_JSON_SYNTAX, NULL, "{\"code\":..,\"reason\":..}");
	rc = report_object(&check, table, c->json, NULL, ret);
	if (rc == ERR_INVALID)
		c->problem = c->fault.problem;
	return rc;
}

static uint8_t
code_of(const json_t *given)
{
	const char *code = json_string_value(json_object_get(given, "code"));
	uint8_t i;

	for (i = 0; codes[i] != NULL; i++)
		if (strcmp(codes[i], code) == 0)
			break;
	return (uint8_t)(i + 1);
}

int
triage_aside(struct keeper *k, struct desk_call *c)
{
	json_t *given = NULL, *reason;
	struct store_group g;
	int rc = triage_open(k, c, &g);

	if (rc == 0)
		rc = read_aside(c, &given);
	if (rc == 0)
		rc = triage_hold(k, c, &g);
	if (rc == 0) {
		g.state = TRIAGE_ASIDE;
		g.code = code_of(given);
		g.since = c->minute;
		triage_person(&c->m->rights, g.person);
		rc = store_group_put(k->store, &g);
	}
	reason = json_object_get(given, "reason");
	if (rc == 0)
		rc = store_group_words(
		    k->store, g.id, text_of(reason, "ja"), text_of(reason, "en"));
	if (rc == 0) /* it is off this person's hands */
		rc = store_lock_del(k->store, g.id);
	json_decref(given);
	return rc != 0 ? rc : triage_item_write(k, c, &g, c->out);
}

int
triage_back(struct keeper *k, struct desk_call *c)
{
	struct store_group g;
	int rc = triage_open(k, c, &g);

	if (rc == 0)
		rc = triage_hold(k, c, &g);
	if (rc == 0 && g.state != TRIAGE_WAITS) {
		g.state = TRIAGE_WAITS;
		g.code = 0;
		rc = store_group_put(k->store, &g);
		if (rc == 0)
			rc =
			    store_group_words(k->store, g.id, slice_of(""), slice_of(""));
	}
	return rc != 0 ? rc : triage_item_write(k, c, &g, c->out);
}

/* -------- one question to all who can be asked */

struct asked {
	unsigned asked, without, full, ended;
};

static int
ask_one(struct keeper *k, const struct store_member_case *m, const json_t *text,
    struct asked *ret)
{
	struct store_case kase;
	int rc = store_case_get(k->store, m->case_id, &kase);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (m->ended || case_has_ended(&kase)) {
		ret->ended++;
		return 0;
	}
	if (!kase.has_commitment) {
		ret->without++;
		return 0;
	}
	rc = message_ask(k, &kase, text);
	if (rc == ERR_CONFLICT) {
		ret->full++;
		return 0;
	}
	ret->asked += rc == 0;
	return rc;
}

static int
ask_all(
    struct keeper *k, const struct store_group *g, const json_t *text, struct asked *ret)
{
	struct store_member_case m[ASKED_AT_ONCE];
	size_t at, n, i;
	int rc = 0;

	for (at = 0; rc == 0 && at < ASKED_MOST; at += n) {
		rc = store_member_case_list(k->store, g->id, at, m, ASKED_AT_ONCE, &n);
		if (rc != 0 || n == 0)
			break;
		for (i = 0; rc == 0 && i < n; i++)
			rc = ask_one(k, &m[i], text, ret);
	}
	return rc;
}

int
triage_ask(struct keeper *k, struct desk_call *c)
{
	struct asked n = { 0 };
	json_t *message = NULL;
	struct store_group g;
	int rc = triage_open(k, c, &g);

	if (rc == 0 && c->json == NULL)
		rc = desk_fail(c, P_JSON_SYNTAX, NULL, "{\"text\":..}");
	if (rc == 0) {
		rc = message_check(c->json, MESSAGE_TEXT_MAX, &message, &c->fault);
		if (rc == ERR_INVALID)
			c->problem = c->fault.problem;
	}
	if (rc == 0)
		rc = triage_hold(k, c, &g);
	if (rc == 0)
		rc = ask_all(k, &g, json_object_get(message, "text"), &n);
	json_decref(message);
	if (rc != 0)
		return rc;
	buf_addf(c->out, "{\"asked\":%u,\"ended\":%u,\"full\":%u,\"without_channel\":%u}",
	    n.asked, n.ended, n.full, n.without);
	return buf_err(c->out);
}
