/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_audit.h"
#include "daemon/keeper/words.h"
#include "proto/http.h"

/* Reading the audit log: a desk its own rows, the administrator all of it to verify. */
enum { LIMIT = 50, LIMIT_MAX = 500, PAGE_MAX = 1000000, KEYS_MOST = 64 };

struct listing {
	struct buf *out;
	unsigned n, limit;
};

/* Numbers are left out: their gaps would tell how busy the other desks are. */
static int
list_row(void *arg, const struct audit_row *r)
{
	struct listing *l = arg;

	if (l->n++ == l->limit)
		return 0; /* there is another page */
	buf_addf(l->out, "%s{\"action\":\"%s\",\"at\":", l->n > 1 ? "," : "", r->action);
	words_time(r->minute * 60000, l->out);
	buf_adds(l->out, ",\"detail\":");
	json_add_string(l->out, slice_of(r->detail));
	buf_adds(l->out, ",\"person\":\"");
	buf_add_hex(l->out, r->person, sizeof r->person);
	buf_addf(l->out, "\",\"ref\":\"%s\"}", r->ref);
	return buf_err(l->out);
}

int
audit_list(struct keeper *k, struct desk_call *c)
{
	static const char *const known[] = { "limit", "page", NULL };
	uint64_t limit = LIMIT, skip = 0;
	struct listing l;
	int rc;

	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL, "limit and page");
	rc = desk_number(c, "limit", 1, LIMIT_MAX, &limit);
	if (rc == 0)
		rc = desk_number(c, "page", 0, PAGE_MAX, &skip);
	if (rc != 0)
		return rc;
	(void)snprintf(c->detail, sizeof c->detail, "page %u", (unsigned)skip);
	l = (struct listing){ c->out, 0, (unsigned)limit };
	buf_adds(c->out, "{\"rows\":[");
	rc = store_audit_of(
	    k->store, c->m->rights.receiver, skip, l.limit + 1, list_row, &l);
	if (l.n > l.limit)
		buf_addf(c->out, "],\"next\":%llu}", (unsigned long long)(skip + limit));
	else
		buf_adds(c->out, "],\"next\":null}");
	return rc != 0 ? rc : buf_err(c->out);
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
