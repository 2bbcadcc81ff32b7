/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the keeper is busy with one page of deliveries: a store of 6,400 receivers and
 * 10 bulletins with all stages.  Prints a line for each kind of page: its name, median
 * and highest time in milliseconds, and bytes of the answer.
 */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/store_delivery.h"
#include "daemon/keeper/store_reader.h"
#include "proto/msg_desk.h"
#include "proto/msg_reach.h"

enum { RECEIVERS = 6400, BULLETINS = 10, CEPTOARS = 19, RUNS = 61, A_MESSAGE = 3200 };

static struct vault_dir_row rows[RECEIVERS];
static uint8_t bulletins[BULLETINS][ID_LEN];
static struct rig g;

static void
directory(void)
{
	unsigned i, at;

	srandom(1);
	for (i = 0; i < RECEIVERS; i++) {
		rows[i].rights = rig_rights(1, ROLE_OPERATOR, i % CEPTOARS);
		slots_set(&rows[i].rights.op, RIG_MED);
		for (at = 0; at < RECEIVER_LEN; at++)
			rows[i].rights.receiver[at] = (uint8_t)random();
		subscription_default(&rows[i].wants);
	}
	rig_directory(&g, rows, RECEIVERS);
}

/* Acknowledged by two thirds in several grades, mailed to all. */
static int
fill(struct keeper *k, void *arg)
{
	const uint8_t *id = arg;
	struct store_delivery d;
	struct ack_record a;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < RECEIVERS; i++) {
		memset(&d, 0, sizeof d);
		memset(&a, 0, sizeof a);
		memcpy(d.key.bulletin, id, ID_LEN);
		memcpy(d.key.receiver, rows[i].rights.receiver, RECEIVER_LEN);
		d.key.revision = a.revision = 1;
		d.key.route = 1;
		d.state = i % 50 == 0 ? DELIVERY_FAILED : DELIVERY_SENT;
		d.queued_at = d.sent_at = a.minute = 1000;
		rc = store_delivery_add(k->store, &d);
		memcpy(a.bulletin, id, ID_LEN);
		memcpy(a.receiver, rows[i].rights.receiver, RECEIVER_LEN);
		a.status = (uint8_t)(1 + i % 3);
		a.note = slice_of("");
		a.evidence = (uint8_t)(1 + i % 3);
		if (rc == 0 && i % 3 != 0)
			rc = store_ack_put(k->store, &a);
		a.evidence = EVIDENCE_TELEPHONE;
		if (rc == 0 && i % 9 == 1)
			rc = store_ack_put(k->store, &a);
	}
	return rc;
}

static void
stream_all(void)
{
	struct keeper_streamed m;
	struct store_info info;
	struct buf b;
	unsigned i, n;

	store_info(g.k.store, &info);
	buf_init(&b, KEEPER_FRAME_MAX);
	for (i = 0; i < RECEIVERS; i += A_MESSAGE) {
		buf_reset(&b);
		wire_put_u32(&b, info.epoch);
		wire_put_u16(&b, A_MESSAGE);
		for (n = i; n < i + A_MESSAGE; n++) {
			memset(&m, 0, sizeof m);
			m.rights = rows[n].rights;
			m.wants = rows[n].wants;
			m.first = 1;
			m.last = n % 10 == 0 ? info.head / 2 : info.head;
			keeper_streamed_put(&b, &m);
		}
		assert_int_equal(rig_call(&g, &g.peer[0], KM_STREAMED, &b), P_OK);
	}
	buf_done(&b);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
measure(const char *name, unsigned roles, unsigned verb, const char *query)
{
	static int64_t took[RUNS];
	struct keeper_desk m;
	struct buf b, hex;
	int64_t began;
	unsigned i;

	buf_init(&b, 65536);
	buf_init(&hex, 64);
	for (i = 0; i < RUNS; i++) {
		memset(&m, 0, sizeof m);
		m.rights = rig_rights(3, roles, RIG_MED);
		m.rights.duties = DUTIES_ALL;
		buf_reset(&hex);
		buf_add_hex(&hex, bulletins[i % BULLETINS], ID_LEN);
		m.verb = (uint8_t)verb;
		m.ref = buf_slice(&hex);
		m.query = slice_of(query);
		m.sub = m.json = slice_of("");
		buf_reset(&b);
		keeper_desk_put(&b, &m);
		began = clock_mono_us();
		if (rig_call(&g, &g.peer[0], KM_DESK, &b) != P_OK)
			fail_msg("%s: status %u", name, g.peer[0].status);
		took[i] = clock_mono_us() - began;
	}
	qsort(took, RUNS, sizeof took[0], by_size);
	printf("%s: %.2f %.2f %zu\n", name, (double)took[RUNS / 2] / 1000,
	    (double)took[RUNS - 1] / 1000, g.peer[0].answer.n);
	buf_done(&b);
	buf_done(&hex);
}

static void
test_pages(void **state)
{
	char from_the_middle[64];
	struct keeper_put m = rig_put_default();
	unsigned i;
	json_t *j;

	(void)state;
	rig_open_light(&g, "");
	directory();
	for (i = 0; i < BULLETINS; i++) {
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
		j = rig_json(&g.peer[0]);
		assert_int_equal(hex_decode(slice_of(rig_text(j, "bulletin.id")),
				     bulletins[i], ID_LEN),
		    ID_LEN);
		json_decref(j);
		assert_int_equal(batch_transact(g.k.batch, fill, bulletins[i]), 0);
	}
	stream_all();
	(void)snprintf(from_the_middle, sizeof from_the_middle,
	    "limit=100&cursor=80000000000000000000000000000000");
	measure("first page, with figures", ROLE_SECRETARIAT, DV_DELIVERIES, "");
	measure("next page", ROLE_SECRETARIAT, DV_DELIVERIES, from_the_middle);
	measure("silent ones", ROLE_SECRETARIAT, DV_DELIVERIES,
	    "silent=1&cursor=01000000000000000000000000000000");
	measure("500 lines of a table", ROLE_SECRETARIAT, DV_DELIVERIES_CSV,
	    "limit=500&cursor=01000000000000000000000000000000");
	measure("the centre's figures", ROLE_CENTRE, DV_DELIVERIES, "");
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
