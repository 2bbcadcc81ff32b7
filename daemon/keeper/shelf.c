/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/shelf.h"

#include <string.h>

#include "daemon/keeper/acks.h"
#include "proto/cursor.h"

enum { BYTES_MOST = KEEPER_FRAME_MAX / 2, SCAN = 5000 };

/* What of a log row is for this reader. */
static int
row_text(
    struct keeper *k, uint64_t seq, const struct rights *r, int cross, struct buf *out)
{
	enum frame_view view;
	struct slice body, stub;
	struct frame_head h;
	struct buf row;
	struct wire w;
	uint32_t n;
	int rc;

	buf_init(&row, KEEPER_FRAME_MAX);
	rc = store_log_page(k->store, seq, 1, &row, &n);
	if (rc == 0) {
		wire_init(&w, row.p, row.n);
		frame_get(&w, &h, &body, &stub);
		view = n == 1 && w.err == 0 ? frame_may_read(&h, r, cross) : VIEW_NONE;
		if (view == VIEW_NONE || h.seq != seq)
			rc = ERR_NOTFOUND;
		else if (view == VIEW_STUB)
			buf_add(out, stub.p, stub.n);
		else
			buf_add(out, body.p, body.n);
	}
	buf_done(&row);
	return rc == 0 ? buf_err(out) : rc;
}

struct listing {
	struct keeper *k;
	const struct keeper_list *q;
	struct buf *out;
	int cross;
	uint32_t given;
	uint64_t last;
};

/* 1 ends the walk with more to come. */
static int
list_one(void *arg, const struct frame_head *h)
{
	struct listing *l = arg;
	const struct keeper_list *q = l->q;

	if (l->given == q->limit || l->out->n > BYTES_MOST)
		return 1;
	l->last = h->seq;
	if (h->severity < q->min_severity)
		return 0;
	/* One that shows no sector may concern any, on the shelf as on a stream. */
	if (q->sectors != 0 && h->sector < 64 && (q->sectors >> h->sector & 1) == 0)
		return 0;
	if (frame_may_read(h, &q->rights, l->cross) == VIEW_NONE)
		return 0;
	buf_adds(l->out, l->given++ > 0 ? "," : "");
	return row_text(l->k, h->seq, &q->rights, l->cross, l->out);
}

int
shelf_list(struct keeper *k, const struct keeper_list *q, struct buf *out)
{
	struct listing l = { k, q, out, acks_is_cross(k, &q->rights), 0, 0 };
	char cursor[CURSOR_TEXT + 1];
	int rc;

	buf_adds(out, "{\"bulletins\":[");
	rc = store_bulletin_each(k->store, q->before, SCAN, list_one, &l);
	if (rc < 0 && rc != ERR_LIMIT)
		return rc;
	buf_adds(out, "],\"next\":");
	if (rc == 0) {
		buf_adds(out, "null}");
		return buf_err(out);
	}
	rc = cursor_write(k->cursors, l.last, cursor);
	if (rc == 0)
		buf_addf(out, "\"%s\"}", cursor);
	return rc == 0 ? buf_err(out) : rc;
}

int
shelf_find(struct keeper *k, struct slice ref, struct store_bulletin *ret)
{
	uint8_t id[ID_LEN];
	char number[NUMBER_MAX];
	size_t i;
	int rc;

	if (ref.n == (size_t)2 * ID_LEN && hex_decode(ref, id, sizeof id) == ID_LEN) {
		rc = store_bulletin_get(k->store, id, ret);
	} else {
		if (ref.n == 0 || ref.n >= NUMBER_MAX ||
		    memchr(ref.p, '\0', ref.n) != NULL)
			return ERR_NOTFOUND;
		for (i = 0; i < ref.n; i++) /* as somebody may type it */
			number[i] = (char)(ref.p[i] >= 'a' && ref.p[i] <= 'z'
					       ? ref.p[i] - 'a' + 'A'
					       : ref.p[i]);
		number[ref.n] = '\0';
		rc = store_bulletin_by_number(k->store, number, ret);
	}
	/* The message of a contact test is no bulletin for anybody. */
	return rc == 0 && ret->head.kind == FRAME_CONTACT ? ERR_NOTFOUND : rc;
}

int
shelf_one(struct keeper *k, const struct rights *r, struct slice ref, uint16_t revision,
    struct buf *out)
{
	struct store_bulletin b;
	enum frame_view view;
	uint64_t seq;
	int rc, cross = acks_is_cross(k, r);

	rc = shelf_find(k, ref, &b);
	if (rc != 0)
		return rc;
	view = frame_may_read(&b.head, r, cross);
	if (view == VIEW_NONE)
		return ERR_NOTFOUND;
	seq = b.head.seq;
	/* Whose right has ended sees the stub, whichever revision is asked for; who came
	 * later does not see what was not for him. */
	if (view == VIEW_BODY && revision != 0 && revision != b.revision) {
		rc = store_revision_seq(k->store, b.id, revision, &seq);
		if (rc != 0)
			return rc;
	}
	return row_text(k, seq, r, cross, out);
}
