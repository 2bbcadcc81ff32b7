/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/ferry.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/ferry_file.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/store_reader.h"
#include "proto/bundle.h"
#include "proto/cursor.h"

/* What leaves in files, and what both ways share; what comes in is in ferry_import.c. */

enum { PAGE = 256 * 1024, OUT_MAX = KEEPER_FRAME_MAX - 4096 };
/* Where a page of an export begins: a row, and above this bit a piece of its files. */
enum { PIECE_AT = 40 };

void
ferry_answer(struct keeper *k, struct front *f, const struct link_frame *fr, int rc,
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
enum frame_view
ferry_view(const struct frame_head *h, unsigned slot)
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
		shown.flags = (uint16_t)((h->reach_flags & FRAME_REACH) |
					 (h->flags & FRAME_EXERCISE));
	}
	if (view == VIEW_STUB && shown.tlp > TLP_AMBER)
		shown.tlp = TLP_AMBER;
	return bundle_bulletin_write(
	    &shown, view == VIEW_STUB ? stub : body, view == VIEW_STUB, out);
}

/* The administrator's row, in this transaction. */
int
ferry_said(struct keeper *k, const char *action, const uint8_t *id, const char *hub,
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

	return ferry_said(k, l->action, NULL, l->hub, l->slot);
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
		view = ferry_view(&h, p->slot);
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
	if (rc == 0 && ferry_view(&h, p->slot) == VIEW_BODY)
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
	ferry_answer(k, f, fr, rc != 0 ? rc : buf_err(&out), &why, &out);
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
	ferry_answer(k, f, fr, rc, &why, &out);
	buf_done(&out);
	return 0;
}
