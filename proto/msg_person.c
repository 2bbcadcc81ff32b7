/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_person.h"

#include <string.h>

enum { LINES_AT = 1 }; /* status; then their number and the lines */

static void
name_put(struct buf *b, const char *s)
{
	char room[NAME_MAX_BYTES] = { 0 };
	size_t n = strnlen(s, sizeof room);

	memcpy(room, s, n);
	wire_put_u16(b, (uint16_t)n);
	wire_put_bytes(b, room, sizeof room);
}

static void
name_get(struct wire *w, char out[NAME_MAX_BYTES + 1])
{
	size_t n = wire_u16(w), i;

	wire_bytes(w, out, NAME_MAX_BYTES);
	out[NAME_MAX_BYTES] = '\0';
	for (i = strlen(out); i < NAME_MAX_BYTES; i++)
		if (out[i] != '\0')
			w->err = ERR_PROTO; /* one form only */
	if (n != strlen(out))
		w->err = ERR_PROTO;
	if (w->err != 0)
		out[0] = '\0';
}

static void
str_get(struct wire *w, char out[NAME_MAX_BYTES + 1])
{
	struct slice s = wire_str(w, NAME_MAX_BYTES);

	if (w->err == 0 && memchr(s.p, '\0', s.n) != NULL)
		w->err = ERR_PROTO;
	if (w->err == 0)
		memcpy(out, s.p, s.n);
}

static int
is_sound(uint8_t duties, uint8_t langs)
{
	return duties != 0 && duties <= DUTIES_PERSON && langs != 0 &&
	       langs <= (LANG_JA | LANG_EN);
}

void
vault_person_put(struct buf *b, const struct vault_person *m)
{
	vault_text_put(b, m->id, sizeof m->id);
	vault_text_put(b, m->person, sizeof m->person);
	wire_put_u8(b, m->duties);
	wire_put_u8(b, m->langs);
}

int
vault_person_get(const void *p, size_t n, struct vault_person *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	vault_text_get(&w, ret->person, sizeof ret->person);
	ret->duties = wire_u8(&w);
	ret->langs = wire_u8(&w);
	if (!is_sound(ret->duties, ret->langs))
		return ERR_PROTO;
	return wire_end(&w);
}

void
vault_names_put(struct buf *b, const struct vault_names *m)
{
	vault_text_put(b, m->id, sizeof m->id);
	vault_text_put(b, m->person, sizeof m->person);
	name_put(b, m->ja);
	name_put(b, m->en);
}

int
vault_names_get(const void *p, size_t n, struct vault_names *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	vault_text_get(&w, ret->person, sizeof ret->person);
	name_get(&w, ret->ja);
	name_get(&w, ret->en);
	return wire_end(&w);
}

void
vault_persons_put(struct buf *b, const struct vault_persons *m)
{
	const struct vault_someone *s;
	unsigned i;

	wire_put_u8(b, m->count);
	for (i = 0; i < m->count && i < SOMEONE_PAGE; i++) {
		s = &m->v[i];
		vault_text_put(b, s->person, sizeof s->person);
		wire_put_u8(b, s->duties);
		wire_put_u8(b, s->langs);
		wire_put_u8(b, s->gone);
		wire_put_str(b, slice_of(s->ja));
		wire_put_str(b, slice_of(s->en));
	}
}

int
vault_persons_get(const void *p, size_t n, struct vault_persons *ret)
{
	struct vault_someone *s;
	struct wire w;
	unsigned i;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	ret->count = wire_u8(&w);
	if (ret->count > SOMEONE_PAGE)
		return ERR_PROTO;
	for (i = 0; i < ret->count && w.err == 0; i++) {
		s = &ret->v[i];
		vault_text_get(&w, s->person, sizeof s->person);
		s->duties = wire_u8(&w);
		s->langs = wire_u8(&w);
		s->gone = wire_u8(&w);
		str_get(&w, s->ja);
		str_get(&w, s->en);
		if (!is_sound(s->duties, s->langs) || s->gone > 1)
			w.err = ERR_PROTO;
	}
	return wire_end(&w);
}

void
vault_called_put(struct buf *b, const struct vault_called *m)
{
	wire_put_u8(b, m->status);
	wire_put_str(b, slice_of(m->id));
	wire_put_str(b, slice_of(m->ja));
	wire_put_str(b, slice_of(m->en));
	wire_put_bytes(b, m->receiver, sizeof m->receiver);
	vault_page_pad(b);
}

int
vault_called_get(const void *p, size_t n, struct vault_called *ret)
{
	struct slice id;
	struct wire w;

	memset(ret, 0, sizeof *ret);
	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	id = wire_str(&w, VAULT_ID_MAX - 1);
	if (ret->status > VS_LAST || w.err != 0)
		return ERR_PROTO;
	memcpy(ret->id, id.p, id.n);
	str_get(&w, ret->ja);
	str_get(&w, ret->en);
	wire_bytes(&w, ret->receiver, sizeof ret->receiver);
	return w.err;
}

void
vault_readers_put(struct buf *b, const struct vault_readers *m)
{
	wire_put_bytes(b, m->spki, sizeof m->spki);
	wire_put_u8(b, m->count);
	wire_put_bytes(b, m->ids, sizeof m->ids);
}

int
vault_readers_get(const void *p, size_t n, struct vault_readers *ret)
{
	struct wire w;

	wire_init(&w, p, n);
	wire_bytes(&w, ret->spki, sizeof ret->spki);
	ret->count = wire_u8(&w);
	wire_bytes(&w, ret->ids, sizeof ret->ids);
	if (ret->count == 0 || ret->count > NAMES_LIST_MOST)
		return ERR_PROTO;
	return wire_end(&w);
}

void
vault_lines_begin(struct buf *b)
{
	buf_reset(b);
	wire_put_u8(b, VS_OK);
	wire_put_u8(b, 0);
}

int
vault_lines_add(struct buf *b, const struct vault_called *m)
{
	size_t before = b->n;

	wire_put_u8(b, m->status);
	wire_put_str(b, slice_of(m->id));
	wire_put_str(b, slice_of(m->ja));
	wire_put_str(b, slice_of(m->en));
	if (buf_err(b) != 0)
		return buf_err(b);
	if (b->n > VAULT_PAGE) {
		b->n = before;
		return ERR_LIMIT;
	}
	b->p[LINES_AT]++;
	return 0;
}

int
vault_lines_open(struct wire *w, const void *p, size_t n, unsigned *ret_count)
{
	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(w, p, n);
	if (wire_u8(w) != VS_OK)
		return ERR_PROTO;
	*ret_count = wire_u8(w);
	if (*ret_count == 0 || *ret_count > NAMES_LIST_MOST)
		return ERR_PROTO;
	return w->err;
}

int
vault_lines_next(struct wire *w, struct vault_called *ret)
{
	struct slice id;

	memset(ret, 0, sizeof *ret);
	ret->status = wire_u8(w);
	id = wire_str(w, VAULT_ID_MAX - 1);
	if (w->err != 0 || (ret->status != VS_OK && ret->status != VS_UNKNOWN))
		return ERR_PROTO;
	memcpy(ret->id, id.p, id.n);
	str_get(w, ret->ja);
	str_get(w, ret->en);
	return w->err;
}
