/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#include "proto/paste.h"
#include "proto/text.h"
#include "proto/topic_value.h"

enum { WORD_MAX = 2048 };

/* -------- fangs */

static const struct {
	const char *written, *meant;
} fangs[] = { { "[.]", "." }, { "(.)", "." }, { "{.}", "." }, { "[dot]", "." },
	{ "(dot)", "." }, { "{dot}", "." }, { "[:]", ":" }, { "[://]", "://" },
	{ "[/]", "/" }, { "[@]", "@" }, { "(@)", "@" }, { "[at]", "@" }, { "(at)", "@" },
	{ "{at}", "@" }, { "[.", "." }, { ".]", "." } };

/* A word refanged, and whether it had any. */
struct plain {
	struct buf text;
	int fanged;
};

static int
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of a fang at s, what it means in *ret; 0: none. */
static size_t
fang_at(struct slice s, const char **ret)
{
	size_t i, n;

	for (i = 0; i < sizeof fangs / sizeof fangs[0]; i++) {
		n = strlen(fangs[i].written);
		if (s.n < n || strncasecmp(s.p, fangs[i].written, n) != 0)
			continue;
		*ret = fangs[i].meant;
		return n;
	}
	return 0;
}

/* -------- where words begin and end */

/* Letters that are mistaken for ASCII ones belong to the word: a name in disguise is not
 * cut in two.  Japanese ends it. */
static size_t
part_at(struct slice text, size_t at)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.p + at;
	utf8proc_int32_t c = *p;
	utf8proc_ssize_t n;

	if (c < 0x80)
		return c > ' ' && strchr("\"'<>`|,;*", c) == NULL ? 1 : 0;
	n = utf8proc_iterate(p, (utf8proc_ssize_t)(text.n - at), &c);
	return n > 0 && text_is_lookalike((uint32_t)c) ? (size_t)n : 0;
}

static int
is_bracket(char c)
{
	return c != '\0' && strchr("()[]{}", c) != NULL;
}

static int
has_scheme(const struct buf *b)
{
	return memmem(b->p != NULL ? b->p : "", b->n, "://", 3) != NULL;
}

/* "user (at) evil (dot) example": bytes with the spaces around it, or 0. */
static size_t
spaced_at(struct slice s, size_t before, const char **ret)
{
	size_t n;

	if (before == 0 || s.n < 4 || s.p[0] != ' ')
		return 0;
	n = fang_at((struct slice){ s.p + 1, s.n - 1 }, ret);
	/* Only those with a word in them: " [.] " says nothing. */
	if (n < 4 || n + 1 >= s.n || s.p[n + 1] != ' ')
		return 0;
	return n + 2;
}

/* Takes the word at `at`; gives where it ends.  A bracket that is no fang ends a word,
 * but for one that closes what a URL has opened. */
static size_t
take(struct slice text, size_t at, struct plain *w)
{
	const char *meant;
	size_t n, open = 0;
	struct slice rest;

	buf_reset(&w->text);
	w->fanged = 0;
	while (at < text.n && w->text.n < WORD_MAX) {
		rest = (struct slice){ text.p + at, text.n - at };
		n = fang_at(rest, &meant);
		if (n > 0) {
			buf_adds(&w->text, meant);
			w->fanged = 1;
			at += n;
			continue;
		}
		n = spaced_at(rest, w->text.n, &meant);
		if (n > 0) {
			buf_adds(&w->text, meant);
			w->fanged = 1;
			at += n;
			continue;
		}
		n = part_at(text, at);
		if (n == 0 || (text.p[at] == '=' && !has_scheme(&w->text)))
			break;
		if (is_bracket(text.p[at])) {
			if (!has_scheme(&w->text) ||
			    (text.p[at] != '(' && (text.p[at] != ')' || open == 0)))
				break;
			open += text.p[at] == '(';
			open -= text.p[at] == ')';
		}
		buf_add(&w->text, text.p + at, n);
		at += n;
	}
	return at;
}

/* Is it a letter that a name could be the rest of?  "日本.example" names no host that we
 * could write down. */
static int
is_cut(struct slice text, size_t at)
{
	return at > 0 && (unsigned char)text.p[at - 1] >= 0x80 && at < text.n &&
	       text.p[at] == '.';
}

static struct slice
bare(struct slice s)
{
	while (s.n > 0 && !is_alnum(s.p[0]) && (unsigned char)s.p[0] < 0x80) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && s.p[s.n - 1] != '/' && !is_alnum(s.p[s.n - 1]) &&
	       s.p[s.n - 1] != ')' && (unsigned char)s.p[s.n - 1] < 0x80 &&
	       strchr("-_=&", s.p[s.n - 1]) == NULL) {
		s.n--;
	}
	return s;
}

/* -------- lists */

static int
is_in(const json_t *list, const char *type, struct slice value)
{
	const json_t *j, *v;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		j = json_array_get(list, i);
		v = type != NULL ? json_object_get(j, "value") : j;
		if (type != NULL &&
		    strcmp(json_string_value(json_object_get(j, "type")), type) != 0)
			continue;
		if (json_string_length(v) == value.n &&
		    strncasecmp(json_string_value(v), value.p, value.n) == 0)
			return 1;
	}
	return 0;
}

static int
add(json_t *list, const char *type, struct slice value, size_t most)
{
	json_t *j, *v;

	if (json_array_size(list) >= most || is_in(list, type, value))
		return 0;
	v = json_stringn(value.p, value.n);
	if (v == NULL)
		return ERR_NOMEM;
	j = type != NULL ? json_pack("{s:s,s:o}", "type", type, "value", v) : v;
	return j != NULL && json_array_append_new(list, j) == 0 ? 0 : ERR_NOMEM;
}

static int
judge(
    const struct paste_word *w, struct buf *room, json_t *indicators, json_t *references)
{
	const char *type = NULL;
	struct slice value;

	buf_reset(room);
	switch (paste_word(w, &type, &value, room)) {
	case PASTE_INDICATOR:
		return add(indicators, type, value, PASTE_INDICATORS);
	case PASTE_REFERENCE:
		return add(references, NULL, value, PASTE_REFERENCES);
	default:
		return 0;
	}
}

int
paste_find(struct slice text, json_t *indicators, json_t *references)
{
	struct paste_word word = { .before = { "", 0 } };
	struct plain w;
	struct buf room, before;
	size_t at = 0, end;
	int rc = 0;

	buf_init(&w.text, WORD_MAX + 16);
	buf_init(&before, WORD_MAX + 16);
	buf_init(&room, 4 * WORD_MAX);
	while (rc == 0 && at < text.n) {
		end = take(text, at, &w);
		rc = buf_err(&w.text);
		if (end == at) {
			/* The word in front of a number says what it is, in Japanese
			 * too. */
			if ((unsigned char)text.p[at] >= 0x80 && before.n < WORD_MAX)
				buf_addc(&before, text.p[at]);
			else if (text.p[at] == '\n')
				buf_reset(&before);
			at++;
			continue;
		}
		word.text = bare(buf_slice(&w.text));
		word.fanged = w.fanged;
		word.before = buf_slice(&before);
		if (rc == 0 && word.text.n > 0 && !is_cut(text, at))
			rc = judge(&word, &room, indicators, references);
		buf_reset(&before);
		buf_add(&before, word.text.p, word.text.n);
		at = end;
	}
	buf_done(&w.text);
	buf_done(&before);
	buf_done(&room);
	return rc;
}
