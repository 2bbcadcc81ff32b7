/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/policy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/words.h"

const struct policy_rules *
policy_of(const struct policy *p, unsigned slot)
{
	return slot < SLOTS ? &p->slot[slot] : &p->rules;
}

static unsigned
held(const struct policy_rules *r, const struct policy_input *in)
{
	const struct report_facts *f = in->facts;
	unsigned h = 0;

	if (f->level < r->auto_own_level && f->level < r->auto_cross_level)
		h |= HELD_LEVEL;
	if (f->publish == CONSENT_NONE)
		h |= HELD_CONSENT;
	if (f->tlp >= TLP_RED)
		h |= HELD_RED;
	if (in->blind && !r->blind_auto)
		h |= HELD_BLIND;
	if (!in->auto_ok)
		h |= HELD_LIMIT;
	return h;
}

void
policy_auto(const struct policy *p, struct keeper_auto *ret)
{
	const struct policy_rules *r;
	unsigned i;

	for (i = 0; i < SLOTS; i++) {
		r = &p->slot[i];
		ret->level[i] = (uint8_t)(r->auto_own_level < r->auto_cross_level
					      ? r->auto_own_level
					      : r->auto_cross_level);
	}
	ret->no_slot = (uint8_t)p->rules.auto_cross_level; /* it has no own audience */
}

static uint16_t
kind_flags(const struct report_facts *f)
{
	uint16_t flags = 0;

	if (f->exercise)
		flags |= FRAME_EXERCISE;
	if ((f->systems & SYSTEM_IT) != 0)
		flags |= FRAME_IT;
	if ((f->systems & SYSTEM_OT) != 0)
		flags |= FRAME_OT;
	if ((f->systems & SYSTEM_IOT) != 0)
		flags |= FRAME_IOT;
	return flags;
}

/* From which level subscribers of other sectors are warned.  What belongs to no CEPTOAR
 * was seen by nobody before, so there is nothing that a second report could confirm. */
static long long
cross_level(const struct policy_rules *r, const struct policy_input *in)
{
	if ((in->reporters < CONFIRM_MEMBERS && !in->passed_on) || in->slot >= SLOTS ||
	    r->auto_cross_level < r->confirm_cross_level)
		return r->auto_cross_level;
	return r->confirm_cross_level;
}

/* The reporter wants no government reader.  Who calls the hotline calls the centre, and
 * what belongs to no CEPTOAR has no other desk. */
static int
opts_out(const struct policy_input *in)
{
	return in->facts->no_government && in->facts->hotline == HOTLINE_NONE &&
	       in->slot < SLOTS;
}

void
policy_decide(
    const struct policy *p, const struct policy_input *in, struct policy_verdict *ret)
{
	const struct policy_rules *r = policy_of(p, in->slot);
	const struct report_facts *f = in->facts;

	memset(ret, 0, sizeof *ret);
	ret->flags = kind_flags(f);
	if (in->slot < SLOTS)
		ret->desks |= DESK_BIT_OWN;
	if (opts_out(in))
		ret->flags |= FRAME_NO_GOV;
	else if (f->level >= 3 || f->hotline != HOTLINE_NONE || in->slot >= SLOTS)
		ret->desks |= DESK_BIT_CENTRE;
	ret->held = held(r, in);
	if (ret->held != 0)
		return;
	if (in->slot < SLOTS)
		slots_set(&ret->slots, in->slot);
	else
		ret->held |= HELD_NO_SLOT;
	if (f->level >= cross_level(r, in)) {
		if (f->publish == CONSENT_CROSS_SECTOR)
			ret->flags |= FRAME_CROSS;
		else
			ret->held |= HELD_CONSENT_CROSS;
	}
	/* An agency's report has no own audience: below the cross-sector level, or
	 * without that consent, it lies on the centre's desk only. */
	ret->automatic = in->slot < SLOTS || (ret->flags & FRAME_CROSS) != 0;
	if (ret->automatic && !opts_out(in)) {
		ret->flags |= FRAME_CENTRE;
		/* A ministry is a reader beyond the CEPTOAR. */
		if (in->slot < SLOTS && f->level >= r->ministry_level &&
		    f->publish == CONSENT_CROSS_SECTOR)
			ret->flags |= FRAME_MINISTRY;
	}
}

void
policy_narrow(const struct policy_input *in, struct slots *slots, uint16_t *flags)
{
	const struct report_facts *f = in->facts;
	struct slots own;

	if (f->publish == CONSENT_NONE || f->tlp >= TLP_RED) {
		memset(slots, 0, sizeof *slots);
		*flags &= (uint16_t)~FRAME_AUDIENCE;
	} else if (f->publish == CONSENT_CEPTOAR) {
		memset(&own, 0, sizeof own);
		if (slots_has(slots, in->slot))
			slots_set(&own, in->slot);
		*slots = own;
		*flags &= (uint16_t)~KGATE_BEYOND;
	}
	if (opts_out(in)) {
		*flags &= (uint16_t) ~(FRAME_CENTRE | FRAME_MINISTRY | FRAME_AGENCY);
		*flags |= FRAME_NO_GOV;
	}
}

const char *
policy_audience(uint16_t flags)
{
	if ((flags & FRAME_PUBLIC) != 0)
		return "public";
	if ((flags & FRAME_ALL) != 0)
		return "all";
	return (flags & FRAME_CROSS) != 0 ? "several" : "ceptoar";
}

unsigned
policy_neutral(unsigned held)
{
	if ((held & HELD_LIMIT) == 0)
		return held;
	held &= ~(unsigned)HELD_LIMIT;
	return held != 0 ? held : HELD_DESK;
}

void
policy_reasons(unsigned why, struct buf *out)
{
	static const struct {
		unsigned bit;
		const char *text;
	} words[] = {
		{ HELD_LEVEL, "level: below the levels that are released automatically" },
		{ HELD_CONSENT, "consent: consent.publish is none" },
		{ HELD_RED, "tlp: TLP:RED is never released automatically" },
		{ HELD_BLIND, "blind: reports of the blind listener wait for a desk" },
		{ HELD_LIMIT, "limit: the automatic releases of 24 hours are used up" },
		{ HELD_CONSENT_CROSS,
		    "consent: consent.publish keeps it in the own CEPTOAR" },
		{ HELD_NO_SLOT, "ceptoar: the report belongs to no CEPTOAR" },
		{ HELD_K, "k: too few members could have sent it; it waits for a desk" },
		{ HELD_K_CROSS,
		    "k: too few members could have sent it for readers beyond the own "
		    "CEPTOAR" },
		{ HELD_DIRECTORY, "k: the directory of members is not known yet" },
		{ HELD_DESK, "desk: it waits for a desk's decision" },
	};
	size_t i;
	int n = 0;

	buf_addc(out, '[');
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		if ((why & words[i].bit) == 0)
			continue;
		buf_adds(out, n++ > 0 ? "," : "");
		json_add_string(out, slice_of(words[i].text));
	}
	buf_addc(out, ']');
}

/* One sentence of "why"; all words are ours or from the lists of the hub. */
static void
say(struct buf *out, int *n, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_adds(out, (*n)++ > 0 ? "," : "");
	json_add_string(out, slice_of(text));
}

static void
say_level(const struct report_facts *f, struct buf *out, int *n)
{
	unsigned level = f->level, severity = f->severity, potential = f->potential;

	if (potential <= severity)
		say(out, n, "routing level %u: the severity claimed", level);
	else if (level == severity)
		say(out, n,
		    "routing level %u: the severity claimed; potential %u does not "
		    "count, as "
		    "the report is no precursor, no intrusion into OT, and only "
		    "suspected",
		    level, potential);
	else
		say(out, n,
		    "routing level %u: the potential, above severity %u; it counts as "
		    "the "
		    "report is %s",
		    level, severity,
		    f->precursor	? "a precursor"
		    : f->certainty == 2 ? "confirmed"
		    : f->certainty == 1 ? "likely"
					: "an intrusion into OT");
}

/* The rule that decides about one circle of receivers, whichever way it went. */
static void
say_rule(
    struct buf *out, int *n, const char *who, int yes, unsigned level, long long from)
{
	if (from >= LEVEL_OFF)
		say(out, n, "%s: no, [policy] switches this off", who);
	else if (yes)
		say(out, n, "%s: yes, level %u is not below %lld", who, level, from);
	else if (level < from)
		say(out, n, "%s: no, level %u is below %lld", who, level, from);
	else
		say(out, n, "%s: no, see the reasons", who);
}

static void
write_why(struct keeper *k, const struct policy_input *in, const struct policy_verdict *v,
    struct buf *out)
{
	const struct policy_rules *r = policy_of(&k->policy, in->slot);
	const struct report_facts *f = in->facts;
	long long own = r->auto_own_level < r->auto_cross_level ? r->auto_own_level
								: r->auto_cross_level;
	int n = 0;

	buf_addc(out, '[');
	say_level(f, out, &n);
	if (in->slot < SLOTS)
		say_rule(out, &n, "own CEPTOAR at once, as unverified", v->automatic,
		    f->level, own);
	say_rule(out, &n, "cross-sector subscribers at once, at their threshold",
	    (v->flags & FRAME_CROSS) != 0, f->level, r->auto_cross_level);
	if (v->automatic && in->slot < SLOTS && (v->flags & FRAME_CROSS) == 0)
		say(out, &n,
		    "cross-sector subscribers when a second member reports the same: %s",
		    f->level < r->confirm_cross_level ? "no, the level is too low"
		    : f->publish != CONSENT_CROSS_SECTOR
			? "no, consent.publish keeps it in the own CEPTOAR"
			: "yes");
	say(out, &n, "the secretariat's inbox: %s",
	    in->slot < SLOTS ? "yes, always" : "no, the report belongs to no CEPTOAR");
	say(out, &n, "the centre's desk: %s",
	    opts_out(in)		 ? "no, consent.government is false"
	    : f->level >= 3		 ? "yes, from level 3"
	    : f->hotline != HOTLINE_NONE ? "yes, the reporter called the hotline"
	    : in->slot >= SLOTS		 ? "yes, the report belongs to no CEPTOAR"
				: "no, below level 3 and no call of the hotline");
	buf_addc(out, ']');
}

/* Counts with the function that delivers, so that the figure cannot differ from it. */
struct counting {
	struct frame_head head;
	unsigned slot, receivers;
	unsigned own, desk, centre, others; /* of the receivers */
};

static void
count_one(void *arg, const struct vault_dir_row *row)
{
	struct counting *c = arg;

	if (row->disabled)
		return;
	if (c->head.flags == 0 && c->head.kind == 0)
		return;
	if (frame_view(&c->head, &row->rights, &row->wants, NULL) == VIEW_NONE)
		return;
	c->receivers++;
	if (slots_has(&row->rights.op, c->slot))
		c->own++;
	else if (slots_has(&row->rights.sec, c->slot))
		c->desk++;
	else if ((row->rights.roles & ROLE_CENTRE) != 0)
		c->centre++;
	else
		c->others++;
}

static void
count(struct keeper *k, const struct policy_input *in, const struct policy_verdict *v,
    unsigned shown, struct counting *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->slot = in->slot;
	if (v->automatic) {
		ret->head.kind = FRAME_BULLETIN;
		ret->head.severity = in->facts->level;
		ret->head.tlp = in->facts->tlp;
		ret->head.flags = v->flags;
		ret->head.slots = v->slots;
		ret->head.sector =
		    (shown & SHOWN_SECTOR) != 0
			? (uint8_t)taxonomy_sector_of_slot(k->tax, in->slot)
			: SLOT_NONE;
	}
	if (v->automatic && (shown & SHOWN_PRODUCTS) != 0) {
		memcpy(
		    ret->head.products, in->facts->products, sizeof ret->head.products);
		ret->head.product_count = in->facts->product_count;
	}
	directory_each(k->dir, count_one, ret);
}

void
policy_weigh(struct keeper *k, const struct policy_input *in, struct policy_verdict *v,
    struct kgate_ask *ask, struct store_gate *ret)
{
	const struct policy_rules *r = policy_of(&k->policy, in->slot);

	ask->slot = in->slot;
	ask->facts = in->facts;
	if (v->automatic) {
		kgate_audience(&v->slots, v->flags, ask);
	} else {
		ask->own = in->slot < SLOTS;
		ask->beyond = in->facts->publish == CONSENT_CROSS_SECTOR;
	}
	kgate_decide(k->gate, k->tax, r, ask, ret);
	if (v->automatic && ret->held != 0) {
		v->automatic = kgate_narrow(ret, in->slot, &v->slots, &v->flags);
		if (!v->automatic)
			v->flags &= (uint16_t)~FRAME_AUDIENCE;
		v->held |= ret->held;
	} else if (v->held == HELD_LIMIT) { /* would it wait for others as well? */
		v->held |= ret->held & (HELD_K | HELD_DIRECTORY);
	}
	ret->held = (uint16_t)v->held;
}

/* What the smaller of the two circles could find out, and what was left out for it. */
static void
write_k(struct keeper *k, const struct kgate_ask *ask, const struct store_gate *g,
    struct buf *out)
{
	const struct policy_rules *r = policy_of(&k->policy, ask->slot);
	long long asked = ask->facts->k;
	int least = g->inside;

	if (least < 0 || (g->beyond >= 0 && g->beyond < least))
		least = g->beyond;
	buf_addf(out, "\"candidates\":%d,\"k\":{", least < 0 ? 0 : least);
	kgate_write(g, out);
	buf_adds(out, ",\"left_out\":");
	kgate_words(kgate_wanted(ask) & ~(unsigned)g->shown, out);
	buf_addf(out, ",\"needed\":{\"inside\":%lld,\"beyond\":%lld,\"products\":%lld}},",
	    r->k_inside > asked ? r->k_inside : asked,
	    r->k_beyond > asked ? r->k_beyond : asked, r->k_products);
}

/*
 * Too few could have sent it for all whom its consent allows: to which of them it could
 * go with a desk's hand, and as what.  Null: to all of them, or to nobody.
 */
static void
write_less(struct keeper *k, const struct policy_input *in, struct buf *out)
{
	static const struct store_shown nothing;
	const struct policy_rules *r = policy_of(&k->policy, in->slot);
	const int own = in->facts->publish != CONSENT_NONE && in->slot < SLOTS,
		  beyond = in->facts->publish == CONSENT_CROSS_SECTOR;
	struct kgate_ask ask = { .slot = in->slot,
		.own = own,
		.beyond = beyond,
		.facts = in->facts,
		.before = &nothing };
	struct store_gate gate;

	buf_adds(out, "\"generalised\":");
	kgate_decide(k->gate, k->tax, r, &ask, &gate);
	if (own && beyond && gate.held != 0) {
		ask.beyond = 0;
		kgate_decide(k->gate, k->tax, r, &ask, &gate);
		if (gate.held != 0) {
			ask.own = 0;
			ask.beyond = 1;
			kgate_decide(k->gate, k->tax, r, &ask, &gate);
		}
		if (gate.held == 0) {
			buf_addf(out,
			    "{\"readers\":\"%s\",\"candidates\":%d,\"left_out\":",
			    ask.own ? "ceptoar" : "others",
			    ask.own ? gate.inside : gate.beyond);
			kgate_words(kgate_wanted(&ask) & ~(unsigned)gate.shown, out);
			buf_adds(out, ",\"shown\":");
			kgate_words(gate.shown, out);
			buf_adds(out, "},");
			return;
		}
	}
	buf_adds(out, "null,");
}

int
policy_explain(struct keeper *k, const struct policy_input *in, struct buf *out)
{
	static const struct store_shown nothing;
	const char *slug = taxonomy_slug(k->tax, in->slot);
	struct kgate_ask ask = { .before = &nothing };
	struct policy_verdict v;
	struct store_gate gate;
	struct counting c;

	policy_decide(&k->policy, in, &v);
	policy_weigh(k, in, &v, &ask, &gate);
	count(k, in, &v, gate.shown, &c);
	buf_addf(out, "{\"level\":%u,\"automatic\":%s,\"audience\":{\"ceptoar\":",
	    (unsigned)in->facts->level, v.automatic ? "true" : "false");
	if (v.automatic && slug != NULL)
		json_add_string(out, slice_of(slug));
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"cross_sector\":%s,\"centre\":%s,\"count\":%u},",
	    (v.flags & FRAME_CROSS) != 0 ? "true" : "false",
	    (v.flags & FRAME_CENTRE) != 0 ? "true" : "false", c.receivers);
	write_k(k, &ask, &gate, out);
	write_less(k, in, out);
	buf_addf(out,
	    "\"receivers\":{\"operators\":%u,\"secretariats\":%u,\"centre\":%u,"
	    "\"others\":%u},",
	    c.own, c.desk, c.centre, c.others);
	buf_adds(out, "\"why\":");
	write_why(k, in, &v, out);
	buf_adds(out, ",\"reasons\":");
	policy_reasons(v.held, out);
	buf_adds(out, ",\"inbox\":[");
	words_desks(k->tax, in->slot, v.desks, out);
	buf_adds(out, "],\"read_by\":");
	words_read_by(k->tax, in->slot, v.desks, k->now_ms(), out);
	buf_addc(out, '}');
	return buf_err(out);
}
