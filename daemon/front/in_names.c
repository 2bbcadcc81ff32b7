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
 */
struct work {
	struct vault_called m;
	char ref[2 * RECEIVER_LEN + 1]; /* of whom; "" when the vault does not say */
};

static void
work_free(struct front *f, void *work)
{
	(void)f;
	mem_wipe_free(work, sizeof(struct work));
}

static int
is_reader(const struct vault_called *m)
{
	static const uint8_t nobody[RECEIVER_LEN];

	return !mem_equal_ct(m->receiver, nobody, sizeof nobody);
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
	buf_adds(&out, "{\"id\":");
	json_add_string(&out, slice_of(m->id));
	buf_adds(&out, ",\"names\":{\"en\":");
	json_add_string(&out, slice_of(m->en[0] != '\0' ? m->en : m->id));
	buf_adds(&out, ",\"ja\":");
	json_add_string(&out, slice_of(m->ja[0] != '\0' ? m->ja : m->id));
	buf_addc(&out, '}');
	if (is_reader(m)) {
		buf_adds(&out, ",\"receiver\":\"");
		buf_add_hex(&out, m->receiver, sizeof m->receiver);
		buf_addc(&out, '"');
	}
	buf_addc(&out, '}');
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
	struct vault_called m;
	struct keeper_reply r;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err != 0) {
		http_no_answer(c, a->err);
	} else if (keeper_reply_get(a->p, a->n, &r) != 0) {
		http_no_answer(c, ERR_PROTO);
	} else if (r.problem != P_OK) {
		http_problem(c, r.problem, NULL, NULL);
	} else {
		m = ((struct work *)c->req->work)->m; /* which goes with the request */
		tell(c, &m);
		mem_wipe(&m, sizeof m);
	}
}

static void
write_down(struct conn *c, const struct work *w)
{
	struct keeper_desk m;
	int rc;

	memset(&m, 0, sizeof m);
	m.verb = DV_NAMES;
	m.rights = c->who->rights;
	m.ref = slice_of(w->ref);
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

void
in_names_get(struct conn *c)
{
	static const char *const names[] = { [NAMES_OF_RECEIVER] = "receiver",
		[NAMES_OF_PERSON] = "person",
		[NAMES_OF_MEMBER] = "member" };
	uint8_t id[VAULT_ID_MAX] = { 0 }, one[VAULT_ID_MAX] = { 0 }, kind = 0;
	unsigned i, n = 0;
	struct work *w;
	struct buf b;
	int rc;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!read_id(c, names[i], i, one))
			continue;
		n++;
		kind = (uint8_t)i;
		memcpy(id, one, sizeof id);
		memset(one, 0, sizeof one);
	}
	if (n != 1) {
		http_problem(c, P_BAD_REQUEST, NULL,
		    "one of receiver and person, 32 hexadecimal digits, and member");
		return;
	}
	w = mem_zalloc(sizeof *w);
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
	wire_put_bytes(&b, id, sizeof id);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_NAMES, &b, c->id,
				     on_called, &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}
