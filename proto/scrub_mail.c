/* SPDX-License-Identifier: Apache-2.0 */
/* Mail addresses, in clear and in disguise. */
#include "proto/scrub_find.h"

enum { NAME_MAX_CPS = 64 };

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

/* [*pa, *pb) becomes the address around the sign at `at`; 0 when it is none. */
static int
mail_around(const struct scrub_view *w, size_t at, size_t *pa, size_t *pb)
{
	const struct scrub_cp *v = w->v;
	size_t a = at, b = at + 1, k, dots = 0, code = 0;

	if (a > 1 && v[a - 1].cls == CLASS_SPACE && is_local(v[a - 2].c))
		a--;
	k = a;
	while (a > 0 && is_local(v[a - 1].c))
		a--;
	while (a < k && !scrub_is_ascii_alnum(v[a].c))
		a++;
	if (b + 1 < w->n && v[b].cls == CLASS_SPACE && is_domain(v[b + 1].c))
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
	if (a >= at || b <= k || !scrub_is_ascii_alnum(v[k].c))
		return 0;
	/* With blanks around the sign only what is certainly a domain counts. */
	if (dots == 0 &&
	    (k > at + 1 || v[at - 1].cls == CLASS_SPACE || code == 0 || b - k < 3))
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

/* "csirt★example.jp (write @ for ★)": before what is certainly a domain. */
static int
starred_around(const struct scrub_view *w, size_t at, size_t *pa, size_t *pb)
{
	return w->v[at].c >= 0x2500 && scrub_is_in(U"★☆◎●■◆♪", w->v[at].c) &&
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
