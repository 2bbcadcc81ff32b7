/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/policy.h"

#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/words.h"

enum { AUDIENCE_FLAGS = FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_CENTRE };

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
	if (f->level >= 3 || f->hotline != HOTLINE_NONE || in->slot >= SLOTS)
		ret->desks |= DESK_BIT_CENTRE;
	ret->held = held(r, in);
	if (ret->held != 0)
		return;
	if (in->slot < SLOTS)
		slots_set(&ret->slots, in->slot);
	else
		ret->held |= HELD_NO_SLOT;
	if (f->level >= r->auto_cross_level) {
		if (f->publish == CONSENT_CROSS_SECTOR)
			ret->flags |= FRAME_CROSS;
		else
			ret->held |= HELD_CONSENT_CROSS;
	}
	/* An agency's report has no own audience: below the cross-sector level, or
	 * without that consent, it lies on the centre's desk only. */
	ret->automatic = in->slot < SLOTS || (ret->flags & FRAME_CROSS) != 0;
	if (ret->automatic)
		ret->flags |= FRAME_CENTRE;
}

void
policy_narrow(const struct policy_input *in, struct slots *slots, uint16_t *flags)
{
	const struct report_facts *f = in->facts;
	struct slots own;

	if (f->publish == CONSENT_NONE || f->tlp >= TLP_RED) {
		memset(slots, 0, sizeof *slots);
		*flags &= (uint16_t)~AUDIENCE_FLAGS;
	} else if (f->publish == CONSENT_CEPTOAR) {
		memset(&own, 0, sizeof own);
		if (slots_has(slots, in->slot))
			slots_set(&own, in->slot);
		*slots = own;
		*flags &= (uint16_t) ~(FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC);
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

static void
write_reasons(unsigned why, struct buf *out)
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

/* Counts with the function that delivers, so that the figure cannot differ from it. */
struct counting {
	struct frame_head head;
	unsigned slot, receivers, candidates;
};

static void
count_one(void *arg, const struct vault_dir_row *row)
{
	struct counting *c = arg;

	if (row->disabled)
		return;
	if ((row->rights.roles & ROLE_OPERATOR) != 0 &&
	    slots_has(&row->rights.op, c->slot))
		c->candidates++;
	if (c->head.flags == 0 && c->head.kind == 0)
		return;
	if (frame_view(&c->head, &row->rights, &row->wants, NULL) != VIEW_NONE)
		c->receivers++;
}

static void
count(struct keeper *k, const struct policy_input *in, const struct policy_verdict *v,
    struct counting *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->slot = in->slot;
	if (v->automatic) {
		ret->head.kind = FRAME_BULLETIN;
		ret->head.severity = in->facts->level;
		ret->head.tlp = in->facts->tlp;
		ret->head.flags = v->flags;
		ret->head.slots = v->slots;
		ret->head.sector = (uint8_t)taxonomy_sector_of_slot(k->tax, in->slot);
		memcpy(
		    ret->head.products, in->facts->products, sizeof ret->head.products);
		ret->head.product_count = in->facts->product_count;
	}
	directory_each(k->dir, count_one, ret);
}

int
policy_explain(struct keeper *k, const struct policy_input *in, struct buf *out)
{
	const char *slug = taxonomy_slug(k->tax, in->slot);
	struct policy_verdict v;
	struct counting c;

	policy_decide(&k->policy, in, &v);
	count(k, in, &v, &c);
	buf_addf(out, "{\"level\":%u,\"automatic\":%s,\"audience\":{\"ceptoar\":",
	    (unsigned)in->facts->level, v.automatic ? "true" : "false");
	if (v.automatic && slug != NULL)
		json_add_string(out, slice_of(slug));
	else
		buf_adds(out, "null");
	buf_addf(out,
	    ",\"cross_sector\":%s,\"centre\":%s,\"count\":%u},\"candidates\":%u,",
	    (v.flags & FRAME_CROSS) != 0 ? "true" : "false",
	    (v.flags & FRAME_CENTRE) != 0 ? "true" : "false", c.receivers, c.candidates);
	buf_adds(out, "\"reasons\":");
	write_reasons(v.held, out);
	buf_adds(out, ",\"inbox\":[");
	words_desks(k->tax, in->slot, v.desks, out);
	buf_adds(out, "],\"read_by\":");
	words_read_by(k->tax, in->slot, v.desks, k->now_ms(), out);
	buf_addc(out, '}');
	return buf_err(out);
}
