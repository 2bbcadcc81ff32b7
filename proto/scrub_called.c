/* SPDX-License-Identifier: Apache-2.0 */
/* Names of people that no list knows, by the post or the label beside them. */
#include "proto/scrub_find.h"
#include "proto/scrub_surnames.h"

enum {
	CALLED_MAX = 3,
	RUN_MAX = 12,
	LINE_MAX = 256,	   /* before a heading */
	COLUMN_MAX = 2048, /* how far a column is followed */
};

static int
is_kanji(const struct scrub_view *w, size_t i)
{
	return i < w->n && w->v[i].cls == CLASS_KANJI;
}

static size_t
kanji_run(const struct scrub_view *w, size_t i, size_t most)
{
	size_t k = 0;

	while (k < most && is_kanji(w, i + k))
		k++;
	return k;
}

/* What names end with too, but far more often a place, a part or a body. */
static int
ends_a_body(const struct scrub_view *w, size_t a, size_t b)
{
	uint32_t c = w->v[b - 1].c;

	if (scrub_is_in(U"水長分市町駅港院校郡州側系棟号一二三四五六七八九十百千万", c))
		return 1;
	return b - a > 2 && scrub_is_in(U"部村島橋川道", c);
}

static int
is_listed(const struct scrub_view *w, size_t a, size_t b)
{
	return scrub_surname_at(w->v, b, a) == b - a ||
	       scrub_word_is_view(WORDS_NAME_BY_POST_JA, w->v, a, b);
}

/* One kanji: frequent names only.  Two or three: whatever is no other word. */
int
scrub_reads_as_name(const struct scrub_view *w, size_t a, size_t b)
{
	size_t i;

	if (is_listed(w, a, b))
		return 1;
	if (b - a < 2 || scrub_word_is_view(WORDS_NO_NAME_JA, w->v, a, b) ||
	    scrub_word_at(WORDS_REGION_JA, w->v, b, a) > 0 || ends_a_body(w, a, b))
		return 0;
	/* "百目鬼" */
	if (b - a < 3 && scrub_is_in(U"一二三四五六七八九十百千万", w->v[a].c))
		return 0;
	/* "棚橋", "舟木": few words end so. */
	if (b - a == 2 &&
	    scrub_is_in(U"山川田木野沢澤井谷崎瀬塚岡藤島嶋浦原橋松", w->v[b - 1].c))
		return !scrub_is_in(U"各当同全本新旧支派両他諸市町村区県国数", w->v[a].c);
	for (i = a; i < b; i++)
		if (scrub_is_of_duty(w->v[i].c) && (i > a || w->v[i].c != U'御'))
			return 0;
	return 1;
}

/* The length of a post, with what is said of the person right behind it; 0: none, or the
 * beginning of a longer word. */
static size_t
post_at(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t n = scrub_word_at(WORDS_POST_JA, v, w->n, i), end = i + n;

	if (n == 0)
		return i < w->n && scrub_is_in(U"様殿", v[i].c) && !is_kanji(w, i + 1)
			   ? 1
			   : 0;
	if (end >= w->n)
		return n;
	if (v[end].cls == v[end - 1].cls && v[end].cls != CLASS_KANJI)
		return 0;
	if (v[end].c == 0x30FC || v[end].cls == CLASS_DIGIT)
		return 0;
	if (!is_kanji(w, end) || scrub_is_in(U"様殿氏立宛他曰談", v[end].c))
		return n;
	return end + 1 < w->n && (v[end].c == U'補' || v[end].c == U'代') ? n : 0;
}

static int
may_be_place(const struct scrub_view *w, size_t i, size_t n)
{
	return scrub_word_is_view(WORDS_POST_PLACE_JA, w->v, i, i + n);
}

/* May a name begin at i? */
static int
begins_here(const struct scrub_view *w, size_t i, int listed)
{
	const struct scrub_cp *p;

	if (i == 0)
		return 1;
	p = &w->v[i - 1];
	if (p->cls == CLASS_KANJI || p->cls == CLASS_DIGIT || scrub_is_in(U"おご", p->c))
		return 0;
	return listed || p->cls != CLASS_LATIN;
}

/* Most words are too short to be a name with a post: with so many kanji from i on. */
static int
may_begin_post(const struct scrub_view *w, size_t i, size_t kanji)
{
	if (kanji == 0)
		return i < w->n &&
		       (w->v[i].cls == CLASS_KATAKANA || w->v[i].cls == CLASS_LATIN);
	return kanji > 1 || scrub_is_in(U"様殿", w->v[i].c);
}

/* "霧川主任", "榧野CISO補佐": the length of the name, or 0. */
static size_t
before_post(const struct scrub_view *w, size_t i, size_t run)
{
	const struct scrub_cp *v = w->v;
	size_t n, t;
	int listed;

	for (n = 1; n <= run && n <= CALLED_MAX; n++) {
		t = may_begin_post(w, i + n, run - n) ? post_at(w, i + n) : 0;
		if (t == 0 || !scrub_reads_as_name(w, i, i + n))
			continue;
		listed = is_listed(w, i, i + n);
		if (!begins_here(w, i, listed))
			continue;
		/* "南支店長", "新町駅長" */
		if (may_be_place(w, i + n, t) &&
		    (!listed || n == 1 ||
			scrub_word_is_view(WORDS_REGION_JA, v, i, i + n)))
			if (n == 1 || !scrub_is_in(U"局隊班", v[i + n].c))
				continue;
		/* "王様" */
		if (n == 1 && scrub_is_in(U"様殿", v[i + 1].c) &&
		    scrub_is_in(U"王上神金", v[i].c))
			continue;
		return n;
	}
	return 0;
}

/* "霧川(主任)", "佐藤 部長": the length of the name, or 0. */
static size_t
apart_from_post(const struct scrub_view *w, size_t i, size_t n)
{
	const struct scrub_cp *v = w->v;
	size_t at = i + n + 1, t;

	if (n > CALLED_MAX || at >= w->n || (v[at - 1].c != '(' && v[at - 1].c != ' '))
		return 0;
	t = post_at(w, at);
	if (t == 0 || !scrub_reads_as_name(w, i, i + n) ||
	    !begins_here(w, i, is_listed(w, i, i + n)) ||
	    scrub_word_is_view(WORDS_REGION_JA, v, i, i + n))
		return 0;
	if (v[at - 1].c == '(')
		return at + t < w->n && scrub_is_in(U"),、/・", v[at + t].c) &&
			       (is_listed(w, i, i + n) || !may_be_place(w, at, t))
			   ? n
			   : 0;
	/* Behind a blank a heading may stand. */
	return n > 1 && is_listed(w, i, i + n) && !may_be_place(w, at, t) ? n : 0;
}

/* "監査室長谷川室長", "先方佐久間様": a known name right behind what somebody is of;
 * where it begins, or i. */
static size_t
inner_name(const struct scrub_view *w, size_t i, size_t run, size_t *ret_n)
{
	const struct scrub_cp *v = w->v;
	size_t k, n;

	for (k = i + 2; k + 2 < i + run; k++) {
		if (!scrub_is_in(U"課部室係局班社方先者", v[k - 1].c))
			continue;
		for (n = 2; n <= CALLED_MAX && k + n < i + run; n++) {
			if (!is_listed(w, k, k + n) || post_at(w, k + n) == 0 ||
			    scrub_word_is_view(WORDS_REGION_JA, v, k, k + n) ||
			    may_be_place(w, k + n, post_at(w, k + n)))
				continue;
			*ret_n = n;
			return k;
		}
	}
	return i;
}

static int
ends_post(uint32_t c)
{
	return scrub_is_in(U"長任査幹事席役師官督佐補理監員授士視部ーダトアoe", c);
}

/* "です", "と名乗る", "と申します" */
static int
is_introduced(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;

	return i + 1 < w->n && ((v[i].c == U'で' && v[i + 1].c == U'す') ||
				   (v[i].c == U'と' && scrub_is_in(U"名申", v[i + 1].c)));
}

/* "係長の霧川、", "院長(佐久間)": the length of the name, or 0. */
static size_t
behind_post(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t n;
	int listed;

	if (i < 3 || (v[i - 1].c != U'の' && v[i - 1].c != '(') ||
	    !ends_post(v[i - 2].c) || scrub_word_before(WORDS_POST_JA, v, i - 1) == 0)
		return 0;
	n = kanji_run(w, i, CALLED_MAX + 1);
	if (n > CALLED_MAX || !scrub_reads_as_name(w, i, i + n) ||
	    scrub_word_is_view(WORDS_REGION_JA, v, i, i + n))
		return 0;
	if (v[i - 1].c == '(')
		return i + n < w->n && v[i + n].c == ')' ? n : 0;
	listed = is_listed(w, i, i + n) || is_introduced(w, i + n);
	if (i + n == w->n)
		return listed ? n : 0;
	if (scrub_is_in(U"、「」,(", v[i + n].c))
		return n;
	/* One kanji is a thing of his more often, "課長の机". */
	if (n == 1 && !scrub_is_in(U"とでが", v[i + n].c))
		return 0;
	/* "係長の霧川が": of what somebody has most is a word of every day. */
	return listed ? (scrub_is_in(U"いきくけしすせちつみめりるれ", v[i + n].c) ? 0 : n)
	       : scrub_is_in(U"がはよあへ", v[i + n].c) ? n
							: 0;
}

/* Does a cell or line end at i? */
static int
ends_entry(const struct scrub_view *w, size_t i)
{
	while (i < w->n && w->v[i].cls == CLASS_SPACE && w->v[i].c != '\n')
		i++;
	return i == w->n || w->v[i].c == '\n' ||
	       scrub_is_in(U"/,、|)(。;・\"」]", w->v[i].c);
}

/* "担当:" before i, or "|担当|". */
static int
is_asked_for(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t n;
	int cell;

	while (i > 0 && v[i - 1].cls == CLASS_SPACE && v[i - 1].c != '\n')
		i--;
	if (i < 2 || (v[i - 1].c != ':' && v[i - 1].c != '|'))
		return 0;
	cell = v[i - 1].c == '|';
	for (i--; i > 0 && v[i - 1].cls == CLASS_SPACE && v[i - 1].c != '\n'; i--)
		;
	n = scrub_word_before(WORDS_ASKED_JA, v, i);
	if (n == 0)
		return 0;
	i -= n;
	if (cell)
		while (i > 0 && v[i - 1].cls == CLASS_SPACE && v[i - 1].c != '\n')
			i--;
	return i == 0 || (cell ? v[i - 1].c == '|' || v[i - 1].c == '\n'
			       : n > 1 || !scrub_is_japanese(&v[i - 1]));
}

/* "担当:霧川", also "担当:霧川、佐久間": the names, up to a sign. */
static void
behind_label(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t n;

	if (i < 2 ||
	    (v[i - 1].c != ':' && v[i - 1].c != '|' && v[i - 1].cls != CLASS_SPACE) ||
	    !is_asked_for(w, i))
		return;
	for (;;) {
		n = kanji_run(w, i, CALLED_MAX + 1);
		if (n == 0 || n > CALLED_MAX || !ends_entry(w, i + n) ||
		    !scrub_reads_as_name(w, i, i + n) ||
		    scrub_word_is_view(WORDS_REGION_JA, v, i, i + n))
			return;
		scrub_hits_add(h, i, i + n, RULE_CONTACT);
		i += n;
		if (i >= w->n || !scrub_is_in(U"、・,/", v[i].c))
			return;
		for (i++; i < w->n && v[i].c == ' '; i++)
			;
	}
}

static size_t
skip_blanks(const struct scrub_view *w, size_t i)
{
	while (i < w->n && w->v[i].c == ' ')
		i++;
	return i;
}

/* Which cell of its line i begins, parted by which sign: 1 and the number of signs before
 * it, or 0. */
static int
cell_at(const struct scrub_view *w, size_t i, size_t end, uint32_t *ret_sign,
    size_t *ret_before)
{
	const struct scrub_cp *v = w->v;
	size_t k = skip_blanks(w, end), n = 0;
	uint32_t sign;

	while (i > 0 && v[i - 1].c == ' ')
		i--;
	sign = i > 0 && v[i - 1].c != '\n' ? v[i - 1].c : k < w->n ? v[k].c : 0;
	if (!scrub_is_in(U"|,\t", sign) || (k < w->n && v[k].c != sign && v[k].c != '\n'))
		return 0;
	for (k = 0; i > 0 && v[i - 1].c != '\n'; i--, k++) {
		if (k == LINE_MAX)
			return 0;
		n += v[i - 1].c == sign;
	}
	*ret_sign = sign;
	*ret_before = n;
	return 1;
}

/* "時刻|担当|内容" and lines below it: the cells of a column that is headed so. */
static void
find_column(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t n = scrub_word_at(WORDS_ASKED_JA, v, w->n, i), before, k, run, end;
	uint32_t sign;

	if (n < 2 || !cell_at(w, i, i + n, &sign, &before))
		return;
	end = w->n - i > COLUMN_MAX ? i + COLUMN_MAX : w->n;
	for (i += n;;) {
		while (i < end && v[i].c != '\n')
			i++;
		if (i >= end)
			return;
		for (i++, k = 0; i < w->n && k < before && v[i].c != '\n'; i++)
			k += v[i].c == sign;
		if (k < before)
			return;
		i = skip_blanks(w, i);
		run = kanji_run(w, i, CALLED_MAX + 1);
		k = skip_blanks(w, i + run);
		if (run == 0 || run > CALLED_MAX ||
		    (k < w->n && v[k].c != sign && v[k].c != '\n') ||
		    !scrub_reads_as_name(w, i, i + run) ||
		    scrub_word_is_view(WORDS_REGION_JA, v, i, i + run))
			continue;
		scrub_hits_add(h, i, i + run, RULE_CONTACT);
	}
}

void
scrub_find_called(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	size_t n, run;

	if (i > 0 && is_kanji(w, i - 1))
		return;
	if (scrub_is_in(U"担対記作報確氏立受", w->v[i].c))
		find_column(w, i, h);
	run = kanji_run(w, i, RUN_MAX);
	n = before_post(w, i, run);
	if (n == 0)
		n = apart_from_post(w, i, run);
	if (n == 0)
		i = inner_name(w, i, run, &n);
	if (n == 0)
		n = behind_post(w, i);
	if (n > 0)
		scrub_hits_add(h, i, i + n, RULE_CONTACT);
	else
		behind_label(w, i, h);
}
