/* SPDX-License-Identifier: Apache-2.0 */
/* Mail addresses, and user names in paths and URLs. */
#include "proto/scrub_find.h"

enum { NAME_MAX_CPS = 64, PATH_MAX_CPS = 512 };

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

void
scrub_find_mail(const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t i, a, b, from = 0;

	for (i = 1; i + 1 < w->n; i++) {
		if (w->v[i].c != '@' || !mail_around(w, i, &a, &b) || a < from)
			continue;
		scrub_hits_add(h, a, b, RULE_MAIL);
		if (w->v[i - 1].cls != CLASS_SPACE && w->v[i + 1].cls != CLASS_SPACE)
			learn_local(w, a, i, b, f);
		from = a + 1;
	}
}

static int
is_slash(const struct scrub_view *w, size_t i)
{
	return i < w->n && (w->v[i].c == '\\' || w->v[i].c == '/');
}

static int
ends_name(const struct scrub_cp *p)
{
	return p->cls == CLASS_BARRIER || p->cls == CLASS_SPACE ||
	       scrub_is_in(U"\"'<>|*?:;,()[]{}=&#、。「」『』【】〈〉…", p->c);
}

/* Where the part of a path that begins at i ends. */
static size_t
part_end(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i, j, blanks = 0;

	while (k < w->n && k < i + NAME_MAX_CPS && !is_slash(w, k) && !ends_name(&v[k]))
		k++;
	if (is_slash(w, k))
		return k;
	/* "Kana Lee\": blanks inside, if a backslash follows soon. */
	for (j = k; j < w->n && j < i + NAME_MAX_CPS && !is_slash(w, j); j++) {
		if (v[j].c == ' ' && ++blanks <= 2)
			continue;
		if (ends_name(&v[j]) || scrub_is_japanese(&v[j]))
			break;
	}
	if (j > k && j < w->n && v[j].c == '\\')
		return j;
	/* Japanese text goes on right after a name in letters. */
	if (scrub_is_ascii_alnum(v[i].c))
		for (j = i; j < k; j++)
			if (scrub_is_japanese(&v[j]))
				return j;
	return k;
}

static size_t
last_dot(const struct scrub_view *w, size_t a, size_t b)
{
	size_t i, dot = b;

	for (i = a; i < b; i++)
		if (w->v[i].c == '.')
			dot = i;
	return dot;
}

/* The document at the end of a path under a user's folder. */
static void
find_document(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	size_t a, b = i, end = i, dot, k;

	for (a = i; is_slash(w, a) && a < i + PATH_MAX_CPS; a = end) {
		while (is_slash(w, a))
			a++;
		end = part_end(w, a);
		b = a;
		if (end <= a)
			return;
	}
	if (b == i)
		return;
	dot = last_dot(w, b, end);
	if (dot == end)
		return;
	for (k = dot + 1; k < end && scrub_is_ascii_alnum(w->v[k].c); k++)
		;
	if (scrub_word_is_view(WORDS_DOCUMENT_EXT, w->v, dot + 1, k))
		scrub_hits_add(h, b, k, RULE_FILE);
}

static int
is_public_user(const struct scrub_view *w, size_t a, size_t b)
{
	return scrub_word_is_view(WORDS_PUBLIC_USER, w->v, a, b) || w->v[a].c == '%' ||
	       w->v[a].c == '$' || w->v[a].c == '~';
}

static void
add_user(const struct scrub_view *w, size_t a, size_t b, struct scrub_hits *h,
    struct scrub_finds *f)
{
	if (a >= b || is_public_user(w, a, b))
		return;
	scrub_hits_add(h, a, b, RULE_USER);
	if (f != NULL && b - a >= 4 && b - a <= NAME_MAX_CPS &&
	    !scrub_word_is_view(WORDS_ROLE_MAIL, w->v, a, b))
		scrub_finds_add(f, TERM_TOKEN, w->v + a, b - a);
}

/* Is the slash at i inside a URL? */
static int
in_url(const struct scrub_view *w, size_t i)
{
	size_t k;

	for (k = i; k > 2 && k + 256 > i; k--) {
		if (w->v[k - 1].cls == CLASS_SPACE || w->v[k - 1].cls == CLASS_BARRIER)
			return 0;
		if (w->v[k].c == '/' && w->v[k - 1].c == '/' && w->v[k - 2].c == ':')
			return 1;
	}
	return 0;
}

/* After a slash: "Users", "home", "Documents and Settings" and then the user. */
static size_t
folder_at(const struct scrub_view *w, size_t i)
{
	static const char32_t *const folders[] = { U"users", U"home",
		U"documents and settings", U"profiles", U"profiles$", U"homes" };
	size_t k, n;

	for (k = 0; k < sizeof folders / sizeof folders[0]; k++) {
		for (n = 0;
		     folders[k][n] != 0 && i + n < w->n && w->v[i + n].c == folders[k][n];
		     n++)
			;
		if (folders[k][n] == 0 && is_slash(w, i + n))
			return n;
	}
	return 0;
}

static void
find_path(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t n, a, b;

	n = folder_at(w, i + 1);
	if (n == 0)
		return;
	if (v[i].c == '/' && v[i + 1].c == 'h' && in_url(w, i))
		return;
	a = i + 1 + n;
	while (is_slash(w, a))
		a++;
	b = a < w->n ? part_end(w, a) : a;
	/* The user of a path that goes no further may be a file. */
	if (b > a && v[b - 1].c == '.')
		b--;
	add_user(w, a, b, h, f);
	if (b > a && is_slash(w, b) && !is_public_user(w, a, b))
		find_document(w, b, h);
}

/* "?user=...": the key before the sign of equality at i decides. */
static void
find_query(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t a = i, b = i + 1, letters = 0;

	while (
	    a > 0 && i - a < 16 &&
	    (scrub_is_ascii_alnum(v[a - 1].c) || v[a - 1].c == '_' || v[a - 1].c == '-'))
		a--;
	/* In a URL, or with a plain name for it in a line of a log. */
	if (a == i ||
	    !scrub_word_is_view(
		a > 0 && scrub_is_in(U"?&;", v[a - 1].c) ? WORDS_USER_KEY : WORDS_LOG_KEY,
		v, a, i) ||
	    (a > 0 && scrub_is_alnum(&v[a - 1])))
		return;
	for (; b < w->n && b < i + 256; b++) {
		if (v[b].cls == CLASS_LATIN)
			letters++;
		if (v[b].c == '/' || (ends_name(&v[b]) && v[b].c != '=' && v[b].c != ':'))
			break;
		if (scrub_is_japanese(&v[b]))
			break;
	}
	while (b > i + 1 && v[b - 1].c == '.')
		b--;
	if (letters > 0)
		add_user(w, i + 1, b, h, f);
}

/* "https://user:password@host/": mail_around takes the password's end only. */
static void
find_userinfo(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t a = i + 3, b = a, colon = 0;

	while (b < w->n && b < a + 128 && !is_slash(w, b) && v[b].c != '@' &&
	       v[b].cls != CLASS_SPACE && v[b].cls != CLASS_BARRIER) {
		if (v[b].c == ':')
			colon++;
		b++;
	}
	if (b < w->n && v[b].c == '@' && colon > 0)
		scrub_hits_add(h, a, b, RULE_USER);
}

/* "CORP\kana.lee": a Windows account. */
static void
find_account(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	static const char32_t *const not_domains[] = { U"authority", U"builtin",
		U"system", U"service", U"iis apppool", U"nt", U"users" };
	const struct scrub_cp *v = w->v;
	size_t a = i, b = i + 1, k, n;
	int upper = 1;

	while (a > 0 && i - a < 16 &&
	       (scrub_is_ascii_alnum(v[a - 1].c) || v[a - 1].c == '-')) {
		a--;
		if (v[a].cls == CLASS_LATIN && (v[a].flags & CP_UPPER) == 0)
			upper = 0;
	}
	if (i - a < 2 || !upper ||
	    (a > 0 && (v[a - 1].c == '\\' || v[a - 1].c == '/' || v[a - 1].c == '%' ||
			  v[a - 1].c == ':')) ||
	    (v[a].c == 'h' && v[a + 1].c == 'k'))
		return;
	for (k = 0; k < sizeof not_domains / sizeof not_domains[0]; k++) {
		for (n = 0; not_domains[k][n] != 0 && a + n < i &&
			    v[a + n].c == not_domains[k][n];
		     n++)
			;
		if (not_domains[k][n] == 0 && a + n == i)
			return;
	}
	while (b < w->n && (scrub_is_ascii_alnum(v[b].c) || v[b].c == '.' ||
			       v[b].c == '-' || v[b].c == '_' || v[b].c == '$'))
		b++;
	while (b > i + 1 && v[b - 1].c == '.')
		b--;
	k = last_dot(w, i + 1, b);
	if (b < i + 3 || is_slash(w, b) ||
	    (k < b && scrub_word_is_view(WORDS_FILE_EXT, v, k + 1, b)))
		return;
	if (!is_public_user(w, i + 1, b))
		scrub_hits_add(h, a, i, RULE_HOST);
	add_user(w, i + 1, b, h, f);
}

void
scrub_find_user(const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t i;

	for (i = 0; i + 1 < w->n; i++) {
		if (v[i].c == '=') {
			find_query(w, i, h, f);
		} else if (v[i].c == '\\' || v[i].c == '/') {
			find_path(w, i, h, f);
			if (v[i].c == '\\' && !is_slash(w, i + 1))
				find_account(w, i, h, f);
		} else if (v[i].c == ':' && i + 3 < w->n && v[i + 1].c == '/' &&
			   v[i + 2].c == '/') {
			find_userinfo(w, i, h);
		}
	}
}
