/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/ferry.h"
#include "daemon/keeper/ferry_file.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/store_draft.h"
#include "proto/bulletin_sign.h"
#include "proto/bundle.h"

/* What comes in files, row by row: another hub's bulletins, and what its members have
 * said of ours. */

enum { MINUTE_MS = 60000 };

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
			rc = ferry_said(k, "import.bulletin", m->b.id, m->hub, m->slot);
	} else if (rc == 1) {
		rc = ERR_NOTFOUND; /* nothing is to be written */
	}
	buf_done(&words);
	return rc;
}

/* An association's word: the stage that all who answered have reached, which is kept when
 * it falls as more do (acks.c), and to how many it went. */
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
	    ferry_view(&b.head, m->slot) == VIEW_NONE)
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
		rc = ferry_said(k, "import.acks", a->id, m->hub, m->slot);
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
		return fault_set(why, P_CONFLICT, NULL, "64 keys of other hubs at most");
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
	ferry_answer(k, f, fr, rc, &why, &out);
	buf_done(&out);
	return 0;
}
