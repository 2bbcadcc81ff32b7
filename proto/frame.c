/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/frame.h"

#include <string.h>

#include "proto/frame_next.h"

/* How a row concerns a reader. */
enum {
	AS_OWN = 1,   /* through its own CEPTOAR, its office, or because all get it */
	AS_CROSS = 2, /* as a cross-sector subscriber */
	AS_NAMED = 4, /* its desk has named it */
};

/* An affiliate reports and is reached by relay: it is in nobody's audience. */
enum { GOVERNMENT = ROLE_CENTRE | ROLE_MINISTRY | ROLE_AGENCY };
enum {
	AUDIENCE_ROLES = ROLE_OPERATOR | ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY |
			 ROLE_AGENCY | ROLE_OBSERVER
};

static inline int
meets(const struct slots *a, const struct slots *b)
{
	uint64_t x[2], y[2];

	memcpy(x, a->b, sizeof x);
	memcpy(y, b->b, sizeof y);
	return ((x[0] & y[0]) | (x[1] & y[1])) != 0;
}

/* Of the slots that are communities. */
static inline int
meets_community(const struct slots *a, const struct slots *b)
{
	unsigned i;

	for (i = COMMUNITY_FIRST / 8; i < SLOT_BYTES; i++)
		if ((a->b[i] & b->b[i]) != 0)
			return 1;
	return 0;
}

static inline int
any(const struct slots *a)
{
	uint64_t x[2];

	memcpy(x, a->b, sizeof x);
	return (x[0] | x[1]) != 0;
}

/* Passed on within a CEPTOAR, to those whom its desk reaches by relay. */
static inline int
relayed(const struct slots *slots, unsigned flags, const struct rights *r)
{
	if (meets(slots, &r->aff) || meets(slots, &r->sec))
		return AS_OWN;
	return (flags & FRAME_CROSS) == 0 && meets(slots, &r->op) ? AS_OWN : 0;
}

/* What a reporter keeps from the government stays so.  Who sits in a CEPTOAR as well
 * reads as one of it. */
static inline int
kept_from(const struct slots *slots, unsigned flags, const struct rights *r)
{
	return (flags & FRAME_NO_GOV) != 0 && (r->roles & GOVERNMENT) != 0 &&
	       !meets(slots, &r->op) && !meets(slots, &r->sec);
}

/* Audience and clearance, without any wish: AS_* bits, 0 for outside. */
static inline int
audience(const struct slots *slots, unsigned flags, unsigned tlp, const struct rights *r)
{
	int how = 0;

	if (tlp >= TLP_RED || tlp > r->clearance || r->roles == 0)
		return 0;
	if (kept_from(slots, flags, r))
		return 0;
	if ((flags & FRAME_PUBLIC) != 0)
		how |= AS_OWN;
	if ((flags & FRAME_RELAY) != 0)
		return how | relayed(slots, flags, r);
	/* Who only belongs to a community gets what is sent to that, and nothing else. */
	if ((r->roles & ROLE_SUBSCRIBER) != 0 && meets_community(slots, &r->aff))
		how |= AS_OWN;
	if ((r->roles & AUDIENCE_ROLES) == 0)
		return how;
	if (meets(slots, &r->op) || meets(slots, &r->sec))
		how |= AS_OWN;
	if ((flags & FRAME_CENTRE) != 0 && (r->roles & ROLE_CENTRE) != 0)
		how |= AS_OWN;
	/* A ministry for the CEPTOARs that it answers for, or for all of them. */
	if ((flags & FRAME_MINISTRY) != 0 && (r->roles & ROLE_MINISTRY) != 0 &&
	    (!any(&r->aff) || meets(slots, &r->aff)))
		how |= AS_OWN;
	if ((flags & FRAME_AGENCY) != 0 && (r->roles & ROLE_AGENCY) != 0)
		how |= AS_OWN;
	if ((flags & FRAME_ALL) != 0) {
		if (any(&r->op) || any(&r->sec) || (r->roles & ROLE_CENTRE) != 0)
			how |= AS_OWN;
		how |= AS_CROSS;
	}
	if ((flags & FRAME_CROSS) != 0)
		how |= AS_CROSS;
	return how;
}

int
frame_is_desk(const struct frame_head *h, const struct rights *r)
{
	return h->tlp >= TLP_RED && h->name_count > 0 &&
	       (((r->roles & ROLE_SECRETARIAT) != 0 && meets(&h->slots, &r->sec)) ||
		   ((r->roles & ROLE_CENTRE) != 0 && (h->flags & FRAME_CENTRE) != 0));
}

static int
name_at(const struct frame_head *h, const uint8_t *receiver)
{
	int i;

	for (i = 0; i < h->name_count; i++)
		if (memcmp(h->names[i], receiver, RECEIVER_LEN) == 0)
			return i;
	return -1;
}

int
frame_name(struct frame_head *h, const uint8_t *receiver)
{
	int i = name_at(h, receiver);

	if (i < 0) {
		if (h->name_count == NAMES_MOST)
			return ERR_LIMIT;
		i = h->name_count++;
		memcpy(h->names[i], receiver, RECEIVER_LEN);
	}
	h->named |= (uint64_t)1 << i;
	return 0;
}

/* By name: its clearance has no word in it, the desk has decided. */
static int
by_name(const struct frame_head *h, const struct rights *r, uint64_t of)
{
	int i;

	if (r->roles == 0)
		return 0;
	i = name_at(h, r->receiver);
	return i >= 0 && (of >> i & 1) != 0 ? AS_NAMED : 0;
}

/* Who is in the audience of this revision, and of any earlier one. */
static inline int
audience_now(const struct frame_head *h, const struct rights *r)
{
	if (h->name_count == 0 || h->tlp < TLP_RED)
		return audience(&h->slots, h->flags, h->tlp, r);
	if (frame_is_desk(h, r))
		return AS_NAMED;
	return kept_from(&h->slots, h->flags, r) ? 0 : by_name(h, r, h->named);
}

static inline int
audience_before(const struct frame_head *h, const struct rights *r)
{
	int how = audience(&h->reach, h->reach_flags, h->reach_tlp, r);

	if (h->name_count == 0 || kept_from(&h->reach, h->reach_flags, r))
		return how;
	/* Whom this revision names, and keeps it from, may have had none before. */
	return how |
	       by_name(h, r,
		   h->tlp >= TLP_RED && kept_from(&h->slots, h->flags, r) ? ~h->named
									  : UINT64_MAX);
}

/* A row that shows no sector may concern any of them: rather one too many. */
static inline int
may_concern(uint64_t sectors, unsigned sector)
{
	return sectors == 0 || sector >= 64 || (sectors >> sector & 1) != 0;
}

static int
product_match(const struct frame_head *h, const struct subscription *s)
{
	unsigned i, k;

	for (i = 0; i < h->product_count; i++)
		for (k = 0; k < s->product_count; k++)
			if (h->products[i] == s->products[k])
				return 1;
	return 0;
}

static inline int
reaches(unsigned threshold, unsigned severity, const struct frame_head *h,
    const struct subscription *s)
{
	if (threshold == LEVEL_NEVER)
		return 0;
	if (severity >= threshold)
		return 1;
	return s->product_count > 0 && product_match(h, s);
}

/* From which level a reader outside the audience's CEPTOARs wants what concerns this
 * sector; a row that does not show it: from the lowest. */
static uint8_t
cross_level(const struct subscription *s, unsigned sector)
{
	if (sector >= SECTOR_BITS)
		return subscription_cross(s);
	if (s->sector_level[sector] != LEVEL_NEVER)
		return s->sector_level[sector];
	return may_concern(s->sectors, sector) ? s->cross_severity : LEVEL_NEVER;
}

/* What wishes are held against: a revision, or all before it together. */
struct theme {
	uint8_t severity, sector, kinds; /* kinds: a bit each */
	int ot;				 /* it may concern OT; what is not shown may */
};

static inline void
theme_now(const struct frame_head *h, struct theme *ret)
{
	const unsigned systems = h->flags & (FRAME_IT | FRAME_OT | FRAME_IOT);

	ret->severity = h->severity;
	ret->sector = h->sector;
	ret->kinds = (uint8_t)(1u << ((h->flags & FRAME_KIND_MASK) >> FRAME_KIND_AT));
	ret->ot = systems == 0 || (systems & FRAME_OT) != 0;
}

static void
theme_before(const struct frame_head *h, struct theme *ret)
{
	const unsigned kinds = frame_had_kinds(h);
	const int hidden = (h->reach_flags & FRAME_HAD_NO_SECTOR) != 0;

	/* Of an older program's row nothing is known: rather one correction too many. */
	ret->severity = h->reach_severity;
	ret->sector = kinds == 0 || hidden ? SECTOR_NONE : h->sector;
	ret->kinds = kinds != 0 ? (uint8_t)kinds : UINT8_MAX;
	ret->ot = kinds == 0 || (h->reach_flags & FRAME_OT) != 0;
}

/* Kind and systems.  A crisis of the own CEPTOAR comes through whatever was chosen. */
static inline int
suits(int how, const struct theme *t, const struct subscription *s)
{
	if ((s->kinds == 0 && !s->ot_only) || ((how & AS_OWN) != 0 && t->severity >= 4))
		return 1;
	if (s->ot_only && !t->ot)
		return 0;
	return s->kinds == 0 || (s->kinds & t->kinds) != 0;
}

/* Does a reader whom the row concerns in this way want it? */
static inline int
wanted(int how, const struct theme *t, const struct frame_head *h,
    const struct subscription *s, const struct frame_query *q)
{
	if (q != NULL &&
	    (t->severity < q->min_severity || !may_concern(q->sectors, t->sector)))
		return 0;
	if ((how & AS_NAMED) != 0)
		return 1;
	if (!suits(how, t, s))
		return 0;
	if ((how & AS_OWN) != 0 && reaches(s->min_severity, t->severity, h, s))
		return 1;
	return (how & AS_CROSS) != 0 &&
	       reaches(cross_level(s, t->sector), t->severity, h, s);
}

/* Did the subscription that the reader had before its last change want the bulletin? */
static int
was_wanted(int how, const struct theme *t, const struct frame_head *h,
    const struct subscription *s, const struct frame_query *q)
{
	struct subscription old;

	if (h->first == 0 || h->first > s->was_until)
		return 0;
	subscription_default(&old);
	old.min_severity = s->was_min_severity;
	old.cross_severity = s->was_cross_severity;
	old.sectors = s->was_sectors;
	return wanted(how, t, h, &old, q);
}

/* Bells ring on desks, whatever the desk subscribed to. */
static enum frame_view
view_inbox(
    const struct frame_head *h, const struct rights *r, const struct frame_query *q)
{
	int desk;

	desk = (r->roles & ROLE_SECRETARIAT) != 0 && meets(&h->slots, &r->sec);
	if ((r->roles & ROLE_CENTRE) != 0 && (h->flags & FRAME_NO_GOV) == 0 &&
	    (h->severity >= 3 || (h->flags & FRAME_CENTRE) != 0))
		desk = 1;
	if (!desk || (q != NULL && (h->severity < q->min_severity ||
				       !may_concern(q->sectors, h->sector))))
		return VIEW_NONE;
	return VIEW_BODY;
}

/* Rows about the hub itself go to everybody who has a role. */
static inline int
is_for_all(const struct frame_head *h)
{
	return h->kind == FRAME_MODE || h->kind == FRAME_KEYS;
}

enum frame_view
frame_view(const struct frame_head *h, const struct rights *r,
    const struct subscription *s, const struct frame_query *q)
{
	struct theme t;
	int now, before;

	if (h->kind == FRAME_CONTACT)
		return VIEW_NONE;
	if (h->kind == FRAME_INBOX)
		return view_inbox(h, r, q);
	if (is_for_all(h))
		return r->roles != 0 ? VIEW_BODY : VIEW_NONE;
	if ((h->flags & FRAME_EXERCISE) != 0 && !s->exercise)
		return VIEW_NONE;
	now = audience_now(h, r);
	theme_now(h, &t);
	if (now != 0 && wanted(now, &t, h, s, q))
		return VIEW_BODY;
	if (h->kind == FRAME_BULLETIN)
		return VIEW_NONE;
	/* An update or cancel reaches everybody whom any earlier revision reached. */
	before = audience_before(h, r);
	theme_before(h, &t);
	if (before == 0 ||
	    (!wanted(before, &t, h, s, q) && !was_wanted(before, &t, h, s, q)))
		return VIEW_NONE;
	return now != 0 ? VIEW_BODY : VIEW_STUB;
}

enum frame_view
frame_may_read(const struct frame_head *h, const struct rights *r, int cross_subscriber)
{
	int ways = AS_NAMED | (cross_subscriber ? AS_OWN | AS_CROSS : AS_OWN);

	if (h->kind == FRAME_CONTACT)
		return VIEW_NONE;
	if (h->kind == FRAME_INBOX)
		return view_inbox(h, r, NULL);
	if (is_for_all(h))
		return r->roles != 0 ? VIEW_BODY : VIEW_NONE;
	if ((audience_now(h, r) & ways) != 0)
		return VIEW_BODY;
	if (h->kind != FRAME_BULLETIN && (audience_before(h, r) & ways) != 0)
		return VIEW_STUB;
	return VIEW_NONE;
}

int
frame_tests(const struct frame_head *h, const struct rights *r)
{
	struct slots theirs;

	if (h->kind != FRAME_CONTACT || r->roles == 0)
		return 0;
	rights_places(&r->op, &r->sec, &r->aff, r->roles, &theirs);
	return (h->flags & FRAME_ALL) != 0 || meets(&h->slots, &theirs);
}

const char *
bulletin_kind_word(unsigned kind)
{
	static const char *const words[] = { "early_warning", "recovery_method",
		"outage_attack", "attack_method" };

	return kind < sizeof words / sizeof words[0] ? words[kind] : NULL;
}

unsigned
bulletin_kind_of(struct slice word)
{
	unsigned i;

	for (i = 0; bulletin_kind_word(i) != NULL; i++)
		if (slice_eq(word, bulletin_kind_word(i)))
			break;
	return i;
}
