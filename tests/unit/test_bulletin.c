/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bulletin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "proto/bulletin_sign.h"
#include "tests/unit/tree.h"

static struct taxonomy *taxonomy;

static int
setup(void **state)
{
	(void)state;
	taxonomy = load_taxonomy();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	return 0;
}

/* A list of indicators from "type value" pairs separated by blanks; "" is none. */
static json_t *
indicators_of(const char *values)
{
	json_t *list = json_array();
	const char *end;

	while (*values != '\0') {
		end = strchrnul(values, ' ');
		json_array_append_new(list, json_pack("{s:s,s:s%}", "type", "other",
						"value", values, (size_t)(end - values)));
		values = *end == ' ' ? end + 1 : end;
	}
	return list;
}

static const struct {
	const char *indicators, *in, *out;
} defangs[] = {
	{ "", "", "" },
	{ "", "no link here", "no link here" },
	{ "", "see http://evil.example/a.b?c=d.e",
	    "see hxxp://evil[.]example/a.b?c=d.e" },
	{ "", "HTTPS://Evil.Example", "hxxpS://Evil[.]Example" },
	{ "", "ftp://files.example/x", "ftp[:]//files[.]example/x" },
	{ "", "https://203.0.113.9:8443/x", "hxxps://203[.]0[.]113[.]9:8443/x" },
	{ "", "https://user:pw@evil.example/", "hxxps://user:pw@evil[.]example/" },
	{ "", "hxxp://tor-gate[.]example/", "hxxp://tor-gate[.]example/" },
	{ "", "hxxp://tor.example/", "hxxp://tor[.]example/" },
	{ "", "http://a.example/?u=http://b.example/",
	    "hxxp://a[.]example/?u=hxxp://b[.]example/" },
	{ "", "本文のURLはhttps://evil.example/。以上",
	    "本文のURLはhxxps://evil[.]example/。以上" },
	{ "", "通信先はevil.exampleです", "通信先はevil[.]exampleです" },
	{ "", "www.evil.example.", "www[.]evil[.]example." },
	{ "", "(evil.example, x)", "(evil[.]example, x)" },
	{ "", "xn--eckwd4c7c.xn--zckzah", "xn--eckwd4c7c[.]xn--zckzah" },
	{ "", "a@evil.example", "a@evil[.]example" },
	{ "", "RECOVER-FILES.txt と rmupd.dll", "RECOVER-FILES.txt と rmupd.dll" },
	{ "", "KakuuRoute 8.4.1, v2.10, 68.5Gbps", "KakuuRoute 8.4.1, v2.10, 68.5Gbps" },
	{ "", "C:\\Users\\x\\a.com", "C:\\Users\\x\\a.com" },
	{ "", "10.20.4.15 and 203.0.113.9", "10.20.4.15 and 203.0.113.9" },
	{ "", "e.g. i.e. 第1.2版", "e.g. i.e. 第1.2版" },
	{ "", "..evil.. a..b :// http:// ://x", "..evil.. a..b [:]// hxxp:// [:]//x" },
	{ "", "x://a.exampleb://c.example", "x[:]//a[.]exampleb[:]//c[.]example" },
	/* Look-alikes show what they are. */
	{ "", "http://\xD0\xB0pple.example/x", "hxxp://xn--pple-43d[.]example/x" },
	{ "", "本件のm\xC3\xBCller.example", "本件のxn--mller-kva[.]example" },
	{ "", "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xBC\xD0\xB5\xD1\x80.\xD1\x80\xD1\x84",
	    "xn--e1afmkfd[.]xn--p1ai" },
	{ "\xD0\xB0pple.example", "\xD0\xB0pple.example", "\xD0\xB0pple.example" },
	{ "", "caf\xC3\xA9.txt caf\xC3\xA9. caf\xC3\xA9",
	    "caf\xC3\xA9.txt caf\xC3\xA9. caf\xC3\xA9" },
	{ "", "10 \xCE\xBCs.x \xC3\xA9..example", "10 \xCE\xBCs.x \xC3\xA9..example" },
	{ "", "例え.example", "例え[.]example" },
	/* Listed: left as they are, wherever they end. */
	{ "cdn-sync.example", "cdn-sync.example 及び x.example",
	    "cdn-sync.example 及び x[.]example" },
	{ "cdn-sync.example", "https://cdn-sync.example/a",
	    "hxxps://cdn-sync.example/a" },
	{ "cdn-sync.example", "a.cdn-sync.example", "a.cdn-sync.example" },
	{ "cdn-sync.example", "cdn-sync.example.com", "cdn-sync[.]example[.]com" },
	{ "cdn-sync.example", "my-cdn-sync.example", "my-cdn-sync[.]example" },
	{ "http://evil.example/a", "http://evil.example/a", "http://evil.example/a" },
	{ "http://evil.example/a", "http://evil.example/ab", "hxxp://evil[.]example/ab" },
	{ "recover-desk@mail.example", "連絡先は recover-desk@mail.example 、",
	    "連絡先は recover-desk@mail.example 、" },
	{ "a.example a.example.com", "a.example.com b", "a.example.com b" },
	{ "evil.com.example b.example", "b.example|evil.com.example",
	    "b.example|evil.com.example" },
};

static void
test_defang(void **state)
{
	struct buf b;
	json_t *list;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof defangs / sizeof defangs[0]; i++) {
		list = indicators_of(defangs[i].indicators);
		buf_init(&b, 4096);
		assert_int_equal(text_defang(slice_of(defangs[i].in), list, &b), 0);
		assert_string_equal(buf_cstr(&b), defangs[i].out);
		buf_done(&b);
		json_decref(list);
	}
	buf_init(&b, 4096);
	assert_int_equal(text_defang(slice_of("http://a.example"), NULL, &b), 0);
	assert_string_equal(buf_cstr(&b), "hxxp://a[.]example");
	buf_reset(&b);
	buf_done(&b);
	buf_init(&b, 4);
	assert_int_equal(text_defang(slice_of("http://a.example"), NULL, &b), ERR_LIMIT);
	buf_done(&b);
}

/* Texts made to be slow: long runs, each place of which begins something listed. */
static void
test_defang_is_linear(void **state)
{
	static const char *const runs[] = { "a.", "a-", "a ", "a://", "a@", "http://",
		"." };
	char *text = mem_alloc(32768), *value = mem_alloc(2048);
	json_t *list = json_array();
	struct timespec from, to;
	struct slice s = { text, 0 };
	struct buf b;
	size_t i, k;

	(void)state;
	assert_non_null(text);
	assert_non_null(value);
	for (i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		for (k = 0; k < 2048; k++)
			value[k] = runs[i][k % strlen(runs[i])];
		for (k = 0; k < 500; k++)
			json_array_append_new(
			    list, json_pack("{s:s,s:s%}", "type", "other", "value", value,
				      2048 - k));
		for (s.n = 0; s.n < 32768; s.n++)
			text[s.n] = runs[i][s.n % strlen(runs[i])];
		buf_init(&b, 1 << 20);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		assert_int_equal(text_defang(s, list, &b), 0);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		/* A quadratic pass would take minutes; sanitizers and valgrind take a
		 * while. */
		assert_true(to.tv_sec - from.tv_sec < 10);
		buf_done(&b);
		json_array_clear(list);
	}
	json_decref(list);
	mem_free(text);
	mem_free(value);
}

static const char report_text[] =
    "{\"kind\":\"incident\",\"title\":{\"ja\":\"電子カルテの暗号化\",\"en\":\"EHR "
    "encrypted\"},"
    "\"description\":{\"ja\":\"通信先は cdn-sync.example と http://x.example/ 。\"},"
    "\"actions\":\"遮断\",\"service_impact\":{\"status\":\"stopped\",\"text\":\"IMPACT\"}"
    ","
    "\"severity_claimed\":3,\"event_types\":[\"malware_infection\"],\"cause_types\":["
    "\"insider\"],\"occurred_at\":\"2026-11-08\",\"detected_at\":\"2026-11-09\","
    "\"statutory\":"
    "\"yes\",\"products\":[\"KakuuRoute\"],\"references\":[\"CVE-2026-12345\","
    "\"https://jvn.example/x\"],\"indicators\":[{\"type\":\"domain\",\"value\":"
    "\"cdn-sync.example\"}],\"ceptoar\":\"medical-ceptoar\",\"seen_bulletin\":\"2026-"
    "7KQ2M\","
    "\"systems\":[\"ot\"],\"consent\":{\"publish\":\"ceptoar\"},\"case_commitment\":"
    "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}";

static json_t *
report(void)
{
	struct fault why;
	json_t *in, *out;

	assert_int_equal(
	    json_read(slice_of(report_text), &json_caps_report, &in, &why), 0);
	assert_int_equal(report_check(in, taxonomy, INT64_MAX, &out, &why), 0);
	json_decref(in);
	return out;
}

static struct bulletin_make
make(enum frame_kind kind, uint16_t revision)
{
	struct bulletin_make m = { .number = "2026-7KQ2M",
		.revision = revision,
		.kind = kind,
		.issued_ms = 1795143600000,
		.valid_until_ms = 1795143600000 + 72 * 3600000LL,
		.sector = 7,
		.audience = "ceptoar",
		.tlp = TLP_AMBER,
		.severity = 3 };

	memset(m.id, 0xAB, sizeof m.id);
	return m;
}

static void
check_write(const struct bulletin_make *m, const char *want)
{
	json_t *r = report();
	struct buf b;

	buf_init(&b, 1 << 16);
	assert_int_equal(
	    bulletin_write(m, m->kind == FRAME_CANCEL ? NULL : r, taxonomy, &b), 0);
	assert_string_equal(buf_cstr(&b), want);
	buf_done(&b);
	json_decref(r);
}

static void
test_alert(void **state)
{
	struct bulletin_make m = make(FRAME_BULLETIN, 1);

	(void)state;
	check_write(&m,
	    "{\"ack\":{\"required\":false},\"actions\":{\"ja\":\"遮断\"},\"audience\":"
	    "\"ceptoar\","
	    "\"id\":\"abababababababababababababababab\",\"indicators\":[{\"type\":"
	    "\"domain\","
	    "\"value\":\"cdn-sync.example\"}],\"issued_at\":\"2026-11-20T12:00:00+09:"
	    "00\",\"kind\":"
	    "\"early_warning\",\"msg_type\":\"alert\",\"note\":{\"en\":\"unverified (one "
	    "report)\","
	    "\"ja\":\"未確認（1者からの報告）\"},\"number\":\"2026-7KQ2M\",\"origin\":"
	    "\"anonymous_report\",\"products\":[\"KakuuRoute\"],\"references\":[\"CVE-"
	    "2026-12345\","
	    "\"hxxps://jvn[.]example/"
	    "x\"],\"revision\":1,\"sector\":{\"en\":\"Medical\",\"ja\":"
	    "\"医療\",\"slug\":\"medical\"},\"severity\":3,\"status\":\"actual\","
	    "\"summary\":{\"ja\":"
	    "\"通信先は cdn-sync.example と hxxp://x[.]example/ "
	    "。\"},\"title\":{\"en\":\"EHR "
	    "encrypted\",\"ja\":\"電子カルテの暗号化\"},\"tlp\":\"TLP:AMBER\",\"valid_"
	    "until\":"
	    "\"2026-11-23T12:00:00+09:00\",\"verified\":false}");
}

/* What the gate lets be shown of the sender; nothing of it is there by itself. */
static void
test_what_is_shown_of_the_sender(void **state)
{
	struct bulletin_make m = make(FRAME_BULLETIN, 1);
	json_t *r = report();
	struct buf b;

	(void)state;
	m.sector = BULLETIN_GROUP + 4;
	m.region = "chubu";
	m.size = "large";
	m.hold_products = 1;
	buf_init(&b, 1 << 16);
	assert_int_equal(bulletin_write(&m, r, taxonomy, &b), 0);
	assert_non_null(strstr(
	    buf_cstr(&b), "\"facility\":{\"region\":\"chubu\",\"size\":\"large\"}"));
	assert_non_null(strstr(buf_cstr(&b),
	    "\"sector\":{\"en\":\"government, medical and water\",\"ja\":"
	    "\"行政・医療・水道\",\"slug\":\"public-services\"}"));
	assert_null(strstr(buf_cstr(&b), "KakuuRoute"));
	assert_non_null(strstr(buf_cstr(&b), "CVE-2026-12345"));
	buf_reset(&b);
	m.sector = BULLETIN_GROUP + 5;
	assert_int_equal(bulletin_write(&m, r, taxonomy, &b), 0);
	assert_null(strstr(buf_cstr(&b), "\"sector\""));
	buf_done(&b);
	json_decref(r);
}

static void
test_exercise_update(void **state)
{
	struct bulletin_make m = make(FRAME_UPDATE, 2);
	json_t *r = report(), *j;
	json_error_t e;
	struct buf b;

	(void)state;
	m.exercise = 1;
	m.verified = 1;
	m.sector = 255;
	m.valid_until_ms = 0;
	buf_init(&b, 1 << 16);
	assert_int_equal(bulletin_write(&m, r, taxonomy, &b), 0);
	j = json_loadb(b.p, b.n, 0, &e);
	assert_non_null(j);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(j, "title"), "ja")),
	    "【訓練】電子カルテの暗号化");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(j, "title"), "en")),
	    "[EXERCISE] EHR encrypted");
	assert_string_equal(json_string_value(json_object_get(j, "status")), "exercise");
	assert_string_equal(json_string_value(json_object_get(j, "msg_type")), "update");
	assert_int_equal(json_integer_value(json_object_get(j, "supersedes")), 1);
	assert_true(json_is_true(json_object_get(j, "verified")));
	assert_null(json_object_get(j, "note"));
	assert_null(json_object_get(j, "sector"));
	assert_null(json_object_get(j, "valid_until"));
	json_decref(j);
	json_decref(r);
	buf_done(&b);
}

static void
test_cancel(void **state)
{
	struct bulletin_make m = make(FRAME_CANCEL, 3);
	struct buf b;

	(void)state;
	m.reason = "expired";
	check_write(&m,
	    "{\"ack\":{\"required\":false},\"audience\":\"ceptoar\",\"id\":"
	    "\"abababababababababababababababab\",\"issued_at\":\"2026-11-20T12:00:00+09:"
	    "00\","
	    "\"kind\":\"early_warning\",\"msg_type\":\"cancel\",\"number\":\"2026-"
	    "7KQ2M\","
	    "\"origin\":\"anonymous_report\",\"reason\":{\"code\":\"expired\",\"en\":"
	    "\"It ended "
	    "without "
	    "confirmation.\",\"ja\":\"確認が取れないまま有効期間が終わりました。\"},"
	    "\"revision\":3,\"sector\":{\"en\":\"Medical\",\"ja\":\"医療\",\"slug\":"
	    "\"medical\"},"
	    "\"severity\":3,\"status\":\"actual\",\"supersedes\":2,\"title\":{\"en\":"
	    "\"Early "
	    "warning cancelled\",\"ja\":\"早期警戒情報の取消し\"},\"tlp\":\"TLP:AMBER\","
	    "\"valid_until\":\"2026-11-23T12:00:00+09:00\",\"verified\":false}");
	buf_init(&b, 4096);
	m.reason = "whim";
	assert_int_equal(bulletin_write(&m, NULL, taxonomy, &b), ERR_INVALID);
	m = make(FRAME_BULLETIN, 0);
	assert_int_equal(bulletin_write(&m, NULL, taxonomy, &b), ERR_INVALID);
	m = make(FRAME_BULLETIN, 1);
	m.tlp = 5;
	assert_int_equal(bulletin_write(&m, NULL, taxonomy, &b), ERR_INVALID);
	m.tlp = 0;
	m.severity = 5;
	assert_int_equal(bulletin_write(&m, NULL, taxonomy, &b), ERR_INVALID);
	buf_done(&b);
}

static void
test_stub(void **state)
{
	struct bulletin_make m = make(FRAME_UPDATE, 2);
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(bulletin_stub(&m, &b), 0);
	assert_string_equal(buf_cstr(&b),
	    "{\"id\":\"abababababababababababababababab\",\"msg_type\":\"update\","
	    "\"number\":"
	    "\"2026-7KQ2M\",\"revision\":2,\"status\":\"actual\",\"text\":{\"en\":\"This "
	    "information has been updated; see your CEPTOAR.\",\"ja\":"
	    "\"この情報は更新されました。所属するセプターにお尋ねください。\"}}");
	buf_reset(&b);
	m = make(FRAME_CANCEL, 3);
	assert_int_equal(bulletin_stub(&m, &b), 0);
	assert_non_null(strstr(buf_cstr(&b), "has been withdrawn"));
	assert_null(strstr(buf_cstr(&b), "severity"));
	buf_done(&b);
}

/* What must never be in an automatic bulletin, whatever the report holds. */
static void
test_never_in_it(void **state)
{
	static const char *const never[] = { "IMPACT", "service_impact",
		"malware_infection", "event_types", "insider", "cause_types",
		"2026-11-08", "occurred_at", "2026-11-09", "statutory", "commitment",
		"AAECAwQF", "consent", "systems", "seen_bulletin", "certainty",
		"potential", "medical-ceptoar" };
	struct bulletin_make m = make(FRAME_BULLETIN, 1);
	json_t *r = report();
	struct buf b;
	size_t i;

	(void)state;
	m.sector = 255;
	buf_init(&b, 1 << 16);
	assert_int_equal(bulletin_write(&m, r, taxonomy, &b), 0);
	for (i = 0; i < sizeof never / sizeof never[0]; i++)
		assert_null(strstr(buf_cstr(&b), never[i]));
	buf_done(&b);
	json_decref(r);
}

/* Each member that can come out stands in the schema, and what it requires is there. */
static void
check_members(const struct bulletin_make *m, const json_t *schema)
{
	json_t *r = report(), *j, *v;
	const char *key;
	json_error_t e;
	struct buf b, whole;
	size_t i;

	buf_init(&b, 1 << 16);
	buf_init(&whole, 1 << 16);
	assert_int_equal(bulletin_write(m, r, taxonomy, &b), 0);
	/* The signature is put in when the row is written. */
	assert_int_equal(bulletin_sign_insert(buf_slice(&b), slice_of("x"), &whole), 0);
	j = json_loadb(whole.p, whole.n, 0, &e);
	buf_done(&whole);
	json_object_foreach(j, key, v)
	    assert_non_null(json_object_get(json_object_get(schema, "properties"), key));
	json_array_foreach(json_object_get(schema, "required"), i, v)
	    assert_non_null(json_object_get(j, json_string_value(v)));
	buf_done(&b);
	json_decref(j);
	json_decref(r);
}

static void
test_schema(void **state)
{
	struct bulletin_make m;
	json_error_t e;
	struct buf b;
	json_t *schema;

	(void)state;
	read_file("proto/bulletin.schema.json", &b);
	schema = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &e);
	buf_done(&b);
	assert_non_null(schema);
	m = make(FRAME_BULLETIN, 1);
	m.class_ = "hospital";
	check_members(&m, schema);
	m = make(FRAME_UPDATE, 9);
	check_members(&m, schema);
	m = make(FRAME_CANCEL, 2);
	check_members(&m, schema);
	json_decref(schema);
}

static void
test_out_of_memory(void **state)
{
	struct bulletin_make m = make(FRAME_BULLETIN, 1);
	json_t *r = report();
	struct buf b;
	unsigned long n;
	int e;

	(void)state;
	json_decref(r);
	r = report();
	for (n = 1;; n++) {
		buf_init(&b, 1 << 16);
		(void)mem_fail_at(n);
		e = bulletin_write(&m, r, taxonomy, &b);
		(void)mem_fail_at(0);
		buf_done(&b);
		if (e == 0)
			break;
		assert_int_equal(e, ERR_NOMEM);
	}
	assert_true(n > 100);
	json_decref(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defang),
		cmocka_unit_test(test_defang_is_linear),
		cmocka_unit_test(test_alert),
		cmocka_unit_test(test_what_is_shown_of_the_sender),
		cmocka_unit_test(test_exercise_update),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_stub),
		cmocka_unit_test(test_never_in_it),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
