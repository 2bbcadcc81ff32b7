/* SPDX-License-Identifier: Apache-2.0 */
/* Bulletins as mails: whole messages against tests/data/mail, and what no input may do to
 * one.  A golden file holds the message decoded, so that people can read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/file.h"
#include "lib/mem.h"
#include "proto/mail.h"
#include "proto/mail_mime.h"

#define HEAD \
	"\"id\":\"00112233445566778899aabbccddeeff\",\"number\":\"2026-7KQ2M\"," \
	"\"kind\":\"early_warning\",\"origin\":\"anonymous_report\",\"audience\":" \
	"\"ceptoar\",\"issued_at\":\"2026-11-26T18:00:00+09:00\"," \
	"\"valid_until\":\"2026-11-29T18:00:00+09:00\"," \
	"\"sector\":{\"slug\":\"medical\",\"ja\":\"医療\",\"en\":\"Medical\"}"
#define ALERT HEAD ",\"revision\":1,\"msg_type\":\"alert\",\"verified\":false"
#define TOKEN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"

static const char both[] =
    "{" ALERT ",\"status\":\"actual\",\"severity\":3,\"tlp\":\"TLP:AMBER\","
    "\"ack\":{\"required\":true,\"deadline\":\"2026-11-27T09:00:00+09:00\"},"
    "\"note\":{\"ja\":\"未確認（1者からの報告）\",\"en\":\"unverified (one report)\"},"
    "\"title\":{\"ja\":\"VPN装置への不正侵入\",\"en\":\"VPN appliance breached\"},"
    "\"summary\":{\"ja\":\"侵入後に http://evil.example/a から遠隔操作ツールを取得。\","
    "\"en\":\"The intruder fetched a tool from http://evil.example/a afterwards.\"},"
    "\"actions\":{\"ja\":\"機器を更新し、\\n記録を調べる。\",\"en\":\"Update it.\"},"
    "\"products\":[\"Example VPN 9\"],\"references\":[\"CVE-2026-1234\"],"
    "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"203.0.113.5\"},{\"type\":\"url\","
    "\"value\":\"https://evil.example/a?b=1\"},{\"type\":\"ipv6\",\"value\":"
    "\"2001:db8::1\"},{\"type\":\"email\",\"value\":\"a@evil.example\"},{\"type\":"
    "\"filename\",\"value\":\"invoice.exe\"},{\"type\":\"sha256\",\"value\":"
    "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}]}";
static const char exercise[] =
    "{" ALERT ",\"status\":\"exercise\",\"severity\":4,\"tlp\":\"TLP:GREEN\","
    "\"ack\":{\"required\":false},\"title\":{\"ja\":\"【訓練】停電の想定\"},"
    "\"summary\":{\"ja\":\"訓練の想定です。\"}}";
static const char cancel[] =
    "{" HEAD ",\"revision\":3,\"msg_type\":\"cancel\",\"verified\":false,\"status\":"
    "\"actual\",\"severity\":3,\"tlp\":\"TLP:AMBER+STRICT\",\"ack\":{\"required\":false},"
    "\"title\":{\"ja\":\"早期警戒情報の取消し\",\"en\":\"Early warning cancelled\"},"
    "\"reason\":{\"code\":\"false_alarm\",\"ja\":\"誤報と分かりました。\",\"en\":\"It "
    "turned out to be a false alarm.\"},\"supersedes\":2}";
static const char update_clear[] =
    "{" HEAD ",\"revision\":2,\"msg_type\":\"update\",\"verified\":true,\"status\":"
    "\"actual\",\"severity\":1,\"tlp\":\"TLP:CLEAR\",\"ack\":{\"required\":false},"
    "\"title\":{\"en\":\"Patch available\"},\"summary\":{\"en\":\"Install it.\"}}";
static const char red[] =
    "{" ALERT ",\"status\":\"actual\",\"severity\":4,\"tlp\":\"TLP:RED\",\"ack\":"
    "{\"required\":true},\"title\":{\"ja\":\"秘密の件名\"},\"summary\":{\"ja\":\"秘密\"}"
    "}";
static const char stub[] =
    "{\"id\":\"00112233445566778899aabbccddeeff\",\"number\":\"2026-7KQ2M\",\"revision\":"
    "2,\"msg_type\":\"update\",\"status\":\"actual\",\"text\":{\"ja\":"
    "\"この情報は更新され"
    "ました。\",\"en\":\"This information has been updated.\"}}";

static struct mail_make
maker(enum mail_lang first)
{
	struct mail_make m = { .first = first,
		.date_ms = 1795683843000, /* 2026-11-26 18:04:03 in Japan */
		.whole_up_to = TLP_AMBER_STRICT };

	m.from = slice_of("hub@hub.example");
	m.from_name = slice_of("セプターハブ");
	m.to = slice_of("ward@aozora.example");
	m.answers_url = slice_of("https://hub.example:8444/");
	memset(m.thread, 0xab, sizeof m.thread);
	return m;
}

/* ---- decoding, as a mail reader does it */

static int
value_of(char c)
{
	static const char a[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(a, c) : NULL;

	return at != NULL ? (int)(at - a) : -1;
}

static void
un_base64(struct buf *out, const char *p, size_t n)
{
	unsigned v = 0, bits = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (value_of(p[i]) < 0)
			continue;
		v = v << 6 | (unsigned)value_of(p[i]);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_addc(out, (char)(v >> bits & 255));
		}
	}
}

static void
un_quoted(struct buf *out, const char *p, size_t n)
{
	char hex[3] = "";
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != '=') {
			buf_addc(out, p[i]);
		} else if (p[i + 1] == '\r') {
			i += 2;
		} else {
			memcpy(hex, p + i + 1, 2);
			buf_addc(out, (char)strtol(hex, NULL, 16));
			i += 2;
		}
	}
}

/* The fields with their encoded words read and their folds taken out. */
static void
un_head(struct buf *out, const char *p, const char *end)
{
	const char *word, *close;

	while (p < end) {
		if (memcmp(p, "\r\n ", 3) == 0 && memcmp(p + 3, "=?", 2) == 0) {
			p += 3;
		} else if (memcmp(p, "=?UTF-8?B?", 10) == 0) {
			word = p + 10;
			close = strstr(word, "?=");
			un_base64(out, word, (size_t)(close - word));
			p = close + 2;
		} else {
			if (*p != '\r')
				buf_addc(out, *p);
			p++;
		}
	}
}

static void
un_mail(struct buf *out, const char *p)
{
	const char *end = strstr(p, "\r\n\r\n"), *next;
	struct buf body;
	size_t i;

	un_head(out, p, end);
	buf_adds(out, "\n\n");
	for (p = strstr(end, "--=_"); p != NULL && memcmp(p + 20, "--", 2) != 0;
	     p = next) {
		next = strstr(p + 4, "--=_");
		end = strstr(p, "\r\n\r\n");
		assert_true(next != NULL && end != NULL && end < next);
		buf_init(&body, MAIL_MAX);
		un_head(out, p, end);
		buf_adds(out, "\n\n");
		if (strstr(p, "base64") != NULL && strstr(p, "base64") < end)
			un_base64(&body, end + 4, (size_t)(next - end - 4));
		else
			un_quoted(&body, end + 4, (size_t)(next - end - 6));
		for (i = 0; i < body.n; i++)
			if (body.p[i] != '\r')
				buf_addc(out, body.p[i]);
		buf_done(&body);
	}
}

/* What holds of every mail, whatever came in. */
static void
assert_wellformed(const struct buf *mail)
{
	static const char *const names[] = { "From:", "To:", "Date:", "Subject:",
		"Message-ID:", "In-Reply-To:", "References:", "Auto-Submitted:",
		"X-Auto-Response-Suppress:", "MIME-Version:", "Content-Language:",
		"Content-Type:" };
	unsigned seen[12] = { 0 };
	const char *p = mail->p, *stop = p + mail->n, *cr;
	int in_head = 1;
	size_t i, parts = 0;

	for (; p < stop; p = cr + 2) {
		cr = memchr(p, '\r', (size_t)(stop - p));
		assert_true(cr != NULL && cr + 1 < stop && cr[1] == '\n');
		assert_in_range(cr - p, 0, 78);
		for (i = 0; i < (size_t)(cr - p); i++)
			assert_in_range(p[i], 0x20, 0x7E);
		parts += cr - p == 20 && memcmp(p, "--=_", 4) == 0;
		in_head &= cr != p;
		if (!in_head || *p == ' ')
			continue;
		for (i = 0; i < 12 && strncmp(p, names[i], strlen(names[i])) != 0;)
			i++;
		assert_in_range(i, 0, 11);
		seen[i]++;
	}
	assert_int_equal(parts, 2);
	for (i = 0; i < 12; i++)
		assert_in_range(seen[i], i == 5 || i == 6 ? 0 : 1, 1);
}

static void
compare(const char *name, struct buf *mail)
{
	char path[128];
	struct buf text, want;

	assert_wellformed(mail);
	buf_init(&text, MAIL_MAX);
	buf_init(&want, MAIL_MAX);
	un_mail(&text, buf_cstr(mail));
	(void)snprintf(path, sizeof path, "tests/data/mail/%s.txt", name);
	if (getenv("GOLDEN") != NULL)
		assert_int_equal(file_write(path, 0644, text.p, text.n), 0);
	assert_int_equal(file_read(path, &want), 0);
	assert_string_equal(buf_cstr(&text), buf_cstr(&want));
	buf_done(&text);
	buf_done(&want);
}

static void
test_whole_mails(void **state)
{
	static const struct {
		const char *name, *json;
		enum mail_lang first;
	} table[] = { { "alert-ja", both, MAIL_JA }, { "alert-en", both, MAIL_EN },
		{ "exercise", exercise, MAIL_JA }, { "cancel", cancel, MAIL_EN },
		{ "update", update_clear, MAIL_JA }, { "red", red, MAIL_JA },
		{ "stub", stub, MAIL_JA } };
	struct mail_make m;
	struct mail_item item = { .token = { TOKEN, sizeof TOKEN - 1 } };
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		buf_init(&out, MAIL_MAX);
		m = maker(table[i].first);
		item.json = slice_of(table[i].json);
		assert_int_equal(mail_bulletin(&m, &item, &out), 0);
		compare(table[i].name, &out);
		buf_done(&out);
	}
}

static void
test_digest(void **state)
{
	struct mail_make m = maker(MAIL_JA);
	struct mail_item v[3] = { { .json = slice_of(update_clear) },
		{ slice_of(both), slice_of(TOKEN) }, { .json = slice_of(exercise) } };
	struct buf out;

	(void)state;
	buf_init(&out, MAIL_MAX);
	assert_int_equal(mail_digest(&m, v, 2, &out), 0);
	compare("digest", &out);
	buf_reset(&out);
	/* An exercise never stands among real ones. */
	assert_true(mail_is_exercise(v[2].json) && !mail_is_exercise(v[1].json));
	assert_int_equal(mail_digest(&m, v, 3, &out), ERR_INVALID);
	assert_int_equal(mail_digest(&m, v, 0, &out), ERR_INVALID);
	buf_reset(&out);
	assert_int_equal(mail_digest(&m, v + 2, 1, &out), 0);
	assert_wellformed(&out);
	buf_done(&out);
}

static void
test_hostile_titles(void **state)
{
	static const char *const titles[] = { "a\\r\\nBcc: x@evil.example", "a\\nb",
		"\\u2028Bcc: x", "\\u0000x", "\\u0085x", "\\u202Edesrever",
		"=?UTF-8?B?QQ==?=", "a\\r\\n\\r\\n--=_ceptoar_bulletin--",
		"\\uD83D\\uDD25 火災 "
		"\\uD83D\\uDC68\\u200D\\uD83D\\uDCBB",
		"تحذير عاجل", "אזהרה [TLP:CLEAR]", "From ", ".", "", " " };
	struct mail_make m = maker(MAIL_JA);
	struct mail_item item;
	struct buf json, out, text;
	size_t i;
	char *bcc;

	(void)state;
	for (i = 0; i < sizeof titles / sizeof titles[0]; i++) {
		buf_init(&json, 65536);
		buf_init(&out, MAIL_MAX);
		buf_init(&text, MAIL_MAX);
		buf_addf(&json,
		    "{" ALERT ",\"status\":\"actual\",\"severity\":2,\"tlp\":\"TLP:"
		    "AMBER\",\"ack\":{\"required\":false},\"title\":{\"ja\":\"%s\"},"
		    "\"summary\":{\"ja\":\"%s\"},\"references\":[\"%s\"],\"note\":"
		    "{\"ja\":\"%s\"},\"indicators\":[{\"type\":\"%s\",\"value\":\"%s\"}]"
		    "}",
		    titles[i], titles[i], titles[i], titles[i], titles[i], titles[i]);
		item = (struct mail_item){ buf_slice(&json), slice_of(TOKEN) };
		if (strstr(titles[i], "u0000") != NULL) { /* never was JSON of ours */
			assert_int_equal(mail_bulletin(&m, &item, &out), ERR_INVALID);
		} else {
			assert_int_equal(mail_bulletin(&m, &item, &out), 0);
			assert_wellformed(&out);
			un_mail(&text, buf_cstr(&out));
			bcc = strstr(buf_cstr(&text), "\nBcc:");
			/* In the summary it may stand on a line of its own. */
			assert_true(bcc == NULL || bcc > strstr(text.p, "\n\n"));
			assert_null(strstr(text.p, "\xE2\x80\xAE"));
		}
		buf_done(&json);
		buf_done(&out);
		buf_done(&text);
	}
	buf_init(&out, 4096);
	mail_add_line(&out, slice_of("א"), 10);
	assert_string_equal(buf_cstr(&out), "\xE2\x81\xA8\xD7\x90\xE2\x81\xA9");
	buf_reset(&out);
	mail_add_line(&out,
	    slice_of("a\xFF\x01"
		     "b"),
	    10);
	assert_string_equal(buf_cstr(&out), "a\xEF\xBF\xBD b");
	buf_reset(&out);
	mail_add_line(&out, slice_of("あいうえお"), 3);
	assert_string_equal(buf_cstr(&out), "あいう…");
	buf_done(&out);
}

/* Very long: titles, lines without an end, and as many indicators as there may be. */
static void
test_long(void **state)
{
	struct mail_make m = maker(MAIL_EN);
	struct mail_item item = { .token = { TOKEN, sizeof TOKEN - 1 } };
	struct buf json, out;
	unsigned i;

	(void)state;
	buf_init(&json, 1 << 20);
	buf_init(&out, MAIL_MAX);
	buf_adds(&json,
	    "{" ALERT ",\"status\":\"actual\",\"severity\":2,\"tlp\":\"TLP:AMBER\","
	    "\"ack\":{\"required\":false},\"title\":{\"ja\":\"");
	for (i = 0; i < 200; i++)
		buf_adds(&json, "長");
	buf_adds(&json, "\"},\"summary\":{\"en\":\"");
	for (i = 0; i < 16 * 1024; i++)
		buf_addc(&json, i % 997 == 0 ? ' ' : 'F');
	buf_adds(&json, "\"},\"indicators\":[");
	for (i = 0; i < 500; i++)
		buf_addf(&json, "%s{\"type\":\"domain\",\"value\":\"a%u.evil.example\"}",
		    i > 0 ? "," : "", i);
	buf_adds(&json, "]}");
	item.json = buf_slice(&json);
	assert_int_equal(mail_bulletin(&m, &item, &out), 0);
	assert_wellformed(&out);
	assert_null(strstr(buf_cstr(&out), "evil.example"));
	buf_done(&json);
	buf_done(&out);
}

static void
test_same_id_for_each_try(void **state)
{
	struct mail_make m = maker(MAIL_JA);
	struct mail_item item = { slice_of(update_clear), slice_of(TOKEN) };
	struct buf one, two;
	const char *id =
	    "Message-ID: <abababababababababababababababab.r2@hub.example>\r\n"
	    "In-Reply-To: <abababababababababababababababab.r1@hub.example>\r\n";

	(void)state;
	buf_init(&one, MAIL_MAX);
	buf_init(&two, MAIL_MAX);
	assert_int_equal(mail_bulletin(&m, &item, &one), 0);
	m.date_ms += 3600 * 1000;
	item.token = slice_of("anotheranotheranotheranotheranotheranothera");
	assert_int_equal(mail_bulletin(&m, &item, &two), 0);
	assert_non_null(strstr(buf_cstr(&one), id));
	assert_non_null(strstr(buf_cstr(&two), id));
	buf_done(&one);
	buf_done(&two);
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *text;
		int ok;
	} table[] = { { "a@b", 1 }, { "first.last+tag@mail.example.jp", 1 }, { "", 0 },
		{ "a", 0 }, { "@b", 0 }, { "a@", 0 }, { "a@b@c", 0 }, { ".a@b", 0 },
		{ "a.@b", 0 }, { "a..b@c", 0 }, { "a b@c", 0 }, { "\"a b\"@c", 0 },
		{ "a@b>\r\nBcc: c@d", 0 }, { "a@[192.0.2.1]", 0 }, { "a@-b", 0 },
		{ "a@b-", 0 }, { "a@b..c", 0 }, { "日本@b", 0 }, { "a,c@b", 0 },
		{ "a@b\n", 0 } };
	struct mail_item item = { .json = slice_of(both) };
	struct mail_make m = maker(MAIL_JA);
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, MAIL_MAX);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(mail_address_ok(slice_of(table[i].text)), table[i].ok);
		m.to = slice_of(table[i].text);
		assert_int_equal(
		    mail_bulletin(&m, &item, &out), table[i].ok ? 0 : ERR_INVALID);
		buf_reset(&out);
	}
	m = maker(MAIL_JA);
	item.token = slice_of("a\r\nb");
	assert_int_equal(mail_bulletin(&m, &item, &out), ERR_INVALID);
	item.token = slice_of(TOKEN);
	m.answers_url = slice_of("https://hub.example\nx");
	assert_int_equal(mail_bulletin(&m, &item, &out), ERR_INVALID);
	m = maker(MAIL_JA);
	item.json = slice_of("{\"number\":\"2026-7KQ2M\"}");
	assert_int_equal(mail_bulletin(&m, &item, &out), ERR_INVALID);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_mails),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_hostile_titles),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_same_id_for_each_try),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
