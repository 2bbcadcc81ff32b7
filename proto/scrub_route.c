/* SPDX-License-Identifier: Apache-2.0 */
/* AS numbers that stand without "AS": in paths of BGP, and in the settings of routers. */
#include "proto/scrub_find.h"

enum { BACK_MAX = 80, LINE_MAX_CPS = 240, DIGITS_MIN = 4, DIGITS_MAX = 10 };

static int
word_before(const struct scrub_view *w, size_t i, const char32_t *const *words)
{
	size_t n, k;

	for (; *words != NULL; words++) {
		for (n = 0; (*words)[n] != 0; n++)
			;
		if (n > i)
			continue;
		for (k = 0; k < n && w->v[i - n + k].c == (*words)[k]; k++)
			;
		if (k == n && (n == i || !scrub_is_ascii_alnum((*words)[0]) ||
				  !scrub_is_alnum(&w->v[i - n - 1])))
			return 1;
	}
	return 0;
}

/* Does the line speak of the routes between networks: of BGP, or of a number that says
 * what it is? */
static int
speaks_of_routes(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i, end;

	while (k > 0 && i - k < LINE_MAX_CPS && v[k - 1].c != '\n')
		k--;
	for (end = i + LINE_MAX_CPS; k + 2 < w->n && k < end && v[k].c != '\n'; k++) {
		if (v[k].cls == CLASS_BARRIER &&
		    (v[k].rule == RULE_ASN || v[k].rule == RULE_AS_NUMBER))
			return 1;
		if (k > 0 && scrub_is_alnum(&v[k - 1]))
			continue;
		if (v[k].c == 'b' && v[k + 1].c == 'g' && v[k + 2].c == 'p')
			return 1;
		if (v[k].c == 'a' && v[k + 1].c == 's' &&
		    (v[k + 2].cls == CLASS_DIGIT || scrub_is_in(U"番パ", v[k + 2].c)))
			return 1;
	}
	return 0;
}

/* "*> 192.0.2.0/24  198.51.100.1  0 65001 65002 i": a line of a table of routes, of which
 * only numbers and the origin follow from i on. */
static int
is_in_table(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i, end = i;

	while (
	    end < w->n && end < i + BACK_MAX &&
	    (v[end].cls == CLASS_DIGIT || v[end].cls == CLASS_BARRIER || v[end].c == ' '))
		end++;
	if (end == i || end >= w->n || v[end - 1].c != ' ' ||
	    !scrub_is_in(U"ie?", v[end].c) ||
	    (end + 1 < w->n && v[end + 1].c != '\n' && v[end + 1].c != ' '))
		return 0;
	while (k > 0 && i - k < LINE_MAX_CPS && v[k - 1].c != '\n')
		k--;
	while (k < i && v[k].c == ' ')
		k++;
	return v[k].c == '*' && v[k + 1].c == '>';
}

size_t
scrub_route_number(const struct scrub_view *w, size_t i)
{
	static const char32_t *const sure[] = { U"remote-as", U"local-as", U"router bgp",
		U"as-path", U"as path", U"as_path", U"aspath", U"asパス", U"as 番号",
		U"origin as", U"peer as", NULL };
	static const char32_t *const with[] = { U"経路", U"パス", U"上流", U"ピア",
		U"隣接", U"path", U"peer", U"peers", U"neighbor", U"neighbour", U"origin",
		U"upstream", NULL };
	const struct scrub_cp *v = w->v;
	size_t d = i, k = i;
	int sign = 0;

	while (d < w->n && v[d].cls == CLASS_DIGIT)
		d++;
	if (d - i < DIGITS_MIN || d - i > DIGITS_MAX || v[i].c == '0')
		return 0;
	/* A quantity, a time, a port. */
	if (d < w->n && (v[d].cls == CLASS_LATIN || v[d].cls == CLASS_KANJI ||
			    v[d].cls == CLASS_KATAKANA ||
			    (d + 1 < w->n && scrub_is_in(U".:/-,", v[d].c) &&
				v[d + 1].cls == CLASS_DIGIT)))
		return 0;
	while (k > 0 && i - k < BACK_MAX &&
	       (v[k - 1].cls == CLASS_DIGIT || v[k - 1].cls == CLASS_BARRIER ||
		   scrub_is_in(U" :=[{(\"'→>は", v[k - 1].c))) {
		k--;
		sign |= v[k].cls != CLASS_DIGIT && v[k].c != ' ';
	}
	if (k == i)
		return 0;
	if (word_before(w, k, sure) || is_in_table(w, i))
		return d - i;
	/* "upstream 3000 users" */
	return (sign || d - i > DIGITS_MIN) && word_before(w, k, with) &&
		       speaks_of_routes(w, i)
		   ? d - i
		   : 0;
}
