/* SPDX-License-Identifier: Apache-2.0 */
/* Spellings of names of people. */
#include "proto/scrub_foreign.h"
#include "proto/scrub_surnames.h"

enum { PERSON_MAX = 96 };

struct part {
	struct scrub_cp v[PERSON_MAX];
	size_t n;
};

static int
is_sound(const struct part *p)
{
	uint32_t latin[PERSON_MAX], kana[PERSON_MAX];
	size_t i;

	for (i = 0; i < p->n; i++)
		latin[i] = p->v[i].c;
	return scrub_kana_of(latin, p->n, kana, PERSON_MAX) >= 2;
}

static void
part_set(struct part *p, const struct scrub_cp *v, size_t n)
{
	p->n = n < PERSON_MAX ? n : PERSON_MAX;
	memcpy(p->v, v, p->n * sizeof *v);
}

static void
part_join(struct part *ret, const struct part *a, size_t an, const char *sep,
    const struct part *b, size_t bn)
{
	size_t k = strlen(sep);
	uint32_t c;

	ret->n = 0;
	if (an + k + bn > PERSON_MAX)
		return;
	memcpy(ret->v, a->v, an * sizeof *a->v);
	ret->n = an;
	for (; *sep != '\0'; sep++) {
		c = (uint32_t)(unsigned char)*sep;
		scrub_cp_fill(&ret->v[ret->n++], &c, 1);
	}
	memcpy(ret->v + ret->n, b->v, bn * sizeof *b->v);
	ret->n += bn;
}

static int
add_pair(struct scrubber *s, const struct part *a, size_t an, const char *sep,
    const struct part *b, size_t bn, enum scrub_rule rule, unsigned flags)
{
	struct part j;

	part_join(&j, a, an, sep, b, bn);
	return scrub_term_add(s, j.v, j.n, rule, flags);
}

/* "Kana Lee": both orders, the dotted, joined and shortened forms of accounts. */
static int
add_latin_pair(struct scrubber *s, const struct part *given, const struct part *family,
    enum scrub_rule rule)
{
	static const struct {
		const char *sep;
		uint8_t given, family, reverse; /* 1: whole, 0: its initial */
	} forms[] = {
		{ " ", 1, 1, 0 },
		{ " ", 1, 1, 1 },
		{ ", ", 1, 1, 1 },
		{ ", ", 0, 1, 1 },
		{ ".", 1, 1, 0 },
		{ ".", 1, 1, 1 },
		{ "", 1, 1, 0 },
		{ "", 1, 1, 1 },
		{ " ", 0, 1, 0 },
		{ " ", 0, 1, 1 },
		{ ".", 0, 1, 0 },
		{ ". ", 0, 1, 0 },
		{ ".", 0, 1, 1 },
		{ "", 0, 1, 0 },
		{ "", 0, 1, 1 },
		{ ".", 1, 0, 0 },
		{ " ", 1, 0, 0 },
	};
	size_t i, g, f;
	unsigned flags;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof forms / sizeof forms[0]; i++) {
		g = forms[i].given ? given->n : 1;
		f = forms[i].family ? family->n : 1;
		flags = TERM_LATIN | TERM_CODE;
		/* "C. Wu" is short, and yet nothing else. */
		if (g + f < 5 && g == 1 && forms[i].sep[0] == '.' &&
		    forms[i].sep[1] == ' ')
			flags = TERM_LATIN | TERM_CAPITAL;
		else if (g + f < 5 && (forms[i].sep[0] != ' ' || g == 1))
			continue;
		if (g == 1 || f == 1)
			flags |= TERM_EXACT | TERM_WEAK;
		if (f == 1 && forms[i].sep[0] == ' ')
			flags |= TERM_CAPITAL; /* "Yuko M." */
		if (forms[i].reverse)
			r = add_pair(s, family, f, forms[i].sep, given, g, rule, flags);
		else
			r = add_pair(s, given, g, forms[i].sep, family, f, rule, flags);
	}
	return r;
}

/* "Kinsella" is キンセラ. */
static void
add_foreign(struct scrubber *s, const struct part *p, int family)
{
	struct scrub_foreign *t = &s->foreign[s->foreigners];
	uint32_t latin[PERSON_MAX];
	size_t i;

	if (s->foreigners == FOREIGNERS_MAX || p->n < 3)
		return;
	for (i = 0; i < p->n; i++)
		latin[i] = scrub_plain_letter(p->v[i].c) != 0
			       ? scrub_plain_letter(p->v[i].c)
			       : p->v[i].c;
	t->n = (uint8_t)scrub_foreign_of(latin, p->n, t->row);
	t->family = (uint8_t)family;
	t->first = (char)latin[0];
	if (t->n > 0)
		s->foreigners++;
}

static int
add_latin_single(
    struct scrubber *s, const struct part *p, int family, enum scrub_rule rule)
{
	unsigned flags =
	    TERM_LATIN | TERM_CAPITAL | TERM_WEAK | (family ? TERM_FAMILY : 0);

	if (p->n < 4 || (!family && (p->n < 5 || !is_sound(p))) ||
	    scrub_word_is_view(WORDS_COMMON_EN, p->v, 0, p->n) ||
	    scrub_word_is_view(WORDS_ROLE_MAIL, p->v, 0, p->n))
		return 0;
	/* In logs and chats people are called by their family names in small letters. */
	if (family && p->n >= 5 && is_sound(p))
		flags &= ~(unsigned)TERM_CAPITAL;
	return scrub_term_add(s, p->v, p->n, rule, flags | TERM_CODE);
}

/* A name in romaji is also written in kana. */
static int
add_latin_kana(struct scrubber *s, const struct part *given, const struct part *family,
    enum scrub_rule rule)
{
	uint32_t latin[PERSON_MAX], kana[PERSON_MAX];
	struct part p[2];
	const struct part *from[2] = { family, given };
	size_t i, k, m;
	int r;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < from[k]->n; i++)
			latin[i] = from[k]->v[i].c;
		m = scrub_kana_of(latin, from[k]->n, kana, PERSON_MAX);
		if (m < (k == 0 ? 2u : 1u))
			return 0;
		scrub_cp_fill(p[k].v, kana, m);
		p[k].n = m;
	}
	r = add_pair(s, &p[0], p[0].n, "", &p[1], p[1].n, rule, 0);
	if (r == 0)
		r = add_pair(s, &p[1], p[1].n, "", &p[0], p[0].n, rule, 0);
	if (r == 0)
		r = scrub_term_add(s, p[0].v, p[0].n, rule, TERM_FAMILY | TERM_WEAK);
	return r == 0 && p[1].n > 1
		   ? scrub_term_add(s, p[1].v, p[1].n, rule, TERM_GIVEN | TERM_WEAK)
		   : r;
}

/* "Bob Kinsella" in place of "Robert Kinsella"; the short one alone is anybody. */
static int
add_short_given(struct scrubber *s, const struct part *given, const struct part *family,
    enum scrub_rule rule)
{
	static const struct {
		const char *whole, *brief;
	} names[] = { { "robert", "bob" }, { "robert", "rob" }, { "william", "bill" },
		{ "william", "will" }, { "james", "jim" }, { "james", "jimmy" },
		{ "michael", "mike" }, { "michael", "mick" }, { "thomas", "tom" },
		{ "richard", "rick" }, { "richard", "dick" }, { "elizabeth", "liz" },
		{ "elizabeth", "beth" }, { "kenneth", "ken" }, { "joseph", "joe" },
		{ "daniel", "dan" }, { "matthew", "matt" }, { "christopher", "chris" },
		{ "andrew", "andy" }, { "anthony", "tony" }, { "katherine", "kate" },
		{ "catherine", "cathy" }, { "margaret", "meg" }, { "jennifer", "jen" },
		{ "benjamin", "ben" }, { "samuel", "sam" }, { "nicholas", "nick" },
		{ "steven", "steve" }, { "stephen", "steve" }, { "edward", "ed" },
		{ "edward", "ted" }, { "alexander", "alex" }, { "patricia", "pat" },
		{ "patrick", "pat" }, { "david", "dave" }, { "charles", "charlie" },
		{ "susan", "sue" }, { "timothy", "tim" }, { "gregory", "greg" },
		{ "philip", "phil" }, { "frederick", "fred" }, { "victoria", "vicky" },
		{ "peter", "pete" }, { "rebecca", "becky" }, { "ronald", "ron" } };
	struct scrub_cp cp[PERSON_MAX];
	uint32_t c[PERSON_MAX];
	struct part brief;
	size_t i, n;
	int r = 0;

	for (i = 0; r == 0 && i < sizeof names / sizeof names[0]; i++) {
		for (n = 0; n < given->n && names[i].whole[n] != '\0' &&
			    given->v[n].c == (uint32_t)names[i].whole[n];
		     n++)
			;
		if (n < given->n || names[i].whole[n] != '\0')
			continue;
		for (n = 0; n < PERSON_MAX && names[i].brief[n] != '\0'; n++)
			c[n] = (uint32_t)names[i].brief[n];
		scrub_cp_fill(cp, c, n);
		part_set(&brief, cp, n);
		r = add_latin_pair(s, &brief, family, rule);
	}
	return r;
}

/* One of them in romaji, such as "Marco", is none in a foreign name. */
static void
add_foreign_parts(
    struct scrubber *s, const struct part *w, size_t n, const struct part *family)
{
	size_t i, foreign = 0;

	for (i = 0; i < n; i++)
		foreign += !is_sound(&w[i]);
	for (i = 0; foreign > 0 && i < n; i++)
		add_foreign(s, &w[i], &w[i] == family || (i == 0 && n > 2));
}

static int
add_latin_person(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct part w[4], *given, *family;
	size_t i, from = 0, k = 0;
	int r, capital = -1;

	for (i = 0; i <= n && k < 4; i++) {
		if (i < n && v[i].cls != CLASS_SPACE && v[i].c != ',')
			continue;
		if (i > from && (i - from > 1 || n < 4) &&
		    !scrub_word_is_view(WORDS_TITLE_EN, v, from, i))
			part_set(&w[k++], v + from, i - from);
		from = i + 1;
	}
	if (k == 0)
		return 0;
	if (k == 1)
		return add_latin_single(s, &w[0], 1, rule);
	for (i = 0; i < k; i++)
		if (w[i].n > 2 && (w[i].v[1].flags & CP_UPPER) != 0)
			capital = capital < 0 ? (int)i : (int)k;
	/* Family names are written in capitals, before a comma, or last. */
	family = capital == 0 || v[w[0].n].c == ',' ? &w[0] : &w[k - 1];
	given = family == &w[0] ? &w[1] : &w[0];
	add_foreign_parts(s, w, k, family);
	r = add_latin_pair(s, given, family, rule);
	if (r == 0 && k > 2) /* with what stands between */
		r = scrub_term_add(s, v, n, rule, TERM_LATIN | TERM_CODE);
	if (r == 0)
		r = add_short_given(s, given, family, rule);
	if (r == 0)
		r = add_latin_kana(s, given, family, rule);
	if (r == 0)
		r = add_latin_single(s, family, 1, rule);
	if (r == 0)
		r = add_latin_single(s, given, 0, rule);
	return r;
}

/* A name in kana is also written in romaji. */
static int
add_kana_person(struct scrubber *s, const struct part *family, const struct part *given,
    enum scrub_rule rule)
{
	uint32_t kana[PERSON_MAX], latin[PERSON_MAX];
	struct part p[2];
	const struct part *from[2] = { family, given };
	size_t i, k, m;
	int r;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < from[k]->n; i++)
			kana[i] = from[k]->v[i].c;
		m = scrub_romaji_of(kana, from[k]->n, latin, PERSON_MAX);
		if (m == 0)
			return 0;
		scrub_cp_fill(p[k].v, latin, m);
		p[k].n = m;
	}
	r = add_latin_pair(s, &p[1], &p[0], rule);
	return r == 0 ? add_latin_single(s, &p[0], 1, rule) : r;
}

static int
is_kana(const struct part *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].cls != CLASS_HIRAGANA && p->v[i].cls != CLASS_KATAKANA)
			return 0;
	return p->n > 0;
}

/* A frequent family name in kanji is also written in kana and romaji. */
static int
add_reading(struct scrubber *s, const struct part *family, const struct part *given,
    int other, enum scrub_rule rule)
{
	const char32_t *c = scrub_surname_reading(family->v, family->n, other);
	uint32_t kana[PERSON_MAX], latin[PERSON_MAX];
	struct part p;
	size_t n, m;
	int r;

	if (c == NULL)
		return 0;
	for (n = 0; n < PERSON_MAX && c[n] != 0; n++)
		kana[n] = c[n];
	scrub_cp_fill(p.v, kana, n);
	p.n = n;
	r = scrub_term_add(s, p.v, p.n, rule, TERM_FAMILY | TERM_WEAK);
	if (r == 0 && given != NULL) /* "はせべ守" */
		r = add_pair(s, &p, p.n, "", given, given->n, rule, 0);
	m = scrub_romaji_of(kana, n, latin, PERSON_MAX);
	if (r != 0 || m == 0)
		return r;
	scrub_cp_fill(p.v, latin, m);
	p.n = m;
	return add_latin_single(s, &p, 1, rule);
}

static int
add_japanese_pair(struct scrubber *s, const struct part *family, const struct part *given,
    enum scrub_rule rule)
{
	size_t n = family->n + given->n;
	unsigned edges = n <= 2 ? TERM_EDGES | TERM_WEAK : 0;
	int r;

	r = add_pair(s, family, family->n, "", given, given->n, rule, edges);
	if (r == 0 && is_kana(family))
		r = add_pair(s, given, given->n, "", family, family->n, rule, 0);
	if (r == 0)
		r = scrub_term_add(
		    s, family->v, family->n, rule, TERM_FAMILY | TERM_WEAK);
	if (r == 0)
		r = add_reading(s, family, given, 0, rule);
	if (r == 0)
		r = add_reading(s, family, given, 1, rule);
	if (r == 0 && given->n > 1)
		r = scrub_term_add(s, given->v, given->n, rule, TERM_GIVEN | TERM_WEAK);
	if (r == 0 && given->n == 1 && given->v[0].cls == CLASS_KANJI)
		r = scrub_term_add(
		    s, given->v, given->n, rule, TERM_GIVEN | TERM_EDGES | TERM_WEAK);
	if (r == 0 && is_kana(family) && is_kana(given))
		r = add_kana_person(s, family, given, rule);
	return r;
}

/* Where a family name ends that is not set apart. */
static size_t
family_length(const struct scrub_cp *v, size_t n)
{
	size_t k = scrub_surname_at(v, n, 0);

	if (k > 0 && k < n)
		return k;
	return n >= 4 && n <= 5 ? 2 : 0;
}

static int
add_japanese_person(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct part family, given;
	size_t i, k;

	k = scrub_word_before(WORDS_HONORIFIC_JA, v, n);
	if (k > 0 && n > k + 1)
		n -= k;
	while (n > 0 && v[n - 1].cls == CLASS_SPACE)
		n--;
	for (i = 0; i < n && v[i].cls != CLASS_SPACE && v[i].c != 0x30FB; i++)
		;
	if (i > 0 && i + 1 < n) {
		part_set(&family, v, i);
		while (i < n && (v[i].cls == CLASS_SPACE || v[i].c == 0x30FB))
			i++;
		part_set(&given, v + i, n - i);
		return add_japanese_pair(s, &family, &given, rule);
	}
	k = family_length(v, n);
	if (k > 0) {
		part_set(&family, v, k);
		part_set(&given, v + k, n - k);
		return add_japanese_pair(s, &family, &given, rule);
	}
	if (n >= 3)
		return scrub_term_add(s, v, n, rule, n > 3 ? 0 : TERM_EDGES | TERM_WEAK);
	return n == 0 ? 0 : scrub_term_add(s, v, n, rule, TERM_FAMILY | TERM_WEAK);
}

/* "T.S", "T.K.S" */
static int
is_initials(const struct scrub_cp *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (i % 2 == 0 ? v[i].cls != CLASS_LATIN
			       : v[i].c != '.' && v[i].c != U'・')
			return 0;
	return n % 2 != 0;
}

/* O'Malley is omalley in accounts. */
static int
add_unmarked(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	struct scrub_cp c[PERSON_MAX];
	size_t i, k = 0;

	for (i = 0; i < n && k < PERSON_MAX; i++)
		if (v[i].c != '\'')
			c[k++] = v[i];
	return k == n || k < 3 ? 0 : add_latin_person(s, c, k, rule);
}

static int
add_one(struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	size_t i, k;
	int r;

	while (n > 0 && !scrub_is_alnum(v) && !scrub_is_japanese(v)) {
		v++;
		n--;
	}
	while (n > 0 && !scrub_is_alnum(&v[n - 1]) && !scrub_is_japanese(&v[n - 1]))
		n--;
	k = scrub_word_at(WORDS_TITLE_EN, v, n, 0);
	if (k > 0 && k < n && v[k].cls == CLASS_SPACE)
		return add_one(s, v + k, n - k, rule);
	for (i = 0; i < n; i++)
		if (scrub_is_japanese(&v[i]))
			return add_japanese_person(s, v, n, rule);
	if (n >= 3 && n <= 5 && is_initials(v, n))
		return scrub_term_add(
		    s, v, n, rule, TERM_EXACT | TERM_LATIN | TERM_CAPITAL | TERM_WEAK);
	r = n < 3 ? 0 : add_latin_person(s, v, n, rule);
	return r == 0 ? add_unmarked(s, v, n, rule) : r;
}

int
scrub_person_add(
    struct scrubber *s, const struct scrub_cp *v, size_t n, enum scrub_rule rule)
{
	size_t i, from = 0;
	int r = 0;

	for (i = 0; r == 0 && i <= n; i++) {
		if (i < n && v[i].c != '/' && v[i].c != '(' && v[i].c != ')' &&
		    v[i].c != ';' && v[i].c != 0x3001 && v[i].c != '|' && v[i].c != '<' &&
		    v[i].c != '>')
			continue;
		if (i > from && i - from <= PERSON_MAX)
			r = add_one(s, v + from, i - from, rule);
		from = i + 1;
	}
	return r;
}
