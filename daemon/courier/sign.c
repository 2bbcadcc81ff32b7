/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/sign.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lib/mem.h"

enum { SUM = 32, BASE64 = (SUM + 2) / 3 * 4 };

void
sign_id(const struct courier_key *key, struct buf *out)
{
	unsigned char in[ID_LEN + 2 + RECEIVER_LEN + 2], sum[SUM];
	size_t n = 0;

	memcpy(in, key->bulletin, ID_LEN);
	n += ID_LEN;
	in[n++] = (unsigned char)(key->revision >> 8);
	in[n++] = (unsigned char)key->revision;
	memcpy(in + n, key->receiver, RECEIVER_LEN);
	n += RECEIVER_LEN;
	in[n++] = key->route;
	in[n++] = key->contact;
	/* A digest of fixed bytes cannot fail but for memory; then the id is of zeros and
	 * the receiver sees two bulletins under one id: better than none. */
	memset(sum, 0, sizeof sum);
	if (EVP_Digest(in, n, sum, NULL, EVP_sha256(), NULL) != 1)
		memcpy(sum, key->bulletin, ID_LEN);
	buf_adds(out, "msg_");
	buf_add_b64url(out, sum, 18);
}

int
sign_add(const unsigned char *secret, size_t secret_len, struct slice id,
    int64_t timestamp, struct slice body, struct buf *out)
{
	unsigned char sum[SUM], text[BASE64 + 1];
	struct buf all;
	unsigned n = 0;
	int rc;

	buf_init(&all, body.n + id.n + 64);
	buf_add(&all, id.p, id.n);
	buf_addf(&all, ".%lld.", (long long)timestamp);
	buf_add(&all, body.p, body.n);
	rc = buf_err(&all);
	if (rc == 0 && (HMAC(EVP_sha256(), secret, (int)secret_len,
			    (const unsigned char *)all.p, all.n, sum, &n) == NULL ||
			   n != SUM || EVP_EncodeBlock(text, sum, SUM) != BASE64))
		rc = ERR_CRYPTO;
	if (rc == 0) {
		buf_adds(out, "v1,");
		buf_add(out, text, BASE64);
		rc = buf_err(out);
	}
	buf_done(&all);
	return rc;
}

int
sign_mark(const unsigned char secret[SIGN_SECRET], const char *value,
    uint8_t ret[COURIER_MARK_LEN])
{
	static const char domain[] = "ceptoar gone ";
	unsigned char sum[SUM];
	struct buf b;
	unsigned n = 0;
	int rc;

	buf_init(&b, 1024);
	buf_adds(&b, domain);
	buf_adds(&b, value);
	rc = buf_err(&b);
	if (rc == 0 && (HMAC(EVP_sha256(), secret, SIGN_SECRET,
			    (const unsigned char *)b.p, b.n, sum, &n) == NULL ||
			   n != SUM))
		rc = ERR_CRYPTO;
	if (rc == 0)
		memcpy(ret, sum, COURIER_MARK_LEN);
	buf_wipe(&b);
	return rc;
}
