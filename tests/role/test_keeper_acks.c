/* SPDX-License-Identifier: Apache-2.0 */
/* What readers ask and write: bulletins, inbox, acknowledgements, subscriptions. */
#include "tests/role/keeper_rig.h"

#include <ctype.h>

#include "proto/cursor.h"

static void
bulletin_id(struct rig *g, uint8_t *id)
{
	json_t *j = rig_json(&g->peer[0]);

	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "bulletin.id")), id, ID_LEN), ID_LEN);
	json_decref(j);
}

struct one_ack {
	const uint8_t *id;
	unsigned revision, status;
};

static enum problem
acks(struct rig *g, const struct rights *r, const struct one_ack *v, unsigned n)
{
	struct keeper_ack a;
	enum problem p;
	struct buf b;
	unsigned i;

	buf_init(&b, 65536);
	rights_put(&b, r);
	wire_put_u16(&b, (uint16_t)n);
	for (i = 0; i < n; i++) {
		memset(&a, 0, sizeof a);
		memcpy(a.id, v[i].id, ID_LEN);
		a.revision = (uint16_t)v[i].revision;
		a.status = (uint8_t)v[i].status;
		a.note = slice_of("note");
		keeper_ack_put(&b, &a);
	}
	p = rig_call(g, &g->peer[0], KM_ACKS, &b);
	buf_done(&b);
	return p;
}

static void
assert_ack(struct rig *g, int i, const char *result, const char *status)
{
	json_t *j = rig_json(&g->peer[0]);
	char path[64];

	(void)snprintf(path, sizeof path, "results.%d.result", i);
	assert_string_equal(rig_text(j, path), result);
	(void)snprintf(path, sizeof path, "results.%d.status", i);
	assert_string_equal(rig_text(j, path), status);
	json_decref(j);
}

static void
test_acks_are_durable_and_never_go_backwards(void **state)
{
	struct rights own = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	struct rights other = rig_rights(2, ROLE_OPERATOR, RIG_PWR);
	struct keeper_put m = rig_put_default();
	static const uint8_t nothing[ID_LEN];
	uint8_t id[ID_LEN];
	struct one_ack two[2] = { { id, 1, ACK_READ }, { nothing, 1, ACK_READ } };
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	bulletin_id(&g, id);
	assert_int_equal(acks(&g, &own, two, 2), P_OK);
	assert_ack(&g, 0, "recorded", "read");
	assert_ack(&g, 1, "not_found", "");
	two[0].status = ACK_RECEIVED; /* late, from another device */
	assert_int_equal(acks(&g, &own, two, 1), P_OK);
	assert_ack(&g, 0, "recorded", "read");
	rig_restart(&g);
	assert_int_equal(acks(&g, &own, two, 1), P_OK);
	assert_ack(&g, 0, "recorded", "read");
	two[0].status = ACK_ACTED;
	assert_int_equal(acks(&g, &own, two, 1), P_OK);
	assert_ack(&g, 0, "recorded", "acted");
	/* Not his bulletin, and one that does not exist: the same answer. */
	assert_int_equal(acks(&g, &other, two, 1), P_NOT_FOUND);
	assert_int_equal(rig_reply(&g.peer[0]).body.n, 0);
	two[0].id = nothing;
	assert_int_equal(acks(&g, &own, two, 1), P_NOT_FOUND);
	two[0].id = id;
	two[0].revision = 2; /* not yet */
	assert_int_equal(acks(&g, &own, two, 1), P_NOT_FOUND);
	rig_close(&g);
}

static enum problem
list(struct rig *g, unsigned type, struct keeper_list *q)
{
	enum problem p;
	struct buf b;

	buf_init(&b, 4096);
	keeper_list_put(&b, q);
	p = rig_call(g, &g->peer[0], type, &b);
	buf_done(&b);
	return p;
}

static size_t
list_size(struct rig *g, const char *name)
{
	json_t *j = rig_json(&g->peer[0]);
	size_t n = json_array_size(rig_at(j, name));

	json_decref(j);
	return n;
}

static void
test_bulletins_are_listed_by_right(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_list q = { .limit = 100 };
	struct rig g;
	unsigned i, seen = 0, pages = 0;
	uint64_t seq;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < 12; i++) { /* every third goes beyond the own CEPTOAR */
		assert_int_equal(rig_put(&g, &m, i % 3 == 0 ? 4 : 3,
				     i % 3 == 0 ? "cross_sector" : "ceptoar", NULL),
		    P_OK);
	}
	q.rights = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	assert_int_equal(list(&g, KM_BULLETINS, &q), P_OK);
	assert_int_equal(list_size(&g, "bulletins"), 12);
	q.min_severity = 4;
	assert_int_equal(list(&g, KM_BULLETINS, &q), P_OK);
	assert_int_equal(list_size(&g, "bulletins"), 4);
	q.min_severity = 0;
	q.sectors = 1u << 1;
	assert_int_equal(list(&g, KM_BULLETINS, &q), P_OK);
	assert_int_equal(list_size(&g, "bulletins"), 0);
	q.sectors = 0;
	q.rights = rig_rights(2, ROLE_AFFILIATE, RIG_MED);
	assert_int_equal(list(&g, KM_BULLETINS, &q), P_OK);
	assert_int_equal(list_size(&g, "bulletins"), 0);
	/* Page by page, newest first, each once; the cursor says no number. */
	q.rights = rig_rights(3, ROLE_OPERATOR, RIG_PWR);
	for (q.limit = 3; pages < 10; pages++) {
		assert_int_equal(list(&g, KM_BULLETINS, &q), P_OK);
		j = rig_json(&g.peer[0]);
		seen += (unsigned)json_array_size(rig_at(j, "bulletins"));
		if (!json_is_string(rig_at(j, "next"))) {
			json_decref(j);
			break;
		}
		assert_int_equal(
		    cursor_read(g.k.cursors, slice_of(rig_text(j, "next")), &seq), 0);
		assert_true(q.before == 0 || seq < q.before);
		q.before = seq;
		json_decref(j);
	}
	assert_int_equal(seen, 4);
	rig_close(&g);
}

static enum problem
show(struct rig *g, const struct rights *r, const char *ref, unsigned revision)
{
	enum problem p;
	struct buf b;

	buf_init(&b, 4096);
	rights_put(&b, r);
	wire_put_str(&b, slice_of(ref));
	wire_put_u16(&b, (uint16_t)revision);
	p = rig_call(g, &g->peer[0], KM_BULLETIN, &b);
	buf_done(&b);
	return p;
}

static void
test_one_bulletin_by_id_and_number(void **state)
{
	struct rights own = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	struct rights other = rig_rights(2, ROLE_OPERATOR, RIG_PWR);
	struct keeper_put m = rig_put_default();
	char id[64], number[64], *at;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	j = rig_json(&g.peer[0]);
	(void)snprintf(id, sizeof id, "%s", rig_text(j, "bulletin.id"));
	(void)snprintf(number, sizeof number, "%s", rig_text(j, "bulletin.number"));
	json_decref(j);
	assert_int_equal(show(&g, &own, id, 0), P_OK);
	j = rig_json(&g.peer[0]);
	assert_string_equal(rig_text(j, "number"), number);
	json_decref(j);
	assert_int_equal(show(&g, &own, number, 1), P_OK);
	for (at = number; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	assert_int_equal(show(&g, &own, number, 1), P_OK); /* as somebody types it */
	assert_int_equal(show(&g, &own, number, 2), P_NOT_FOUND);
	assert_int_equal(show(&g, &other, number, 0), P_NOT_FOUND);
	assert_int_equal(show(&g, &other, id, 1), P_NOT_FOUND);
	assert_int_equal(show(&g, &own, "2026-ZZZZZ", 0), P_NOT_FOUND);
	assert_int_equal(show(&g, &own, "", 0), P_NOT_FOUND);
	rig_close(&g);
}

static void
test_inbox_belongs_to_the_desk(void **state)
{
	struct keeper_put m = rig_put_default(), pwr = m, agency = m;
	struct keeper_list q = { .limit = 100 };
	struct rig g;
	json_t *j;

	(void)state;
	pwr.slot = RIG_PWR;
	agency.slot = SLOT_NONE;
	rig_open(&g, "");
	assert_int_equal(
	    rig_put(&g, &m, 1, "none",
		"{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}"),
	    P_OK);
	assert_int_equal(rig_put(&g, &m, 4, "none", "{\"tlp\":\"TLP:RED\"}"), P_OK);
	assert_int_equal(rig_put(&g, &m, 0, "none", "{\"hotline\":\"consult\"}"), P_OK);
	assert_int_equal(rig_put(&g, &pwr, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_put(&g, &agency, 1, "none", NULL), P_OK);
	q.rights = rig_rights(1, ROLE_SECRETARIAT, RIG_MED);
	assert_int_equal(list(&g, KM_INBOX, &q), P_OK);
	assert_int_equal(list_size(&g, "items"), 3);
	assert_null(
	    memmem(g.peer[0].answer.p, g.peer[0].answer.n, "case_commitment", 15));
	q.rights = rig_rights(2, ROLE_SECRETARIAT, RIG_PWR);
	assert_int_equal(list(&g, KM_INBOX, &q), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "items")), 1);
	assert_string_equal(rig_text(j, "items.0.ceptoar"), "power-ceptoar");
	assert_string_equal(rig_text(j, "items.0.state"), "released");
	assert_string_equal(rig_text(j, "items.0.report.title.ja"), "件名");
	assert_int_equal(strlen(rig_text(j, "items.0.bulletin.number")), 10);
	json_decref(j);
	/* The centre: level 3 and up, hotline calls, agencies. */
	q.rights = rig_rights(3, ROLE_CENTRE, 0);
	assert_int_equal(list(&g, KM_INBOX, &q), P_OK);
	assert_int_equal(list_size(&g, "items"), 4);
	q.min_severity = 3;
	assert_int_equal(list(&g, KM_INBOX, &q), P_OK);
	assert_int_equal(list_size(&g, "items"), 2);
	/* Both offices: each report once. */
	q.min_severity = 0;
	q.rights.roles |= ROLE_SECRETARIAT;
	slots_set(&q.rights.sec, RIG_MED);
	assert_int_equal(list(&g, KM_INBOX, &q), P_OK);
	assert_int_equal(list_size(&g, "items"), 5);
	q.limit = 2;
	q.before = 4;
	assert_int_equal(list(&g, KM_INBOX, &q), P_OK);
	assert_int_equal(list_size(&g, "items"), 1);
	q.rights = rig_rights(4, ROLE_OPERATOR, RIG_MED);
	assert_int_equal(list(&g, KM_INBOX, &q), P_FORBIDDEN);
	rig_close(&g);
}

static void
sub_get(struct rig *g, unsigned who, struct subscription *ret)
{
	struct keeper_reply r;
	struct wire w;
	struct buf b;
	unsigned i;

	buf_init(&b, 64);
	for (i = 0; i < RECEIVER_LEN; i++)
		wire_put_u8(&b, (uint8_t)who);
	assert_int_equal(rig_call(g, &g->peer[0], KM_SUB_GET, &b), P_OK);
	r = rig_reply(&g->peer[0]);
	wire_init(&w, r.body.p, r.body.n);
	subscription_get(&w, ret);
	assert_int_equal(wire_end(&w), 0);
	buf_done(&b);
}

static void
test_subscription_falls_back_and_is_told_to_all_fronts(void **state)
{
	struct vault_dir_row row;
	struct subscription s;
	struct rig_peer *p, *silent;
	struct rig g;
	struct buf b;
	unsigned i;

	(void)state;
	rig_open(&g, "");
	buf_init(&b, 256);
	for (i = 0; i < RECEIVER_LEN; i++)
		wire_put_u8(&b, 5);
	/* Nobody knows this receiver yet: no default that might be less than it wants. */
	assert_int_equal(rig_call(&g, &g.peer[0], KM_SUB_GET, &b), P_UNAVAILABLE);
	buf_reset(&b);
	memset(&row, 0, sizeof row);
	row.rights = rig_rights(5, ROLE_OPERATOR, RIG_MED);
	subscription_default(&row.wants);
	row.wants.min_severity = 2;
	rig_directory(&g, &row, 1);
	sub_get(&g, 5, &s); /* what the members file says */
	assert_int_equal(s.min_severity, 2);
	p = rig_join(&g, 0);
	silent =
	    rig_join(&g, 0); /* it has not said hello: no push before the answer to it */
	assert_int_equal(rig_call(&g, p, KM_HELLO, &b), P_OK);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_HELLO, &b), P_OK);
	/* The same directory again tells nothing; another wish in it does. */
	rig_directory(&g, &row, 1);
	row.wants.cross_severity = 4;
	rig_directory(&g, &row, 1);
	RIG_UNTIL(&g, p->sub_changes == 1 && g.peer[0].sub_changes == 1);
	sub_get(&g, 5, &s);
	assert_int_equal(s.cross_severity, 4);
	s.min_severity = 1;
	s.cross_severity = 3;
	for (i = 0; i < RECEIVER_LEN; i++)
		wire_put_u8(&b, 5);
	wire_put_u8(&b, DUTIES_ALL & ~DUTY_SUBSCRIBES);
	subscription_put(&b, &s);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_SUB_PUT, &b), P_FORBIDDEN);
	buf_reset(&b);
	for (i = 0; i < RECEIVER_LEN; i++)
		wire_put_u8(&b, 5);
	wire_put_u8(&b, DUTY_SUBSCRIBES);
	subscription_put(&b, &s);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_SUB_PUT, &b), P_OK);
	RIG_UNTIL(&g, p->sub_changes == 2 && g.peer[0].sub_changes == 2);
	assert_int_equal(silent->sub_changes, 0);
	buf_done(&b);
	rig_restart(&g); /* what the member said stays */
	sub_get(&g, 5, &s);
	assert_int_equal(s.min_severity, 1);
	assert_int_equal(s.cross_severity, 3);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acks_are_durable_and_never_go_backwards),
		cmocka_unit_test(test_bulletins_are_listed_by_right),
		cmocka_unit_test(test_one_bulletin_by_id_and_number),
		cmocka_unit_test(test_inbox_belongs_to_the_desk),
		cmocka_unit_test(test_subscription_falls_back_and_is_told_to_all_fronts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
