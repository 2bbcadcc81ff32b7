/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/lanes.h"

#include <string.h>

#include "lib/mem.h"

struct lanes {
	struct lane *v;
	size_t n, room;
	uint32_t
	    *slots; /* index + 1 into v; 0: free.  A power of two, half full at most */
	size_t mask;
	size_t at, left; /* the round */
	int stale;
};

struct lanes *
lanes_new(void)
{
	struct lanes *l = mem_zalloc(sizeof *l);

	if (l != NULL)
		l->stale = 1;
	return l;
}

void
lanes_free(struct lanes *l)
{
	if (l == NULL)
		return;
	mem_free(l->v);
	mem_free(l->slots);
	mem_free(l);
}

void
lanes_stale(struct lanes *l)
{
	l->stale = 1;
}

/* Receiver ids are MACs: their first bytes are as good as any hash. */
static size_t
place(const struct lanes *l, const uint8_t *receiver, unsigned route)
{
	uint64_t h;

	memcpy(&h, receiver, sizeof h);
	return (size_t)(h * 31 + route) & l->mask;
}

static struct lane *
find(const struct lanes *l, const uint8_t *receiver, unsigned route, size_t *ret_slot)
{
	struct lane *v;
	size_t i;

	for (i = place(l, receiver, route); l->slots[i] != 0; i = (i + 1) & l->mask) {
		v = &l->v[l->slots[i] - 1];
		if (v->route == route && memcmp(v->receiver, receiver, RECEIVER_LEN) == 0)
			return v;
	}
	*ret_slot = i;
	return NULL;
}

static int
grow(struct lanes *l)
{
	size_t room = l->room == 0 ? 64 : l->room * 2, i, slot = 0;
	struct lane *v = mem_realloc(l->v, room * sizeof *v);
	uint32_t *slots;

	if (v == NULL)
		return ERR_NOMEM;
	l->v = v;
	slots = mem_calloc(room * 2, sizeof *slots);
	if (slots == NULL)
		return ERR_NOMEM;
	mem_free(l->slots);
	l->slots = slots;
	l->mask = room * 2 - 1;
	l->room = room;
	for (i = 0; i < l->n; i++)
		if (find(l, l->v[i].receiver, l->v[i].route, &slot) == NULL)
			l->slots[slot] = (uint32_t)i + 1;
	return 0;
}

struct lane *
lanes_get(struct lanes *l, const uint8_t *receiver, unsigned route)
{
	struct lane *v = NULL;
	size_t slot = 0;

	if (l->slots != NULL)
		v = find(l, receiver, route, &slot);
	if (v != NULL)
		return v;
	if (l->n == l->room) {
		if (grow(l) != 0)
			return NULL;
		(void)find(l, receiver, route, &slot);
	}
	v = &l->v[l->n];
	memset(v, 0, sizeof *v);
	memcpy(v->receiver, receiver, RECEIVER_LEN);
	v->route = (uint8_t)route;
	v->next_at = INT64_MAX;
	l->slots[slot] = (uint32_t)++l->n;
	return v;
}

int
lanes_due(struct lanes *l, const uint8_t *receiver, unsigned route, int64_t at)
{
	struct lane *v = lanes_get(l, receiver, route);

	if (v == NULL)
		return ERR_NOMEM;
	if (at < v->next_at)
		v->next_at = at;
	return 0;
}

static int
one(void *arg, const uint8_t *receiver, unsigned route, int64_t next_at, unsigned leased)
{
	struct lane *v = lanes_get(arg, receiver, route);

	if (v == NULL)
		return ERR_NOMEM;
	v->next_at = next_at;
	v->leased = leased;
	return 0;
}

int
lanes_ready(struct lanes *l, struct store *s)
{
	size_t i;
	int rc;

	if (!l->stale)
		return 0;
	/* They stay, so that whom a desk was told of is not told again at once. */
	for (i = 0; i < l->n; i++) {
		l->v[i].leased = 0;
		l->v[i].next_at = INT64_MAX;
	}
	rc = store_delivery_lanes(s, one, l);
	if (rc == 0)
		l->stale = 0;
	return rc;
}

void
lanes_round(struct lanes *l)
{
	l->left = l->n;
}

struct lane *
lanes_next(struct lanes *l, unsigned routes, int64_t now)
{
	struct lane *v;

	while (l->left > 0) {
		l->left--;
		l->at = l->at + 1 < l->n ? l->at + 1 : 0;
		v = &l->v[l->at];
		if (v->next_at <= now && v->leased < LANE_LEASED_MAX &&
		    (routes >> v->route & 1) != 0)
			return v;
	}
	return NULL;
}

int64_t
lanes_first(const struct lanes *l, unsigned routes)
{
	int64_t first = INT64_MAX;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].next_at < first && l->v[i].leased < LANE_LEASED_MAX &&
		    (routes >> l->v[i].route & 1) != 0)
			first = l->v[i].next_at;
	return first;
}

unsigned
lanes_leased(const struct lanes *l)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		n += l->v[i].leased;
	return n;
}
