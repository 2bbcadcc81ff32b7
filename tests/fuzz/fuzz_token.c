/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/token.h"

/* A token has one spelling: what is read, from bytes or a header, is written the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice header = { (const char *)data, n }, value;
	unsigned char raw[TOKEN_LEN], again[TOKEN_LEN];
	struct token t;
	struct buf b;
	int rc = token_read(header, raw);

	if (rc != 0 && rc != ERR_INVALID && rc != ERR_NOTFOUND)
		abort();
	if (rc == 0) {
		buf_init(&b, 1024);
		token_write(raw, &b);
		value = buf_slice(&b);
		if (buf_err(&b) != 0 || header.n < value.n ||
		    memcmp(header.p + header.n - TOKEN_TEXT - 1,
			value.p + value.n - TOKEN_TEXT - 1, TOKEN_TEXT + 1) != 0)
			abort();
		buf_done(&b);
	} else if (n >= TOKEN_LEN) {
		memcpy(raw, data, TOKEN_LEN);
	} else {
		return 0;
	}
	if (token_get(raw, &t) == 0) {
		token_put(&t, again);
		if (memcmp(raw, again, TOKEN_LEN) != 0)
			abort();
	} else if (raw[0] == TOKEN_VERSION) {
		abort();
	}
	return 0;
}
