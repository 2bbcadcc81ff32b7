/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_DER_H
#define VAULT_DER_H

#include <stddef.h>

/*
 * Writes DER from its end to its start: the length of what is inside is then known when
 * a header is written.  Sticky error; test `err` once.
 */
struct der {
	unsigned char *b;
	size_t room, at; /* written: b[at..room) */
	int err;
};

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BITS = 0x03,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,	 /* [n], primitive */
	DER_CONTEXT_CONS = 0xa0, /* [n], constructed */
};

void der_init(struct der *d, unsigned char *b, size_t room);
void der_bytes(struct der *d, const void *p, size_t n); /* NULL: zeros */
/* Where we are; as `end` of der_wrap, before the contents are written. */
size_t der_mark(const struct der *d);
void der_wrap(struct der *d, unsigned tag, size_t end);

#endif
