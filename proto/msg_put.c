/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_put.h"

#include <string.h>

static void
put_topics(struct buf *b, const struct keeper_put *m)
{
	unsigned i;

	wire_put_u8(b, m->topic_count);
	for (i = 0; i < m->topic_count; i++) {
		wire_put_bytes(b, m->topics[i], TOPIC_LEN);
		wire_put_u16(b, m->counts[i].members);
		wire_put_u8(b, m->counts[i].sectors);
	}
	wire_put_u32(b, m->since);
}

static void
take_topics(struct wire *w, struct keeper_put *ret)
{
	unsigned i;

	ret->topic_count = wire_u8(w);
	if (ret->topic_count > TOPICS_MAX) {
		w->err = ERR_PROTO;
		return;
	}
	for (i = 0; i < ret->topic_count; i++) {
		wire_bytes(w, ret->topics[i], TOPIC_LEN);
		ret->counts[i].members = wire_u16(w);
		ret->counts[i].sectors = wire_u8(w);
	}
	ret->since = wire_u32(w);
}

void
keeper_put_put(struct buf *b, const struct keeper_put *m)
{
	wire_put_bytes(b, m->report, ID_LEN);
	wire_put_u8(b, m->has_idem);
	wire_put_bytes(b, m->idem_key, sizeof m->idem_key);
	wire_put_bytes(b, m->idem_mac, sizeof m->idem_mac);
	wire_put_u8(b, m->slot);
	wire_put_u8(b, m->auto_ok);
	wire_put_u8(b, m->blind);
	wire_put_u8(b, m->has_case);
	wire_put_bytes(b, m->case_id, ID_LEN);
	wire_put_bytes(b, m->secret_hash, sizeof m->secret_hash);
	wire_put_u8(b, m->has_token);
	wire_put_bytes(b, m->token, sizeof m->token);
	put_topics(b, m);
	wire_put_u8(b, m->named_count);
	wire_put_bytes(b, m->named, sizeof m->named);
	wire_put_u8(b, m->slip_desk);
	wire_put_str(b, m->slip);
	wire_put_str(b, m->json);
}

int
keeper_put_get(const void *p, size_t n, struct keeper_put *ret)
{
	struct keeper_put m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	wire_bytes(&w, m.report, ID_LEN);
	m.has_idem = wire_bool(&w);
	wire_bytes(&w, m.idem_key, sizeof m.idem_key);
	wire_bytes(&w, m.idem_mac, sizeof m.idem_mac);
	m.slot = wire_u8(&w);
	if (m.slot >= SLOTS && m.slot != SLOT_NONE)
		w.err = ERR_PROTO;
	m.auto_ok = wire_bool(&w);
	m.blind = wire_bool(&w);
	m.has_case = wire_bool(&w);
	wire_bytes(&w, m.case_id, ID_LEN);
	wire_bytes(&w, m.secret_hash, sizeof m.secret_hash);
	m.has_token = wire_bool(&w);
	wire_bytes(&w, m.token, sizeof m.token);
	take_topics(&w, &m);
	m.named_count = wire_u8(&w);
	wire_bytes(&w, m.named, sizeof m.named);
	if (m.named_count > NAMED_MAX)
		w.err = ERR_PROTO;
	m.slip_desk = wire_u8(&w);
	m.slip = wire_str(&w, SLIP_MAX);
	m.json = wire_str(&w, REPORT_JSON_MAX);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
