/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/deliveries.h"

#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/contact_test.h"
#include "daemon/keeper/deliveries_write.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/trend.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/http.h"

enum {
	LIMIT = 100,
	LIMIT_MOST = 500,
	VALUE_MAX = 64,
	OFFICES =
	    ROLE_SECRETARIAT | ROLE_CENTRE | ROLE_MINISTRY | ROLE_AGENCY | ROLE_OBSERVER,
};

/* One page: of what, for whom, and from where on. */
struct page {
	struct keeper *k;
	const struct rights *r;
	struct store_bulletin b;
	struct frame_head h;
	int red;
	int desk; /* it came in by the desks' door */
	int centre;
	unsigned slot; /* only this CEPTOAR; SLOT_NONE: all */
	int silent, state;
	int has_after;
	uint8_t after[RECEIVER_LEN];
	uint64_t limit;
	/* Which CEPTOARs may be named in a line; NULL: all. */
	const struct slots *named;
	struct buf *out;
	unsigned given;
};

static const char *const known[] = { "revision", "silent", "ceptoar", "state", "cursor",
	"limit", NULL };

/* 1 and the value of a parameter, 0 without, ERR_INVALID (said). */
static int
text_of(struct desk_call *c, const char *name, struct buf *out)
{
	int got;

	buf_reset(out);
	got = http_query(c->m->query, name, out);
	if (got < 0 || buf_err(out) != 0)
		return desk_fail(c, P_BAD_REQUEST, NULL, "a parameter of the query");
	return got;
}

static int
read_state(struct page *p, struct desk_call *c, struct buf *v)
{
	int s, got = text_of(c, "state", v);

	p->state = -1;
	if (got != 1)
		return got;
	for (s = 0; s < REACH_STATES; s++)
		if (strcmp(reach_word((enum reach_state)s), buf_cstr(v)) == 0)
			p->state = s;
	return p->state >= 0 ? 0
			     : desk_fail(c, P_BAD_REQUEST, NULL,
				   "state is nothing, failed, queued, sent, received, "
				   "read or acted");
}

static int
read_query(struct page *p, struct desk_call *c, uint64_t *ret_revision)
{
	uint64_t silent = 0;
	struct buf v;
	int got, rc;

	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL, "a parameter is not known");
	p->slot = SLOT_NONE;
	p->limit = LIMIT;
	buf_init(&v, VALUE_MAX);
	rc = desk_number(c, "revision", 1, UINT16_MAX, ret_revision);
	if (rc == 0)
		rc = desk_number(c, "limit", 1, LIMIT_MOST, &p->limit);
	if (rc == 0)
		rc = desk_number(c, "silent", 0, 1, &silent);
	p->silent = silent != 0;
	if (rc == 0)
		rc = read_state(p, c, &v);
	if (rc == 0) {
		got = text_of(c, "ceptoar", &v);
		rc = got < 0 ? got : 0;
		if (got == 1)
			p->slot = taxonomy_slot(p->k->tax, buf_slice(&v));
		if (got == 1 && p->slot == SLOT_NONE)
			rc = desk_fail(
			    c, P_BAD_REQUEST, NULL, "ceptoar is the slug of a CEPTOAR");
	}
	if (rc == 0) {
		got = text_of(c, "cursor", &v);
		rc = got < 0 ? got : 0;
		p->has_after = got == 1;
		if (got == 1 &&
		    hex_decode(buf_slice(&v), p->after, RECEIVER_LEN) != RECEIVER_LEN)
			rc = desk_fail(c, P_CURSOR_INVALID, NULL, NULL);
	}
	buf_done(&v);
	return rc;
}

/* A contact test in place of a bulletin. */
static int
is_test(const struct desk_call *c)
{
	return c->m->verb == DV_CONTACT_GET || c->m->verb == DV_CONTACT_CSV;
}

/* The bulletin, for whoever may know of it; ERR_NOTFOUND for all others. */
static int
enter(struct page *p, struct keeper *k, struct desk_call *c)
{
	uint64_t revision = 0;
	int rc;

	memset(p, 0, sizeof *p);
	p->k = k;
	p->r = &c->m->rights;
	p->out = c->out;
	rc = read_query(p, c, &revision);
	if (rc == 0)
		rc = is_test(c) ? contact_test_find(k, c, &p->b)
				: shelf_find(k, c->m->ref, &p->b);
	if (rc == 0)
		rc = reach_head(k, &p->b, (uint16_t)revision, &p->h);
	if (rc != 0)
		return rc;
	if (!is_test(c) &&
	    frame_may_read(&p->b.head, p->r, acks_is_cross(k, p->r)) == VIEW_NONE)
		return ERR_NOTFOUND;
	p->desk = c->door == DOOR_DESK && rights_at_desk(p->r) &&
		  (p->r->roles & (ROLE_SECRETARIAT | ROLE_CENTRE)) != 0;
	/* Of TLP:RED nobody counts but the desk that wrote it. */
	p->red = p->h.tlp >= TLP_RED;
	if (p->red)
		p->desk &= frame_is_desk(&p->h, p->r);
	p->centre = p->desk && (p->r->roles & ROLE_CENTRE) != 0;
	p->named = p->centre || !p->desk ? NULL : &p->r->sec;
	return 0;
}

int
deliveries_may_name(const struct rights *desk, const struct vault_dir_row *row)
{
	const struct rights *r = &row->rights;
	struct slots theirs;

	if ((desk->roles & ROLE_CENTRE) != 0 && (r->roles & OFFICES) != 0)
		return 1;
	rights_places(&r->op, &r->sec, &r->aff, r->roles, &theirs);
	return (desk->roles & ROLE_SECRETARIAT) != 0 && slots_meet(&desk->sec, &theirs);
}

/* Whose line may be shown. */
static int
mine(void *arg, const struct vault_dir_row *row)
{
	const struct page *p = arg;

	if (p->slot != SLOT_NONE && !reach_is_of(row, p->slot))
		return 0;
	if (memcmp(row->rights.receiver, p->r->receiver, RECEIVER_LEN) == 0)
		return 1;
	if (!p->desk || p->red)
		return p->desk;
	return deliveries_may_name(p->r, row);
}

static int
is_wanted(const struct page *p, const struct reach_row *r)
{
	if (p->silent && r->state >= REACH_RECEIVED)
		return 0;
	return p->state < 0 || r->state == (enum reach_state)p->state;
}

/* The lines of a page; *ret_more and p->after when there are more. */
static int
lines(struct page *p, void (*write)(struct page *p, const struct reach_row *r),
    int *ret_more)
{
	struct reach_walk w;
	struct reach_row r;
	int rc;

	*ret_more = 0;
	rc = reach_begin(&w, p->k, &p->h, p->has_after ? p->after : NULL);
	if (rc != 0)
		return rc;
	while ((rc = reach_next(&w, mine, p, &r)) == 0) {
		if (!is_wanted(p, &r))
			continue;
		if (p->given == p->limit) {
			*ret_more = 1;
			break;
		}
		write(p, &r);
		p->given++;
		memcpy(p->after, r.who->rights.receiver, RECEIVER_LEN);
	}
	reach_end(&w);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static void
next(struct page *p, int more)
{
	if (!more) {
		buf_adds(p->out, "\"next\":null");
		return;
	}
	words_id("next", p->after, p->out);
}

/* Figures by CEPTOAR, for the desks; the centre's of all of them, and once for all. */
static int
summary(struct page *p)
{
	struct reach_figures *v = mem_calloc(SLOTS + 1, sizeof *v);
	int32_t at_release[SLOTS + 1];
	unsigned slot, n = 0;
	int rc;

	if (v == NULL)
		return ERR_NOMEM;
	memset(at_release, 0xff, sizeof at_release);
	rc = reach_count(p->k, &p->h, v);
	if (rc == 0)
		rc = store_entitled_get(p->k->store, p->h.id, p->h.revision, at_release);
	for (slot = 0; rc == 0 && slot <= SLOTS; slot++) {
		if (slot < SLOTS && taxonomy_slug(p->k->tax, slot) == NULL)
			continue;
		if (slot == SLOTS ? !p->centre : !desk_is_of(p->r, slot))
			continue;
		if (slot < SLOTS && v[slot].entitled == 0 && at_release[slot] <= 0)
			continue;
		/* It was counted then, and none was of this one. */
		if (at_release[SLOTS] >= 0 && at_release[slot] < 0)
			at_release[slot] = 0;
		buf_adds(p->out, n++ > 0 ? "," : "");
		deliveries_figures(p->k, slot, &v[slot], at_release[slot], p->out);
	}
	mem_free(v);
	return rc;
}

static void
write_json(struct page *p, const struct reach_row *r)
{
	buf_adds(p->out, p->given > 0 ? "," : "");
	deliveries_row(p->k, r, p->named, p->out);
}

int
deliveries_list(struct keeper *k, struct desk_call *c)
{
	struct page p;
	int rc, more = 0, first;

	rc = enter(&p, k, c);
	if (rc != 0)
		return rc;
	first = !p.has_after;
	buf_addf(c->out, "{\"bulletin\":\"");
	buf_add_hex(c->out, p.b.id, ID_LEN);
	buf_adds(c->out, "\",\"deliveries\":[");
	rc = lines(&p, write_json, &more);
	buf_adds(c->out, "],");
	next(&p, more);
	buf_addf(c->out, ",\"number\":\"%s\",\"revision\":%u", p.b.number,
	    (unsigned)p.h.revision);
	if (rc == 0 && first) {
		buf_adds(c->out, ",\"seen_too\":");
		rc = trend_seen_too(k, &p.b, p.desk ? p.r : NULL, c->out);
	}
	if (rc == 0 && first && p.desk) {
		buf_adds(c->out, ",\"summary\":[");
		rc = summary(&p);
		buf_addc(c->out, ']');
		if (rc == 0 && is_test(c))
			rc = contact_test_routes(k, p.r, &p.h, c->out);
	}
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}

static void
write_csv(struct page *p, const struct reach_row *r)
{
	deliveries_csv_row(p->k, p->b.number, p->h.revision, r, p->named, p->out);
}

int
deliveries_csv(struct keeper *k, struct desk_call *c)
{
	struct buf text;
	struct page p;
	int rc, more = 0;

	rc = enter(&p, k, c);
	if (rc != 0)
		return rc;
	buf_init(&text, KEEPER_FRAME_MAX / 2);
	p.out = &text;
	if (!p.has_after)
		deliveries_csv_head(&text);
	rc = lines(&p, write_csv, &more);
	if (rc == 0)
		rc = buf_err(&text);
	p.out = c->out;
	buf_adds(c->out, "{\"csv\":");
	json_add_string(c->out, buf_slice(&text));
	buf_addc(c->out, ',');
	next(&p, more);
	buf_addc(c->out, '}');
	buf_done(&text);
	return rc != 0 ? rc : buf_err(c->out);
}
