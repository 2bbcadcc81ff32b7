/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/words.h"
#include "proto/relay.h"

/*
 * Standing orders: what a desk has said should be passed on at once while nobody sits
 * there.  Its note follows when somebody does.  Where [policy] says so, the centre's
 * bulletins have such an order even though the desk has set none.
 */

enum { MINUTE_MS = 60000, ORDER_POLICY = ORDER_ANY + 1 };

/* Which orders a new row meets. */
struct meets {
	struct keeper *k;
	const struct frame_head *h;
	int centre; /* it is the centre's */
	int64_t now_ms;
	struct slots own;    /* CEPTOARs that have an order for the centre's bulletins */
	struct slots slots;  /* those whose order is met */
	uint8_t from[SLOTS]; /* by which; ORDER_POLICY: none of the desk's own */
};

static int
asleep(const struct keeper *k, unsigned slot, int64_t now_ms)
{
	int64_t at;

	/* Whoever stands in for the desk decides for it: nothing goes by itself then. */
	(void)taxonomy_reader(k->tax, slot, now_ms, &at);
	return at > now_ms;
}

static int
fits(const struct meets *m, const struct store_order *o)
{
	if (o->from == ORDER_CENTRE && !m->centre)
		return 0;
	/* Of another CEPTOAR: one that does not come from its own. */
	if (o->from == ORDER_CEPTOARS && (m->centre || slots_has(&m->h->slots, o->slot)))
		return 0;
	return m->h->severity >= o->min_severity &&
	       (o->always || asleep(m->k, o->slot, m->now_ms));
}

static int
look(void *arg, const struct store_order *o, struct slice words)
{
	struct meets *m = arg;

	(void)words;
	if (o->from == ORDER_CENTRE)
		slots_set(&m->own, o->slot);
	if (fits(m, o) && relay_covers(m->h, o->slot)) {
		slots_set(&m->slots, o->slot);
		m->from[o->slot] = o->from;
	}
	return 0;
}

static void
look_at_policy(struct meets *m)
{
	unsigned i;

	for (i = 0; i < SLOTS; i++) {
		if (taxonomy_slug(m->k->tax, i) == NULL || slots_has(&m->own, i) ||
		    m->h->severity < policy_of(&m->k->policy, i)->relay_centre_level ||
		    !relay_covers(m->h, i) || !asleep(m->k, i, m->now_ms))
			continue;
		slots_set(&m->slots, i);
		m->from[i] = ORDER_POLICY;
	}
}

static int
is_centre(const struct frame_head *h, struct slice body)
{
	static const char origin[] = "\"origin\":\"centre\"";

	return (h->flags & FRAME_DESK) != 0 &&
	       memmem(body.p, body.n, origin, sizeof origin - 1) != NULL;
}

/* Somebody who has not got the original: members, or an affiliate of the CEPTOAR. */
struct anybody {
	unsigned slot;
	int found;
};

static void
is_affiliate(void *arg, const struct vault_dir_row *row)
{
	struct anybody *a = arg;

	a->found |= !row->disabled && (row->rights.roles & ROLE_AFFILIATE) != 0 &&
		    slots_has(&row->rights.aff, a->slot);
}

/* Nobody sat at the desk: the row is the order's own, and the desk finds it. */
static int
say(struct keeper *k, const struct relay_of *of, unsigned slot, unsigned from)
{
	uint8_t desk[RECEIVER_LEN];
	char detail[AUDIT_DETAIL_MAX + 1];
	struct buf id;
	int found = directory_desk(k->dir, slot, desk) == 0, rc;

	(void)snprintf(detail, sizeof detail, "%s of desk %s",
	    from == ORDER_POLICY ? "policy instead" : "standing order",
	    taxonomy_slug(k->tax, slot));
	buf_init(&id, 2 * ID_LEN + 1);
	buf_add_hex(&id, of->head->id, ID_LEN);
	rc = audit_add_own(k, found ? desk : NULL, "relay.order", buf_slice(&id), detail);
	buf_done(&id);
	return rc;
}

/* Writes the wrapper that an order wants, where somebody has not got the original yet. */
static int
obey(struct keeper *k, const struct relay_of *of, unsigned slot, unsigned from,
    const struct store_order *o, struct slice words)
{
	struct anybody a = { slot, 0 };
	struct store_relay r;
	int rc;

	memset(&r, 0, sizeof r);
	memcpy(r.original, of->head->id, ID_LEN);
	r.slot = (uint8_t)slot;
	r.ordered = words.n <= 2; /* no note: it follows */
	r.tlp = of->head->tlp;
	if (o->tlp != TLP_NONE && o->tlp > r.tlp)
		r.tlp = o->tlp;
	r.members = (uint8_t)!relay_has_members(of->head, slot);
	directory_each(k->dir, is_affiliate, &a);
	if ((!r.members && !a.found) || of->body.n > RELAY_BODY_MAX)
		return 0;
	if (RAND_bytes(r.bulletin, ID_LEN) != 1)
		return ERR_CRYPTO;
	rc = relay_issue(k, &r, words, of, NULL);
	return rc == 0 ? say(k, of, slot, from) : rc;
}

static int
pass_on(struct keeper *k, const struct relay_of *of, unsigned slot, unsigned from)
{
	struct store_order o = { .tlp = TLP_NONE };
	struct store_relay known;
	struct buf words;
	int rc;

	buf_init(&words, RELAY_WORDS_MAX);
	rc = store_relay_of(k->store, of->head->id, slot, &known, &words);
	buf_reset(&words);
	if (rc == ERR_NOTFOUND) { /* else it follows by itself */
		rc = 0;
		if (from == ORDER_POLICY)
			buf_adds(&words, "{}");
		else
			rc = store_order_get(k->store, slot, from, &o, &words);
		if (rc == 0)
			rc = obey(k, of, slot, from, &o, buf_slice(&words));
	}
	buf_done(&words);
	return rc;
}

int
orders_row(struct keeper *k, const struct frame_head *h, struct slice body)
{
	const struct relay_of of = { h, body };
	struct meets m = { .k = k, .h = h, .now_ms = k->now_ms() };
	unsigned i;
	int rc;

	m.centre = is_centre(h, body);
	rc = store_order_each(k->store, look, &m);
	if (rc == 0 && m.centre)
		look_at_policy(&m);
	for (i = 0; rc == 0 && i < SLOTS; i++)
		if (slots_has(&m.slots, i))
			rc = pass_on(k, &of, i, m.from[i]);
	return rc;
}

static void
write_order(
    struct keeper *k, const struct store_order *o, struct slice words, struct buf *out)
{
	static const char *const tlps[] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER" };

	const char *slug = taxonomy_slug(k->tax, o->slot),
		   *from = order_from_word(o->from);

	/* Words are {"note":..} or {}: its members go in among ours, by their place. */
	buf_addf(out,
	    "{\"ceptoar\":\"%s\",\"from\":\"%s\",\"id\":\"%s.%s\",\"min_severity\":%u",
	    slug, from, slug, from, (unsigned)o->min_severity);
	if (words.n > 2) {
		buf_addc(out, ',');
		buf_add(out, words.p + 1, words.n - 2);
	}
	buf_adds(out, ",\"set_at\":");
	words_time(o->minute * MINUTE_MS, out);
	if (o->tlp < sizeof tlps / sizeof tlps[0])
		buf_addf(out, ",\"tlp\":\"%s\"", tlps[o->tlp]);
	buf_addf(out, ",\"when\":\"%s\"}", o->always ? "always" : "asleep");
}

struct listing {
	struct keeper *k;
	struct desk_call *c;
	unsigned n;
};

static int
list_one(void *arg, const struct store_order *o, struct slice words)
{
	struct listing *l = arg;

	if (!desk_is_of(&l->c->m->rights, o->slot) ||
	    taxonomy_slug(l->k->tax, o->slot) == NULL)
		return 0;
	buf_adds(l->c->out, l->n++ > 0 ? "," : "");
	write_order(l->k, o, words, l->c->out);
	return 0;
}

int
order_list(struct keeper *k, struct desk_call *c)
{
	struct listing l = { k, c, 0 };
	int rc;

	buf_adds(c->out, "{\"orders\":[");
	rc = store_order_each(k->store, list_one, &l);
	buf_adds(c->out, "]}");
	return rc != 0 ? rc : buf_err(c->out);
}

int
order_put(struct keeper *k, struct desk_call *c)
{
	struct order_ask ask = { .words = NULL };
	struct store_order o;
	struct buf words;
	int rc;

	rc = order_check(c->json, k->tax, &ask, &c->fault);
	if (rc != 0) {
		c->problem = c->fault.problem;
		return rc;
	}
	buf_init(&words, RELAY_WORDS_MAX);
	memset(&o, 0, sizeof o);
	o.slot = (uint8_t)ask.slot;
	o.from = ask.from;
	o.min_severity = ask.min_severity;
	o.always = ask.always;
	o.tlp = ask.has_tlp ? ask.tlp : TLP_NONE;
	o.minute = c->minute;
	memcpy(o.person, c->m->rights.person, sizeof o.person);
	if (!slots_has(&c->m->rights.sec, ask.slot))
		rc =
		    desk_fail(c, P_FORBIDDEN, "/ceptoar", "a CEPTOAR whose desk you are");
	else if (ask.has_tlp && ask.tlp > TLP_AMBER)
		rc = desk_fail(c, P_INVALID_FIELD, "/tlp", "TLP:AMBER at most");
	if (rc == 0)
		rc = json_canonical(ask.words, &words);
	if (rc == 0)
		rc = store_order_put(k->store, &o, buf_slice(&words));
	if (rc == 0)
		write_order(k, &o, buf_slice(&words), c->out);
	json_decref(ask.words);
	buf_done(&words);
	return rc != 0 ? rc : buf_err(c->out);
}

int
order_delete(struct keeper *k, struct desk_call *c)
{
	const char *dot = memchr(c->m->ref.p, '.', c->m->ref.n);
	struct slice slug = { c->m->ref.p,
		dot != NULL ? (size_t)(dot - c->m->ref.p) : 0 };
	struct slice word = { dot != NULL ? dot + 1 : "",
		dot != NULL ? c->m->ref.n - slug.n - 1 : 0 };
	unsigned slot = taxonomy_slot(k->tax, slug), from = 0;
	struct store_order o;
	struct buf words;
	int rc;

	while (order_from_word(from) != NULL && !slice_eq(word, order_from_word(from)))
		from++;
	if (!slots_has(&c->m->rights.sec, slot) || order_from_word(from) == NULL)
		return ERR_NOTFOUND;
	buf_init(&words, RELAY_WORDS_MAX);
	rc = store_order_get(k->store, slot, from, &o, &words);
	if (rc == 0)
		rc = store_order_delete(k->store, slot, from);
	if (rc == 0)
		write_order(k, &o, buf_slice(&words), c->out);
	buf_done(&words);
	return rc != 0 ? rc : buf_err(c->out);
}
