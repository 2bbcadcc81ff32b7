/* SPDX-License-Identifier: Apache-2.0 */
/* Who was reached, and how that is known. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/acks.h"
#include "lib/db.h"
#include "schema.h"

static void
warn_all(struct rig *g, uint8_t *ret_id)
{
	struct keeper_put m = rig_put_default();
	json_t *j;

	assert_int_equal(rig_put(g, &m, 3, "ceptoar", NULL), P_OK);
	j = rig_json(&g->peer[0]);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "bulletin.id")), ret_id, ID_LEN), ID_LEN);
	json_decref(j);
}

static int
record_one(struct keeper *k, void *arg)
{
	return acks_record(k, arg);
}

/* Says so; what stands afterwards in that grade is *ret_status, *ret_flagged. */
static int
say(struct rig *g, struct ack_record *a, unsigned status, unsigned flagged,
    unsigned stands, unsigned stands_flagged)
{
	uint8_t was = 0, was_flagged = 0;
	int rc;

	a->status = (uint8_t)status;
	a->flagged = (uint8_t)flagged;
	rc = batch_transact(g->k.batch, record_one, a);
	if (rc != 0)
		return rc;
	assert_int_equal(store_ack_get(g->k.store, a, &was, &was_flagged), 0);
	assert_int_equal(was, stands);
	assert_int_equal(was_flagged, stands_flagged);
	return 0;
}

static void
test_each_grade_of_evidence_stands_by_itself(void **state)
{
	struct ack_record a = { .revision = 1, .minute = 1000, .note = { "", 0 } };
	struct rig g;

	(void)state;
	rig_open(&g, "");
	warn_all(&g, a.bulletin);
	memset(a.receiver, 128, sizeof a.receiver);
	a.evidence = EVIDENCE_LINK;
	/* A machine that opened the mail is kept, and gives way to a person. */
	assert_int_equal(say(&g, &a, ACK_READ, 1, ACK_READ, 1), 0);
	assert_int_equal(say(&g, &a, ACK_RECEIVED, 1, ACK_READ, 1), 0);
	assert_int_equal(say(&g, &a, ACK_RECEIVED, 0, ACK_RECEIVED, 0), 0);
	assert_int_equal(say(&g, &a, ACK_ACTED, 1, ACK_RECEIVED, 0), 0);
	assert_int_equal(say(&g, &a, ACK_READ, 0, ACK_READ, 0), 0);
	assert_int_equal(say(&g, &a, ACK_RECEIVED, 0, ACK_READ, 0), 0);
	a.evidence = EVIDENCE_TELEPHONE;
	assert_int_equal(say(&g, &a, ACK_RECEIVED, 0, ACK_RECEIVED, 0), 0);
	a.evidence = EVIDENCE_CLIENT;
	assert_int_equal(say(&g, &a, ACK_ACTED, 0, ACK_ACTED, 0), 0);
	a.evidence = EVIDENCE_LINK;
	assert_int_equal(say(&g, &a, ACK_RECEIVED, 0, ACK_READ, 0), 0);
	/* Nothing of what does not exist. */
	a.revision = 2;
	assert_int_equal(say(&g, &a, ACK_READ, 0, 0, 0), ERR_NOTFOUND);
	a.revision = 1;
	a.evidence = EVIDENCES + 1;
	assert_int_equal(say(&g, &a, ACK_READ, 0, 0, 0), ERR_INVALID);
	a.evidence = EVIDENCE_LINK;
	assert_int_equal(say(&g, &a, ACK_ACTED + 1, 0, 0, 0), ERR_INVALID);
	a.bulletin[0] ^= 1;
	assert_int_equal(say(&g, &a, ACK_READ, 0, 0, 0), ERR_NOTFOUND);
	rig_close(&g);
}

/* A store of the second version: what was acknowledged then was said by clients. */
static void
test_acknowledgements_of_an_older_store_are_kept(void **state)
{
	static const struct db_schema second = { .name = "keeper",
		.application_id = 0x43504b31,
		.migrations = SCHEMA_KEEPER,
		.versions = 2 };
	struct ack_record a = { .revision = 1, .evidence = EVIDENCE_CLIENT };
	uint8_t status = 0, flagged = 1;
	struct sqlite3_stmt *st;
	char path[128];
	struct buf why;
	struct db *db;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	(void)snprintf(path, sizeof path, "%s/copy.db", g.dir);
	buf_init(&why, 1024);
	assert_int_equal(db_open(&db, path, &second, &why), 0);
	st = db_prepare(db,
	    "INSERT INTO acks VALUES (zeroblob(16), 1, zeroblob(16), 2, 77,"
	    " 3, 'n')");
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_run(db, st), 0);
	assert_int_equal(db_commit(db), 0);
	db_close(db);
	{
		struct store *s;

		assert_int_equal(store_open(&s, path, &why), 0);
		assert_int_equal(store_ack_get(s, &a, &status, &flagged), 0);
		store_close(s);
	}
	assert_int_equal(status, ACK_READ);
	assert_int_equal(flagged, 0);
	buf_done(&why);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_grade_of_evidence_stands_by_itself),
		cmocka_unit_test(test_acknowledgements_of_an_older_store_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
