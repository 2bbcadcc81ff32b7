/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/ferry.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/audit.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/ferry_file.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_reader.h"
#include "lib/log.h"
#include "proto/bulletin_sign.h"
#include "proto/bundle.h"
#include "proto/cursor.h"

enum { MINUTE_MS = 60000, PAGE = 256 * 1024, OUT_MAX = KEEPER_FRAME_MAX - 4096 };
/* Where a page of an export begins: a row, and above this bit a piece of its files. */
enum { PIECE_AT = 40 };

static void
answer(struct keeper *k, struct front *f, const struct link_frame *fr, int rc,
    const struct fault *why, struct buf *body)
{
	struct keeper_reply r;

	if (rc == ERR_CORRUPT || rc == ERR_IO)
		keeper_store_failed(k, rc);
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : rc == ERR_INVALID ? why->problem : problem_of(rc);
	r.pointer = slice_of(why->pointer);
	r.detail = slice_of(rc == ERR_INVALID && why->detail != NULL ? why->detail : "");
	if (rc == 0)
		r.body = buf_slice(body);
	keeper_answer(k, f, fr->type, fr->call, &r);
}

/* What of a row goes to that CEPTOAR: its text, or that it is over. */
static enum frame_view
view_of(const struct frame_head *h, unsigned slot)
{
	struct frame_head before = *h;

	if ((h->kind != FRAME_BULLETIN && h->kind != FRAME_UPDATE &&
		h->kind != FRAME_CANCEL) ||
	    (h->flags & FRAME_RELAY) != 0)
		return VIEW_NONE;
	if (relay_covers(h, slot))
		return VIEW_BODY;
	if (h->kind == FRAME_BULLETIN)
		return VIEW_NONE;
	before.slots = h->reach;
	before.flags = h->reach_flags;
	before.tlp = h->reach_tlp;
	return relay_covers(&before, slot) ? VIEW_STUB : VIEW_NONE;
}

/* A row of the log; its text has to lie within what a stub's header may say. */
static int
export_row(const struct frame_head *h, struct slice body, struct slice stub,
    enum frame_view view, struct buf *out)
{
	struct frame_head shown = *h;

	/* Of TLP:RED not even how bad it is. */
	if (view == VIEW_STUB && shown.tlp >= TLP_RED) {
		shown.severity = h->reach_severity;
		shown.flags = (uint16_t)(h->reach_flags | (h->flags & FRAME_EXERCISE));
	}
	if (view == VIEW_STUB && shown.tlp > TLP_AMBER)
		shown.tlp = TLP_AMBER;
	return bundle_bulletin_write(
	    &shown, view == VIEW_STUB ? stub : body, view == VIEW_STUB, out);
}

/* The administrator's row, in this transaction. */
static int
said(struct keeper *k, const char *action, const uint8_t *id, const char *hub,
    unsigned slot)
{
	char detail[AUDIT_DETAIL_MAX + 1];
	struct buf ref;
	int rc;

	(void)snprintf(detail, sizeof detail, "administrator: hub %s, %s",
	    hub[0] != '\0' ? hub : "ours", taxonomy_slug(k->tax, slot));
	buf_init(&ref, 2 * ID_LEN + 1);
	if (id != NULL)
		buf_add_hex(&ref, id, ID_LEN);
	rc = audit_add_own(k, NULL, action, buf_slice(&ref), detail);
	buf_done(&ref);
	return rc;
}

/* What leaves the hub: the row first, as for whoever looks. */
struct leaving {
	const char *action, *hub;
	unsigned slot;
};

static int
say_leaving(struct keeper *k, void *arg)
{
	const struct leaving *l = arg;

	return said(k, l->action, NULL, l->hub, l->slot);
}

struct passage {
	unsigned slot;
	uint64_t from;
	int64_t minute;
};

/* One page of the log, and from where the next one begins; 0: the end. */
static int
export_page(struct keeper *k, const struct passage *p, struct buf *rows, uint64_t *ret)
{
	enum frame_view view;
	struct slice body, stub;
	struct frame_head h;
	struct store_info info;
	struct buf page;
	struct wire w;
	uint32_t n = 0, i;
	int rc, more = 0;

	store_info(k->store, &info);
	h.seq = p->from > 0 ? p->from - 1 : 0;
	buf_init(&page, KEEPER_FRAME_MAX);
	rc = store_log_page(k->store, p->from, PAGE, &page, &n);
	wire_init(&w, page.p, page.n);
	for (i = 0; rc == 0 && i < n; i++) {
		frame_get(&w, &h, &body, &stub);
		if (w.err != 0) {
			rc = ERR_CORRUPT;
			break;
		}
		view = view_of(&h, p->slot);
		if (view == VIEW_NONE || (int64_t)h.minute < p->minute)
			continue;
		rc = export_row(&h, body, stub, view, rows);
		/* Its files follow at once, a piece a page. */
		if (rc == 0 && view == VIEW_BODY)
			rc = ferry_files(k, &h, 0, NULL, &more);
		if (rc == 0 && more) {
			*ret = h.seq | (uint64_t)1 << PIECE_AT;
			break;
		}
	}
	buf_done(&page);
	if (rc == 0 && !more)
		*ret = n > 0 && h.seq < info.head ? h.seq + 1 : 0;
	return rc;
}

/* The next piece of the files of the row that the last page has ended with. */
static int
export_piece(struct keeper *k, const struct passage *p, struct buf *rows, uint64_t *ret)
{
	const uint64_t seq = p->from & (((uint64_t)1 << PIECE_AT) - 1);
	unsigned piece = (unsigned)(p->from >> PIECE_AT); /* from 1 */
	struct slice body, stub;
	struct frame_head h;
	struct store_info info;
	struct buf page;
	struct wire w;
	uint32_t n = 0;
	int rc, more = 0;

	store_info(k->store, &info);
	buf_init(&page, KEEPER_FRAME_MAX);
	rc = store_log_page(k->store, seq, 1, &page, &n);
	wire_init(&w, page.p, page.n);
	frame_get(&w, &h, &body, &stub);
	/* The log may have lost its end since the last page. */
	if (rc == 0 && (n != 1 || w.err != 0 || h.seq != seq))
		rc = ERR_NOTFOUND;
	if (rc == 0 && view_of(&h, p->slot) == VIEW_BODY)
		rc = ferry_files(k, &h, piece - 1, rows, &more);
	buf_done(&page);
	*ret = more		 ? seq | (uint64_t)(piece + 1) << PIECE_AT
	       : seq < info.head ? seq + 1
				 : 0;
	return rc;
}

/* The head of an answer: whose rows, where to go on in this file, and in the next one. */
static int
write_head(struct keeper *k, uint64_t next, struct buf *out)
{
	char cursor[CURSOR_TEXT + 1] = "", hub[BUNDLE_HUB + 1];
	struct store_info info;
	int rc = signer_hub(k->signer, hub);

	store_info(k->store, &info);
	if (rc == 0)
		rc = cursor_write(k->cursors, info.head, cursor);
	buf_addf(out, "{\"cursor\":\"%s\",\"hub\":\"%s\",\"next\":%llu}\n", cursor, hub,
	    (unsigned long long)next);
	return rc != 0 ? rc : buf_err(out);
}

struct counting {
	struct keeper *k;
	uint8_t ids[1024][ID_LEN];
	uint16_t revisions[1024];
	size_t n;
};

static int
note_relay(void *arg, const struct store_relay *r)
{
	struct counting *c = arg;

	if (c->n == sizeof c->revisions / sizeof c->revisions[0])
		return ERR_LIMIT;
	memcpy(c->ids[c->n], r->bulletin, ID_LEN);
	c->revisions[c->n++] = r->revision;
	return 0;
}

/* What our members have said of that hub's bulletins, as counts. */
static int
export_acks(struct keeper *k, const char *hub, int64_t minute, struct buf *out)
{
	static struct counting c; /* 18 KiB; there is one caller */
	struct bundle_ack a;
	size_t i;
	int rc;

	c.k = k;
	c.n = 0;
	rc = store_relay_foreign(k->store, hub, minute, note_relay, &c);
	for (i = 0; rc == 0 && i < c.n; i++) {
		memset(&a, 0, sizeof a);
		memcpy(a.id, c.ids[i], ID_LEN);
		a.revision = c.revisions[i];
		rc = store_ack_count(
		    k->store, a.id, &a.received, &a.read, &a.acted, &a.forwarded);
		if (rc == 0 && a.received + a.read + a.acted > 0)
			rc = bundle_ack_write(&a, out);
	}
	return rc;
}

static int
since_of(struct keeper *k, struct slice cursor, struct passage *p, struct fault *why)
{
	uint64_t seq = 0;

	if (cursor.n == 0)
		return 0;
	if (cursor_read(k->cursors, cursor, &seq) != 0)
		return fault_set(why, P_CURSOR_INVALID, NULL,
		    "a cursor that this hub's last export has printed");
	if (p->from == 0)
		p->from = seq + 1;
	return 0;
}

int
ferry_export(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct passage p = { .from = 0 };
	struct leaving l;
	char hub[BUNDLE_HUB + 1] = "";
	struct slice slug, from, cursor;
	struct buf rows, out;
	struct wire w;
	uint64_t next = 0;
	uint8_t kind;
	int rc = 0;

	wire_init(&w, fr->p, fr->n);
	kind = wire_u8(&w);
	slug = wire_str(&w, BUNDLE_SLUG_MAX);
	from = wire_str(&w, BUNDLE_HUB);
	cursor = wire_str(&w, 64);
	p.minute = wire_i64(&w);
	p.from = wire_u64(&w);
	if (wire_end(&w) != 0 || kind > BUNDLE_ACKS || memchr(from.p, '\0', from.n))
		return ERR_PROTO;
	memcpy(hub, from.p, from.n);
	p.slot = taxonomy_slot(k->tax, slug);
	buf_init(&rows, OUT_MAX);
	buf_init(&out, OUT_MAX);
	if (p.slot == SLOT_NONE)
		rc = fault_set(&why, P_INVALID_FIELD, NULL, "a CEPTOAR's slug");
	if (rc == 0)
		rc = since_of(k, cursor, &p, &why);
	if (rc == 0)
		rc = kind == BUNDLE_ACKS       ? export_acks(k, hub, p.minute, &rows)
		     : p.from >> PIECE_AT != 0 ? export_piece(k, &p, &rows, &next)
					       : export_page(k, &p, &rows, &next);
	if (rc == 0)
		rc = write_head(k, next, &out);
	if (rc == 0) {
		l = (struct leaving){ kind == BUNDLE_ACKS ? "export.acks"
							  : "export.bulletins",
			hub, p.slot };
		rc = batch_transact(k->batch, say_leaving, &l);
	}
	buf_add(&out, rows.p, rows.n);
	answer(k, f, fr, rc != 0 ? rc : buf_err(&out), &why, &out);
	buf_done(&rows);
	buf_done(&out);
	return 0;
}

/* Only a header, and only one that says that it is ours. */
int
ferry_sign(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct fault why = { P_INTERNAL, "", NULL };
	char hub[BUNDLE_HUB + 1];
	struct bundle_head h;
	struct slice head;
	struct buf out;
	struct wire w;
	int rc;

	wire_init(&w, fr->p, fr->n);
	head = wire_str(&w, BUNDLE_HEAD_MAX);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	buf_init(&out, 4 * BUNDLE_HEAD_MAX);
	rc = bundle_head_read(head, &h, &why);
	if (rc == 0)
		rc = signer_hub(k->signer, hub);
	if (rc == 0 && strcmp(hub, h.hub) != 0)
		rc = fault_set(&why, P_INVALID_FIELD, NULL, "this hub's own file");
	if (rc == 0)
		rc = signer_statement(k, BUNDLE_TYP, head, &out);
	answer(k, f, fr, rc, &why, &out);
	buf_done(&out);
	return 0;
}

/* What one row of a file came to. */
struct import {
	unsigned slot;
	const char *hub;
	struct bundle_bulletin b;
	struct bundle_ack a;
	char kid[JWK_KID + 1];
	unsigned char point[JWK_POINT];
	const char *result;
};

static void
set_products(struct frame_head *h, const json_t *body)
{
	const json_t *list = json_object_get(body, "products");
	size_t i, most = sizeof h->products / sizeof h->products[0];
	const char *name;

	for (i = 0; i < json_array_size(list) && h->product_count < most; i++) {
		name = json_string_value(json_array_get(list, i));
		if (name != NULL)
			h->products[h->product_count++] = product_hash(slice_of(name));
	}
}

/* The original's header, as far as it can be known here; its audience is the slot. */
static void
head_of(struct keeper *k, const struct import *m, struct frame_head *h)
{
	const char *sector = json_string_value(
	    json_object_get(json_object_get(m->b.body, "sector"), "slug"));

	memset(h, 0, sizeof *h);
	memcpy(h->id, m->b.id, ID_LEN);
	h->kind = m->b.kind;
	h->revision = m->b.revision;
	h->severity = m->b.severity;
	h->tlp = m->b.tlp;
	h->flags = m->b.flags;
	h->sector = sector != NULL ? (uint8_t)taxonomy_sector(k->tax, slice_of(sector))
				   : SECTOR_NONE;
	set_products(h, m->b.body);
	if (!m->b.stub)
		slots_set(&h->slots, m->slot);
}

static const char taken[] = "taken", nobody[] = "nobody", full[] = "full";

/* 0: it has to be written, into *r; 1: not, m->result says why. */
static int
look_up(struct keeper *k, struct import *m, struct store_relay *r, struct buf *words,
    char number[NUMBER_MAX])
{
	struct store_bulletin b;
	int rc = store_relay_get(k->store, m->b.id, r, words);

	if (rc == 0) {
		if (strcmp(r->hub, m->hub) != 0) {
			m->result = taken;
			return 1;
		}
		m->result = m->b.revision <= r->revision ? "known" : "followed";
		return m->b.revision <= r->revision;
	}
	if (rc != ERR_NOTFOUND)
		return rc;
	rc = store_bulletin_get(k->store, m->b.id, &b);
	if (rc == 0)
		m->result = taken; /* it is this hub's own */
	if (rc != ERR_NOTFOUND)
		return rc == 0 ? 1 : rc;
	m->result = "skipped"; /* the end of what was never here */
	if (m->b.stub || m->b.kind == FRAME_CANCEL)
		return 1;
	memset(r, 0, sizeof *r);
	memcpy(r->bulletin, m->b.id, ID_LEN);
	memcpy(r->original, m->b.id, ID_LEN);
	r->slot = (uint8_t)m->slot;
	r->tlp = m->b.tlp;
	r->members = 1;
	memcpy(r->hub, m->hub, strlen(m->hub) + 1);
	buf_adds(words, "{}");
	memcpy(number, m->b.number, NUMBER_MAX);
	rc = store_bulletin_by_number(k->store, number, &b);
	if (rc == 0)
		number[0] = '\0'; /* it is taken: the wrapper gets one of ours */
	m->result = "new";
	return rc == 0 || rc == ERR_NOTFOUND ? 0 : rc;
}

static int
import_bulletin(struct keeper *k, void *arg)
{
	struct import *m = arg;
	char number[NUMBER_MAX] = "";
	struct store_relay r;
	struct frame_head h;
	struct relay_of of = { &h, buf_slice(&m->b.text) };
	struct buf words;
	int rc;

	buf_init(&words, RELAY_WORDS_MAX);
	rc = look_up(k, m, &r, &words, number);
	if (rc == 0) {
		head_of(k, m, &h);
		/* Its files come behind it; those of the last revision are no more. */
		rc = store_attachment_clear(k->store, m->b.id);
		if (rc == 0)
			rc = signer_adopt(k, m->kid, m->point);
		if (rc == ERR_LIMIT) {
			m->result = full;
			rc = ERR_NOTFOUND;
		}
		if (rc == 0)
			rc = relay_issue(k, &r, buf_slice(&words), &of,
			    number[0] != '\0' ? number : NULL);
		if (rc == 0)
			rc = said(k, "import.bulletin", m->b.id, m->hub, m->slot);
	} else if (rc == 1) {
		rc = ERR_NOTFOUND; /* nothing is to be written */
	}
	buf_done(&words);
	return rc;
}

/* An association's word: the stage that all have reached, and to how many it went. */
static int
import_ack(struct keeper *k, void *arg)
{
	struct import *m = arg;
	const struct bundle_ack *a = &m->a;
	uint8_t desk[RECEIVER_LEN];
	struct ack_record r;
	struct store_bulletin b;
	struct buf note;
	int rc;

	/* The desk that passed it on, on the other side. */
	m->result = nobody;
	if (directory_desk(k->dir, m->slot, desk) != 0)
		return ERR_NOTFOUND;
	rc = store_bulletin_get(k->store, a->id, &b);
	m->result = "skipped";
	if (rc != 0 || (b.head.flags & FRAME_RELAY) != 0 ||
	    view_of(&b.head, m->slot) == VIEW_NONE)
		return rc == 0 ? ERR_NOTFOUND : rc;
	memset(&r, 0, sizeof r);
	memcpy(r.bulletin, a->id, ID_LEN);
	memcpy(r.receiver, desk, RECEIVER_LEN);
	memcpy(r.person, desk, RECEIVER_LEN);
	r.revision = a->revision;
	r.status = a->received > 0 ? 1 : a->read > 0 ? 2 : 3;
	r.evidence = EVIDENCE_RELAY;
	r.forwarded = a->received + a->read + a->acted + a->forwarded;
	r.minute = k->now_ms() / MINUTE_MS;
	buf_init(&note, 256);
	buf_addf(&note, "hub %s: received %u, read %u, acted %u", m->hub,
	    (unsigned)a->received, (unsigned)a->read, (unsigned)a->acted);
	r.note = buf_slice(&note);
	rc = buf_err(&note) != 0 ? buf_err(&note) : acks_record(k, &r);
	if (rc == 0)
		rc = said(k, "import.acks", a->id, m->hub, m->slot);
	m->result = "recorded";
	buf_done(&note);
	return rc;
}

/* The bulletin's own signature, by a key that the administrator trusts. */
static int
check_signed(struct import *m, struct slice jwks, struct fault *why)
{
	struct jwks *set = NULL;
	int rc = jwks_read(jwks, &set, why);

	if (rc != 0)
		return rc;
	if (bulletin_verify(set, buf_slice(&m->b.text), m->kid) != 0)
		rc = fault_set(why, P_INVALID_FIELD, NULL,
		    "a bulletin that a trusted key has signed");
	if (rc == 0)
		rc = jwk_point(jwks_find(set, m->kid), m->point);
	jwks_free(set);
	return rc;
}

static int
import_row(struct keeper *k, struct import *m, unsigned kind, struct slice jwks,
    struct slice row, struct fault *why)
{
	int rc;

	m->result = "";
	if (kind == BUNDLE_ACKS) {
		rc = bundle_ack_read(row, &m->a, why);
		if (rc == 0)
			rc = batch_transact(k->batch, import_ack, m);
	} else if (bundle_file_is(row)) {
		rc = ferry_file_take(k, m->hub, row, &m->result, why);
	} else {
		rc = bundle_bulletin_read(row, &m->b, why);
		if (rc != 0)
			return rc;
		rc = check_signed(m, jwks, why);
		if (rc == 0)
			rc = batch_transact(k->batch, import_bulletin, m);
		bundle_bulletin_done(&m->b);
		if (rc == 0)
			rc = signer_reload(k);
	}
	if (rc != ERR_NOTFOUND)
		return rc;
	if (m->result == taken)
		return fault_set(why, P_CONFLICT, NULL,
		    "an id that is no other hub's bulletin here already");
	if (m->result == nobody)
		return fault_set(why, P_CONFLICT, NULL,
		    "a registered secretariat of the CEPTOAR, whose word it is");
	if (m->result == full)
		return fault_set(
		    why, P_CONFLICT, NULL, "64 keys at most, ours and others'");
	return 0;
}

int
ferry_import(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct fault why = { P_INTERNAL, "", NULL };
	char hub[BUNDLE_HUB + 1] = "", own[BUNDLE_HUB + 1];
	struct slice jwks, from, slug, row;
	struct import m = { .hub = hub };
	struct buf out;
	struct wire w;
	uint8_t kind;
	int rc = 0;

	wire_init(&w, fr->p, fr->n);
	kind = wire_u8(&w);
	jwks = wire_str(&w, JWKS_MAX);
	from = wire_str(&w, BUNDLE_HUB);
	slug = wire_str(&w, BUNDLE_SLUG_MAX);
	row = wire_str(&w, BUNDLE_ROW_MAX);
	if (wire_end(&w) != 0 || kind > BUNDLE_ACKS || memchr(from.p, '\0', from.n))
		return ERR_PROTO;
	memcpy(hub, from.p, from.n);
	m.slot = taxonomy_slot(k->tax, slug);
	buf_init(&out, 256);
	if (m.slot == SLOT_NONE)
		rc = fault_set(&why, P_INVALID_FIELD, NULL, "a CEPTOAR's slug");
	else if (signer_hub(k->signer, own) == 0 && strcmp(own, hub) == 0)
		rc = fault_set(&why, P_CONFLICT, NULL, "another hub's file");
	if (rc == 0)
		rc = import_row(k, &m, kind, jwks, row, &why);
	buf_addf(&out, "{\"result\":\"%s\"}", m.result != NULL ? m.result : "");
	answer(k, f, fr, rc, &why, &out);
	buf_done(&out);
	return 0;
}
