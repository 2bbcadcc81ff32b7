/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_vault.h"

#include <string.h>

enum {
	TERM_ENTRY_MIN = 5,	/* kind and length */
	TERMS_HEAD = 1 + 2 + 2, /* status, pages, count */
};

void
vault_page_pad(struct buf *b)
{
	char *p;
	size_t n;

	if (b->err != 0)
		return;
	if (b->n > VAULT_PAGE) {
		b->err = ERR_LIMIT;
		return;
	}
	n = VAULT_PAGE - b->n;
	p = buf_extend(b, n);
	if (p != NULL)
		memset(p, 0, n);
}

/* Fixed-size text: bytes, then zeros up to `room`; the last one is always zero. */
static void
put_text(struct buf *b, const char *s, size_t room)
{
	size_t n = strnlen(s, room - 1);
	char pad[VAULT_TERM_MAX] = { 0 };

	wire_put_bytes(b, s, n);
	wire_put_bytes(b, pad, room - n);
}

/* The same text has one form only: no byte after the first zero, and a zero at the end.
 */
static void
get_text(struct wire *w, char *out, size_t room)
{
	size_t n, i;

	wire_bytes(w, out, room);
	n = strnlen(out, room);
	for (i = n; i < room; i++)
		if (out[i] != '\0')
			w->err = ERR_PROTO;
	if (n == room)
		w->err = ERR_PROTO;
	if (w->err != 0)
		memset(out, 0, room);
}

void
vault_hello_put(struct buf *b, const struct vault_hello *m)
{
	wire_put_u64(b, m->generation);
	wire_put_bytes(b, m->ticket_secret, sizeof m->ticket_secret);
	vault_page_pad(b);
}

int
vault_hello_get(const void *p, size_t n, struct vault_hello *ret)
{
	struct wire w;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->generation = wire_u64(&w);
	wire_bytes(&w, ret->ticket_secret, sizeof ret->ticket_secret);
	return w.err;
}

void
vault_admit_put(struct buf *b, const struct vault_admit *m)
{
	wire_put_u8(b, m->status);
	wire_put_u64(b, m->generation);
	rights_put(b, &m->rights);
	vault_page_pad(b);
}

int
vault_admit_get(const void *p, size_t n, struct vault_admit *ret)
{
	struct wire w;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	ret->generation = wire_u64(&w);
	rights_get(&w, &ret->rights);
	if (ret->status > VS_INTERNAL)
		return ERR_PROTO;
	return w.err;
}

void
vault_seal_put(struct buf *b, const struct vault_seal *m)
{
	wire_put_u8(b, m->status);
	wire_put_u8(b, m->auto_ok);
	vault_page_pad(b);
}

int
vault_seal_get(const void *p, size_t n, struct vault_seal *ret)
{
	struct wire w;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	ret->auto_ok = wire_u8(&w);
	if (ret->status > VS_INTERNAL || ret->auto_ok > 1)
		return ERR_PROTO;
	return w.err;
}

void
vault_terms_put(struct buf *b, const struct vault_terms *m)
{
	wire_put_u8(b, m->status);
	wire_put_u16(b, m->pages);
	wire_put_u16(b, m->count);
	wire_put_bytes(b, m->data.p, m->data.n);
	vault_page_pad(b);
}

int
vault_terms_get(const void *p, size_t n, struct vault_terms *ret)
{
	struct wire w;
	unsigned i;
	uint8_t kind;

	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	ret->pages = wire_u16(&w);
	ret->count = wire_u16(&w);
	ret->data.p = (const char *)p + TERMS_HEAD;
	ret->data.n = 0;
	if (ret->status > VS_INTERNAL)
		return ERR_PROTO;
	for (i = 0; i < ret->count && w.err == 0; i++) {
		kind = wire_u8(&w);
		(void)wire_str(&w, VAULT_TERM_MAX);
		if (kind < TERM_NAME || kind > TERM_PERSON)
			w.err = ERR_PROTO;
	}
	ret->data.n = w.err == 0 ? w.at - TERMS_HEAD : 0;
	return w.err;
}

void
vault_dir_row_put(struct buf *b, const struct vault_dir_row *m)
{
	rights_put(b, &m->rights);
	wire_put_u8(b, m->disabled);
	wire_put_u8(b, m->routes);
	put_text(b, m->region, sizeof m->region);
	put_text(b, m->class_, sizeof m->class_);
	put_text(b, m->size, sizeof m->size);
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
	get_text(&w, ret->region, sizeof ret->region);
	get_text(&w, ret->class_, sizeof ret->class_);
	get_text(&w, ret->size, sizeof ret->size);
	subscription_get(&w, &ret->wants);
	if (ret->disabled > 1)
		return ERR_PROTO;
	return wire_end(&w);
}

void
vault_member_put(struct buf *b, const struct vault_member *m)
{
	put_text(b, m->id, sizeof m->id);
	wire_put_u8(b, m->disabled);
	wire_put_bytes(b, m->op.b, sizeof m->op.b);
	wire_put_bytes(b, m->sec.b, sizeof m->sec.b);
	wire_put_bytes(b, m->aff.b, sizeof m->aff.b);
	wire_put_u16(b, m->roles);
	wire_put_u8(b, m->clearance);
	wire_put_u8(b, m->routes);
	put_text(b, m->region, sizeof m->region);
	put_text(b, m->class_, sizeof m->class_);
	put_text(b, m->size, sizeof m->size);
	subscription_put(b, &m->wants);
}

int
vault_member_get(const void *p, size_t n, struct vault_member *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	get_text(&w, ret->id, sizeof ret->id);
	ret->disabled = wire_u8(&w);
	wire_bytes(&w, ret->op.b, sizeof ret->op.b);
	wire_bytes(&w, ret->sec.b, sizeof ret->sec.b);
	wire_bytes(&w, ret->aff.b, sizeof ret->aff.b);
	ret->roles = wire_u16(&w);
	ret->clearance = wire_u8(&w);
	ret->routes = wire_u8(&w);
	get_text(&w, ret->region, sizeof ret->region);
	get_text(&w, ret->class_, sizeof ret->class_);
	get_text(&w, ret->size, sizeof ret->size);
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

	put_text(b, m->id, sizeof m->id);
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
	get_text(&w, ret->id, sizeof ret->id);
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
	put_text(b, m->reload_error, sizeof m->reload_error);
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
	get_text(&w, ret->reload_error, sizeof ret->reload_error);
	return wire_end(&w);
}
