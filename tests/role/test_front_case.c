/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a case in the front: who is let through as whom, what of a message and of a
 * slip goes on, and how secrets that do not fit are counted. */
#include "tests/role/front_rig.h"

#define ID     "/v1/cases/00112233445566778899aabbccddeeff"
#define SECRET "Authorization: Case 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\r\n"
#define KEY    "Idempotency-Key: p4w1xCkq0mN7e2nVQ3o9Zg\r\n"
#define SLIP(slip) \
	"{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,\"slip\":" slip "}"

static struct rig *r;
static struct buf last;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
	r->terms = 2;
	r->term[0] = "青空中央病院";
	r->term_kind[0] = TERM_NAME;
	r->term[1] = "山田太郎";
	r->term_kind[1] = TERM_PERSON;
	rig_start(r);
	buf_init(&last, 65536);
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

static int
get(struct rig_client *c, const char *path, const char *head)
{
	char text[512];

	(void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
	    path, head);
	rig_say(r, c, text);
	return rig_answer(r, c, &last);
}

static int
post(struct rig_client *c, const char *path, const char *head, const char *body)
{
	return rig_post(r, c, path, head, body, &last);
}

/* Whoever shows the secret of a question is not named to the keeper. */
static void
test_a_question_is_asked_for_by_nobody(void **state)
{
	static const struct rights nobody;
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	assert_int_equal(
	    get(c, "/v1/questions/00112233445566778899aabbccddeeff", SECRET), 200);
	assert_int_equal(r->desk_calls, 1);
	assert_true(r->desk_secret);
	assert_memory_equal(&r->desk_rights, &nobody, sizeof nobody);
}

/* What was read is nowhere once the answer is out: the room is everybody's. */
static void
test_no_secret_stays(void **state)
{
	static const char text[] = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	assert_int_equal(get(c, ID, SECRET), 200);
	assert_null(memmem(r->f->scratch, sizeof r->f->scratch, text, sizeof text - 1));
}

/* With the secret whoever it is, without it the desks by their rights. */
static void
test_as_whom(void **state)
{
	static const struct {
		enum conn_on on;
		enum rig_who who;
		const char *head;
		int status, desk;
	} table[] = {
		{ ON_MEMBERS, RIG_OP, SECRET, 200, 0 },
		{ ON_MEMBERS, RIG_OP, "", 401, 0 },
		{ ON_DESK, RIG_SEC, "", 200, 1 },
		{ ON_DESK, RIG_CENTRE, "", 200, 1 },
		{ ON_DESK, RIG_SEC, SECRET, 200, 0 },
		{ ON_DESK, RIG_SEC, "Authorization: Bearer x\r\n", 401, 0 },
		{ ON_DESK, RIG_OP, SECRET, 403, 0 },
		{ ON_MEMBERS, RIG_AGENCY, "", 401, 0 },
		/* On the members' listener a desk is a member like others. */
		{ ON_MEMBERS, RIG_SEC, "", 401, 0 },
		{ ON_MEMBERS, RIG_CENTRE, "", 401, 0 },
		{ ON_MEMBERS, RIG_SEC, SECRET, 200, 0 },
	};
	struct rig_client *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = rig_connect_on(r, table[i].on, table[i].who);
		r->case_calls = 0;
		assert_int_equal(get(c, ID "/messages", table[i].head), table[i].status);
		assert_int_equal(r->case_calls, table[i].status == 200);
		if (table[i].status != 200)
			continue;
		assert_int_equal(r->case_type, KM_MESSAGES);
		assert_int_equal(r->message.which.desk, table[i].desk);
		assert_int_equal(r->message.which.case_id[15], 0xff);
		/* What is not needed is not sent on. */
		assert_int_equal(r->message.which.secret_hash[0] != 0, !table[i].desk);
		assert_int_equal(r->message.which.rights.roles != 0, table[i].desk);
	}
	c = rig_connect_on(r, ON_DESK, RIG_SEC);
	assert_int_equal(post(c, ID "/close", SECRET, "{}"), 200);
	assert_int_equal(r->message.which.desk, 1);
	assert_int_equal(get(c, ID "/slip", ""), 200);
	assert_int_equal(r->case_type, KM_SLIP);
	assert_int_equal(post(rig_connect(r, RIG_SEC), ID "/close", SECRET, "{}"), 404);
	assert_int_equal(get(rig_connect(r, RIG_SEC), ID "/slip", SECRET), 404);
	assert_int_equal(get(c, "/v1/cases/zz/messages", ""), 404);
	r->case_calls = 0;
	assert_int_equal(post(c, ID "/withdraw", "", "{}"), 401);
	assert_int_equal(r->case_calls, 0);
}

/* The reporter's text loses its own terms, learnt once; the desk's stays as it is. */
static void
test_scrubbed(void **state)
{
	static const char text[] = "{\"text\":{\"en\":\"a@b.example\",\"ja\":"
				   "\"青空中央病院の山田太郎\\r\\n甲\"}}";
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct rig_client *desk = rig_connect_on(r, ON_DESK, RIG_SEC);

	(void)state;
	assert_int_equal(post(c, ID "/messages", SECRET, text), 201);
	assert_int_equal(r->terms_asked, 2);
	assert_null(strstr(buf_cstr(&r->message_json), "青空"));
	assert_null(strstr(buf_cstr(&r->message_json), "山田"));
	assert_null(strstr(buf_cstr(&r->message_json), "a@b"));
	assert_non_null(strstr(buf_cstr(&r->message_json), "\\n甲"));
	assert_int_equal(r->message.has_idem, 0);
	assert_int_equal(
	    post(c, ID "/messages", SECRET KEY, "{\"text\":\"山田太郎\"}"), 201);
	assert_int_equal(r->terms_asked, 2);
	assert_int_equal(r->message.has_idem, 1);
	assert_int_equal(post(desk, ID "/messages", "", text), 201);
	assert_int_equal(r->terms_asked, 2);
	assert_non_null(strstr(buf_cstr(&r->message_json), "山田太郎"));
	assert_non_null(strstr(buf_cstr(&r->message_json), "a@b.example"));
	assert_int_equal(r->seals + r->puts, 0);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *body, *head;
		int status;
		const char *code;
	} table[] = {
		{ "{", "", 400, "json_syntax" },
		{ "[]", "", 422, "wrong_type" },
		{ "{}", "", 422, "/text" },
		{ "{\"text\":{\"ja\":1}}", "", 422, "/text/ja" },
		{ "{\"text\":{\"ja\":\"\"}}", "", 422, "/text/ja" },
		{ "{\"text\":{\"ja\":\"x\"},\"from\":\"x\"}", "", 422, "/from" },
		{ "{\"text\":{\"ja\":\"\\u200b\"}}", "", 422, "text_control" },
		{ "{\"text\":\"x\"}", "Idempotency-Key: short\r\n", 422,
		    "Idempotency-Key" },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		char head[256];

		(void)snprintf(head, sizeof head, SECRET "%s", table[i].head);
		if (post(c, ID "/messages", head, table[i].body) != table[i].status ||
		    strstr(last.p, table[i].code) == NULL)
			fail_msg("%s: %s", table[i].body, last.p);
	}
	assert_int_equal(r->messages, 0);
	/* 4 KiB a language, also when they are escaped; one byte more is too much. */
	buf_init(&b, 65536);
	buf_adds(&b, "{\"text\":{\"en\":\"");
	for (i = 0; i < MESSAGE_TEXT_MAX; i++)
		buf_adds(&b, "\\u0061");
	buf_adds(&b, "\",\"ja\":\"");
	for (i = 0; i < MESSAGE_TEXT_MAX - 3; i++)
		buf_addc(&b, 'a');
	buf_adds(&b, "あ\"}}");
	assert_int_equal(post(c, ID "/messages", SECRET, buf_cstr(&b)), 201);
	b.n -= 3;
	buf_adds(&b, "a\"}}");
	assert_int_equal(post(c, ID "/messages", SECRET, buf_cstr(&b)), 413);
	assert_non_null(strstr(last.p, "/text/ja"));
	buf_done(&b);
	r->f->opt.reports_per_minute = 1;
	assert_int_equal(post(c, ID "/messages", SECRET, "{\"text\":\"x\"}"), 201);
	assert_int_equal(post(c, ID "/messages", SECRET, "{\"text\":\"x\"}"), 429);
}

/* Eight of a connection, whatever was tried. */
static void
test_failures_of_a_connection(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct rig_client *desk = rig_connect_on(r, ON_DESK, RIG_SEC);
	int i;

	(void)state;
	r->case_problem = P_NOT_FOUND;
	for (i = 0; i < 2; i++) {
		assert_int_equal(get(c, ID, SECRET), 404);
		assert_int_equal(get(c, "/v1/cases/zz", SECRET), 404);
		assert_int_equal(post(c, ID "/withdraw", SECRET, "{}"), 404);
		assert_int_equal(
		    post(c, ID "/messages", SECRET, "{\"text\":\"x\"}"), 404);
	}
	assert_int_equal(get(c, ID, SECRET), 429);
	rig_until(r, c->closed);
	/* A desk brings no secret that could be guessed. */
	for (i = 0; i < 20; i++)
		assert_int_equal(get(desk, ID, ""), 404);
	/* What fails for another reason is no guess. */
	r->case_problem = P_CONFLICT;
	c = rig_connect(r, RIG_OP);
	for (i = 0; i < 20; i++)
		assert_int_equal(get(c, ID, SECRET), 409);
}

/* All connections together; the right secret is served all the while. */
static void
test_failures_of_all(void **state)
{
	struct rig_client *good = rig_connect(r, RIG_OP), *c = NULL;
	int i;

	(void)state;
	r->f->opt.case_failures_per_minute = 10;
	for (i = 0; i < 12; i++) {
		if (i % 4 == 0)
			c = rig_connect(r, RIG_OP2);
		r->case_problem = P_NOT_FOUND;
		assert_int_equal(get(c, ID, SECRET), i < 10 ? 404 : 429);
		r->case_problem = P_OK;
		assert_int_equal(get(good, ID, SECRET), 200);
	}
	assert_non_null(strstr(last.p, "{\"n\":1}"));
	r->case_problem = P_NOT_FOUND;
	assert_int_equal(get(c, ID, SECRET), 429);
	assert_non_null(strstr(last.p, "Retry-After: "));
	assert_null(strstr(last.p, "Connection: close"));
	/* A follow-up's secret is one like any other. */
	r->put_problem = P_NOT_FOUND;
	assert_int_equal(post(good, ID "/reports", SECRET,
			     "{\"kind\":\"incident\",\"title\":\"x\","
			     "\"severity_claimed\":1}"),
	    429);
	r->f->opt.case_failures_per_minute = 0; /* no cap */
	assert_int_equal(get(c, ID, SECRET), 404);
}

static void
test_slip_goes_apart(void **state)
{
	static const struct {
		const char *body;
		int status;
		const char *code;
	} bad[] = {
		{ SLIP("1"), 422, "/slip" },
		{ SLIP("{}"), 422, "/slip/to" },
		{ SLIP("{\"to\":\"centre\"}"), 422, "/slip/box" },
		{ SLIP("{\"to\":1,\"box\":\"AAAA\"}"), 422, "wrong_type" },
		{ SLIP("{\"to\":\"nobody\",\"box\":\"AAAA\"}"), 422, "/slip/to" },
		{ SLIP("{\"to\":\"centre\",\"box\":\"\"}"), 422, "/slip/box" },
		{ SLIP("{\"to\":\"centre\",\"box\":\"AA==\"}"), 422, "/slip/box" },
		{ SLIP("{\"to\":\"centre\",\"box\":\"A A\"}"), 422, "/slip/box" },
		{ SLIP("{\"to\":\"centre\",\"box\":\"AAAA\",\"x\":1}"), 422, "/slip/x" },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	char with[64], without[64];
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (post(c, "/v1/reports", "", bad[i].body) != bad[i].status ||
		    strstr(last.p, bad[i].code) == NULL)
			fail_msg("%s: %s", bad[i].body, last.p);
	assert_int_equal(r->seals + r->puts, 0);
	buf_init(&b, 65536);
	buf_adds(&b, "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		     "\"slip\":{\"to\":\"centre\",\"box\":\"");
	for (i = 0; i < SLIP_MAX / 3 + 1; i++)
		buf_adds(&b, "AAAA");
	buf_adds(&b, "\"}}");
	assert_int_equal(post(c, "/v1/reports", "", buf_cstr(&b)), 413);
	buf_done(&b);

	/* Neither in the text that is stored nor in what is approved. */
	assert_int_equal(post(c, "/v1/reports/preview", "",
			     SLIP("{\"to\":\"medical-ceptoar\",\"box\":\"c2xpcA\"}")),
	    200);
	(void)snprintf(
	    with, sizeof with, "%.43s", strstr(last.p, "\"approved\":\"") + 12);
	assert_int_equal(post(c, "/v1/reports/preview", "",
			     "{\"kind\":\"incident\",\"title\":\"x\","
			     "\"severity_claimed\":1}"),
	    200);
	(void)snprintf(
	    without, sizeof without, "%.43s", strstr(last.p, "\"approved\":\"") + 12);
	assert_string_equal(with, without);
	assert_int_equal(post(c, "/v1/reports", "",
			     SLIP("{\"to\":\"medical-ceptoar\",\"box\":\"c2xpcA\"}")),
	    201);
	assert_null(strstr(buf_cstr(&r->put_json), "slip"));
	assert_int_equal(r->put.slip.n, 4);
	assert_int_equal(r->put.slip_desk, rig_medical);
	assert_int_equal(
	    post(c, "/v1/reports", "", SLIP("{\"to\":\"centre\",\"box\":\"c2xpcA\"}")),
	    201);
	assert_int_equal(r->put.slip_desk, SLOT_NONE);
}

/* On the blind listener patterns only, and nothing that names the sender. */
static void
test_blind(void **state)
{
	struct rig_client *c = rig_connect_on(r, ON_BLIND, RIG_OP);

	(void)state;
	assert_int_equal(post(c, ID "/messages", SECRET,
			     "{\"text\":{\"ja\":\"山田太郎 a@b.example\"}}"),
	    201);
	assert_int_equal(r->terms_asked, 0);
	assert_int_equal(r->message.which.desk, 0);
	assert_non_null(strstr(buf_cstr(&r->message_json), "山田太郎"));
	assert_null(strstr(buf_cstr(&r->message_json), "a@b"));
	assert_int_equal(get(c, ID "/messages", SECRET), 200);
	assert_int_equal(get(c, ID "/messages", ""), 401);
	assert_int_equal(
	    post(c, ID "/messages", SECRET, "{\"text\":\"x\",\"member\":\"x\"}"), 400);
	assert_int_equal(get(c, ID "/slip", ""), 404);
	assert_int_equal(get(c, "/v1/duty-keys", ""), 404);
	assert_int_equal(post(c, ID "/close", "", "{}"), 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_as_whom, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_secret_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_question_is_asked_for_by_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scrubbed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_failures_of_a_connection, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failures_of_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slip_goes_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blind, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
