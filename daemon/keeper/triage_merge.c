/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/triage.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/draft.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/report.h"
#include "proto/topic_value.h"

/*
 * Several groups become one draft: what their reports name is united, the level is the
 * highest, the TLP the strictest, the words are the newest report's.  A report whose
 * sender lets nothing be published gives nothing to it, as long as there is another.
 */
enum { GROUPS_MOST = 32, AT_ONCE = 100, LOOKED_AT = 5000 };

struct merge {
	struct keeper *k;
	struct desk_call *c;
	struct store_group groups[GROUPS_MOST];
	size_t n;
	uint8_t (*cases)[ID_LEN]; /* DRAFT_CASES */
	size_t cases_n;
	json_t *newest, *indicators, *products, *references;
	int64_t newest_at;
	unsigned level, tlp, left_out;
	int exercise, consents; /* consents: somebody lets it be published */
};

static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
	"TLP:AMBER+STRICT", "TLP:RED" };

/* -------- which groups */

static int
add_group(struct merge *m, const struct store_group *g)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (memcmp(m->groups[i].id, g->id, ID_LEN) == 0)
			return 0;
	m->groups[m->n++] = *g;
	return triage_hold(m->k, m->c, g);
}

static int
add_named(struct merge *m, const json_t *j, size_t at)
{
	struct slice hex = { json_string_value(j), json_string_length(j) };
	struct store_group g;
	uint8_t id[ID_LEN];
	char pointer[32];
	int rc = ERR_NOTFOUND;

	(void)snprintf(pointer, sizeof pointer, "/groups/%zu", at);
	if (hex.p != NULL && hex_decode(hex, id, ID_LEN) == ID_LEN)
		rc = store_group_get(m->k->store, id, &g);
	if (rc == 0 && g.desk != m->groups[0].desk)
		rc = ERR_NOTFOUND;
	if (rc == ERR_NOTFOUND)
		return desk_fail(
		    m->c, P_INVALID_FIELD, pointer, "a group of the same desk");
	return rc != 0 ? rc : add_group(m, &g);
}

static int
check_body(struct desk_call *c, const json_t **ret_groups, const json_t **ret_draft)
{
	const char *key;
	json_t *v;

	if (c->json == NULL)
		return 0;
	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "an object of groups and draft");
	json_object_foreach((json_t *)(uintptr_t)c->json, key, v)
	{
		if (strcmp(key, "groups") == 0)
			*ret_groups = v;
		else if (strcmp(key, "draft") == 0)
			*ret_draft = v;
		else
			return desk_fail(
			    c, P_UNKNOWN_FIELD, "", "groups and draft are known");
	}
	if (*ret_groups != NULL && !json_is_array(*ret_groups))
		return desk_fail(c, P_WRONG_TYPE, "/groups", "a list");
	if (json_array_size(*ret_groups) >= GROUPS_MOST)
		return desk_fail(c, P_INVALID_FIELD, "/groups", "too many elements");
	if (*ret_draft != NULL && !json_is_object(*ret_draft))
		return desk_fail(c, P_WRONG_TYPE, "/draft", "an object");
	if (json_object_get(*ret_draft, "cases") != NULL)
		return desk_fail(c, P_UNKNOWN_FIELD, "/draft/cases",
		    "the cases are those of the groups");
	return 0;
}

/* -------- what their reports say */

/* The one way of writing a value, for comparison. */
static int
value_key(const char *list, const json_t *j, struct buf *key)
{
	const json_t *v = json_is_object(j) ? json_object_get(j, "value") : j;
	struct slice s = { json_string_value(v), json_string_length(v) };
	struct slice name = slice_of("");
	int known, rc = ERR_INVALID;
	enum indicator_type type;
	size_t at;

	if (json_is_object(j))
		name = slice_of(json_string_value(json_object_get(j, "type")));
	buf_add(key, name.p, name.n);
	buf_addc(key, ' ');
	at = key->n;
	known = name.n > 0 ? indicator_type(name) : -1;
	if (known >= 0) {
		type = (enum indicator_type)known;
		rc = topic_value(&type, s, key);
	} else if (strcmp(list, "products") == 0) {
		rc = topic_product(s, key);
	}
	if (rc == ERR_NOMEM)
		return rc;
	if (rc < 0 || key->n == at) {
		key->n = at;
		key->err = 0;
		buf_add(key, s.p, s.n);
	}
	return buf_err(key);
}

/* `into` is an object: what was written first, under its key. */
static int
unite(const char *list, const json_t *from, json_t *into, size_t most)
{
	struct buf key;
	json_t *j;
	size_t i;
	int rc = 0;

	buf_init(&key, 32 * 1024);
	for (i = 0; rc == 0 && i < json_array_size(from); i++) {
		if (json_object_size(into) >= most)
			break;
		j = json_array_get(from, i);
		buf_reset(&key);
		rc = value_key(list, j, &key);
		if (rc == 0 && json_object_get(into, buf_cstr(&key)) == NULL &&
		    json_object_set(into, buf_cstr(&key), j) != 0)
			rc = ERR_NOMEM;
	}
	buf_done(&key);
	return rc;
}

static int
take_report(struct merge *m, const struct store_member_case *mc, const json_t *json,
    const struct store_report *r, const struct report_facts *f)
{
	int rc;

	if (m->newest != NULL && f->exercise != m->exercise)
		return desk_fail(m->c, P_CONFLICT, "/groups",
		    "an exercise and what is no exercise make no draft together");
	m->exercise = f->exercise;
	if (m->newest == NULL || mc->minute > m->newest_at) {
		json_decref(m->newest);
		m->newest = json_incref((json_t *)(uintptr_t)json);
		m->newest_at = mc->minute;
	}
	if (r->level > m->level)
		m->level = r->level;
	if (f->tlp > m->tlp)
		m->tlp = f->tlp;
	memcpy(m->cases[m->cases_n++], mc->case_id, ID_LEN);
	rc = unite("indicators", json_object_get(json, "indicators"), m->indicators, 500);
	if (rc == 0)
		rc =
		    unite("products", json_object_get(json, "products"), m->products, 64);
	if (rc == 0)
		rc = unite(
		    "references", json_object_get(json, "references"), m->references, 64);
	return rc;
}

/* pass 0: is there consent at all; 1: what it is made of. */
static int
look_at(struct merge *m, const struct store_member_case *mc, int pass)
{
	struct report_facts f;
	struct store_report r;
	json_t *json = NULL;
	int rc;

	if (mc->ended)
		return 0; /* withdrawn, or done with */
	rc = publish_load(m->k, mc->report, &r, &json);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	report_facts(json, &f);
	if (pass == 0)
		m->consents |= f.publish != CONSENT_NONE;
	else if ((m->consents && f.publish == CONSENT_NONE) || m->cases_n == DRAFT_CASES)
		m->left_out++;
	else
		rc = take_report(m, mc, json, &r, &f);
	json_decref(json);
	return rc;
}

static int
walk(struct merge *m, int pass)
{
	struct store_member_case v[AT_ONCE];
	size_t g, at, n, i;
	int rc = 0;

	for (g = 0; rc == 0 && g < m->n; g++) {
		for (at = 0; rc == 0 && at < LOOKED_AT; at += n) {
			rc = store_member_case_list(
			    m->k->store, m->groups[g].id, at, v, AT_ONCE, &n);
			if (rc != 0 || n == 0 || (pass == 0 && m->consents))
				break;
			for (i = 0; rc == 0 && i < n; i++)
				rc = look_at(m, &v[i], pass);
		}
	}
	return rc;
}

/* -------- the draft */

static int
put(json_t *out, const char *key, json_t *value)
{
	if (value == NULL)
		return 0;
	return json_object_set(out, key, value) == 0 ? 0 : ERR_NOMEM;
}

static int
put_list(json_t *out, const char *key, json_t *united)
{
	json_t *list = json_array(), *v;
	const char *k;
	int rc = list != NULL ? 0 : ERR_NOMEM;

	if (json_object_size(united) > 0)
		json_object_foreach(united, k,
		    v) if (rc == 0 && json_array_append(list, v) != 0) rc = ERR_NOMEM;
	if (rc == 0 && json_array_size(list) > 0)
		rc = put(out, key, list);
	json_decref(list);
	return rc;
}

static int
build(struct merge *m, const json_t *own, json_t **ret)
{
	json_t *out = json_pack("{s:s,s:i,s:s,s:b}", "kind", "early_warning", "severity",
	    (int)m->level, "tlp", tlps[m->tlp], "exercise", m->exercise);
	int rc = out != NULL ? 0 : ERR_NOMEM;

	if (rc == 0)
		rc = put(out, "title", json_object_get(m->newest, "title"));
	if (rc == 0)
		rc = put(out, "summary", json_object_get(m->newest, "description"));
	if (rc == 0)
		rc = put(out, "actions", json_object_get(m->newest, "actions"));
	if (rc == 0)
		rc = put_list(out, "indicators", m->indicators);
	if (rc == 0)
		rc = put_list(out, "products", m->products);
	if (rc == 0)
		rc = put_list(out, "references", m->references);
	if (rc == 0 && own != NULL &&
	    json_object_update(out, (json_t *)(uintptr_t)own) != 0)
		rc = ERR_NOMEM;
	if (rc == 0)
		*ret = out;
	else
		json_decref(out);
	return rc;
}

static int
make(struct merge *m, const json_t *own, uint8_t id[ID_LEN])
{
	struct draft_seed seed = { .cases = (const uint8_t(*)[ID_LEN])m->cases,
		.n = m->cases_n };
	char pointer[sizeof m->c->fault.pointer];
	json_t *content = NULL;
	size_t i;
	int rc;

	if (m->newest == NULL)
		return desk_fail(m->c, P_CONFLICT, "/groups",
		    "all of their cases have ended: there is nothing to say");
	rc = build(m, own, &content);
	if (rc != 0)
		return rc;
	seed.content = content;
	rc = draft_make(m->k, m->c, &seed, id);
	json_decref(content);
	if (rc == ERR_INVALID) { /* its place in the body of this call */
		(void)snprintf(
		    pointer, sizeof pointer, "/draft%.140s", m->c->fault.pointer);
		return desk_fail(m->c, m->c->problem, pointer, m->c->fault.detail);
	}
	for (i = 0; rc == 0 && i < m->n; i++)
		rc = store_group_draft_add(m->k->store, id, m->groups[i].id);
	return rc;
}

static int
merge(struct merge *m, struct store_group *first)
{
	const json_t *groups = NULL, *own = NULL;
	uint8_t id[ID_LEN];
	size_t i;
	int rc = check_body(m->c, &groups, &own);

	if (rc == 0)
		rc = add_group(m, first);
	for (i = 0; rc == 0 && i < json_array_size(groups); i++)
		rc = add_named(m, json_array_get(groups, i), i);
	if (rc == 0)
		rc = walk(m, 0);
	if (rc == 0)
		rc = walk(m, 1);
	if (rc == 0)
		rc = make(m, own, id);
	if (rc != 0)
		return rc;
	m->c->created = 1;
	buf_addf(m->c->out, "{\"cases\":%zu,", m->cases_n);
	words_id("draft", id, m->c->out);
	buf_addf(m->c->out, ",\"groups\":%zu,\"left_out\":%u}", m->n, m->left_out);
	return buf_err(m->c->out);
}

int
triage_merge(struct keeper *k, struct desk_call *c)
{
	struct merge *m = mem_zalloc(sizeof *m);
	struct store_group g;
	int rc = ERR_NOMEM;

	if (m == NULL)
		return rc;
	m->k = k;
	m->c = c;
	m->cases = mem_calloc(DRAFT_CASES, ID_LEN);
	m->indicators = json_object();
	m->products = json_object();
	m->references = json_object();
	if (m->cases != NULL && m->indicators != NULL && m->products != NULL &&
	    m->references != NULL)
		rc = triage_open(k, c, &g);
	if (rc == 0)
		rc = merge(m, &g);
	json_decref(m->newest);
	json_decref(m->indicators);
	json_decref(m->products);
	json_decref(m->references);
	mem_free(m->cases);
	mem_free(m);
	return rc;
}
