/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTER_RIG_H
#define REPORTER_RIG_H

/* Reports whose cases their authors can go on with, and take back. */
#include "tests/role/desk_rig.h"

/* A first report; `more` are further members of it ("" for none).  *m goes on with its
 * case. */
static inline void
rig_reporter(struct rig *g, struct keeper_put *m, unsigned slot, int level,
    const char *publish, const char *more, char id[33])
{
	/* SHA-256 of the empty string, as commitment and as the secret's hash. */
	static const char with[] =
	    "\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"";
	static const char hash[] =
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	char text[256];

	*m = rig_put_default();
	m->slot = (uint8_t)slot;
	(void)snprintf(
	    text, sizeof text, "{%s%s%s}", with, more[0] != '\0' ? "," : "", more);
	assert_int_equal(rig_put(g, m, level, publish, text), P_OK);
	(void)rig_said(g, "case", id, 33);
	m->has_case = 1;
	assert_int_equal(hex_decode(slice_of(id), m->case_id, ID_LEN), ID_LEN);
	assert_int_equal(hex_decode(slice_of(hash), m->secret_hash, 32), 32);
}

static inline enum problem
rig_withdraw(struct rig *g, const struct keeper_put *m)
{
	return rig_case_call(g, KM_WITHDRAW, m);
}

/* A draft of these cases (JSON list without brackets), and what its release says. */
static inline enum problem
rig_release_of(struct rig *g, const struct rights *r, unsigned level, const char *cases,
    const char *more, char id[33])
{
	char json[512];

	(void)snprintf(json, sizeof json,
	    "{\"severity\":%u,\"title\":\"x\",\"cases\":[%s]%s%s}", level, cases,
	    more[0] != '\0' ? "," : "", more);
	rig_draft(g, r, json, id);
	return rig_verb(g, r, DV_DRAFT_RELEASE, id, "{}");
}

/* What waits for a second person, agreed to by this one. */
static inline enum problem
rig_agree(struct rig *g, const struct rights *r)
{
	char request[33];

	assert_int_equal(rig_verb(g, r, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(g, "second.0.id", request, sizeof request);
	return rig_verb(g, r, DV_SECOND_GIVE, request, "{\"agree\":true}");
}

/* The newest state of a bulletin. */
static inline void
rig_bulletin(struct rig *g, const char *number, struct store_bulletin *ret)
{
	assert_int_equal(store_bulletin_by_number(g->k.store, number, ret), 0);
}

#endif
