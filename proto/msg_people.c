/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_people.h"

#include <string.h>

#include <openssl/evp.h>

enum {
	ROUTES_ROOM = VAULT_PAGE - 3, /* behind status, pages, count */
	ROUTE_FIXED = 1 + 1 + 2 + 4 + 2 * CONTACT_SECRET + 8 + 1 + RECEIVER_LEN + 4,
};

static const struct {
	const char *word;
	uint8_t route;
} kinds[] = {
	[CONTACT_MAIL] = { "mail", ROUTE_MAIL },
	[CONTACT_WEBHOOK] = { "webhook", ROUTE_WEBHOOK },
	[CONTACT_SMS] = { "sms", ROUTE_SMS },
	[CONTACT_VOICE] = { "voice", ROUTE_VOICE },
	[CONTACT_TELEPHONE] = { "telephone", ROUTE_TELEPHONE },
};

uint8_t
contact_route(unsigned kind)
{
	return kind <= CONTACT_LAST ? kinds[kind].route : 0;
}

const char *
contact_word(unsigned kind)
{
	return kind <= CONTACT_LAST ? kinds[kind].word : NULL;
}

int
contact_is_https(const char *value)
{
	return strncmp(value, "https://", 8) == 0 && value[8] != '\0';
}

static int
is_one_pin(const char *s)
{
	unsigned char sum[33], again[45];

	/* Decoded and encoded again: there is one form, with one "=" at its end. */
	return strncmp(s, "sha256//", 8) == 0 && strnlen(s + 8, 44) == 44 &&
	       EVP_DecodeBlock(sum, (const unsigned char *)s + 8, 44) == sizeof sum &&
	       EVP_EncodeBlock(again, sum, 32) == 44 && memcmp(again, s + 8, 44) == 0;
}

int
contact_pin_ok(const char *pin)
{
	unsigned n;

	for (n = 0; n < CONTACT_PINS && is_one_pin(pin); n++) {
		pin += CONTACT_PIN_ONE;
		if (*pin == '\0')
			return 1;
		if (*pin++ != ';')
			return 0;
	}
	return 0;
}

/* Is there none, or a good one where it belongs? */
static int
pin_fits(unsigned kind, const char *pin)
{
	return pin[0] == '\0' || (kind == CONTACT_WEBHOOK && contact_pin_ok(pin));
}

static int
is_lang(const char *s)
{
	return memcmp(s, "ja", 2) == 0 || memcmp(s, "en", 2) == 0;
}

void
vault_contact_put(struct buf *b, const struct vault_contact *m)
{
	char value[CONTACT_VALUE_MAX] = { 0 };
	size_t n = strnlen(m->value, sizeof value);

	memcpy(value, m->value, n);
	vault_text_put(b, m->id, sizeof m->id);
	vault_text_put(b, m->person, sizeof m->person);
	wire_put_u8(b, m->kind);
	wire_put_bytes(b, m->lang, 2);
	wire_put_u8(b, m->has_secret);
	wire_put_bytes(b, m->secret, sizeof m->secret);
	wire_put_u16(b, (uint16_t)n);
	wire_put_bytes(b, value, sizeof value);
	vault_text_put(b, m->pin, sizeof m->pin);
}

int
vault_contact_get(const void *p, size_t n, struct vault_contact *ret)
{
	static const unsigned char none[CONTACT_SECRET];
	struct wire w;
	size_t len, i;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	vault_text_get(&w, ret->person, sizeof ret->person);
	ret->kind = wire_u8(&w);
	wire_bytes(&w, ret->lang, 2);
	ret->has_secret = wire_u8(&w);
	wire_bytes(&w, ret->secret, sizeof ret->secret);
	len = wire_u16(&w);
	wire_bytes(&w, ret->value, CONTACT_VALUE_MAX);
	vault_text_get(&w, ret->pin, sizeof ret->pin);
	if (wire_end(&w) != 0 || contact_route(ret->kind) == 0 || !is_lang(ret->lang) ||
	    ret->has_secret > (ret->kind == CONTACT_WEBHOOK) ||
	    (!ret->has_secret && memcmp(ret->secret, none, sizeof none) != 0) ||
	    len == 0 || len != strlen(ret->value) || !pin_fits(ret->kind, ret->pin) ||
	    (ret->kind == CONTACT_WEBHOOK && !contact_is_https(ret->value)))
		return ERR_PROTO;
	for (i = len; i < CONTACT_VALUE_MAX; i++)
		if (ret->value[i] != '\0')
			return ERR_PROTO; /* one form only */
	return 0;
}

void
vault_rotate_put(struct buf *b, const struct vault_rotate *m)
{
	vault_text_put(b, m->id, sizeof m->id);
	vault_text_put(b, m->person, sizeof m->person);
	wire_put_u8(b, m->n);
	wire_put_u32(b, m->overlap);
}

int
vault_rotate_get(const void *p, size_t n, struct vault_rotate *ret)
{
	struct wire w;

	memset(ret, 0, sizeof *ret);
	wire_init(&w, p, n);
	vault_text_get(&w, ret->id, sizeof ret->id);
	vault_text_get(&w, ret->person, sizeof ret->person);
	ret->n = wire_u8(&w);
	ret->overlap = wire_u32(&w);
	if (ret->n == 0 || ret->n > CONTACTS_MAX || ret->overlap > CONTACT_OVERLAP_MAX_S)
		return ERR_PROTO;
	return wire_end(&w);
}

static void
route_put(struct buf *b, const struct vault_route *m)
{
	wire_put_u8(b, m->n);
	wire_put_u8(b, m->kind);
	wire_put_bytes(b, m->lang, 2);
	wire_put_str(b, slice_of(m->value));
	wire_put_bytes(b, m->secret, sizeof m->secret);
	wire_put_bytes(b, m->old_secret, sizeof m->old_secret);
	wire_put_i64(b, m->old_until);
	wire_put_u8(b, m->now);
	wire_put_bytes(b, m->person, sizeof m->person);
	wire_put_str(b, slice_of(m->pin));
}

static void
route_get(struct wire *w, struct vault_route *ret)
{
	struct slice value, pin;

	ret->n = wire_u8(w);
	ret->kind = wire_u8(w);
	wire_bytes(w, ret->lang, 2);
	value = wire_str(w, CONTACT_VALUE_MAX);
	if (w->err == 0 && (contact_route(ret->kind) == 0 || !is_lang(ret->lang) ||
			       value.n == 0 || memchr(value.p, '\0', value.n) != NULL))
		w->err = ERR_PROTO;
	if (w->err == 0)
		memcpy(ret->value, value.p, value.n);
	wire_bytes(w, ret->secret, sizeof ret->secret);
	wire_bytes(w, ret->old_secret, sizeof ret->old_secret);
	ret->old_until = wire_i64(w);
	ret->now = wire_bool(w);
	wire_bytes(w, ret->person, sizeof ret->person);
	pin = wire_str(w, CONTACT_PIN_MAX);
	if (w->err == 0 && pin.n > 0)
		memcpy(ret->pin, pin.p, pin.n);
	if (w->err == 0 && (strlen(ret->pin) != pin.n || !pin_fits(ret->kind, ret->pin)))
		w->err = ERR_PROTO;
}

void
vault_routes_put(struct buf *b, const struct vault_routes *m)
{
	unsigned i;

	wire_put_u8(b, m->status);
	wire_put_u8(b, m->pages);
	wire_put_u8(b, m->count);
	for (i = 0; i < m->count && i < CONTACTS_MAX; i++)
		route_put(b, &m->v[i]);
	vault_page_pad(b);
}

int
vault_routes_get(const void *p, size_t n, struct vault_routes *ret)
{
	struct wire w;
	unsigned i;

	memset(ret, 0, sizeof *ret);
	if (n != VAULT_PAGE)
		return ERR_PROTO;
	wire_init(&w, p, n);
	ret->status = wire_u8(&w);
	ret->pages = wire_u8(&w);
	ret->count = wire_u8(&w);
	if (ret->status > VS_LAST || ret->pages == 0 || ret->count > CONTACTS_MAX)
		return ERR_PROTO;
	for (i = 0; i < ret->count && w.err == 0; i++)
		route_get(&w, &ret->v[i]);
	return w.err;
}

enum vault_status
vault_routes_page(const struct vault_route *all, unsigned count, unsigned page,
    struct vault_routes *ret)
{
	size_t room = ROUTES_ROOM, len;
	unsigned i, on_page = 0;

	memset(ret, 0, sizeof *ret);
	ret->pages = 1;
	for (i = 0; i < count; i++) {
		len = ROUTE_FIXED + strlen(all[i].value) + strlen(all[i].pin);
		if (len > room || on_page == CONTACTS_MAX) {
			ret->pages++;
			room = ROUTES_ROOM;
			on_page = 0;
		}
		room -= len;
		on_page++;
		if (ret->pages == page + 1)
			ret->v[ret->count++] = all[i];
	}
	ret->status = page < ret->pages ? VS_OK : VS_INVALID;
	return ret->status;
}
