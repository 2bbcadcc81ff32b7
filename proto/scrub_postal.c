/* SPDX-License-Identifier: Apache-2.0 */
/* Postal addresses as they are written in Japanese: a town and what follows it up to the
 * number of the house, and the building. */
#include "proto/scrub_find.h"

enum {
	TOWN_MAX = 24,	   /* from the name of the city to the number */
	BACK_MAX = 16,	   /* from the city back to its prefecture */
	BUILDING_MAX = 20, /* from the number to what a building's name ends with */
};

/* The numbers of an address. */
struct blocks {
	size_t groups, units; /* numbers; of them with "chome", "ban" or the like */
	int more;	      /* another name may follow */
};

static uint32_t
at(const struct scrub_view *w, size_t i)
{
	return i < w->n ? w->v[i].c : 0;
}

static int
is_digit(const struct scrub_view *w, size_t i)
{
	return i < w->n && w->v[i].cls == CLASS_DIGIT;
}

static size_t
word_at(const struct scrub_view *w, size_t i, const char32_t *word)
{
	size_t k;

	for (k = 0; word[k] != 0; k++)
		if (at(w, i + k) != word[k])
			return 0;
	return k;
}

/* "3", "三": one number, without what counts it. */
static size_t
figures_at(const struct scrub_view *w, size_t i)
{
	size_t k;

	for (k = 0; is_digit(w, i + k); k++)
		;
	if (k > 0)
		return k <= 5 ? k : 0;
	while (k < 6 &&
	       scrub_is_in(U"〇一二三四五六七八九十百千壱弐参拾", at(w, i + k)) &&
	       at(w, i + k) != 0)
		k++;
	return k;
}

static size_t
unit_at(const struct scrub_view *w, size_t i)
{
	static const char32_t *const units[] = { U"丁目", U"番地先", U"番地", U"番",
		U"号", U"条", U"地割", U"線", U"丁" };
	size_t k, n;

	for (k = 0; k < sizeof units / sizeof units[0]; k++) {
		n = word_at(w, i, units[k]);
		/* "三番町" and "八号線" are names. */
		if (n > 0)
			return n == 1 && scrub_is_in(U"町丁街線車機室目", at(w, i + 1)) &&
				       at(w, i + 1) != 0
				   ? 0
				   : n;
	}
	return 0;
}

/* Are the kanji figures [k, k + n) one of several with "no" between them, as in
 * "九の九の九"? */
static int
is_read_out(const struct scrub_view *w, size_t from, size_t k, size_t n)
{
	if (n == 0)
		return 0;
	/* "五番地八" */
	if (k > from + 2 && at(w, k - 2) == U'番' && at(w, k - 1) == U'地')
		return k + n == w->n || w->v[k + n].cls != CLASS_KANJI;
	return (at(w, k + n) == U'の' && figures_at(w, k + n + 1) > 0) ||
	       (k > from + 1 && at(w, k - 1) == U'の' && n > 0);
}

/* "9丁目9番9号", "9-9-9", "九丁目九番地の九": entries eaten. */
static size_t
blocks_at(const struct scrub_view *w, size_t i, struct blocks *ret)
{
	size_t k = i, n, u;

	ret->more = 0;
	for (;;) {
		n = figures_at(w, k);
		u = n > 0 ? unit_at(w, k + n) : 0;
		if (n == 0 || (u == 0 && !is_digit(w, k) && !is_read_out(w, i, k, n)))
			break;
		ret->groups++;
		k += n + u;
		ret->more = 0;
		if (u > 0) {
			ret->units++;
			ret->more = at(w, k - 1) == U'目' || at(w, k - 1) == U'条';
			if (at(w, k) == ' ' && figures_at(w, k + 1) > 0)
				k++;
		}
		if (scrub_is_in(U"-のノ之ー", at(w, k)) &&
		    (is_digit(w, k + 1) ||
			is_read_out(w, i, k + 1, figures_at(w, k + 1))))
			k++;
		else if (u == 0)
			break;
	}
	return k - i;
}

/* Hiragana that joins the words around it, and is no part of the name of a town. */
static int
is_joint(const struct scrub_view *w, size_t i, int behind_city)
{
	if (i >= w->n || w->v[i].cls != CLASS_HIRAGANA)
		return 0;
	if (!scrub_is_in(
		behind_city ? U"をではにともがへのや" : U"をではにもとへ", w->v[i].c))
		return 0;
	return (behind_city || w->v[i - 1].cls == CLASS_KANJI) &&
	       (i + 1 >= w->n || w->v[i + 1].cls != CLASS_HIRAGANA);
}

/* From behind the city to behind the numbers; 0 when there are none. */
static size_t
street_end(const struct scrub_view *w, size_t i, struct blocks *b)
{
	size_t k = i, n;

	memset(b, 0, sizeof *b);
	while (k < w->n && k < i + TOWN_MAX) {
		n = blocks_at(w, k, b);
		/* "...市の119番" counts or names something else; "市ちの9-9" does not. */
		if (n > 0 && w->v[k - 1].c == U'の' &&
		    (k < i + 2 || w->v[k - 2].cls != CLASS_HIRAGANA))
			return 0;
		k += n;
		if (n > 0 && (!b->more || !scrub_is_japanese(&w->v[k < w->n ? k : 0])))
			return k;
		if (n > 0 && is_joint(w, k, 1))
			return k;
		if (k < w->n && w->v[k].c == ' ' && k + 1 < w->n &&
		    (scrub_is_japanese(&w->v[k + 1]) || is_digit(w, k + 1)))
			k++;
		else if (k < w->n && scrub_is_japanese(&w->v[k]) &&
			 !is_joint(w, k, k == i))
			k++;
		else
			break;
	}
	return b->groups > 0 && b->more ? k : 0;
}

/* Numbers that count something are no numbers of houses. */
static int
is_counted(const struct scrub_view *w, size_t i)
{
	return i < w->n &&
	       scrub_is_in(U"名人件台社日時月年回分秒円%割倍か箇ヶヵ個店本枚校戸"
			   U"世拠列両便度系種段人者歳km",
		   w->v[i].c);
}

static int
is_house(const struct scrub_view *w, size_t from, size_t end, const struct blocks *b,
    int whole)
{
	size_t k = end;

	if (b->units > 0 || b->groups >= 3)
		return 1;
	if (is_counted(w, end))
		return 0;
	if (b->groups == 2)
		return 1;
	/* One number alone: behind prefecture and city and the name of a town. */
	while (k > from && is_digit(w, k - 1))
		k--;
	return whole && k > from && w->v[k - 1].cls != CLASS_HIRAGANA &&
	       !scrub_is_in(U"内約計他全各等第の年月", w->v[k - 1].c) &&
	       (end >= w->n ||
		   (w->v[end].cls != CLASS_KANJI && !scrub_is_alnum(&w->v[end])));
}

/* " 若草タワー12階" behind the numbers. */
static size_t
building_end(const struct scrub_view *w, size_t i)
{
	static const char32_t *const ends[] = { U"ビルヂング", U"ビルディング", U"ビル",
		U"タワー", U"マンション", U"ハイツ", U"コーポ", U"アパート", U"プラザ",
		U"センター", U"会館", U"庁舎", U"スクエア", U"ヒルズ", U"テラス",
		U"レジデンス", U"号館", U"別館", U"本館", U"新館", U"号棟", U"棟" };
	size_t k = i, from, end = i, n, j;

	while (k < w->n && k < i + 2 && (w->v[k].c == ' ' || w->v[k].c == '-'))
		k++;
	from = k;
	if (k < w->n && w->v[k].cls == CLASS_HIRAGANA && k == i)
		return i;
	for (; k < w->n && k < from + BUILDING_MAX &&
	       (scrub_is_japanese(&w->v[k]) || scrub_is_alnum(&w->v[k]) ||
		   w->v[k].c == U'・');
	     k++)
		for (j = 0; j < sizeof ends / sizeof ends[0]; j++) {
			n = word_at(w, k, ends[j]);
			if (n > 0 && k + n > end)
				end = k + n;
		}
	/* The floor, of the building or of the house. */
	k = end;
	if (at(w, k) == ' ')
		k++;
	if (at(w, k) == U'b')
		k++;
	for (n = 0; is_digit(w, k + n) && n < 5; n++)
		;
	if (n == 0)
		return end;
	k += n;
	if (word_at(w, k, U"号室") > 0)
		return k + 2;
	if (at(w, k) == U'階' || at(w, k) == U'号')
		return k + 1;
	if (at(w, k) == 'f')
		return k + (at(w, k + 1) == 'l' ? 2 : 1);
	return end;
}

/* "100-0001 ": a postal code right before i, where it begins. */
static size_t
code_before(const struct scrub_view *w, size_t i)
{
	size_t k = i, n;

	while (k > 0 && i - k < 2 && w->v[k - 1].cls == CLASS_SPACE)
		k--;
	if (k < 8)
		return i;
	for (n = 1; n <= 8; n++)
		if (n == 5 ? w->v[k - n].c != '-' : !is_digit(w, k - n))
			return i;
	k -= 8;
	if (k > 0 && (scrub_is_alnum(&w->v[k - 1]) || w->v[k - 1].c == '-'))
		return i;
	return k;
}

/* "架南県黒瀬市": a prefecture that no list has, before the city whose last letter is
 * at i: where it begins, or i. */
static size_t
unknown_prefecture(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k, p;

	for (p = i; p > 0 && i - p < 8 &&
		    (v[p - 1].cls == CLASS_KANJI || v[p - 1].cls == CLASS_KATAKANA ||
			v[p - 1].cls == CLASS_HIRAGANA) &&
		    v[p - 1].c != U'県';
	     p--)
		;
	if (p < 3 || i - p < 1 || v[p - 1].c != U'県')
		return i;
	for (k = p - 1; k > 0 && p - k < 5 && v[k - 1].cls == CLASS_KANJI; k--)
		;
	/* In kana a sign says where it begins. */
	if (k == p - 1) {
		while (k > 0 && p - k < 7 &&
		       (v[k - 1].cls == CLASS_HIRAGANA || v[k - 1].cls == CLASS_KATAKANA))
			k--;
		if (k > 0 && scrub_is_japanese(&v[k - 1]))
			return i;
	}
	/* "同県", "県" alone and "他県" say nothing. */
	if (p - k < 3 || scrub_word_at(WORDS_MODIFIER_JA, v, p, k) > 0)
		return i;
	return k;
}

/* Where the name of the city begins whose last letter is at i. */
static size_t
city_start(const struct scrub_view *w, size_t i, int *ret_whole)
{
	const struct scrub_cp *v = w->v;
	size_t k, n;

	*ret_whole = 1;
	for (k = i > BACK_MAX ? i - BACK_MAX : 0; k + 2 < i; k++) {
		n = scrub_word_at(WORDS_PREFECTURE_JA, v, i, k);
		if (n > 0)
			return k;
	}
	*ret_whole = 0;
	k = unknown_prefecture(w, i);
	if (k < i)
		return k;
	for (k = i; k > 0 && i - k < 6 &&
		    (v[k - 1].cls == CLASS_KANJI || v[k - 1].cls == CLASS_KATAKANA);
	     k--)
		;
	if (k == i)
		for (; k > 0 && i - k < 5 && v[k - 1].cls == CLASS_HIRAGANA; k--)
			;
	while (
	    k + 1 < i && (n = scrub_word_at(WORDS_MODIFIER_JA, v, i, k)) > 1 && k + n < i)
		k += n;
	return k;
}

/* A postal code where it is said to be one. */
static void
find_code(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	size_t k, n, from;

	k = w->v[i].c == U'〒' ? 1 : word_at(w, i, U"郵便番号");
	if (k == 0)
		return;
	from = w->v[i].c == U'〒' ? i : i + k;
	for (k = i + k;
	     k < w->n && (w->v[k].c == ' ' || w->v[k].c == ':' || w->v[k].c == U'は');
	     k++)
		if (from > i)
			from = k + 1;
	for (n = 0; is_digit(w, k) || at(w, k) == '-'; k++)
		n += is_digit(w, k) ? 1 : 0;
	if (n == 7)
		scrub_hits_add(h, from, k, RULE_PLACE);
}

void
scrub_find_postal(const struct scrub_view *w, struct scrub_hits *h)
{
	struct blocks b;
	size_t i, a, end, done = 0;
	int whole;

	for (i = 0; i < w->n; i++) {
		if (w->v[i].c == U'郵' || w->v[i].c == U'〒')
			find_code(w, i, h);
		if (w->v[i].cls != CLASS_KANJI || i < done || i == 0 ||
		    !scrub_is_in(U"市区町村郡", w->v[i].c) ||
		    !scrub_is_japanese(&w->v[i - 1]))
			continue;
		end = street_end(w, i + 1, &b);
		if (end == 0)
			continue;
		a = city_start(w, i, &whole);
		if (a == i || !is_house(w, i + 1, end, &b, whole))
			continue;
		done = building_end(w, end);
		scrub_hits_add(h, code_before(w, a), done, RULE_PLACE);
	}
}
