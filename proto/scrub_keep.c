/* SPDX-License-Identifier: Apache-2.0 */
/* What is never masked: the values of indicators and their parts. */
#include "proto/scrub_keep.h"

#include "lib/mem.h"
#include "proto/scrub_match.h"

enum { VALUE_CPS_MAX = 4096 };

enum {
	KEEP_HOST = 1, /* names under it are kept too */
	KEEP_WORD = 2, /* an account or the like: not as a part of a longer code */
};

struct scrub_keep {
	struct scrub_match *match;
	size_t n;
};

struct search {
	const struct scrub_view *w;
	struct scrub_hits *h;
};

static int
add(struct scrub_keep *k, const struct scrub_cp *v, size_t n, uint32_t how)
{
	uint32_t sym[VALUE_CPS_MAX];
	size_t i;

	if (n < 2 || n > VALUE_CPS_MAX)
		return 0;
	for (i = 0; i < n; i++)
		sym[i] = v[i].c;
	k->n++;
	return scrub_match_add(k->match, sym, n, how);
}

static int
is_word(const struct scrub_cp *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!scrub_is_ascii_alnum(v[i].c))
			return 0;
	return 1;
}

/* "http://host:port/path": the host. */
static int
add_url_host(struct scrub_keep *k, const struct scrub_cp *v, size_t n)
{
	size_t i, a = 0, b;

	for (i = 0; i + 2 < n && i < 12; i++)
		if (v[i].c == ':' && v[i + 1].c == '/' && v[i + 2].c == '/')
			a = i + 3;
	for (b = a; b < n && (scrub_is_ascii_alnum(v[b].c) || v[b].c == '.' ||
				 v[b].c == '-' || v[b].c == '_');
	     b++)
		;
	if (a == 0 || (b < n && v[b].c == '@'))
		return 0;
	return add(k, v + a, b - a, KEEP_HOST);
}

static size_t
find_sign(const struct scrub_cp *v, size_t n, uint32_t c)
{
	size_t i;

	for (i = 0; i < n && v[i].c != c; i++)
		;
	return i;
}

/* The last part of a path, and of a registry key. */
static int
add_last(struct scrub_keep *k, const struct scrub_cp *v, size_t n)
{
	size_t a = n;

	while (a > 0 && v[a - 1].c != '\\' && v[a - 1].c != '/')
		a--;
	return a == 0 || n - a < 5 ? 0 : add(k, v + a, n - a, 0);
}

static int
add_parts(struct scrub_keep *k, const char *type, const struct scrub_cp *v, size_t n)
{
	size_t i;
	int r = 0;

	if (strcmp(type, "url") == 0) {
		r = add_url_host(k, v, n);
		if (r == 0 && v[n - 1].c == '/')
			r = add(k, v, n - 1, 0);
	} else if (strcmp(type, "email") == 0) {
		i = find_sign(v, n, '@');
		if (i + 4 < n)
			r = add(k, v + i + 1, n - i - 1, 0);
	} else if (strcmp(type, "cidr") == 0) {
		i = find_sign(v, n, '/');
		if (i < n)
			r = add(k, v, i, 0);
	} else if (strcmp(type, "filename") == 0) {
		r = add_last(k, v, n);
	} else if (strcmp(type, "asn") == 0 && v[0].cls == CLASS_DIGIT) {
		struct scrub_cp as[16];
		const uint32_t c[2] = { 'a', 's' };

		if (n > 10)
			return 0;
		scrub_cp_fill(as, c, 2);
		memcpy(as + 2, v, n * sizeof *v);
		r = add(k, as, n + 2, 0);
	}
	return r;
}

static int
add_value(struct scrub_keep *k, const char *type, struct slice value)
{
	struct scrub_view w;
	uint32_t how = 0;
	size_t a = 0, n;
	int r;

	r = scrub_view_new(value, &w);
	if (r != 0)
		return r == ERR_INVALID ? 0 : r;
	n = w.n;
	while (a < n && w.v[a].cls == CLASS_SPACE)
		a++;
	while (n > a && w.v[n - 1].cls == CLASS_SPACE)
		n--;
	if (n > a) {
		if (strcmp(type, "domain") == 0)
			how = KEEP_HOST;
		else if (is_word(w.v + a, n - a))
			how = KEEP_WORD;
		r = add(k, w.v + a, n - a, how);
		if (r == 0)
			r = add_parts(k, type, w.v + a, n - a);
	}
	scrub_view_done(&w);
	return r;
}

int
scrub_keep_new(const json_t *indicators, struct scrub_keep **ret)
{
	struct scrub_keep *k = mem_zalloc(sizeof *k);
	const json_t *j;
	const char *type;
	struct slice s;
	size_t i;
	int r = 0;

	if (k == NULL)
		return ERR_NOMEM;
	k->match = scrub_match_new();
	if (k->match == NULL)
		r = ERR_NOMEM;
	for (i = 0; r == 0 && i < json_array_size(indicators); i++) {
		j = json_object_get(json_array_get(indicators, i), "value");
		type = json_string_value(
		    json_object_get(json_array_get(indicators, i), "type"));
		s.p = json_string_value(j);
		s.n = json_string_length(j);
		if (s.p != NULL)
			r = add_value(k, type == NULL ? "" : type, s);
	}
	if (r != 0) {
		scrub_keep_free(k);
		return r;
	}
	*ret = k;
	return 0;
}

int
scrub_keep_add(struct scrub_keep *k, const json_t *list)
{
	struct slice s;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < json_array_size(list); i++) {
		s.p = json_string_value(json_array_get(list, i));
		s.n = json_string_length(json_array_get(list, i));
		if (s.p != NULL)
			r = add_value(k, strstr(s.p, "://") != NULL ? "url" : "", s);
	}
	return r;
}

int
scrub_keep_ready(struct scrub_keep *k)
{
	return scrub_match_ready(k->match);
}

void
scrub_keep_free(struct scrub_keep *k)
{
	if (k == NULL)
		return;
	scrub_match_free(k->match);
	mem_free(k);
}

static int
is_joined(const struct scrub_cp *sign, const struct scrub_cp *beyond)
{
	return (sign->c == '-' || sign->c == '_' || sign->c == '.' || sign->c == '@') &&
	       scrub_is_ascii_alnum(beyond->c);
}

static void
on_match(void *arg, uint32_t how, size_t a, size_t b)
{
	struct search *q = arg;
	const struct scrub_cp *v = q->w->v;
	size_t n = q->w->n;

	/* A value is met whole, or not at all: 10.0.0.1 is not in 110.0.0.1. */
	if (a > 0 && scrub_is_ascii_alnum(v[a].c) && scrub_is_ascii_alnum(v[a - 1].c))
		return;
	if (b < n && scrub_is_ascii_alnum(v[b - 1].c) && scrub_is_ascii_alnum(v[b].c))
		return;
	if (v[a].cls == CLASS_DIGIT && a > 1 && v[a - 1].c == '.' &&
	    v[a - 2].cls == CLASS_DIGIT)
		return;
	if (v[b - 1].cls == CLASS_DIGIT && b + 1 < n && v[b].c == '.' &&
	    v[b + 1].cls == CLASS_DIGIT)
		return;
	if (how == KEEP_WORD && ((a > 1 && is_joined(&v[a - 1], &v[a - 2])) ||
				    (b + 1 < n && is_joined(&v[b], &v[b + 1]))))
		return;
	if (how == KEEP_HOST) {
		if (a > 0 && v[a - 1].c == '-')
			return;
		if (b + 1 < n && (v[b].c == '-' || v[b].c == '.') &&
		    scrub_is_ascii_alnum(v[b + 1].c))
			return;
		if (a > 1 && v[a - 1].c == '.')
			while (a > 0 && (scrub_is_ascii_alnum(v[a - 1].c) ||
					    v[a - 1].c == '.' || v[a - 1].c == '-'))
				a--;
	}
	scrub_hits_add(q->h, a, b, how == KEEP_WORD ? RULE_NAME : RULE_NONE);
}

static int
by_start(const void *x, const void *y)
{
	const struct scrub_hit *p = x, *q = y;

	return p->a < q->a ? -1 : p->a > q->a;
}

int
scrub_keep_find(
    const struct scrub_keep *k, const struct scrub_view *w, struct scrub_hits *h)
{
	struct search q = { w, h };
	uint32_t *sym;
	size_t i, at = 0;

	if (k == NULL || k->n == 0 || w->n == 0)
		return 0;
	sym = mem_alloc(w->n * sizeof *sym);
	if (sym == NULL)
		return ERR_NOMEM;
	for (i = 0; i < w->n; i++)
		sym[i] = w->v[i].c;
	scrub_match_run(k->match, sym, w->n, on_match, &q);
	mem_wipe_free(sym, w->n * sizeof *sym);
	if (h->err != 0 || h->n == 0)
		return h->err;
	qsort(h->v, h->n, sizeof *h->v, by_start);
	/* Overlapping ranges become one, so that the longest range stays a short look
	 * back. */
	for (i = 1; i < h->n; i++) {
		if (h->v[i].a <= h->v[at].b) {
			if (h->v[i].rule == RULE_NONE)
				h->v[at].rule = RULE_NONE;
			if (h->v[i].b > h->v[at].b)
				h->v[at].b = h->v[i].b;
		} else {
			h->v[++at] = h->v[i];
		}
	}
	h->n = at + 1;
	return 0;
}
