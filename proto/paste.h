/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_PASTE_H
#define PROTO_PASTE_H

#include "proto/json.h"

/*
 * A mail or an advisory that somebody pastes in, as the content of a draft
 * (proto/draft.h).  Nothing is guessed that could block the wrong thing: what may be a
 * version number, a date, a time or a private address is no indicator.
 */
/* Opaque types. */
struct mail_charsets;

enum {
	PASTE_TEXT_MAX = 128 * 1024,
	PASTE_BODY_MAX = 16 * 1024, /* the rest is cut off at a line */
	PASTE_INDICATORS = 500,
	PASTE_REFERENCES = 64,
};

/*
 * *ret: title (the Subject: or 件名: of a mail, else the first line), body in `lang`
 * ("ja" or "en"), tlp (the strictest that stands there, "TLP:AMBER" when none does),
 * indicators (addresses, domains, URLs, hashes, mail addresses, file names; refanged:
 * hxxp, [.], (dot), (at) and the like) and references (CVE and JVN numbers; URLs of those
 * who publish advisories).  What stands in a mail's head is none of them.  Characters
 * that no draft may hold are left out.  *ret_cut: 1 when the text was longer.  0,
 * ERR_INVALID with `why` (not UTF-8, or nothing but blanks), ERR_LIMIT, ERR_NOMEM.  A
 * mail as its programs send it is decoded first (mail_read.h); `charsets` may be NULL.
 */
int paste_read(struct slice text, const char *lang, const struct mail_charsets *charsets,
    json_t **ret, int *ret_cut, struct fault *why) MUST_CHECK;

/* paste_find.c: what the text names, into lists of {type, value} and of lines. */
int paste_find(struct slice text, json_t *indicators, json_t *references) MUST_CHECK;
/* paste_word.c: what one word is.  `fanged`: it was written so that nobody can click on
 * it; `before`: the word in front of it, or "". */
struct paste_word {
	struct slice text, before;
	int fanged;
};
enum paste_kind { PASTE_NOTHING, PASTE_INDICATOR, PASTE_REFERENCE };
enum paste_kind paste_word(const struct paste_word *w, const char **ret_type,
    struct slice *ret_value, struct buf *room);

#endif
