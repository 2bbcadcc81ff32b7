/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/store_audit.h"
#include "daemon/keeper/words.h"
#include "proto/msg_admin.h"
#include "proto/cursor.h"
#include "proto/http.h"

/* Reading the audit log: a desk its own rows, the administrator all of it to verify. */
enum { LIMIT = 50, LIMIT_MAX = 500, KEYS_MOST = 64 };

/* An audit cursor is no cursor of the log: as one it would stand behind every row. */
#define AUDIT_CURSOR (1ULL << 62)

struct listing {
	struct buf *out;
	unsigned n, limit;
	uint64_t last; /* number of the last row that was written */
};

/* Numbers are left out: their gaps would tell how busy the other desks are. */
static int
list_row(void *arg, const struct audit_row *r)
{
	struct listing *l = arg;

	if (l->n++ == l->limit)
		return 0; /* there is another page */
	l->last = r->number;
	buf_addf(l->out, "%s{\"action\":\"%s\",\"at\":", l->n > 1 ? "," : "", r->action);
	words_time(r->minute * 60000, l->out);
	buf_adds(l->out, ",\"detail\":");
	json_add_string(l->out, slice_of(r->detail));
	buf_adds(l->out, ",\"person\":\"");
	buf_add_hex(l->out, r->person, sizeof r->person);
	buf_addf(l->out, "\",\"ref\":\"%s\"}", r->ref);
	return buf_err(l->out);
}

/* `cursor`, the `next` of the page before, as the number to go on below. */
static int
before_of(struct keeper *k, struct desk_call *c, uint64_t *ret)
{
	struct buf v;
	int got;

	*ret = INT64_MAX;
	buf_init(&v, 64);
	got = http_query(c->m->query, "cursor", &v);
	if (got == 1 &&
	    (buf_err(&v) != 0 || cursor_read(k->cursors, buf_slice(&v), ret) != 0 ||
		(*ret & AUDIT_CURSOR) == 0))
		got = ERR_INVALID;
	buf_done(&v);
	if (got < 0)
		return desk_fail(c, P_CURSOR_INVALID, NULL, NULL);
	if (got == 1)
		*ret &= ~AUDIT_CURSOR;
	return 0;
}

static int
list_end(struct keeper *k, const struct listing *l)
{
	char cursor[CURSOR_TEXT + 1];
	int rc;

	if (l->n <= l->limit) {
		buf_adds(l->out, "],\"next\":null}");
		return buf_err(l->out);
	}
	rc = cursor_write(k->cursors, l->last | AUDIT_CURSOR, cursor);
	buf_addf(l->out, "],\"next\":\"%s\"}", cursor);
	return rc != 0 ? rc : buf_err(l->out);
}

/* Who else sits at the asking desk: secretariats of its CEPTOARs and of no others. */
struct finding {
	const struct rights *own;
	struct store_receivers found;
};

static void
find_desk(void *arg, const struct vault_dir_row *row)
{
	const struct rights *r = &row->rights;
	struct finding *f = arg;
	unsigned i, some = 0;

	for (i = 0; i < SLOTS; i++) {
		if (!slots_has(&r->sec, i))
			continue;
		if (!slots_has(&f->own->sec, i))
			return;
		some = 1;
	}
	if (some && (r->roles & ROLE_CENTRE) == 0 &&
	    memcmp(r->receiver, f->own->receiver, RECEIVER_LEN) != 0 &&
	    f->found.n < STORE_AUDIT_RECEIVERS)
		memcpy(f->found.v[f->found.n++], r->receiver, RECEIVER_LEN);
}

int
audit_list(struct keeper *k, struct desk_call *c)
{
	struct finding f = { .own = &c->m->rights, .found = { .n = 1 } };
	static const char *const known[] = { "limit", "cursor", NULL };
	uint64_t limit = LIMIT, before;
	struct listing l;
	int rc;

	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL, "limit and cursor");
	rc = desk_number(c, "limit", 1, LIMIT_MAX, &limit);
	if (rc == 0)
		rc = before_of(k, c, &before);
	if (rc != 0)
		return rc;
	l = (struct listing){ c->out, 0, (unsigned)limit, 0 };
	buf_adds(c->out, "{\"rows\":[");
	memcpy(f.found.v[0], c->m->rights.receiver, RECEIVER_LEN);
	if ((c->m->rights.roles & ROLE_SECRETARIAT) != 0)
		directory_each(k->dir, find_desk, &f);
	rc = store_audit_of(k->store, &f.found, before, l.limit + 1, list_row, &l);
	return rc != 0 ? rc : list_end(k, &l);
}

/* A page: {n u16, that many}.  The number stands in front, so it is put in at the end. */
struct page {
	struct buf *out;
	uint16_t n;
	size_t at;
};

static int
put_row(void *arg, const struct audit_row *r)
{
	struct page *p = arg;

	p->n++;
	audit_row_put(p->out, r);
	return buf_err(p->out);
}

static int
put_point(void *arg, const struct audit_point *point)
{
	struct page *p = arg;

	p->n++;
	audit_point_put(p->out, point);
	return buf_err(p->out);
}

static int
put_key(void *arg, struct slice pub)
{
	struct page *p = arg;

	p->n++;
	wire_put_str(p->out, pub);
	return buf_err(p->out);
}

static int
page_write(struct store *s, unsigned what, uint64_t from, struct buf *out)
{
	struct page p = { out, 0, out->n };
	int rc;

	wire_put_u16(out, 0);
	if (what == AUDIT_ASK_ROWS)
		rc = store_audit_each(s, from, AUDIT_PAGE, put_row, &p);
	else if (what == AUDIT_ASK_POINTS)
		rc = store_audit_point_each(s, from, AUDIT_PAGE, put_point, &p);
	else
		rc = store_audit_key_each(s, KEYS_MOST, put_key, &p);
	if (rc == 0)
		rc = buf_err(out);
	if (rc == 0) {
		out->p[p.at] = (char)(p.n & 0xff);
		out->p[p.at + 1] = (char)(p.n >> 8);
	}
	return rc;
}

int
audit_admin(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_reply r;
	struct buf body;
	struct wire w;
	uint64_t from;
	unsigned what;
	int rc = 0;

	wire_init(&w, fr->p, fr->n);
	what = wire_u8(&w);
	from = wire_u64(&w);
	if (wire_end(&w) != 0 || what > AUDIT_ASK_SIGN)
		return ERR_PROTO;
	memset(&r, 0, sizeof r);
	buf_init(&body, KEEPER_FRAME_MAX / 2);
	if (what == AUDIT_ASK_SIGN)
		rc = audit_sign_now(k);
	else
		rc = page_write(k->store, what, from, &body);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(&body);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&body);
	return 0;
}

static int
emit(const struct buf *body, FILE *out)
{
	unsigned char head[4];
	unsigned i;

	for (i = 0; i < 4; i++)
		head[i] = (unsigned char)(body->n >> (8 * i));
	return fwrite(head, 1, 4, out) == 4 && fwrite(body->p, 1, body->n, out) == body->n
		   ? 0
		   : ERR_IO;
}

/* The page that follows this one, or 0: it was the last. */
static uint64_t
behind(unsigned what, const struct buf *body)
{
	struct audit_point point = { 0 };
	struct audit_row row = { 0 };
	struct wire w;
	unsigned n;

	wire_init(&w, body->p, body->n);
	n = wire_u16(&w);
	if (n == 0 || what == AUDIT_ASK_KEYS)
		return 0;
	while (n-- > 0 && w.err == 0) {
		if (what == AUDIT_ASK_ROWS)
			audit_row_get(&w, &row);
		else
			audit_point_get(&w, &point);
	}
	return w.err != 0 ? 0 : (what == AUDIT_ASK_ROWS ? row.number : point.number) + 1;
}

int
audit_dump(const char *path, FILE *out)
{
	static const unsigned order[] = { AUDIT_ASK_KEYS, AUDIT_ASK_POINTS,
		AUDIT_ASK_ROWS };
	struct store *s = NULL;
	struct buf why, body;
	uint64_t from;
	size_t i;
	int rc;

	buf_init(&why, 4096);
	buf_init(&body, KEEPER_FRAME_MAX);
	rc = store_open_read(&s, path, &why);
	for (i = 0; rc == 0 && i < sizeof order / sizeof order[0]; i++) {
		for (from = 1; rc == 0 && from != 0; from = behind(order[i], &body)) {
			buf_reset(&body);
			rc = page_write(s, order[i], from, &body);
			if (rc == 0)
				rc = emit(&body, out);
		}
	}
	if (rc == 0 && fflush(out) != 0)
		rc = ERR_IO;
	if (rc != 0)
		(void)fprintf(stderr, "ceptoar-keeper: %s\n",
		    why.n > 0 ? buf_cstr(&why) : err_str(rc));
	store_close(s);
	buf_done(&body);
	buf_done(&why);
	return rc;
}
