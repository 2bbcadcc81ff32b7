/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/approval.h"

#include <string.h>

#include <openssl/evp.h>

#include "daemon/keeper/case.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/message.h"
#include "daemon/keeper/store_approval.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/case_message.h"

enum {
	CASE_DRAFTS = 8,  /* of one case that are looked at */
	FILES_MAX = 4096, /* what a draft's files are called, and their sums */
	TEXT_MAX = DRAFT_JSON_MAX + FILES_MAX,
};

/* The files are part of what goes out: which ones stands in the text, when there are. */
static int
add_files(struct keeper *k, const struct store_draft *d, json_t *shown)
{
	json_t *files = NULL;
	struct buf list;
	int rc;

	buf_init(&list, FILES_MAX);
	rc = draft_files(k, d->id, &list);
	if (rc == 0) {
		files = json_loadb(list.p, list.n, 0, NULL);
		rc = files != NULL ? 0 : ERR_NOMEM;
	}
	buf_done(&list);
	if (rc == 0 && json_array_size(files) > 0 &&
	    json_object_set(shown, "attachments", files) != 0)
		rc = ERR_NOMEM;
	json_decref(files);
	return rc;
}

/* What the reporter is shown: the draft without the cases, which are other people's. */
static int
text_of(
    struct keeper *k, const struct store_draft *d, const json_t *content, struct buf *out)
{
	json_t *shown = json_copy((json_t *)(uintptr_t)content);
	int rc = shown != NULL ? 0 : ERR_NOMEM;

	if (rc == 0) {
		(void)json_object_del(shown, "cases");
		rc = add_files(k, d, shown);
	}
	if (rc == 0)
		rc = json_canonical(shown, out);
	json_decref(shown);
	return rc;
}

static int
sum_of(const struct buf *text, uint8_t ret[SUM_LEN])
{
	if (buf_err(text) != 0)
		return buf_err(text);
	return EVP_Digest(text->p, text->n, ret, NULL, EVP_sha256(), NULL) == 1
		   ? 0
		   : ERR_CRYPTO;
}

static int
sum_of_draft(struct keeper *k, const struct store_draft *d, const json_t *content,
    uint8_t ret[SUM_LEN])
{
	struct buf text;
	int rc;

	buf_init(&text, TEXT_MAX);
	rc = text_of(k, d, content, &text);
	if (rc == 0)
		rc = sum_of(&text, ret);
	buf_done(&text);
	return rc;
}

/* -------- the desk asks */

/* 1 asked, 0 it has no channel or has ended. */
static int
ask_one(struct keeper *k, const struct desk_call *c, const struct store_draft *d,
    const uint8_t *case_id, const uint8_t *sum)
{
	struct store_approval a;
	struct store_case row;
	int rc = store_case_get(k->store, case_id, &row);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (!row.has_commitment || case_has_ended(&row))
		return 0;
	rc = store_approval_get(k->store, d->id, case_id, &a);
	if (rc == 0 && memcmp(a.sum, sum, SUM_LEN) == 0)
		return 1; /* it was asked about this text; its answer stands */
	if (rc == ERR_NOTFOUND) {
		memset(&a, 0, sizeof a);
		memcpy(a.draft, d->id, ID_LEN);
		memcpy(a.case_id, case_id, ID_LEN);
	} else if (rc != 0) {
		return rc;
	}
	memcpy(a.sum, sum, SUM_LEN);
	a.asked = c->minute;
	a.answer = APPROVAL_NONE;
	rc = store_approval_put(k->store, &a);
	return rc != 0 ? rc : 1;
}

static int
ask(struct keeper *k, struct desk_call *c, const struct store_draft *d,
    const json_t *content)
{
	struct draft_facts f;
	uint8_t sum[SUM_LEN];
	unsigned i, without = 0;
	int rc = sum_of_draft(k, d, content, sum);

	draft_facts(content, k->tax, &f);
	for (i = 0; rc >= 0 && i < f.case_count; i++) {
		rc = ask_one(k, c, d, f.cases[i], sum);
		without += rc == 0;
	}
	if (rc < 0)
		return rc;
	if (without == f.case_count)
		return desk_fail(
		    c, P_CONFLICT, "/cases", "none of its cases has a channel to ask by");
	buf_adds(c->out, "{\"sha256\":\"");
	buf_add_hex(c->out, sum, SUM_LEN);
	buf_addf(c->out, "\",\"without_channel\":%u", without);
	rc = approval_of_draft(k, d, content, c->out);
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}

int
approval_ask(struct keeper *k, struct desk_call *c)
{
	struct store_draft d;
	json_t *content = NULL;
	int rc = draft_enter(k, c, &d);

	if (rc == 0 && d.state == DRAFT_RELEASED)
		rc = desk_fail(c, P_CONFLICT, NULL, "it is released");
	if (rc == 0)
		rc = draft_read(k, &d, d.revision, &content);
	if (rc == 0)
		rc = ask(k, c, &d, content);
	json_decref(content);
	return rc;
}

int
approval_of_draft(
    struct keeper *k, const struct store_draft *d, const json_t *content, struct buf *out)
{
	struct store_approval *v = mem_calloc(DRAFT_CASES, sizeof *v);
	unsigned asked = 0, given = 0, refused = 0, old = 0;
	uint8_t sum[SUM_LEN];
	size_t i, n = 0;
	int rc = v != NULL ? sum_of_draft(k, d, content, sum) : ERR_NOMEM;

	if (rc == 0)
		rc = store_approval_list(k->store, 0, d->id, v, DRAFT_CASES, &n);
	for (i = 0; rc == 0 && i < n; i++) {
		if (memcmp(v[i].sum, sum, SUM_LEN) != 0) {
			old++;
			continue;
		}
		asked++;
		given += v[i].answer == APPROVAL_GIVEN;
		refused += v[i].answer == APPROVAL_REFUSED;
	}
	mem_free(v);
	if (rc != 0)
		return rc;
	buf_addf(out,
	    ",\"approval\":{\"approved\":%u,\"asked\":%u,\"refused\":%u,\"void\":%u}",
	    given, asked, refused, old);
	return buf_err(out);
}

/* 1: this reporter has refused a text of the draft and approved none since, or this very
 * text, wherever it stood then. */
static int
is_refused(struct keeper *k, const struct store_draft *d, const uint8_t *case_id,
    const uint8_t sum[SUM_LEN])
{
	struct store_approval a;
	int rc = store_approval_get(k->store, d->id, case_id, &a);

	if (rc == 0 && a.blocks)
		return 1;
	if (rc == 0 || rc == ERR_NOTFOUND)
		rc = store_refusal_get(k->store, case_id, sum);
	return rc == ERR_NOTFOUND ? 0 : rc == 0 ? 1 : rc;
}

int
approval_check(struct keeper *k, struct desk_call *c, const struct store_draft *d,
    const json_t *content, const struct draft_facts *f)
{
	uint8_t sum[SUM_LEN];
	unsigned i;
	int rc = sum_of_draft(k, d, content, sum);

	for (i = 0; rc == 0 && i < f->case_count; i++)
		rc = is_refused(k, d, f->cases[i], sum);
	if (rc == 1)
		rc = desk_fail(c, P_CONFLICT, "/cases",
		    "a reporter has refused the text: ask about another one, or take the "
		    "case out");
	return rc;
}

/* -------- the reporter answers */

/* The last text of a draft that this case is asked about; ERR_NOTFOUND. */
static int
find(struct keeper *k, const uint8_t *case_id, struct store_approval *ret,
    struct buf *text)
{
	struct store_approval v[CASE_DRAFTS];
	struct store_draft d;
	json_t *content = NULL;
	uint8_t sum[SUM_LEN];
	size_t i, n = 0;
	int rc = store_approval_list(k->store, 1, case_id, v, CASE_DRAFTS, &n);

	for (i = 0; rc == 0 && i < n; i++) {
		rc = store_draft_get(k->store, v[i].draft, &d);
		if (rc == ERR_NOTFOUND || (rc == 0 && d.state == DRAFT_RELEASED)) {
			rc = 0;
			continue;
		}
		if (rc == 0)
			rc = draft_read(k, &d, d.revision, &content);
		buf_reset(text);
		if (rc == 0)
			rc = text_of(k, &d, content, text);
		if (rc == 0)
			rc = sum_of(text, sum);
		json_decref(content);
		content = NULL;
		if (rc == 0 && memcmp(sum, v[i].sum, SUM_LEN) == 0) {
			*ret = v[i];
			return 0;
		}
	}
	return rc != 0 ? rc : ERR_NOTFOUND;
}

int
approval_of_case(struct keeper *k, const struct store_case *c, struct buf *out)
{
	static const char *const answers[] = { NULL, "approved", "refused" };
	struct store_approval a;
	struct buf text;
	int rc;

	if (case_has_ended(c))
		return 0;
	buf_init(&text, TEXT_MAX);
	rc = find(k, c->id, &a, &text);
	if (rc == 0) {
		buf_adds(out, "\"approval\":{");
		if (answers[a.answer] != NULL)
			buf_addf(out, "\"answer\":\"%s\",", answers[a.answer]);
		buf_adds(out, "\"asked_at\":");
		words_time(a.asked * 60000, out);
		buf_adds(out, ",\"draft\":");
		buf_add(out, text.p, text.n);
		buf_adds(out, ",\"sha256\":\"");
		buf_add_hex(out, a.sum, SUM_LEN);
		buf_adds(out, "\"},");
	}
	buf_done(&text);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

/* {"sha256", "approve", "note"?}: the note checked as a message of the reporter is. */
static int
read_answer(
    struct desk_call *c, uint8_t sum[SUM_LEN], int *ret_approve, json_t **ret_note)
{
	const json_t *sha = json_object_get(c->json, "sha256"), *approve, *note;
	struct slice hex = { json_string_value(sha), json_string_length(sha) };
	json_t *wrapped;
	int rc;

	approve = json_object_get(c->json, "approve");
	note = json_object_get(c->json, "note");
	if (!json_is_object(c->json))
		return desk_fail(
		    c, P_JSON_SYNTAX, NULL, "{\"sha256\":..,\"approve\":..}");
	if (json_object_size(c->json) >
	    (size_t)(sha != NULL) + (approve != NULL) + (note != NULL))
		return desk_fail(
		    c, P_UNKNOWN_FIELD, "", "sha256, approve and note are known");
	if (sha == NULL)
		return desk_fail(
		    c, P_MISSING_FIELD, "/sha256", "of the text that was read");
	if (hex.p == NULL || hex_decode(hex, sum, SUM_LEN) != SUM_LEN)
		return desk_fail(c, P_INVALID_FIELD, "/sha256", "64 hexadecimal digits");
	if (approve == NULL)
		return desk_fail(c, P_MISSING_FIELD, "/approve", "true or false");
	if (!json_is_boolean(approve))
		return desk_fail(c, P_WRONG_TYPE, "/approve", "true or false");
	*ret_approve = json_is_true(approve);
	if (note == NULL)
		return 0;
	wrapped = json_pack("{s:O}", "text", note);
	rc = wrapped != NULL
		 ? message_check(wrapped, MESSAGE_SCRUBBED_MAX, ret_note, &c->fault)
		 : ERR_NOMEM;
	json_decref(wrapped);
	if (rc == 0)
		rc = message_is_public(*ret_note, &c->fault);
	if (rc == ERR_INVALID)
		rc = desk_fail(c, c->fault.problem, "/note", c->fault.detail);
	return rc;
}

static int
answer(struct keeper *k, struct desk_call *c, struct store_case *row)
{
	uint8_t sum[SUM_LEN];
	struct store_approval a;
	json_t *note = NULL;
	struct buf text;
	int approve = 0, rc = read_answer(c, sum, &approve, &note);

	buf_init(&text, TEXT_MAX);
	if (rc == 0)
		rc = find(k, row->id, &a, &text);
	buf_done(&text);
	if (rc == ERR_NOTFOUND)
		rc = desk_fail(c, P_CONFLICT, NULL, "nothing waits for an approval");
	if (rc == 0 && memcmp(a.sum, sum, SUM_LEN) != 0)
		rc = desk_fail(c, P_TEXT_CHANGED, "/sha256",
		    "the text is another one now; read it again");
	if (rc == 0) {
		a.answer = approve ? APPROVAL_GIVEN : APPROVAL_REFUSED;
		a.blocks = !approve;
		rc = store_approval_put(k->store, &a);
	}
	if (rc == 0)
		rc = store_refusal_set(k->store, row->id, a.sum, !approve);
	if (rc == 0 && note != NULL) {
		rc = message_reply(k, row, json_object_get(note, "text"));
		if (rc == ERR_CONFLICT)
			rc = desk_fail(c, P_CONFLICT, "/note",
			    "the case holds as many messages as it can");
	}
	json_decref(note);
	return rc;
}

int
approval_give(struct keeper *k, struct desk_call *c)
{
	uint8_t id[ID_LEN];
	struct store_case row;
	int rc;

	if (hex_decode(c->m->ref, id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = case_open(k, id, c->m->secret_hash, &row);
	if (rc == 0 && case_has_ended(&row))
		rc = desk_fail(c, P_CONFLICT, NULL, "the case has ended");
	if (rc == 0)
		rc = answer(k, c, &row);
	return rc != 0 ? rc : case_state_write(k, &row, 0, c->out);
}
