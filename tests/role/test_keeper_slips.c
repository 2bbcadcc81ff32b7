/* SPDX-License-Identifier: Apache-2.0 */
/* Call-back slips as the keeper keeps them: for one desk, until their end, in no copy;
 * and the duty keys that they are sealed for.  To which desks a later version comes. */
#include "daemon/keeper/expire.h"
#include "tests/role/case_rig.h"

static const unsigned char box[3] = { 0xb0, 0x0c, 0x5e };

static struct keeper_put
with_slip(uint8_t desk)
{
	struct keeper_put m = rig_put_default();

	m.slip = (struct slice){ (const char *)box, sizeof box };
	m.slip_desk = desk;
	return m;
}

static void
assert_slip(struct rig *g, const struct keeper_case *who, const char *to)
{
	json_t *j;

	assert_int_equal(call(g, KM_SLIP, who), to != NULL ? P_OK : P_NOT_FOUND);
	if (to == NULL)
		return;
	j = rig_json(&g->peer[0]);
	assert_string_equal(rig_text(j, "to"), to);
	assert_string_equal(rig_text(j, "box"), "sAxe");
	json_decref(j);
}

static void
test_slip_is_for_one_desk(void **state)
{
	struct keeper_put m;
	struct keeper_case c, own, centre, other;
	json_t *j;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < 2; i++) {
		m = with_slip(i == 0 ? RIG_MED : SLOT_NONE);
		c = opened(&g, &m, 3);
		own = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
		centre = desk_of(&c, ROLE_CENTRE, 0);
		other = desk_of(&c, ROLE_SECRETARIAT, RIG_PWR);
		assert_slip(&g, &own, i == 0 ? "medical-ceptoar" : NULL);
		assert_slip(&g, &centre, i == 1 ? "centre" : NULL);
		assert_slip(&g, &other, NULL);
		assert_slip(&g, &c, NULL); /* nor for its own reporter */
		j = inbox(&g, ROLE_SECRETARIAT, RIG_MED);
		assert_true(json_is_true(rig_at(j, "items.0.slip")));
		assert_null(rig_at(j, "items.1.slip"));
		json_decref(j);
		j = inbox(&g, ROLE_CENTRE, 0);
		assert_null(rig_at(j, "items.0.slip"));
		assert_int_equal(json_is_true(rig_at(j, "items.1.slip")), i);
		json_decref(j);
		rig_now += i == 0 ? -60000 : 60000; /* the second one lies below */
	}
	/* Whom the report does not come to. */
	m = with_slip(SLOT_NONE);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", with_case), P_INVALID_FIELD);
	m = with_slip(RIG_PWR);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", with_case), P_INVALID_FIELD);
	rig_close(&g);
}

static int
file_holds(struct rig *g, const char *name)
{
	char path[128], *text = mem_alloc(16 << 20);
	int found = 0;
	size_t n;
	FILE *f;

	assert_non_null(text);
	(void)snprintf(path, sizeof path, "%s/%s", g->dir, name);
	f = fopen(path, "re");
	if (f != NULL) {
		n = fread(text, 1, 16 << 20, f);
		found = memmem(text, n, "slip-in-a-box", 13) != NULL;
		assert_int_equal(fclose(f), 0);
	}
	mem_free(text);
	return found;
}

static int
in_files(struct rig *g)
{
	return file_holds(g, "keeper.db") || file_holds(g, "keeper.db-wal");
}

static void
test_slip_ends(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c, desk;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "[policy]\nslip_hours = 2");
	m.slip = slice_of("slip-in-a-box");
	m.slip_desk = RIG_MED;
	for (i = 0; i < 3; i++) {
		c = opened(&g, &m, 3);
		desk = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
		rig_now += 119 * 60000;
		assert_int_equal(expire_slips(&g.k, rig_now / 60000), 0);
		assert_int_equal(call(&g, KM_SLIP, &desk), P_OK);
		assert_true(in_files(&g));
		if (i == 0) {
			assert_int_equal(call(&g, KM_CLOSE, &desk), P_OK);
		} else if (i == 1) {
			assert_int_equal(call(&g, KM_WITHDRAW, &c), P_OK);
		} else {
			rig_now += 60000; /* due: not handed out, destroyed or not */
			assert_int_equal(call(&g, KM_SLIP, &desk), P_NOT_FOUND);
			assert_int_equal(expire_slips(&g.k, rig_now / 60000), 0);
		}
		assert_int_equal(call(&g, KM_SLIP, &desk), P_NOT_FOUND);
		assert_int_equal(store_checkpoint(g.k.store, 1), 0);
		assert_false(in_files(&g)); /* overwritten, not only unlinked */
	}
	/* A later version's slip takes the earlier one's place. */
	c = opened(&g, &m, 3);
	desk = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
	m.has_case = 1;
	memcpy(m.case_id, c.case_id, ID_LEN);
	memcpy(m.secret_hash, secret_hash, sizeof secret_hash);
	m.slip = (struct slice){ (const char *)box, sizeof box };
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_slip(&g, &desk, "medical-ceptoar");
	rig_close(&g);
}

/* A copy would outlive what is to be destroyed. */
static void
test_no_slip_in_a_backup(void **state)
{
	struct keeper_put m = rig_put_default();
	char path[96];
	struct rig g;
	unsigned done, total;
	int rc = 0;

	(void)state;
	rig_open(&g, "");
	m.slip = slice_of("slip-in-a-box");
	m.slip_desk = RIG_MED;
	(void)opened(&g, &m, 3);
	(void)snprintf(path, sizeof path, "%s/copy.db", g.dir);
	assert_int_equal(store_backup_start(g.k.store, path), 0);
	while (rc == 0)
		rc = store_backup_step(g.k.store, &done, &total);
	assert_int_equal(rc, 1);
	store_backup_end(g.k.store);
	assert_false(file_holds(&g, "copy.db") || file_holds(&g, "copy.db-wal"));
	assert_true(in_files(&g));
	rig_close(&g);
}

static void
test_duty_keys(void **state)
{
	static const char pem[] = "-----BEGIN CERTIFICATE-----\nAAAA\n"
				  "-----END CERTIFICATE-----\n";
	static const struct {
		const char *desk, *cert;
		enum problem want;
	} table[] = {
		{ "centre", pem, P_OK },
		{ "medical-ceptoar", pem, P_OK },
		{ "medical-ceptoar", pem, P_OK }, /* another one in its place */
		{ "nobody", pem, P_INVALID_FIELD },
		{ "", pem, P_INVALID_FIELD },
		{ "centre", "AAAA", P_INVALID_FIELD },
		{ "centre", "-----BEGIN CERTIFICATE-----\n\x01\n", P_INVALID_FIELD },
	};
	struct rig_peer *admin;
	struct buf b;
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	admin = rig_join(&g, 1);
	buf_init(&b, KEEPER_FRAME_MAX);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		buf_reset(&b);
		wire_put_str(&b, slice_of(table[i].desk));
		wire_put_str(&b, slice_of(table[i].cert));
		assert_int_equal(rig_call(&g, admin, KM_A_DUTY_KEY, &b), table[i].want);
	}
	rig_restart(&g);
	buf_reset(&b);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_DUTY_KEYS, &b), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "keys")), 2);
	assert_string_equal(rig_text(j, "keys.0.desk"), "medical-ceptoar");
	assert_string_equal(rig_text(j, "keys.1.desk"), "centre");
	assert_string_equal(rig_text(j, "keys.1.cert"), pem);
	json_decref(j);
	buf_done(&b);
	rig_close(&g);
}

/* What a desk has of a case stays the newest, however low that is; what is kept from the
 * government is gone from the centre's. */
static void
test_a_lower_level_reaches_who_had_the_higher(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 3);
	m.has_case = 1;
	memcpy(m.case_id, c.case_id, ID_LEN);
	memcpy(m.secret_hash, c.secret_hash, sizeof m.secret_hash);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", NULL), P_OK);
	j = inbox(&g, ROLE_CENTRE, SLOT_NONE);
	assert_int_equal(json_array_size(json_object_get(j, "items")), 2);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.level")) +
			     json_integer_value(rig_at(j, "items.1.level")),
	    4);
	json_decref(j);
	assert_int_equal(rig_put(&g, &m, 1, "none",
			     "{\"consent\":{\"publish\":\"none\",\"government\":false}}"),
	    P_OK);
	j = inbox(&g, ROLE_CENTRE, SLOT_NONE);
	assert_int_equal(json_array_size(json_object_get(j, "items")), 0);
	json_decref(j);
	j = inbox(&g, ROLE_SECRETARIAT, RIG_MED);
	assert_int_equal(json_array_size(json_object_get(j, "items")), 3);
	json_decref(j);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_lower_level_reaches_who_had_the_higher),
		cmocka_unit_test(test_slip_is_for_one_desk),
		cmocka_unit_test(test_slip_ends),
		cmocka_unit_test(test_no_slip_in_a_backup),
		cmocka_unit_test(test_duty_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
