/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "lib/mem.h"
#include "proto/jws.h"

static EVP_PKEY *key;
static char kid[JWK_KID + 1];
static struct jwks *trust;

static int
setup(void **state)
{
	unsigned char point[JWK_POINT];
	struct fault why;
	struct buf b;

	(void)state;
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	assert_non_null(key);
	assert_int_equal(jwk_point(key, point), 0);
	assert_int_equal(jwk_kid(point, kid), 0);
	buf_init(&b, JWKS_MAX);
	buf_adds(&b, "{\"keys\":[");
	assert_int_equal(jwk_write(point, &b), 0);
	buf_adds(&b, "]}");
	assert_int_equal(jwks_read(buf_slice(&b), &trust, &why), 0);
	buf_done(&b);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	jwks_free(trust);
	return 0;
}

static struct bundle_head
head_over(struct slice rows, uint32_t n)
{
	struct bundle_head h = { .kind = BUNDLE_BULLETINS, .rows = n };
	unsigned len = 0;

	memcpy(h.hub, "ABCDEFGHabcdefgh", BUNDLE_HUB);
	(void)snprintf(h.ceptoar, sizeof h.ceptoar, "medical-ceptoar");
	assert_int_equal(EVP_Digest(rows.p, rows.n, h.sum, &len, EVP_sha256(), NULL), 1);
	return h;
}

/* A whole file: these rows under this header's text. */
static void
make(struct buf *out, struct slice head, const char *typ, struct slice rows)
{
	buf_init(out, BUNDLE_MAX);
	assert_int_equal(jws_sign_kid(key, typ, kid, head, JWS_COMPACT, out), 0);
	buf_addc(out, '\n');
	buf_add(out, rows.p, rows.n);
	assert_int_equal(buf_err(out), 0);
}

static void
make_of(struct buf *out, const char *rows, uint32_t n)
{
	struct bundle_head h = head_over(slice_of(rows), n);
	struct buf head;

	buf_init(&head, BUNDLE_HEAD_MAX);
	assert_int_equal(bundle_head_write(&h, &head), 0);
	make(out, buf_slice(&head), BUNDLE_TYP, slice_of(rows));
	buf_done(&head);
}

static void
test_round_trip(void **state)
{
	struct fault why;
	struct slice row;
	struct bundle b;
	struct buf file;

	(void)state;
	make_of(&file, "{\"a\":1}\n{\"b\":2}\n", 2);
	assert_int_equal(bundle_open(buf_slice(&file), trust, &b, &why), 0);
	assert_string_equal(b.head.ceptoar, "medical-ceptoar");
	assert_string_equal(b.head.hub, "ABCDEFGHabcdefgh");
	assert_int_equal(bundle_next(&b, &row), 1);
	assert_true(slice_eq(row, "{\"a\":1}"));
	assert_int_equal(bundle_next(&b, &row), 1);
	assert_true(slice_eq(row, "{\"b\":2}"));
	assert_int_equal(b.row, 2);
	assert_int_equal(bundle_next(&b, &row), 0);
	buf_done(&file);
	make_of(&file, "", 0);
	assert_int_equal(bundle_open(buf_slice(&file), trust, &b, &why), 0);
	assert_int_equal(bundle_next(&b, &row), 0);
	buf_done(&file);
}

/* One byte changed at any place of the file, and none of it is used. */
static void
test_every_byte(void **state)
{
	struct fault why;
	struct bundle b;
	struct buf file;
	size_t i;

	(void)state;
	make_of(&file, "{\"a\":1}\n{\"b\":2}\n", 2);
	for (i = 0; i < file.n; i++) {
		file.p[i] = (char)(file.p[i] ^ 1);
		if (bundle_open(buf_slice(&file), trust, &b, &why) != ERR_INVALID)
			fail_msg("byte %zu", i);
		assert_non_null(why.detail);
		file.p[i] = (char)(file.p[i] ^ 1);
		if (bundle_open((struct slice){ file.p, i }, trust, &b, &why) == 0)
			fail_msg("cut at %zu", i);
	}
	buf_done(&file);
}

/* Headers that a trusted key has signed all the same: the place is named. */
static void
test_headers(void **state)
{
	static const struct {
		const char *from, *to, *pointer;
	} table[] = {
		{ "\"bundle\":1", "\"bundle\":2", "/bundle" },
		{ "\"rows\":2", "\"rows\":3", "/rows" },
		{ "\"rows\":2", "\"rows\":-1", "/rows" },
		{ "\"rows\":2", "\"rows\":100001", "/rows" },
		{ "medical-ceptoar", "Medical", "/ceptoar" },
		{ "medical-ceptoar", "", "/ceptoar" },
		{ "ABCDEFGHabcdefgh", "ABC", "/hub" },
		{ "\"bulletins\"", "\"reports\"", "/kind" },
		{ "\"sha256\":\"", "\"sha256\":\"00", "/sha256" },
		{ "\"bundle\":1,", "", "" },
		{ "\"bundle\":1", "\"bundle\":1,\"x\":1", "" },
	};
	static const char rows[] = "{\"a\":1}\n{\"b\":2}\n";
	struct bundle_head h = head_over(slice_of(rows), 2);
	struct buf head, bad, file;
	struct fault why;
	struct bundle b;
	const char *at;
	size_t i;

	(void)state;
	buf_init(&head, BUNDLE_HEAD_MAX);
	assert_int_equal(bundle_head_write(&h, &head), 0);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		buf_init(&bad, BUNDLE_HEAD_MAX);
		at = strstr(buf_cstr(&head), table[i].from);
		assert_non_null(at);
		buf_add(&bad, head.p, (size_t)(at - head.p));
		buf_adds(&bad, table[i].to);
		buf_adds(&bad, at + strlen(table[i].from));
		make(&file, buf_slice(&bad), BUNDLE_TYP, slice_of(rows));
		memset(&why, 0, sizeof why);
		if (bundle_open(buf_slice(&file), trust, &b, &why) != ERR_INVALID ||
		    strcmp(why.pointer, table[i].pointer) != 0)
			fail_msg("%s: %s", table[i].to, why.pointer);
		buf_done(&file);
		buf_done(&bad);
	}
	/* A statement of another kind by the same key. */
	make(&file, buf_slice(&head), "ceptoar-bulletin", slice_of(rows));
	assert_int_equal(bundle_open(buf_slice(&file), trust, &b, &why), ERR_INVALID);
	buf_done(&file);
	buf_done(&head);
}

#define BODY \
	"{\"id\":\"00112233445566778899aabbccddeeff\",\"kind\":\"attack_method\"," \
	"\"msg_type\":\"update\",\"number\":\"2026-7KQ2M\",\"revision\":2,\"severity\":" \
	"3," \
	"\"status\":\"exercise\",\"tlp\":\"TLP:GREEN\"}"
#define FACTS \
	"{\"severity\":3,\"stub\":false,\"systems\":[\"it\",\"ot\"],\"tlp\":\"TLP:" \
	"GREEN\"}"

static void
test_bulletin(void **state)
{
	struct bundle_bulletin b;
	struct frame_head h;
	struct fault why;
	struct buf out;

	(void)state;
	memset(&h, 0, sizeof h);
	h.severity = 3;
	h.tlp = TLP_GREEN;
	h.flags = FRAME_IT | FRAME_OT | FRAME_CROSS;
	buf_init(&out, BUNDLE_ROW_MAX);
	assert_int_equal(bundle_bulletin_write(&h, slice_of(BODY), 0, &out), 0);
	assert_string_equal(buf_cstr(&out), "{\"body\":" BODY ",\"facts\":" FACTS "}\n");
	out.n--;
	assert_int_equal(bundle_bulletin_read(buf_slice(&out), &b, &why), 0);
	assert_int_equal(b.kind, FRAME_UPDATE);
	assert_int_equal(b.revision, 2);
	assert_int_equal(b.id[1], 0x11);
	assert_int_equal(b.flags,
	    FRAME_IT | FRAME_OT | FRAME_EXERCISE | KIND_ATTACK_METHOD << FRAME_KIND_AT);
	assert_true(slice_eq(buf_slice(&b.text), BODY));
	bundle_bulletin_done(&b);
	h.tlp = TLP_AMBER_STRICT; /* goes nowhere */
	assert_int_equal(bundle_bulletin_write(&h, slice_of(BODY), 0, &out), ERR_INVALID);
	buf_done(&out);
}

static void
test_bad_rows(void **state)
{
	static const struct {
		const char *from, *to, *pointer;
	} table[] = {
		{ "\"severity\":3,\"stub\"", "\"severity\":5,\"stub\"",
		    "/facts/severity" },
		{ "\"severity\":3,\"stub\"", "\"severity\":2,\"stub\"",
		    "/body/severity" },
		{ "\"TLP:GREEN\"}}", "\"TLP:AMBER+STRICT\"}}", "/facts/tlp" },
		{ "\"TLP:GREEN\"}}", "\"TLP:AMBER\"}}", "/body/tlp" },
		{ "[\"it\"", "[\"tv\"", "/facts/systems" },
		{ "\"stub\":false", "\"stub\":0", "/facts/stub" },
		{ "00112233", "0011223", "/body/id" },
		{ "2026-7KQ2M", "2026/7KQ2M", "/body/number" },
		{ "\"revision\":2", "\"revision\":0", "/body/revision" },
		{ "\"update\"", "\"error\"", "/body/msg_type" },
		{ "\"attack_method\"", "\"x\"", "/body/kind" },
		{ "\"revision\":2", "\"relay\":{},\"revision\":2", "/body/relay" },
		{ "{\"body\"", "{\"x\":1,\"body\"", "" },
	};
	static const char good[] = "{\"body\":" BODY ",\"facts\":" FACTS "}";
	struct bundle_bulletin b;
	struct fault why;
	struct buf bad;
	const char *at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		buf_init(&bad, 4096);
		at = strstr(good, table[i].from);
		assert_non_null(at);
		buf_add(&bad, good, (size_t)(at - good));
		buf_adds(&bad, table[i].to);
		buf_adds(&bad, at + strlen(table[i].from));
		memset(&why, 0, sizeof why);
		if (bundle_bulletin_read(buf_slice(&bad), &b, &why) != ERR_INVALID ||
		    strcmp(why.pointer, table[i].pointer) != 0)
			fail_msg("%s: %s", table[i].to, why.pointer);
		buf_done(&bad);
	}
}

static void
test_acks(void **state)
{
	static const char *const bad[] = { "{}", "[]",
		"{\"acted\":0,\"forwarded\":0,\"id\":\"00\",\"read\":0,\"received\":1,"
		"\"revision\":1}",
		"{\"acted\":-1,\"forwarded\":0,\"id\":"
		"\"00112233445566778899aabbccddeeff\","
		"\"read\":0,\"received\":1,\"revision\":1}",
		"{\"acted\":0,\"forwarded\":0,\"id\":"
		"\"00112233445566778899aabbccddeeff\","
		"\"read\":0,\"received\":1000001,\"revision\":1}",
		"{\"acted\":0,\"forwarded\":0,\"id\":"
		"\"00112233445566778899aabbccddeeff\","
		"\"read\":0,\"received\":1,\"revision\":0}" };
	struct bundle_ack a = { { 1 }, 2, 3, 4, 5, 6 }, again;
	struct fault why;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(bundle_ack_write(&a, &b), 0);
	b.n--;
	assert_int_equal(bundle_ack_read(buf_slice(&b), &again, &why), 0);
	assert_memory_equal(again.id, a.id, ID_LEN);
	assert_int_equal(again.revision, 2);
	assert_int_equal(again.received, 3);
	assert_int_equal(again.read, 4);
	assert_int_equal(again.acted, 5);
	assert_int_equal(again.forwarded, 6);
	buf_done(&b);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (bundle_ack_read(slice_of(bad[i]), &again, &why) != ERR_INVALID)
			fail_msg("%s", bad[i]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_bulletin),
		cmocka_unit_test(test_bad_rows),
		cmocka_unit_test(test_acks),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
