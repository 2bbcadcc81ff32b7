/* SPDX-License-Identifier: Apache-2.0 */
/* Spellings of names in Latin letters, and of domains. */
#include "proto/scrub_find.h"

enum { SPELLING_MAX = 256 };

static int
is_list(enum scrub_list l, const struct scrub_cp *v, size_t n)
{
	return scrub_word_is_view(l, v, 0, n);
}

static size_t
count_letters(const struct scrub_cp *v, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (v[i].cls == CLASS_LATIN)
			k++;
	return k;
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
	size_t i, n = w->w[a].n, japanese = 0;
	unsigned flags = TERM_LATIN | TERM_ABSORB | TERM_CODE;
	int r;

	if (b - a == 1 && (n < 4 || is_list(WORDS_COMMON_EN, v, n)))
		flags = TERM_LATIN | TERM_ABSORB | TERM_CAPITAL | TERM_SUFFIX | TERM_WEAK;
	else if (b - a == 1 && w->n > 1)
		/* Whole name and domain are refused in indicators; this one word of the
		 * name may be anybody's there. */
		flags |= TERM_WEAK | (is_romaji(v, n) ? 0 : TERM_CAPITAL);
	else if (b - a == 1 && !is_romaji(v, n))
		flags |= TERM_CAPITAL;
	r = add_words(s, w, a, b, rule, flags);
	for (i = a; i < b; i++)
		japanese += is_romaji(w->w[i].v, w->w[i].n) ? 1 : 0;
	for (i = a; r == 0 && b - a > 1 && i < b; i++) {
		if (w->w[i].n < 5 || !is_romaji(w->w[i].v, w->w[i].n) ||
		    is_list(WORDS_COMMON_EN, w->w[i].v, w->w[i].n))
			continue;
		r = scrub_term_add(s, w->w[i].v, w->w[i].n, rule,
		    TERM_LATIN | TERM_ABSORB | TERM_CODE | TERM_CAPITAL | TERM_WEAK);
		/* Half of a Japanese name may be another's; all of it is not. */
		if (r == 0 && japanese == 1)
			r = add_kana(s, w->w[i].v, w->w[i].n, rule);
	}
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

/* "Aozora Chuo" of "Aozora Chuo Hospital": the name and some words of the trade after it,
 * joined, and in kana as far as they are Japanese. */
static int
add_with_trade(
    struct scrubber *s, const struct words *w, size_t a, size_t b, enum scrub_rule rule)
{
	unsigned flags = TERM_LATIN | TERM_ABSORB | TERM_CODE;
	size_t to;
	int r = 0;

	if (b - a == 1 && is_list(WORDS_COMMON_EN, w->w[a].v, w->w[a].n))
		flags |= TERM_CAPITAL | TERM_WEAK;
	for (to = b + 1; r == 0 && to < w->n; to++)
		r = add_words(s, w, a, to, rule, flags);
	return r;
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
add_name(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct words w;
	size_t k, a, b;
	unsigned flags = TERM_LATIN | TERM_ABSORB;
	int r;

	for (;;) {
		scrub_cp_trim(&v, &n);
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
		r = scrub_tail_add(s, v, n, rule);
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
	if (a > 0 && k == a)
		r = add_after_region(s, &w, a, b, rule);
	else
		r = add_stem_words(s, &w, a, b, rule);
	if (r == 0)
		r = add_with_trade(s, &w, k == a ? 0 : a, b, rule);
	/* "JA Akane Nishi" is Akane Nishi too. */
	if (r == 0 && a == 0 && b > 1 && w.w[0].n < 4 && is_acronym(w.w[0].v, w.w[0].n))
		r = add_stem_words(s, &w, 1, b, rule);
	return r;
}

/* "SMH" is S.M.H., S M H, S-M-H, S. M. H. and S/M/H too. */
static int
add_dotted(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	static const char32_t *const signs[] = { U".", U" ", U". ", U"/" };
	struct scrub_cp c[18];
	size_t i, k, j, m;
	int r = 0;

	if (n < 3 || n > 6)
		return 0;
	for (i = 0; i < n; i++)
		if (v[i].cls != CLASS_LATIN || (v[i].flags & CP_UPPER) == 0)
			return 0;
	for (k = 0; r == 0 && k < sizeof signs / sizeof signs[0]; k++) {
		for (m = i = 0; i < n; i++) {
			c[m++] = v[i];
			for (j = 0; i + 1 < n && signs[k][j] != 0; j++) {
				uint32_t sign = signs[k][j];

				scrub_cp_fill(&c[m++], &sign, 1);
			}
		}
		r = scrub_term_add(s, c, m, rule,
		    TERM_EXACT | TERM_LATIN | TERM_WEAK |
			(k > 0 ? TERM_CAPITAL | TERM_LETTERS : 0));
	}
	return r;
}

/* "SMH" as it is read out, エスエムエイチ. */
static int
add_letter_names(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	static const char32_t *const names[2][26] = {
		{ U"エー", U"ビー", U"シー", U"ディー", U"イー", U"エフ", U"ジー",
		    U"エイチ", U"アイ", U"ジェー", U"ケー", U"エル", U"エム", U"エヌ",
		    U"オー", U"ピー", U"キュー", U"アール", U"エス", U"ティー", U"ユー",
		    U"ブイ", U"ダブリュー", U"エックス", U"ワイ", U"ゼット" },
		{ U"エイ", NULL, NULL, U"デー", NULL, NULL, NULL, U"エッチ", NULL,
		    U"ジェイ", U"ケイ", NULL, NULL, U"エン", NULL, NULL, NULL, NULL, NULL,
		    NULL, NULL, U"ヴイ", U"ダブル", NULL, NULL, NULL },
	};
	const char32_t *a, *b, *p;
	uint32_t kana[6 * 5];
	struct scrub_cp c[6 * 5];
	size_t i, m;
	unsigned ways;
	int r = 0;

	if (n < 3 || n > 6)
		return 0;
	for (i = 0; i < n; i++)
		if (v[i].c < 'a' || v[i].c > 'z' || (v[i].flags & CP_UPPER) == 0)
			return 0;
	/* Each letter in either way. */
	for (ways = 0; r == 0 && ways < 1u << n; ways++) {
		for (i = m = 0; i < n; i++) {
			a = names[0][v[i].c - 'a'];
			b = names[1][v[i].c - 'a'];
			if ((ways >> i & 1) != 0 && b == NULL)
				break;
			for (p = (ways >> i & 1) != 0 ? b : a; *p != 0; p++)
				kana[m++] = *p;
		}
		if (i < n)
			continue;
		scrub_cp_fill(c, kana, m);
		r = scrub_term_add(s, c, m, rule, TERM_EDGES | TERM_WEAK);
	}
	return r;
}

/* Words of names that are spelled in other ways. */
static const struct {
	const char32_t *word, *other;
} spellings[] = { { U"center", U"centre" }, { U"centre", U"center" },
	{ U"harbor", U"harbour" }, { U"harbour", U"harbor" },
	{ U"international", U"int'l" }, { U"international", U"intl" } };

/* The whole name with one word of it spelled in another way. */
static int
add_respelled(struct scrubber *s, const struct scrub_cp *v, size_t n,
    const struct words *w, size_t i, const char32_t *other, enum scrub_rule rule)
{
	struct scrub_cp c[SPELLING_MAX];
	uint32_t sign;
	size_t k = (size_t)(w->w[i].v - v), rest = k + w->w[i].n;

	if (n + 8 > SPELLING_MAX || rest > n)
		return 0;
	memcpy(c, v, k * sizeof *c);
	for (; *other != 0; other++) {
		sign = *other;
		scrub_cp_fill(&c[k++], &sign, 1);
	}
	memcpy(c + k, v + rest, (n - rest) * sizeof *c);
	return scrub_term_add(
	    s, c, k + n - rest, rule, TERM_LATIN | TERM_ABSORB | TERM_CODE);
}

static int
add_spellings(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct words w;
	size_t i, k, m;
	int r = 0;

	split(v, n, &w);
	for (i = 1; r == 0 && i < w.n; i++)
		for (k = 0; r == 0 && k < sizeof spellings / sizeof spellings[0]; k++) {
			if (!is_word(&w, i, spellings[k].word))
				continue;
			/* With the form of incorporation left on it is absorbed. */
			m = scrub_word_before(WORDS_CORPORATE_EN, v, n);
			m = m > 0 && m + 2 < n && v[n - m - 1].c == ' ' ? n - m - 1 : n;
			while (m > 0 && (v[m - 1].c == ' ' || v[m - 1].c == ','))
				m--;
			r = add_respelled(s, v, m, &w, i, spellings[k].other, rule);
		}
	return r;
}

/* "Children's" is Childrens too, "A & B" is A and B. */
int
scrub_name_add_latin(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	static const uint32_t and[] = { 'a', 'n', 'd' };
	struct scrub_cp c[SPELLING_MAX];
	size_t i, k = 0;
	int r, other = 0;

	r = add_name(s, v, n, rule);
	if (r == 0)
		r = add_dotted(s, v, n, rule);
	if (r == 0)
		r = add_letter_names(s, v, n, rule);
	if (r == 0)
		r = add_spellings(s, v, n, rule);
	for (i = 0; i < n && k + 3 <= SPELLING_MAX; i++) {
		other |= v[i].c == '\'' || v[i].c == '&';
		if (v[i].c == '&') {
			scrub_cp_fill(c + k, and, 3);
			k += 3;
		} else if (v[i].c != '\'') {
			c[k++] = v[i];
		}
	}
	return r == 0 && other && i == n ? add_name(s, c, k, rule) : r;
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
		    is_list(WORDS_TECH_EN, v, n) || count_letters(v, n) < 3)
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
