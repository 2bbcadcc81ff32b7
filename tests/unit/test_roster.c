/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/duty.h"

#define SHIFT(person, from, to) \
	"{\"member\":\"m\",\"person\":\"" person "\",\"from\":\"" from "\",\"to\":\"" to \
	"\"}"
#define FILE_OF(shifts) "{\"shifts\":[" shifts "]}"
#define ONE(fields)	"{\"shifts\":[{\"member\":\"m\",\"person\":\"p\"," fields "}]}"
#define DAYS		"\"from\":\"2026-12-01\",\"to\":\"2026-12-02\""

static const struct {
	const char *text, *pointer;
	enum problem problem; /* P_OK: accepted */
} rows[] = {
	{ "{\"shifts\":[],\"note\":\"x\"}", "", P_OK },
	{ "[]", "", P_WRONG_TYPE },
	{ "{}", "/shifts", P_MISSING_FIELD },
	{ "{\"shifts\":{}}", "/shifts", P_WRONG_TYPE },
	{ "{\"shifts\":[],\"days\":1}", "/days", P_UNKNOWN_FIELD },
	{ FILE_OF("1"), "/shifts/0", P_WRONG_TYPE },
	{ ONE(DAYS), "", P_OK },
	{ ONE(DAYS ",\"order\":9,\"note\":\"x\""), "", P_OK },
	{ ONE(DAYS ",\"order\":0"), "/shifts/0/order", P_INVALID_FIELD },
	{ ONE(DAYS ",\"order\":10"), "/shifts/0/order", P_INVALID_FIELD },
	{ ONE(DAYS ",\"order\":\"1\""), "/shifts/0/order", P_INVALID_FIELD },
	{ ONE(DAYS ",\"until\":1"), "/shifts/0/until", P_UNKNOWN_FIELD },
	{ "{\"shifts\":[{\"person\":\"p\"," DAYS "}]}", "/shifts/0/member",
	    P_MISSING_FIELD },
	{ "{\"shifts\":[{\"member\":\"m\"," DAYS "}]}", "/shifts/0/person",
	    P_MISSING_FIELD },
	{ "{\"shifts\":[{\"member\":\"M\",\"person\":\"p\"," DAYS "}]}",
	    "/shifts/0/member", P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01\""), "/shifts/0/to", P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-11-31\",\"to\":\"2026-12-02\""), "/shifts/0/from",
	    P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01T24:00\",\"to\":\"2026-12-02\""), "/shifts/0/from",
	    P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01 09:00\",\"to\":\"2026-12-02\""), "/shifts/0/from",
	    P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01T9:000\",\"to\":\"2026-12-02\""), "/shifts/0/from",
	    P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01T09:60\",\"to\":\"2026-12-02\""), "/shifts/0/from",
	    P_INVALID_FIELD },
	{ ONE("\"from\":20261201,\"to\":\"2026-12-02\""), "/shifts/0/from",
	    P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-02\",\"to\":\"2026-12-01\""), "/shifts/0/to",
	    P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01T09:00\",\"to\":\"2026-12-01T09:00\""),
	    "/shifts/0/to", P_INVALID_FIELD },
	{ ONE("\"from\":\"2026-12-01\",\"to\":\"2027-12-02\""), "/shifts/0/to",
	    P_INVALID_FIELD },
	{ FILE_OF(SHIFT("p", "2026-12-01", "2026-12-02") "," SHIFT(
	      "p", "2026-12-03", "2026-12-03")),
	    "", P_OK },
	{ FILE_OF(SHIFT("p", "2026-12-01", "2026-12-02") "," SHIFT(
	      "q", "2026-12-02", "2026-12-03")),
	    "", P_OK },
	{ FILE_OF(SHIFT("p", "2026-12-01", "2026-12-02") "," SHIFT(
	      "p", "2026-12-02T23:59", "2026-12-03")),
	    "/shifts/1", P_INVALID_FIELD },
};

static void
test_files(void **state)
{
	struct fault why;
	json_t *j;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(&why, 0, sizeof why);
		j = NULL;
		r = roster_read(slice_of(rows[i].text), &j, &why);
		if (r != (rows[i].problem == P_OK ? 0 : ERR_INVALID))
			fail_msg("%s: %d", rows[i].text, r);
		if (r != 0 && (why.problem != rows[i].problem ||
				  strcmp(why.pointer, rows[i].pointer) != 0))
			fail_msg("%s: %s at %s", rows[i].text, problem_code(why.problem),
			    why.pointer);
		json_decref(j);
	}
}

static void
test_shifts(void **state)
{
	struct vault_shift m, got;
	struct fault why;
	json_t *j = NULL;
	int64_t day;
	struct buf b;

	(void)state;
	assert_int_equal(
	    roster_read(
		slice_of(FILE_OF(SHIFT("p", "2026-12-31T17:30", "2026-12-31") "," SHIFT(
		    "q", "2026-12-01", "2026-12-01T09:00"))),
		&j, &why),
	    0);
	assert_int_equal(roster_count(j), 2);
	assert_int_equal(roster_get(j, 2, &m), ERR_NOTFOUND);
	assert_int_equal(roster_get(j, 1, &m), 0);
	assert_int_equal(duty_date("2026-12-01", &day), 0);
	assert_int_equal(m.from * 60000, duty_day_ms(day));
	assert_int_equal(m.to * 60000, duty_day_ms(day) + 9 * 3600000);
	assert_int_equal(m.order, 1);
	assert_int_equal(roster_get(j, 0, &m), 0);
	assert_string_equal(m.id, "m");
	assert_string_equal(m.person, "p");
	assert_int_equal(duty_date("2027-01-01", &day), 0);
	assert_int_equal(m.to * 60000, duty_day_ms(day)); /* to the end of the day */
	assert_int_equal(m.to - m.from, 390);
	json_decref(j);
	/* As the vault reads it. */
	buf_init(&b, 256);
	vault_shift_put(&b, &m);
	assert_int_equal(b.n, VAULT_SHIFT_LEN);
	assert_int_equal(vault_shift_get(b.p, b.n, &got), 0);
	assert_memory_equal(&got, &m, sizeof m);
	assert_int_equal(vault_shift_get(b.p, b.n - 1, &got), ERR_PROTO);
	b.p[b.n - 1] = 0;
	assert_int_equal(vault_shift_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_shifts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
