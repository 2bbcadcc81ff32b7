/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_RIG_H
#define DESK_RIG_H

/* Calls of desks, one line each. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/store_case.h"
#include "proto/msg_desk.h"

/* A person at the desk of a CEPTOAR (SLOT_NONE: the centre's). */
static inline struct rights
rig_desk_of(unsigned slot, unsigned person)
{
	struct rights r = rig_rights(60 + (slot == SLOT_NONE ? 0 : slot),
	    slot == SLOT_NONE ? ROLE_CENTRE : ROLE_SECRETARIAT, slot);

	memset(r.person, (int)person, sizeof r.person);
	r.duties = DUTIES_ALL;
	return r;
}

struct rig_ask {
	const struct rights *rights;
	unsigned verb;
	const char *ref, *sub, *query, *json;
	unsigned key, mac;  /* an Idempotency-Key and what it was used for; 0: none */
	uint8_t has_secret; /* of zeros */
	struct slice data;
};

static inline enum problem
rig_ask(struct rig *g, const struct rig_ask *a)
{
	struct keeper_desk m;
	enum problem p;
	struct buf b, text;
	json_t *j;

	memset(&m, 0, sizeof m);
	m.rights = *a->rights;
	m.verb = (uint8_t)a->verb;
	m.ref = slice_of(a->ref != NULL ? a->ref : "");
	m.sub = slice_of(a->sub != NULL ? a->sub : "");
	m.query = slice_of(a->query != NULL ? a->query : "");
	m.has_idem = a->key != 0;
	memset(m.idem_key, (int)a->key, sizeof m.idem_key);
	memset(m.idem_mac, (int)a->mac, sizeof m.idem_mac);
	m.has_secret = a->has_secret;
	buf_init(&text, DESK_JSON_MAX);
	if (a->json != NULL) {
		j = json_loads(a->json, 0, NULL);
		assert_non_null(j);
		assert_int_equal(json_canonical(j, &text), 0);
		json_decref(j);
	}
	m.json = buf_slice(&text);
	m.data = a->data;
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_desk_put(&b, &m);
	p = rig_call(g, &g->peer[0], KM_DESK, &b);
	buf_done(&text);
	buf_done(&b);
	return p;
}

static inline enum problem
rig_verb(struct rig *g, const struct rights *r, unsigned verb, const char *ref,
    const char *json)
{
	struct rig_ask a = { .rights = r, .verb = verb, .ref = ref, .json = json };

	return rig_ask(g, &a);
}

/* A text of the last answer, copied. */
static inline const char *
rig_said(struct rig *g, const char *path, char *room, size_t cap)
{
	json_t *j = rig_json(&g->peer[0]);

	(void)snprintf(room, cap, "%s", rig_text(j, path));
	json_decref(j);
	return room;
}

static inline long long
rig_number(struct rig *g, const char *path)
{
	json_t *j = rig_json(&g->peer[0]);
	long long n = json_integer_value(rig_at(j, path));

	json_decref(j);
	return n;
}

/* A new draft of this person: its id. */
static inline void
rig_draft(struct rig *g, const struct rights *r, const char *json, char id[33])
{
	enum problem p = rig_verb(g, r, DV_DRAFT_NEW, NULL, json);

	if (p != P_OK) {
		struct keeper_reply k = rig_reply(&g->peer[0]);

		fail_msg("%s %.*s %.*s", problem_code(p), (int)k.pointer.n, k.pointer.p,
		    (int)k.detail.n, k.detail.p);
	}
	(void)rig_said(g, "id", id, 33);
	assert_int_equal(strlen(id), 32);
}

/* The case of the newest report on the desk of RIG_MED. */
static inline void
rig_case_id(struct rig *g, unsigned slot, char id[33])
{
	struct store_item item[64];
	struct store_report r;
	struct slots desks;
	struct buf hex;
	size_t n = 0, i;

	memset(&desks, 0, sizeof desks);
	slots_set(&desks, slot);
	assert_int_equal(store_inbox_list(g->k.store, &desks, 0, item, 64, &n), 0);
	for (i = 0; i < n; i++) { /* rows of one minute stand in no order */
		assert_int_equal(
		    store_report_get(g->k.store, item[i].report, &r, NULL), 0);
		if (r.id[0] == g->next_id)
			break;
	}
	assert_true(i < n);
	buf_init(&hex, 64);
	buf_add_hex(&hex, r.case_id, ID_LEN);
	(void)snprintf(id, 33, "%s", buf_cstr(&hex));
	buf_done(&hex);
}

/* A row of the log: `back` rows before the newest.  Its body as JSON. */
static inline json_t *
rig_log(struct rig *g, unsigned back, struct frame_head *h, json_t **ret_stub)
{
	struct store_info info;
	struct slice body, stub;
	struct buf row;
	struct wire w;
	uint32_t n;
	json_t *j;

	store_info(g->k.store, &info);
	assert_true(info.head > back);
	buf_init(&row, KEEPER_FRAME_MAX);
	assert_int_equal(store_log_page(g->k.store, info.head - back, 1, &row, &n), 0);
	wire_init(&w, row.p, row.n);
	frame_get(&w, h, &body, &stub);
	assert_int_equal(w.err, 0);
	j = json_loadb(body.p, body.n, 0, NULL);
	assert_non_null(j);
	if (ret_stub != NULL)
		*ret_stub = stub.n > 0 ? json_loadb(stub.p, stub.n, 0, NULL) : NULL;
	buf_done(&row);
	return j;
}

static inline uint64_t
rig_head(struct rig *g)
{
	struct store_info info;

	store_info(g->k.store, &info);
	return info.head;
}

/* What an operator of this CEPTOAR is sent of a row, with the usual subscription. */
static inline enum frame_view
rig_sees(const struct frame_head *h, unsigned roles, unsigned slot)
{
	struct rights r = rig_rights(250, roles, slot);
	struct subscription s;

	subscription_default(&s);
	return frame_view(h, &r, &s, NULL);
}

/* A call of a case's holder. */
static inline enum problem
rig_case_call(struct rig *g, unsigned type, const struct keeper_put *m)
{
	struct keeper_case c;
	enum problem p;
	struct buf b;

	memset(&c, 0, sizeof c);
	memcpy(c.case_id, m->case_id, ID_LEN);
	memcpy(c.secret_hash, m->secret_hash, sizeof c.secret_hash);
	buf_init(&b, 512);
	keeper_case_put(&b, &c);
	p = rig_call(g, &g->peer[0], type, &b);
	buf_done(&b);
	return p;
}

#endif
