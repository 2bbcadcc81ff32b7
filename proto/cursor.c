/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/cursor.h"

#include <string.h>

#include <openssl/evp.h>

#include "lib/mem.h"

/*
 * One block, so ECB is no mode of operation here: the cipher is used as what it is, a
 * permutation of 128-bit values.  The magic tells our cursors from garbage (one chance in
 * 2^32); nothing is granted for a good one, since rights are computed for every row.
 */
enum { BLOCK = 16, MAGIC = 0x43505452 };

struct cursor_box {
	EVP_CIPHER_CTX *enc,
	    *dec; /* made once: a fetch and a key schedule per call cost 1 us */
	uint32_t epoch;
};

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
put_be(unsigned char *p, uint64_t v, size_t n)
{
	while (n-- > 0) {
		p[n] = (unsigned char)v;
		v >>= 8;
	}
}

static uint64_t
get_be(const unsigned char *p, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

struct cursor_box *
cursor_box_new(const unsigned char key[16], uint32_t epoch)
{
	struct cursor_box *c = mem_zalloc(sizeof *c);

	if (c == NULL)
		return NULL;
	c->epoch = epoch;
	c->enc = EVP_CIPHER_CTX_new();
	c->dec = EVP_CIPHER_CTX_new();
	if (c->enc == NULL || c->dec == NULL ||
	    EVP_EncryptInit_ex(c->enc, EVP_aes_128_ecb(), NULL, key, NULL) != 1 ||
	    EVP_DecryptInit_ex(c->dec, EVP_aes_128_ecb(), NULL, key, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(c->enc, 0) != 1 ||
	    EVP_CIPHER_CTX_set_padding(c->dec, 0) != 1) {
		cursor_box_free(c);
		return NULL;
	}
	return c;
}

void
cursor_box_free(struct cursor_box *c)
{
	if (c == NULL)
		return;
	EVP_CIPHER_CTX_free(c->enc); /* wipes the key schedule */
	EVP_CIPHER_CTX_free(c->dec);
	mem_free(c);
}

static void
text_of(const unsigned char b[BLOCK], char out[CURSOR_TEXT + 1])
{
	uint32_t v;
	size_t i, w = 0;

	for (i = 0; i + 2 < BLOCK; i += 3) {
		v = (uint32_t)b[i] << 16 | (uint32_t)b[i + 1] << 8 | b[i + 2];
		out[w++] = digits[v >> 18];
		out[w++] = digits[v >> 12 & 63];
		out[w++] = digits[v >> 6 & 63];
		out[w++] = digits[v & 63];
	}
	v = (uint32_t)b[i] << 16;
	out[w++] = digits[v >> 18];
	out[w++] = digits[v >> 12 & 63];
	out[w] = '\0';
}

int
cursor_write(struct cursor_box *c, uint64_t seq, char out[CURSOR_TEXT + 1])
{
	unsigned char plain[BLOCK], sealed[BLOCK];
	int n = 0;

	put_be(plain, MAGIC, 4);
	put_be(plain + 4, c->epoch, 4);
	put_be(plain + 8, seq, 8);
	if (EVP_EncryptUpdate(c->enc, sealed, &n, plain, BLOCK) != 1 || n != BLOCK)
		return ERR_CRYPTO;
	text_of(sealed, out);
	return 0;
}

int
cursor_read(struct cursor_box *c, struct slice text, uint64_t *ret_seq)
{
	unsigned char plain[BLOCK], sealed[BLOCK];
	int n = 0;

	if (text.n != CURSOR_TEXT || b64url_decode(text, sealed, sizeof sealed) != BLOCK)
		return ERR_INVALID;
	if (EVP_DecryptUpdate(c->dec, plain, &n, sealed, BLOCK) != 1 || n != BLOCK)
		return ERR_CRYPTO;
	if (get_be(plain, 4) != MAGIC)
		return ERR_INVALID;
	if (get_be(plain + 4, 4) != c->epoch)
		return ERR_VERSION;
	*ret_seq = get_be(plain + 8, 8);
	return 0;
}
