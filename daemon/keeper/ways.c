/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/ways.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/store_delivery.h"
#include "lib/mem.h"

int
ways_learn(struct keeper *k, const struct courier_key *key, int works)
{
	int rc = store_way_drop_others(k->store, key);

	return rc != 0 ? rc : store_way_put(k->store, key, works, k->now_ms() / 60000);
}

static int
add(void *arg, const uint8_t *receiver, unsigned route)
{
	struct ways *w = arg;
	struct ways_one *v;
	size_t room;

	if (w->n > 0 && memcmp(w->v[w->n - 1].receiver, receiver, RECEIVER_LEN) == 0) {
		w->v[w->n - 1].routes |= (uint8_t)courier_route_bit(route);
		return 0;
	}
	if (w->n == w->room) {
		room = w->room == 0 ? 64 : w->room * 2;
		v = mem_realloc(w->v, room * sizeof *v);
		if (v == NULL)
			return ERR_NOMEM;
		w->v = v;
		w->room = room;
	}
	v = &w->v[w->n++];
	memcpy(v->receiver, receiver, RECEIVER_LEN);
	v->routes = (uint8_t)courier_route_bit(route);
	return 0;
}

int
ways_load(struct ways *w, struct keeper *k)
{
	memset(w, 0, sizeof *w);
	return store_ways_broken(
	    k->store, k->now_ms() / 60000 - OUTBOX_WAY_DAYS * 1440LL, add, w);
}

void
ways_done(struct ways *w)
{
	mem_free(w->v);
}

static int
compare(const void *receiver, const void *one)
{
	return memcmp(receiver, ((const struct ways_one *)one)->receiver, RECEIVER_LEN);
}

int
ways_has_contact(const struct ways *w, const struct vault_dir_row *row)
{
	const struct ways_one *broken = NULL;

	if (w->n > 0)
		broken = bsearch(row->rights.receiver, w->v, w->n, sizeof *w->v, compare);
	return (row->routes & ~(broken != NULL ? broken->routes : 0)) != 0;
}
