/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever was sent a revision is sent every later one, whatever became of the bulletin.
 */
#include "proto/frame_next.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/frame_readers.h"

/* The next revision, of this kind, with these flags and sector. */
static void
next(struct frame_head *h, unsigned kind, unsigned flags, unsigned sector)
{
	frame_next(h, FRAME_UPDATE);
	h->flags = (uint16_t)(FRAME_CROSS | flags | kind << FRAME_KIND_AT);
	h->sector = (uint8_t)sector;
}

/* Whoever chose the alarm by its kind, its systems or its sector hears the end of it,
 * whatever became of those; who did not is not bothered. */
static void
test_corrections_follow_the_choice(void **state)
{
	enum { EARLY = 1, RECOVERY = 2, ATTACK = 8, ANY_KIND = 0, S = SECTOR_MED };
	static const struct {
		const char *what;
		unsigned kind, flags, sector;	 /* of the first revision */
		unsigned kind2, flags2, sector2; /* and of the second */
		uint8_t kinds, ot_only;
		uint64_t sectors;
		int first, second;
	} rows[] = {
		{ "of its kind", 0, 0, S, 3, 0, S, EARLY, 0, 0, 1, 1 },
		{ "of the new kind", 0, 0, S, 3, 0, S, ATTACK, 0, 0, 0, 1 },
		{ "of neither", 0, 0, S, 3, 0, S, RECOVERY, 0, 0, 0, 0 },
		{ "no system, then IT", 0, 0, S, 0, FRAME_IT, S, ANY_KIND, 1, 0, 1, 1 },
		{ "OT, then IT", 0, FRAME_OT, S, 0, FRAME_IT, S, ANY_KIND, 1, 0, 1, 1 },
		{ "IT, then OT", 0, FRAME_IT, S, 0, FRAME_OT, S, ANY_KIND, 1, 0, 0, 1 },
		{ "IT, and IT", 0, FRAME_IT, S, 0, FRAME_IT, S, ANY_KIND, 1, 0, 0, 0 },
		{ "things, then IT", 0, FRAME_IOT, S, 0, FRAME_IT, S, EARLY, 1, 0, 0, 0 },
		{ "a sector shown late", 0, 0, 255, 0, 0, S, ANY_KIND, 0, 8, 1, 1 },
		{ "a sector hidden late", 0, 0, S, 0, 0, 255, ANY_KIND, 0, 8, 0, 1 },
		{ "another sector", 0, 0, S, 0, 0, S, ANY_KIND, 0, 8, 0, 0 },
	};
	struct frame_query q = { 0, 0 };
	struct frame_head h;
	struct reader x, y;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		h = bulletin(3, rows[i].flags | FRAME_CROSS, TLP_AMBER);
		h.flags |= (uint16_t)(rows[i].kind << FRAME_KIND_AT);
		h.sector = (uint8_t)rows[i].sector;
		y = x = reader_of(CROSS2);
		x.s.kinds = rows[i].kinds;
		x.s.ot_only = rows[i].ot_only;
		x.s.sectors = q.sectors = rows[i].sectors;
		y.s = reader_of(CROSS2).s;
		for (k = 0; k < 4; k++) { /* two revisions; a third, and the end */
			if (k > 0)
				next(&h, rows[i].kind2, rows[i].flags2, rows[i].sector2);
			if (k == 3)
				h.kind = FRAME_CANCEL;
			if ((frame_view(&h, &x.r, &x.s, NULL) != VIEW_NONE) !=
			    (k > 0 ? rows[i].second : rows[i].first))
				fail_msg("%s: revision %d", rows[i].what, k + 1);
			/* A stream of these sectors alone. */
			if (q.sectors != 0 &&
			    (frame_view(&h, &y.r, &y.s, &q) != VIEW_NONE) !=
				(k > 0 ? rows[i].second : rows[i].first))
				fail_msg("%s: revision %d, by the stream's own sectors",
				    rows[i].what, k + 1);
		}
	}
}

/* A row that an older program wrote says of its past neither kind nor sector. */
static void
test_corrections_of_older_rows(void **state)
{
	struct frame_head h = bulletin(3, FRAME_CROSS | FRAME_IT, TLP_AMBER);
	struct reader x = reader_of(CROSS2);
	int k;

	(void)state;
	h.kind = FRAME_UPDATE;
	h.reach = h.slots;
	h.reach_severity = 3;
	h.reach_tlp = TLP_AMBER;
	h.reach_flags = FRAME_CROSS | FRAME_IT;
	x.s.kinds = 2;
	x.s.ot_only = 1;
	x.s.sectors = 8;
	for (k = 0; k < 3; k++) {
		assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
		next(&h, 3, FRAME_IT, SECTOR_MED);
	}
}

static uint32_t dice_at;

static unsigned
dice(unsigned n)
{
	dice_at = dice_at * 1664525u + 1013904223u;
	return (dice_at >> 8) % n;
}

static struct reader
any_reader(void)
{
	struct reader x = reader_of((enum reader_kind)dice(KINDS));

	memset(x.r.receiver, (int)dice(3), sizeof x.r.receiver);
	x.r.clearance = (uint8_t)dice(TLP_RED);
	x.s.min_severity = (uint8_t)dice(5);
	x.s.cross_severity = dice(3) == 0 ? LEVEL_NEVER : (uint8_t)dice(5);
	x.s.sectors = dice(2) ? 0 : dice(16) + 1u;
	x.s.sector_level[dice(4)] = (uint8_t)dice(5);
	x.s.kinds = (uint8_t)(dice(2) ? 0 : dice(16));
	x.s.ot_only = dice(3) == 0;
	x.s.products[0] = dice(3);
	x.s.product_count = (uint8_t)dice(2);
	return x;
}

/* A revision: products stay, everything else may be another one. */
static void
any_revision(struct frame_head *h, int relay)
{
	unsigned systems = FRAME_IT | FRAME_OT | FRAME_IOT;

	h->severity = (uint8_t)dice(5);
	h->tlp = (uint8_t)dice(TLP_RED + 1);
	h->sector = (uint8_t)(dice(3) == 0 ? SECTOR_NONE : SECTOR_MED % 4);
	memset(&h->slots, 0, sizeof h->slots);
	if (dice(4) > 0)
		slots_set(&h->slots, dice(4) == 0 ? PWR : MED);
	h->flags =
	    (uint16_t)((dice(4) == 0 ? dice(0x10000) & FRAME_AUDIENCE : 0) |
		       (dice(2) ? FRAME_CROSS : 0) | (dice(0x10000) & systems) |
		       (dice(4) == 0 ? FRAME_NO_GOV : 0) | dice(4) << FRAME_KIND_AT);
	if (relay) /* as daemon/keeper/relay.c makes them */
		h->flags =
		    (uint16_t)((h->flags & (systems | FRAME_KIND_MASK | FRAME_CROSS)) |
			       FRAME_RELAY | FRAME_NO_GOV);
	h->named = 0;
	if (h->tlp == TLP_RED) {
		uint8_t id[RECEIVER_LEN];

		memset(id, (int)dice(3), sizeof id);
		assert_int_equal(frame_name(h, id), 0);
		memset(&h->slots, 0, sizeof h->slots);
		/* No desk names whom it keeps it from; what a desk itself wrote it
		 * need not be told of. */
		h->flags &= (uint16_t) ~(FRAME_NO_GOV | FRAME_CENTRE);
	}
	if (h->product_count == 0 && dice(4) == 0)
		h->products[h->product_count++] = dice(3);
}

/* Over random lives of bulletins: whoever was sent any revision is sent every later one.
 */
static void
test_nobody_is_left_with_an_alarm(void **state)
{
	enum { LIVES = 20000, READERS = 24, REVISIONS = 5 };
	struct reader x[READERS];
	struct frame_query q[READERS];
	int had[READERS], i, life, n, relay, sent = 0;
	enum frame_view v;
	struct frame_head h;

	(void)state;
	for (life = 0; life < LIVES; life++) {
		dice_at = (uint32_t)life;
		relay = dice(4) == 0;
		memset(&h, 0, sizeof h);
		h.kind = FRAME_BULLETIN;
		for (i = 0; i < READERS; i++) {
			x[i] = any_reader();
			q[i].min_severity = (uint8_t)(dice(2) ? 0 : dice(5));
			q[i].sectors = dice(2) ? 0 : dice(16);
			had[i] = 0;
		}
		for (n = 1; n <= REVISIONS; n++) {
			if (n > 1)
				frame_next(
				    &h, n == REVISIONS ? FRAME_CANCEL : FRAME_UPDATE);
			any_revision(&h, relay);
			for (i = 0; i < READERS; i++) {
				v = frame_view(&h, &x[i].r, &x[i].s, &q[i]);
				if (had[i] && v == VIEW_NONE)
					fail_msg("life %d, revision %d: reader %d has an "
						 "earlier one, and is not told",
					    life, n, i);
				had[i] |= v != VIEW_NONE;
			}
		}
		for (i = 0; i < READERS; i++)
			sent += had[i];
	}
	/* Neither everybody nor nobody. */
	assert_in_range(sent, LIVES * READERS / 10, LIVES * READERS * 9 / 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corrections_follow_the_choice),
		cmocka_unit_test(test_corrections_of_older_rows),
		cmocka_unit_test(test_nobody_is_left_with_an_alarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
