/* SPDX-License-Identifier: Apache-2.0 */
/* Tables, as lines of cells between bars, commas or tabs: what the first line says of a
 * column holds for the lines below. */
#include "proto/scrub_host.h"
#include "proto/scrub_user.h"

enum { LINE_MAX_CPS = 400, ROWS_MAX = 64 };
enum column { COLUMN_NONE, COLUMN_USER, COLUMN_HOST, COLUMN_MAC };

static const struct {
	const char32_t *word;
	enum column kind;
} heads[] = { { U"account", COLUMN_USER }, { U"account name", COLUMN_USER },
	{ U"account_name", COLUMN_USER }, { U"user", COLUMN_USER },
	{ U"username", COLUMN_USER }, { U"user name", COLUMN_USER },
	{ U"user_name", COLUMN_USER }, { U"userid", COLUMN_USER },
	{ U"user id", COLUMN_USER }, { U"user_id", COLUMN_USER },
	{ U"login", COLUMN_USER }, { U"login id", COLUMN_USER },
	{ U"login_id", COLUMN_USER }, { U"login name", COLUMN_USER },
	{ U"logon", COLUMN_USER }, { U"ユーザー", COLUMN_USER },
	{ U"ユーザ", COLUMN_USER }, { U"ユーザー名", COLUMN_USER },
	{ U"ユーザ名", COLUMN_USER }, { U"ユーザーid", COLUMN_USER },
	{ U"ユーザid", COLUMN_USER }, { U"利用者", COLUMN_USER },
	{ U"利用者id", COLUMN_USER }, { U"利用者名", COLUMN_USER },
	{ U"アカウント", COLUMN_USER }, { U"アカウント名", COLUMN_USER },
	{ U"ログイン", COLUMN_USER }, { U"ログインid", COLUMN_USER },
	{ U"ログイン名", COLUMN_USER }, { U"ログインユーザー", COLUMN_USER },
	{ U"実行ユーザー", COLUMN_USER }, { U"host", COLUMN_HOST },
	{ U"hostname", COLUMN_HOST }, { U"host name", COLUMN_HOST },
	{ U"host_name", COLUMN_HOST }, { U"computer", COLUMN_HOST },
	{ U"machine", COLUMN_HOST }, { U"device", COLUMN_HOST },
	{ U"ホスト", COLUMN_HOST }, { U"ホスト名", COLUMN_HOST },
	{ U"端末", COLUMN_HOST }, { U"端末名", COLUMN_HOST }, { U"機器名", COLUMN_HOST },
	{ U"サーバ", COLUMN_HOST }, { U"サーバー", COLUMN_HOST },
	{ U"サーバ名", COLUMN_HOST }, { U"サーバー名", COLUMN_HOST },
	{ U"mac", COLUMN_MAC }, { U"mac address", COLUMN_MAC },
	{ U"mac_address", COLUMN_MAC }, { U"macaddress", COLUMN_MAC },
	{ U"macアドレス", COLUMN_MAC }, { U"物理アドレス", COLUMN_MAC } };

static int
is_end(const struct scrub_view *w, size_t i)
{
	return i >= w->n || w->v[i].c == '\n';
}

static int
is_bar(uint32_t c)
{
	return c == '|' || c == ',' || c == '\t';
}

static int
is_blank(const struct scrub_view *w, size_t i)
{
	return w->v[i].c == ' ' || w->v[i].c == '"';
}

/* The bars of the line from i on; SIZE_MAX when it is too long. */
static size_t
bars_of(const struct scrub_view *w, size_t i, uint32_t bar)
{
	size_t k, n = 0;

	for (k = i; !is_end(w, k); k++) {
		if (k - i > LINE_MAX_CPS)
			return SIZE_MAX;
		n += w->v[k].c == bar;
	}
	return n;
}

static size_t
line_start(const struct scrub_view *w, size_t i)
{
	size_t k = i;

	while (k > 0 && w->v[k - 1].c != '\n' && i - k <= LINE_MAX_CPS)
		k--;
	return k > 0 && w->v[k - 1].c != '\n' ? SIZE_MAX : k;
}

static size_t
next_line(const struct scrub_view *w, size_t i)
{
	while (!is_end(w, i))
		i++;
	return i + 1;
}

/* What the cell with its first character at i says, when it says nothing else. */
static enum column
head_at(const struct scrub_view *w, size_t i, size_t *ret_end)
{
	size_t k, n, end;

	if (!scrub_is_in(U"aulhcmdユ利アロ実ホ端機サ物", w->v[i].c))
		return COLUMN_NONE;
	for (k = 0; k < sizeof heads / sizeof heads[0]; k++) {
		for (n = 0; heads[k].word[n] != 0 && i + n < w->n &&
			    w->v[i + n].c == heads[k].word[n];
		     n++)
			;
		if (heads[k].word[n] != 0)
			continue;
		for (end = i + n; !is_end(w, end) && is_blank(w, end); end++)
			;
		*ret_end = end;
		if (is_end(w, end) || is_bar(w->v[end].c))
			return heads[k].kind;
	}
	return COLUMN_NONE;
}

/* Twelve hexadecimal digits and nothing else. */
static int
is_bare_mac(const struct scrub_view *w, size_t a, size_t b)
{
	size_t i;

	for (i = a; i < b; i++)
		if (w->v[i].cls != CLASS_DIGIT && (w->v[i].c < 'a' || w->v[i].c > 'f'))
			return 0;
	return b - a == 12;
}

static void
take(const struct scrub_view *w, enum column kind, size_t a, size_t b,
    struct scrub_hits *h, struct scrub_finds *f)
{
	enum scrub_account how;

	while (a < b && is_blank(w, a))
		a++;
	while (b > a && is_blank(w, b - 1))
		b--;
	if (a == b)
		return;
	if (kind == COLUMN_MAC && is_bare_mac(w, a, b))
		scrub_hits_add(h, a, b, RULE_MAC);
	if (kind == COLUMN_HOST && scrub_is_host_in_column(w, a, b))
		scrub_hits_add(h, a, b, RULE_HOST);
	if (kind != COLUMN_USER || scrub_account_end(w, a) != b)
		return;
	how = scrub_account_of(w, a, b);
	if (how != ACCOUNT_NONE)
		scrub_user_add(w, a, b, h, how == ACCOUNT_SHAPED ? f : NULL);
}

static void
read_rows(const struct scrub_view *w, size_t i, uint32_t bar, size_t bars, size_t column,
    enum column kind, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t row, k, at, a;

	for (row = 0; row < ROWS_MAX && i < w->n; row++) {
		if (bars_of(w, i, bar) != bars)
			return;
		for (at = 0, k = a = i; at <= column; k++) {
			if (!is_end(w, k) && w->v[k].c != bar)
				continue;
			if (at == column)
				take(w, kind, a, k, h, f);
			a = k + 1;
			at++;
		}
		i = next_line(w, i);
	}
}

void
scrub_find_column(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t from = i, end = 0, start, bars, column = 0, k;
	enum column kind;
	uint32_t bar;

	while (from < w->n && is_blank(w, from))
		from++;
	if (from == w->n ||
	    (w->v[from].cls != CLASS_LATIN && !scrub_is_japanese(&w->v[from])))
		return;
	kind = head_at(w, from, &end);
	if (kind == COLUMN_NONE)
		return;
	bar = i > 0 && is_bar(w->v[i - 1].c) ? w->v[i - 1].c
	      : is_end(w, end)		     ? 0
					     : w->v[end].c;
	start = line_start(w, i);
	if (bar == 0 || start == SIZE_MAX || (!is_end(w, end) && w->v[end].c != bar))
		return;
	bars = bars_of(w, start, bar);
	if (bars == SIZE_MAX || bars < 2)
		return;
	/* Only the first line of a table is a heading. */
	k = start > 0 ? line_start(w, start - 1) : SIZE_MAX;
	if (k != SIZE_MAX && bars_of(w, k, bar) == bars)
		return;
	for (k = start; k < i; k++)
		column += w->v[k].c == bar;
	read_rows(w, next_line(w, i), bar, bars, column, kind, h, f);
}
