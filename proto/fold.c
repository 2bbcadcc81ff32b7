/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "lib/mem.h"

enum {
	TEXT_MAX = 16 * 1024 * 1024,
	CLUSTER_MAX =
	    64, /* code points composed together; longer runs of marks are cut */
	DECOMPOSED_MAX = 24, /* the longest compatibility decomposition has 18 */
};

struct folder {
	struct fold out;
	size_t room;
	utf8proc_int32_t cluster[CLUSTER_MAX];
	int len;
	uint32_t start; /* byte where the cluster began */
};

/* Code points that fold to themselves (letters A-Z apart) unless a mark follows: nearly
 * all of a Japanese or English text, so they take the short way. */
static int
is_plain(utf8proc_int32_t c)
{
	return (c >= 0 && c < 0x80) || (c >= 0x4E00 && c <= 0x9FFF) ||
	       (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FC) ||
	       c == 0x3001 || c == 0x3002 || (c >= 0x300C && c <= 0x300F);
}

static int
is_hyphen(utf8proc_int32_t c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2043 ||
	       c == 0xFE58 || c == 0xFE63 || c == 0x2D7 || c == 0x207B || c == 0x208B;
}

/* Drawn like a hyphen, but something else everywhere than inside a number. */
static int
is_hyphen_in_number(uint32_t c)
{
	return c == 0x30FC || c == 0x4E00 || c == 0x2500 || c == 0x2501;
}

static int
push(struct folder *f, uint32_t c, uint32_t start, uint32_t end)
{
	struct fold_cp *v;
	size_t room;

	if (f->out.n == f->room) {
		room = f->room * 2;
		v = mem_realloc(f->out.v, room * sizeof *v);
		if (v == NULL)
			return ERR_NOMEM;
		f->out.v = v;
		f->room = room;
	}
	f->out.v[f->out.n].c = c;
	f->out.v[f->out.n].start = start;
	f->out.v[f->out.n].end = end;
	f->out.n++;
	return 0;
}

/* Canonical order: runs of marks sorted by combining class, equal ones kept in order. */
static void
order_marks(utf8proc_int32_t *v, int n)
{
	utf8proc_int32_t c;
	int class, i, k;

	for (i = 1; i < n; i++) {
		c = v[i];
		class = utf8proc_get_property(c)->combining_class;
		if (class == 0)
			continue;
		for (k = i; k > 0; k--) {
			if (utf8proc_get_property(v[k - 1])->combining_class <= class)
				break;
			v[k] = v[k - 1];
		}
		v[k] = c;
	}
}

/* Composes what was gathered and writes it; all of it stands for [start, end). */
static int
flush(struct folder *f, uint32_t end)
{
	utf8proc_ssize_t n;
	int i, r;

	if (f->len == 0) {
		/* Nothing but invisible characters: they belong to the neighbour before,
		 * or, at the beginning, stay pending for the one after. */
		if (f->out.n == 0)
			return 0;
		for (i = (int)f->out.n - 1; i >= 0 && f->out.v[i].end == f->start; i--)
			f->out.v[i].end = end;
		f->start = end;
		return 0;
	}
	order_marks(f->cluster, f->len);
	n = utf8proc_normalize_utf32(
	    f->cluster, f->len, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	if (n < 0)
		return ERR_INVALID;
	for (i = 0; i < n; i++) {
		r = push(f, (uint32_t)f->cluster[i], f->start, end);
		if (r != 0)
			return r;
	}
	f->len = 0;
	f->start = end;
	return 0;
}

/* May this (decomposed) code point join the one before: marks and Hangul parts. */
static int
joins(utf8proc_int32_t c)
{
	const utf8proc_property_t *p = utf8proc_get_property(c);

	return p->combining_class != 0 || p->category == UTF8PROC_CATEGORY_MN ||
	       p->category == UTF8PROC_CATEGORY_MC || (c >= 0x1161 && c <= 0x11FF);
}

static int
add_slow(struct folder *f, utf8proc_int32_t c, uint32_t at)
{
	utf8proc_int32_t part[DECOMPOSED_MAX];
	utf8proc_ssize_t n;
	int boundary = 0, r;

	if (is_hyphen(c))
		c = '-';
	n = utf8proc_decompose_char(c, part, DECOMPOSED_MAX,
	    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
	    &boundary);
	if (n < 0)
		return ERR_INVALID;
	if (n > DECOMPOSED_MAX)
		n = DECOMPOSED_MAX;
	if (n == 0)
		return 0;
	if (f->len > 0 ? !joins(part[0]) || f->len + n > CLUSTER_MAX : f->start < at) {
		r = flush(f, at);
		if (r != 0)
			return r;
	}
	memcpy(f->cluster + f->len, part, (size_t)n * sizeof part[0]);
	f->len += (int)n;
	return 0;
}

static int
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static void
mend_numbers(struct fold *f)
{
	size_t i;

	for (i = 1; i + 1 < f->n; i++)
		if (is_hyphen_in_number(f->v[i].c) &&
		    (is_digit(f->v[i - 1].c) || f->v[i - 1].c == ')') &&
		    (is_digit(f->v[i + 1].c) || f->v[i + 1].c == '('))
			f->v[i].c = '-';
}

/* What folds to itself. */
static int
add_plain(struct folder *f, utf8proc_int32_t c, size_t at, size_t n)
{
	int r = f->len > 0 || f->start < at ? flush(f, (uint32_t)at) : 0;

	if (r == 0)
		r = push(f, (uint32_t)(c >= 'A' && c <= 'Z' ? c + 32 : c), f->start,
		    (uint32_t)(at + n));
	f->start = (uint32_t)(at + n);
	return r;
}

static int
run(struct folder *f, struct slice s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p;
	utf8proc_int32_t c, next = 0;
	utf8proc_ssize_t k, knext = 0;
	size_t at;
	int r;

	for (at = 0; at < s.n; at += (size_t)k) {
		k = knext;
		c = next;
		knext = 0;
		next = 0;
		if (p[at] < 0x80 && (at + 1 == s.n || p[at + 1] < 0x80)) {
			k = 1; /* most of a text in English: nothing to decode */
			r = add_plain(f, p[at], at, 1);
		} else {
			if (k == 0)
				k = utf8proc_iterate(
				    p + at, (utf8proc_ssize_t)(s.n - at), &c);
			if (k <= 0)
				return ERR_INVALID;
			if (at + (size_t)k < s.n)
				knext = utf8proc_iterate(p + at + k,
				    (utf8proc_ssize_t)(s.n - at - (size_t)k), &next);
			r = is_plain(c) && is_plain(next) ? add_plain(f, c, at, (size_t)k)
							  : add_slow(f, c, (uint32_t)at);
		}
		if (r != 0)
			return r;
	}
	return flush(f, (uint32_t)s.n);
}

/* Most give one entry each. */
static size_t
characters(struct slice s)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += (s.p[i] & 0xC0) != 0x80;
	return n;
}

int
fold_text(struct slice utf8, struct fold *ret)
{
	struct folder f;
	int r;

	if (utf8.n > TEXT_MAX)
		return ERR_LIMIT;
	memset(&f, 0, sizeof f);
	f.room = characters(utf8) + 16;
	f.out.v = mem_alloc(f.room * sizeof *f.out.v);
	if (f.out.v == NULL)
		return ERR_NOMEM;
	r = run(&f, utf8);
	if (r != 0) {
		fold_done(&f.out);
		return r;
	}
	mend_numbers(&f.out);
	*ret = f.out;
	return 0;
}

void
fold_done(struct fold *f)
{
	mem_wipe_free(f->v, f->n * sizeof *f->v);
	f->v = NULL;
	f->n = 0;
}
