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
	if (b > a && w->v[b - 1].c == '.')
		b--;
	return scrub_text_is_any(w, a, b, words);
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
	/* "2026-01-02" */
	if (groups == 3 && p->b - p->a >= 8 && w->v[p->a + 4].c == '-')
		return 0;
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
		U"mura", U"son", U"ken", U"fu", U"to", U"do", U"city", U"town",
		U"village", U"ward", U"pref", U"prefecture", U"dori", NULL };
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

/* Where the address begins whose city or code begins at i; i when it has no number.
 * `comma`: more of it follows behind a comma. */
static size_t
house_start(const struct scrub_view *w, size_t i, int comma)
{
	struct word p;
	size_t k = i, start = i, n, part;
	int seen = 0, building = 0;

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

/* " 460-0000", ", 〒460-0000" at i: where it ends, or 0. */
static size_t
code_behind(const struct scrub_view *w, size_t i)
{
	size_t k = i;

	if (at(w, k) == ',')
		k++;
	if (at(w, k) == ' ')
		k++;
	if (at(w, k) == U'〒')
		k++;
	else if (k == i || w->v[k - 1].c != ' ')
		return 0;
	if (at(w, k) == ' ')
		k++;
	return code_end(w, k);
}

/* ", Nagoya-shi", " Aichi Prefecture", ", Kurose City", ", Osaka": a part of an address
 * at i, which says what it is; where it ends, or 0. */
static size_t
part_end(const struct scrub_view *w, size_t i)
{
	static const char32_t *const kinds[] = { U"city", U"town", U"village", U"ward",
		U"prefecture", U"pref", NULL };
	size_t k = i, n, end;

	if (at(w, k) == ',')
		k++;
	if (at(w, k) != ' ' || k + 1 >= w->n || !(w->v[k + 1].flags & CP_UPPER))
		return 0;
	for (n = ++k; n < w->n && n < k + WORD_CPS && w->v[n].cls == CLASS_LATIN; n++)
		;
	end = n < w->n ? suffix_end(w, n) : 0;
	if (end > 0)
		return end;
	if (code_behind(w, n) > 0)
		return n;
	if (at(w, n) == ' ') {
		for (end = n + 1;
		     end < w->n && end < n + WORD_CPS && w->v[end].cls == CLASS_LATIN;
		     end++)
			;
		if (is_one_of(w, n + 1, end, kinds))
			return end + (at(w, end) == '.' && (at(w, end + 1) == ',' ||
							       at(w, end - 1) == 'f'));
	}
	return scrub_word_is_view(WORDS_REGION_EN, w->v, k, n) ? n : 0;
}

/* ", Nagoya-shi, Aichi 460-0000, Japan" behind i. */
static size_t
city_end(const struct scrub_view *w, size_t i, int *ret_code)
{
	size_t end = i, k;

	for (;;) {
		k = code_behind(w, end);
		if (k > 0)
			*ret_code = 1;
		else
			k = part_end(w, end);
		if (k == 0)
			return end;
		end = k;
	}
}

/* "10-12 Xxx, Yyy City" alone may be anything of two words; a prefecture, a code or one
 * more part says that it is an address. */
static int
is_sure(const struct scrub_view *w, size_t i, size_t end, size_t hyphens)
{
	size_t k;

	for (k = i + 2; k < end && w->v[k].c != ' '; k++)
		;
	return hyphens > 1 || k == end || w->v[k + 1].c == 'p' || part_end(w, end) > 0 ||
	       code_behind(w, end) > 0;
}

/* "1-2-3 Xxx, Tokyo", "1-2 Xxx, Yyy, Zzz Prefecture": the hyphen at i stands in the
 * number of a house; where the first part begins that says what it is, or 0. */
static size_t
plain_city(const struct scrub_view *w, size_t i)
{
	struct word p = { i, i + 1, 0 };
	size_t k, n, words, commas = 0, hyphens = 0;

	while (p.a > 0 && i - p.a < WORD_CPS && is_word_sign(w, p.a - 1))
		p.a--;
	while (p.b - i < WORD_CPS && is_word_sign(w, p.b))
		p.b++;
	if (!is_block(w, &p))
		return 0;
	for (k = p.a; k < p.b; k++)
		hyphens += w->v[k].c == '-';
	for (words = 0; words < 5 && commas < 3; words++) {
		if (at(w, k) == ',') {
			commas++;
			n = part_end(w, k);
			if (n > 0)
				return is_sure(w, k, n, hyphens) ? k + 2 : 0;
			k++;
		}
		if (at(w, k) != ' ' || ++k >= w->n || (w->v[k].flags & CP_UPPER) == 0)
			return 0;
		for (n = k; n < k + WORD_CPS && is_word_sign(w, n); n++)
			;
		k = n;
	}
	return 0;
}

/* "postcode 100-0001": is the number at i said to be one? */
static int
is_called_code(const struct scrub_view *w, size_t i)
{
	static const char32_t *const words[] = { U"postcode", U"postal code",
		U"post code", U"zip code", U"zip", U"zipcode" };
	size_t k, n, j;

	while (i > 0 && scrub_is_in(U" :#.", w->v[i - 1].c))
		i--;
	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0; words[k][n] != 0; n++)
			;
		if (n > i || (n < i && scrub_is_alnum(&w->v[i - n - 1])))
			continue;
		for (j = 0; j < n && w->v[i - n + j].c == words[k][j]; j++)
			;
		if (j == n)
			return 1;
	}
	return 0;
}

/* "12 Xxx, Yyy City, Zzz Prefecture": the last word begins at i; where the one before it
 * does, and where the address ends. */
static size_t
prefecture_at(const struct scrub_view *w, size_t i, size_t *ret_a, int *ret_code)
{
	struct word p;
	size_t end;

	*ret_code = 0;
	if (at(w, i + 1) != 'r' || at(w, i + 2) != 'e' || at(w, i + 3) != 'f' ||
	    (w->v[i].flags & CP_UPPER) == 0 || w->v[i - 1].c != ' ' ||
	    !word_before(w, i, &p) || p.comma || !is_capital(w, &p) || p.a < 2)
		return 0;
	end = part_end(w, p.a - 1);
	*ret_a = p.a;
	return end > i ? city_end(w, end, ret_code) : 0;
}

/* The city, region or code around the hyphen at i: where it begins and ends. */
static size_t
place_at(const struct scrub_view *w, size_t i, size_t *ret_a, int *ret_code)
{
	struct word p;
	size_t a, end = suffix_end(w, i);

	*ret_code = 0;
	if (end > 0) {
		for (a = i; a > 0 && w->v[a - 1].cls == CLASS_LATIN; a--)
			;
		*ret_a = a;
		return w->v[a].flags & CP_UPPER ? city_end(w, end, ret_code) : 0;
	}
	if (w->v[i - 1].cls == CLASS_DIGIT && (a = plain_city(w, i)) > 0) {
		*ret_a = a;
		return city_end(w, a - 2, ret_code);
	}
	/* "..., Tokyo 100-0001" */
	end = i >= 4 && scrub_is_in(U" :", w->v[i - 4].c) ? code_end(w, i - 3) : 0;
	if (end == 0)
		return 0;
	*ret_code = 1;
	*ret_a = i - 3;
	if (is_called_code(w, i - 3))
		return end;
	if (w->v[i - 4].c == ':' || !word_before(w, i - 3, &p) || p.comma ||
	    !is_capital(w, &p))
		return 0;
	*ret_a = p.a;
	return city_end(w, end, ret_code);
}

void
scrub_find_postal_en(const struct scrub_view *w, struct scrub_hits *h)
{
	size_t i, k, a = 0, end, start;
	int code, comma;

	for (i = 2; i + 2 < w->n; i++) {
		if (w->v[i].c != '-' && w->v[i].c != 'p')
			continue;
		end = w->v[i].c == '-' ? place_at(w, i, &a, &code)
				       : prefecture_at(w, i, &a, &code);
		if (end == 0)
			continue;
		for (comma = 0, k = a; k < end; k++)
			comma |= w->v[k].c == ',';
		start = house_start(w, a, comma);
		if (start == a && !code)
			continue;
		scrub_hits_add(h, start, end, RULE_PLACE);
		i = end - 1;
	}
}
