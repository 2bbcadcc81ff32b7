/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people in Latin letters that are no romaji, as they are heard in Japanese:
 * "ロバート・キンセラ". */
#include "proto/scrub_foreign.h"

/*
 * Vowels and long ones are heard in many ways, consonants in few.  A name is kept as its
 * row of consonants, in capitals; small letters are those that may not be heard.
 */
enum { HEARD_MAX = 24 };

static int
is_vowel(uint32_t c)
{
	return c == 'a' || c == 'i' || c == 'u' || c == 'e' || c == 'o' || c == 'y';
}

/* "ch", "sh", "ph" and the like at i: how they are heard, or 0. */
static char
pair_at(const uint32_t *v, size_t n, size_t i)
{
	static const char pairs[][4] = { "chS", "shS", "phF", "thS", "ckK", "dgS", "tsT",
		"tzT", "czS", "szS" };
	size_t k;

	for (k = 0; i + 1 < n && k < sizeof pairs / sizeof pairs[0]; k++)
		if (v[i] == (uint32_t)pairs[k][0] && v[i + 1] == (uint32_t)pairs[k][1])
			return pairs[k][2];
	return 0;
}

static char
letter_heard(const uint32_t *v, size_t n, size_t i)
{
	uint32_t next = i + 1 < n ? v[i + 1] : 0;

	switch (v[i]) {
	case 'c':
		return next == 'e' || next == 'i' || next == 'y' ? 'S' : 'K';
	case 'g':
		return 'G';
	case 'j':
		/* "Bjorn", and yet "Minjun" */
		return i > 0 && !is_vowel(v[i - 1]) ? 's' : 'S';
	case 's':
	case 'z':
	case 'x':
		return 'S';
	case 'k':
	case 'q':
		return 'K';
	case 'l':
		return 'R';
	case 'r':
		/* Before another consonant it often only lengthens. */
		return is_vowel(next) ? 'R' : 'r';
	case 'v':
		return 'B';
	case 'h':
		return is_vowel(next) ? 'H' : 'h';
	case 'w':
	case '\'':
		return 0;
	default:
		return v[i] >= 'a' && v[i] <= 'z' && !is_vowel(v[i])
			   ? (char)(v[i] - 'a' + 'A')
			   : 0;
	}
}

size_t
scrub_foreign_of(const uint32_t *v, size_t n, char ret[SCRUB_FOREIGN_MAX])
{
	size_t i, at = 0;
	char c;

	for (i = 0; i < n; i++) {
		/* "Nguyen" */
		c = i == 0 && n > 1 && v[0] == 'n' && v[1] == 'g' ? 'G'
								  : pair_at(v, n, i);
		if (c != 0)
			i++;
		else
			c = letter_heard(v, n, i);
		if (c == 0 || (at > 0 && ret[at - 1] == c))
			continue;
		if (at == SCRUB_FOREIGN_MAX)
			return 0;
		ret[at++] = c;
	}
	return at;
}

/* The consonant of a kana; 0 for a vowel, '?' for what no name has. */
static char
kana_heard(uint32_t c)
{
	static const struct {
		const char32_t *kana;
		char heard;
	} rows[] = { { U"カキクケコ", 'K' }, { U"ガギグゲゴ", 'G' },
		{ U"サシスセソザジズゼゾチヂ", 'S' }, { U"タツテト", 'T' },
		{ U"ダヅデド", 'D' }, { U"ナニヌネノン", 'N' }, { U"ハヒヘホ", 'H' },
		{ U"フ", 'F' }, { U"バビブベボヴ", 'B' }, { U"パピプペポ", 'P' },
		{ U"マミムメモ", 'M' }, { U"ラリルレロ", 'R' },
		{ U"アイウエオヤユヨワァィゥェォャュョヮッー", 0 } };
	size_t k;

	for (k = 0; k < sizeof rows / sizeof rows[0]; k++)
		if (scrub_is_in(rows[k].kana, c))
			return rows[k].heard;
	return '?';
}

/* Does the row of a name fit what is heard?  Small letters of it may be missing; two of
 * one kind in a row are one. */
static int
fits(const char *name, size_t n, const char *heard, size_t m)
{
	size_t i, k = 0;
	char c;

	for (i = 0; i < n; i++) {
		c = name[i] >= 'a' ? (char)(name[i] - 'a' + 'A') : name[i];
		if (k < m &&
		    (heard[k] == c || (c == 'S' && heard[k] == 'T') ||
			(c == 'M' && heard[k] == 'N') || (c == 'F' && heard[k] == 'H')))
			k++;
		else if (name[i] < 'a')
			return 0;
	}
	return k == m;
}

static int
is_heard_at(const struct scrub_foreign *p, const struct scrub_view *w, size_t a, size_t b)
{
	char heard[HEARD_MAX];
	size_t i, n = 0;
	char c;

	for (i = a; i < b; i++) {
		c = kana_heard(w->v[i].c);
		if (c == '?')
			return 0;
		if (c == 0 || (n > 0 && heard[n - 1] == c && i > a &&
				  kana_heard(w->v[i - 1].c) == c && c != 'N'))
			continue;
		if (n == HEARD_MAX)
			return 0;
		heard[n++] = c;
	}
	if (is_vowel((uint32_t)p->first) != (kana_heard(w->v[a].c) == 0) &&
	    p->first != 'w' && p->first != 'y' && p->first != 'h')
		return 0;
	return n > 0 && fits(p->row, p->n, heard, n);
}

static size_t
run_end(const struct scrub_view *w, size_t i)
{
	while (i < w->n && w->v[i].cls == CLASS_KATAKANA && w->v[i].c != U'・')
		i++;
	return i;
}

static int
any_at(const struct scrubber *s, const struct scrub_view *w, size_t a, size_t b,
    int family_only)
{
	size_t k;

	for (k = 0; k < s->foreigners; k++)
		if ((!family_only || (s->foreign[k].family && s->foreign[k].n >= 2)) &&
		    is_heard_at(&s->foreign[k], w, a, b))
			return 1;
	return 0;
}

static int
is_joint(uint32_t c)
{
	return c == U'・' || c == '=' || c == ' ' || c == U'゠' || c == '.';
}

/* Where the names end that are joined to the first at [a, b); b when there is none. */
static size_t
joined_end(const struct scrubber *s, const struct scrub_view *w, size_t a, size_t b)
{
	size_t c;

	if (b + 2 >= w->n || !is_joint(w->v[b].c) || !any_at(s, w, a, b, 0))
		return b;
	while (b + 2 < w->n && is_joint(w->v[b].c)) {
		c = run_end(w, b + 1);
		if (c < b + 3 || !any_at(s, w, b + 1, c, 0))
			break;
		b = c;
	}
	return b;
}

void
scrub_find_foreign(
    const struct scrubber *s, const struct scrub_view *w, struct scrub_hits *h)
{
	size_t a, b, c, k, next;

	for (a = 0; s->foreigners > 0 && a < w->n; a = next) {
		b = run_end(w, a);
		next = b > a ? b : a + 1;
		if (b < a + 2)
			continue;
		/* Two names beside each other, or one before a title. */
		c = joined_end(s, w, a, b);
		if (c > b) {
			scrub_hits_add(h, a, c, RULE_PERSON);
			next = c;
			continue;
		}
		k = b < w->n && w->v[b].c == ' ' ? b + 1 : b;
		if (b > a + 2 && scrub_title_at(w, k) > 0 && any_at(s, w, a, b, 1))
			scrub_hits_add(h, a, b, RULE_PERSON);
	}
}
