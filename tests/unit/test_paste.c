/* SPDX-License-Identifier: Apache-2.0 */
/* What a pasted mail or text becomes: which words are indicators, and which are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lib/mem.h"
#include "proto/paste.h"

#define SHA "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define MD5 "0cc175b9c0f1b6a831c399e269772661"

static json_t *
pasted(const char *text, const char *lang)
{
	struct fault why = { 0 };
	json_t *j = NULL;
	int cut;

	if (paste_read(slice_of(text), lang, NULL, &j, &cut, &why) != 0)
		fail_msg("%s: %s", text, problem_code(why.problem));
	assert_false(cut);
	return j;
}

/* "type value" of each indicator and "ref value" of each reference, a blank between. */
static void
found_in(const char *text, struct buf *out)
{
	json_t *j = pasted(text, "ja");
	const json_t *v;
	size_t i;

	json_array_foreach(json_object_get(j, "indicators"), i, v)
	    buf_addf(out, "%s%s %s", out->n > 0 ? "; " : "",
		json_string_value(json_object_get(v, "type")),
		json_string_value(json_object_get(v, "value")));
	json_array_foreach(json_object_get(j, "references"), i, v)
	    buf_addf(out, "%sref %s", out->n > 0 ? "; " : "", json_string_value(v));
	json_decref(j);
}

static const struct {
	const char *text, *found;
} words[] = {
	/* Fangs. */
	{ "hxxp://evil[.]example/a", "url http://evil.example/a" },
	{ "hXXps[://]evil[.]example:8443/a?b=c&d",
	    "url https://evil.example:8443/a?b=c&d" },
	{ "evil[.]example", "domain evil.example" },
	{ "evil(.)example", "domain evil.example" },
	{ "evil[dot]example[dot]com", "domain evil.example.com" },
	{ "evil (dot) example", "domain evil.example" },
	{ "a.b(at)mail.example", "email a.b@mail.example" },
	{ "a.b [at] mail [dot] example", "email a.b@mail.example" },
	{ "198.51.100[.]77", "ipv4 198.51.100.77" },
	{ "2001[:]db8::7", "ipv6 2001:db8::7" },
	/* Plain, at the ends of words and between Japanese. */
	{ "通信先は198.51.100.77です。", "ipv4 198.51.100.77" },
	{ "攻撃元evil.exampleと、c2.evil.example。",
	    "domain evil.example; domain c2.evil.example" },
	{ "(198.51.100.77:8080), 198.51.100.78.",
	    "ipv4 198.51.100.77; ipv4 198.51.100.78" },
	{ "IP:198.51.100.77 C2:evil.example", "ipv4 198.51.100.77; domain evil.example" },
	{ "host=evil.example;port=1", "domain evil.example" },
	{ "198.51.100.0/24", "cidr 198.51.100.0/24" },
	{ "2001:db8:0:1::5", "ipv6 2001:db8:0:1::5" },
	{ "<https://evil.example/x>", "url https://evil.example/x" },
	{ "URL:http://evil.example/a(1)", "url http://evil.example/a(1)" },
	{ "(see http://evil.example/a).", "url http://evil.example/a" },
	{ "http://evil.example/を開く", "url http://evil.example/" },
	{ "SHA256: " SHA, "sha256 " SHA },
	{ "md5:" MD5, "md5 " MD5 },
	{ "C:\\Users\\sato\\evil.exe", "filename evil.exe" },
	{ "添付「請求書.zip」 invoice_2026.docm", "filename invoice_2026.docm" },
	{ "cve-2026-12345 と JVN#12345678、JVNVU#87654321 JVNDB-2026-000001",
	    "ref CVE-2026-12345; ref JVN#12345678; ref JVNVU#87654321; ref "
	    "JVNDB-2026-000001" },
	{ "pаypal.example", "domain pаypal.example" }, /* a Cyrillic letter */
	/* Once is enough. */
	{ "evil.example EVIL.example evil[.]example", "domain evil.example" },
	/* Versions, dates, times, figures. */
	{ "ExampleVPN 3.2.1.4", "" },
	{ "version 198.51.100.7", "" },
	{ "バージョン 9.1.0.2", "" },
	{ "ver. 10.0.19.1", "" },
	{ "v1.2.3.4", "" },
	{ "1.2.3 and 1.2.3.4.5 and 300.1.1.1", "" },
	{ "2026.11.26 2026/11/26 26.11.2026 10:30:15 12::30", "" },
	{ "from 8.8.4.4", "ipv4 8.8.4.4" },
	{ "ExampleVPN 3.2.1[.]4", "ipv4 3.2.1.4" }, /* made unclickable: an address */
	{ "03-1234-5678 ISO27001:2022", "" },
	{ "12345678901234567890123456789012", "" }, /* 32 figures, no hash */
	{ "d41d8cd98f00b204e9800998ecf8427e", "" }, /* of an empty file */
	/* Somebody's own, and nobody's. */
	{ "192.168.0.1 10.1.2.3 127.0.0.1 ::1 fe80::1234", "" },
	/* Words with a full stop. */
	{ "e.g. i.e. U.S. a.m. Node.js README.md the end.it was.The end.And etc.", "" },
	{ "日本.example", "" }, /* cut in two it would be another name */
	/* What to read is not what to block. */
	{ "https://www.jpcert.or.jp/at/2026/at260001.html",
	    "ref https://www.jpcert.or.jp/at/2026/at260001.html" },
	{ "www.ipa.go.jp info@jpcert.or.jp", "" },
	{ "hxxps://login.ipa.go.jp.evil.example/",
	    "url https://login.ipa.go.jp.evil.example/" },
	{ "https://notjpcert.or.jp/", "url https://notjpcert.or.jp/" },
	{ "ftp://evil.example/a javascript://x file:///etc", "url ftp://evil.example/a" },
	{ "何も無い", "" },
};

static void
test_words(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		buf_init(&b, 65536);
		found_in(words[i].text, &b);
		if (strcmp(buf_cstr(&b), words[i].found) != 0)
			fail_msg("%s\n  found:  %s\n  wanted: %s", words[i].text,
			    buf_cstr(&b), words[i].found);
		buf_done(&b);
	}
}

static const struct {
	const char *text, *title, *body, *tlp;
} mails[] = {
	{ "一行目\n二行目", "一行目", "一行目\n二行目", "TLP:AMBER" },
	{ "\n\n  件名です  \n本文", "件名です", "  件名です  \n本文", "TLP:AMBER" },
	{ "From: a@desk.example\r\nTo: b@desk.example\r\nSubject: Fwd: Re: 注意 "
	  "喚起\r\nDate: 2026\r\n\r\nTLP:GREEN\r\n本文 evil[.]example",
	    "注意 喚起", "TLP:GREEN\n本文 evil[.]example", "TLP:GREEN" },
	{ "差出人：甲\n件名：転送: 不審メール\n\n本文", "不審メール", "本文",
	    "TLP:AMBER" },
	{ "a\nTLP: amber+strict\nTLP:CLEAR", "a", NULL, "TLP:AMBER+STRICT" },
	{ "a\n[TLP:white]", "a", NULL, "TLP:CLEAR" },
	{ "TLP:RED a", "TLP:RED a", NULL, "TLP:RED" },
	{ "a\u200b b\x01", "a b", "a b", "TLP:AMBER" }, /* invisible ones are left out */
	{ "Subject: nothing but a head", "nothing but a head",
	    "Subject: nothing but a head", "TLP:AMBER" },
};

static void
test_mails(void **state)
{
	const char *got;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof mails / sizeof mails[0]; i++) {
		j = pasted(mails[i].text, "ja");
		got =
		    json_string_value(json_object_get(json_object_get(j, "title"), "ja"));
		assert_string_equal(got, mails[i].title);
		got =
		    json_string_value(json_object_get(json_object_get(j, "body"), "ja"));
		if (mails[i].body != NULL)
			assert_string_equal(got, mails[i].body);
		assert_string_equal(
		    json_string_value(json_object_get(j, "tlp")), mails[i].tlp);
		json_decref(j);
	}
}

/* The head's addresses are those of people, not of attackers. */
static void
test_head(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	found_in(
	    "From: sato@bank.example\nReceived: from mx.bank.example (198.51.100.9)\n"
	    " by 198.51.100.10\nSubject: x\n\nevil[.]example",
	    &b);
	assert_string_equal(buf_cstr(&b), "domain evil.example");
	buf_done(&b);
}

static void
test_limits(void **state)
{
	struct fault why = { 0 };
	struct buf b;
	json_t *j = NULL;
	int cut = 0, i;

	(void)state;
	buf_init(&b, PASTE_TEXT_MAX + 16);
	for (i = 0; i < 2000; i++)
		buf_addf(&b, "evil-%d.example 行\n", i);
	assert_int_equal(paste_read(buf_slice(&b), "ja", NULL, &j, &cut, &why), 0);
	assert_true(cut);
	assert_int_equal(json_array_size(json_object_get(j, "indicators")), 500);
	assert_true(json_string_length(json_object_get(
			json_object_get(j, "body"), "ja")) <= PASTE_BODY_MAX);
	json_decref(j);
	buf_reset(&b);
	for (i = 0; i < 300; i++)
		buf_adds(&b, "題");
	assert_int_equal(paste_read(buf_slice(&b), "ja", NULL, &j, &cut, &why), 0);
	assert_int_equal(
	    json_string_length(json_object_get(json_object_get(j, "title"), "ja")),
	    199 * 3 + 3);
	json_decref(j);
	while (b.n <= PASTE_TEXT_MAX)
		buf_addc(&b, 'x');
	assert_int_equal(
	    paste_read(buf_slice(&b), "ja", NULL, &j, &cut, &why), ERR_LIMIT);
	buf_done(&b);
	assert_int_equal(
	    paste_read(slice_of(" \n "), "ja", NULL, &j, &cut, &why), ERR_INVALID);
	assert_string_equal(why.pointer, "/text");
	assert_int_equal(
	    paste_read(slice_of("\xff"), "ja", NULL, &j, &cut, &why), ERR_INVALID);
}

static void
test_out_of_memory(void **state)
{
	struct fault why = { 0 };
	json_t *j = NULL;
	unsigned long n;
	int cut, rc = ERR_NOMEM;

	(void)state;
	for (n = 1; rc != 0 && n < 2000; n++) {
		(void)mem_fail_at(n);
		rc = paste_read(
		    slice_of("Subject: =?UTF-8?Q?x?=\n\nevil[.]example CVE-2026-1234"),
		    "en", NULL, &j, &cut, &why);
		(void)mem_fail_at(0);
		assert_true(rc == 0 || rc == ERR_NOMEM);
	}
	assert_int_equal(rc, 0);
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_mails),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
