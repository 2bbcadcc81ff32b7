/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MAIL_READ_H
#define PROTO_MAIL_READ_H

#include "proto/json.h"

/* Opaque types. */
struct mail_charsets;

/*
 * A mail as its programs send it (RFC 5322, 2045 to 2047), made into what people read:
 * `Subject: ...`, an empty line, the first part of text/plain.  Nothing else of it is
 * looked at; HTML is not read.
 */
enum {
	MAIL_READ_MAX = 256 * 1024, /* bytes of what comes out */
	MAIL_HEAD_LINES = 400,
	MAIL_FIELD_MAX = 8 * 1024, /* bytes of one field */
	MAIL_DEPTH = 4,		   /* multiparts within each other */
	MAIL_PARTS = 64,	   /* of all of them together */
};

/* Conversions from Japanese and Western charsets; opened once, since a locked in program
 * cannot load them later.  What this machine does not have is not there.  NULL: no
 * memory.
 */
struct mail_charsets *mail_charsets_new(void) MUST_CHECK;
void mail_charsets_free(struct mail_charsets *c);
/* Appends as UTF-8; ERR_NOTFOUND: the charset is none of ours (NULL: of UTF-8 and ASCII).
 * Bytes that mean nothing become U+FFFD. */
int mail_to_utf8(const struct mail_charsets *c, struct slice charset, struct slice bytes,
    struct buf *out) MUST_CHECK;

/*
 * 1: not such a mail, as a text or a mail that was copied off a screen; out is untouched.
 * 0; ERR_INVALID with `why` at /text (a charset that cannot be read, an unknown encoding,
 * no part of text/plain, too many parts), ERR_LIMIT, ERR_NOMEM.
 */
int mail_read(struct slice text, const struct mail_charsets *c, struct buf *out,
    struct fault *why) MUST_CHECK;

/* mail_charset.c: =?charset?B|Q?..?= of a field's value; what is none stays.  The detail
 * of `why` names the charset that cannot be read. */
int mail_words(struct slice value, const struct mail_charsets *c, struct buf *out,
    struct fault *why) MUST_CHECK;
/* "quoted-printable", "base64", "7bit", "8bit", "binary" or "": ERR_INVALID: another. */
int mail_transfer(struct slice coding, struct slice bytes, struct buf *out) MUST_CHECK;
int mail_bad_charset(struct slice charset, struct fault *why);

#endif
