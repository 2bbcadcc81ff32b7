/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "proto/jws.h"
#include "proto/key_statement.h"

/* Read as a payload: what is accepted is written in canonical bytes that are read as the
 * same statement.  Read as a JWS: nothing of anybody else is accepted. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
same_again(const struct key_statement *s)
{
	struct key_statement *again = NULL;
	struct fault why;
	struct buf b;

	buf_init(&b, STATEMENT_MAX);
	if (key_statement_write(s, &b) != 0 ||
	    key_statement_read(buf_slice(&b), &again, &why) != 0 ||
	    memcmp(s, again, sizeof *s) != 0)
		abort();
	key_statement_free(again);
	buf_done(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static EVP_PKEY *key;
	struct slice text = { (const char *)data, n };
	struct key_statement *s = NULL;
	struct fault why;
	int rc;

	if (key == NULL)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (key == NULL)
		abort();
	rc = key_statement_read(text, &s, &why);
	if (rc == 0) {
		same_again(s);
		key_statement_free(s);
	} else if (rc != ERR_INVALID) {
		abort();
	}
	if (key_statement_open(key, text, &s, &why) == 0 ||
	    jws_verify(key, "ceptoar-keys", text, text) == 0)
		abort();
	return 0;
}
