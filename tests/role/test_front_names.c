/* SPDX-License-Identifier: Apache-2.0 */
/* Names of a list's receivers: in pages from the vault, one row of the keeper's, and then
 * the answer. */
#include "tests/role/front_rig.h"

static struct rig *r;
static struct buf last;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
	rig_start(r);
	buf_init(&last, 1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_done(&last);
	rig_free(r);
	return 0;
}

/* Asks about n receivers, of whom the i-th begins with the bytes from + i, i. */
static int
ask(struct rig_client *c, unsigned from, unsigned n, const char *more)
{
	struct buf b;
	unsigned i;
	int status;

	buf_init(&b, 65536);
	buf_adds(&b, "GET /v1/names?receivers=");
	for (i = 0; i < n; i++)
		buf_addf(&b, "%s%02x%02x%028x", i > 0 ? "," : "", from + i, i, 0);
	buf_addf(&b, "%s HTTP/1.1\r\nHost: localhost\r\n\r\n", more);
	rig_say(r, c, buf_cstr(&b));
	status = rig_answer(r, c, &last);
	buf_done(&b);
	return status;
}

static int
count(const char *what)
{
	const char *p = buf_cstr(&last);
	int n = 0;

	while ((p = strstr(p, what)) != NULL) {
		n++;
		p += strlen(what);
	}
	return n;
}

static void
test_pages_and_one_row(void **state)
{
	struct rig_client *c = rig_connect_on(r, ON_DESK, RIG_SEC);

	(void)state;
	r->names_page = 7;
	assert_int_equal(ask(c, 0, 100, "&bulletin=2026-7KQ2M"), 200);
	assert_int_equal(r->names_calls, 15);
	assert_int_equal(r->desk_calls, 1);
	assert_memory_equal(
	    r->desk_rights.person, r->people[RIG_SEC].admit.rights.person, RECEIVER_LEN);
	assert_string_equal(buf_cstr(&r->desk_json), "{\"asked\":100,\"told\":99}");
	assert_string_equal(r->desk_ref, "2026-7KQ2M");
	/* Whom one may not know is left out; the others in the order asked. */
	assert_int_equal(count("\"receiver\":"), 99);
	assert_non_null(strstr(last.p,
	    "{\"names\":[{\"id\":\"m-1-1\",\"names\":{\"en\":\"m-1-1\",\"ja\":\"m-1-1\"},"
	    "\"receiver\":\"01010000000000000000000000000000\"},{\"id\":\"m-2-2\""));
	assert_non_null(
	    strstr(last.p, "\"receiver\":\"63630000000000000000000000000000\"}]}"));
	/* One, and nobody who may be known. */
	assert_int_equal(ask(c, 0, 1, ""), 200);
	assert_non_null(strstr(last.p, "\r\n\r\n{\"names\":[]}"));
	assert_string_equal(buf_cstr(&r->desk_json), "{\"asked\":1,\"told\":0}");
	assert_string_equal(r->desk_ref, "");
}

/* No row, no name. */
static void
test_no_row(void **state)
{
	static const struct {
		enum problem problem;
		int status;
	} table[] = { { P_NOT_FOUND, 404 }, { P_STORAGE_FULL, 507 },
		{ P_UNAVAILABLE, 503 }, { P_FORBIDDEN, 403 } };
	size_t i;

	(void)state;
	r->names_page = 100;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		r->desk_problem = table[i].problem;
		assert_int_equal(
		    ask(rig_connect_on(r, ON_DESK, RIG_SEC), 1, 3, ""), table[i].status);
		assert_int_equal(count("m-"), 0);
		assert_int_equal(r->desk_calls, i + 1);
	}
}

/* What is no list asks nobody, and who is no desk neither. */
static void
test_refused(void **state)
{
	static const char *const bad[] = { "receivers=", "receivers=,", "receivers=1",
		"receivers=00000000000000000000000000000001,",
		"receivers=00000000000000000000000000000001,1",
		"receivers=000000000000000000000000000000010",
		"receivers=00000000000000000000000000000001&receiver="
		"00000000000000000000000000000001",
		"receivers=00000000000000000000000000000001&member=x",
		"receivers=00000000000000000000000000000001&receivers="
		"00000000000000000000000000000001",
		"receivers=00000000000000000000000000000001&bulletin=",
		"receivers=00000000000000000000000000000001&bulletin=%00" };
	struct rig_client *c = rig_connect_on(r, ON_DESK, RIG_SEC);
	char path[256];
	size_t i;

	(void)state;
	r->names_page = 100;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		(void)snprintf(path, sizeof path, "/v1/names?%s", bad[i]);
		if (rig_get(r, c, path, &last) != 400)
			fail_msg("%s: %s", bad[i], last.p);
	}
	assert_int_equal(ask(rig_connect_on(r, ON_DESK, RIG_SEC), 1, 101, ""), 400);
	assert_int_equal(ask(rig_connect_on(r, ON_DESK, RIG_OP), 1, 3, ""), 403);
	assert_int_equal(ask(rig_connect(r, RIG_SEC), 1, 3, ""), 404);
	assert_int_equal(r->names_calls, 0);
	assert_int_equal(r->desk_calls, 0);
}

/* A vault that answers nothing, or more than was asked: no row, and no name. */
static void
test_strange_vault(void **state)
{
	(void)state;
	r->names_page = 0;
	assert_int_equal(ask(rig_connect_on(r, ON_DESK, RIG_SEC), 1, 3, ""), 500);
	assert_int_equal(r->names_calls, 1);
	r->names_page = 100;
	r->names_extra = 1;
	assert_int_equal(ask(rig_connect_on(r, ON_DESK, RIG_SEC), 1, 3, ""), 500);
	assert_int_equal(count("m-"), 0);
	assert_int_equal(r->desk_calls, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pages_and_one_row, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_row, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strange_vault, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
