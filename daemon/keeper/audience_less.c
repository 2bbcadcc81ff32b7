/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/audience.h"

/*
 * Too few could have sent a case: what would do.  The gate has left out all that it may;
 * the next rung is a smaller audience, and what that one would be shown.
 */

struct rung {
	struct slots slots;
	uint16_t flags;
	unsigned shown;
	int least; /* members that could have sent the case hidden worst */
};

static void
lower(int *least, int n)
{
	if (n >= 0 && (*least < 0 || n < *least))
		*least = n;
}

/* 1: every case may be shown to these readers. */
static int
passes(struct keeper *k, const struct audience *a, struct rung *r)
{
	struct kgate_ask ask;
	struct store_gate g;
	unsigned i, readers = 0;

	r->shown = a->wanted;
	r->least = -1;
	for (i = 0; i < a->n; i++) {
		ask = a->v[i].ask;
		kgate_audience(&r->slots, r->flags, &ask);
		kgate_decide(k->gate, k->tax, policy_of(&k->policy, ask.slot), &ask, &g);
		if (g.held != 0)
			return 0;
		if ((g.shown & SHOWN_SECTOR) != 0)
			g.shown |= SHOWN_GROUP;
		r->shown &= g.shown;
		readers += ask.own + ask.beyond;
		lower(&r->least, g.inside);
		lower(&r->least, g.beyond);
	}
	return readers > 0;
}

/* The CEPTOAR of one case alone. */
static int
only_own(struct keeper *k, const struct audience *a, struct rung *r)
{
	unsigned i;

	for (i = 0; i < a->n; i++) {
		memset(&r->slots, 0, sizeof r->slots);
		slots_set(&r->slots, a->v[i].row.slot);
		if (slots_has(&a->slots, a->v[i].row.slot) && passes(k, a, r))
			return 1;
	}
	return 0;
}

/* All others that it was for: to them more look alike. */
static int
only_others(struct keeper *k, const struct audience *a, struct rung *r)
{
	unsigned i, slot;

	r->slots = a->slots;
	for (i = 0; i < a->n; i++) {
		slot = a->v[i].row.slot;
		if (slot < SLOTS)
			r->slots.b[slot / 8] &= (unsigned char)~(1u << (slot % 8));
	}
	return !slots_empty(&r->slots) && passes(k, a, r);
}

static void
write_rung(
    struct keeper *k, const struct audience *a, const struct rung *r, struct buf *out)
{
	unsigned i, n = 0;

	buf_adds(out, "{\"audience\":{");
	for (i = 0; i < SLOTS; i++)
		if (slots_has(&r->slots, i) && taxonomy_slug(k->tax, i) != NULL)
			buf_addf(out, "%s\"%s\"", n++ > 0 ? "," : "\"ceptoars\":[",
			    taxonomy_slug(k->tax, i));
	buf_adds(out, n > 0 ? "],\"government\":" : "\"government\":");
	if ((r->flags & FRAME_NO_GOV) != 0)
		buf_adds(out, "false");
	else
		buf_addf(out, "{\"centre\":%s}",
		    (r->flags & FRAME_CENTRE) != 0 ? "true" : "false");
	buf_addf(out, "},\"candidates\":%d,\"left_out\":", r->least);
	kgate_words(a->wanted & ~r->shown, out);
	buf_adds(out, ",\"shown\":");
	kgate_words(r->shown, out);
	buf_addc(out, '}');
}

int
audience_less(struct keeper *k, const struct audience *a, struct buf *out)
{
	struct rung r = { .least = -1 };

	r.flags = a->flags & (FRAME_CENTRE | FRAME_NO_GOV);
	/* Named receivers are not exchanged for a CEPTOAR; without members nothing is
	 * known. */
	if ((a->reasons & (AUD_K | AUD_K_CROSS)) != 0 &&
	    (a->reasons & AUD_DIRECTORY) == 0 && a->names.name_count == 0 &&
	    (only_own(k, a, &r) || only_others(k, a, &r)))
		write_rung(k, a, &r, out);
	else
		buf_adds(out, "null");
	return buf_err(out);
}
