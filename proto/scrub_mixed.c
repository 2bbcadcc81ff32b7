/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names written half in kanji and half in kana.  Which kana belong to which kanji is not
 * known, but a reading leaves few ways: one to three kana for each kanji.
 */
#include "proto/scrub_dense.h"
#include "proto/scrub_terms.h"

/* "水風こども" with "みずかぜ" is "みずかぜこども" too. */
enum {
	KANJI_MIN = 2,
	KANJI_MAX = 5,
	KANA_MIN = 3,
	KANA_MAX = 12,
	EACH_MAX = 3,  /* kana for one kanji */
	SHORT_MAX = 3, /* as short as this only before a word of the trade */
};

struct stem {
	struct scrub_cp v[KANA_MAX];
	size_t n, kanji; /* length, and of the kanji it begins with */
	uint8_t rule;
};

/* 1 when the term is a stem of this script. */
static int
stem_of(const struct scrubber *s, size_t i, int kana, struct stem *ret)
{
	const struct scrub_term *t = &s->term[i];
	size_t k;

	if ((t->flags & (TERM_LATIN | TERM_ABSORB)) != TERM_ABSORB ||
	    t->n < (kana ? KANA_MIN : KANJI_MIN) || t->n > KANA_MAX)
		return 0;
	scrub_cp_fill(ret->v, s->pool + t->at, t->n);
	ret->n = t->n;
	ret->rule = t->rule;
	for (k = 0; k < t->n && ret->v[k].cls == CLASS_KANJI; k++)
		;
	ret->kanji = k;
	if (kana ? k > 0 : k < KANJI_MIN || k > KANJI_MAX)
		return 0;
	for (; k < t->n; k++)
		if (!scrub_is_japanese(&ret->v[k]) || ret->v[k].cls == CLASS_KANJI)
			return 0;
	return 1;
}

static int
add_mixture(struct scrubber *s, const struct stem *a, size_t from, size_t an,
    const struct stem *b, size_t at, uint8_t rule)
{
	struct scrub_cp v[2 * KANA_MAX];
	size_t n = an + b->n - at;

	memcpy(v, a->v + from, an * sizeof *v);
	memcpy(v + an, b->v + at, (b->n - at) * sizeof *v);
	return scrub_term_add(s, v, n, rule,
	    TERM_EDGES | TERM_ABSORB | TERM_WEAK | (n <= SHORT_MAX ? TERM_SUFFIX : 0));
}

/* May so many kana be read for so many kanji? */
static int
fits(size_t kana, size_t kanji)
{
	return kana >= kanji && kana <= EACH_MAX * kanji;
}

static int
add_mixtures(struct scrubber *s, const struct stem *kanji, const struct stem *kana)
{
	size_t j, p;
	int r = 0;

	if (kanji->kanji < kanji->n)
		return fits(kana->n, kanji->kanji) ? add_mixture(s, kana, 0, kana->n,
							 kanji, kanji->kanji, kanji->rule)
						   : 0;
	for (j = 1; j < kanji->n; j++)
		for (p = 1; r == 0 && p < kana->n; p++) {
			if (!fits(p, j) || !fits(kana->n - p, kanji->n - j))
				continue;
			if (p > 1)
				r = add_mixture(s, kana, 0, p, kanji, j, kanji->rule);
			if (r == 0 && kana->n - p > 1)
				r = add_mixture(s, kanji, 0, j, kana, p, kanji->rule);
		}
	return r;
}

/* Half of a name in romaji, and its reading. */
static int
half_of(const struct scrub_term *t, const struct scrubber *s, struct stem *ret)
{
	uint32_t kana[KANA_MAX];

	if (t->flags != (TERM_LATIN | TERM_ABSORB | TERM_CODE | TERM_CAPITAL | TERM_WEAK))
		return 0;
	ret->n = scrub_kana_of(s->pool + t->at, t->n, kana, KANA_MAX);
	ret->rule = t->rule;
	scrub_cp_fill(ret->v, kana, ret->n);
	return ret->n >= KANA_MIN;
}

static int
begins_with(const struct stem *whole, const struct stem *half)
{
	size_t k;

	for (k = 0; k < half->n && k < whole->n && whole->v[k].c == half->v[k].c; k++)
		;
	return k == half->n && k < whole->n &&
	       (whole->rule == RULE_SITE) == (half->rule == RULE_SITE);
}

/* Is there a stem of this script that begins with the half? */
static int
finds_whole(const struct scrubber *s, size_t n, int kana, const struct stem *half,
    struct stem *ret)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (stem_of(s, i, kana, ret) && begins_with(ret, half))
			return 1;
	return 0;
}

/* "白樺バス" of 白樺高原鉄道, Shirakaba Kogen: the sender goes by the first half of its
 * name, so the reading of that half is the sender's too. */
static int
add_half(struct scrubber *s, size_t half, size_t n)
{
	struct stem kanji, kana, whole, reading;
	size_t i;

	if (!half_of(&s->term[half], s, &kana))
		return 0;
	for (i = 0; i < n; i++)
		if (stem_of(s, i, 0, &kanji) && (s->term[i].flags & TERM_SUFFIX) == 0 &&
		    (kanji.rule == RULE_SITE) == (kana.rule == RULE_SITE) &&
		    kanji.kanji == kanji.n && fits(kana.n, kanji.n) &&
		    finds_whole(s, n, 0, &kanji, &whole) &&
		    finds_whole(s, n, 1, &kana, &reading) &&
		    fits(reading.n - kana.n, whole.n - kanji.n))
			return scrub_term_add(s, kana.v, kana.n,
			    (enum scrub_rule)kana.rule,
			    TERM_EDGES | TERM_ABSORB | TERM_WEAK);
	return 0;
}

int
scrub_mixed_add(struct scrubber *s)
{
	struct stem kanji, kana;
	size_t i, k, n = s->terms;
	int r = 0;

	for (i = 0; i < n; i++) {
		if (!stem_of(s, i, 0, &kanji))
			continue;
		for (k = 0; r == 0 && k < n; k++)
			if (stem_of(s, k, 1, &kana) &&
			    (kana.rule == RULE_SITE) == (kanji.rule == RULE_SITE))
				r = add_mixtures(s, &kanji, &kana);
	}
	for (i = 0; r == 0 && i < n; i++)
		r = add_half(s, i, n);
	return r;
}
