/* SPDX-License-Identifier: Apache-2.0 */
/* Passing on within a CEPTOAR, by a desk. */
#include "tests/role/relay_rig.h"

#include <sqlite3.h>

#include "daemon/keeper/store_escalation.h"
#include "daemon/keeper/store_relay.h"
#include "lib/db.h"
#include "proto/bulletin_sign.h"
#include "proto/relay.h"
#include "schema.h"

/* A warning of the medical CEPTOAR to cross-sector subscribers; its number. */
static void
warning(struct rig *g, struct keeper_put *m, char number[NUMBER_MAX])
{
	struct frame_head h;
	unsigned n;
	json_t *j;

	assert_int_equal(rig_put(g, m, 4, "cross_sector", NULL), P_OK);
	j = newest(g, &h, &n);
	(void)snprintf(number, NUMBER_MAX, "%s", rig_text(j, "number"));
	assert_int_not_equal(h.flags & FRAME_CROSS, 0);
	json_decref(j);
}

/* The wrapper holds the original's bytes, which verify by themselves. */
static void
check_original(struct rig *g, const json_t *wrapper, const char *number)
{
	char kid[JWK_KID + 1];
	struct jwks *set = NULL;
	struct fault why;
	struct buf b, whole;

	buf_init(&b, KEEPER_FRAME_MAX);
	assert_int_equal(rig_call(g, &g->peer[0], KM_JWKS, &b), P_OK);
	assert_int_equal(jwks_read(rig_reply(&g->peer[0]).body, &set, &why), 0);
	assert_int_equal(relay_original(wrapper, &b), 0);
	assert_int_equal(bulletin_verify(set, buf_slice(&b), kid), 0);
	buf_init(&whole, KEEPER_FRAME_MAX);
	assert_int_equal(json_canonical(wrapper, &whole), 0);
	assert_int_equal(bulletin_verify(set, buf_slice(&whole), kid), 0);
	assert_string_equal(rig_text(wrapper, "relay.original.number"), number);
	jwks_free(set);
	buf_done(&b);
	buf_done(&whole);
}

/* The bank's desk passes a warning of the hospitals on. */
static void
test_pass_on(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rights bank = desk(RIG_BANK), med = desk(RIG_MED);
	char number[NUMBER_MAX], own[NUMBER_MAX];
	struct frame_head h;
	unsigned n, before;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	warning(&g, &m, number);
	assert_int_equal(ask(&g, &bank, DV_RELAY, number, "",
			     "{\"note\":{\"ja\":\"至急\"},\"ack\":{\"required\":true,"
			     "\"deadline\":\"2026-11-20T09:00:00+09:00\"}}"),
	    P_OK);
	j = newest(&g, &h, &before);
	check_original(&g, j, number);
	assert_string_equal(rig_text(j, "origin"), "relay");
	assert_string_equal(rig_text(j, "relay.by"), "bank-ceptoar");
	assert_string_equal(rig_text(j, "relay.note.ja"), "至急");
	assert_true(json_is_true(rig_at(j, "ack.required")));
	(void)snprintf(own, sizeof own, "%s", rig_text(j, "number"));
	assert_string_not_equal(own, number);
	json_decref(j);
	assert_int_equal(h.flags & (FRAME_RELAY | FRAME_ACK), FRAME_RELAY | FRAME_ACK);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_BANK), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_SECRETARIAT, RIG_BANK), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_NONE);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_MED), VIEW_NONE);
	assert_int_equal(sees(&h, ROLE_CENTRE, 0), VIEW_NONE);
	/* Once, and never a wrapper. */
	assert_int_equal(ask(&g, &bank, DV_RELAY, number, "", "{}"), P_CONFLICT);
	assert_int_equal(ask(&g, &bank, DV_RELAY, own, "", "{}"), P_CONFLICT);
	/* For another desk it is nothing that it knows. */
	assert_int_equal(ask(&g, &med, DV_RELAY, own, "", "{}"), P_NOT_FOUND);
	json_decref(newest(&g, &h, &n));
	assert_int_equal(n, before);
	rig_close(&g);
}

/* Whom the original has reached is not told again, unless the note matters. */
static void
test_affiliates(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rights med = desk(RIG_MED);
	char number[NUMBER_MAX];
	struct frame_head h;
	unsigned n;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	warning(&g, &m, number);
	assert_int_equal(ask(&g, &med, DV_RELAY, number, "", "{}"), P_OK);
	json_decref(j = newest(&g, &h, &n));
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_MED), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_NONE);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_BANK), VIEW_NONE);
	warning(&g, &m, number);
	assert_int_equal(
	    ask(&g, &med, DV_RELAY, number, "", "{\"to\":\"everybody\"}"), P_OK);
	json_decref(j = newest(&g, &h, &n));
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_BODY);
	rig_close(&g);
}

/* Update, narrowing and cancel of an original that was passed on. */
static void
test_follow(void **state)
{
	struct rights bank = desk(RIG_BANK);
	struct written w = { .text = NULL };
	struct frame_head h;
	unsigned n, m;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	centre_says(&g, &w, FRAME_ALL, 3);
	assert_int_equal(ask(&g, &bank, DV_RELAY, "2026-CENTR", "",
			     "{\"to\":\"everybody\",\"note\":\"x\"}"),
	    P_OK);
	json_decref(newest(&g, &h, &n));
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.severity = 4;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	j = newest(&g, &h, &m);
	assert_int_equal(m, n + 2);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_int_equal(h.severity, 4);
	assert_string_equal(rig_text(j, "relay.note.ja"), "x");
	assert_int_equal(json_integer_value(rig_at(j, "revision")), 2);
	json_decref(j);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_BODY);
	/* Narrowed to the organisations themselves: who was reached is told that. */
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.tlp = TLP_AMBER_STRICT;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	json_decref(newest(&g, &h, &m));
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_STUB);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_BANK), VIEW_STUB);
	publish_next(&w.b, FRAME_CANCEL);
	w.b.head.revision = w.b.revision;
	w.b.head.tlp = TLP_AMBER;
	w.b.state = BULLETIN_CANCELLED;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	j = newest(&g, &h, &m);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_string_equal(rig_text(j, "msg_type"), "cancel");
	json_decref(j);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_BANK), VIEW_BODY);
	assert_int_equal(ask(&g, &bank, DV_RELAY, "2026-CENTR", "", "{}"), P_CONFLICT);
	rig_close(&g);
}

static void
followed_up(struct rig *g, unsigned revision, unsigned floor)
{
	struct store_escalation e;
	struct store_relay r;
	uint8_t id[ID_LEN];
	struct buf words;

	memset(id, 0x77, ID_LEN);
	buf_init(&words, RELAY_WORDS_MAX);
	assert_int_equal(store_relay_of(g->k.store, id, RIG_BANK, &r, &words), 0);
	buf_done(&words);
	assert_int_equal(store_escalation_get(g->k.store, r.bulletin, &e), 0);
	assert_int_equal(e.revision, revision);
	assert_int_equal(e.floor, floor);
}

/* What the hub adds to an original asks nobody anew, in its wrapper either; what a desk
 * adds does. */
static void
test_asks_as_the_original_does(void **state)
{
	struct rights bank = desk(RIG_BANK);
	struct written w = { .text = NULL };
	struct rig g;

	(void)state;
	rig_open(&g, "");
	centre_says(&g, &w, FRAME_ALL, 4);
	assert_int_equal(
	    ask(&g, &bank, DV_RELAY, "2026-CENTR", "", "{\"to\":\"everybody\"}"), P_OK);
	followed_up(&g, 1, 1);
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.flags &= (uint16_t)~FRAME_DESK;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	followed_up(&g, 2, 1);
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.flags |= FRAME_DESK;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	followed_up(&g, 3, 3);
	rig_close(&g);
}

static int
asks_silent(struct rig *g, const struct frame_head *wrapper)
{
	struct store_escalation e;

	return store_escalation_get(g->k.store, wrapper->id, &e);
}

/* What it says to whom: the end of the relay, and not of the original. */
static void
check_end(struct rig *g, const char *own)
{
	struct frame_head h;
	unsigned n;
	json_t *j = newest(g, &h, &n);

	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_int_equal(h.flags & FRAME_ACK, 0);
	assert_string_equal(rig_text(j, "number"), own);
	assert_string_equal(rig_text(j, "origin"), "relay");
	assert_string_equal(rig_text(j, "reason.code"), "relay_withdrawn");
	assert_string_equal(rig_text(j, "summary.ja"), "誤送");
	json_decref(j);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_BANK), VIEW_BODY);
	assert_int_equal(sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_NONE);
	assert_int_equal(sees(&h, ROLE_CENTRE, 0), VIEW_NONE);
	assert_int_equal(asks_silent(g, &h), ERR_NOTFOUND);
}

/* A desk takes back what it has passed on: all whom it reached hear of it, the original's
 * updates do not go through it any more, and it may pass the same on anew. */
static void
test_withdraw(void **state)
{
	static const char first[] = "{\"to\":\"everybody\",\"note\":\"x\",\"ack\":{"
				    "\"required\":true,\"deadline\":"
				    "\"2026-11-20T09:00:00+09:00\"}}";
	struct rights bank = desk(RIG_BANK), med = desk(RIG_MED),
		      op = rig_rights(3, ROLE_OPERATOR, RIG_BANK);
	char own[NUMBER_MAX], again[NUMBER_MAX];
	struct written w = { .text = NULL };
	struct frame_head h;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	centre_says(&g, &w, FRAME_ALL, 4);
	passed_on(&g, &bank, first, own);
	json_decref(newest(&g, &h, &n));
	assert_int_equal(asks_silent(&g, &h), 0);
	assert_int_equal(
	    ask(&g, &med, DV_BULLETIN_CANCEL, own, "", mistaken), P_NOT_FOUND);
	assert_int_equal(
	    ask(&g, &op, DV_BULLETIN_CANCEL, own, "", mistaken), P_FORBIDDEN);
	assert_int_equal(
	    ask(&g, &bank, DV_BULLETIN_CANCEL, own, "", "{}"), P_MISSING_FIELD);
	/* What is wrong with the text is its author's to say. */
	assert_int_equal(ask(&g, &bank, DV_FALSE_ALARM, own, "", mistaken), P_CONFLICT);
	assert_int_equal(ask(&g, &bank, DV_BULLETIN_UPDATE, own, "",
			     "{\"content\":{\"severity\":2,\"title\":\"題\"}}"),
	    P_CONFLICT);
	assert_int_equal(rows(&g), n);
	assert_int_equal(ask(&g, &bank, DV_BULLETIN_CANCEL, own, "", mistaken), P_OK);
	check_end(&g, own);
	assert_int_equal(
	    ask(&g, &bank, DV_BULLETIN_CANCEL, own, "", mistaken), P_CONFLICT);
	assert_int_equal(said_next(&g, &w, FRAME_UPDATE), 1);
	passed_on(&g, &bank, "{\"to\":\"everybody\",\"note\":\"y\"}", again);
	assert_string_not_equal(own, again);
	assert_int_equal(ask(&g, &bank, DV_RELAY, "2026-CENTR", "", "{}"), P_CONFLICT);
	assert_int_equal(said_next(&g, &w, FRAME_UPDATE), 2);
	/* Twice is no more than once. */
	assert_int_equal(ask(&g, &bank, DV_BULLETIN_CANCEL, again, "", mistaken), P_OK);
	passed_on(&g, &bank, first, own);
	assert_int_equal(said_next(&g, &w, FRAME_CANCEL), 2);
	assert_int_equal(
	    ask(&g, &bank, DV_BULLETIN_CANCEL, own, "", mistaken), P_CONFLICT);
	rig_close(&g);
}

/* The wrapper may be narrower than the original, and narrows with it, never widens. */
static void
test_tlp(void **state)
{
	struct rights bank = desk(RIG_BANK);
	struct written w = { .text = NULL };
	struct frame_head h;
	unsigned n;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	centre_says(&g, &w, FRAME_ALL, 3);
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.tlp = TLP_CLEAR;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	assert_int_equal(ask(&g, &bank, DV_RELAY, "2026-CENTR", "",
			     "{\"to\":\"everybody\",\"tlp\":\"TLP:GREEN\"}"),
	    P_OK);
	j = newest(&g, &h, &n);
	assert_int_equal(h.tlp, TLP_GREEN);
	assert_string_equal(rig_text(j, "tlp"), "TLP:GREEN");
	json_decref(j);
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.tlp = TLP_AMBER;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	json_decref(newest(&g, &h, &n));
	assert_int_equal(h.tlp, TLP_AMBER);
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	w.b.head.tlp = TLP_CLEAR;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	json_decref(newest(&g, &h, &n));
	assert_int_equal(h.tlp, TLP_GREEN);
	rig_close(&g);
}

static void
test_refused(void **state)
{
	struct rights bank = desk(RIG_BANK), two = desk(RIG_BANK),
		      op = rig_rights(3, ROLE_OPERATOR, RIG_BANK),
		      machine = desk(RIG_BANK);
	static const struct {
		const char *json;
		enum problem want;
	} table[] = {
		{ "{\"tlp\":\"TLP:GREEN\"}", P_INVALID_FIELD },	       /* wider */
		{ "{\"tlp\":\"TLP:AMBER+STRICT\"}", P_INVALID_FIELD }, /* to nobody */
		{ "{\"ceptoar\":\"medical-ceptoar\"}", P_FORBIDDEN },
		{ "{\"audience\":\"all\"}", P_UNKNOWN_FIELD },
		{ "{\"to\":\"all\"}", P_INVALID_FIELD },
		{ "{\"ack\":{\"required\":true}}", P_MISSING_FIELD },
		{ "{\"note\":7}", P_WRONG_TYPE },
	};
	struct written w = { .text = NULL };
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	centre_says(&g, &w, FRAME_ALL, 3);
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (ask(&g, &bank, DV_RELAY, "2026-CENTR", "", table[i].json) !=
		    table[i].want)
			fail_msg("%s", table[i].json);
	assert_int_equal(ask(&g, &bank, DV_RELAY, "2026-XXXXX", "", "{}"), P_NOT_FOUND);
	slots_set(&two.sec, RIG_MED);
	assert_int_equal(
	    ask(&g, &two, DV_RELAY, "2026-CENTR", "", "{}"), P_MISSING_FIELD);
	assert_int_equal(ask(&g, &op, DV_RELAY, "2026-CENTR", "", "{}"), P_FORBIDDEN);
	machine.duties = DUTY_MACHINE;
	assert_int_equal(
	    ask(&g, &machine, DV_RELAY, "2026-CENTR", "", "{}"), P_FORBIDDEN);
	rig_close(&g);
}

/* What was passed on before relays could end lives. */
static void
test_from_an_earlier_version(void **state)
{
	static const struct db_schema nine = { .name = "keeper",
		.application_id = 0x43504b31,
		.migrations = SCHEMA_KEEPER,
		.versions = 9 };
	static const char rows[] =
	    "INSERT INTO meta VALUES (1, 7, zeroblob(16), 0, zeroblob(32));"
	    "INSERT INTO relays VALUES (x'000102030405060708090a0b0c0d0e0f', "
	    "x'77777777777777777777777777777777', 1, '', 3, 2, 1, 1, '{}');";
	uint8_t id[ID_LEN], ids[SLOTS][ID_LEN];
	struct store_relay r;
	struct db *d = NULL;
	struct buf b;
	char path[96];
	struct rig g;
	size_t n = 0;

	(void)state;
	rig_open(&g, "");
	rig_stop(&g);
	(void)snprintf(path, sizeof path, "%s/keeper.db", g.dir);
	assert_int_equal(unlink(path), 0);
	buf_init(&b, 4096);
	assert_int_equal(db_open(&d, path, &nine, &b), 0);
	assert_int_equal(sqlite3_exec(db_handle(d), rows, NULL, NULL, NULL), SQLITE_OK);
	db_close(d);
	rig_start(&g);
	memset(id, 0x77, ID_LEN);
	buf_reset(&b);
	assert_int_equal(store_relay_of(g.k.store, id, 1, &r, &b), 0);
	assert_true(r.bulletin[15] == 15 && r.revision == 3 && r.tlp == 2);
	assert_true(r.members && r.ordered && !r.ended);
	assert_int_equal(store_relay_list(g.k.store, id, ids, SLOTS, &n), 0);
	assert_int_equal(n, 1);
	buf_done(&b);
	rig_close(&g);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass_on),
		cmocka_unit_test(test_affiliates),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_asks_as_the_original_does),
		cmocka_unit_test(test_withdraw),
		cmocka_unit_test(test_tlp),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_from_an_earlier_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
