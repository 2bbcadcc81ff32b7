/* SPDX-License-Identifier: Apache-2.0 */
/* What stands around a name and belongs to it: forms of incorporation, the trade. */
#include "proto/scrub_find.h"

enum { ABSORB_REACH = 48, SPELLING_MAX = 24 };

/* A word of the trade in romaji, whichever way its long vowels are written. */
static size_t
romaji_trade_at(const struct scrub_view *w, size_t i)
{
	uint32_t c, last = 0, latin[SPELLING_MAX];
	size_t k, n = 0;

	for (k = i; k < w->n && k - i < SPELLING_MAX && w->v[k].cls == CLASS_LATIN; k++) {
		c = scrub_plain_letter(w->v[k].c);
		if (last == 'o' && (c == 'u' || c == 'o'))
			continue;
		if (last == 'u' && c == 'u')
			continue;
		latin[n++] = last = c;
	}
	return n > 1 && scrub_word_is(WORDS_GENERIC_EN, latin, n) ? k - i : 0;
}

/* English words of the trade and forms of incorporation after a name. */
size_t
scrub_absorb_latin(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;
	size_t n = w->n, most = b + ABSORB_REACH, at, k;
	int trade, abbreviated = 0; /* "Univ. Hospital" goes on */

	while (b < most) {
		at = b;
		while (at < n && at < b + 2 &&
		       (v[at].c == ' ' || v[at].c == ',' || v[at].c == '-'))
			at++;
		if (at == b || at >= n ||
		    ((v[at].flags & CP_UPPER) == 0 &&
			(v[b].c != '-' || (v[a].flags & CP_UPPER) == 0)))
			return b;
		k = scrub_word_at(WORDS_CORPORATE_EN, v, n, at);
		/* "..., City of ..." goes on with something else, and so does a sentence
		 * behind "Ltd.". */
		trade = v[b].c != ',' && (v[b - 1].c != '.' || abbreviated);
		abbreviated = k == 0;
		if (k == 0 && trade)
			k = scrub_word_at(WORDS_GENERIC_EN, v, n, at);
		if (k == 0 || (at + k < n && scrub_is_alnum(&v[at + k])))
			k = trade ? romaji_trade_at(w, at) : 0;
		if (k == 0 || (at + k < n && scrub_is_ascii_alnum(v[at + k].c)))
			return b;
		b = at + k;
	}
	return b;
}

/* One-letter words of the trade that begin another word. */
static int
is_other_word(const struct scrub_view *w, size_t b)
{
	static const char32_t *const words[] = { U"市場", U"市販", U"市況", U"会議",
		U"会社", U"会員", U"会場", U"会見", U"会話", U"会計", U"線路", U"線量",
		U"区間", U"区分", U"区域", U"区別", U"局面", U"局所", U"町民", U"村民",
		U"府民", U"県警", U"市民", U"研究", U"研修", U"研磨" };
	size_t i;

	if (b + 1 >= w->n)
		return 0;
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (w->v[b].c == words[i][0] && w->v[b + 1].c == words[i][1])
			return 1;
	return 0;
}

/* A word of the trade in kana, behind a name in kana, in kanji or in letters. */
static size_t
kana_trade_at(const struct scrub_view *w, size_t i)
{
	struct scrub_cp v[SPELLING_MAX];
	size_t n, k;

	if (i == 0 || i >= w->n ||
	    (w->v[i].cls != w->v[i - 1].cls && w->v[i - 1].cls != CLASS_KANJI &&
		w->v[i - 1].cls != CLASS_LATIN && w->v[i - 1].cls != CLASS_SPACE) ||
	    (w->v[i].cls != CLASS_HIRAGANA && w->v[i].cls != CLASS_KATAKANA))
		return 0;
	for (n = 0; n < SPELLING_MAX && i + n < w->n && w->v[i + n].cls == w->v[i].cls;
	     n++) {
		v[n] = w->v[i + n];
		if (v[n].c >= 0x30A1 && v[n].c <= 0x30F6)
			v[n].c -= 0x60;
	}
	k = scrub_word_at(WORDS_KANA_TRADE, v, n, 0);
	if (w->v[i].cls == w->v[i - 1].cls)
		return k;
	/* Behind others a short word in hiragana is grammar, and katakana that goes on
	 * with something else is another word. */
	if (w->v[i].cls == CLASS_HIRAGANA)
		return k < 4 ? 0 : k;
	return k == n || scrub_word_at(WORDS_KANA_TRADE, v, n, k) > 0 ? k : 0;
}

/* "アオゾラ CHUO": a word of the trade in romaji behind a name in Japanese. */
static size_t
letters_at(const struct scrub_view *w, size_t i)
{
	uint32_t latin[SPELLING_MAX], kana[SPELLING_MAX];
	size_t k, n;

	if (i == 0 || i >= w->n || !scrub_is_japanese(&w->v[i - 1]) ||
	    (w->v[i].flags & CP_UPPER) == 0)
		return 0;
	k = romaji_trade_at(w, i);
	for (n = 0; n < k; n++)
		latin[n] = scrub_plain_letter(w->v[i + n].c);
	return k < 4 || scrub_kana_of(latin, k, kana, SPELLING_MAX) < 2 ||
		       scrub_word_is_view(WORDS_COMMON_EN, w->v, i, i + k)
		   ? 0
		   : k;
}

/* "イザヨイ南": the quarter of the compass, whose reading is part of a name in kana. */
static size_t
quarter_at(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;

	if (i == 0 || i >= w->n || !scrub_is_in(U"東西南北", v[i].c) ||
	    (v[i - 1].cls != CLASS_KATAKANA && v[i - 1].cls != CLASS_HIRAGANA))
		return 0;
	return i + 1 == w->n || v[i + 1].cls != CLASS_KANJI ||
	       scrub_word_at(WORDS_ABSORB_JA, v, w->n, i + 1) > 1;
}

size_t
scrub_absorb_japanese(const struct scrub_view *w, size_t b)
{
	size_t most = b + ABSORB_REACH, k, at;

	while (b < most) {
		at = b;
		if (at < w->n && w->v[at].cls == CLASS_SPACE)
			at++;
		k = scrub_word_at(WORDS_CORPORATE_JA, w->v, w->n, at);
		if (k > 0) {
			b = at + k;
			continue;
		}
		k = scrub_word_at(WORDS_ABSORB_JA, w->v, w->n, b);
		if (k == 0)
			k = kana_trade_at(w, b);
		if (k == 0)
			k = quarter_at(w, b);
		if (k == 0)
			k = letters_at(w, b);
		/* "ｱｵｿﾞﾗ ﾁｭｳｵｳ ﾋﾞｮｳｲﾝ" */
		if (k == 0 && at > b && w->v[b - 1].cls == CLASS_KATAKANA) {
			k = kana_trade_at(w, at);
			k += k > 0 ? at - b : 0;
		}
		if (k == 0 || (k == 1 && is_other_word(w, b)))
			return b;
		b += k;
	}
	return b;
}

size_t
scrub_absorb_before(const struct scrub_view *w, size_t a)
{
	const struct scrub_cp *v = w->v;
	size_t k, at, times;

	for (times = 0; times < 4; times++) {
		at = a;
		if (at > 0 && v[at - 1].cls == CLASS_SPACE)
			at--;
		/* What forms of incorporation and prefectures end with. */
		k = 0;
		if (at > 0 && scrub_is_in(U"社人合団)", v[at - 1].c))
			k = scrub_word_before(WORDS_CORPORATE_JA, v, at);
		if (k == 0 && a > 0 && scrub_is_in(U"県都府道", v[a - 1].c)) {
			at = a;
			k = scrub_word_before(WORDS_PREFECTURE_JA, v, a);
		}
		if (k == 0)
			break;
		a = at - k;
	}
	return a;
}
