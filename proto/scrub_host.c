/* SPDX-License-Identifier: Apache-2.0 */
/* Host names: domain names, and codes that look like machines. */
#include "proto/scrub_host.h"

enum { SEGMENTS_MAX = 12, CODE_MAX = 253 };

struct segment {
	size_t a, letters,
	    digits; /* letters, then digits; 0 and 0 when mixed otherwise */
	size_t b;
	int upper; /* no small letter */
};

static int
has_upper(const struct scrub_view *w, size_t i)
{
	return (w->v[i].flags & CP_UPPER) != 0;
}

/* "com" and "Com" and "COM": a top-level label is small, or all is capital. */
static int
is_tld(const struct scrub_view *w, size_t first, size_t a, size_t b)
{
	size_t i;
	int small = 0;

	if (!scrub_word_is_view(WORDS_TLD, w->v, a, b))
		return 0;
	if (!has_upper(w, a))
		return 1;
	for (i = first; i < b; i++)
		if (w->v[i].cls == CLASS_LATIN && !has_upper(w, i))
			small = 1;
	return !small;
}

static int
is_dot_net(const struct scrub_view *w, size_t a, size_t dot)
{
	static const char32_t *const words[] = { U"asp", U"vb", U"ado", U"ml", U"command",
		U"f", U"c" };
	size_t k, n;

	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0;
		     words[k][n] != 0 && a + n < dot && w->v[a + n].c == words[k][n]; n++)
			;
		if (words[k][n] == 0 && a + n == dot)
			return 1;
	}
	return 0;
}

/* "user.name", "process.name": fields of a log, whatever name, id and email are else. */
static int
is_log_field(const struct scrub_view *w, size_t a, size_t dot, size_t b)
{
	static const char32_t *const words[] = { U"user", U"host", U"process", U"file",
		U"event", U"rule", U"service", U"device", U"agent", U"group" };
	static const char32_t *const ends[] = { U"name", U"id", U"email" };
	size_t k, n, found = 0;

	for (k = 0; k < sizeof ends / sizeof ends[0]; k++) {
		for (n = 0; ends[k][n] != 0 && dot + 1 + n < b &&
			    w->v[dot + 1 + n].c == ends[k][n];
		     n++)
			;
		found |= ends[k][n] == 0 && dot + 1 + n == b;
	}
	for (k = 0; found && k < sizeof words / sizeof words[0]; k++) {
		for (n = 0;
		     words[k][n] != 0 && a + n < dot && w->v[a + n].c == words[k][n]; n++)
			;
		if (words[k][n] == 0 && a + n == dot)
			return 1;
	}
	return 0;
}

/* A domain name: labels, and a top-level label at the end that is no ending of files. */
static int
is_fqdn(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;
	size_t i, from = a, labels = 0, longest = 0, letters = 0, last = a;

	for (i = a; i <= b; i++) {
		if (i < b && v[i].cls == CLASS_LATIN)
			letters++;
		if (i < b && v[i].c != '.')
			continue;
		if (i == from)
			return 0;
		labels++;
		if (i < b && i - from > longest)
			longest = i - from;
		last = from;
		from = i + 1;
	}
	if (labels < 2 || longest < 2 || b - last < 2 || letters <= b - last ||
	    !is_tld(w, a, last, b))
		return 0;
	if (labels == 2 &&
	    (scrub_word_is_view(WORDS_FILE_EXT, v, last, b) ||
		is_dot_net(w, a, last - 1) || is_log_field(w, a, last - 1, b)))
		return 0;
	return 1;
}

static size_t
split(const struct scrub_view *w, size_t a, size_t b, struct segment *s)
{
	size_t i, n = 0, k;

	for (i = a; i < b && n < SEGMENTS_MAX; i = k + 1) {
		memset(&s[n], 0, sizeof s[n]);
		s[n].a = i;
		s[n].upper = 1;
		for (k = i;
		     k < b && w->v[k].c != '-' && w->v[k].c != '_' && w->v[k].c != '.';
		     k++) {
			if (w->v[k].cls == CLASS_DIGIT) {
				s[n].digits++;
			} else {
				if (!has_upper(w, k))
					s[n].upper = 0;
				if (s[n].digits > 0)
					s[n].letters = SIZE_MAX / 2;
				s[n].letters++;
			}
		}
		s[n].b = k;
		if (s[n].letters > CODE_MAX)
			s[n].letters = s[n].digits = 0;
		n++;
	}
	return i < b ? 0 : n;
}

int
scrub_is_host_part(const struct scrub_view *w, size_t a, size_t b)
{
	size_t k;
	int parts;

	for (parts = 0; a < b && parts < 4; parts++) {
		for (k = b - a; k > 1; k--)
			if (scrub_word_is_view(WORDS_HOST_PART, w->v, a, a + k))
				break;
		if (k < 2)
			return 0;
		a += k;
	}
	return a == b && parts > 0;
}

static int
is_year(const struct scrub_view *w, const struct segment *s)
{
	const struct scrub_cp *p = &w->v[s->b - s->digits];

	return s->digits == 4 &&
	       ((p[0].c == '2' && p[1].c == '0') || (p[0].c == '1' && p[1].c == '9'));
}

/* DESKTOP-AB12CD3 and WIN-0123ABCDEFG, as Windows gives them. */
static int
is_windows_name(const struct scrub_view *w, const struct segment *s, size_t n)
{
	static const char32_t *const words[] = { U"desktop", U"laptop", U"win" };
	size_t k, i, len, digits = 0;

	if (n != 2 || s[1].b - s[1].a < 6 || s[1].b - s[1].a > 12 || !s[0].upper)
		return 0;
	for (i = s[1].a; i < s[1].b; i++) {
		if (w->v[i].cls == CLASS_DIGIT)
			digits++;
		else if (!has_upper(w, i))
			return 0;
	}
	for (k = 0; digits > 0 && k < sizeof words / sizeof words[0]; k++) {
		for (len = 0; words[k][len] != 0 && s[0].a + len < s[0].b &&
			      w->v[s[0].a + len].c == words[k][len];
		     len++)
			;
		if (words[k][len] == 0 && s[0].a + len == s[0].b)
			return 1;
	}
	return 0;
}

static int
is_host_code(const struct scrub_view *w, size_t a, size_t b)
{
	struct segment s[SEGMENTS_MAX];
	const struct segment *last;
	size_t i, n, parts = 0;
	int upper = 1;

	for (i = a; i < b && w->v[i].cls != CLASS_DIGIT; i++)
		;
	if (i == b || b - a > CODE_MAX)
		return 0;
	n = split(w, a, b, s);
	if (n == 0)
		return 0;
	last = &s[n - 1];
	if (n == 1)
		return s[0].letters >= 2 && s[0].digits >= 2 && s[0].digits <= 3 &&
		       w->v[s[0].a + s[0].letters].c == '0' &&
		       scrub_is_host_part(w, s[0].a, s[0].a + s[0].letters);
	if (is_windows_name(w, s, n))
		return 1;
	if (s[0].letters > 0 &&
	    scrub_word_is_view(WORDS_NOT_HOST, w->v, s[0].a, s[0].a + s[0].letters))
		return 0;
	for (i = 0; i < n; i++) {
		if (s[i].b == s[i].a)
			return 0;
		if (!s[i].upper)
			upper = 0;
		if (s[i].letters > 0 &&
		    scrub_is_host_part(w, s[i].a, s[i].a + s[i].letters)) {
			parts++;
			/* SRV-FILE03, web01-tokyo */
			if (s[i].digits > 0 && s[i].digits <= 4 && !is_year(w, &s[i]))
				return 1;
		}
	}
	if (last->digits == 0 || last->digits > 4 || is_year(w, last))
		return 0;
	/* TOS-DB-01 */
	if (last->letters == 0)
		return parts > 0 && last->digits >= 2 &&
		       last->digits == last->b - last->a;
	/* KMR-JH02: all capital, letters and then a number */
	return upper && last->letters >= 2 && last->digits <= 3 && s[0].letters >= 2 &&
	       (last->digits > 1 || parts > 0);
}

enum scrub_rule
scrub_host_kind(const struct scrub_view *w, size_t a, size_t b)
{
	size_t i, dot = b;
	int small = 0;

	if (is_fqdn(w, a, b))
		return RULE_DOMAIN;
	for (i = a; i < b; i++) {
		if (w->v[i].c == '.')
			dot = i;
		if (w->v[i].cls == CLASS_LATIN && !has_upper(w, i))
			small = 1;
	}
	if (dot < b && scrub_word_is_view(WORDS_FILE_EXT, w->v, dot + 1, b))
		return RULE_FILE;
	return !small || is_host_code(w, a, b) ? RULE_HOST : RULE_CODE;
}

static int
ends_with_any(const struct scrub_view *w, size_t i, const char32_t *const *words)
{
	size_t n, k;

	for (; *words != NULL; words++) {
		for (n = 0; (*words)[n] != 0; n++)
			;
		for (k = 0; n <= i && k < n && w->v[i - n + k].c == (*words)[k]; k++)
			;
		if (k == n && (i == n || w->v[i - n].cls != CLASS_LATIN ||
				  w->v[i - n - 1].cls != CLASS_LATIN))
			return 1;
	}
	return 0;
}

/* "端末 TVM-0142": an inventory counts with leading zeros, makers number their models
 * without. */
static int
is_numbered(const struct scrub_view *w, size_t a, size_t b)
{
	struct segment s[SEGMENTS_MAX];

	return split(w, a, b, s) == 2 && s[0].digits == 0 && s[0].upper &&
	       s[0].letters >= 2 && s[1].letters == 0 && s[1].digits >= 3 &&
	       w->v[s[1].a].c == '0' &&
	       !scrub_word_is_view(WORDS_NOT_HOST, w->v, s[0].a, s[0].b);
}

/* What is told to be the name of a machine need not look like one. */
static int
is_told_to_be_host(const struct scrub_view *w, size_t a, size_t b)
{
	static const char32_t *const names[] = { U"ホスト名", U"端末名", U"サーバ名",
		U"サーバー名", U"コンピュータ名", U"コンピューター名", U"マシン名",
		U"hostname", U"host name", U"computer name", U"computername",
		U"machine name", U"server name", NULL };
	static const char32_t *const machines[] = { U"端末", U"pc", U"パソコン",
		U"ホスト", U"サーバ", U"サーバー", U"ルータ", U"プリンタ", U"host",
		U"terminal", U"workstation", U"computer", U"machine", U"laptop",
		U"server", U"node", U"printer", NULL };
	size_t i, k = a;
	int code = 0, sign = 0;

	for (; k > 0 && a - k < 3 && scrub_is_in(U" :「(は=\"'", w->v[k - 1].c); k--)
		sign |= w->v[k - 1].c != ' ';
	if (k == 0 ||
	    (w->v[k - 1].cls != CLASS_LATIN && !scrub_is_japanese(&w->v[k - 1])))
		return 0;
	for (i = a; i < b; i++)
		code |= w->v[i].cls == CLASS_DIGIT ||
			(sign && (w->v[i].c == '-' || w->v[i].c == '_'));
	return code && ((is_numbered(w, a, b) && ends_with_any(w, k, machines)) ||
			   ends_with_any(w, k, names));
}

/* Most words have no hyphen. */
static int
is_hyphened_host(const struct scrub_view *w, size_t a, size_t b)
{
	size_t i;

	for (i = a; i < b && w->v[i].c != '-'; i++)
		;
	return i < b && (scrub_is_plain_host(w, a, b) || scrub_is_host_by_place(w, a, b));
}

static size_t
backslashes_at(const struct scrub_view *w, size_t i)
{
	size_t k;

	for (k = i; k < w->n && k < i + 5 && w->v[k].c == '\\'; k++)
		;
	return k - i;
}

/* \\server\share, also with each backslash doubled as programs write them: where the
 * name begins, and ends. */
static size_t
share_at(const struct scrub_view *w, size_t i, size_t *ret_a)
{
	const struct scrub_cp *v = w->v;
	size_t lead = backslashes_at(w, i), k = i + lead, letters = 0;

	*ret_a = k;
	if ((lead != 2 && lead != 4) ||
	    (i > 0 && (v[i - 1].c == '\\' || scrub_is_ascii_alnum(v[i - 1].c) ||
			  v[i - 1].c == ':')))
		return 0;
	for (; k < w->n && (scrub_is_ascii_alnum(v[k].c) || v[k].c == '-' ||
			       v[k].c == '_' || v[k].c == '.');
	     k++)
		if (v[k].cls == CLASS_LATIN)
			letters++;
	return letters > 0 && backslashes_at(w, k) == lead / 2 ? k : 0;
}

/* "smb://NAS-KEIRI/": a host without a domain. */
static size_t
bare_host_at(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k = i + 3;

	if (i + 4 >= w->n || v[i + 1].c != '/' || v[i + 2].c != '/' || i == 0 ||
	    v[i - 1].cls != CLASS_LATIN)
		return 0;
	while (
	    k < w->n && (scrub_is_ascii_alnum(v[k].c) || v[k].c == '-' || v[k].c == '_'))
		k++;
	return k > i + 4 && v[i + 3].cls == CLASS_LATIN && k < w->n &&
		       (v[k].c == '/' || v[k].c == ':') &&
		       !scrub_word_is_view(WORDS_TLD, v, i + 3, k)
		   ? k
		   : 0;
}

void
scrub_find_host(const struct scrub_view *w, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t i, a, b, k;

	for (i = 0; i < w->n; i++) {
		if (v[i].c == '\\') {
			k = share_at(w, i, &a);
			scrub_hits_add(h, a, k, RULE_HOST);
			continue;
		}
		if (v[i].c == ':') {
			k = bare_host_at(w, i);
			scrub_hits_add(h, i + 3, k, RULE_HOST);
			continue;
		}
		if (!scrub_is_ascii_alnum(v[i].c))
			continue;
		scrub_code_around(w, i, i + 1, &a, &b);
		if (a < i)
			a = i;
		if (b <= i)
			continue;
		if ((a == 0 || v[a - 1].cls != CLASS_LATIN) &&
		    (b == w->n || v[b].cls != CLASS_LATIN) && b - a >= 4 &&
		    (is_fqdn(w, a, b) || is_host_code(w, a, b) ||
			is_told_to_be_host(w, a, b) || is_hyphened_host(w, a, b)))
			scrub_hits_add(h, a, b, RULE_HOST);
		i = b - 1;
	}
}
