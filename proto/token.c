/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/token.h"

#include <string.h>

#include <openssl/evp.h>

#include "lib/mem.h"

enum { AT_GROUP = 1, AT_EPOCH = 2, AT_NONCE = 6, AT_PREFIX = 38, AT_SIG = 70 };

static const char domain[13] = { 'C', 'E', 'P', 'T', 'O', 'A', 'R', ' ', 't', 'o', 'k',
	'e', 'n' };

static void
put_u32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

static int
sha256(const void *p, size_t n, unsigned char ret[32])
{
	return EVP_Digest(p, n, ret, NULL, EVP_sha256(), NULL) == 1 ? 0 : ERR_CRYPTO;
}

int
token_key_id(const unsigned char n[BLIND_RSA_LEN], unsigned char ret[KEY_ID_LEN])
{
	return sha256(n, BLIND_RSA_LEN, ret);
}

void
token_put(const struct token *t, unsigned char ret[TOKEN_LEN])
{
	ret[0] = TOKEN_VERSION;
	ret[AT_GROUP] = t->group;
	put_u32(ret + AT_EPOCH, t->epoch);
	memcpy(ret + AT_NONCE, t->nonce, TOKEN_NONCE);
	memcpy(ret + AT_PREFIX, t->prefix, BLIND_RSA_PREFIX);
	memcpy(ret + AT_SIG, t->sig, BLIND_RSA_LEN);
}

int
token_get(const unsigned char in[TOKEN_LEN], struct token *ret)
{
	if (in[0] != TOKEN_VERSION)
		return ERR_INVALID;
	ret->group = in[AT_GROUP];
	ret->epoch = (uint32_t)in[AT_EPOCH] << 24 | (uint32_t)in[AT_EPOCH + 1] << 16 |
		     (uint32_t)in[AT_EPOCH + 2] << 8 | in[AT_EPOCH + 3];
	memcpy(ret->nonce, in + AT_NONCE, TOKEN_NONCE);
	memcpy(ret->prefix, in + AT_PREFIX, BLIND_RSA_PREFIX);
	memcpy(ret->sig, in + AT_SIG, BLIND_RSA_LEN);
	return 0;
}

/* Cuts a word off the front, whatever its case. */
static int
take(struct slice *s, const char *word)
{
	struct slice head = { s->p, strlen(word) };

	if (s->n < head.n || !slice_eq_nocase(head, word))
		return 0;
	s->p += head.n;
	s->n -= head.n;
	return 1;
}

int
token_read(struct slice header, unsigned char ret[TOKEN_LEN])
{
	unsigned char raw[TOKEN_LEN];
	int rc = ERR_INVALID;

	if (!take(&header, "PrivateToken") || (header.n > 0 && header.p[0] != ' '))
		return ERR_NOTFOUND;
	while (take(&header, " "))
		continue;
	if (take(&header, "token=\"") && header.n == TOKEN_TEXT + 1 &&
	    header.p[TOKEN_TEXT] == '"') {
		header.n = TOKEN_TEXT;
		if (b64url_decode(header, raw, sizeof raw) == TOKEN_LEN) {
			memcpy(ret, raw, sizeof raw);
			rc = 0;
		}
	}
	mem_wipe(raw, sizeof raw);
	return rc;
}

void
token_write(const unsigned char in[TOKEN_LEN], struct buf *out)
{
	buf_adds(out, "PrivateToken token=\"");
	buf_add_b64url(out, in, TOKEN_LEN);
	buf_addc(out, '"');
}

void
token_prepared(const struct token *t, const unsigned char key_id[KEY_ID_LEN],
    unsigned char ret[TOKEN_PREPARED])
{
	unsigned char *p = ret;

	memcpy(p, t->prefix, BLIND_RSA_PREFIX);
	p += BLIND_RSA_PREFIX;
	memcpy(p, domain, sizeof domain);
	p += sizeof domain;
	*p++ = TOKEN_VERSION;
	*p++ = t->group;
	put_u32(p, t->epoch);
	p += 4;
	memcpy(p, key_id, KEY_ID_LEN);
	p += KEY_ID_LEN;
	memcpy(p, t->nonce, TOKEN_NONCE);
}

int
token_spent_id(const unsigned char prepared[TOKEN_PREPARED], unsigned char ret[32])
{
	return sha256(prepared, TOKEN_PREPARED, ret);
}
