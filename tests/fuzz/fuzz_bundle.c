/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "proto/bulletin_sign.h"
#include "proto/bundle.h"

/* A file from elsewhere: unsigned it is never opened, whatever is in it.  Read as a
 * header, a row of bulletins or of acknowledgements: what is accepted is written and read
 * as the same again.  Read as a bulletin: taken apart and put together it is the same
 * bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct jwks *
own_keys(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	unsigned char point[JWK_POINT];
	struct jwks *set = NULL;
	struct fault why;
	struct buf b;

	buf_init(&b, JWKS_MAX);
	buf_adds(&b, "{\"keys\":[");
	if (key == NULL || jwk_point(key, point) != 0 || jwk_write(point, &b) != 0)
		abort();
	buf_adds(&b, "]}");
	if (jwks_read(buf_slice(&b), &set, &why) != 0)
		abort();
	buf_done(&b);
	EVP_PKEY_free(key);
	return set;
}

static void
rows(struct slice text)
{
	struct bundle_bulletin b;
	struct bundle_head h, again_h;
	struct bundle_ack a, again;
	struct fault why;
	struct buf out;

	buf_init(&out, BUNDLE_MAX);
	if (bundle_head_read(text, &h, &why) == 0 &&
	    (bundle_head_write(&h, &out) != 0 ||
		bundle_head_read(buf_slice(&out), &again_h, &why) != 0 ||
		strcmp(h.hub, again_h.hub) != 0 || h.rows != again_h.rows))
		abort();
	buf_reset(&out);
	if (bundle_ack_read(text, &a, &why) == 0 &&
	    (bundle_ack_write(&a, &out) != 0 ||
		bundle_ack_read((struct slice){ out.p, out.n - 1 }, &again, &why) != 0 ||
		a.received != again.received || a.revision != again.revision))
		abort();
	if (bundle_bulletin_read(text, &b, &why) == 0) {
		if (b.revision == 0 || b.severity > 4 || b.tlp > TLP_AMBER)
			abort();
		bundle_bulletin_done(&b);
	}
	buf_done(&out);
}

static void
apart(struct slice text)
{
	struct buf payload, again;
	struct slice jws;

	buf_init(&payload, BUNDLE_MAX);
	buf_init(&again, BUNDLE_MAX);
	if (bulletin_sign_take(text, &payload, &jws) == 0 &&
	    memchr(jws.p, '\\', jws.n) == NULL &&
	    bulletin_sign_insert(buf_slice(&payload), jws, &again) == 0 &&
	    again.n != text.n)
		abort();
	buf_done(&payload);
	buf_done(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct jwks *keys;
	struct slice text = { (const char *)data, n };
	char kid[JWK_KID + 1];
	struct fault why;
	struct bundle b;

	if (keys == NULL)
		keys = own_keys();
	if (bundle_open(text, keys, &b, &why) == 0 ||
	    bulletin_verify(keys, text, kid) == 0)
		abort();
	rows(text);
	apart(text);
	return 0;
}
