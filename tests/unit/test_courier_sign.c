/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of Standard Webhooks, and ids that stay the same for every try. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/courier/sign.h"

static void
test_vectors(void **state)
{
	static const struct {
		const char *secret; /* hex */
		const char *id;
		int64_t at;
		const char *body, *want;
	} cases[] = {
		/* The example of the Standard Webhooks libraries. */
		{ "31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0",
		    "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}",
		    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
	};
	char hex[130];
	unsigned char secret[64];
	struct buf out;
	size_t i, k, n;
	long len;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (k = n = 0; cases[i].secret[k] != '\0'; k++)
			if (cases[i].secret[k] != ' ')
				hex[n++] = cases[i].secret[k];
		hex[n] = '\0';
		len = hex_decode(slice_of(hex), secret, sizeof secret);
		assert_true(len > 0);
		buf_init(&out, 256);
		assert_int_equal(sign_add(secret, (size_t)len, slice_of(cases[i].id),
				     cases[i].at, slice_of(cases[i].body), &out),
		    0);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_done(&out);
	}
}

static void
test_what_changes_it(void **state)
{
	unsigned char a[SIGN_SECRET] = { 1 }, b[SIGN_SECRET] = { 2 };
	struct buf out[5];
	int i, k;

	(void)state;
	for (i = 0; i < 5; i++) {
		buf_init(&out[i], 256);
		assert_int_equal(sign_add(i == 1 ? b : a, SIGN_SECRET,
				     slice_of(i == 2 ? "msg_2" : "msg_1"), i == 3 ? 2 : 1,
				     slice_of(i == 4 ? "y" : "x"), &out[i]),
		    0);
		for (k = 0; k < i; k++)
			assert_string_not_equal(buf_cstr(&out[i]), buf_cstr(&out[k]));
	}
	for (i = 0; i < 5; i++)
		buf_done(&out[i]);
}

static void
test_ids(void **state)
{
	struct courier_key key = { { 1 }, 1, { 2 }, BY_WEBHOOK, CONTACT_ALL }, other;
	struct buf a, b;
	int i;

	(void)state;
	buf_init(&a, 64);
	sign_id(&key, &a);
	assert_true(a.n == 28 && strncmp(buf_cstr(&a), "msg_", 4) == 0);
	for (i = 0; i < 6; i++) {
		other = key;
		other.bulletin[0] ^= i == 1;
		other.revision = (uint16_t)(other.revision + (i == 2));
		other.receiver[0] ^= i == 3;
		other.route = i == 4 ? BY_MAIL : other.route;
		other.contact = i == 5 ? 1 : other.contact;
		buf_init(&b, 64);
		sign_id(&other, &b);
		if (i == 0)
			assert_string_equal(buf_cstr(&a), buf_cstr(&b));
		else
			assert_string_not_equal(buf_cstr(&a), buf_cstr(&b));
		buf_done(&b);
	}
	buf_done(&a);
}

static void
test_marks(void **state)
{
	unsigned char secret[SIGN_SECRET] = { 9 };
	uint8_t a[COURIER_MARK_LEN], b[COURIER_MARK_LEN];

	(void)state;
	assert_int_equal(sign_mark(secret, "https://a.example.jp/", a), 0);
	assert_int_equal(sign_mark(secret, "https://a.example.jp/", b), 0);
	assert_memory_equal(a, b, sizeof a);
	assert_int_equal(sign_mark(secret, "https://b.example.jp/", b), 0);
	assert_memory_not_equal(a, b, sizeof a);
	secret[0] = 8;
	assert_int_equal(sign_mark(secret, "https://a.example.jp/", b), 0);
	assert_memory_not_equal(a, b, sizeof a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_what_changes_it),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
