/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

static void
test_directory(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	struct vault_admit a;
	char id[32];
	unsigned i, found = 0, in_order = 0;

	for (i = 1; i <= 12; i++) {
		(void)snprintf(id, sizeof id, "sample-member-%02u", i);
		rig_enrol(admin, id, i);
	}
	assert_int_equal(keeper->begins, 0); /* nothing before it asks */
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->ends, 1));
	assert_int_equal(keeper->generation, 13);
	assert_int_equal(keeper->row_count, 12);
	assert_int_equal(keeper->end_count, 12);
	rig_admit(front, 3, rig_end(3), &a);
	for (i = 0; i < 12; i++) {
		assert_int_equal(keeper->rows[i].disabled, 0);
		assert_int_equal(keeper->rows[i].routes, 0); /* no contacts */
		assert_string_equal(keeper->rows[i].region, "kanto");
		assert_string_equal(keeper->rows[i].class_, "hospital");
		assert_string_equal(keeper->rows[i].size, "m");
		assert_int_equal(keeper->rows[i].wants.cross_severity, LEVEL_NEVER);
		if (i > 0)
			assert_true(
			    memcmp(keeper->rows[i - 1].rights.receiver,
				keeper->rows[i].rights.receiver, RECEIVER_LEN) < 0);
		if (memcmp(&keeper->rows[i].rights, &a.rights, sizeof a.rights) == 0)
			found++;
		in_order += slots_has(&keeper->rows[i].rights.op, i + 1);
	}
	assert_int_equal(found, 1);
	assert_true(in_order < 12); /* not the order of the names */
	assert_null(memmem(keeper->raw.p, keeper->raw.n, "sample", 6));
}

/* After every change the whole of it again, to those who asked. */
static void
test_pushed_again(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER),
			*silent = rig_peer(r, RIG_KEEPER);

	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->ends, 1));
	assert_int_equal(keeper->row_count, 0);
	rig_enrol(admin, "sample-hospital", 1);
	assert_true(rig_wait_count(r, &keeper->ends, 2));
	assert_int_equal(keeper->row_count, 1);
	assert_int_equal(keeper->generation, 2);
	assert_int_equal(rig_disable(admin, "sample-hospital", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_true(rig_wait_count(r, &keeper->ends, 3));
	assert_int_equal(keeper->rows[0].disabled, 1);
	assert_int_equal(keeper->begins, 3);
	assert_int_equal(silent->begins, 0);
}

static void
test_frames_refused(void **state)
{
	static const struct {
		uint16_t type;
		size_t n;
	} cases[] = { { VM_DIRECTORY, 0 }, { VM_DIRECTORY, 4 }, { VM_DIRECTORY, 5 },
		{ VM_HELLO, 0 }, { VM_ADMIT, 40 }, { VM_SEAL, 49 }, { VM_TERMS, 34 },
		{ VM_A_LIST, 64 }, { VM_A_SHOW, 64 }, { VM_A_STATUS, 0 },
		{ VM_A_COMMIT, 0 }, { VM_DIR_BEGIN, 8 } };
	static const unsigned char zeros[VAULT_PAGE];
	struct rig *r = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		rig_refused(r, RIG_KEEPER, cases[i].type, zeros, cases[i].n);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_directory),
		T(test_pushed_again),
		T(test_frames_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
