/* SPDX-License-Identifier: Apache-2.0 */
/* Spellings of names of organisations and places, in Japanese. */
#include "proto/scrub_find.h"

enum { SPELLING_MAX = 256, DEPTH_MAX = 4 };

static int add_part(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, int depth);

static size_t
count_class(const struct scrub_cp *v, size_t n, enum scrub_class c)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (v[i].cls == c)
			k++;
	return k;
}

static size_t
count_japanese(const struct scrub_cp *v, size_t n)
{
	return count_class(v, n, CLASS_KANJI) + count_class(v, n, CLASS_HIRAGANA) +
	       count_class(v, n, CLASS_KATAKANA);
}

static int
is_list(enum scrub_list l, const struct scrub_cp *v, size_t n)
{
	return scrub_word_is_view(l, v, 0, n);
}

/* How carefully a Japanese spelling must be looked at. */
static unsigned
care_ja(const struct scrub_cp *v, size_t n)
{
	size_t kana =
	    count_class(v, n, CLASS_HIRAGANA) + count_class(v, n, CLASS_KATAKANA);

	if (is_list(WORDS_COMMON_JA, v, n) || is_list(WORDS_REGION_JA, v, n))
		return TERM_SUFFIX | TERM_WEAK;
	if (n <= 2 || (kana == n && n <= 5))
		return TERM_EDGES | TERM_WEAK;
	return 0;
}

/* A stem in kana is also written in romaji. */
static int
add_romaji(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule,
    unsigned care)
{
	uint32_t kana[SPELLING_MAX / 2], latin[SPELLING_MAX];
	struct scrub_cp c[SPELLING_MAX];
	unsigned flags = TERM_LATIN | TERM_ABSORB | TERM_CODE;
	size_t i, k;

	if (n < 2 || n > SPELLING_MAX / 2 || (care & TERM_SUFFIX) != 0)
		return 0;
	for (i = 0; i < n; i++)
		kana[i] = v[i].c;
	k = scrub_romaji_of(kana, n, latin, SPELLING_MAX);
	if (k < 4)
		return 0;
	scrub_cp_fill(c, latin, k);
	if (is_list(WORDS_COMMON_EN, c, k) || is_list(WORDS_GENERIC_EN, c, k))
		return 0;
	if (k < 5)
		flags |= TERM_CAPITAL | TERM_WEAK;
	return scrub_term_add(s, c, k, rule, flags);
}

/* "Ke" between kanji in names of places is also read and written "ga". */
static int
add_with_ga(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule,
    unsigned flags)
{
	struct scrub_cp c[SPELLING_MAX];
	size_t i;
	int found = 0;

	if (n > SPELLING_MAX)
		return 0;
	memcpy(c, v, n * sizeof *c);
	for (i = 1; i + 1 < n; i++)
		if ((c[i].c == 0x30F6 || c[i].c == 0x30B1 || c[i].c == 0x304C) &&
		    c[i - 1].cls == CLASS_KANJI && c[i + 1].cls == CLASS_KANJI) {
			found = 1;
			c[i].c = c[i].c == 0x304C ? 0x30B1 : 0x304C;
		}
	return found ? scrub_term_add(s, c, n, rule, flags) : 0;
}

/* "白鷺データセンター" is 白鷺DC. */
static int
add_data_centre(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	static const char32_t whole[] = U"データセンター";
	static const uint32_t brief[] = { 'd', 'c' };
	enum { WHOLE = sizeof whole / sizeof whole[0] - 1 };
	struct scrub_cp c[SPELLING_MAX + 2];
	size_t i;

	if (n < WHOLE + 2 || n > SPELLING_MAX)
		return 0;
	for (i = 0; i < WHOLE; i++)
		if (v[n - WHOLE + i].c != whole[i])
			return 0;
	memcpy(c, v, (n - WHOLE) * sizeof *c);
	scrub_cp_fill(c + n - WHOLE, brief, 2);
	return scrub_term_add(s, c, n - WHOLE + 2, rule, 0);
}

static int
add_spelling_ja(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, unsigned flags)
{
	int r;

	r = scrub_term_add(s, v, n, rule, flags);
	if (r == 0)
		r = add_data_centre(s, v, n, rule);
	return r == 0 ? add_with_ga(s, v, n, rule, flags) : r;
}

/* Takes the words of the trade off both ends: what is left is the name itself. */
static void
stem_ja(const struct scrub_cp **v, size_t *n)
{
	size_t k;

	for (;;) {
		k = scrub_word_before(WORDS_STRIP_JA, *v, *n);
		if (k == 0 || k >= *n)
			break;
		*n -= k;
	}
	for (;;) {
		k = scrub_word_at(WORDS_STRIP_JA, *v, *n, 0);
		if (k < 2 || k >= *n || *n - k < 2)
			break;
		*v += k;
		*n -= k;
	}
}

/* "第3" of a third shed, "なぎ" of a centre called so: they are met everywhere. */
static int
says_little(const struct scrub_cp *v, size_t n, int behind)
{
	size_t i;

	if (behind && n == 2 && v[0].cls != CLASS_KANJI && v[1].cls != CLASS_KANJI)
		return 1;
	for (i = 1; v[0].c == U'第' && i < n; i++)
		if (v[i].cls != CLASS_DIGIT &&
		    !scrub_is_in(U"一二三四五六七八九十", v[i].c))
			return 0;
	return v[0].c == U'第';
}

static int
add_stem_ja(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	const struct scrub_cp *stem = v;
	size_t m = n, k;
	unsigned care;
	int r;

	stem_ja(&stem, &m);
	if (m < 2 || is_list(WORDS_STRIP_JA, stem, m))
		return 0;
	care = care_ja(stem, m);
	if (says_little(stem, m, stem > v))
		return 0;
	/* The second plant is not what it makes. */
	if (stem > v && v[0].c == U'第' &&
	    (m <= 2 || count_class(stem, m, CLASS_KATAKANA) == m))
		care |= TERM_SUFFIX | TERM_WEAK;
	r = add_spelling_ja(s, stem, m, rule, care | TERM_ABSORB);
	if (r == 0)
		r = add_romaji(s, stem, m, rule, care);
	if (r != 0)
		return r;
	/* "Hokuriku Sakura": the region says little, the rest is the name. */
	k = scrub_word_at(WORDS_REGION_JA, stem, m, 0);
	if (k >= 2 && m - k >= 2) {
		r = add_spelling_ja(s, stem + k, m - k, rule,
		    care_ja(stem + k, m - k) | TERM_SUFFIX | TERM_ABSORB | TERM_WEAK);
	}
	return r;
}

static int
is_place_end(uint32_t c)
{
	return c == 0x5E02 || c == 0x753A || c == 0x6751 || c == 0x533A || c == 0x90E1;
}

/* The prefecture and the town that a name begins with. */
static int
add_places(struct scrubber *s, const struct scrub_cp *v, size_t n, int depth)
{
	size_t i, k;
	int r = 0;

	k = scrub_word_at(WORDS_PREFECTURE_JA, v, n, 0);
	for (i = 1; k == 0 && i < 4 && i + 2 < n; i++)
		if (v[i].c == 0x770C && v[i + 1].c != 0x7ACB && v[i + 1].c != 0x55B6 &&
		    v[i + 1].c != 0x6C11 && v[i + 1].c != 0x5E81 && v[i + 1].c != 0x8B66)
			k = i + 1;
	if (k > 0 && n - k >= 2) {
		r = scrub_term_add(s, v, k, RULE_PLACE, TERM_WEAK);
		if (r == 0)
			r = add_part(s, v + k, n - k, RULE_NAME, depth + 1);
		return r;
	}
	for (i = 1; r == 0 && i < n; i++) {
		if (!is_place_end(v[i].c) || is_list(WORDS_STRIP_JA, v, i) ||
		    is_list(WORDS_COMMON_JA, v, i))
			continue;
		r = add_spelling_ja(s, v, i + 1, i + 1 == n ? RULE_NAME : RULE_PLACE,
		    (i < 2 ? TERM_EDGES | TERM_WEAK : 0) | TERM_ABSORB);
		break;
	}
	return r;
}

/* "テトラノード・クラウド" is known as its first part. */
static int
add_first_piece(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	size_t i;

	for (i = 0; i < n && v[i].c != U'・'; i++)
		;
	if (i == n || i < 4 || is_list(WORDS_STRIP_JA, v, i) ||
	    is_list(WORDS_COMMON_JA, v, i))
		return 0;
	return scrub_term_add(s, v, i, rule, TERM_EDGES | TERM_ABSORB | TERM_WEAK);
}

/* Japanese: forms of incorporation off, pieces apart, then name, places and stem. */
static int
add_japanese(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule,
    int depth)
{
	size_t i, k, from = 0;
	unsigned care;
	int r = 0;

	for (;;) {
		scrub_cp_trim(&v, &n);
		k = scrub_word_at(WORDS_CORPORATE_JA, v, n, 0);
		if (k > 0 && k < n) {
			v += k;
			n -= k;
			continue;
		}
		k = scrub_word_before(WORDS_CORPORATE_JA, v, n);
		if (k == 0 || k + 1 >= n)
			break;
		/* A cooperative is called one, as part of its name. */
		r = add_spelling_ja(s, v, n, rule, TERM_ABSORB);
		if (r != 0)
			return r;
		n -= k;
	}
	if (n < 2)
		return 0;
	care = care_ja(v, n);
	if (is_list(WORDS_STRIP_JA, v, n))
		care |= TERM_WEAK | (n < 4 ? TERM_SUFFIX : 0);
	r = scrub_tail_add(s, v, n, rule);
	if (r == 0)
		r = add_spelling_ja(s, v, n, rule, care | TERM_ABSORB);
	for (i = 0; r == 0 && i <= n && depth < DEPTH_MAX; i++) {
		if (i < n && v[i].cls != CLASS_SPACE && v[i].c != '(' && v[i].c != ')' &&
		    v[i].c != '/' && v[i].c != ';')
			continue;
		if (i == n && from == 0)
			break;
		if (i > from)
			r = add_part(s, v + from, i - from, rule, depth + 1);
		from = i + 1;
	}
	if (r != 0 || from > 0)
		return r;
	r = add_first_piece(s, v, n, rule);
	if (r != 0)
		return r;
	r = add_places(s, v, n, depth);
	return r == 0 ? add_stem_ja(s, v, n, rule) : r;
}

static int
add_part(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule,
    int depth)
{
	scrub_cp_trim(&v, &n);
	if (n < 2 || n > SPELLING_MAX || depth > DEPTH_MAX)
		return 0;
	if (count_japanese(v, n) > 0)
		return add_japanese(s, v, n, rule, depth);
	return scrub_name_add_latin(s, v, n, rule);
}

int
scrub_name_add(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	return add_part(s, v, n, rule, 0);
}
