/* SPDX-License-Identifier: Apache-2.0 */
/* The listener that links in mails lead to, over real TLS. */
#include "tests/role/front_rig.h"

#include "proto/answer_page.h"

#define TOKEN "AAECAwQFBgcICQoLDA0ODw" /* of the bytes 0 to 15 */
#define SEAL  "MDEyMzQ1Njc4OTAxMjM0NTY3OAA"
#define FORM  "Content-Type: application/x-www-form-urlencoded\r\n"

static struct rig *r;
static struct buf last;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
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

/* With a certificate at hand, which nobody asks for. */
static struct rig_client *
come(void)
{
	return rig_connect_on(r, ON_ANSWERS, RIG_OP);
}

static int
send_form(struct rig_client *c, const char *path, const char *headers, const char *body)
{
	struct buf b;
	int status;

	buf_init(&b, 1 << 20);
	buf_addf(&b,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n%s",
	    path, headers, strlen(body), body);
	rig_say(r, c, buf_cstr(&b));
	buf_done(&b);
	status = rig_answer(r, c, &last);
	return status;
}

static void
assert_page(const char *what)
{
	assert_non_null(strstr(buf_cstr(&last), answer_page_headers));
	assert_non_null(strstr(last.p, "Content-Type: text/html; charset=utf-8\r\n"));
	assert_non_null(strstr(last.p, "Cache-Control: no-store\r\n"));
	assert_non_null(strstr(last.p, "X-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(last.p, what));
}

static void
assert_sum_of_token(void)
{
	unsigned char token[16], sum[32];
	unsigned char i;

	for (i = 0; i < 16; i++)
		token[i] = i;
	(void)SHA256(token, sizeof token, sum);
	assert_memory_equal(r->link_sum, sum, sizeof sum);
}

static void
test_page_and_answer(void **state)
{
	struct rig_client *c;

	(void)state;
	rig_start(r);
	c = come();
	assert_int_equal(rig_get(r, c, "/a/" TOKEN, &last), 200);
	assert_page("2026-7KQ2M");
	assert_non_null(strstr(last.p, SEAL));
	assert_null(strstr(last.p, TOKEN));
	assert_sum_of_token();
	assert_int_equal(r->link_answer.choice, 0);
	assert_int_equal(
	    send_form(c, "/a/" TOKEN, FORM, "seal=" SEAL "&status=acted&forwarded=12"),
	    200);
	assert_page("回答を記録しました");
	assert_sum_of_token();
	assert_int_equal(r->link_answer.choice, LINK_ACTED);
	assert_int_equal(r->link_answer.forwarded, 12);
	assert_memory_equal(r->link_answer.seal, "0123456789012345678", LINK_SEAL_LEN);
	/* Nobody was asked who this is, and the vault may be away. */
	assert_int_equal(r->admits, 0);
	rig_stop_vault(r);
	rig_until(r, !r->f->vault_ready);
	assert_int_equal(send_form(come(), "/a/" TOKEN, FORM "Cookie: a=b\r\n",
			     "status=not_me&seal=" SEAL "&forwarded="),
	    200);
	assert_int_equal(r->link_answer.choice, LINK_NOT_ME);
}

static void
test_what_the_keeper_says(void **state)
{
	(void)state;
	rig_start(r);
	r->link_outcome = LINK_SOON;
	assert_int_equal(
	    send_form(come(), "/a/" TOKEN, FORM, "seal=" SEAL "&status=read"), 409);
	assert_page("9秒ほど待って");
	r->link_outcome = LINK_STALE;
	assert_int_equal(send_form(come(), "/a/" TOKEN, FORM, "status=read"), 409);
	assert_page("まだ記録されていません");
	assert_true(r->link_answer.seal[0] == 0); /* none came: zeros, not rubbish */
	/* Not a choice, or no number: the page again, and nothing was asked to write. */
	memset(&r->link_answer, 0, sizeof r->link_answer);
	assert_int_equal(send_form(come(), "/a/" TOKEN, FORM, "seal=" SEAL), 422);
	assert_page("1つを選び");
	assert_int_equal(
	    send_form(come(), "/a/" TOKEN, FORM, "status=read&forwarded=1e3"), 422);
	assert_int_equal(
	    send_form(come(), "/a/" TOKEN, FORM, "status=read&forwarded=1000001"), 422);
	assert_int_equal(send_form(come(), "/a/" TOKEN, FORM, "status=READ"), 422);
	assert_int_equal(r->link_answer.choice, 0);
	rig_stop_keeper(r);
	rig_until(r, !r->f->keeper_ready);
	assert_int_equal(rig_get(r, come(), "/a/" TOKEN, &last), 503);
	assert_page("混み合っています");
}

/* Links that lead nowhere: one page, the connection ends, and so many a minute. */
static void
test_guessing(void **state)
{
	static const char *const paths[] = { "/a/" TOKEN, "/a/x", "/a/" TOKEN "A",
		"/a/AAECAwQFBgcICQoLDA0OD%21" };
	struct rig_client *c;
	struct buf first;
	size_t i;

	(void)state;
	r->opt.answer_failures_per_minute = 5;
	rig_start(r);
	r->link_problem = P_NOT_FOUND;
	buf_init(&first, 1 << 20);
	for (i = 0; i < 4; i++) {
		c = come();
		assert_int_equal(rig_get(r, c, paths[i], i == 0 ? &first : &last), 404);
		rig_until(r, c->closed);
		if (i > 0) { /* to the last byte */
			assert_int_equal(first.n, last.n);
			assert_memory_equal(first.p, last.p, last.n);
		}
		assert_int_equal(r->link_calls, i + 1); /* each one is looked up */
	}
	assert_int_equal(send_form(come(), "/a/x", FORM, "status=read&seal=" SEAL), 404);
	assert_memory_equal(first.p, last.p, last.n);
	assert_int_equal(rig_get(r, come(), paths[0], &last), 429);
	assert_page("混み合っています");
	r->link_problem = P_OK; /* a right one still asked its page */
	assert_int_equal(rig_get(r, come(), paths[0], &last), 200);
	buf_done(&first);
}

static void
test_nothing_else_is_there(void **state)
{
	static const struct {
		const char *path, *headers, *body;
		int want;
	} table[] = { { "/a/" TOKEN, "Content-Type: application/json\r\n", "{}", 415 },
		{ "/a/" TOKEN, "", "status=read", 415 },
		{ "/a/" TOKEN, FORM, "status=read&member=aozora", 400 },
		{ "/a/" TOKEN, FORM, "status=read&status=acted", 400 },
		{ "/a/" TOKEN, FORM, "", 400 }, { "/a/", FORM, "status=read", 404 },
		{ "/a/" TOKEN "/x", FORM, "status=read", 404 },
		{ "/v1/reports", FORM, "status=read", 404 },
		{ "/v1/acks", "Content-Type: application/json\r\n", "{}", 404 } };
	static const char *const asked[] = { "/", "/a", "/a/", "/v1/me", "/v1/stream",
		"/v1/bulletins", "/favicon.ico" };
	char long_form[1200];
	size_t i;

	(void)state;
	rig_start(r);
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_int_equal(
		    send_form(come(), table[i].path, table[i].headers, table[i].body),
		    table[i].want);
	for (i = 0; i < sizeof asked / sizeof asked[0]; i++)
		assert_int_equal(rig_get(r, come(), asked[i], &last), 404);
	memset(long_form, 'a', sizeof long_form - 1);
	long_form[sizeof long_form - 1] = '\0';
	assert_int_equal(send_form(come(), "/a/" TOKEN, FORM, long_form), 413);
	assert_int_equal(r->link_calls, 0);
	/* And this page is nowhere else. */
	assert_int_equal(
	    rig_get(r, rig_connect_on(r, ON_BLIND, RIG_OP), "/a/" TOKEN, &last), 404);
	assert_int_equal(rig_get(r, rig_connect(r, RIG_OP), "/a/" TOKEN, &last), 404);
}

static void
test_its_own_connections_are_counted(void **state)
{
	struct rig_client *c;

	(void)state;
	rig_start(r);
	c = come();
	assert_int_equal(conns_count_on(r->f, ON_ANSWERS), 1);
	assert_int_equal(conns_count_on(r->f, ON_BLIND), 0);
	assert_int_equal(conns_count_on(r->f, ON_MEMBERS), 0);
	rig_until(r, conns_in(r->f, CONN_IDLE) == 1);
	rig_drop(r, c);
	rig_until(r, conns_count(r->f) == 0);
}

/* The name in the certificate that a listener shows. */
static void
shown(enum conn_on on, char cn[64])
{
	struct rig_client *c = rig_connect_on(r, on, RIG_OP);
	X509 *x = SSL_get1_peer_certificate(c->ssl);

	assert_non_null(x);
	assert_true(X509_NAME_get_text_by_NID(
			X509_get_subject_name(x), NID_commonName, cn, 64) > 0);
	X509_free(x);
}

/* Readers of mails come with browsers, which do not know the members' CA. */
static void
test_a_certificate_of_its_own(void **state)
{
	struct tcert_how how = { .usage = "serverAuth", .cn = "answers.example" };
	struct tcert cert = tpki_issue(&r->pki, &how);
	char cn[64];

	(void)state;
	tpki_save(&r->pki, "answers.pem", cert.x, NULL, NULL);
	tpki_save(&r->pki, "answers.key", NULL, cert.key, NULL);
	tcert_free(&cert);
	(void)snprintf(r->opt.answers_cert, sizeof r->opt.answers_cert, "%s/answers.pem",
	    r->pki.dir);
	(void)snprintf(
	    r->opt.answers_key, sizeof r->opt.answers_key, "%s/answers.key", r->pki.dir);
	rig_start(r);
	shown(ON_ANSWERS, cn);
	assert_string_equal(cn, "answers.example");
	shown(ON_BLIND, cn);
	assert_string_equal(cn, "localhost");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_page_and_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_what_the_keeper_says, setup, teardown),
		cmocka_unit_test_setup_teardown(test_guessing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_nothing_else_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_its_own_connections_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_certificate_of_its_own, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
