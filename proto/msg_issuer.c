/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_issuer.h"

#include <string.h>

void
vault_issuer_put(struct buf *b, const struct vault_issuer *m)
{
	wire_put_u8(b, m->group);
	wire_put_u32(b, m->epoch);
	wire_put_u8(b, m->state);
	wire_put_u32(b, m->drawn);
	wire_put_bytes(b, m->n, sizeof m->n);
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
