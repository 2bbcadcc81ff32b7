/* SPDX-License-Identifier: Apache-2.0 */
/* Where a telephone number ends, and what of it stands behind: extensions, others that
 * differ in the last figures only. */
#include "proto/scrub_phone.h"

/* "03-0000-1111/1112", "03-0000-1111~15" */
static size_t
other_end_at(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t at = i, d, k;
	uint32_t sign;

	if (at < w->n && v[at].c == ' ')
		at++;
	if (at >= w->n || !scrub_is_in(U"/~〜・,、&", v[at].c))
		return 0;
	sign = v[at].c;
	d = at + 1;
	if (d < w->n && v[d].c == ' ')
		d++;
	for (k = d; scrub_digit_here(w, k); k++)
		;
	if (k - d > 4 || k - d < (sign == '~' || sign == U'〜' ? 1u : 4u))
		return 0;
	if (k == w->n)
		return k - i;
	/* Before a word without a particle the figures count something. */
	if (scrub_is_alnum(&v[k]) || v[k].cls == CLASS_KANJI ||
	    v[k].cls == CLASS_KATAKANA)
		return 0;
	return k + 1 < w->n && scrub_is_in(U"-./:_%(", v[k].c) &&
		       scrub_is_ascii_alnum(v[k + 1].c)
		   ? 0
		   : k - i;
}

/* " x12" behind a number. */
static size_t
short_extension_at(const struct scrub_view *w, size_t i)
{
	size_t k = i, d;

	if (k < w->n && w->v[k].c == ' ')
		k++;
	if (k >= w->n || w->v[k].c != 'x')
		return 0;
	for (d = k + 1; scrub_digit_here(w, d); d++)
		;
	return d > k + 1 && d < k + 7 &&
		       (d == w->n || (!scrub_is_alnum(&w->v[d]) && w->v[d].c != '_'))
		   ? d - i
		   : 0;
}

int
scrub_phone_ends(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;

	if (i >= w->n)
		return 1;
	if (scrub_is_alnum(&v[i]) || v[i].c == '_')
		return short_extension_at(w, i) > 0;
	/* Another number may follow. */
	if (v[i].c == '/' && i + 1 < w->n && scrub_is_in(U"0+(〇", v[i + 1].c))
		return 1;
	if (other_end_at(w, i) > 0)
		return 1;
	/* A path, version or decimal goes on; the end of a sentence does not. */
	return i + 1 >= w->n || !scrub_is_ascii_alnum(v[i + 1].c) ||
	       (v[i].c != '-' && v[i].c != '.' && v[i].c != '/' && v[i].c != ':');
}

static int
follows_digit(const struct scrub_view *w, size_t i)
{
	size_t k;

	for (k = i; k > 0 && i - k < 3 && scrub_is_in(U" ,(", w->v[k - 1].c); k--)
		;
	return k > 0 && k < i &&
	       (scrub_digit_here(w, k - 1) || w->v[k - 1].cls == CLASS_BARRIER);
}

/* "内線七〇一二": its digits in kanji, three at least, for 内線三本 counts. */
static size_t
kanji_digits(const struct scrub_view *w, size_t i)
{
	size_t k = i;

	while (
	    k < w->n && k < i + 10 && scrub_is_in(U"〇零○一二三四五六七八九", w->v[k].c))
		k++;
	return k - i >= 3 && k - i < 10 && (k == w->n || w->v[k].cls != CLASS_KANJI)
		   ? k - i
		   : 0;
}

/* "または内3307", "内4102にかけた": short for 内線 at i before figures that end at `end`,
 * and no 国内2026年. */
static int
is_short_for(const struct scrub_view *w, size_t i, size_t end)
{
	const struct scrub_cp *v = w->v;

	if (i > 0 && v[i - 1].cls == CLASS_KANJI)
		return 0;
	if (end >= w->n || !scrub_is_japanese(&v[end]))
		return 1;
	/* "その内2026は" counts. */
	return (i == 0 || !scrub_is_japanese(&v[i - 1])) &&
	       scrub_is_in(U"にへまでがをかと", v[end].c);
}

/* "Mori, x3308": an extension behind whoever has it. */
size_t
scrub_phone_short(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i, d;
	int sign;

	for (d = i + 1; scrub_digit_here(w, d) && d < i + 7; d++)
		;
	if (d < i + 4 || d > i + 6 ||
	    (d < w->n && (scrub_is_alnum(&v[d]) || scrub_is_in(U"-_/", v[d].c))) ||
	    (d + 1 < w->n && v[d].c == '.' && scrub_is_alnum(&v[d + 1])))
		return 0;
	while (k > 0 && i - k < 2 && scrub_is_in(U" ,(、", v[k - 1].c))
		k--;
	if (k == 0 || k == i)
		return 0;
	sign = k + 1 < i || v[k].c != ' ';
	if (v[k - 1].cls == CLASS_BARRIER)
		return v[k - 1].rule == RULE_PERSON || v[k - 1].rule == RULE_CONTACT ||
			       v[k - 1].rule == RULE_PHONE || v[k - 1].rule == RULE_MAIL
			   ? d - i
			   : 0;
	/* "x509" and its like are too short for this. */
	if (!sign || d < i + 5 || v[k - 1].cls != CLASS_LATIN ||
	    (d + 1 < w->n && v[d].c == ' ' && scrub_is_alnum(&v[d + 1])))
		return 0;
	for (; k > 0 && v[k - 1].cls == CLASS_LATIN; k--)
		;
	return (v[k].flags & CP_UPPER) != 0 && (v[k + 1].flags & CP_UPPER) == 0 ? d - i
										: 0;
}

/* An extension: the word and up to six digits. */
size_t
scrub_phone_extension(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"内線番号", U"内線", U"(内)",
		U"extension", U"ext.", U"ext", U"内)", U"phs", U"(内", U"内" };
	enum { IN_WORDS = 1, EXT = 5, PHS = 7, IN_BRACKETS = 8, SHORT = 9 };
	const struct scrub_cp *v = w->v;
	size_t k, n, at, d;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0; words[k][n] != 0 && i + n < w->n && v[i + n].c == words[k][n];
		     n++)
			;
		if (words[k][n] != 0)
			continue;
		if (scrub_is_in(U"ep", v[i].c) && i > 0 && scrub_is_alnum(&v[i - 1]))
			return 0;
		at = i + n;
		while (at < w->n && at < i + n + 4 &&
		       (v[at].c == ' ' || v[at].c == ':' || v[at].c == '.' ||
			   v[at].c == '-' || v[at].c == 0x306F || v[at].c == '#' ||
			   v[at].c == '('))
			at++;
		for (d = 0; scrub_digit_here(w, at + d) ||
			    (d > 0 && v[at + d - 1].c != '-' && at + d + 1 < w->n &&
				v[at + d].c == '-' && scrub_digit_here(w, at + d + 1));
		     d++)
			;
		if (k == SHORT && (d != 4 || at != i + n || !is_short_for(w, i, at + d)))
			d = 0;
		if (d == 0 && k <= IN_WORDS && kanji_digits(w, at) > 0)
			return at + kanji_digits(w, at) - i;
		/* "ext 4" is a file system, unless a number stands before it. */
		/* "(内3名)" counts. */
		if (k == IN_BRACKETS && (at + d >= w->n || v[at + d].c != ')'))
			d = 0;
		if (d >= (k == PHS				? 3u
			     : k == EXT && !follows_digit(w, i) ? 2u
								: 1u) &&
		    d <= 9 && scrub_phone_ends(w, at + d))
			return at + d - i;
	}
	return 0;
}

size_t
scrub_phone_behind(const struct scrub_view *w, size_t i)
{
	size_t from = i, k;

	i += short_extension_at(w, i);
	while ((k = other_end_at(w, i)) > 0)
		i += k;
	return i - from;
}
