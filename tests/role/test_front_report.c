/* SPDX-License-Identifier: Apache-2.0 */
/* The way of a report through the front: what reaches the vault and the keeper, what the
 * sender is told, what never leaves. */
#include "tests/role/front_rig.h"

#include "proto/topic.h"

#define SMALL "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1}"
#define KEY   "Idempotency-Key: p4w1xCkq0mN7e2nVQ3o9Zg\r\n"

static struct rig *r;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
	r->terms = 3;
	r->term[0] = "青空中央病院";
	r->term_kind[0] = TERM_NAME;
	r->term[1] = "aozora-hp.example";
	r->term_kind[1] = TERM_DOMAIN;
	r->term[2] = "山田太郎";
	r->term_kind[2] = TERM_PERSON;
	rig_start(r);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_free(r);
	return 0;
}

static const char *
stored(void)
{
	return buf_cstr(&r->put_json);
}

static void
test_scrubbed_and_canonical(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	assert_int_equal(
	    rig_post(r, c, "/v1/reports", "",
		"{ \"title\" : \"青空中央病院のサーバ\", \"kind\":\"incident\" ,\n"
		"\"severity_claimed\": 3, \"description\":\"担当 山田太郎\","
		"\"consent\":{\"publish\":\"ceptoar\"}}",
		&b),
	    201);
	assert_non_null(strstr(b.p, "\"state\":\"received\""));
	assert_int_equal(r->puts, 1);
	assert_int_equal(r->seals, 1);
	assert_int_equal(r->last_wants_auto, 1);
	assert_int_equal(r->put.slot, rig_medical);
	assert_int_equal(r->put.has_idem + r->put.has_case + r->put.blind, 0);
	assert_int_equal(r->put.auto_ok, 1);
	assert_null(strstr(stored(), "青空"));
	assert_null(strstr(stored(), "山田"));
	assert_null(strstr(stored(), " \""));
	/* All terms came, a page each; the next report needs none. */
	assert_int_equal(r->terms_asked, 3);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_int_equal(r->terms_asked, 3);
	/* A change of the registry does. */
	reload_generation(r->f, ++r->generation);
	rig_settle(r);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_int_equal(r->terms_asked, 6);
	buf_done(&b);
}

/* The vault is asked about what is stored, and the keeper told what it counted. */
static void
test_topics(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct topics t;
	json_t *j;
	unsigned i;

	(void)state;
	for (i = 0; i < TOPICS_MAX; i++)
		r->counted[i] = (struct topic_count){ (uint16_t)(i + 2), (uint8_t)i };
	r->counted_since = 12345;
	assert_int_equal(
	    rig_post(r, c, "/v1/reports", "",
		"{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		"\"products\":[\"ExampleVPN\"],\"event_types\":[\"system_intrusion\"],"
		"\"indicators\":[{\"type\":\"domain\",\"value\":\"EVIL[.]example\"}]}",
		NULL),
	    201);
	j = json_loads(stored(), 0, NULL);
	assert_int_equal(topics_of(j, &t), 0);
	json_decref(j);
	assert_int_equal(t.n, 2);
	assert_int_equal(r->order.topic_count, 2);
	assert_int_equal(r->put.topic_count, 2);
	assert_int_equal(r->put.since, 12345);
	for (i = 0; i < 2; i++) {
		assert_memory_equal(r->order.topics[i], t.v[i].id, TOPIC_LEN);
		assert_memory_equal(r->put.topics[i], t.v[i].id, TOPIC_LEN);
		assert_int_equal(r->put.counts[i].members, i + 2);
		assert_int_equal(r->put.counts[i].sectors, i);
	}
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_int_equal(r->order.topic_count, 0);
	assert_int_equal(r->put.topic_count, 0);
}

/* What a full disk keeps room for is said to the vault; the rest leaves no envelope once
 * the keeper has said that there is none. */
static void
test_full_disk(void **state)
{
	static const struct {
		int critical;
		const char *more;
	} v[] = { { 0, "1" }, { 0, "2" }, { 1, "3" }, { 1, "4" },
		{ 1, "1,\"hotline\":\"page\"" }, { 1, "1,\"hotline\":\"consult\"" } };
	struct rig_client *c = rig_connect(r, RIG_OP);
	char body[256];
	unsigned seals;
	size_t i;

	(void)state;
	for (i = 0; i < 3 * (sizeof v / sizeof v[0]); i++) {
		(void)snprintf(body, sizeof body,
		    "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":%s}",
		    v[i / 3].more);
		r->put_problem = i % 3 == 0 ? P_OK : P_STORAGE_FULL;
		r->f->full_until = i % 3 == 2 ? r->f->full_until : 0;
		seals = r->seals;
		assert_int_equal(rig_post(r, c, "/v1/reports", "", body, NULL),
		    i % 3 == 0 ? 201 : 507);
		assert_int_equal(r->seals - seals, i % 3 < 2 || v[i / 3].critical);
		assert_int_equal(r->order.critical, v[i / 3].critical);
	}
}

/* Two senders of one CEPTOAR, one of them in several: the same text is the same bytes. */
static void
test_same_bytes_whoever_sends(void **state)
{
	struct rig_client *one = rig_connect(r, RIG_OP),
			  *two = rig_connect(r, RIG_TWO_SLOTS);
	char kept[1024];

	(void)state;
	assert_int_equal(rig_post(r, one, "/v1/reports", "", SMALL, NULL), 201);
	(void)snprintf(kept, sizeof kept, "%s", stored());
	assert_int_equal(rig_post(r, two, "/v1/reports", "",
			     "{\"ceptoar\":\"medical-ceptoar\",\"severity_claimed\":1,"
			     "\"title\":\"x\",\"kind\":\"incident\"}",
			     NULL),
	    201);
	assert_string_equal(kept, stored());
	assert_int_equal(r->put.slot, rig_medical);
}

/* What a person may not do is refused here; what it may do is done as by the member. */
static void
test_duties(void **state)
{
	static const struct {
		enum rig_who who;
		unsigned duties;
		int report, desk_refused; /* a status; is the inbox closed? */
		const char *me;
	} rows[] = {
		{ RIG_OP, DUTY_REPORTER, 201, 1,
		    "\"may_report\":true,\"roles\":[{\"ceptoar\":\"medical-ceptoar\","
		    "\"role\":\"operator\"}],\"duties\":[\"reporter\"]" },
		{ RIG_OP, DUTY_DESK | DUTY_MACHINE, 403, 1,
		    "\"duties\":[\"desk\",\"machine\"]" },
		{ RIG_SEC, DUTY_DESK, 403, 0, "\"duties\":[\"desk\"]" },
		{ RIG_SEC, DUTY_OFFICER, 403, 0, "\"duties\":[\"duty_officer\"]" },
		{ RIG_SEC, DUTY_REPORTER | DUTY_MACHINE, 403, 1,
		    "\"duties\":[\"reporter\",\"machine\"]" },
		{ RIG_AGENCY, DUTY_MACHINE, 403, 1, "\"may_report\":false" },
	};
	struct rig_client *c;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		r->people[rows[i].who].admit.rights.duties = (uint8_t)rows[i].duties;
		reload_generation(r->f, ++r->generation);
		rig_settle(r);
		c = rig_connect(r, rows[i].who);
		assert_int_equal(rig_get(r, c, "/v1/me", &b), 200);
		if (strstr(b.p, rows[i].me) == NULL)
			fail_msg("%zu: %s", i, b.p);
		if (rig_post(r, c, "/v1/reports", "", SMALL, NULL) != rows[i].report)
			fail_msg("%zu: the report", i);
		c = rig_connect_on(r, ON_DESK, rows[i].who);
		if (rows[i].desk_refused)
			assert_int_equal(rig_get(r, c, "/v1/inbox", NULL), 403);
		else /* it gets as far as to be told that something is wrong */
			assert_int_equal(rig_get(r, c, "/v1/inbox?x=1", NULL), 400);
	}
	buf_done(&b);
}

static void
test_whose_ceptoar(void **state)
{
	static const struct {
		enum rig_who who;
		const char *ceptoar; /* NULL: not given */
		int want;
		const char *code;
	} table[] = {
		{ RIG_OP, NULL, 201, NULL },
		{ RIG_OP, "medical-ceptoar", 201, NULL },
		{ RIG_OP, "no-such-ceptoar", 422, "/ceptoar" },
		{ RIG_OP, "bank-ceptoar", 422, "/ceptoar" },
		{ RIG_TWO_SLOTS, NULL, 422, "missing_field" },
		{ RIG_TWO_SLOTS, "medical-ceptoar", 201, NULL },
		{ RIG_AGENCY, NULL, 201, NULL },
		{ RIG_AGENCY, "medical-ceptoar", 422, "invalid_field" },
	};
	struct rig_client *c;
	char body[256], name[64];
	struct buf b;
	size_t i;
	int got;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = rig_connect(r, table[i].who);
		(void)snprintf(name, sizeof name, ",\"ceptoar\":\"%s\"",
		    table[i].ceptoar != NULL ? table[i].ceptoar : "");
		(void)snprintf(body, sizeof body,
		    "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1%s}",
		    table[i].ceptoar != NULL ? name : "");
		got = rig_post(r, c, "/v1/reports", "", body, &b);
		if (got != table[i].want ||
		    (table[i].code != NULL && strstr(b.p, table[i].code) == NULL))
			fail_msg("%zu: %d %s", i, got, b.p);
	}
	assert_int_equal(r->put.slot, SLOT_NONE); /* the agency's */
	buf_done(&b);
}

static void
test_refused_before_anything_is_sealed(void **state)
{
	static const struct {
		const char *body;
		int want;
		const char *code;
	} table[] = {
		{ "{", 400, "json_syntax" },
		{ "[]", 422, "wrong_type" },
		{ "{\"a\":1,\"a\":2}", 400, "json_duplicate" },
		{ "{\"kind\":\"incident\",\"title\":\"x\"}", 422, "missing_field" },
		{ "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		  "\"sector\":1}",
		    422, "unknown_field" },
		{ "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		  "\"approved\":1}",
		    422, "/approved" },
		{ "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		  "\"approved\":\"x\"}",
		    409, "text_changed" },
		{ "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		  "\"indicators\":[{\"type\":\"domain\",\"value\":\"aozora-hp.example\"}]"
		  "}",
		    422, "identity_in_text" },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;
	size_t i;
	int got;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		got = rig_post(r, c, "/v1/reports", "", table[i].body, &b);
		if (got != table[i].want || strstr(b.p, table[i].code) == NULL)
			fail_msg("%zu: %d %s", i, got, b.p);
	}
	assert_int_equal(r->puts + r->seals, 0);
	buf_done(&b);
}

static void
test_preview_and_approval(void **state)
{
	static const char text[] =
	    "{\"kind\":\"incident\",\"title\":\"青空中央病院\",\"actions\":\"11月8日 "
	    "白雲市\",\"severity_claimed\":1";
	struct rig_client *c = rig_connect(r, RIG_OP);
	char body[512], approved[64];
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	(void)snprintf(body, sizeof body, "%s}", text);
	assert_int_equal(rig_post(r, c, "/v1/reports/preview", "", body, &b), 200);
	assert_int_equal(r->puts + r->seals + r->settles, 0);
	assert_int_equal(r->nameables, 1);
	assert_int_equal(r->explain_auto_ok, 1);
	assert_non_null(strstr(b.p, "\"candidates\":7"));
	assert_non_null(strstr(b.p, "\"audience\":{\"count\":3}"));
	assert_non_null(strstr(b.p, "\"k\":{\"inside\":7}"));
	assert_non_null(strstr(b.p,
	    "\"marks\":[{\"kind\":\"time\",\"length\":5,\"offset\":0,\"pointer\":"
	    "\"/actions/ja\"},{\"kind\":\"place\",\"length\":3,\"offset\":6,"
	    "\"pointer\":\"/actions/ja\"}]"));
	/* The original stands in the replacements and nowhere else. */
	assert_non_null(strstr(b.p, "\"original\":\"青空中央病院\""));
	assert_null(strstr(strstr(b.p, "\"report\":"), "青空"));
	memcpy(approved, strstr(b.p, "\"approved\":\"") + 12, 43);
	approved[43] = '\0';
	(void)snprintf(body, sizeof body, "%s,\"approved\":\"%s\"}", text, approved);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", body, &b), 201);
	assert_null(strstr(stored(), "approved"));
	/* The same approval for another text. */
	(void)snprintf(
	    body, sizeof body, "%s,\"potential\":2,\"approved\":\"%s\"}", text, approved);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", body, &b), 409);
	assert_int_equal(r->puts, 1);
	/* The limit of automatic releases holds for it as for the report. */
	r->auto_used_up = 1;
	(void)snprintf(body, sizeof body, "%s}", text);
	assert_int_equal(rig_post(r, c, "/v1/reports/preview", "", body, &b), 200);
	assert_int_equal(r->explain_auto_ok, 0);
	buf_done(&b);
}

static void
assert_settled(unsigned ticket, int stored, int released)
{
	unsigned char want[TICKET_LEN];

	rig_until(r, r->settles == ticket);
	memset(want, (int)ticket, sizeof want);
	assert_memory_equal(r->settled.ticket, want, TICKET_LEN);
	assert_int_equal(r->settled.stored, stored);
	assert_int_equal(r->settled.released, released);
}

/* The vault is told what became of each SEAL, once, whatever it was. */
static void
test_settled(void **state)
{
	static const enum problem refused[] = { P_NOT_FOUND, P_CONFLICT, P_INVALID_FIELD,
		P_STORAGE_FULL, P_UNAVAILABLE };
	struct rig_client *c = rig_connect(r, RIG_OP);
	unsigned n = 0;
	size_t i;
	int got;

	(void)state;
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		r->put_problem = refused[i];
		got = rig_post(r, c, "/v1/reports", "", SMALL, NULL);
		assert_true(got >= 400);
		assert_settled(++n, 0, 0);
		r->f->full_until = 0; /* a full disk is believed for a while */
	}
	r->put_problem = P_OK;
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_settled(++n, 1, 0);
	r->put_created = REPLY_RELEASED;
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_settled(++n, 1, 1);
	assert_int_equal(rig_post(r, c, "/v1/reports", KEY, SMALL, NULL), 201);
	assert_settled(++n, 1, 1);
	assert_int_equal(rig_post(r, c, "/v1/reports", KEY, SMALL, NULL), 200);
	rig_settle(r);
	assert_int_equal(r->settles, r->seals); /* known before: no SEAL */
	r->seal_status = VS_FULL;
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 507);
	rig_settle(r);
	assert_int_equal(r->settles, n);
}

#define POST_SMALL \
	"POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: " \
	"application/json\r\nContent-Length: 52\r\n\r\n" SMALL

/* Whoever hangs up before the answer has used up what it used up. */
static void
test_settled_though_nobody_waits(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_settled(1, 1, 0);
	r->put_later = 1;
	rig_say(r, c, POST_SMALL);
	rig_until(r, r->puts == 2);
	rig_drop(r, c);
	rig_settle(r);
	assert_int_equal(r->settles, 1);
	rig_put_now(r, REPLY_RELEASED);
	assert_settled(2, 1, 1);
	/* The keeper goes with it: nobody knows, nothing is counted. */
	c = rig_connect(r, RIG_OP);
	r->put_later = 1;
	rig_say(r, c, POST_SMALL);
	rig_until(r, r->puts == 3);
	rig_drop(r, c);
	rig_settle(r);
	rig_stop_keeper(r);
	assert_settled(3, 0, 0);
}

static void
test_idempotency_key(void **state)
{
	static const char *const bad[] = { "short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"0123456789abcdef0123456789abcd", "p4w1xCkq0mN7e2nV Q3o9Zg" };
	struct rig_client *c = rig_connect(r, RIG_OP);
	uint8_t key[32], mac[32];
	char header[128];
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		(void)snprintf(header, sizeof header, "Idempotency-Key: %s\r\n", bad[i]);
		assert_int_equal(rig_post(r, c, "/v1/reports", header, SMALL, &b), 422);
		assert_non_null(strstr(b.p, "Idempotency-Key"));
	}
	assert_int_equal(r->puts + r->seals + r->finds, 0);
	assert_int_equal(rig_post(r, c, "/v1/reports", KEY, SMALL, &b), 201);
	assert_int_equal(r->put.has_idem, 1);
	memcpy(key, r->put.idem_key, 32);
	memcpy(mac, r->put.idem_mac, 32);
	assert_int_equal(rig_post(r, c, "/v1/reports", KEY, SMALL, &b), 200);
	assert_int_equal(r->puts, 1);
	assert_int_equal(r->seals, 1);
	/* One space more is another body. */
	assert_int_equal(rig_post(r, c, "/v1/reports", KEY, SMALL " ", &b), 422);
	assert_non_null(strstr(b.p, "idempotency_mismatch"));
	/* The key has no member scope; another commitment is another key. */
	assert_int_equal(
	    rig_post(r, rig_connect(r, RIG_TWO_SLOTS), "/v1/reports", KEY,
		"{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		"\"ceptoar\":\"medical-ceptoar\"}",
		&b),
	    422);
	assert_int_equal(
	    rig_post(r, c, "/v1/reports", KEY,
		"{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":1,"
		"\"case_commitment\":"
		"\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}",
		&b),
	    201);
	assert_memory_not_equal(key, r->put.idem_key, 32);
	assert_memory_not_equal(mac, r->put.idem_mac, 32);
	buf_done(&b);
}

static void
test_follow_up(void **state)
{
	static const char id[] = "00112233445566778899aabbccddeeff";
	struct rig_client *c = rig_connect(r, RIG_OP);
	unsigned char hash[32], secret[32] = { 0 };
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof path, "/v1/cases/%s/reports", id);
	assert_int_equal(rig_post(r, c, path, "", SMALL, NULL), 401);
	assert_int_equal(
	    rig_post(r, c, path, "Authorization: Case AAAA\r\n", SMALL, NULL), 401);
	assert_int_equal(
	    rig_post(r, c, path, "Authorization: Bearer AAAA\r\n", SMALL, NULL), 401);
	assert_int_equal(rig_post(r, c, "/v1/cases/zz/reports",
			     "Authorization: Case "
			     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
			     SMALL, NULL),
	    404);
	assert_int_equal(r->puts, 0);
	assert_int_equal(rig_post(r, c, path,
			     "Authorization: Case "
			     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
			     SMALL, NULL),
	    201);
	assert_int_equal(r->put.has_case, 1);
	assert_int_equal(r->put.case_id[15], 0xff);
	(void)SHA256(secret, sizeof secret, hash);
	assert_memory_equal(r->put.secret_hash, hash, 32);
}

static void
test_rate_is_per_member(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP),
			  *other = rig_connect(r, RIG_AGENCY);
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 65536);
	r->f->opt.reports_per_minute = 3;
	for (i = 0; i < 3; i++)
		assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, &b), 429);
	assert_non_null(strstr(b.p, "Retry-After: "));
	/* Coming again under a new connection helps nobody. */
	rig_drop(r, c);
	c = rig_connect(r, RIG_OP);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 429);
	assert_int_equal(rig_post(r, other, "/v1/reports", "", SMALL, NULL), 201);
	buf_done(&b);
}

static void
test_what_wants_automatic_release(void **state)
{
	static const struct {
		const char *rest;
		int want;
	} table[] = {
		{ "\"severity_claimed\":3,\"consent\":{\"publish\":\"ceptoar\"}", 1 },
		{ "\"severity_claimed\":2,\"consent\":{\"publish\":\"ceptoar\"}", 0 },
		{ "\"severity_claimed\":3", 0 },
		{ "\"severity_claimed\":3,\"consent\":{\"publish\":\"none\"}", 0 },
		{ "\"severity_claimed\":4,\"consent\":{\"publish\":\"cross_sector\"},"
		  "\"tlp\":\"TLP:RED\"",
		    0 },
		{ "\"severity_claimed\":4,\"consent\":{\"publish\":\"cross_sector\"},"
		  "\"exercise\":true",
		    0 },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	char body[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		(void)snprintf(body, sizeof body,
		    "{\"kind\":\"incident\",\"title\":\"x\",%s}", table[i].rest);
		assert_int_equal(rig_post(r, c, "/v1/reports", "", body, NULL), 201);
		if (r->last_wants_auto != table[i].want)
			fail_msg("%s", table[i].rest);
	}
}

/* The levels are the keeper's: a release at a lower one counts, a report that stays in
 * the inbox does not. */
static void
test_levels_of_automatic_release(void **state)
{
	static const struct {
		enum rig_who who;
		int from, no_slot, level;
		const char *publish;
		int want;
	} table[] = {
		{ RIG_OP, 2, 4, 2, "ceptoar", 1 },
		{ RIG_OP, 2, 4, 1, "ceptoar", 0 },
		{ RIG_OP, 4, 4, 3, "ceptoar", 0 },
		{ RIG_OP, 5, 5, 4, "cross_sector", 0 },
		{ RIG_AGENCY, 2, 4, 3, "cross_sector", 0 },
		{ RIG_AGENCY, 2, 4, 4, "cross_sector", 1 },
		{ RIG_AGENCY, 2, 4, 4, "ceptoar", 0 },
	};
	struct rig_client *c;
	char body[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = rig_connect(r, table[i].who);
		rig_auto(r, r->keeper_link, table[i].from, table[i].no_slot);
		rig_settle(r);
		(void)snprintf(body, sizeof body,
		    "{\"kind\":\"incident\",\"title\":\"x\",\"severity_claimed\":%d,"
		    "\"consent\":{\"publish\":\"%s\"}}",
		    table[i].level, table[i].publish);
		assert_int_equal(rig_post(r, c, "/v1/reports", "", body, NULL), 201);
		if (r->last_wants_auto != table[i].want)
			fail_msg("row %zu", i);
	}
}

static void
test_seal_refused(void **state)
{
	static const struct {
		uint8_t status;
		int want;
	} table[] = { { VS_UNKNOWN, 403 }, { VS_DISABLED, 403 }, { VS_REVOKED, 403 },
		{ VS_FULL, 507 }, { VS_OUTCOME, 503 }, { VS_EXISTS, 500 },
		{ VS_INTERNAL, 500 } };
	struct rig_client *c = rig_connect(r, RIG_OP);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		r->seal_status = table[i].status;
		assert_int_equal(
		    rig_post(r, c, "/v1/reports", "", SMALL, NULL), table[i].want);
	}
	assert_int_equal(r->puts, 0);
}

/* The keeper dies with the report: nobody knows, and the answer says so. */
static void
test_outcome_unknown(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	r->keeper_mute = 1;
	rig_say(r, c,
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\nContent-Length: 52\r\n\r\n" SMALL);
	rig_until(r, r->seals == 2);
	rig_settle(r);
	rig_stop_keeper(r);
	assert_int_equal(rig_answer(r, c, &b), 503);
	assert_non_null(strstr(b.p, "outcome_unknown"));
	buf_done(&b);
}

/* The right ends between two questions of one report: it goes no further. */
static void
test_right_ends_on_the_way(void **state)
{
	struct rig_client *c = rig_connect(r, RIG_OP);

	(void)state;
	assert_int_equal(rig_post(r, c, "/v1/reports", "", SMALL, NULL), 201);
	r->keeper_mute = 1;
	rig_say(r, c,
	    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
	    "application/json\r\n" KEY "Content-Length: 52\r\n\r\n" SMALL);
	rig_settle(r);
	r->people[RIG_OP].admit.status = VS_DISABLED;
	reload_generation(r->f, ++r->generation);
	rig_until(r, r->admits >= 2);
	rig_settle(r);
	rig_stop_keeper(r);
	assert_int_equal(rig_answer(r, c, NULL), 403);
	rig_until(r, c->closed);
	assert_int_equal(r->seals, 1);
}

static void
test_acks(void **state)
{
	static const struct {
		const char *body;
		int want;
		const char *pointer;
	} table[] = {
		{ "{\"acks\":[{\"id\":\"00112233445566778899aabbccddeeff\",\"status\":"
		  "\"read\",\"revision\":1,\"forwarded_to\":3,\"note\":\"了解\"}]}",
		    200, NULL },
		{ "{\"acks\":[]}", 422, "/acks" },
		{ "{}", 422, "/acks" },
		{ "[]", 422, NULL },
		{ "{\"acks\":[{\"status\":\"read\"}]}", 422, "/acks/0/id" },
		{ "{\"acks\":[{\"id\":\"00112233445566778899aabbccddeeff\"}]}", 422,
		    "/acks/0/status" },
		{ "{\"acks\":[{\"id\":\"00112233445566778899aabbccddeeff\",\"status\":"
		  "\"affected\"}]}",
		    422, "/acks/0/status" },
		{ "{\"acks\":[{\"id\":\"0011\",\"status\":\"read\"}]}", 422,
		    "/acks/0/id" },
		{ "{\"acks\":[{\"id\":\"00112233445566778899aabbccddeeff\",\"status\":"
		  "\"read\",\"who\":\"me\"}]}",
		    422, "unknown_field" },
		{ "{\"acks\":[{\"id\":\"00112233445566778899aabbccddeeff\",\"status\":"
		  "\"read\",\"note\":\"a\\u202eb\"}]}",
		    422, "text_control" },
		{ "{\"acks\":[{\"id\":\"00112233445566778899aabbccddeeff\",\"status\":"
		  "\"read\",\"revision\":0}]}",
		    422, "/acks/0/revision" },
	};
	struct rig_client *c = rig_connect(r, RIG_OP);
	struct buf b;
	size_t i;
	int got;

	(void)state;
	buf_init(&b, 65536);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		got = rig_post(r, c, "/v1/acks", "", table[i].body, &b);
		if (got != table[i].want ||
		    (table[i].pointer != NULL && strstr(b.p, table[i].pointer) == NULL))
			fail_msg("%zu: %d %s", i, got, b.p);
	}
	buf_done(&b);
}

/* Allocations fail one after another: each time an answer or an end, never harm. */
static void
test_memory_runs_out(void **state)
{
	struct rig_client *c;
	unsigned long n;
	int got = 0, good = 0;

	(void)state;
	assert_int_equal(
	    rig_post(r, rig_connect(r, RIG_OP), "/v1/reports", KEY, SMALL, NULL), 201);
	for (n = 1; n < 2000 && good < 20; n++) {
		c = rig_connect(r, RIG_OP);
		assert_int_equal(rig_get(r, c, "/v1/me", NULL), 200);
		rig_say(r, c,
		    "POST /v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
		    "application/json\r\n" KEY "Content-Length: 52\r\n\r\n" SMALL);
		(void)mem_fail_at(n);
		rig_settle(r);
		(void)mem_fail_at(0);
		got = rig_answer(r, c, NULL);
		if (got != 0 && got != 200 && got != 201 && got != 503 && got != 500 &&
		    got != 413)
			fail_msg("allocation %lu: %d", n, got);
		good = got == 200 ? good + 1 : 0; /* in a row */
		rig_drop(r, c);
		r->clients--;
		rig_until(r, r->f->vault_ready && r->f->keeper_ready);
	}
	assert_int_equal(good, 20); /* those behind the last allocation of a request */
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_scrubbed_and_canonical),
		T(test_topics),
		T(test_full_disk),
		T(test_same_bytes_whoever_sends),
		T(test_duties),
		T(test_whose_ceptoar),
		T(test_refused_before_anything_is_sealed),
		T(test_preview_and_approval),
		T(test_settled),
		T(test_settled_though_nobody_waits),
		T(test_idempotency_key),
		T(test_follow_up),
		T(test_rate_is_per_member),
		T(test_what_wants_automatic_release),
		T(test_levels_of_automatic_release),
		T(test_seal_refused),
		T(test_outcome_unknown),
		T(test_right_ends_on_the_way),
		T(test_acks),
		T(test_memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
