/* SPDX-License-Identifier: Apache-2.0 */
/* Spellings of names of organisations and places, and of domains. */
#include "proto/scrub_parts.h"

enum { SPELLING_MAX = 256, DEPTH_MAX = 4 };

static int add_part(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, int depth);

static void
trim(const struct scrub_cp **v, size_t *n)
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

/* A stem in romaji is also written in kana. */
static int
add_kana(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	uint32_t latin[SPELLING_MAX], kana[SPELLING_MAX];
	struct scrub_cp c[SPELLING_MAX];
	size_t i, k = 0, m;

	for (i = 0; i < n && k < SPELLING_MAX; i++)
		if (v[i].cls == CLASS_LATIN)
			latin[k++] = v[i].c;
		else if (v[i].c != ' ' && v[i].c != '-')
			return 0;
	m = scrub_kana_of(latin, k, kana, SPELLING_MAX);
	if (m < 3)
		return 0;
	scrub_cp_fill(c, kana, m);
	if (is_list(WORDS_COMMON_JA, c, m) || is_list(WORDS_REGION_JA, c, m))
		return 0;
	return scrub_term_add(
	    s, c, m, rule, TERM_EDGES | TERM_ABSORB | (m < 5 ? TERM_WEAK : 0));
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

static int
add_spelling_ja(struct scrubber *s, const struct scrub_cp *v, size_t n,
    enum scrub_rule rule, unsigned flags)
{
	int r;

	r = scrub_term_add(s, v, n, rule, flags);
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

/* Japanese: forms of incorporation off, pieces apart, then name, places and stem. */
static int
add_japanese(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule,
    int depth)
{
	size_t i, k, from = 0;
	unsigned care;
	int r = 0;

	for (;;) {
		trim(&v, &n);
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
	r = add_places(s, v, n, depth);
	return r == 0 ? add_stem_ja(s, v, n, rule) : r;
}

struct words {
	struct {
		const struct scrub_cp *v;
		size_t n;
	} w[16];
	size_t n;
};

static void
split(const struct scrub_cp *v, size_t n, struct words *ret)
{
	size_t i, from = 0;

	ret->n = 0;
	for (i = 0; i <= n && ret->n < 16; i++) {
		if (i < n && v[i].cls != CLASS_SPACE && v[i].c != '-' && v[i].c != ',' &&
		    v[i].c != '_' && v[i].c != '(' && v[i].c != ')')
			continue;
		if (i > from) {
			ret->w[ret->n].v = v + from;
			ret->w[ret->n++].n = i - from;
		}
		from = i + 1;
	}
}

static int
is_romaji(const struct scrub_cp *v, size_t n)
{
	uint32_t latin[64], kana[64];
	size_t i;

	if (n > 64)
		return 0;
	for (i = 0; i < n; i++)
		latin[i] = v[i].c;
	return scrub_kana_of(latin, n, kana, 64) >= 3;
}

/* "Minato Mirai" is also written minatomirai (hyphen and underline are spaces here). */
static int
add_joined(struct scrubber *s, const struct words *w, size_t a, size_t b,
    enum scrub_rule rule, unsigned flags)
{
	struct scrub_cp c[SPELLING_MAX];
	size_t i, n = 0;

	for (i = a; i < b; i++) {
		if (n + w->w[i].n > SPELLING_MAX)
			return 0;
		memcpy(c + n, w->w[i].v, w->w[i].n * sizeof *c);
		n += w->w[i].n;
	}
	return n < 5 ? 0 : scrub_term_add(s, c, n, rule, flags);
}

/* Words a to b as they stand, joined, and in kana. */
static int
add_words(struct scrubber *s, const struct words *w, size_t a, size_t b,
    enum scrub_rule rule, unsigned flags)
{
	const struct scrub_cp *v = w->w[a].v;
	size_t n = (size_t)(w->w[b - 1].v - v) + w->w[b - 1].n;
	int r;

	r = scrub_term_add(s, v, n, rule, flags);
	if (r == 0 && b - a > 1)
		r = add_joined(s, w, a, b, rule, flags);
	if (r == 0 && (flags & TERM_SUFFIX) == 0)
		r = add_kana(s, v, n, rule);
	return r;
}

/* The words before the first of the trade are the name itself. */
static int
add_stem_words(
    struct scrubber *s, const struct words *w, size_t a, size_t b, enum scrub_rule rule)
{
	const struct scrub_cp *v = w->w[a].v;
	size_t i, n = w->w[a].n;
	unsigned flags = TERM_LATIN | TERM_ABSORB | TERM_CODE;
	int r;

	if (b - a == 1 && (n < 4 || is_list(WORDS_COMMON_EN, v, n)))
		flags = TERM_LATIN | TERM_ABSORB | TERM_CAPITAL | TERM_SUFFIX | TERM_WEAK;
	else if (b - a == 1 && !is_romaji(v, n))
		flags |= TERM_CAPITAL;
	r = add_words(s, w, a, b, rule, flags);
	for (i = a; r == 0 && b - a > 1 && i < b; i++)
		if (w->w[i].n >= 5 && is_romaji(w->w[i].v, w->w[i].n) &&
		    !is_list(WORDS_COMMON_EN, w->w[i].v, w->w[i].n))
			r = scrub_term_add(s, w->w[i].v, w->w[i].n, rule,
			    TERM_LATIN | TERM_ABSORB | TERM_CODE | TERM_CAPITAL |
				TERM_WEAK);
	return r;
}

/* "Hokuriku Sakura": behind a region the name is less than the sender's, together with
 * the region it is the sender's. */
static int
add_after_region(
    struct scrubber *s, const struct words *w, size_t a, size_t b, enum scrub_rule rule)
{
	unsigned flags = TERM_LATIN | TERM_ABSORB | TERM_CODE;
	int r;

	r = add_words(s, w, 0, b, rule, flags);
	if (r != 0 || b - a > 1 || w->w[a].n < 4)
		return r;
	flags |= TERM_CAPITAL | TERM_WEAK;
	if (is_list(WORDS_COMMON_EN, w->w[a].v, w->w[a].n))
		flags = (flags | TERM_SUFFIX) & (unsigned)~TERM_CODE;
	return scrub_term_add(s, w->w[a].v, w->w[a].n, rule, flags);
}

static int
is_word(const struct words *w, size_t i, const char32_t *word)
{
	size_t k;

	for (k = 0; k < w->w[i].n && word[k] != 0 && w->w[i].v[k].c == word[k]; k++)
		;
	return k == w->w[i].n && word[k] == 0;
}

/* One word of capitals: an abbreviation. */
static int
is_acronym(const struct scrub_cp *v, size_t n)
{
	size_t i;

	if (n > 6)
		return 0;
	for (i = 0; i < n; i++)
		if (v[i].cls != CLASS_DIGIT && (v[i].flags & CP_UPPER) == 0)
			return 0;
	return 1;
}

static int
add_latin(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct words w;
	size_t k, a, b;
	unsigned flags = TERM_LATIN | TERM_ABSORB;
	int r;

	for (;;) {
		trim(&v, &n);
		k = n > 0 ? scrub_word_before(WORDS_CORPORATE_EN, v, n) : 0;
		if (k == 0 || k + 1 >= n ||
		    (v[n - k - 1].c != ' ' && v[n - k - 1].c != ','))
			break;
		/* With the form left on it is found by what is left, and absorbed. */
		n -= k;
	}
	if (n < 2 || is_list(WORDS_GENERIC_EN, v, n) || is_list(WORDS_TECH_EN, v, n))
		return 0;
	split(v, n, &w);
	if (w.n == 0)
		return 0;
	if (w.n == 1 && is_acronym(v, n))
		return scrub_term_add(s, v, n, rule,
		    TERM_EXACT | TERM_LATIN | TERM_ACRONYM | TERM_CODE |
			(n < 4 ? TERM_WEAK : 0));
	if (w.n == 1 && (n < 4 || is_list(WORDS_COMMON_EN, v, n)))
		flags |= TERM_CAPITAL | TERM_WEAK | TERM_EXACT;
	else if (w.n == 1)
		flags |= TERM_CODE;
	r = scrub_term_add(s, v, n, rule, flags);
	if (r == 0 && w.n > 1)
		r = add_joined(s, &w, 0, w.n, rule, TERM_LATIN | TERM_CODE);
	/* The words before the first of the trade, after "City of" and the like. */
	for (a = 0; a < w.n && is_list(WORDS_GENERIC_EN, w.w[a].v, w.w[a].n); a++)
		;
	for (b = a; b < w.n && !is_list(WORDS_GENERIC_EN, w.w[b].v, w.w[b].n); b++)
		;
	if (r != 0 || a == b)
		return r;
	for (k = 0; k < a && !is_word(&w, k, U"of") && !is_word(&w, k, U"the"); k++)
		;
	return a > 0 && k == a ? add_after_region(s, &w, a, b, rule)
			       : add_stem_words(s, &w, a, b, rule);
}

static int
add_part(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule,
    int depth)
{
	trim(&v, &n);
	if (n < 2 || n > SPELLING_MAX || depth > DEPTH_MAX)
		return 0;
	if (count_japanese(v, n) > 0)
		return add_japanese(s, v, n, rule, depth);
	return add_latin(s, v, n, rule);
}

int
scrub_name_add(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	return add_part(s, v, n, rule, 0);
}

/* The label that was chosen, without what registries and offices put around it. */
static int
add_label(struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	struct words w;
	size_t i;
	int r = 0;

	if (n < 3 || is_list(WORDS_COMMON_EN, v, n) || is_list(WORDS_GENERIC_EN, v, n))
		return 0;
	split(v, n, &w);
	if (n >= 5)
		r = scrub_term_add(s, v, n, RULE_DOMAIN, TERM_LATIN | TERM_CODE);
	if (r == 0 && w.n > 1)
		r = add_joined(s, &w, 0, w.n, RULE_DOMAIN, TERM_LATIN | TERM_CODE);
	for (i = 0; r == 0 && i < w.n; i++) {
		v = w.w[i].v;
		n = w.w[i].n;
		if (is_list(WORDS_GENERIC_EN, v, n) || is_list(WORDS_COMMON_EN, v, n) ||
		    is_list(WORDS_TECH_EN, v, n) || count_class(v, n, CLASS_LATIN) < 3)
			continue;
		if (n >= 5)
			r = scrub_term_add(s, v, n, RULE_DOMAIN,
			    TERM_LATIN | TERM_CODE | TERM_ABSORB |
				(is_romaji(v, n) ? 0 : TERM_CAPITAL) |
				(w.n > 1 ? TERM_WEAK | TERM_CAPITAL : 0));
		else
			r = scrub_term_add(s, v, n, RULE_DOMAIN,
			    TERM_EXACT | TERM_LATIN | TERM_ACRONYM | TERM_CODE |
				TERM_WEAK);
	}
	return r;
}

int
scrub_domain_add(struct scrubber *s, const struct scrub_cp *v, size_t n)
{
	size_t end, from;
	int r;

	while (n > 0 && (v->c == '@' || v->c == '*' || v->c == '.')) {
		v++;
		n--;
	}
	if (n > 4 && scrub_word_at(WORDS_SUFFIX_LABEL, v, n, 0) == 3 && v[0].c == 'w' &&
	    v[3].c == '.') {
		v += 4;
		n -= 4;
	}
	while (n > 0 && v[n - 1].c == '.')
		n--;
	if (n < 4)
		return 0;
	r = scrub_term_add(
	    s, v, n, RULE_DOMAIN, TERM_EXACT | TERM_LATIN | TERM_HOST | TERM_CODE);
	for (end = n; r == 0 && end > 0; end = from > 0 ? from - 1 : 0) {
		for (from = end; from > 0 && v[from - 1].c != '.'; from--)
			;
		if (!is_list(WORDS_SUFFIX_LABEL, v + from, end - from))
			return add_label(s, v + from, end - from);
	}
	return r;
}
