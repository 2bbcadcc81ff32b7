/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/names_sender.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/report.h"

static void
test_headers(void **state)
{
	static const struct {
		const char *name;
		int want;
	} table[] = {
		{ "From", 1 },
		{ "COOKIE", 1 },
		{ "Referer", 1 },
		{ "Origin", 1 },
		{ "Forwarded", 1 },
		{ "X-Forwarded-For", 1 },
		{ "x-forwarded-host", 1 },
		{ "X-Real-IP", 1 },
		{ "True-Client-IP", 1 },
		{ "CF-Connecting-IP", 1 },
		{ "Client-Cert", 1 },
		{ "Client-Cert-Chain", 1 },
		{ "X-SSL-Cert", 1 },
		{ "Via", 1 },
		{ "X-Remote-User", 1 },
		{ "member", 1 },
		{ "X-Member-Id", 1 },
		{ "x_member_id", 1 },
		{ "X-Organisation", 1 },
		{ "X-Organization-Name", 1 },
		{ "Sender", 1 },
		{ "X-Reporter", 1 },
		{ "X-Contact-Email", 1 },
		{ "Proxy-Authorization", 1 },
		{ "X-Api-Key", 1 },
		{ "apikey", 1 },
		{ "X-Auth-Token", 1 },
		{ "Host", 0 },
		{ "Proxy-Connection", 0 },
		{ "User-Agent", 0 },
		{ "Authorization", 0 },
		{ "Content-Type", 0 },
		{ "Content-Length", 0 },
		{ "Transfer-Encoding", 0 },
		{ "Idempotency-Key", 0 },
		{ "Accept", 0 },
		{ "Accept-Language", 0 },
		{ "Connection", 0 },
		{ "Expect", 0 },
		{ "", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (names_sender_header(slice_of(table[i].name)) != table[i].want)
			fail_msg("%s", table[i].name);
}

static void
test_fields(void **state)
{
	static const struct {
		const char *text, *pointer; /* NULL: nothing in it says so */
	} table[] = {
		{ "{\"title\":\"x\",\"kind\":\"incident\"}", NULL },
		{ "{\"title\":\"member\"}", NULL }, /* a text may say anything */
		{ "{\"member\":\"x\"}", "/member" },
		{ "{\"member_id\":\"x\"}", "/member_id" },
		{ "{\"memberId\":\"x\"}", "/memberId" },
		{ "{\"Reporter\":1}", "/Reporter" },
		{ "{\"organisation\":{}}", "/organisation" },
		{ "{\"organization_name\":null}", "/organization_name" },
		{ "{\"contact\":[]}", "/contact" },
		{ "{\"e-mail\":\"\"}", "/e-mail" },
		{ "{\"title\":{\"ja\":\"x\",\"sender\":\"y\"}}", "/title/sender" },
		{ "{\"indicators\":[{\"type\":\"ipv4\"},{\"owner\":1}]}",
		    "/indicators/1/owner" },
	};
	struct fault why;
	json_t *j;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		j = json_loads(table[i].text, 0, NULL);
		assert_non_null(j);
		rc = names_sender_json(j, &why);
		if (table[i].pointer == NULL) {
			assert_int_equal(rc, 0);
		} else {
			assert_int_equal(rc, ERR_INVALID);
			assert_int_equal(why.problem, P_NAMES_SENDER);
			assert_string_equal(why.pointer, table[i].pointer);
		}
		json_decref(j);
	}
}

/* What a report may hold must pass, in every later version of its table too. */
static void
look_at(const json_t *fields)
{
	const json_t *f;
	struct fault why;
	json_t *one;
	size_t i;

	json_array_foreach(fields, i, f)
	{
		one = json_pack("{s:n}", json_string_value(json_object_get(f, "name")));
		if (names_sender_json(one, &why) != 0)
			fail_msg("%s", why.pointer);
		json_decref(one);
		look_at(json_object_get(f, "fields"));
	}
}

static void
test_no_field_of_a_report(void **state)
{
	struct buf b;
	json_t *j;

	(void)state;
	buf_init(&b, 65536);
	report_fields(&b);
	j = json_loadb(b.p, b.n, 0, NULL);
	assert_true(json_array_size(j) > 10);
	look_at(j);
	json_decref(j);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_no_field_of_a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
