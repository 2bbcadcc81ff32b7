/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/evp.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "proto/msg_desk.h"
#include "proto/msg_escrow.h"

/*
 * GET /v1/reports/{id}/identity: the envelope that a named report's recipient opens with
 * its own key.  Unknown, sealed, or naming somebody else: the vault does not say which.
 */

static void
on_named(struct front *f, uint64_t owner, const struct answer *a)
{
	unsigned char text[ENVELOPE_CMS_MAX / 3 * 4 + 8];
	struct conn *c = conn_find(f, owner);
	struct vault_named m;
	struct buf out;
	int rc = a->err;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (rc == 0)
		rc = vault_named_get(a->p, a->n, &m);
	if (rc != 0) {
		http_no_answer(c, rc);
		return;
	}
	if (m.status != VS_OK) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	(void)EVP_EncodeBlock(text, (const unsigned char *)m.cms.p, (int)m.cms.n);
	buf_init(&out, sizeof text + 64);
	buf_addf(&out, "{\"cms\":\"%s\"}", (const char *)text);
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_done(&out);
}

static void
ask_vault(struct conn *c, const uint8_t *report)
{
	struct buf b;
	int rc;

	buf_init(&b, 64);
	wire_put_bytes(&b, c->who->spki, SPKI_LEN);
	wire_put_bytes(&b, report, ID_LEN);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_NAMED, &b, c->id,
				     on_named, &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* The keeper has written down who asks; without that nobody gets an answer. */
static void
on_written(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	uint8_t report[ID_LEN];
	struct keeper_reply r;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err != 0)
		http_no_answer(c, a->err);
	else if (keeper_reply_get(a->p, a->n, &r) != 0)
		http_no_answer(c, ERR_PROTO);
	else if (r.problem != P_OK || hex_decode(c->req->param, report, ID_LEN) != ID_LEN)
		http_problem(c, r.problem != P_OK ? r.problem : P_NOT_FOUND, NULL, NULL);
	else
		ask_vault(c, report);
}

void
in_identity_get(struct conn *c)
{
	uint8_t report[ID_LEN];
	struct keeper_desk m;
	int rc;

	if (hex_decode(c->req->param, report, ID_LEN) != ID_LEN) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	memset(&m, 0, sizeof m);
	m.verb = DV_IDENTITY;
	m.rights = c->who->rights;
	m.ref = c->req->param;
	rc = desk_ask(c, &m, on_written);
	if (rc != 0)
		http_no_answer(c, rc);
}
