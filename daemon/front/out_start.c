/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/taxonomy.h"

/* A row that another front has shown already may not have come here yet. */
enum { AHEAD_MAX = 100000 };

uint64_t
start_earliest(const struct front *f)
{
	return f->log.earliest > 0 ? f->log.earliest - 1 : 0;
}

static enum problem
from_cursor(struct front *f, struct slice text, struct start *ret)
{
	uint64_t seq;

	if (slice_eq(text, "earliest")) {
		*ret = (struct start){ START_EXACT, start_earliest(f) + 1 };
		return P_OK;
	}
	switch (cursor_read(f->log.box, text, &seq)) {
	case 0:
		break;
	case ERR_VERSION:
		*ret = (struct start){ START_RESET, start_earliest(f) + 1 };
		return P_OK;
	case ERR_INVALID:
		return P_CURSOR_INVALID;
	default:
		return P_INTERNAL;
	}
	if (seq > f->log.head + AHEAD_MAX)
		return P_CURSOR_INVALID;
	if (seq + 1 < f->log.earliest)
		*ret = (struct start){ START_GAP, f->log.earliest };
	else
		*ret = (struct start){ START_EXACT, seq + 1 };
	return P_OK;
}

enum problem
start_find(struct conn *c, struct start *ret)
{
	struct front *f = c->f;
	struct slice last = http_header(&c->req->http, "last-event-id");
	struct buf text;
	enum problem p;
	int got;

	if (f->log.box == NULL)
		return P_UNAVAILABLE;
	if (last.n != 0)
		return from_cursor(f, last, ret);
	buf_init(&text, 256);
	got = http_query(c->req->http.query, "cursor", &text);
	if (got < 0 || buf_err(&text) != 0) {
		p = P_BAD_REQUEST;
	} else if (got == 0) {
		*ret = (struct start){ START_LIVE, f->log.head + 1 };
		p = P_OK;
	} else {
		p = from_cursor(f, buf_slice(&text), ret);
	}
	buf_done(&text);
	return p;
}

static enum problem
add_sectors(struct front *f, struct slice list, uint64_t *ret)
{
	size_t i, start = 0;
	unsigned sector;

	for (i = 0; i <= list.n; i++) {
		if (i < list.n && list.p[i] != ',')
			continue;
		sector =
		    taxonomy_sector(f->tax, (struct slice){ list.p + start, i - start });
		if (sector >= 64)
			return P_INVALID_FIELD;
		*ret |= (uint64_t)1 << sector;
		start = i + 1;
	}
	return P_OK;
}

enum problem
start_query(struct conn *c, struct frame_query *ret, const char **ret_why)
{
	struct slice query = c->req->http.query;
	struct frame_query q = { 0 };
	enum problem p = P_OK;
	struct buf v;
	int got;

	*ret_why = "min_severity: 0 to 4";
	buf_init(&v, 1024);
	got = http_query(query, "min_severity", &v);
	if (got < 0 || buf_err(&v) != 0)
		p = P_BAD_REQUEST;
	else if (got == 1 && (v.n != 1 || v.p[0] < '0' || v.p[0] > '4'))
		p = P_INVALID_FIELD;
	else if (got == 1)
		q.min_severity = (uint8_t)(v.p[0] - '0');
	buf_reset(&v);
	if (p == P_OK) {
		*ret_why = "sector: names of sectors, with commas between";
		got = http_query(query, "sector", &v);
		if (got < 0 || buf_err(&v) != 0)
			p = P_BAD_REQUEST;
		else if (got == 1)
			p = add_sectors(c->f, buf_slice(&v), &q.sectors);
	}
	buf_done(&v);
	if (p == P_OK) {
		*ret = q;
		*ret_why = NULL;
	}
	return p;
}

/*
 * Remembered for each reader, and looked for only among rows that came since: the value
 * must not move when hidden rows do, or comparing two of them would count those.
 */
uint64_t
start_newest_visible(struct conn *c)
{
	struct front *f = c->f;
	struct reader *r = c->who->reader;
	const struct ring_row *row;
	uint64_t first = ring_first(f->ring), next = ring_next(f->ring), seq, stop;

	if (first == next) /* nothing is known here yet */
		return r->seen_valid ? r->seen_seq : start_earliest(f);
	stop = r->seen_valid && r->seen_upto > first ? r->seen_upto : first;
	for (seq = next; seq > stop; seq--) {
		row = ring_row(f->ring, seq - 1);
		if (frame_view(row->head, &c->who->rights, &r->wants, NULL) == VIEW_NONE)
			continue;
		r->seen_seq = seq - 1;
		r->seen_valid = 1;
		break;
	}
	if (!r->seen_valid) {
		r->seen_seq = first - 1;
		r->seen_valid = 1;
	}
	r->seen_upto = next;
	return r->seen_seq;
}

/* What a waiting request does when the subscription has come. */
struct wish {
	void (*go)(struct conn *c);
};

static void
wish_free(struct front *f, void *work)
{
	(void)f;
	mem_free(work);
}

static void
on_wants(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct wish *w;
	void (*go)(struct conn *);
	int rc;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	w = c->req->work;
	go = w->go;
	mem_free(w);
	c->req->work = NULL;
	/* Its right may have ended meanwhile. */
	if (c->who->reader == NULL) {
		http_problem_end(c, who_check(c));
		return;
	}
	rc = who_take_wants(f, c->who->reader, a);
	if (rc != 0)
		http_no_answer(c, rc);
	else
		go(c);
}

void
start_with_wants(struct conn *c, void (*go)(struct conn *c))
{
	struct wish *w;
	int rc;

	if (c->who->reader->wants_known) {
		go(c);
		return;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	w->go = go;
	c->req->work = w;
	c->req->work_free = wish_free;
	rc = who_ask_wants(c->f, c->who->reader, c->id, on_wants, &c->req->call);
	if (rc != 0)
		http_no_answer(c, rc);
}
