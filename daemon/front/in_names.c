/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/http.h"
#include "proto/json.h"
#include "proto/msg_person.h"

/*
 * GET /v1/names?receiver=ID or ?person=ID: who that reader is, for a desk; ?member=ID the
 * other way round, so that it can name a member whose receiver it has not seen.  The
 * vault decides who may know it; whom one may not know and who does not exist look the
 * same.
 */
static void
on_called(struct front *f, uint64_t owner, const struct answer *a)
{
	static const uint8_t nobody[RECEIVER_LEN];
	struct conn *c = conn_find(f, owner);
	struct vault_called m;
	struct buf out;
	int rc = a->err;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (rc == 0)
		rc = vault_called_get(a->p, a->n, &m);
	if (rc != 0) {
		http_no_answer(c, rc);
		return;
	}
	if (m.status != VS_OK) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	buf_init(&out, 8192);
	buf_adds(&out, "{\"id\":");
	json_add_string(&out, slice_of(m.id));
	buf_adds(&out, ",\"names\":{\"en\":");
	json_add_string(&out, slice_of(m.en[0] != '\0' ? m.en : m.id));
	buf_adds(&out, ",\"ja\":");
	json_add_string(&out, slice_of(m.ja[0] != '\0' ? m.ja : m.id));
	buf_addc(&out, '}');
	if (!mem_equal_ct(m.receiver, nobody, sizeof nobody)) {
		buf_adds(&out, ",\"receiver\":\"");
		buf_add_hex(&out, m.receiver, sizeof m.receiver);
		buf_addc(&out, '"');
	}
	buf_addc(&out, '}');
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_wipe(&out);
	mem_wipe(&m, sizeof m);
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
