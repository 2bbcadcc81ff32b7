/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/paste.h"

#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#include "proto/mail_read.h"
#include "proto/report_field.h"
#include "proto/text.h"

enum { TITLE_POINTS = 200, TITLE_BYTES = 780, HEAD_LINES = 60 };

/* -------- characters */

static int
is_mark(utf8proc_int32_t c)
{
	utf8proc_category_t cat = utf8proc_category(c);

	return cat == UTF8PROC_CATEGORY_MN || cat == UTF8PROC_CATEGORY_ME;
}

/* Without what no draft may hold: controls, directions, invisible and private ones. */
static int
clean(struct slice text, int marks, struct buf *out)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p;
	struct text_facts facts;
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	size_t i;

	for (i = 0; i < text.n; i += (size_t)n) {
		n = utf8proc_iterate(p + i, (utf8proc_ssize_t)(text.n - i), &c);
		if (n <= 0)
			return ERR_INVALID;
		if (c == '\r')
			continue; /* of CRLF */
		if (c == 0xA0 || c == '\t') {
			buf_addc(out, ' ');
			continue;
		}
		if (!marks && is_mark(c))
			continue;
		if (c >= ' ' && c < 0x7F)
			buf_addc(out, (char)c);
		else if (text_check((struct slice){ text.p + i, (size_t)n }, TEXT_BLOCK,
			     &facts) == TEXT_FINE)
			buf_add(out, text.p + i, (size_t)n);
	}
	return buf_err(out);
}

static int
clean_text(struct slice text, struct buf *out, struct fault *why)
{
	struct json_at at = { .key = "text" };
	struct text_facts facts;
	int rc = clean(text, 1, out);

	if (rc == 0 && text_check(buf_slice(out), TEXT_BLOCK, &facts) != TEXT_FINE) {
		buf_reset(out);
		rc = clean(text, 0, out);
	}
	if (rc == ERR_INVALID)
		return fault_set(why, P_INVALID_FIELD, &at, "UTF-8");
	if (rc != 0)
		return rc;
	if (text_check(buf_slice(out), TEXT_BLOCK, &facts) != TEXT_FINE)
		return fault_set(why, P_TEXT_CONTROL, &at, "a text of plain characters");
	if (facts.blank)
		return fault_set(why, P_INVALID_FIELD, &at, "must not be empty");
	return 0;
}

/* -------- lines */

static struct slice
line_at(struct slice text, size_t at)
{
	const char *end = memchr(text.p + at, '\n', text.n - at);
	struct slice s = { text.p + at, text.n - at };

	if (end != NULL)
		s.n = (size_t)(end - s.p);
	return s;
}

static struct slice
trimmed(struct slice s)
{
	for (;;) {
		if (s.n > 0 && s.p[0] == ' ') {
			s.p++;
			s.n--;
		} else if (s.n >= 3 && memcmp(s.p, "　", 3) == 0) {
			s.p += 3;
			s.n -= 3;
		} else {
			break;
		}
	}
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

static int
cut_off(struct slice *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || strncasecmp(s->p, prefix, n) != 0)
		return 0;
	s->p += n;
	s->n -= n;
	*s = trimmed(*s);
	return 1;
}

/* The names of a mail's head, as programs write them. */
static int
is_head(struct slice line, int *ret_subject)
{
	static const char *const names[] = { "From:", "To:", "Cc:", "Bcc:", "Date:",
		"Sent:", "Reply-To:", "Message-ID:", "Received:", "Return-Path:",
		"Delivered-To:", "MIME-Version:", "Content-", "X-",
		"In-Reply-To:", "References:", "List-", "DKIM-",
		"Authentication-Results:", "ARC-", "Importance:", "Thread-",
		"User-Agent:", "差出人:", "差出人：", "宛先:", "宛先：",
		"送信日時:", "送信日時：", "送信者:", "送信者：", "日時:", "日時：",
		"日付:", "日付：", "CC：" };
	static const char *const subjects[] = { "Subject:", "件名:", "件名：" };
	size_t i;

	for (i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
		if (!cut_off(&line, subjects[i]))
			continue;
		*ret_subject = 1;
		return 1;
	}
	*ret_subject = 0;
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (cut_off(&line, names[i]))
			return 1;
	return 0;
}

/* Where the text begins behind a mail's head; *ret_subject: its subject, or n 0. */
static size_t
head_end(struct slice text, struct slice *ret_subject)
{
	struct slice line;
	size_t at = 0, n, i;
	int subject, any = 0;

	*ret_subject = (struct slice){ "", 0 };
	for (n = 0; at < text.n && n < HEAD_LINES; n++) {
		line = line_at(text, at);
		i = at + line.n + (at + line.n < text.n);
		if (trimmed(line).n == 0) {
			if (any)
				return i;
			at = i;
			continue;
		}
		/* A folded line goes on with what stands above it. */
		if (!is_head(line, &subject)) {
			if (any && line.p[0] == ' ') {
				at = i;
				continue;
			}
			return at;
		}
		any = 1;
		if (subject && ret_subject->n == 0) {
			*ret_subject = line;
			(void)(cut_off(ret_subject, "Subject:") ||
			       cut_off(ret_subject, "件名:") ||
			       cut_off(ret_subject, "件名："));
		}
		at = i;
	}
	return at;
}

static struct slice
title_of(struct slice text, struct slice subject)
{
	static const char *const prefixes[] = {
		"Re:", "Fwd:", "FW:", "転送:", "返信:", "RE：", "FW："
	};
	struct slice s = trimmed(subject);
	size_t at = 0, i;
	int again;

	while (s.n == 0 && at < text.n) {
		s = line_at(text, at);
		at += s.n + 1;
		s = trimmed(s);
	}
	do {
		again = 0;
		for (i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
			again |= cut_off(&s, prefixes[i]);
	} while (again);
	return s;
}

/* At most so many characters, whole ones. */
static int
add_title(struct slice s, struct buf *out)
{
	size_t i = 0, points = 0, n;

	while (i < s.n && points < TITLE_POINTS - 1) {
		for (n = 1; i + n < s.n && ((unsigned char)s.p[i + n] & 0xC0) == 0x80;)
			n++;
		if (i + n > TITLE_BYTES)
			break;
		i += n;
		points++;
	}
	buf_add(out, s.p, i);
	if (i < s.n)
		buf_adds(out, "…");
	return buf_err(out);
}

/* The strictest that stands there; NULL: none. */
static const char *
tlp_of(struct slice text)
{
	static const struct {
		const char *word, *tlp;
	} words[] = { { "RED", "TLP:RED" }, { "AMBER+STRICT", "TLP:AMBER+STRICT" },
		{ "AMBER", "TLP:AMBER" }, { "GREEN", "TLP:GREEN" },
		{ "CLEAR", "TLP:CLEAR" }, { "WHITE", "TLP:CLEAR" } };
	size_t best = sizeof words / sizeof words[0], i, at;
	struct slice s;

	for (at = 0; at + 4 < text.n; at++) {
		s = (struct slice){ text.p + at, text.n - at };
		if (!cut_off(&s, "TLP:"))
			continue;
		for (i = 0; i < best; i++)
			if (s.n >= strlen(words[i].word) &&
			    strncasecmp(s.p, words[i].word, strlen(words[i].word)) == 0)
				best = i;
	}
	return best < sizeof words / sizeof words[0] ? words[best].tlp : NULL;
}

/* As much as a draft holds, to the end of a line where there is one. */
static struct slice
body_of(struct slice text, int *ret_cut)
{
	const char *end;

	*ret_cut = text.n > PASTE_BODY_MAX;
	if (!*ret_cut)
		return text;
	text.n = PASTE_BODY_MAX;
	end = memrchr(text.p, '\n', text.n);
	if (end != NULL && end > text.p)
		text.n = (size_t)(end - text.p);
	while (text.n > 0 && ((unsigned char)text.p[text.n] & 0xC0) == 0x80)
		text.n--;
	return text;
}

static json_t *
in_language(const char *lang, struct slice s)
{
	json_t *o = json_object();

	if (o != NULL && json_object_set_new(o, lang, json_stringn(s.p, s.n)) != 0) {
		json_decref(o);
		o = NULL;
	}
	return o;
}

static int
build(struct slice text, const char *lang, json_t *out, int *ret_cut)
{
	json_t *indicators = json_array(), *references = json_array();
	struct slice subject, body;
	const char *tlp = tlp_of(text);
	struct text_facts facts;
	size_t at = head_end(text, &subject);
	struct buf title;
	int rc;

	body = (struct slice){ text.p + at, text.n - at };
	if (text_check(body, TEXT_BLOCK, &facts) != TEXT_FINE || facts.blank)
		body = text; /* nothing but a head */
	buf_init(&title, TITLE_BYTES + 8);
	rc = add_title(title_of(body, subject), &title);
	if (rc == 0 && (text_check(buf_slice(&title), TEXT_LINE, &facts) != TEXT_FINE ||
			   facts.blank)) {
		buf_reset(&title);
		buf_adds(&title, lang[0] == 'j' ? "貼り付けた文" : "Pasted text");
		rc = buf_err(&title);
	}
	if (rc == 0)
		rc = indicators != NULL && references != NULL
			 ? paste_find(body, indicators, references)
			 : ERR_NOMEM;
	if (rc == 0)
		rc = report_set(out, "title", in_language(lang, buf_slice(&title)));
	if (rc == 0)
		rc = report_set(out, "body", in_language(lang, body_of(body, ret_cut)));
	if (rc == 0)
		rc = report_set(out, "tlp", json_string(tlp != NULL ? tlp : "TLP:AMBER"));
	if (rc == 0 && json_array_size(indicators) > 0)
		rc = report_set(out, "indicators", json_incref(indicators));
	if (rc == 0 && json_array_size(references) > 0)
		rc = report_set(out, "references", json_incref(references));
	buf_done(&title);
	json_decref(indicators);
	json_decref(references);
	return rc;
}

int
paste_read(struct slice text, const char *lang, const struct mail_charsets *charsets,
    json_t **ret, int *ret_cut, struct fault *why)
{
	struct buf b, mail;
	json_t *out;
	int rc;

	if (text.n > PASTE_TEXT_MAX)
		return ERR_LIMIT;
	out = json_object();
	if (out == NULL)
		return ERR_NOMEM;
	buf_init(&b, MAIL_READ_MAX + 1);
	buf_init(&mail, MAIL_READ_MAX);
	rc = mail_read(text, charsets, &mail, why);
	if (rc == 0)
		text = buf_slice(&mail);
	if (rc == 0 || rc == 1)
		rc = clean_text(text, &b, why);
	buf_wipe(&mail);
	if (rc == 0)
		rc = build(buf_slice(&b), lang, out, ret_cut);
	buf_wipe(&b);
	if (rc == 0)
		*ret = out;
	else
		json_decref(out);
	return rc;
}
