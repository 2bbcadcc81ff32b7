/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_registry.h"

#include <string.h>

void
vault_dir_row_put(struct buf *b, const struct vault_dir_row *m)
{
	rights_put(b, &m->rights);
	wire_put_u8(b, m->disabled);
	wire_put_u8(b, m->routes);
	wire_put_u8(b, m->always);
	vault_text_put(b, m->region, sizeof m->region);
	vault_text_put(b, m->class_, sizeof m->class_);
	vault_text_put(b, m->size, sizeof m->size);
	subscription_put(b, &m->wants);
}

int
vault_dir_row_get(const void *p, size_t n, struct vault_dir_row *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	rights_get(&w, &ret->rights);
	ret->disabled = wire_u8(&w);
	ret->routes = wire_u8(&w);
	ret->always = wire_bool(&w);
	vault_text_get(&w, ret->region, sizeof ret->region);
	vault_text_get(&w, ret->class_, sizeof ret->class_);
	vault_text_get(&w, ret->size, sizeof ret->size);
	subscription_get(&w, &ret->wants);
	if (ret->disabled > 1)
		return ERR_PROTO;
	return wire_end(&w);
}

void
vault_dir_duty_put(struct buf *b, const struct vault_dir_duty *m)
{
	wire_put_bytes(b, m->receiver, sizeof m->receiver);
	wire_put_i64(b, m->from);
	wire_put_i64(b, m->to);
	wire_put_u8(b, m->persons);
}

int
vault_dir_duty_get(const void *p, size_t n, struct vault_dir_duty *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	wire_bytes(&w, ret->receiver, sizeof ret->receiver);
	ret->from = wire_i64(&w);
	ret->to = wire_i64(&w);
	ret->persons = wire_u8(&w);
	/* Far from where a minute does not fit into milliseconds. */
	if (ret->from < 0 || ret->to <= ret->from || ret->to > INT64_MAX / 1000000)
		return ERR_PROTO;
	return wire_end(&w);
}

void
vault_member_put(struct buf *b, const struct vault_member *m)
{
	vault_text_put(b, m->id, sizeof m->id);
	wire_put_u8(b, m->disabled);
	wire_put_bytes(b, m->op.b, sizeof m->op.b);
	wire_put_bytes(b, m->sec.b, sizeof m->sec.b);
	wire_put_bytes(b, m->aff.b, sizeof m->aff.b);
	wire_put_u16(b, m->roles);
	wire_put_u8(b, m->clearance);
	wire_put_u8(b, m->routes);
	wire_put_u8(b, m->always);
	vault_text_put(b, m->region, sizeof m->region);
	vault_text_put(b, m->class_, sizeof m->class_);
	vault_text_put(b, m->size, sizeof m->size);
	subscription_put(b, &m->wants);
}

int
vault_member_get(const void *p, size_t n, struct vault_member *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	ret->disabled = wire_u8(&w);
	wire_bytes(&w, ret->op.b, sizeof ret->op.b);
	wire_bytes(&w, ret->sec.b, sizeof ret->sec.b);
	wire_bytes(&w, ret->aff.b, sizeof ret->aff.b);
	ret->roles = wire_u16(&w);
	ret->clearance = wire_u8(&w);
	ret->routes = wire_u8(&w);
	ret->always = wire_bool(&w);
	vault_text_get(&w, ret->region, sizeof ret->region);
	vault_text_get(&w, ret->class_, sizeof ret->class_);
	vault_text_get(&w, ret->size, sizeof ret->size);
	subscription_get(&w, &ret->wants);
	if (ret->disabled > 1 || ret->clearance > TLP_RED)
		return ERR_PROTO;
	return wire_end(&w);
}

void
vault_term_put(struct buf *b, const struct vault_term *m)
{
	char pad[VAULT_TERM_MAX] = { 0 };
	size_t n = m->n <= VAULT_TERM_MAX ? m->n : VAULT_TERM_MAX;

	vault_text_put(b, m->id, sizeof m->id);
	wire_put_u8(b, m->kind);
	wire_put_u16(b, (uint16_t)n);
	wire_put_bytes(b, m->text, n);
	wire_put_bytes(b, pad, VAULT_TERM_MAX - n);
}

int
vault_term_get(const void *p, size_t n, struct vault_term *ret)
{
	struct wire w;
	size_t i;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	ret->kind = wire_u8(&w);
	ret->n = wire_u16(&w);
	wire_bytes(&w, ret->text, sizeof ret->text);
	if (ret->kind < TERM_NAME || ret->kind > TERM_PERSON || ret->n == 0 ||
	    ret->n > VAULT_TERM_MAX) {
		ret->n = 0;
		return ERR_PROTO;
	}
	for (i = ret->n; i < VAULT_TERM_MAX; i++)
		if (ret->text[i] != '\0')
			return ERR_PROTO;
	return wire_end(&w);
}

void
vault_state_put(struct buf *b, const struct vault_state *m)
{
	wire_put_u64(b, m->generation);
	wire_put_u32(b, m->members);
	wire_put_u32(b, m->disabled);
	wire_put_u32(b, m->certs);
	wire_put_u32(b, m->envelopes);
	wire_put_u32(b, m->fronts);
	wire_put_u32(b, m->keepers);
	wire_put_u64(b, m->wal_bytes);
	vault_text_put(b, m->reload_error, sizeof m->reload_error);
}

int
vault_state_get(const void *p, size_t n, struct vault_state *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	ret->generation = wire_u64(&w);
	ret->members = wire_u32(&w);
	ret->disabled = wire_u32(&w);
	ret->certs = wire_u32(&w);
	ret->envelopes = wire_u32(&w);
	ret->fronts = wire_u32(&w);
	ret->keepers = wire_u32(&w);
	ret->wal_bytes = wire_u64(&w);
	vault_text_get(&w, ret->reload_error, sizeof ret->reload_error);
	return wire_end(&w);
}
