/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg_person.h"

/* Decoders read what encoders wrote; every other length, and every form beside the one
 * that encoders write, is refused. */
static struct vault_contact
contact(void)
{
	struct vault_contact m = { .id = "a",
		.person = "p",
		.kind = CONTACT_WEBHOOK,
		.lang = "ja",
		.has_secret = 1,
		.value = "https://h.example",
		.pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" };

	memset(m.secret, 7, sizeof m.secret);
	return m;
}

static void
test_contact(void **state)
{
	static const struct {
		size_t at;
		unsigned char byte;
		const char *what;
	} broken[] = {
		{ 63, 'x', "an id without an end" },
		{ 2, 'x', "bytes behind an id" },
		{ 128, 0, "no kind" },
		{ 128, CONTACT_LAST + 1, "an unknown kind" },
		{ 128, CONTACT_MAIL, "a secret for a mail address" },
		{ 129, 'f', "an unknown language" },
		{ 131, 2, "a flag of 2" },
		{ 131, 0, "a secret that is said to be none" },
		{ 164, 0, "no value" },
		{ 164, 3, "a value shorter than its bytes" },
		{ 166 + 400, 'x', "bytes behind the value" },
		{ 166 + 4, 'x', "a webhook in the clear" },
		{ 678 + 7, 'x', "a pin of another kind" },
		{ 678 + 8 + 42, 'R', "a pin with stray bits" },
		{ 678 + 8 + 43, 'A', "a pin of 33 bytes" },
		{ 678 + 52, ';', "a pin with nothing behind it" },
	};
	struct vault_contact m = contact(), got;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, VAULT_CONTACT_LEN);
	vault_contact_put(&b, &m);
	assert_int_equal(b.n, VAULT_CONTACT_LEN);
	assert_int_equal(vault_contact_get(b.p, b.n, &got), 0);
	assert_memory_equal(&got, &m, sizeof m);
	assert_int_equal(vault_contact_get(b.p, b.n - 1, &got), ERR_PROTO);
	for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		buf_reset(&b);
		vault_contact_put(&b, &m);
		b.p[broken[i].at] = (char)broken[i].byte;
		if (vault_contact_get(b.p, b.n, &got) != ERR_PROTO)
			fail_msg("%s", broken[i].what);
	}
	/* The longest value fills its room. */
	memset(m.value + 8, 'a', CONTACT_VALUE_MAX - 8);
	m.pin[CONTACT_PIN_ONE] = ';';
	memcpy(m.pin + CONTACT_PIN_ONE + 1, m.pin, CONTACT_PIN_ONE);
	buf_reset(&b);
	vault_contact_put(&b, &m);
	assert_int_equal(vault_contact_get(b.p, b.n, &got), 0);
	assert_int_equal(strlen(got.value), CONTACT_VALUE_MAX);
	assert_int_equal(strlen(got.pin), CONTACT_PIN_MAX);
	buf_done(&b);
}

static void
test_rotate(void **state)
{
	struct vault_rotate m = { .id = "a", .n = 3, .overlap = 60 }, got;
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	vault_rotate_put(&b, &m);
	assert_int_equal(b.n, VAULT_ROTATE_LEN);
	assert_int_equal(vault_rotate_get(b.p, b.n, &got), 0);
	assert_memory_equal(&got, &m, sizeof m);
	b.p[128] = 0;
	assert_int_equal(vault_rotate_get(b.p, b.n, &got), ERR_PROTO);
	b.p[128] = CONTACTS_MAX + 1;
	assert_int_equal(vault_rotate_get(b.p, b.n, &got), ERR_PROTO);
	b.p[128] = 1;
	b.p[132] = 0x7f; /* an overlap of years */
	assert_int_equal(vault_rotate_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);
}

static void
test_routes(void **state)
{
	struct vault_route all[CONTACTS_MAX];
	struct vault_routes m, got;
	unsigned i, page, seen = 0;
	struct buf b;

	(void)state;
	memset(all, 0, sizeof all);
	for (i = 0; i < CONTACTS_MAX; i++) {
		all[i].n = (uint8_t)(i + 1);
		all[i].kind = CONTACT_WEBHOOK;
		memcpy(all[i].lang, "en", 3);
		memset(all[i].value, 'v', 30 * (i + 1));
		memset(all[i].secret, (int)i + 1, CONTACT_SECRET);
		all[i].old_until = i;
		if (i % 2 == 0)
			memcpy(all[i].pin, contact().pin, CONTACT_PIN_ONE);
	}
	assert_int_equal(vault_routes_page(all, 0, 0, &m), VS_OK);
	assert_int_equal(m.pages, 1);
	assert_int_equal(vault_routes_page(all, 0, 1, &m), VS_INVALID);
	buf_init(&b, VAULT_PAGE);
	for (page = 0; vault_routes_page(all, CONTACTS_MAX, page, &m) == VS_OK; page++) {
		buf_reset(&b);
		vault_routes_put(&b, &m);
		assert_int_equal(buf_err(&b), 0);
		assert_int_equal(b.n, VAULT_PAGE);
		assert_int_equal(vault_routes_get(b.p, b.n, &got), 0);
		assert_int_equal(got.pages, m.pages);
		for (i = 0; i < got.count; i++, seen++)
			assert_memory_equal(&got.v[i], &all[seen], sizeof all[seen]);
	}
	assert_int_equal(page, 2);
	assert_int_equal(seen, CONTACTS_MAX);
	assert_int_equal(vault_routes_get(b.p, b.n - 1, &got), ERR_PROTO);
	b.p[1] = 0; /* not even one page */
	assert_int_equal(vault_routes_get(b.p, b.n, &got), ERR_PROTO);
	b.p[1] = 1;
	b.p[2] = CONTACTS_MAX + 1;
	assert_int_equal(vault_routes_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);
}

static void
test_people(void **state)
{
	struct vault_person p = { .id = "a",
		.person = "p",
		.duties = DUTY_DESK,
		.langs = LANG_EN },
			    got_p;
	struct vault_names n = { .id = "a", .person = "p", .ja = "佐藤", .en = "Sato" },
			   got_n;
	struct vault_called c = { .status = VS_OK,
		.id = "p",
		.ja = "佐藤",
		.receiver = { 7, 1 } },
			    got_c;
	struct vault_persons v = { .count = 1 }, got_v;
	struct buf b;

	(void)state;
	buf_init(&b, VAULT_PAGE);
	vault_person_put(&b, &p);
	assert_int_equal(b.n, VAULT_PERSON_LEN);
	assert_int_equal(vault_person_get(b.p, b.n, &got_p), 0);
	assert_memory_equal(&got_p, &p, sizeof p);
	b.p[128] = 16; /* an unknown duty */
	assert_int_equal(vault_person_get(b.p, b.n, &got_p), ERR_PROTO);
	b.p[128] = 1;
	b.p[129] = 0; /* no language */
	assert_int_equal(vault_person_get(b.p, b.n, &got_p), ERR_PROTO);
	buf_reset(&b);
	memset(n.ja, 'x', NAME_MAX_BYTES);
	vault_names_put(&b, &n);
	assert_int_equal(b.n, VAULT_NAMES_LEN);
	assert_int_equal(vault_names_get(b.p, b.n, &got_n), 0);
	assert_memory_equal(&got_n, &n, sizeof n);
	b.p[b.n - 1] = 'x'; /* behind the end of a name */
	assert_int_equal(vault_names_get(b.p, b.n, &got_n), ERR_PROTO);
	buf_reset(&b);
	vault_called_put(&b, &c);
	assert_int_equal(b.n, VAULT_PAGE);
	assert_int_equal(vault_called_get(b.p, b.n, &got_c), 0);
	assert_memory_equal(&got_c, &c, sizeof c);
	b.p[0] = VS_LAST + 1;
	assert_int_equal(vault_called_get(b.p, b.n, &got_c), ERR_PROTO);
	buf_reset(&b);
	memcpy(v.v[0].person, "p", 2);
	v.v[0].duties = v.v[0].langs = 1;
	memcpy(v.v[0].en, "Sato", 5);
	vault_persons_put(&b, &v);
	assert_int_equal(vault_persons_get(b.p, b.n, &got_v), 0);
	assert_memory_equal(&got_v, &v, sizeof v);
	assert_int_equal(vault_persons_get(b.p, b.n - 1, &got_v), ERR_PROTO);
	b.p[0] = SOMEONE_PAGE + 1;
	assert_int_equal(vault_persons_get(b.p, b.n, &got_v), ERR_PROTO);
	buf_done(&b);
}

/* Of whom a list is: one size, and neither nobody nor more than there is room for. */
static void
test_readers(void **state)
{
	struct vault_readers q = { .spki = { 9 }, .count = NAMES_LIST_MOST }, got;
	struct buf b;

	(void)state;
	memset(q.ids[NAMES_LIST_MOST - 1], 5, RECEIVER_LEN);
	buf_init(&b, VAULT_PAGE);
	vault_readers_put(&b, &q);
	assert_int_equal(b.n, VAULT_READERS_LEN);
	assert_int_equal(vault_readers_get(b.p, b.n, &got), 0);
	assert_memory_equal(&got, &q, sizeof q);
	assert_int_equal(vault_readers_get(b.p, b.n - 1, &got), ERR_PROTO);
	b.p[32] = 0;
	assert_int_equal(vault_readers_get(b.p, b.n, &got), ERR_PROTO);
	b.p[32] = NAMES_LIST_MOST + 1;
	assert_int_equal(vault_readers_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);
}

/* Lines of names: as many as a page has room for, and no half one. */
static void
test_lines(void **state)
{
	struct vault_called none = { .status = VS_UNKNOWN },
			    one = { .status = VS_OK, .id = "hospital" }, got;
	unsigned i, n, added = 0;
	struct wire w;
	struct buf b;

	(void)state;
	memset(one.ja, 'j', NAME_MAX_BYTES);
	memset(one.en, 'e', NAME_MAX_BYTES);
	buf_init(&b, VAULT_PAGE * 2);
	vault_lines_begin(&b);
	assert_int_equal(vault_lines_add(&b, &none), 0);
	while (vault_lines_add(&b, &one) == 0)
		added++;
	assert_int_equal(added, (VAULT_PAGE - 2 - 13) / (13 + 8 + 2 * NAME_MAX_BYTES));
	assert_int_equal(buf_err(&b), 0);
	vault_page_pad(&b);
	assert_int_equal(b.n, VAULT_PAGE);
	assert_int_equal(vault_lines_open(&w, b.p, b.n, &n), 0);
	assert_int_equal(n, added + 1);
	assert_int_equal(vault_lines_next(&w, &got), 0);
	assert_memory_equal(&got, &none, sizeof got);
	for (i = 0; i < added; i++) {
		assert_int_equal(vault_lines_next(&w, &got), 0);
		assert_memory_equal(&got, &one, sizeof got);
	}
	assert_int_equal(vault_lines_open(&w, b.p, b.n - 1, &n), ERR_PROTO);
	b.p[2] = VS_DISABLED; /* of a line: it is told or not, without a reason */
	assert_int_equal(vault_lines_open(&w, b.p, b.n, &n), 0);
	assert_int_equal(vault_lines_next(&w, &got), ERR_PROTO);
	b.p[1] = 0; /* no line: the next question would be the same again */
	assert_int_equal(vault_lines_open(&w, b.p, b.n, &n), ERR_PROTO);
	b.p[1] = NAMES_LIST_MOST + 1;
	assert_int_equal(vault_lines_open(&w, b.p, b.n, &n), ERR_PROTO);
	b.p[1] = 1;
	b.p[0] = VS_UNKNOWN;
	assert_int_equal(vault_lines_open(&w, b.p, b.n, &n), ERR_PROTO);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contact),
		cmocka_unit_test(test_rotate),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
