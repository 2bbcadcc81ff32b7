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
 * GET /v1/names?receiver=ID or ?person=ID: who that reader is, for a desk.  The vault
 * decides who may know it; whom one may not know and who does not exist look the same.
 */
static void
on_called(struct front *f, uint64_t owner, const struct answer *a)
{
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
	buf_adds(&out, "}}");
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_wipe(&out);
	mem_wipe(&m, sizeof m);
}

/* One of the two parameters, 32 hexadecimal digits: 1, or 0 when it is not there so. */
static int
read_id(struct conn *c, const char *name, uint8_t id[RECEIVER_LEN])
{
	struct buf v;
	int ok;

	buf_init(&v, 64);
	ok = http_query(c->req->http.query, name, &v) == 1 && buf_err(&v) == 0 &&
	     hex_decode(buf_slice(&v), id, RECEIVER_LEN) == RECEIVER_LEN;
	buf_done(&v);
	return ok;
}

void
in_names_get(struct conn *c)
{
	uint8_t id[RECEIVER_LEN], other[RECEIVER_LEN];
	uint8_t kind = NAMES_OF_RECEIVER;
	int receiver = read_id(c, "receiver", id), person;
	struct buf b;
	int rc;

	person = read_id(c, "person", receiver ? other : id);
	if (receiver == person) {
		http_problem(c, P_BAD_REQUEST, NULL,
		    "one of receiver and person, 32 hexadecimal digits");
		return;
	}
	if (person)
		kind = NAMES_OF_PERSON;
	buf_init(&b, 64);
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
