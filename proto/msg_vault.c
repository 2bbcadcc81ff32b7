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

void
vault_text_put(struct buf *b, const char *s, size_t room)
{
	size_t n = strnlen(s, room - 1);
	char pad[VAULT_TERM_MAX] = { 0 };

	wire_put_bytes(b, s, n);
	wire_put_bytes(b, pad, room - n);
}

/* The same text has one form only: no byte after the first zero, and a zero at the end.
 */
void
vault_text_get(struct wire *w, char *out, size_t room)
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
	if (ret->status > VS_LAST)
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
	if (ret->status > VS_LAST)
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
