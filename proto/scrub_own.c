/* SPDX-License-Identifier: Apache-2.0 */
/* The sender's own terms in a text: what the matcher finds is looked at in its place. */
#include "proto/scrub_own.h"

#include "proto/scrub_foreign.h"

static int
same_letters(const struct scrub_search *q, const struct scrub_term *t, size_t a, size_t b)
{
	const uint32_t *p = q->s->pool + t->at;
	size_t i;

	if (b - a != t->n)
		return 0;
	for (i = 0; i < t->n; i++)
		if (p[i] != q->w->v[a + i].c &&
		    p[i] != scrub_plain_letter(q->w->v[a + i].c) &&
		    !((p[i] == ' ' || scrub_is_code_sign(p[i])) &&
			(q->w->v[a + i].c == ' ' || q->w->v[a + i].c == U'・' ||
			    scrub_is_code_sign(q->w->v[a + i].c)) &&
			(t->flags & TERM_HOST) == 0))
			return 0;
	return 1;
}

/* Words that join what stands around a name in hiragana. */
static int
is_particle(uint32_t c)
{
	return scrub_is_in(U"はがをにでのともやへかまよりなださしらえっね", c);
}

static int
all_of_class(const struct scrub_search *q, size_t a, size_t b, enum scrub_class c)
{
	for (; a < b; a++)
		if (q->w->v[a].cls != c)
			return 0;
	return 1;
}

/* May a name end before, or begin after, this kanji? */
static int
is_kanji_edge(uint32_t c)
{
	return scrub_is_in(
	    U"県府都道市郡区町村社院当課部室係局長者先員任側内外様氏殿及", c);
}

/* "ｼﾗｶﾊﾞﾉ ｻｰﾊﾞ": a particle in notes that are all in katakana. */
static int
ends_in_particle(const struct scrub_search *q, size_t b)
{
	return scrub_is_in(U"ノハガヲニデトモ", q->w->v[b].c) &&
	       (b + 1 == q->w->n || q->w->v[b + 1].cls != CLASS_KATAKANA);
}

static int
has_edges(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	uint8_t before = a > 0 ? v[a - 1].cls : CLASS_OTHER;
	uint8_t after = b < q->w->n ? v[b].cls : CLASS_OTHER;
	int more = scrub_absorb_japanese(q->w, b) > b || scrub_tail_at(q->s, q->w, b) > 0;

	if (all_of_class(q, a, b, CLASS_KATAKANA))
		return before != CLASS_KATAKANA &&
		       (after != CLASS_KATAKANA || more || ends_in_particle(q, b) ||
			   (b - a > 3 && scrub_begins_offer(q->w, b)));
	if (all_of_class(q, a, b, CLASS_HIRAGANA))
		return (before != CLASS_HIRAGANA || is_particle(v[a - 1].c)) &&
		       (after != CLASS_HIRAGANA || more || is_particle(v[b].c));
	if (before == CLASS_KANJI && !is_kanji_edge(v[a - 1].c) &&
	    scrub_word_before(WORDS_CORPORATE_JA, v, a) == 0)
		return 0;
	if (scrub_is_called_else(q->w, a, b))
		return 0;
	/* "青葉れる" is a verb or the like, no name with a particle. */
	if (b - a <= 2 && after == CLASS_HIRAGANA &&
	    scrub_is_in(U"けきくげぐめみるれせつ", v[b].c) &&
	    (b + 1 == q->w->n || v[b + 1].cls != CLASS_HIRAGANA ||
		is_particle(v[b + 1].c)))
		return 0;
	return more || after != CLASS_KANJI || is_kanji_edge(v[b].c);
}

/* "ﾁﾉｻﾝ": titles in notes that are all in katakana. */
static int
has_kana_title(const struct scrub_search *q, size_t b)
{
	static const char32_t *const titles[] = { U"サン", U"サマ", U"クン", U"チャン",
		U"ドノ", U"センセイ", U"シュニン", U"カチョウ", U"ブチョウ",
		U"カカリチョウ", U"シツチョウ", U"インチョウ", U"ショチョウ" };
	size_t k, n;

	for (k = 0; k < sizeof titles / sizeof titles[0]; k++) {
		for (n = 0; titles[k][n] != 0 && b + n < q->w->n &&
			    q->w->v[b + n].c == titles[k][n];
		     n++)
			;
		if (titles[k][n] == 0)
			return b + n == q->w->n || q->w->v[b + n].cls != CLASS_KATAKANA;
	}
	return 0;
}

static int
has_title(const struct scrub_search *q, size_t b)
{
	if (b < q->w->n && q->w->v[b].cls == CLASS_SPACE)
		b++;
	return scrub_title_at(q->w, b) > 0 || has_kana_title(q, b);
}

/* "乾、原さん": one title for two, of whom one has a name of one kanji. */
static int
shares_title(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	size_t k = b + 1;

	if (b >= q->w->n || !scrub_is_in(U"、・,と/&", v[b].c) ||
	    (a > 0 && (scrub_is_japanese(&v[a - 1]) || scrub_is_alnum(&v[a - 1]))))
		return 0;
	while (k < q->w->n && k < b + 5 && v[k].cls == CLASS_KANJI &&
	       scrub_title_at(q->w, k) == 0)
		k++;
	return k > b + 1 && k < q->w->n && scrub_title_at(q->w, k) > 0;
}

/* "宝生研究室": what is called after the one who leads it. */
static int
is_room(const struct scrub_search *q, size_t b)
{
	size_t k = b;

	while (k < q->w->n && k < b + 5 && q->w->v[k].cls == CLASS_KANJI)
		k++;
	return k > b && scrub_is_in(U"室班組隊", q->w->v[k - 1].c);
}

/* "引き渡し": one kanji between the hiragana of a verb. */
static int
is_in_word(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;

	return (a > 0 && v[a - 1].cls == CLASS_HIRAGANA && !is_particle(v[a - 1].c)) ||
	       (b < q->w->n && v[b].cls == CLASS_HIRAGANA &&
		   !scrub_is_in(U"はがをにでのともやへか", v[b].c));
}

/* Between signs: "（森）", "HKCT 辻。" */
static int
stands_alone(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;

	return (a == 0 ||
		   (!scrub_is_japanese(&v[a - 1]) && !scrub_is_alnum(&v[a - 1]))) &&
	       (b == q->w->n || (!scrub_is_japanese(&v[b]) && !scrub_is_alnum(&v[b])));
}

/* "五十嵐本人" */
static int
is_oneself(const struct scrub_search *q, size_t b)
{
	const struct scrub_cp *v = q->w->v;

	return b + 1 < q->w->n && ((v[b].c == U'本' && v[b + 1].c == U'人') ||
				      (v[b].c == U'自' && v[b + 1].c == U'身'));
}

/* A family name alone: before a title, or not inside a longer word. */
static int
is_family(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;

	/* "のいじゅういん先生", "のつちやです" */
	if (a > 0 && v[a].cls == CLASS_HIRAGANA && b - a > 2 && v[a - 1].c == U'の' &&
	    (has_title(q, b) ||
		(b + 1 < q->w->n && v[b].c == U'で' && v[b + 1].c == U'す')))
		return 1;
	if (scrub_is_called(q->w, a, b))
		return 1;
	if (a > 0 && v[a - 1].cls == v[a].cls && !is_kanji_edge(v[a - 1].c))
		return 0;
	if (has_title(q, b) || shares_title(q, a, b) || is_oneself(q, b))
		return 1;
	/* A reading in brackets */
	if (b - a > (v[a].cls == CLASS_KATAKANA ? 1 : 2) && a > 0 && v[a - 1].c == '(' &&
	    b < q->w->n && scrub_is_in(U"),、/", v[b].c))
		return 1;
	if (b - a > 1 && is_room(q, b))
		return 1;
	if (b - a == 1 && is_in_word(q, a, b))
		return 0;
	if (!has_edges(q, a, b) || scrub_absorb_japanese(q->w, b) > b)
		return 0;
	if (v[a].cls == CLASS_KATAKANA)
		return b - a > 2;
	/* Hiragana: alone between signs only. */
	if (v[a].cls == CLASS_HIRAGANA)
		return b - a > 2 && (a == 0 || !scrub_is_japanese(&v[a - 1])) &&
		       (b == q->w->n || !scrub_is_japanese(&v[b]));
	/* One kanji is a word of its own more often than a name. */
	return v[a].cls == CLASS_KANJI &&
	       (b - a > 1 ||
		   (stands_alone(q, a, b) &&
		       scrub_is_in(
			   U"辻森林関原岸堀谷畑浜柳菅張朴李堤乾岡島沢", v[a].c)) ||
		   !scrub_is_in(
		       U"東西南北林森関原金星岸堀谷辻畑浜港空海川山田村町中上下大小"
		       U"泉柳菅王張朴李堤乾角岡島沢江池石水火土木花春夏秋冬",
		       v[a].c));
}

/* "天龍運賃.csv": a file is named for whose it is, with anything behind. */
static int
begins_file(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	size_t k = b, ext;

	if (a > 0 && (scrub_is_japanese(&v[a - 1]) || scrub_is_alnum(&v[a - 1])))
		return 0;
	while (k < q->w->n && k < b + 32 &&
	       (scrub_is_japanese(&v[k]) || scrub_is_alnum(&v[k]) || v[k].c == '_' ||
		   v[k].c == '-'))
		k++;
	if (k >= q->w->n || v[k].c != '.')
		return 0;
	for (ext = ++k; k < q->w->n && scrub_is_ascii_alnum(v[k].c); k++)
		;
	return k - ext >= 2 && k - ext <= 5;
}

/* "東部地区" is no name when 東部支所 is one. */
static int
is_area(const struct scrub_search *q, size_t b)
{
	const struct scrub_cp *v = q->w->v;

	return b + 1 < q->w->n && v[b].c == U'地' && scrub_is_in(U"区方域", v[b + 1].c);
}

/* "真壁ちひろ", "真壁(千尋)": a given name right behind a family name that was found. */
static int
follows_person(const struct scrub_search *q, size_t a)
{
	const struct scrub_cp *v = q->w->v;
	size_t i;

	if (a > 1 && scrub_is_in(U"( ", v[a - 1].c))
		a--;
	for (i = q->h->n; i > 0; i--)
		if (q->h->v[i - 1].b == a && (q->h->v[i - 1].rule == RULE_PERSON ||
						 q->h->v[i - 1].rule == RULE_CONTACT))
			return 1;
	return 0;
}

static int
accepts_japanese(
    const struct scrub_search *q, const struct scrub_term *t, size_t a, size_t b)
{
	if ((t->flags & (TERM_EDGES | TERM_FAMILY | TERM_GIVEN)) == TERM_EDGES &&
	    begins_file(q, a, b))
		return 1;
	if ((t->flags & TERM_SUFFIX) != 0 &&
	    (scrub_absorb_japanese(q->w, b) == b || is_area(q, b)))
		return 0;
	if ((t->flags & (TERM_EDGES | TERM_SUFFIX)) != 0 && !has_edges(q, a, b))
		return 0;
	if ((t->flags & TERM_GIVEN) != 0)
		return has_title(q, b) || (b - a > 1 && follows_person(q, a));
	if ((t->flags & TERM_FAMILY) != 0)
		return is_family(q, a, b);
	return 1;
}

/* "Yu" and "Ai" are given names, "To" and "No" are none. */
static int
is_short_given(const struct scrub_cp *v)
{
	static const char32_t *const names[] = { U"yu", U"ai", U"jo", U"ei", U"ko", U"ri",
		U"mi", U"yo", U"ao", U"io" };
	size_t k;

	for (k = 0; k < sizeof names / sizeof names[0]; k++)
		if (v[0].c == names[k][0] && v[1].c == names[k][1] &&
		    (v[1].flags & CP_UPPER) == 0)
			return 1;
	return 0;
}

/* A capital word in romaji beside a family name is the given name. */
static int
is_given(const struct scrub_search *q, size_t a, size_t b)
{
	uint32_t latin[24], kana[24];
	size_t i;

	if (b - a > 24 || (q->w->v[a].flags & CP_UPPER) == 0)
		return 0;
	if (b - a == 2)
		return is_short_given(q->w->v + a);
	if (b - a < 3 || scrub_word_is_view(WORDS_DESK_EN, q->w->v, a, b) ||
	    scrub_word_is_view(WORDS_GENERIC_EN, q->w->v, a, b))
		return 0;
	for (i = a; i < b; i++)
		latin[i - a] = q->w->v[i].c;
	return scrub_kana_of(latin, b - a, kana, 24) >= 2;
}

static void
widen_person(const struct scrub_search *q, size_t *pa, size_t *pb)
{
	const struct scrub_cp *v = q->w->v;
	size_t a = *pa, b = *pb, k;

	/* "T. Sawada" */
	if (a > 2 && v[a - 1].c == ' ' && v[a - 2].c == '.' &&
	    (v[a - 3].flags & CP_UPPER) != 0 &&
	    (a == 3 || scrub_is_in(U" (:,", v[a - 4].c))) {
		*pa = a - 3;
	} else if (a > 1 && v[a - 1].c == ' ') {
		for (k = a - 1; k > 0 && v[k - 1].cls == CLASS_LATIN; k--)
			;
		if (is_given(q, k, a - 1))
			*pa = k;
	}
	if (b + 1 < q->w->n && v[b].c == ' ') {
		for (k = b + 1; k < q->w->n && v[k].cls == CLASS_LATIN; k++)
			;
		if (is_given(q, b + 1, k))
			*pb = k;
	}
}

/* The reading in brackets after a name: (kana) or (kana kana). */
static void
add_reading(const struct scrub_search *q, size_t b, enum scrub_rule rule)
{
	const struct scrub_cp *v = q->w->v;
	size_t k = b + 1;

	if (b >= q->w->n || v[b].c != '(')
		return;
	while (k < q->w->n && k < b + 16 &&
	       (v[k].cls == CLASS_HIRAGANA || v[k].cls == CLASS_KATAKANA ||
		   v[k].cls == CLASS_SPACE))
		k++;
	if (k > b + 2 && k < q->w->n && v[k].c == ')')
		scrub_hits_add(q->h, b + 1, k, rule);
}

/* "Hana-ikada": a long name in pieces, the first and the last with a capital letter when
 * there is more than hyphens between them; or letter by letter. */
static int
is_in_pieces(const struct scrub_search *q, const struct scrub_term *t, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	size_t i, last = a, letters = 0;
	int blank = 0, apart = 1;

	if (!scrub_may_be_in_pieces(t->n, t->flags))
		return 0;
	for (i = a; i < b; i++) {
		if (v[i].cls == CLASS_LATIN) {
			apart &= ++letters < 2;
			continue;
		}
		letters = 0;
		blank |= !scrub_is_code_sign(v[i].c);
		last = i + 1;
	}
	if (t->n < 7 && !apart)
		return 0;
	return last > a && (!blank || apart ||
			       ((v[a].flags & CP_UPPER) != 0 && last < b &&
				   (v[last].flags & CP_UPPER) != 0));
}

/* Words of the trade behind a name, and what is registered to stand there. */
static size_t
absorb(const struct scrub_search *q, const struct scrub_term *t, size_t a, size_t b)
{
	size_t k = scrub_tail_at(q->s, q->w, b), by_tail = b, by_trade = b;

	if ((t->flags & TERM_LATIN) != 0)
		by_trade = scrub_absorb_latin(q->w, a, b);
	by_trade = scrub_absorb_japanese(q->w, by_trade);
	if (k > 0)
		by_tail = scrub_absorb_japanese(q->w, b + k);
	return by_tail > by_trade ? by_tail : by_trade;
}

static void
on_match(void *arg, uint32_t id, size_t start, size_t end)
{
	struct scrub_search *q = arg;
	const struct scrub_term *t = &q->s->term[id];
	size_t a = q->d->at[start], b = q->d->to[end - 1], from = a, to = b;
	enum scrub_rule rule = t->rule;

	if (a >= b || (q->strict && (t->flags & TERM_WEAK) != 0))
		return;
	if (q->squeezed && !is_in_pieces(q, t, a, b))
		return;
	if ((t->flags & TERM_EXACT) != 0 && !same_letters(q, t, a, b))
		return;
	if ((t->flags & TERM_LATIN) != 0 ? !scrub_accepts_latin(q, t, &a, &b)
					 : !accepts_japanese(q, t, a, b))
		return;
	/* "hana-ikada" is a code as much as a name. */
	if (q->squeezed && (q->w->v[a].flags & CP_UPPER) == 0)
		rule = RULE_CODE;
	if (a != from || b != to)
		rule = rule == RULE_PERSON || rule == RULE_CONTACT
			   ? RULE_AGAIN
			   : scrub_host_kind(q->w, a, b);
	else if ((t->flags & (TERM_FAMILY | TERM_LATIN)) == (TERM_FAMILY | TERM_LATIN))
		widen_person(q, &a, &b);
	else if ((t->flags & TERM_FAMILY) != 0 && a > 1 && q->w->v[a - 1].c == '.' &&
		 (q->w->v[a - 2].flags & CP_UPPER) != 0 &&
		 (a == 2 || !scrub_is_alnum(&q->w->v[a - 3])))
		a -= 2; /* "K.城之内" */
	if (rule == RULE_PERSON || rule == RULE_CONTACT)
		add_reading(q, b, rule);
	if ((t->flags & TERM_ABSORB) != 0 && rule == t->rule) {
		b = absorb(q, t, a, b);
		a = scrub_absorb_before(q->w, a);
	}
	scrub_hits_add(q->h, a, b, rule);
}

/* What follows a prefix may sound together with its end, as in tmbk01: prefixes are also
 * looked for by their letters. */
static void
find_prefixes(const struct scrub_search *q)
{
	const struct scrub_cp *v = q->w->v;
	const struct scrub_term *t;
	size_t i, k, n, a, b;

	for (i = 0; q->s->prefixes > 0 && i < q->w->n; i++) {
		if (v[i].cls != CLASS_LATIN || (i > 0 && scrub_is_alnum(&v[i - 1])))
			continue;
		for (k = 0; k < q->s->prefixes; k++) {
			t = &q->s->term[q->s->prefix[k]];
			for (n = 0; n < t->n && i + n < q->w->n &&
				    v[i + n].c == q->s->pool[t->at + n];
			     n++)
				;
			a = i;
			b = i + n;
			if (n == t->n && (!q->strict || (t->flags & TERM_WEAK) == 0) &&
			    scrub_accepts_latin(q, t, &a, &b) && b > i + n)
				scrub_hits_add(q->h, a, b, scrub_host_kind(q->w, a, b));
		}
	}
}

/* "イソベ事務センター": where a reading in katakana begins that ends before i, or i.
 * Words from abroad have long vowels and sounds that names of places do not. */
static size_t
katakana_name(const struct scrub_search *q, size_t i)
{
	const struct scrub_cp *v = q->w->v;
	size_t a = i;

	while (a > 0 && v[a - 1].cls == CLASS_KATAKANA &&
	       !scrub_is_in(U"ーァィゥェォヴパピプペポ", v[a - 1].c))
		a--;
	if (a + 3 > i ||
	    (a > 0 && (v[a - 1].cls == CLASS_KATAKANA || v[a - 1].cls == CLASS_KANJI)) ||
	    scrub_word_is_view(WORDS_STRIP_JA, v, a, i) ||
	    scrub_word_is_view(WORDS_COMMON_JA, v, a, i))
		return i;
	return a;
}

/* "いそべ事務センター" of a registered 磯辺事務センター: how the kanji is read is not
 * known, but a name in kana before the rest of a registered one is it. */
static void
find_read_stems(const struct scrub_search *q)
{
	const struct scrub_cp *v = q->w->v;
	size_t i, k, a;

	for (i = 3; i < q->w->n; i++) {
		if ((v[i - 1].cls != CLASS_HIRAGANA && v[i - 1].cls != CLASS_KATAKANA) ||
		    v[i].cls == v[i - 1].cls || !scrub_is_japanese(&v[i]) ||
		    !scrub_tail_may_begin(q->s, v[i].c) ||
		    scrub_is_in(U"のな", v[i - 1].c))
			continue;
		a = v[i - 1].cls == CLASS_HIRAGANA ? scrub_hiragana_name(q->w, i)
						   : katakana_name(q, i);
		k = a < i ? scrub_tail_read(q->s, q->w, i, i - a) : 0;
		scrub_hits_add(q->h, a, k > 0 ? i + k : a, RULE_SITE);
	}
}

int
scrub_find_terms(const struct scrubber *s, const struct scrub_view *w,
    const struct scrub_dense *d, int strict, struct scrub_hits *h)
{
	struct scrub_search q = { s, w, d, h, strict, 0 };
	struct scrub_dense squeezed;
	int r;

	if (!s->ready)
		return ERR_CONFLICT;
	scrub_match_run(s->match, d->sym, d->n, on_match, &q);
	find_prefixes(&q);
	if (!strict) {
		scrub_find_foreign(s, w, h);
		find_read_stems(&q);
	}
	if (!s->in_pieces)
		return h->err;
	r = scrub_dense_squeeze(d, &squeezed);
	if (r != 0)
		return r;
	q.d = &squeezed;
	q.squeezed = 1;
	scrub_match_run(s->match, squeezed.sym, squeezed.n, on_match, &q);
	scrub_dense_done(&squeezed);
	return h->err;
}
