/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of blinded elements on its way through the front to the vault and back; and a
 * vault that is not there yet. */
#include "tests/role/front_rig.h"

enum { BATCH = 20, EPOCH = 2968 };

static struct rig *r;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
	r->issue_group = 1;
	rig_start(r);
	assert_int_equal(r->f->opt.token_batch, BATCH);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_free(r);
	return 0;
}

static void
element(unsigned i, unsigned char out[BLIND_RSA_LEN])
{
	memset(out, (int)i, BLIND_RSA_LEN);
	out[0] = (unsigned char)(i + 1); /* the low byte of what the rig compares */
	out[1] = out[2] = out[3] = 0;
}

/* A body with n elements; the odd one out, if any, is written as `odd`. */
static void
body(struct buf *b, const char *group, long long epoch, unsigned n, int odd_at,
    const char *odd)
{
	unsigned char e[BLIND_RSA_LEN];
	unsigned i;

	buf_init(b, 1 << 20);
	buf_addf(b, "{\"group\":\"%s\",\"epoch\":%lld,\"blinded\":[", group, epoch);
	for (i = 0; i < n; i++) {
		buf_adds(b, i > 0 ? "," : "");
		if ((int)i == odd_at) {
			buf_adds(b, odd);
			continue;
		}
		element(i, e);
		buf_addc(b, '"');
		buf_add_b64url(b, e, sizeof e);
		buf_addc(b, '"');
	}
	buf_adds(b, "]}");
}

static void
assert_signed(const char *answer)
{
	json_t *j = json_loads(strstr(answer, "\r\n\r\n"), 0, NULL), *list;
	unsigned char e[BLIND_RSA_LEN], sig[BLIND_RSA_LEN];
	unsigned i, k;

	assert_non_null(j);
	list = json_object_get(j, "signatures");
	assert_int_equal(json_array_size(list), BATCH);
	for (i = 0; i < BATCH; i++) {
		element(i, e);
		for (k = 0; k < sizeof e; k++)
			e[k] = (unsigned char)~e[k];
		assert_int_equal(
		    b64url_decode(slice_of(json_string_value(json_array_get(list, i))),
			sig, sizeof sig),
		    BLIND_RSA_LEN);
		assert_memory_equal(sig, e, sizeof e);
	}
	json_decref(j);
}

/* In the order of the request, whatever the order of the vault's answers; for the key of
 * this connection; never more than eight at once. */
static void
test_batch(void **state)
{
	static const unsigned groups[] = { 1, 4, 8 };
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b, last;
	size_t i;

	(void)state;
	buf_init(&last, 1 << 20);
	body(&b, "public-services", EPOCH, BATCH, -1, NULL);
	for (i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		r->issue_group = groups[i];
		r->issued = r->issues = 0;
		assert_int_equal(
		    rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), 200);
		assert_int_equal(r->issues, BATCH);
		assert_signed(buf_cstr(&last));
		assert_memory_equal(r->hold[0].spki, r->people[RIG_OP].spki, 32);
		assert_int_equal(r->hold[0].epoch, EPOCH);
		assert_int_equal(r->hold[0].group,
		    taxonomy_group(r->f->tax, slice_of("public-services")));
	}
	buf_done(&b);
	buf_done(&last);
}

struct bad {
	const char *group;
	long long epoch;
	unsigned n;
	int odd_at;
	const char *odd;
	int status;
	const char *code, *pointer;
};

/* Nothing of it reaches the vault. */
static void
test_checked_here(void **state)
{
	static const struct bad cases[] = {
		{ "finance", EPOCH, BATCH, -1, "", 403, "forbidden", "/group" },
		{ "no-such", EPOCH, BATCH, -1, "", 422, "invalid_field", "/group" },
		{ "public-services", -1, BATCH, -1, "", 422, "invalid_field", "/epoch" },
		{ "public-services", 4294967296, BATCH, -1, "", 422, "invalid_field",
		    "/epoch" },
		{ "public-services", EPOCH, BATCH - 1, -1, "", 422, "invalid_field",
		    "/blinded" },
		{ "public-services", EPOCH, BATCH + 1, -1, "", 422, "invalid_field",
		    "/blinded" },
		{ "public-services", EPOCH, BATCH, 3, "7", 422, "wrong_type",
		    "/blinded/3" },
		{ "public-services", EPOCH, BATCH, 3, "\"AAAA\"", 422, "invalid_field",
		    "/blinded/3" },
		{ "public-services", EPOCH, BATCH, 19, "\"=\"", 422, "invalid_field",
		    "/blinded/19" },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b, last;
	char want[64];
	size_t i;

	(void)state;
	buf_init(&last, 1 << 20);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		body(&b, cases[i].group, cases[i].epoch, cases[i].n, cases[i].odd_at,
		    cases[i].odd);
		assert_int_equal(rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last),
		    cases[i].status);
		(void)snprintf(want, sizeof want, "\"code\":\"%s\"", cases[i].code);
		assert_non_null(strstr(buf_cstr(&last), want));
		(void)snprintf(want, sizeof want, "\"pointer\":\"%s\"", cases[i].pointer);
		assert_non_null(strstr(buf_cstr(&last), want));
		buf_done(&b);
	}
	assert_int_equal(rig_post(r, c, "/v1/tokens", "", "[]", &last), 422);
	assert_int_equal(rig_post(r, c, "/v1/tokens", "", "{\"group\":1}", &last), 422);
	assert_int_equal(
	    rig_post(r, c, "/v1/tokens", "",
		"{\"group\":\"public-services\",\"epoch\":1,\"member\":1}", &last),
	    422);
	assert_non_null(strstr(buf_cstr(&last), "\"pointer\":\"/member\""));
	assert_int_equal(r->issues, 0);
	buf_done(&last);
}

/* Whoever has drawn has to wait for the next epoch, and no second less. */
static void
test_retry_in_the_next_epoch(void **state)
{
	const int64_t day = 86400;
	struct rig_client *c = rig_connect(r, RIG_OP);
	uint32_t epoch = (uint32_t)(clock_wall_ms() / 1000 / (7 * day));
	struct buf b, last;
	const char *at;
	long said;

	(void)state;
	buf_init(&last, 1 << 20);
	r->issue_bad = 1;
	r->issue_bad_status = VS_QUOTA;
	body(&b, "public-services", epoch, BATCH, -1, NULL);
	assert_int_equal(rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), 429);
	at = strstr(buf_cstr(&last), "\r\nRetry-After: ");
	assert_non_null(at);
	said = strtol(at + 15, NULL, 10);
	assert_true(llabs(clock_wall_ms() / 1000 + said - (epoch + 1LL) * 7 * day) <= 30);
	buf_done(&b);
	/* Whatever the clock says: never longer than an epoch. */
	rig_settle(r);
	r->issued = 0;
	body(&b, "public-services", UINT32_MAX, BATCH, -1, NULL);
	assert_int_equal(rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), 429);
	assert_non_null(strstr(buf_cstr(&last), "\r\nRetry-After: 604800\r\n"));
	buf_done(&b);
	buf_done(&last);
}

/* What the vault refuses, and for which element. */
static void
test_refused_there(void **state)
{
	static const struct {
		uint8_t status;
		int http;
		const char *words;
	} cases[] = {
		{ VS_INVALID, 422, "\"pointer\":\"/blinded/3\"" },
		{ VS_NO_KEY, 422, "\"pointer\":\"/epoch\"" },
		{ VS_QUOTA, 429, "\"code\":\"rate_limited\"" },
		{ VS_FULL, 507, "\"code\":\"storage_full\"" },
		{ VS_INTERNAL, 503, "\"code\":\"unavailable\"" },
		{ VS_OUTCOME, 503, "\"code\":\"unavailable\"" },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b, last;
	size_t i;

	(void)state;
	buf_init(&last, 1 << 20);
	body(&b, "public-services", EPOCH, BATCH, -1, NULL);
	r->issue_bad = 4; /* the fourth */
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		r->issue_bad_status = cases[i].status;
		r->issued = 0;
		assert_int_equal(
		    rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), cases[i].http);
		assert_non_null(strstr(buf_cstr(&last), cases[i].words));
		rig_settle(r); /* answers that nobody waits for any more */
	}
	/* The connection serves on; a membership that ended ends it. */
	r->issue_bad = 0;
	r->issued = 0;
	assert_int_equal(rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), 200);
	assert_signed(buf_cstr(&last));
	r->issue_bad = 4;
	r->issue_bad_status = VS_REVOKED;
	r->issued = 0;
	assert_int_equal(rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), 403);
	rig_until(r, c->closed);
	buf_done(&b);
	buf_done(&last);
}

/* Operators and affiliates draw; everybody may look. */
static void
test_roles(void **state)
{
	static const enum rig_who others[] = { RIG_SEC, RIG_CENTRE, RIG_AGENCY };
	struct buf b, last;
	size_t i;

	(void)state;
	buf_init(&last, 1 << 20);
	body(&b, "public-services", EPOCH, BATCH, -1, NULL);
	for (i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct rig_client *c = rig_connect(r, others[i]);

		/* The body is not read, so the connection is of no use any more. */
		assert_int_equal(
		    rig_post(r, c, "/v1/tokens", "", buf_cstr(&b), &last), 403);
		c = rig_connect(r, others[i]);
		assert_int_equal(rig_get(r, c, "/v1/tokens", &last), 200);
		assert_non_null(strstr(buf_cstr(&last), "{\"type\":\"other\"}"));
	}
	assert_int_equal(r->issues, 0);
	buf_done(&b);
	buf_done(&last);
}

/* The vault refuses one, or goes, while others are with it: nothing is left behind. */
static void
test_broken_off(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	char head[256];
	struct buf b, last;

	(void)state;
	buf_init(&last, 1 << 20);
	body(&b, "public-services", EPOCH, BATCH, -1, NULL);
	r->issue_group = 100; /* they are held */
	r->issue_bad = 4;
	r->issue_bad_status = VS_QUOTA;
	(void)snprintf(head, sizeof head,
	    "POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: %zu\r\n\r\n",
	    b.n);
	rig_say(r, c, head);
	rig_say(r, c, buf_cstr(&b));
	rig_until(r, r->held == 8);
	rig_sign(r, r->hold_link, 3);
	assert_int_equal(rig_answer(r, c, &last), 429);
	assert_int_equal(r->f->calls.count, 0);
	r->held = 0;
	rig_say(r, c, head);
	rig_say(r, c, buf_cstr(&b));
	rig_until(r, r->held == 8);
	link_close(r->f->vault);
	assert_int_equal(rig_answer(r, c, &last), 503);
	assert_int_equal(r->f->calls.count, 0);
	buf_done(&b);
	buf_done(&last);
}

/* How often that is said on standard error while the loop runs for a while. */
static int
said_that_admissions_end(void)
{
	const int64_t end = clock_mono_ms() + 400;
	char text[65536];
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	const char *at = text;
	int n = 0;

	assert_non_null(f);
	assert_true(saved >= 0 && dup2(fileno(f), STDERR_FILENO) >= 0);
	while (clock_mono_ms() < end)
		rig_step(r);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_int_equal(close(saved), 0);
	rewind(f);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	assert_int_equal(fclose(f), 0);
	for (; (at = strstr(at, "admissions end")) != NULL; at++)
		n++;
	return n;
}

/* A vault that comes a little later than its fronts is no vault that went away. */
static void
test_a_start_ends_no_admission(void **state)
{
	struct front *early;
	struct buf why;

	(void)state;
	buf_init(&why, 4096);
	assert_int_equal(front_new(&early, r->loop, &r->opt, NULL, &why), 0);
	buf_done(&why);
	assert_int_equal(said_that_admissions_end(), 0);
	front_free(early);
	rig_stop_vault(r);
	rig_until(r, !r->f->vault_ready);
	assert_int_equal(said_that_admissions_end(), 0);
	r->f->vault_away_since -= VAULT_AWAY_MS + 1000;
	assert_int_equal(said_that_admissions_end(), 1);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_batch),
		T(test_checked_here),
		T(test_retry_in_the_next_epoch),
		T(test_refused_there),
		T(test_roles),
		T(test_broken_off),
		T(test_a_start_ends_no_admission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
