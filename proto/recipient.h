/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_RECIPIENT_H
#define PROTO_RECIPIENT_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct x509_st;

/* What a certificate says to somebody who wants to encrypt an envelope to it. */
struct recipient {
	int p384;		/* the curve: P-384, else P-256 */
	int64_t begins, ends;	/* seconds since 1970 */
	unsigned char spki[32]; /* SHA-256 of its SubjectPublicKeyInfo */
};

/*
 * An envelope may be made for a key on P-256 or P-384 that may agree on keys; whether it
 * is time for it is the caller's affair.  NULL and *ret, or what was expected.
 */
const char *recipient_check(struct x509_st *cert, struct recipient *ret);
/* SHA-256 of any certificate's SubjectPublicKeyInfo.  0 or ERR_CRYPTO. */
int recipient_spki(struct x509_st *cert, unsigned char ret[32]) MUST_CHECK;

#endif
