/* SPDX-License-Identifier: Apache-2.0 */
/* Names of places: plants, and towns behind their prefecture. */
#include "proto/scrub_find.h"

enum { NAME_CPS = 40 };

static int
is_kanji(const struct scrub_view *w, size_t i)
{
	return i < w->n && w->v[i].cls == CLASS_KANJI;
}

/* A place that is named once is looked for in all texts, with other words behind it. */
static void
learn(const struct scrub_view *w, size_t a, size_t b, struct scrub_hits *h,
    struct scrub_finds *f)
{
	scrub_hits_add(h, a, b, RULE_PLACE);
	if (b - a <= NAME_CPS)
		scrub_finds_add(f, TERM_SITE, w->v + a, b - a);
}

/* "霧が峰" as part of a name, and not a subject and what it does. */
static int
is_inner_ga(const struct scrub_view *w, size_t i)
{
	return i > 1 && w->v[i].c == U'が' && is_kanji(w, i - 1) && is_kanji(w, i + 1) &&
	       !(is_kanji(w, i - 2) && is_kanji(w, i - 3));
}

/* The name in hiragana before i: where it begins, or i. */
size_t
scrub_hiragana_name(const struct scrub_view *w, size_t i)
{
	static const enum scrub_list l = WORDS_KANA_JA;
	const struct scrub_cp *v = w->v;
	size_t a = i;

	while (a > 0 && i - a < 9 && v[a - 1].cls == CLASS_HIRAGANA)
		a--;
	if (a > 0 && (v[a - 1].cls == CLASS_KANJI || v[a - 1].cls == CLASS_KATAKANA ||
			 v[a - 1].cls == CLASS_HIRAGANA)) {
		/* The end of another word: only behind a particle. */
		if (!scrub_is_in(U"のはがでにをもとや", v[a].c))
			return i;
		a++;
	}
	if (i < a + 3 || scrub_word_before(l, v, i) > 0 ||
	    (v[i - 1].c == U'な' && v[i - 2].c == U'う')) /* "...のような" */
		return i;
	return a;
}

/* A named plant: what stands before the word is a name, not a description. */
static void
find_facility(const struct scrub_view *w, size_t i, size_t n, struct scrub_hits *h,
    struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t a = i, end, k;

	end = i;
	while (end > 0 && i - end < 12 &&
	       (k = scrub_word_before(WORDS_MODIFIER_JA, v, end)) > 0)
		end -= k;
	if (end > 0 && v[end - 1].cls == CLASS_HIRAGANA && !is_inner_ga(w, end - 1)) {
		a = scrub_hiragana_name(w, end);
		if (a < end)
			learn(w, a, i + n, h, f);
		return;
	}
	a = end;
	while (a > 0 && end - a < 12 &&
	       (v[a - 1].cls == CLASS_KANJI || v[a - 1].c == 0x30B1 ||
		   is_inner_ga(w, a - 1)))
		a--;
	while (a < end && (k = scrub_word_at(WORDS_MODIFIER_JA, v, end, a)) > 0)
		a += k;
	if (end - a >= 2)
		learn(w, a, i + n, h, f);
}

/* "架空県青空市": a prefecture and the town after it. */
static void
find_town(const struct scrub_view *w, size_t i, size_t n, struct scrub_hits *h,
    struct scrub_finds *f)
{
	size_t k, end = 0;

	for (k = i + n + 1; k < w->n && k < i + n + 10 && scrub_is_japanese(&w->v[k]);
	     k++)
		if (scrub_is_in(U"他各同両当本全", w->v[k - 1].c))
			continue; /* "県内の他市" names none */
		else if (w->v[k].c == U'市' || w->v[k].c == U'町' || w->v[k].c == U'村' ||
			 w->v[k].c == U'区' || w->v[k].c == U'郡')
			end = k + 1;
	if (end > i + n + 1) {
		scrub_hits_add(h, i, end, RULE_PLACE);
		learn(w, i + n, end, h, f);
	}
}

static void
find_facility_en(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	uint32_t latin[NAME_CPS], kana[NAME_CPS];
	size_t n, k;
	int first;

	if (!scrub_capital_word(w, i, &n) || n < 5 || n > NAME_CPS || i + n >= w->n ||
	    w->v[i + n].c != ' ')
		return;
	k = scrub_word_at(WORDS_FACILITY_EN, w->v, w->n, i + n + 1);
	/* A prefecture is nobody's. */
	if (k == 0 || scrub_word_is_view(WORDS_DESK_EN, w->v, i, i + n) ||
	    scrub_word_is_view(WORDS_REGION_EN, w->v, i, i + n))
		return;
	for (k = 0; k < n; k++)
		latin[k] = w->v[i + k].c;
	/* At the beginning of a sentence any word has its capital. */
	first = i < 2 || !scrub_is_alnum(&w->v[i - 2]);
	if (scrub_kana_of(latin, n, kana, NAME_CPS) >= (first ? 4u : 3u))
		learn(w, i, i + n, h, f);
}

/* Most characters begin no word of a list: the lists are asked about the others only. */
static int
begins_facility(uint32_t c)
{
	return scrub_is_in(
	    U"浄配下水変発製ふ埠取ポ車総火原太風揚駐操中送ガヘ信制局油物給開", c);
}

/* Prefectures end in one of four kanji, two or three after their first. */
static int
begins_prefecture(const struct scrub_view *w, size_t i)
{
	return (i + 2 < w->n && scrub_is_in(U"県都府道", w->v[i + 2].c)) ||
	       (i + 3 < w->n && w->v[i + 3].c == U'県');
}

void
scrub_find_place(const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t i, n;

	for (i = 0; i < w->n; i++) {
		if ((v[i].flags & CP_UPPER) != 0) {
			find_facility_en(w, i, h, f);
			n = v[i].c == 'l' && i > 0 && scrub_is_japanese(&v[i - 1])
				? scrub_word_at(WORDS_FACILITY_JA, v, w->n, i)
				: 0;
			if (n > 0)
				find_facility(w, i, n, h, f);
			continue;
		}
		if (!scrub_is_japanese(&v[i]))
			continue;
		n = i > 0 && begins_facility(v[i].c)
			? scrub_word_at(WORDS_FACILITY_JA, v, w->n, i)
			: 0;
		if (n > 0)
			find_facility(w, i, n, h, f);
		n = begins_prefecture(w, i)
			? scrub_word_at(WORDS_PREFECTURE_JA, v, w->n, i)
			: 0;
		if (n > 0)
			find_town(w, i, n, h, f);
	}
}
