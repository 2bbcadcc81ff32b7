/* SPDX-License-Identifier: Apache-2.0 */
/* Mail addresses, in clear and in disguise. */
#include "proto/scrub_find.h"

enum { NAME_MAX_CPS = 64, DOMAIN_MAX_CPS = 253, KANJI_MAX = 6 };

static int
is_local(uint32_t c)
{
	return scrub_is_ascii_alnum(c) || c == '.' || c == '_' || c == '%' || c == '+' ||
	       c == '-' || c == '\'';
}

static int
is_domain(uint32_t c)
{
	return scrub_is_ascii_alnum(c) || c == '.' || c == '-' || c == '_';
}

/* "kana.lee", "k-mori", "yabuki_r": what is left are names. */
static void
learn_names(const struct scrub_cp *v, size_t n, struct scrub_finds *f)
{
	struct scrub_cp person[NAME_MAX_CPS];
	size_t i, cut = 0, cuts = 0;

	for (i = 0; i < n; i++) {
		person[i] = v[i];
		person[i].flags = 0;
		if (person[i].cls == CLASS_LATIN)
			continue;
		if (person[i].c != '.' && person[i].c != '_' && person[i].c != '-')
			return;
		cut = i;
		cuts++;
	}
	if (cuts != 1 || cut == 0 || cut + 1 == n)
		return;
	if (cut == 1) {
		scrub_finds_add(f, TERM_PERSON, person + 2, n - 2);
	} else if (cut + 2 == n) {
		scrub_finds_add(f, TERM_PERSON, person, n - 2);
	} else if (v[cut].c == '.') {
		person[cut].c = ' ';
		person[cut].cls = CLASS_SPACE;
		scrub_finds_add(f, TERM_PERSON, person, n);
	}
}

/* The local part of the sender's own address is often a user name: it is found again. */
static void
learn_local(
    const struct scrub_view *w, size_t a, size_t at, size_t b, struct scrub_finds *f)
{
	size_t n = at - a;

	if (f == NULL || n < 4 || n > NAME_MAX_CPS ||
	    !scrub_owns_domain(f->own, w->v + at + 1, b - at - 1) ||
	    scrub_word_is_view(WORDS_ROLE_MAIL, w->v, a, at))
		return;
	scrub_finds_add(f, TERM_TOKEN, w->v + a, n);
	learn_names(w->v + a, n, f);
}

/* "name@host,com": a comma for the only dot. */
static int
is_slip(const struct scrub_view *w, size_t from, size_t i)
{
	if ((w->v[i].c != ',' && w->v[i].c != U'、') || i + 1 >= w->n ||
	    !scrub_is_ascii_alnum(w->v[i + 1].c))
		return 0;
	while (from < i && w->v[from].c != '.')
		from++;
	return from == i;
}

/* " . ", or the Japanese full stop, between two labels; entries eaten.  Where the dot has
 * no blank before it, it may end a sentence: what follows must be the end of a domain. */
static size_t
loose_dot(const struct scrub_view *w, size_t from, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i, to;
	int before;

	if (k < w->n && v[k].c == ' ')
		k++;
	before = k > i;
	if (k >= w->n || (v[k].c != '.' && v[k].c != 0x3002 && !is_slip(w, from, i)))
		return 0;
	before |= v[k].c == 0x3002;
	k++;
	if (k < w->n && v[k].c == ' ')
		k++;
	if (k >= w->n || !scrub_is_ascii_alnum(v[k].c) ||
	    ((v[k].flags & CP_UPPER) != 0 && (v[from].flags & CP_UPPER) == 0))
		return 0;
	for (to = k; to < w->n && is_domain(v[to].c) && v[to].c != '.'; to++)
		;
	/* "... example.jp. At noon": the word of a sentence is the end of no domain. */
	if (!before && to + 1 < w->n && v[to].c == ' ' && v[to + 1].cls == CLASS_LATIN &&
	    to - k == 2)
		return 0;
	return before || scrub_word_is_view(WORDS_TLD, v, k, to) ||
		       scrub_word_is_view(WORDS_SUFFIX_LABEL, v, k, to)
		   ? k - i
		   : 0;
}

/* The end of a domain whose dots stand apart, with a known last label; 0: it is none. */
static size_t
loose_domain(const struct scrub_view *w, size_t from)
{
	const struct scrub_cp *v = w->v;
	size_t b = from, label = from, end = 0, n;
	int loose = 0;

	while (b < w->n && b < from + DOMAIN_MAX_CPS) {
		if (is_domain(v[b].c) && v[b].c != '.') {
			b++;
			continue;
		}
		if (b > label && label > from && loose &&
		    scrub_word_is_view(WORDS_TLD, v, label, b))
			end = b;
		if (b == label)
			break;
		n = v[b].c == '.' && b + 1 < w->n && is_domain(v[b + 1].c)
			? 1
			: loose_dot(w, from, b);
		if (n == 0)
			return end;
		loose |= n > 1 || v[b].c != '.';
		b += n;
		label = b;
	}
	return b > label && loose && scrub_word_is_view(WORDS_TLD, v, label, b) ? b : end;
}

/* "フーコーポ.jp": a domain whose first labels are Japanese; its end, or 0. */
static size_t
japanese_domain(const struct scrub_view *w, size_t from)
{
	const struct scrub_cp *v = w->v;
	size_t b = from, label = from, other = 0;

	for (; b < w->n && b < from + DOMAIN_MAX_CPS; b++) {
		if (v[b].c == '.')
			label = b + 1;
		else if (scrub_is_japanese(&v[b]))
			other = b + 1;
		else if (!is_domain(v[b].c))
			break;
		if (other > label && label > from)
			return scrub_word_is_view(WORDS_TLD, v, label, b) ? b : 0;
	}
	return other > 0 && other < label && scrub_word_is_view(WORDS_TLD, v, label, b)
		   ? b
		   : 0;
}

/* Where the name before the sign begins: letters, or kanji right before it. */
static size_t
local_start(const struct scrub_view *w, size_t at)
{
	const struct scrub_cp *v = w->v;
	size_t a = at, end;

	/* "\"name\"@host" */
	for (end = a; end > 1 && v[a - 1].c == '"' && a - end < KANJI_MAX * 4; end--)
		if (v[end - 2].c == '"')
			return end - 2;
	if (a > 1 && v[a - 1].cls == CLASS_SPACE && is_local(v[a - 2].c))
		a--;
	end = a;
	while (a > 0 && is_local(v[a - 1].c))
		a--;
	while (a < end && !scrub_is_ascii_alnum(v[a].c))
		a++;
	/* "piotr . z @ host . example" */
	while (a < end && end < at && a > 3 && v[a - 1].c == ' ' && v[a - 2].c == '.' &&
	       v[a - 3].c == ' ' && scrub_is_ascii_alnum(v[a - 4].c))
		for (a -= 3; a > 0 && is_local(v[a - 1].c); a--)
			;
	/* "n a m e @ host" */
	while (a > 1 && v[a - 1].c == ' ' && scrub_is_ascii_alnum(v[a - 2].c) &&
	       v[a + 1].c == ' ' && (a == 2 || !is_local(v[a - 3].c)))
		a -= 2;
	if (a < end)
		return a;
	for (a = at; a > 0 && at - a < KANJI_MAX && v[a - 1].cls == CLASS_KANJI; a--)
		;
	return a;
}

/* [*pa, *pb) becomes the address around the sign at `at`; 0 when it is none. */
static int
mail_around(const struct scrub_view *w, size_t at, size_t *pa, size_t *pb)
{
	const struct scrub_cp *v = w->v;
	size_t a = local_start(w, at), b = at + 1, k, dots = 0, code = 0, end;

	/* "name@_@host" */
	while (b + 1 < w->n && b < at + 4 &&
	       (v[b].c == '@' || (v[b].c == '_' && v[b + 1].c == '@')))
		b++;
	if (b + 1 < w->n && v[b].cls == CLASS_SPACE &&
	    (is_domain(v[b + 1].c) || scrub_is_japanese(&v[b + 1])))
		b++;
	k = b;
	while (b < w->n && is_domain(v[b].c)) {
		if (v[b].c == '.')
			dots++;
		else if (v[b].cls == CLASS_DIGIT || v[b].c == '-')
			code++;
		b++;
	}
	while (b > k && !scrub_is_ascii_alnum(v[b - 1].c)) {
		b--;
		if (v[b].c == '.')
			dots--;
	}
	end = loose_domain(w, k);
	if (end <= b)
		end = japanese_domain(w, k);
	if (end > b) {
		b = end;
		dots = 1;
	}
	if (a >= at || b <= k)
		return 0;
	/* With blanks around the sign only what is certainly a domain counts. */
	if (dots == 0 &&
	    (k > at + 1 || v[at - 1].cls == CLASS_SPACE || code == 0 || b - k < 3))
		return 0;
	/* So it is when the name before it is Japanese. */
	if (!scrub_is_ascii_alnum(v[a].c) && dots == 0)
		return 0;
	*pa = a;
	*pb = b;
	return 1;
}

/* "help AT example.jp", "t.ono at example.jp": a sign in capitals beside a small word, or
 * a name that has a dot or underline, before what is a domain. */
static int
worded_around(const struct scrub_view *w, size_t at, size_t *pa, size_t *pb)
{
	const struct scrub_cp *v = w->v;
	size_t a = at - 1, b = at + 3;
	int dotted = 0;

	if (v[at].c != 'a' || v[at + 1].c != 't' || at < 2 || b >= w->n ||
	    v[at - 1].c != ' ' || v[at + 2].c != ' ' ||
	    !scrub_is_ascii_alnum(v[at - 2].c))
		return 0;
	while (a > 0 && is_local(v[a - 1].c)) {
		a--;
		dotted |= v[a].c == '.' || v[a].c == '_';
	}
	if (!dotted &&
	    ((v[at].flags & CP_UPPER) == 0 || (v[at + 1].flags & CP_UPPER) == 0 ||
		(v[at - 2].flags & CP_UPPER) != 0))
		return 0;
	while (b < w->n && is_domain(v[b].c))
		b++;
	while (b > at && v[b - 1].c == '.')
		b--;
	*pa = a;
	*pb = b;
	return v[a].cls == CLASS_LATIN && scrub_host_kind(w, at + 3, b) == RULE_DOMAIN;
}

/* Asked of every character. */
static int
is_star(uint32_t c)
{
	if (c >= 0x2500)
		return scrub_is_in(U"★☆◎●■◆♪", c);
	return c == '#' || c == '!' || c == '$' || c == '%' || c == '^';
}

/* "csirt★example.jp (write @ for ★)": before what is certainly a domain. */
static int
starred_around(const struct scrub_view *w, size_t at, size_t *pa, size_t *pb)
{
	return is_star(w->v[at].c) && at > 0 && at + 1 < w->n &&
	       scrub_is_alnum(&w->v[at - 1]) && scrub_is_alnum(&w->v[at + 1]) &&
	       mail_around(w, at, pa, pb) &&
	       scrub_host_kind(w, at + 1, *pb) == RULE_DOMAIN;
}

void
scrub_find_mail(const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t i, a, b, from = 0;

	for (i = 1; i + 1 < w->n; i++) {
		if (w->v[i].c == '@'
			? !mail_around(w, i, &a, &b)
			: !starred_around(w, i, &a, &b) && !worded_around(w, i, &a, &b))
			continue;
		if (a < from)
			continue;
		scrub_hits_add(h, a, b, RULE_MAIL);
		if (w->v[i - 1].cls != CLASS_SPACE && w->v[i + 1].cls != CLASS_SPACE)
			learn_local(w, a, i, b, f);
		from = a + 1;
	}
}
