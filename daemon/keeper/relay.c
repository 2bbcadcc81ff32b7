/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/relay.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/mode.h"
#include "daemon/keeper/acks.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/words.h"
#include "proto/relay.h"

enum { MINUTE_MS = 60000 };

static const struct json_caps body_caps = { FRAME_BODY_MAX, 16, 20000, 64 * 1024 };

int
relay_has_members(const struct frame_head *h, unsigned slot)
{
	return slots_has(&h->slots, slot) || (h->flags & (FRAME_ALL | FRAME_PUBLIC)) != 0;
}

int
relay_covers(const struct frame_head *h, unsigned slot)
{
	return h->tlp <= TLP_AMBER &&
	       (relay_has_members(h, slot) || (h->flags & FRAME_CROSS) != 0);
}

/* The wrapper's header: what the original is, to whom the CEPTOAR's desk passes on. */
static void
set_head(struct store_bulletin *b, const struct store_relay *r,
    const struct frame_head *of, int covers, int ack)
{
	static const unsigned same =
	    FRAME_EXERCISE | FRAME_IT | FRAME_OT | FRAME_IOT | FRAME_KIND_MASK;
	struct frame_head *h = &b->head;

	h->severity = of->severity;
	h->sector = of->sector;
	h->tlp = of->tlp > r->tlp ? of->tlp : r->tlp;
	h->flags = (uint16_t)((of->flags & same) | FRAME_RELAY | FRAME_NO_GOV |
			      (r->members ? 0 : FRAME_CROSS) | (ack ? FRAME_ACK : 0));
	memset(&h->slots, 0, sizeof h->slots);
	if (covers)
		slots_set(&h->slots, r->slot);
	memcpy(h->products, of->products, sizeof h->products);
	h->product_count = of->product_count;
	h->revision = b->revision;
	memcpy(h->id, b->id, ID_LEN);
}

static int
first_or_next(struct keeper *k, struct store_relay *r, const struct relay_of *of,
    const char *number, struct store_bulletin *b)
{
	const struct frame_head *h = of->head;
	int64_t minute = k->now_ms() / MINUTE_MS;
	int rc = store_bulletin_get(k->store, r->bulletin, b);

	if (rc == 0) {
		if (b->revision == UINT16_MAX)
			return ERR_LIMIT;
		publish_next(b, h->kind == FRAME_CANCEL ? FRAME_CANCEL : FRAME_UPDATE);
		b->head.reach_flags |= FRAME_RELAY;
	} else if (rc == ERR_NOTFOUND) {
		memset(b, 0, sizeof *b);
		memcpy(b->id, r->bulletin, ID_LEN);
		b->revision = 1;
		b->issued = minute;
		b->head.kind = FRAME_BULLETIN;
		rc = 0;
		if (number != NULL && strlen(number) < sizeof b->number)
			memcpy(b->number, number, strlen(number) + 1);
		else
			rc = publish_number(
			    k, minute, (h->flags & FRAME_EXERCISE) != 0, b->number);
	}
	b->state = h->kind == FRAME_CANCEL ? BULLETIN_CANCELLED : BULLETIN_STANDS;
	b->head.minute = (uint32_t)minute;
	return rc;
}

/* The texts of the row: the wrapper, or that it is over for these readers. */
static int
write_texts(struct keeper *k, const struct store_relay *r, struct slice words,
    const struct store_bulletin *b, const json_t *original, int covers, struct buf *body,
    struct buf *stub)
{
	struct relay_make m = { .by = taxonomy_slug(k->tax, r->slot),
		.hub = r->hub[0] != '\0' ? r->hub : NULL };
	struct fault why;
	json_t *said = NULL;
	int rc = json_read(words, &body_caps, &said, &why);

	m.words = said;
	memcpy(m.head.id, b->id, ID_LEN);
	memcpy(m.head.number, b->number, sizeof m.head.number);
	m.head.revision = b->revision;
	m.head.kind = (enum frame_kind)b->head.kind;
	m.head.tlp = b->head.tlp;
	m.head.exercise = (b->head.flags & FRAME_EXERCISE) != 0;
	m.head.issued_ms = (int64_t)b->head.minute * MINUTE_MS;
	if (rc == 0)
		rc = mode_said(k, &m.head.mode);
	if (rc == 0 && b->head.kind != FRAME_BULLETIN)
		rc = bulletin_stub(&m.head, stub);
	if (rc == 0)
		rc = covers ? relay_write(&m, original, body)
			    : bulletin_stub(&m.head, body);
	json_decref(said);
	return rc;
}

int
relay_issue(struct keeper *k, struct store_relay *r, struct slice words,
    const struct relay_of *of, const char *number)
{
	int covers = relay_covers(of->head, r->slot) && of->body.n <= RELAY_BODY_MAX, ack;
	struct store_bulletin b;
	struct fault why;
	struct buf body, stub;
	json_t *original = NULL;
	int rc = first_or_next(k, r, of, number, &b);

	if (rc != 0)
		return rc;
	/* Of another hub's bulletin the audience is what the import says. */
	if (r->hub[0] != '\0')
		covers = of->head->tlp <= TLP_AMBER && !slots_empty(&of->head->slots) &&
			 of->body.n <= RELAY_BODY_MAX;
	buf_init(&body, FRAME_BODY_MAX);
	buf_init(&stub, FRAME_BODY_MAX);
	rc = json_read(of->body, &body_caps, &original, &why);
	ack = memmem(words.p, words.n, "\"required\":true", 15) != NULL &&
	      of->head->kind != FRAME_CANCEL && covers;
	set_head(&b, r, of->head, covers, ack);
	b.verified = (uint8_t)json_is_true(json_object_get(original, "verified"));
	if (rc == 0)
		rc = write_texts(k, r, words, &b, original, covers, &body, &stub);
	if (rc == 0)
		rc = publish_row(k, &b.head, &body, &stub);
	if (rc == 0)
		rc = store_bulletin_put(k->store, &b);
	r->revision = of->head->revision;
	if (rc == 0)
		rc = store_relay_put(k->store, r, words);
	json_decref(original);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

/* What becomes of an original becomes of its wrappers. */
static int
follow(struct keeper *k, const struct frame_head *h, struct slice body)
{
	const struct relay_of of = { h, body };
	uint8_t ids[SLOTS][ID_LEN];
	struct store_relay r;
	struct buf words;
	size_t n = 0, i;
	int rc = store_relay_list(k->store, h->id, ids, SLOTS, &n);

	buf_init(&words, RELAY_WORDS_MAX);
	for (i = 0; rc == 0 && i < n; i++) {
		buf_reset(&words);
		rc = store_relay_get(k->store, ids[i], &r, &words);
		if (rc == 0)
			rc = escalate_follow(k, h, &r);
		if (rc == 0)
			rc = relay_issue(k, &r, buf_slice(&words), &of, NULL);
	}
	buf_done(&words);
	return rc;
}

int
relay_row(struct keeper *k, const struct frame_head *h, struct slice body)
{
	int rc = 0;

	if ((h->flags & FRAME_RELAY) != 0)
		return 0; /* a wrapper is never wrapped */
	if (h->kind == FRAME_UPDATE || h->kind == FRAME_CANCEL)
		rc = follow(k, h, body);
	if (rc == 0 && (h->kind == FRAME_BULLETIN || h->kind == FRAME_UPDATE))
		rc = orders_row(k, h, body);
	return rc;
}

static int
load(struct keeper *k, const struct store_bulletin *b, struct store_relay *ret,
    struct buf *words)
{
	buf_init(words, RELAY_WORDS_MAX);
	return store_relay_get(k->store, b->id, ret, words);
}

int
relay_desk(struct keeper *k, const struct store_bulletin *b, uint8_t *ret)
{
	struct store_relay r;
	struct buf words;
	int rc = load(k, b, &r, &words);

	if (rc == 0)
		*ret = r.slot;
	buf_done(&words);
	return rc;
}

int
relay_may_end(struct keeper *k, struct desk_call *c, const struct store_bulletin *b)
{
	struct store_relay r;
	struct buf words;
	int rc = load(k, b, &r, &words);

	buf_done(&words);
	/* The next file would bring it back, to readers who had been told of its end. */
	if (rc == 0 && r.hub[0] != '\0')
		return desk_fail(c, P_CONFLICT, NULL,
		    "another hub's bulletin: it ends with a file of that hub");
	return rc;
}

int
relay_end(struct keeper *k, struct store_bulletin *b, int64_t minute, const json_t *why)
{
	struct store_relay r;
	struct buf words;
	int rc = load(k, b, &r, &words);

	r.ended = 1;
	if (rc == 0)
		rc = store_relay_put(k->store, &r, buf_slice(&words));
	buf_done(&words);
	return rc == 0 ? publish_recall(k, b, minute, "relay_withdrawn", why) : rc;
}

/* The desk's CEPTOAR: the one that it says, or its only one. */
static int
slot_of(struct keeper *k, struct desk_call *c, const char *said, unsigned *ret)
{
	const struct rights *r = &c->m->rights;
	unsigned i, slot = SLOT_NONE, n = 0;

	for (i = 0; i < SLOTS; i++)
		if (slots_has(&r->sec, i)) {
			slot = i;
			n++;
		}
	if (said != NULL)
		slot = taxonomy_slot(k->tax, slice_of(said));
	else if (n > 1)
		return desk_fail(
		    c, P_MISSING_FIELD, "/ceptoar", "within which of your CEPTOARs");
	if (!slots_has(&c->desks, slot))
		return desk_fail(
		    c, P_FORBIDDEN, "/ceptoar", "a CEPTOAR whose desk you are");
	desk_about(k, c, slot);
	*ret = slot;
	return 0;
}

/* The newest row of what is to be passed on, as far as the desk of this slot may read it.
 */
static int
find_original(struct keeper *k, struct desk_call *c, unsigned slot, struct buf *row,
    struct frame_head *ret_head, struct slice *ret_body)
{
	struct rights r = c->m->rights;
	struct store_bulletin b;
	struct slice stub;
	struct wire w;
	uint32_t n;
	int rc = shelf_find(k, c->m->ref, &b);

	if (rc != 0)
		return rc;
	slots_set(&r.sec, slot); /* a deputy is not of it */
	if (frame_may_read(&b.head, &r, acks_is_cross(k, &r)) != VIEW_BODY)
		return ERR_NOTFOUND;
	if ((b.head.flags & FRAME_RELAY) != 0)
		return desk_fail(c, P_CONFLICT, NULL,
		    "the original, not what another desk has passed on");
	if (b.state != BULLETIN_STANDS)
		return desk_fail(c, P_CONFLICT, NULL, "a bulletin that still stands");
	rc = store_log_page(k->store, b.head.seq, 1, row, &n);
	if (rc != 0)
		return rc;
	wire_init(&w, row->p, row->n);
	frame_get(&w, ret_head, ret_body, &stub);
	return w.err == 0 && n == 1 ? 0 : ERR_CORRUPT;
}

static int
answer(struct keeper *k, const struct store_relay *r, struct buf *out)
{
	struct store_bulletin b;
	int rc = store_bulletin_get(k->store, r->bulletin, &b);

	if (rc != 0)
		return rc;
	buf_adds(out, "{");
	words_id("id", r->bulletin, out);
	buf_addf(out, ",\"number\":\"%s\",\"revision\":%u,\"to\":\"%s\"}", b.number,
	    (unsigned)b.revision, r->members ? "everybody" : "affiliates");
	return buf_err(out);
}

/* It was passed on before: a note that an order could not write is added once.  To change
 * what a person has said is to end it and to say it anew: who has acknowledged the one
 * has not read the other. */
static int
add_words(struct keeper *k, struct desk_call *c, struct store_relay *r,
    struct slice words, const struct relay_of *of)
{
	int rc;

	if (!r->ordered)
		return desk_fail(c, P_CONFLICT, NULL,
		    "your CEPTOAR has passed it on already; to change the note or the "
		    "deadline, cancel that relay by its own number and relay anew");
	r->ordered = 0;
	rc = relay_issue(k, r, words, of, NULL);
	return rc != 0 ? rc : answer(k, r, c->out);
}

static int
pass_on(struct keeper *k, struct desk_call *c, const struct relay_ask *ask, unsigned slot,
    const struct relay_of *of)
{
	struct store_relay r;
	struct buf words, old;
	int rc;

	buf_init(&words, RELAY_WORDS_MAX);
	buf_init(&old, RELAY_WORDS_MAX);
	rc = json_canonical(ask->words, &words);
	if (rc == 0)
		rc = store_relay_of(k->store, of->head->id, slot, &r, &old);
	if (rc == 0 && r.ended)
		rc = ERR_NOTFOUND;
	if (rc == 0) {
		if (ask->has_tlp && ask->tlp > r.tlp)
			r.tlp = ask->tlp;
		rc = add_words(k, c, &r, buf_slice(&words), of);
	} else if (rc == ERR_NOTFOUND) {
		memset(&r, 0, sizeof r);
		memcpy(r.original, of->head->id, ID_LEN);
		r.slot = (uint8_t)slot;
		r.tlp = ask->has_tlp ? ask->tlp : of->head->tlp;
		r.members = ask->members || !relay_has_members(of->head, slot);
		rc = RAND_bytes(r.bulletin, ID_LEN) == 1 ? 0 : ERR_CRYPTO;
		if (rc == 0)
			rc = relay_issue(k, &r, buf_slice(&words), of, NULL);
		if (rc == 0)
			rc = answer(k, &r, c->out);
		c->created = rc == 0;
	}
	buf_done(&words);
	buf_done(&old);
	return rc;
}

int
relay_post(struct keeper *k, struct desk_call *c)
{
	struct relay_ask ask = { .words = NULL };
	struct frame_head h;
	struct relay_of of = { &h, { NULL, 0 } };
	struct buf row;
	unsigned slot = SLOT_NONE;
	int rc = relay_check(c->json, k->tax, &ask, &c->fault);

	if (rc != 0) {
		c->problem = c->fault.problem;
		return rc;
	}
	buf_init(&row, KEEPER_FRAME_MAX);
	rc = slot_of(k, c, ask.ceptoar, &slot);
	if (rc == 0)
		rc = find_original(k, c, slot, &row, &h, &of.body);
	if (rc == 0 && !relay_covers(of.head, slot))
		rc = desk_fail(c, P_FORBIDDEN, NULL,
		    "TLP:AMBER at most, and a bulletin for this CEPTOAR");
	if (rc == 0 && of.body.n > RELAY_BODY_MAX)
		rc = desk_fail(c, P_TOO_LARGE, NULL, NULL);
	if (rc == 0 && ask.has_tlp && (ask.tlp < of.head->tlp || ask.tlp > TLP_AMBER))
		rc = desk_fail(
		    c, P_INVALID_FIELD, "/tlp", "the original's or a narrower one");
	if (rc == 0)
		rc = pass_on(k, c, &ask, slot, &of);
	json_decref(ask.words);
	buf_done(&row);
	return rc;
}
