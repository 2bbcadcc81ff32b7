/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/http.h"
#include "proto/json.h"
#include "proto/msg_desk.h"
#include "proto/msg_person.h"

/*
 * GET /v1/names?receiver=ID or ?person=ID: who that reader is, for a desk; ?member=ID the
 * other way round, so that it can name a member whose receiver it has not seen.  The
 * vault decides who may know it; whom one may not know and who does not exist look the
 * same.  Its answer waits here until the keeper has written down who asked about which
 * reader: by that reader's id, for a member's own id stands in no table of the keeper's.
 *
 * ?receivers=ID,ID,...: the same of many, for the lists of a bulletin with a thousand
 * readers.  The vault answers a page at a time and checks each time anew who asks; the
 * keeper writes one row, which says how many and of which bulletin.
 */
enum {
	LIST_JSON_MAX = 512 * 1024,
	LIST_QUERY_MAX = NAMES_LIST_MOST * (2 * RECEIVER_LEN + 1),
};

/* Of many. */
struct many {
	uint8_t asked, passed, told; /* ids; answered so far; of those with a name */
	uint8_t ids[NAMES_LIST_MOST][RECEIVER_LEN];
	struct buf names; /* what is told of them, as JSON */
};
struct work {
	struct vault_called m;
	char ref[DESK_REF_MAX + 1]; /* of whom, or of which list; "" when nobody says */
	struct many *many;	    /* NULL: one is asked about */
};

static void
work_free(struct front *f, void *work)
{
	struct work *w = work;

	(void)f;
	if (w->many != NULL) {
		buf_wipe(&w->many->names);
		mem_wipe_free(w->many, sizeof *w->many);
	}
	mem_wipe_free(w, sizeof *w);
}

static int
is_reader(const struct vault_called *m)
{
	static const uint8_t nobody[RECEIVER_LEN];

	return !mem_equal_ct(m->receiver, nobody, sizeof nobody);
}

static void
add_called(struct buf *out, const struct vault_called *m)
{
	buf_adds(out, "{\"id\":");
	json_add_string(out, slice_of(m->id));
	buf_adds(out, ",\"names\":{\"en\":");
	json_add_string(out, slice_of(m->en[0] != '\0' ? m->en : m->id));
	buf_adds(out, ",\"ja\":");
	json_add_string(out, slice_of(m->ja[0] != '\0' ? m->ja : m->id));
	buf_addc(out, '}');
	if (is_reader(m)) {
		buf_adds(out, ",\"receiver\":\"");
		buf_add_hex(out, m->receiver, sizeof m->receiver);
		buf_addc(out, '"');
	}
	buf_addc(out, '}');
}

static void
tell_list(struct conn *c, const struct many *l)
{
	struct buf out;

	buf_init(&out, LIST_JSON_MAX + 64);
	buf_adds(&out, "{\"names\":[");
	buf_add(&out, l->names.p, l->names.n);
	buf_adds(&out, "]}");
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_wipe(&out);
}

static void
tell(struct conn *c, const struct vault_called *m)
{
	struct buf out;

	if (m->status != VS_OK) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	buf_init(&out, 8192);
	add_called(&out, m);
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_wipe(&out);
}

static void
on_written(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	const struct work *w;
	struct vault_called m;
	struct keeper_reply r;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	w = c->req->work;
	if (a->err != 0) {
		http_no_answer(c, a->err);
	} else if (keeper_reply_get(a->p, a->n, &r) != 0) {
		http_no_answer(c, ERR_PROTO);
	} else if (r.problem != P_OK) {
		http_problem(c, r.problem, NULL, NULL);
	} else if (w->many != NULL) {
		tell_list(c, w->many);
	} else {
		m = w->m; /* which goes with the request */
		tell(c, &m);
		mem_wipe(&m, sizeof m);
	}
}

static void
write_down(struct conn *c, const struct work *w)
{
	struct keeper_desk m;
	char figures[64];
	int rc;

	memset(&m, 0, sizeof m);
	m.verb = DV_NAMES;
	m.rights = c->who->rights;
	m.ref = slice_of(w->ref);
	if (w->many != NULL) {
		(void)snprintf(figures, sizeof figures, "{\"asked\":%u,\"told\":%u}",
		    (unsigned)w->many->asked, (unsigned)w->many->told);
		m.json = slice_of(figures);
	}
	rc = desk_ask(c, &m, on_written);
	if (rc != 0)
		http_no_answer(c, rc);
}

static void
on_called(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct work *w;
	int rc = a->err;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	w = c->req->work;
	if (rc == 0)
		rc = vault_called_get(a->p, a->n, &w->m);
	if (rc != 0) {
		http_no_answer(c, rc);
		return;
	}
	if (w->m.status == VS_OK && is_reader(&w->m))
		hex_encode(w->m.receiver, RECEIVER_LEN, w->ref);
	write_down(c, w);
}

/* The lines of one answer, behind those that are there already. */
static int
take_lines(struct many *l, const struct answer *a)
{
	struct vault_called m;
	unsigned n = 0;
	struct wire w;
	int rc = vault_lines_open(&w, a->p, a->n, &n);

	if (rc == 0 && n > (unsigned)l->asked - l->passed)
		rc = ERR_PROTO;
	for (; rc == 0 && n > 0; n--) {
		rc = vault_lines_next(&w, &m);
		if (rc == 0 && m.status == VS_OK) {
			memcpy(m.receiver, l->ids[l->passed], sizeof m.receiver);
			if (l->told++ > 0)
				buf_addc(&l->names, ',');
			add_called(&l->names, &m);
			rc = buf_err(&l->names);
		}
		l->passed++;
	}
	mem_wipe(&m, sizeof m);
	return rc;
}

static void on_lines(struct front *f, uint64_t owner, const struct answer *a);

/* Asks about those that were not answered yet. */
static int
ask_list(struct conn *c, struct many *l)
{
	struct vault_readers q;
	struct buf b;
	int rc = ERR_DOWN;

	memset(&q, 0, sizeof q);
	memcpy(q.spki, c->who->spki, SPKI_LEN);
	q.count = (uint8_t)(l->asked - l->passed);
	memcpy(q.ids, l->ids[l->passed], (size_t)q.count * RECEIVER_LEN);
	buf_init(&b, VAULT_READERS_LEN);
	vault_readers_put(&b, &q);
	if (c->f->vault_ready)
		rc = call_start(
		    c->f, CALL_VAULT, VM_NAMES_LIST, &b, c->id, on_lines, &c->req->call);
	buf_done(&b);
	return rc;
}

static void
on_lines(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct work *w;
	int rc = a->err;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	w = c->req->work;
	if (rc == 0)
		rc = take_lines(w->many, a);
	if (rc == 0 && w->many->passed < w->many->asked)
		rc = ask_list(c, w->many);
	else if (rc == 0)
		write_down(c, w);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* ID,ID,...: 1, or 0 when it is no such list. */
static int
read_list(struct slice s, struct many *l)
{
	struct slice id;
	const char *end;

	do {
		end = s.n > 0 ? memchr(s.p, ',', s.n) : NULL;
		id = (struct slice){ s.p, end != NULL ? (size_t)(end - s.p) : s.n };
		if (l->asked == NAMES_LIST_MOST ||
		    hex_decode(id, l->ids[l->asked], RECEIVER_LEN) != RECEIVER_LEN)
			return 0;
		l->asked++;
		if (end != NULL)
			s = (struct slice){ end + 1, s.n - id.n - 1 };
	} while (end != NULL);
	return 1;
}

/* Of which bulletin the list is, if that is said: 1, or 0 for what cannot be one. */
static int
read_bulletin(struct conn *c, struct work *w)
{
	struct buf v;
	int got, ok;

	buf_init(&v, DESK_REF_MAX);
	got = http_query(c->req->http.query, "bulletin", &v);
	ok = got == 0 || (got == 1 && v.n > 0 && memchr(v.p, '\0', v.n) == NULL);
	if (ok && got == 1)
		memcpy(w->ref, v.p, v.n);
	buf_done(&v);
	return ok;
}

static void
get_list(struct conn *c, struct slice ids)
{
	struct work *w = mem_zalloc(sizeof *w);
	int rc;

	if (w != NULL)
		w->many = mem_zalloc(sizeof *w->many);
	if (w == NULL || w->many == NULL) {
		mem_free(w);
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	buf_init_secret(&w->many->names, LIST_JSON_MAX);
	c->req->work = w;
	c->req->work_free = work_free;
	if (!read_list(ids, w->many) || !read_bulletin(c, w)) {
		http_problem(c, P_BAD_REQUEST, NULL,
		    "receivers is 100 ids at most, 32 hexadecimal digits each, with "
		    "commas between; bulletin an id or a number");
		return;
	}
	rc = ask_list(c, w->many);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* One of the three parameters as the vault takes it, padded with zeros: 1, or 0 when it
 * is not there so. */
static int
read_id(struct conn *c, const char *name, unsigned kind, uint8_t id[VAULT_ID_MAX])
{
	struct buf v;
	int ok;

	buf_init(&v, VAULT_ID_MAX);
	ok = http_query(c->req->http.query, name, &v) == 1 && buf_err(&v) == 0;
	if (ok && kind == NAMES_OF_MEMBER) {
		ok = v.n > 0 && v.n < VAULT_ID_MAX && memchr(v.p, '\0', v.n) == NULL;
		if (ok)
			memcpy(id, v.p, v.n);
	} else if (ok) {
		ok = hex_decode(buf_slice(&v), id, RECEIVER_LEN) == RECEIVER_LEN;
	}
	buf_done(&v);
	return ok;
}

static void
get_one(struct conn *c, uint8_t kind, const uint8_t id[VAULT_ID_MAX])
{
	struct work *w = mem_zalloc(sizeof *w);
	struct buf b;
	int rc;

	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	c->req->work = w;
	c->req->work_free = work_free;
	if (kind != NAMES_OF_MEMBER)
		hex_encode(id, RECEIVER_LEN, w->ref);
	buf_init(&b, VAULT_NAMES_ASK);
	wire_put_bytes(&b, c->who->spki, SPKI_LEN);
	wire_put_u8(&b, kind);
	wire_put_bytes(&b, id, VAULT_ID_MAX);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_NAMES, &b, c->id,
				     on_called, &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

void
in_names_get(struct conn *c)
{
	static const char *const names[] = { [NAMES_OF_RECEIVER] = "receiver",
		[NAMES_OF_PERSON] = "person",
		[NAMES_OF_MEMBER] = "member" };
	uint8_t id[VAULT_ID_MAX] = { 0 }, one[VAULT_ID_MAX] = { 0 }, kind = 0;
	unsigned i, n = 0;
	struct buf ids;
	int many;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!read_id(c, names[i], i, one))
			continue;
		n++;
		kind = (uint8_t)i;
		memcpy(id, one, sizeof id);
		memset(one, 0, sizeof one);
	}
	buf_init(&ids, LIST_QUERY_MAX);
	many = http_query(c->req->http.query, "receivers", &ids);
	if (n + (many != 0) != 1 || many < 0)
		http_problem(c, P_BAD_REQUEST, NULL,
		    "one of receiver and person, 32 hexadecimal digits, member, and "
		    "receivers, 100 such ids at most with commas between");
	else if (many == 1)
		get_list(c, buf_slice(&ids));
	else
		get_one(c, kind, id);
	buf_done(&ids);
}
