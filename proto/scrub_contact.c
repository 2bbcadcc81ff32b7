/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people beside words that announce them. */
#include "proto/scrub_find.h"
#include "proto/scrub_surnames.h"

enum { NAME_CPS = 40, WORDS_MAX = 3 };

static int
is_kanji(const struct scrub_view *w, size_t i)
{
	return i < w->n && w->v[i].cls == CLASS_KANJI;
}

static size_t
skip_signs(const struct scrub_view *w, size_t i)
{
	size_t k = i;

	while (k < w->n && k < i + 4 &&
	       (w->v[k].cls == CLASS_SPACE || w->v[k].c == ':' || w->v[k].c == 0x30FB ||
		   w->v[k].c == '(' || w->v[k].c == ',' || w->v[k].c == 0x3001 ||
		   w->v[k].c == '/' || w->v[k].c == 0x300C || w->v[k].c == 0x306F ||
		   w->v[k].c == 0x306E || w->v[k].c == '=' || w->v[k].c == '[' ||
		   w->v[k].c == 0x3010 || w->v[k].c == 0x3011 || w->v[k].c == ']' ||
		   w->v[k].c == ')'))
		k++;
	return k;
}

static size_t
run_of(const struct scrub_view *w, size_t i, enum scrub_class c, size_t most)
{
	size_t k = 0;

	while (i + k < w->n && w->v[i + k].cls == c && k < most)
		k++;
	return k;
}

static size_t
japanese_run(const struct scrub_view *w, size_t i, size_t most)
{
	size_t k = 0;

	while (i + k < w->n && k < most && scrub_is_japanese(&w->v[i + k]))
		k++;
	return k;
}

/* Titles without end: what a word of kanji says that ends as titles do. */
size_t
scrub_title_at(const struct scrub_view *w, size_t i)
{
	size_t n = scrub_word_at(WORDS_HONORIFIC_JA, w->v, w->n, i), run;

	if (n > 0 && i + n < w->n && scrub_is_in(U"様殿", w->v[i + n].c))
		n++;
	if (n > 0 && !is_kanji(w, i + n))
		return n;
	run = run_of(w, i, CLASS_KANJI, 8);
	if (run < 2 || run > 7 || scrub_is_in(U"県府都道市区町村駅港", w->v[i].c) ||
	    !scrub_is_in(U"長員師士官監役任補佐授", w->v[i + run - 1].c) ||
	    (w->v[i].c == U'係' && run > 2 && n == 0)) /* "関係部長" */
		return n;
	return run;
}

static size_t
title_at(const struct scrub_view *w, size_t i)
{
	if (i < w->n && w->v[i].cls == CLASS_SPACE)
		i++;
	return scrub_title_at(w, i);
}

static int
is_unit(const struct scrub_view *w, size_t a, size_t b)
{
	return scrub_word_before(WORDS_UNIT_JA, w->v, b) > 0 && b > a;
}

static void
learn(const struct scrub_view *w, size_t a, size_t b, struct scrub_hits *h,
    struct scrub_finds *f)
{
	scrub_hits_add(h, a, b, RULE_CONTACT);
	if (f != NULL && b - a <= NAME_CPS)
		scrub_finds_add(f, TERM_PERSON, w->v + a, b - a);
}

/* "佐伯 真理子": kanji, one blank, kanji or kana; the whole length, or 0. */
static size_t
spaced_name(const struct scrub_view *w, size_t i)
{
	size_t family = run_of(w, i, CLASS_KANJI, 5), given, title, at = i + family + 1;

	if (family == 0 || family > 3 || at >= w->n || w->v[at - 1].cls != CLASS_SPACE ||
	    w->v[at - 1].c == '\n')
		return 0;
	if (is_unit(w, i, i + family) && scrub_surname_at(w->v, w->n, i) != family)
		return 0;
	given = run_of(w, at, CLASS_KANJI, 5);
	title = given > 1 ? scrub_word_before(WORDS_HONORIFIC_JA, w->v, at + given) : 0;
	if (title < given)
		given -= title;
	if (given == 0)
		given = run_of(w, at, CLASS_HIRAGANA, 5);
	if (given == 0)
		given = run_of(w, at, CLASS_KATAKANA, 5);
	if (given == 0 || given > 4)
		return 0;
	if (title_at(w, at + given) == 0 && is_unit(w, at, at + given))
		return 0;
	return family + 1 + given;
}

/* "佐伯真理子" after a contact word: begins with a known family name and ends at a sign.
 */
static size_t
joined_name(const struct scrub_view *w, size_t i)
{
	size_t run = run_of(w, i, CLASS_KANJI, 8), family, title = 0, k;

	family = scrub_surname_at(w->v, w->n, i);
	if (family == 0 || run == 0)
		return 0;
	for (k = family; k <= run && title == 0; k++)
		title = scrub_word_at(WORDS_HONORIFIC_JA, w->v, w->n, i + k);
	if (title > 0)
		run = k - 1;
	if (run > 5 || run < family || (run == family && family == 1 && title == 0))
		return 0;
	/* "金庫" */
	if (title == 0 && family == 1 &&
	    (run == 2 ? !scrub_reads_as_name(w, i, i + 2)
		      : scrub_word_is_view(WORDS_NO_NAME_JA, w->v, i, i + run)))
		return 0;
	/* "岡部" ends as a department does. */
	if (title == 0 && run != family && is_unit(w, i, i + run))
		return 0;
	return run;
}

/* "当直岡部、": a known family name and nothing else, without any sign between. */
static size_t
bare_name(const struct scrub_view *w, size_t i)
{
	size_t n = scrub_surname_at(w->v, w->n, i);

	if (n < 2 || run_of(w, i, CLASS_KANJI, 8) != n ||
	    scrub_word_is_view(WORDS_REGION_JA, w->v, i, i + n))
		return 0;
	return n;
}

/* After a contact word: departments are passed over, then a name. */
static void
find_after(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t tries, k, n, run;

	k = skip_signs(w, i);
	/* Right after the word itself there must be a sign, or the name with its blank.
	 */
	for (tries = 0; tries < 4 && k < w->n; tries++) {
		n = spaced_name(w, k);
		if (n == 0)
			n = k > i || tries > 0 ? joined_name(w, k) : bare_name(w, k);
		if (n > 0) {
			learn(w, k, k + n, h, f);
			return;
		}
		run = japanese_run(w, k, 24);
		if (run == 0 || (!is_unit(w, k, k + run) && run > 16))
			return;
		/* A department, or words: go on behind the next sign. */
		n = skip_signs(w, k + run);
		if (n == k + run)
			return;
		if (!is_unit(w, k, k + run))
			return;
		k = n;
	}
}

/* Does what begins at i tell how to reach somebody: mail, telephone, extension? */
static int
is_reach_at(const struct scrub_view *w, size_t i)
{
	size_t k;

	if (i >= w->n)
		return 0;
	if (w->v[i].c == 0x5185 ||
	    (w->v[i].c == '0' && i + 1 < w->n && w->v[i + 1].cls == CLASS_DIGIT))
		return 1;
	if (w->v[i].cls == CLASS_BARRIER)
		return w->v[i].rule == RULE_MAIL || w->v[i].rule == RULE_PHONE;
	for (k = i; k < w->n && k < i + 48; k++) {
		if (w->v[k].c == '@')
			return k > i;
		if (!scrub_is_ascii_alnum(w->v[k].c) && w->v[k].c != '.' &&
		    w->v[k].c != '-' && w->v[k].c != '_' && w->v[k].c != '+')
			break;
	}
	return scrub_word_at(WORDS_CONTACT_JA, w->v, w->n, i) > 0 || w->v[i].c == 0x96FB;
}

/* "...の浜口 洋平(hamaguchi@...": the name right before a bracket with a way to reach it.
 */
static void
find_before_reach(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t a = i, k;

	if (!is_reach_at(w, i + 1))
		return;
	while (a > 0 && i - a < 10 &&
	       (w->v[a - 1].cls == CLASS_KANJI || w->v[a - 1].cls == CLASS_SPACE))
		a--;
	for (k = a; k < i; k++)
		if (spaced_name(w, k) == i - k ||
		    (k == a && joined_name(w, k) == i - k)) {
			learn(w, k, i, h, f);
			return;
		}
}

static int
is_polite(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"様", U"さま", U"さん", U"氏", U"殿",
		U"先生", U"くん" };
	size_t k, n;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0;
		     words[k][n] != 0 && i + n < w->n && w->v[i + n].c == words[k][n];
		     n++)
			;
		if (words[k][n] == 0)
			return !is_kanji(w, i + n);
	}
	return 0;
}

static int
is_shi(const struct scrub_view *w, size_t i)
{
	return w->v[i].c == U'氏' && !is_kanji(w, i + 1); /* 氏名 is something else */
}

static int
is_san(const struct scrub_view *w, size_t i)
{
	return w->v[i].c == U'さ' && i + 1 < w->n && w->v[i + 1].c == U'ん';
}

/* What stands before the polite word at i and is no name: 患者さん, 銀行さん, 関係者各氏.
 */
static int
ends_a_trade(const struct scrub_view *w, size_t i)
{
	return scrub_is_in(
	    U"各両諸者員師士行社所院署課部店屋客親察局庁校園会団人方側業様皆係長"
	    U"生娘婿嬢弟妹兄姉父母子務理報事守視用場手工輩付遣託掌婦主",
	    w->v[i - 1].c);
}

/* "田所 健氏", "野間さん": so is nobody called but a person, whatever the name. */
static size_t
called_politely(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i, n, gap = 0;

	while (k < i + 4 && is_kanji(w, k) && v[k].c != U'氏')
		k++;
	n = k - i;
	if (n >= 2 && n <= 3 && k < w->n && v[k].cls == CLASS_SPACE && v[k].c != '\n' &&
	    is_kanji(w, k + 1)) {
		gap = ++k;
		while (k < gap + 3 && is_kanji(w, k) && v[k].c != U'氏')
			k++;
	}
	if (n < 2 || k >= w->n || k == gap || ends_a_trade(w, k))
		return 0;
	return is_shi(w, k) || (gap == 0 && is_san(w, k)) ? k - i : 0;
}

/* "佐藤様", "佐藤部長": a known family name before a title. */
static void
find_titled(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t n, t;

	if (is_kanji(w, i - 1))
		return;
	n = scrub_surname_at(w->v, w->n, i);
	if (n < 2 || (n + i < w->n && is_san(w, n + i))) {
		n = called_politely(w, i);
		if (n > 0)
			learn(w, i, i + n, h, f);
		return;
	}
	/* "渡部 健様" */
	t = i + n < w->n && w->v[i + n].cls == CLASS_SPACE ? spaced_name(w, i) : 0;
	if (t > 0 && title_at(w, i + t) > 0) {
		learn(w, i, i + t, h, f);
		return;
	}
	/* "長野支店長" is the head of a branch. */
	if (i + n < w->n && scrub_word_is_view(WORDS_REGION_JA, w->v, i, i + n) &&
	    scrub_is_in(U"支駅工営事空港出", w->v[i + n].c))
		return;
	t = scrub_title_at(w, i + n);
	if (t > 0 && !is_kanji(w, i + n + t))
		scrub_hits_add(h, i, i + n, RULE_CONTACT);
	/* "鈴木一郎様": behind a whole name only what no post is called. */
	t = t > 0 ? 0 : joined_name(w, i);
	if (t > n && t <= n + 3 && is_polite(w, i + t) &&
	    !scrub_is_in(U"県府都道市区町村", w->v[i + n].c))
		learn(w, i, i + t, h, f);
}

/* "承認者：伊藤 次郎": a known family name behind what somebody did. */
static void
find_doer(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t k = i + 1, n;

	if (i < 2 || !(scrub_is_in(U"者員", v[i - 1].c) ||
			 (v[i - 1].c == U'名' && scrub_is_in(U"者員氏", v[i - 2].c))))
		return;
	if (k < w->n && v[k].cls == CLASS_SPACE)
		k++;
	if (k >= w->n || scrub_surname_at(v, w->n, k) == 0)
		return;
	n = spaced_name(w, k);
	if (n == 0)
		n = joined_name(w, k);
	if (n > 0)
		learn(w, k, k + n, h, f);
}

int
scrub_capital_word(const struct scrub_view *w, size_t i, size_t *ret_n)
{
	size_t k = i;

	if (i >= w->n || (w->v[i].flags & CP_UPPER) == 0 ||
	    (i > 0 && scrub_is_alnum(&w->v[i - 1])))
		return 0;
	while (k < w->n && k < i + NAME_CPS &&
	       (w->v[k].cls == CLASS_LATIN ||
		   ((w->v[k].c == '-' || w->v[k].c == '\'') && k + 1 < w->n &&
		       w->v[k + 1].cls == CLASS_LATIN)))
		k++;
	if (k < w->n && (w->v[k].cls == CLASS_DIGIT || w->v[k].c == '@' ||
			    w->v[k].c == '_' || w->v[k].c == '-'))
		return 0;
	*ret_n = k - i;
	return 1;
}

/* Two or three capital words that are no desk: the end, or 0. */
static size_t
latin_name(const struct scrub_view *w, size_t i, int one_is_enough)
{
	size_t k = i, n, words = 0, end = 0;

	while (words < WORDS_MAX && scrub_capital_word(w, k, &n)) {
		if (scrub_word_is_view(WORDS_DESK_EN, w->v, k, k + n) ||
		    scrub_word_is_view(WORDS_TECH_EN, w->v, k, k + n) ||
		    (words > 0 && scrub_word_is_view(WORDS_GENERIC_EN, w->v, k, k + n)))
			return words >= 2 ? end : 0;
		/* An initial with its dot */
		if (n == 1 && k + 1 < w->n && w->v[k + 1].c == '.')
			n = 2;
		else if (n < 2)
			break;
		end = k + n;
		words++;
		k = end;
		if (k < w->n && w->v[k].c == ',' && words == 1 && k + 1 < w->n &&
		    w->v[k + 1].c == ' ' && (w->v[i + 1].flags & CP_UPPER) != 0)
			k++;
		if (k >= w->n || w->v[k].c != ' ')
			break;
		k++;
	}
	return words >= 2 || (words == 1 && one_is_enough) ? end : 0;
}

static int
is_romaji_words(const struct scrub_view *w, size_t a, size_t b)
{
	uint32_t latin[NAME_CPS], kana[NAME_CPS];
	size_t i, k = 0;

	for (i = a; i <= b; i++) {
		if (i < b && w->v[i].cls == CLASS_LATIN && k < NAME_CPS) {
			latin[k++] = w->v[i].c;
			continue;
		}
		if (k > 1 && scrub_kana_of(latin, k, kana, NAME_CPS) < 2)
			return 0;
		k = 0;
	}
	return 1;
}

/* "Anna Weberさん", "Smith氏": companies are called politely too, but by one word and by
 * san.  Two words with it may still be a product, which is not looked for elsewhere. */
static int
find_polite(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t end = (v[i].flags & CP_UPPER) != 0 ? latin_name(w, i, 1) : 0;

	if (end <= i + 2 || end >= w->n)
		return 0;
	if (is_shi(w, end)) {
		learn(w, i, end, h, f);
		return 1;
	}
	if (!is_san(w, end) || latin_name(w, i, 0) == 0)
		return 0;
	scrub_hits_add(h, i, end, RULE_CONTACT);
	return 1;
}

static void
find_latin(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t k, n, end;
	int titled = 0;

	if (find_polite(w, i, h, f))
		return;
	if (!scrub_is_in(U"mdpcrawilhesfn", w->v[i].c))
		return;
	n = scrub_word_at(WORDS_TITLE_EN, w->v, w->n, i);
	if (n > 0 && (w->v[i].flags & CP_UPPER) != 0) {
		k = i + n;
		titled = k < w->n && w->v[k].c == ' ';
		if (k < w->n && w->v[k].c == '.')
			k++, titled = 1;
	} else {
		n = scrub_word_at(WORDS_CONTACT_EN, w->v, w->n, i);
		k = i + n;
	}
	if (n == 0 || (k < w->n && scrub_is_alnum(&w->v[k])))
		return;
	while (k < w->n && (w->v[k].c == ' ' || w->v[k].c == ':' || w->v[k].c == '-' ||
			       w->v[k].c == '('))
		k++;
	if (!titled) {
		n = scrub_word_at(WORDS_TITLE_EN, w->v, w->n, k);
		if (n > 0 && k + n < w->n && w->v[k + n].c == ' ') {
			titled = 1;
			k += n + 1;
		}
	}
	end = latin_name(w, k, 1);
	/* One word alone must sound Japanese, unless a title stands before it. */
	if (end > 0 && (titled || latin_name(w, k, 0) > 0 || is_romaji_words(w, k, end)))
		learn(w, k, end, h, f);
}

/* "tel", "phone", "ext" in English after a name. */
static int
is_reach_en(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"tel", U"phone", U"ext", U"mobile",
		U"cell", U"mail", U"e-mail", U"email", U"+81", U"+" };
	size_t k;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		if (scrub_text_at(w, i, words[k]) > 0)
			return 1;
	}
	return is_reach_at(w, i);
}

/* "Mariko Saeki <csirt@...>", "Ren Yabuki (yabuki-r@...", "Keigo Mori, phone: 03-..." */
static void
find_latin_before(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t k, end, at = i + 1;

	while (at < w->n && w->v[at].c == ' ')
		at++;
	if (i == 0 || !is_reach_en(w, at))
		return;
	for (k = i; k > 0 && i - k < NAME_CPS && w->v[k - 1].cls != CLASS_BARRIER &&
		    !scrub_is_japanese(&w->v[k - 1]);
	     k--)
		if ((w->v[k - 1].flags & CP_UPPER) != 0) {
			end = latin_name(w, k - 1, 0);
			if (end > 0 && end <= i && end + 2 > i &&
			    (w->v[i].c == '<' || is_romaji_words(w, k - 1, end))) {
				learn(w, k - 1, end, h, f);
				return;
			}
		}
}

/* "Tanaka-san" */
static void
find_san(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	static const char32_t *const words[] = { U"san", U"sama", U"sensei", U"kun" };
	size_t a = i, k, n;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0; words[k][n] != 0 && i + 1 + n < w->n &&
			    w->v[i + 1 + n].c == words[k][n];
		     n++)
			;
		if (words[k][n] == 0 &&
		    (i + 1 + n == w->n || !scrub_is_alnum(&w->v[i + 1 + n])))
			break;
	}
	if (k == sizeof words / sizeof words[0])
		return;
	while (a > 0 && i - a < NAME_CPS && w->v[a - 1].cls == CLASS_LATIN)
		a--;
	if (i > a + 1 && (w->v[a].flags & CP_UPPER) != 0 && is_romaji_words(w, a, i))
		learn(w, a, i, h, f);
}

/* Most characters begin no word of a list: the lists are asked about the others only. */
static int
begins_contact(uint32_t c)
{
	return scrub_is_in(U"担連問お照窓責報記作発対氏主副起届送管代緊文執当宿", c);
}

void
scrub_find_person(const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t i, n;

	for (i = 0; i < w->n; i++) {
		if (v[i].cls == CLASS_LATIN) {
			if (i == 0 || !scrub_is_alnum(&v[i - 1])) {
				find_latin(w, i, h, f);
				scrub_find_called_en(w, i, h);
			}
			continue;
		}
		if (v[i].c == '-')
			find_san(w, i, h, f);
		if (v[i].c == ':' || v[i].cls == CLASS_SPACE)
			find_doer(w, i, h, f);
		if (v[i].c == '(' && i > 0)
			find_before_reach(w, i, h, f);
		if (v[i].c == '<' || v[i].c == '(' || v[i].c == ',')
			find_latin_before(w, i, h, f);
		if (v[i].cls != CLASS_KANJI && v[i].c != U'お')
			continue;
		n = begins_contact(v[i].c) ? scrub_word_at(WORDS_CONTACT_JA, v, w->n, i)
					   : 0;
		if (n > 0)
			find_after(w, i + n, h, f);
		else if (v[i].cls == CLASS_KANJI)
			find_titled(w, i, h, f);
		if (v[i].cls == CLASS_KANJI)
			scrub_find_called(w, i, h);
	}
}
