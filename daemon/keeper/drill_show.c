/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/deliveries.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/drill_measure.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/words.h"
#include "proto/http.h"

/* Drills as desks see them: all of the own, and of others what concerns their CEPTOARs.
 */
enum { MINUTE_MS = 60000, LIST_MOST = 200, NAMED_MOST = 500 };

static const char *
kind_word(enum drill_kind kind)
{
	return kind == DRILL_UP ? "up" : kind == DRILL_DOWN ? "down" : "contact";
}

static const char *
state_word(enum drill_state state)
{
	static const char *const words[] = { "", "planned", "running", "ended" };

	return words[state];
}

static void
add_time(const char *name, int64_t minute, struct buf *out)
{
	buf_addf(out, ",\"%s\":", name);
	if (minute > 0)
		words_time(minute * MINUTE_MS, out);
	else
		buf_adds(out, "null");
}

int
drill_head(
    struct keeper *k, const struct store_drill *d, struct slice body, struct buf *out)
{
	buf_addc(out, '{');
	words_id("id", d->id, out);
	buf_addf(out,
	    ",\"kind\":\"%s\",\"state\":\"%s\",\"status\":\"exercise\",\"desk\":\"%s\"",
	    kind_word(d->kind), state_word(d->state), draft_desk_word(k, d->desk));
	add_time("start", d->start, out);
	add_time("deadline", d->deadline, out);
	add_time("ended_at", d->ended, out);
	buf_addc(out, ',');
	words_id("started_by", d->person, out);
	if (d->has_bulletin) {
		buf_adds(out, ",\"bulletin\":{");
		words_id("id", d->bulletin, out);
		buf_addf(out, ",\"number\":\"%s\"}", d->number);
	} else {
		buf_adds(out, ",\"bulletin\":null");
		if (d->has_draft && d->state == DRILL_PLANNED) {
			buf_addc(out, ',');
			words_id("draft", d->draft, out);
		}
	}
	/* {"audience":..,"title":..}: as it was written, canonically. */
	buf_addc(out, ',');
	if (body.n > 2)
		buf_add(out, body.p + 1, body.n - 2);
	return buf_err(out);
}

int
drill_is_of(const struct rights *r, unsigned desk)
{
	if (desk == DESK_CENTRE)
		return (r->roles & ROLE_CENTRE) != 0;
	return (r->roles & ROLE_SECRETARIAT) != 0 && slots_has(&r->sec, desk);
}

/* May this desk know of it? */
static int
concerns(struct keeper *k, const struct rights *r, const struct store_drill *d)
{
	struct store_bulletin b;
	struct buf row;
	unsigned i;
	int rc = ERR_NOTFOUND;

	if ((r->roles & ROLE_CENTRE) != 0 || drill_is_of(r, d->desk))
		return 1;
	if (d->state == DRILL_RUNNING &&
	    store_bulletin_get(k->store, d->bulletin, &b) == 0)
		return slots_meet(&b.head.slots, &r->sec) ||
		       (b.head.flags & FRAME_ALL) != 0;
	buf_init(&row, DRILL_ROW_MAX);
	for (i = 0; rc == ERR_NOTFOUND && d->state == DRILL_ENDED && i < SLOTS; i++)
		if (slots_has(&r->sec, i))
			rc = store_drill_row_get(k->store, d->id, i, &row);
	buf_done(&row);
	return rc == 0;
}

int
drill_enter(
    struct keeper *k, struct desk_call *c, struct store_drill *ret, struct buf *body)
{
	uint8_t id[ID_LEN];
	int rc = ERR_NOTFOUND;

	if (c->m->ref.n == (size_t)2 * ID_LEN &&
	    hex_decode(c->m->ref, id, ID_LEN) == ID_LEN)
		rc = store_drill_get(k->store, id, ret, body);
	if (rc == 0 && (ret->kind == DRILL_CONTACT || !concerns(k, &c->m->rights, ret)))
		rc = ERR_NOTFOUND;
	return rc;
}

struct listing {
	unsigned n;
	uint8_t id[LIST_MOST][ID_LEN];
};

static int
list_one(void *arg, const struct store_drill *d)
{
	struct listing *l = arg;

	if (l->n < LIST_MOST)
		memcpy(l->id[l->n++], d->id, ID_LEN);
	return 0;
}

int
drill_list(struct keeper *k, struct desk_call *c)
{
	struct listing l = { 0 };
	struct store_drill d;
	unsigned i, given = 0;
	struct buf body;
	int rc = store_drill_each(k->store, 0, LIST_MOST, list_one, &l);

	buf_init(&body, DRILL_BODY_MAX);
	buf_adds(c->out, "{\"drills\":[");
	for (i = 0; rc == 0 && i < l.n; i++) {
		buf_reset(&body);
		rc = store_drill_get(k->store, l.id[i], &d, &body);
		if (rc != 0 || !concerns(k, &c->m->rights, &d))
			continue;
		buf_adds(c->out, given++ > 0 ? "," : "");
		rc = drill_head(k, &d, buf_slice(&body), c->out);
		buf_addc(c->out, '}');
	}
	buf_adds(c->out, "]}");
	buf_done(&body);
	return rc != 0 ? rc : buf_err(c->out);
}

struct showing {
	struct keeper *k;
	const struct rights *r;
	struct buf *out;
	unsigned n;
};

static int
show_row(void *arg, unsigned slot, struct slice body)
{
	struct showing *s = arg;
	int centre = (s->r->roles & ROLE_CENTRE) != 0;

	if (slot == SLOT_NONE ? !centre : !desk_is_of(s->r, slot))
		return 0;
	buf_adds(s->out, s->n++ > 0 ? "," : "");
	buf_add(s->out, body.p, body.n);
	return buf_err(s->out);
}

/* What stands since its end; ERR_NOTFOUND: nothing does. */
static int
show_kept(struct showing *s, const struct store_drill *d)
{
	struct buf row;
	unsigned i;
	int rc = 0;

	buf_init(&row, DRILL_ROW_MAX);
	for (i = 0; rc == 0 && i <= SLOTS; i++) {
		buf_reset(&row);
		rc = store_drill_row_get(
		    s->k->store, d->id, i < SLOTS ? i : SLOT_NONE, &row);
		if (rc == 0)
			rc = show_row(s, i < SLOTS ? i : SLOT_NONE, buf_slice(&row));
		else if (rc == ERR_NOTFOUND)
			rc = 0;
	}
	buf_done(&row);
	return rc;
}

static int
may_name(void *arg, const struct vault_dir_row *row)
{
	return deliveries_may_name(arg, row);
}

/* Whom of those that this desk may name nothing has reached, while that is known. */
static int
show_named(
    struct keeper *k, const struct rights *r, const struct frame_head *h, struct buf *out)
{
	struct rights asks = *r;
	enum drill_reason why;
	struct reach_walk w;
	struct reach_row row;
	unsigned n = 0;
	int rc = reach_begin(&w, k, h, NULL);

	if (rc != 0)
		return rc;
	while (n < NAMED_MOST && (rc = reach_next(&w, may_name, &asks, &row)) == 0) {
		why = drill_reason(&row);
		if (why == REASON_NONE)
			continue;
		buf_adds(out, n++ > 0 ? ",{" : "{");
		buf_addf(out, "\"reason\":\"%s\",", drill_reason_word(why));
		words_id("receiver", row.who->rights.receiver, out);
		buf_addc(out, '}');
	}
	reach_end(&w);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

/* The last one of this kind and audience, with its figures. */
static int
show_before(struct showing *s, const struct store_drill *d)
{
	struct store_drill old;
	int rc = store_drill_before(s->k->store, d, &old);

	buf_adds(s->out, ",\"before\":");
	if (rc == ERR_NOTFOUND) {
		buf_adds(s->out, "null");
		return 0;
	}
	if (rc != 0)
		return rc;
	buf_addc(s->out, '{');
	words_id("id", old.id, s->out);
	add_time("ended_at", old.ended, s->out);
	buf_adds(s->out, ",\"rows\":[");
	s->n = 0;
	rc = show_kept(s, &old);
	buf_adds(s->out, "]}");
	return rc;
}

static int
show_rows(struct showing *s, const struct store_drill *d)
{
	struct store_bulletin b;
	struct frame_head head;
	int rc = ERR_NOTFOUND;

	if (d->has_bulletin)
		rc = store_bulletin_get(s->k->store, d->bulletin, &b);
	if (rc == 0)
		rc = reach_head(s->k, &b, 1, &head);
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	buf_adds(s->out, ",\"unreached\":[");
	if (rc == 0)
		rc = show_named(s->k, s->r, &head, s->out);
	buf_adds(s->out, "],\"rows\":[");
	if (d->state == DRILL_ENDED)
		rc = show_kept(s, d);
	else if (rc == 0)
		rc = drill_measure(s->k, d, &head, 0, show_row, s);
	buf_addc(s->out, ']');
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
drill_get(struct keeper *k, struct desk_call *c)
{
	struct showing s = { k, &c->m->rights, c->out, 0 };
	struct store_drill d;
	struct buf body;
	int rc;

	buf_init(&body, DRILL_BODY_MAX);
	rc = drill_enter(k, c, &d, &body);
	if (rc == 0)
		rc = drill_head(k, &d, buf_slice(&body), c->out);
	buf_done(&body);
	if (rc == 0)
		rc = show_rows(&s, &d);
	if (rc == 0)
		rc = show_before(&s, &d);
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}
