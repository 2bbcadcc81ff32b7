/* SPDX-License-Identifier: Apache-2.0 */
/* Postal addresses in Latin letters: "5F Kita Bldg., 1-2-3 Xxx, Yyy-ku, Zzz 100-0001". */
#include "proto/scrub_find.h"

enum { WORD_CPS = 32, WORDS_BACK = 14 };

/* A word of an address, between blanks and commas. */
struct word {
	size_t a, b;
	int comma; /* one stands behind it */
};

static uint32_t
at(const struct scrub_view *w, size_t i)
{
	return i < w->n ? w->v[i].c : 0;
}

static int
is_word_sign(const struct scrub_view *w, size_t i)
{
	return i < w->n && (scrub_is_alnum(&w->v[i]) || w->v[i].c == '-' ||
			       w->v[i].c == '.' || w->v[i].c == '\'');
}

/* The word that ends before i, behind at most one comma and one blank. */
static int
word_before(const struct scrub_view *w, size_t i, struct word *ret)
{
	size_t k = i;

	ret->comma = 0;
	if (k > 0 && w->v[k - 1].c == ' ')
		k--;
	if (k > 0 && w->v[k - 1].c == ',') {
		ret->comma = 1;
		k--;
	}
	ret->b = k;
	while (k > 0 && ret->b - k < WORD_CPS && is_word_sign(w, k - 1))
		k--;
	ret->a = k;
	return k < ret->b;
}

static int
is_one_of(const struct scrub_view *w, size_t a, size_t b, const char32_t *const *words)
{
	size_t k;

	if (b > a && w->v[b - 1].c == '.')
		b--;
	for (; *words != NULL; words++) {
		for (k = 0; (*words)[k] != 0 && a + k < b && w->v[a + k].c == (*words)[k];
		     k++)
			;
		if ((*words)[k] == 0 && a + k == b)
			return 1;
	}
	return 0;
}

/* "1-2-3", "12-chome", "1-2": numbers of a house. */
static int
is_block(const struct scrub_view *w, const struct word *p)
{
	size_t i, groups = 0;

	for (i = p->a; i < p->b; i++) {
		if (w->v[i].cls == CLASS_LATIN)
			return groups > 0 && w->v[i].c == 'c' && at(w, i + 1) == 'h' &&
			       at(w, i + 2) == 'o';
		if (w->v[i].cls == CLASS_DIGIT && (i == p->a || w->v[i - 1].c == '-'))
			groups++;
	}
	return groups >= 2 && groups <= 4 && w->v[p->a].cls == CLASS_DIGIT &&
	       w->v[p->b - 1].cls == CLASS_DIGIT;
}

/* "120 Nakazato, Kita-machi": the number of a house that has but one; no year. */
static int
is_house(const struct scrub_view *w, const struct word *p, int comma)
{
	size_t i;

	for (i = p->a; i < p->b; i++)
		if (w->v[i].cls != CLASS_DIGIT)
			return 0;
	return comma && !p->comma && p->b - p->a <= 4 &&
	       (p->b - p->a < 4 || (w->v[p->a].c != '1' && w->v[p->a].c != '2'));
}

/* "5F", "B1F", "501". */
static int
is_floor(const struct scrub_view *w, const struct word *p)
{
	size_t i = p->a;

	if (at(w, i) == 'b')
		i++;
	while (i < p->b && w->v[i].cls == CLASS_DIGIT)
		i++;
	return i > p->a && (i == p->b || (w->v[i].c == 'f' && p->b - i <= 2));
}

static int
is_building(const struct scrub_view *w, const struct word *p)
{
	static const char32_t *const words[] = { U"building", U"bldg", U"tower", U"plaza",
		U"heights", U"mansion", U"center", U"centre", U"square", U"terrace",
		U"residence", U"floor", U"biru", NULL };

	return is_floor(w, p) || is_one_of(w, p->a, p->b, words);
}

static int
is_capital(const struct scrub_view *w, const struct word *p)
{
	static const char32_t *const small[] = { U"chome", U"banchi", U"ban", U"go",
		U"no", U"aza", U"oaza", NULL };

	return (w->v[p->a].flags & CP_UPPER) != 0 || is_one_of(w, p->a, p->b, small);
}

/* "-ku", "-shi" and the like behind a capital word: where they end, or 0. */
static size_t
suffix_end(const struct scrub_view *w, size_t i)
{
	static const char32_t *const ends[] = { U"ku", U"shi", U"cho", U"machi", U"gun",
		U"mura", U"son", NULL };
	size_t k = i + 1;

	if (w->v[i].c != '-' || i < 2 || w->v[i - 1].cls != CLASS_LATIN)
		return 0;
	while (k < w->n && k < i + 6 && scrub_is_alnum(&w->v[k]))
		k++;
	if (!is_one_of(w, i + 1, k, ends) || at(w, k) == '-' || at(w, k) == '.')
		return at(w, k) == '.' && is_one_of(w, i + 1, k, ends) &&
			       !scrub_is_ascii_alnum(at(w, k + 1))
			   ? k
			   : 0;
	return k;
}

/* A postal code at i: where it ends, or 0. */
static size_t
code_end(const struct scrub_view *w, size_t i)
{
	size_t k;

	for (k = 0; k < 8; k++)
		if (k == 3 ? at(w, i + k) != '-'
			   : i + k >= w->n || w->v[i + k].cls != CLASS_DIGIT)
			return 0;
	return i + k < w->n && (scrub_is_alnum(&w->v[i + k]) || w->v[i + k].c == '-')
		   ? 0
		   : i + k;
}

/* "Room 901, " before the name of a building. */
static size_t
room_start(const struct scrub_view *w, size_t i)
{
	static const char32_t *const rooms[] = { U"room", U"rm", U"suite", U"unit",
		U"apt", U"no", NULL };
	struct word number, room;

	return word_before(w, i, &number) && is_floor(w, &number) &&
		       word_before(w, number.a, &room) && !room.comma &&
		       is_one_of(w, room.a, room.b, rooms)
		   ? room.a
		   : i;
}

/* Where the address begins whose city or code begins at i; i when it has no number. */
static size_t
house_start(const struct scrub_view *w, size_t i)
{
	struct word p;
	size_t k = i, start = i, n, part;
	int seen = 0, building = 0, comma = 0;

	for (n = 0; n < WORDS_BACK && !seen && word_before(w, k, &p); n++) {
		if (is_block(w, &p) || is_house(w, &p, comma)) {
			start = p.a;
			seen = 1;
		} else if (!is_capital(w, &p) && !is_floor(w, &p)) {
			break;
		}
		comma |= p.comma;
		k = p.a;
	}
	/* "Kita Bldg. 5F, 1-2-3 ..." */
	part = start;
	for (n = 0; seen && n < 6 && word_before(w, k, &p) && (n == 0 || !p.comma) &&
		    (is_capital(w, &p) || is_floor(w, &p));
	     n++) {
		building |= is_building(w, &p);
		part = p.a;
		k = p.a;
	}
	return building ? room_start(w, part) : start;
}

/* ", Nagoya-shi, Aichi 460-0000, Japan" behind i. */
static size_t
city_end(const struct scrub_view *w, size_t i, int *ret_code)
{
	size_t k, n, end = i, code;

	for (;;) {
		k = end;
		code = at(w, k) == ' ' ? code_end(w, k + 1) : 0;
		if (code > 0) {
			*ret_code = 1;
			end = code;
			continue;
		}
		if (at(w, k) == ',')
			k++;
		if (at(w, k) != ' ' || k + 1 >= w->n || !(w->v[k + 1].flags & CP_UPPER))
			return end;
		for (n = ++k; n < w->n && n < k + WORD_CPS && w->v[n].cls == CLASS_LATIN;
		     n++)
			;
		if (suffix_end(w, n < w->n ? n : n - 1) > 0)
			end = suffix_end(w, n);
		else if ((at(w, n) == ' ' && code_end(w, n + 1) > 0) ||
			 scrub_word_is_view(WORDS_REGION_EN, w->v, k, n))
			end = n;
		else
			return end;
	}
}

/* "1-2-3 Xxx, Tokyo": the hyphen at i stands in the number of a house; where the name of
 * the city begins, or 0. */
static size_t
plain_city(const struct scrub_view *w, size_t i)
{
	struct word p = { i, i + 1, 0 };
	size_t k, n, words;

	while (p.a > 0 && i - p.a < WORD_CPS && is_word_sign(w, p.a - 1))
		p.a--;
	while (p.b - i < WORD_CPS && is_word_sign(w, p.b))
		p.b++;
	if (!is_block(w, &p))
		return 0;
	for (k = p.b, words = 0; words < 4 && at(w, k) == ' '; words++) {
		k++;
		if (k >= w->n || (w->v[k].flags & CP_UPPER) == 0)
			return 0;
		for (n = k; n < k + WORD_CPS && is_word_sign(w, n); n++)
			;
		k = n;
		if (at(w, k) != ',')
			continue;
		if (at(w, k + 1) != ' ')
			return 0;
		for (n = k + 2;
		     n < w->n && n < k + WORD_CPS && w->v[n].cls == CLASS_LATIN; n++)
			;
		return n > k + 2 && (w->v[k + 2].flags & CP_UPPER) != 0 &&
			       scrub_word_is_view(WORDS_REGION_EN, w->v, k + 2, n)
			   ? k + 2
			   : 0;
	}
	return 0;
}

void
scrub_find_postal_en(const struct scrub_view *w, struct scrub_hits *h)
{
	struct word p;
	size_t i, a, end, start;
	int code;

	for (i = 2; i + 2 < w->n; i++) {
		if (w->v[i].c != '-')
			continue;
		code = 0;
		end = suffix_end(w, i);
		if (end > 0) {
			for (a = i; a > 0 && w->v[a - 1].cls == CLASS_LATIN; a--)
				;
			if ((w->v[a].flags & CP_UPPER) == 0)
				continue;
			end = city_end(w, end, &code);
		} else if (w->v[i - 1].cls == CLASS_DIGIT && (a = plain_city(w, i)) > 0) {
			end = city_end(w, a - 2, &code);
		} else {
			/* "..., Tokyo 100-0001" */
			end = i >= 4 && w->v[i - 4].c == ' ' ? code_end(w, i - 3) : 0;
			if (end == 0 || !word_before(w, i - 3, &p) || p.comma ||
			    !is_capital(w, &p))
				continue;
			a = p.a;
			code = 1;
			end = city_end(w, end, &code);
		}
		start = house_start(w, a);
		if (start == a && !code)
			continue;
		scrub_hits_add(h, start, end, RULE_PLACE);
		i = end - 1;
	}
}
