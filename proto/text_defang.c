/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"
#include "proto/bulletin.h"
#include "proto/text_host.h"

/* Listed indicators, sorted, so that the longest one at a place is found by narrowing.
 * The budget bounds what a text made for it could cost; when it is used up, nothing
 * counts as listed any more and everything is defanged. */
struct listed {
	struct slice *v;
	size_t n, budget;
};
enum { BUDGET = 500 * 1000, HOST_MAX = 253 };

static int
order(const void *va, const void *vb)
{
	const struct slice *a = va, *b = vb;
	size_t n = a->n < b->n ? a->n : b->n;
	int r = n > 0 ? memcmp(a->p, b->p, n) : 0;

	if (r != 0)
		return r;
	return a->n < b->n ? -1 : a->n > b->n;
}

static int
listed_init(struct listed *l, const json_t *indicators)
{
	const json_t *j;
	size_t i;

	memset(l, 0, sizeof *l);
	l->budget = BUDGET;
	if (json_array_size(indicators) == 0)
		return 0;
	l->v = mem_calloc(json_array_size(indicators), sizeof *l->v);
	if (l->v == NULL)
		return ERR_NOMEM;
	for (i = 0; i < json_array_size(indicators); i++) {
		j = json_object_get(json_array_get(indicators, i), "value");
		if (json_string_length(j) == 0)
			continue;
		l->v[l->n].p = json_string_value(j);
		l->v[l->n].n = json_string_length(j);
		l->n++;
	}
	qsort(l->v, l->n, sizeof *l->v, order);
	return 0;
}

static int
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* May a name end in front of text[at]?  "a.example" does not stand in "a.example.com". */
static int
ends_at(struct slice text, size_t at)
{
	char c, next;

	if (at >= text.n)
		return 1;
	c = text.p[at];
	next = at + 1 < text.n ? text.p[at + 1] : ' ';
	return !is_alnum(c) && c != '_' && !((c == '.' || c == '-') && is_alnum(next));
}

/* First in [lo, hi) whose byte k is at least `c` (or above it); shorter ones sort first.
 */
static size_t
narrow(const struct listed *l, size_t lo, size_t hi, size_t k, int c)
{
	size_t mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->v[mid].n <= k || (unsigned char)l->v[mid].p[k] < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Bytes of the longest listed value that stands at `at` and ends like a name, or 0. */
static size_t
listed_at(struct listed *l, struct slice text, size_t at)
{
	size_t lo = 0, hi = l->n, k, best = 0;

	for (k = 0; lo < hi && at + k < text.n && l->budget > 0; k++) {
		l->budget--;
		lo = narrow(l, lo, hi, k, (unsigned char)text.p[at + k]);
		hi = narrow(l, lo, hi, k, (unsigned char)text.p[at + k] + 1);
		if (lo < hi && l->v[lo].n == k + 1 && ends_at(text, at + k + 1))
			best = k + 1;
	}
	return best;
}

/* Bytes of the host name or address at `at` (no brackets). */
static size_t
host_at(struct slice text, size_t at)
{
	size_t n = 0;
	char c;

	while (at + n < text.n) {
		c = text.p[at + n];
		if (!is_alnum(c) && c != '-' && c != '_' && c != '.')
			break;
		n++;
	}
	while (n > 0 && (text.p[at + n - 1] == '.' || text.p[at + n - 1] == '-'))
		n--;
	return n;
}

/* The host itself, or a zone that it lies in, is listed. */
static int
host_is_listed(struct listed *l, struct slice text, size_t at, size_t n)
{
	size_t i;

	for (i = 0; i < n && n <= HOST_MAX; i++)
		if ((i == 0 || text.p[at + i - 1] == '.') &&
		    listed_at(l, text, at + i) == n - i)
			return 1;
	return 0;
}

static void
add_host(struct listed *l, struct slice text, size_t at, size_t n, struct buf *out)
{
	size_t i;

	if (host_is_listed(l, text, at, n)) {
		buf_add(out, text.p + at, n);
		return;
	}
	for (i = 0; i < n; i++) {
		if (text.p[at + i] == '.')
			buf_adds(out, "[.]");
		else
			buf_addc(out, text.p[at + i]);
	}
}

/* The last label of a domain: "xn--..." or letters, and no file's end. */
static int
is_top(struct slice s)
{
	size_t i;

	if (s.n < 2)
		return 0;
	if (s.n > 4 && strncasecmp(s.p, "xn--", 4) == 0)
		return 1;
	for (i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) || (s.p[i] >= '0' && s.p[i] <= '9'))
			return 0;
	return !text_is_file_end(s);
}

/* A bare name that software would make a link of: labels, the last of letters only. */
static int
is_bare_domain(struct slice text, size_t at, size_t n)
{
	struct slice last;
	size_t i, dot = n;

	for (i = 0; i < n; i++) {
		if (text.p[at + i] != '.')
			continue;
		if (i == 0 || text.p[at + i - 1] == '.')
			return 0;
		dot = i;
	}
	if (dot == n)
		return 0;
	if (at + n < text.n &&
	    text.p[at + n] == '@') /* the local part of a mail address */
		return 0;
	last.p = text.p + at + dot + 1;
	last.n = n - dot - 1;
	return is_top(last);
}

/* At a letter: the length of "scheme" when "scheme://" stands here, or 0. */
static size_t
scheme_at(struct slice text, size_t at)
{
	size_t n = 0;

	while (
	    at + n < text.n && n < 16 &&
	    (is_alnum(text.p[at + n]) || text.p[at + n] == '+' || text.p[at + n] == '-'))
		n++;
	if (n == 0 || text.n - at - n < 3 || memcmp(text.p + at + n, "://", 3) != 0)
		return 0;
	return n;
}

/* "http://host" at `at`, scheme of n bytes; returns the bytes dealt with.  The rest of
 * the URL is no link any more. */
static size_t
add_url(struct listed *l, struct slice text, size_t at, size_t n, struct buf *out)
{
	size_t host = at + n + 3, len;

	if (n >= 4 && strncasecmp(text.p + at, "http", 4) == 0) {
		buf_adds(out, "hxxp");
		buf_add(out, text.p + at + 4, n - 4 + 3);
	} else if (n >= 4 && strncasecmp(text.p + at, "hxxp", 4) == 0) {
		buf_add(out, text.p + at, n + 3);
	} else {
		buf_add(out, text.p + at, n);
		buf_adds(out, "[:]//");
	}
	len = host_at(text, host);
	add_host(l, text, host, len, out);
	return host + len - at;
}

/* Part of a longer word, path or name: nothing begins here. */
static int
is_inside(struct slice text, size_t at)
{
	return at > 0 &&
	       (is_alnum(text.p[at - 1]) || strchr("._-/%=&?\\", text.p[at - 1]) != NULL);
}

/* The dot behind a label that is not ASCII: a Japanese domain name, or just a sentence
 * whose space is missing, which is still readable then. */
static int
is_dot_in_domain(struct slice text, size_t at)
{
	struct slice top = { text.p + at + 1, 0 };
	size_t i;

	if (text.p[at] != '.' || at == 0 || (unsigned char)text.p[at - 1] < 0x80)
		return 0;
	top.n = host_at(text, at + 1);
	if (top.n == 0 || !is_alnum(*top.p))
		return 0;
	for (i = top.n; i > 0 && top.p[i - 1] != '.';)
		i--;
	top.p += i;
	top.n -= i;
	return is_top(top);
}

static size_t
add_word(struct listed *l, struct slice text, size_t at, struct buf *out)
{
	size_t n;

	if (at == 0 || !is_alnum(text.p[at - 1])) {
		n = listed_at(l, text, at);
		if (n > 0) {
			buf_add(out, text.p + at, n);
			return n;
		}
		n = is_alnum(text.p[at]) ? scheme_at(text, at) : 0;
		if (n > 0)
			return add_url(l, text, at, n, out);
	}
	if (!is_alnum(text.p[at])) {
		/* What stands before this is no scheme by itself, but might be made one.
		 */
		if (text.n - at >= 3 && memcmp(text.p + at, "://", 3) == 0)
			return add_url(l, text, at, 0, out);
		if (is_dot_in_domain(text, at)) {
			buf_adds(out, "[.]");
			n = host_at(text, at + 1);
			add_host(l, text, at + 1, n, out);
			return n + 1;
		}
		buf_addc(out, text.p[at]);
		return 1;
	}
	n = is_inside(text, at) ? 0 : host_at(text, at);
	if (n > 0 && is_bare_domain(text, at, n)) {
		add_host(l, text, at, n, out);
		return n;
	}
	/* To the end of this run of letters and digits. */
	for (n = 0; at + n < text.n && is_alnum(text.p[at + n]);)
		n++;
	buf_add(out, text.p + at, n);
	return n;
}

static int
is_kept(void *arg, struct slice text, size_t at, size_t n)
{
	return host_is_listed(arg, text, at, n);
}

int
text_defang(struct slice text, const json_t *indicators, struct buf *out)
{
	struct listed l;
	struct buf ascii;
	size_t at;
	int r;

	r = listed_init(&l, indicators);
	if (r != 0)
		return r;
	buf_init(
	    &ascii, 8 * text.n + 64); /* a letter of two bytes grows to a few digits */
	if (text_has_lookalikes(text)) {
		r = text_add_ascii_hosts(text, is_kept, &l, &ascii);
		text = buf_slice(&ascii);
	}
	for (at = 0; r == 0 && at < text.n && buf_err(out) == 0;)
		at += add_word(&l, text, at, out);
	buf_done(&ascii);
	mem_free(l.v);
	return r != 0 ? r : buf_err(out);
}
