/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_issuer.h"

#include <string.h>

void
vault_groups_put(struct buf *b, const struct vault_groups *m)
{
	wire_put_u8(b, m->n);
	wire_put_bytes(b, m->of, sizeof m->of);
}

int
vault_groups_get(const void *p, size_t n, struct vault_groups *ret)
{
	struct vault_groups m;
	struct wire w;
	unsigned i;
	int rc;

	wire_init(&w, p, n);
	m.n = wire_u8(&w);
	wire_bytes(&w, m.of, sizeof m.of);
	rc = wire_end(&w);
	if (rc == 0 && m.n > GROUPS_MAX)
		rc = ERR_PROTO;
	for (i = 0; rc == 0 && i < SLOTS; i++)
		if (m.of[i] >= m.n && m.of[i] != GROUP_NONE)
			rc = ERR_PROTO;
	if (rc == 0)
		*ret = m;
	return rc;
}

void
vault_issue_put(struct buf *b, const struct vault_issue *m)
{
	wire_put_bytes(b, m->spki, sizeof m->spki);
	wire_put_u8(b, m->group);
	wire_put_u32(b, m->epoch);
	wire_put_bytes(b, m->blinded, sizeof m->blinded);
}

int
vault_issue_get(const void *p, size_t n, struct vault_issue *ret)
{
	struct wire w;

	wire_init(&w, p, n);
	wire_bytes(&w, ret->spki, sizeof ret->spki);
	ret->group = wire_u8(&w);
	ret->epoch = wire_u32(&w);
	wire_bytes(&w, ret->blinded, sizeof ret->blinded);
	return wire_end(&w);
}

void
vault_signed_put(struct buf *b, const struct vault_signed *m)
{
	wire_put_u8(b, m->status);
	wire_put_bytes(b, m->sig, sizeof m->sig);
	vault_page_pad(b);
}

int
vault_signed_get(const void *p, size_t n, struct vault_signed *ret)
{
	struct wire w;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	wire_bytes(&w, ret->sig, sizeof ret->sig);
	if (ret->status > VS_LAST)
		return ERR_PROTO;
	return w.err;
}

void
vault_issuer_put(struct buf *b, const struct vault_issuer *m)
{
	unsigned i;

	wire_put_u8(b, m->group);
	wire_put_u32(b, m->epoch);
	wire_put_u8(b, m->state);
	wire_put_u32(b, m->drawn);
	wire_put_bytes(b, m->n, sizeof m->n);
	wire_put_u8(b, m->slots);
	for (i = 0; i < m->slots; i++) {
		wire_put_u8(b, m->slot[i]);
		wire_put_u32(b, m->in[i]);
	}
}

static void
get_slots(struct wire *w, struct vault_issuer *m)
{
	unsigned i;

	m->slots = wire_u8(w);
	if (m->slots > SLOTS)
		w->err = ERR_PROTO;
	for (i = 0; w->err == 0 && i < m->slots; i++) {
		m->slot[i] = wire_u8(w);
		m->in[i] = wire_u32(w);
		if (m->slot[i] >= SLOTS || (i > 0 && m->slot[i] <= m->slot[i - 1]))
			w->err = ERR_PROTO;
	}
}

int
vault_issuer_get(const void *p, size_t n, struct vault_issuer *ret)
{
	struct vault_issuer m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	m.group = wire_u8(&w);
	m.epoch = wire_u32(&w);
	m.state = wire_u8(&w);
	m.drawn = wire_u32(&w);
	wire_bytes(&w, m.n, sizeof m.n);
	get_slots(&w, &m);
	rc = wire_end(&w);
	if (rc == 0 && (m.state < ISSUER_COMING || m.state > ISSUER_GRACE))
		rc = ERR_PROTO;
	if (rc == 0)
		*ret = m;
	return rc;
}

void
vault_public_put(struct buf *b, const struct vault_public *m)
{
	wire_put_u32(b, m->epoch);
	wire_put_u32(b, m->epoch_seconds);
	wire_put_u16(b, m->batch);
	wire_put_u16(b, m->envelope_days);
	wire_put_u64(b, m->exports);
	wire_put_bytes(b, m->exports_head, sizeof m->exports_head);
}

int
vault_public_get(const void *p, size_t n, struct vault_public *ret)
{
	struct vault_public m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	m.epoch = wire_u32(&w);
	m.epoch_seconds = wire_u32(&w);
	m.batch = wire_u16(&w);
	m.envelope_days = wire_u16(&w);
	m.exports = wire_u64(&w);
	wire_bytes(&w, m.exports_head, sizeof m.exports_head);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
