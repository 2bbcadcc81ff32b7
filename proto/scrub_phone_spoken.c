/* SPDX-License-Identifier: Apache-2.0 */
/* Telephone numbers digit by digit, as they are read out. */
#include "proto/scrub_phone.h"

enum { DIGITS_MIN = 10, DIGITS_MAX = 11 };

/* The longest of those that begin alike stands first. */
static const struct {
	const char32_t *word;
	uint8_t digit, latin;
} words[] = { { U"ゼロ", 0, 0 }, { U"ぜろ", 0, 0 }, { U"レイ", 0, 0 }, { U"れい", 0, 0 },
	{ U"マル", 0, 0 }, { U"まる", 0, 0 }, { U"イチ", 1, 0 }, { U"いち", 1, 0 },
	{ U"ニイ", 2, 0 }, { U"ニー", 2, 0 }, { U"ニ", 2, 0 }, { U"にい", 2, 0 },
	{ U"にー", 2, 0 }, { U"に", 2, 0 }, { U"サン", 3, 0 }, { U"さん", 3, 0 },
	{ U"ヨン", 4, 0 }, { U"よん", 4, 0 }, { U"シチ", 7, 0 }, { U"しち", 7, 0 },
	{ U"シ", 4, 0 }, { U"し", 4, 0 }, { U"ゴー", 5, 0 }, { U"ゴ", 5, 0 },
	{ U"ごー", 5, 0 }, { U"ご", 5, 0 }, { U"ロク", 6, 0 }, { U"ろく", 6, 0 },
	{ U"ナナ", 7, 0 }, { U"なな", 7, 0 }, { U"ハチ", 8, 0 }, { U"はち", 8, 0 },
	{ U"キュウ", 9, 0 }, { U"キュー", 9, 0 }, { U"きゅう", 9, 0 },
	{ U"きゅー", 9, 0 }, { U"ク", 9, 0 }, { U"く", 9, 0 }, { U"〇", 0, 0 },
	{ U"零", 0, 0 }, { U"○", 0, 0 }, { U"◯", 0, 0 }, { U"一", 1, 0 }, { U"二", 2, 0 },
	{ U"三", 3, 0 }, { U"四", 4, 0 }, { U"五", 5, 0 }, { U"六", 6, 0 },
	{ U"七", 7, 0 }, { U"八", 8, 0 }, { U"九", 9, 0 }, { U"壱", 1, 0 },
	{ U"弐", 2, 0 }, { U"参", 3, 0 }, { U"zero", 0, 1 }, { U"oh", 0, 1 },
	{ U"one", 1, 1 }, { U"two", 2, 1 }, { U"three", 3, 1 }, { U"four", 4, 1 },
	{ U"five", 5, 1 }, { U"six", 6, 1 }, { U"seven", 7, 1 }, { U"eight", 8, 1 },
	{ U"nine", 9, 1 }, { U"o", 0, 2 } };

/* One digit at i, in whatever way; entries eaten. */
static size_t
digit_at(const struct scrub_view *w, size_t i, unsigned *ret_digit)
{
	size_t k, n;

	if (scrub_digit_here(w, i)) {
		*ret_digit = (unsigned)(w->v[i].c - '0');
		return 1;
	}
	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0; words[k].word[n] != 0 && i + n < w->n &&
			    w->v[i + n].c == words[k].word[n];
		     n++)
			;
		if (words[k].word[n] != 0)
			continue;
		/* A word in letters ends where it ends; the letter that is typed for
		 * zero may stand in a row. */
		if (words[k].latin && i + n < w->n && w->v[i + n].cls == CLASS_LATIN &&
		    (words[k].latin == 1 || w->v[i + n].c != 'o'))
			continue;
		*ret_digit = words[k].digit;
		return n;
	}
	return 0;
}

/* What stands between two digits or groups of them. */
static size_t
gap_at(const struct scrub_view *w, size_t i)
{
	size_t k = i;

	while (k < w->n && k < i + 3 && scrub_is_in(U"- ().,、・ー~/の", w->v[k].c))
		k++;
	return k - i;
}

/* "double zero", "triple five" */
static size_t
times_at(const struct scrub_view *w, size_t i, unsigned *ret_times)
{
	static const char32_t *const times[] = { U"double ", U"triple " };
	size_t k, n;

	*ret_times = 1;
	for (k = 0; k < 2; k++) {
		for (n = 0;
		     times[k][n] != 0 && i + n < w->n && w->v[i + n].c == times[k][n];
		     n++)
			;
		if (times[k][n] == 0) {
			*ret_times = (unsigned)k + 2;
			return n;
		}
	}
	return 0;
}

size_t
scrub_phone_spoken(const struct scrub_view *w, size_t i)
{
	unsigned d[DIGITS_MAX + 3] = { 0 }, times, digit = 0;
	size_t k = i, n = 0, eaten, want = DIGITS_MIN, read = 0, end = i;

	while (n < want) {
		eaten = times_at(w, k, &times);
		k += eaten;
		eaten = digit_at(w, k, &digit);
		if (eaten == 0)
			return 0;
		/* One letter of hiragana alone is a particle. */
		read += w->v[k].cls != CLASS_DIGIT &&
			(eaten > 1 || w->v[k].cls != CLASS_HIRAGANA);
		for (k += eaten; times > 0; times--)
			d[n++] = digit;
		end = k;
		if (n > 0 && d[0] != 0)
			return 0;
		/* Mobiles and 0800 have a digit more. */
		if (n >= 3)
			want =
			    d[1] >= 5 && d[2] == 0 && d[1] != 6 ? DIGITS_MAX : DIGITS_MIN;
		k += gap_at(w, k);
	}
	/* Figures alone are looked at elsewhere; one that goes on is no such number. */
	if (read == 0 || n > want || scrub_digit_here(w, end))
		return 0;
	for (k = 0; k < n && d[k] == 0; k++)
		;
	return k == n ? 0 : end - i;
}
