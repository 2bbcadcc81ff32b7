/* SPDX-License-Identifier: Apache-2.0 */
/* Where the family name of somebody registered stands as only a name can. */
#include "proto/scrub_own.h"

static int
is_edge(const struct scrub_view *w, size_t i)
{
	return i == 0 ||
	       (!scrub_is_japanese(&w->v[i - 1]) && !scrub_is_alnum(&w->v[i - 1]));
}

static int
begins_line(const struct scrub_view *w, size_t i)
{
	while (i > 0 && w->v[i - 1].c != '\n' &&
	       (w->v[i - 1].cls == CLASS_SPACE || scrub_is_in(U"・-*>", w->v[i - 1].c)))
		i--;
	return i == 0 || w->v[i - 1].c == '\n';
}

static int
is_desu(const struct scrub_view *w, size_t i)
{
	return i + 1 < w->n && w->v[i].c == U'で' && w->v[i + 1].c == U'す';
}

/* "さえきです", "はさえき課長", "さくらばやし招集" */
static int
is_called_in_kana(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;
	size_t at = b < w->n && v[b].cls == CLASS_SPACE ? b + 1 : b;

	if (b - a < 3)
		return b - a == 2 && begins_line(w, a) && is_desu(w, b) &&
		       (b + 2 == w->n || !scrub_is_japanese(&v[b + 2]));
	if (!is_edge(w, a))
		return v[a - 1].cls == CLASS_HIRAGANA &&
		       scrub_is_in(U"はがをにでともやへら", v[a - 1].c) &&
		       scrub_title_at(w, at) > 0;
	return is_desu(w, b) || (b - a > 3 && b < w->n && v[b].cls == CLASS_KANJI);
}

/* "森です", "関より、", "泉:「" at the beginning of a line: one kanji is seldom the whole
 * word there. */
static int
is_called_by_one(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;

	if (b + 1 >= w->n || !begins_line(w, a))
		return 0;
	if (v[b].c == ':')
		return v[b + 1].c == U'「' ||
		       !scrub_is_in(U"東西南北上中下大小海空川山火水木金土", v[a].c);
	return (is_desu(w, b) || (v[b].c == U'よ' && v[b + 1].c == U'り')) &&
	       (b + 2 == w->n || !scrub_is_japanese(&v[b + 2]));
}

/* "佐久間到着": what begins with a long name is no other word, unless it is a place. */
static int
is_called_by_three(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;

	return (a == 0 || v[a - 1].cls != CLASS_KANJI) && b + 1 < w->n &&
	       v[b].cls == CLASS_KANJI && v[b + 1].cls == CLASS_KANJI &&
	       !scrub_is_in(
		   U"川山橋町村島谷池峠岳坂台丘原浜港駅線堤沢湾岬市区郡県府", v[b].c) &&
	       scrub_absorb_japanese(w, b) == b;
}

int
scrub_is_called(const struct scrub_view *w, size_t a, size_t b)
{
	switch (w->v[a].cls) {
	case CLASS_HIRAGANA:
		return is_called_in_kana(w, a, b);
	case CLASS_KANJI:
		return b - a == 1   ? is_called_by_one(w, a, b)
		       : b - a == 3 ? is_called_by_three(w, a, b)
				    : 0;
	default:
		return 0;
	}
}

/* "御手洗い": the rest of a word in hiragana. */
int
scrub_is_called_else(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;

	return b - a == 3 && b < w->n && v[b].c == U'い' && v[b - 1].cls == CLASS_KANJI &&
	       (b + 1 == w->n || v[b + 1].cls != CLASS_HIRAGANA ||
		   scrub_is_in(U"はがをにでのともやへ", v[b + 1].c));
}

/* "アオゾラポイント": what is sold or shown under a name in katakana. */
int
scrub_begins_offer(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"アカウント", U"アプリ", U"カード",
		U"カスタマー", U"クラブ", U"サイト", U"サービス", U"サポート",
		U"ショップ", U"ストア", U"チケット", U"チャット", U"ニュース", U"ネット",
		U"ヘルプ", U"ホームページ", U"ポイント", U"ポータル", U"メイト",
		U"メンバー" };
	size_t k;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		if (scrub_text_at(w, i, words[k]) > 0)
			return 1;
	}
	return 0;
}
