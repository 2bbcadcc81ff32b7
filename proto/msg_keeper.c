/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_keeper.h"

#include <string.h>

#include "proto/msg_put.h"

enum { NOTE_MAX = 1024, TEXT_MAX = 1024 };

void
keeper_hello_put(struct buf *b, const struct keeper_hello *m)
{
	wire_put_u32(b, m->epoch);
	wire_put_bytes(b, m->cursor_key, sizeof m->cursor_key);
	wire_put_u64(b, m->head);
	wire_put_u64(b, m->earliest);
}

int
keeper_hello_get(const void *p, size_t n, struct keeper_hello *ret)
{
	struct keeper_hello m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	m.epoch = wire_u32(&w);
	wire_bytes(&w, m.cursor_key, sizeof m.cursor_key);
	m.head = wire_u64(&w);
	m.earliest = wire_u64(&w);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}

void
keeper_auto_put(struct buf *b, const struct keeper_auto *m)
{
	wire_put_bytes(b, m->level, sizeof m->level);
	wire_put_u8(b, m->no_slot);
}

int
keeper_auto_get(const void *p, size_t n, struct keeper_auto *ret)
{
	struct keeper_auto m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	wire_bytes(&w, m.level, sizeof m.level);
	m.no_slot = wire_u8(&w);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}

void
keeper_case_put(struct buf *b, const struct keeper_case *m)
{
	wire_put_bytes(b, m->case_id, ID_LEN);
	wire_put_u8(b, m->desk);
	wire_put_bytes(b, m->secret_hash, sizeof m->secret_hash);
	rights_put(b, &m->rights);
}

void
keeper_case_take(struct wire *w, struct keeper_case *ret)
{
	wire_bytes(w, ret->case_id, ID_LEN);
	ret->desk = wire_bool(w);
	wire_bytes(w, ret->secret_hash, sizeof ret->secret_hash);
	rights_get(w, &ret->rights);
}

int
keeper_case_get(const void *p, size_t n, struct keeper_case *ret)
{
	struct keeper_case m;
	struct wire w;
	int rc;

	memset(&m, 0, sizeof m);
	wire_init(&w, p, n);
	keeper_case_take(&w, &m);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}

void
keeper_list_put(struct buf *b, const struct keeper_list *m)
{
	rights_put(b, &m->rights);
	wire_put_u8(b, m->min_severity);
	wire_put_u64(b, m->sectors);
	wire_put_u32(b, m->limit);
	wire_put_u64(b, m->before);
}

int
keeper_list_get(const void *p, size_t n, struct keeper_list *ret)
{
	struct keeper_list m;
	struct wire w;
	int rc;

	wire_init(&w, p, n);
	rights_get(&w, &m.rights);
	m.min_severity = wire_u8(&w);
	m.sectors = wire_u64(&w);
	m.limit = wire_u32(&w);
	if (m.limit < 1 || m.limit > 500)
		w.err = ERR_PROTO;
	m.before = wire_u64(&w);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}

void
keeper_ack_put(struct buf *b, const struct keeper_ack *m)
{
	wire_put_bytes(b, m->id, ID_LEN);
	wire_put_u16(b, m->revision);
	wire_put_u8(b, m->status);
	wire_put_u32(b, m->forwarded_to);
	wire_put_str(b, m->note);
}

void
keeper_ack_get(struct wire *w, struct keeper_ack *ret)
{
	wire_bytes(w, ret->id, ID_LEN);
	ret->revision = wire_u16(w);
	ret->status = wire_u8(w);
	if (ret->status < ACK_RECEIVED || ret->status > ACK_ACTED)
		w->err = ERR_PROTO;
	ret->forwarded_to = wire_u32(w);
	ret->note = wire_str(w, NOTE_MAX);
}

void
keeper_reply_put(struct buf *b, const struct keeper_reply *m)
{
	wire_put_u16(b, (uint16_t)m->problem);
	wire_put_u8(b, m->created);
	wire_put_str(b, m->pointer);
	wire_put_str(b, m->detail);
	wire_put_str(b, m->body);
}

int
keeper_reply_get(const void *p, size_t n, struct keeper_reply *ret)
{
	struct keeper_reply m;
	struct wire w;
	uint16_t code;
	int rc;

	wire_init(&w, p, n);
	code = wire_u16(&w);
	if (code >= P_COUNT)
		w.err = ERR_PROTO;
	m.problem = (enum problem)code;
	m.created = wire_u8(&w);
	if (m.created > REPLY_RELEASED)
		w.err = ERR_PROTO;
	m.pointer = wire_str(&w, TEXT_MAX);
	m.detail = wire_str(&w, TEXT_MAX);
	m.body = wire_str(&w, KEEPER_FRAME_MAX);
	rc = wire_end(&w);
	if (rc == 0)
		*ret = m;
	return rc;
}
