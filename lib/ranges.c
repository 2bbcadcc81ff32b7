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
touch(struct range *changed, const struct range *v)
{
	if (v->first < changed->first)
		changed->first = v->first;
	if (v->last > changed->last)
		changed->last = v->last;
}

static void
take_out(struct ranges *r, size_t at)
{
	r->n--;
	memmove(r->v + at, r->v + at + 1, (r->n - at) * sizeof *r->v);
}

/* Puts x, which none has a part of, before range `at`. */
static int
put(struct ranges *r, size_t at, const struct range *x, uint64_t fresh,
    struct range *changed)
{
	struct range *left = at > 0 ? r->v + at - 1 : NULL;
	struct range *right = at < r->n ? r->v + at : NULL;

	if (left != NULL &&
	    (left->last + 1 < x->first ||
		(left->mark != x->mark && (left->mark == 0 || x->first < fresh))))
		left = NULL;
	if (right != NULL && (x->last + 1 < right->first ||
				 right->mark != (left != NULL ? left : x)->mark))
		right = NULL;
	if (left == NULL && right == NULL) {
		if (make_room(r) != 0)
			return ERR_NOMEM;
		memmove(r->v + at + 1, r->v + at, (r->n - at) * sizeof *r->v);
		r->v[at] = *x;
		r->n++;
		touch(changed, x);
		return 0;
	}
	if (left != NULL) {
		left->last = right != NULL ? right->last : x->last;
		touch(changed, left);
	} else if (right != NULL) {
		right->first = x->first;
		touch(changed, right);
	}
	if (left != NULL && right != NULL)
		take_out(r, at);
	return 0;
}

/* One range less: of the lowest that touch, or the lowest. */
static void
forget(struct ranges *r, struct range *changed)
{
	size_t at;

	for (at = 1; at < r->n && r->v[at - 1].last + 1 < r->v[at].first; at++)
		continue;
	if (at == r->n) {
		touch(changed, r->v);
		take_out(r, 0);
		return;
	}
	r->v[at - 1].last = r->v[at].last;
	if (r->v[at].mark > r->v[at - 1].mark)
		r->v[at - 1].mark = r->v[at].mark;
	touch(changed, r->v + at - 1);
	take_out(r, at);
}

int
ranges_add(struct ranges *r, const struct range *x, uint64_t fresh, size_t most,
    struct range *ret_changed)
{
	struct range changed = { UINT64_MAX, 0, 0 }, part;
	uint64_t next = x->first;
	size_t at;
	int rc = 0;

	if (x->first > x->last || x->last == UINT64_MAX)
		return ERR_INVALID;
	for (at = find(r, next); rc == 0 && next <= x->last; at = find(r, next)) {
		if (at < r->n && r->v[at].first <= next) {
			next = r->v[at].last + 1;
			continue;
		}
		part = (struct range){ next, x->last, x->mark };
		if (at < r->n && r->v[at].first <= x->last)
			part.last = r->v[at].first - 1;
		rc = put(r, at, &part, fresh, &changed);
		next = part.last + 1;
	}
	while (r->n > most)
		forget(r, &changed);
	*ret_changed = changed;
	return rc;
}

const struct range *
ranges_get(const struct ranges *r, uint64_t n)
{
	size_t at = find(r, n);

	return at < r->n && r->v[at].first <= n ? r->v + at : NULL;
}
