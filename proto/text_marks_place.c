/* SPDX-License-Identifier: Apache-2.0 */
/* Places: prefectures, municipalities, stations, street numbers, postal codes. */
#include "proto/text_marks_find.h"

enum { NAME_CPS = 8 }; /* before a suffix */

static int
is_kanji(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
	       c == 0x3005 || c == 0x30F6 || c == 0x30F5;
}

static int
is_katakana(uint32_t c)
{
	return c >= 0x30A1 && c <= 0x30FC;
}

static int
is_hiragana(uint32_t c)
{
	return c >= 0x3041 && c <= 0x3096;
}

static int
is_in(const char32_t *set, uint32_t c)
{
	for (; *set != 0; set++)
		if (*set == c)
			return 1;
	return 0;
}

/* Where the name before a suffix at i begins; i when there is none. */
static size_t
name_before(const struct mark_text *t, size_t from, size_t i)
{
	size_t a = i;
	uint32_t c;

	while (a > from && i - a < NAME_CPS) {
		c = mark_at(t, a - 1);
		if (!is_kanji(c) && !is_katakana(c))
			break;
		if (a < i && is_in(U"県都府郡市", c)) /* another place ends there */
			break;
		a--;
	}
	/* つくば市, さいたま市: a name in hiragana follows no other letter of it. */
	while (a == i || (a < i && is_hiragana(mark_at(t, a)))) {
		if (a == from || i - a == NAME_CPS || !is_hiragana(mark_at(t, a - 1)))
			break;
		a--;
	}
	return a;
}

/* 同市, 各駅 name no place; 市町村 and 都市 neither. */
static int
is_name(const struct mark_text *t, size_t a, size_t i)
{
	size_t k;

	if (a == i)
		return 0;
	if (i - a == 1)
		return is_kanji(mark_at(t, a)) &&
		       !is_in(
			   U"同当本他各全両諸都地学工管街市区町村道駅前", mark_at(t, a));
	if (i - a == 2 && is_in(U"最大小政特", mark_at(t, a)) &&
	    is_in(U"寄都令定", mark_at(t, a + 1)))
		return 0;
	for (k = a; k < i; k++)
		if (!is_in(U"都道府県市区町村郡", mark_at(t, k)) &&
		    !is_hiragana(mark_at(t, k)))
			return 1;
	/* All in hiragana: a name has three letters or more. */
	return i - a >= 3 && is_hiragana(mark_at(t, a)) && is_hiragana(mark_at(t, i - 1));
}

/* A suffix with its name before it. */
static size_t
suffixed(const struct mark_text *t, size_t from, size_t i, size_t *ret_start)
{
	uint32_t c = mark_at(t, i), next = mark_at(t, i + 1);
	size_t a;

	if (!is_in(U"県市区町村郡駅", c))
		return 0;
	if ((c == U'市' && is_in(U"場販況街", next)) ||
	    (c == U'区' && is_in(U"分別間切域画", next)))
		return 0;
	a = name_before(t, from, i);
	if (!is_name(t, a, i))
		return 0;
	*ret_start = a;
	return i + 1;
}

static const struct {
	const char32_t *ja, *en;
} prefectures[] = {
	{ U"北海道", U"hokkaido" },
	{ U"青森", U"aomori" },
	{ U"岩手", U"iwate" },
	{ U"宮城", U"miyagi" },
	{ U"秋田", U"akita" },
	{ U"山形", U"yamagata" },
	{ U"福島", U"fukushima" },
	{ U"茨城", U"ibaraki" },
	{ U"栃木", U"tochigi" },
	{ U"群馬", U"gunma" },
	{ U"埼玉", U"saitama" },
	{ U"千葉", U"chiba" },
	{ U"東京", U"tokyo" },
	{ U"神奈川", U"kanagawa" },
	{ U"新潟", U"niigata" },
	{ U"富山", U"toyama" },
	{ U"石川", U"ishikawa" },
	{ U"福井", U"fukui" },
	{ U"山梨", U"yamanashi" },
	{ U"長野", U"nagano" },
	{ U"岐阜", U"gifu" },
	{ U"静岡", U"shizuoka" },
	{ U"愛知", U"aichi" },
	{ U"三重", U"mie" },
	{ U"滋賀", U"shiga" },
	{ U"京都", U"kyoto" },
	{ U"大阪", U"osaka" },
	{ U"兵庫", U"hyogo" },
	{ U"奈良", U"nara" },
	{ U"和歌山", U"wakayama" },
	{ U"鳥取", U"tottori" },
	{ U"島根", U"shimane" },
	{ U"岡山", U"okayama" },
	{ U"広島", U"hiroshima" },
	{ U"山口", U"yamaguchi" },
	{ U"徳島", U"tokushima" },
	{ U"香川", U"kagawa" },
	{ U"愛媛", U"ehime" },
	{ U"高知", U"kochi" },
	{ U"福岡", U"fukuoka" },
	{ U"佐賀", U"saga" },
	{ U"長崎", U"nagasaki" },
	{ U"熊本", U"kumamoto" },
	{ U"大分県", U"oita" }, /* 大分 alone is "to a large degree" */
	{ U"宮崎", U"miyazaki" },
	{ U"鹿児島", U"kagoshima" },
	{ U"沖縄", U"okinawa" },
};

static int
begins_word(const struct mark_text *t, size_t i)
{
	return i == 0 || (!mark_letter(t, i - 1) && !mark_digit(t, i - 1));
}

static size_t
prefecture(const struct mark_text *t, size_t i)
{
	size_t k, n;

	for (k = 0; k < sizeof prefectures / sizeof prefectures[0]; k++) {
		n = mark_word(t, i, prefectures[k].ja);
		if (n > 0)
			return n + (is_in(U"都府県", mark_at(t, i + n)) ? 1 : 0);
		n = mark_capital(t, i) && begins_word(t, i)
			? mark_word(t, i, prefectures[k].en)
			: 0;
		if (n > 0 && !mark_letter(t, i + n))
			return n;
	}
	return 0;
}

/* Aozora City, City of Aozora, Aozora-shi; i is the first letter of a word. */
static size_t
english_place(const struct mark_text *t, size_t i)
{
	static const char32_t *const behind[] = { U"city", U"ward", U"town", U"village",
		U"prefecture", U"station", U"district", NULL };
	static const char32_t *const before[] = { U"city of ", U"town of ",
		U"village of ", NULL };
	static const char32_t *const joined[] = { U"shi", U"ku", U"cho", U"machi",
		U"mura", U"gun", U"ken", U"fu", U"to", NULL };
	size_t n, k, m;

	k = mark_any(t, i, before);
	for (n = i + k; mark_letter(t, n) || mark_at(t, n) == '\''; n++)
		continue;
	if (!mark_capital(t, i + k) || n < i + k + 3)
		return 0;
	if (k > 0)
		return n;
	if (mark_at(t, n) == '-') {
		m = mark_any(t, n + 1, joined);
		return m > 0 && !mark_letter(t, n + 1 + m) ? n + 1 + m : 0;
	}
	m = mark_at(t, n) == ' ' ? mark_any(t, n + 1, behind) : 0;
	return m > 0 && !mark_letter(t, n + 1 + m) ? n + 1 + m : 0;
}

/* 〒100-0001, 100-0001, 3丁目, 12番地 */
static size_t
numbered(const struct mark_text *t, size_t i)
{
	static const char32_t *const behind[] = { U"丁目", U"番地", NULL };
	size_t sign = mark_at(t, i) == 0x3012 ? 1 : 0, n, m;

	if (i > 0 &&
	    (mark_digit(t, i - 1) || mark_at(t, i - 1) == '-' || mark_letter(t, i - 1)))
		return 0;
	if (sign > 0 && mark_at(t, i + 1) == ' ')
		sign = 2;
	for (n = 0; mark_digit(t, i + sign + n) && n < 9; n++)
		continue;
	if (n == 3 && mark_at(t, i + sign + 3) == '-') {
		for (m = 0; mark_digit(t, i + sign + 4 + m) && m < 9; m++)
			continue;
		if (m == 4 && mark_at(t, i + sign + 8) != '-')
			return i + sign + 8;
	}
	if (sign > 0)
		return n == 7 ? i + sign + 7 : 0;
	m = n > 0 ? mark_any(t, i + n, behind) : 0;
	return m > 0 ? i + n + m : 0;
}

size_t
mark_place(const struct mark_text *t, size_t from, size_t i, size_t *ret_start)
{
	uint32_t c = mark_at(t, i);
	size_t n;

	*ret_start = i;
	if (mark_digit(t, i) || c == 0x3012)
		return numbered(t, i);
	n = mark_letter(t, i) && begins_word(t, i) ? english_place(t, i) : 0;
	if (n > 0)
		return n;
	n = prefecture(t, i);
	if (n > 0)
		return i + n;
	return suffixed(t, from, i, ret_start);
}
