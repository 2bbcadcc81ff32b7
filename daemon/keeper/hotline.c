/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/hotline.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/steady.h"
#include "daemon/keeper/words.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	TICK_MS = 1000,
	MINUTE_MS = 60000,
	LEVEL_PAGE = 4,
	LAPSE_MOST = 64,
	/* An open situation holds its page together for so long after the last call. */
	SITUATION_MINUTES = 12 * 60,
};

struct pager {
	struct keeper *k;
	struct loop_timer *tick;
	int64_t lapse_at; /* second at which a lease of a page has run out; 0: none is */
};

void
hotline_ring(struct keeper *k)
{
	struct front *f;

	for (f = k->fronts; f != NULL; f = f->next)
		if (f->door == DOOR_COURIER &&
		    link_send(f->l, KM_C_PAGE, P_OK, 0, "", 0) != 0)
			continue; /* the tick tells it again */
}

void
hotline_leased(struct keeper *k)
{
	k->pager->lapse_at = steady_s(k) + k->opt.lease_ms / 1000 + 1;
}

/* Deliveries of a page to one member of the centre, by every way: of the first so many on
 * its roster.  Those before are rung again, since whoever is first may be somebody else
 * by now, and no round needs what is left of the one before. */
static int
deliver(struct keeper *k, const struct store_page *p, const uint8_t *receiver)
{
	struct store_delivery d;
	unsigned i, contacts = p->level < PAGE_EVERYBODY ? p->level : DUTY_MOST;
	int rc = 0;

	memset(&d, 0, sizeof d);
	memcpy(d.key.bulletin, p->id, ID_LEN);
	memcpy(d.key.receiver, receiver, RECEIVER_LEN);
	d.key.revision = p->n;
	d.state = DELIVERY_QUEUED;
	d.stage = BROUGHT_PAGE;
	d.queued_at = steady_minute(k);
	for (d.key.route = BY_MAIL; d.key.route < BY_END; d.key.route++)
		for (i = 0; rc == 0 && i < contacts; i++) {
			d.key.contact = (uint8_t)(CONTACT_DUTY + 1 + i);
			rc = store_delivery_add(k->store, &d);
		}
	return rc;
}

struct paging {
	struct keeper *k;
	const struct store_page *p;
	int rc;
};

static void
page_one(void *arg, const struct vault_dir_row *row)
{
	struct paging *g = arg;

	if (g->rc == 0 && !row->disabled && (row->rights.roles & ROLE_CENTRE) != 0)
		g->rc = deliver(g->k, g->p, row->rights.receiver);
}

/* Pages the level whose turn it is.  While the members are unknown: as soon as they are.
 */
static int
page(struct keeper *k, struct store_page *p, int64_t minute)
{
	struct paging g = { k, p, 0 };
	unsigned old = 0;

	if (directory_count(k->dir) == 0) {
		p->next_at = minute;
		return store_page_put(k->store, p);
	}
	if (p->n < UINT16_MAX)
		p->n++;
	g.rc = store_page_supersede(k->store, p->id, p->n, &old);
	if (k->opt.courier != COURIER_OFF)
		directory_each(k->dir, page_one, &g);
	if (g.rc == 0)
		g.rc = store_paged_add(k->store, p->id, p->n, p->level, minute);
	p->told = p->calls;
	p->next_at = minute + k->opt.hotline.level_ms / MINUTE_MS;
	if (g.rc == 0)
		g.rc = store_page_put(k->store, p);
	if (g.rc != 0)
		return g.rc;
	outbox_count(k->outbox)->dropped += old;
	hotline_ring(k);
	return 0;
}

/* Is this a number of calls at which it pages anew? */
static int
is_step(const struct keeper *k, uint32_t calls)
{
	const uint16_t *s = k->opt.hotline.steps;
	unsigned i;

	for (i = 0; i < TREND_STEPS && s[i] != 0; i++)
		if (s[i] == calls)
			return 1;
	return 0;
}

/* What somebody took pages anew, from the first one on duty on. */
static int
reopen(struct keeper *k, struct store_page *p, int64_t minute)
{
	p->state = CALL_OPEN;
	p->level = 1;
	p->has_person = 0;
	p->taken_at = 0;
	return page(k, p, minute);
}

/* The page that this call belongs to, made when it is the first.  again: somebody had
 * taken this call before. */
static int
join(struct keeper *k, struct store_call *c, int again)
{
	unsigned sector = taxonomy_sector_of_slot(k->tax, c->slot);
	int64_t minute = escalate_minute(k);
	struct store_page p;
	int fresh, rc;

	rc = store_page_of(k->store, taxonomy_group_of_slot(k->tax, c->slot),
	    minute - k->opt.hotline.window_ms / MINUTE_MS, minute - SITUATION_MINUTES,
	    &p);
	fresh = rc == ERR_NOTFOUND;
	if (fresh) {
		memset(&p, 0, sizeof p);
		if (RAND_bytes(p.id, ID_LEN) != 1)
			return ERR_CRYPTO;
		p.grp = (uint8_t)taxonomy_group_of_slot(k->tax, c->slot);
		p.first = minute;
		p.state = CALL_OPEN;
		p.level = 1;
		rc = 0;
	}
	if (rc != 0)
		return rc;
	c->has_page = 1;
	memcpy(c->page, p.id, ID_LEN);
	p.last = minute;
	p.calls++;
	rc = store_page_count(k->store, p.id, sector);
	if (rc != 0)
		return rc;
	if (!fresh && !is_step(k, p.calls) && !(again && p.state == CALL_TAKEN))
		return store_page_put(k->store, &p);
	/* Grown beyond what somebody took, or called again. */
	return p.state == CALL_TAKEN ? reopen(k, &p, minute) : page(k, &p, minute);
}

/* A call that waits has come again: that its page is with somebody is not enough. */
static int
call_again(struct keeper *k, const struct store_call *c)
{
	int64_t minute = escalate_minute(k);
	struct store_page p;
	int rc = store_page_get(k->store, c->page, &p);

	if (rc != 0 || p.state == CALL_OPEN)
		return rc == ERR_NOTFOUND ? 0 : rc;
	p.last = minute;
	return reopen(k, &p, minute);
}

int
hotline_report(
    struct keeper *k, const struct store_report *row, const struct report_facts *f)
{
	int pages = f->hotline == HOTLINE_PAGE || row->level >= LEVEL_PAGE;
	struct store_call c;
	int rc, again;

	if ((f->hotline == HOTLINE_NONE && !pages) || f->exercise)
		return 0;
	/* What its reporter keeps from the government is no call of the centre's. */
	if ((row->desks & DESK_BIT_CENTRE) == 0)
		return 0;
	rc = store_call_get(k->store, row->case_id, &c);
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	again = rc == 0;
	/* The same call again, while it waits. */
	if (rc == 0 && c.state == CALL_OPEN && (!pages || c.kind == CALL_PAGE))
		return f->hotline == HOTLINE_PAGE && c.has_page ? call_again(k, &c) : 0;
	/* A report of the highest level goes on; only who calls again pages again. */
	if (rc == 0 && f->hotline == HOTLINE_NONE && c.kind == CALL_PAGE)
		return 0;
	if (rc == ERR_NOTFOUND)
		memset(&c, 0, sizeof c);
	memcpy(c.case_id, row->case_id, ID_LEN);
	c.kind = pages ? CALL_PAGE : CALL_CONSULT;
	c.slot = row->slot;
	c.level = row->level;
	c.state = CALL_OPEN;
	c.minute = row->minute;
	c.has_page = c.has_person = 0;
	c.taken_at = c.contact_at = 0;
	rc = pages ? join(k, &c, again) : 0;
	return rc == 0 ? store_call_put(k->store, &c) : rc;
}

int
hotline_answered(struct keeper *k, const uint8_t *case_id, int64_t minute)
{
	struct store_call c;
	int rc = store_call_get(k->store, case_id, &c);

	if (rc != 0 || c.contact_at > 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	c.contact_at = minute;
	return store_call_put(k->store, &c);
}

static int
next(struct keeper *k, void *arg)
{
	int64_t minute = *(int64_t *)arg;
	struct store_page p;
	int rc = store_page_due(k->store, minute, &p);

	if (rc == ERR_NOTFOUND) {
		/* Calls that joined what was taken have nobody yet either. */
		rc = store_page_left(
		    k->store, minute - k->opt.hotline.level_ms / MINUTE_MS, &p);
		return rc == 0 ? reopen(k, &p, minute) : rc;
	}
	if (rc != 0)
		return rc;
	if (p.n > 0 && p.level < PAGE_EVERYBODY)
		p.level++;
	return page(k, &p, minute);
}

int
hotline_settled(struct keeper *k, const struct courier_key *key)
{
	unsigned open = 0, sent = 0;
	struct store_page p;
	int rc = store_page_get(k->store, key->bulletin, &p);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	/* When everybody was tried there is nobody to go on to. */
	if (p.state != CALL_OPEN || p.n != key->revision || p.level >= PAGE_EVERYBODY)
		return 0;
	rc = store_page_round(k->store, p.id, p.n, &open, &sent);
	if (rc != 0 || open > 0 || sent > 0)
		return rc;
	p.next_at = escalate_minute(k);
	return store_page_put(k->store, &p);
}

int
hotline_step(struct keeper *k, int64_t minute)
{
	if (directory_count(k->dir) == 0)
		return ERR_NOTFOUND;
	return batch_transact_critical(k->batch, next, &minute);
}

static int
lapse(struct keeper *k, void *arg)
{
	unsigned *n = arg;
	int rc = store_delivery_lapse(k->store, steady_s(k), LAPSE_MOST, n);

	return rc == 0 && *n == 0 ? ERR_NOTFOUND : rc;
}

static void
on_tick(void *arg)
{
	struct pager *h = arg;
	struct keeper *k = h->k;
	int64_t at = INT64_MAX;
	unsigned n = 0;

	if (k->failing || k->write_stop || k->stopping)
		return;
	if (hotline_step(k, escalate_minute(k)) == 0)
		return; /* it has rung; the next one in a second */
	if (!k->courier_here)
		return;
	/* Leases of pages count in no lane; a courier that died comes back for them. */
	if (h->lapse_at != 0 && steady_s(k) >= h->lapse_at) {
		h->lapse_at = 0;
		if (batch_transact_critical(k->batch, lapse, &n) == 0)
			outbox_failed(k);
	}
	if (store_delivery_pages_next(k->store, &at) == 0 && at <= steady_s(k))
		hotline_ring(k);
}

struct pager *
hotline_new(struct keeper *k)
{
	struct pager *h = mem_zalloc(sizeof *h);

	if (h == NULL)
		return NULL;
	h->k = k;
	h->tick = loop_timer_new(k->loop, on_tick, h);
	if (h->tick == NULL) {
		mem_free(h);
		return NULL;
	}
	/* What was leased before this start has its time from now on. */
	h->lapse_at = steady_s(k) + k->opt.lease_ms / 1000 + 1;
	loop_timer_set(h->tick, TICK_MS, 1);
	return h;
}

void
hotline_free(struct pager *h)
{
	if (h == NULL)
		return;
	loop_timer_free(h->tick);
	mem_free(h);
}

struct lines {
	struct keeper *k;
	struct buf ja, en;
	unsigned n;
};

static int
add_count(void *arg, unsigned sector, unsigned n)
{
	struct lines *l = arg;
	const char *ja = taxonomy_sector_name(l->k->tax, sector, "ja");
	const char *en = taxonomy_sector_name(l->k->tax, sector, "en");

	buf_addf(
	    &l->ja, "%s%s %u", l->n > 0 ? "、" : "", ja != NULL ? ja : "分野不明", n);
	buf_addf(
	    &l->en, "%s%s %u", l->n > 0 ? ", " : "", en != NULL ? en : "no sector", n);
	l->n++;
	return 0;
}

/* Such that every way out can write it as it writes a bulletin: counts, never a name. */
static int
write_text(const struct store_page *p, struct lines *l, struct buf *out)
{
	char ja[512], en[512];
	struct buf issued;
	json_t *j;
	int rc;

	(void)snprintf(ja, sizeof ja, "ホットライン呼出 %u件（%s）", (unsigned)p->calls,
	    buf_cstr(&l->ja));
	(void)snprintf(en, sizeof en, "Hotline: %u calls (%s)", (unsigned)p->calls,
	    buf_cstr(&l->en));
	buf_init(&issued, 64);
	words_time(p->first * MINUTE_MS, &issued);
	j = json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:s,s:i,s:{s:s,s:s},s:o}", "number",
	    "HOTLINE", "msg_type", "alert", "status", "actual", "kind", "early_warning",
	    "severity", LEVEL_PAGE, "revision", (int)p->n, "tlp", "TLP:AMBER+STRICT",
	    "calls", (int)p->calls, "title", "ja", ja, "en", en, "issued_at",
	    json_stringn(issued.p + 1, issued.n > 2 ? issued.n - 2 : 0));
	rc = j != NULL ? json_canonical(j, out) : ERR_NOMEM;
	json_decref(j);
	buf_done(&issued);
	return rc;
}

int
hotline_text(struct keeper *k, const uint8_t *page_id, struct buf *out)
{
	struct store_page p;
	struct lines l = { .k = k };
	int rc = store_page_get(k->store, page_id, &p);

	if (rc != 0)
		return rc;
	buf_init(&l.ja, 400);
	buf_init(&l.en, 400);
	rc = store_page_counts(k->store, page_id, add_count, &l);
	/* Too many sectors for a line: what fits of it. */
	l.ja.err = l.en.err = 0;
	if (rc == 0)
		rc = write_text(&p, &l, out);
	buf_done(&l.ja);
	buf_done(&l.en);
	return rc;
}
