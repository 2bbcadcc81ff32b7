/* SPDX-License-Identifier: Apache-2.0 */
/* Who was reached, and how that is known. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/acks.h"
#include "daemon/keeper/streamed.h"
#include "lib/db.h"
#include "proto/msg_reach.h"
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

/* ---- rows that were streamed */

struct piece {
	unsigned who, slot;
	uint8_t min_severity; /* of the stream's query */
	uint64_t first, last;
};

static void
streamed_put(
    struct rig *g, uint32_t epoch, const struct piece *v, size_t n, struct buf *b)
{
	struct keeper_streamed m;
	struct store_info info;
	size_t i;

	store_info(g->k.store, &info);
	buf_reset(b);
	wire_put_u32(b, epoch != 0 ? epoch : info.epoch);
	wire_put_u16(b, (uint16_t)n);
	for (i = 0; i < n; i++) {
		memset(&m, 0, sizeof m);
		m.rights = rig_rights(v[i].who, ROLE_OPERATOR, v[i].slot);
		subscription_default(&m.wants);
		m.query.min_severity = v[i].min_severity;
		m.first = v[i].first;
		m.last = v[i].last;
		keeper_streamed_put(b, &m);
	}
}

static enum problem
streamed(struct rig *g, uint32_t epoch, const struct piece *v, size_t n)
{
	enum problem p;
	struct buf b;

	buf_init(&b, KEEPER_FRAME_MAX);
	streamed_put(g, epoch, v, n, &b);
	p = rig_call(g, &g->peer[0], KM_STREAMED, &b);
	buf_done(&b);
	return p;
}

static int
has(struct rig *g, unsigned who, const struct frame_head *h)
{
	uint8_t receiver[RECEIVER_LEN];

	memset(receiver, (int)who, sizeof receiver);
	return streamed_has(g->k.streamed, receiver, h);
}

/* Rows of bells and bulletins: after them the head of the newest bulletin. */
static struct frame_head
newest(struct rig *g, const uint8_t *id)
{
	struct store_bulletin b;

	assert_int_equal(store_bulletin_get(g->k.store, id, &b), 0);
	return b.head;
}

static void
test_a_range_says_what_was_shown_in_it(void **state)
{
	struct frame_head one, two;
	uint8_t id[ID_LEN];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	warn_all(&g, id);
	one = newest(&g, id);
	warn_all(&g, id);
	two = newest(&g, id);
	{
		const struct piece v[] = {
			{ 128, RIG_MED, 0, one.seq, one.seq }, /* one row */
			{ 131, RIG_MED, 4, one.seq, two.seq }, /* a stream for level 4 */
			{ 129, RIG_PWR, 0, one.seq, two.seq }, /* it passed over */
			{ 134, RIG_MED, 0, one.seq, two.seq - 1 },
			{ 134, RIG_MED, 0, two.seq, two.seq },
		};
		const struct piece later = { 140, RIG_MED, 0, one.seq, two.seq + 1 };

		assert_int_equal(streamed(&g, 0, v, 5), P_OK);
		assert_int_equal(streamed(&g, 0, &later, 1), P_OK); /* of no log */
		assert_int_equal(streamed(&g, 77, v, 5), P_OK);	    /* of another */
	}
	assert_true(has(&g, 128, &one) && !has(&g, 128, &two));
	assert_true(!has(&g, 131, &one) && !has(&g, 131, &two));
	assert_true(!has(&g, 129, &one) && !has(&g, 130, &one));
	assert_true(has(&g, 134, &one) && has(&g, 134, &two));
	assert_true(!has(&g, 140, &one));
	rig_restart(&g); /* an answer means that it is on the disk */
	assert_true(has(&g, 128, &one) && !has(&g, 128, &two));
	assert_true(!has(&g, 131, &one) && has(&g, 134, &two) && !has(&g, 129, &one));
	rig_close(&g);
}

/* No answer before COMMIT: what is lost with the keeper is told again by the front. */
static void
test_what_was_not_confirmed_is_told_again(void **state)
{
	struct frame_head one;
	uint8_t id[ID_LEN];
	struct rig g;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, KEEPER_FRAME_MAX);
	rig_open(&g, "");
	warn_all(&g, id);
	one = newest(&g, id);
	{
		const struct piece v = { 128, RIG_MED, 0, one.seq, one.seq };

		streamed_put(&g, 0, &v, 1, &b);
		g.peer[0].got = 0;
		g.peer[0].want = rig_send(&g, &g.peer[0], KM_STREAMED, &b);
		for (i = 0; i < 50; i++)
			rig_turn(&g);
		assert_true(has(&g, 128, &one) && !g.peer[0].got);
		rig_restart(&g); /* as kill -9: nothing is written at this end */
		assert_false(has(&g, 128, &one));
		assert_int_equal(streamed(&g, 0, &v, 1), P_OK);
		assert_true(has(&g, 128, &one));
		/* An orderly end waits for no timer. */
		streamed_put(
		    &g, 0, &(struct piece){ 131, RIG_MED, 0, one.seq, one.seq }, 1, &b);
		g.peer[0].got = 0;
		g.peer[0].want = rig_send(&g, &g.peer[0], KM_STREAMED, &b);
		RIG_UNTIL(&g, has(&g, 131, &one));
		keeper_drain(&g.k);
		RIG_UNTIL(&g, g.peer[0].got);
		rig_restart(&g);
		assert_true(has(&g, 131, &one));
	}
	/* What is no range, and more than may be. */
	streamed_put(&g, 0, &(struct piece){ 128, RIG_MED, 0, 5, 4 }, 1, &b);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_STREAMED, &b), P_COUNT);
	buf_done(&b);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_grade_of_evidence_stands_by_itself),
		cmocka_unit_test(test_acknowledgements_of_an_older_store_are_kept),
		cmocka_unit_test(test_a_range_says_what_was_shown_in_it),
		cmocka_unit_test(test_what_was_not_confirmed_is_told_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
