/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_RIG_H
#define CASE_RIG_H

/* Cases of reporters who hold a secret, and the calls that name them. */
#include "tests/role/keeper_rig.h"

#include "proto/msg_case.h"

/* SHA-256 of the empty string, as commitment and as the hash of the presented secret. */
static const char with_case[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";
static const uint8_t secret_hash[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
	0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };

/* A first report of level `level`; `m` may have been set up.  Gives the holder's ref. */
static inline struct keeper_case
opened(struct rig *g, struct keeper_put *m, int level)
{
	struct keeper_case c;
	json_t *j;

	assert_int_equal(rig_put(g, m, level, "ceptoar", with_case), P_OK);
	j = rig_json(&g->peer[0]);
	memset(&c, 0, sizeof c);
	memcpy(c.secret_hash, secret_hash, sizeof secret_hash);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), c.case_id, ID_LEN), ID_LEN);
	json_decref(j);
	return c;
}

static inline struct keeper_case
desk_of(const struct keeper_case *c, unsigned roles, unsigned slot)
{
	struct keeper_case d = *c;

	memset(d.secret_hash, 0, sizeof d.secret_hash);
	d.desk = 1;
	d.rights = rig_rights(7, roles, slot);
	return d;
}

static inline enum problem
call(struct rig *g, unsigned type, const struct keeper_case *c)
{
	enum problem p;
	struct buf b;

	buf_init(&b, 512);
	keeper_case_put(&b, c);
	p = rig_call(g, &g->peer[0], type, &b);
	buf_done(&b);
	return p;
}

/* The inbox of a desk. */
static inline json_t *
inbox(struct rig *g, unsigned roles, unsigned slot)
{
	struct keeper_list q;
	struct buf b;

	memset(&q, 0, sizeof q);
	q.rights = rig_rights(7, roles, slot);
	q.limit = 50;
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_INBOX, &b), P_OK);
	buf_done(&b);
	return rig_json(&g->peer[0]);
}

#endif
