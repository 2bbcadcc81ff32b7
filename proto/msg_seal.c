/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_seal.h"

#include <string.h>

void
vault_order_put(struct buf *b, const struct vault_order *m)
{
	unsigned i;

	wire_put_bytes(b, m->spki, sizeof m->spki);
	wire_put_bytes(b, m->report, ID_LEN);
	wire_put_u8(b, m->wants_auto);
	wire_put_u8(b, m->topic_count);
	wire_put_bytes(b, m->topics, sizeof m->topics);
	wire_put_u8(b, m->named_count);
	for (i = 0; i < NAMED_MAX; i++)
		vault_text_put(b, m->named[i], VAULT_ID_MAX);
	wire_put_u8(b, m->critical);
}

int
vault_order_get(const void *p, size_t n, struct vault_order *ret)
{
	struct vault_order m;
	struct wire w;
	unsigned i;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	wire_bytes(&w, m.spki, sizeof m.spki);
	wire_bytes(&w, m.report, ID_LEN);
	m.wants_auto = wire_u8(&w);
	m.topic_count = wire_u8(&w);
	wire_bytes(&w, m.topics, sizeof m.topics);
	m.named_count = wire_u8(&w);
	for (i = 0; i < NAMED_MAX; i++)
		vault_text_get(&w, m.named[i], VAULT_ID_MAX);
	m.critical = wire_u8(&w);
	rc = wire_end(&w);
	if (rc == 0 && (m.wants_auto > 1 || m.topic_count > TOPICS_MAX ||
			   m.named_count > NAMED_MAX || m.critical > 1))
		rc = ERR_PROTO;
	if (rc == 0)
		*ret = m;
	return rc;
}

void
vault_seal_put(struct buf *b, const struct vault_seal *m)
{
	unsigned i;

	wire_put_u8(b, m->status);
	wire_put_u8(b, m->auto_ok);
	wire_put_u32(b, m->since);
	for (i = 0; i < TOPICS_MAX; i++) {
		wire_put_u16(b, m->topics[i].members);
		wire_put_u8(b, m->topics[i].sectors);
	}
	wire_put_bytes(b, m->named, sizeof m->named);
	wire_put_bytes(b, m->ticket, TICKET_LEN);
	vault_page_pad(b);
}

int
vault_seal_get(const void *p, size_t n, struct vault_seal *ret)
{
	struct wire w;
	unsigned i;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	ret->auto_ok = wire_u8(&w);
	ret->since = wire_u32(&w);
	for (i = 0; i < TOPICS_MAX; i++) {
		ret->topics[i].members = wire_u16(&w);
		ret->topics[i].sectors = wire_u8(&w);
	}
	wire_bytes(&w, ret->named, sizeof ret->named);
	wire_bytes(&w, ret->ticket, TICKET_LEN);
	if (ret->status > VS_LAST || ret->auto_ok > 1)
		return ERR_PROTO;
	return w.err;
}

void
vault_settle_put(struct buf *b, const struct vault_settle *m)
{
	wire_put_bytes(b, m->ticket, TICKET_LEN);
	wire_put_u8(b, m->stored);
	wire_put_u8(b, m->released);
}

int
vault_settle_get(const void *p, size_t n, struct vault_settle *ret)
{
	struct vault_settle m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	wire_bytes(&w, m.ticket, TICKET_LEN);
	m.stored = wire_bool(&w);
	m.released = wire_bool(&w);
	rc = wire_end(&w);
	if (rc == 0 && m.released && !m.stored)
		rc = ERR_PROTO;
	if (rc == 0)
		*ret = m;
	return rc;
}
