/* SPDX-License-Identifier: Apache-2.0 */
/* Who was reached, and how that is known. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/acks.h"
#include "daemon/keeper/store_delivery.h"
#include "daemon/keeper/store_reach.h"
#include "daemon/keeper/streamed.h"
#include "lib/db.h"
#include "proto/msg_desk.h"
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
	struct ack_before was;
	int rc;

	a->status = (uint8_t)status;
	a->flagged = (uint8_t)flagged;
	rc = batch_transact(g->k.batch, record_one, a);
	if (rc != 0)
		return rc;
	assert_int_equal(store_ack_get(g->k.store, a, &was), 0);
	assert_int_equal(was.status, stands);
	assert_int_equal(was.flagged, stands_flagged);
	return 0;
}

struct number {
	unsigned status, flagged, forwarded; /* what is said */
	unsigned stands, number, word;	     /* what stands then; which of the words */
};

static void
the_one_ack(struct rig *g, const uint8_t *bulletin, struct store_ack *ret)
{
	assert_int_equal(store_ack_walk(g->k.store, bulletin, 1, NULL), 0);
	assert_int_equal(store_ack_next(g->k.store, ret), 0);
	store_ack_end(g->k.store);
}

static void
assert_numbers(const struct number *v, unsigned n, unsigned evidence)
{
	struct ack_record a = { .revision = 1, .note = { "", 0 } };
	struct store_ack one;
	struct rig g;
	unsigned i;

	rig_open(&g, "");
	warn_all(&g, a.bulletin);
	memset(a.receiver, 128, sizeof a.receiver);
	a.evidence = (uint8_t)evidence;
	for (i = 0; i < n; i++) {
		a.forwarded = v[i].forwarded;
		a.minute = i;
		assert_int_equal(
		    say(&g, &a, v[i].status, v[i].flagged, v[i].stands, 0), 0);
		the_one_ack(&g, a.bulletin, &one);
		if (one.forwarded != v[i].number || one.minute != v[i].word)
			fail_msg("grade %u, word %u: %u, of word %d", evidence, i,
			    (unsigned)one.forwarded, (int)one.minute);
	}
	/* When a stage was reached is no later word's to say. */
	assert_int_equal(one.at[ACK_ACTED], 1);
	rig_close(&g);
}

/* To how many it went may grow when the stage does not. */
static void
test_the_number_grows_beside_the_stage(void **state)
{
	static const struct number own[] = { { ACK_RECEIVED, 0, 250, ACK_RECEIVED, 250,
						 0 },
		{ ACK_ACTED, 0, 0, ACK_ACTED, 250, 1 }, /* names none */
		{ ACK_RECEIVED, 0, 260, ACK_ACTED, 260, 1 },
		{ ACK_READ, 0, 9, ACK_ACTED, 260, 1 }, /* late, from another device */
		{ ACK_READ, 1, 900, ACK_ACTED, 260, 1 },
		{ ACK_ACTED, 0, 40, ACK_ACTED, 40, 5 } }; /* it was a slip of the pen */
	static const struct number hub[] = { { ACK_READ, 0, 1, ACK_READ, 1, 0 },
		{ ACK_ACTED, 0, 2, ACK_ACTED, 2, 1 },
		{ ACK_RECEIVED, 0, 253, ACK_ACTED, 253, 2 },
		{ ACK_READ, 0, 2, ACK_ACTED, 253, 2 }, /* an older file */
		{ ACK_RECEIVED, 0, 253, ACK_ACTED, 253, 4 } };

	(void)state;
	assert_numbers(own, sizeof own / sizeof own[0], EVIDENCE_CLIENT);
	assert_numbers(hub, sizeof hub / sizeof hub[0], EVIDENCE_RELAY);
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
	struct ack_before was = { .flagged = 1 };
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
		assert_int_equal(store_ack_get(s, &a, &was), 0);
		store_close(s);
	}
	assert_int_equal(was.status, ACK_READ);
	assert_int_equal(was.flagged, 0);
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

static int64_t has_at;

static int
has(struct rig *g, unsigned who, const struct frame_head *h)
{
	uint8_t receiver[RECEIVER_LEN];

	memset(receiver, (int)who, sizeof receiver);
	return streamed_has(g->k.streamed, receiver, h, &has_at);
}

/* Minutes after rig_now as it was at `began`; -1: not sent, -2: nobody knows when. */
static int64_t
sent_after(struct rig *g, unsigned who, const struct frame_head *h, int64_t began)
{
	if (!has(g, who, h))
		return -1;
	return has_at > 0 ? has_at - began / 60000 : -2;
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
		/* Of another. */
		assert_int_equal(
		    streamed(
			&g, 77, &(struct piece){ 143, RIG_MED, 0, one.seq, two.seq }, 1),
		    P_OK);
	}
	assert_true(has(&g, 128, &one) && !has(&g, 128, &two));
	assert_true(!has(&g, 131, &one) && !has(&g, 131, &two));
	assert_true(!has(&g, 129, &one) && !has(&g, 130, &one));
	assert_true(has(&g, 134, &one) && has(&g, 134, &two));
	assert_true(!has(&g, 140, &one) && !has(&g, 143, &one));
	rig_restart(&g); /* an answer means that it is on the disk */
	assert_true(has(&g, 128, &one) && !has(&g, 128, &two));
	assert_true(!has(&g, 131, &one) && has(&g, 134, &two) && !has(&g, 129, &one));
	rig_close(&g);
}

/* The front says so, and does not wait for the answer, which waits for the disk. */
static void
told(struct rig *g, unsigned who, const struct frame_head *from,
    const struct frame_head *to)
{
	struct buf b;

	buf_init(&b, KEEPER_FRAME_MAX);
	streamed_put(g, 0, &(struct piece){ who, RIG_MED, 0, from->seq, to->seq }, 1, &b);
	(void)rig_send(g, &g->peer[0], KM_STREAMED, &b);
	buf_done(&b);
	RIG_UNTIL(g, has(g, who, to));
}

/*
 * Each row has the minute in which it was first sent: live rows their own, those of a
 * catch-up and of a slow reader that of the confirmation; and it stays over a restart.
 */
static void
test_when_it_was_sent(void **state)
{
	const int64_t began = rig_now, minute = 60000;
	struct frame_head row[5];
	uint8_t id[ID_LEN];
	struct rig g;
	int i, again;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < 5; i++) { /* at 0, 10, .. minutes */
		rig_now = began + i * 10 * minute;
		warn_all(&g, id);
		row[i] = newest(&g, id);
		/* 128 has a stream all the time; 131 is away for the third and fourth,
		 * and 134 reads each row five minutes later. */
		told(&g, 128, &row[0], &row[i]);
		if (i < 2 || i == 4)
			told(&g, 131, &row[i < 2 ? 0 : 2], &row[i]);
		rig_now += 5 * minute;
		told(&g, 134, &row[0], &row[i]);
	}
	/* What is told again later changes nothing. */
	assert_int_equal(
	    streamed(
		&g, 0, &(struct piece){ 131, RIG_MED, 0, row[0].seq, row[4].seq }, 1),
	    P_OK);
	for (again = 0; again < 2; again++) {
		for (i = 0; i < 5; i++) {
			assert_int_equal(sent_after(&g, 128, &row[i], began), 10 * i);
			assert_int_equal(sent_after(&g, 134, &row[i], began), 10 * i + 5);
			assert_int_equal(
			    sent_after(&g, 131, &row[i], began), i < 2 ? 10 * i : 40);
		}
		rig_restart(&g);
	}
	rig_now = began;
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

/* ---- what a desk is shown */

static enum problem
desk(struct rig *g, struct rig_peer *p, const struct rights *r, const uint8_t *id,
    unsigned verb, const char *query, const char *json)
{
	struct keeper_desk m;
	struct buf b, hex;
	enum problem rc;

	memset(&m, 0, sizeof m);
	buf_init(&b, 65536);
	buf_init(&hex, 64);
	buf_add_hex(&hex, id, ID_LEN);
	m.rights = *r;
	m.rights.duties = DUTIES_ALL;
	m.verb = (uint8_t)verb;
	m.ref = buf_slice(&hex);
	m.sub = slice_of("");
	m.query = slice_of(query);
	m.json = slice_of(json);
	keeper_desk_put(&b, &m);
	rc = rig_call(g, p, KM_DESK, &b);
	buf_done(&b);
	buf_done(&hex);
	return rc;
}

static int
add_delivery(struct keeper *k, void *arg)
{
	int rc = store_delivery_add(k->store, arg);

	return rc == 0 ? store_delivery_set(k->store, arg) : rc;
}

static void
routed(struct rig *g, const uint8_t *id, unsigned who, unsigned state, const char *reason)
{
	struct store_delivery d;

	memset(&d, 0, sizeof d);
	memcpy(d.key.bulletin, id, ID_LEN);
	memset(d.key.receiver, (int)who, RECEIVER_LEN);
	d.key.revision = 1;
	d.key.route = 1;
	d.state = (uint8_t)state;
	d.queued_at = 1000;
	(void)snprintf(d.reason, sizeof d.reason, "%s", reason);
	memset(d.person, state == DELIVERY_SENT ? 0xab : 0, sizeof d.person);
	assert_int_equal(batch_transact(g->k.batch, add_delivery, &d), 0);
}

/* "path" of the line of this receiver, or of the first figures with who 0. */
static int
shown(const json_t *j, unsigned who, const char *path, const char *want)
{
	const json_t *list = rig_at(j, "deliveries"), *at = NULL, *r;
	uint8_t id[RECEIVER_LEN], mine[RECEIVER_LEN];
	char number[32];
	size_t i;

	memset(mine, (int)who, sizeof mine);
	if (who == 0)
		at = rig_at(rig_at(j, "summary.0"), path);
	json_array_foreach(list, i, r)
	{
		if (who != 0 &&
		    hex_decode(slice_of(rig_text(r, "receiver")), id, sizeof id) > 0 &&
		    memcmp(id, mine, sizeof id) == 0)
			at = rig_at(r, path);
	}
	(void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(at));
	return strcmp(json_is_string(at) ? json_string_value(at) : number, want) == 0;
}

static void
test_what_counts_and_what_does_not(void **state)
{
	struct rights sec = rig_rights(1, ROLE_SECRETARIAT, RIG_MED);
	struct ack_record a = { .revision = 1, .minute = 1000, .note = { "", 0 } };
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	warn_all(&g, a.bulletin);
	/* Receivers 128, 131, ... are those of the CEPTOAR. */
	routed(&g, a.bulletin, 128, DELIVERY_QUEUED, "");
	routed(&g, a.bulletin, 131, DELIVERY_FAILED, "no such host");
	routed(&g, a.bulletin, 134, DELIVERY_SENT, "");
	memset(a.receiver, 137, sizeof a.receiver);
	a.evidence = EVIDENCE_LINK;
	assert_int_equal(say(&g, &a, ACK_ACTED, 1, ACK_ACTED, 1), 0); /* flagged */
	memset(a.receiver, 140, sizeof a.receiver);
	assert_int_equal(say(&g, &a, ACK_READ, 0, ACK_READ, 0), 0);
	assert_int_equal(
	    desk(&g, &g.peer[0], &sec, a.bulletin, DV_DELIVERIES, "limit=500", ""), P_OK);
	j = rig_json(&g.peer[0]);
	assert_true(shown(j, 128, "state", "queued") && shown(j, 131, "state", "failed"));
	assert_true(shown(j, 131, "routes.0.reason", "no such host"));
	assert_true(shown(j, 134, "routes.0.person", "abababababababababababababababab"));
	assert_true(shown(j, 131, "routes.0.person", "0")); /* the member's own */
	assert_true(shown(j, 134, "state", "sent") && shown(j, 137, "state", "nothing"));
	assert_true(shown(j, 140, "state", "read") && shown(j, 143, "state", "nothing"));
	assert_true(shown(j, 0, "entitled", "24") && shown(j, 0, "at_release", "24"));
	assert_true(shown(j, 0, "queued", "1") && shown(j, 0, "failed", "1"));
	assert_true(shown(j, 0, "sent", "1") && shown(j, 0, "flagged", "1"));
	assert_true(shown(j, 0, "evidence.link.read", "1") &&
		    shown(j, 0, "evidence.link.acted", "0") &&
		    shown(j, 0, "stages.read", "1") && shown(j, 0, "silent", "23"));
	/* Of one that is nobody's own: neither lines nor figures. */
	assert_null(rig_at(j, "summary.1"));
	json_decref(j);
	sec = rig_rights(1, ROLE_SECRETARIAT, RIG_PWR);
	assert_int_equal(
	    desk(&g, &g.peer[0], &sec, a.bulletin, DV_DELIVERIES, "", ""), P_NOT_FOUND);
	rig_close(&g);
}

/* Members leave, are suspended, and join: what was at the release stays beside it. */
static void
test_entitled_then_and_now(void **state)
{
	struct rights sec = rig_rights(1, ROLE_SECRETARIAT, RIG_MED);
	struct vault_dir_row rows[3];
	struct frame_head h;
	uint8_t id[ID_LEN];
	struct rig g;
	unsigned i;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	warn_all(&g, id);
	h = newest(&g, id);
	memset(rows, 0, sizeof rows);
	for (i = 0; i < 3; i++) {
		rows[i].rights = rig_rights(200 + i, ROLE_OPERATOR, RIG_MED);
		subscription_default(&rows[i].wants);
	}
	rows[1].disabled = 1;
	rows[2].wants.min_severity = 4; /* wants no such warning */
	rig_directory(&g, rows, 3);
	/* One who joined was passed over by its stream as another: not sent. */
	assert_int_equal(
	    streamed(&g, 0, &(struct piece){ 200, RIG_PWR, 0, 1, h.seq }, 1), P_OK);
	assert_int_equal(
	    desk(&g, &g.peer[0], &sec, id, DV_DELIVERIES, "limit=500", ""), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "deliveries")), 1);
	assert_true(shown(j, 200, "state", "nothing"));
	assert_true(shown(j, 0, "entitled", "1") && shown(j, 0, "at_release", "24"));
	json_decref(j);
	rig_close(&g);
}

/* At the members' door there is no desk, whatever the rights say. */
static void
test_doors(void **state)
{
	struct rights sec = rig_rights(1, ROLE_SECRETARIAT, RIG_MED);
	struct rights op = rig_rights(128, ROLE_OPERATOR, RIG_MED);
	struct rig_peer *front;
	uint8_t id[ID_LEN];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	warn_all(&g, id);
	front = rig_join_at(&g, DOOR_FRONT);
	assert_int_equal(desk(&g, front, &sec, id, DV_DELIVERIES, "", ""), P_OK);
	j = rig_json(front);
	assert_int_equal(json_array_size(rig_at(j, "deliveries")), 0);
	assert_null(rig_at(j, "summary"));
	json_decref(j);
	assert_int_equal(desk(&g, front, &op, id, DV_DELIVERIES, "", ""), P_OK);
	j = rig_json(front);
	assert_int_equal(json_array_size(rig_at(j, "deliveries")), 1);
	json_decref(j);
	assert_int_equal(
	    desk(&g, front, &sec, id, DV_DELIVERIES_CSV, "", ""), P_NOT_FOUND);
	assert_int_equal(desk(&g, front, &sec, id, DV_ACK_FOR, "", "{}"), P_NOT_FOUND);
	assert_int_equal(
	    desk(&g, front, &sec, id, DV_QUESTION_LIST, "", ""), P_NOT_FOUND);
	assert_int_equal(
	    desk(&g, &g.peer[0], &op, id, DV_DELIVERIES_CSV, "", ""), P_FORBIDDEN);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_grade_of_evidence_stands_by_itself),
		cmocka_unit_test(test_the_number_grows_beside_the_stage),
		cmocka_unit_test(test_acknowledgements_of_an_older_store_are_kept),
		cmocka_unit_test(test_a_range_says_what_was_shown_in_it),
		cmocka_unit_test(test_when_it_was_sent),
		cmocka_unit_test(test_what_was_not_confirmed_is_told_again),
		cmocka_unit_test(test_what_counts_and_what_does_not),
		cmocka_unit_test(test_entitled_then_and_now),
		cmocka_unit_test(test_doors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
