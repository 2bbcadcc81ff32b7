/* SPDX-License-Identifier: Apache-2.0 */
/* Mails as their programs send them: subject, charsets, encodings, parts, and limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/mail_read.h"

static struct mail_charsets *charsets;

static int
open_charsets(void **state)
{
	(void)state;
	charsets = mail_charsets_new();
	return charsets != NULL ? 0 : -1;
}

static int
close_charsets(void **state)
{
	(void)state;
	mail_charsets_free(charsets);
	return 0;
}

struct row {
	const char *mail, *want; /* NULL: refused, with this detail */
	const char *detail;
};

static void
check(const struct row *row)
{
	struct fault why = { 0 };
	struct buf out;
	int rc;

	buf_init(&out, MAIL_READ_MAX);
	rc = mail_read(slice_of(row->mail), charsets, &out, &why);
	if (row->want == NULL) {
		assert_int_equal(rc, ERR_INVALID);
		assert_string_equal(why.pointer, "/text");
		assert_non_null(strstr(why.detail, row->detail));
	} else if (rc != 0 || strcmp(buf_cstr(&out), row->want) != 0) {
		fail_msg("%d: %s, not %s", rc, buf_cstr(&out), row->want);
	}
	buf_done(&out);
}

static void
test_what_is_read(void **state)
{
	static const struct row rows[] = {
		{ "Subject: =?UTF-8?B?6K2m5aCx?=\n\n\xe6\x9c\xac\xe6\x96\x87",
		    "Subject: \xe8\xad\xa6\xe5\xa0\xb1\n\n\xe6\x9c\xac\xe6\x96\x87",
		    NULL },
		/* Two words, folded, become one; text between stays. */
		{ "Subject: =?utf-8?q?a_b?=\r\n =?UTF-8?Q?=63?= d "
		  "=?UTF-8?B?ZQ==?=\r\n\r\nx",
		    "Subject: a bc d e\n\nx", NULL },
		{ "Subject: =?ISO-2022-JP?B?GyRCN1lKcxsoQg==?=\nContent-Type: "
		  "text/plain; charset=\"ISO-2022-JP\"\n\n\033$BK\\J8\033(B.",
		    "Subject: \xe8\xad\xa6\xe5\xa0\xb1\n\n\xe6\x9c\xac\xe6\x96\x87.",
		    NULL },
		{ "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
		  "quoted-printable\nSubject: s\n\na=3Db=\nc =E6=9C=AC =zz\n",
		    "Subject: s\n\na=bc \xe6\x9c\xac =zz\n", NULL },
		{ "Content-Type: text/plain; "
		  "charset=Shift_JIS\nContent-Transfer-Encoding: "
		  "BASE64\n\nlnuV\nto8=\n",
		    "Subject: \n\n\xe6\x9c\xac\xe6\x96\x87\xef\xbf\xbd", NULL },
		/* The first part that is text; not the HTML, not what is attached. */
		{ "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"A b\"\n"
		  "Subject: s\n\nnot this\n--A b\nContent-Type: multipart/alternative;"
		  " boundary=B\n\n--B\nContent-Type: text/html\n\n<p>no</p>\n--B\n"
		  "Content-Type: text/plain\n\nyes\n--B--\n--A b\nContent-Type: "
		  "text/plain\n\nlater\n--A b--\n",
		    "Subject: s\n\nyes\n", NULL },
		{ "Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: "
		  "text/plain\nContent-Disposition: attachment\n\nlog\n--A\n\nbare",
		    "Subject: \n\n\nbare", NULL },
		/* What is wrong. */
		{ "Subject: =?KOI8-R?B?8A==?=\n\nx", NULL, "charset" },
		{ "Content-Type: text/html\n\n<p>x</p>", NULL, "text/plain" },
		{ "Content-Type: text/plain\nContent-Transfer-Encoding: uuencode\n\nx",
		    NULL, "Content-Transfer-Encoding" },
		{ "Content-Type: multipart/mixed\n\nx", NULL, "boundary" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check(&rows[i]);
}

static void
test_what_is_no_mail(void **state)
{
	static const char *const texts[] = { "", "plain words",
		"Subject: x\nFrom: y\n\nas copied off a screen", "\n\nContent-Type",
		"no head\nContent-Type: text/plain\n\nx" };
	struct fault why;
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, 64);
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(mail_read(slice_of(texts[i]), NULL, &out, &why), 1);
	assert_int_equal(out.n, 0);
	buf_done(&out);
}

/* Without its tables a charset is named in the refusal. */
static void
test_a_charset_that_is_not_there(void **state)
{
	struct fault why = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 256);
	assert_int_equal(
	    mail_read(slice_of("Subject: =?iso-2022-jp?B?GyRCN1lKcxsoQg==?=\n\nx"), NULL,
		&out, &why),
	    ERR_INVALID);
	assert_non_null(strstr(why.detail, "ISO-2022-JP"));
	buf_done(&out);
}

static void
test_limits(void **state)
{
	struct fault why = { 0 };
	struct buf mail, out;
	unsigned i;

	(void)state;
	buf_init(&mail, 1 << 20);
	buf_init(&out, MAIL_READ_MAX);
	buf_adds(&mail, "Content-Type: multipart/mixed; boundary=A\n\n");
	for (i = 0; i <= MAIL_PARTS; i++)
		buf_adds(&mail, "--A\nContent-Type: image/png\n\nx\n");
	assert_int_equal(mail_read(buf_slice(&mail), NULL, &out, &why), ERR_INVALID);
	assert_non_null(strstr(why.detail, "64 parts"));
	/* Each within the one before. */
	buf_reset(&mail);
	for (i = 0; i < 1000; i++)
		buf_addf(&mail, "Content-Type: multipart/mixed; boundary=A%u\n\n--A%u\n",
		    i, i);
	assert_int_equal(mail_read(buf_slice(&mail), NULL, &out, &why), ERR_INVALID);
	assert_non_null(strstr(why.detail, "four in each other"));
	buf_reset(&mail);
	buf_adds(&mail, "Content-Type: text/plain\nSubject: =?");
	for (i = 0; i < MAIL_FIELD_MAX; i++)
		buf_addc(&mail, 'x');
	buf_adds(&mail, "\n\nx");
	assert_int_equal(mail_read(buf_slice(&mail), NULL, &out, &why), ERR_INVALID);
	buf_done(&mail);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read),
		cmocka_unit_test(test_what_is_no_mail),
		cmocka_unit_test(test_a_charset_that_is_not_there),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, open_charsets, close_charsets);
}
