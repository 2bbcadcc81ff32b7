/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/kgate.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/policy.h"
#include "lib/log.h"
#include "lib/mem.h"

/* Members that look alike; `n` comes last, the rest is compared as bytes. */
struct cell {
	struct slots slots; /* where they may report from */
	char region[16], class_[16], size[8];
	unsigned n;
};
enum { CELL_KEY = offsetof(struct cell, n) };

struct kgate {
	struct cell *v;
	size_t n;
	int known;
};

struct kgate *
kgate_new(void)
{
	return mem_zalloc(sizeof(struct kgate));
}

void
kgate_free(struct kgate *g)
{
	if (g == NULL)
		return;
	mem_free(g->v);
	mem_free(g);
}

static int
cell_cmp(const void *a, const void *b)
{
	return memcmp(a, b, CELL_KEY);
}

/* Members that may report, while they are not suspended. */
static void
cell_add(void *arg, const struct vault_dir_row *row)
{
	struct kgate *g = arg;
	struct cell *c = &g->v[g->n];
	unsigned i, any = 0;

	memset(c, 0, sizeof *c);
	for (i = 0; i < SLOT_BYTES; i++) {
		if ((row->rights.roles & ROLE_OPERATOR) != 0)
			c->slots.b[i] |= row->rights.op.b[i];
		if ((row->rights.roles & ROLE_AFFILIATE) != 0)
			c->slots.b[i] |= row->rights.aff.b[i];
		any |= c->slots.b[i];
	}
	if (row->disabled || any == 0)
		return;
	memcpy(c->region, row->region, sizeof c->region);
	memcpy(c->class_, row->class_, sizeof c->class_);
	memcpy(c->size, row->size, sizeof c->size);
	c->n = 1;
	g->n++;
}

void
kgate_learn(struct kgate *g, const struct directory *d)
{
	size_t i, n = 0;

	mem_free(g->v);
	g->n = 0;
	g->v = mem_calloc(directory_count(d) + 1, sizeof *g->v);
	g->known = g->v != NULL;
	if (!g->known) {
		log_error("kgate: out of memory: releases wait for the next directory");
		return;
	}
	directory_each(d, cell_add, g);
	qsort(g->v, g->n, sizeof *g->v, cell_cmp);
	for (i = 0; i < g->n; i++) {
		if (n > 0 && cell_cmp(&g->v[n - 1], &g->v[i]) == 0)
			g->v[n - 1].n++;
		else
			g->v[n++] = g->v[i];
	}
	g->n = n;
}

int
kgate_known(const struct kgate *g)
{
	return g->known;
}

static int
is(const char *have, size_t room, const char *want)
{
	return want == NULL || strncmp(have, want, room) == 0;
}

unsigned
kgate_count(const struct kgate *g, const struct slots *who, const char *region,
    const char *class_, const char *size)
{
	const struct cell *c;
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < g->n; i++) {
		c = &g->v[i];
		if ((who == NULL || slots_meet(&c->slots, who)) &&
		    is(c->region, sizeof c->region, region) &&
		    is(c->class_, sizeof c->class_, class_) &&
		    is(c->size, sizeof c->size, size))
			sum += c->n;
	}
	return sum;
}

/* One decision under way. */
struct weighing {
	const struct kgate *g;
	const struct taxonomy *t;
	const struct kgate_ask *ask;
	long long k_inside, k_beyond;
	unsigned sector, group;
	unsigned bits; /* SHOWN_* as it stands */
	int inside, beyond;
};

/* A value that readers know: shown now, or in an earlier bulletin of the case. */
static const char *
known(const struct weighing *w, unsigned bit, unsigned earlier, const char *now,
    const char *before)
{
	return (w->bits & bit) != 0 ? now : (earlier & bit) != 0 ? before : NULL;
}

static unsigned
fit(const struct weighing *w, const struct slots *who, unsigned earlier)
{
	const struct report_facts *f = w->ask->facts;
	const struct store_shown *b = w->ask->before;

	return kgate_count(w->g, who,
	    known(w, SHOWN_REGION, earlier, f->region, b->region),
	    known(w, SHOWN_CLASS, earlier, f->class_, b->class_),
	    known(w, SHOWN_SIZE, earlier, f->size, b->size));
}

static void
weigh(struct weighing *w)
{
	unsigned earlier = w->ask->before->beyond, all = w->bits | earlier;
	struct slots who;

	w->inside = w->beyond = -1;
	if (w->ask->own) {
		memset(&who, 0, sizeof who);
		slots_set(&who, w->ask->slot);
		w->inside = (int)fit(w, &who, w->ask->before->inside);
	}
	if (!w->ask->beyond)
		return;
	if ((all & SHOWN_SECTOR) != 0)
		taxonomy_sector_slots(w->t, w->sector, &who);
	else if ((all & SHOWN_GROUP) != 0)
		taxonomy_group_slots(w->t, w->group, &who);
	w->beyond =
	    (int)fit(w, (all & (SHOWN_SECTOR | SHOWN_GROUP)) != 0 ? &who : NULL, earlier);
}

static int
inside_fails(const struct weighing *w)
{
	return w->ask->own && w->inside < w->k_inside;
}

static int
beyond_fails(const struct weighing *w)
{
	return w->ask->beyond && w->beyond < w->k_beyond;
}

/* One rung down.  Sector and time are known in the own CEPTOAR: hiding them helps only
 * against readers beyond it. */
static void
coarsen(struct weighing *w, enum ladder_step step)
{
	static const uint8_t drops[] = { [LADDER_SIZE] = SHOWN_SIZE,
		[LADDER_REGION] = SHOWN_REGION,
		[LADDER_CLASS] = SHOWN_CLASS,
		[LADDER_DAY] = SHOWN_MINUTE,
		[LADDER_GROUP] = SHOWN_SECTOR,
		[LADDER_SECTOR] = SHOWN_SECTOR | SHOWN_GROUP };

	if (step >= LADDER_DAY && !beyond_fails(w))
		return;
	if (step == LADDER_GROUP && (w->bits & SHOWN_SECTOR) != 0)
		w->bits |= SHOWN_GROUP;
	w->bits &= ~(unsigned)drops[step];
}

/* A value is shown when it is claimed, and no other one was before. */
static unsigned
claimed(const char *now, const char *before, unsigned bit)
{
	return now[0] != '\0' && (before[0] == '\0' || strcmp(now, before) == 0) ? bit
										 : 0;
}

static void
descend(struct weighing *w)
{
	const struct store_shown *b = w->ask->before;
	const struct report_facts *f = w->ask->facts;
	const uint8_t *ladder = NULL;
	size_t i, n = taxonomy_ladder(w->t, w->group, &ladder);

	w->bits = SHOWN_MINUTE | claimed(f->region, b->region, SHOWN_REGION) |
		  claimed(f->class_, b->class_, SHOWN_CLASS) |
		  claimed(f->size, b->size, SHOWN_SIZE);
	if (w->sector < 64)
		w->bits |= SHOWN_SECTOR;
	weigh(w);
	for (i = 0; i < n && (inside_fails(w) || beyond_fails(w)); i++) {
		coarsen(w, (enum ladder_step)ladder[i]);
		weigh(w);
	}
}

static long long
highest(long long a, long long b, long long c)
{
	a = a > b ? a : b;
	return a > c ? a : c;
}

void
kgate_decide(const struct kgate *g, const struct taxonomy *t,
    const struct policy_rules *r, const struct kgate_ask *ask, struct store_gate *ret)
{
	struct kgate_ask own = *ask;
	struct weighing w = { .g = g, .t = t, .ask = ask };

	memset(ret, 0, sizeof *ret);
	w.k_inside = highest(r->k_inside, ask->facts->k, ask->before->k);
	w.k_beyond = highest(r->k_beyond, ask->facts->k, ask->before->k);
	w.sector = taxonomy_sector_of_slot(t, ask->slot);
	w.group = taxonomy_sector_group(t, w.sector);
	descend(&w);
	ret->inside = w.inside;
	ret->beyond = w.beyond;
	if (ask->own || ask->beyond)
		ret->held = g->known ? 0 : HELD_K | HELD_DIRECTORY;
	if (inside_fails(&w))
		ret->held |= HELD_K;
	if (ret->held != 0)
		return;
	if (beyond_fails(&w)) { /* what was left out for their sake may come back */
		ret->held |= HELD_K_CROSS;
		own.beyond = 0;
		w.ask = &own;
		descend(&w);
		ret->inside = w.inside;
	}
	/* A row for nobody may be followed by others: its header tells nothing either. */
	if ((ask->own || ask->beyond) && (w.inside < 0 || w.inside >= r->k_products) &&
	    (w.beyond < 0 || w.beyond >= r->k_products))
		w.bits |= SHOWN_PRODUCTS | SHOWN_OT;
	ret->shown = (uint16_t)w.bits;
}

void
kgate_audience(const struct slots *slots, uint16_t flags, struct kgate_ask *ret)
{
	struct slots others = *slots;

	ret->own = slots_has(slots, ret->slot);
	if (ret->own)
		others.b[ret->slot / 8] &= (unsigned char)~(1u << (ret->slot % 8));
	ret->beyond = (flags & KGATE_BEYOND) != 0 || !slots_empty(&others);
}

int
kgate_narrow(
    const struct store_gate *g, unsigned slot, struct slots *slots, uint16_t *flags)
{
	int own = slots_has(slots, slot);

	if (g->held == 0)
		return 1;
	*flags &= (uint16_t)~KGATE_BEYOND;
	memset(slots, 0, sizeof *slots);
	if ((g->held & HELD_K) != 0)
		own = 0;
	if (own)
		slots_set(slots, slot);
	return own;
}

static void
keep(char *into, const char *value, unsigned bits, unsigned bit)
{
	if ((bits & bit) != 0)
		memcpy(into, value, strlen(value) + 1);
}

void
kgate_remember(
    const struct kgate_ask *ask, const struct store_gate *g, struct store_shown *shown)
{
	const struct report_facts *f = ask->facts;

	if (f->k > shown->k)
		shown->k = f->k;
	keep(shown->region, f->region, g->shown, SHOWN_REGION);
	keep(shown->class_, f->class_, g->shown, SHOWN_CLASS);
	keep(shown->size, f->size, g->shown, SHOWN_SIZE);
	if (ask->own)
		shown->inside |= g->shown;
	if (ask->beyond && (g->held & HELD_K_CROSS) == 0)
		shown->beyond |= g->shown;
}

unsigned
kgate_reports(const struct policy_rules *r, int beyond, unsigned n)
{
	return n >= (beyond ? r->k_beyond : r->k_inside) ? n : 0;
}

void
kgate_words(unsigned bits, struct buf *out)
{
	static const char *const words[] = { "size", "region", "class", "sector",
		"sector_group", "minute", "products", "ot" };
	size_t i;
	int n = 0;

	buf_addc(out, '[');
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if ((bits >> i & 1) != 0)
			buf_addf(out, "%s\"%s\"", n++ > 0 ? "," : "", words[i]);
	buf_addc(out, ']');
}

static void
number(const char *name, int n, struct buf *out)
{
	if (n < 0)
		buf_addf(out, "\"%s\":null,", name);
	else
		buf_addf(out, "\"%s\":%d,", name, n);
}

void
kgate_write(const struct store_gate *g, struct buf *out)
{
	number("beyond", g->beyond, out);
	number("inside", g->inside, out);
	buf_adds(out, "\"shown\":");
	kgate_words(g->shown, out);
}

unsigned
kgate_wanted(const struct kgate_ask *ask)
{
	const struct report_facts *f = ask->facts;
	unsigned bits = SHOWN_MINUTE;

	bits |= claimed(f->region, "", SHOWN_REGION) |
		claimed(f->class_, "", SHOWN_CLASS) | claimed(f->size, "", SHOWN_SIZE);
	if (ask->slot < SLOTS)
		bits |= SHOWN_SECTOR;
	if (f->product_count > 0)
		bits |= SHOWN_PRODUCTS;
	if ((f->systems & SYSTEM_OT) != 0)
		bits |= SHOWN_OT;
	return bits;
}
