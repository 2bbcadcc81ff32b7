/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/sha.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report_work.h"
#include "daemon/front/who.h"
#include "proto/text_marks.h"

/* The preview of a report: what is left of its text, who would get it, and the hash by
 * which its sender approves of it. */

static int
preview_write(
    struct report_work *w, const char *approved, struct slice explained, struct buf *out)
{
	static const struct json_caps caps = { 256 * 1024, 16, 8000, 64 * 1024 };
	static const char *const lifted[] = { "audience", "automatic", "candidates",
		"generalised", "inbox", "k", "level", "read_by", "reasons" };
	json_t *x = NULL, *v, *marks = NULL;
	struct fault why;
	size_t i;
	int rc = json_read(explained, &caps, &x, &why);

	buf_addf(out, "{\"approved\":\"%s\"", approved);
	for (i = 0; rc == 0 && i < sizeof lifted / sizeof lifted[0]; i++) {
		v = json_object_get(x, lifted[i]);
		if (v == NULL)
			continue;
		buf_addf(out, ",\"%s\":", lifted[i]);
		rc = json_canonical(v, out);
	}
	buf_adds(out, ",\"marks\":");
	if (rc == 0)
		rc = report_marks(w->scrubbed, &marks);
	if (rc == 0)
		rc = json_canonical(marks, out);
	buf_adds(out, ",\"replacements\":");
	if (rc == 0)
		rc = json_canonical(w->replaced, out);
	buf_adds(out, ",\"report\":");
	buf_add(out, w->text.p, w->text.n);
	buf_addc(out, '}');
	json_decref(marks);
	json_decref(x);
	return rc != 0 ? rc : buf_err(out);
}

void
in_preview_approval(const struct report_work *w, char out[APPROVED_LEN + 1])
{
	unsigned char md[32];
	struct buf b;

	(void)SHA256((const unsigned char *)w->text.p, w->text.n, md);
	buf_init(&b, 64);
	buf_add_b64url(&b, md, sizeof md);
	(void)snprintf(out, APPROVED_LEN + 1, "%s", buf_cstr(&b));
	buf_done(&b);
}

static void
on_explain(struct front *f, uint64_t owner, const struct answer *a)
{
	char approved[APPROVED_LEN + 1];
	struct keeper_reply k;
	struct conn *c;
	struct report_work *w = in_report_waiting(f, owner, &c);
	struct buf out;
	int rc;

	if (w == NULL)
		return;
	if (a->err != 0 || keeper_reply_get(a->p, a->n, &k) != 0 || k.problem != P_OK) {
		http_keeper(c, a, 0);
		return;
	}
	in_preview_approval(w, approved);
	buf_init(&out, 2 * 1024 * 1024);
	rc = preview_write(w, approved, k.body, &out);
	if (rc == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, rc);
	buf_wipe(&out);
}

static void
explain(struct conn *c, struct report_work *w, int auto_ok)
{
	struct buf b;
	int rc;

	buf_init(&b, REPORT_JSON_MAX + 64);
	wire_put_u8(&b, w->put.slot);
	wire_put_u8(&b, 0);
	wire_put_u8(&b, (uint8_t)auto_ok);
	wire_put_str(&b, buf_slice(&w->text));
	rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_EXPLAIN, &b, c->id,
				      on_explain, &c->req->call)
				: ERR_DOWN;
	buf_wipe(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

static void
on_nameable(struct front *f, uint64_t owner, const struct answer *a)
{
	struct vault_seal m;
	struct conn *c;
	struct report_work *w = in_report_waiting(f, owner, &c);

	if (w == NULL)
		return;
	if (a->err != 0 || vault_seal_get(a->p, a->n, &m) != 0)
		http_no_answer(c, a->err != 0 ? a->err : ERR_PROTO);
	else if (m.status != VS_OK)
		in_report_refused(c, m.status);
	else
		explain(c, w, m.auto_ok);
}

/* Whom the reporter lets know; ids of at most 63 bytes, as report_check found them. */
void
in_report_named(struct report_work *w, struct vault_order *o)
{
	const json_t *list =
	    json_object_get(json_object_get(w->report, "consent"), "named_to");
	const char *id;
	size_t i;

	for (i = 0; i < json_array_size(list) && i < NAMED_MAX; i++) {
		id = json_string_value(json_array_get(list, i));
		(void)snprintf(o->named[i], sizeof o->named[i], "%s", id);
		o->named_count++;
	}
	w->put.named_count = o->named_count;
}

void
in_preview(struct conn *c, struct report_work *w)
{
	struct vault_order o;
	struct buf b;
	int rc;

	memset(&o, 0, sizeof o);
	memcpy(o.spki, c->who->spki, SPKI_LEN);
	in_report_named(w, &o);
	buf_init(&b, VAULT_ORDER_LEN);
	vault_order_put(&b, &o);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_NAMEABLE, &b, c->id,
				     on_nameable, &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}
