/* SPDX-License-Identifier: Apache-2.0 */
/* User names in paths, URLs, accounts and lines of logs. */
#include "proto/scrub_user.h"

enum { NAME_MAX_CPS = 64, PATH_MAX_CPS = 512 };

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
	/* "山田 太郎\" */
	if (k > i && k < w->n && v[k].c == ' ' && v[i].cls == CLASS_KANJI) {
		for (j = k + 1; j < w->n && j < k + 6 && v[j].cls == CLASS_KANJI; j++)
			;
		if (j > k + 1 && is_slash(w, j))
			return j;
	}
	/* Japanese text goes on right after a name in letters. */
	if (k > i && scrub_is_ascii_alnum(v[i].c))
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

void
scrub_user_add(const struct scrub_view *w, size_t a, size_t b, struct scrub_hits *h,
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
		U"documents and settings", U"profiles", U"profiles$", U"homes",
		U"ユーザー", U"ユーザ" };
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
	scrub_user_add(w, a, b, h, f);
	if (b > a && is_slash(w, b) && !is_public_user(w, a, b))
		find_document(w, b, h);
}

/* "~hanako/.bashrc"; a wide sign is the wave between two words. */
static void
find_tilde(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t b = i + 1;

	if (v[i].end - v[i].start != 1 || (i > 0 && scrub_is_alnum(&v[i - 1])) ||
	    v[b].cls != CLASS_LATIN)
		return;
	while (b < w->n && b < i + NAME_MAX_CPS &&
	       (scrub_is_ascii_alnum(v[b].c) || scrub_is_in(U"._-", v[b].c)))
		b++;
	if (b < i + 3 || b >= w->n || v[b].c != '/' || is_public_user(w, i + 1, b))
		return;
	scrub_user_add(w, i + 1, b, h, f);
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
		scrub_user_add(w, i + 1, b, h, f);
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
		U"system", U"service", U"iis apppool", U"nt", U"users", U"software" };
	const struct scrub_cp *v = w->v;
	size_t a = i, b = i + 1, end = i, k, n;
	int upper = 1;

	/* Programs write the backslash twice. */
	if (i > 2 && v[i - 1].c == '\\' && scrub_is_ascii_alnum(v[i - 2].c))
		a = end = i - 1;
	while (a > 0 && end - a < 16 &&
	       (scrub_is_ascii_alnum(v[a - 1].c) || v[a - 1].c == '-')) {
		a--;
		if (v[a].cls == CLASS_LATIN && (v[a].flags & CP_UPPER) == 0)
			upper = 0;
	}
	/* The share of a machine that is told by its number is no account. */
	if (end - a < 2 || !upper || v[a].cls == CLASS_DIGIT ||
	    (a > 0 && (v[a - 1].c == '\\' || v[a - 1].c == '/' || v[a - 1].c == '%' ||
			  v[a - 1].c == ':')) ||
	    (v[a].c == 'h' && v[a + 1].c == 'k'))
		return;
	for (k = 0; k < sizeof not_domains / sizeof not_domains[0]; k++) {
		for (n = 0; not_domains[k][n] != 0 && a + n < end &&
			    v[a + n].c == not_domains[k][n];
		     n++)
			;
		if (not_domains[k][n] == 0 && a + n == end)
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
		scrub_hits_add(h, a, end, RULE_HOST);
	scrub_user_add(w, i + 1, b, h, f);
}

/* What stands behind a name in a log, and not in a sentence. */
static int
goes_on(const struct scrub_view *w, size_t i, int sentence)
{
	static const char32_t *const words[] = { U" logged on", U" logged in",
		U" logged off", U" logged out", U" from ", U" by ", U" :", U"(" };
	size_t k, most = sentence ? 4 : sizeof words / sizeof words[0];

	for (k = 0; k < most; k++) {
		if (scrub_text_at(w, i, words[k]) > 0)
			return 1;
	}
	return 0;
}

/* "Failed password for kana from ...", "sudo: kana : ...": who, in a line of a log. */
static void
find_logged(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	static const char32_t *const words[] = { U"password for ", U"publickey for ",
		U"interactive for ", U"invalid user ", U"opened for user ",
		U"closed for user ", U"for invalid user ", U"sudo: ", U"user " };
	const struct scrub_cp *v = w->v;
	size_t k, n, a, b, longest = 0;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0; words[k][n] != 0 && i + n < w->n && v[i + n].c == words[k][n];
		     n++)
			;
		if (words[k][n] == 0 && n > longest)
			longest = n;
	}
	a = i + longest;
	while (longest > 0 && a < w->n && v[a].c == ' ')
		a++;
	for (b = a; b < w->n && (scrub_is_ascii_alnum(v[b].c) || v[b].c == '.' ||
				    v[b].c == '_' || v[b].c == '-');
	     b++)
		;
	/* What is tried at random says nothing about the sender. */
	if (longest > 0 && b > a + 1 && goes_on(w, b, v[i].c == 'u') &&
	    !scrub_word_is_view(WORDS_ROLE_MAIL, v, a, b))
		scrub_user_add(w, a, b, h, f);
}

/* Most characters begin no word for an account. */
static int
begins_account(const struct scrub_view *w, size_t i)
{
	uint32_t next = w->v[i + 1].c;

	switch (w->v[i].c) {
	case 'u':
		return next == 's';
	case 'a':
		return next == 'c';
	case 'l':
		return next == 'o';
	case U'ユ':
		return next == U'ー';
	case U'ア':
		return next == U'カ';
	case U'利':
		return next == U'用';
	case U'ロ':
		return next == U'グ';
	case U'実':
		return next == U'行';
	case U'使':
		return next == U'用';
	case U'職':
	case U'社':
		return next == U'員';
	default:
		return next == U'作';
	}
}

static void
look_at_equals(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	find_query(w, i, h, f);
	scrub_find_user_id(w, i, h);
	if (i > 1 && w->v[i - 1].c == ' ' && w->v[i + 1].c == ' ')
		scrub_find_user_value(w, i, h, f);
}

static void
look_at_colon(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;

	if (i > 1 &&
	    ((v[i].flags & CP_REFANGED) != 0 || v[i - 1].c == '"' || v[i - 2].c == '"'))
		scrub_find_user_field(w, i, h, f);
	else if (i + 3 < w->n && v[i + 1].c == '/' && v[i + 2].c == '/')
		find_userinfo(w, i, h);
}

void
scrub_find_user(const struct scrub_view *w, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t i;

	find_logged(w, 0, h, f);
	scrub_find_column(w, 0, h, f);
	for (i = 0; i + 1 < w->n; i++) {
		switch (v[i].c) {
		case '=':
			look_at_equals(w, i, h, f);
			break;
		case '>':
			scrub_find_user_element(w, i, h, f);
			break;
		case '~':
			find_tilde(w, i, h, f);
			break;
		case '\\':
			find_path(w, i, h, f);
			if (!is_slash(w, i + 1))
				find_account(w, i, h, f);
			break;
		case '/':
			find_path(w, i, h, f);
			break;
		case ':':
			look_at_colon(w, i, h, f);
			break;
		case '|':
		case ',':
			scrub_find_column(w, i + 1, h, f);
			break;
		case 'u':
		case 'a':
		case 'l':
		case U'ユ':
		case U'ア':
		case U'利':
		case U'ロ':
		case U'実':
		case U'操':
		case U'使':
		case U'職':
		case U'社':
			if (begins_account(w, i))
				scrub_find_told_user(w, i, h, f);
			break;
		default:
			if (v[i].cls != CLASS_SPACE)
				break;
			if (scrub_is_in(U"piocsau", v[i + 1].c))
				find_logged(w, i + 1, h, f);
			if (v[i].c == '\n' || v[i].c == '\t')
				scrub_find_column(w, i + 1, h, f);
			break;
		}
	}
}
