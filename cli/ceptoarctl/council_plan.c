/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoarctl/council_plan.h"

#include <string.h>

/* The oldest epoch that the hub still has a key of: what is older needs no word. */
static uint32_t
oldest(const struct key_statement *s)
{
	uint32_t e = s->keys[0].epoch;
	unsigned i;

	for (i = 1; i < s->n_keys; i++)
		if (s->keys[i].epoch < e)
			e = s->keys[i].epoch;
	return e;
}

static int
has(const struct key_statement *s, const struct statement_key *k)
{
	const struct statement_key *found =
	    key_statement_find(s, slice_of(k->group), k->epoch);

	return found != NULL && memcmp(found->id, k->id, KEY_ID_LEN) == 0;
}

static void
revoke(struct key_statement *ret, const unsigned char id[KEY_ID_LEN])
{
	if (ret->n_revoked == COUNCIL_REVOKED) {
		memmove(ret->revoked[0], ret->revoked[1],
		    (COUNCIL_REVOKED - 1) * sizeof ret->revoked[0]);
		ret->n_revoked--;
	}
	memcpy(ret->revoked[ret->n_revoked++], id, KEY_ID_LEN);
}

/* Carries over what was revoked and adds what is gone; how many are gone. */
static unsigned
revoke_gone(struct key_statement *ret, const struct key_statement *last)
{
	uint32_t from = oldest(ret);
	unsigned i, gone = 0;

	for (i = 0; i < last->n_revoked; i++)
		revoke(ret, last->revoked[i]);
	for (i = 0; i < last->n_keys; i++) {
		if (last->keys[i].epoch < from || has(ret, &last->keys[i]))
			continue;
		revoke(ret, last->keys[i].id);
		gone++;
	}
	return gone;
}

/* "finance           epochs 2968 to 2981: 14 keys, 13 of them new". */
static void
note_group(const struct key_statement *s, const struct key_statement *last,
    const char *group, struct buf *notes)
{
	uint32_t from = UINT32_MAX, to = 0;
	unsigned i, n = 0, fresh = 0;

	for (i = 0; i < s->n_keys; i++) {
		if (strcmp(s->keys[i].group, group) != 0)
			continue;
		n++;
		fresh += last == NULL || !has(last, &s->keys[i]);
		from = s->keys[i].epoch < from ? s->keys[i].epoch : from;
		to = s->keys[i].epoch > to ? s->keys[i].epoch : to;
	}
	buf_addf(notes, "%-18s epochs %u to %u: %u keys, %u of them new\n", group, from,
	    to, n, fresh);
}

static void
note(const struct key_statement *s, const struct key_statement *last, unsigned gone,
    struct buf *notes)
{
	unsigned i, before;

	for (i = 0; i < s->n_keys; i++) {
		for (before = 0; before < i; before++)
			if (strcmp(s->keys[before].group, s->keys[i].group) == 0)
				break;
		if (before == i)
			note_group(s, last, s->keys[i].group, notes);
	}
	if (gone > 0)
		buf_addf(
		    notes, "revoked, signed before and no longer the hub's: %u\n", gone);
}

int
council_plan(const struct key_statement *request, const struct key_statement *last,
    int may_replace, struct key_statement *ret, struct buf *notes)
{
	unsigned i, gone = 0;

	if (request->n_keys == 0 ||
	    (last != NULL && last->epoch_seconds != request->epoch_seconds))
		return ERR_INVALID;
	*ret = *request;
	ret->n_revoked = 0;
	ret->serial = last != NULL ? last->serial + 1 : 1;
	if (last != NULL)
		gone = revoke_gone(ret, last);
	for (i = 0; i < ret->n_keys; i++)
		if (key_statement_revokes(ret, ret->keys[i].id))
			return ERR_DENIED;
	note(ret, last, gone, notes);
	return gone > 0 && !may_replace ? ERR_CONFLICT : 0;
}
