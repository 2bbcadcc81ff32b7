/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/in_escrow.h"

#include <string.h>

#include "daemon/vault/envelope.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_books.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/term.h"

static int
reason_is_fine(const char *reason)
{
	struct slice s = slice_of(reason);

	return s.n >= ENVELOPE_REASON_MIN && term_is_plain(s);
}

static void
answer(
    struct vault *v, struct link *l, const struct link_frame *f, enum vault_status status)
{
	if (status != VS_OK)
		buf_reset(&v->page);
	vault_answer(v, l, f->type, status, f->call);
}

/* The row in the log, durable. */
static enum vault_status
write_down(struct vault *v, struct vault_export *e)
{
	struct db *db = vstore_db(v->store);
	int rc;

	e->number = v->exports + 1;
	e->minute = (uint32_t)clock_wall_minute();
	memcpy(e->prev, v->exports_head, sizeof e->prev);
	if (vault_export_sum(e, e->sum) != 0)
		return VS_INTERNAL;
	rc = v->writes_off ? ERR_CORRUPT : db_begin(db);
	if (rc == 0)
		rc = vbooks_add_export(v->books, e);
	if (rc == 0)
		rc = db_commit(db);
	if (rc != 0) {
		db_rollback(db);
		return vault_write_failed(v, rc);
	}
	v->exports = e->number;
	memcpy(v->exports_head, e->sum, sizeof v->exports_head);
	log_warn("export %llu: an envelope was handed out; the log has the reason",
	    (unsigned long long)e->number);
	return VS_OK;
}

void
in_escrow_envelope(struct vault *v, struct link *l, const struct link_frame *f)
{
	struct vault_export e;
	enum vault_status status = VS_OK;
	struct buf cms;
	struct wire w;
	int rc;

	memset(&e, 0, sizeof e);
	wire_init(&w, f->p, f->n);
	wire_bytes(&w, e.report, ID_LEN);
	wire_bytes(&w, e.reason, sizeof e.reason);
	if (e.reason[sizeof e.reason - 1] != '\0') {
		vault_refuse(l, "vault-admin");
		return;
	}
	buf_init(&cms, ENVELOPE_MAX);
	rc = vbooks_get_envelope(v->books, e.report, &cms);
	if (!reason_is_fine(e.reason))
		status = VS_INVALID;
	else if (rc != 0)
		status = rc == ERR_NOTFOUND ? VS_UNKNOWN : VS_INTERNAL;
	else
		status = write_down(v, &e);
	buf_reset(&v->page);
	wire_put_u64(&v->page, e.number);
	wire_put_bytes(&v->page, e.sum, sizeof e.sum);
	wire_put_u16(&v->page, (uint16_t)cms.n);
	wire_put_bytes(&v->page, cms.p, cms.n);
	answer(v, l, f, status);
	buf_done(&cms);
	if (status == VS_OK) {
		in_keeper_push_issuers(v);
		retain_after_write(v->retain);
	}
}

void
in_escrow_exports(struct vault *v, struct link *l, const struct link_frame *f)
{
	enum vault_status status = VS_OK;
	struct vault_export e;
	uint64_t from;
	struct wire w;
	unsigned n = 0;
	int rc = 1;

	wire_init(&w, f->p, f->n);
	from = wire_u64(&w);
	buf_reset(&v->page);
	wire_put_u8(&v->page, 0);
	for (; n < EXPORTS_PAGE; n++, from = e.number + 1) {
		rc = vbooks_get_export(v->books, from, &e);
		if (rc != 1)
			break;
		vault_export_put(&v->page, &e);
	}
	if (rc < 0)
		status = VS_INTERNAL;
	else if (buf_err(&v->page) == 0)
		v->page.p[0] = (char)n;
	answer(v, l, f, status);
}

void
in_escrow_pairs(struct vault *v, struct link *l, const struct link_frame *f)
{
	const unsigned char *now = envelope_pair(v->maker);
	struct vault_pair p, current = { .now = 1 };
	unsigned n = 1;
	struct buf rest;
	int rc;

	memcpy(current.pair, now, PAIR_LEN);
	buf_init(&rest, VAULT_PAGE);
	while ((rc = vbooks_next_pair(v->books, &p)) == 1) {
		if (p.envelopes > 0)
			p.last_day += (uint32_t)v->opt.envelope_days;
		if (memcmp(p.pair, now, PAIR_LEN) == 0) {
			current.envelopes = p.envelopes;
			current.last_day = p.last_day;
		} else if (n < PAIRS_MAX) {
			vault_pair_put(&rest, &p);
			n++;
		}
	}
	buf_reset(&v->page);
	wire_put_u8(&v->page, (uint8_t)n);
	vault_pair_put(&v->page, &current);
	buf_add(&v->page, rest.p, rest.n);
	answer(v, l, f, rc == 0 ? VS_OK : VS_INTERNAL);
	buf_done(&rest);
}

void
in_escrow_reload(struct vault *v, struct link *l, const struct link_frame *f)
{
	vault_reload(v);
	buf_reset(&v->page);
	wire_put_bytes(&v->page, v->reload_error, sizeof v->reload_error);
	vault_answer(
	    v, l, f->type, v->reload_error[0] == '\0' ? VS_OK : VS_INVALID, f->call);
}

int
in_escrow_head(struct vault *v)
{
	unsigned char sum[32];
	struct vault_export e;
	int rc, told = 0;

	while ((rc = vbooks_get_export(v->books, v->exports + 1, &e)) == 1) {
		rc = vault_export_sum(&e, sum);
		if (rc != 0)
			return rc;
		if (!told && (e.number != v->exports + 1 ||
				 memcmp(e.prev, v->exports_head, sizeof e.prev) != 0 ||
				 memcmp(e.sum, sum, sizeof sum) != 0)) {
			log_error("the log of exports does not verify at number %llu: "
				  "somebody changed it",
			    (unsigned long long)e.number);
			told = 1;
		}
		v->exports = e.number;
		memcpy(v->exports_head, e.sum, sizeof e.sum);
	}
	return rc;
}
