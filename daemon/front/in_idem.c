/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "daemon/front/conn.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "lib/mem.h"

/*
 * What is remembered of an Idempotency-Key: neither the key nor a bare hash of the body,
 * which could be guessed.  The key itself must hold 128 random bits: 22 characters of
 * base64url or 32 of hexadecimal, so that nobody meets another's by chance.
 */
enum { KEY_MIN = 22, HEX_MIN = 32, KEY_MAX = 255, DISTINCT_MIN = 8 };

static int
key_is_good(struct slice key)
{
	unsigned char seen[256] = { 0 };
	unsigned distinct = 0;
	int hex = 1;
	size_t i;

	if (key.n < KEY_MIN || key.n > KEY_MAX)
		return 0;
	for (i = 0; i < key.n; i++) {
		unsigned char c = (unsigned char)key.p[i];

		if (c < 0x21 || c > 0x7e)
			return 0;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
			(c >= 'A' && c <= 'F') || c == '-'))
			hex = 0;
		distinct += seen[c] == 0;
		seen[c] = 1;
	}
	/* Randomness cannot be seen, but its absence often can. */
	return distinct >= DISTINCT_MIN && (!hex || key.n >= HEX_MIN);
}

/* Each part with its length in front: no byte can change sides. */
static int
hash_parts(const struct slice *parts, size_t count, uint8_t out[32])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char n[4];
	size_t i;
	int ok = md != NULL && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;

	for (i = 0; ok && i < count; i++) {
		n[0] = (unsigned char)(parts[i].n >> 24);
		n[1] = (unsigned char)(parts[i].n >> 16);
		n[2] = (unsigned char)(parts[i].n >> 8);
		n[3] = (unsigned char)parts[i].n;
		ok = EVP_DigestUpdate(md, n, sizeof n) == 1 &&
		     (parts[i].n == 0 ||
			 EVP_DigestUpdate(md, parts[i].p, parts[i].n) == 1);
	}
	ok = ok && EVP_DigestFinal_ex(md, out, NULL) == 1;
	EVP_MD_CTX_free(md);
	return ok ? 0 : ERR_CRYPTO;
}

int
in_idem_of(struct conn *c, const uint8_t *commitment, uint8_t key[32], uint8_t mac[32])
{
	struct request *r = c->req;
	struct slice given = http_header(&r->http, "idempotency-key"), parts[3];
	unsigned n = 32;

	if (given.p == NULL)
		return 0;
	if (!key_is_good(given))
		return ERR_INVALID;
	/* One key used on both listeners is two keys: they must not be joined by it. */
	parts[0] = slice_of(c->on == ON_BLIND ? "blind" : "members");
	parts[1] = given;
	parts[2] =
	    (struct slice){ (const char *)commitment, commitment != NULL ? 32 : 0 };
	if (hash_parts(parts, 3, key) != 0 ||
	    HMAC(EVP_sha256(), given.p, (int)given.n, (const unsigned char *)r->body.p,
		r->body.n, mac, &n) == NULL)
		return ERR_CRYPTO;
	/* Nor by the body: the same bytes there and here have nothing in common. */
	parts[0] = (struct slice){ (const char *)key, 32 };
	parts[1] = (struct slice){ (const char *)mac, 32 };
	return hash_parts(parts, 2, mac) == 0 ? 1 : ERR_CRYPTO;
}
