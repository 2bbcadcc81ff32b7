/* SPDX-License-Identifier: Apache-2.0 */
/* Kana to romaji and back. */
#include "proto/scrub_dense.h"

#include <string.h>

struct mora {
	char32_t kana[3];
	char latin[5];
};

/* Two-kana forms first in each row of sounds, so that the first that fits is the longest.
 */
static const struct mora morae[] = {
	{ U"きゃ", "kya" },
	{ U"きゅ", "kyu" },
	{ U"きょ", "kyo" },
	{ U"しゃ", "sha" },
	{ U"しゅ", "shu" },
	{ U"しょ", "sho" },
	{ U"しぇ", "she" },
	{ U"ちゃ", "cha" },
	{ U"ちゅ", "chu" },
	{ U"ちょ", "cho" },
	{ U"ちぇ", "che" },
	{ U"にゃ", "nya" },
	{ U"にゅ", "nyu" },
	{ U"にょ", "nyo" },
	{ U"ひゃ", "hya" },
	{ U"ひゅ", "hyu" },
	{ U"ひょ", "hyo" },
	{ U"みゃ", "mya" },
	{ U"みゅ", "myu" },
	{ U"みょ", "myo" },
	{ U"りゃ", "rya" },
	{ U"りゅ", "ryu" },
	{ U"りょ", "ryo" },
	{ U"ぎゃ", "gya" },
	{ U"ぎゅ", "gyu" },
	{ U"ぎょ", "gyo" },
	{ U"じゃ", "ja" },
	{ U"じゅ", "ju" },
	{ U"じょ", "jo" },
	{ U"じぇ", "je" },
	{ U"びゃ", "bya" },
	{ U"びゅ", "byu" },
	{ U"びょ", "byo" },
	{ U"ぴゃ", "pya" },
	{ U"ぴゅ", "pyu" },
	{ U"ぴょ", "pyo" },
	{ U"ふぁ", "fa" },
	{ U"ふぃ", "fi" },
	{ U"ふぇ", "fe" },
	{ U"ふぉ", "fo" },
	{ U"うぃ", "wi" },
	{ U"うぇ", "we" },
	{ U"うぉ", "wo" },
	{ U"てぃ", "ti" },
	{ U"でぃ", "di" },
	{ U"でゅ", "dyu" },
	{ U"とぅ", "tu" },
	{ U"どぅ", "du" },
	{ U"ゔぁ", "va" },
	{ U"ゔぃ", "vi" },
	{ U"ゔぇ", "ve" },
	{ U"ゔぉ", "vo" },
	{ U"つぁ", "tsa" },
	{ U"あ", "a" },
	{ U"い", "i" },
	{ U"う", "u" },
	{ U"え", "e" },
	{ U"お", "o" },
	{ U"か", "ka" },
	{ U"き", "ki" },
	{ U"く", "ku" },
	{ U"け", "ke" },
	{ U"こ", "ko" },
	{ U"さ", "sa" },
	{ U"し", "shi" },
	{ U"す", "su" },
	{ U"せ", "se" },
	{ U"そ", "so" },
	{ U"た", "ta" },
	{ U"ち", "chi" },
	{ U"つ", "tsu" },
	{ U"て", "te" },
	{ U"と", "to" },
	{ U"な", "na" },
	{ U"に", "ni" },
	{ U"ぬ", "nu" },
	{ U"ね", "ne" },
	{ U"の", "no" },
	{ U"は", "ha" },
	{ U"ひ", "hi" },
	{ U"ふ", "fu" },
	{ U"へ", "he" },
	{ U"ほ", "ho" },
	{ U"ま", "ma" },
	{ U"み", "mi" },
	{ U"む", "mu" },
	{ U"め", "me" },
	{ U"も", "mo" },
	{ U"や", "ya" },
	{ U"ゆ", "yu" },
	{ U"よ", "yo" },
	{ U"ら", "ra" },
	{ U"り", "ri" },
	{ U"る", "ru" },
	{ U"れ", "re" },
	{ U"ろ", "ro" },
	{ U"わ", "wa" },
	{ U"を", "o" },
	{ U"が", "ga" },
	{ U"ぎ", "gi" },
	{ U"ぐ", "gu" },
	{ U"げ", "ge" },
	{ U"ご", "go" },
	{ U"ざ", "za" },
	{ U"じ", "ji" },
	{ U"ず", "zu" },
	{ U"ぜ", "ze" },
	{ U"ぞ", "zo" },
	{ U"だ", "da" },
	{ U"ぢ", "ji" },
	{ U"づ", "zu" },
	{ U"で", "de" },
	{ U"ど", "do" },
	{ U"ば", "ba" },
	{ U"び", "bi" },
	{ U"ぶ", "bu" },
	{ U"べ", "be" },
	{ U"ぼ", "bo" },
	{ U"ぱ", "pa" },
	{ U"ぴ", "pi" },
	{ U"ぷ", "pu" },
	{ U"ぺ", "pe" },
	{ U"ぽ", "po" },
	{ U"ゔ", "vu" },
	{ U"ぁ", "a" },
	{ U"ぃ", "i" },
	{ U"ぅ", "u" },
	{ U"ぇ", "e" },
	{ U"ぉ", "o" },
	{ U"ん", "n" },
};

/* Kunrei and old spellings, for reading romaji only. */
static const struct mora others[] = {
	{ U"しゃ", "sya" },
	{ U"しゅ", "syu" },
	{ U"しょ", "syo" },
	{ U"ちゃ", "tya" },
	{ U"ちゅ", "tyu" },
	{ U"ちょ", "tyo" },
	{ U"じゃ", "zya" },
	{ U"じゅ", "zyu" },
	{ U"じょ", "zyo" },
	{ U"じゃ", "jya" },
	{ U"じゅ", "jyu" },
	{ U"じょ", "jyo" },
	{ U"し", "si" },
	{ U"ち", "ti" },
	{ U"つ", "tu" },
	{ U"ふ", "hu" },
	{ U"じ", "zi" },
};
enum {
	MORAE = sizeof morae / sizeof morae[0],
	OTHERS = sizeof others / sizeof others[0],
};

static uint32_t
hiragana(uint32_t c)
{
	return c >= 0x30A1 && c <= 0x30F4 ? c - 0x60 : c;
}

static const struct mora *
mora_at(const uint32_t *kana, size_t n, size_t i)
{
	uint32_t c = hiragana(kana[i]), d = i + 1 < n ? hiragana(kana[i + 1]) : 0;
	size_t k;

	for (k = 0; k < MORAE; k++)
		if (morae[k].kana[0] == c &&
		    (morae[k].kana[1] == 0 || morae[k].kana[1] == d))
			return &morae[k];
	return NULL;
}

size_t
scrub_romaji_of(const uint32_t *kana, size_t n, uint32_t *out, size_t cap)
{
	const struct mora *m;
	size_t i, k, at = 0;
	uint32_t c;
	int doubled = 0;

	for (i = 0; i < n; i++) {
		c = hiragana(kana[i]);
		if (c == 0x3063) { /* small tsu doubles what follows */
			doubled = 1;
			continue;
		}
		if (c == 0x30FC && at > 0) /* the long-vowel mark: romaji drops it */
			continue;
		m = mora_at(kana, n, i);
		if (m == NULL)
			return 0;
		for (k = doubled ? 0 : 1; k < 1 + strlen(m->latin); k++) {
			if (at == cap)
				return 0;
			out[at++] = (uint32_t)m->latin[k == 0 ? 0 : k - 1];
		}
		doubled = 0;
		if (m->kana[1] != 0)
			i++;
	}
	return at;
}

static const struct mora *
sound_at(const uint32_t *latin, size_t n, size_t i)
{
	const struct mora *m, *best = NULL;
	size_t k, j, len, longest = 0;

	for (k = 0; k < MORAE + OTHERS; k++) {
		m = k < MORAE ? &morae[k] : &others[k - MORAE];
		if (m->latin[0] != (char)latin[i])
			continue;
		len = strlen(m->latin);
		if (len <= longest || i + len > n || m->kana[0] < 0x3042)
			continue;
		for (j = 0; j < len && latin[i + j] == (uint32_t)m->latin[j]; j++)
			;
		if (j == len) {
			longest = len;
			best = m;
		}
	}
	return best;
}

size_t
scrub_kana_of(const uint32_t *latin, size_t n, uint32_t *out, size_t cap)
{
	const struct mora *m;
	size_t i, at = 0;

	for (i = 0; i < n;) {
		if (at + 2 > cap)
			return 0;
		if (i + 1 < n && latin[i] == latin[i + 1] && latin[i] != 'n' &&
		    strchr("kstpgzdbcjf", (int)(latin[i] & 0x7F)) != NULL) {
			out[at++] = 0x3063;
			i++;
			continue;
		}
		m = sound_at(latin, n, i);
		if (m == NULL && latin[i] == 'm' && i + 1 < n &&
		    (latin[i + 1] == 'b' || latin[i + 1] == 'm' || latin[i + 1] == 'p')) {
			out[at++] = 0x3093;
			i++;
			continue;
		}
		if (m == NULL)
			return 0;
		out[at++] = m->kana[0];
		if (m->kana[1] != 0)
			out[at++] = m->kana[1];
		i += strlen(m->latin);
	}
	return at;
}
