/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/ranges.h"

#include <string.h>

#include "lib/mem.h"

void
ranges_done(struct ranges *r)
{
	mem_free(r->v);
	*r = (struct ranges){ NULL, 0, 0 };
}

/* The first range that ends at x or behind it. */
static size_t
find(const struct ranges *r, uint64_t x)
{
	size_t lo = 0, hi = r->n, mid;

	if (hi > 0 && r->v[hi - 1].last < x)
		return hi; /* what grows grows at its end */
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (r->v[mid].last < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int
make_room(struct ranges *r)
{
	size_t room = r->room == 0 ? 1 : r->room * 2;
	struct range *v;

	if (r->n < r->room)
		return 0;
	v = mem_realloc(r->v, room * sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	r->v = v;
	r->room = room;
	return 0;
}

static void
cut_lowest(struct ranges *r, size_t n)
{
	r->n -= n;
	memmove(r->v, r->v + n, r->n * sizeof *r->v);
}

int
ranges_add(struct ranges *r, uint64_t first, uint64_t last, size_t most, size_t *ret_at)
{
	size_t at, end;

	if (first > last || last == UINT64_MAX)
		return ERR_INVALID;
	at = find(r, first > 0 ? first - 1 : 0);
	for (end = at; end < r->n && r->v[end].first <= last + 1; end++)
		continue;
	if (end == at) { /* it touches none */
		if (at == 0 && r->n >= most)
			return ERR_LIMIT;
		if (make_room(r) != 0)
			return ERR_NOMEM;
		memmove(r->v + at + 1, r->v + at, (r->n - at) * sizeof *r->v);
		r->v[at] = (struct range){ first, last };
		r->n++;
	} else {
		if (r->v[at].first < first)
			first = r->v[at].first;
		if (r->v[end - 1].last > last)
			last = r->v[end - 1].last;
		r->v[at] = (struct range){ first, last };
		memmove(r->v + at + 1, r->v + end, (r->n - end) * sizeof *r->v);
		r->n -= end - at - 1;
	}
	if (r->n > most) {
		end = r->n - most;
		cut_lowest(r, end);
		at -= end;
	}
	if (ret_at != NULL)
		*ret_at = at;
	return 0;
}

int
ranges_has(const struct ranges *r, uint64_t x)
{
	size_t at = find(r, x);

	return at < r->n && r->v[at].first <= x;
}
