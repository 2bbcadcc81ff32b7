/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/question.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_question.h"
#include "daemon/keeper/store_relay.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/bulletin.h"
#include "proto/case_message.h"
#include "proto/http.h"
#include "proto/text.h"

enum {
	BODY_MAX = 4 * MESSAGE_JSON_MAX, /* defanged */
	QUESTIONS_MAX = 500,		 /* of a bulletin */
	LIMIT = 50,
	LIMIT_MOST = 200,
	SCAN = 2000,
	CURSOR_MAX = 64,
	BELL_MOST = 2, /* it pages nobody */
};

/* The bulletin of the path, for who may read it. */
static int
enter(struct keeper *k, const struct desk_call *c, struct store_bulletin *ret)
{
	const struct rights *r = &c->m->rights;
	int rc = shelf_find(k, c->m->ref, ret);

	if (rc == 0 && frame_may_read(&ret->head, r, acks_is_cross(k, r)) == VIEW_NONE)
		rc = ERR_NOTFOUND;
	return rc;
}

/* Whose bulletin it is: a CEPTOAR's slot, or the centre. */
static int
desk_of(struct keeper *k, const struct store_bulletin *b, unsigned *ret)
{
	struct store_meta meta;
	struct store_relay relay;
	struct store_case c;
	struct buf words;
	int rc;

	*ret = DESK_CENTRE;
	if ((b->head.flags & FRAME_RELAY) != 0) {
		buf_init(&words, KEEPER_FRAME_MAX);
		rc = store_relay_get(k->store, b->id, &relay, &words);
		buf_done(&words);
		if (rc == 0)
			*ret = relay.slot;
		return rc;
	}
	rc = store_meta_get(k->store, b->id, &meta);
	if (rc == 0) {
		*ret = meta.desk;
		return 0;
	}
	if (rc != ERR_NOTFOUND)
		return rc;
	rc = store_case_get(k->store, b->case_id, &c);
	if (rc == 0)
		*ret = c.slot;
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
is_mine(struct keeper *k, const struct rights *r, const struct store_bulletin *b)
{
	unsigned desk;

	if (frame_may_read(&b->head, r, acks_is_cross(k, r)) == VIEW_NONE)
		return 0;
	if ((r->roles & ROLE_CENTRE) != 0)
		return 1;
	return desk_of(k, b, &desk) == 0 && desk_is_of(r, desk);
}

/* {"ja","en"} with its addresses defanged. */
static int
write_text(const json_t *text, struct buf *out)
{
	static const char *const languages[] = { "en", "ja" };
	const json_t *j;
	struct slice s;
	struct buf one;
	size_t i, n = 0;
	int rc = 0;

	buf_init(&one, BODY_MAX);
	buf_addc(out, '{');
	for (i = 0; rc == 0 && i < 2; i++) {
		j = json_object_get(text, languages[i]);
		if (j == NULL)
			continue;
		s = (struct slice){ json_string_value(j), json_string_length(j) };
		buf_reset(&one);
		rc = text_defang(s, NULL, &one);
		buf_addf(out, "%s\"%s\":", n++ > 0 ? "," : "", languages[i]);
		json_add_string(out, buf_slice(&one));
	}
	buf_addc(out, '}');
	buf_wipe(&one);
	return rc != 0 ? rc : buf_err(out);
}

/* A message without what stands beside its text. */
static int
read_message(struct desk_call *c, const char *const *beside, size_t most, json_t **ret)
{
	struct fault why = { P_INTERNAL, "", NULL };
	json_t *in;
	size_t i;
	int rc;

	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "an object");
	in = json_copy((json_t *)(uintptr_t)c->json);
	if (in == NULL)
		return ERR_NOMEM;
	for (i = 0; beside[i] != NULL; i++)
		(void)json_object_del(in, beside[i]);
	rc = message_check(in, most, ret, &why);
	json_decref(in);
	return rc == ERR_INVALID ? desk_fail(c, why.problem, why.pointer, why.detail)
				 : rc;
}

static int
read_hex(struct desk_call *c, const char *name, uint8_t *ret)
{
	const json_t *j = json_object_get(c->json, name);
	struct slice s = { json_string_value(j), json_string_length(j) };

	return j != NULL && hex_decode(s, ret, ID_LEN) == ID_LEN
		   ? 0
		   : desk_fail(c, P_INTERNAL, NULL, NULL); /* the front's affair */
}

static int
read_commitment(struct desk_call *c, struct store_question *q)
{
	const json_t *j = json_object_get(c->json, "commitment");
	struct slice s = { json_string_value(j), json_string_length(j) };

	if (j == NULL)
		return 0;
	if (!json_is_string(j) || b64url_decode(s, q->commitment, sizeof q->commitment) !=
				      (long)sizeof q->commitment)
		return desk_fail(
		    c, P_INVALID_FIELD, "/commitment", "43 characters of base64url");
	q->has_commitment = 1;
	return 0;
}

/* The desk hears that there is something; it pages nobody. */
static int
ring(struct keeper *k, const struct desk_call *c, const struct store_bulletin *b)
{
	struct bell bell = { .desks = DESK_BIT_OWN,
		.level = b->head.severity < BELL_MOST ? b->head.severity : BELL_MOST,
		.exercise = (b->head.flags & FRAME_EXERCISE) != 0,
		.minute = c->minute };
	int rc = desk_of(k, b, &bell.slot);

	if (bell.slot == DESK_CENTRE)
		bell.desks = DESK_BIT_CENTRE;
	return rc == 0 ? publish_bell(k, &bell) : rc;
}

static int
asked(struct desk_call *c, const struct store_question *q)
{
	buf_adds(c->out, "{\"at\":");
	words_time(q->minute * 60000, c->out);
	buf_addc(c->out, ',');
	words_id("id", q->id, c->out);
	buf_addc(c->out, '}');
	return buf_err(c->out);
}

/* 1: this very question is there already, under the same Idempotency-Key. */
static int
is_known(struct keeper *k, struct desk_call *c, const struct store_question *q,
    struct slice body)
{
	struct store_question old;
	struct buf text;
	int rc, same;

	buf_init(&text, BODY_MAX);
	rc = store_question_get(k->store, q->id, &old, &text, NULL);
	same = rc == 0 && text.n == body.n && memcmp(text.p, body.p, body.n) == 0 &&
	       memcmp(old.bulletin, q->bulletin, ID_LEN) == 0 &&
	       old.has_commitment == q->has_commitment &&
	       mem_equal_ct(old.commitment, q->commitment, sizeof q->commitment);
	buf_wipe(&text);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (!same)
		return desk_fail(c, P_IDEMPOTENCY_MISMATCH, NULL, NULL);
	rc = asked(c, &old);
	return rc != 0 ? rc : 1;
}

static int
add(struct keeper *k, struct desk_call *c, const struct store_bulletin *b,
    const struct store_question *q, struct slice body)
{
	unsigned n = 0;
	int rc = is_known(k, c, q, body);

	if (rc != 0)
		return rc == 1 ? 0 : rc;
	rc = store_question_count(k->store, b->id, &n);
	if (rc == 0 && n >= QUESTIONS_MAX)
		return desk_fail(c, P_TOO_LARGE, NULL,
		    "the bulletin holds as many questions as it can");
	if (rc == 0)
		rc = store_question_add(k->store, q, body);
	if (rc == 0)
		rc = ring(k, c, b);
	c->created = 1;
	return rc == 0 ? asked(c, q) : rc;
}

int
question_ask(struct keeper *k, struct desk_call *c)
{
	static const char *const beside[] = { "id", "commitment", NULL };
	struct fault why = { P_INTERNAL, "", NULL };
	struct store_question q;
	struct store_bulletin b;
	json_t *message = NULL;
	struct buf body;
	int rc;

	memset(&q, 0, sizeof q);
	buf_init(&body, BODY_MAX);
	rc = enter(k, c, &b);
	if (rc == 0)
		rc = read_message(c, beside, MESSAGE_SCRUBBED_MAX, &message);
	if (rc == 0)
		rc = read_hex(c, "id", q.id);
	if (rc == 0)
		rc = read_commitment(c, &q);
	if (rc == 0 && message_is_public(message, &why) != 0)
		rc = desk_fail(c, why.problem, why.pointer, why.detail);
	if (rc == 0)
		rc = write_text(json_object_get(message, "text"), &body);
	if (rc == 0) {
		memcpy(q.bulletin, b.id, ID_LEN);
		q.minute = c->minute;
		rc = add(k, c, &b, &q, buf_slice(&body));
	}
	json_decref(message);
	buf_wipe(&body);
	return rc;
}

/* "answer":{..} or null, without a comma. */
static void
write_answer(const struct store_question *q, struct slice answer, struct buf *out)
{
	buf_adds(out, "\"answer\":");
	if (q->answered == 0) {
		buf_adds(out, "null");
		return;
	}
	buf_adds(out, "{\"at\":");
	words_time(q->answered * 60000, out);
	buf_adds(out, ",\"text\":");
	buf_add(out, answer.p, answer.n);
	buf_addf(out, ",\"to\":\"%s\"}", q->to_all ? "all" : "one");
}

/* One for a desk, or for whoever asked. */
static int
write_one(struct keeper *k, const struct store_question *key,
    const struct store_bulletin *b, struct buf *out)
{
	struct buf body, answer;
	struct store_question q;
	int rc;

	buf_init(&body, BODY_MAX);
	buf_init(&answer, BODY_MAX);
	rc = store_question_get(k->store, key->id, &q, &body, &answer);
	if (rc == 0) {
		buf_addc(out, '{');
		write_answer(&q, buf_slice(&answer), out);
		buf_adds(out, ",\"at\":");
		words_time(q.minute * 60000, out);
		buf_adds(out, ",\"bulletin\":{");
		words_id("id", b->id, out);
		buf_addf(out, ",\"number\":\"%s\"},", b->number);
		words_id("id", q.id, out);
		buf_adds(out, ",\"text\":");
		buf_add(out, body.p, body.n);
		buf_addc(out, '}');
	}
	buf_wipe(&body);
	buf_wipe(&answer);
	return rc == 0 ? buf_err(out) : rc;
}

/* Where the page begins: "minute-id". */
static int
read_cursor(struct desk_call *c, int64_t *minute, uint8_t id[ID_LEN])
{
	struct buf v;
	long long m = 0;
	char hex[2 * ID_LEN + 1] = "";
	int got, rc = 0;

	*minute = INT64_MAX;
	memset(id, 0xff, ID_LEN);
	buf_init(&v, CURSOR_MAX);
	got = http_query(c->m->query, "cursor", &v);
	if (got < 0 ||
	    (got == 1 && (buf_err(&v) != 0 ||
			     sscanf(buf_cstr(&v), "%10lld-%32[0-9a-f]", &m, hex) != 2 ||
			     hex_decode(slice_of(hex), id, ID_LEN) != ID_LEN)))
		rc = desk_fail(c, P_CURSOR_INVALID, NULL, NULL);
	else if (got == 1)
		*minute = m;
	buf_done(&v);
	return rc;
}

int
question_list(struct keeper *k, struct desk_call *c)
{
	static const char *const known[] = { "open", "cursor", "limit", NULL };
	uint64_t limit = LIMIT, open = 0;
	unsigned scanned, given = 0;
	struct store_question q;
	struct store_bulletin b;
	uint8_t id[ID_LEN];
	int64_t minute;
	int rc;

	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL, "a parameter is not known");
	rc = desk_number(c, "limit", 1, LIMIT_MOST, &limit);
	if (rc == 0)
		rc = desk_number(c, "open", 0, 1, &open);
	if (rc == 0)
		rc = read_cursor(c, &minute, id);
	if (rc != 0)
		return rc;
	buf_adds(c->out, "{\"next\":");
	/* The texts come behind, since what is next is known at the end. */
	{
		struct buf list;

		buf_init(&list, KEEPER_FRAME_MAX / 2);
		for (scanned = 0; rc == 0 && scanned < SCAN && given < limit; scanned++) {
			rc = store_question_before(k->store, minute, id, &q);
			if (rc != 0)
				break;
			minute = q.minute;
			memcpy(id, q.id, ID_LEN);
			if (open != 0 && q.answered != 0)
				continue;
			rc = store_bulletin_get(k->store, q.bulletin, &b);
			if (rc == ERR_NOTFOUND ||
			    (rc == 0 && !is_mine(k, &c->m->rights, &b))) {
				rc = 0;
				continue;
			}
			buf_adds(&list, given++ > 0 ? "," : "");
			if (rc == 0)
				rc = write_one(k, &q, &b, &list);
		}
		if (rc == 0) {
			buf_addf(c->out, "\"%lld-", (long long)minute);
			buf_add_hex(c->out, id, ID_LEN);
			buf_addc(c->out, '"');
		} else {
			buf_adds(c->out, "null");
		}
		buf_adds(c->out, ",\"questions\":[");
		buf_add(c->out, list.p, list.n);
		buf_adds(c->out, "]}");
		if (rc == ERR_NOTFOUND)
			rc = buf_err(&list);
		buf_wipe(&list);
	}
	return rc != 0 ? rc : buf_err(c->out);
}

/* The question of the path. */
static int
find(struct keeper *k, const struct desk_call *c, struct store_question *q,
    struct store_bulletin *b)
{
	uint8_t id[ID_LEN];
	int rc;

	if (hex_decode(c->m->ref, id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_question_get(k->store, id, q, NULL, NULL);
	return rc == 0 ? store_bulletin_get(k->store, q->bulletin, b) : rc;
}

int
question_answer(struct keeper *k, struct desk_call *c)
{
	static const char *const beside[] = { "replace", "to", NULL };
	const char *to = json_string_value(json_object_get(c->json, "to"));
	const json_t *replace = json_object_get(c->json, "replace");
	struct store_question q;
	struct store_bulletin b;
	json_t *message = NULL;
	struct buf text;
	int rc;

	rc = find(k, c, &q, &b);
	if (rc == 0 && !is_mine(k, &c->m->rights, &b))
		rc = ERR_NOTFOUND;
	if (rc == 0 && c->json == NULL)
		rc = desk_fail(c, P_MISSING_FIELD, "/text", NULL);
	if (rc == 0)
		rc = read_message(c, beside, MESSAGE_TEXT_MAX, &message);
	if (rc == 0 && json_object_get(c->json, "to") == NULL)
		rc = desk_fail(c, P_MISSING_FIELD, "/to", "one or all");
	if (rc == 0 && (to == NULL || (strcmp(to, "one") != 0 && strcmp(to, "all") != 0)))
		rc = desk_fail(c, P_INVALID_FIELD, "/to", "one or all");
	if (rc == 0 && replace != NULL && !json_is_boolean(replace))
		rc = desk_fail(c, P_WRONG_TYPE, "/replace", "true or false");
	/* Two persons of a desk may have read it at once: whoever asked has read one. */
	if (rc == 0 && q.answered != 0 && !json_is_true(replace))
		rc = desk_fail(c, P_CONFLICT, NULL,
		    "it is answered; with \"replace\": true this answer takes its place");
	buf_init(&text, BODY_MAX);
	if (rc == 0)
		rc = write_text(json_object_get(message, "text"), &text);
	if (rc == 0)
		rc = store_question_answer(k->store, q.id, buf_slice(&text), c->minute,
		    to != NULL && strcmp(to, "all") == 0);
	json_decref(message);
	buf_wipe(&text);
	return rc == 0 ? write_one(k, &q, &b, c->out) : rc;
}

int
question_get(struct keeper *k, struct desk_call *c)
{
	struct store_question q;
	struct store_bulletin b;
	int rc = find(k, c, &q, &b);

	if (rc == 0 && (!q.has_commitment || !mem_equal_ct(q.commitment,
						 c->m->secret_hash, sizeof q.commitment)))
		rc = ERR_NOTFOUND;
	return rc == 0 ? write_one(k, &q, &b, c->out) : rc;
}

static int
write_public(
    void *arg, const struct store_question *q, struct slice body, struct slice answer)
{
	struct buf *out = arg;

	buf_adds(out, out->p[out->n - 1] == '[' ? "{" : ",{");
	write_answer(q, answer, out);
	buf_adds(out, ",\"text\":");
	buf_add(out, body.p, body.n);
	buf_addc(out, '}');
	return buf_err(out);
}

int
question_public(struct keeper *k, struct desk_call *c)
{
	struct store_bulletin b;
	int rc = enter(k, c, &b);

	if (rc != 0)
		return rc;
	buf_adds(c->out, "{\"questions\":[");
	rc = store_question_each(k->store, b.id, write_public, c->out);
	buf_adds(c->out, "]}");
	return rc != 0 ? rc : buf_err(c->out);
}
