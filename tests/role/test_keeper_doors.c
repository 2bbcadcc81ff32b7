/* SPDX-License-Identifier: Apache-2.0 */
/* What a desk may ask exists on the socket of the desks' front and on no other: a
 * members' front gets the answer of a thing that is not there, whatever rights it
 * claims. */
#include "tests/role/keeper_rig.h"

#include <openssl/sha.h>

#include "proto/msg_case.h"
#include "proto/msg_desk.h"

enum { CENTRE = 1 };

/* SHA-256 of the empty string, as commitment and as the hash of the presented secret. */
static const char with_secret[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";

/* One call of each kind, with the rights of the centre's desk, or with the secret. */
static void
ask_put(const uint8_t *id, uint16_t type, int desk, struct buf *b)
{
	struct keeper_message say = { .json = slice_of("{\"text\":{\"ja\":\"x\"}}") };
	struct keeper_case which;
	struct keeper_list q;

	memset(&which, 0, sizeof which);
	memset(&q, 0, sizeof q);
	q.rights = rig_rights(CENTRE, ROLE_CENTRE, 0);
	q.limit = 5;
	memcpy(which.case_id, id, ID_LEN);
	which.desk = (uint8_t)desk;
	if (desk)
		which.rights = q.rights;
	else
		(void)SHA256((const unsigned char *)"", 0, which.secret_hash);
	say.which = which;
	if (type == KM_INBOX || type == KM_TRENDS || type == KM_BULLETINS)
		keeper_list_put(b, &q);
	else if (type == KM_MESSAGE)
		keeper_message_put(b, &say);
	else
		keeper_case_put(b, &which);
}

static enum problem
ask(struct rig *g, struct rig_peer *p, const uint8_t *id, uint16_t type, int desk)
{
	enum problem got;
	struct buf b;

	buf_init(&b, KEEPER_FRAME_MAX);
	ask_put(id, type, desk, &b);
	got = rig_call(g, p, type, &b);
	buf_done(&b);
	return got;
}

static void
test_calls_of_desks(void **state)
{
	static const struct {
		uint16_t type;
		int desk;
		enum problem at_desk, at_front;
	} table[] = {
		{ KM_INBOX, 1, P_OK, P_NOT_FOUND },
		{ KM_TRENDS, 1, P_OK, P_NOT_FOUND },
		{ KM_CASE, 1, P_OK, P_NOT_FOUND },
		{ KM_MESSAGES, 1, P_OK, P_NOT_FOUND },
		{ KM_MESSAGE, 1, P_OK, P_NOT_FOUND },
		{ KM_BULLETINS, 1, P_OK, P_OK },
		/* Whoever holds the secret is served on both. */
		{ KM_CASE, 0, P_OK, P_OK },
		{ KM_MESSAGES, 0, P_OK, P_OK },
		{ KM_MESSAGE, 0, P_OK, P_OK },
		{ KM_SLIP, 0, P_NOT_FOUND, P_NOT_FOUND },
		{ KM_CLOSE, 0, P_NOT_FOUND, P_NOT_FOUND },
		{ KM_CLOSE, 1, P_OK, P_NOT_FOUND },
	};
	struct keeper_put m = rig_put_default();
	struct rig_peer *front;
	uint8_t id[ID_LEN];
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	front = rig_join_at(&g, DOOR_FRONT);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", with_secret), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(hex_decode(slice_of(rig_text(j, "case")), id, ID_LEN), ID_LEN);
	json_decref(j);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(
		    ask(&g, front, id, table[i].type, table[i].desk), table[i].at_front);
		if (table[i].at_front == P_NOT_FOUND)
			assert_null(memmem(front->answer.p, front->answer.n, "{", 1));
		assert_int_equal(ask(&g, &g.peer[0], id, table[i].type, table[i].desk),
		    table[i].at_desk);
	}
	assert_int_equal(front->down, 0);
	assert_int_equal(g.k.fronts->strayed, 8);
	rig_close(&g);
}

/* KM_DESK: a verb that no table has, and the doors of those that it has. */
static void
test_unknown_verbs(void **state)
{
	struct keeper_desk m;
	struct rig_peer *front;
	struct rig g;
	struct buf b;
	unsigned verb;

	(void)state;
	rig_open(&g, "");
	front = rig_join_at(&g, DOOR_FRONT);
	buf_init(&b, KEEPER_FRAME_MAX);
	assert_int_equal(g.k.fronts->door, DOOR_FRONT);
	for (verb = 160; verb < 256; verb++) {
		memset(&m, 0, sizeof m);
		m.verb = (uint8_t)verb;
		m.rights = rig_rights(CENTRE, ROLE_CENTRE, 0);
		m.rights.duties = DUTIES_ALL;
		buf_reset(&b);
		keeper_desk_put(&b, &m);
		assert_int_equal(rig_call(&g, front, KM_DESK, &b), P_NOT_FOUND);
		assert_int_equal(rig_call(&g, &g.peer[0], KM_DESK, &b), P_NOT_FOUND);
	}
	assert_int_equal(g.k.fronts->strayed, verb - 160);
	buf_done(&b);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_of_desks),
		cmocka_unit_test(test_unknown_verbs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
