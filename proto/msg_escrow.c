/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_escrow.h"

#include <string.h>

#include <openssl/evp.h>

int
vault_export_sum(const struct vault_export *e, unsigned char ret[32])
{
	struct buf b;
	int rc;

	buf_init(&b, 1024);
	wire_put_bytes(&b, e->prev, sizeof e->prev);
	wire_put_u64(&b, e->number);
	wire_put_u32(&b, e->minute);
	wire_put_bytes(&b, e->report, ID_LEN);
	buf_add(&b, e->reason, strnlen(e->reason, sizeof e->reason));
	rc = buf_err(&b);
	if (rc == 0 && EVP_Digest(b.p, b.n, ret, NULL, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	buf_done(&b);
	return rc;
}

void
vault_export_put(struct buf *b, const struct vault_export *m)
{
	wire_put_u64(b, m->number);
	wire_put_u32(b, m->minute);
	wire_put_bytes(b, m->report, ID_LEN);
	wire_put_bytes(b, m->reason, sizeof m->reason);
	wire_put_bytes(b, m->prev, sizeof m->prev);
	wire_put_bytes(b, m->sum, sizeof m->sum);
}

void
vault_export_get(struct wire *w, struct vault_export *ret)
{
	ret->number = wire_u64(w);
	ret->minute = wire_u32(w);
	wire_bytes(w, ret->report, ID_LEN);
	wire_bytes(w, ret->reason, sizeof ret->reason);
	if (w->err == 0 && ret->reason[sizeof ret->reason - 1] != '\0')
		w->err = ERR_PROTO;
	wire_bytes(w, ret->prev, sizeof ret->prev);
	wire_bytes(w, ret->sum, sizeof ret->sum);
}

void
vault_pair_put(struct buf *b, const struct vault_pair *m)
{
	wire_put_bytes(b, m->pair, PAIR_LEN);
	wire_put_u32(b, m->envelopes);
	wire_put_u32(b, m->last_day);
	wire_put_u8(b, m->now);
}

void
vault_pair_get(struct wire *w, struct vault_pair *ret)
{
	wire_bytes(w, ret->pair, PAIR_LEN);
	ret->envelopes = wire_u32(w);
	ret->last_day = wire_u32(w);
	ret->now = wire_bool(w);
}

void
vault_named_put(struct buf *b, const struct vault_named *m)
{
	wire_put_u8(b, m->status);
	wire_put_u16(b, (uint16_t)m->cms.n);
	wire_put_bytes(b, m->cms.p, m->cms.n);
	vault_page_pad(b);
}

int
vault_named_get(const void *p, size_t n, struct vault_named *ret)
{
	struct wire w;
	size_t at;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	ret->cms.n = wire_u16(&w);
	at = w.at;
	if (w.err != 0 || ret->status > VS_LAST || ret->cms.n > ENVELOPE_CMS_MAX ||
	    (ret->cms.n > 0) != (ret->status == VS_OK))
		return ERR_PROTO;
	ret->cms.p = (const char *)p + at;
	return 0;
}
