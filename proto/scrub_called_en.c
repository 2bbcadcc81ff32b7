/* SPDX-License-Identifier: Apache-2.0 */
/* Names that read as Japanese beside a post, in English. */
#include "proto/scrub_find.h"

enum { WORD_MAX = 24, BRACKET_MAX = 40 };

static int
is_other_word(const struct scrub_view *w, size_t a, size_t b)
{
	static const enum scrub_list lists[] = { WORDS_NO_NAME_EN, WORDS_COMMON_EN,
		WORDS_GENERIC_EN, WORDS_TECH_EN, WORDS_DESK_EN, WORDS_REGION_EN,
		WORDS_FACILITY_EN, WORDS_POST_EN, WORDS_CORPORATE_EN };
	size_t k;

	for (k = 0; k < sizeof lists / sizeof lists[0]; k++)
		if (scrub_word_is_view(lists[k], w->v, a, b))
			return 1;
	return 0;
}

/* Where a capital word ends that reads as a Japanese name, or a. */
static size_t
name_word(const struct scrub_view *w, size_t a)
{
	uint32_t latin[WORD_MAX], kana[WORD_MAX];
	size_t i, n;

	if (!scrub_capital_word(w, a, &n) || n < 3 || n > WORD_MAX)
		return a;
	for (i = 0; i < n; i++) {
		if (w->v[a + i].cls != CLASS_LATIN)
			break;
		latin[i] = w->v[a + i].c;
	}
	n = i; /* "Kayano's" */
	if (n < 3 || scrub_kana_of(latin, n, kana, WORD_MAX) < 2 ||
	    is_other_word(w, a, a + n))
		return a;
	return a + n;
}

/* One such word or two, and no other capital word behind them: the end, or a. */
static size_t
name_at(const struct scrub_view *w, size_t a)
{
	const struct scrub_cp *v = w->v;
	size_t b = name_word(w, a), n, second;

	if (b == a)
		return a;
	if (b + 1 < w->n && v[b].c == ' ' && scrub_capital_word(w, b + 1, &n)) {
		second = name_word(w, b + 1);
		if (second == b + 1)
			return a;
		b = second;
	}
	if (b < w->n && (scrub_is_japanese(&v[b]) || scrub_is_in(U"-_@\\/:=", v[b].c)))
		return a;
	return b + 1 < w->n && v[b].c == '.' && scrub_is_alnum(&v[b + 1]) ? a : b;
}

/* "Inspector Kirikawa", "The shop manager, Kayano, also": at is behind the post. */
static int
find_behind(const struct scrub_view *w, size_t at, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t a = at + 1, b;
	uint32_t sign = 0;

	if (at + 1 >= w->n)
		return 0;
	if (v[at].c == ',' && v[at + 1].c == ' ') {
		sign = ',';
		a++;
	} else if (v[at].c == ' ' && v[at + 1].c == '(') {
		sign = ')';
		a++;
	} else if (v[at].c != ' ') {
		return 0;
	}
	b = name_at(w, a);
	if (b == a || (sign != 0 && (b >= w->n || v[b].c != sign)))
		return 0;
	scrub_hits_add(h, a, b, RULE_CONTACT);
	return 1;
}

/* "Kayano (Chief Auditor)", "Kayano (shift leader)": the post is [i, at). */
static void
find_before(const struct scrub_view *w, size_t i, size_t at, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t a = i, b = at;

	while (a > 0 && i - a < BRACKET_MAX &&
	       (v[a - 1].cls == CLASS_LATIN || v[a - 1].c == ' '))
		a--;
	while (b < w->n && b - at < BRACKET_MAX &&
	       (v[b].cls == CLASS_LATIN || v[b].c == ' '))
		b++;
	if (a < 5 || v[a - 1].c != '(' || b >= w->n || (v[b].c != ')' && v[b].c != ','))
		return;
	b = --a;
	if (v[b - 1].c == ' ')
		b--;
	for (a = b; a > 0 && b - a < WORD_MAX && v[a - 1].cls == CLASS_LATIN;)
		a--;
	if (a < b && (a == 0 || (v[a - 1].c != '-' && v[a - 1].c != '.')) &&
	    name_word(w, a) == b)
		scrub_hits_add(h, a, b, RULE_CONTACT);
}

/* "Kayano, the depot manager,": somebody is described in small words, one of them a post.
 */
static void
find_described(const struct scrub_view *w, size_t i, size_t b, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t words, k = b + 2, end;

	if (b + 2 >= w->n || v[b].c != ',' || v[b + 1].c != ' ' ||
	    (v[i].flags & CP_UPPER) == 0 || name_word(w, i) != b)
		return;
	for (words = 0; words < 4 && k < w->n && v[k].cls == CLASS_LATIN &&
			(v[k].flags & CP_UPPER) == 0;
	     words++, k = end + 1) {
		for (end = k; end < w->n && v[end].cls == CLASS_LATIN;)
			end++;
		if (scrub_word_is_view(WORDS_POST_EN, v, k, end)) {
			scrub_hits_add(h, i, b, RULE_CONTACT);
			return;
		}
		if (end >= w->n || v[end].c != ' ')
			return;
	}
}

/* Behind most words there is no capital letter, no bracket: the list is not asked. */
static int
may_be_beside(const struct scrub_view *w, size_t b)
{
	const struct scrub_cp *v = w->v;

	if (b >= w->n)
		return 0;
	return v[b].c == ')' || v[b].c == ',' ||
	       (v[b].c == ' ' && b + 1 < w->n &&
		   (v[b + 1].c == '(' || (v[b + 1].flags & CP_UPPER) != 0));
}

void
scrub_find_called_en(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t b = i;

	while (b < w->n && v[b].cls == CLASS_LATIN)
		b++;
	find_described(w, i, b, h);
	if (!may_be_beside(w, b) || !scrub_word_is_view(WORDS_POST_EN, v, i, b) ||
	    (i > 0 && scrub_is_in(U"-_.@\\/", v[i - 1].c)))
		return;
	if (!find_behind(w, b, h))
		find_before(w, i, b, h);
}
