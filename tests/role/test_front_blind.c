/* SPDX-License-Identifier: Apache-2.0 */
/* The blind listener: what exists there, what is asked, what goes on to the keeper. */
#include "tests/role/front_rig.h"

#define REPORT(more) \
	"{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1" more "}"
#define GOOD REPORT(",\"ceptoar\":\"medical-ceptoar\"")
#define KEY  "Idempotency-Key: p4w1xCkq0mN7e2nVQ3o9Zg\r\n"
#define CASE "Authorization: Case 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\r\n"
#define ID   "/v1/cases/00112233445566778899aabbccddeeff"

static struct rig *r;
static unsigned char token[TOKEN_LEN];
static char auth[1024];
static struct buf last;

static int
setup(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	r = rig_new();
	r->terms = 1;
	r->term[0] = "青空中央病院";
	r->term_kind[0] = TERM_NAME;
	rig_start(r);
	for (i = 0; i < sizeof token; i++)
		token[i] = (unsigned char)(i * 7 + 1);
	buf_init(&b, sizeof auth);
	buf_adds(&b, "Authorization: ");
	token_write(token, &b);
	buf_adds(&b, "\r\n");
	(void)snprintf(auth, sizeof auth, "%s", buf_cstr(&b));
	buf_done(&b);
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

/* A client with a certificate at hand, which nobody asks for. */
static struct rig_client *
come(void)
{
	return rig_connect_on(r, ON_BLIND, RIG_OP);
}

static int
post(struct rig_client *c, const char *headers, const char *body)
{
	return rig_post(r, c, "/v1/reports", headers, body, &last);
}

static void
test_report(void **state)
{
	struct rig_client *c = come();

	(void)state;
	assert_int_equal(post(c, auth,
			     REPORT(",\"ceptoar\":\"medical-ceptoar\",\"description\":"
				    "\"青空中央病院 taro@aozora-hp.example.jp\"")),
	    201);
	/* Nobody was asked for, nothing sealed, no terms fetched: the hub cannot know
	 * whose they would be. */
	assert_int_equal(r->admits + r->seals + r->terms_asked, 0);
	assert_int_equal(r->put.blind, 1);
	assert_int_equal(r->put.has_token, 1);
	assert_memory_equal(r->put.token, token, TOKEN_LEN);
	assert_int_equal(r->put.slot, rig_medical);
	assert_int_equal(r->put.has_case + r->put.has_idem, 0);
	assert_non_null(strstr(buf_cstr(&r->put_json), "青空中央病院"));
	assert_null(strstr(buf_cstr(&r->put_json), "taro@"));
	/* With the vault away too. */
	rig_stop_vault(r);
	rig_until(r, !r->f->vault_ready);
	assert_int_equal(post(c, auth, GOOD), 201);
	assert_int_equal(post(come(), auth, GOOD), 201);
}

static void
test_token_is_asked_for(void **state)
{
	static const struct {
		const char *headers;
		int shown; /* goes on to the keeper, which refuses it in its own time */
	} table[] = {
		{ "", 0 },
		{ CASE, 0 },
		{ "Authorization: Basic eDp5\r\n", 0 },
		{ "Authorization: PrivateTokens x\r\n", 0 },
		{ "Authorization: PrivateToken token=\"AAAA\"\r\n", 1 },
		{ "Authorization: PrivateToken token=x\r\n", 1 },
		{ "Authorization: PrivateToken\r\n", 1 },
	};
	static const unsigned char none[TOKEN_LEN];
	struct rig_client *c;
	size_t i;

	(void)state;
	r->put_problem = P_TOKEN_INVALID;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		r->puts = 0;
		c = come();
		assert_int_equal(post(c, table[i].headers, GOOD), 401);
		assert_non_null(strstr(last.p, "WWW-Authenticate: PrivateToken\r\n"));
		assert_non_null(strstr(
		    last.p, table[i].shown ? "\"token_invalid\"" : "\"unauthorized\""));
		assert_int_equal(r->puts, table[i].shown);
		if (!table[i].shown)
			continue;
		assert_memory_equal(r->put.token, none, TOKEN_LEN);
		/* The next guess costs a handshake. */
		rig_until(r, c->closed);
	}
}

static void
test_what_exists(void **state)
{
	static const struct {
		const char *path;
		int want;
		const char *allow;
	} table[] = {
		{ "/v1/reports", 405, "Allow: POST\r\n" },
		{ ID "/reports", 405, "Allow: POST\r\n" },
		{ ID "/withdraw", 405, "Allow: POST\r\n" },
		{ ID, 401, "WWW-Authenticate: Case\r\n" },
		{ "/v1/me", 404, NULL },
		{ "/v1/stream", 404, NULL },
		{ "/v1/events", 404, NULL },
		{ "/v1/inbox", 404, NULL },
		{ "/v1/bulletins", 404, NULL },
		{ "/v1/bulletins/2026-7KQ2M", 404, NULL },
		{ "/v1/subscription", 404, NULL },
		{ "/v1/reports/preview", 404, NULL },
		{ "/v1/acks", 404, NULL },
		{ "/", 404, NULL },
	};
	struct rig_client *c = come();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (rig_get(r, c, table[i].path, &last) != table[i].want ||
		    (table[i].allow != NULL && strstr(last.p, table[i].allow) == NULL))
			fail_msg("%s: %s", table[i].path, last.p);
	}
	assert_int_equal(
	    rig_post(r, come(), "/v1/reports/preview", auth, GOOD, NULL), 404);
	assert_int_equal(rig_post(r, come(), "/v1/acks", auth, "{}", NULL), 404);
	assert_int_equal(r->puts, 0);
}

static void
test_nothing_that_names_the_sender(void **state)
{
	static const char *const heads[] = { "From: a@b\r\n", "Cookie: a=b\r\n",
		"X-Forwarded-For: 203.0.113.7\r\n", "Client-Cert: :AA==:\r\n",
		"X-Member-Id: aozora-hp\r\n", "Referer: https://x/\r\n" };
	static const char *const bodies[] = {
		REPORT(",\"ceptoar\":\"medical-ceptoar\",\"member\":\"x\""),
		REPORT(",\"ceptoar\":\"medical-ceptoar\",\"contact\":{\"tel\":1}"),
		"{\"reporter_id\":1}",
		REPORT(",\"ceptoar\":\"medical-ceptoar\",\"consent\":{\"publish\":"
		       "\"ceptoar\",\"identity\":\"named\",\"named_to\":[\"centre\"]}"),
	};
	char both[2048];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		(void)snprintf(both, sizeof both, "%s%s", auth, heads[i]);
		if (post(come(), both, GOOD) != 400 ||
		    strstr(last.p, "\"names_sender\"") == NULL)
			fail_msg("%s: %s", heads[i], last.p);
		/* A member's own connection may say what it likes. */
		assert_int_equal(rig_post(r, rig_connect(r, RIG_OP), "/v1/reports",
				     heads[i], GOOD, NULL),
		    201);
	}
	r->puts = 0;
	for (i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		if (post(come(), auth, bodies[i]) != 400 ||
		    strstr(last.p, "\"names_sender\"") == NULL)
			fail_msg("%s: %s", bodies[i], last.p);
	assert_non_null(strstr(last.p, "\"/consent/identity\""));
	assert_int_equal(
	    rig_post(r, come(), "/v1/reports?member=x", auth, GOOD, NULL), 400);
	assert_int_equal(rig_get(r, come(), ID "?from=x", NULL), 400);
	assert_int_equal(r->puts, 0);
}

static void
test_ceptoar_is_the_senders_word(void **state)
{
	struct rig_client *c = come();

	(void)state;
	assert_int_equal(post(c, auth, REPORT("")), 422);
	assert_non_null(strstr(last.p, "missing_field"));
	assert_non_null(strstr(last.p, "/ceptoar"));
	assert_int_equal(post(c, auth, REPORT(",\"ceptoar\":\"nobodys-ceptoar\"")), 422);
	assert_int_equal(r->puts, 0);
}

static void
test_approved(void **state)
{
	char body[512], approved[64];
	unsigned char md[32];
	struct buf b;

	(void)state;
	assert_int_equal(post(come(), auth, GOOD), 201);
	(void)SHA256((unsigned char *)r->put_json.p, r->put_json.n, md);
	buf_init(&b, 64);
	buf_add_b64url(&b, md, sizeof md);
	(void)snprintf(approved, sizeof approved, "%s", buf_cstr(&b));
	buf_done(&b);
	(void)snprintf(body, sizeof body,
	    REPORT(",\"ceptoar\":\"medical-ceptoar\",\"approved\":\"%s\""), approved);
	assert_int_equal(post(come(), auth, body), 201);
	(void)snprintf(body, sizeof body,
	    REPORT(",\"ceptoar\":\"medical-ceptoar\",\"approved\":\"%s\","
		   "\"description\":\"090-1234-5678\""),
	    approved);
	assert_int_equal(post(come(), auth, body), 409);
	assert_non_null(strstr(last.p, "text_changed"));
}

/* One key on both listeners is two keys, or it would join what must stay apart. */
static void
test_idempotency_key_is_of_its_listener(void **state)
{
	char both[2048];
	uint8_t there[32];

	(void)state;
	(void)snprintf(both, sizeof both, "%s" KEY, auth);
	assert_int_equal(
	    rig_post(r, rig_connect(r, RIG_OP), "/v1/reports", KEY, GOOD, NULL), 201);
	memcpy(there, r->put.idem_key, sizeof there);
	assert_int_equal(post(come(), both, GOOD), 201);
	assert_int_equal(r->put.has_idem, 1);
	assert_memory_not_equal(there, r->put.idem_key, sizeof there);
	assert_int_equal(post(come(), both, GOOD), 200);
	assert_int_equal(r->puts, 2);
}

static void
test_cases(void **state)
{
	struct rig_client *c = come();

	(void)state;
	r->finds = 0;
	assert_int_equal(rig_post(r, c, ID "/reports", CASE, GOOD, NULL), 201);
	assert_int_equal(r->put.blind, 1);
	assert_int_equal(r->put.has_case, 1);
	assert_int_equal(r->put.has_token, 0);
	assert_int_equal(rig_post(r, c, ID "/withdraw", CASE, "{}", NULL), 200);
	assert_int_equal(rig_post(r, c, ID "/reports", auth, GOOD, &last), 401);
	assert_non_null(strstr(last.p, "WWW-Authenticate: Case\r\n"));
	assert_int_equal(r->admits + r->seals, 0);
}

/* Over the members' listener the keeper says first whether a version may follow: of what
 * it refuses, no sender is sealed. */
static void
test_no_envelope_for_a_blind_case(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	r->puts = 0;
	r->case_problem = P_CONFLICT;
	assert_int_equal(rig_post(r, c, ID "/reports", CASE, GOOD, &last), 409);
	assert_int_equal(r->case_type, KM_FOLLOW);
	assert_int_equal(r->message.which.case_id[15], 0xff);
	assert_int_equal(r->message.which.desk, 0);
	assert_int_equal(r->message.which.rights.roles, 0);
	r->case_problem = P_NOT_FOUND;
	assert_int_equal(rig_post(r, c, ID "/reports", CASE KEY, GOOD, NULL), 404);
	assert_int_equal(r->seals + r->puts + r->settles, 0);
	r->case_problem = P_OK;
	assert_int_equal(rig_post(r, c, ID "/reports", CASE, GOOD, NULL), 201);
	assert_int_equal(r->seals, 1);
	assert_int_equal(r->put.has_case, 1);
}

/* What was stored counts, and the answer tells nothing of where it was given. */
static void
test_rate_of_all_together(void **state)
{
	struct rig_client *c = come();
	struct buf other;
	int i;

	(void)state;
	r->f->opt.blind_reports_per_minute = 2;
	r->put_problem = P_TOKEN_SPENT;
	for (i = 0; i < 5; i++) /* who has no good token cannot use it up */
		assert_int_equal(post(come(), auth, GOOD), 409);
	r->put_problem = P_OK;
	assert_int_equal(post(c, auth, GOOD), 201);
	assert_int_equal(post(come(), auth, GOOD), 201);
	assert_int_equal(post(c, auth, GOOD), 429);
	assert_non_null(strstr(last.p, "\r\nRetry-After: "));
	r->f->opt.reports_per_minute = 1;
	c = rig_connect(r, RIG_OP);
	buf_init(&other, 65536);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", GOOD, NULL), 201);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", GOOD, &other), 429);
	assert_string_equal(strstr(last.p, "\r\n\r\n"), strstr(other.p, "\r\n\r\n"));
	buf_done(&other);
}

/* Who floods one listener takes no place on the other. */
static void
test_counted_apart(void **state)
{
	struct rig_client *a = come(), *b = come();

	(void)state;
	assert_int_equal(conns_count_on(r->f, ON_BLIND), 2);
	assert_int_equal(conns_count_on(r->f, ON_MEMBERS), 0);
	assert_int_equal(conns_count(r->f), 2);
	rig_drop(r, a);
	rig_drop(r, b);
	rig_until(r, conns_count_on(r->f, ON_BLIND) == 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_report),
		T(test_token_is_asked_for),
		T(test_what_exists),
		T(test_nothing_that_names_the_sender),
		T(test_ceptoar_is_the_senders_word),
		T(test_approved),
		T(test_idempotency_key_is_of_its_listener),
		T(test_cases),
		T(test_no_envelope_for_a_blind_case),
		T(test_rate_of_all_together),
		T(test_counted_apart),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
