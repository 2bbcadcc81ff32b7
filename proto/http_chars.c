/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http_chars.h"

#include <stdint.h>
#include <utf8proc.h>

/* Shorthands of this table only. */
#define V HTTP_VALUE
#define S (HTTP_VALUE | HTTP_SPACE)
#define A (HTTP_TOKEN | V | HTTP_PATH | HTTP_QUERY | HTTP_HOST) /* unreserved */
#define B (HTTP_TOKEN | V | HTTP_PATH | HTTP_QUERY)		/* also in a token */
#define U (V | HTTP_PATH | HTTP_QUERY)
#define Q (V | HTTP_QUERY)
#define T (HTTP_TOKEN | V)

/* One row for sixteen bytes. */
/* clang-format off */
const unsigned char http_classes[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, S, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	S, B, V, T, B, B, B, B, U, U, B, B, U, A, A, U, /*  !"#$%&'()*+,-./ */
	A, A, A, A, A, A, A, A, A, A, U, U, V, U, V, Q, /* 0123456789:;<=>? */
	U, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* @ABCDEFGHIJKLMNO */
	A, A, A, A, A, A, A, A, A, A, A, Q, V, Q, T, A, /* PQRSTUVWXYZ[\]^_ */
	T, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, /* `abcdefghijklmno */
	A, A, A, A, A, A, A, A, A, A, A, V, T, V, A, 0, /* pqrstuvwxyz{|}~ */
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
	V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
};
/* clang-format on */

int
http_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
http_text_ok(struct slice s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p;
	utf8proc_int32_t c;
	utf8proc_ssize_t k;
	size_t at;

	for (at = 0; at < s.n; at += (size_t)k) {
		k = utf8proc_iterate(p + at, (utf8proc_ssize_t)(s.n - at), &c);
		if (k <= 0 || c < 0x20 || (c >= 0x7f && c < 0xa0))
			return 0;
	}
	return 1;
}
