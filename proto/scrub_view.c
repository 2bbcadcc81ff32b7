/* SPDX-License-Identifier: Apache-2.0 */
/* Text as the scrubber sees it: folded, defanging undone, earlier replacements set apart.
 */
#include "proto/scrub_view.h"

#include <utf8proc.h>

#include "lib/mem.h"
#include "proto/scrub_disguise.h"
#include "proto/scrub_mask.h"

enum { PARTS_MAX = 24 }; /* the longest compatibility decomposition has 18 */

static uint8_t
class_beyond_ascii(uint32_t c)
{
	if (c < 0xC0)
		return CLASS_OTHER;
	if (c < 0x530)
		return c == 0xD7 || c == 0xF7 ? CLASS_OTHER : CLASS_LATIN;
	if (c >= 0x1E00 && c <= 0x1EFF)
		return CLASS_LATIN;
	if (c >= 0x3041 && c <= 0x309F)
		return CLASS_HIRAGANA;
	/* Small ka and ke stand between kanji, in names of places. */
	if (c == 0x30F5 || c == 0x30F6 || (c >= 0x3005 && c <= 0x3007))
		return CLASS_KANJI;
	if (c >= 0x30A1 && c <= 0x30FE && c != 0x30FB)
		return CLASS_KATAKANA;
	if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0x20000 && c <= 0x3FFFF))
		return CLASS_KANJI;
	if (c == 0x2028 || c == 0x2029)
		return CLASS_SPACE;
	return CLASS_OTHER;
}

static inline uint8_t
class_of(uint32_t c)
{
	if (c >= 0x80)
		return class_beyond_ascii(c);
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return CLASS_LATIN;
	if (c >= '0' && c <= '9')
		return CLASS_DIGIT;
	return c <= ' ' ? CLASS_SPACE : CLASS_OTHER;
}

static int
is_upper_beyond_ascii(const struct slice text, uint32_t at)
{
	const unsigned char *p = (const unsigned char *)text.p + at;
	utf8proc_int32_t c, part[PARTS_MAX];
	int last = 0;

	if (p[0] == 0xEF)
		return at + 2 < text.n && p[1] == 0xBC && p[2] >= 0xA1 && p[2] <= 0xBA;
	/* Letters in circles, in bold and the like. */
	if (p[0] < 0xE2 ||
	    utf8proc_iterate(p, (utf8proc_ssize_t)(text.n - at), &c) <= 0 ||
	    utf8proc_decompose_char(
		c, part, PARTS_MAX, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &last) < 1)
		return 0;
	return part[0] >= 'A' && part[0] <= 'Z';
}

static inline int
is_upper(const struct slice text, uint32_t at)
{
	unsigned char c = (unsigned char)text.p[at];

	return c < 0x80 ? c >= 'A' && c <= 'Z' : is_upper_beyond_ascii(text, at);
}

static uint32_t
even_sign(uint32_t c)
{
	if (c != '`' && (c < 0x80 || c > 0x2025))
		return c;
	switch (c) {
	case 0xA5: /* the yen sign is the backslash of Japanese keyboards */
		return '\\';
	case 0x2018:
	case 0x2019:
	case 0x2BC:
	case '`':
		return '\'';
	case 0x2025:
		return '.';
	default:
		return c;
	}
}

static inline void
put(struct scrub_view *w, struct slice text, uint32_t c, uint32_t start, uint32_t end)
{
	struct scrub_cp *p = &w->v[w->n++];

	p->c = even_sign(c);
	p->start = start;
	p->end = end;
	p->cls = class_of(p->c);
	p->flags = p->cls == CLASS_LATIN && is_upper(text, start) ? CP_UPPER : 0;
	p->rule = RULE_NONE;
}

/* Most characters begin no disguise. */
static int
may_be_disguise(uint32_t c)
{
	switch (c) {
	case ' ':
	case '_':
	case '#':
	case '*':
	case '|':
	case '^':
	case '~':
	case '+':
	case '=':
	case '!':
	case '$':
	case '/':
	case '"':
	case '\'':
	case '[':
	case '(':
	case '{':
	case '<':
	case '%':
	case '&':
	case U'ア':
	case U'あ':
	case U'ド':
	case U'ど':
	case U'【':
	case U'〔':
	case U'〈':
	case U'《':
		return 1;
	default:
		return 0;
	}
}

/* Puts the sign that stands at i in disguise; the entries eaten. */
static size_t
unmask(struct scrub_view *w, struct slice text, const struct fold *f, size_t i)
{
	struct scrub_disguise d;
	uint32_t start;
	size_t back = w->n, next;

	if (!scrub_disguise_at(f, i, w, &d))
		return 0;
	next = i + d.n;
	if (!d.joins) {
		put(w, text, d.c, f->v[i].start, f->v[next - 1].end);
		return d.n;
	}
	if (back > 0 && w->v[back - 1].cls == CLASS_SPACE)
		back--;
	if (next < f->n && f->v[next].c == ' ')
		next++;
	if (back == 0 || !scrub_is_alnum(&w->v[back - 1]) || next >= f->n ||
	    (!scrub_is_ascii_alnum(f->v[next].c) && d.c != ':'))
		return 0;
	start = back < w->n ? w->v[back].start : f->v[i].start;
	w->n = back;
	put(w, text, d.c, start, f->v[next - 1].end);
	w->v[w->n - 1].flags |= CP_REFANGED;
	return next - i;
}

/* Letters of Cyrillic and Greek that are drawn as Latin ones, or whose capitals are. */
static uint32_t
look_alike(uint32_t c)
{
	static const char32_t alike[] = U"аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdһh"
					U"αaοoρpτtυuνvιiκkηhβbεeζzμmχx";
	size_t i;

	for (i = 0; alike[i] != 0; i++)
		if (alike[i] == c && alike[i + 1] < 0x80)
			return alike[i + 1];
	return 0;
}

/* One such letter beside a Latin one is that in disguise. */
static void
even_letters(struct scrub_view *w)
{
	uint32_t c;
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (w->v[i].c < 0x370 || w->v[i].c > 0x52F)
			continue;
		c = look_alike(w->v[i].c);
		if (c != 0 && ((i > 0 && scrub_is_ascii_alnum(w->v[i - 1].c)) ||
				  (i + 1 < w->n && w->v[i + 1].cls == CLASS_LATIN &&
				      scrub_is_ascii_alnum(w->v[i + 1].c))))
			w->v[i].c = c;
	}
}

/* hxxp and hXXps are http and https. */
static void
mend_schemes(struct scrub_view *w)
{
	struct scrub_cp *v = w->v;
	size_t i, k;

	for (i = 0; i + 4 < w->n; i++) {
		if (v[i].c != 'h' || v[i + 1].c != 'x' || v[i + 2].c != 'x' ||
		    v[i + 3].c != 'p' || (i > 0 && scrub_is_alnum(&v[i - 1])))
			continue;
		k = i + 4;
		if (v[k].c == 's')
			k++;
		if (k < w->n && v[k].c == ':')
			v[i + 1].c = v[i + 2].c = 't';
	}
}

/* A replacement that is in the text already is one wall that nothing crosses. */
static void
wall_off(struct scrub_view *w)
{
	size_t i, k, n, at = 0;
	uint8_t rule = RULE_NONE;

	while (at < w->n && w->v[at].c != '[')
		at++;
	for (i = at; i < w->n; i++) {
		n = w->v[i].c == '[' ? scrub_rule_text_at(w->v, w->n, i, &rule) : 0;
		if (n > 0) {
			k = i + n - 1;
			w->v[i].end = w->v[k].end;
			w->v[i].c = SYM_BARRIER;
			w->v[i].cls = CLASS_BARRIER;
			w->v[i].flags = CP_GIVEN;
			w->v[i].rule = rule;
			w->v[at++] = w->v[i];
			i = k;
		} else {
			w->v[at++] = w->v[i];
		}
	}
	w->n = at;
}

void
scrub_cp_fill(struct scrub_cp *v, const uint32_t *c, size_t n)
{
	size_t i;

	memset(v, 0, n * sizeof *v);
	for (i = 0; i < n; i++) {
		v[i].c = c[i];
		v[i].cls = class_of(c[i]);
	}
}

void
scrub_cp_trim(const struct scrub_cp **v, size_t *n)
{
	while (
	    *n > 0 && !scrub_is_alnum(*v) && !scrub_is_japanese(*v) && (*v)->c != '(') {
		(*v)++;
		(*n)--;
	}
	while (*n > 0 && !scrub_is_alnum(*v + *n - 1) &&
	       !scrub_is_japanese(*v + *n - 1) && (*v)[*n - 1].c != ')')
		(*n)--;
}

int
scrub_view_new(struct slice text, struct scrub_view *ret)
{
	struct scrub_view w = { NULL, 0 };
	struct fold f;
	size_t i, n;
	int r;

	r = fold_text(text, &f);
	if (r != 0)
		return r;
	w.v = mem_alloc((f.n + 1) * sizeof *w.v);
	if (w.v == NULL) {
		fold_done(&f);
		return ERR_NOMEM;
	}
	for (i = 0; i < f.n; i++) {
		n = may_be_disguise(f.v[i].c) ? unmask(&w, text, &f, i) : 0;
		if (n > 0)
			i += n - 1;
		else
			put(&w, text, f.v[i].c, f.v[i].start, f.v[i].end);
	}
	fold_done(&f);
	even_letters(&w);
	mend_schemes(&w);
	wall_off(&w);
	*ret = w;
	return 0;
}

void
scrub_view_done(struct scrub_view *w)
{
	mem_wipe_free(w->v, w->n * sizeof *w->v);
	w->v = NULL;
	w->n = 0;
}

size_t
scrub_text_at(const struct scrub_view *w, size_t i, const char32_t *text)
{
	size_t k;

	for (k = 0; text[k] != 0; k++)
		if (i + k >= w->n || w->v[i + k].c != text[k])
			return 0;
	return k;
}

int
scrub_text_is_any(
    const struct scrub_view *w, size_t a, size_t b, const char32_t *const *words)
{
	for (; b > a && *words != NULL; words++)
		if (scrub_text_at(w, a, *words) == b - a)
			return 1;
	return 0;
}
