/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/draft.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/approval.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/words.h"

enum { REVISIONS_MOST = 1000, OPEN_MOST = 500 };

static const struct json_caps caps = { DRAFT_JSON_MAX, 16, 20000, 64 * 1024 };

const char *
draft_desk_word(struct keeper *k, unsigned desk)
{
	const char *slug = taxonomy_slug(k->tax, desk);

	return slug != NULL ? slug : "centre";
}

int
draft_enter(struct keeper *k, struct desk_call *c, struct store_draft *ret)
{
	struct store_draft d;
	uint8_t id[ID_LEN];
	int rc;

	if (c->m->ref.n != (size_t)2 * ID_LEN ||
	    hex_decode(c->m->ref, id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_draft_get(k->store, id, &d);
	if (rc == 0 && !desk_sits_at(c, d.desk))
		rc = ERR_NOTFOUND;
	if (rc == 0) {
		desk_about(k, c, d.desk);
		*ret = d;
	}
	return rc;
}

int
draft_read(struct keeper *k, const struct store_draft *d, uint16_t revision, json_t **ret)
{
	struct store_draft_revision r;
	struct fault why;
	struct buf text;
	int rc;

	buf_init(&text, DRAFT_JSON_MAX);
	rc = store_draft_revision_get(k->store, d->id, revision, &r, &text);
	if (rc == 0 && json_read(buf_slice(&text), &caps, ret, &why) != 0)
		rc = ERR_CORRUPT;
	buf_done(&text);
	return rc;
}

static const char *
state_word(enum draft_state s)
{
	static const char *const words[] = { "", "open", "waits", "released" };

	return words[s >= DRAFT_OPEN && s <= DRAFT_RELEASED ? s : 0];
}

void
draft_head(struct keeper *k, const struct store_draft *d, struct buf *out)
{
	words_id("id", d->id, out);
	buf_addf(out, ",\"desk\":\"%s\",\"revision\":%u,\"state\":\"%s\",\"updated_at\":",
	    draft_desk_word(k, d->desk), (unsigned)d->revision, state_word(d->state));
	words_time(d->touched * 60000, out);
	if (d->has_bulletin) {
		buf_addc(out, ',');
		words_id("bulletin", d->bulletin, out);
	}
}

int
draft_answer(struct keeper *k, const struct store_draft *d, struct buf *out)
{
	buf_addc(out, '{');
	draft_head(k, d, out);
	buf_addc(out, '}');
	return buf_err(out);
}

/* Every case is one that lies on this desk and has not been taken back. */
static int
check_cases(struct keeper *k, struct desk_call *c, const struct draft_facts *f)
{
	struct keeper_case ask;
	struct store_case row;
	unsigned i;
	int rc;

	memset(&ask, 0, sizeof ask);
	ask.desk = 1;
	ask.rights = c->m->rights;
	for (i = 0; i < f->case_count; i++) {
		memcpy(ask.case_id, f->cases[i], ID_LEN);
		rc = case_enter(k, &ask, &row);
		if (rc == ERR_NOTFOUND)
			return desk_fail(
			    c, P_INVALID_FIELD, "/cases", "not a case of this desk");
		if (rc != 0)
			return rc;
		if (row.state == CASE_WITHDRAWN)
			return desk_fail(c, P_CONFLICT, "/cases",
			    "one of the cases was withdrawn by its reporter");
	}
	return 0;
}

/* Checks a content of this desk: *ret is its normal form. */
static int
check(struct keeper *k, struct desk_call *c, const json_t *in, json_t **ret)
{
	struct draft_facts f;
	struct fault why = { P_INTERNAL, "", NULL };
	json_t *out = NULL;
	int rc;

	if (in == NULL)
		return desk_fail(c, P_MISSING_FIELD, "", "a draft");
	rc = draft_check(in, k->tax, &out, &why);
	if (rc == ERR_INVALID)
		return desk_fail(c, why.problem, why.pointer, why.detail);
	if (rc != 0)
		return rc;
	draft_facts(out, k->tax, &f);
	rc = check_cases(k, c, &f);
	if (rc == 0)
		*ret = out;
	else
		json_decref(out);
	return rc;
}

/* Which of its desks writes this: where the cases lie, else whom it is for, one that it
 * stands in for last, else the first of its own. */
static int
desk_of(struct keeper *k, struct desk_call *c, const json_t *content, uint8_t *ret)
{
	const struct rights *r = &c->m->rights;
	unsigned i, first = SLOT_NONE, chosen = SLOT_NONE;
	struct draft_facts f;
	struct store_case row;
	int rc;

	draft_facts(content, k->tax, &f);
	for (i = 0; i < SLOTS && (r->roles & ROLE_SECRETARIAT) != 0; i++) {
		if (!slots_has(&r->sec, i))
			continue;
		if (first == SLOT_NONE)
			first = i;
		if (chosen == SLOT_NONE && slots_has(&f.slots, i))
			chosen = i;
	}
	for (i = 0; i < SLOTS && chosen == SLOT_NONE; i++)
		if (desk_is_deputy(c, i) && slots_has(&f.slots, i))
			chosen = i;
	if (f.case_count > 0) {
		rc = store_case_get(k->store, f.cases[0], &row);
		if (rc != 0)
			return rc;
		if (row.slot < SLOTS && desk_sits_at(c, row.slot))
			chosen = row.slot;
	}
	if (chosen == SLOT_NONE)
		chosen = first;
	if (chosen == SLOT_NONE && (r->roles & ROLE_CENTRE) == 0)
		return ERR_DENIED;
	*ret = (uint8_t)(chosen != SLOT_NONE ? chosen : DESK_CENTRE);
	return 0;
}

static int
write_revision(
    struct keeper *k, struct desk_call *c, struct store_draft *d, const json_t *content)
{
	struct store_draft_revision r = { .revision = d->revision, .minute = c->minute };
	struct buf text;
	int rc;

	memcpy(r.person, c->m->rights.person, RECEIVER_LEN);
	buf_init(&text, DRAFT_JSON_MAX);
	rc = json_canonical(content, &text);
	if (rc == ERR_LIMIT)
		rc = desk_fail(c, P_TOO_LARGE, NULL, NULL);
	if (rc == 0)
		rc = store_draft_put(k->store, d);
	if (rc == 0)
		rc = store_draft_revision_add(k->store, d->id, &r, buf_slice(&text));
	buf_done(&text);
	return rc;
}

/* The content with the seed's cases in its list: a new reference. */
static json_t *
with_cases(const struct draft_seed *seed)
{
	json_t *out = json_copy((json_t *)(uintptr_t)seed->content), *list;
	struct buf hex;
	size_t i;
	int bad = out == NULL;

	if (bad || seed->n == 0)
		return out;
	list = json_deep_copy(json_object_get(out, "cases"));
	if (list == NULL)
		list = json_array();
	for (i = 0; !bad && i < seed->n; i++) {
		buf_init(&hex, 2 * ID_LEN + 1);
		buf_add_hex(&hex, seed->cases[i], ID_LEN);
		bad = json_array_append_new(list, json_string(buf_cstr(&hex))) != 0;
		buf_done(&hex);
	}
	bad |= json_object_set_new(out, "cases", list) != 0;
	if (bad) {
		json_decref(out);
		out = NULL;
	}
	return out;
}

static int
make(struct keeper *k, struct desk_call *c, const struct draft_seed *seed,
    struct store_draft *ret)
{
	json_t *whole = with_cases(seed), *content = NULL;
	struct store_draft d;
	unsigned open = 0;
	int rc;

	if (whole == NULL)
		return ERR_NOMEM;
	memset(&d, 0, sizeof d);
	d.state = DRAFT_OPEN;
	d.revision = 1;
	d.touched = c->minute;
	rc = check(k, c, whole, &content);
	json_decref(whole);
	if (rc != 0)
		return rc;
	if (seed->desk != NULL)
		d.desk = *seed->desk;
	else
		rc = desk_of(k, c, content, &d.desk);
	if (rc == 0)
		desk_about(k, c, d.desk);
	if (rc == 0)
		rc = store_draft_count(k->store, d.desk, &open);
	if (rc == 0 && open >= OPEN_MOST)
		rc = desk_fail(
		    c, P_CONFLICT, NULL, "the desk has 500 open drafts; delete some");
	if (rc == 0 && RAND_bytes(d.id, ID_LEN) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = write_revision(k, c, &d, content);
	json_decref(content);
	if (rc == 0)
		*ret = d;
	return rc;
}

int
draft_make(struct keeper *k, struct desk_call *c, const struct draft_seed *seed,
    uint8_t ret_id[ID_LEN])
{
	struct store_draft d;
	int rc = make(k, c, seed, &d);

	if (rc == 0)
		memcpy(ret_id, d.id, ID_LEN);
	return rc;
}

int
draft_new(struct keeper *k, struct desk_call *c)
{
	struct draft_seed seed = { .content = c->json };
	struct store_draft d;
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_MISSING_FIELD, "", "a draft");
	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "an object");
	rc = make(k, c, &seed, &d);
	if (rc != 0)
		return rc;
	c->created = 1;
	desk_ref(c, d.id);
	return draft_answer(k, &d, c->out);
}

static int
add_file(void *arg, const struct store_attachment *a)
{
	struct buf *out = arg;

	buf_addf(out, "%s{\"name\":", out->p[out->n - 1] == '[' ? "" : ",");
	json_add_string(out, slice_of(a->name));
	buf_addf(out, ",\"sha256\":\"");
	buf_add_hex(out, a->sum, SUM_LEN);
	buf_addf(out, "\",\"size\":%u,\"type\":\"%s\"}", (unsigned)a->size, a->type);
	return buf_err(out);
}

int
draft_files(struct keeper *k, const uint8_t *draft, struct buf *out)
{
	int rc;

	buf_addc(out, '[');
	if (buf_err(out) != 0)
		return buf_err(out);
	rc = store_attachment_each(k->store, draft, add_file, out);
	buf_addc(out, ']');
	return rc != 0 ? rc : buf_err(out);
}

static int
write_history(struct keeper *k, const struct store_draft *d, struct buf *out)
{
	struct store_draft_revision r;
	unsigned i;
	int rc = 0;

	buf_addc(out, '[');
	for (i = 1; rc == 0 && i <= d->revision; i++) {
		rc = store_draft_revision_get(k->store, d->id, (uint16_t)i, &r, NULL);
		buf_addf(out, "%s{\"revision\":%u,", i > 1 ? "," : "", i);
		words_id("person", r.person, out);
		buf_adds(out, ",\"at\":");
		words_time(r.minute * 60000, out);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
	return rc;
}

int
draft_get(struct keeper *k, struct desk_call *c)
{
	struct store_draft d;
	uint64_t revision;
	json_t *content = NULL;
	int rc;

	rc = draft_enter(k, c, &d);
	if (rc != 0)
		return rc;
	revision = d.revision;
	rc = desk_number(c, "revision", 1, UINT16_MAX, &revision);
	if (rc == 0)
		rc = draft_read(k, &d, (uint16_t)revision, &content);
	if (rc != 0)
		return rc;
	buf_addc(c->out, '{');
	draft_head(k, &d, c->out);
	if (revision != d.revision)
		buf_addf(c->out, ",\"shown\":%u", (unsigned)revision);
	buf_adds(c->out, ",\"draft\":");
	rc = json_canonical(content, c->out);
	if (rc == 0)
		rc = approval_of_draft(k, &d, content, c->out);
	json_decref(content);
	buf_adds(c->out, ",\"attachments\":");
	if (rc == 0)
		rc = draft_files(k, d.id, c->out);
	buf_adds(c->out, ",\"history\":");
	if (rc == 0)
		rc = write_history(k, &d, c->out);
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}

/* The body of a PUT: {"revision", "draft"}. */
static int
put_body(struct desk_call *c, const struct store_draft *d, const json_t **ret)
{
	const json_t *base = json_object_get(c->json, "revision");
	const char *key;
	json_t *value;

	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "an object of revision and draft");
	json_object_foreach((json_t *)(uintptr_t)c->json, key,
	    value) if (strcmp(key, "revision") != 0 &&
		       strcmp(key, "draft") != 0) return desk_fail(c, P_UNKNOWN_FIELD, "",
	    "only revision and draft");
	if (base == NULL)
		return desk_fail(
		    c, P_MISSING_FIELD, "/revision", "the revision it is based on");
	if (!json_is_integer(base))
		return desk_fail(c, P_WRONG_TYPE, "/revision", "an integer");
	*ret = json_object_get(c->json, "draft");
	if (*ret == NULL)
		return desk_fail(c, P_MISSING_FIELD, "/draft", NULL);
	if (d->state == DRAFT_RELEASED)
		return desk_fail(
		    c, P_CONFLICT, NULL, "it is released; update its bulletin");
	if (json_integer_value(base) != d->revision)
		return desk_fail(c, P_CONFLICT, "/revision",
		    "somebody has changed the draft since; read it again");
	if (d->revision >= REVISIONS_MOST)
		return desk_fail(c, P_CONFLICT, NULL, "it was changed too often");
	return 0;
}

int
draft_put(struct keeper *k, struct desk_call *c)
{
	const json_t *in = NULL;
	json_t *content = NULL;
	struct store_draft d;
	char pointer[sizeof c->fault.pointer];
	int rc;

	rc = draft_enter(k, c, &d);
	if (rc == 0)
		rc = drill_keeps(k, c, d.id);
	if (rc == 0)
		rc = put_body(c, &d, &in);
	if (rc != 0)
		return rc;
	rc = check(k, c, in, &content);
	if (rc == ERR_INVALID) { /* its place in the body of this call */
		(void)snprintf(pointer, sizeof pointer, "/draft%.140s", c->fault.pointer);
		return desk_fail(c, c->problem, pointer, c->fault.detail);
	}
	if (rc != 0)
		return rc;
	/* Whoever was asked to agree was asked about another text. */
	rc = store_second_drop(k->store, d.id, 0);
	d.state = DRAFT_OPEN;
	d.revision++;
	d.touched = c->minute;
	if (rc == 0)
		rc = write_revision(k, c, &d, content);
	json_decref(content);
	return rc == 0 ? draft_answer(k, &d, c->out) : rc;
}

int
draft_delete(struct keeper *k, struct desk_call *c)
{
	struct store_draft d;
	int rc;

	rc = draft_enter(k, c, &d);
	if (rc == 0)
		rc = drill_keeps(k, c, d.id);
	if (rc != 0)
		return rc;
	if (d.state == DRAFT_RELEASED)
		return desk_fail(
		    c, P_CONFLICT, NULL, "it is released; cancel its bulletin");
	rc = store_second_drop(k->store, d.id, 1);
	if (rc == 0)
		rc = store_draft_del(k->store, d.id);
	buf_adds(c->out, "{}");
	return rc;
}
